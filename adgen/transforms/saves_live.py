"""Which operations of the reverse sweep count: those that reach the gradients.  Nothing is removed here, only marked.

    y_bar = 2.0 * y        live: the gradient returned is x_bar, which reads y_bar
    k_bar = y_bar * x      not live: nobody asked for k

Marks decide what has to be saved; the rebuilding that follows drops the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adgen.ir.core import Block, Op, Value
from adgen.ir.types import Ref
from adgen.ir.walk import FIXED_RESULTS

EFFECTS = ("store", "append", "pop")


class Marks:
    """Live values and operations of the reverse sweep, grown to a fixed point."""

    def __init__(self, ops: tuple[Op, ...], results: Iterable[Value], primal: Mapping[Value, object]) -> None:
        self.ops = ops
        self.primal = primal  # values of the forward sweep
        self.values: set[Value] = set(results)
        self.live: set[Op] = set()
        self.memory: set[Value] = set()  # roots of shadows and buffers that somebody reads
        self.roots: dict[Value, Value] = {}
        self._find_roots(ops)
        self.grow()

    def _find_roots(self, ops: tuple[Op, ...]) -> None:
        for op in ops:
            if op.kind == "view":
                self.roots[op.result] = op.operands[0]
            if op.kind == "select" and isinstance(op.result.type, Ref):  # either is written to: one root for both
                first, second = (self.root(side) for side in op.operands[1:])
                self.roots[op.result] = first
                if first is not second:
                    self.roots[second] = first
            for region in op.regions:
                self._find_roots(region.ops)

    def root(self, ref: Value) -> Value:
        """The root of a reference of the reverse sweep."""
        while ref in self.roots:
            ref = self.roots[ref]
        return ref

    def keep(self, ops: Iterable[Op]) -> bool:
        """Mark operations from outside; true if that was news."""
        before = len(self.live)
        self.live.update(ops)
        if len(self.live) == before:
            return False
        self.grow()
        return True

    def grow(self) -> None:
        """To the fixed point."""
        size = -1
        while size != len(self.values) + len(self.live) + len(self.memory):
            size = len(self.values) + len(self.live) + len(self.memory)
            self._scan(self.ops)

    def _scan(self, ops: tuple[Op, ...]) -> bool:
        """One pass, last operation first; true if one of them is live."""
        any_live = False
        for op in reversed(ops):
            inner = [self._scan(region.ops) for region in op.regions]
            live = op in self.live or any(inner) or any(result in self.values for result in op.results)
            live = live or (op.kind in EFFECTS and self.root(op.operands[0]) in self.memory)
            if live:
                self._mark(op)
            any_live = any_live or live
        return any_live

    def _mark(self, op: Op) -> None:
        self.live.add(op)
        if op.kind in ("load", "pop"):
            root = self.root(op.operands[0])
            if root not in self.primal:
                self.memory.add(root)
        for value in self.reads(op):
            self.values.add(value)
        for k, region in enumerate(op.regions):
            self.values.update(self.yields(op, k, region))

    def reads(self, op: Op) -> list[Value]:
        """The operands of a live operation that count."""
        if op.kind != "for":
            return list(op.operands)
        return [*op.operands[:3], *(op.operands[3 + j] for j in self.slots(op))]

    def yields(self, op: Op, k: int, region: Block) -> list[Value]:
        """The yields of a live operation's region that count."""
        if op.kind == "for":
            return [region.yields[0], *(region.yields[1 + j] for j in self.slots(op))]
        return [region.yields[j] for j in self.slots(op)]

    def slots(self, op: Op) -> list[int]:
        """The carried slots of a loop, or the results of an `if`, that count."""
        if op.kind == "for":
            params = op.regions[0].params[1:]
            results = op.results[FIXED_RESULTS:]
            pairs = enumerate(zip(params, results, strict=True))
            return [j for j, (param, result) in pairs if param in self.values or result in self.values]
        return [j for j, result in enumerate(op.results) if result in self.values]
