"""Shadows that are seen by layout: `y_bar.reshape(2, 3)` must be a view, as `y.reshape(2, 3)` is one.

y_bar = alloc zeros_like(y)          y_bar = alloc zeros_like(y), order C
v_bar = view y_bar.reshape(2, 3)     v_bar = view y_bar.reshape(2, 3)
"""

from __future__ import annotations

from dataclasses import replace

from adgen.analyses.aliasing import aliases
from adgen.errors import InternalError
from adgen.ir.core import Func, Op, Value
from adgen.ir.walk import Rebuilder, defs, walk
from adgen.rules.views import BY_LAYOUT


def in_c_order(func: Func) -> Func:
    """The function, with all memory of derivatives that a view by layout leads to marked as C-contiguous."""
    views = [op.result for op in walk(func.block) if op.kind == "view" and op.name in BY_LAYOUT]
    if not views:
        return func
    made, facts = defs(func), aliases(func)
    marked: dict[Value, None] = {}
    for value in views:
        for root in facts.roots[value]:
            op = made.get(root)
            if op is None or op.kind != "alloc":
                raise InternalError(f"a view by layout of {root}, which nothing allocates")
            if op.role != "primal":
                marked[root] = None
    return replace(func, block=_Mark(marked).func(func).block)


class _Mark(Rebuilder):
    """Gives allocations their order."""

    def __init__(self, marked: dict[Value, None]) -> None:
        super().__init__()
        self.marked = marked

    def visit(self, op: Op, old: Op) -> tuple[Op, ...]:
        """An allocation that is seen by layout is in C order."""
        if op.kind == "alloc" and op.results[0] in self.marked:
            return (replace(op, attrs={**op.attrs, "order": "C"}),)
        return (op,)
