"""Exact derivatives of functions of numbers, in mpmath, and where they are looked at: from 1e-300 to 1e300."""

import mpmath as mp
import numpy as np

MAGNITUDES = [1e-300, 1e-200, 1e-160, 1e-150, 1e-100, 1e-50, 1e-20, 1e-12, 1e-8, 1e-4, 0.01, 0.1, 0.5, 0.9, 1.0, 1.1]
MAGNITUDES += [2.0, 3.0, 7.0, 10.0, 20.0, 40.0, 100.0, 300.0, 700.0, 1e3, 1e4, 1e5, 1e8, 1e12, 1e20, 1e50]
MAGNITUDES += [1e100, 1e150, 1e154, 1e155, 1e160, 1e200, 1e300]
NEAR_ONE = [1e-15, 1e-12, 1e-8, 1e-4, 0.1, 0.5]

POSITIVE = MAGNITUDES
ANY = [*(-x for x in MAGNITUDES), *MAGNITUDES]
UNIT = [x for x in ANY if abs(x) < 0.9] + [sign * (1.0 - d) for sign in (-1, 1) for d in NEAR_ONE]
ABOVE_ONE = [x for x in POSITIVE if x > 1.0] + [1.0 + d for d in (3e-16, *NEAR_ONE)]
ABOVE_MINUS_ONE = [-x for x in POSITIVE if x < 0.9] + POSITIVE + [d - 1.0 for d in NEAR_ONE]


def sinc_slope(x):
    with mp.workdps(700):
        t = mp.pi * x
        return (mp.cos(t) - mp.sin(t) / t) / x


def share(log_base):
    """The derivative of log(base**a + base**b) by a."""
    return lambda a, b: 1 / (1 + mp.exp(log_base() * (b - a)))


def above(a, b):
    """The share of the larger of two numbers: ties are equal."""
    return (mp.sign(a - b) + 1) / 2


def swapped(slope):
    return lambda a, b: slope(b, a)


SLOPES = {  # name, without its module: the points, and the exact derivatives by each argument
    "sin": (ANY, mp.cos),
    "cos": (ANY, lambda x: -mp.sin(x)),
    "tan": (ANY, lambda x: mp.sec(x) ** 2),
    "asin": (UNIT, lambda x: 1 / mp.sqrt((1 - x) * (1 + x))),
    "acos": (UNIT, lambda x: -1 / mp.sqrt((1 - x) * (1 + x))),
    "atan": (ANY, lambda x: 1 / (1 + x * x)),
    "sinh": (ANY, mp.cosh),
    "cosh": (ANY, mp.sinh),
    "tanh": (ANY, lambda x: mp.sech(x) ** 2),
    "asinh": (ANY, lambda x: 1 / mp.sqrt(1 + x * x)),
    "acosh": (ABOVE_ONE, lambda x: 1 / mp.sqrt((x - 1) * (x + 1))),
    "atanh": (UNIT, lambda x: 1 / ((1 - x) * (1 + x))),
    "exp": (ANY, mp.exp),
    "exp2": (ANY, lambda x: mp.log(2) * mp.mpf(2) ** x),
    "expm1": (ANY, mp.exp),
    "log": (POSITIVE, lambda x: 1 / x),
    "log2": (POSITIVE, lambda x: 1 / (x * mp.log(2))),
    "log10": (POSITIVE, lambda x: 1 / (x * mp.log(10))),
    "log1p": (ABOVE_MINUS_ONE, lambda x: 1 / (1 + x)),
    "sqrt": (POSITIVE, lambda x: 1 / (2 * mp.sqrt(x))),
    "cbrt": (ANY, lambda x: 1 / (3 * mp.cbrt(x * x))),
    "square": (ANY, lambda x: 2 * x),
    "reciprocal": (ANY, lambda x: -1 / (x * x)),
    "abs": (ANY, mp.sign),
    "fabs": (ANY, mp.sign),
    "sinc": (ANY, sinc_slope),
    "i0": (ANY, lambda x: mp.besseli(1, x)),
    "erf": (ANY, lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-x * x)),
    "erfc": (ANY, lambda x: -2 / mp.sqrt(mp.pi) * mp.exp(-x * x)),
    "gamma": (ABOVE_MINUS_ONE, lambda x: mp.gamma(x) * mp.digamma(x)),
    "lgamma": (ABOVE_MINUS_ONE, mp.digamma),
    "deg2rad": (ANY, lambda x: mp.pi / 180),
    "radians": (ANY, lambda x: mp.pi / 180),
    "rad2deg": (ANY, lambda x: 180 / mp.pi),
    "degrees": (ANY, lambda x: 180 / mp.pi),
    "negative": (ANY, lambda x: -1),
    "positive": (ANY, lambda x: 1),
    "neg": (ANY, lambda x: -1),
    "pos": (ANY, lambda x: 1),
    "real_if_close": (ANY, lambda x: 1),
    "nan_to_num": (ANY, lambda x: 1),
    "hermweight": (ANY, lambda x: -2 * x * mp.exp(-x * x)),
    "hermeweight": (ANY, lambda x: -x * mp.exp(-x * x / 2)),
    "lagweight": (ANY, lambda x: -mp.exp(-x)),
    "legweight": (ANY, lambda x: 0),
    "chebweight": (UNIT, lambda x: x / ((1 - x) * (1 + x)) ** mp.mpf(1.5)),
    "add": (ANY, lambda a, b: 1, lambda a, b: 1),
    "sub": (ANY, lambda a, b: 1, lambda a, b: -1),
    "subtract": (ANY, lambda a, b: 1, lambda a, b: -1),
    "mul": (ANY, lambda a, b: b, lambda a, b: a),
    "multiply": (ANY, lambda a, b: b, lambda a, b: a),
    "div": (ANY, lambda a, b: 1 / b, lambda a, b: -a / (b * b)),
    "divide": (ANY, lambda a, b: 1 / b, lambda a, b: -a / (b * b)),
    "hypot": (ANY, lambda a, b: a / mp.hypot(a, b), lambda a, b: b / mp.hypot(a, b)),
    "atan2": (ANY, lambda a, b: b / (a * a + b * b), lambda a, b: -a / (a * a + b * b)),
    "logaddexp": (ANY, share(lambda: 1), swapped(share(lambda: 1))),
    "logaddexp2": (ANY, share(lambda: mp.log(2)), swapped(share(lambda: mp.log(2)))),
    "pow": (POSITIVE, lambda a, b: b * mp.power(a, b - 1), lambda a, b: mp.log(a) * mp.power(a, b)),
    "copysign": (ANY, lambda a, b: mp.sign(a) * mp.sign(b), lambda a, b: 0),
    "maximum": (ANY, above, swapped(above)),
    "minimum": (ANY, swapped(above), above),
    "mod": (ANY, lambda a, b: 1, lambda a, b: -mp.floor(a / b)),
    "fmod": (ANY, lambda a, b: 1, lambda a, b: -mp.sign(a / b) * mp.floor(abs(a / b))),
    "remainder": (ANY, lambda a, b: 1, lambda a, b: -mp.nint(a / b)),
    "heaviside": (ANY, lambda a, b: 0, lambda a, b: 0),
    "nextafter": (ANY, lambda a, b: 1, lambda a, b: 0),
    "floordiv": (ANY, lambda a, b: 0, lambda a, b: 0),
}
ALSO = {
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
}
ALSO |= {"arctan2": "atan2", "power": "pow", "float_power": "pow", "fmax": "maximum", "fmin": "minimum"}
ALSO |= {"floor_divide": "floordiv"}


def slopes_of(name):
    """(points for each argument, exact derivatives) of an entry; None where there are none."""
    short = name.rpartition(".")[2]
    found = SLOPES.get(ALSO.get(short, short))
    return found and (found[0], found[1:])


def points_of(points, count, dtype=np.float64):
    """Arguments within the range of a dtype: all the points, or pairs of every seventh with every fifth."""
    info = np.finfo(dtype)
    points = [x for x in points if 4.0 * float(info.tiny) < abs(x) < float(info.max) / 4.0]
    points = sorted({float(dtype(x)) for x in points})
    if count == 1:
        return [(x,) for x in points]
    others = points if points[0] < 0.0 else [*(-x for x in points), *points]
    pairs = [(a, b) for a in points[::9] for b in others[::7]]
    return pairs + [(a, a * k) for a in points[::7] for k in (1.0, 2.0, -0.5)]
