"""Calls of polynomials, fits and covariances."""

import numpy as np

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


def covariances():
    yield Case("np.cov", ("m",), [arr(5)])
    yield Case("np.cov", ("m",), [arr(3, 5)])
    yield Case("np.cov", ("m", "bias"), [arr(3, 5), Const(True)])
    for rowvar in (True, False):
        yield Case("np.cov", ("m", "rowvar", "ddof"), [arr(4, 3), Const(rowvar), Const(0)])
        yield Case("np.corrcoef", ("m", "rowvar"), [arr(4, 3), Const(rowvar)])


def all_of():
    return [*of_numpy(), *of_bases(), *covariances()]
