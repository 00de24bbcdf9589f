"""Computes the same thing once, where the first computation dominates the second.  Exact.

    s = np.sin x                      s = np.sin x
    ...                               ...
    a  t = np.sin x                   a  g = mul y_bar, s
    a  g = mul y_bar, t

Derivative code reuses everything; the primal sweep keeps the user's statements and shares only what has no name and is
not made into memory (two arrays that start equal are still two arrays).  Contents are read again after a store to their
alias class.  Nothing is reused out of a loop's body or a branch: what comes after is not dominated.
"""

from __future__ import annotations

from collections.abc import Sequence

from adgen.analyses.aliasing import aliases
from adgen.analyses.effects import is_pure
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import INT, ListOf, Ref, is_number
from adgen.ir.walk import LOOPS, Rebuilder, defs, iterated, uses, walk

CLASS = "exact"
COMMUTING = ("add", "mul")
INDEX_STEPS = ("add", "sub", "mul")
Key = tuple[object, ...]


def common(func: Func) -> Func:
    """The function without repeated computations."""
    return _Common(func).func(func)


class _Common(Rebuilder):
    """What is available: by what was computed from what."""

    def __init__(self, func: Func) -> None:
        super().__init__()
        self.aliases = aliases(func)
        self.uses = uses(func)
        self.made = defs(func)
        self.result = func.block
        self.available: dict[Key, Op] = {}
        self.loads: dict[Key, Value] = {}  # keys of loads, and the reference
        self.number: dict[Value, int] = {}  # equal numbers, equal values
        self.counted = 0
        self.kept = {read: None for op in walk(func.block) for read in iterated(op)}
        self._outer: list[tuple[dict[Key, Op], dict[Key, Value]]] = []

    def enter(self, owner: Op, region: Block) -> None:
        """What is available outside is inside, but contents that a loop's body writes."""
        self._outer.append((self.available, self.loads))
        self.available, self.loads = dict(self.available), dict(self.loads)
        if owner.kind in LOOPS:
            self._written(owner)

    def leave(self, owner: Op, region: Block) -> None:
        """What was computed inside is not available outside."""
        self.available, self.loads = self._outer.pop()

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """The operation, if it is not a repetition."""
        self._written(old)
        key = self._key(op)
        if key is None or old in self.kept:
            return (op,)
        first = self.available.get(key)
        if first is None:
            self.available[key] = op
            if op.kind == "load" or self._moves(op):
                self.loads[key] = old.operands[0]
            return (op,)
        self.number[op.result] = self._numbered(first.result)
        if not self._may_share(first, op):
            return (op,)
        self.mapping[op.result] = first.result
        return ()

    def _moves(self, op: Op) -> bool:
        """Whether a view is of another slot once the list has grown or shrunk: `xs[-1]`."""
        if op.kind != "view" or not isinstance(op.operands[0].type, Ref):
            return False
        return isinstance(op.operands[0].type.content, ListOf) and not all(map(self._upward, op.operands[1:]))

    def _upward(self, place: Value) -> bool:
        """Whether an index is known to count from the front."""
        made = self.made.get(place)
        number = made.attrs.get("value") if made is not None and made.kind == "const" else None
        return isinstance(number, int) and number >= 0

    def _written(self, op: Op) -> None:
        """Forget contents that the operation may have written."""
        if not self.loads or not self.aliases.writes(op):
            return
        for key, ref in list(self.loads.items()):
            if self.aliases.may_write(op, ref):
                del self.loads[key]
                del self.available[key]

    def _numbered(self, value: Value) -> int:
        """The number of a value."""
        if value not in self.number:
            self.counted += 1
            self.number[value] = self.counted
        return self.number[value]

    def _key(self, op: Op) -> Key | None:
        """What makes two operations equal; None where none is (sizes of tapes are told where they are made)."""
        if op.kind in ("undef", "listing") or not (op.kind == "load" or is_pure(op)) or len(op.results) != 1:
            return None
        if op.role == "save":
            return None
        operands = [self._numbered(operand) for operand in op.operands]
        if op.kind == "prim" and op.name in COMMUTING and all(_commutes(operand) for operand in op.operands):
            operands.sort()
        attrs = sorted((name, repr(value)) for name, value in op.attrs.items() if name not in ("style", "value"))
        return (op.kind, op.name, tuple(operands), tuple(attrs), op.result.type)

    def _may_share(self, first: Op, op: Op) -> bool:
        """Whether the second computation may be dropped in favour of the first."""
        if op.kind == "const" or (self._is_index(op) and not first.result.user):
            return False  # literals and `i + 1` stand where they are read
        if op.role != "primal":
            return not (self._becomes_memory(op.result) or self._becomes_memory(first.result))
        element = op.kind in ("load", "index") and is_number(op.result.type)
        worth = element or (op.kind == "prim" and not op.name.startswith("attr."))
        if first.role != "primal" or op.result.user or not worth:
            return False
        return not (self._escapes(op.result) or self._escapes(first.result))

    def _is_index(self, op: Op) -> bool:
        """Whether it is one step of integer arithmetic: shorter than any name for it."""
        if op.kind != "prim" or op.name not in INDEX_STEPS or op.result.type != INT:
            return False
        made = [self.made.get(operand) for operand in op.operands]
        return not any(other is not None and other.kind == "prim" and other.name in INDEX_STEPS for other in made)

    def _becomes_memory(self, value: Value) -> bool:
        """Whether an array may be written later, as memory that begins with it."""
        users = self.uses.get(value, ())
        return not is_number(value.type) and any(isinstance(user, Op) and user.kind == "alloc" for user in users)

    def _escapes(self, value: Value) -> bool:
        """Whether others may write to an array of the user's."""
        if is_number(value.type):
            return False
        kinds = ("alloc", "pack", "listing", "append", "call", "push")
        users = self.uses.get(value, ())
        return any(user.kind in kinds if isinstance(user, Op) else user is self.result for user in users)


def _commutes(value: Value) -> bool:
    """Whether it is a number or an array (lists do not commute)."""
    return is_number(value.type) or type(value.type).__name__ in ("Array", "Unknown")
