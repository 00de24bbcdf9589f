"""The pair of a function that stays a function: its forward part keeps what its backward part reads.

    def power_fwd(x, n):                                    def power_bwd(saved, out_bar):
        if n == 0:                                              x, n, inner, inner_saved = saved
            return 1.0, (x, n, None, None)                      if n == 0:
        inner, inner_saved = power_fwd(x, n - 1)                    return 0.0
        return x * inner, (x, n, inner, inner_saved)            ..

Both are called by generated code only: what is kept may be memory of the arguments, for the caller knows it.  Tests of
numbers are made again instead of being kept, and each path of the forward part returns where it ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import BOOL, FLOAT, Array, Type, is_number
from adgen.ir.walk import Rebuilder, blocks, defs, free_values, substitute_block, uses
from adgen.rules.apply import apply
from adgen.transforms.reverse import NARROW
from adgen.transforms.split import forward_count, split

TESTS = frozenset("eq ne lt le gt ge and or not is is_not".split())


def pair(joint: Func, seed: str, once: bool) -> tuple[Func, Func]:
    """The forward and the backward function; `once`: the backward function runs once."""
    made = named(tests_again(_Zeros().func(joint)))
    forward, backward = split(made, seed, private=True, once=once)
    return early(forward), backward


class _Zeros(Rebuilder):
    """The zero of a number is a literal, which reads nothing."""

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """`zeros_like(y)` of a real number."""
        if op.kind != "prim" or op.name != "zeros_like" or not _is_real(op.result.type):
            return (op,)
        builder = Builder(op.role, op.span)
        zero = builder.const(0.0)
        dtype = getattr(op.result.type, "dtype", None)
        if dtype in NARROW:  # `np.float32(0.0)`
            apply(builder, NARROW[dtype], [zero])
        return (*builder.ops[:-1], replace(builder.ops[-1], results=op.results))


def _is_real(type_: Type) -> bool:
    dtype = type_.dtype if isinstance(type_, Array) else None
    return type_ == FLOAT or (is_number(type_) and dtype is not None and dtype[0] == "f")


def named(joint: Func) -> Func:
    """What is kept has a name, so that both functions call it the same."""
    count = forward_count(joint.block)
    tail = Block((), joint.block.ops[count:], joint.block.yields)
    kept = {value: None for value in free_values(tail) if not value.hint}
    return _Names(kept).func(joint)


class _Names(Rebuilder):
    def __init__(self, kept: Mapping[Value, None]) -> None:
        super().__init__()
        self.kept = kept

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """`t = w * a`."""
        if op.kind == "const" or not any(value in self.kept for value in op.results):
            return (op,)
        results = tuple(Value(v.type, _word(v)) if v in self.kept else v for v in op.results)
        self.mapping.update((a, b) for a, b in zip(op.results, results, strict=True) if a is not b)
        return (replace(op, results=results),)


def _word(value: Value) -> str:
    return "flag" if value.type == BOOL or getattr(value.type, "dtype", "") == "b1" else "t"


# tests ---------------------------------------------------------------------------------------------------------------
def tests_again(joint: Func) -> Func:
    """The reverse sweep makes tests of kept numbers itself."""
    count = forward_count(joint.block)
    tail = Block((), joint.block.ops[count:], joint.block.yields)
    made = defs(joint)
    mapping: dict[Value, Value] = {}
    builder = Builder("adjoint")
    for value in free_values(tail):
        _again(value, made, {param.value: None for param in joint.params}, builder, mapping)
    if not mapping:
        return joint
    again = substitute_block(tail, mapping)
    ops = (*joint.block.ops[:count], *builder.ops, *again.ops)
    return replace(joint, block=Block((), ops, again.yields))


def _again(
    value: Value, made: Mapping[Value, Op], params: Mapping[Value, None], builder: Builder, mapping: dict[Value, Value]
) -> bool:
    """Compute a test anew, if it is one of parameters and literals."""
    op = made.get(value)
    if op is None or op.kind != "prim" or op.name not in TESTS:
        return False
    numbers = [v for v in op.operands if v not in made or made[v].kind != "const"]
    if not all(is_number(v.type) and v in params for v in numbers) or len(numbers) > 2:
        return False
    result = Value(value.type, value.hint)
    builder.add(Op("prim", op.name, op.operands, (result,), (), op.attrs, op.span, "adjoint"))
    mapping[value] = result
    return True


# returns -------------------------------------------------------------------------------------------------------------
def early(func: Func) -> Func:
    """The forward function with its result made at the end of each path, if its last branch does nothing else."""
    block = _early(func.block, uses(func))
    return func if block is func.block else replace(func, block=block)


def _early(block: Block, readers: Mapping[Value, Sequence[object]]) -> Block:
    """Move what follows the last `if` of a block into its branches: only structures of what the branches give."""
    places = [k for k, op in enumerate(block.ops) if op.kind == "if" and op.results]
    if not places:
        return block
    fork = block.ops[places[-1]]
    rest = [op for op in block.ops[places[-1] + 1 :] if op.kind != "const"]
    literals = [op for op in block.ops[places[-1] + 1 :] if op.kind == "const"]
    inside = {*rest, block}
    alone = all(user in inside for result in fork.results for user in readers.get(result, ()))
    if not rest or any(op.kind != "pack" for op in rest) or not alone:
        return block
    regions = []
    for region in fork.regions:
        builder = Builder()
        mapping = dict(zip(fork.results, region.yields, strict=True))
        for op in rest:
            items = [mapping.get(v, v) for v in op.operands]
            mapping[op.result] = builder.emit("pack", "", items, op.result.type, op.result.hint)
        yields = tuple(mapping.get(v, v) for v in block.yields)
        inner = Block((), (*region.ops, *builder.ops), yields)
        found: dict[Value, list[object]] = {}
        for part in blocks(inner):
            for op in part.ops:
                for operand in op.operands:
                    found.setdefault(operand, []).append(op)
            for value in part.yields:
                found.setdefault(value, []).append(part)
        regions.append(_early(inner, found))
    results = tuple(Value(v.type, v.hint) for v in block.yields)
    made = replace(fork, results=results, regions=tuple(regions))
    return Block(block.params, (*block.ops[: places[-1]], *literals, made), results)
