"""Whole numbers as sums: loop indices, lengths and constants; and what is never negative.

    for i in range(1, n):        i - 1 is never negative: i is at least 1
        x[i - 1]                 n - 1 - i is not, either: i is below n

Lengths of one symbol are one unknown, wherever they were asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from adgen.ir.core import Op, Value
from adgen.ir.types import INT, Array, Ref, Sym

Unknown = object
Sum = dict[object, int]  # how often each unknown is counted; the constant stands at None
DEEP = 8


@dataclass
class Bounds:
    """What is known of unknowns: the least and the greatest each can be; inner ones later, for they lean on outer."""

    least: dict[object, Sum | None] = field(default_factory=dict)
    most: dict[object, Sum | None] = field(default_factory=dict)

    def never_negative(self, total: Sum | None) -> bool:
        """Whether a sum is proven to be zero or more, given that each range has a pass."""
        if total is None:
            return False
        return self._proven(total) or any(self._proven(plus(total, range_, -1)) for range_ in self._ranges())

    def _ranges(self) -> list[Sum]:
        """What is not negative because a pass of each loop is run: its last index less its first."""
        pairs = ((self.most[unknown], low) for unknown, low in self.least.items())
        return [plus(high, low, -1) for high, low in pairs if high is not None and low is not None]

    def _proven(self, total: Sum) -> bool:
        for unknown in reversed(list(self.least)):
            count = total.get(unknown, 0)
            if count == 0:
                continue
            bound = self.least[unknown] if count > 0 else self.most[unknown]
            if bound is None:
                return False
            rest = {key: times for key, times in total.items() if key is not unknown}
            total = plus(rest, bound, count)
        return all(count >= 0 and (key is None or isinstance(key, Sym)) for key, count in total.items() if count)


def plus(first: Sum, second: Sum, times: int = 1) -> Sum:
    """first + times * second."""
    out = dict(first)
    for key, count in second.items():
        out[key] = out.get(key, 0) + times * count
    return out


def constant(number: int) -> Sum:
    """A number as a sum."""
    return {None: number}


def sum_of(value: Value, defs: Mapping[Value, Op], depth: int = DEEP) -> Sum | None:
    """A whole number as a sum of unknowns; None for what is no Python whole number."""
    if value.type != INT:
        return None
    op = defs.get(value)
    if op is None or depth == 0:
        return {value: 1}
    if op.kind == "const":
        number = op.attrs["value"]
        return constant(number) if type(number) is int else None
    length = _length(op, defs)
    if length is not None:
        return length
    if op.kind == "prim" and op.name in ("add", "sub", "neg", "mul"):
        parts = [sum_of(operand, defs, depth - 1) for operand in op.operands]
        found = _combined(op.name, parts)
        return {value: 1} if found is None else found
    return {value: 1}


def _combined(name: str, parts: list[Sum | None]) -> Sum | None:
    """A sum, a difference, a negative, a product with a constant."""
    if any(part is None for part in parts):
        return None
    first, *rest = [part for part in parts if part is not None]
    if name == "neg":
        return plus({}, first, -1)
    second = rest[0]
    if name in ("add", "sub"):
        return plus(first, second, 1 if name == "add" else -1)
    for one, other in ((first, second), (second, first)):
        if all(key is None for key, count in one.items() if count):
            return plus({}, other, one.get(None, 0))
    return None


def _length(op: Op, defs: Mapping[Value, Op]) -> Sum | None:
    """len(x), x.shape[k]: the symbol of that axis, or its number."""
    axis = 0
    asked = op.operands[0] if op.operands else None
    if op.kind == "index" and asked is not None and op.attrs.get("spec") == ("i",):
        place = defs.get(op.operands[1])
        axis = place.attrs["value"] if place is not None and place.kind == "const" else None  # type: ignore[assignment]
        shape = defs.get(asked)
    elif op.kind == "item" and asked is not None:
        axis, shape = op.attrs["slot"], defs.get(asked)  # type: ignore[assignment]
    elif op.kind == "prim" and op.name == "len":
        return _dimension(asked, 0)
    else:
        return None
    if shape is None or shape.kind != "prim" or shape.name != "attr.shape" or type(axis) is not int:
        return None
    return _dimension(shape.operands[0], axis)


def _dimension(array: Value | None, axis: int) -> Sum | None:
    """The length of an axis by the type."""
    type_ = array.type if array is not None else None
    type_ = type_.content if isinstance(type_, Ref) else type_
    if not isinstance(type_, Array) or type_.shape is None or not -len(type_.shape) <= axis < len(type_.shape):
        return None
    dim = type_.shape[axis]
    if isinstance(dim, Sym):
        return {dim: 1}
    return constant(dim) if isinstance(dim, int) else None
