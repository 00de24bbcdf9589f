"""A slot that is cleared and then increased once is set (exact, up to the sign of zero).

    y_bar[0] = 0.0
    x_bar += y0_bar * y0          ->      x_bar += y0_bar * y0
    y_bar[0] += y0_bar * x                y_bar[0] = y0_bar * x

Nothing may touch the memory between, and the increment has to have the slot's own shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.analyses.aliasing import aliases
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import Array, Ref, is_number
from adgen.ir.walk import Rebuilder, blocks, defs, walk

CLASS = "exact"


def refill(func: Func) -> Func:
    """Replace such pairs of stores by one."""
    return _Refill(func).func(func)


class _Refill(Rebuilder):
    def __init__(self, func: Func) -> None:
        super().__init__()
        self.defs = defs(func)
        self.roots = aliases(func).roots
        self.cleared: set[Op] = set()
        self.set: dict[Op, Value | None] = {}  # the store, and what it scales the slot by
        for block in blocks(func.block):
            self._scan(block)

    def _scan(self, block: Block) -> None:
        for k, op in enumerate(block.ops):
            if op.role == "primal" or not self._clears(op):
                continue
            roots = self.roots.get(op.operands[0], ())
            other = next((later for later in block.ops[k + 1 :] if self._touches(later, roots)), None)
            if other is not None and self._increases(other, op):
                self.cleared.add(op)
                self.set[other] = self._factor(block, op, other)

    def _clears(self, op: Op) -> bool:
        if op.kind != "store" or op.attrs["mode"] != "set":
            return False
        made = self.defs.get(op.operands[1])
        return made is not None and made.kind == "const" and made.attrs["value"] == 0.0

    def _increases(self, op: Op, clear: Op) -> bool:
        if (
            op.kind != "store"
            or op.attrs["mode"] != "add"
            or op.attrs.get("at")
            or op.operands[0] is not clear.operands[0]
        ):
            return False
        slot, given = op.operands[0].type, op.operands[1].type
        assert isinstance(slot, Ref)
        if is_number(slot.content) and is_number(given):
            return True
        if not isinstance(given, Array) or not isinstance(slot.content, Array) or given.shape is None:
            return False
        return None not in given.shape and slot.content.shape == given.shape

    def _factor(self, block: Block, clear: Op, store: Op) -> Value | None:
        """What the slot's own content is multiplied by, if that is what is added."""
        made = self.defs.get(store.operands[1])
        if made is None or made.name != "mul" or made.operands[0] is made.operands[1]:
            return None
        for old, factor in (made.operands, made.operands[::-1]):
            read = self.defs.get(old)
            if (
                read is None
                or read.kind != "load"
                or read.operands[0] is not clear.operands[0]
                or read not in block.ops
            ):
                continue
            between = block.ops[block.ops.index(read) + 1 : block.ops.index(clear)]
            roots = self.roots.get(clear.operands[0], ())
            if made.result.type == old.type and not any(self._touches(op, roots) for op in between):
                return factor
        return None

    def _touches(self, op: Op, roots: Sequence[object]) -> bool:
        """Whether the operation, or one inside it, reads or writes the memory (making a view is neither)."""
        if op.kind != "view" and any(root in roots for v in op.operands for root in self.roots.get(v, ())):
            return True
        return any(self._touches(inner, roots) for region in op.regions for inner in walk(region))

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Drop the first, set with the second."""
        if old in self.cleared:
            return ()
        if old not in self.set:
            return (op,)
        factor = self.set[old]
        if factor is None:
            return (replace(op, attrs={**op.attrs, "mode": "set"}),)
        return (replace(op, operands=(op.operands[0], factor), attrs={**op.attrs, "mode": "mul"}),)
