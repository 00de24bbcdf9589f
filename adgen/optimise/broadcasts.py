"""Broadcasts, reductions and transposes.  Real.

np.broadcast_to(g, v.shape) * v      g * v              v has that shape, so the types prove
np.full_like(z * z, 1.0) * z         1.0 * z            z * z has the shape of z, whatever that is
t - np.broadcast_to(g, v.shape) * y  t - g * y          t has that shape, and y is as long, or the program had stopped
np.sum(a * b)                        np.vdot(a, b)      equal shapes, equal real dtypes
np.sum(s * a)                        s * np.sum(a)      s a number
np.vdot(np.ones_like(a), a)          np.sum(a)
x.T.T                                x
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.ir.core import Op, Value
from adgen.ir.types import FLOAT, INT, Array, Ref
from adgen.optimise.facts import alike, exact, is_array, is_number, is_real, keeps, product_type
from adgen.optimise.products import chain, chain_type, factors
from adgen.optimise.rewrite import Rule, Site, needs
from adgen.rules.table import lookup

SPREAD = ("np.broadcast_to", "np.full_like", "np.ones_like")
SPREADING = ("add", "sub", "mul", "div", "pow", "np.where", "np.maximum", "np.minimum")


@needs("index", *SPREAD)
def unspread(site: Site, op: Op) -> Op | None:
    """An elementwise operand that was broadcast beside one that has the result's shape anyway."""
    for place, operand in enumerate(op.operands):
        behind = _behind(site, operand)
        others = op.operands[:place] + op.operands[place + 1 :]
        if behind is None or not any(_decides(op, other) or _spread_to(site, op, operand, other) for other in others):
            continue
        if not _same_dtype(op, behind, others):
            continue
        operands = op.operands[:place] + (_emitted(site, behind),) + op.operands[place + 1 :]
        return site.redo(op, op.name, operands)
    return None


@needs("mul")
def unspread_term(site: Site, op: Op) -> Op | None:
    """A term of a sum that is an array times a number that was broadcast, beside a term of the result's shape."""
    for place, operand in enumerate(op.operands):
        other, found = op.operands[1 - place], site.inner(operand, "mul")
        if found is None or other.type != op.result.type:
            continue
        for spread, array in (found.operands, found.operands[::-1]):
            number = number_behind(site, spread)
            if number is None or not alike(array.type, other.type) or not is_real(array.type):
                continue
            factor = _emitted(site, number)
            if product_type(factor.type, array.type) == array.type:
                term = site.apply("mul", (factor, array), array.type)
                return site.redo(op, op.name, (term, other) if place == 0 else (other, term))
    return None


def _behind(site: Site, value: Value) -> Value | float | None:
    """The number, or the smaller array, that was broadcast."""
    found = site.made(value, "np.broadcast_to")
    if found is not None and found.role != "primal" and is_array(found.operands[0].type):
        return found.operands[0]
    return number_behind(site, value)


def number_behind(site: Site, value: Value) -> Value | float | None:
    """The number that all elements of a value are."""
    found = site.define(value)
    if found is not None and found.kind == "index" and found.role != "primal" and _only_new_axes(found):
        return number_behind(site, found.operands[0])
    found = site.made(value, *SPREAD)
    if found is None or found.role == "primal":
        return None
    if found.name == "np.ones_like":
        return 1.0 if len(found.operands) == 1 and is_real(value.type) else None
    if len(found.operands) != 2:
        return None
    number = found.operands[0 if found.name == "np.broadcast_to" else 1]
    return number if is_number(number.type) else None


def _only_new_axes(op: Op) -> bool:
    """Whether an index only makes new axes."""
    spec = op.attrs["spec"]
    return isinstance(spec, tuple) and all(part in ("n", "s000") for part in spec)


def _emitted(site: Site, behind: Value | float) -> Value:
    """The number as a value."""
    return behind if isinstance(behind, Value) else site.build.const(behind)


def _decides(op: Op, other: Value) -> bool:
    """Whether the other operand has the result's shape, and dtype unless it is a condition."""
    condition = op.name == "np.where" and other is op.operands[0]
    result = op.result.type
    if condition and isinstance(other.type, Array) and isinstance(result, Array):
        return other.type.shape == result.shape and exact(result)
    return not condition and other.type == result and is_array(result)


def _spread_to(site: Site, op: Op, spread: Value, other: Value) -> bool:
    """Whether a Python number was spread to the shape of an expression that has the other operand's: z * z has z's."""
    found = site.made(spread, "np.full_like", "np.ones_like")
    if found is None or op.name == "np.where" or other.type != op.result.type:
        return False
    return _like(site, found.operands[0], other, 3) and all(v.type == FLOAT for v in found.operands[1:])


def _like(site: Site, value: Value, other: Value, depth: int) -> bool:
    """Whether a value is an elementwise expression of `other` and Python numbers: of the same shape and dtype."""
    if value is other:
        return True
    op = site.define(value)
    rule = lookup(op.name) if op is not None and op.kind == "prim" else None
    if op is None or rule is None or rule.kind != "elementwise" or depth == 0:
        return False
    parts = [operand for operand in op.operands if operand.type not in (FLOAT, INT)]
    return bool(parts) and all(_like(site, part, other, depth - 1) for part in parts)


def _same_dtype(op: Op, narrow: Value | float, others: Sequence[Value]) -> bool:
    """Whether the number does not change the result's dtype; a Python number does not, beside an array of that."""
    result = op.result.type
    if isinstance(narrow, Value) and isinstance(narrow.type, Array):
        return isinstance(result, Array) and narrow.type.dtype == result.dtype
    if op.name != "np.where" or (isinstance(result, Array) and result.dtype == "f8"):
        return True
    return any(other.type == result for other in others if other is not op.operands[0])


@needs("np.broadcast_to")
def scale_before(site: Site, op: Op) -> Op | None:
    """c * broadcast(s), -broadcast(s), broadcast(s) / c: the number is scaled, then broadcast."""
    for place, operand in enumerate(op.operands):
        found = site.inner(operand, "np.broadcast_to")
        others = op.operands[:place] + op.operands[place + 1 :]
        if found is None or not all(is_number(v.type) for v in others):
            continue
        if not (is_number(found.operands[0].type) or is_array(found.operands[0].type)):
            continue
        operands = op.operands[:place] + found.operands[:1] + op.operands[place + 1 :]
        type_ = operands[0].type if len(operands) == 1 else product_type(operands[0].type, operands[1].type)
        if type_ is None or operand.type != op.result.type:
            continue
        made = site.apply(op.name, operands, type_)
        return site.redo(op, "np.broadcast_to", (made, *found.operands[1:]))
    return None


@needs("np.ones_like", "np.full_like")
def filled(site: Site, op: Op) -> Op | None:
    """c * ones, full / c, -full: the number is computed first, the array filled with it."""
    for place, operand in enumerate(op.operands):
        found, behind = site.inner(operand, "np.ones_like", "np.full_like"), number_behind(site, operand)
        if op.name == "mul" and behind == 1.0:
            found = site.made(operand, "np.ones_like", "np.full_like")  # others may read the ones
        others = op.operands[:place] + op.operands[place + 1 :]
        if found is None or behind is None or not all(is_number(v.type) for v in others):
            continue
        if operand.type != op.result.type:
            continue
        number = behind.type if isinstance(behind, Value) else FLOAT
        type_ = product_type(number, others[0].type) if others else number
        if type_ is not None and is_real(type_):
            operands = op.operands[:place] + (_emitted(site, behind),) + op.operands[place + 1 :]
            return site.redo(op, "np.full_like", (found.operands[0], site.apply(op.name, operands, type_)))
    return None


def broadcast(site: Site, op: Op) -> Value | Op | None:
    """To the shape that it has; of a broadcast."""
    operand = op.operands[0]
    if operand.type == op.result.type and is_array(operand.type):
        return operand
    if found := site.inner(operand, "np.broadcast_to"):
        return site.redo(op, "np.broadcast_to", (found.operands[0], *op.operands[1:]))
    return None


def stored(site: Site, op: Op) -> Op | None:
    """A store broadcasts by itself."""
    ref, content = op.operands
    behind = number_behind(site, content)
    if behind is None or not isinstance(ref.type, Ref) or ref.type.content != content.type or not exact(content.type):
        return None
    return replace(op, operands=(ref, _emitted(site, behind)))


def total(site: Site, op: Op) -> Op | None:
    """The sum over all elements of a negative, of a product, of a broadcast."""
    if len(op.operands) != 1 or not is_number(op.result.type):
        return None
    (operand,) = op.operands
    result = op.result.type
    if not is_array(operand.type) or not is_real(operand.type) or not isinstance(operand.type, Array):
        return None
    if found := site.inner(operand, "neg"):
        return site.redo(op, "neg", (site.apply("np.sum", found.operands, result),))
    if found := site.inner(operand, "np.broadcast_to"):
        return _count(site, op, found)
    return _product(site, op, operand)


def _count(site: Site, op: Op, found: Op) -> Op | None:
    """The sum of a broadcast number: the number times the size."""
    shape = site.made(found.operands[1], "attr.shape")
    if shape is None or not is_number(found.operands[0].type):
        return None
    size = site.apply("attr.size", shape.operands, INT)
    return site.redo(op, "mul", (found.operands[0], size))


def _product(site: Site, op: Op, operand: Value) -> Op | None:
    """The sum of a product: numbers go outside, two arrays of one type are a dot product."""
    leaves = factors(site, operand)
    numbers = [leaf for leaf in leaves if is_number(leaf.type)]
    arrays = [leaf for leaf in leaves if not is_number(leaf.type)]
    if len(leaves) < 2 or not arrays or not all(leaf.type == operand.type for leaf in arrays):
        return None
    if numbers and not all(is_real(leaf.type) or site.number(leaf) is not None for leaf in numbers):
        return None
    if numbers and chain_type([*numbers, arrays[0]]) != operand.type:
        return None
    if not numbers:
        return None if len(arrays) < 2 else site.redo(op, "np.vdot", (chain(site, arrays[:-1]), arrays[-1]))
    name, parts = ("np.vdot", (chain(site, arrays[:-1]), arrays[-1])) if len(arrays) > 1 else ("np.sum", (arrays[0],))
    return site.redo(op, "mul", (chain(site, numbers), site.apply(name, parts, op.result.type)))


def dot(site: Site, op: Op) -> Op | None:
    """The dot product with a broadcast number: a sum."""
    for one, other in (op.operands, op.operands[::-1]):
        behind = number_behind(site, one)
        if behind is None or one.type != other.type or not is_array(other.type) or not is_real(other.type):
            continue
        number = _emitted(site, behind)
        if product_type(number.type, op.result.type) == op.result.type:
            return site.redo(op, "mul", (number, site.apply("np.sum", (other,), op.result.type)))
    return None


def transposed(site: Site, op: Op) -> Value | None:
    """The transpose of a transpose."""
    if len(op.operands) != 1:
        return None
    found = site.made(op.operands[0], "attr.T", "np.transpose")
    if found is None or len(found.operands) != 1 or not keeps(op.result.type, found.operands[0].type):
        return None
    return found.operands[0]


RULES: dict[str, list[Rule]] = {
    **{name: [unspread] for name in SPREADING},
    "add": [unspread, unspread_term],
    "sub": [unspread, unspread_term],
    "mul": [unspread, scale_before, filled],
    "div": [unspread, scale_before, filled],
    "neg": [scale_before, filled],
    "np.broadcast_to": [broadcast],
    "store": [stored],
    "np.sum": [total],
    "np.vdot": [dot],
    "attr.T": [transposed],
    "np.transpose": [transposed],
}
