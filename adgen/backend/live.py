"""Which variables hold something needed, at each statement, and which therefore may not share a name.

    h = np.tanh(x)         live after: h
    h2 = h * h             live after: h, h2 (both are read by the reverse sweep): they interfere
    .. h .. h2 ..

Live ranges begin at definitions: what one branch of an `if` defines is never live in the other branch, nor what an
iteration defines in the next one.  So a value of a branch may be read in the mirrored branch of the reverse sweep.

Sets of variables are the bits of a number: there may be thousands, of thousands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from adgen.backend.script import Act, Bind, Branch, Leave, Loop, Move, Return, Script, Statement
from adgen.errors import InternalError
from adgen.ir.core import Func, Op, Value

Live = int  # a bit for each variable
EMPTY: Live = 0


@dataclass
class Holding:
    """Variables that share a name, and what is live when one of them is written."""

    values: list[Value] = field(default_factory=list)
    members: Live = EMPTY
    around: Live = EMPTY


class Liveness:
    """Interference of variables, what is live after each write, and which moves are needed."""

    def __init__(self, func: Func, script: Script) -> None:
        self.script = script
        self.neighbours: dict[Value, Live] = {}  # what is live when it is written
        self.after: dict[Op, Live] = {}  # live after writes and bindings
        self._next: dict[Value, Value] = {}  # on the way to the one that stands for a web
        self.needed: dict[Move, tuple[tuple[Value, Value], ...]] = {}
        self.order: dict[Value, int] = {}  # variables by first definition
        self.unset: dict[Value, None] = {}  # live where they have no value on some path: the text has to fail there
        params = [param.value for param in func.params]
        for value in params:
            self.order[value] = len(self.order)
        self._inside: dict[int, Counter[Value]] = {}
        self._total = self._count(script.statements) + Counter(params)
        self._values = list(self.order)
        self._bits = {value: 1 << place for place, value in enumerate(self._values)}
        start = self._block(script.statements, EMPTY, EMPTY, EMPTY)
        lost = [value for value in self._members(start) if value not in params]
        if lost:
            raise InternalError(f"backend: {func.name} reads {lost} before it is defined")
        for place, value in enumerate(params):
            self._define(value, start | self.set_of(params[:place]))

    def interfere(self, first: Value, second: Value) -> bool:
        """Whether both are needed at the same time; a name that may have no value is nobody else's anywhere."""
        if (first in self.unset or second in self.unset) and self._web(first) is not self._web(second):
            return True
        both = self.neighbours.get(first, EMPTY) & self._bits[second]
        return bool(both or self.neighbours.get(second, EMPTY) & self._bits[first])

    def blank(self, names: Mapping[Value, str]) -> dict[Value, None]:
        """Variables that are copied to another name where they may have no value: a copy must not fail."""
        pairs = [(target, self.script.home(source)) for move in self.needed for target, source in self.needed[move]]
        return {source: None for target, source in pairs if source in self.unset and names[source] != names[target]}

    def clash(self, value: Value, holding: Holding) -> bool:
        """Whether a variable interferes with one of those that share a name."""
        if self.unset:
            return any(self.interfere(value, other) for other in holding.values)
        near = self.neighbours.get(value, EMPTY) & holding.members
        return bool(near or holding.around & self._bits[value])

    def hold(self, value: Value, holding: Holding) -> None:
        """A variable has the name, too."""
        holding.values.append(value)
        holding.members |= self._bits[value]
        holding.around |= self.neighbours.get(value, EMPTY)

    def live_after(self, op: Op) -> list[Value]:
        """The variables that are live after a write or a binding, in the order of their definitions."""
        return self._members(self.after.get(op, EMPTY))

    def variables(self) -> tuple[Value, ...]:
        """All variables."""
        return tuple(self._values)

    def _members(self, live: Live) -> list[Value]:
        """The variables of a set."""
        digits = bin(live)[:1:-1]
        found, place = [], digits.find("1")
        while place >= 0:
            found.append(self._values[place])
            place = digits.find("1", place + 1)
        return found

    def set_of(self, values: Iterable[Value]) -> Live:
        """Variables as a set."""
        live = EMPTY
        for value in values:
            if value not in self._bits:  # read, and defined nowhere
                self._bits[value] = 1 << len(self._values)
                self._values.append(value)
            live |= self._bits[value]
        return live

    def _web(self, value: Value) -> Value:
        """One of the variables that hand their values on to one another."""
        if not self._next:
            for pairs in self.needed.values():
                for target, source in pairs:
                    first, second = self._last(target), self._last(self.script.home(source))
                    if first is not second:
                        self._next[first] = second
        return self._last(value)

    def _last(self, value: Value) -> Value:
        while value in self._next:
            value = self._next[value]
        return value

    def _define(self, value: Value, live: Live, same: Value | None = None) -> None:
        """A variable is written while others are live (noted with it, not with them)."""
        own = self.neighbours.get(value, EMPTY)
        excepted = self.set_of((value,) if same is None else (value, same)) & ~own
        self.neighbours[value] = (own | live) & ~excepted

    def _count(self, statements: Sequence[Statement]) -> Counter[Value]:
        """How often each variable is defined there; notes it for each list of statements."""
        found: Counter[Value] = Counter()
        for statement in statements:
            match statement:
                case Bind(targets, _, _):
                    defined: Iterable[Value] = (target for target in targets if target is not None)
                case Move(pairs, _, lost):
                    defined = (target for target, _ in pairs)
                    for value in lost:  # it may have no definition at all, and needs a name
                        self.order.setdefault(value, len(self.order))
                case Loop(_, _, targets, _):
                    defined = targets
                case _:
                    defined = ()
            for value in defined:
                self.order.setdefault(value, len(self.order))
                found[value] += 1
            if isinstance(statement, Branch):
                found += self._count(statement.then)
                found += self._count(statement.orelse)
            elif isinstance(statement, Loop):
                found += self._count(statement.body)
        self._inside[id(statements)] = found
        return found

    def own(self, statements: Sequence[Statement], keep: Sequence[Value] = ()) -> dict[Value, None]:
        """Variables that are defined there and nowhere else."""
        inside = self._inside[id(statements)]
        return {value: None for value, count in inside.items() if count == self._total[value] and value not in keep}

    def _block(self, statements: Sequence[Statement], out: Live, on_break: Live, on_continue: Live) -> Live:
        """What is live before a list of statements."""
        live = out
        for statement in reversed(statements):
            match statement:
                case Leave("break"):
                    live = on_break
                case Leave():
                    live = on_continue
                case Return():
                    live = self.set_of(self.script.reads(statement))
                case Branch(_, _, then, orelse):
                    own_then, own_else = self.set_of(self.own(then)), self.set_of(self.own(orelse))
                    for move in (*then, *orelse):
                        if isinstance(move, Move):
                            self.unset.update(dict.fromkeys(self._members(self.set_of(move.lost) & live)))
                    before_then = self._block(then, live & ~own_else, on_break, on_continue)
                    before_else = self._block(orelse, live & ~own_then, on_break, on_continue)
                    live = (before_then & ~own_then) | (before_else & ~own_else)
                    live |= self.set_of(self.script.reads(statement))
                case Loop():
                    live = self._loop(statement, live)
                case Move():
                    live = self._move(statement, live)
                case Bind() | Act():
                    live = self._simple(statement, live)
        return live

    def _simple(self, statement: Bind | Act, live: Live) -> Live:
        """A binding or a write."""
        self.after[statement.op] = self.after.get(statement.op, EMPTY) | live
        if isinstance(statement, Bind):
            targets = [target for target in statement.targets if target is not None]
            bound = self.set_of(targets)
            live |= bound
            for target in targets:
                self._define(target, live)
            live &= ~bound
        return live | self.set_of(self.script.reads(statement))

    def _move(self, move: Move, live: Live) -> Live:
        """A parallel assignment of what is read later; a variable may share the name of what it is copied from."""
        pairs = tuple(pair for pair in move.pairs if self.set_of(pair[:1]) & live)
        known = self.needed.get(move, ())
        self.needed[move] = tuple(pair for pair in move.pairs if pair in pairs or pair in known)
        for target, source in self.needed[move]:
            named = source not in self.script.plan.inline
            self._define(target, live, self.script.home(source) if named else None)
            if not named:
                origin = self.script.defs[source]
                self.after[origin] = self.after.get(origin, EMPTY) | live
        lost = self.set_of(move.lost)
        self.unset.update(dict.fromkeys(self._members(lost & live)))
        live &= ~(self.set_of(target for target, _ in self.needed[move]) | lost)
        return live | self.set_of(leaf for _, source in self.needed[move] for leaf in self.script.leaves(source))

    def _loop(self, loop: Loop, out: Live) -> Live:
        """A loop: what its body needs at its start is live at its end."""
        carried = self.script.carried[loop.op]
        own = self.set_of(self.own(loop.body, carried))
        targets = self.set_of(loop.targets)
        head = out if loop.head is not None else EMPTY
        while True:
            inside = self._block(loop.body, head, out, head)
            for target in loop.targets:
                self._define(target, inside | targets)
            before = (head | inside) & ~targets & ~own
            if loop.head is not None:
                before |= out
            if before == head:
                break
            head = before
        undefined = self.set_of(self.own(loop.body))  # carried, but bound nowhere before the loop
        self.unset.update(dict.fromkeys(self._members(head & undefined)))
        return (head & ~undefined) | self.set_of(self.script.reads(loop))
