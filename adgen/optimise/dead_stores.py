"""Stores to a buffer of the derivative that nobody reads any more (exact).

x_bar = y_bar[0]
y_bar[0] = 0.0        ->      return y_bar[0]
return x_bar
"""

from __future__ import annotations

from collections.abc import Sequence

from adgen.analyses.aliasing import aliases
from adgen.ir.core import Func, Op, Value
from adgen.ir.walk import Rebuilder, walk

CLASS = "exact"


def dead_stores(func: Func) -> Func:
    """Drop stores of the function's own block after the last read of the memory."""
    return _DeadStores(func).func(func)


class _DeadStores(Rebuilder):
    def __init__(self, func: Func) -> None:
        super().__init__()
        found = aliases(func)
        roots = found.roots
        own = {op.result for op in walk(func.block) if op.kind == "alloc" and op.role == "adjoint"}
        self.dead: set[Op] = set()
        read: set[Value] = set()
        for value in func.block.yields:
            read.update(roots.get(value, ()))
        for op in reversed(func.block.ops):
            mine = roots.get(op.operands[0], ()) if op.operands else ()
            if op.kind == "store" and mine and all(root in own and root not in read for root in mine):
                self.dead.add(op)
                continue
            for inner in (op, *(deep for region in op.regions for deep in walk(region))):
                if inner.kind != "store" and inner.kind != "view":
                    read.update(root for value in inner.operands for root in roots.get(value, ()))
                elif inner.kind == "store":
                    read.update(roots.get(inner.operands[1], ()))

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Drop the dead ones."""
        return () if old in self.dead else (op,)
