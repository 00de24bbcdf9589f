"""Functions that move elements without changing them: all are linear, and their transposes move back.

y = np.reshape(a, (n, m))     ->      a_bar = np.reshape(y_bar, a.shape)
y = np.concatenate((a, b))    ->      a_bar = y_bar[: a.shape[0]];  b_bar = y_bar[a.shape[0] :]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.ir.core import Value
from adgen.ir.types import INT, UNKNOWN, Array, Dim, ListOf, Scalar, Struct, Sym, Type, Unknown
from adgen.rules import shapes
from adgen.rules.apply import apply, dims, literal, shape_facts
from adgen.rules.call import Call
from adgen.rules.infer import (
    as_content,
    code,
    known_not_one,
    plain,
    promote,
    rank_of,
    reduced_shape,
    same_dim,
    shape_of,
)
from adgen.rules.kinds import as_asked, linear
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.scattering import moved_places, scattered


# types ---------------------------------------------------------------------------------------------------------------
def _array(facts: Facts) -> Array | None:
    """The first argument if it is an array of known rank."""
    type_ = as_content(facts.types[0])
    if isinstance(type_, Scalar):
        return Array(promote([type_]), ())
    return type_ if isinstance(type_, Array) and type_.shape is not None else None


def _reshape_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    _known_order(facts)
    dtype = type_.dtype if isinstance(type_, Array) else promote([type_])
    target = shape_facts(facts.statics)
    source = shape_of(type_)
    return Array(dtype, None if target is None else target if source is None else completed(source, target))


def _known_order(facts: Facts) -> None:
    if facts.static("order", "C") not in ("C", "F"):
        raise TypeProblem(
            f"`{facts.name}` in the order of memory, which types do not tell",
            "give the order 'C' or 'F', or leave it out",
        )


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
    _known_order(facts)
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


def _ranks(type_: Type, name: str) -> list[int]:
    """The ranks of the members of a sequence."""
    content = plain(type_)
    members = [as_content(item) for item in content.items] if isinstance(content, Struct) else [_member(content)]
    ranks = [rank_of(member) for member in members]
    if any(rank is None for rank in ranks):
        raise TypeProblem(f"`{name}` of arrays of unknown rank", "annotate them, or use np.concatenate")
    return [rank for rank in ranks if rank is not None]


def _raised(facts: Facts, least: int) -> Facts:
    """The call as NumPy makes it of members with at least so many axes."""
    sequence = plain(facts.types[0])
    if not isinstance(sequence, Struct):
        return facts
    items = []
    for item in map(as_content, sequence.items):
        shape = shape_of(item)
        dtype = item.dtype if isinstance(item, Array) else promote([item])
        items.append(
            item if shape is None or len(shape) >= least else Array(dtype, (1,) * (least - len(shape)) + shape)
        )
    return Facts(facts.name, facts.args, (replace(sequence, items=tuple(items)), *facts.types[1:]), facts.statics)


def _as_rows(type_: Type, name: str) -> bool:
    """Whether vstack of these makes a row of each."""
    return all(rank == 1 for rank in _ranks(type_, name))


def _vstack_type(facts: Facts) -> Type:
    if _as_rows(facts.types[0], facts.name):
        return _stack_type(facts)
    return joined_type(_raised(facts, 2), 0)


def _hstack_type(facts: Facts) -> Type:
    if all(rank == 0 for rank in _ranks(facts.types[0], facts.name)):
        return _stack_type(facts)
    return joined_type(_raised(facts, 1), _h_axis(facts.types[0]))


def _h_axis(type_: Type) -> int:
    """Numbers and lines are joined as lines, what has more axes along the second."""
    return 0 if _ranks(type_, "np.hstack")[0] < 2 else 1


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
    operands, args = [g, apply(call.b, "attr.shape", (operand,))], ["a", "shape"]
    if call.has("order") and call.static("order") == "F":
        operands, args = [*operands, call.values["order"]], [*args, "order"]
    return apply(call.b, "np.reshape", operands, args)


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


def split(call: Call, g: Value, axis: int, rank: int | None = None) -> Value:
    """The adjoint of a concatenation: for each member its part; members may have fewer axes than `rank`."""
    b, operand = call.b, call.op.operands[0]
    sequence = plain(operand.type)
    if isinstance(sequence, ListOf):
        if isinstance(plain(sequence.item), (ListOf, Struct)):
            raise TypeProblem(f"the derivative of `{call.rule.name}` of a list of lists", "make arrays of its elements")
        return apply(b, "split_like", (g, operand, b.const(axis)))
    if not isinstance(sequence, Struct):
        return _rows_back(call, g, axis)
    axis %= rank if rank is not None else rank_of(sequence.items[0]) or 1
    parts: list[Value] = []
    start: Value | None = None
    for place, type_ in enumerate(sequence.items):
        last = place == len(sequence.items) - 1
        missing = 0 if rank is None else rank - (rank_of(type_) or 0)
        if missing > axis:  # one entry along the axis
            at = start if start is not None else b.const(0)
            parts.append(_entry_of(call, g, axis, missing, at))
            start = None if last else _next(call, start)
            continue
        stop = None if last else _end(call, b.item(operand, place), axis - missing, start)
        bounds = [bound for bound in (start, stop) if bound is not None]
        piece = "s" + ("1" if start is not None else "0") + ("1" if stop is not None else "0") + "0"
        parts.append(_piece(call, g, axis, piece, bounds, type_))
        start = stop
    return b.pack(Struct(sequence.kind, sequence.keys, tuple(part.type for part in parts)), parts)


def _rows_back(call: Call, g: Value, axis: int) -> Value:
    """The adjoint of an array whose rows are joined."""
    operand = call.op.operands[0]
    last = rank_of(operand.type)
    if last is None:
        raise TypeProblem(f"the derivative of `{call.rule.name}` of an array of unknown rank", "annotate it")
    axis %= last - 1
    sizes = [f"v.shape[{place}]" for place in range(1, last)]
    if axis == 0:
        return call("np.reshape(g, v.shape)", g=g, v=operand)
    whole = ", ".join([*sizes[:axis], "v.shape[0]", *sizes[axis:]])
    text = f"np.moveaxis(np.reshape(g, ({whole})), axis, first)"
    return call(text, g=g, v=operand, axis=call.b.const(axis), first=call.b.const(0))


def _entry_of(call: Call, g: Value, axis: int, missing: int, at: Value) -> Value:
    """What a member that lacks the first axes has of an adjoint: g[at], g[0, at]."""
    spec = ["i" if place < missing else "s000" for place in range(rank_of(g.type) or 1)]
    operands = [at if place == axis else call.b.const(0) for place in range(missing)]
    return shapes.index(call.b, g, spec, operands)


def _next(call: Call, start: Value | None) -> Value:
    known = call.b.constants.get(start, None) if start is not None else 0
    if isinstance(known, int):
        return call.b.const(known + 1)
    assert start is not None
    return apply(call.b, "add", (start, call.b.const(1)))


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
    if not isinstance(sequence, Struct):
        raise TypeProblem(f"the derivative of `{call.rule.name}` of what may be an array or a list", "annotate it")
    shape = shape_of(g.type)
    axis %= len(shape) if shape is not None else 1
    parts = [shapes.index(b, g, ("s000",) * axis + ("i",), (b.const(place),)) for place in range(len(sequence.items))]
    return b.pack(Struct(sequence.kind, sequence.keys, tuple(part.type for part in parts)), parts)


def _concatenate_type(facts: Facts) -> Type:
    if facts.static("axis", 0) is not None:
        return as_asked(lambda plainly: joined_type(plainly, _axis(plainly)))(facts)
    sequence = plain(facts.types[0])
    members = elements(sequence, facts.name) or [_member(sequence)]
    asked = facts.static("dtype")
    dtype = promote(members) if asked is None else code(asked)
    sizes = [_count(shape_of(member)) for member in members]
    return Array(dtype, (_total(sizes) if isinstance(sequence, Struct) and None not in sizes else None,))


def _count(shape: tuple[Dim, ...] | None) -> Dim:
    """The number of elements of a line, or of an array of known dimensions."""
    if shape is None or (len(shape) > 1 and not all(isinstance(dim, int) for dim in shape)):
        return None
    out: Dim = 1
    for dim in shape:
        out = _times(out, dim)
    return out


def _flat_parts(call: Call, g: Value) -> Value:
    """The adjoint of members of any shapes, joined as lines."""
    b, operand = call.b, call.op.operands[0]
    sequence = plain(operand.type)
    if not isinstance(sequence, Struct):
        raise TypeProblem("the derivative of `np.concatenate` with axis None of this", "use a tuple of arrays")
    parts: list[Value] = []
    start: Value | None = None
    for place, type_ in enumerate(sequence.items):
        member = b.item(operand, place)
        if rank_of(type_) == 0:
            parts.append(_entry_of(call, g, 0, 1, start if start is not None else b.const(0)))
            start = _next(call, start)
            continue
        size = call("v.size", v=member)
        stop = size if start is None else apply(b, "add", (start, size))
        part = call("g[:stop]" if start is None else "g[start:stop]", g=g, stop=stop, start=start or stop)
        parts.append(part if rank_of(type_) == 1 else call("np.reshape(part, v.shape)", part=part, v=member))
        start = stop
    return b.pack(Struct(sequence.kind, sequence.keys, tuple(part.type for part in parts)), parts)


def _concatenate_vjp(call: Call, g: Value) -> Value:
    axis = call.static("axis", 0)
    if axis is None:
        return _flat_parts(call, g)
    assert isinstance(axis, int)
    return split(call, g, axis)


def _stack_vjp(call: Call, g: Value) -> Value:
    axis = call.static("axis", 0)
    assert isinstance(axis, int)
    return unstack(call, g, axis)


def _vstack_vjp(call: Call, g: Value) -> Value:
    type_ = call.op.operands[0].type
    rank = max(2, *_ranks(type_, "np.vstack"))
    return unstack(call, g, 0) if _as_rows(type_, "np.vstack") else split(call, g, 0, rank)


def _hstack_vjp(call: Call, g: Value) -> Value:
    type_ = call.op.operands[0].type
    ranks = _ranks(type_, "np.hstack")
    return split(call, g, _h_axis(type_), max(ranks)) if any(ranks) else unstack(call, g, 0)


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
        return scattered(call, g, moved_places(call, "a"), "a")
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


def _unbroadcast(call: Call, g: Value) -> Value:
    return shapes.unbroadcast(call.b, g, call.op.operands[0])


linear("np.reshape(a, shape, order='C')", {"a": back}, infer=_reshape_type)
linear("np.ravel(a, order='C')", {"a": back}, infer=_ravel_type)
linear("flatten(a, order='C')", {"a": back}, infer=_ravel_type)
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
    "np.concatenate(arrays, axis=0, *, dtype=None)",
    {"arrays": _concatenate_vjp},
    infer=_concatenate_type,
)
linear("np.stack(arrays, axis=0, *, dtype=None)", {"arrays": _stack_vjp}, infer=as_asked(_stack_type))
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
    type_ = plain(shift.type)
    if isinstance(type_, Struct):
        return call.b.pack(type_, [_minus(call, call.b.item(shift, k)) for k in range(len(type_.items))])
    return apply(call.b, "neg", (shift,))


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


def _triangle_type(facts: Facts) -> Type:
    """As the argument; a line is repeated to a square."""
    found = _same(facts)
    shape = shape_of(found)
    return Array(found.dtype, shape * 2) if isinstance(found, Array) and shape and len(shape) == 1 else found


def _triangle(name: str) -> None:
    def vjp(call: Call, g: Value) -> Value:
        out = call(f"{name}(g, k=k)" if call.has("k") else f"{name}(g)", g=g)
        return call("np.sum(out, axis=first)", out=out, first=call.b.const(0)) if call.rank("m") == 1 else out

    linear(f"{name}(m, k=0)", {"m": vjp}, infer=_triangle_type)


_triangle("np.tril")
_triangle("np.triu")


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
