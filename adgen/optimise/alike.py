"""Adjoints that have the shape of their value by the way in which both were made.  Exact.

e = np.exp(w[:n])                    of unknown size
z = 1.0 + e
z_bar = np.zeros_like(z)
e_bar = _unbroadcast(z_bar * z, e)   e_bar = z_bar * z
"""

from __future__ import annotations

from collections.abc import Hashable

from adgen.ir.core import Op, Value
from adgen.ir.types import Array, Ref, Scalar, Type
from adgen.optimise.facts import is_number
from adgen.optimise.rewrite import Rule, Site
from adgen.rules.table import lookup

SHAPED = ("zeros_like", "np.zeros_like", "np.ones_like", "np.empty_like", "copy", "np.copy")  # as their operand


def unbroadcast(site: Site, op: Op) -> Value | None:
    """Nothing is to be summed where no axis was broadcast."""
    g, like = op.operands
    own, other = g.type, like.type
    if not isinstance(own, Array) or not isinstance(other, Array) or own.dtype is None or own.dtype != other.dtype:
        return None
    if not own.shape or not other.shape or len(own.shape) != len(other.shape):
        return None
    known: dict[Value, Hashable] = {}
    return g if _origin(site, g, known) == _origin(site, like, known) else None


def _origin(site: Site, value: Value, known: dict[Value, Hashable]) -> Hashable:
    """What decides the shape of an array, or of memory that holds one: equal answers mean equal shapes."""
    if value not in known:
        known[value] = value
        place = _array(value.type)
        if place is not None and place.shape is not None and None not in place.shape:
            known[value] = place.shape
        elif (op := site.define(value)) is not None:
            known[value] = _made(site, op, known)
    return known[value]


def _array(type_: Type) -> Array | None:
    """The array that a value is, or that it refers to."""
    content = type_.content if isinstance(type_, Ref) else type_
    return content if isinstance(content, Array) else None


def _made(site: Site, op: Op, known: dict[Value, Hashable]) -> Hashable:
    """The same, by the operation that makes it; the result itself where that does not tell."""
    if not op.operands or _array(op.operands[0].type) is None and op.kind != "prim":
        return op.results[0]
    if op.kind in ("alloc", "load", "view", "index") and _in_a_list(site, op.operands[0]):
        return op.results[0]  # another array may have taken its place meanwhile
    if op.kind in ("alloc", "load"):
        return _origin(site, op.operands[0], known)
    if op.kind in ("view", "index"):
        if "spec" not in op.attrs or any(isinstance(place.type, Ref) for place in op.operands[1:]):
            return op.results[0]  # a mask in memory may have changed
        numbers = (site.number(place) for place in op.operands[1:])
        places = (place if number is None else number for place, number in zip(op.operands[1:], numbers, strict=True))
        return (_origin(site, op.operands[0], known), op.attrs["spec"], *places)
    if op.kind != "prim":
        return op.results[0]
    if op.name in SHAPED and len(op.operands) == 1:
        return _origin(site, op.operands[0], known)
    if op.name == "unbroadcast":
        return _origin(site, op.operands[1], known)
    rule = lookup(op.name)
    wide = [operand for operand in op.operands if not (isinstance(operand.type, Scalar) or is_number(operand.type))]
    if rule is None or rule.kind != "elementwise" or not wide:
        return op.results[0]
    if not all(isinstance(operand.type, Array) and operand.type.shape for operand in wide):
        return op.results[0]
    origins = {_origin(site, operand, known) for operand in wide}
    return origins.pop() if len(origins) == 1 else op.results[0]


def _in_a_list(site: Site, ref: Value) -> bool:
    """Whether a reference leads through the place of an array in a list or structure."""
    op = site.define(ref)
    while op is not None and op.kind == "view":
        if _array(op.operands[0].type) is None:
            return True
        op = site.define(op.operands[0])
    return False


RULES: dict[str, list[Rule]] = {"unbroadcast": [unbroadcast]}
