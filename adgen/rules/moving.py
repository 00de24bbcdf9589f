"""More functions that move elements: ends added and cut off, columns and layers, turns, parts, grids.

y = np.append(a, b)              ->      a_bar = y_bar[: a.size];  b_bar = y_bar[a.size :]
y = np.rot90(m)                  ->      m_bar = np.rot90(y_bar, -1)
y = np.delete(a, k)              ->      a_bar = np.bincount(np.delete(np.arange(a.size), k), weights=y_bar, ..)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from adgen.ir.build import Builder
from adgen.ir.core import Op, Value
from adgen.ir.types import UNKNOWN, Array, Dim, ListOf, Scalar, Struct, Type, Unknown, tangent
from adgen.rules import shapes
from adgen.rules.apply import apply, content_of, shape_facts
from adgen.rules.call import Call, filled
from adgen.rules.infer import as_array, as_content, axes_of, broadcast, dtype_of, plain, promote, rank_of, shape_of
from adgen.rules.kinds import fit, general, linear
from adgen.rules.rule import Facts, Infer, Rule, TypeProblem, parse_signature, register
from adgen.rules.scattering import binned, moving, parts_back
from adgen.rules.shaping import back, joined_type


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


moving("np.resize(a, new_shape)", "a", infer=_resize_type)


# joined --------------------------------------------------------------------------------------------------------------
def _members(call: Call, name: str) -> Struct:
    sequence = plain(call.op.operands[0].type)
    if not isinstance(sequence, Struct):
        raise TypeProblem(f"the derivative of `{name}` of a list of unknown length", "use np.stack or np.concatenate")
    return sequence


def _columns_vjp(call: Call, g: Value) -> Value:
    """Each line is a column, each matrix some columns."""
    return _layers(call, g, 1, lambda rank: "[:, k]" if rank < 2 else "[:, k:stop]", "np.column_stack")


def _dstack_vjp(call: Call, g: Value) -> Value:
    def cut(rank: int) -> str:
        return ("[0, 0, k]", "[0, :, k]", "[:, :, k]")[rank] if rank < 3 else "[:, :, k:stop]"

    return _layers(call, g, 2, cut, "np.dstack")


def _layers(call: Call, g: Value, axis: int, cut: Callable[[int], str], name: str) -> Value:
    """The parts of an adjoint along an axis that some members do not have themselves."""
    b, operand = call.b, call.op.operands[0]
    sequence = _members(call, name)
    parts: list[Value] = []
    start = b.const(0)
    for place, type_ in enumerate(sequence.items):
        member, rank = b.item(operand, place), rank_of(type_)
        if rank is None:
            raise TypeProblem(f"the derivative of `{name}` of arrays of unknown rank", "annotate them")
        known = b.constants.get(start)
        size = call(f"v.shape[{axis}]", v=member) if rank > axis else b.const(1)
        stop = _moved_on(call, start, size)
        text = cut(rank).replace("k:stop", ":stop") if known == 0 else cut(rank)
        part = call(f"g{text}", g=g, k=start, stop=stop)
        parts.append(call("v[0]", v=part) if rank == 0 and axis == 1 else part)
        start = stop
    return b.pack(Struct(sequence.kind, sequence.keys, tuple(part.type for part in parts)), parts)


def _moved_on(call: Call, start: Value, size: Value) -> Value:
    """Where the next part begins: a literal where sizes are known."""
    b = call.b
    before, known = b.constants.get(start), b.constants.get(size)
    if known is None and size in b.sizes and isinstance(b.sizes[size][0], int):
        known = b.sizes[size][0]
    if isinstance(before, int) and isinstance(known, int):
        return b.const(before + known)
    return size if before == 0 else apply(b, "add", (start, size))


linear("np.column_stack(tup)", {"tup": _columns_vjp})
linear("np.dstack(tup)", {"tup": _dstack_vjp})


def _depth(type_: Type) -> int:
    type_ = plain(type_)
    if isinstance(type_, Struct) and type_.kind == "list":
        return 1 + max((_depth(item) for item in type_.items), default=0)
    return 0


def _block_vjp(call: Call, g: Value) -> Value:
    """The innermost lists run along the last axis, those around them along the one before."""
    operand = call.op.operands[0]
    shape = shape_of(g.type)
    if shape is None or isinstance(plain(operand.type), ListOf):
        raise TypeProblem("the derivative of `np.block` of arrays of unknown rank", "annotate them")
    return _block_part(call, g, operand, len(shape) - _depth(operand.type))


def _block_part(call: Call, g: Value, member: Value, axis: int) -> Value:
    """The adjoint of a member of nested lists, which has this part of the result."""
    b, type_ = call.b, plain(member.type)
    if not isinstance(type_, Struct):
        rank = rank_of(type_) or 0
        extra = (rank_of(g.type) or 0) - rank
        return call(f"g[{', '.join(['0'] * extra)}]", g=g) if extra else g
    parts: list[Value] = []
    start = b.const(0)
    for place in range(len(type_.items)):
        inner = b.item(member, place)
        stop = _moved_on(call, start, _extent(call, inner, axis, rank_of(g.type) or 0))
        cut = ", ".join([":"] * axis + [":stop" if b.constants.get(start) == 0 else "k:stop"])
        part = _block_part(call, call(f"g[{cut}]", g=g, k=start, stop=stop), inner, axis + 1)
        parts.append(part)
        start = stop
    return b.pack(Struct(type_.kind, type_.keys, tuple(part.type for part in parts)), parts)


def _extent(call: Call, member: Value, axis: int, rank: int) -> Value:
    """How much of an axis a member of nested lists takes: its first array tells, or the sum over its lists."""
    type_ = plain(member.type)
    if isinstance(type_, Struct):
        inner = [call.b.item(member, k) for k in range(len(type_.items))]
        own = rank - _depth(type_)
        if own != axis:
            return _extent(call, inner[0], axis, rank)
        total = _extent(call, inner[0], axis, rank)
        for other in inner[1:]:
            total = apply(call.b, "add", (total, _extent(call, other, axis, rank)))
        return total
    place = axis - (rank - (rank_of(type_) or 0))
    return call.b.const(1) if place < 0 else call(f"v.shape[{place}]", v=member)


def _leaves(type_: Type) -> list[Type]:
    type_ = plain(type_)
    if isinstance(type_, Struct) and type_.kind == "list":
        return [leaf for item in type_.items for leaf in _leaves(item)]
    return [as_content(type_)]


def _block_type(facts: Facts) -> Type:
    found = plain(facts.types[0])
    leaves = _leaves(found)
    ranks = [rank_of(leaf) for leaf in leaves]
    if isinstance(found, ListOf) or any(rank is None for rank in ranks):
        return UNKNOWN
    rank = max(_depth(found), *(rank for rank in ranks if rank is not None), 1)
    return Array(promote(leaves), (None,) * rank)


linear("np.block(arrays)", {"arrays": _block_vjp}, infer=_block_type)


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


# several results -----------------------------------------------------------------------------------------------------
def _tuple(types: Sequence[Type], kind: str = "tuple") -> Struct:
    return Struct(kind, tuple(str(place) for place in range(len(types))), tuple(types))


def together(
    signature: str, infer: Infer, pull: Callable[[Call, Value, int], Value], static: Sequence[str] = ()
) -> Rule:
    """A linear function of several arrays with one result for each; `pull` takes the adjoint of the k-th result."""

    def vjp(b: Builder, op: Op, y_bar: Value, wrt: Sequence[int]) -> list[Value | None]:
        call = Call(b, rule, op)
        out: list[Value | None] = []
        for k in wrt:
            type_ = tangent(content_of(op.operands[k].type))
            if type_ is None:
                out.append(None)
                continue
            out.append(fit(b, pull(call, b.item(y_bar, k), k), op.operands[k], type_))
        return out

    def jvp(b: Builder, op: Op, dots: Sequence[Value | None]) -> Value | None:
        call = Call(b, rule, op)
        if all(dot is None for dot in dots):
            return None
        first = params[0].name
        moved = zip(call.args, op.operands, dots, strict=True)
        return call.repeat([filled(b, dot, value) if arg == first else value for arg, value, dot in moved])

    name, params, result = parse_signature(signature, static)
    rule = register(Rule(name, params, result, "linear", infer, vjp, jvp))
    return rule


def _spread_type(facts: Facts) -> Type:
    types = [as_content(type_) for type_ in facts.types]
    shape = broadcast([shape_of(type_) for type_ in types])
    return _tuple([Array(dtype_of(type_), shape) for type_ in types])


together(
    "np.broadcast_arrays(*args)",
    _spread_type,
    lambda call, g, k: shapes.unbroadcast(call.b, g, call.op.operands[k]),
)


def _grid_places(call: Call) -> list[int]:
    """The axis that each argument of a grid runs along."""
    count = call.args.count("xi")
    order = list(range(count))
    if count > 1 and call.static("indexing", "xy") == "xy":
        order[0], order[1] = 1, 0
    return order


def _grid_type(facts: Facts) -> Type:
    types = [as_content(type_) for type_ in facts.all("xi")]
    sizes: list[Dim] = []
    for type_ in types:
        shape = shape_of(type_)
        sizes.append(None if shape is None else 1 if not shape else shape[0] if len(shape) == 1 else None)
    order = list(range(len(types)))
    if len(types) > 1 and facts.static("indexing", "xy") == "xy":
        order[0], order[1] = 1, 0
    whole: list[Dim] = [1] * len(types)
    for place, size in zip(order, sizes, strict=True):
        whole[place] = size
    sparse = bool(facts.static("sparse", False))
    return _tuple(
        [
            Array(dtype_of(type_), tuple(s if not sparse or k == order[place] else 1 for k, s in enumerate(whole)))
            for place, type_ in enumerate(types)
        ]
    )


def _grid_pull(call: Call, g: Value, k: int) -> Value:
    operand, own = call.op.operands[k], _grid_places(call)[k]
    if shapes.is_scalar(operand.type):
        return call("np.sum(g)", g=g)
    others = tuple(axis for axis in range(call.args.count("xi")) if axis != own)
    line = call("np.sum(g, axis=others)", g=g, others=shapes.axis_value(call.b, others)) if others else g
    return line if rank_of(operand.type) == 1 else call("np.reshape(line, v.shape)", line=line, v=operand)


together(
    "np.meshgrid(*xi, *, copy=True, sparse=False, indexing='xy')",
    _grid_type,
    _grid_pull,
    static=("sparse", "indexing"),
)


def _open_type(facts: Facts) -> Type:
    types = [as_content(type_) for type_ in facts.types]
    if any(dtype_of(type_) == "b1" for type_ in types):
        raise TypeProblem("`np.ix_` of flags", "use np.flatnonzero of them")
    rank = len(types)
    out = []
    for place, type_ in enumerate(types):
        shape = shape_of(type_)
        size = shape[0] if shape else None
        out.append(Array(dtype_of(type_), tuple(size if axis == place else 1 for axis in range(rank))))
    return _tuple(out)


together("np.ix_(*args)", _open_type, lambda call, g, k: call("np.ravel(g)", g=g))


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
