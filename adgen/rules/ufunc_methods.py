"""Methods of ufuncs: reduce of those that are no sum, product or extreme; outer; reduceat.

y = np.subtract.outer(a, b)       ->      a_bar = np.sum(y_bar, axis=1);  b_bar = -np.sum(y_bar, axis=0)
y = np.logaddexp.reduce(a)        ->      a_bar = y_bar * np.exp(a - y)
y = np.add.reduceat(a, starts)    ->      a_bar = y_bar @ inside, one row of flags for each piece

An outer call is the elementwise function of arguments that have axes of size 1, and so are its derivatives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from adgen.ir.build import Builder
from adgen.ir.core import Op, Value
from adgen.ir.types import UNKNOWN, Array, Type
from adgen.rules import shapes
from adgen.rules.asked import as_asked, with_dtype
from adgen.rules.call import Call
from adgen.rules.folds import pieces_type
from adgen.rules.infer import as_array, axes_of, dtype_of, shape_of, ufunc_type
from adgen.rules.kinds import general, zero
from adgen.rules.lists import still_as_arrays
from adgen.rules.reductions import REDUCE, axes, kept, only, partial, reduced, reduction, spread, whole
from adgen.rules.rule import REGISTRY, Facts, Rule, TypeProblem, parse_signature, register
from adgen.rules.scattering import places, scattered


# reduce --------------------------------------------------------------------------------------------------------------
def _sensitive(name: str, text: str, kinks: str = "") -> None:
    """A reduction whose derivative by each element is a formula in the element and the result z."""

    def push(call: Call, dots: Mapping[str, Value]) -> Value | None:
        total = None
        if "a" in dots:
            part = call(f"dot * ({text})", dot=dots["a"], z=kept(call, call.y))
            total = reduced(call, "v", v=whole(call, only(call, part)))
        if "initial" in dots:
            part = call(f"dot * ({text})", dot=dots["initial"], z=call.y, a=call.values["initial"])
            total = part if total is None else shapes.add(call.b, total, part)
        return total

    def pull(call: Call, g: Value) -> Value:
        out = call(f"g * ({text})", g=kept(call, g), z=kept(call, call.y))
        return only(call, out)

    def pull_initial(call: Call, g: Value) -> Value:
        initial = call.values["initial"]
        return shapes.unbroadcast(call.b, call(f"g * ({text})", g=g, z=call.y, a=initial), initial)

    pulls = {"a": pull, "initial": pull_initial}
    general(f"np.{name}.reduce{REDUCE}", pulls, push, infer=reduction(f"np.{name}.reduce"), kinks=kinks)


_sensitive("logaddexp", "np.exp(a - z)")
_sensitive("logaddexp2", "np.exp2(a - z)")
_sensitive("hypot", "a / np.where(z == 0.0, 1.0, z)", "hypot at zero has gradient 0")


def _only_axis(call: Call) -> int:
    over = axes(call)
    if len(over) != 1:
        raise TypeProblem(f"the derivative of `{call.rule.name}` over several axes", "reduce one axis after the other")
    return over[0]


def _signs(call: Call) -> Value:
    """1 for the first element of each line, -1 for the others, and for all where there is an `initial`."""
    axis = _only_axis(call)
    if call.has("initial"):
        return call.b.const(-1.0)
    column = ", ".join([":"] + ["None"] * (call.rank("a") - 1 - axis))
    return call(f"np.where(np.arange(a.shape[{axis}]) == 0, 1.0, -1.0)[{column}]")


def _subtract_vjp(call: Call, g: Value) -> Value:
    return call("g * signs", g=spread(call, g), signs=_signs(call))


def _subtract_initial(call: Call, g: Value) -> Value:
    return shapes.unbroadcast(call.b, g, call.values["initial"])


def _subtract_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total = None
    if "a" in dots:
        part = call("signs * dot", signs=_signs(call), dot=dots["a"])
        total = reduced(call, "v", v=whole(call, only(call, part)) if partial(call) else part)
    if "initial" in dots:
        total = dots["initial"] if total is None else call("total + dot", total=total, dot=dots["initial"])
    return total


general(
    f"np.subtract.reduce{REDUCE}",
    vjp={"a": _subtract_vjp, "initial": _subtract_initial},
    jvp=_subtract_jvp,
    infer=reduction("np.subtract.reduce"),
)
for _short in "logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor gcd lcm".split():
    zero(f"np.{_short}.reduce{REDUCE}", infer=reduction(f"np.{_short}.reduce"))


# outer ---------------------------------------------------------------------------------------------------------------
def _outer_type(facts: Facts) -> Type:
    types = [as_array(type_) for type_ in facts.types[:2]]
    one, two = shape_of(types[0]), shape_of(types[1])
    name = facts.name.split(".")[1]
    wide = [Array(dtype_of(type_), ()) if isinstance(type_, Array) else type_ for type_ in types]
    found = ufunc_type(name, wide)
    if not isinstance(found, Array):
        return UNKNOWN
    return Array(found.dtype, None if one is None or two is None else (*one, *two))


def _widened(call: Call) -> tuple[Op, Value]:
    """The elementwise call that an outer one is: of `a` with axes of size 1 for those of `b`."""
    name, rank = f"np.{call.rule.name.split('.')[1]}", call.rank("b")
    a, b = call.values["a"], call.values["b"]
    if rank and call.rank("a"):
        over = tuple(range(call.rank("a"), call.rank("a") + rank))
        a = call("np.expand_dims(a, over)", over=shapes.axis_value(call.b, over))
    facts = {"args": REGISTRY[name].bind(2)}
    return Op("prim", name, (a, b), (call.y,), (), facts, call.b.span, call.b.role), a


def _outer(name: str) -> Rule:
    """The entry of `np.<name>.outer`."""
    own = REGISTRY[f"np.{name}"]

    def vjp(b: Builder, op: Op, y_bar: Value, wrt: Sequence[int]) -> list[Value | None]:
        call = Call(b, rule, still_as_arrays(b, rule, op, ("a", "b")))
        wide, a = _widened(call)
        out = own.vjp(b, wide, y_bar, wrt)
        over = shapes.axis_value(b, tuple(range(call.rank("a"), call.rank("a") + call.rank("b"))))
        for place, k in enumerate(wrt):
            part = out[place]
            if k == 0 and part is not None and a is not call.values["a"]:
                out[place] = call("np.squeeze(v, axis=over)", v=part, over=over)
        return out

    def jvp(b: Builder, op: Op, dots: Sequence[Value | None]) -> Value | None:
        call = Call(b, rule, still_as_arrays(b, rule, op, ("a", "b")))
        wide, a = _widened(call)
        first = dots[0]
        if first is not None and a is not call.values["a"]:
            over = tuple(range(call.rank("a"), call.rank("a") + call.rank("b")))
            first = call("np.expand_dims(d, over)", d=first, over=shapes.axis_value(b, over))
        return own.jvp(b, wide, [first, dots[1]])

    name_, params, result = parse_signature(with_dtype(f"np.{name}.outer(a, b)"))
    rule = register(Rule(name_, params, result, "general", as_asked(_outer_type), vjp, jvp, kinks=own.kinks))
    return rule


_BINARY = [
    name.removeprefix("np.")
    for name, entry in list(REGISTRY.items())
    if name.startswith("np.")
    and name.count(".") == 1
    and isinstance(getattr(np, name[3:], None), np.ufunc)
    and getattr(np, name[3:]).nin == 2
    and getattr(np, name[3:]).nout == 1
    and getattr(np, name[3:]).signature is None
]
for _short in _BINARY:
    if REGISTRY[f"np.{_short}"].kind == "zero" or _short == "floor_divide":
        zero(with_dtype(f"np.{_short}.outer(a, b)"), infer=as_asked(_outer_type))
    else:
        _outer(_short)


# reduceat ------------------------------------------------------------------------------------------------------------
def _inside(call: Call, axis: int) -> Value:
    """Flags [piece, place]: whether the element at a place belongs to a piece."""
    starts = call("np.array(indices)")
    size = call(f"a.shape[{axis}]")
    stops = call("np.append(starts[1:], size)", starts=starts, size=size)
    stops = call("np.maximum(stops, starts + 1)", stops=stops, starts=starts)
    text = "(np.arange(size) >= starts[:, None]) & (np.arange(size) < stops[:, None])"
    return call(text, size=size, starts=starts, stops=stops)


def _pieces_axis(call: Call) -> int:
    return axes_of(call.static("axis", 0), call.rank("a"), call.rule.name)[0]


def _along(call: Call, axis: int, value: Value, text: str, **more: Value) -> Value:
    """A formula of a value whose axis is turned to the end and back."""
    last = axis == call.rank("a") - 1
    turn = call.b.const(axis)
    v = value if last else call("np.moveaxis(v, axis, -1)", v=value, axis=turn)
    out = call(text, v=v, **more)
    return out if last else call("np.moveaxis(v, -1, axis)", v=out, axis=turn)


def _reduceat_vjp(call: Call, g: Value) -> Value:
    axis = _pieces_axis(call)
    return _along(call, axis, g, "v @ inside", inside=_inside(call, axis))


def _reduceat_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    return call.repeat([dots["a"], *call.op.operands[1:]]) if "a" in dots else None


general(
    "np.add.reduceat(a, indices, axis=0, dtype=None)",
    vjp={"a": _reduceat_vjp},
    jvp=_reduceat_jvp,
    infer=pieces_type,
)


def _first_of(call: Call) -> Value:
    """The elements at which the extreme of each piece stands (ties: the first), the axis last."""
    axis = _pieces_axis(call)
    a = _turned(call, call.values["a"], axis)
    at = call(
        "inside & (a[..., None, :] == y[..., None])", inside=_inside(call, axis), a=a, y=_turned(call, call.y, axis)
    )
    return call("np.argmax(at, axis=last)", at=at, last=call.b.const(-1))


def _turned(call: Call, value: Value, axis: int) -> Value:
    """The axis as the last one."""
    return value if axis == call.rank("a") - 1 else call("np.moveaxis(v, axis, -1)", v=value, axis=call.b.const(axis))


def _extreme_at(call: Call, g: Value) -> Value:
    axis, first = _pieces_axis(call), _first_of(call)
    if call.rank("a") == 1:
        return scattered(call, g, first, "a")
    line, last = _turned(call, places(call, "a"), axis), call.b.const(-1)
    at = call("np.take_along_axis(line, first, axis=last)", line=line, first=first, last=last)
    return scattered(call, _turned(call, g, axis), at, "a")


def _extreme_push(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    axis, first, last = _pieces_axis(call), _first_of(call), call.b.const(-1)
    if call.rank("a") == 1:
        return call("dot[first]", dot=dots["a"], first=first)
    text = "np.take_along_axis(dot, first, axis=last)"
    return _along(call, axis, dots["a"], text.replace("dot", "v"), first=first, last=last)


for _short in ("maximum", "minimum", "fmax", "fmin"):
    general(
        f"np.{_short}.reduceat(a, indices, axis=0, dtype=None)",
        vjp={"a": _extreme_at},
        jvp=_extreme_push,
        infer=pieces_type,
        kinks="ties: the first of the equal elements",
    )
