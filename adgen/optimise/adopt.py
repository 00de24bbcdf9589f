"""The first accumulation into a buffer of zeros is its initial value (exact, up to the sign of zero).

    v_bar = np.zeros_like(v)
    v_bar += 2.0 * v              ->      v_bar = 2.0 * v

Whole-buffer increments that follow one another are added first.  The increment has to have the buffer's shape and
dtype for certain, and nothing may touch the buffer between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import Array, Ref, Type
from adgen.ir.walk import Rebuilder, defs, walk

EXACT = True


def adopt(func: Func) -> Func:
    """Start buffers with what is first added to them."""
    return _Adopt(func).func(func)


class _Adopt(Rebuilder):
    def __init__(self, func: Func) -> None:
        super().__init__()
        self.defs = defs(func)
        self.late: dict[Op, Op] = {}  # first increment -> the allocation that it replaces
        self.gone: set[Op] = set()
        self._scan(func.block)

    def _scan(self, block: Block) -> None:
        for k, op in enumerate(block.ops):
            if op.kind == "alloc" and op.role != "primal" and self._zeros(op.operands[0]):
                first = next((other for other in block.ops[k + 1 :] if _touches(other, op.result)), None)
                if first is not None and self._is_start(first, op):
                    self.late[first] = op
                    self.gone.add(op)
            for region in op.regions:
                self._scan(region)

    def _zeros(self, value: Value) -> bool:
        made = self.defs.get(value)
        return made is not None and made.kind == "prim" and made.name == "zeros_like"

    def _is_start(self, op: Op, alloc: Op) -> bool:
        if op.kind != "store" or op.operands[0] is not alloc.result or op.attrs.get("mode") != "add":
            return False
        assert isinstance(alloc.result.type, Ref)
        return op.operands[1] is not alloc.result and certain(op.operands[1].type, alloc.result.type.content)

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Move the allocation down to its first increment."""
        if old in self.gone:
            return []
        alloc = self.late.get(old)
        if alloc is None:
            return (op,)
        return [replace(alloc, operands=(op.operands[1],), span=op.span)]


def certain(given: Type, wanted: Type) -> bool:
    """Whether two array types are one, with no dimension left open."""
    return isinstance(given, Array) and given == wanted and given.shape is not None and None not in given.shape


def _touches(op: Op, ref: Value) -> bool:
    """Whether an operation, or one inside it, reads the reference in any way."""
    return any(ref in inner.operands for inner in _all(op)) or any(
        ref in region.yields for inner in _all(op) for region in inner.regions
    )


def _all(op: Op) -> list[Op]:
    found = [op]
    for region in op.regions:
        found += walk(region)
    return found


def join_increments(func: Func) -> Func:
    """Two whole-reference increments that follow one another become one of the sum."""
    return _Join(func).func(func)


class _Join(Rebuilder):
    def __init__(self, func: Func) -> None:
        super().__init__()
        self.into: dict[Op, list[Op]] = {}
        self.gone: set[Op] = set()
        self._scan(func.block)

    def _scan(self, block: Block) -> None:
        open_: dict[Value, Op] = {}
        for op in block.ops:
            if _increments(op) and op.operands[0] in open_ and op.operands[1].type == open_[op.operands[0]].operands[1].type:
                earlier = open_[op.operands[0]]
                self.into[op] = [*self.into.pop(earlier, [earlier]), op]
                self.gone.add(earlier)
            elif op.kind in ("load", "store", "view", "append", "pop") or op.regions:
                open_ = {}
            if _increments(op):
                open_[op.operands[0]] = op
            for region in op.regions:
                self._scan(region)

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Drop the earlier increment, add the sum at the later one."""
        if old in self.gone:
            return []
        if old not in self.into:
            return (op,)
        steps: list[Op] = []
        total = self.into[old][0].operands[1]
        for part in self.into[old][1:]:
            value = Value(total.type)
            operands = (total, part.operands[1])
            steps.append(Op("prim", "add", operands, (value,), (), {"args": ("a", "b")}, op.span, op.role))
            total = value
        return [*steps, replace(op, operands=(op.operands[0], total))]


def _increments(op: Op) -> bool:
    return op.kind == "store" and op.role != "primal" and op.attrs.get("mode") == "add" and not op.attrs.get("at")
