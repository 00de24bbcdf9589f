"""Marks accumulations that may happen in place: `x_bar += g` instead of `x_bar = x_bar + g`.  Exact.

    a  x_bar = zeros_like x                 the array is new, nobody else reads it,
    a  for i [x_bar = x_bar]:               types prove that shapes and dtypes agree:
           x_bar' = add x_bar, g            {inplace=True}
           yield False, x_bar'

The left operand must be new (made by an operation that allocates, never a view, a content of memory or a saved value),
owned alone (all other reads are over, and none kept it), and named like the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.walk import FIXED_RESULTS, LOOPS, Rebuilder, blocks, def_blocks, defs, parents, uses
from adgen.optimise.facts import is_array
from adgen.rules.table import lookup

CLASS = "exact"
SAME = ("pos", "np.real", "np.imag", "np.conj", "np.conjugate", "np.asarray")  # may give what they are given
NEW = ("zeros_like", "np.zeros_like", "np.zeros", "copy", "matmul", "np.outer", "np.full", "np.copy")
READERS = ("np.sum", "np.vdot", "np.dot", "np.mean", "np.outer", "matmul", "attr.shape", "attr.size")  # keep nothing


def inplace(func: Func) -> Func:
    """The function with accumulations marked."""
    return _Mark(func).func(func)


class _Mark(Rebuilder):
    """Marks `add` and `sub` of derivative code."""

    def __init__(self, func: Func) -> None:
        super().__init__()
        self.facts = _Ownership(func)

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """The operation with its mark."""
        if op.kind != "prim" or op.role == "primal" or op.attrs.get("inplace"):
            return (op,)
        if op.name == "add" and not self.facts.may_take(old, 0) and self.facts.may_take(old, 1):
            args = op.attrs["args"]
            return (replace(op, operands=op.operands[::-1], attrs={"args": args, "inplace": True}),)
        if op.name in ("add", "sub") and self.facts.may_take(old, 0):
            return (replace(op, attrs={**op.attrs, "inplace": True}),)
        return (op,)


class _Ownership:
    """Which values are new arrays that one operation alone still reads."""

    def __init__(self, func: Func) -> None:
        self.defs = defs(func)
        self.uses = uses(func)
        self.homes = def_blocks(func)
        self.parents = parents(func)
        self.place = {op: k for block in blocks(func.block) for k, op in enumerate(block.ops)}
        self.block_of = {op: block for block in blocks(func.block) for op in block.ops}
        self.params = {
            param: (owner, place - (1 if owner.kind == "for" else 0))
            for block, (owner, _, _) in self.parents.items()
            for place, param in enumerate(block.params)
        }

    def may_take(self, op: Op, place: int) -> bool:
        """Whether the operation may write its result into this operand."""
        value, result = op.operands[place], op.result
        if value.type != result.type or not is_array(value.type) or not value.hint or value.hint != result.hint:
            return False
        if op.operands[0] is op.operands[1]:
            return False
        return self.is_new(value, ()) and self._last(value, op)

    def is_new(self, value: Value, seen: tuple[Value, ...]) -> bool:
        """Whether the value is an array of its own, on all paths."""
        if value in seen:
            return True
        seen = (*seen, value)
        if value in self.params:
            loop, slot = self.params[value]
            return slot >= 0 and self._slot_is_new(loop, slot, seen)
        op = self.defs.get(value)
        if op is None:
            return False
        if op.kind == "if":
            slot = op.results.index(value)
            return all(self._handed(region, region.yields[slot], seen) for region in op.regions)
        if op.kind in LOOPS:
            slot = op.results.index(value) - FIXED_RESULTS
            return slot >= 0 and self._slot_is_new(op, slot, seen)
        return op.kind == "prim" and _makes_new(op)

    def _slot_is_new(self, loop: Op, slot: int, seen: tuple[Value, ...]) -> bool:
        """Whether a loop's slot holds an array of its own: at the start, and after each iteration."""
        bounds, index = (3, 1) if loop.kind == "for" else (0, 0)
        body = loop.regions[0]
        init, param, given = loop.operands[bounds + slot], body.params[index + slot], body.yields[1 + slot]
        if loop.attrs.get("can_stop") or loop.kind == "while":
            return False
        seen = (*seen, param, loop.results[FIXED_RESULTS + slot])
        if not (self.is_new(init, seen) and self._last(init, loop)):
            return False
        return self._handed(body, given, seen) and self._keeps_nothing(param)

    def _handed(self, block: Block, given: Value, seen: tuple[Value, ...]) -> bool:
        """Whether what a block yields is new and nobody else has it."""
        return self.is_new(given, seen) and self._last(given, block)

    def _keeps_nothing(self, value: Value) -> bool:
        """Whether no use of the value keeps the array itself."""
        return all(_reads_only(user, value) or _accumulates(user, value) for user in self.uses.get(value, ()))

    def _last(self, value: Value, user: Op | Block) -> bool:
        """Whether the user is the last to read the value, and none before kept it."""
        count = 0
        for other in self.uses.get(value, ()):
            if other is user:
                count += 1
            elif not self._sibling(other, user, value) and not (
                _reads_only(other, value) and self._before(other, user)
            ):
                return False
        return count <= 1 and self._same_run(value, user)

    def _before(self, other: Op | Block, user: Op | Block) -> bool:
        """Whether the other reader stands before, in the same block."""
        if isinstance(other, Block):
            return False
        if isinstance(user, Block):
            return self.block_of[other] is user
        return self.block_of[other] is self.block_of[user] and self.place[other] < self.place[user]

    def _sibling(self, other: Op | Block, user: Op | Block, value: Value) -> bool:
        """Whether the other reader is in the opposite branch, as its yield or keeping nothing."""
        home, beside = (who if isinstance(who, Block) else self.block_of[who] for who in (user, other))
        if home not in self.parents or beside not in self.parents or home is beside:
            return False
        owner = self.parents[home][0]
        opposite = owner.kind == "if" and self.parents[beside][0] is owner
        return opposite and (isinstance(other, Block) or _reads_only(other, value))

    def _same_run(self, value: Value, user: Op | Block) -> bool:
        """Whether the user runs at most once for each definition: no loop lies between."""
        block = user if isinstance(user, Block) else self.block_of[user]
        while block is not self.homes[value]:
            if block not in self.parents or self.parents[block][0].kind != "if":
                return False
            block = self.parents[block][2]
        return True


def _makes_new(op: Op) -> bool:
    """Whether the function's result is always memory of its own."""
    if op.name in NEW:
        return True
    rule = lookup(op.name)
    return rule is not None and rule.kind == "elementwise" and op.name not in SAME


def _reads_only(user: Op | Block, value: Value) -> bool:
    """Whether the reader keeps no reference to the array."""
    if isinstance(user, Block):
        return False
    if user.kind == "store":
        return user.operands[0] is not value
    return user.kind == "prim" and (_makes_new(user) or user.name in READERS)


def _accumulates(user: Op | Block, value: Value) -> bool:
    """Whether the reader hands the array on as the slot's next value."""
    return isinstance(user, Block)
