"""Programs that call SciPy's functions as users do; each takes a line of three numbers."""

import numpy as np
import scipy.linalg as la
import scipy.optimize
import scipy.signal
import scipy.special as sp
import scipy.stats
from scipy.optimize import brentq, fsolve
from scipy.special import airy, ellipj, lambertw, logsumexp, sph_harm_y, spherical_jn


def several_results(x):
    ai, aip, bi, bip = airy(x)
    sn, cn, dn, ph = ellipj(x, 0.3 * x)
    return np.sum(ai * bi + aip * bip) + np.sum(sn * cn + dn * ph)


def orders(x):
    line = sp.eval_chebyt(3, x) + spherical_jn(2, x) + spherical_jn(2, x, derivative=True) + sp.kvp(1, x)
    return np.sum(line) + np.sum(sp.multigammaln(x + 3.0, 2))


def complex_results(x):
    return np.sum(np.abs(sph_harm_y(3, 1, x, 2 * x) + lambertw(x) + sp.hankel1(1, x)) ** 2) + sp.legendre_p(3, x[0])[0]


def sums(x):
    y, sign = logsumexp(x, b=np.array([1.0, -2.0, 0.5]), return_sign=True)
    return y * sign + logsumexp(np.outer(x, x), b=x, axis=0)[1]


def factors(x):
    lu, piv = la.lu_factor(np.outer(x, x) + np.eye(3))
    q, r = la.qr(np.outer(x, x) + np.eye(3))
    u, p = la.polar(np.outer(x, x) + np.diag(x))
    return np.sum(la.lu_solve((lu, piv), x)) + np.sum(r**3) + np.sum(u * p)


def eigenvectors(x):
    w, v = la.eigh(np.outer(x, x) + np.diag(x))
    return np.sum(v * v @ np.array([1.0, 2.0, 4.0]) * x) + np.sum(w**3)


def structured(x):
    band = np.stack((x, x + 4.0, x))
    return np.sum(la.solve_toeplitz((x + 3.0, x), x)) + np.sum(la.solve_banded((1, 1), band, x) ** 2)


def shares(x):
    p = sp.softmax(x)
    return scipy.stats.dirichlet.logpdf(p, 1.0 + x) + scipy.stats.multivariate_normal.logpdf(
        x, np.zeros(3), np.eye(3) + np.outer(x, x)
    )


# roots ---------------------------------------------------------------------------------------------------------------
def kepler(anomaly, mean, e):
    return anomaly - e * np.sin(anomaly) - mean


def cosine(x, p):
    return np.cos(p * x)


def cubic(x, v):
    return x**3 + np.sum(v) * x - v[0] - 1.0


def powers(x, a):
    t = 0.0
    for k in range(3):
        t = t + a * x ** (k + 1)
    return t - 1.0


def roots(x):
    r = brentq(kepler, 0.0, 3.0, args=(x[0], x[1]), xtol=1e-14) ** 2 * x[2]
    r = r + scipy.optimize.fixed_point(cosine, 0.5, args=(x[0],), xtol=1e-14)
    r = r + scipy.optimize.bisect(cubic, -1.0, 2.0, (x,), xtol=1e-14)
    return r + scipy.optimize.ridder(lambda y, p: y * np.exp(y) - p, 0.0, 2.0, args=(x[0] * x[1],), xtol=1e-14)


def roots_in_a_loop(x):
    t = 0.0
    for k in range(3):
        t = t + scipy.optimize.newton(powers, 0.3, args=(x[k] + t,), tol=1e-14)
    return t


def open_root(x):
    c = x[0]
    return brentq(lambda y: y * y - c, 0.0, 2.0)


def long_root(x):
    def residual(y):
        z = y * y
        return z - x[0]

    return brentq(residual, 0.0, 2.0)


def with_slope(y, p):
    return y * y - p, 2.0 * y


def root_with_slopes(x):
    return scipy.optimize.root_scalar(with_slope, args=(x[0],), x0=1.0, fprime=True).root


def table_of_roots(x):
    return np.sum(scipy.optimize.fsolve(lambda y: y - x, np.ones((1, 3))))


def pair(v, p, q):
    a, b = v
    return [a * a * q + b - p, np.exp(a) - b * p]


def coupled(v, p):
    return v**3 + np.sum(v) * p - np.arange(1.0, len(v) + 1) * p[0]


def slope_of_cubed(y, p, q):
    return 3.0 * y**2 + q


def cubed(y, p, q):
    return y**3 + q * y - p


def relaxed(v, w):
    return np.tanh(0.3 * np.roll(v, 1) + w)


def systems(x):
    a, b = fsolve(pair, [1.0, 1.0], args=(x[1] + 1.0, x[2]), xtol=1e-13)
    found = scipy.optimize.root(coupled, np.ones(3), args=x, tol=1e-13)
    r = a * b + np.sum(found.x**2) if found.success else 0.0
    r = r + np.sum(scipy.optimize.root(lambda v: v**3 + v * x[0] - x, np.zeros(3), method="lm", tol=1e-13).x)
    r = r + fsolve(lambda v: v * v * v + v - x[1], 1.0, xtol=1e-12)[0]
    return r + np.sum(scipy.optimize.fixed_point(relaxed, np.zeros(3), args=(x,), xtol=1e-13) ** 2)


def results(x):
    p, q = x[0] + 1.0, x[1]
    r = scipy.optimize.root_scalar(lambda y: y**3 + q * y - p, bracket=[0.0, 4.0], xtol=1e-14)
    t = r.root * q if r.converged else 0.0
    t = t + scipy.optimize.root_scalar(cubed, args=(p, q), fprime=slope_of_cubed, x0=1.0, method="newton").root
    t = t + scipy.optimize.newton(cubed, 1.0, slope_of_cubed, (p, q), tol=1e-13)
    return t + scipy.optimize.toms748(cubed, 0.0, 3.0, args=(p, q), xtol=1e-14)


def balanced(v, p):
    return v**3 + v * p - 1.0


def results_on_paths(x):
    t = 0.0
    for _ in range(2):
        s = scipy.optimize.root(balanced, np.zeros(3), args=(x + t,), tol=1e-13)
        if s.success:
            t = t + np.sum(s.x**2) * s.x[0]
    if x[0] > 0.0:
        found = scipy.optimize.root(lambda v: v**3 + v - x, np.ones(3), tol=1e-13)
    else:
        found = scipy.optimize.root(balanced, np.zeros(3), args=(x,), tol=1e-13)
    return t + found.x[1] * found.x[2]


def regulators(x):
    """Of symmetric weights alone: SciPy takes no others."""
    a = np.array([[0.0, 1.0, 0.2], [-x[0], -0.3, x[1]], [0.1, x[2], -0.5]])
    b = np.array([[0.0, x[0]], [1.0, 0.3], [x[1], 0.7]])
    q = np.eye(3) + np.outer(x, x)
    r = np.array([[1.0 + x[0], 0.2 * x[1]], [0.2 * x[1], 1.5]])
    p = scipy.linalg.solve_continuous_are(a, b, q, r)
    s = scipy.linalg.solve_discrete_are(0.5 * a, b, q, r)
    return np.sum(p * np.cos(p)) + np.sum(s[0] * s[1])


def several_roots(x):
    return np.sum(scipy.optimize.newton(cosine, x, args=(x[0],)))


def filtered_piece_by_piece(x):
    """A stream in two pieces: the state that the first one leaves is where the second one starts."""
    b, a = np.array([0.2, 0.5 * x[0]]), np.array([1.3, -0.4, 0.1 * x[1]])
    first, state = scipy.signal.lfilter(b, a, np.sin(x), zi=np.array([x[2], 0.3]))
    second, _ = scipy.signal.lfilter(b, a, x * x, zi=state)
    return np.sum(first**2) + np.sum(second**3)


def filtered_by_rows(x):
    rows = np.outer(x, x)
    smooth = scipy.signal.fftconvolve(rows, x[None, :2], axes=1)
    return np.sum(smooth * scipy.signal.oaconvolve(smooth, np.ones((3, 1)), mode="same", axes=(0,)))


def characteristic_values(x):
    shapes = scipy.special.gammainc(x, 0.8) + scipy.special.betainc(x, x[::-1] + 0.5, 0.4)
    return np.sum(scipy.special.mathieu_a(2, 3.0 * x)) + scipy.special.pro_cv(1, 3, x[1]) + np.sum(shapes)


PROGRAMS = (
    filtered_piece_by_piece,
    filtered_by_rows,
    characteristic_values,
    several_results,
    orders,
    complex_results,
    sums,
    factors,
    eigenvectors,
    structured,
    shares,
    roots,
    roots_in_a_loop,
    systems,
    results,
    results_on_paths,
    regulators,
)
