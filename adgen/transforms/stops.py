"""After differentiation `adgen.stop_gradient(x)` has done its work: it is x.

y = x * adgen.stop_gradient(x)        ->        y = x * x
y = adgen.on_adjoint(x, fn)           ->        y = x, and in the reverse sweep x_bar = fn(y_bar)
"""

from __future__ import annotations

from collections.abc import Sequence

from adgen.ir.core import Func, Op
from adgen.ir.walk import Rebuilder

MARKS = ("adgen.stop_gradient", "adgen.on_adjoint", "adgen.implicit", "adgen.implicit_system", "adgen.follows")


def drop_stops(func: Func) -> Func:
    """The function without marks for the differentiation."""
    return _Drop().func(func)


class _Drop(Rebuilder):
    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """The argument for the call."""
        if op.kind != "prim" or op.name not in MARKS:
            return (op,)
        self.mapping[op.result] = op.operands[0]
        return ()
