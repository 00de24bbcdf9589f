"""Carry out the decisions of `saves`: push, pop, recompute, rename; drop what is not live in the reverse sweep."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Sequence
from dataclasses import dataclass, replace

from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import ListOf, Ref
from adgen.ir.walk import FIXED_RESULTS, LOOPS, iterated, walk
from adgen.transforms.reverse import Reversed
from adgen.transforms.reverse_stores import slot_root
from adgen.transforms.saves import decide
from adgen.transforms.saves_arrays import ArrayTape, array_tapes
from adgen.transforms.saves_facts import Decisions, Save, Use
from adgen.transforms.saves_notes import notes


def save(reversed_: Reversed) -> tuple[Func, tuple[str, ...]]:
    """The function with every use legal, and for each save a sentence that says why."""
    found = decide(reversed_)
    saver = _Saver(found, reversed_.func)
    func = saver.run()
    return func, notes(found, saver.again)


@dataclass
class _Scope:
    """A reverse block being rewritten: the blocks around it, what was written, and the legal name of each value."""

    chain: tuple[Block, ...]
    builder: Builder
    known: ChainMap[Value, Value]


class _Saver:
    def __init__(self, found: Decisions, func: Func) -> None:
        self.found = found
        self.func = func
        self.tapes: dict[Value, Value] = {}
        self.arrays: dict[Value, ArrayTape] = array_tapes(found) if func.profile == "numba" else {}
        self.again: dict[Value, Op] = {}  # recomputed values, and by what
        self.by_place: dict[Block, list[Save]] = {}
        self.by_loop: dict[Op, list[Save]] = {}  # outermost forward loop -> tapes made before it
        for item in found.saves.values():
            self.by_place.setdefault(item.place, []).append(item)
            self.by_loop.setdefault(self._outermost(item.place), []).append(item)
            name = f"{item.value.hint}_saved" if item.value.hint else "saved"
            self.tapes[item.value] = Value(Ref(ListOf(item.value.type)), name)

    def _outermost(self, place: Block) -> Op:
        body = self.found.loops(place)[-1]
        return self.found.owner[body][0]

    def run(self) -> Func:
        """The whole function."""
        block = self.func.block
        forward = self._forward(self.found.plan.func.block)
        scope = _Scope((block,), Builder("adjoint"), ChainMap())
        self._body(scope, self.found.forward)
        yields = tuple(scope.known.get(value, value) for value in block.yields)
        return replace(self.func, block=Block(block.params, (*forward.ops, *scope.builder.ops), yields))

    # forward sweep ----------------------------------------------------------------------------------------------
    def _forward(self, block: Block) -> Block:
        here = self.by_place.get(block, [])
        pending = {item.value: item for item in here}
        local = {result for op in block.ops for result in op.results}
        start = [item for item in here if item.value not in local]
        last = self._last_writes(block, [value for value in pending if value in local])
        reads = len(self._reads(block))
        ops: list[Op] = []
        waiting: list[Op] = []  # what the loop runs over is read first, all of it
        for k, op in enumerate(block.ops):
            if k == reads:
                ops += [op for item in start for op in self._push(item)]
            for item in self.by_loop.get(op, []):
                ops += self._tape(item)
            regions = tuple(self._forward(region) for region in op.regions)
            ops.append(op if regions == op.regions else replace(op, regions=regions))
            made = [value for value in op.results if value in pending and value not in last]
            made += [value for value, final in last.items() if final is op]
            waiting += [new for value in made for new in self._push(pending[value])]
            if k + 1 >= reads:
                ops += waiting
                waiting = []
        if len(block.ops) <= reads:
            ops += [op for item in start for op in self._push(item)]
        return block if tuple(ops) == block.ops else Block(block.params, tuple(ops), block.yields)

    def _last_writes(self, block: Block, values: Sequence[Value]) -> dict[Value, Op]:
        """For memory that the block makes: the last operation that writes to it, if it does not end the block.

        Memory is saved by reference, in its final state: told where it has that, no list holds what changes.
        """
        found: dict[Value, Op] = {}
        for value in values:
            writers = set(self.found.writers(value)) if isinstance(value.type, Ref) else set()
            writing = [op for op in block.ops if not writers.isdisjoint(walk(Block((), (op,), ())))]
            if writing and not (writing[-1] is block.ops[-1] and writing[-1].regions):
                found[value] = writing[-1]
        return found

    def _reads(self, block: Block) -> tuple[Op, ...]:
        return iterated(self.found.owner[block][0]) if block in self.found.owner else ()

    def _tape(self, item: Save) -> Sequence[Op]:
        if item.value in self.arrays:
            return self.arrays[item.value].made()
        return [Op("tape", "", (), (self.tapes[item.value],), role="save")]

    def _push(self, item: Save) -> Sequence[Op]:
        if item.value in self.arrays:
            return self.arrays[item.value].stored()
        operands = (self.tapes[item.value], item.value)
        attrs: dict[str, object] = {"copy": item.copy}
        if item.extent:
            attrs["extent"] = True
        return [Op("push", "", operands, (), (), attrs, role="save")]

    # reverse sweep ----------------------------------------------------------------------------------------------
    def _body(self, scope: _Scope, first: int) -> None:
        block = scope.chain[-1]
        for k, op in enumerate(block.ops[first:], first):
            if op in self.found.marks.live:
                self._rewrite(scope, op, k)

    def _region(
        self, scope: _Scope, region: Block, params: Sequence[int], keep: Sequence[int], handed: Sequence[Value]
    ) -> Block:
        inner = _Scope((*scope.chain, region), Builder("adjoint"), scope.known.new_child())
        later = [Value(value.type, value.hint, value.user) for value in handed]
        inner.known.update(zip(handed, later, strict=True))
        for forward in reversed(self.found.plan.mirrors.get(region, ())):
            for item in self.by_place.get(forward, []):
                value = Value(item.value.type, item.value.hint, True)
                inner.builder.ops += self._taken(item, value, inner.chain)
                inner.known[item.value] = value
        self._body(inner, 0)
        yields = [self._legal(inner, region.yields[k], len(region.ops), None) for k in keep]
        yields += [inner.known[self.found.handed[value].param] for value in handed]
        return inner.builder.block(yields, [*(region.params[k] for k in params), *later])

    def _taken(self, item: Save, value: Value, chain: Sequence[Block]) -> Sequence[Op]:
        """What gives a saved value back at the start of a reverse block."""
        if item.value in self.arrays:
            tape = self.arrays[item.value]
            found = [self.found.index_of(counter, tuple(chain)) for counter in tape.counters]
            return tape.loaded([index for index in found if index is not None], value)
        return [Op("untape", "", (self.tapes[item.value],), (value,), role="adjoint")]

    def _rewrite(self, scope: _Scope, op: Op, k: int) -> None:
        """One live operation: operands made legal, regions rewritten, slots that do not count dropped."""
        marks = self.found.marks
        operands = tuple(self._legal(scope, value, k, op) for value in marks.reads(op))
        results, regions = op.results, op.regions
        if op.regions:
            slots = marks.slots(op)
            fixed = FIXED_RESULTS if op.kind in LOOPS else 0
            first = 1 if op.kind in LOOPS else 0
            params = [0, *(1 + j for j in slots)] if op.kind == "for" else []
            keep = [*range(first), *(first + j for j in slots)]
            handed = self._handed(op)
            regions = tuple(self._region(scope, region, params, keep, handed) for region in op.regions)
            results = (*op.results[:fixed], *(op.results[fixed + j] for j in slots))
            results += tuple(Value(self.found.handed[value].param.type) for value in handed)
            operands += tuple(self.found.handed[value].result for value in handed)
        new = results if op.regions else tuple(self._named(scope, value) for value in results)
        scope.builder.add(replace(op, operands=operands, results=new, regions=regions))

    def _handed(self, op: Op) -> list[Value]:
        """Values that this reverse loop carries from each iteration to the one before."""
        if op.kind != "for":
            return []
        mirrored = self.found.plan.mirrors.get(op.regions[0], ())
        return [value for value, handed in self.found.handed.items() if handed.body in mirrored]

    def _named(self, scope: _Scope, value: Value) -> Value:
        """The value with the name that its adjoint's primal gives it."""
        name = self.found.plan.names.get(value, "")
        if value.hint or not name:
            return value
        renamed = Value(value.type, name)
        scope.known[value] = renamed
        return renamed

    def _legal(self, scope: _Scope, value: Value, at: int, op: Op | None) -> Value:
        """The value as the reverse sweep can name it here, recomputed here if need be."""
        if value in scope.known:
            return scope.known[value]
        found = self.found
        if found.visible(value):
            return value
        twin = found.twin(value, op)
        if twin is not None:
            return twin
        use = Use(value, scope.chain, at, op)
        ready = found.index_of(value, scope.chain) or found.popped(value, use)
        if ready is not None:
            return scope.known.get(ready, ready)
        made = found.plan.defs[value]
        if made.kind == "index":
            made = self._from_whole(scope, made)
        operands = tuple(self._legal(scope, operand, at, op) for operand in made.operands)
        again = Value(value.type, value.hint)
        if made.kind != "const":
            self.again[value] = made
        scope.builder.add(replace(made, operands=operands, results=(again,), role="adjoint"))
        if not (made.kind == "load" and not found.unchanged(made)):
            scope.known[value] = again
        return again

    def _from_whole(self, scope: _Scope, read: Op) -> Op:
        """An element of a slice `xs[:b]` is that element of the list itself."""
        base, *where = read.operands
        root, offset = slot_root(self.found.plan, base)
        if root is base or offset is not None or read.attrs["spec"] != ("i",):
            return read
        return replace(read, operands=(root, *where))
