"""Numbers that are known: literals, and arithmetic of literals.

    root = s ** (1.0 / 3.0)        the exponent is known, and not 0: its derivative needs no test

>>> from adgen.ir.build import Builder
>>> from adgen.ir.core import Func
>>> from adgen.rules.apply import apply
>>> b = Builder()
>>> third = apply(b, "div", [b.const(1.0), b.const(3.0)])
>>> known_numbers(Func("f", (), b.block([third])))[third]
0.3333333333333333
"""

from __future__ import annotations

import operator
from collections.abc import Callable

from adgen.ir.core import Func, Op, Value
from adgen.ir.walk import walk

ARITHMETIC: dict[str, Callable[..., float]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
}


def known_numbers(func: Func) -> dict[Value, object]:
    """The value of each literal, and of each number that is computed from literals alone."""
    found: dict[Value, object] = {}
    for op in walk(func.block):
        if op.kind == "const":
            found[op.result] = op.attrs["value"]
        elif op.kind == "prim" and op.name in ARITHMETIC:
            number = _computed(op, found)
            if number is not None:
                found[op.result] = number
    return found


def _computed(op: Op, found: dict[Value, object]) -> float | None:
    """The number that the operation gives, if its operands are known and it does not fail."""
    numbers = [found.get(operand) for operand in op.operands]
    if any(type(number) not in (int, float) for number in numbers):
        return None
    if op.name == "div" and numbers[1] == 0:
        return None  # it raises when it runs
    try:
        return ARITHMETIC[op.name](*numbers)
    except OverflowError:
        return None  # an integer that no float can hold: the program finds out
