"""Arrays and lists of them: joined, stacked, taken apart again.

y = np.concatenate((a, b))    ->      a_bar = y_bar[: a.shape[0]];  b_bar = y_bar[a.shape[0] :]
y = np.stack((a, b))          ->      a_bar = y_bar[0];  b_bar = y_bar[1]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.ir.core import Value
from adgen.ir.types import INT, UNKNOWN, Array, Dim, ListOf, Struct, Sym, Type, Unknown, show
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.asked import as_asked
from adgen.rules.call import Call
from adgen.rules.infer import as_content, code, known_not_one, plain, promote, rank_of, same_dim, shape_of
from adgen.rules.kinds import linear
from adgen.rules.rule import Facts, TypeProblem


def multiplied(dim: Dim, count: Dim) -> Dim:
    """The product of two dimensions, where both are known."""
    if isinstance(dim, int) and isinstance(count, int):
        return dim * count
    return dim if count == 1 else count if dim == 1 else None


def elements(type_: Type, name: str) -> list[Type] | None:
    """The types of the members of a sequence argument; None for a list of unknown length."""
    if isinstance(type_, Struct):
        return [as_content(item) for item in type_.items]
    if isinstance(type_, ListOf):
        return None
    if isinstance(type_, (Array, Unknown)):
        return None
    raise TypeProblem(f"`{name}` of {show(type_)}", "pass a list or tuple of arrays")


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
        stop = None if last else end(call, b.item(operand, place), axis - missing, start)
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


def end(call: Call, member: Value, axis: int, start: Value | None) -> Value:
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
        out = multiplied(out, dim)
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


linear(
    "np.concatenate(arrays, axis=0, *, dtype=None, casting='same_kind')",
    {"arrays": _concatenate_vjp},
    infer=_concatenate_type,
)
ASKED = "*, dtype=None, casting='same_kind'"
linear(f"np.stack(arrays, axis=0, {ASKED})", {"arrays": _stack_vjp}, infer=as_asked(_stack_type))
linear(f"np.vstack(tup, {ASKED})", {"tup": _vstack_vjp}, infer=as_asked(_vstack_type))
linear(f"np.hstack(tup, {ASKED})", {"tup": _hstack_vjp}, infer=as_asked(_hstack_type))
