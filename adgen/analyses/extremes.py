"""Values that can be infinite or nan although the arguments are not: logarithms, quotients, exponentials and what
follows from them.

    y = np.log(x); z = 2.0 * y; w = np.where(x > 0.0, z, 0.0)       y and z can be, w is taken for cleared

The reverse sweep reads such values only where an adjoint is not masked (`rules/masks`).
"""

from __future__ import annotations

from adgen.ir.core import Func, Op, Value
from adgen.ir.types import is_active_type
from adgen.ir.walk import walk
from adgen.rules.masks import SINGULAR

CLEARING = ("np.where", "np.nan_to_num", "np.clip", "np.isfinite")


def extremes(func: Func) -> dict[Value, None]:
    """The values of a function that can be infinite or nan."""
    found: dict[Value, None] = {}
    literals = {op.result: op.attrs["value"] for op in walk(func.block) if op.kind == "const"}
    for op in walk(func.block):
        if op.kind not in ("prim", "index", "item", "pack", "view", "load", "alloc") or op.name in CLEARING:
            continue
        if _singular(op, literals) or any(operand in found for operand in op.operands):
            found.update(dict.fromkeys(value for value in op.results if is_active_type(value.type)))
    return found


def _singular(op: Op, literals: dict[Value, object]) -> bool:
    """Whether the operation itself can leave the finite numbers."""
    if op.kind != "prim" or op.name not in SINGULAR:
        return False
    if op.name in ("div", "np.divide", "pow", "np.power"):
        second = literals.get(op.operands[1])
        if isinstance(second, (int, float)):
            return second == 0 if op.name in ("div", "np.divide") else second < 0 or second != int(second)
    return True
