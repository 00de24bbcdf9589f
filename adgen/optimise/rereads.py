"""Values that need no tape: memory that still has them, or a step or two from what is there.  Exact.

    w[i] = c[i] / pivot                           for i in range(n - 1, 0, -1):
    pivot_saved.append(pivot)           ->            pivot = b[i] - a[i] * w[i - 1]
    ratio_saved.append(w[i])                          .. w[i] ..

What a loop stored or read is read again where no later write reaches it; sums and products of numbers, and of what is
on a tape anyway, are computed again.  Forward and reverse loops have one range, so that the indices correspond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.analyses.regions import Access, Regions
from adgen.ir.core import Func, Op, Value
from adgen.ir.types import FLOAT, INT, Array, Ref, is_number
from adgen.ir.walk import Rebuilder, def_blocks, uses
from adgen.optimise.common import common
from adgen.optimise.tape_pairs import Tapes

CLASS = "exact"
ARITHMETIC = ("add", "sub", "mul", "div", "neg")
STEPS = {True: 3, False: 2}  # of numbers, of arrays: what may be computed again
MOST = 40  # accesses of one array: pairs are compared


def rereads(func: Func) -> Func:
    """Take values off their tapes where they can be had otherwise."""
    work = _Rereads(func)
    return common(work.func(func)) if work.gone else func


class _Rereads(Rebuilder):
    def __init__(self, func: Func) -> None:
        super().__init__()
        self.function = func
        self.regions = Regions(func)
        self.defs = self.regions.defs
        self.homes = def_blocks(func)
        tapes = Tapes(func, self.defs)
        self.paths, self.order = tapes.paths, tapes.order
        self.gone: dict[Op, None] = {}  # tapes, their pushes and pops
        self.made: dict[Op, tuple[Op, ...]] = {}  # what follows the last pop of a block
        pairs = tapes.pairs()
        self.popped = {push.operands[1]: pop for push, pop, _ in pairs}
        self.stores = self._stores()
        self.uses = uses(func)
        for push, pop, indices in pairs:
            self._replace(push, pop, indices)

    def _stores(self) -> dict[Value, list[Access]]:
        """The whole stores of each value into arrays of the function's own block."""
        out: dict[Value, list[Access]] = {}
        for root, accesses in self.regions.accesses.items():
            for access in accesses:
                op = access.op
                if op.kind == "store" and op.attrs["mode"] == "set" and len(self.regions.made.get(root, ())) == 1:
                    out.setdefault(op.operands[1], []).append(access)
        return out

    def _replace(self, push: Op, pop: Op, indices: dict[Value, Value]) -> None:
        """Decide for one tape."""
        value = push.operands[1]
        if isinstance(value.type, Ref) or not isinstance(value.type, type(FLOAT) | Array):
            return
        if value.type == INT or push.attrs.get("extent"):
            return
        block = self.paths[pop][-1].regions[0]
        last = max((k for k, op in enumerate(block.ops) if op.kind == "untape"), default=0)
        readers = [self.order.get(op, -1) for op in self.uses.get(pop.result, ()) if isinstance(op, Op)]
        if any(place <= self.order[block.ops[last]] for place in readers):
            return
        making = _Making(self, push, pop, indices)
        made = making.value(value, STEPS[is_number(value.type)], True)
        if made is None or made.type != pop.result.type or not making.ops:
            return
        *rest, final = making.ops
        if final.results[0] is not made:
            return
        hint = pop.result.hint if value.user or final.kind == "prim" else ""
        same = Value(made.type, hint, pop.result.user and bool(hint))
        self.mapping[pop.result] = same
        self.gone.update(dict.fromkeys((self.defs[push.operands[0]], push, pop)))
        self.popped.pop(value, None)
        before = self.made.get(block.ops[last], ())
        self.made[block.ops[last]] = (*before, *rest, replace(final, results=(same,)))

    def still_there(self, access: Access, root: Value) -> bool:
        """Whether no write that may follow an access reaches what it accessed."""
        every = self.regions.accesses.get(root)
        if every is None or len(every) > MOST or len(self.regions.made.get(root, ())) != 1:
            return False
        writes = [other for other in every if other.op.kind == "store"]
        return all(self.regions.apart(access, write, root) for write in writes)

    def access(self, op: Op) -> tuple[Access, Value] | None:
        """The access that an operation is, and the array."""
        root = self.regions.found.owner(op.operands[0])
        accesses = self.regions.accesses.get(root, ()) if root is not None else ()
        found = next((access for access in accesses if access.op is op), None)
        return None if found is None or root is None else (found, root)

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Drop tapes; what stands for their values follows the last pop of the block."""
        kept = () if old in self.gone else (op,)
        return (*kept, *self.made.get(old, ()))


class _Making:
    """The operations of the reverse block that make a value of the forward block again."""

    def __init__(self, work: _Rereads, push: Op, pop: Op, indices: dict[Value, Value]) -> None:
        self.work = work
        self.push = push
        self.pop = pop
        self.indices = indices
        self.ops: list[Op] = []
        self.known: dict[Value, Value] = {}
        self.steps = 0

    def value(self, value: Value, steps: int, first: bool = False) -> Value | None:
        """The value in the reverse block; None if it takes more than so many steps of arithmetic in all."""
        if value not in self.known:
            found = self._there(value) if not first else None
            if found is None:
                found = self._again(value, steps, first)
            if found is None:
                return None
            self.known[value] = found
        return self.known[value]

    def _there(self, value: Value) -> Value | None:
        """What corresponds without any work: an index, a value from before the loops, another tape's."""
        if value in self.indices:
            return self.indices[value]
        work = self.work
        if work.homes.get(value) is work.function.block:
            return value
        pop = work.popped.get(value)
        if pop is not None and pop is not self.pop and work.paths[pop] == self.work.paths[self.pop]:
            return pop.result
        return None

    def _again(self, value: Value, steps: int, first: bool) -> Value | None:
        """Read from memory, or computed again."""
        work = self.work
        for store in work.stores.get(value, ()):
            if work.paths[store.op] == work.paths[self.push] and self._fits(store.op, value):
                root = work.regions.found.owner(store.op.operands[0])
                if root is not None and work.still_there(store, root):
                    return self._load(store.op.operands[0], value.type)
        op = work.defs.get(value)
        if op is None or len(op.results) != 1:
            return None
        if op.kind == "const":
            return self._emit(op, ())
        if op.kind == "load":
            access = work.access(op)
            if access is None or not work.still_there(*access):
                return None
            return self._load(op.operands[0], value.type)
        if op.kind == "index" and isinstance(op.operands[0].type, Array):
            return self._operands(op, steps)
        if op.kind == "prim" and op.name in ARITHMETIC:
            self.steps += value.type != INT
            fits = value.type == INT or (self.steps <= steps and _is_plain(value))
            return self._operands(op, steps) if fits else None
        return None

    def _fits(self, store: Op, value: Value) -> bool:
        """Whether the slot holds just the value that was stored."""
        place = store.operands[0].type
        return isinstance(place, Ref) and place.content == value.type

    def _load(self, ref: Value, type_: object) -> Value | None:
        """The content of a place again."""
        view = self.work.defs.get(ref)
        if view is None or view.kind != "view" or view.name:
            return None
        if self.work.homes.get(view.operands[0]) is not self.work.function.block:
            return None
        places = [self.value(place, 0) for place in view.operands[1:]]
        if any(place is None for place in places):
            return None
        part = self._emit(view, (view.operands[0], *(place for place in places if place is not None)))
        assert isinstance(part.type, Ref)
        content = Value(part.type.content)
        self.ops.append(Op("load", "", (part,), (content,), span=self.pop.span, role="adjoint"))
        return content

    def _operands(self, op: Op, steps: int) -> Value | None:
        """The same operation on what corresponds to its operands."""
        operands = []
        for operand in op.operands:
            made = self.value(operand, steps)
            if made is None or made.type != operand.type:
                return None
            operands.append(made)
        return self._emit(op, operands)

    def _emit(self, op: Op, operands: Sequence[Value]) -> Value:
        result = Value(op.result.type)
        again = replace(op, operands=tuple(operands), results=(result,), role="adjoint", span=self.pop.span)
        self.ops.append(again)
        return result


def _is_plain(value: Value) -> bool:
    """A number or an array in double precision."""
    return value.type == FLOAT or (isinstance(value.type, Array) and value.type.dtype == "f8")
