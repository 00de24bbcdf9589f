"""Which memory a reference may point to: roots (allocations, parameters, tapes), classes of roots, disjoint parts.

    v = alloc x           roots: v
    w = select t, v, u    roots: v, u             v and u are one alias class from here on
    p = view w[1:-1]      roots: v, u
    a = view v[0]         disjoint(a, view v[1:]): yes

>>> from adgen.ir.build import Builder
>>> from adgen.ir.core import Func, Param, Value
>>> from adgen.ir.types import FLOAT, Array, Ref
>>> b, x = Builder(), Value(Array("f8", (3,)), "x")
>>> v = b.emit("alloc", "", (x,), Ref(x.type), "v")
>>> p = b.emit("view", "", (v, b.const(0)), Ref(FLOAT), "p", {"spec": ("i",)})
>>> roots_of(Func("f", (Param("x", x),), b.block([b.load(p)])))[p]
(%v,)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary

from adgen.analyses.paths import Step, disjoint_steps
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import ListOf, Ref, Struct, Type
from adgen.ir.walk import LOOPS, defs, walk

WRITES = ("store", "append", "pop", "push", "untape")
READS = ("load", "pop", "untape")
Roots = dict[Value, None]
_KNOWN: WeakKeyDictionary[Func, Aliases] = (
    WeakKeyDictionary()
)  # most passes ask about a function that others left alone


def holds_reference(type_: Type) -> bool:
    """Whether a value of the type is a reference, or contains one."""
    match type_:
        case Ref():
            return True
        case Struct(_, _, items):
            return any(holds_reference(item) for item in items)
        case ListOf(item):
            return holds_reference(item)
    return False


def roots_of(func: Func) -> dict[Value, tuple[Value, ...]]:
    """The roots that each value that is or holds a reference may reach."""
    return aliases(func).roots


def aliases(func: Func) -> Aliases:
    """All facts of this module about a function; found once for each."""
    known = _KNOWN.get(func)
    if known is None:
        flow = _Flow(func)
        while flow.step():
            pass
        known = _KNOWN[func] = Aliases(func, {value: tuple(roots) for value, roots in flow.roots.items()})
    return known


class Aliases:
    """Roots of references, and questions about who may write what."""

    def __init__(self, func: Func, roots: dict[Value, tuple[Value, ...]]) -> None:
        self.roots = roots
        self._defs = defs(func)
        self._class: dict[Value, Value] = {}
        self._writes: dict[Op, tuple[Value, ...]] = {}
        for found in roots.values():
            for root in found:
                self._join(found[0], root)

    def _join(self, first: Value, second: Value) -> None:
        """Two roots belong to one class from now on."""
        one, other = self.class_of(first), self.class_of(second)
        if one is not other:
            self._class[other] = one

    def class_of(self, root: Value) -> Value:
        """The root that stands for all roots that some reference may share with this one."""
        while root in self._class:
            root = self._class[root]
        return root

    def may_alias(self, first: Value, second: Value) -> bool:
        """Whether two references may reach the same memory."""
        others = dict.fromkeys(self.roots.get(second, ()))
        shared = any(root in others for root in self.roots.get(first, ()))
        return shared and not self.disjoint(first, second)

    def owner(self, ref: Value) -> Value | None:
        """The only root of a reference, None if there may be several."""
        roots = self.roots.get(ref, ())
        return roots[0] if len(roots) == 1 else None

    def disjoint(self, first: Value, second: Value) -> bool:
        """Whether two references are parts of one root that constant paths prove to be disjoint."""
        root, path = self._path(first)
        root2, path2 = self._path(second)
        if root is not root2:
            return False
        for step, step2 in zip(path, path2, strict=False):
            if step != step2:
                return disjoint_steps(step, step2)
        return False

    def _path(self, ref: Value) -> tuple[Value, list[Step]]:
        """Where a reference's chain of views begins, and the steps from there."""
        steps: list[Step] = []
        op = self._defs.get(ref)
        while op is not None and op.kind == "view":
            steps.insert(0, Step.of(op, self._defs))
            ref = op.operands[0]
            op = self._defs.get(ref)
        return ref, steps

    def writes(self, op: Op) -> tuple[Value, ...]:
        """The roots that an operation, or anything in its regions, may write."""
        if op not in self._writes:
            found: Roots = {}
            if op.kind in WRITES:
                found.update(dict.fromkeys(self.roots.get(op.operands[0], ())))
            if op.kind == "call":
                for operand in op.operands:
                    found.update(dict.fromkeys(self.roots.get(operand, ())))
            for region in op.regions:
                for inner in region.ops:
                    found.update(dict.fromkeys(self.writes(inner)))
            self._writes[op] = tuple(found)
        return self._writes[op]

    def may_write(self, where: Op | Block | Sequence[Op], ref: Value) -> bool:
        """Whether an operation, a block or some operations may write memory that a reference reaches."""
        return bool(self.writers(where, ref))

    def writers(self, where: Op | Block | Sequence[Op], ref: Value) -> list[Op]:
        """The operations there (not inside them) that may write memory that a reference reaches."""
        ops: Iterable[Op] = (where,) if isinstance(where, Op) else where.ops if isinstance(where, Block) else where
        roots = dict.fromkeys(self.roots.get(ref, ()))
        found = []
        for op in ops:
            if any(root in roots for root in self.writes(op)):
                if op.kind != "store" or not self.disjoint(op.operands[0], ref):
                    found.append(op)
        return found

    def stores_between(self, block: Block, start: int, stop: int, ref: Value) -> list[Op]:
        """The operations of a block from position `start` to before `stop` that may write what a reference reaches."""
        return self.writers(block.ops[start:stop], ref)


def _hands_on(op: Op) -> bool:
    """Whether an operation can change what is known of references: most, on plain values, cannot."""
    if op.kind == "call":
        return True
    for value in op.operands[1:] if op.kind in ("store", "append", "push") else op.results:
        if holds_reference(value.type):
            return True
    return op.kind in LOOPS and any(holds_reference(param.type) for param in op.regions[0].params)


class _Flow:
    """The fixed point: roots of values, and roots of what is kept in the memory of a root."""

    def __init__(self, func: Func) -> None:
        self.ops = [op for op in walk(func.block) if _hands_on(op)]
        self.roots: dict[Value, Roots] = {}
        self.contents: dict[Value, Roots] = {}
        self.changed = False
        for param in func.params:
            if holds_reference(param.value.type):
                self.roots[param.value] = {param.value: None}

    def step(self) -> bool:
        """One round over all operations; whether anything was new."""
        self.changed = False
        for op in self.ops:
            self.visit(op)
        return self.changed

    def add(self, value: Value, more: Iterable[Value]) -> None:
        """A value may reach these roots too."""
        if holds_reference(value.type):
            self._merge(self.roots.setdefault(value, {}), more)

    def keep(self, container: Value, item: Value) -> None:
        """The memory that `container` reaches keeps `item`."""
        for root in list(self.roots.get(container, ())):
            self._merge(self.contents.setdefault(root, {}), self.roots.get(item, {}))

    def _merge(self, into: Roots, more: Iterable[Value]) -> None:
        for root in list(more):
            if root not in into:
                into[root] = None
                self.changed = True

    def kept(self, container: Value) -> list[Value]:
        """The roots that are kept in the memory that `container` reaches."""
        return [kept for root in self.roots.get(container, {}) for kept in self.contents.get(root, {})]

    def visit(self, op: Op) -> None:
        """What one operation makes of roots."""
        match op.kind:
            case "alloc" | "tape":
                self.add(op.result, [op.result])
                for operand in op.operands:
                    self.keep(op.result, operand)
            case "load" | "pop" | "untape":
                self.add(op.result, self.kept(op.operands[0]))
            case "store" | "append" | "push":
                self.keep(*op.operands)
            case "if":
                for region in op.regions:
                    self.flow(region.yields, op.results)
            case "for" | "while":
                self.loop(op)
            case "call":
                self.call(op)
            case _:
                for result in op.results:
                    reached = [root for operand in op.operands for root in self.roots.get(operand, {})]
                    self.add(result, reached or [result])

    def flow(self, source: Sequence[Value], target: Sequence[Value]) -> None:
        """Each target may be what its source is."""
        for given, taken in zip(source, target, strict=True):
            self.add(taken, self.roots.get(given, {}))

    def loop(self, op: Op) -> None:
        """What a loop carries."""
        inits = op.operands[3:] if op.kind == "for" else op.operands
        body = op.regions[0]
        params = body.params[1:] if op.kind == "for" else body.params
        for source in (inits, body.yields[1:]):
            self.flow(source, params)
            self.flow(source, op.results[2:])

    def call(self, op: Op) -> None:
        """A function may keep any argument in any other, and return one or something new."""
        for operand in op.operands:
            for other in op.operands:
                self.keep(operand, other)
            for result in op.results:
                self.add(result, list(self.roots.get(operand, {})) + self.kept(operand))
        for result in op.results:
            self.add(result, [result])
