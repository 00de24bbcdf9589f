"""Derivative expressions that have become longer than a line are cut: their longest parts get statements.

    x_bar = <80 columns> + <30 columns>          t_bar = <80 columns>
                                                 x_bar = t_bar + <30 columns>

What the user wrote as one expression stays one expression.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from adgen.backend.shapes_of_text import UNNAMED, is_compound, size_of
from adgen.ir.core import Block, Op, Value
from adgen.ir.types import Struct
from adgen.ir.walk import walk

if TYPE_CHECKING:
    from adgen.backend.schedule import Schedule

LINE = 72  # what an expression of derivative code may measure
INDENT = 6  # less of it in a loop inside another, where names have numbers, too
SHORT = 18  # what may be written twice instead of being named


def cut(plan: Schedule) -> None:
    """Give statements to parts of derivative expressions that are too long for a line."""
    inside: dict[Op, None] = {}
    for op in walk(plan.func.block):
        if op in plan.conditional or op in inside:
            for region in op.regions:
                inside.update(dict.fromkeys(region.ops))
    for op in walk(plan.func.block):
        if op.kind in ("const", "undef") or op in plan.dropped:
            continue
        derived = op.role != "primal" or (op.kind == "pack" and _is_derived(plan, op))
        if derived and op not in inside and not op.regions:
            _fit(plan, op)
        for result in op.results:
            if result in plan.inline:
                plan.sizes[result] = size_of(result, plan.places.defs, plan.inline, plan.sizes)


def _is_derived(plan: Schedule, op: Op) -> bool:
    """Whether some item of a structure is derivative code."""
    origins = [plan.places.defs.get(operand) for operand in op.operands]
    return any(origin is not None and origin.role != "primal" for origin in origins)


def _length(plan: Schedule, value: Value) -> int:
    """The length of an operand's text; a dict display breaks well by itself."""
    origin = plan.places.defs.get(value)
    if value in plan.inline and origin is not None and origin.kind == "pack":
        return 2
    return plan.sizes.get(value, len(value.hint) or UNNAMED)


def _fit(plan: Schedule, op: Op) -> None:
    """Name the longest operands of one operation until what is left fits."""
    block = plan.places.block_of[op]
    if op.kind == "pack" and not (isinstance(op.result.type, Struct) and op.result.type.kind == "tuple"):
        return
    line = LINE - INDENT * max(0, len(plan.places.loops[block]) - 1)
    while True:
        total = sum(_length(plan, operand) for operand in op.operands)
        if total <= line:
            return
        best: Value | None = None
        for operand in op.operands:
            origin = plan.places.defs.get(operand)
            if operand not in plan.inline or origin is None or operand in plan.adopted:
                continue
            if plan.places.block_of[origin] is block and is_compound(origin) and plan.sizes[operand] > SHORT:
                if best is None or plan.sizes[operand] > plan.sizes[best]:
                    best = operand
        if best is None:
            return
        chain = _within(plan, best, block)
        del plan.inline[chain[-1]]
        for value in reversed(chain):
            plan.sizes.pop(value, None)
            plan.sizes[value] = size_of(value, plan.places.defs, plan.inline, plan.sizes)


def _within(plan: Schedule, value: Value, block: Block) -> list[Value]:
    """A value, and what it is but for a literal factor and new axes: `2.0 * (..)[:, None]` gives a name to `..`."""
    chain = [value]
    while True:
        op = plan.places.defs[chain[-1]]
        literal = op.name == "mul" and plan.places.defs.get(op.operands[0], op).kind == "const"
        if not literal and op.kind != "index":
            return chain
        inner = op.operands[1 if literal else 0]
        origin = plan.places.defs.get(inner)
        if inner not in plan.inline or inner in plan.adopted or origin is None or plan.sizes[inner] <= SHORT:
            return chain
        if plan.places.block_of[origin] is not block or not (is_compound(origin) or origin.kind == "index"):
            return chain
        chain.append(inner)
