"""More functions that move elements: ends added and cut off, turns, parts.

y = np.append(a, b)              ->      a_bar = y_bar[: a.size];  b_bar = y_bar[a.size :]
y = np.rot90(m)                  ->      m_bar = np.rot90(y_bar, -1)
y = np.delete(a, k)              ->      a_bar = np.bincount(np.delete(np.arange(a.size), k), weights=y_bar, ..)
"""

from __future__ import annotations

from collections.abc import Callable

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, ListOf, Scalar, Struct, Type, Unknown
from adgen.rules import shapes
from adgen.rules.apply import apply, shape_facts
from adgen.rules.call import Call
from adgen.rules.infer import as_array, as_content, axes_of, dtype_of, plain, promote, shape_of
from adgen.rules.joining import joined_type
from adgen.rules.kinds import general, linear
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.scattering import binned, moved_places, moving, parts_back, scattered
from adgen.rules.shaping import back


def like(facts: Facts) -> Type:
    """The type of the first argument."""
    type_ = as_content(facts.types[0])
    return Array(promote([type_]), ()) if isinstance(type_, Scalar) else type_


def line_of(facts: Facts) -> Type:
    """A line of unknown length with the dtype of the first argument."""
    return Array(dtype_of(facts.types[0]), (None,))


# turns ---------------------------------------------------------------------------------------------------------------
linear("np.fliplr(m)", {"m": "np.fliplr(y_bar)"}, infer=like)
linear("np.flipud(m)", {"m": "np.flipud(y_bar)"}, infer=like)


def _rot90_vjp(call: Call, g: Value) -> Value:
    k = call.static("k", 1)
    assert isinstance(k, int)
    operands, args = [g, call.b.const(-k)], ["m", "k"]
    if call.has("axes"):
        operands, args = [*operands, call.values["axes"]], [*args, "axes"]
    return apply(call.b, "np.rot90", operands, args)


def _rollaxis_vjp(call: Call, g: Value) -> Value:
    rank = call.rank("a")
    axis, start = call.static("axis"), call.static("start", 0)
    assert isinstance(axis, int) and isinstance(start, int)
    axis %= rank
    start = start + rank if start < 0 else start
    return call("np.moveaxis(g, to, axis)", g=g, to=call.b.const(start - (start > axis)), axis=call.b.const(axis))


linear("np.rot90(m, k=1, axes=None)", {"m": _rot90_vjp})
linear("np.rollaxis(a, axis, start=0)", {"a": _rollaxis_vjp}, static=("start",))
linear("np.matrix_transpose(x)", {"x": "np.matrix_transpose(y_bar)"})
linear("np.atleast_3d(a)", {"a": back})


def _swapped(facts: Facts) -> Type:
    type_ = plain(facts.types[0])
    if not isinstance(type_, Array) or type_.shape is None:
        return type_
    return Array(type_.dtype, (*type_.shape[:-2], type_.shape[-1], type_.shape[-2]))


linear("attr.mT(x)", {"x": "y_bar.mT"}, infer=_swapped)


# ends ----------------------------------------------------------------------------------------------------------------
def _append_type(facts: Facts) -> Type:
    if facts.static("axis") is not None:
        types = tuple(as_content(type_) for type_ in facts.types[:2])
        inner = Facts(facts.name, ("arrays",), (Struct("tuple", ("0", "1"), types),), {})
        axis = facts.static("axis")
        assert isinstance(axis, int)
        return joined_type(inner, axis)
    types = tuple(as_array(type_) for type_ in facts.types[:2])
    sizes = [_size(type_) for type_ in types]
    dtype = None if any(isinstance(type_, Unknown) for type_ in types) else promote(types)
    known = [size for size in sizes if isinstance(size, int)]
    return Array(dtype, (sum(known) if len(known) == 2 else None,))


def _size(type_: Type) -> Dim:
    shape = shape_of(type_)
    if shape is None or not all(isinstance(dim, int) for dim in shape):
        return None
    out = 1
    for dim in shape:
        assert isinstance(dim, int)
        out *= dim
    return out


def _append_side(name: str, second: bool) -> Callable[[Call, Value], Value]:
    def pull(call: Call, g: Value) -> Value:
        axis = call.static("axis")
        if axis is not None:
            assert isinstance(axis, int)
            axis %= call.rank("arr")
            cut = ", ".join([":"] * axis + ["n:" if second else ":n"])
            return call(f"g[{cut}]", g=g, n=call(f"arr.shape[{axis}]"))
        scalar = shapes.is_scalar(call.type(name))
        if second:
            first_is_one = shapes.is_scalar(call.type("arr"))
            if scalar:
                return call("g[-1]", g=g)
            part = call("g[1:]" if first_is_one else "g[arr.size:]", g=g)
        elif scalar:
            return call("g[0]", g=g)
        else:
            part = call("g[:arr.size]", g=g)
        return part if call.rank(name) == 1 else call(f"np.reshape(v, {name}.shape)", v=part)

    return pull


linear(
    "np.append(arr, values, axis=None)",
    {"arr": _append_side("arr", False), "values": _append_side("values", True)},
    infer=_append_type,
)


def _inserted(call: Call, start: str) -> Value:
    """What `np.insert` makes of numbers instead of the arguments."""
    operands, args = [call(start), call.values["obj"]], ["arr", "obj"]
    numbers = call("np.reshape(np.arange(values.size), values.shape)") if call.rank("values") else call.b.const(0)
    if "-1" not in start:
        numbers = call("np.full(values.shape, -1)") if call.rank("values") else call.b.const(-1)
    operands, args = [*operands, numbers], [*args, "values"]
    if call.has("axis"):
        operands, args = [*operands, call.values["axis"]], [*args, "axis"]
    return apply(call.b, "np.insert", operands, args)


def _insert_arr(call: Call, g: Value) -> Value:
    """The elements of the array keep their order."""
    own = call("g[at >= 0]", g=g, at=_inserted(call, "np.full(arr.shape, 0)"))
    return own if call.rank("arr") == 1 else call("np.reshape(own, arr.shape)", own=own)


def _insert_values(call: Call, g: Value) -> Value:
    at = _inserted(call, "np.full(arr.shape, -1)")
    if call.rank("values") == 0:
        return call("np.sum(np.where(at == 0, g, 0.0))", at=at, g=g)
    there = call("at >= 0", at=at)
    out = binned(call, call("g[t]", g=g, t=there), call("at[t]", at=at, t=there), call("values.size"))
    return out if call.rank("values") == 1 else call("np.reshape(v, values.shape)", v=out)


def _insert_type(facts: Facts) -> Type:
    """Neither the places nor their number are known, but the rank is."""
    array = as_content(facts.types[0])
    shape, axis = shape_of(array), facts.static("axis")
    dtype = dtype_of(array)
    if axis is None:
        return Array(dtype, (None,))
    if shape is None:
        return UNKNOWN if isinstance(array, Unknown) else Array(dtype, None)
    (place,) = axes_of(axis, len(shape), facts.name)
    return Array(dtype, (*shape[:place], None, *shape[place + 1 :]))


linear(
    "np.insert(arr, obj, values, axis=None)",
    {"arr": _insert_arr, "values": _insert_values},
    infer=_insert_type,
)
moving("np.delete(arr, obj, axis=None)", "arr", infer=_insert_type)


def _resize_type(facts: Facts) -> Type:
    return Array(dtype_of(facts.types[0]), shape_facts(facts.statics, "new_shape"))


def _resize_vjp(call: Call, g: Value) -> Value:
    """Of an empty array there is nothing to repeat: the place of the zeros instead is cut off."""
    at, rank = moved_places(call, "a"), call.rank("a")
    if rank == 0:
        return scattered(call, g, at, "a")
    sums = call("sums[:a.size]", sums=binned(call, g, at, call("a.size")))
    return sums if rank == 1 else call("np.reshape(sums, a.shape)", sums=sums)


moving("np.resize(a, new_shape)", "a", infer=_resize_type, transpose=_resize_vjp)


# parts ---------------------------------------------------------------------------------------------------------------
def _sections_type(facts: Facts) -> Type:
    """The parts of an array whose number is known."""
    where = facts.statics.get("indices_or_sections")
    array = as_content(facts.types[0])
    shape = shape_of(array)
    axis = _part_axis(facts.name, facts.static("axis", 0), len(shape or ()))
    if shape is None or where is None:
        if shape is None:
            raise TypeProblem(f"`{facts.name}` of an array of unknown rank", "annotate it")
        return ListOf(Array(dtype_of(array), (*shape[:axis], None, *shape[axis + 1 :])))
    count = where if isinstance(where, int) else len(where) + 1 if isinstance(where, (tuple, list)) else None
    if count is None or count < 1:
        raise TypeProblem(f"`{facts.name}` at {where!r}", "give a number of parts, or a tuple of places")
    size = shape[axis]
    dims: list[Dim] = [None] * count
    if isinstance(size, int) and isinstance(where, int):
        if facts.name != "np.array_split" and size % where:
            raise TypeProblem(f"`{facts.name}` into {where} equal parts", "choose a divisor of the size")
        dims = [size // where + (place < size % where) for place in range(where)]
    parts = tuple(Array(dtype_of(array), (*shape[:axis], dim, *shape[axis + 1 :])) for dim in dims)
    return Struct("list", tuple(str(place) for place in range(count)), parts)


def _part_axis(name: str, given: object, rank: int) -> int:
    if name == "np.hsplit":
        return 0 if rank == 1 else 1
    if name in ("np.vsplit", "np.dsplit"):
        return 0 if name == "np.vsplit" else 2
    assert isinstance(given, int)
    return given % max(rank, 1)


def _parts_vjp(call: Call, g: Value) -> Value:
    axis = _part_axis(call.rule.name, call.static("axis", 0), call.rank("ary"))
    return parts_back(call, g, axis)


for _name in ("np.array_split", "np.hsplit", "np.vsplit", "np.dsplit"):
    _more = ", axis=0" if _name == "np.array_split" else ""
    linear(
        f"{_name}(ary, indices_or_sections{_more})",
        {"ary": _parts_vjp},
        infer=_sections_type,
        static=("indices_or_sections",),
    )


def _unstack_type(facts: Facts) -> Type:
    array = as_content(facts.types[0])
    shape = shape_of(array)
    if shape is None:
        raise TypeProblem("`np.unstack` of an array of unknown rank", "annotate it")
    (axis,) = axes_of(facts.static("axis", 0), len(shape), facts.name)
    row = Array(dtype_of(array), (*shape[:axis], *shape[axis + 1 :]))
    count = shape[axis]
    if not isinstance(count, int):
        return ListOf(row)
    return Struct("tuple", tuple(str(place) for place in range(count)), (row,) * count)


def _unstack_vjp(call: Call, g: Value) -> Value:
    axis = call.static("axis", 0)
    return call("np.stack(g, axis=axis)", g=g, axis=call.b.const(axis))


linear("np.unstack(x, *, axis=0)", {"x": _unstack_vjp}, infer=_unstack_type)


# diagonals and powers ------------------------------------------------------------------------------------------------
def _diagflat_vjp(call: Call, g: Value) -> Value:
    line = call("np.diag(g, k=k)", g=g, k=call.b.const(call.static("k", 0)))
    if call.rank("v") == 0:
        return call("line[0]", line=line)
    return line if call.rank("v") == 1 else call("np.reshape(line, v.shape)", line=line)


linear("np.diagflat(v, k=0)", {"v": _diagflat_vjp})


def _vander_type(facts: Facts) -> Type:
    shape = shape_of(facts.types[0])
    columns = facts.statics.get("N") if facts.has("N") else None
    rows = shape[0] if shape else None
    width: Dim = columns if isinstance(columns, int) else rows if columns is None and not facts.has("N") else None
    return Array(promote([as_content(facts.types[0]), Array("i8", ())]), (rows, width))  # as powers of whole numbers


def _vander_powers(call: Call) -> Value:
    turn = "" if call.static("increasing", False) else "[::-1]"
    return call(f"np.arange(y.shape[1]){turn}")


def _vander_slope(call: Call) -> Value:
    return call("p * x[:, None] ** np.maximum(p - 1, 0)", p=_vander_powers(call))


general(
    "np.vander(x, N=None, increasing=False)",
    vjp={"x": lambda call, g: call("np.sum(g * slope, axis=1)", g=g, slope=_vander_slope(call))},
    jvp={"x": lambda call, dot: call("dot[:, None] * slope", dot=dot, slope=_vander_slope(call))},
    infer=_vander_type,
    static=("increasing", "N"),
)
