"""Products with common factors, where what is left of both is simpler together.  Real.

t * (1.0 - y) * r - t * (r * y)           t * r * (1.0 - 2.0 * y)
s + g * (c + y) + g * y                   s + g * (c + 2.0 * y)
g * (c - y) + g * y                       g * c

Both products are read here only, and as many operations are made as go.
"""

from __future__ import annotations

from collections.abc import Sequence

from adgen.ir.core import Op, Value
from adgen.ir.types import FLOAT
from adgen.optimise.facts import exact, is_number, is_real, product_type
from adgen.optimise.products import chain, chain_type
from adgen.optimise.rewrite import Rule, Site, needs

MOST = 6


@needs("mul", "add", "sub")
def together(site: Site, op: Op) -> Op | None:
    """Two products, or the second with one of a sum."""
    first, second = op.operands
    result = op.result.type
    if not is_real(result) or not exact(result):
        return None
    found = _pair(site, first, second, op.name == "sub", result)
    if found is not None:
        return site.redo(op, "mul", _made(site, found))
    sum_ = site.inner(first, "add", "sub")
    if sum_ is None or first.type != result or any(value.type != result for value in (*sum_.operands, second)):
        return None
    rest, term = sum_.operands
    found = _pair(site, second, term, op.name != sum_.name, result)
    if found is None:
        return None
    return site.redo(op, op.name, (rest, site.apply("mul", _made(site, found), result)))


def _pair(
    site: Site, first: Value, second: Value, minus: bool, result: object
) -> tuple[list[Value], Value, Value, bool, bool] | None:
    """first - second (or +) as the common factors, and what they multiply: a part, another, their signs."""
    if site.inner(first, "mul") is None or site.inner(second, "mul") is None:
        return None
    if first.type != result or second.type != result or first is second:
        return None
    mine, others = _leaves(site, first), _leaves(site, second)
    common = []
    for leaf in list(mine):
        if leaf in others:
            others.remove(leaf)
            mine.remove(leaf)
            common.append(leaf)
    if len(mine) != 1 or len(others) != 1 or not common or len(common) > MOST:
        return None
    sum_, rest = site.made(mine[0], "add", "sub"), others[0]
    if sum_ is None or sum_.operands[1] is not rest or sum_.operands[0] is rest:
        return None
    if any(leaf.type != result and not is_number(leaf.type) for leaf in (*common, *mine, *sum_.operands)):
        return None
    if any(not is_real(leaf.type) or not exact(leaf.type) for leaf in (*common, *sum_.operands)):
        return None
    less, cancels = sum_.name == "sub", (sum_.name == "sub") is not minus
    if product_type(FLOAT, rest.type) != rest.type or _typed(common, mine[0]) != result:
        return None
    if cancels and (sum_.operands[0].type != mine[0].type or site.number(sum_.operands[0]) is not None):
        return None
    return common, sum_.operands[0], rest, less, cancels


def _typed(common: Sequence[Value], last: Value) -> object:
    return chain_type([*_ordered(common), last])


def _ordered(leaves: Sequence[Value]) -> list[Value]:
    """Numbers first."""
    numbers = [leaf for leaf in leaves if is_number(leaf.type)]
    return numbers + [leaf for leaf in leaves if not is_number(leaf.type)]


def _made(site: Site, found: tuple[list[Value], Value, Value, bool, bool]) -> tuple[Value, Value]:
    """Emit the common product, and what it multiplies: c - 2 * y, c + 2 * y, c."""
    common, one, other, less, cancels = found
    product = chain(site, _ordered(common))
    if cancels:
        return product, one
    twice = site.apply("mul", (site.build.const(2.0), other), other.type)
    type_ = one.type if one.type == other.type or not is_number(one.type) else other.type
    return product, site.apply("sub" if less else "add", (one, twice), type_)


def _leaves(site: Site, value: Value) -> list[Value]:
    """The factors of products of derivative code in this block, wherever they are read."""
    op = site.made(value, "mul")
    if op is None or op.role == "primal" or not site.is_beside(value):
        return [value]
    found = [leaf for operand in op.operands for leaf in _leaves(site, operand)]
    return found if len(found) <= MOST else [value]


RULES: dict[str, list[Rule]] = {"add": [together], "sub": [together]}
