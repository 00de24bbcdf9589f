"""Literals that begin what a loop or branch hands on are NumPy floats where the function knows narrower ones.

    b_bar: f8[] = 1.0                   ->      b_bar = np.float64(1.0)
    for ..: x_bar += b_bar * z                  with z in single precision: the product is in double precision

A literal is weak: beside a float32 array it is one of single precision, whatever its type says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import FLOAT, Array, Type
from adgen.ir.walk import FIXED_RESULTS, LOOPS, Rebuilder, walk
from adgen.rules.apply import apply

NARROW = ("f2", "f4", "c8")
NUMBERS: dict[Type, str] = {
    Array("f8", ()): "np.float64",
    Array("f4", ()): "np.float32",  # a weak one would be of double precision after `np.broadcast_to(g, shape)`
    Array("f2", ()): "np.float16",
}


def strong(func: Func) -> Func:
    """The function, in which no lane of double precision begins with a literal; as it is without narrow arrays."""
    values = [param.value for param in func.params] + [value for op in walk(func.block) for value in op.results]
    if not any(isinstance(value.type, Array) and value.type.dtype in NARROW for value in values):
        return func
    literals = {op.result: op for op in walk(func.block) if op.kind == "const" and op.result.type == FLOAT}
    return _Strong(literals).func(func)


class _Strong(Rebuilder):
    def __init__(self, literals: dict[Value, Op]) -> None:
        super().__init__()
        self.literals = literals

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Convert what a loop begins with, and what branches hand on."""
        if op.role == "primal" or (op.kind not in LOOPS and op.kind != "if"):
            return (op,)
        b = Builder(op.role, op.span)
        if op.kind == "if":
            regions = tuple(self._handed(op, region) for region in op.regions)
            return (replace(op, regions=regions),)
        skip = len(op.operands) - (len(op.results) - FIXED_RESULTS)
        lanes = zip(op.operands[skip:], op.results[FIXED_RESULTS:], strict=True)
        begun = [self._converted(b, value, result) for value, result in lanes]
        return (*b.ops, replace(op, operands=(*op.operands[:skip], *begun)))

    def _handed(self, op: Op, region: Block) -> Block:
        b = Builder(op.role, op.span)
        fixed = len(region.yields) - len(op.results)
        pairs = zip(region.yields[fixed:], op.results, strict=True)
        yields = (*region.yields[:fixed], *(self._converted(b, value, result) for value, result in pairs))
        return Block(region.params, (*region.ops, *b.ops), yields)

    def _converted(self, b: Builder, value: Value, wanted: Value) -> Value:
        """The literal as a NumPy float, where one is wanted."""
        if value not in self.literals or wanted.type not in NUMBERS:
            return value
        return apply(b, NUMBERS[wanted.type], (value,))
