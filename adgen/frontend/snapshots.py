"""Elements of arrays of unknown rank: a number stays what it was when it was read, a row is what it has become.

t = u[3]        u is a line: t stays as it is
u[3] = a        u is a matrix: t changes
return t        refused: which of both happens is not known
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from adgen.analyses.aliasing import WRITES, Aliases, aliases
from adgen.errors import Diagnostic, Place, Refusal
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import Array, Ref
from adgen.ir.walk import LOOPS, defs, walk

TITLE = "what is read may be a number or a part of the array"
WHY = "the array is written to before the value is used: a number does not change by that, a row of a matrix does"
HELP = "annotate the parameters, or give --types; or use the value before the array changes"


class Point(NamedTuple):
    """An operation, where it stands in reading order, and the loops around it."""

    op: Op
    position: int
    loops: tuple[Op, ...]


def refuse_uncertain(func: Func) -> None:
    """Elements that are used after the array was written to, of which it is not known whether they are numbers."""
    doubtful = [op for op in walk(func.block) if op.kind == "view" and _may_be_number(op)]
    if not doubtful:
        return
    points = [Point(op, k, loops) for k, (op, loops) in enumerate(_points(func.block, ()))]
    places, known, made = {point.op: point for point in points}, aliases(func), defs(func)
    for view in doubtful:
        later = [point for point in points if _writes(point.op, view.result, known, made)]
        if any(_between(places[view], write, read) for read in _reads(view, points) for write in later):
            span = view.span
            place = None if span is None else Place(span.path, span.line, span.col, span.end_line, span.end_col)
            raise Refusal([Diagnostic("E0113", TITLE, place, WHY, HELP)])


def _points(block: Block, loops: tuple[Op, ...]) -> Iterator[tuple[Op, tuple[Op, ...]]]:
    for op in block.ops:
        yield op, loops
        for region in op.regions:
            yield from _points(region, (*loops, op) if op.kind in LOOPS else loops)


def _may_be_number(view: Op) -> bool:
    """Whether all of its indices are integers, and how many axes there are is not known."""
    base, spec = view.operands[0].type, view.attrs.get("spec", ())
    content = base.content if isinstance(base, Ref) else base
    unknown = isinstance(content, Array) and content.shape is None
    return unknown and isinstance(spec, tuple) and bool(spec) and all(entry == "i" for entry in spec)


def _reads(view: Op, points: list[Point]) -> list[Point | None]:
    """Where the element is used as what it may not be; None: it is handed on."""
    found: list[Point | None] = []
    for point in points:
        op, ref = point.op, view.result
        if any(ref in region.yields for region in op.regions):
            found.append(None)
        if ref in op.operands and not (op.kind in ("view", "store") and ref not in op.operands[1:]):
            found.append(point if op.kind == "load" else None)
    return found


def _writes(op: Op, ref: Value, known: Aliases, made: dict[Value, Op]) -> bool:
    """Whether the operation may write the element; what is written through it shows that it is an array."""
    if op.kind == "call":
        return any(known.may_alias(operand, ref) for operand in op.operands)
    if op.kind not in WRITES or not known.may_alias(op.operands[0], ref):
        return False
    target: Value | None = op.operands[0]
    while target is not None and target is not ref:
        through = made.get(target)
        target = through.operands[0] if through is not None and through.kind == "view" else None
    return target is None


def _between(view: Point, write: Point, read: Point | None) -> bool:
    """Whether the write may come between the view and its use."""
    if read is None:
        return write.position > view.position or any(loop in view.loops for loop in write.loops)
    inner = [loop for loop in read.loops if loop not in view.loops]
    return view.position < write.position < read.position or any(loop in inner for loop in write.loops)
