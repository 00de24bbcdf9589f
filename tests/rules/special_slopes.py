"""Functions of scipy.special in mpmath, and where their derivatives are looked at: ordinary and extreme arguments."""

import mpmath as mp
import scipy.special

Q = mp.mpf
WIDE = [1e-300, 1e-20, 1e-9, 0.3, 1.0, 2.5, 8.0, 30.0, 700.0, 1e5]
FAR = [*WIDE, 1e9, 1e50, 1e300]
KELVIN = [1e-9, 0.3, 2.5, 8.0, 15.0, 30.0]
ORDERS = [(0.5, 1e-9), (0.0, 1e-5), (2.3, 0.3), (1.0, 8.0), (10.0, 1e-3), (30.0, 50.0), (2.0, 300.0)]
UNIT = [1e-300, 1e-20, 1e-9, 0.01, 0.3, 0.5, 0.77, 0.999999]


def solved(name, function):
    """The inverse of a function in its last argument, from SciPy's value."""

    def inverse(*given):
        start = Q(float(getattr(scipy.special, name)(*(float(x) for x in given))))
        *rest, p = given
        return mp.findroot(lambda x: function(*rest, x) - p, (start, start * (1 + Q(2) ** -30)), verify=False)

    return inverse


def scaled(bessel, sign):
    return lambda v, x: bessel(v, x) * mp.exp(sign * x)


def lower(a, x):
    return mp.gammainc(a, 0, x, regularized=True)


def upper(a, x):
    return mp.gammainc(a, x, mp.inf, regularized=True)


def share(a, b, x):
    return mp.betainc(a, b, 0, x, regularized=True)


def student(df, t):
    return 1 - share(df / 2, Q(0.5), df / (df + t * t)) / 2


def fisher(n, d, x):
    return share(n / 2, d / 2, n * x / (n * x + d))


def kolmogorov(x):
    return 2 * mp.fsum((-1) ** (k - 1) * mp.exp(-2 * k * k * x * x) for k in range(1, 12))


def faddeeva(z):
    return mp.exp(-z * z) * mp.erfc(-1j * z)


def wright(a, b, x):
    return mp.fsum(x**k / mp.factorial(k) * mp.rgamma(a * k + b) for k in range(120))


def spherical(bessel):
    return lambda n, x: mp.sqrt(mp.pi / 2 / x) * bessel(n + Q(0.5), x)


def kelvin(first, second, sign):
    """The first derivative of one of Kelvin's functions."""
    return lambda x: (first(1, x) + sign * second(1, x)) / mp.sqrt(2)


def log_beta(a, b):
    with mp.workdps(mp.mp.dps + 70):
        return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


ONE = {  # of one number: the function, where
    "gamma": (mp.gamma, [-2.5, 1e-300, 1e-9, 0.3, 1.4, 8.0, 100.0, 160.0]),
    "gammaln": (mp.loggamma, FAR),
    "loggamma": (mp.loggamma, FAR),
    "rgamma": (mp.rgamma, [-2.5, -0.3, 1e-300, 1e-9, 0.3, 8.0, 100.0, 160.0]),
    "digamma": (mp.digamma, FAR),
    "psi": (mp.digamma, [-2.3, *FAR]),
    "factorial": (lambda x: mp.gamma(x + 1), [1e-300, 1e-9, 0.3, 8.0, 100.0, 160.0]),
    "erf": (mp.erf, [-3.0, 1e-300, 1e-9, 0.3, 2.0, 8.0, 25.0]),
    "erfc": (mp.erfc, [-3.0, 1e-9, 0.3, 2.0, 8.0, 25.0]),
    "erfi": (mp.erfi, [1e-300, 1e-9, 0.3, 8.0, 20.0]),
    "erfinv": (mp.erfinv, [1e-300, 1e-9, 0.3, 0.9, 0.9999999]),
    "erfcinv": (lambda x: mp.erfinv(1 - x), [1e-9, 0.3, 1.0, 1.9]),
    "erfcx": (lambda x: mp.exp(x * x) * mp.erfc(x), [-20.0, -1.0, 1e-9, 0.3, 2.0, 5.0, 10.0, 14.0, 16.0, 100.0, 1e5]),
    "dawsn": (
        lambda x: mp.sqrt(mp.pi) / 2 * mp.exp(-x * x) * mp.erfi(x),
        [-3.0, 1e-9, 0.3, 0.9, 2.0, 5.0, 10.0, 14.0, 16.0, 80.0],
    ),
    "expit": (lambda x: 1 / (1 + mp.exp(-x)), [-700.0, -40.0, 1e-9, 3.0, 40.0, 700.0]),
    "log_expit": (lambda x: -mp.log1p(mp.exp(-x)), [-700.0, -40.0, 1e-9, 3.0, 40.0, 700.0]),
    "logit": (lambda x: mp.log(x) - mp.log1p(-x), UNIT),
    "ndtr": (mp.ncdf, [-30.0, -8.0, -1.0, 1e-9, 3.0, 8.0]),
    "log_ndtr": (lambda x: mp.log(mp.erfc(-x / mp.sqrt(2)) / 2), [-30.0, -8.0, -1.0, 1e-9, 3.0, 8.0]),
    "ndtri": (lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1), [1e-9, 0.01, 0.3, 0.5, 0.9]),
    "entr": (lambda x: -x * mp.log(x), [1e-300, 1e-9, 0.3, 1.0, 1e300]),
    "exp1": (mp.e1, [1e-300, 1e-9, 0.3, 8.0, 600.0]),
    "expi": (mp.ei, [-5.0, 1e-300, 1e-9, 0.3, 8.0, 600.0]),
    "exp2": (lambda x: Q(2) ** x, [-1000.0, 1e-9, 900.0]),
    "exp10": (lambda x: Q(10) ** x, [-290.0, 1e-9, 300.0]),
    "expm1": (mp.expm1, [-40.0, -1e-12, 1e-300, 700.0]),
    "log1p": (mp.log1p, [-0.5, 1e-300, 1e-12, 1e300]),
    "cbrt": (mp.cbrt, [1e-300, 1e-12, 0.3, 1e300]),
    "exprel": (lambda x: mp.expm1(x) / x, [-700.0, -30.0, -1.0, 1e-9, 0.3, 5.0, 30.0, 700.0]),
    "cosm1": (lambda x: mp.cos(x) - 1, [1e-9, 0.3, 8.0, 1e5]),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), [-700.0, -40.0, 1e-9, 40.0, 700.0]),
    "spence": (lambda x: mp.polylog(2, 1 - x), [1e-9, 0.3, 0.99999, 1.00001, 3.0, 1e9]),
    "sindg": (lambda x: mp.sin(x * mp.pi / 180), [1e-300, 1e-9, 30.0, 89.0, 200.0]),
    "cosdg": (lambda x: mp.cos(x * mp.pi / 180), [1e-9, 30.0, 89.0, 200.0]),
    "tandg": (lambda x: mp.tan(x * mp.pi / 180), [1e-300, 1e-9, 30.0, 89.0, 200.0]),
    "cotdg": (lambda x: mp.cot(x * mp.pi / 180), [1e-9, 30.0, 89.0, 200.0]),
    "lambertw": (mp.lambertw, [-0.3, 1e-300, 1e-9, 0.3, 8.0, 1e300]),
    "ellipk": (mp.ellipk, [-1e9, -3.0, 1e-9, 0.3, 0.9, 0.999999]),
    "ellipkm1": (lambda p: mp.ellipk(1 - p), [1e-9, 0.3, 0.999999]),
    "ellipe": (mp.ellipe, [-1e9, -3.0, 1e-9, 0.3, 0.9, 0.999999]),
    "zetac": (lambda x: mp.zeta(x) - 1, [-2.5, 0.3, 1.1, 3.0, 30.0]),
    "kolmogorov": (kolmogorov, [0.7, 1.0, 2.5, 15.0]),
    # Bessel's functions and their kin
    "j0": (lambda x: mp.besselj(0, x), WIDE),
    "j1": (lambda x: mp.besselj(1, x), WIDE),
    "y0": (lambda x: mp.bessely(0, x), WIDE),
    "y1": (lambda x: mp.bessely(1, x), [1e-100, *WIDE[1:]]),
    "i0": (lambda x: mp.besseli(0, x), WIDE[:-1]),
    "i1": (lambda x: mp.besseli(1, x), WIDE[:-1]),
    "k0": (lambda x: mp.besselk(0, x), WIDE[:-1]),
    "k1": (lambda x: mp.besselk(1, x), [1e-100, *WIDE[1:-1]]),
    "i0e": (lambda x: mp.besseli(0, x) * mp.exp(-x), [*WIDE[1:], 1e9, 1e50]),
    "i1e": (lambda x: mp.besseli(1, x) * mp.exp(-x), [*WIDE[1:], 1e9, 1e50]),
    "k0e": (lambda x: mp.besselk(0, x) * mp.exp(x), [*WIDE, 15.0, 1e9, 1e50]),
    "k1e": (lambda x: mp.besselk(1, x) * mp.exp(x), [1e-100, *WIDE[1:], 15.0, 1e9, 1e50]),
    "ber": (lambda x: mp.ber(0, x), KELVIN),
    "bei": (lambda x: mp.bei(0, x), KELVIN),
    "ker": (lambda x: mp.ker(0, x), KELVIN),
    "kei": (lambda x: mp.kei(0, x), KELVIN),
    "berp": (kelvin(mp.ber, mp.bei, 1), KELVIN),
    "beip": (kelvin(mp.bei, mp.ber, -1), KELVIN),
    "kerp": (kelvin(mp.ker, mp.kei, 1), KELVIN),
    "keip": (kelvin(mp.kei, mp.ker, -1), KELVIN),
    # several results
    "airy": (
        lambda x: (mp.airyai(x), mp.airyai(x, derivative=1), mp.airybi(x), mp.airybi(x, derivative=1)),
        [-9.0, -1.0, 1e-9, 0.3, 2.5, 10.0, 60.0],
    ),
    "airye": (
        lambda x: tuple(
            f * mp.exp(s * 2 * x ** Q(1.5) / 3)
            for f, s in (
                (mp.airyai(x), 1),
                (mp.airyai(x, derivative=1), 1),
                (mp.airybi(x), -1),
                (mp.airybi(x, derivative=1), -1),
            )
        ),
        [1e-9, 0.3, 2.5, 4.0, 10.0, 100.0, 1e4],
    ),
    "itairy": (
        lambda x: (
            mp.airyai(x, derivative=-1),
            mp.airybi(x, derivative=-1),
            -mp.airyai(-x, derivative=-1),
            -mp.airybi(-x, derivative=-1),
        ),
        [1e-9, 0.3, 2.5, 6.0],
    ),
    "sici": (lambda x: (mp.si(x), mp.ci(x)), FAR[:-3]),
    "shichi": (lambda x: (mp.shi(x), mp.chi(x)), FAR[:-4]),
    "fresnel": (lambda x: (mp.fresnels(x), mp.fresnelc(x)), [1e-100, 1e-9, 0.3, 2.5, 8.0, 30.0]),
    "kelvin": (lambda x: (mp.ber(0, x) + 1j * mp.bei(0, x), mp.ker(0, x) + 1j * mp.kei(0, x)), [0.3, 2.5, 8.0]),
}
SLOPES = {  # of one number: the derivative itself, where that is simpler or the function hardly moves
    "itstruve0": (lambda x: mp.struveh(0, x), [1e-9, 0.3, 2.5, 8.0]),
    "itmodstruve0": (lambda x: mp.struvel(0, x), [1e-9, 0.3, 2.5, 8.0]),
    "it2struve0": (lambda x: -mp.struveh(0, x) / x, [1e-9, 0.3, 2.5, 8.0]),
    "itj0y0": (lambda x: (mp.j0(x), mp.bessely(0, x)), [1e-9, 0.3, 2.5, 8.0]),
    "iti0k0": (lambda x: (mp.besseli(0, x), mp.besselk(0, x)), [1e-9, 0.3, 2.5, 8.0]),
    "it2j0y0": (lambda x: ((1 - mp.j0(x)) / x, -mp.bessely(0, x) / x), [1e-9, 0.01, 0.3, 2.5, 8.0]),
    "it2i0k0": (lambda x: ((mp.besseli(0, x) - 1) / x, -mp.besselk(0, x) / x), [1e-9, 0.01, 0.3, 2.5, 8.0]),
    "i0e": (lambda x: (mp.besseli(1, x) - mp.besseli(0, x)) * mp.exp(-x), [1e-300, 1e-100]),
    "erfcx": (lambda x: 2 * x * mp.exp(x * x) * mp.erfc(x) - 2 / mp.sqrt(mp.pi), [1e-300]),
}
MORE = {  # of several numbers
    "beta": (
        mp.beta,
        [(1e-9, 3.0), (2.0, 1e-9), (0.3, 0.7), (30.0, 2.5), (150.0, 200.0), (1e5, 0.3), (1e9, 0.5), (0.5, 1e12)],
    ),
    "betaln": (
        log_beta,
        [
            (1e-9, 3.0),
            (0.3, 0.7),
            (30.0, 2.5),
            (150.0, 200.0),
            (1e5, 0.3),
            (1e9, 0.5),
            (1e12, 1e-9),
            (3.0, 1e30),
            (1e30, 1e29),
        ],
    ),
    "binom": (mp.binomial, [(10.0, 3.0), (50.5, 20.2), (1e6, 0.5), (3.5, 1e-9), (20.0, 10.0)]),
    "comb": (mp.binomial, [(10.0, 3.0), (1e5, 2.0)]),
    "perm": (mp.ff, [(10.0, 3.0), (1e5, 2.0)]),
    "poch": (mp.rf, [(1e-3, 2.0), (3.0, 4.0), (50.0, 20.0), (1e5, 2.0), (1e9, 0.5), (1e12, 1e-9), (0.3, 1e-12)]),
    "multigammaln": (lambda a, d: mp.fsum(mp.loggamma(a - Q(j) / 2) for j in range(3)), [(1.3, 3), (8.0, 3), (1e9, 3)]),
    "polygamma": (mp.polygamma, [(1, 1e-100), (1, 0.3), (2, 8.0), (3, 1e5), (5, 2.5)]),
    "zeta": (mp.zeta, [(2.5, 1e-50), (1.5, 0.3), (3.0, 8.0), (30.0, 1.2), (2.0, 1e5)]),
    "expn": (mp.expint, [(0, 0.3), (1, 8.0), (2, 1e-9), (5, 0.3), (30, 40.0), (3, 600.0)]),
    "xlogy": (lambda a, b: a * mp.log(b), [(1e-300, 3.0), (2.0, 1e-300), (1e300, 1.0000001)]),
    "xlog1py": (lambda a, b: a * mp.log1p(b), [(1e-300, 3.0), (2.0, 1e-300), (1e300, 1e-7)]),
    "rel_entr": (lambda a, b: a * mp.log(a / b), [(1e-200, 3.0), (2.0, 5.0), (1e100, 1e-100)]),
    "kl_div": (lambda a, b: a * mp.log(a / b) - a + b, [(1e-9, 3.0), (2.0, 5.0), (1e9, 1e-9), (2.0, 2.0000001)]),
    "boxcox": (
        lambda a, b: mp.expm1(b * mp.log(a)) / b,
        [(1e-5, 0.5), (2.0, 1e-9), (1e5, -0.5), (1e300, 0.9), (1e-300, -0.9), (1.0000001, 3.0), (7.0, 1e-200)],
    ),
    "boxcox1p": (
        lambda a, b: mp.expm1(b * mp.log1p(a)) / b,
        [(1e-9, 0.5), (2.0, 1e-9), (1e300, 0.9), (1e-200, 3.0), (-0.999, -2.0)],
    ),
    "inv_boxcox": (
        lambda y, b: mp.exp(mp.log1p(b * y) / b),
        [
            (1e-9, 0.5),
            (1e-200, 0.5),
            (3.0, 1e-9),
            (1e5, 0.3),
            (-0.7, 0.9),
            (1e100, 2.0),
            (0.3, 1e-200),
            (-3.0, -0.5),
            (1e-12, 40.0),
        ],
    ),
    "inv_boxcox1p": (
        lambda y, b: mp.expm1(mp.log1p(b * y) / b),
        [(1e-9, 0.5), (1e-200, 0.5), (3.0, 1e-9), (1e5, 0.3), (-0.7, 0.9), (1e100, 2.0), (0.3, 1e-200), (-3.0, -0.5)],
    ),
    "powm1": (lambda a, b: a**b - 1, [(1e-5, 0.5), (2.0, 1e-9), (1.0000001, 3.0), (1e100, 0.01), (1e-300, 1e-9)]),
    "huber": (lambda d, r: r * r / 2 if r <= d else d * (r - d / 2), [(1.5, 0.3), (1e-9, 8.0), (1e100, 1e90)]),
    "pseudo_huber": (
        lambda d, r: d * d * (mp.sqrt(1 + (r / d) ** 2) - 1),
        [(1.5, 0.3), (0.3, 8.0), (1e50, 1e40), (1e-9, 1e9)],
    ),
    "owens_t": (
        lambda h, a: mp.quad(lambda x: mp.exp(-h * h * (1 + x * x) / 2) / (1 + x * x), [0, a]) / (2 * mp.pi),
        [(0.3, 0.7), (3.0, 1.5), (1e-9, 0.3), (8.0, 0.01)],
    ),
    "diric": (lambda x, n: mp.sin(n * x / 2) / (n * mp.sin(x / 2)), [(0.3, 5), (2.0, 4), (3.0, 9), (1e-3, 5)]),
    "radian": (lambda d, m, s: (d + m / 60 + s / 3600) * mp.pi / 180, [(3.0, 4.0, 5.0)]),
    "agm": (mp.agm, [(1.0, 3.0), (1e-9, 2.0), (1e-150, 1e100), (2.0, 2.0000001), (5.0, 5.0)]),
    # incomplete gamma functions
    "gammainc": (
        lower,
        [(1e-9, 0.3), (0.3, 1e-200), (0.3, 0.7), (2.5, 30.0), (30.0, 2.5), (40.0, 41.0), (1e4, 1.01e4), (1e5, 1e5)],
    ),
    "gammaincc": (upper, [(1e-9, 0.3), (0.3, 1e-200), (2.5, 300.0), (30.0, 2.5), (1e4, 9.9e3)]),
    "chdtr": (lambda v, x: lower(v / 2, x / 2), [(0.5, 0.7), (5.0, 3.0), (2e4, 1.99e4)]),
    "chdtrc": (lambda v, x: upper(v / 2, x / 2), [(0.5, 0.7), (5.0, 30.0), (2e4, 1.99e4)]),
    "pdtr": (lambda k, m: upper(k + 1, m), [(3, 0.7), (0, 1e-9), (40, 41.0), (10000, 9.9e3)]),
    "pdtrc": (lambda k, m: lower(k + 1, m), [(3, 0.7), (0, 1e-9), (40, 41.0), (10000, 9.9e3)]),
    "gdtr": (lambda a, b, x: lower(b, a * x), [(2.0, 3.0, 0.7), (0.1, 1e4, 1.01e5), (1e-9, 0.5, 1e8)]),
    "gdtrc": (lambda a, b, x: upper(b, a * x), [(2.0, 3.0, 0.7), (0.1, 1e4, 1.01e5), (1e-9, 0.5, 1e8)]),
    # incomplete beta functions
    "betainc": (share, [(0.3, 0.7, 0.2), (1e-9, 3.0, 0.3), (5.0, 0.5, 1e-9), (2e3, 3e3, 0.41), (0.5, 1e4, 1e-5)]),
    "betaincc": (lambda a, b, x: mp.betainc(a, b, x, 1, regularized=True), [(0.3, 0.7, 0.2), (30.0, 40.0, 0.4)]),
    "fdtr": (fisher, [(3.0, 4.0, 0.7), (0.5, 30.0, 1e-9), (3e3, 2e3, 1.05)]),
    "fdtrc": (
        lambda n, d, x: share(d / 2, n / 2, d / (n * x + d)),
        [(3.0, 4.0, 0.7), (0.5, 30.0, 1e-9), (3e3, 2e3, 1.05)],
    ),
    "stdtr": (student, [(3.0, 0.7), (0.5, 30.0), (2e4, 1.3), (5.0, 1e-5)]),
    "bdtr": (lambda k, n, p: share(n - k, k + 1, 1 - p), [(3, 8, 0.3), (0, 5, 1e-9), (400, 2000, 0.21)]),
    "bdtrc": (lambda k, n, p: share(k + 1, n - k, p), [(3, 8, 0.3), (0, 5, 1e-9), (400, 2000, 0.21)]),
    "nbdtr": (lambda k, n, p: share(n, k + 1, p), [(3, 8, 0.3), (0, 5, 1e-9), (800, 200, 0.21)]),
    "nbdtrc": (lambda k, n, p: share(k + 1, n, 1 - p), [(3, 8, 0.3), (0, 5, 0.2), (800, 200, 0.21)]),
    # Carlson's and Legendre's elliptic integrals
    "ellipeinc": (mp.ellipe, [(0.5, 0.3), (1.5, 0.999), (0.5, -100.0), (1e-9, 0.3), (8.0, 0.5)]),
    "ellipkinc": (mp.ellipf, [(0.5, 0.3), (1.5, 0.999), (0.5, -100.0), (1e-9, 0.3), (8.0, 0.5)]),
    "elliprc": (mp.elliprc, [(0.3, 0.7), (1e-9, 2.0), (2.0, 1e-9), (1e100, 1e90)]),
    "elliprf": (mp.elliprf, [(0.3, 0.7, 1.5), (1e-9, 2.0, 3.0), (1e100, 1e90, 1e80)]),
    "elliprd": (mp.elliprd, [(0.3, 0.7, 1.5), (1e-9, 2.0, 3.0), (1e10, 1e20, 1e15)]),
    "elliprg": (mp.elliprg, [(0.3, 0.7, 1.5), (1e-9, 2.0, 3.0), (1e10, 1e20, 1e15)]),
    "elliprj": (mp.elliprj, [(0.3, 0.7, 1.5, 2.5), (1e-5, 2.0, 3.0, 0.1)]),
    "ellipj": (
        lambda u, m: (mp.ellipfun("sn", u, m=m), mp.ellipfun("cn", u, m=m), mp.ellipfun("dn", u, m=m)),
        [(0.3, 0.7), (1e-9, 0.3), (2.5, 0.2), (1.3, 0.99)],
    ),
    # Bessel's functions of any order, and their kin
    "jv": (mp.besselj, ORDERS),
    "yv": (mp.bessely, ORDERS),
    "iv": (mp.besseli, ORDERS),
    "kv": (mp.besselk, ORDERS),
    "jvp": (lambda v, x, n: mp.besselj(v, x, derivative=n), [(1, 0.7, 1), (2, 3.0, 2)]),
    "yvp": (lambda v, x, n: mp.bessely(v, x, derivative=n), [(1, 0.7, 1), (2, 3.0, 2)]),
    "ivp": (lambda v, x, n: mp.besseli(v, x, derivative=n), [(1, 0.7, 1), (2, 3.0, 2)]),
    "kn": (mp.besselk, [(0, 1e-9), (2, 0.3), (3, 300.0)]),
    "yn": (mp.bessely, [(0, 1e-9), (2, 0.3), (3, 300.0)]),
    "jve": (mp.besselj, [(0.5, 0.3), (3.0, 40.0)]),
    "yve": (mp.bessely, [(0.5, 0.3), (3.0, 40.0)]),
    "ive": (
        scaled(mp.besseli, -1),
        [
            (0.5, 1e-9),
            (0.0, 0.3),
            (2.0, 8.0),
            (3.0, 15.0),
            (2.3, 15.0),
            (0.0, 1e5),
            (30.0, 50.0),
            (30.0, 900.0),
            (300.0, 2.0),
            (7.7, 1e9),
        ],
    ),
    "kve": (
        scaled(mp.besselk, 1),
        [
            (0.5, 1e-9),
            (0.0, 0.3),
            (2.0, 8.0),
            (3.0, 15.0),
            (2.3, 15.0),
            (0.0, 1e5),
            (30.0, 50.0),
            (30.0, 900.0),
            (100.0, 2.0),
            (7.7, 1e9),
        ],
    ),
    "hankel1": (mp.hankel1, [(0.5, 0.3), (3.0, 40.0), (1.0, 1e5)]),
    "hankel2": (mp.hankel2, [(0.5, 0.3), (3.0, 40.0), (1.0, 1e5)]),
    "hankel1e": (lambda v, x: mp.hankel1(v, x) * mp.exp(-1j * x), [(0.5, 0.3), (3.0, 40.0), (1.0, 1e5), (0.0, 12.0)]),
    "hankel2e": (lambda v, x: mp.hankel2(v, x) * mp.exp(1j * x), [(0.5, 0.3), (3.0, 40.0), (1.0, 1e5), (0.0, 12.0)]),
    "spherical_jn": (spherical(mp.besselj), [(0, 1e-9), (2, 0.3), (3, 8.0), (1, 1e5)]),
    "spherical_yn": (spherical(mp.bessely), [(0, 1e-9), (2, 0.3), (3, 8.0), (1, 1e5)]),
    "spherical_in": (spherical(mp.besseli), [(0, 1e-9), (2, 0.3), (3, 8.0), (1, 300.0)]),
    "spherical_kn": (spherical(mp.besselk), [(0, 1e-9), (2, 0.3), (3, 8.0), (1, 300.0)]),
    "struve": (mp.struveh, [(0.5, 0.3), (2.0, 8.0), (1.0, 40.0)]),
    "modstruve": (mp.struvel, [(0.5, 0.3), (2.0, 8.0), (1.0, 40.0)]),
    # hypergeometric functions
    "hyp0f1": (mp.hyp0f1, [(1.5, 0.3), (2.5, -8.0), (0.7, 30.0)]),
    "hyp1f1": (mp.hyp1f1, [(1.5, 0.7, 0.3), (2.5, 3.5, -8.0), (0.3, 1.2, 30.0)]),
    "hyp2f1": (mp.hyp2f1, [(1.5, 0.7, 2.3, 0.3), (0.5, 0.5, 1.0, 0.99), (0.5, 1.5, 2.0, -8.0)]),
    "hyperu": (mp.hyperu, [(1.5, 0.7, 0.3), (2.5, 3.5, 8.0), (0.3, 1.2, 30.0)]),
    "pbdv": (lambda v, x: (mp.pcfd(v, x), mp.diff(lambda t: mp.pcfd(v, t), x)), [(1.5, 0.3), (2.0, 3.0), (0.5, -1.0)]),
    # polynomials
    "eval_legendre": (mp.legendre, [(0, 0.3), (3, 1e-9), (8, 0.7), (50, 0.99)]),
    "eval_chebyt": (mp.chebyt, [(0, 0.3), (3, 1e-9), (8, 0.7), (50, 0.99)]),
    "eval_chebyu": (mp.chebyu, [(0, 0.3), (3, 1e-9), (8, 0.7), (50, 0.99)]),
    "eval_chebyc": (lambda n, x: 2 * mp.chebyt(n, x / 2), [(3, 1e-9), (8, 0.7)]),
    "eval_chebys": (lambda n, x: mp.chebyu(n, x / 2), [(3, 1e-9), (8, 0.7)]),
    "eval_sh_legendre": (lambda n, x: mp.legendre(n, 2 * x - 1), [(3, 0.01), (8, 0.7)]),
    "eval_sh_chebyt": (lambda n, x: mp.chebyt(n, 2 * x - 1), [(3, 0.01), (8, 0.7)]),
    "eval_sh_chebyu": (lambda n, x: mp.chebyu(n, 2 * x - 1), [(3, 0.01), (8, 0.7)]),
    "eval_laguerre": (lambda n, x: mp.laguerre(n, 0, x), [(3, 1e-9), (8, 0.7), (20, 30.0)]),
    "eval_hermite": (mp.hermite, [(3, 1e-9), (8, 0.7), (20, 30.0)]),
    "eval_hermitenorm": (
        lambda n, x: mp.hermite(n, x / mp.sqrt(2)) / mp.sqrt(2) ** n,
        [(3, 1e-9), (8, 0.7), (20, 30.0)],
    ),
    "eval_genlaguerre": (mp.laguerre, [(3, 1, 1e-9), (8, 2, 0.7), (20, 1, 30.0)]),
    "eval_gegenbauer": (mp.gegenbauer, [(3, 1, 1e-9), (8, 2, 0.7), (20, 1, 0.9)]),
    "eval_jacobi": (mp.jacobi, [(3, 1, 2, 1e-9), (8, 2, 1, 0.7), (20, 1, 1, 0.9)]),
    "lpmv": (lambda m, v, x: mp.legenp(v, m, x, type=2), [(1, 3, 0.3), (0, 4, 0.7), (2, 2, -0.6)]),
    "assoc_laguerre": (lambda x, n: mp.laguerre(n, 0, x), [(0.3, 4), (8.0, 3)]),
    # solved for one argument
    **{
        name: (solved(name, function), points)
        for name, function, points in (
            ("gammaincinv", lower, [(0.7, 0.3), (30.0, 0.8)]),
            ("gammainccinv", upper, [(0.7, 0.3), (30.0, 1e-9)]),
            ("betaincinv", share, [(0.7, 1.3, 0.3), (3.0, 4.0, 0.8)]),
            ("betainccinv", lambda a, b, x: mp.betainc(a, b, x, 1, regularized=True), [(0.7, 1.3, 0.3)]),
            ("chdtri", lambda v, x: upper(v / 2, x / 2), [(0.7, 0.3), (30.0, 0.01)]),
            ("gdtrix", lambda a, b, x: lower(b, a * x), [(0.7, 3.0, 0.3)]),
            ("fdtri", fisher, [(3.0, 4.0, 0.3)]),
            ("stdtrit", student, [(3.0, 0.8), (0.7, 0.6)]),
            ("pdtri", lambda k, m: upper(k + 1, m), [(3, 0.3), (40, 1e-6)]),
            ("bdtri", lambda k, n, p: share(n - k, k + 1, 1 - p), [(3, 8.0, 0.3)]),
            ("nbdtri", lambda k, n, p: share(n, k + 1, p), [(3, 8, 0.3)]),
            ("kolmogi", kolmogorov, [(0.3,), (1e-9,)]),
            ("ndtri_exp", lambda x: mp.log(mp.ncdf(x)), [(-30.0,), (-5.0,), (-0.7,), (-0.1,)]),
            ("wrightomega", lambda y: y + mp.log(y), [(-700.0,), (-5.0,), (1e-9,), (3.0,), (500.0,), (1e5,)]),
            ("tklmbda", lambda b, y: (y**b - (1 - y) ** b) / b, []),
        )
    },
    "voigt_profile": (
        lambda x, s, g: mp.re(faddeeva((x + 1j * g) / (s * mp.sqrt(2)))) / (s * mp.sqrt(2 * mp.pi)),
        [(0.3, 0.7, 1.5), (-1.0, 1.0, 0.1), (1.0, 1e-3, 2.0), (1.0, 1e-8, 0.5), (1e3, 1.0, 1.0), (12.0, 1.0, 0.1)],
    ),
    "nrdtrimn": (lambda p, s, x: x - s * mp.sqrt(2) * mp.erfinv(2 * p - 1), [(0.3, 2.0, 1.5)]),
    "nrdtrisd": (lambda m, p, x: (x - m) / (mp.sqrt(2) * mp.erfinv(2 * p - 1)), [(0.5, 0.7, 1.5)]),
    "wright_bessel": (wright, [(0.5, 1.5, 0.3), (1.0, 0.0, 8.0)]),
    "log_wright_bessel": (lambda a, b, x: mp.log(wright(a, b, x)), [(0.5, 1.5, 0.3), (1.0, 0.5, 8.0)]),
    "besselpoly": (
        lambda a, k, v: mp.quad(lambda t: t**k * mp.besselj(v, 2 * a * t), [0, 1]),
        [(0.7, 1.0, 1.0), (1.5, 2.0, 0.0)],
    ),
    "wofz": (faddeeva, [(0.3,), (-1.5,)]),
    "sph_harm_y": (mp.spherharm, [(3, 1, 0.7, 0.4), (4, -2, 1.2, 2.0), (5, 0, 0.3, -1.0)]),
}
