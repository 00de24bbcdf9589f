"""Two branches of derivative code on the same test, with nothing between that depends, become one.  Exact.

    a  p = if c: yield g            a  p, q = if c:
           else: yield h                    t = mul g, x
    a  q = if c:                            yield g, t
           t = mul p, x                 else:
           yield t                          yield h, h
       else: yield p

Only pure operations may stand between; they move in front.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.analyses.effects import is_pure
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.walk import Rebuilder, free_values, substitute_block, tail_if, walk

CLASS = "exact"


def fuse_ifs(func: Func) -> Func:
    """The function with neighbouring branches on one test made one."""
    return _Fuse().func(func)


class _Fuse(Rebuilder):
    """Looks at the operations of each block in order."""

    def finish(self, block: Block, owner: Op | None) -> Block:
        """Fuse what can be; a branch in tail position stays what it is."""
        ops: list[Op] = []
        tail = tail_if(block)
        for op in block.ops:
            place = _partner(ops, op) if op is not tail else None
            if place is None:
                ops.append(op)
                continue
            between = ops[place + 1 :]
            ops[place:] = [*between, self._fused(ops[place], op)]
        return block if tuple(ops) == block.ops else Block(block.params, tuple(ops), block.yields)

    def _fused(self, first: Op, second: Op) -> Op:
        """One branch that does both."""
        regions = tuple(self._joined(first, one, two) for one, two in zip(first.regions, second.regions, strict=True))
        fused = replace(first, results=first.results + second.results, regions=regions)
        self.moved[first] = self.moved[second] = fused
        return fused

    def _joined(self, first: Op, one: Block, two: Block) -> Block:
        """One side: what the first yields there is what the second reads."""
        seen: dict[Value, Value] = dict(zip(first.results, one.yields, strict=True))
        rest = substitute_block(two, seen)
        self.moved.update((old, new) for old, new in zip(walk(two), walk(rest), strict=True) if old is not new)
        return Block((), one.ops + rest.ops, one.yields + rest.yields)


def _partner(ops: Sequence[Op], op: Op) -> int | None:
    """Where the branch stands that this one can be joined to, among the operations before it."""
    if op.kind != "if" or op.role == "primal":
        return None
    for place in range(len(ops) - 1, -1, -1):
        first = ops[place]
        if first.kind == "if":
            fits = first.operands == op.operands and first.role == op.role
            return place if fits and not _depend(ops[place + 1 :], first) else None
        if not is_pure(first):
            return None
    return None


def _depend(ops: Sequence[Op], first: Op) -> bool:
    """Whether any of the operations reads what the branch yields or defines."""
    made = dict.fromkeys(first.results)
    made.update((result, None) for inner in walk(Block((), (first,), ())) for result in inner.results)
    return any(value in made for value in free_values(Block((), tuple(ops), ())))
