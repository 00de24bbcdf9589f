"""Values on whose last bit something depends: what is compared, rounded, looked up or taken for a flag.

The reverse sweep makes some values of the program again. What picks among paths or elements by them must find the very
bits that the program found, so that they are made by the very operations, in their order.

    y = np.min(0.6 * (p * t))         mask = 0.6 * t * p == y           no element may be equal: 0.0 / 0
                                      mask = 0.6 * (p * t) == y         as it was computed
"""

from __future__ import annotations

from adgen.ir.core import Func, Op, Value
from adgen.ir.types import Array, Scalar, Type
from adgen.ir.walk import defs, walk
from adgen.rules.table import lookup

SHAPES = """zeros_like np.zeros_like np.ones_like np.empty_like np.zeros np.ones np.empty len np.shape np.ndim np.size
    attr.shape attr.ndim attr.size attr.dtype attr.nbytes attr.itemsize""".split()  # what looks at no element
JUMPS = (  # besides functions whose derivative is zero
    """mod floordiv divmod np.mod np.remainder np.fmod np.divmod np.modf np.frexp np.floor_divide np.copysign
    np.heaviside np.unique np.histogram math.fmod math.remainder math.modf math.frexp math.copysign""".split()
)


def deciding(func: Func) -> set[Value]:
    """Real values that derivative code decides by, and all that they are computed from."""
    made = defs(func)
    todo = [value for op in walk(func.block) if op.role != "primal" and _jumps(op) for value in op.operands]
    found: set[Value] = set()
    while todo:
        value = todo.pop()
        if value in found or _is_whole(value.type):
            continue
        found.add(value)
        op = made.get(value)
        if op is not None and op.role != "primal" and op.name not in SHAPES:
            todo += op.operands
            todo += [region.yields[k] for region in op.regions for k in range(len(region.yields))]
    return found


def _jumps(op: Op) -> bool:
    """Whether a result can change at once where an operand changes a little."""
    if op.kind != "prim" or op.name in SHAPES:
        return False
    rule = lookup(op.name)
    return op.name in JUMPS or (rule is not None and rule.kind == "zero")


def _is_whole(type_: Type) -> bool:
    """Integers and flags, with which nothing is rounded."""
    if isinstance(type_, Array):
        return type_.dtype is not None and type_.dtype[0] in "iub"
    return isinstance(type_, Scalar) and type_.kind in ("int", "bool")
