"""What the tests of single passes share: run a pass, compare the text, check validity."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

from adgen.ir.core import Func, Op, Value
from adgen.ir.show import show
from adgen.ir.verify import verify
from adgen.ir.walk import defs

SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**", "matmul": "@"}


def becomes(func: Func, change: Callable[[Func], Func], text: str) -> None:
    """The pass makes exactly this of the function (its text without the head)."""
    assert verify(func) == []
    after = change(func)
    assert verify(after) == []
    found = dedent("\n".join(show(after).splitlines()[1:]))
    assert found.strip() == dedent(text).strip(), "\n" + found


def stays(func: Func, change: Callable[[Func], Func]) -> None:
    """The pass leaves the function as it is."""
    assert verify(func) == []
    assert change(func) is func, show(change(func))


def formula(func: Func) -> str:
    """The function's result as one expression."""
    made = defs(func)

    def text(value: Value) -> str:
        op = made.get(value)
        if op is None:
            return value.hint
        if op.kind == "const":
            return str(op.attrs["text"])
        return _text(op, [text(operand) for operand in op.operands])

    return text(func.result)


def _text(op: Op, parts: list[str]) -> str:
    if op.name in SIGNS:
        return f"({parts[0]} {SIGNS[op.name]} {parts[1]})"
    if op.name == "neg":
        return f"-{parts[0]}"
    if op.name.startswith("attr."):
        return f"{parts[0]}.{op.name[5:]}"
    return f"{op.name or op.kind}({', '.join(parts)})"
