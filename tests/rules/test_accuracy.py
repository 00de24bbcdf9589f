"""Derivatives at extreme arguments, against mpmath: as accurate as doubles let them be."""

import mpmath as mp
import numpy as np
import pytest

from adgen.battery.checks import Case, Const, Trial
from adgen.battery.evaluate import function

FAR, NEAR = [-700.0, -40.0, 40.0, 700.0], [-1e-12, 1e-300, 1e-9]
ANY = [*FAR, *NEAR, -3.0, 0.7, 1e5]
UP = [1e-300, 1e-12, 0.3, 1.0, 7.0, 1e8, 1e300]
UNIT = [-1.0 + 1e-15, -0.5, 1e-12, 0.9999999999, 1.0 - 1e-15]

# name: (the function, where, how many units in the last place)
FUNCTIONS = {
    "np.tanh": (mp.tanh, [-1.0, -1e-12, 1e-300, 0.7], 8),
    "np.arctan": (mp.atan, [*ANY, 1e150], 8),
    "np.arcsinh": (mp.asinh, [-1e5, 1e-9, 3.0, 1e160], 8),
    "np.arccosh": (mp.acosh, [1.5, 7.0, 1e5], 8),
    "np.log1p": (mp.log1p, [-0.5, 1e-300, 1e-12, 1e300], 4),
    "np.expm1": (mp.expm1, [-40.0, -1e-12, 1e-300, 3.0], 8),
    "np.sqrt": (mp.sqrt, UP, 4),
    "np.sin": (mp.sin, [-1e5, -3.0, 1e-300, 0.7, 40.0, 1e15], 4),
    "np.cos": (mp.cos, [-1e5, -3.0, 1e-300, 0.7, 40.0, 1e15], 4),
    "np.tan": (mp.tan, [-1.5707, -0.3, 1e-300, 0.7, 1.57079], 8),
    "np.sinh": (mp.sinh, FAR + NEAR, 4),
    "np.cosh": (mp.cosh, FAR + NEAR, 4),
    "np.exp": (mp.exp, FAR + NEAR, 4),
    "np.exp2": (lambda x: mp.mpf(2) ** x, [-1000.0, -1e-12, 0.3, 1000.0], 4),
    "np.log": (mp.log, [1e-300, 1e-12, 0.3, 1.0 + 1e-15, 1e300], 4),
    "np.log2": (lambda x: mp.log(x, 2), [1e-300, 0.3, 1e300], 4),
    "np.log10": (lambda x: mp.log(x, 10), [1e-300, 0.3, 1e300], 4),
    "np.reciprocal": (lambda x: 1 / x, [1e-150, -0.3, 1e150], 4),
    "np.square": (lambda x: x * x, [1e-300, -0.3, 1e150], 4),
    "np.arcsin": (mp.asin, UNIT, 8),
    "np.arccos": (mp.acos, UNIT, 8),
    "np.arctanh": (mp.atanh, UNIT, 8),
    "np.sinc": (lambda x: mp.sincpi(x), [1e-300, 1e-9, 1e-3, 0.01, 0.03, 0.1, 0.3, 1.5, 40.25], 60),
    "np.i0": (lambda x: mp.besseli(0, x), [-1e-9, 1e-300, 1e-12, 1e-3, 0.3, 7.0, 40.0, 700.0], 200),
    "np.cbrt": (mp.cbrt, [1e-300, 1e-12, 0.3, 1e300], 8),
    "scipy.special.expit": (lambda x: 1 / (1 + mp.exp(-x)), [*FAR, -1e-12, 0.7], 40),
    "scipy.special.log_expit": (lambda x: -mp.log1p(mp.exp(-x)), [*FAR, 0.7], 40),
    "scipy.special.logit": (lambda x: mp.log(x / (1 - x)), [1e-300, 1e-12, 0.3, 1.0 - 1e-15], 4),
    "scipy.special.erf": (mp.erf, [-5.0, 1e-300, 0.7, 5.0], 40),
    "scipy.special.erfc": (mp.erfc, [-5.0, 1e-300, 0.7, 20.0], 900),
    "scipy.special.erfinv": (mp.erfinv, [-0.999, 1e-12, 0.7], 40),
    "scipy.special.gammaln": (mp.loggamma, [1e-12, 1e-9, 0.7, 1e8], 8),
    "scipy.special.digamma": (mp.digamma, [1e-9, 0.7, 40.0, 1e8], 20),
    "scipy.special.ndtr": (mp.ncdf, [-20.0, 1e-12, 3.0, 20.0], 900),
    "scipy.special.log_ndtr": (lambda x: mp.log(mp.ncdf(x)), [-1e4, -40.0, -3.0, 3.0, 20.0], 900),
    "scipy.special.i0e": (lambda x: mp.exp(-abs(x)) * mp.besseli(0, x), [0.3, 7.0, 20.0], 2000),
    "scipy.special.ellipk": (mp.ellipk, [-1e4, 1e-12, 0.5, 1.0 - 1e-12], 200),
    "scipy.special.ellipe": (mp.ellipe, [-1e4, 1e-12, 0.5, 1.0 - 1e-12], 40),
    "scipy.special.exprel": (lambda x: mp.expm1(x) / x, [-700.0, -1e-10, 1e-10, 1e-3, 700.0], 40),
    "scipy.special.rgamma": (mp.rgamma, [-5.0, -2.5, 1e-10, 0.4, 10.0, 100.0], 200),
    "scipy.special.erfcx": (lambda x: mp.exp(x * x) * mp.erfc(x), [-3.0, 0.7, 14.9, 20.0, 1e6], 600),
    "scipy.special.dawsn": (lambda x: mp.exp(-x * x) * mp.erfi(x) * mp.sqrt(mp.pi) / 2, [0.7, 14.9, 20.0, 450.0], 600),
    "scipy.special.wrightomega": (lambda x: mp.lambertw(mp.exp(x)).real, [-40.0, 1.0, 40.0], 40),
    "scipy.special.zetac": (lambda x: mp.zeta(x) - 1, [-20.5, -1.2, -0.3, 0.3, 1.0001, 2.0, 30.0], 400),
    "scipy.special.j0": (lambda x: mp.besselj(0, x), [1e-9, 0.3, 8.0], 20),
}


def quantile_slope(z, a):
    """How the quantile of a gamma distribution at which its probability is that of z moves with its shape."""
    z, a = mp.mpf(z), mp.mpf(a)
    by_shape = mp.diff(lambda t: mp.gammainc(t, 0, z, regularized=True), a, h=a * mp.mpf(10) ** -25)
    return -by_shape / mp.exp((a - 1) * mp.log(z) - z - mp.loggamma(a))


def test_gamma_draws_by_their_shape():
    """At all sizes of draws and shapes, in both tails."""
    points = [(1e-250, 0.001), (1e-30, 0.01), (1e-21, 0.02), (1e-19, 0.02), (5e-16, 0.02), (0.6, 0.01), (1e-9, 0.3)]
    points += [(0.2, 0.3), (9.0, 0.3), (1e-6, 1.0), (0.7, 1.0), (30.0, 1.0), (0.1, 5.0), (4.7, 5.0), (40.0, 5.0)]
    points += [(60.0, 100.0), (99.7, 100.0), (170.0, 100.0), (9990.0, 1e4), (1.002e4, 1e4), (999800.0, 1e6)]
    found = function("gamma_slope")(*np.transpose(points))
    for (z, a), one in zip(points, found, strict=True):
        with mp.workdps(80):
            exact = quantile_slope(z, a)
            assert abs(mp.mpf(float(one)) - exact) <= 1e-11 * exact, (z, a, one, exact)
    assert function("gamma_slope")(0.0, 0.3) == 0.0


def bound(ulps):
    return ulps * np.finfo(float).eps


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_of_one_number(name):
    function, points, ulps = FUNCTIONS[name]
    x = np.array(points)
    found = Trial(Case(name, None, [x])).vjp(np.ones_like(x))[1][0]
    for at, one in zip(points, found, strict=True):
        with mp.workdps(150 if 1e-100 < abs(at) < 500.0 else 450):
            exact = mp.diff(function, mp.mpf(at), h=mp.mpf(at) * mp.mpf(10) ** -40)
            assert abs(mp.mpf(float(one)) - exact) <= bound(ulps) * abs(exact) + mp.mpf(10) ** -305, (at, one, exact)


def pulled(name, *values, args=None):
    trial = Trial(Case(name, args, list(values)))
    return trial.vjp(np.ones_like(trial.primal[trial.y]))[1]


def test_logaddexp_far_apart():
    a, b = pulled("np.logaddexp", np.array([700.0, -700.0, 0.0]), np.array([0.0, 700.0, -1e300]))
    assert np.allclose(a, [1.0, 0.0, 1.0], rtol=1e-15) and b[0] > 0.0 and b[2] == 0.0
    with mp.workdps(40):
        assert abs(mp.mpf(float(b[0])) / mp.exp(-700) - 1) < bound(900)


def test_hypot_and_norms_of_large_and_small_numbers():
    for scale in (1e-160, 1e160):
        a, b = pulled("np.hypot", np.array([3.0 * scale]), np.array([4.0 * scale]))
        assert np.allclose([a[0], b[0]], [0.6, 0.8], rtol=4e-16)
    for order in (1, 2, 3, np.inf):
        (bar,) = pulled("np.linalg.norm", np.array([3e-80, 4e-80]), Const(order), args=("x", "ord"))
        (same,) = pulled("np.linalg.norm", np.array([3.0, 4.0]), Const(order), args=("x", "ord"))
        assert np.allclose(bar, same, rtol=1e-12)


def test_logsumexp_of_large_numbers():
    (bar,) = pulled("scipy.special.logsumexp", np.array([1000.0, 1000.0, -1000.0]))
    assert np.allclose(bar, [0.5, 0.5, 0.0], rtol=1e-15)
    (bar,) = pulled("scipy.special.logsumexp", np.array([-np.inf, 0.0]))
    assert bar.tolist() == [0.0, 1.0]
    (bar,) = pulled("scipy.special.logsumexp", np.array([-np.inf, -np.inf]))
    assert bar.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("order", ("fro", "nuc", 2, -2, 1, -1, np.inf, -np.inf))
def test_matrix_norms_at_zero(order):
    (bar,) = pulled("np.linalg.norm", np.zeros((2, 3)), Const(order), args=("x", "ord"))
    assert bar.tolist() == [[0.0] * 3] * 2


def test_matrix_norms_share_ties():
    (bar,) = pulled("np.linalg.norm", np.eye(2), Const(2), args=("x", "ord"))
    assert np.allclose(bar, np.eye(2) / 2.0)
    (bar,) = pulled("np.linalg.norm", np.eye(2), Const(1), args=("x", "ord"))
    assert np.allclose(bar, np.eye(2) / 2.0)


def test_graded_systems():
    """Columns of very different sizes: solutions and determinants stay accurate."""
    a = np.array([[1.0, 2e8, 0.5e-8], [0.5, 7e8, 1e-8], [0.25, 1e8, 3e-8]])
    with mp.workdps(40):
        exact = mp.inverse(mp.matrix(a.tolist()))
        (bar,) = Trial(Case("np.linalg.slogdet", None, [a])).vjp((np.float64(0.0), np.float64(1.0)))[1]
        for i in range(3):
            for j in range(3):
                assert abs(mp.mpf(float(bar[i, j])) / exact[j, i] - 1) < 1e-12


def test_masked_branches():
    """What a zero weight or a value outside of the support would make nan stays out of the derivative."""
    x, y = pulled("scipy.special.xlogy", np.array([0.0, 2.0]), np.array([3.0, 4.0]))
    assert np.allclose(y, [0.0, 0.5])
    (bar,) = pulled("scipy.stats.gamma.logpdf", np.array([-1.0, 2.0]), Const(3.0), args=("x", "a"))
    assert np.allclose(bar, [0.0, 0.0])
    (bar,) = pulled("scipy.stats.expon.pdf", np.array([-1.0, 0.0]), args=("x",))
    assert np.allclose(bar, [0.0, -1.0])


@pytest.mark.parametrize("size", (1, 2, 3, 8, 9))
def test_every_transform_is_the_transpose_of_its_matrix(size):
    eye = np.eye(size)
    for name in ("fft", "ifft"):
        matrix = getattr(np.fft, name)(eye)
        bar = Trial(Case(f"np.fft.{name}", None, [eye[0] + 0j])).vjp(matrix[0])[1][0]
        assert np.allclose(bar, matrix @ matrix[0], atol=1e-14)


FAR_APART = [(700.0, 690.0), (-700.0, -710.0), (0.3, 0.3), (1e5, 1e5 - 3.0), (5.0, -30.0)]
PAIRS = {
    "np.hypot": (mp.hypot, [(3e-160, 4e-160), (3e150, 4e150), (1e-9, 7.0), (-5.0, 1e8)], 8),
    "np.arctan2": (mp.atan2, [(1e-9, 7.0), (3.0, -1e8), (-1e-80, 1e-80), (2e80, 1e80)], 8),
    "np.logaddexp": (lambda a, b: mp.log(mp.exp(a) + mp.exp(b)), FAR_APART, 16),
    "np.logaddexp2": (lambda a, b: mp.log(mp.mpf(2) ** a + mp.mpf(2) ** b, 2), FAR_APART, 16),
    "np.power": (lambda a, b: a**b, [(1e-9, 3.5), (1e100, 2.5), (0.3, -40.0), (7.0, 1e-12)], 200),
    "np.divide": (lambda a, b: a / b, [(1e-9, 1e150), (1e150, 3.0), (-0.7, 1e-100)], 4),
    "np.multiply": (lambda a, b: a * b, [(1e-9, 1e150), (-0.7, 1e-100)], 4),
}


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("place", [0, 1])
def test_functions_of_two_numbers(name, place):
    function, points, ulps = PAIRS[name]
    a, b = (np.array(line) for line in zip(*points, strict=True))
    found = pulled(name, a, b)[place]
    for at, one in zip(points, found, strict=True):
        exact = [mp.mpf(number) for number in at]
        with mp.workdps(400):

            def along(x, exact=exact):
                return function(*(x if k == place else number for k, number in enumerate(exact)))

            slope = mp.diff(along, exact[place], h=exact[place] * mp.mpf(10) ** -60)
            assert abs(mp.mpf(float(one)) - slope) <= bound(ulps) * abs(slope) + mp.mpf(10) ** -305, (at, one, slope)


TAILS = [(0.5, 0.3), (3.0, 7.0), (0.01, 0.5), (1e-3, 1e-8), (0.2, 1e-12), (50.0, 30.0), (1e3, 1010.0), (2.0, 40.0)]
SHARES = [
    (2.0, 3.0, 0.4),
    (10.0, 0.5, 0.95),
    (0.01, 5.0, 1e-3),
    (5.0, 0.01, 0.999),
    (100.0, 200.0, 0.33),
    (0.3, 2.0, 1e-10),
]


@pytest.mark.parametrize(("a", "x"), TAILS)
def test_the_incomplete_gamma_function_by_its_order(a, x):
    with mp.workdps(40):
        ends = (0, x) if x < a else (x, mp.inf)
        exact = mp.diff(lambda v: mp.gammainc(v, *ends, regularized=True), a) * (1 if x < a else -1)
        by_a, by_x = (mp.mpf(float(bar)) for bar in pulled("scipy.special.gammainc", a, x))
        assert abs(by_a / exact - 1) < bound(1e4)
        assert abs(by_x / (mp.exp(-x) * mp.mpf(x) ** (a - 1) / mp.gamma(a)) - 1) < bound(1e4)


@pytest.mark.parametrize(("a", "b", "x"), SHARES)
def test_the_incomplete_beta_function_by_its_parameters(a, b, x):
    with mp.workdps(40):
        bars = pulled("scipy.special.betainc", a, b, x)
        for k in range(2):

            def tail(v, ends, k=k):
                return mp.betainc(*((v, b) if k == 0 else (a, v)), *ends, regularized=True)

            low = x * (a + b) < a
            exact = mp.diff(lambda v: tail(v, (0, x) if low else (x, 1)), (a, b)[k]) * (1 if low else -1)
            assert abs(mp.mpf(float(bars[k])) / exact - 1) < bound(1e4)


def test_what_has_no_solution_does_not_vary():
    """SciPy gives the end of its search, and a derivative by the formula of solutions would be a number."""
    for name, values in (("stdtridf", (0.95, 0.5)), ("pdtrik", (0.05, 2.0)), ("nbdtrik", (1e-3, 2.0, 0.5))):
        assert not any(pulled(f"scipy.special.{name}", *values))
    for x in (0.0, np.inf):
        assert pulled("scipy.special.gammainc", 2.0, x)[0] == 0.0
    assert pulled("scipy.special.betainc", 2.0, 3.0, 1.0)[:2] == [0.0, 0.0]
