"""Axes that are kept or made to be dropped at once, and copies of what is new.  Exact, in derivative code only.

np.sum(x, axis=0, keepdims=True)[0]        np.sum(x, axis=0)
np.expand_dims(g, 1)                       g[:, None]
(-y)[0], (2.0 * g)[:, None]                -y[0], 2.0 * g[:, None]
(x * y).copy()                             x * y
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from adgen.ir.core import Op, Value
from adgen.ir.types import Array
from adgen.optimise.rewrite import Rule, Site
from adgen.rules.table import lookup
from adgen.rules.views import shares

NEW = ("np.sum", "np.mean", "matmul", "np.outer")  # beside all elementwise functions: their results are new arrays


def kept_axes(site: Site, op: Op) -> Op | None:
    """A sum that keeps its axes, indexed by 0 there."""
    spec, base = op.attrs["spec"], op.operands[0]
    found = site.inner(base, "np.sum")
    if op.role == "primal" or found is None or not isinstance(spec, tuple) or not isinstance(base.type, Array):
        return None
    if any(part not in ("i", "s000") for part in spec) or any(site.number(k) != 0 for k in op.operands[1:]):
        return None
    args, statics = found.attrs["args"], found.attrs.get("statics")
    if args != ("a", "axis", "keepdims") or not isinstance(statics, Mapping) or statics.get("keepdims") is not True:
        return None
    axis = statics.get("axis")
    axes = [axis] if isinstance(axis, int) else list(axis) if isinstance(axis, tuple) else []
    rank = len(base.type.shape) if base.type.shape is not None else None
    if rank is None or sorted(k % rank for k in axes) != [k for k, part in enumerate(spec) if part == "i"]:
        return None
    attrs = {"args": args[:2], "statics": {"axis": axis}}
    return replace(op, kind="prim", name="np.sum", operands=found.operands[:2], attrs=attrs)


def new_axes(site: Site, op: Op) -> Op | None:
    """New axes by an index: what one writes, and five times faster."""
    base, result = op.operands[0].type, op.result.type
    statics = op.attrs.get("statics")
    if op.role == "primal" or not isinstance(base, Array) or not isinstance(result, Array) or result.shape is None:
        return None
    axis = statics.get("axis") if isinstance(statics, Mapping) else None
    axes = [axis] if isinstance(axis, int) else list(axis) if isinstance(axis, tuple) else []
    if not axes or not base.shape or len(base.shape) + len(axes) != len(result.shape):
        return None
    spec = ["s000"] * len(result.shape)
    for place in axes:
        spec[place] = "n"
    while spec[-1] == "s000":
        spec.pop()
    return replace(op, kind="index", name="", operands=op.operands[:1], attrs={"spec": tuple(spec)})


def factor_first(site: Site, op: Op) -> Op | None:
    """A literal factor in front of new axes, where it meets others."""
    spec = op.attrs["spec"]
    if op.role == "primal" or not isinstance(spec, tuple) or any(part not in ("n", "s000") for part in spec):
        return None
    found = site.inner(op.operands[0], "mul")
    if found is None or site.number(found.operands[0]) is None or found.operands[1].type != op.operands[0].type:
        return None
    whole = site.build.emit("index", "", (found.operands[1],), op.result.type, attrs=op.attrs)
    return site.redo(op, "mul", (found.operands[0], whole))


def negative_first(site: Site, op: Op) -> Op | None:
    """A part of a negative is the negative of a part."""
    found = site.inner(op.operands[0], "neg")
    if op.role == "primal" or found is None or not isinstance(op.result.type, Array):
        return None
    part = site.build.emit("index", "", (found.operands[0], *op.operands[1:]), op.result.type, attrs=op.attrs)
    return replace(op, kind="prim", name="neg", operands=(part,), attrs={"args": ("x",)})


def copies(site: Site, op: Op) -> Value | None:
    """A copy of an array that was made for it."""
    made = site.define(op.operands[0])
    if (
        op.role == "primal"
        or op.attrs.get("said")
        or made is None
        or made.kind != "prim"
        or not isinstance(op.operands[0].type, Array)
    ):
        return None
    rule = lookup(made.name)
    new = made.name in NEW or (rule is not None and rule.kind == "elementwise" and not shares(made))
    return op.operands[0] if new and site.inner(op.operands[0], made.name) is not None else None


RULES: dict[str, list[Rule]] = {
    "index": [kept_axes, negative_first, factor_first],
    "np.expand_dims": [new_axes],
    "copy": [copies],
}
