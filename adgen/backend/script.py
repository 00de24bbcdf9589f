"""The function as a list of statements, without names: what will be printed, in order, with copies made explicit.

    for %i in 0, %n, 1 carrying %y = %x          Move(%y <- %x)
        %c = gt %y, 3.0                          Loop
        if %c: yields true, %y                       Branch(%c, [Leave(break)],
        else:  yields false, %z                              [Bind(%z), Move(%y <- %z), Leave(continue)])

A carried slot is one variable: parameter and result of the loop have one home.  The results of an `if` in tail
position need no variable: its branches write to their final homes, then leave.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from adgen.analyses.effects import is_random
from adgen.backend.heads import Head
from adgen.backend.schedule import Schedule
from adgen.backend.structures import model
from adgen.ir.core import Block, Op, Value
from adgen.ir.types import INT, Scalar, Struct
from adgen.ir.walk import FIXED_RESULTS, tail_if


@dataclass(eq=False)
class Bind:
    """`targets = expression of source`; a target that is None is not wanted."""

    targets: tuple[Value | None, ...]
    source: Value
    op: Op


@dataclass(eq=False)
class Act:
    """A write or another effect."""

    op: Op


@dataclass(eq=False)
class Move:
    """Parallel assignment; `op` is the operation at whose start or end it stands."""

    pairs: tuple[tuple[Value, Value], ...]
    op: Op | None
    lost: tuple[Value, ...] = ()  # has no value from here on: nobody reads it on the paths that come from there


@dataclass(eq=False)
class Branch:
    """`if`."""

    op: Op
    test: Value
    then: list[Statement]
    orelse: list[Statement]


@dataclass(eq=False)
class Loop:
    """`for`, with its head, or a loop without end (head None) that its body leaves."""

    op: Op
    head: Head | None
    targets: tuple[Value, ...]  # what the head binds
    body: list[Statement]


@dataclass(eq=False)
class Leave:
    """`break` or `continue`."""

    word: str


@dataclass(eq=False)
class Return:
    """`return`."""

    value: Value


Statement = Bind | Act | Move | Branch | Loop | Leave | Return
Leaf = Callable[[Block], list[Statement]]


@dataclass
class Script:
    """The statements, the homes of values that share a variable, and the definitions made on the way."""

    plan: Schedule
    statements: list[Statement] = field(default_factory=list)
    homes: dict[Value, Value] = field(default_factory=dict)
    defs: dict[Value, Op] = field(default_factory=dict)
    carried: dict[Op, tuple[Value, ...]] = field(default_factory=dict)  # the homes of a loop's slots
    _leaves: dict[Value, tuple[Value, ...]] = field(default_factory=dict)

    def home(self, value: Value) -> Value:
        """The value whose variable holds this one."""
        return self.homes.get(value, value)

    def leaves(self, value: Value) -> tuple[Value, ...]:
        """The variables that the text of a value reads."""
        if value not in self.plan.inline:
            return (self.home(value),)
        if value not in self._leaves:
            found: dict[Value, None] = {}
            op = self.defs[value]
            for operand in self.inputs(op):
                found.update(dict.fromkeys(self.leaves(operand)))
            self._leaves[value] = tuple(found)
        return self._leaves[value]

    def reads(self, statement: Statement) -> tuple[Value, ...]:
        """The variables that a statement itself reads (not what is inside it; not the pairs of a Move)."""
        match statement:
            case Bind(_, _, op):
                values: Sequence[Value] = self.inputs(op)
            case Act(op):
                values = op.operands
            case Branch(_, test, _, _):
                values = (test,)
            case Loop(op, head, _, _):
                values = head.reads(op) if head is not None else ()
            case Return(value):
                values = (value,)
            case _:
                values = ()
        return tuple(dict.fromkeys(leaf for value in values for leaf in self.leaves(value)))

    def inputs(self, op: Op) -> tuple[Value, ...]:
        """What the expression of an operation reads directly."""
        inputs = (*op.operands, *(give for region in op.regions for give in region.yields))
        if op.kind == "pack" and isinstance(op.result.type, Struct) and len(inputs) == len(op.result.type.items):
            like = model(self.plan.func, op.result.type) if op.result.type.kind.startswith("object:") else None
            return inputs if like is None else (*inputs, like[0])
        return inputs


def script(plan: Schedule) -> Script:
    """Write the statements of a function."""
    out = Script(plan, defs=dict(plan.places.defs))
    writer = _Writer(out)
    out.statements = writer.body(plan.func.block, lambda block: [Return(block.yields[0])])
    _move_early(out, out.statements)
    return out


def _move_early(out: Script, statements: list[Statement]) -> None:
    """`last = x` goes before `x = f(x)`, as people write it, not after it by way of a second name for the new x."""
    for statement in statements:
        if isinstance(statement, Branch):
            _move_early(out, statement.then)
            _move_early(out, statement.orelse)
        elif isinstance(statement, Loop):
            _move_early(out, statement.body)
    for place in range(len(statements) - 1, -1, -1):
        move = statements[place]
        if isinstance(move, Move):
            for pair in move.pairs:
                start = _replaced(out, statements[:place], move, pair)
                if start is not None:
                    rest = tuple(other for other in move.pairs if other is not pair)
                    statements[place] = move = Move(rest, move.op, move.lost)
                    statements.insert(start, Move((pair,), None))
                    place += 1


def _replaced(out: Script, before: list[Statement], move: Move, pair: tuple[Value, Value]) -> int | None:
    """Where a variable that is kept under another name gets its next value, if nothing after that reads either."""
    kept, source = pair[0], out.home(pair[1])
    others = [other for other in move.pairs if other is not pair]
    new = next((value for target, value in others if target is source and value not in out.plan.inline), None)
    if new is None or source in out.plan.inline or any(target is kept for target, _ in others):
        return None
    for place, statement in enumerate(before):
        if isinstance(statement, Bind) and new in statement.targets:
            tail = before[place + 1 :]
            simple = all(isinstance(later, Bind | Act) for later in tail)
            reads = {leaf for later in tail for leaf in out.reads(later)}
            reads.update(leaf for _, value in others for leaf in out.leaves(value))
            if simple and kept not in reads | set(out.reads(statement)) and source not in reads:
                return place
    return None


class _Writer:
    """Writes blocks; each block's end is written by a leaf function."""

    def __init__(self, out: Script) -> None:
        self.out = out
        self.plan = out.plan
        self.used = out.plan.places.readers

    def body(self, block: Block, leaf: Leaf) -> list[Statement]:
        """The statements of a block; a tail `if` carries the leaf into its branches."""
        last = tail_if(block)
        if last is not None and (last in self.plan.conditional or not self._passes(last)):
            last = None
        out: list[Statement] = []
        for op in block.ops[: -1 if last is not None else None]:
            out += self.op(op)
        if last is None:
            return out + leaf(block)
        then, orelse = (self.body(region, leaf) for region in last.regions)
        return [*out, Branch(last, last.operands[0], then, orelse)]

    def _passes(self, op: Op) -> bool:
        """Whether the results of a tail `if` are read by nobody but the end of its block."""
        return all(len(self.used.get(result, ())) == 1 for result in op.results)

    def op(self, op: Op) -> list[Statement]:
        """The statements of one operation."""
        plan = self.plan
        if op in plan.dropped:
            return []
        if op.kind == "if" and op not in plan.conditional:
            return self.branch(op)
        if op.kind in ("for", "while"):
            return self.loop(op)
        if not op.results:
            return [Act(op)]
        if len(op.results) > 1:
            return [Bind(tuple(v if self.used.get(v) or v.user else None for v in op.results), op.results[0], op)]
        if op.result in plan.inline:
            return []
        acts = op.kind in ("pop", "untape", "call") or is_random(op)
        if not self.used.get(op.result) and acts and not op.result.user:
            return [Bind((None,), op.result, op)]
        return [Bind(plan.unpacked.get(op.result, (op.result,)), op.result, op)]

    def branch(self, op: Op) -> list[Statement]:
        """An `if` whose results are variables."""

        def leaf(block: Block) -> list[Statement]:
            return self.move(op.results, block.yields, op)

        then, orelse = (self.body(region, leaf) for region in op.regions)
        return [Branch(op, op.operands[0], then, orelse)]

    def move(self, targets: Sequence[Value], sources: Sequence[Value], op: Op) -> list[Statement]:
        """A parallel assignment, without what moves to its own home and without what is undefined."""
        pairs, lost = [], []
        for target, source in zip(targets, sources, strict=True):
            origin = self.out.defs.get(source)
            if origin is not None and origin.kind == "undef":
                lost.append(self.out.home(target))
            elif self.out.home(target) is not self.out.home(source):
                pairs.append((self.out.home(target), source))
        return [Move(tuple(pairs), op, tuple(lost))] if pairs or lost else []

    def literal(self, value: int) -> Value:
        """A literal (an integer or a flag) made for the text."""
        return self._made(Op("const", "", (), (Value(INT),), (), {"value": value, "text": repr(value)}))

    def call(self, name: str, *operands: Value) -> Value:
        """An expression made for the text."""
        return self._made(Op("prim", name, operands, (Value(INT),), role="save"))

    def _made(self, op: Op) -> Value:
        self.out.defs[op.result] = op
        self.plan.inline[op.result] = None
        return op.result

    def loop(self, op: Op) -> list[Statement]:
        """A loop: moves before it, its body, moves at each way out of the body."""
        skip = 3 if op.kind == "for" else 0
        body = op.regions[0]
        params = body.params[1:] if skip else body.params
        carried = op.results[FIXED_RESULTS:]
        self.out.homes.update(zip(carried, params, strict=True))
        self.out.carried[op] = tuple(params)
        trips, stopped = (value if self.used.get(value) else None for value in op.results[:FIXED_RESULTS])
        targets, sources = list(params), list(op.operands[skip:])
        if op.kind == "while" and stopped is not None:
            self._substitute(stopped, self.literal(True))
            stopped = None
        if trips is not None:
            trips = self._trips_before(op, trips, targets, sources)
        if stopped is not None:
            targets.append(stopped)
            sources.append(self.literal(False))
        before = self.move(targets, sources, op)

        def leaf(block: Block) -> list[Statement]:
            return self._way_out(op, block, params, trips, stopped)

        inner = self.body(body, leaf)
        bound = (body.params[0],) if skip else ()
        head = self.plan.heads.get(op)
        if head is not None and head.sequences:
            bound = (*(bound if head.counts else ()), *self._elements(head))
        return [*before, Loop(op, head, bound, inner)]

    def _elements(self, head: Head) -> list[Value]:
        """The variables that a head over sequences binds."""
        found: list[Value] = []
        for element in head.elements:
            found += [item for item in self.plan.unpacked.get(element, (element,)) if item is not None]
        return found

    def _substitute(self, value: Value, literal: Value) -> None:
        """A result that is known: written as the literal wherever it is read."""
        self.out.defs[value] = self.out.defs[literal]
        self.plan.inline[value] = None

    def _trips_before(self, op: Op, trips: Value, targets: list[Value], sources: list[Value]) -> Value | None:
        """What the trip count is before the loop, or (None) at once and for all."""
        if op.kind == "while":
            targets.append(trips)
            sources.append(self.literal(0))
            return trips
        count = self._count(op.operands[0], op.operands[1], op.operands[2])
        if not self._can_stop(op) and count is op.operands[1]:
            origin = self.out.defs.get(count)
            if origin is not None and count in self.plan.inline:
                self.out.defs[trips] = origin
                self.plan.inline[trips] = None
            else:
                self.out.homes[trips] = self.out.home(count)
            return None
        targets.append(trips)
        sources.append(self.call("int", count) if self._is_memory(count) else count)
        return trips if self._can_stop(op) else None

    def _is_memory(self, count: Value) -> bool:
        """Whether this may be an array without axes, which may be written later."""
        return not isinstance(count.type, Scalar) and bool(self.plan.memory.of(count))

    def _can_stop(self, op: Op) -> bool:
        """Whether some end of the body stops the loop."""
        return self._constant(op.regions[0].yields[0]) is not False

    def _constant(self, value: Value) -> object:
        origin = self.out.defs.get(value)
        return origin.attrs.get("value") if origin is not None and origin.kind == "const" else None

    def _count(self, start: Value, stop: Value, step: Value) -> Value:
        """How often a range runs."""
        if self._constant(start) == 0 and self._constant(step) == 1:
            return stop
        return self.call("len", self.call("range", start, stop, step))

    def _done(self, op: Op) -> Value:
        """How many iterations were complete when the index had its present value."""
        start, _, step = op.operands[:3]
        place = op.regions[0].params[0]
        if self._constant(start) != 0:
            place = self.call("sub", place, start)
        if self._constant(step) != 1:
            place = self.call("floordiv", place, step)
        if not op.attrs.get("reversed"):
            return place
        last = self.call("sub", self._count(*op.operands[:3]), self.literal(1))
        return self.call("sub", last, place)

    def _way_out(
        self, op: Op, block: Block, params: Sequence[Value], trips: Value | None, stopped: Value | None
    ) -> list[Statement]:
        """The end of a path through a loop's body."""
        stop, *values = block.yields
        targets, sources = list(params), list(values)
        leaving = self._constant(stop) is True
        if trips is not None and op.kind == "while" and not leaving:
            targets.append(trips)
            sources.append(self.call("add", trips, self.literal(1)))
        if leaving and trips is not None and op.kind == "for":
            targets.append(trips)
            sources.append(self._done(op))
        if leaving and stopped is not None:
            targets.append(stopped)
            sources.append(self.literal(True))
        moves = self.move(targets, sources, op)
        return [*moves, Leave("break" if leaving else "continue")]
