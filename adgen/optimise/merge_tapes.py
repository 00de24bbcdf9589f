"""Tapes that are pushed side by side and popped side by side become one tape of tuples (exact).

    y_saved.append(y)                      saved.append((y, z))
    z_saved.append(z)             ->       ..
    ..                                     y, z = saved.pop()
    z = z_saved.pop()
    y = y_saved.pop()

One append and one pop an iteration cost half of two; small numbers on a list of tuples are cheaper than on an array.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import ListOf, Ref, Struct
from adgen.ir.walk import Rebuilder, blocks, walk

CLASS = "exact"
EFFECTS = ("store", "append", "pop", "effect")


@dataclass(frozen=True)
class _Group:
    """Tapes to be merged: their pushes and pops, in the order of the pushes; the new tape."""

    pushes: tuple[Op, ...]
    pops: tuple[Op, ...]
    tape: Value


def merge_tapes(func: Func) -> Func:
    """Merge all that stand side by side."""
    groups = _groups(func)
    return _Merger(groups).func(func) if groups else func


def _groups(func: Func) -> list[_Group]:
    touched: dict[Value, list[tuple[Op, Block]]] = {}
    made: dict[Value, Block] = {}
    for block in blocks(func.block):
        for op in block.ops:
            if op.kind == "tape":
                made[op.result] = block
            elif op.operands and op.operands[0] in made:
                touched.setdefault(op.operands[0], []).append((op, block))
    pairs: dict[tuple[Block, Block, Block, int, int], list[tuple[Op, Op]]] = {}
    for tape, ops in touched.items():
        if sorted(op.kind for op, _ in ops) != ["push", "untape"]:
            continue
        (push, here), (pop, there) = sorted(ops, key=lambda pair: pair[0].kind)
        if not push.attrs.get("copy") and not isinstance(push.operands[1].type, Ref):
            key = (made[tape], here, there, _stretch(here, push), _stretch(there, pop))
            pairs.setdefault(key, []).append((push, pop))
    return [_group(cluster) for (_, here, *_), members in pairs.items() for cluster in _clusters(here, members)]


def _clusters(block: Block, members: list[tuple[Op, Op]]) -> Iterator[list[tuple[Op, Op]]]:
    """Pushes in their order, cut where a pushed variable would get a new value before the last push of its cluster."""
    members.sort(key=lambda pair: block.ops.index(pair[0]))
    cluster: list[tuple[Op, Op]] = []
    for push, pop in members:
        place = block.ops.index(push)
        if any(_rebound(block.ops[block.ops.index(first) : place], first) for first, _ in cluster):
            yield from [cluster] if len(cluster) > 1 else []
            cluster = []
        cluster.append((push, pop))
    yield from [cluster] if len(cluster) > 1 else []


def _rebound(between: Sequence[Op], push: Op) -> bool:
    """Whether the pushed variable gets a new value there: pushing it later would need a second name."""
    hint = push.operands[1].hint
    return bool(hint) and any(
        result.hint == hint for op in between for inner in (op, *_inside(op)) for result in inner.results
    )


def _inside(op: Op) -> Iterator[Op]:
    return (inner for region in op.regions for inner in walk(region))


def _group(members: Sequence[tuple[Op, Op]]) -> _Group:
    types = tuple(push.operands[1].type for push, _ in members)
    item = Struct("tuple", tuple(str(k) for k in range(len(types))), types)
    pushes, pops = zip(*members, strict=True)
    return _Group(pushes, pops, Value(Ref(ListOf(item)), "saved"))


def _stretch(block: Block, op: Op) -> int:
    """How many operations with an effect, or with regions, stand before the operation in its block.

    A branch without effects does not count: what is pushed before it may as well wait for its end.
    """
    return sum(_parts(other) for other in block.ops[: block.ops.index(op)])


def _parts(op: Op) -> bool:
    """Whether what stands before an operation and what stands behind it are kept apart."""
    if op.kind == "if":
        return any(inner.kind in (*EFFECTS, "for", "while", "push", "untape", "call") for inner in _inside(op))
    return op.kind in EFFECTS or bool(op.regions)


class _Merger(Rebuilder):
    def __init__(self, groups: Sequence[_Group]) -> None:
        super().__init__()
        self.push = {push: group for group in groups for push in group.pushes}
        self.pop = {pop: group for group in groups for pop in group.pops}
        self.first_tape = {group.pushes[0].operands[0]: group for group in groups}
        self.tapes = {push.operands[0] for group in groups for push in group.pushes}
        self.popped: set[Value] = set()

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Replace tapes, pushes and pops of a group by one each."""
        if op.kind == "tape" and op.result in self.tapes:
            group = self.first_tape.get(op.result)
            return [] if group is None else [replace(op, results=(group.tape,))]
        if old in self.push:
            return self._pushed(op, old, self.push[old])
        if old in self.pop:
            return self._popped(op, self.pop[old])
        return (op,)

    def _pushed(self, op: Op, old: Op, group: _Group) -> Sequence[Op]:
        if old is not group.pushes[-1]:
            return []
        assert isinstance(group.tape.type, Ref) and isinstance(group.tape.type.content, ListOf)
        items = tuple(push.operands[1] for push in group.pushes)
        pair = Value(group.tape.type.content.item)
        pack = Op("pack", "", items, (pair,), span=op.span, role="save")
        return [pack, replace(op, operands=(group.tape, pair), attrs={"copy": False})]

    def _popped(self, op: Op, group: _Group) -> Sequence[Op]:
        if group.tape in self.popped:
            return []
        self.popped.add(group.tape)
        assert isinstance(group.tape.type, Ref) and isinstance(group.tape.type.content, ListOf)
        pair = Value(group.tape.type.content.item)
        items = [replace(pop, kind="item", operands=(pair,), attrs={"slot": k}) for k, pop in enumerate(group.pops)]
        return [replace(op, operands=(group.tape,), results=(pair,)), *items]
