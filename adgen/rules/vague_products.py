"""Adjoints of `a @ b` and `np.dot(a, b)` where the ranks of the arrays are known at run time only.

    y = a @ b      ->      a_bar = _matmul_left(y_bar, a, b)
                           b_bar = _matmul_right(y_bar, a, b)

The two sides of one product are bilinear and stand for each other's derivatives, so that any order is there:
with `h` the adjoint of `a_bar`, that of `y_bar` is `h @ b` and that of `b` is `_matmul_right(y_bar, h, b)`.
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, plain, rank_of
from adgen.rules.kinds import general

SIDES = {"a": "left", "b": "right"}


def vague(call: Call) -> bool:
    """Whether the rank of an operand is not known."""
    return any(rank_of(as_content(call.values[name].type)) is None for name in SIDES)


def side(call: Call, g: Value, own: str, product: str) -> Value:
    """The adjoint of one operand, found at run time."""
    return apply(call.b, f"{product}_{SIDES[own]}", (g, call.values["a"], call.values["b"]))


def _declare(product: str) -> None:
    """The rules of both sides; each is linear in `g` and in the operand of the other side."""
    left, right = f"{product}_left", f"{product}_right"
    # with h the adjoint of a_bar:  <h, left(g, a, b)> = <g, h @ b>, and so for the right side
    general(
        f"{left}(g, a, b)",
        vjp={
            "g": lambda call, h: apply(call.b, product, (h, call.values["b"])),
            "b": lambda call, h: apply(call.b, right, (call.values["g"], h, call.values["b"])),
        },
        jvp={
            "g": lambda call, dot: apply(call.b, left, (dot, call.values["a"], call.values["b"])),
            "b": lambda call, dot: apply(call.b, left, (call.values["g"], call.values["a"], dot)),
        },
        infer=lambda facts: plain(facts.type("a")),
        doc=f"the adjoint of a in `{product}` of a and b; only where their ranks are not known",
    )
    general(
        f"{right}(g, a, b)",
        vjp={
            "g": lambda call, h: apply(call.b, product, (call.values["a"], h)),
            "a": lambda call, h: apply(call.b, left, (call.values["g"], call.values["a"], h)),
        },
        jvp={
            "g": lambda call, dot: apply(call.b, right, (dot, call.values["a"], call.values["b"])),
            "a": lambda call, dot: apply(call.b, right, (call.values["g"], dot, call.values["b"])),
        },
        infer=lambda facts: plain(facts.type("b")),
        doc=f"the adjoint of b in `{product}` of a and b; only where their ranks are not known",
    )


for _product in ("matmul", "np.dot"):
    _declare(_product)
