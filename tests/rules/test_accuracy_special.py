"""Derivatives of scipy.special's functions far out and near singular points, against mpmath, in both modes."""

import mpmath as mp
import numpy as np
import pytest

from adgen.battery.checks import Case, Trial

# name: (the function, where, how many units in the last place)
ONE = {
    "j0": (lambda x: mp.besselj(0, x), [1e-9, 0.3, 8.0, 100.0], 200),
    "j1": (lambda x: mp.besselj(1, x), [1e-300, 1e-9, 0.3, 8.0, 100.0], 200),
    "y0": (lambda x: mp.bessely(0, x), [1e-300, 1e-9, 0.3, 8.0], 200),
    "y1": (lambda x: mp.bessely(1, x), [1e-100, 1e-9, 0.3, 8.0], 200),
    "i1": (lambda x: mp.besseli(1, x), [1e-300, 1e-9, 0.3, 8.0, 600.0], 200),
    "k0": (lambda x: mp.besselk(0, x), [1e-300, 1e-9, 0.3, 8.0, 600.0], 200),
    "k1": (lambda x: mp.besselk(1, x), [1e-100, 1e-9, 0.3, 8.0, 600.0], 200),
    "exp1": (mp.e1, [1e-300, 1e-9, 0.3, 8.0, 600.0], 40),
    "expi": (mp.ei, [-5.0, 1e-300, 1e-9, 0.3, 8.0, 600.0], 40),
    "erfi": (mp.erfi, [1e-300, 1e-9, 0.3, 8.0, 20.0], 900),
    "erfcinv": (lambda x: mp.erfinv(1 - x), [1e-9, 0.3, 1.0, 1.9], 200),
    "gamma": (mp.gamma, [-2.5, 1e-100, 1e-9, 0.3, 8.0, 100.0, 160.0], 400),
    "psi": (mp.digamma, [1e-100, 1e-9, 0.3, 8.0, 1e8], 40),
    "cosm1": (lambda x: mp.cos(x) - 1, [1e-9, 0.3, 8.0, 1e5], 8),
    "exp2": (lambda x: mp.mpf(2) ** x, [-1000.0, 1e-9, 900.0], 8),
    "exp10": (lambda x: mp.mpf(10) ** x, [-290.0, 1e-9, 300.0], 40),
    "expm1": (mp.expm1, [-40.0, -1e-12, 1e-300, 700.0], 8),
    "log1p": (mp.log1p, [-0.5, 1e-300, 1e-12, 1e300], 8),
    "cbrt": (mp.cbrt, [1e-300, 1e-12, 0.3, 1e300], 8),
    "entr": (lambda x: -x * mp.log(x), [1e-300, 1e-9, 0.3, 1.0, 1e300], 8),
    "spence": (lambda x: mp.polylog(2, 1 - x), [1e-9, 0.3, 0.99999, 1.00001, 3.0], 200),
    "ellipkm1": (lambda p: mp.ellipk(1 - p), [1e-9, 0.3, 0.999999], 200),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), [-700.0, -40.0, 1e-9, 40.0, 700.0], 40),
    "factorial": (lambda x: mp.gamma(x + 1), [1e-9, 0.3, 100.0], 400),
    "ndtri": (lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1), [1e-9, 0.3, 0.5, 0.9], 200),
}
TWO = {
    "xlogy": (lambda a, b: a * mp.log(b), [(1e-300, 3.0), (2.0, 1e-300), (1e300, 1.0000001)], 8),
    "xlog1py": (lambda a, b: a * mp.log1p(b), [(1e-300, 3.0), (2.0, 1e-300), (1e300, 1e-7)], 8),
    "rel_entr": (lambda a, b: a * mp.log(a / b), [(1e-200, 3.0), (2.0, 5.0), (1e100, 1e-100)], 40),
    "kl_div": (lambda a, b: a * mp.log(a / b) - a + b, [(1e-9, 3.0), (2.0, 5.0), (1e9, 1e-9)], 40),
    "boxcox": (lambda a, b: mp.expm1(b * mp.log(a)) / b, [(1e-5, 0.5), (2.0, 1e-9), (1e5, -0.5)], 400),
    "boxcox1p": (lambda a, b: mp.expm1(b * mp.log1p(a)) / b, [(1e-9, 0.5), (2.0, 1e-9)], 400),
    "powm1": (lambda a, b: a**b - 1, [(1e-5, 0.5), (2.0, 1e-9), (1.0000001, 3.0), (1e100, 0.01)], 400),
    "poch": (mp.rf, [(1e-3, 2.0), (3.0, 4.0), (50.0, 20.0)], 400),
    "binom": (mp.binomial, [(10.0, 3.0), (50.5, 20.2)], 400),
    "ellipeinc": (mp.ellipe, [(0.5, 0.3), (1.5, 0.999), (0.5, -100.0)], 400),
    "ellipkinc": (mp.ellipf, [(0.5, 0.3), (1.5, 0.999), (0.5, -100.0)], 400),
}
BESSEL = {"jv": mp.besselj, "yv": mp.bessely, "iv": mp.besseli, "kv": mp.besselk}
ORDERS = [(0.5, 1e-9), (0.0, 1e-5), (2.3, 0.3), (1.0, 8.0), (10.0, 1e-3), (30.0, 50.0), (2.0, 300.0)]


def slope(function, at, place):
    """The partial derivative, to about thirty digits more than a double has."""
    at = [mp.mpf(x) for x in at]
    with mp.workdps(90):
        h = abs(at[place]) * mp.mpf(10) ** -22
        ends = [function(*(x + s * h * (k == place) for k, x in enumerate(at))) for s in (1, -1)]
        return mp.re(ends[0] - ends[1]) / (2 * h)


def judge(name, function, at, places, ulps):
    for place in places:
        exact = slope(function, at, place)
        for mode in ("forward", "reverse"):
            trial = Trial(Case(f"scipy.special.{name}", None, [np.asarray(x) for x in at]))
            one = np.asarray(1.0)
            if mode == "forward":
                found = trial.jvp({place: one})
            elif name in BESSEL:  # by their order there is none
                continue
            else:
                found = trial.vjp(one)[1][place]
            limit = ulps * np.finfo(float).eps * abs(exact) + mp.mpf(10) ** -305
            assert abs(mp.mpf(float(found)) - exact) <= limit, (mode, at, place, found, exact)


@pytest.mark.parametrize("name", ONE)
def test_functions_of_one_number(name):
    function, points, ulps = ONE[name]
    for x in points:
        judge(name, function, (x,), (0,), ulps)


@pytest.mark.parametrize("name", TWO)
def test_functions_of_two_numbers(name):
    function, points, ulps = TWO[name]
    for at in points:
        judge(name, function, at, (0, 1), ulps)


@pytest.mark.parametrize("name", BESSEL)
def test_bessel_functions_of_any_order(name):
    for at in ORDERS:
        judge(name, BESSEL[name], at, (1,), 100)


def test_a_divergence_of_near_equals():
    """By its second argument there is no difference of rounded quotients."""
    judge("kl_div", lambda a, b: a * mp.log(a / b) - a + b, (2.0, 2.0000001), (1,), 4)
