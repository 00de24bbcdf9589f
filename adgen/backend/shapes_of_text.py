"""How long the text of a value is about to be, before any name is final.

>>> from adgen.ir.build import Builder
>>> from adgen.ir.core import Func, Param, Value
>>> from adgen.ir.types import FLOAT
>>> from adgen.ir.walk import defs
>>> b, x = Builder(), Value(FLOAT, "x")
>>> y = b.emit("prim", "mul", (x, b.const(2.0)), FLOAT, attrs={"args": ("a", "b")})
>>> size_of(y, defs(Func("f", (Param("x", x),), b.block([y]))), everything=True)  # x * 2.0
7
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from adgen.analyses.effects import is_random
from adgen.backend.operators import BINARY, UNARY
from adgen.backend.places import Places
from adgen.ir.core import Block, Op, Value

UNNAMED = 7  # the length of a name that is yet to be found
_SAFE = ("prim", "index", "pack", "item", "listing", "view", "load", "const")


def size_of(
    value: Value,
    defs: Mapping[Value, Op],
    inline: Container[Value] = (),
    known: Mapping[Value, int] | None = None,
    everything: bool = False,
) -> int:
    """The length of a value's text; `everything`: as if all unnamed values were inlined."""
    origin = defs.get(value)
    if origin is not None and origin.kind == "const":
        return len(str(origin.attrs["text"]))
    if known is not None and value in known:
        return known[value]
    if (
        origin is None
        or origin.kind in ("alloc", "tape", "for", "while", "pop", "untape")
        or not (value in inline or (everything and not value.user))
    ):
        return len(value.hint) or UNNAMED
    parts = [size_of(operand, defs, inline, known, everything) for operand in origin.operands]
    return sum(parts) + _overhead(origin) + _branches(origin, defs, inline, known, everything)


def _branches(
    op: Op, defs: Mapping[Value, Op], inline: Container[Value], known: Mapping[Value, int] | None, everything: bool
) -> int:
    """What the two values of a conditional expression add."""
    return sum(size_of(give, defs, inline, known, everything) for region in op.regions for give in region.yields)


def _overhead(op: Op) -> int:
    """What an operation adds to the texts of its operands."""
    if op.kind in ("load", "if"):
        return 0 if op.kind == "load" else 10
    if op.kind in ("view", "index", "item"):
        spec = op.attrs.get("spec", ())
        return 2 + 3 * (len(spec) if isinstance(spec, tuple) else 1)
    if op.name in BINARY:
        return 3
    if op.name in UNARY:
        return 1
    return len(op.name) + 2 * max(1, len(op.operands))


def is_compound(op: Op) -> bool:
    """Whether an operation computes (rather than reads): worth a name when it is cut out of a long expression."""
    return op.kind in ("prim", "listing", "if") and not op.name.startswith("attr.")


def waits_for_nothing(region: Block, places: Places) -> bool:
    """Whether a branch is one expression: pure operations that the user did not name, each read once."""
    for op in region.ops:
        if op.kind == "if" and len(op.results) == 1:
            if not all(waits_for_nothing(inner, places) for inner in op.regions):
                return False
        elif op.kind not in _SAFE or is_random(op):
            return False
        if op.kind == "const":
            continue
        sites = places.readers.get(op.result, [])
        if op.result.user or (len(sites) != 1 and op.kind not in ("view", "load")):
            return False
        if any(site.block is not region for site in sites):
            return False
    return True
