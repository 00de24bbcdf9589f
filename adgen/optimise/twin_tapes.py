"""Tapes that keep the same contents are one tape.  Exact.

    p_saved.append(p.copy())               p_saved.append(p.copy())
    alpha = rs / (p @ ap)                  alpha = rs / (p @ ap)
    p_saved_2.append(p.copy())      ->     x += alpha * p
    x += alpha * p                         ..
    ..                                     p = p_saved.pop()
    p_2 = p_saved_2.pop()
    p = p_saved.pop()

Both are pushed once, in one block, with the content of one place that nothing writes in between, and popped side by
side: whenever one is popped, so is the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from adgen.analyses.aliasing import aliases
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import Ref
from adgen.ir.walk import Rebuilder, blocks, defs, uses

CLASS = "exact"
Key = tuple[object, ...]


def twin_tapes(func: Func) -> Func:
    """The function in which each content is on one tape."""
    twins = _Twins(func)
    return twins.func(func) if twins.kept else func


class _Twins(Rebuilder):
    def __init__(self, func: Func) -> None:
        super().__init__()
        self.defs = defs(func)
        self.uses = uses(func)
        self.aliases = aliases(func)
        self.kept: dict[Value, Value] = {}  # for each tape that goes, the one that stays
        self.homes: dict[Op, Block] = {}
        self.places: dict[Op, int] = {}
        for block in blocks(func.block):
            for k, op in enumerate(block.ops):
                if op.kind in ("push", "untape", "load", "tape"):
                    self.homes[op], self.places[op] = block, k
        self.pops: dict[Value, list[Op]] = {}
        pushed: dict[Key, list[Op]] = {}
        for op in self.homes:
            if op.kind == "push" and self._is_plain(op):
                pushed.setdefault(self._key(op), []).append(op)
        for pushes in pushed.values():
            self._pair(pushes)

    def _is_plain(self, push: Op) -> bool:
        """Whether a tape is pushed here only, popped only besides, and what comes off it is only read."""
        tape, value = push.operands
        made = self.defs.get(tape)
        users = self.uses.get(tape, [])
        pops = [user for user in users if isinstance(user, Op) and user.kind == "untape"]
        if made is None or made.kind != "tape" or made.operands or len(pops) + 1 != len(users):
            return False
        if isinstance(value.type, Ref) or any(len(pop.operands) != 1 for pop in pops):
            return False
        if not all(self._is_read(pop.result) for pop in pops):
            return False
        self.pops[tape] = pops
        return True

    def _is_read(self, value: Value) -> bool:
        """Whether a value, or parts of it, are operands of functions and nothing else."""
        return all(
            isinstance(reader, Op)
            and (reader.kind == "prim" or (reader.kind == "index" and self._is_read(reader.result)))
            for reader in self.uses.get(value, [])
        )

    def _key(self, push: Op) -> Key:
        """What is pushed: a value, or the content of a place; where, and how."""
        tape, value = push.operands
        made = self.defs.get(value)
        what: Key = (value,)
        if made is not None and made.kind == "load":
            what = (self.homes[made], *self._place(made.operands[0]))
        attrs = tuple(sorted((name, repr(given)) for name, given in push.attrs.items()))
        return (self.homes[push], self.homes[self.defs[tape]], tape.type, value.type, attrs, what)

    def _place(self, ref: Value) -> Key:
        """A reference, by the chain of views that leads to it."""
        made = self.defs.get(ref)
        if made is None or made.kind != "view":
            return (ref,)
        attrs = tuple(sorted((name, repr(given)) for name, given in made.attrs.items()))
        return (*self._place(made.operands[0]), made.name, attrs, *(self._index(v) for v in made.operands[1:]))

    def _index(self, value: Value) -> object:
        """An index, literals by their text."""
        made = self.defs.get(value)
        return made.attrs["text"] if made is not None and made.kind == "const" else value

    def _pair(self, pushes: Sequence[Op]) -> None:
        """The first of equal pushes stays, as long as nothing writes what they push."""
        stays: list[Op] = []
        for push in pushes:
            for first in stays:
                if self._is_same(first, push) and self._matches(first.operands[0], push.operands[0]):
                    self.kept[push.operands[0]] = first.operands[0]
                    break
            else:
                stays.append(push)

    def _is_same(self, first: Op, push: Op) -> bool:
        """Whether both push one content: nothing writes the place between the reads."""
        if first.operands[1] is push.operands[1]:
            return True
        reads = [self.defs[op.operands[1]] for op in (first, push)]
        start, end = sorted(self.places[read] for read in reads)
        between = self.homes[reads[0]].ops[start:end]
        return not any(self.aliases.may_write(op, reads[0].operands[0]) for op in between)

    def _matches(self, stays: Value, goes: Value) -> bool:
        """Whether the tape that stays is popped in each block once, before the other."""
        one, other = self.pops[stays], self.pops[goes]
        found = {self.homes[pop]: self.places[pop] for pop in one}
        if len(found) != len(one) or len(one) != len(other):
            return False
        homes = dict.fromkeys(self.homes[pop] for pop in other)
        return len(homes) == len(other) and all(
            found.get(self.homes[pop], len(self.homes[pop].ops)) < self.places[pop] for pop in other
        )

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Tapes that go are not made, pushed, popped; what came off them comes off the other."""
        if op.kind == "tape" and op.result in self.kept:
            return []
        if op.kind not in ("push", "untape") or op.operands[0] not in self.kept:
            return (op,)
        if op.kind == "untape":
            stays = self.kept[op.operands[0]]
            twin = next(pop for pop in self.pops[stays] if self.homes[pop] is self.homes[old])
            self.mapping[op.result] = twin.result
        return []
