"""Which variables hold something needed, at each statement, and which therefore may not share a name.

    h = np.tanh(x)         live after: h
    h2 = h * h             live after: h, h2 (both are read by the reverse sweep): they interfere
    .. h .. h2 ..

Live ranges begin at definitions: what one branch of an `if` defines is never live in the other branch, nor what an
iteration defines in the next one.  So a value of a branch may be read in the mirrored branch of the reverse sweep.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from adgen.backend.script import Act, Bind, Branch, Leave, Loop, Move, Return, Script, Statement
from adgen.errors import InternalError
from adgen.ir.core import Func, Op, Value

Live = frozenset[Value]
EMPTY: Live = frozenset()


class Liveness:
    """Interference of variables, what is live after each write, and which moves are needed."""

    def __init__(self, func: Func, script: Script) -> None:
        self.script = script
        self.neighbours: dict[Value, set[Value]] = {}  # what is live when it is written; never walked
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
        start = self._block(script.statements, EMPTY, EMPTY, EMPTY)
        lost = [value for value in self.order if value in start and value not in params]
        if lost or any(value not in self.order for value in start):
            raise InternalError(f"backend: {func.name} reads {lost or list(start)} before it is defined")
        for place, value in enumerate(params):
            self._define(value, start.union(params[:place]))

    def interfere(self, first: Value, second: Value) -> bool:
        """Whether both are needed at the same time; a name that may have no value is nobody else's anywhere."""
        if (first in self.unset or second in self.unset) and self._web(first) is not self._web(second):
            return True
        return second in self.neighbours.get(first, ()) or first in self.neighbours.get(second, ())

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

    def _define(self, value: Value, live: Iterable[Value], same: Value | None = None) -> None:
        """A variable is written while others are live (noted with it, not with them: there may be thousands)."""
        own = self.neighbours.setdefault(value, set())
        excepted = [other for other in (value, same) if other is not None and other not in own]
        own.update(live)
        own.difference_update(excepted)

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

    def own(self, statements: Sequence[Statement], keep: Sequence[Value] = ()) -> Live:
        """Variables that are defined there and nowhere else."""
        inside = self._inside[id(statements)]
        return frozenset(value for value, count in inside.items() if count == self._total[value] and value not in keep)

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
                    live = frozenset(self.script.reads(statement))
                case Branch(_, _, then, orelse):
                    own_then, own_else = self.own(then), self.own(orelse)
                    for move in (*then, *orelse):
                        if isinstance(move, Move):
                            self.unset.update((value, None) for value in move.lost if value in live)
                    before_then = self._block(then, live - own_else, on_break, on_continue)
                    before_else = self._block(orelse, live - own_then, on_break, on_continue)
                    live = (before_then - own_then) | (before_else - own_else)
                    live = live.union(self.script.reads(statement))
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
            live = live.union(targets)
            for target in targets:
                self._define(target, live)
            live = live.difference(targets)
        return live.union(self.script.reads(statement))

    def _move(self, move: Move, live: Live) -> Live:
        """A parallel assignment of what is read later; a variable may share the name of what it is copied from."""
        pairs = tuple(pair for pair in move.pairs if pair[0] in live)
        known = self.needed.get(move, ())
        self.needed[move] = tuple(pair for pair in move.pairs if pair in pairs or pair in known)
        for target, source in self.needed[move]:
            named = source not in self.script.plan.inline
            self._define(target, live, self.script.home(source) if named else None)
            if not named:
                origin = self.script.defs[source]
                self.after[origin] = self.after.get(origin, EMPTY) | live
        self.unset.update((value, None) for value in move.lost if value in live)
        live = live.difference(target for target, _ in self.needed[move]).difference(move.lost)
        return live.union(leaf for _, source in self.needed[move] for leaf in self.script.leaves(source))

    def _loop(self, loop: Loop, out: Live) -> Live:
        """A loop: what its body needs at its start is live at its end."""
        carried = self.script.carried[loop.op]
        own = self.own(loop.body, carried)
        head = out if loop.head is not None else EMPTY
        while True:
            inside = self._block(loop.body, head, out, head)
            for target in loop.targets:
                self._define(target, inside.union(loop.targets))
            before = (head | inside).difference(loop.targets) - own
            if loop.head is not None:
                before |= out
            if before == head:
                break
            head = before
        undefined = self.own(loop.body, ())  # carried, but bound nowhere before the loop
        self.unset.update((value, None) for value in head if value in undefined)
        return (head - undefined).union(self.script.reads(loop))
