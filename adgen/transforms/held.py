"""Which arguments of a function its result may share memory with, for all functions of a program.

    def f(x, a):                    f holds x: the caller may not write to it while it needs the result
        b = np.copy(a)              it does not hold a
        return x[1:], b

A call in derivative code tells it (`holds`), so that the text copies only what would be changed under its reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from adgen.ir.core import Func, Op
from adgen.ir.walk import Rebuilder
from adgen.transforms.split import Memory

Held = dict[str, tuple[int, ...]]


def with_held(funcs: Sequence[Func]) -> list[Func]:
    """The functions with calls that tell which of their operands the results may share."""
    held: Held = {func.name: () for func in funcs}
    while True:
        new = {func.name: _held(func, held) for func in funcs}
        if new == held:
            break
        held = new
    return [_Tell(held).func(func) for func in funcs]


def _held(func: Func, held: Mapping[str, Sequence[int]]) -> tuple[int, ...]:
    memory = Memory(func.block, held)
    return tuple(k for k, param in enumerate(func.params) if memory.shared(param.value, [func.result]))


class _Tell(Rebuilder):
    def __init__(self, held: Held) -> None:
        super().__init__()
        self.held = held

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Note it at a call."""
        if op.kind != "call" or op.name not in self.held:
            return (op,)
        return (replace(op, attrs={**op.attrs, "holds": self.held[op.name]}),)
