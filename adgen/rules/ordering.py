"""Functions that pick elements: by index, by order, by rank.

    y = np.take(a, k)        ->      a_bar = np.bincount(k, weights=y_bar, minlength=a.size)
    y = np.median(a)         ->      a_bar = y_bar * np.maximum(0.0, 1.0 - np.abs(ranks - 0.5 * (a.size - 1)))

A quantile is a sum of the two elements beside a place between ranks; the weight of an element falls with its distance
from that place, and is zero from distance 1 on.
"""

from __future__ import annotations

from collections.abc import Callable

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, ListOf, Struct, Type, Unknown
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, plain, rank_of, shape_of
from adgen.rules.kinds import general, linear
from adgen.rules.reductions import axes, count, kept, reduced, reduction
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.scattering import places, scattered


def _line_axis(call: Call, name: str = "a") -> int:
    """The one axis of a call, non-negative."""
    axis = call.static("axis", -1)
    if not isinstance(axis, int):
        raise TypeProblem(f"the derivative of `{call.rule.name}` along axis {axis!r}", "give one axis")
    return axes_of(axis, call.rank(name), call.rule.name)[0]


# by index ------------------------------------------------------------------------------------------------------------
def _take_type(facts: Facts) -> Type:
    type_, taken = as_content(facts.types[0]), as_content(facts.type("indices"))
    shape, block = shape_of(type_), shape_of(taken)
    dtype = type_.dtype if isinstance(type_, Array) else None
    if isinstance(type_, Unknown) or block is None or (shape is None and facts.has("axis")):
        return UNKNOWN
    axis = facts.static("axis")
    if axis is None or shape is None:
        return Array(dtype, block)
    (place,) = axes_of(axis, len(shape), facts.name)
    return Array(dtype, (*shape[:place], *block, *shape[place + 1 :]))


def _take_vjp(call: Call, g: Value) -> Value:
    if not call.has("axis") or call.rank("a") == 1:
        return scattered(call, g, call("indices % a.size", indices=_index_array(call)), "a")
    axis = call.b.const(_line_axis(call))
    at = call("np.take(places, indices, axis=axis)", places=places(call, "a"), axis=axis)
    return scattered(call, g, at, "a")


def _index_array(call: Call) -> Value:
    value = call.values["indices"]
    return apply(call.b, "np.array", (value,)) if isinstance(plain(value.type), (Struct, ListOf)) else value


linear("np.take(a, indices, axis=None)", {"a": _take_vjp}, infer=_take_type)


def _along_type(facts: Facts) -> Type:
    type_, taken = as_content(facts.types[0]), as_content(facts.type("indices"))
    axis = facts.static("axis", -1)
    shape, block = shape_of(type_), shape_of(taken)
    dtype = type_.dtype if isinstance(type_, Array) else None
    if shape is None or block is None or len(shape) != len(block) or not isinstance(axis, int):
        return UNKNOWN if axis is not None else Array(dtype, (None,))
    axis %= len(shape)
    lines = zip(shape, block, strict=True)
    return Array(dtype, tuple(other if place == axis or own == 1 else own for place, (own, other) in enumerate(lines)))


def _along_vjp(call: Call, g: Value) -> Value:
    at = call("np.take_along_axis(places, indices, axis=axis)", places=places(call, "arr"))
    return scattered(call, g, at, "arr")


linear("np.take_along_axis(arr, indices, axis)", {"arr": _along_vjp}, infer=_along_type)


# by order ------------------------------------------------------------------------------------------------------------
def _order(call: Call) -> Value:
    """The stable order of the lines."""
    if call.rank("a") == 1:
        return call("np.argsort(a, kind=kind)", kind=call.b.const("stable"))
    return call("np.argsort(a, axis=axis, kind=kind)", kind=call.b.const("stable"), axis=call.b.const(_line_axis(call)))


def _sort_vjp(call: Call, g: Value) -> Value:
    if call.rank("a") == 1:
        return call("g[np.argsort(order)]", g=g, order=_order(call))
    text = "np.take_along_axis(g, np.argsort(order, axis=axis), axis=axis)"
    return call(text, g=g, order=_order(call), axis=call.b.const(_line_axis(call)))


def _sort_jvp(call: Call, dot: Value) -> Value:
    if call.rank("a") == 1:
        return call("dot[order]", dot=dot, order=_order(call))
    text = "np.take_along_axis(dot, order, axis=axis)"
    return call(text, dot=dot, order=_order(call), axis=call.b.const(_line_axis(call)))


def _sort_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    if facts.static("axis", -1) is None:
        raise TypeProblem("`np.sort` of an array as one line", "write np.sort(np.ravel(a))")
    if rank_of(type_) == 0:
        raise TypeProblem("`np.sort` of a number", "pass an array")
    return type_


general(
    "np.sort(a, axis=-1, kind=None)",
    vjp={"a": _sort_vjp},
    jvp={"a": _sort_jvp},
    infer=_sort_type,
    kinks="ties follow the stable order",
)


# by rank -------------------------------------------------------------------------------------------------------------
def _weights(call: Call, share: Callable[[Call], Value]) -> Value:
    """The weight of each element in a quantile."""
    over = axes(call)
    if call.rank("a") == 0:
        return call("np.ones_like(a)")
    kind = call.b.const("stable")
    if len(over) == 1:
        axis = call.b.const(over[0])
        ranks = call("np.argsort(np.argsort(a, axis=axis, kind=kind), axis=axis)", axis=axis, kind=kind)
    elif len(over) == call.rank("a"):
        line = call("np.argsort(np.argsort(np.ravel(a), kind=kind))", kind=kind)
        ranks = call("np.reshape(line, a.shape)", line=line)
    else:
        raise TypeProblem(f"the derivative of `{call.rule.name}` over several of the axes", "reshape them to one axis")
    number = count(call) or call.b.const(1)
    place = call("share * (number - 1)", share=share(call), number=number)
    return call("np.maximum(0.0, 1.0 - np.abs(ranks - place))", ranks=ranks, place=place)


def _quantile(signature: str, share: Callable[[Call], Value]) -> None:
    name = signature.partition("(")[0]

    def pull(call: Call, g: Value) -> Value:
        return call("g * weights", g=kept(call, g), weights=_weights(call, share))

    def push(call: Call, dot: Value) -> Value:
        return reduced(call, "weights * dot", weights=_weights(call, share), dot=dot)

    def infer(facts: Facts) -> Type:
        if facts.has("q") and shape_of(facts.type("q")) != ():
            raise TypeProblem(f"`{name}` of several shares", "call it for each of them")
        only = Facts(name, facts.args[:1], facts.types[:1], facts.statics)
        return reduction("np.median")(only)

    general(signature, vjp={"a": pull, "q": _no_share}, jvp={"a": push, "q": _no_share}, infer=infer, kinks=TIES)


def _no_share(call: Call, g: Value) -> Value | None:
    raise TypeProblem(f"the derivative of `{call.rule.name}` by the share q", "interpolate with np.interp")


TIES = "ties follow the stable order"
_quantile("np.median(a, axis=None, keepdims=False)", lambda call: call.b.const(0.5))
_quantile("np.quantile(a, q, axis=None, keepdims=False)", lambda call: call.values["q"])
_quantile("np.percentile(a, q, axis=None, keepdims=False)", lambda call: call("q / 100.0"))


# parts ---------------------------------------------------------------------------------------------------------------
def _split_type(facts: Facts) -> Type:
    array, axis = as_content(facts.types[0]), facts.static("axis", 0)
    shape = shape_of(array)
    if not isinstance(array, Array) or shape is None or not isinstance(axis, int):
        raise TypeProblem("`np.split` of an array of unknown rank", "annotate it")
    (axis,) = axes_of(axis, len(shape), facts.name)
    if "indices_or_sections" not in facts.statics:
        return ListOf(Array(array.dtype, (*shape[:axis], None, *shape[axis + 1 :])))
    dims = _part_dims(facts.statics["indices_or_sections"], shape[axis])
    parts = tuple(Array(array.dtype, (*shape[:axis], dim, *shape[axis + 1 :])) for dim in dims)
    return Struct("list", tuple(str(k) for k in range(len(parts))), parts)


def _part_dims(where: object, size: Dim) -> list[Dim]:
    """The sizes of the parts."""
    if isinstance(where, int):
        if where < 1 or (isinstance(size, int) and size % where):
            raise TypeProblem(f"`np.split` into {where} equal parts", "choose a divisor of the size")
        return [size // where if isinstance(size, int) else size if where == 1 else None] * where
    if not isinstance(where, (tuple, list)) or not all(isinstance(stop, int) for stop in where):
        raise TypeProblem(f"`np.split` at {where!r}", "give a number of parts, or a tuple of places")
    if not isinstance(size, int):
        return [None] * (len(where) + 1)
    bounds = [slice(stop).indices(size)[1] for stop in where]
    return [max(stop - start, 0) for start, stop in zip([0, *bounds], [*bounds, size], strict=True)]


def _split_vjp(call: Call, g: Value) -> Value:
    return call("np.concatenate(g, axis=axis)", g=g, axis=call.b.const(call.static("axis", 0)))


linear(
    "np.split(ary, indices_or_sections, axis=0)",
    {"ary": _split_vjp},
    infer=_split_type,
    static=("indices_or_sections",),
)
general(
    "split_like(g, arrays, axis=0)",
    vjp={"g": _split_vjp},
    jvp=lambda call, dots: call.repeat([dots["g"], *call.op.operands[1:]]) if "g" in dots else None,
    infer=lambda facts: plain(facts.type("arrays")),
    doc="the parts of g that the members of a list take in their concatenation",
)
