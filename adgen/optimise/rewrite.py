"""The rewriting engine: local rules, applied bottom-up until nothing changes.

A rule gets a site and an operation and answers with the value that the result equals, with another operation for the
same result, or with None.  What it needs besides, it emits through the site; it is placed before the operation.

    double = lambda site, op: op.operands[0] if site.number(op.operands[1]) == 1 else None
    rewrite(func, {"mul": [double]}, "real")      x * 1.0 becomes x

Rules of class real (equal for real numbers, not bit by bit) never touch the primal sweep, nor what the reverse sweep
makes of it again to compare it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from adgen.analyses.deciding import deciding
from adgen.analyses.effects import is_pure
from adgen.analyses.whole_numbers import Known, maybe_whole
from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.ops import KINDS
from adgen.ir.types import Type, is_number
from adgen.ir.walk import Rebuilder, defs, final, uses, walk
from adgen.rules.table import lookup

Rule = Callable[["Site", Op], Value | Op | None]
Rules = Mapping[str, Sequence[Rule]]  # by the name of a prim, or by the kind of another operation
_Guarded = Sequence[tuple[Rule, frozenset[str] | None]]
ROUNDS = 12
_NEEDS: dict[Rule, frozenset[str]] = {}


def needs(*names: str) -> Callable[[Rule], Rule]:
    """Says that a rule declines unless such (kinds, names of prims) define an operand: it is not asked otherwise."""

    def noted(rule: Rule) -> Rule:
        _NEEDS[rule] = frozenset(names)
        return rule

    return noted


def rewrite(func: Func, rules: Rules, class_: str) -> Func:
    """Apply rules everywhere until nothing changes."""
    table = {name: [(rule, _NEEDS.get(rule)) for rule in each] for name, each in rules.items()}
    for _ in range(ROUNDS):
        if not any(_applies(op, table, class_ == "real") for op in walk(func.block)):
            break
        pass_ = _Rewriter(func, table, class_)
        new = pass_.func(func)
        new = rename(new, pass_.names)
        if new is func:
            break
        func = new
    return func


class Site:
    """Where a rule looks: what defines an operand, and a place to emit."""

    def __init__(self, op: Op, rewriter: _Rewriter) -> None:
        self._rewriter = rewriter
        self._op = op
        self._build: Builder | None = None

    @property
    def build(self) -> Builder:
        """Where a rule emits; few do."""
        if self._build is None:
            self._build = Builder(self._op.role, self._op.span)
        return self._build

    def emitted(self) -> Sequence[Op]:
        """What was emitted so far."""
        return () if self._build is None else self._build.ops

    def define(self, value: Value) -> Op | None:
        """The operation that defines a value."""
        return self._rewriter.defs.get(value)

    def inner(self, value: Value, *names: str) -> Op | None:
        """The derivative code's own application that defines a value, if this is its only use, in the same block.

        Only then looking through the value saves work; a value of the primal sweep is there anyway, unless it is a
        number without a name that nobody else reads.
        """
        rewriter = self._rewriter
        op = rewriter.defs.get(value)
        if op is None or op.name not in names or op.kind != "prim" or value.user:
            return None
        if rewriter.counts.get(value, 1) > 1 or (op.role == "primal" and not is_number(value.type)):
            return None
        return op if rewriter.homes.get(value) is rewriter.home else None

    def made(self, value: Value, *names: str) -> Op | None:
        """The application of one of these functions that defines a value, wherever and however often read."""
        op = self._rewriter.defs.get(value)
        return op if op is not None and op.kind == "prim" and op.name in names else None

    def users(self, value: Value) -> list[Op | Block]:
        """Who reads a value (as of the beginning of the round)."""
        return self._rewriter.users.get(value, [])

    def is_beside(self, value: Value) -> bool:
        """Whether an operation of this block defines a value."""
        return self._rewriter.homes.get(value) is self._rewriter.home

    def is_here(self, value: Value) -> bool:
        """Whether an operation before this one, in this block or around it, defines a value."""
        return self._rewriter.homes.get(value) in self._rewriter.around()

    def may_be_whole(self, value: Value) -> bool:
        """Whether an array that is typed as real may be one of integers."""
        rewriter = self._rewriter
        if rewriter.whole is None:
            rewriter.whole = maybe_whole(rewriter.root, {})
        return value in rewriter.whole

    def number(self, value: Value) -> int | float | None:
        """The number that a literal is."""
        op = self._rewriter.defs.get(value)
        if op is None or op.kind != "const" or type(op.attrs["value"]) not in (int, float):
            return None
        number = op.attrs["value"]
        assert isinstance(number, int | float)
        return number if op.attrs["text"] == repr(number) else None

    def apply(self, name: str, operands: Sequence[Value], type_: Type) -> Value:
        """Emit a function of the rule table."""
        return self.build.emit("prim", name, operands, type_, attrs={"args": args_of(name, len(operands))})

    def redo(self, op: Op, name: str, operands: Sequence[Value]) -> Op:
        """Another function that gives the same result."""
        same = op.name == name and len(op.operands) == len(operands)
        attrs = {"args": op.attrs["args"] if same else args_of(name, len(operands))}
        return replace(op, kind="prim", name=name, operands=tuple(operands), attrs=attrs)

    def literal(self, op: Op, number: int | float) -> Op:
        """A literal that gives the same result."""
        return replace(op, kind="const", name="", operands=(), attrs={"value": number, "text": repr(number)})


def args_of(name: str, count: int) -> tuple[str, ...]:
    """The rule's names of so many positional arguments."""
    rule = lookup(name)
    assert rule is not None, name
    return rule.bind(count)


def live_uses(func: Func) -> dict[Value, list[Op | Block]]:
    """Who reads each value, without derivative code that nobody reads any more (rewriting leaves it behind)."""
    found = uses(func)
    made = defs(func)
    dead = [op for op in walk(func.block) if _unread(op, found)]
    while dead:
        op = dead.pop()
        for operand in dict.fromkeys(op.operands):
            found[operand] = [user for user in found[operand] if user is not op]
            source = made.get(operand)
            if source is not None and _unread(source, found):
                dead.append(source)
    return found


def _unread(op: Op, users: Mapping[Value, Sequence[Op | Block]]) -> bool:
    """Whether it is derivative code that only gives values, and nobody reads them."""
    return op.role != "primal" and not any(users.get(result) for result in op.results) and is_pure(op)


class _Rewriter(Rebuilder):
    """One round over the function."""

    def __init__(self, func: Func, rules: Mapping[str, _Guarded], class_: str) -> None:
        super().__init__()
        self.rules = rules
        self.real = class_ == "real"
        self.fixed = deciding(func) if self.real else set()
        self.root = func
        self.whole: Known | None = None  # made when it is asked for
        self.defs: dict[Value, Op] = {}
        self.users = live_uses(func)
        self.counts = {value: len(users) for value, users in self.users.items()}
        self.homes: dict[Value, object] = {}
        self.home: object = func.block
        self.names: dict[Value, str] = {}
        self._outer: list[object] = []

    def around(self) -> list[object]:
        """The block, and those that it is in."""
        return [self.home, *self._outer]

    def enter(self, owner: Op, region: Block) -> None:
        """The region is where operations are from now on."""
        self._outer.append(self.home)
        self.home = region

    def leave(self, owner: Op, region: Block) -> None:
        """Back outside."""
        self.home = self._outer.pop()

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """The operation after all rules that fit."""
        if not _applies(op, self.rules, self.real) or not self.fixed.isdisjoint(old.results):
            return (self._note(op),)
        out: list[Op] = []
        for _ in range(ROUNDS):
            fitting = self.rules.get(_key(op))
            if fitting is None:
                break
            site = Site(op, self)
            found = self._first(site, op, fitting)
            if found is None:
                break
            out += [self._note(made) for made in site.emitted()]
            if isinstance(found, Value):
                self._equal(op.result, found)
                return out
            op = found
        return [*out, self._note(op)]

    def _first(self, site: Site, op: Op, rules: _Guarded) -> Value | Op | None:
        """What the first rule that fits answers."""
        defs = self.defs
        given = {made.name or made.kind for operand in op.operands if (made := defs.get(operand)) is not None}
        for rule, needed in rules:
            if needed is not None and needed.isdisjoint(given):
                continue
            found = rule(site, op)
            if found is not None:
                return found
            assert not site.emitted(), f"{rule} emits and declines"
        return None

    def _note(self, op: Op) -> Op:
        """Remember what defines a value, and where."""
        for result in op.results:
            self.defs[result] = op
            self.homes[result] = self.home
        return op

    def _equal(self, result: Value, found: Value) -> None:
        """A result is another value from now on; a name that the other lacks goes with it."""
        found = final(found, self.mapping)
        self.mapping[result] = found
        self.counts[found] = self.counts.get(found, 0) + self.counts.get(result, 0)
        op = self.defs.get(found)
        if result.hint and not found.hint and op is not None and op.role != "primal" and op.kind != "const":
            self.names.setdefault(found, result.hint)


def rename(func: Func, names: Mapping[Value, str]) -> Func:
    """The function in which these values have these names."""
    return _Rename(names).func(func) if names else func


class _Rename(Rebuilder):
    """Gives values the names that they inherited."""

    def __init__(self, names: Mapping[Value, str]) -> None:
        super().__init__()
        self.names = names

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """The operation with named results."""
        if not any(result in self.names for result in op.results):
            return (op,)
        results = []
        for result in op.results:
            if result in self.names:
                self.mapping[result] = Value(result.type, self.names[result], result.user)
            results.append(self.mapping.get(result, result))
        return (replace(op, results=tuple(results)),)


def _applies(op: Op, rules: Mapping[str, _Guarded], real: bool) -> bool:
    """Whether there are rules for an operation."""
    return not (real and op.role == "primal") and _key(op) in rules


def _key(op: Op) -> str:
    """What rules are looked up by: the function's name, or the kind; `x.item()` is no slot of a structure."""
    if op.kind != "prim":
        return op.kind
    return op.name if op.name not in KINDS else f"prim {op.name}"
