"""Whole numbers that grow without bound in a loop: of Python's own there is no largest, a compiled one has 64 bits.

    for k in range(n):                for k in range(n):                while hi - lo > 1:
        p = p * (k + 1)     grows         total = total + k     no          mid = (lo + hi) // 2    no

What a loop carries grows as fast as a power if it is multiplied, shifted, or added to something that is carried too;
a sum of one carried number and others stays small, what is divided by a whole number shrinks, and what the test of a
`while` compares with a bound stays near it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import Scalar
from adgen.ir.walk import FIXED_RESULTS, LOOPS, tail_if, walk

POWERS = ("mul", "pow", "lshift")
SUMS = ("add", "sub")
SAME = (*POWERS, *SUMS, "neg", "abs", "pos", "max", "min", "int")


def unbounded(func: Func) -> Iterator[Op]:
    """The operations that make such numbers."""
    seen: dict[Op, None] = {}
    for loop in walk(func.block):
        if loop.kind not in LOOPS or loop.role == "adjoint":
            continue
        body = loop.regions[0]
        params = body.params[1:] if loop.kind == "for" else body.params
        within = _bounded(body)
        facts = _Facts(dict.fromkeys(param for param in params if _is_whole(param) and param not in within))
        if facts.carried:
            facts.scan(body)
            seen.update(dict.fromkeys(facts.grown[v] for v in body.yields[1:] if v in facts.grown))
    yield from seen


def _bounded(body: Block) -> list[Value]:
    """What the test of a `while` keeps below something: `while step < n: step = 2 * step`."""
    test = tail_if(body)
    made = {result: op for op in body.ops for result in op.results}
    op = made.get(test.operands[0]) if test is not None else None
    if op is None or op.name not in ("lt", "le", "gt", "ge"):
        return []
    return [op.operands[0] if op.name in ("lt", "le") else op.operands[1]]


@dataclass
class _Facts:
    """What follows from numbers that a loop carries, and the operations by which some of it grows."""

    carried: dict[Value, None]
    grown: dict[Value, Op] = field(default_factory=dict)

    def scan(self, block: Block) -> None:
        """The operations of a block, in order."""
        for op in block.ops:
            if op.kind == "prim" and op.name in SAME and _is_whole(op.result):
                self.operation(op)
            if op.kind in LOOPS:
                given = op.operands[3:] if op.kind == "for" else op.operands
                params = op.regions[0].params[1:] if op.kind == "for" else op.regions[0].params
                for source, param in zip(given, params, strict=True):
                    self.hand(source, param)
            for region in op.regions:
                self.scan(region)
                skip = 1 if op.kind in LOOPS else 0
                results = op.results[FIXED_RESULTS * skip :]
                for source, result in zip(region.yields[skip:], results, strict=True):
                    self.hand(source, result)

    def operation(self, op: Op) -> None:
        """One operation on whole numbers."""
        own = [value for value in op.operands if value in self.carried]
        for value in own:
            self.hand(value, op.result)
        if own and (op.name in POWERS or (op.name in SUMS and len(own) > 1 and op.name != "sub")):
            self.grown.setdefault(op.result, op)

    def hand(self, source: Value, target: Value) -> None:
        """The target is what the source is."""
        if source in self.carried and _is_whole(target):
            self.carried[target] = None
        if source in self.grown and _is_whole(target):
            self.grown.setdefault(target, self.grown[source])


def _is_whole(value: Value) -> bool:
    return value.type == Scalar("int")
