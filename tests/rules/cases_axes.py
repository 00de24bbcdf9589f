"""Calls of functions that work along axes: reductions with all keywords, cumulative functions, methods of ufuncs."""

import numpy as np

from adgen.rules import table
from adgen.rules.folds import OWN_ACCUMULATE, OWN_REDUCE, STEPS, WRONG

from .cases import Case, Const, arr, draw

MASK = np.array([[True, False, True, True], [False, True, True, False], [True, True, False, True]])
GAPS = np.array([[1.5, np.nan, 2.5, 0.25], [0.5, -0.5, np.nan, 1.0], [2.0, -1.25, 0.75, np.nan]])
AXES = (Const(None), Const(0), Const(1), Const(-1), Const((0, 1)), Const((-1, 0)))
WITH_INITIAL = "sum prod max min nansum nanprod nanmax nanmin".split()
REDUCED = "add multiply maximum minimum fmax fmin".split()


def reductions():
    for short in "sum mean prod max min var std nansum nanmean nanprod nanmax nanmin nanvar nanstd".split():
        name, data = f"np.{short}", GAPS if short.startswith("nan") else arr(3, 4)
        initial = ["initial"] if short in WITH_INITIAL else []
        low = 0.3 if "max" not in short and "min" not in short else -3.0 if "max" in short else 3.0
        extra = [low] if initial else []
        for axis in AXES if short not in ("nanmax", "nanmin", "nanvar", "nanstd") else AXES[:3]:
            yield Case(name, ("a", "axis", *initial, "where"), [data, axis, *extra, MASK])
        if not short.startswith("nan"):
            yield Case(name, ("a", "axis", *initial, "where"), [data, AXES[1], *extra, MASK[:, :1]])
            yield Case(name, ("a", "axis", *initial, "where"), [data, AXES[2], *extra, MASK[:1]])
        yield Case(name, ("a", "axis", "keepdims", *initial, "where"), [data, Const(1), Const(True), *extra, MASK])
        if initial:
            yield Case(name, ("a", "initial"), [data, low])
            yield Case(name, ("a", "axis", "initial"), [data, Const(0), np.float64(low)])
        yield Case(name, ("a", "where"), [data, Const(True)])
        yield Case(name, ("a", "axis"), [data.astype("f4"), Const(1)])
        if short not in ("max", "min", "nanmax", "nanmin"):
            yield Case(name, ("a", "axis", "dtype"), [data.astype("f4"), Const(0), Const(np.float64)])
        if short in ("sum", "prod", "mean"):
            yield Case(name, ("a", "dtype"), [data, Const(np.complex128)])
    for name in ("np.var", "np.std", "np.nanvar", "np.nanstd"):
        yield Case(name, ("a", "axis", "ddof", "where"), [arr(4, 4), Const(0), Const(1), np.eye(4) < 1])
        yield Case(name, ("a", "axis", "correction"), [arr(3, 4), Const(1), Const(1)])
    for name in ("np.var", "np.std"):
        yield Case(name, ("a", "axis", "mean"), [arr(3, 4), Const(1), arr(3, 1)])
        yield Case(name, ("a", "mean", "keepdims"), [arr(3, 4), arr(1, 1), Const(True)])
        yield Case(name, ("a",), [complex_(3, 4)])
        yield Case(name, ("a", "axis"), [complex_(3, 4), Const(0)])
    for name in ("np.sum", "np.prod", "np.mean"):
        yield Case(name, ("a", "axis"), [complex_(3, 4), Const(1)])
    yield Case("np.prod", ("a", "axis"), [arr(2, 3, 2), Const((0, 2))])
    yield Case("np.max", ("a", "axis"), [arr(2, 3, 2), Const((0, -1))])
    yield Case("np.sum", ("a", "axis"), [arr(2, 3, 2), Const(())])


def complex_(*shape, dtype="c16"):
    return (arr(*shape) + 1j * arr(*shape)).astype(dtype)


def methods():
    for short in REDUCED:
        name, low = f"np.{short}.reduce", {"maximum": -3.0, "fmax": -3.0, "minimum": 3.0, "fmin": 3.0}.get(short, 0.7)
        yield Case(name, ("a",), [arr(4)])
        yield Case(name, ("a",), [arr(3, 4)])
        for axis in AXES:
            yield Case(name, ("a", "axis"), [arr(3, 4), axis])
        yield Case(name, ("a", "axis", "keepdims", "initial", "where"), [arr(3, 4), Const(1), Const(True), low, MASK])
    for short in ("logaddexp", "logaddexp2", "hypot", "subtract"):
        yield Case(f"np.{short}.reduce", ("a",), [arr(4, kind="away")])
        yield Case(f"np.{short}.reduce", ("a",), [arr(3, 4, kind="away")])
        yield Case(f"np.{short}.reduce", ("a", "axis"), [arr(3, 4, kind="away"), Const(-1)])
        yield Case(f"np.{short}.reduce", ("a", "axis", "keepdims"), [arr(3, 4, kind="away"), Const(1), Const(True)])
        every = ("a", "axis", "keepdims", "initial", "where")
        yield Case(f"np.{short}.reduce", every, [arr(3, 4, kind="away"), Const(1), Const(True), 0.7, MASK])
        yield Case(f"np.{short}.reduce", ("a", "initial"), [arr(3, 4, kind="away"), 0.7])
    for short in ("logaddexp", "hypot"):
        yield Case(f"np.{short}.reduce", ("a", "axis"), [arr(3, 4, kind="away"), Const(None)])
        yield Case(f"np.{short}.reduce", ("a", "axis", "where"), [arr(3, 4, kind="away"), Const((0, 1)), MASK])
    yield from folds()
    for name in table.names():
        if name.endswith(".outer"):
            yield from outer(name)
    for short in ("add", "maximum", "minimum", "fmax", "fmin"):
        starts = np.array([0, 3, 1, 4, 4])
        yield Case(f"np.{short}.reduceat", None, [arr(6), starts])
    yield Case("np.add.reduceat", ("a", "indices", "axis"), [arr(6, 2), starts, Const(0)])
    yield Case("np.add.reduceat", ("a", "indices", "axis"), [arr(2, 6), starts, Const(1)])
    yield Case("np.add.reduceat", ("a", "indices"), [arr(6, dtype="f4"), starts])


def folds():
    """Ufuncs that are no sums: of positive numbers, none of which is near a jump."""
    starts = np.array([0, 3, 1, 4, 4])
    for short in [short for short in STEPS if short not in WRONG]:
        line, table_ = (arr(*shape, kind="positive") for shape in ((6,), (3, 4)))
        if short not in OWN_REDUCE:
            name = f"np.{short}.reduce"
            yield Case(name, ("a",), [line])
            yield Case(name, ("a",), [arr(3, kind="positive", dtype="f4")])
            yield Case(name, ("a", "axis", "keepdims"), [table_, Const(-1), Const(True)])
            yield Case(name, ("a", "axis", "initial"), [arr(2, 3, 2, kind="positive"), Const(1), 1.3])
            yield Case(name, ("a", "axis", "initial", "where"), [table_, Const(1), 1.3, MASK])
            yield Case(name, ("a", "keepdims", "initial", "where"), [table_, Const(True), 1.3, MASK[:1]])
        yield Case(f"np.{short}.reduceat", None, [line, starts])
        yield Case(f"np.{short}.reduceat", ("a", "indices", "axis"), [table_, np.array([2, 0, 1]), Const(1)])
        yield Case(f"np.{short}.reduceat", ("a", "indices"), [arr(2, 3, 2, kind="positive"), np.array([0, 1])])
    for short in [short for short in STEPS if short not in OWN_ACCUMULATE]:
        name = f"np.{short}.accumulate"
        yield Case(name, ("a",), [arr(5, kind="positive")])
        yield Case(name, ("a",), [arr(3, 4, kind="positive")])
        for axis in (1, -2):
            yield Case(name, ("a", "axis"), [arr(2, 3, 2, kind="positive"), Const(axis)])
    for short in ("maximum", "fmin"):
        for axis in (0, -1):
            yield Case(f"np.{short}.reduceat", ("a", "indices", "axis"), [table_, np.array([1, 0, 2]), Const(axis)])


def outer(name):
    rule = table.lookup(name.removesuffix(".outer"))
    if rule is None or rule.kind == "zero" or set(rule.formulas) == {"0"}:
        return
    if name == "np.heaviside.outer":
        yield Case(name, None, [np.array([-1, 0, 2]), arr(3)])
        return
    one, two = (rule.domain.get(param, "any") for param in ("a", "b"))
    for shape_a, shape_b in (((3,), (2,)), ((2, 2), (3,)), ((3,), ()), ((), (3,)), ((2,), (1, 2))):
        yield Case(name, None, [arr(*shape_a, kind=one), arr(*shape_b, kind=two)])


def scans():
    for name in ("np.cumsum", "np.cumprod", "np.nancumsum", "np.nancumprod"):
        data = GAPS if "nan" in name else arr(3, 4)
        yield Case(name, ("a",), [data[0]])
        yield Case(name, ("a",), [data])
        yield Case(name, ("a",), [draw("any", ())])
        for axis in (0, -1):
            yield Case(name, ("a", "axis"), [data, Const(axis)])
        yield Case(name, ("a", "axis", "dtype"), [data.astype("f4"), Const(1), Const(np.float64)])
    for name in ("np.cumulative_sum", "np.cumulative_prod"):
        for first in (False, True):
            yield Case(name, ("x", "include_initial"), [arr(4), Const(first)])
            yield Case(name, ("x", "axis", "include_initial"), [arr(3, 4), Const(0), Const(first)])
            yield Case(name, ("x", "axis", "include_initial"), [arr(3, 4), Const(-1), Const(first)])
    for short in "add multiply subtract maximum minimum fmax fmin logaddexp logaddexp2".split():
        name = f"np.{short}.accumulate"
        yield Case(name, ("a",), [arr(5)])
        yield Case(name, ("a",), [arr(5, dtype="f4")])
        yield Case(name, ("a",), [arr(3, 4)])
        for axis in (1, -2):
            yield Case(name, ("a", "axis"), [arr(3, 4), Const(axis)])
        yield Case(name, ("a", "axis"), [arr(2, 3, 2), Const(1)])


def all_of():
    return [*reductions(), *methods(), *scans()]
