"""Saves: make every use of a primal value in the reverse sweep legal, at the least cost.

    for i in range(n):                     y_saved = []
        y = y * x                          for i in range(n):
    ..                                         y_saved.append(y)
    for i in reversed(range(n)):    ->         y = y * x
        x_bar += y * y_bar                 ..
                                           for i in reversed(range(n)):
                                               y = y_saved.pop()
                                               x_bar += y * y_bar

A value outside all loops is alive still and costs nothing.  A value of a loop iteration is, in this order: the loop's
index; an item that the reverse sweep takes back from a list; recomputed, if cheap from what is at hand; saved on a
tape, pushed where all paths that need it begin and popped first in every reverse block that mirrors that place.
"""

from __future__ import annotations

from collections.abc import Iterator

from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import Array
from adgen.ir.walk import FIXED_RESULTS, LOOPS, parents, walk
from adgen.transforms.reverse import Reversed
from adgen.transforms.saves_facts import EXTENTS, ZEROS, Chain, Decisions, Handed, Save, Use
from adgen.transforms.saves_live import Marks

ARITHMETIC = ("add", "sub", "mul", "div", "neg")  # of numbers: repeated at the cost of a place on a tape


def decide(reversed_: Reversed) -> Decisions:
    """Decide for every primal value used in the reverse sweep, to a fixed point with what is live."""
    func, plan = reversed_.func, reversed_.plan
    forward = len(plan.func.block.ops)
    marks = Marks(func.block.ops[forward:], func.block.yields, plan.home)
    found = Decisions(plan, marks, forward, owner=parents(plan.func))
    found.order = {op: k for k, op in enumerate(walk(plan.func.block))}
    _note_blocks(plan.func.block, found.blocks)
    _note_places(func.block, forward, (), found.places)
    while True:
        found.saves.clear()
        found.handed.clear()
        uses = list(_uses(found, func.block, (func.block,), forward))
        _choose(found, uses)
        counts = list(_counts(found, uses))
        if counts:
            uses += counts
            _choose(found, uses)
        if not marks.keep([*_needed(found, func), *_taken_back(found, uses), *_index_ops(found, uses)]):
            return found


def _note_blocks(block: Block, into: dict[Op, Block]) -> None:
    for op in block.ops:
        into[op] = block
        for region in op.regions:
            _note_blocks(region, into)


def _note_places(
    block: Block, first: int, path: tuple[tuple[Block, int], ...], into: dict[Op, tuple[tuple[Block, int], ...]]
) -> None:
    for k, op in enumerate(block.ops[first:], first):
        into[op] = (*path, (block, k))
        for region in op.regions:
            _note_places(region, 0, into[op], into)


def _uses(found: Decisions, block: Block, chain: Chain, first: int) -> Iterator[Use]:
    for k, op in enumerate(block.ops[first:], first):
        if op not in found.marks.live:
            continue
        for value in found.marks.reads(op):
            if value in found.plan.home:
                yield Use(value, chain, k, op)
        for r, region in enumerate(op.regions):
            yield from _uses(found, region, (*chain, region), 0)
            for value in found.marks.yields(op, r, region):
                if value in found.plan.home:
                    yield Use(value, (*chain, region), len(region.ops), None)


def _choose(found: Decisions, uses: list[Use]) -> None:
    """First what cannot be recomputed at all is saved; then the rest, which may be cheap from those."""
    pending: dict[Value, list[Use]] = {}
    for use in uses:
        if not found.at_hand(use.value, use):
            pending.setdefault(use.value, []).append(use)
    for value, where in _sources(found, pending):
        found.saves[value] = Save(value, found.place(value, where), False, _why(where[0]))
    for value in sorted(pending, key=lambda v: (_softness(found, v, pending[v][0]), _defined(found, v))):
        rest = [use for use in uses if use.value is value and not found.at_hand(value, use)]
        if rest:
            everywhere = [use for use in uses if use.value is value]
            why = _why(rest[0])
            found.saves[value] = Save(value, found.place(value, everywhere), found.needs_copy(value), why)
    for value in list(found.saves):
        handed = _handed(found, value, [use for use in uses if use.value is value])
        if handed is not None:
            del found.saves[value]
            found.handed[value] = handed
    _widen(found, uses)


def _sources(found: Decisions, pending: dict[Value, list[Use]]) -> Iterator[tuple[Value, list[Use]]]:
    """Numbers from which several that are needed follow by one operation each: one number on the tape, not many.

    saved.append((0.01 * x, 1.0 - x))      saved.append(x)
    """
    groups: dict[Value, list[Value]] = {}
    for value, uses in pending.items():
        op = found.plan.defs.get(value)
        if op is None or op.kind != "prim" or op.name not in ARITHMETIC or not found.one_step(op):
            continue
        missing = dict.fromkeys(v for v in op.operands if not all(found.at_hand(v, use) for use in uses))
        if len(missing) == 1:
            groups.setdefault(next(iter(missing)), []).append(value)
    for source, followers in groups.items():
        homes = {found.plan.home[v] for v in (source, *followers)}
        if len(followers) > 1 and source not in pending and len(homes) == 1 and not found.needs_copy(source):
            yield source, [use for value in followers for use in pending[value]]


def _handed(found: Decisions, value: Value, uses: list[Use]) -> Handed | None:
    """Whether the next iteration saves the same value under the name of its parameter, in every pass."""
    body = found.plan.home[value]
    if body not in found.owner or found.owner[body][0].kind not in LOOPS or value not in body.yields[1:]:
        return None
    loop = found.owner[body][0]
    params = body.params[1:] if loop.kind == "for" else body.params
    j = body.yields[1:].index(value)
    save, result = found.saves.get(params[j]), loop.results[FIXED_RESULTS + j]
    stops = loop.kind == "while" or loop.attrs.get("can_stop")
    if stops or save is None or save.place is not body or save.copy or not found.visible(result):
        return None
    return Handed(body, params[j], result)


def _defined(found: Decisions, value: Value) -> int:
    """Where the value is computed: what follows from an earlier one can be computed again from it."""
    op = found.plan.defs.get(value)
    return -1 if op is None else found.order[op]


def _softness(found: Decisions, value: Value, use: Use) -> int:
    """0: only a tape will do; 1: one step from others; 2: cheap from others."""
    op = found.plan.defs.get(value)
    if op is None:
        return 0
    return 2 if found.cheap(op, use) else int(found.one_step(op))


def _widen(found: Decisions, uses: list[Use]) -> None:
    """Saved values that recomputations read are needed at those places too."""
    needs: dict[Value, list[Use]] = {}
    for use in uses:
        for value in _leaves(found, use.value, use):
            needs.setdefault(value, []).append(use)
    for value, save in list(found.saves.items()):
        if value in needs:
            place = found.place(value, needs[value])
            extent = all(use.value is value and _asks_extent(use) for use in needs[value])
            found.saves[value] = Save(value, place, save.copy and not extent, save.why, extent)


def _asks_extent(use: Use) -> bool:
    """Whether only the shape and dtype of an array are read."""
    array = isinstance(use.value.type, Array)
    return array and use.op is not None and use.op.kind == "prim" and use.op.name in (*ZEROS, *EXTENTS)


def _leaves(found: Decisions, value: Value, use: Use) -> Iterator[Value]:
    """The saved values that a use reads, directly or through recomputation."""
    if value in found.saves:
        yield value
    elif value in found.handed:
        yield found.handed[value].param
    elif (
        found.twin(value, use.op) is None
        and not found.visible(value)
        and found.index_of(value, use.chain) is None
        and found.popped(value, use) is None
    ):
        for operand in found.plan.defs[value].operands:
            yield from _leaves(found, operand, use)


def _taken_back(found: Decisions, uses: list[Use]) -> list[Op]:
    """The pops that take a list back, for every list whose old state or items a use reads."""
    roots: dict[Value, None] = {}
    for use in uses:
        roots.update(dict.fromkeys(_lists(found, use.value, use)))
    every = [undone.op for block in found.plan.undone.values() for undone in block]
    return [op for op in every if op.operands[0] in roots]


def _index_ops(found: Decisions, uses: list[Use]) -> Iterator[Op]:
    """The operations that compute the index of a partial last iteration, where a use reads it."""
    made = {result: op for op in found.places for result in op.results}
    for use in uses:
        for index in _indices(found, use.value, use):
            if index in made:
                yield made[index]


def _counts(found: Decisions, uses: list[Use]) -> Iterator[Use]:
    """An index of a partial last iteration that is a forward loop's count of iterations: it is read there, too."""
    for use in uses:
        for index in _indices(found, use.value, use):
            if index in found.plan.home and not found.visible(index):
                yield Use(index, use.chain, use.at, use.op)


def _indices(found: Decisions, value: Value, use: Use) -> Iterator[Value]:
    """The indices that stand for those of forward loops where a use is made legal."""
    if found.visible(value) or value in found.saves or value in found.handed or found.twin(value, use.op) is not None:
        return
    index = found.index_of(value, use.chain)
    if index is not None:
        yield index
    elif found.popped(value, use) is None:
        for operand in found.plan.defs[value].operands:
            yield from _indices(found, operand, use)


def _lists(found: Decisions, value: Value, use: Use) -> Iterator[Value]:
    """Roots of lists that must be taken back for a use."""
    if found.visible(value) or value in found.saves or value in found.handed or found.twin(value, use.op) is not None:
        return
    if found.index_of(value, use.chain) is not None:
        return
    for block in reversed(use.chain):
        for undone in found.plan.undone.get(block, ()):
            if undone.item is value and found.precedes(undone.op, use):
                yield undone.op.operands[0]
                return
    op = found.plan.defs[value]
    if op.kind == "load" and not found.unchanged(op):
        yield found.root(op.operands[0])
    for operand in op.operands:
        yield from _lists(found, operand, use)


def _why(use: Use) -> str:
    span = None if use.op is None else use.op.span
    statement = f" of `{span.statement}`" if span is not None and span.statement else ""
    return f"the adjoint{statement} reads it, each iteration has its own"


def _needed(found: Decisions, func: Func) -> list[Op]:
    """Reverse operations that must stay because a tape is popped in them, or a list is taken back."""
    kept: list[Op] = []
    owners = parents(func)
    places = {save.place: None for save in found.saves.values()}
    for block in owners:
        if any(forward in places for forward in found.plan.mirrors.get(block, ())):
            inner = block
            while inner in owners and owners[inner][0] in found.places:
                kept.append(owners[inner][0])
                inner = owners[inner][2]
    return kept
