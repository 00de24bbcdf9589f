"""Calls of polynomials, fits and covariances."""

import numpy as np

from adgen.rules import table
from adgen.rules.polynomials import BASES

from .cases import Case, Const, arr
from .cases_complex import z


def of_numpy():
    for one, two in ((3, 5), (5, 3), (4, 4), (1, 3)):
        for name in ("np.polyadd", "np.polysub", "np.polymul"):
            yield Case(name, None, [arr(one, kind="away"), arr(two, kind="away")])
    for name in ("np.polyder", "np.polyint"):
        yield Case(name, ("p",), [arr(4)])
        yield Case(name, ("p",), [arr(4, dtype="f4")])
        for m in (0, 2, 3):
            yield Case(name, ("p", "m"), [arr(5), Const(m)])
            yield Case(name, ("p", "m"), [arr(2), Const(m)])
    for size in (1, 3, 5):
        yield Case("np.poly", None, [arr(size)])
    yield Case("np.roots", None, [z(4)])
    yield Case("np.roots", None, [np.array([1.0, 0.3, 2.0])])
    for more in ({}, {"w": arr(6, kind="positive")}):
        for right in (arr(6), arr(6, 2)):
            yield Case(
                "np.polyfit", ("x", "y", "deg", *more), [np.linspace(-1.0, 1.2, 6), right, Const(2), *more.values()]
            )


def of_bases():
    for module, short in BASES.items():
        p = f"np.polynomial.{module}.{short}"
        for x in (0.4, arr(3), arr(2, 3)):
            yield Case(f"{p}val", None, [x, arr(4)])
        yield Case(f"{p}val", None, [arr(3), arr(1)])
        for degree in (0, 1, 3):
            yield Case(f"{p}vander", None, [arr(3), Const(degree)])
        yield Case(f"{p}vander", None, [arr(2, 3), 2])
        for name in ("der", "int"):
            yield Case(f"{p}{name}", ("c",), [arr(4)])
            yield Case(f"{p}{name}", ("c", "m"), [arr(4, 2), Const(2)])
        for one, two in ((3, 5), (5, 3), (4, 4)):
            for name in ("add", "sub"):
                yield Case(f"{p}{name}", None, [arr(one), arr(two)])
        yield Case(f"{p}roots", None, [z(4)])
        yield Case(f"{p}fit", ("x", "y", "deg"), [np.linspace(-1.0, 1.2, 6), arr(6), Const(2)])
    for one, two in ((3, 5), (5, 3), (4, 4)):
        yield Case("np.polynomial.polynomial.polymul", None, [arr(one), arr(two)])


def of_all_bases():
    for module, short in BASES.items():
        p = f"np.polynomial.{module}.{short}"
        if module != "polynomial":
            for one, two in ((3, 2), (1, 3)):
                yield Case(f"{p}mul", None, [arr(one), arr(two)])
            yield Case(f"np.polynomial.{module}.poly2{short}", None, [arr(4)])
            yield Case(f"np.polynomial.{module}.{short}2poly", None, [arr(4)])
            yield Case(f"{p}weight", None, [0.5 * arr(3)])
        for power in (1, 2, 3):
            yield Case(f"{p}pow", None, [arr(3), Const(power)])
        for size in (2, 4):
            yield Case(f"{p}mulx", None, [arr(size)])
            yield Case(f"{p}fromroots", None, [arr(size)])
        yield Case(f"{p}trim", None, [arr(3)])
        yield Case(f"{p}trim", ("c", "tol"), [np.array([0.5, 1.5, 0.01]), Const(0.1)])
        yield Case(f"{p}line", None, [0.4, 0.7])
        for count, points in ((2, [arr(3), arr(3)]), (3, [arr(2, 2), arr(2, 2), arr(2, 2)])):
            c = arr(*(2, 3, 2)[:count])
            yield Case(f"{p}val{count}d", None, [*points, c])
            yield Case(f"{p}grid{count}d", None, [*(arr(k + 2) for k in range(count)), c])
            if table.lookup(f"{p}valnd") is not None:  # NumPy 2.5
                yield Case(f"{p}valnd", None, [tuple(points), c])
                yield Case(f"{p}valnd", None, [np.stack(points), c])
            yield Case(f"{p}vander{count}d", None, [*points, Const((1, 2, 1)[:count])])
    yield Case("np.polynomial.polynomial.polyvalfromroots", None, [arr(2, 3), arr(4)])


def covariances():
    yield Case("np.cov", ("m",), [arr(5)])
    yield Case("np.cov", ("m",), [arr(3, 5)])
    yield Case("np.cov", ("m", "bias"), [arr(3, 5), Const(True)])
    for rowvar in (True, False):
        yield Case("np.cov", ("m", "rowvar", "ddof"), [arr(4, 3), Const(rowvar), Const(0)])
        yield Case("np.corrcoef", ("x", "rowvar"), [arr(4, 3), Const(rowvar)])


def all_of():
    return [*of_numpy(), *of_bases(), *of_all_bases(), *covariances()]
