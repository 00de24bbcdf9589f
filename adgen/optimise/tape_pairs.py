"""Tapes that are pushed at one place and popped at one, in loops over the same ranges, last pass first.

    for t in range(n):                     for t in range(n - 1, -1, -1):
        for i in range(m):                     for i in range(m - 1, -1, -1):
            y_saved.append(y)                      y = y_saved.pop()

What the forward pass (t, i) pushed is popped in the reverse pass (t, i): of such a tape it is known which values of the
forward loops belong to those of the reverse loops.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from adgen.analyses.affine import sum_of
from adgen.ir.core import Func, Op, Value


class Pair(NamedTuple):
    """The only push and the only pop of a tape; the reverse loops' indices by those of the forward loops."""

    push: Op
    pop: Op
    indices: dict[Value, Value]


class Tapes:
    """Where operations stand: their order in the text, and the operations that each is in, outer first."""

    def __init__(self, func: Func, defs: Mapping[Value, Op]) -> None:
        self.defs = defs
        self.paths: dict[Op, tuple[Op, ...]] = {}
        self.order: dict[Op, int] = {}
        self._note(func.block.ops, ())

    def _note(self, ops: Sequence[Op], path: tuple[Op, ...]) -> None:
        for op in ops:
            self.order[op] = len(self.order)
            self.paths[op] = path
            for region in op.regions:
                self._note(region.ops, (*path, op))

    def pairs(self) -> list[Pair]:
        """All such tapes."""
        touched: dict[Value, list[Op]] = {}
        for op in self.order:
            if op.operands and op.kind in ("push", "untape"):
                touched.setdefault(op.operands[0], []).append(op)
        out = []
        for tape, ops in touched.items():
            made = self.defs.get(tape)
            if [op.kind for op in ops] == ["push", "untape"] and made is not None and not self.paths[made]:
                indices = self._indices(self.paths[ops[0]], self.paths[ops[1]])
                if indices is not None and made.kind == "tape":
                    out.append(Pair(ops[0], ops[1], indices))
        return out

    def _indices(self, forward: tuple[Op, ...], reverse: tuple[Op, ...]) -> dict[Value, Value] | None:
        """The indices of the reverse loops for those of the forward loops, if the ranges are the same."""
        found: dict[Value, Value] = {}
        if len(forward) != len(reverse) or not forward:
            return None
        for there, back in zip(forward, reverse, strict=True):
            if there.kind != "for" or back.kind != "for" or self._stops(there) or self._stops(back):
                return None
            if there.attrs.get("reversed") or not back.attrs.get("reversed"):
                return None
            for one, other in zip(there.operands[:3], back.operands[:3], strict=True):
                total = sum_of(one, self.defs)
                if total is None:
                    return None
                mapped = {found.get(key, key) if isinstance(key, Value) else key: n for key, n in total.items()}
                if mapped != sum_of(other, self.defs):
                    return None
            found[there.regions[0].params[0]] = back.regions[0].params[0]
        return found

    def _stops(self, loop: Op) -> bool:
        stop = self.defs.get(loop.regions[0].yields[0])
        return stop is None or stop.kind != "const" or stop.attrs["value"] is not False
