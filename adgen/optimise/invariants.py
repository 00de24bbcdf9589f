"""Moves what a primal loop computes anew in each pass, though it is the same, before the loop.

for z in draws:                             shift = (rate - 0.5 * s * s) * dt
    x = x * np.exp((rate - 0.5 * s * s) * dt + z)       ->     for z in draws:
                                                x = x * np.exp(shift + z)

Its adjoint is then summed in the loop and pulled back once, after it, and nothing of it is saved.  A loop may have no
pass at all, so that only what can neither fail nor have an infinite derivative moves: sums and products of numbers, and
of arrays whose shapes are proven equal; and, of what carries no derivative, functions of NumPy.  What has a name of the
user's stays where it is, and so does a single step (`0.5 * h`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import BOOL, FLOAT, INT, Array, Type, is_number
from adgen.ir.walk import LOOPS, Rebuilder, walk
from adgen.optimise.facts import exact, is_real
from adgen.optimise.hoist import with_literals
from adgen.optimise.rewrite import rename

CLASS = "exact"
POLYNOMIAL = ("add", "sub", "mul", "neg")
FUNCTIONS = ("np.sqrt", "np.exp", "np.sin", "np.cos", "np.tanh", "np.log", "np.abs")
USE = {"mul": "factor", "add": "shift", "sub": "shift"}
WORTH = 2  # steps


def invariants(func: Func, wrt: Sequence[str] | None = None) -> Func:
    """The function with invariant code of its loops before them; `wrt`: what carries derivatives (None: all may)."""
    pass_ = _Invariants(func, [param.name for param in func.params] if wrt is None else wrt)
    moved = pass_.func(func)
    return rename(moved, {value: name for value, name in pass_.names.items() if name})


class _Invariants(Rebuilder):
    """Inner loops first, so that code moves out as far as it can."""

    def __init__(self, func: Func, wrt: Sequence[str]) -> None:
        super().__init__()
        known = {param.value for param in func.params if param.name not in wrt}
        for op in walk(func.block):
            plain = op.kind == "const" or (op.kind in ("prim", "item") and is_number(op.result.type))
            if plain and all(operand in known for operand in op.operands):
                known.update(op.results)
        self.inactive = known
        self.names: dict[Value, str] = {}

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """A loop, after what moves out of it."""
        if op.kind not in LOOPS:
            return (op,)
        body = op.regions[0]
        inside: dict[Value, None] = dict.fromkeys(body.params)
        inside.update((result, None) for inner in walk(body) for result in inner.results)
        literals = {inner.result: inner for inner in body.ops if inner.kind == "const"}
        fixed: dict[Op, int] = {}
        made: dict[Value, Op] = {}
        for inner in body.ops:
            fits = all(v not in inside or v in literals for v in inner.operands) and self._may_move(inner)
            if fits and inner.result not in body.yields:  # what is read behind the loop has no value without a pass
                inside.pop(inner.result)
                fixed[inner] = self._steps(inner) + sum(fixed[made[v]] for v in inner.operands if v in made)
                made[inner.result] = inner
        moved: dict[Op, None] = {}
        for inner in reversed(fixed):
            feeds = any(inner.result in other.operands for other in moved)
            if feeds or fixed[inner] >= WORTH:
                moved[inner] = None
        if not moved:
            return (op,)
        out: list[Op] = []
        for inner in body.ops:
            if inner in moved:
                out += with_literals(inner, literals)
        stay = tuple(inner for inner in body.ops if inner not in moved)
        for inner in moved:
            self._name(inner, stay)
        return (*out, replace(op, regions=(Block(body.params, stay, body.yields),)))

    def _name(self, op: Op, stay: Sequence[Op]) -> None:
        """Name what moved by what it is used for."""
        users = [user for user in walk(Block((), tuple(stay), ())) if op.result in user.operands]
        names = {USE.get(user.name, "") if user.kind == "prim" else "" for user in users}
        if not op.result.hint and len(names) == 1:
            self.names[op.result] = names.pop()

    def _may_move(self, op: Op) -> bool:
        """Whether computing this for nothing neither fails nor spoils a derivative."""
        if op.kind != "prim" or op.result.user or not _is_float(op.result.type):
            return False
        if op.name in FUNCTIONS:
            return op.operands[0].type != INT and all(operand in self.inactive for operand in op.operands)
        return op.name in POLYNOMIAL and all(
            v.type in (INT, BOOL) or is_number(v.type) or v.type == op.result.type for v in op.operands
        )

    def _steps(self, op: Op) -> int:
        """What the operation costs, in steps of Python."""
        return 1 if op.name in POLYNOMIAL and is_number(op.result.type) else WORTH


def _is_float(type_: Type) -> bool:
    """Whether values are real numbers, or arrays of them of known shape."""
    return type_ == FLOAT or (isinstance(type_, Array) and is_real(type_) and exact(type_))
