"""Where the text must copy, so that a value stays what it was although memory is written later.

    t = load v[1:-1]         t = v[1:-1].copy()      v is written while t is still needed
    store v[1:-1], 0.0       v[1:-1] = 0.0
    .. t ..                  .. t ..

Also: what is kept in a list that outlives a write, and which accumulations may not be done in place.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from adgen.analyses.absent import Absent, absent
from adgen.backend.live import EMPTY, Live, Liveness
from adgen.backend.memory import Event, Memory, is_shareable
from adgen.backend.schedule import Schedule
from adgen.backend.script import Script
from adgen.ir.core import Func, Op, Value
from adgen.ir.types import Array, Ref, Scalar, Unknown, is_number
from adgen.ir.walk import LOOPS, walk


@dataclass
class Sharing:
    """The decisions."""

    memory: Memory
    absent: Absent
    copied: dict[Value, None] = field(default_factory=dict)  # variables whose definitions copy
    owned: dict[Op, None] = field(default_factory=dict)  # writes that take copies of what they keep
    inplace: dict[Op, None] = field(default_factory=dict)  # accumulations that may write into their first operand

    def is_new(self, value: Value) -> bool:
        """Whether the text of an (inlined) value makes an object that nobody else has."""
        return all(root is value for root in self.memory.of(value)) and not self.memory.read_only(value)


def share(func: Func, plan: Schedule, script: Script, live: Liveness) -> Sharing:
    """Decide for a whole function."""
    out = Sharing(plan.memory, absent(func))
    finder = _Finder(plan, script, live, out)
    while finder.copy_one():
        out.memory.solve()
    for op in walk(func.block):
        if finder.keeps_shared(op):
            out.owned[op] = None
        if finder.accumulates(op):
            out.inplace[op] = None
    return out


class _Finder:
    """Looks at writes, and at what is live after them."""

    def __init__(self, plan: Schedule, script: Script, live: Liveness, out: Sharing) -> None:
        self.plan = plan
        self.script = script
        self.live = live
        self.out = out
        self.memory = plan.memory
        self.variables: dict[Value, list[Value]] = {}  # home -> values that it holds
        for value, home in script.homes.items():
            self.variables.setdefault(home, []).append(value)
        self._holders: dict[Value, Live] | None = None

    def copy_one(self) -> bool:
        """Find one variable that a write would change under its readers; from now on it is a copy."""
        for event in self.memory.events:
            for value in self.live.live_after(event.op):
                if value not in event.op.results and self._changes(event, value):
                    self.out.copied[value] = None
                    for held in (value, *self.variables.get(value, ())):
                        self.memory.fresh[held] = None
                    return True
        return False

    def _changes(self, event: Event, value: Value) -> bool:
        if isinstance(value.type, Ref) or value in self.out.copied or not is_shareable(value.type):
            return False
        return any(self._disturbs(event, held) for held in (value, *self.variables.get(value, ())))

    def _disturbs(self, event: Event, value: Value) -> bool:
        """Whether a write may change what a value looks at; a window on another part is not changed."""
        origin = self.script.defs.get(value)
        if origin is not None and origin.kind == "load":
            if self.plan.aliases.disjoint(event.ref, origin.operands[0]):
                return False
        return self.memory.disturbs(event, value)

    def keeps_shared(self, op: Op) -> bool:
        """Whether the write keeps an object in a list that somebody may write later."""
        if op.kind == "push" and op.attrs.get("copy"):
            return not isinstance(op.operands[1].type, Scalar)
        if op.kind not in ("append", "push", "store", "alloc"):
            return False
        kept = op.operands[-1]
        if op.kind == "push" and (isinstance(kept.type, Ref) or op.attrs.get("extent")):
            return False  # memory is saved by reference: its state at the end is what is wanted
        if op.kind in ("alloc", "store") and not self._is_list(op) or not is_shareable(kept.type):
            return False
        roots = self.memory.of(kept)
        if not roots or (kept in self.plan.inline and self.out.is_new(kept)):
            return False
        target = op.operands[0] if op.kind != "alloc" else op.result
        return self.memory.deep(target) or any(self._later(op, event, kept) for event in self.memory.events)

    def _is_list(self, op: Op) -> bool:
        """Whether the memory is that of a list, or of one of its slots."""
        ref = op.result.type if op.kind == "alloc" else op.operands[0].type
        content = ref.content if isinstance(ref, Ref) else ref
        if not isinstance(content, Array):
            return True
        return any(event.op is op and event.slot for event in self.memory.events)

    def _later(self, op: Op, event: Event, value: Value) -> bool:
        """Whether a write may come after an operation, and change the value."""
        if event.op is op or not self.memory.disturbs(event, value):
            return False
        places = self.plan.places
        if event.position > places.position[op]:
            return True
        own = places.loops[places.block_of[op]]
        other = places.loops[places.block_of[event.op]]
        return any(loop in own and loop.kind in LOOPS for loop in other)

    def accumulates(self, op: Op) -> bool:
        """Whether `x = x + e` may be written `x += e`: numbers always, arrays where nobody else has the object."""
        if op.kind != "prim" or op.name not in ("add", "sub") or not op.operands:
            return False
        old, new = op.operands[0], op.result
        if isinstance(new.type, Scalar):
            return True
        rebinds = is_number(new.type) and not self.memory.of(old)
        if rebinds or not isinstance(new.type, Array | Unknown):
            return rebinds
        if not op.attrs.get("inplace") and not is_number(new.type):
            return False
        return self._is_alone(op, old, new)

    def _is_alone(self, op: Op, old: Value, new: Value) -> bool:
        """Whether nobody else who is live after an operation holds, or keeps, what its operand shares."""
        roots = {**self.memory.of(old), **self.memory.of(self.script.home(old))}
        if op not in self.live.after or any(root in self.memory.params for root in roots):
            return False
        others = self.live.after[op] & ~self.live.set_of((self.script.home(old), self.script.home(new)))
        if self._holders is None:
            self._holders = self._all_holders()
        return not any(others & self._holders.get(root, EMPTY) for root in roots)

    def _all_holders(self) -> dict[Value, Live]:
        """The variables that hold or keep what shares a root; made once all copies are decided."""
        found: dict[Value, Live] = {}
        for variable in self.live.variables():
            bit = self.live.set_of((variable,))
            for held in (variable, *self.variables.get(variable, ())):
                for root in self.memory.of(held):
                    for part in (root, *self.memory.kept.get(root, ())):
                        found[part] = found.get(part, EMPTY) | bit
        return found
