"""Moves derivative code that is the same in all iterations before its loop.  Exact.

    a  for i [g]:                   a  s = np.sin w
           s = np.sin w             a  for i [g]:
           g' = mul g, s                   g' = mul g, s

Only total functions that never warn, and only where it pays: arrays, and functions of a module.  The primal sweep
stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import is_number
from adgen.ir.walk import LOOPS, Rebuilder, walk

CLASS = "exact"
TOTAL = ("add", "sub", "mul", "neg", "np.sin", "np.cos", "np.tanh", "np.abs", "np.sign", "math.tanh")


def hoist(func: Func) -> Func:
    """The function with loop-invariant derivative code before its loops."""
    return _Hoist().func(func)


class _Hoist(Rebuilder):
    """Inner loops first, so that code moves out as far as it can."""

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """A loop, after what moves out of it."""
        if op.kind not in LOOPS or op.role == "primal":
            return (op,)
        body = op.regions[0]
        inside: dict[Value, None] = dict.fromkeys(body.params)
        inside.update((result, None) for inner in walk(body) for result in inner.results)
        literals = {inner.result: inner for inner in body.ops if inner.kind == "const"}
        out: list[Op] = []
        stay: list[Op] = []
        for inner in body.ops:
            fixed = all(value not in inside or value in literals for value in inner.operands)
            if fixed and _pays(inner):
                out += with_literals(inner, literals)
                inside.pop(inner.result)
            else:
                stay.append(inner)
        if not out:
            return (op,)
        return (*out, replace(op, regions=(Block(body.params, tuple(stay), body.yields),)))


def _pays(op: Op) -> bool:
    """Whether the operation may move and is worth a name before the loop."""
    if op.kind == "view" and "." in op.name and op.role != "primal":
        return True  # `y_bar.reshape(2, 3)`
    if op.kind != "prim" or op.name not in TOTAL or op.role == "primal":
        return False
    return "." in op.name or not is_number(op.result.type)


def with_literals(op: Op, literals: dict[Value, Op]) -> list[Op]:
    """The operation after copies of the literals that it reads."""
    found = []
    operands = list(op.operands)
    for place, value in enumerate(operands):
        if value in literals:
            copy = Value(value.type, value.hint, value.user)
            found.append(replace(literals[value], results=(copy,)))
            operands[place] = copy
    return [*found, replace(op, operands=tuple(operands)) if found else op]
