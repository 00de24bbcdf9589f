"""The tangent of a result without the result, where nobody asks for that.

return y, y_dot        ->      return y_dot

A Hessian times a vector is the tangent of a gradient: the gradient itself is made only as far as its tangent needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from adgen.errors import InternalError
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import Struct, Type
from adgen.ir.walk import defs, tail_if


def tangent_alone(func: Func) -> Func:
    """Return the second part of the pair that a function in forward mode returns, on each of its paths."""
    return replace(func, block=_block(func.block, defs(func)))


def _block(block: Block, made: Mapping[Value, Op]) -> Block:
    tail = tail_if(block)
    (result,) = block.yields
    if tail is None:
        pair = made[result]
        if pair.kind != "pack":
            raise InternalError("a function in forward mode returns what is no pair")
        return Block(block.params, block.ops, (pair.operands[1],))
    regions = tuple(_block(region, made) for region in tail.regions)
    own = Value(_second(result.type, regions[0].yields[0].type), result.hint)
    return Block(block.params, (*block.ops[:-1], replace(tail, results=(own,), regions=regions)), (own,))


def _second(pair: Type, otherwise: Type) -> Type:
    """The type of the tangent; where paths give it other sizes, the pair's says what they have in common."""
    return pair.items[1] if isinstance(pair, Struct) else otherwise
