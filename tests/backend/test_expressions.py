"""Parentheses: the printed expression has the structure of the IR, with no more of them than Python needs."""

from __future__ import annotations

import ast
import random

import numpy as np
import pytest

from adgen.backend.emit import function_text
from adgen.ir.core import Value
from adgen.ir.types import BOOL, FLOAT, INT
from tests.backend.making import Make, func
from tests.backend.running import Run, agree, compiled, same, text
from tests.backend.test_statements import reads_as

BINARY = ("add", "sub", "mul", "div", "pow", "mod", "floordiv")
X, Y, Z = 1.7, -2.3, 0.9


def grow(b: Make, r: random.Random, leaves: tuple[Value, ...], depth: int) -> Value:
    """A random expression of floats."""
    if depth == 0 or r.random() < 0.15:
        return r.choice([*leaves, b.const(r.choice((2.0, -1.5, 0.5)))])
    kind = r.random()
    if kind < 0.2:
        return b.p("neg", grow(b, r, leaves, depth - 1), t=FLOAT)
    if kind < 0.3:
        return b.p("abs", grow(b, r, leaves, depth - 1), t=FLOAT, names=("x",))
    if kind < 0.4:
        flag = b.p(r.choice(("lt", "ge")), grow(b, r, leaves, depth - 1), grow(b, r, leaves, 1))
        sides = [lambda c: [grow(c, r, leaves, depth - 1)] for _ in range(2)]
        return b.cond(flag, *sides, t=(FLOAT,))[0]
    name = r.choice(BINARY[:4] if r.random() < 0.8 else BINARY)
    left = grow(b, r, leaves, depth - 1)
    if name in ("pow", "mod", "floordiv"):
        left = b.p("add", b.p("abs", left, t=FLOAT, names=("x",)), 1.0)
        return b.p(name, left, b.const(r.choice((2, 3, 2.5, -1.0))), t=FLOAT)
    return b.p(name, left, grow(b, r, leaves, depth - 1), t=FLOAT)


def minimal(expression: str) -> int:
    """How many parentheses Python's own printer would need."""
    return ast.unparse(ast.parse(expression, mode="eval")).count("(")


@pytest.mark.parametrize("role", ("primal", "adjoint"))
def test_random_expressions_keep_their_value_to_the_last_bit(role: str) -> None:
    for seed in range(150):
        r = random.Random(seed)

        def make(b: Make, x: Value, y: Value, z: Value) -> Value:
            b.role = role
            return grow(b, r, (x, y, z), 4)

        made = func("f", make, x=FLOAT, y=FLOAT, z=FLOAT)
        with np.errstate(all="ignore"):
            try:
                wanted = Run(made)(X, Y, Z)
            except (ZeroDivisionError, OverflowError, TypeError):
                continue
            assert same(compiled(made)(X, Y, Z), wanted), text(made)
        for line in function_text(made).text.splitlines()[1:]:
            body = line.strip().removeprefix("return ").split(" = ")[-1]
            if not body.startswith(("if", "else")):
                assert body.count("(") <= minimal(body) + 2 * body.count("-("), body


def test_the_structure_of_sums_and_products() -> None:
    def make(b: Make, x: Value, y: Value, z: Value) -> Value:
        def two(name: str, other: str) -> list[Value]:
            return [b.p(name, b.p(other, x, y), z), b.p(name, x, b.p(other, y, z))]

        sums = [*two("add", "add"), *two("sub", "add"), *two("sub", "sub"), *two("mul", "add")]
        products = [*two("mul", "mul"), *two("div", "mul"), *two("mul", "div"), *two("pow", "pow")]
        signs = [b.p("pow", b.p("neg", x), 2), b.p("neg", b.p("pow", x, 2)), b.p("neg", b.p("neg", x))]
        signs += [b.p("neg", b.p("mul", x, y)), b.p("mul", b.p("neg", x), y), b.p("pow", 2.0, b.p("neg", x))]
        signs += [b.p("pow", -1.0, 2), b.p("sub", x, -1.0), b.p("add", x, b.p("neg", y)), b.p("not", b.p("lt", x, y))]
        return b.tuple(*sums, *products, *signs)

    made = func("f", make, x=FLOAT, y=FLOAT, z=FLOAT)
    reads_as(
        made,
        """
        def f(x, y, z):
            return (
                x + y + z,
                x + (y + z),
                x + y - z,
                x - (y + z),
                x - y - z,
                x - (y - z),
                (x + y) * z,
                x * (y + z),
                x * y * z,
                x * (y * z),
                x * y / z,
                x / (y * z),
                x / y * z,
                x * (y / z),
                (x**y) ** z,
                x**y**z,
                (-x) ** 2,
                -(x**2),
                -(-x),
                -(x * y),
                -x * y,
                2.0**-x,
                (-1.0) ** 2,
                x - -1.0,
                x + -y,
                not x < y,
            )
        """,
    )
    agree(made, (1.5, 0.5, 2.0))


def test_signs_in_derivative_code() -> None:
    def make(b: Make, x: Value, y: Value, z: Value) -> Value:
        b.role = "adjoint"
        minus = b.p("neg", b.p("mul", x, y))
        items = [b.p("add", z, minus), b.p("add", b.p("neg", b.p("div", x, y)), z), b.p("sub", z, b.p("neg", x))]
        items += [b.p("add", x, b.p("mul", -2.0, y)), b.p("neg", b.p("mul", b.p("neg", x), y)), b.p("add", x, -1.0)]
        items += [b.p("add", x, b.p("neg", b.p("add", y, z))), b.p("add", b.p("neg", x), b.p("neg", y))]
        items += [b.p("sub", x, b.p("mul", b.p("mul", -3.0, y), z)), b.p("neg", b.p("sub", x, y))]
        return b.tuple(*items)

    made = func("f", make, x=FLOAT, y=FLOAT, z=FLOAT)
    reads_as(
        made,
        """
        def f(x, y, z):
            return (
                z - x * y,
                z - x / y,
                z + x,
                x - 2.0 * y,
                x * y,
                x - 1.0,
                x - (y + z),
                -x - y,
                x + 3.0 * y * z,
                -(x - y),
            )
        """,
    )
    agree(made, (1.5, 0.5, 2.0))


def test_comparisons_and_logic() -> None:
    def make(b: Make, x: Value, y: Value, n: Value) -> Value:
        chain = b.p("eq", b.p("lt", x, y), b.p("lt", y, x), t=BOOL)
        both = b.p("and", b.p("lt", x, y), b.p("or", b.p("gt", x, 0.0), b.p("not", b.p("eq", n, 3))))
        either = b.p("or", b.p("and", b.p("lt", x, y), b.p("gt", x, 0.0)), b.p("not", b.p("and", chain, both)))
        bits = b.p("bitor", b.p("bitand", n, 3, t=INT), b.p("lshift", n, b.p("add", n, 1), t=INT), t=INT)
        return b.tuple(chain, both, either, bits)

    made = func("f", make, x=FLOAT, y=FLOAT, n=INT)
    reads_as(
        made,
        """
        def f(x, y, n):
            out = (x < y) == (y < x)
            out_2 = x < y and (x > 0.0 or not n == 3)
            return out, out_2, x < y and x > 0.0 or not (out and out_2), n & 3 | n << n + 1
        """,
    )


def test_long_derivative_expressions_are_cut_and_long_user_expressions_are_not() -> None:
    def make(b: Make, *xs: Value) -> Value:
        def total(role: str) -> Value:
            b.role = role
            out = b.p("np.sin", xs[0], names=("x",))
            for k in range(1, 8):
                out = b.p("add", out, b.p("mul", b.p("np.cos", xs[k % 4], names=("x",)), xs[(k + 1) % 4]))
            return out

        return b.tuple(total("primal"), total("adjoint"))

    made = func("f", make, first=FLOAT, second=FLOAT, third=FLOAT, fourth=FLOAT)
    reads_as(
        made,
        """
        def f(first, second, third, fourth):
            # Forward sweep.
            out = (
                np.sin(first)
                + np.cos(second) * third
                + np.cos(third) * fourth
                + np.cos(fourth) * first
                + np.cos(first) * second
                + np.cos(second) * third
                + np.cos(third) * fourth
                + np.cos(fourth) * first
            )

            # Reverse sweep.
            total = np.sin(first) + np.cos(second) * third + np.cos(third) * fourth
            total = total + np.cos(fourth) * first + np.cos(first) * second
            total = total + np.cos(second) * third + np.cos(third) * fourth
            return out, total + np.cos(fourth) * first
        """,
    )
    agree(made, (1.0, 2.0, 3.0, 4.0))
