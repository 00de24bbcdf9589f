"""What each pass of an inner loop kept is computed again from what one pass of the outer loop keeps.  Real.

    for t in range(steps):                        for t in range(steps):
        for i in range(n):                            x_saved.append(x.copy())
            d = x - x[i]                              for i in range(n):
            d_saved.append(d)             ->              d = x - x[i]
            ..                                            ..
        x += h * v                                    x += h * v
    ..                                            ..
            d = d_saved.pop()                             d = x - x[i]

Only arithmetic, roots and sums are repeated, few in all; for each array that is kept outside, one at least as large
goes from the tapes of the inner loop, and memory is kept only where the loop inside does not write to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from adgen.analyses.regions import Regions
from adgen.ir.core import Func, Op, Value
from adgen.ir.types import FLOAT, INT, Array, ListOf, Ref, Sym, Type
from adgen.ir.walk import Rebuilder, def_blocks, uses
from adgen.optimise.algebra import algebra
from adgen.optimise.common import common
from adgen.optimise.dead_code import dead_code
from adgen.optimise.facts import exact
from adgen.optimise.tape_pairs import Pair, Tapes
from adgen.optimise.twin_tapes import twin_tapes
from adgen.rules.views import MAY_ALIAS

CLASS = "real"
STEPS = ("add", "sub", "mul", "div", "neg", "np.sqrt", "np.square", "np.abs", "abs", "np.sum")
WAYS = ("np.expand_dims", "attr.T")  # the same numbers in another shape
NUMBERS = (FLOAT, Array("f8", ()))
MOST = 6  # steps that the reverse loop repeats
EVERYWHERE = -1  # memory that nothing is written to once the outermost loop has begun
Path = tuple[Op, ...]


def outer_tapes(func: Func) -> Func:
    """Keep what outer loops have in place of what inner loops make of it."""
    work = _Work(func)
    return dead_code(common(algebra(twin_tapes(work.func(func))))) if work.gone else func


class _Work(Rebuilder):
    def __init__(self, func: Func) -> None:
        super().__init__()
        self.function = func
        self.tapes = Tapes(func, {})
        self.gone: dict[Op, None] = {}  # tapes, their pushes and pops
        self.before: dict[Op, tuple[Op, ...]] = {}  # what comes before an operation
        self.after: dict[Op, tuple[Op, ...]] = {}  # what follows it
        if not any(op.kind == "untape" and len(path) > 1 for op, path in self.tapes.paths.items()):
            return
        self.regions = Regions(func)
        self.defs = self.regions.defs
        self.tapes.defs = self.defs
        self.homes = def_blocks(func)
        self.uses = uses(func)
        self.pairs = self.tapes.pairs()
        groups: dict[tuple[Path, Path], list[Pair]] = {}
        for pair in self.pairs:
            paths = self.tapes.paths[pair.push], self.tapes.paths[pair.pop]
            if len(paths[0]) > 1:
                groups.setdefault(paths, []).append(pair)
        for (forward, back), pairs in groups.items():
            self._replace(forward, back, pairs)

    def _replace(self, forward: Path, back: Path, pairs: Sequence[Pair]) -> None:
        """Decide for the tapes of one inner loop: of arrays first, then of numbers that need no more than is there."""
        making = _Making(self, forward, back, pairs)
        pairs = [pair for pair in making.pairs if self._is_candidate(making, pair)]
        removed = [pair for pair in pairs if _is_plain(pair.pop.result.type) and making.again(pair)]
        kept = [leaf for leaf in making.leaves if leaf.pop is None]
        if not removed or not _pays(kept, [pair.pop.result.type for pair in removed]):
            return
        making = _Making(self, forward, back, making.pairs, making.leaves)
        removed = [pair for pair in pairs if making.again(pair)]
        for pair in removed:
            self.gone.update(dict.fromkeys((self.defs[pair.push.operands[0]], pair.push, pair.pop)))
            self.mapping[pair.pop.result] = making.known[pair.push.operands[1]]
        last = making.last
        self.after[last] = (*self.after.get(last, ()), *making.ops)
        made = self.defs[removed[0].push.operands[0]]
        for leaf in kept:
            self._keep(making, leaf, made)

    def _keep(self, making: _Making, leaf: _Leaf, made: Op) -> None:
        """A tape for what an outer loop has: pushed before the inner loop, popped first."""
        inner, around = making.forward[leaf.level + 1], making.back[leaf.level].regions[0]
        tape = Value(Ref(ListOf(leaf.value.type)), f"{leaf.value.hint}_saved" if leaf.value.hint else "saved")
        value, ops = leaf.source, []
        if isinstance(value.type, Ref):
            value = Value(leaf.value.type, leaf.value.hint)
            ops.append(Op("load", "", (leaf.source,), (value,), role="save"))
        ops.append(Op("push", "", (tape, value), (), (), {"copy": leaf.copy}, role="save"))
        self.after[made] = (*self.after.get(made, ()), Op("tape", "", (), (tape,), role="save"))
        self.before[inner] = (*self.before.get(inner, ()), *ops)
        pop = Op("untape", "", (tape,), (leaf.value,), role="adjoint")
        self.before[around.ops[0]] = (*self.before.get(around.ops[0], ()), pop)

    def _is_candidate(self, making: _Making, pair: Pair) -> bool:
        """Whether a tape holds arrays that nobody reads before the last pop of the reverse pass."""
        readers = [self.tapes.order[op] for op in self.uses.get(pair.pop.result, ()) if isinstance(op, Op)]
        late = all(place > self.tapes.order[making.last] for place in readers)
        type_ = pair.push.operands[1].type
        return late and (_is_plain(type_) or type_ in NUMBERS) and not pair.push.attrs.get("extent")

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Drop tapes; place what stands for them."""
        kept = () if old in self.gone else (op,)
        return (*self.before.get(old, ()), *kept, *self.after.get(old, ()))


def _is_plain(type_: Type) -> bool:
    """An array in double precision, of one axis or more, all known."""
    return isinstance(type_, Array) and type_.dtype == "f8" and bool(type_.shape) and exact(type_)


def _pays(kept: Sequence[_Leaf], removed: Sequence[Type]) -> bool:
    """Whether for each value that is kept outside one of its shape, or with more axes, goes from the inner loop."""
    left = [Counter(_dims(type_)) for type_ in removed]
    for leaf in sorted(kept, key=lambda leaf: -len(_dims(leaf.value.type))):
        mine = Counter(_dims(leaf.value.type))
        fitting = [dims for dims in left if mine <= dims]
        if not fitting:
            return False
        left.remove(min(fitting, key=Counter.total))
    return True


def _dims(type_: Type) -> list[object]:
    """Sizes by name: `n - 1` is as large as `n`."""
    shape = type_.shape or () if isinstance(type_, Array) else ()
    return [dim.name if isinstance(dim, Sym) else dim for dim in shape]


class _Leaf:
    """What an outer loop has when the inner one begins: a value, or the content of memory (`source`)."""

    def __init__(self, source: Value, value: Value, level: int, copy: bool, pop: Op | None) -> None:
        self.source = source
        self.value = value  # in the reverse sweep
        self.level = level  # of the loop whose passes have it each
        self.copy = copy
        self.pop = pop  # it is on a tape anyway


class _Making:
    """The operations of the reverse pass that make what the forward pass of the inner loop pushed."""

    def __init__(
        self, work: _Work, forward: Path, back: Path, pairs: Sequence[Pair], leaves: Sequence[_Leaf] | None = None
    ) -> None:
        self.work = work
        self.given = leaves  # nothing else may be kept outside
        self.forward = forward
        self.back = back
        order, defs = work.tapes.order, work.defs
        made = {pair.push: defs.get(pair.push.operands[1]) for pair in pairs}
        self.pairs = sorted(pairs, key=lambda pair: order[op] if (op := made[pair.push]) is not None else -1)
        self.indices = pairs[0].indices
        self.last = [op for op in back[-1].regions[0].ops if op.kind == "untape"][-1]
        self.popped = {pair.push.operands[1]: pair.pop.result for pair in pairs if not pair.push.attrs.get("extent")}
        self.ops: list[Op] = []
        self.known: dict[Value, Value] = {}
        self.leaves: list[_Leaf] = []
        self.steps = 0
        self.most = MOST
        self.asked: Value | None = None

    def again(self, pair: Pair) -> bool:
        """Whether few steps more make what a tape has; they are noted."""
        before = list(self.ops), dict(self.known), list(self.leaves), self.steps
        value, result = pair.push.operands[1], pair.pop.result
        self.asked = value
        self.most = MOST if _is_plain(value.type) else self.steps
        if self._value(value) is not None and self.ops and self.ops[-1].result is self.known[value]:
            same = Value(value.type, result.hint, result.user)
            self.ops[-1] = replace(self.ops[-1], results=(same,))
            self.known[value] = same
            return True
        self.ops, self.known, self.leaves, self.steps = before
        return False

    def _value(self, value: Value) -> Value | None:
        """The value in the reverse pass."""
        if value not in self.known:
            found = self._there(value) or self._again(value)
            if found is None or found.type != value.type:
                return None
            self.known[value] = found
        return self.known[value]

    def _there(self, value: Value) -> Value | None:
        """What corresponds without any work."""
        home = self.work.homes.get(value)
        if value in self.indices:
            return self.indices[value]
        if home is self.work.function.block and not isinstance(value.type, Ref):
            return value
        if value in self.popped and value is not self.asked:
            return self.popped[value]
        level = next((k for k, loop in enumerate(self.forward[:-1]) if loop.regions[0] is home), None)
        if level is None or not (_is_plain(value.type) or value.type in NUMBERS):
            return None
        return self._leaf(value, value.type, level, value.type not in NUMBERS and not self._is_fresh(value, level))

    def _is_fresh(self, value: Value, level: int) -> bool:
        """Whether the value is an array that nothing writes to: computed, or handed on by passes that compute it."""
        loop = self.forward[level]
        body = loop.regions[0]
        if value not in body.params:
            return self._is_computed(value)
        slot = body.params.index(value)
        return self._is_computed(loop.operands[2 + slot]) and self._is_computed(body.yields[slot])

    def _is_computed(self, value: Value) -> bool:
        op = self.work.defs.get(value)
        if op is None:
            return any(param.value is value for param in self.work.function.params)
        return op.kind == "prim" and op.name not in MAY_ALIAS

    def _leaf(self, source: Value, type_: Type, level: int, copy: bool) -> Value | None:
        """What a pass of an outer loop has, and keeps for the reverse pass."""
        found = next((leaf for leaf in self.leaves if leaf.source is source and leaf.level == level), None)
        if found is None and self.given is not None:
            found = next((leaf for leaf in self.given if leaf.source is source and leaf.level == level), None)
            if found is None:
                return None
            self.leaves.append(found)
        if found is None:
            pop = None if isinstance(source.type, Ref) else self._on_tape(source, level)
            value = Value(type_, source.hint, True) if pop is None else pop.result
            found = _Leaf(source, value, level, copy, pop)
            self.leaves.append(found)
        return found.value

    def _on_tape(self, value: Value, level: int) -> Op | None:
        """The pop that gives the value of the outer pass back anyway, before the inner loop."""
        work, paths = self.work, self.work.tapes.paths
        for push, pop, _ in work.pairs:
            if push.operands[1] is value and not push.attrs.get("extent") and push not in work.gone:
                same = paths[push] == self.forward[: level + 1] and paths[pop] == self.back[: level + 1]
                if same and work.tapes.order[pop] < work.tapes.order[self.back[level + 1]]:
                    return pop
        return None

    def _again(self, value: Value) -> Value | None:
        """Computed again."""
        op = self.work.defs.get(value)
        if op is None or len(op.results) != 1 or self.work.homes.get(value) is not self.forward[-1].regions[0]:
            return None
        if op.kind == "const":
            return self._emit(op, ())
        if op.kind == "load":
            return self._loaded(op)
        if op.kind == "index" and _is_plain(op.operands[0].type):
            return self._operands(op) if all(where.type == INT for where in op.operands[1:]) else None
        if op.kind != "prim" or not (op.name in (*STEPS, *WAYS) or value.type == INT):
            return None
        if value.type == INT:
            return self._operands(op) if op.name in ("add", "sub", "mul", "neg") else None
        self.steps += op.name in STEPS
        fits = self.steps <= self.most and (_is_plain(value.type) or value.type in NUMBERS)
        return self._operands(op) if fits else None

    def _loaded(self, load: Op) -> Value | None:
        """A read of memory that the inner loop does not write to: of what it held before that loop."""
        work, ref = self.work, load.operands[0]
        view = work.defs.get(ref)
        if view is None or view.name or view.kind not in ("view", "alloc"):
            return None
        root = view.operands[0] if view.kind == "view" else ref
        level = self._level(root, load)
        if level is None or not isinstance(root.type, Ref):
            return None
        if not all(where.type == INT for where in view.operands[1:]):
            return None
        places = [self._value(place) for place in view.operands[1:]] if view.kind == "view" else []
        if any(place is None for place in places):
            return None
        known = [place for place in places if place is not None]
        if level == EVERYWHERE:
            part = replace(view, operands=(root, *known), results=(Value(ref.type),), role="adjoint", span=None)
            self.ops += [part] if view.kind == "view" else []
            again = replace(load, operands=(part.result if view.kind == "view" else ref,))
        else:
            whole = self._leaf(root, root.type.content, level, True)
            if view.kind == "alloc" or whole is None:
                return whole
            again = Op("index", "", (whole, *known), load.results, attrs=view.attrs)
        self.ops.append(replace(again, results=(Value(load.result.type),), role="adjoint", span=None))
        return self.ops[-1].result

    def _level(self, root: Value, load: Op) -> int | None:
        """The outermost loop in whose passes nothing is written to an array once the loop inside it has begun."""
        regions = self.work.regions
        accesses, made = regions.accesses.get(root), self.work.defs.get(root)
        if accesses is None or made is None or made.kind != "alloc" or len(regions.made.get(root, ())) != 1:
            return None
        if not isinstance(root.type, Ref) or not _is_plain(root.type.content):
            return None
        stores = [access.path for access in accesses if access.op.kind == "store"]
        if all(self.work.tapes.order[path[0]] < self.work.tapes.order[self.forward[0]] for path in stores):
            return EVERYWHERE
        for level, inner in enumerate(self.forward[1:]):
            if not any(inner in path for path in stores):
                return level
        return None

    def _operands(self, op: Op) -> Value | None:
        """The same operation on what corresponds to its operands."""
        operands = [self._value(operand) for operand in op.operands]
        if any(operand is None for operand in operands):
            return None
        return self._emit(op, [operand for operand in operands if operand is not None])

    def _emit(self, op: Op, operands: Sequence[Value]) -> Value:
        result = Value(op.result.type, op.result.hint)
        self.ops.append(replace(op, operands=tuple(operands), results=(result,), role="adjoint", span=None))
        return result
