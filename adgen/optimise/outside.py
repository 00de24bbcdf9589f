"""Factors that a sum need not multiply by one by one, and products that the forward sweep made.  Real.

np.sum(x * e, axis=0)               np.sum(x, axis=0) * e       e has not that axis
np.sum(s * x, axis=1)               s * np.sum(x, axis=1)       s a number

z = d * e
np.sum(g * d, axis=0) * e           np.sum(g * z, axis=0)       z is there, d is not needed any more
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from adgen.ir.core import Op, Value
from adgen.ir.types import Array
from adgen.optimise.facts import is_array, is_number, is_real, product_type
from adgen.optimise.rewrite import Rule, Site, needs


@needs("mul")
def factor(site: Site, op: Op) -> Op | None:
    """A factor without the axis that is summed goes outside."""
    result, whole = op.result.type, op.operands[0].type
    found = site.inner(op.operands[0], "mul")
    given = op.attrs.get("statics")
    if found is None or not is_array(result) or not is_array(whole) or not is_real(whole):
        return None
    if isinstance(given, Mapping) and given.get("keepdims"):
        return None  # its axes may be dropped at once
    for one, other in (found.operands, found.operands[::-1]):
        if other.type != whole or product_type(one.type, result) != result:
            continue
        if not is_number(one.type) and not (one.type == result and _drops_first(op)):
            continue
        total = site.build.emit("prim", "np.sum", (other, *op.operands[1:]), result, attrs=op.attrs)
        pair = (one, total) if is_number(one.type) else (total, one)
        return site.redo(op, "mul", pair)
    return None


def _drops_first(op: Op) -> bool:
    """Whether the first axis is summed, and gone."""
    given = op.attrs.get("statics")
    whole, result = op.operands[0].type, op.result.type
    if not isinstance(given, Mapping) or not isinstance(whole, Array) or not isinstance(result, Array):
        return False
    return given.get("axis") == 0 and not given.get("keepdims") and (whole.shape or ())[1:] == result.shape


@needs("mul", "np.sum")
def made_before(site: Site, op: Op) -> Op | None:
    """(g * d) * e, or np.sum(g * d, axis=0) * e, where the forward sweep made d * e."""
    if not is_array(op.result.type):
        return None
    for one, last in (op.operands, op.operands[::-1]):
        if one.type != op.result.type or last.type != op.result.type:
            continue
        total = site.inner(one, "np.sum")
        if total is not None and not _drops_first(total):
            continue
        product = site.inner(one if total is None else total.operands[0], "mul")
        if product is None:
            continue
        for given, first in (product.operands, product.operands[::-1]):
            made = _made(site, first, last, product.result)
            if made is None or given.type != product.result.type:
                continue
            if total is None:
                return site.redo(op, "mul", (given, made))
            whole = site.apply("mul", (given, made), product.result.type)
            return replace(total, operands=(whole, *total.operands[1:]), results=op.results)
    return None


def _made(site: Site, first: Value, last: Value, like: Value) -> Value | None:
    """The product of two values that stands here already, in the shape of a third."""
    for user in site.users(last):
        if isinstance(user, Op) and user.name == "mul" and user.role == "primal" and first in user.operands:
            if user.result.type == like.type and first is not last and site.is_here(user.result):
                return user.result
    return None


RULES: dict[str, list[Rule]] = {"np.sum": [factor], "mul": [made_before]}
