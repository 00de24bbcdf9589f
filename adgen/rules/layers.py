"""Columns, layers and blocks: joined from arrays of fewer axes.

m = np.column_stack((x, y))      ->      x_bar, y_bar = m_bar[:, 0], m_bar[:, 1]
m = np.block([[a, b], [c, d]])   ->      each block's part of m_bar
"""

from __future__ import annotations

from collections.abc import Callable

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, ListOf, Struct, Type
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, plain, promote, rank_of, shape_of, strong
from adgen.rules.kinds import linear
from adgen.rules.rule import Facts, TypeProblem


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
    return Array(promote([strong(leaf) for leaf in leaves]), (None,) * rank)  # a number is a block by itself


linear("np.block(arrays)", {"arrays": _block_vjp}, infer=_block_type)
