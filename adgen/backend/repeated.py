"""What is written twice rather than named: an element at a literal place, a number one step from another.

    y2 = y + 0.5 * h * k1           not: product = 0.5 * h
    y3 = y + 0.5 * h * k2
    lens[0] * scale_bar             not: lens0 = lens[0], which a reader has to look up

Of numbers only what the user wrote, who wrote it twice, or one step from a parameter; elements only outside of loops.
What has three readers gets a name.
"""

from __future__ import annotations

from collections.abc import Sequence

from adgen.backend.cut import SHORT
from adgen.backend.places import Places, Site
from adgen.backend.shapes_of_text import size_of
from adgen.ir.core import Block, Op, Value
from adgen.ir.types import Array, is_number

ARITHMETIC = ("add", "sub", "mul", "div", "neg")


def is_repeated(op: Op, sites: Sequence[Site], block: Block, places: Places) -> bool:
    """Whether a value without a name is written out at both of its readers, in its own block."""
    if op.result.hint or len(sites) != 2 or any(site.block is not block or site.reader is None for site in sites):
        return False
    if op.kind == "index":
        base, *place = op.operands
        fixed = isinstance(base.type, Array) and all(_is_literal(v, places) for v in place)
        return fixed and not places.loops[block] and _is_named(base, places) and _length(op, places) <= SHORT
    if op.kind != "prim" or op.name not in ARITHMETIC or not is_number(op.result.type):
        return False
    named = [value for value in op.operands if not _is_literal(value, places)]
    if len(named) != 1 or not _is_named(named[0], places) or _length(op, places) > SHORT:
        return False
    return op.role == "primal" or places.home.get(named[0]) is places.body and named[0] not in places.defs


def _is_literal(value: Value, places: Places) -> bool:
    origin = places.defs.get(value)
    return origin is not None and origin.kind == "const"


def _is_named(value: Value, places: Places) -> bool:
    """Whether the text has a name for a value in any case."""
    return value.user or value not in places.defs or len(places.readers.get(value, ())) > 2


def _length(op: Op, places: Places) -> int:
    """The length of the text; operands keep their names."""
    return size_of(op.result, places.defs, inline=(op.result,))
