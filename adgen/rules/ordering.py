"""Functions that pick elements: by index, by order, by rank.

y = np.take(a, k)        ->      a_bar = np.bincount(k, weights=y_bar, minlength=a.size)
y = np.median(a)         ->      a_bar = y_bar * np.maximum(0.0, 1.0 - np.abs(ranks - 0.5 * (a.size - 1)))
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, ListOf, Struct, Type, Unknown
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, dtype_of, plain, rank_of, shape_of
from adgen.rules.kinds import general, linear
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.scattering import parts_back, places, scattered


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
    if call.static("mode", "raise") == "clip":
        at = apply(call.b, "np.take", [places(call, "a"), *call.op.operands[1:]], call.args)
        return scattered(call, g, at, "a")
    if not call.has("axis") or call.rank("a") == 1:
        return scattered(call, g, call("indices % a.size", indices=_index_array(call)), "a")
    axis = call.b.const(_line_axis(call))
    text = "np.take(places, indices, axis=axis)"
    if call.static("mode", "raise") == "wrap":
        text = f"np.take(places, indices % a.shape[{_line_axis(call)}], axis=axis)"
    at = call(text, places=places(call, "a"), axis=axis, indices=_index_array(call))
    return scattered(call, g, at, "a")


def _index_array(call: Call) -> Value:
    value = call.values["indices"]
    given = plain(value.type)
    if isinstance(given, Struct) and not given.items:
        return call("np.zeros(0, dtype=kind)", kind=call.b.const(int, "int"))
    return apply(call.b, "np.array", (value,)) if isinstance(given, (Struct, ListOf)) else value


linear("np.take(a, indices, axis=None, *, mode='raise')", {"a": _take_vjp}, infer=_take_type, static=("mode",))


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
def _flat(call: Call) -> bool:
    """Whether the lines are one: that of the flattened array."""
    return call.static("axis", -1) is None or call.rank("a") == 1


def _line(call: Call, name: str, value: Value) -> Value:
    return value if call.rank("a") == 1 else call("np.ravel(v)", v=value)


def _order(call: Call) -> Value:
    """The stable order of the lines."""
    kind = call.b.const("stable")
    if _flat(call):
        return call("np.argsort(line, kind=kind)", kind=kind, line=_line(call, "a", call.values["a"]))
    return call("np.argsort(a, axis=axis, kind=kind)", kind=kind, axis=call.b.const(_line_axis(call)))


def _sort_vjp(call: Call, g: Value) -> Value:
    if _flat(call):
        out = call("g[np.argsort(order)]", g=g, order=_order(call))
        return out if call.rank("a") == 1 else call("np.reshape(v, a.shape)", v=out)
    text = "np.take_along_axis(g, np.argsort(order, axis=axis), axis=axis)"
    return call(text, g=g, order=_order(call), axis=call.b.const(_line_axis(call)))


def _sort_jvp(call: Call, dot: Value) -> Value:
    if _flat(call):
        return call("line[order]", line=_line(call, "a", dot), order=_order(call))
    text = "np.take_along_axis(dot, order, axis=axis)"
    return call(text, dot=dot, order=_order(call), axis=call.b.const(_line_axis(call)))


def _sort_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    if rank_of(type_) == 0:
        raise TypeProblem("`np.sort` of a number", "pass an array")
    if facts.static("axis", -1) is None:
        return Array(dtype_of(type_), (None,))
    return type_


general(
    "np.sort(a, axis=-1, kind=None, *, stable=None)",
    vjp={"a": _sort_vjp},
    jvp={"a": _sort_jvp},
    infer=_sort_type,
    kinks="ties follow the stable order",
)


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
    axis = call.static("axis", 0)
    assert isinstance(axis, int)
    return parts_back(call, g, axis)


def _joined(call: Call, g: Value) -> Value:
    return call("np.concatenate(g, axis=axis)", g=g, axis=call.b.const(call.static("axis", 0)))


linear(
    "np.split(ary, indices_or_sections, axis=0)",
    {"ary": _split_vjp},
    infer=_split_type,
    static=("indices_or_sections",),
)
general(
    "split_like(g, arrays, axis=0)",
    vjp={"g": _joined},
    jvp=lambda call, dots: call.repeat([dots["g"], *call.op.operands[1:]]) if "g" in dots else None,
    infer=lambda facts: plain(facts.type("arrays")),
    doc="the parts of g that the members of a list take in their concatenation",
)
