"""Slices as values: what `slice(a, b)` and `np.s_[a:b]` give, and what `p[a:b]` hands to `__getitem__`.

s = slice(k, k + 2)       a constant where its bounds are, else the call with its arguments, not yet made
y[s] += x[s]              the spec of `y[k:k + 2]`
"""

from __future__ import annotations

import ast

from adgen.frontend.bindings import Known
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Partial, Thing, tuple_of
from adgen.ir.types import Opaque

SLICE = Known("slice")


def cut(low: Lowering, *bounds: Thing) -> Thing:
    """`slice(..)`."""
    found = [low.static(thing) for thing in bounds]
    if all(known and (value is None or type(value) is int) for known, value in found):
        made = slice(*(value for _, value in found))
        return low.b.const(made, repr(made), Opaque("slice"))
    return Partial(SLICE, bounds, {})


def bounds_of(thing: Thing) -> tuple[Thing | None, ...] | None:
    """Start, stop and step of a slice with bounds that are computed when the program runs; None for anything else."""
    if not isinstance(thing, Partial) or thing.function != SLICE:
        return None
    return (None, thing.args[0], None) if len(thing.args) == 1 else (*thing.args, None)[:3]


def key_of_slices(low: Lowering, node: ast.expr) -> Thing:
    """A subscript as a value."""
    match node:
        case ast.Slice():
            parts = (node.lower, node.upper, node.step)
            none = ast.copy_location(ast.Constant(None), node)
            return cut(low, *(low.expr(none if part is None else part) for part in parts))
        case ast.Tuple(parts) if any(isinstance(part, ast.Slice) for part in parts):
            return tuple_of(tuple(key_of_slices(low, part) for part in parts))
    return low.expr(node)


def subscript_of_maker(low: Lowering, maker: Known, node: ast.Subscript) -> Thing:
    """`np.s_[a:b]`, and `np.index_exp[a:b]`, which is always a tuple."""
    key = key_of_slices(low, node.slice)
    return key if maker.name == "np.s_" or isinstance(node.slice, ast.Tuple) else tuple_of((key,))
