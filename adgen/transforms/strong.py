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
from adgen.ir.walk import FIXED_RESULTS, LOOPS, Rebuilder, defs, tail_if, walk
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
    named = {op.result: op for op in walk(func.block) if op.attrs.get("said") and op.operands[0] in literals}
    return _Strong(literals | named).func(func)


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


def as_said(func: Func, first: int) -> Func:
    """The function whose derivatives by NumPy's narrow numbers are such numbers.

    What the type says is one of single precision may be wider when it runs: the adjoint of a Python float is a
    NumPy float beside arrays of double precision.  `first` is as in `fresh.own_results`.
    """
    made = defs(func)
    return replace(func, block=_as_said(func.block, made, first))


def _as_said(block: Block, made: dict[Value, Op], first: int) -> Block:
    tail = tail_if(block)
    if tail is not None:
        regions = tuple(_as_said(region, made, first) for region in tail.regions)
        return Block(block.params, (*block.ops[:-1], replace(tail, regions=regions)), block.yields)
    b = Builder("adjoint")
    (result,) = block.yields
    out = _narrowed(b, result, made, first)
    return block if out is result else Block(block.params, (*block.ops, *b.ops), (out,))


def _narrowed(b: Builder, value: Value, made: dict[Value, Op], first: int = 0) -> Value:
    """The value, or the structure, with each narrow number converted."""
    op = made.get(value)
    if op is not None and op.kind == "pack":
        parts = [v if k < first else _narrowed(b, v, made) for k, v in enumerate(op.operands)]
        return b.pack(value.type, parts) if parts != list(op.operands) else value  # type: ignore[arg-type]
    name = NUMBERS.get(value.type, "np.float64")
    if name == "np.float64" or (op is not None and op.name == name):
        return value
    return apply(b, name, (value,))
