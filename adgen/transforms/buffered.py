"""Derivative code copies a view first where NumPy would write what it has still to read.

    m[:, 2] = m[1] + 1.0                    the sum is a new array
    m_dot[:, 2] = m_dot[1]          ->      m_dot[:, 2] = m_dot[1].copy()

In the program such a store is refused (frontend/unbuffered.py); derivatives of what is fine there can be one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.analyses.unbuffered import unbuffered
from adgen.ir.build import Builder
from adgen.ir.core import Func, Op
from adgen.ir.walk import Rebuilder


def buffered(func: Func) -> Func:
    """The function, in which no store of derivative code reads what it has written."""
    found = [op for op in unbuffered(func) if op.role != "primal"]
    return _Copy(found).func(func) if found else func


class _Copy(Rebuilder):
    def __init__(self, stores: Sequence[Op]) -> None:
        super().__init__()
        self.stores = dict.fromkeys(stores)

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Put a copy in front of a store."""
        if old not in self.stores:
            return (op,)
        target, content = op.operands
        b = Builder(op.role, op.span)
        copied = b.emit("prim", "np.copy", (content,), content.type, attrs={"args": ("a",), "style": "method"})
        return (*b.ops, replace(op, operands=(target, copied)))
