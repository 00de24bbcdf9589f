"""Removes what nobody reads: values, stores, tapes, carried slots, results of branches.  Exact.

    t = tape                          .
    for i [s = 0.0, k = 0.0]:         for i [s = 0.0]:
        push t, s                         s' = add s, x
        s' = add s, x                     yield False, s'
        k' = mul k, x                 yield s
        yield False, s', k'
    for i:
        u = untape t
    yield s

What is needed is marked from the function's result and from effects (print, assert, raise, random draws, calls) of the
forward sweep; memory is needed if a needed operation reads it, and then all writes to it are, pops of tapes too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.analyses.aliasing import READS, WRITES, Aliases, aliases, holds_reference
from adgen.analyses.effects import is_random
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import is_number
from adgen.ir.walk import FIXED_RESULTS, LOOPS, Rebuilder, defs, iterated, walk

CLASS = "exact"
# what takes references without looking through them
_MEMORY = (*READS, *WRITES, "view", "select", "if", "for", "while")


def dead_code(func: Func) -> Func:
    """The function without what nobody reads."""
    while True:
        unchanging = _invariants(func)
        new = _Renamed(unchanging).func(func) if unchanging else func
        new = _Sweep(_Marks(new)).func(new)
        if new is func:
            return func
        func = new


class _Renamed(Rebuilder):
    """Reads other values."""

    def __init__(self, mapping: dict[Value, Value]) -> None:
        super().__init__()
        self.mapping = mapping


def _invariants(func: Func) -> dict[Value, Value]:
    """Carried slots that iterations only hand on, by parameter and result: what they start from."""
    ops = walk(func.block)
    literals = {op.result for op in ops if op.kind == "const" and is_number(op.result.type)}
    ifs = {result: op for op in ops if op.kind == "if" for result in op.results}
    found: dict[Value, Value] = {}
    for loop in ops:
        if loop.kind not in LOOPS or len(loop.regions) != 1:
            continue
        skip, region = (3 if loop.kind == "for" else 0), loop.regions[0]
        slots = zip(
            loop.operands[skip:],
            region.params[skip // 3 :],
            region.yields[1:],
            loop.results[FIXED_RESULTS:],
            strict=True,
        )
        for init, param, given, result in slots:
            literal = loop.role != "primal" and init in literals  # a number of any width
            if (literal or init.type == param.type == result.type) and _handed_on(given, param, ifs):
                found[param] = found[result] = init
    return found


def _handed_on(value: Value, param: Value, ifs: dict[Value, Op]) -> bool:
    """Whether the value is the parameter on all paths."""
    if value is param:
        return True
    if value not in ifs:
        return False
    op = ifs[value]
    slot = op.results.index(value)
    return all(_handed_on(region.yields[slot], param, ifs) for region in op.regions)


class _Marks:
    """Which operations and which values are needed."""

    def __init__(self, func: Func) -> None:
        self.ops: dict[Op, None] = {}
        self.values: dict[Value, None] = {}
        self.slots: dict[Value, None] = {}  # parameters of carried slots that are needed
        self._observed: dict[Value, None] = {}
        self._aliases: Aliases = aliases(func)
        self._defs = defs(func)
        self._owner: dict[Op, Op] = {}
        self._params: dict[Value, tuple[Op, int]] = {}  # a loop's parameter -> loop, position
        self._writers: dict[Value, list[Op]] = {}
        self._todo: list[Value] = []
        self._index(func.block)
        self._start(func)

    def _index(self, block: Block) -> None:
        """Note owners, parameters and who writes which root."""
        for op in block.ops:
            for region in op.regions:
                for inner in region.ops:
                    self._owner[inner] = op
                for position, param in enumerate(region.params):
                    self._params[param] = (op, position)
                self._index(region)
            if op.kind in WRITES:
                for root in self._aliases.writes(op):
                    self._writers.setdefault(root, []).append(op)

    def _start(self, func: Func) -> None:
        """Begin at the result, the effects and the memory of arguments; go on until nothing is new."""
        for param in func.params:
            self._observe(param.value)
        for value in func.block.yields:
            self._escape(value)
        for op in walk(func.block):
            called = op.kind == "call" and not op.attrs.get("pure")
            if called or is_random(op) or (op.kind == "effect" and op.role in ("primal", "tangent")):
                self._keep(op)
        while self._todo:
            self._visit(self._todo.pop())

    def _need(self, value: Value) -> None:
        if value not in self.values:
            self.values[value] = None
            self._todo.append(value)

    def _escape(self, value: Value) -> None:
        """The value, and the memory it reaches, is read by someone unknown."""
        self._need(value)
        if holds_reference(value.type):
            self._observe(value)

    def _observe(self, ref: Value) -> None:
        """All writes to what a reference reaches are needed."""
        for root in self._aliases.roots.get(ref, ()):
            if root not in self._observed:
                self._observed[root] = None
                for op in self._writers.get(root, ()):
                    self._keep(op)

    def _visit(self, value: Value) -> None:
        """What a needed value needs."""
        if value in self._params:
            loop, position = self._params[value]
            self._keep(loop)
            carried = position - (1 if loop.kind == "for" else 0)
            if carried >= 0:
                self._slot(loop, carried)
            return
        op = self._defs.get(value)
        if op is None:
            return
        self._keep(op)
        if op.kind == "if":
            for region in op.regions:
                self._need(region.yields[op.results.index(value)])
        elif op.kind in LOOPS and op.results.index(value) >= FIXED_RESULTS:
            self._slot(op, op.results.index(value) - FIXED_RESULTS)
        elif op.kind in READS:
            self._observe(op.operands[0])

    def _slot(self, loop: Op, carried: int) -> None:
        """A carried slot: where it starts and what each iteration makes of it."""
        self.slots[loop.results[FIXED_RESULTS + carried]] = None
        self._need(loop.operands[carried + (3 if loop.kind == "for" else 0)])
        self._need(loop.regions[0].yields[1 + carried])

    def _keep(self, op: Op) -> None:
        """What a needed operation needs, apart from its results."""
        if op in self.ops:
            return
        self.ops[op] = None
        if op in self._owner:
            self._keep(self._owner[op])
        for operand in _own_operands(op):
            (self._need if op.kind in _MEMORY else self._escape)(operand)
        if op.kind in LOOPS:
            self._need(op.regions[0].yields[0])
            for read in iterated(op):
                self._need(read.result)


def _own_operands(op: Op) -> Sequence[Value]:
    """Operands that are needed whatever is needed of the results."""
    if op.kind in LOOPS:
        return op.operands[:3] if op.kind == "for" else ()
    return op.operands


class _Sweep(Rebuilder):
    """Keeps what is marked."""

    def __init__(self, marks: _Marks) -> None:
        super().__init__()
        self.marks = marks

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """The operation without the slots that are not needed, if it is needed at all."""
        if old not in self.marks.ops:
            return ()
        if op.kind == "if":
            return (self._branch(op),)
        return (self._loop(op),) if op.kind in LOOPS else (op,)

    def _branch(self, op: Op) -> Op:
        """An `if` with the results that are needed."""
        keep = [value in self.marks.values for value in op.results]
        if all(keep):
            return op
        regions = tuple(Block((), region.ops, _pick(region.yields, keep)) for region in op.regions)
        return replace(op, results=_pick(op.results, keep), regions=regions)

    def _loop(self, op: Op) -> Op:
        """A loop with the slots that are needed."""
        keep = [value in self.marks.slots for value in op.results[FIXED_RESULTS:]]
        if all(keep):
            return op
        bounds, index = (3, 1) if op.kind == "for" else (0, 0)
        body = op.regions[0]
        params = body.params[:index] + _pick(body.params[index:], keep)
        block = Block(params, body.ops, body.yields[:1] + _pick(body.yields[1:], keep))
        operands = op.operands[:bounds] + _pick(op.operands[bounds:], keep)
        results = op.results[:FIXED_RESULTS] + _pick(op.results[FIXED_RESULTS:], keep)
        return replace(op, operands=operands, results=results, regions=(block,))


def _pick(values: Sequence[Value], keep: Sequence[bool]) -> tuple[Value, ...]:
    """Those values that are to be kept."""
    return tuple(value for value, kept in zip(values, keep, strict=True) if kept)
