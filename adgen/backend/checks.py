"""A second proof of the names: wherever a variable is read, nothing has taken its name since it was written.

    h = np.tanh(x)        %h is held by h
    h = h * h             %h2 takes the name; %h is lost
    .. read of %h ..      an error of the backend, never a wrong number

It walks the statements forwards, as Python runs them, and shares no code with the liveness that chose the names.
"""

from __future__ import annotations

from collections.abc import Iterable

from adgen.backend.live import Liveness
from adgen.backend.script import Bind, Branch, Leave, Loop, Move, Return, Script, Statement
from adgen.errors import InternalError
from adgen.ir.core import Func, Value


def check(func: Func, script: Script, live: Liveness, names: dict[Value, str]) -> None:
    """Whether each variable still holds its value wherever it is read: an independent proof, forwards."""
    state = {param.value: True for param in func.params}
    _Checker(func, script, live, names).block(script.statements, state)


class _Checker:
    """Walks forwards; a state says of each variable that may be set whether its name still holds it."""

    def __init__(self, func: Func, script: Script, live: Liveness, names: dict[Value, str]) -> None:
        self.func = func
        self.script = script
        self.live = live
        self.names = names
        self.holders: dict[str, list[Value]] = {}
        for value, name in names.items():
            self.holders.setdefault(name, []).append(value)
        self.breaks: list[list[dict[Value, bool]]] = []
        self.continues: list[list[dict[Value, bool]]] = []

    def define(self, state: dict[Value, bool], targets: Iterable[Value], same: dict[Value, Value]) -> None:
        """Variables are written: whoever held their names is lost, unless it is what is copied."""
        targets = list(targets)
        names = {self.names[target]: target for target in targets}
        for name, taker in names.items():
            for value in self.holders[name]:
                if value in state and value not in targets and same.get(taker) is not value:
                    state[value] = False
        for target in targets:
            state[target] = True

    def need(self, state: dict[Value, bool], values: Iterable[Value]) -> None:
        """Variables are read."""
        for value in values:
            if not state.get(value, True):  # not set at all: undefined on this path, which no run takes
                raise InternalError(
                    f"backend: `{self.names[value]}` of {self.func.name} is overwritten before it is read"
                )

    def block(self, statements: list[Statement], state: dict[Value, bool] | None) -> dict[Value, bool] | None:
        """The state after a list of statements, None if its end is not reached."""
        for statement in statements:
            if state is None:
                break
            self.need(state, self.script.reads(statement))
            state = self.statement(statement, state)
        return state

    def statement(self, statement: Statement, state: dict[Value, bool]) -> dict[Value, bool] | None:
        """The state after one statement."""
        match statement:
            case Bind(targets, _, _):
                self.define(state, (target for target in targets if target is not None), {})
            case Move():
                pairs = self.live.needed.get(statement, ())
                self.need(state, (leaf for _, source in pairs for leaf in self.script.leaves(source)))
                same = {t: self.script.home(s) for t, s in pairs if s not in self.script.plan.inline}
                self.define(state, (target for target, _ in pairs), same)
            case Branch(_, _, then, orelse):
                return _join(self.block(then, dict(state)), self.block(orelse, dict(state)))
            case Loop():
                return self.loop(statement, state)
            case Leave(word):
                (self.breaks if word == "break" else self.continues)[-1].append(state)
                return None
            case Return():
                return None
        return state

    def loop(self, loop: Loop, state: dict[Value, bool]) -> dict[Value, bool] | None:
        """A loop: its body runs until no more names are found lost."""
        own = self.live.own(loop.body, self.script.carried[loop.op])
        head: dict[Value, bool] | None = dict(state)
        while True:
            self.breaks.append([])
            self.continues.append([])
            inside = dict(head or {})
            self.define(inside, loop.targets, {})
            end = self.block(loop.body, inside)
            breaks, continues = self.breaks.pop(), self.continues.pop()
            after = head
            for other in (end, *continues):
                after = _join(after, other)
            after = {value: fine for value, fine in (after or {}).items() if value not in own}
            if after == head:
                break
            head = after
        out = dict(head) if loop.head is not None and head is not None else None
        for other in breaks:
            out = _join(out, {value: fine for value, fine in other.items() if value not in own})
        return out


def _join(first: dict[Value, bool] | None, second: dict[Value, bool] | None) -> dict[Value, bool] | None:
    """Where two paths meet: fine only if fine on each path on which it is set at all."""
    if first is None or second is None:
        return second if first is None else first
    return {value: first.get(value, True) and second.get(value, True) for value in (*first, *second)}
