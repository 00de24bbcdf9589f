"""Functions that move elements without changing them: all are linear, and their transposes move back.

y = np.reshape(a, (n, m))     ->      a_bar = np.reshape(y_bar, a.shape)
y = np.concatenate((a, b))    ->      a_bar = y_bar[: a.shape[0]];  b_bar = y_bar[a.shape[0] :]
"""

from __future__ import annotations

from collections.abc import Sequence

from adgen.ir.core import Value
from adgen.ir.types import INT, UNKNOWN, Array, Dim, ListOf, Scalar, Struct, Sym, Type, Unknown
from adgen.rules import shapes
from adgen.rules.apply import apply, dims, literal, shape_facts
from adgen.rules.call import Call
from adgen.rules.infer import (
    as_content,
    known_not_one,
    plain,
    promote,
    rank_of,
    reduced_shape,
    same_dim,
    shape_of,
)
from adgen.rules.kinds import linear
from adgen.rules.rule import Facts, TypeProblem


# types ---------------------------------------------------------------------------------------------------------------
def _array(facts: Facts) -> Array | None:
    """The first argument if it is an array of known rank."""
    type_ = as_content(facts.types[0])
    if isinstance(type_, Scalar):
        return Array(promote([type_]), ())
    return type_ if isinstance(type_, Array) and type_.shape is not None else None


def _reshape_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    if facts.static("order", "C") != "C":
        raise TypeProblem("`reshape` in another order than C", "transpose, reshape, transpose")
    dtype = type_.dtype if isinstance(type_, Array) else promote([type_])
    target = shape_facts(facts.statics)
    source = shape_of(type_)
    return Array(dtype, None if target is None else target if source is None else completed(source, target))


def completed(source: tuple[Dim, ...], target: tuple[Dim, ...]) -> tuple[Dim, ...]:
    """Fill in the one unknown dimension of a new shape, where the others cancel.

    >>> completed((Sym("n"), 3), (3, None))
    (3, Sym(name='n', offset=0))
    """
    left: list[Dim] = [dim for dim in source if dim != 1]
    for dim in target:
        if dim not in (None, 1):
            if dim not in left:
                return target
            left.remove(dim)
    found: Dim = left[0] if len(left) == 1 else 1 if not left else None
    return tuple(found if dim is None else dim for dim in target) if target.count(None) == 1 else target


def _same(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    return Array(promote([type_]), ()) if isinstance(type_, Scalar) else type_


def _squeeze_type(facts: Facts) -> Type:
    array, axis = _array(facts), facts.static("axis")
    if array is None or array.shape is None:
        return UNKNOWN
    if axis is not None:
        return Array(array.dtype, reduced_shape(array.shape, axis, False, facts.name))
    if not all(dim == 1 or known_not_one(dim) for dim in array.shape):
        return Array(array.dtype, None)
    return Array(array.dtype, tuple(dim for dim in array.shape if dim != 1))


def _ravel_type(facts: Facts) -> Type:
    array = _array(facts)
    if array is None or array.shape is None:
        type_ = as_content(facts.types[0])
        return Array(type_.dtype if isinstance(type_, Array) else None, (None,))
    if not array.shape:
        return Array(array.dtype, (1,))
    return Array(array.dtype, completed(array.shape, (None,)) if None not in array.shape[1:] else (None,))


def _broadcast_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    dtype = promote([type_]) if isinstance(type_, (Array, Scalar)) else None
    return Array(dtype, shape_facts(facts.statics))


def _tile_type(facts: Facts) -> Type:
    array, reps = _array(facts), shape_facts(facts.statics, "reps")
    if array is None or array.shape is None or reps is None:
        return UNKNOWN
    rank = max(len(reps), len(array.shape))
    shape = (1,) * (rank - len(array.shape)) + array.shape
    times = (1,) * (rank - len(reps)) + reps
    return Array(array.dtype, tuple(_times(dim, count) for dim, count in zip(shape, times, strict=True)))


def _times(dim: Dim, count: Dim) -> Dim:
    if isinstance(dim, int) and isinstance(count, int):
        return dim * count
    return dim if count == 1 else count if dim == 1 else None


def _repeat_type(facts: Facts) -> Type:
    array, axis = _array(facts), facts.static("axis")
    if array is None or array.shape is None:
        return UNKNOWN
    if axis is None:
        return Array(array.dtype, (None,))
    assert isinstance(axis, int)
    axis %= max(len(array.shape), 1)
    return Array(array.dtype, tuple(None if place == axis else dim for place, dim in enumerate(array.shape)))


def elements(type_: Type, name: str) -> list[Type] | None:
    """The types of the members of a sequence argument; None for a list of unknown length."""
    if isinstance(type_, Struct):
        return [as_content(item) for item in type_.items]
    if isinstance(type_, ListOf):
        return None
    if isinstance(type_, (Array, Unknown)):
        return None
    raise TypeProblem(f"`{name}` of {type_}", "pass a list or tuple of arrays")


def _member(type_: Type) -> Type:
    """The type of any member of a list, or of a row of an array."""
    if isinstance(type_, ListOf):
        return as_content(type_.item)
    if isinstance(type_, Array) and type_.shape:
        return Array(type_.dtype, type_.shape[1:])
    return UNKNOWN


def joined_type(facts: Facts, axis: int) -> Type:
    """The type of a concatenation along an axis."""
    sequence = plain(facts.types[0])
    members = elements(sequence, facts.name)
    open_ended = members is None
    if members is None:
        members = [_member(sequence)]
    if any(isinstance(member, Unknown) or shape_of(member) is None for member in members):
        return UNKNOWN
    known = [shape for shape in (shape_of(member) for member in members) if shape is not None]
    rank = len(known[0])
    if any(len(shape) != rank for shape in known) or not rank:
        raise TypeProblem(f"`{facts.name}` of arrays of different rank, or of numbers", "use np.stack or np.array")
    axis %= rank
    out = [_agreed([shape[place] for shape in known]) for place in range(rank)]
    out[axis] = None if open_ended else _total([shape[axis] for shape in known])
    return Array(promote(members), tuple(out))


def _agreed(column: Sequence[Dim]) -> Dim:
    for dim in column:
        if isinstance(dim, int) or known_not_one(dim):
            return dim
    return column[0] if all(same_dim(column[0], dim) for dim in column) else None


def _total(column: Sequence[Dim]) -> Dim:
    """The sum of dimensions; at most one may be a symbol that was not cut off at zero."""
    number = sum(dim for dim in column if isinstance(dim, int))
    others = [dim for dim in column if not isinstance(dim, int)]
    if not others:
        return number
    only = others[0]
    if len(others) == 1 and isinstance(only, Sym) and (only.offset >= 0 or number == 0):
        return Sym(only.name, only.offset + number)
    return None


def _axis(facts: Facts) -> int:
    axis = facts.static("axis", 0)
    if not isinstance(axis, int):
        raise TypeProblem(f"`{facts.name}` with axis {axis}", "give the axis as a number")
    return axis


def _stack_type(facts: Facts) -> Type:
    sequence = plain(facts.types[0])
    members = elements(sequence, facts.name)
    if isinstance(sequence, Array):
        return sequence
    count: Dim = len(members) if members is not None else None
    if members is None:
        members = [_member(sequence)]
    if any(isinstance(member, Unknown) or shape_of(member) is None for member in members):
        return UNKNOWN
    known = [shape for shape in (shape_of(member) for member in members) if shape is not None]
    if any(len(shape) != len(known[0]) for shape in known):
        raise TypeProblem(f"`{facts.name}` of arrays of different rank", "give all the same shape")
    out = [_agreed([shape[place] for shape in known]) for place in range(len(known[0]))]
    axis = _axis(facts) % (len(out) + 1)
    return Array(promote(members), (*out[:axis], count, *out[axis:]))


def _stacks(type_: Type, name: str) -> bool:
    """Whether vstack of these makes rows of them."""
    rank = rank_of(_first_member(type_))
    if rank is None:
        raise TypeProblem(f"`{name}` of arrays of unknown rank", "annotate them, or use np.concatenate")
    return rank < 2


def _first_member(type_: Type) -> Type:
    content = plain(type_)
    return as_content(content.items[0]) if isinstance(content, Struct) and content.items else _member(content)


def _vstack_type(facts: Facts) -> Type:
    if _stacks(facts.types[0], facts.name):
        return _stack_type(facts)
    return joined_type(facts, 0)


def _hstack_type(facts: Facts) -> Type:
    if rank_of(_first_member(facts.types[0])) == 0:
        return _stack_type(facts)
    return joined_type(facts, _h_axis(facts.types[0]))


def _h_axis(type_: Type) -> int:
    return 0 if rank_of(_first_member(type_)) == 1 else 1


# transposes ----------------------------------------------------------------------------------------------------------
def reshaped(name: str, result: str = "y_bar") -> str:
    """The formula that gives an adjoint back the shape of an argument."""
    return f"np.reshape({result}, {name}.shape)"


def back(call: Call, g: Value) -> Value:
    """The adjoint in the shape of the first argument."""
    operand = call.op.operands[0]
    if shapes.is_scalar(operand.type):
        return g if shapes.is_scalar(g.type) else apply(call.b, "np.sum", (g,))
    if isinstance(plain(operand.type), (Struct, ListOf)):
        raise TypeProblem(f"the derivative of `{call.rule.name}` of a list", "make it an array first")
    return apply(call.b, "np.reshape", (g, apply(call.b, "attr.shape", (operand,))))


def _transpose_vjp(call: Call, g: Value) -> Value:
    order = call.static("axes")
    if isinstance(order, int):
        order = (order,)
    if order is None:
        return call("np.transpose(g)", g=g)
    assert isinstance(order, (tuple, list))
    rank = len(order)
    inverse = tuple([place % rank for place in order].index(axis) for axis in range(rank))
    return call("np.transpose(g, axes)", g=g, axes=call.b.const(inverse))


def _piece(call: Call, g: Value, axis: int, piece: str, bounds: Sequence[Value], like: Type) -> Value:
    """g[:, start:stop] with the type of the member that stands there."""
    content = as_content(like)
    shape = shape_of(content)
    dtype = g.type.dtype if isinstance(g.type, Array) else None
    spec = ("s000",) * axis + (piece,)
    return call.b.emit("index", "", (g, *bounds), Array(dtype, shape), "", {"spec": spec})


def split(call: Call, g: Value, axis: int) -> Value:
    """The adjoint of a concatenation: for each member its part."""
    b, operand = call.b, call.op.operands[0]
    sequence = plain(operand.type)
    if isinstance(sequence, ListOf):
        return apply(b, "split_like", (g, operand, b.const(axis)))
    if not isinstance(sequence, Struct):
        raise TypeProblem(
            f"the derivative of `{call.rule.name}` of the rows of an array", "reshape it, or use a tuple of arrays"
        )
    rank = rank_of(sequence.items[0]) or 1
    axis %= rank
    parts: list[Value] = []
    start: Value | None = None
    for place, type_ in enumerate(sequence.items):
        last = place == len(sequence.items) - 1
        stop = None if last else _end(call, b.item(operand, place), axis, start)
        bounds = [bound for bound in (start, stop) if bound is not None]
        piece = "s" + ("1" if start is not None else "0") + ("1" if stop is not None else "0") + "0"
        parts.append(_piece(call, g, axis, piece, bounds, type_))
        start = stop
    return b.pack(Struct(sequence.kind, sequence.keys, tuple(part.type for part in parts)), parts)


def _end(call: Call, member: Value, axis: int, start: Value | None) -> Value:
    """Where a member ends along the axis: a literal if its size is known."""
    b = call.b
    size = shape_of(member.type)
    known = size[axis] if size is not None else None
    before = b.constants.get(start, None) if start is not None else 0
    if isinstance(known, int) and isinstance(before, int):
        return b.const(before + known)
    shape = apply(b, "attr.shape", (member,))
    length = b.item(shape, axis) if isinstance(shape.type, Struct) else _dynamic(b.const(axis), shape, call)
    return length if start is None else apply(b, "add", (start, length))


def _dynamic(axis: Value, shape: Value, call: Call) -> Value:
    return call.b.emit("index", "", (shape, axis), INT, "", {"spec": ("i",)})


def unstack(call: Call, g: Value, axis: int) -> Value:
    """The adjoint of a stack: for each member its row."""
    b, operand = call.b, call.op.operands[0]
    sequence = plain(operand.type)
    if isinstance(sequence, ListOf):
        rows = g if axis == 0 else apply(b, "np.moveaxis", (g, b.const(axis), b.const(0)))
        return apply(b, "list", (rows,))
    if isinstance(sequence, Array):
        return g
    assert isinstance(sequence, Struct)
    shape = shape_of(g.type)
    axis %= len(shape) if shape is not None else 1
    parts = [shapes.index(b, g, ("s000",) * axis + ("i",), (b.const(place),)) for place in range(len(sequence.items))]
    return b.pack(Struct(sequence.kind, sequence.keys, tuple(part.type for part in parts)), parts)


def _concatenate_vjp(call: Call, g: Value) -> Value:
    axis = call.static("axis", 0)
    assert isinstance(axis, int)
    return split(call, g, axis)


def _stack_vjp(call: Call, g: Value) -> Value:
    axis = call.static("axis", 0)
    assert isinstance(axis, int)
    return unstack(call, g, axis)


def _vstack_vjp(call: Call, g: Value) -> Value:
    type_ = call.op.operands[0].type
    return unstack(call, g, 0) if _stacks(type_, "np.vstack") else split(call, g, 0)


def _hstack_vjp(call: Call, g: Value) -> Value:
    type_ = call.op.operands[0].type
    return unstack(call, g, 0) if rank_of(_first_member(type_)) == 0 else split(call, g, _h_axis(type_))


def _tile_vjp(call: Call, g: Value) -> Value:
    """Fold each axis into (copies, size) and sum over the copies."""
    b, rank = call.b, call.rank("A")
    reps = dims(b, call.values["reps"])
    if reps is None:
        raise TypeProblem("`np.tile` with repetitions of unknown number", "write them as a tuple")
    items = [call.values["reps"]] if isinstance(call.values["reps"].type, Scalar) else None
    counts = [items[0] if items else _entry(call, call.values["reps"], place) for place in range(len(reps))]
    total = max(rank, len(counts))
    folded: list[Value] = []
    for place in range(total):
        count, axis = place - (total - len(counts)), place - (total - rank)
        folded.append(counts[count] if count >= 0 else b.const(1))
        folded.append(_end(call, call.values["A"], axis, None) if axis >= 0 else b.const(1))
    shape = b.pack(Struct("tuple", tuple(map(str, range(2 * total))), (INT,) * (2 * total)), folded)
    summed = call("np.sum(np.reshape(g, shape), axis=over)", g=g, shape=shape, over=_even(call, total))
    if rank == 0:
        return call("np.sum(g)", g=g)
    return summed if total == rank else call("np.reshape(s, A.shape)", s=summed)


def _entry(call: Call, shape: Value, place: int) -> Value:
    known = literal(call.b, shape)
    if isinstance(known, (tuple, list)):
        return call.b.const(known[place])
    return call.b.item(shape, place)


def _even(call: Call, total: int) -> Value:
    return shapes.axis_value(call.b, range(0, 2 * total, 2))


def _repeat_vjp(call: Call, g: Value) -> Value:
    """Fold the axis into (size, copies) and sum over the copies."""
    b, rank, axis = call.b, call.rank("a"), call.static("axis")
    if not shapes.is_scalar(call.values["repeats"].type):
        raise TypeProblem("the derivative of `np.repeat` with several counts", "index with np.repeat(np.arange(n), ..)")
    if rank == 0:
        return call("np.sum(g)", g=g)
    if axis is None:
        return call("np.reshape(np.sum(np.reshape(g, (a.size, repeats)), axis=1), a.shape)", g=g)
    assert isinstance(axis, int)
    axis %= rank
    folded: list[Value] = []
    for place in range(rank):
        folded.append(_end(call, call.values["a"], place, None))
        folded += [call.values["repeats"]] if place == axis else []
    shape = b.pack(Struct("tuple", tuple(map(str, range(rank + 1))), (INT,) * (rank + 1)), folded)
    return call("np.sum(np.reshape(g, shape), axis=over)", g=g, shape=shape, over=b.const(axis + 1))


def _diag_vjp(call: Call, g: Value) -> Value:
    k = call.static("k", 0)
    if call.rank("v") == 1:
        return call("np.diag(g, k=k)", g=g, k=call.b.const(k))
    return embedded(call, g, "v", k)


def embedded(call: Call, g: Value, name: str, k: object) -> Value:
    """A matrix of the argument's shape with `g` on its k-th diagonal."""
    shape = shape_of(call.type(name))
    if k == 0 and shape is not None and len(shape) == 2 and shape[0] == shape[1] and shape[0] is not None:
        return call("np.diag(g)", g=g)
    assert isinstance(k, int)
    size, column = (0, "[:, None]") if k >= 0 else (1, "[None, :]")
    spread = call(f"g[np.minimum(np.arange({name}.shape[{size}]), g.size - 1)]{column}", g=g)
    text = f"np.where(np.eye({name}.shape[0], {name}.shape[1], k=k, dtype=flag), spread, 0.0)"
    return call(text, spread=spread, k=call.b.const(k), flag=call.b.const(bool, "bool"))


def _unbroadcast(call: Call, g: Value) -> Value:
    return shapes.unbroadcast(call.b, g, call.op.operands[0])


linear("np.reshape(a, shape, order='C')", {"a": back}, infer=_reshape_type)
linear("np.ravel(a)", {"a": back}, infer=_ravel_type)
linear("flatten(a)", {"a": back}, infer=_ravel_type)
linear("np.transpose(a, axes=None)", {"a": _transpose_vjp})
linear("np.squeeze(a, axis=None)", {"a": back}, infer=_squeeze_type)
linear("np.expand_dims(a, axis)", {"a": "np.squeeze(y_bar, axis=axis)"})
linear(
    "np.broadcast_to(array, shape)",
    {"array": _unbroadcast},
    infer=_broadcast_type,
)
linear(
    "np.swapaxes(a, axis1, axis2)",
    {"a": "np.swapaxes(y_bar, axis1, axis2)"},
)
linear(
    "np.moveaxis(a, source, destination)",
    {"a": "np.moveaxis(y_bar, destination, source)"},
)
linear(
    "np.concatenate(arrays, axis=0)",
    {"arrays": _concatenate_vjp},
    infer=lambda facts: joined_type(facts, _axis(facts)),
)
linear("np.stack(arrays, axis=0)", {"arrays": _stack_vjp}, infer=_stack_type)
linear("np.vstack(tup)", {"tup": _vstack_vjp}, infer=_vstack_type)
linear("np.hstack(tup)", {"tup": _hstack_vjp}, infer=_hstack_type)


def _flip_vjp(call: Call, g: Value) -> Value:
    return call("np.flip(g, axis=axis)" if call.has("axis") else "np.flip(g)", g=g)


def _roll_vjp(call: Call, g: Value) -> Value:
    text = "np.roll(g, back, axis=axis)" if call.has("axis") else "np.roll(g, back)"
    return call(text, g=g, back=_minus(call, call.values["shift"]))


def _minus(call: Call, shift: Value) -> Value:
    known = literal(call.b, shift)
    if isinstance(known, int):
        return call.b.const(-known)
    if isinstance(known, tuple):
        return call.b.const(tuple(-item for item in known))
    return apply(call.b, "neg", (shift,))


def _diag_type(facts: Facts) -> Type:
    array, k = _array(facts), facts.static("k", 0)
    if array is None or array.shape is None or not isinstance(k, int):
        return UNKNOWN
    if len(array.shape) != 1:
        return _diagonal_of(facts, array, k)
    dim = array.shape[0]
    size: Dim = dim + abs(k) if isinstance(dim, int) else None
    if isinstance(dim, Sym) and dim.offset >= 0:
        size = Sym(dim.name, dim.offset + abs(k))
    return Array(array.dtype, (size if k else dim,) * 2)


def _diagonal_type(facts: Facts) -> Type:
    array, k = _array(facts), facts.static("offset", 0)
    return UNKNOWN if array is None or not isinstance(k, int) else _diagonal_of(facts, array, k)


def _diagonal_of(facts: Facts, array: Array, k: int) -> Type:
    """The type of a diagonal: its length is known for known or equal dimensions."""
    if array.shape is None or len(array.shape) != 2:
        raise TypeProblem(f"`{facts.name}` of an array that is no matrix", "use np.einsum")
    rows, columns = array.shape
    if isinstance(rows, int) and isinstance(columns, int):
        return Array(array.dtype, (max(min(rows + min(k, 0), columns - max(k, 0)), 0),))
    return Array(array.dtype, (rows if rows == columns and k == 0 else None,))


linear("np.flip(m, axis=None)", {"m": _flip_vjp}, infer=_same)
linear(
    "np.roll(a, shift, axis=None)",
    {"a": _roll_vjp},
    infer=_same,
)
linear("np.tile(A, reps)", {"A": _tile_vjp}, infer=_tile_type)
linear(
    "np.repeat(a, repeats, axis=None)",
    {"a": _repeat_vjp},
    infer=_repeat_type,
)
linear("np.diag(v, k=0)", {"v": _diag_vjp}, infer=_diag_type)


def _triangle(name: str) -> None:
    def vjp(call: Call, g: Value) -> Value:
        return call(f"{name}(g, k=k)" if call.has("k") else f"{name}(g)", g=g)

    linear(f"{name}(m, k=0)", {"m": vjp}, infer=_same)


_triangle("np.tril")
_triangle("np.triu")


def _diagonal_vjp(call: Call, g: Value) -> Value:
    return embedded(call, g, "a", call.static("offset", 0))


linear("np.diagonal(a, offset=0)", {"a": _diagonal_vjp}, infer=_diagonal_type)
for _name in ("np.atleast_1d", "np.atleast_2d"):
    linear(f"{_name}(a)", {"a": back})


# out of arrays -------------------------------------------------------------------------------------------------------
def _item_type(facts: Facts) -> Type:
    type_ = plain(facts.types[0])
    if isinstance(type_, Array) and type_.dtype is not None:
        return Scalar({"f": "float", "c": "complex", "b": "bool"}.get(type_.dtype[0], "int"))
    return Scalar("float")


def _tolist_type(facts: Facts) -> Type:
    array = _array(facts)
    if array is None or array.shape is None:
        raise TypeProblem("`tolist` of an array of unknown rank", "annotate it")
    item = _item_type(facts)
    for _ in array.shape:
        item = ListOf(item)
    return item


linear("item(a)", {"a": back}, infer=_item_type)
linear(
    "tolist(a)",
    {"a": lambda call, g: apply(call.b, "np.array", (g,))},
    infer=_tolist_type,
)
