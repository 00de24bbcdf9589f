"""Calls of functions that take numbers apart or repair them, of grids between two ends, of sets of values."""

import numpy as np

from .cases import Case, Const, arr, draw

X = np.array([0.3, -5.1, 12.7, 0.01])


def parts():
    for one, two in ((X, arr(4, kind="away")), (X, 0.7), (2.3, arr(3, kind="away")), (arr(3, 1), arr(2, kind="away"))):
        yield Case("np.divmod", None, [one, two])
    for name in ("np.modf", "np.frexp"):
        for value in (X, X.reshape(2, 2), 2.7, X.astype("f4")):
            yield Case(name, None, [value])


def repaired():
    holes = np.array([1.5, np.nan, np.inf, -np.inf, 0.5])
    yield Case("np.nan_to_num", ("x",), [arr(3)])
    yield Case("np.nan_to_num", ("x", "nan"), [holes[:2], 0.25])
    names = ("x", "nan", "posinf", "neginf")
    yield Case("np.nan_to_num", names, [arr(4), 0.25, 1.0, -1.0])
    yield Case("np.i0", None, [np.array([[0.0, 1.5], [-20.0, 0.001]])])


def grids():
    for more in ({}, {"num": Const(5)}, {"num": Const(4), "endpoint": Const(False)}):
        yield Case("np.geomspace", ("start", "stop", *more), [0.5, 3.0, *more.values()])
        yield Case("np.logspace", ("start", "stop", *more), [-0.5, 0.7, *more.values()])
    for one, two in ((0.5, 3.0), (arr(3), 0.7), (arr(2, 1), arr(3)), (0.5, arr(2, 2))):
        yield Case("np.linspace", ("start", "stop", "num"), [one, two, Const(4)])
        yield Case("np.linspace", ("start", "stop", "num", "endpoint"), [one, two, 5, Const(False)])
    yield Case("np.logspace", ("start", "stop", "num", "base"), [-0.5, 0.7, Const(4), 2.5])


def arrays():
    for name in ("np.asanyarray", "np.asfortranarray", "np.asarray_chkfinite", "np.require"):
        yield Case(name, None, [arr(3)])
        yield Case(name, None, [[arr(3), arr(3)]])
        yield Case(name, ("a", "dtype"), [arr(2, 3), Const(np.float32)])
    yield Case("np.astype", ("x", "dtype"), [arr(3), Const(np.float32)])
    yield Case("np.astype", ("x", "dtype"), [arr(3, dtype="f4"), Const(np.float64)])


def sets():
    one, two = np.array([0.5, 1.5, 0.25]), np.array([2.5, -0.5])
    for name in ("np.union1d", "np.setxor1d", "np.setdiff1d"):
        yield Case(name, None, [one, two])
        yield Case(name, None, [one, two.reshape(2, 1)] if name != "np.setxor1d" else [two, one])
    for name in ("np.unique_all", "np.unique_counts", "np.unique_inverse"):
        yield Case(name, None, [arr(4)])
        yield Case(name, None, [arr(2, 3)])
    yield Case("np.sort_complex", None, [arr(4) + 1j * arr(4)])
    yield Case("np.sort_complex", None, [draw("any", 4)])


def all_of():
    return [*parts(), *repaired(), *grids(), *arrays(), *sets()]
