"""A reverse loop that does something only where it pops a tape runs over the tape itself (exact).

    for i in range(trips - 1, -1, -1):            for y in reversed(y_saved):
        if not i % 3 == 2:                 ->         h_bar += y_bar * np.sin(y)
            y = y_saved.pop()
            h_bar += y_bar * np.sin(y)

Every push has its pop, in reverse order.  If the tape is pushed and popped at one place each, and the loop changes
nothing in the passes that do not pop, one pass for each element, last first, does the same: no trip count, no test.
A loop that needs its index only to find the key of a dict runs over the keys, last first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import INT, ListOf, Ref
from adgen.ir.walk import LOOPS, Rebuilder, walk

CLASS = "exact"
EFFECTS = ("store", "append", "pop", "push", "effect")


def tape_loops(func: Func) -> Func:
    """Rewrite every such loop that is in no other loop."""
    return _TapeLoops(func).func(func)


class _TapeLoops(Rebuilder):
    def __init__(self, func: Func) -> None:
        super().__init__()
        self.depth = 0
        self.touched: dict[Value, list[Op]] = {}
        self.made = {op.result: op for op in walk(func.block) if op.name == "dict_keys"}
        self.loops = [op for op in walk(func.block) if op.kind in LOOPS]
        for op in walk(func.block):
            if op.operands and isinstance(op.operands[0].type, Ref):
                self.touched.setdefault(op.operands[0], []).append(op)

    def enter(self, owner: Op, region: Block) -> None:
        """Count the loops around."""
        self.depth += owner.kind in LOOPS

    def leave(self, owner: Op, region: Block) -> None:
        """Count the loops around."""
        self.depth -= owner.kind in LOOPS

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Rewrite one loop."""
        if op.kind != "for" or op.role != "adjoint" or self.depth or not op.attrs.get("reversed"):
            return (op,)
        body = op.regions[0]
        read = self._key(op)
        if read is not None:
            rest = (inner for inner in body.ops if inner is not read)
            return (replace(op, regions=(replace(body, ops=(read, *rest)),), attrs={**op.attrs, "iterates": 1}),)
        core = _core(body, body.params[1:])
        if core is None:
            return (op,)
        ops, yields = core
        first = next((k for k, inner in enumerate(ops) if inner.kind == "untape"), None)
        if (
            first is None
            or any(inner.kind != "const" for inner in ops[:first])
            or not self._single(ops[first].operands[0])
        ):
            return (op,)
        if ops == list(body.ops) and sum(inner.kind == "untape" for inner in ops) > 1 and self._is_known(op):
            return (op,)  # several tapes and a plain range: popping all of them alike reads better
        inside = Block((), tuple(ops), tuple(yields))
        kept = dict.fromkeys(walk(inside))  # the rest goes, at every depth: what the core shares with a test around it
        gone = dict.fromkeys(result for inner in walk(body) if inner not in kept for result in inner.results)
        if any(value in gone or value is body.params[0] for value in _reads(inside)):
            return (op,)
        return self._over_tape(op, ops, yields, first)

    def _key(self, op: Op) -> Op | None:
        """The read of the key, where the loop needs no more of its index: `for k in reversed(keys)`."""
        body = op.regions[0]
        users = [inner for inner in walk(body) if body.params[0] in inner.operands]
        if len(users) != 1 or users[0] not in body.ops or body.params[0] in _reads(Block((), (), body.yields)):
            return None
        made = self.made.get(users[0].operands[0]) if users[0].kind == "index" else None
        return users[0] if made is not None and made.name == "dict_keys" else None

    def _is_known(self, op: Op) -> bool:
        """Whether the trip count needs no counter."""
        return all(op.operands[1] not in loop.results[:1] for loop in self.loops)

    def _single(self, tape: Value) -> bool:
        """Whether the tape is pushed at one place and popped at one place, and nothing else reads it."""
        kinds = sorted(op.kind for op in self.touched.get(tape, []))
        return kinds == ["push", "untape"]

    def _over_tape(self, op: Op, ops: Sequence[Op], yields: Sequence[Value], first: int) -> Sequence[Op]:
        pop = ops[first]
        builder = Builder("adjoint", op.span)
        content = builder.load(pop.operands[0])
        assert isinstance(content.type, ListOf)
        count = builder.emit("prim", "len", (content,), INT, attrs={"args": ("x",)})
        zero, one = builder.const(0), builder.const(1)
        index = Value(INT, "k")
        read = replace(pop, kind="index", operands=(content, index), attrs={"spec": ("i",)})
        stop = op.regions[0].yields[0]
        flag = Op("const", "", (), (stop,), attrs={"value": False, "text": "False"}, role="adjoint")
        rest = [inner for inner in ops if inner is not pop]
        if all(stop not in inner.results for inner in rest):
            rest.append(flag)
        block = Block((index, *op.regions[0].params[1:]), (read, *rest), (stop, *yields))
        attrs = {"can_stop": False, "reversed": True, "iterates": 1}
        operands = (zero, count, one, *op.operands[3:])
        return [*builder.ops, replace(op, operands=operands, regions=(block,), attrs=attrs)]


def _core(body: Block, carried: Sequence[Value]) -> tuple[list[Op], list[Value]] | None:
    """The operations of the passes that do something, without the tests that lead there; what they yield."""
    ops, yields = list(body.ops), list(body.yields[1:])
    while True:
        if any(op.kind == "untape" for op in ops):
            return ops, yields
        steps = [op for op in ops if op.kind != "const"]
        if not steps or steps[-1].kind != "if" or any(op.regions or op.kind in EFFECTS for op in steps[:-1]):
            return None
        test = steps[-1]
        for idle, active in ((0, 1), (1, 0)):
            if _idle(test, idle, yields, carried):
                inner = test.regions[active]
                given = dict(zip(test.results, inner.yields, strict=True))
                yields = [given.get(value, value) for value in yields]
                ops = list(inner.ops)
                break
        else:
            return None


def _idle(test: Op, side: int, yields: Sequence[Value], carried: Sequence[Value]) -> bool:
    """Whether a branch leaves everything as it was."""
    region = test.regions[side]
    if any(op.kind != "const" for op in region.ops):
        return False
    given = dict(zip(test.results, region.yields, strict=True))
    return all(given.get(value, value) is param for value, param in zip(yields, carried, strict=True))


def _reads(block: Block) -> list[Value]:
    found = list(block.yields)
    for op in walk(block):
        found += op.operands
        for region in op.regions:
            found += region.yields
    return found
