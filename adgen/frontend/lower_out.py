"""`out=`: the result of a function is written into an array that exists.

np.add(x, y, out=z)                    z[...] = np.add(x, y)
np.log(x, out=z, where=m)              z[...] = np.where(m, np.log(np.where(m, x, 1.0)), z)
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

import numpy as np

from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_stores import whole, writable
from adgen.frontend.lower_things import Group, Poison, Poisoned, Thing, content_type, type_of
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Array, Ref, Static, Struct, show
from adgen.rules import shapes, table
from adgen.rules.asked import is_ufunc
from adgen.rules.masks import SINGULAR
from adgen.rules.rule import Rule

# where `out` stands among the arguments of what is no ufunc
POSITION = {
    f"np.{name}": place
    for place, names in (
        (2, "dot outer max min ptp median round choose concatenate stack"),
        (3, "clip sum prod mean var std cumsum cumprod take compress percentile quantile"),
        (3, "nansum nanprod nanmean nanvar nanstd"),
        (5, "trace"),
    )
    for name in names.split()
}
ROUNDING = ("np.round", "np.fix")  # no ufuncs, and no derivative, but of floats


def into(
    low: Lowering, name: str, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr, label: str
) -> Thing | None:
    """A call with `out`; None where `out` is None, and the call is like any other."""
    from adgen.frontend.lower_calls import rule

    target = keywords["out"]
    if isinstance(target, Value) and target.type == Static(None):
        return None
    if isinstance(target, Group) and target.kind == "tuple" and len(target.items) == 1:
        target = target.items[0]
    if isinstance(target, Poison):
        raise Poisoned
    found = table.lookup(name)
    ufunc = is_ufunc(name) or name in ROUNDING
    if found is None or not name.startswith("np.") or (found.kind == "zero" and not ufunc):
        raise Reject("E0125", node, "its result is not written by the rules that are known", name=label)
    rest = {key: thing for key, thing in keywords.items() if key != "out"}
    mask = rest.pop("where", None) if found.kind == "elementwise" or ufunc else None
    if isinstance(target, Group) and target.kind == "tuple" and ufunc and mask is None:
        return _each(low, name, args, rest, target, node, label)
    ref = writable(low, target, node)
    if mask is not None and name in SINGULAR:
        args = [safe(low, name, mask, thing, node) for thing in args]
    value = low.content(rule(low, name, args, rest, node, "", "", label))
    if mask is not None:
        value = low.content(low.prim("np.where", [mask, value, low.load(ref)], node))
    fitting(found, value, ref, node, label)
    whole(low, ref, value, node, out="out")
    return ref


def _each(
    low: Lowering,
    name: str,
    args: Sequence[Thing],
    rest: Mapping[str, Thing],
    targets: Group,
    node: ast.expr,
    label: str,
) -> Thing:
    """`np.modf(x, out=(part, whole))`: a ufunc of several results writes each, unless None stands in its place."""
    from adgen.frontend.lower_calls import rule

    found = table.lookup(name)
    out = rule(low, name, args, rest, node, "", "", label)
    several = isinstance(out, Value) and isinstance(out.type, Struct)
    results = [low.b.item(low.content(out), k) for k in range(len(targets.items))] if several else []
    if found is None or len(results) != len(targets.items):
        raise Reject("E0125", node, "it has another number of results", name=label)
    written: list[Thing] = []
    for target, value in zip(targets.items, results, strict=True):
        if isinstance(target, Value) and target.type == Static(None):
            written.append(value)
            continue
        ref, content = writable(low, target, node), low.content(value)
        fitting(found, content, ref, node, label)
        whole(low, ref, content, node, out="out")
        written.append(ref)
    return Group("tuple", targets.keys, tuple(written))


def with_out(
    name: str, args: Sequence[Thing], keywords: Mapping[str, Thing]
) -> tuple[Sequence[Thing], Mapping[str, Thing]]:
    """`np.add(x, y, z)`: the last argument of a ufunc that has all its operands is `out`."""
    ufunc = getattr(np, name.removeprefix("np."), None) if name.startswith("np.") else None
    operands = ufunc.nin if isinstance(ufunc, np.ufunc) else POSITION.get(name)
    if isinstance(ufunc, np.ufunc) and ufunc.nout > 1 and len(args) == ufunc.nargs and "out" not in keywords:
        keys = tuple(str(k) for k in range(ufunc.nout))
        return args[: ufunc.nin], {**keywords, "out": Group("tuple", keys, tuple(args[ufunc.nin :]))}
    if operands is None or len(args) != operands + 1 or "out" in keywords:
        return args, keywords
    return args[:-1], {**keywords, "out": args[-1]}


def safe(low: Lowering, name: str, mask: Thing, thing: Thing, node: ast.expr) -> Thing:
    """An argument without the elements that NumPy does not look at: they would warn."""
    type_ = content_type(type_of(thing)) if isinstance(thing, Value) else None
    if not isinstance(type_, Array) or type_.shape == () or not type_.dtype or type_.dtype[0] != "f":
        return thing
    return low.prim("np.where", [mask, thing, low.b.const(SINGULAR[name])], node)


def may_fit(given: Array, content: Array) -> bool:
    """Whether a result may have exactly the shape of what it is written to: nothing is broadcast there."""
    if given.shape is None or content.shape is None or len(given.shape) != len(content.shape):
        return False
    pairs = list(zip(given.shape, content.shape, strict=True))
    return shapes.same_shape(given, content) is not False and not any(
        (one == 1) != (other == 1) for one, other in pairs
    )


def fitting(found: Rule, value: Value, ref: Value, node: ast.expr, label: str) -> None:
    """NumPy refuses a result of another kind of number, or (of a reduction) of another shape: so must this."""
    content = ref.type.content if isinstance(ref.type, Ref) else ref.type
    given = value.type
    if not isinstance(content, Array) or not isinstance(given, Array) or given.dtype is None or content.dtype is None:
        raise Reject("E0125", node, f"{show(given)} is written to {show(content)}: annotate both", name=label)
    if given.dtype != content.dtype and (content.dtype[0], given.dtype[0]) not in (("f", "f"), ("c", "c"), ("c", "f")):
        raise Reject("E0125", node, f"{show(given)} does not go into {show(content)}", name=label)
    single = found.kind == "elementwise" or is_ufunc(found.name) or found.name in ROUNDING
    if not single and given.dtype != content.dtype:
        raise Reject(
            "E0125", node, f"{show(content)} decides in which dtype NumPy adds up", "give both one dtype", name=label
        )
    if not single and not may_fit(given, content):
        raise Reject("E0125", node, f"{show(given)} may not have the shape of {show(content)}", name=label)
