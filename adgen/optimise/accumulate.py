"""Adjoint buffers without needless writes.  Real (sums of several contributions may be taken in another order).

    b = alloc zeros_like(v)          b = alloc (e + f)       the first write is an assignment
    store b += e
    store b += f
    store b[1] += g                  store b[1] += g + h     neighbouring increments of one place are one
    store b[1] += h

    store b[i:] += g                 store b[i:] += g + g    of unknown shape too, if it is the same once more
    store b[i:] += g

    b = alloc zeros_like(v)          c = e                   never seen through a view, never in a loop or a branch:
    store b += e                                             no memory at all
    c = load b

Between what is joined nothing may touch the memory.  Only buffers of derivative code, only equal types.
"""

from __future__ import annotations

from dataclasses import replace

from adgen.analyses.aliasing import Aliases, aliases
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import Array, Ref
from adgen.ir.walk import Rebuilder, defs, final, free_values, uses
from adgen.optimise.facts import exact, is_array, is_complex, is_real
from adgen.optimise.rewrite import args_of, rename
from adgen.optimise.unit_axes import unit_axes

CLASS = "real"


def accumulate(func: Func) -> Func:
    """The function with joined writes, then without memory that values can stand for."""
    whole = unit_axes(func)
    return _Promote(_Join(whole).func(whole)).func_of(func)


class _Join(Rebuilder):
    """Moves allocations and increments down to the next increment of the same memory."""

    def __init__(self, func: Func) -> None:
        super().__init__()
        self.aliases: Aliases = aliases(func)

    def finish(self, block: Block, owner: Op | None) -> Block:
        """Join what can be joined in this block."""
        ops: list[Op] = []
        for op in block.ops:
            place = self._partner(ops, op)
            if place is None:
                ops.append(op)
                continue
            first = ops.pop(place)
            joined = _joined(first, op)
            self.moved[first] = self.moved[op] = joined[-1]
            ops += joined
        return block if tuple(ops) == block.ops else Block(block.params, tuple(ops), block.yields)

    def _partner(self, ops: list[Op], op: Op) -> int | None:
        """Where the allocation or increment stands that this write can be joined with."""
        if not _writes(op):
            return None
        whole = _writes_all(op)
        ref, content = op.operands
        for place in range(len(ops) - 1, -1, -1):
            first = ops[place]
            if first.kind == "alloc" and first.result is ref:
                own = whole and first.role == "adjoint" and first.operands[0].type == content.type
                return place if own else None
            if _adds_again(first, op):
                return place
            if whole and _writes_all(first) and first.operands[0] is ref:
                same = first.operands[1].type == content.type or op.attrs["mode"] == "set"
                return place if same and first.attrs["mode"] == "add" else None
            if self._touches(first, ref):
                return None
        return None

    def _touches(self, op: Op, ref: Value) -> bool:
        """Whether the operation, or anything in it, reads or writes what the reference reaches, or names it."""
        seen = free_values(Block((), (op,), ()))
        if op.kind == "view":
            return ref in seen
        return any(value is ref or self.aliases.may_alias(value, ref) for value in seen)


def _writes(op: Op) -> bool:
    """Whether it sets or increments a place of derivative code."""
    return op.kind == "store" and op.role == "adjoint" and not op.attrs.get("at") and op.attrs["mode"] in ("add", "set")


def _adds_again(first: Op, op: Op) -> bool:
    """Whether one number or array is added to one place twice: whatever shapes they have, it may be doubled."""
    if not _writes(first) or not first.attrs["mode"] == op.attrs["mode"] == "add" or first.operands != op.operands:
        return False
    return is_real(op.operands[1].type) or is_complex(op.operands[1].type)


def _writes_all(op: Op) -> bool:
    """Whether it sets or increments a place of known shape by a content of just that shape."""
    if not _writes(op):
        return False
    ref, content = op.operands
    place = ref.type.content if isinstance(ref.type, Ref) else None
    return place == content.type and exact(content.type)


def _joined(first: Op, op: Op) -> list[Op]:
    """One operation (and the sum it needs) in place of both."""
    ref, content = op.operands
    old = first.operands[0] if first.kind == "alloc" else first.operands[1]
    if op.attrs["mode"] == "set":
        return [replace(first, operands=(content,)) if first.kind == "alloc" else op]
    total = _sum(op, old, content, content.hint)
    if first.kind == "alloc":
        return [total, replace(first, operands=(total.result,))]
    return [total, replace(op, operands=(ref, total.result))]


def _sum(op: Op, first: Value, second: Value, hint: str) -> Op:
    """The sum of two contributions."""
    result = Value(second.type, hint)
    return Op("prim", "add", (first, second), (result,), (), {"args": args_of("add", 2)}, op.span, "adjoint")


class _Promote(Rebuilder):
    """Buffers that are only loaded and written as a whole, in one block, become values."""

    def __init__(self, func: Func) -> None:
        super().__init__()
        self.function = func
        self.uses = uses(func)
        self.current: dict[Value, Value] = {}
        self.names: dict[Value, str] = {}
        self.nameless = {
            value: None
            for value, op in defs(func).items()
            if not value.hint and op.role != "primal" and op.kind != "const"
        }
        self.home: list[Block] = [func.block]

    def func_of(self, original: Func) -> Func:
        """The function, rebuilt; the original object if nothing changed at all."""
        new = rename(self.func(self.function), self.names)
        return original if new.block is original.block else new

    def enter(self, owner: Op, region: Block) -> None:
        """Operations are in the region now."""
        self.home.append(region)

    def leave(self, owner: Op, region: Block) -> None:
        """And outside again."""
        self.home.pop()

    def visit(self, op: Op, old: Op) -> tuple[Op, ...]:
        """Follow the content of buffers that are to become values."""
        if op.kind == "alloc" and op.role == "adjoint" and self._is_value(op.result):
            self.current[op.result] = op.operands[0]
            return ()
        if op.kind not in ("load", "store") or op.operands[0] not in self.current:
            return (op,)
        ref = op.operands[0]
        if op.kind == "load":
            found = final(self.current[ref], self.mapping)
            self.mapping[op.result] = found
            if found in self.nameless and (op.result.hint or ref.hint):
                self.names.setdefault(found, op.result.hint or ref.hint)
            return ()
        if op.attrs["mode"] == "set":
            self.current[ref] = op.operands[1]
            return ()
        total = _sum(op, self.current[ref], op.operands[1], ref.hint)
        self.current[ref] = total.result
        return (total,)

    def _is_value(self, ref: Value) -> bool:
        """Whether all uses of the memory are whole loads and writes in this block, after it."""
        place = ref.type.content if isinstance(ref.type, Ref) else None
        users = self.uses.get(ref, [])
        mine = {op: None for op in self.home[-1].ops}
        if not isinstance(place, Array) or not is_array(place) or not all(user in mine for user in users):
            return False
        whole = all(
            (user.kind == "load" and user.result.type == place)
            or (_writes_all(user) and user.operands[0] is ref and user.operands[1] is not ref)
            for user in users
            if isinstance(user, Op)
        )
        return whole and len(users) == sum(isinstance(user, Op) for user in users)
