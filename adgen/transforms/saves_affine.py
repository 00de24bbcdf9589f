"""Elements that a loop writes ahead of what it reads: a value read once is in memory still when the loop has ended.

    for i in range(1, n):
        x[i] = x[i - 1] * a          x[i - 1] is never written after it was read: the reverse sweep reads it again

The proof compares one coordinate of both places: the loop's index plus a constant, in a range that only goes up (or
only down) and never becomes negative, where an index would count from the end.
"""

from __future__ import annotations

from typing import NamedTuple

from adgen.ir.core import Block, Op, Value
from adgen.ir.walk import LOOPS
from adgen.transforms.adjoints import Plan


class Place(NamedTuple):
    """A coordinate: the index of a loop plus a constant."""

    counter: Value
    offset: int


def passes_by(plan: Plan, writer: Op, load: Op, body: Block, loop: Op, same_pass: bool) -> bool:
    """Whether no write of `writer` that follows the load reaches what was loaded.

    Both stand in `body`, the body of `loop`, the only loop around both in which the memory lives on; `same_pass`
    says whether the write may follow the load within one iteration.
    """
    if loop.kind not in LOOPS or loop.kind == "while" or writer.kind != "store":
        return False
    step = plan.constants.get(loop.operands[2])
    if step not in (1, -1):
        return False
    up = (step == 1) is not bool(loop.attrs.get("reversed"))
    for written, read in _coordinates(plan, writer.operands[0], load.operands[0]):
        target, source = place_of(plan, written), place_of(plan, read)
        if target is None or source is None or target.counter is not source.counter:
            continue
        if target.counter is not body.params[0]:
            continue
        low = _lowest(plan, loop, step == 1)
        if low is None or low + min(target.offset, source.offset) < 0:
            continue
        ahead = target.offset - source.offset if up else source.offset - target.offset
        if ahead > 0 or (ahead == 0 and not same_pass):
            return True
    return False


def _lowest(plan: Plan, loop: Op, upwards: bool) -> int | None:
    """The smallest index of the loop's range, if it is known."""
    bound = plan.constants.get(loop.operands[0 if upwards else 1])
    if not isinstance(bound, int):
        return None
    return bound if upwards else bound + 1


def _coordinates(plan: Plan, written: Value, read: Value) -> list[tuple[Value, Value]]:
    """Pairs of indices that address the same axis of the same root."""
    first, second = plan.defs.get(written), plan.defs.get(read)
    if first is None or second is None or first.kind != "view" or second.kind != "view":
        return []
    if first.name or second.name or first.operands[0] is not second.operands[0]:
        return []
    pairs = []
    ours, theirs = list(first.operands[1:]), list(second.operands[1:])
    for one, two in zip(_spec(first), _spec(second), strict=False):
        if "..." in (one, two) or "n" in (one, two):
            break
        mine = [ours.pop(0) for _ in range(_reads(one))]
        other = [theirs.pop(0) for _ in range(_reads(two))]
        if one == two == "i":
            pairs.append((mine[0], other[0]))
    return pairs


def _spec(op: Op) -> tuple[str, ...]:
    spec = op.attrs["spec"]
    assert isinstance(spec, tuple)
    return spec


def _reads(entry: str) -> int:
    """How many operands an entry of a spec takes."""
    return 1 if entry == "i" else entry.count("1")


def place_of(plan: Plan, value: Value) -> Place | None:
    """An index as a loop's index plus a constant."""
    op = plan.defs.get(value)
    if op is None:
        return Place(value, 0)
    if op.kind != "prim" or op.name not in ("add", "sub"):
        return None
    left, right = op.operands
    number = plan.constants.get(right)
    if isinstance(number, int) and not isinstance(number, bool):
        base = place_of(plan, left)
        return None if base is None else Place(base.counter, base.offset + (number if op.name == "add" else -number))
    number = plan.constants.get(left)
    if op.name == "add" and isinstance(number, int) and not isinstance(number, bool):
        base = place_of(plan, right)
        return None if base is None else Place(base.counter, base.offset + number)
    return None
