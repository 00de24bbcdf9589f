"""Values that are plain from the text: numbers, texts, flags, tuples of them, and arithmetic of numbers.

>>> def value(text):
...     return constant(ast.parse(text, mode="eval").body, lambda node: NOT_PLAIN)
>>> value("-1.5"), value("1.0 / 64"), value("(2, 'a', None)"), value("f(3)") is NOT_PLAIN, value("1 / 0") is NOT_PLAIN
(-1.5, 0.015625, (2, 'a', None), True, True)
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable

NOT_PLAIN = object()
_LARGE = 10**6  # a whole power beyond this many digits is no constant that anyone means
_UNARY: dict[type, Callable[[complex], complex]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.inv,  # type: ignore[dict-item]
    ast.Not: operator.not_,
}
_BINARY: dict[type, Callable[[complex, complex], complex]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}


def constant(node: ast.expr, name: Callable[[ast.expr], object]) -> object:
    """The value of an expression; `name` tells those of names and attributes; NOT_PLAIN where there is none."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Tuple(elts=elts):
            items = [constant(part, name) for part in elts]
            return NOT_PLAIN if any(item is NOT_PLAIN for item in items) else tuple(items)
        case ast.Name() | ast.Attribute():
            return name(node)
        case ast.UnaryOp(op=op, operand=operand):
            return _apply(_UNARY.get(type(op)), constant(operand, name))
        case ast.BinOp(left=left, op=op, right=right):
            values = constant(left, name), constant(right, name)
            if isinstance(op, ast.Pow) and not _small_power(*values):
                return NOT_PLAIN
            return _apply(_BINARY.get(type(op)), *values)
    return NOT_PLAIN


def _apply(operation: Callable[..., object] | None, *values: object) -> object:
    if operation is None or not all(isinstance(value, (int, float, complex)) for value in values):
        return NOT_PLAIN
    try:
        return operation(*values)
    except (ArithmeticError, TypeError, ValueError):
        return NOT_PLAIN


def _small_power(base: object, power: object) -> bool:
    if not isinstance(base, int) or not isinstance(power, int):
        return True
    return base.bit_length() * abs(power) < _LARGE
