"""np.pad: every mode whose result follows the array smoothly.

y = np.pad(a, (2, 1))                    ->      a_bar = y_bar[2 : 2 + a.shape[0]]
y = np.pad(a, 2, mode="reflect")         ->      each y_bar is added where its element stands
y = np.pad(a, 2, mode="linear_ramp")     ->      a_bar = y_bar @ the same pad of the unit vectors
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, ListOf, Struct, Type, Unknown
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call, filled
from adgen.rules.composed import pulled, pushed
from adgen.rules.infer import as_content, dtype_of, plain, rank_of, shape_of
from adgen.rules.kinds import general
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.scattering import places, scattered

MOVES = ("edge", "reflect", "symmetric", "wrap")  # elements are copied
STATISTICS = {"maximum": "np.max", "minimum": "np.min", "median": "np.median"}  # of elements near the ends
MATRICES = ("mean", "linear_ramp")  # sums of elements
OPTIONS = ("mode", "stat_length", "reflect_type")


def widths(given: object, rank: int) -> tuple[tuple[int, int], ...]:
    """How much is added before and after each axis.

    >>> widths(2, 2), widths((1, 2), 1), widths(((1, 2), (0, 3)), 2), widths({-1: (1, 2)}, 2)
    (((2, 2), (2, 2)), ((1, 2),), ((1, 2), (0, 3)), ((0, 0), (1, 2)))
    """
    if isinstance(given, dict):
        found = {axis % rank: value for axis, value in given.items()}
        return tuple(_both(found.get(axis, 0)) for axis in range(rank))
    if isinstance(given, int):
        return ((given, given),) * rank
    if not isinstance(given, (tuple, list)):
        raise TypeProblem(f"`np.pad` by {given!r}", "give numbers")
    parts = [_both(part) for part in given] if any(not isinstance(part, int) for part in given) else [_both(given)]
    if len(parts) == 1:
        return tuple(parts) * rank
    if len(parts) != rank:
        raise TypeProblem(f"`np.pad` by {len(parts)} pairs for an array of rank {rank}", "give one pair for each axis")
    return tuple(parts)


def _both(part: object) -> tuple[int, int]:
    if isinstance(part, int):
        return part, part
    assert isinstance(part, (tuple, list))
    return (part[0], part[0]) if len(part) == 1 else (part[0], part[1])


def _pad_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    shape = shape_of(type_)
    if shape is None:
        return UNKNOWN if isinstance(type_, Unknown) else Array(dtype_of(type_), None)
    if "pad_width" not in facts.statics:
        return Array(dtype_of(type_), (None,) * len(shape))
    added = widths(facts.statics["pad_width"], len(shape))
    return Array(dtype_of(type_), tuple(_longer(dim, *part) for dim, part in zip(shape, added, strict=True)))


def _longer(dim: Dim, before: int, after: int) -> Dim:
    return dim + before + after if isinstance(dim, int) else dim if not before + after else None


def _mode(call: Call) -> str:
    mode = call.static("mode", "constant")
    if mode == "empty":
        raise TypeProblem(
            f"the derivative of `np.pad` with mode {mode!r}", "use np.concatenate with what is to be added"
        )
    return str(mode)


def _pad_vjp(call: Call, g: Value) -> Value:
    if call.rank("array") == 0:  # there is nothing to pad
        return g
    mode = _mode(call)
    if mode == "constant":
        return _inside(call, g)
    if mode in STATISTICS:
        found = pulled(call, _by_parts, g, "array")
        assert found is not None
        return found
    if mode in MATRICES or call.static("reflect_type", "even") == "odd":
        return _by_matrices(call, g)
    return scattered(call, g, _padded(call, places(call, "array")), "array")


def _by_parts(call: Call) -> Value:
    """Axis by axis: what is added before, the array, what is added after."""
    b, value = call.b, call.values["array"]
    rank = call.rank("array")
    if "pad_width" not in call.statics:
        raise TypeProblem("the derivative of `np.pad` by widths that are not known", "write them as literals")
    lengths = _lengths(call, rank)
    for axis, (before, after) in enumerate(widths(call.statics["pad_width"], rank)):
        inner, turn = value, b.const(axis)
        parts = [inner]
        for width, length, first in ((before, lengths[axis][0], True), (after, lengths[axis][1], False)):
            if not width:
                continue
            if _mode(call) == "linear_ramp":
                added = _ramp(call, inner, axis, first, width)
            else:
                number = _statistic(call, inner, axis, first, length)
                added = call("np.repeat(number, width, axis=axis)", number=number, width=b.const(width), axis=turn)
            parts = [added, *parts] if first else [*parts, added]
        type_ = Struct("tuple", tuple(str(k) for k in range(len(parts))), tuple(part.type for part in parts))
        if len(parts) > 1:
            value = call("np.concatenate(parts, axis=axis)", parts=b.pack(type_, parts), axis=turn)
    return value


def _statistic(call: Call, inner: Value, axis: int, first: bool, length: int | None) -> Value:
    """What is repeated beside an array along an axis."""
    b, part = call.b, inner
    env = {"axis": b.const(axis), "keep": b.const(True)}
    if _mode(call) == "constant":
        nothing = call("np.zeros_like(np.sum(v, axis=axis, keepdims=keep))", v=inner, **env)
        return call("nothing + number", nothing=nothing, number=_number(call, "constant_values", axis, first))
    if length is not None:
        last = "np.arange(v.shape[{0}])[:k]" if first else "np.arange(v.shape[{0}])[-k:]"
        at = call(last.format(axis), v=inner, k=b.const(length))
        part = call("np.take(v, at, axis=axis)", v=inner, at=at, axis=env["axis"])
    return call(f"{STATISTICS[_mode(call)]}(part, axis=axis, keepdims=keep)", part=part, **env)


def _ramp(call: Call, inner: Value, axis: int, first: bool, width: int) -> Value:
    """From the number at the end, which is reached, to the array's edge, which is not repeated."""
    at = call(f"np.arange(v.shape[{axis}])[{':1' if first else '-1:'}]", v=inner)
    edge = call("np.take(v, at, axis=axis)", v=inner, at=at, axis=call.b.const(axis))
    ones = ", None" * (call.rank("array") - axis - 1)
    order = f"np.arange({width})" if first else f"np.arange({width - 1}, -1, -1)"
    share = call(f"({order} / {width}.0)[:{ones}]" if ones else f"{order} / {width}.0")
    end = _number(call, "end_values", axis, first)
    return call("end * (1.0 - share) + edge * share", end=end, edge=edge, share=share)


def _members(call: Call, value: Value) -> Sequence[Value] | None:
    """What a tuple is made of."""
    if not isinstance(value.type, Struct):
        return None
    found = call.b.packed(value)
    return [call.b.item(value, k) for k in range(len(value.type.items))] if found is None else found


def _number(call: Call, name: str, axis: int, first: bool) -> Value:
    """The number given for one end of an axis: for all, for (before, after), or in a pair for each axis."""
    if not call.has(name):
        return call.b.const(0.0)
    value, side = call.values[name], 0 if first else 1
    members = _members(call, value)
    if members is None:
        if shape_of(value.type) == ():
            return value
        pairs, place = call.b.const((call.rank("array"), 2)), call.b.const(2 * axis + side)
        return call("np.take(np.ravel(np.broadcast_to(v, pairs)), place)", v=value, pairs=pairs, place=place)
    if any(isinstance(member.type, Struct) for member in members):
        members = _members(call, members[axis if len(members) > 1 else 0]) or members
    return members[side if len(members) > 1 else 0]


def _lengths(call: Call, rank: int) -> tuple[tuple[int | None, int | None], ...]:
    """How many elements from each end the statistics take; None for all."""
    given = call.static("stat_length")
    return ((None, None),) * rank if given is None else widths(given, rank)


def _padded(call: Call, value: Value) -> Value:
    """The same pad of another array: of zeros where constants are put."""
    given = [(arg, v) for arg, v in zip(call.args, call.op.operands, strict=True) if arg in ("pad_width", *OPTIONS)]
    return apply(call.b, "np.pad", [value, *(v for _, v in given)], ["array", *(arg for arg, _ in given)])


def _inside(call: Call, g: Value) -> Value:
    """The part of the adjoint that is not padding."""
    rank = call.rank("array")
    if "pad_width" not in call.statics:
        if isinstance(plain(call.type("pad_width")), ListOf):
            raise TypeProblem("the derivative of `np.pad` by a list of widths that are not known", "pass a tuple")
        starts = {f"k{axis}": _number(call, "pad_width", axis, True) for axis in range(rank)}
        cuts = [f"k{axis}:k{axis} + array.shape[{axis}]" for axis in range(rank)]
        return call(f"g[{', '.join(cuts)}]", g=g, **starts)
    shape, cuts = shape_of(call.type("array")) or (), []
    for axis, (before, after) in enumerate(widths(call.statics["pad_width"], rank)):
        dim = shape[axis]
        stop = f"{before} + array.shape[{axis}]" if not isinstance(dim, int) else str(before + dim)
        stop = f"array.shape[{axis}]" if before == 0 and not isinstance(dim, int) else stop
        cuts.append(f"{before or ''}:{stop if after else ''}")
    while len(cuts) > 1 and cuts[-1] == ":":
        cuts.pop()
    return g if cuts == [":"] else call(f"g[{', '.join(cuts)}]", g=g)


def _by_matrices(call: Call, g: Value) -> Value:
    """Axis by axis: what the pad makes of the unit vectors, as a matrix."""
    rank = call.rank("array")
    if "pad_width" not in call.statics:
        raise TypeProblem("the derivative of `np.pad` by widths that are not known", "write them as literals")
    for axis, (before, after) in enumerate(widths(call.statics["pad_width"], rank)):
        if not before and not after:
            continue
        operands = [call(f"np.eye(array.shape[{axis}])"), call.b.const(((before, after), (0, 0)))]
        given = [(arg, v) for arg, v in zip(call.args, call.op.operands, strict=True) if arg in OPTIONS]
        own = _lengths(call, rank)[axis]
        if call.has("stat_length") and any(own != pair for pair in _lengths(call, rank)):
            given = [(arg, call.b.const((own, own)) if arg == "stat_length" else v) for arg, v in given]
        args = ["array", "pad_width", *(arg for arg, _ in given)]
        m = apply(call.b, "np.pad", [*operands, *(v for _, v in given)], args)
        turn = call.b.const(axis)
        last = axis == rank - 1
        g = call("g @ m" if last else "np.moveaxis(np.moveaxis(g, axis, -1) @ m, -1, axis)", g=g, m=m, axis=turn)
    return g


def _constant_vjp(call: Call, g: Value) -> Value | None:
    """One number for all the padding, or several."""
    if call.rank("array") == 0:
        return None
    if rank_of(call.values["constant_values"].type) != 0:
        return pulled(call, _by_parts, g, "constant_values")
    return shapes.cast(call.b, call("np.sum(g) - np.sum(v)", g=g, v=_inside(call, g)), call.values["constant_values"])


def _pad_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    """Of numbers that are given too."""
    if call.rank("array") == 0:
        return dots.get("array")
    several = "constant_values" in dots and rank_of(call.values["constant_values"].type) != 0
    if "end_values" in dots or several:
        return pushed(call, _by_parts, dots)
    if "constant_values" in dots:
        moved = {"array": dots.get("array", None), "constant_values": dots["constant_values"]}
        array = filled(call.b, moved["array"], call.values["array"])
        operands = [
            array if a == "array" else moved.get(a) or v for a, v in zip(call.args, call.op.operands, strict=True)
        ]
        return call.repeat(operands)
    if "array" in dots and _mode(call) in STATISTICS:
        return pushed(call, _by_parts, {"array": dots["array"]})
    return _padded(call, dots["array"]) if "array" in dots else None


general(
    "np.pad(array, pad_width, mode='constant', *, stat_length=None, constant_values=None, end_values=None, "
    "reflect_type=None)",
    vjp={
        "array": _pad_vjp,
        "constant_values": _constant_vjp,
        "end_values": lambda call, g: pulled(call, _by_parts, g, "end_values") if call.rank("array") else None,
    },
    jvp=_pad_jvp,
    infer=_pad_type,
    static=("pad_width", *OPTIONS),
)
