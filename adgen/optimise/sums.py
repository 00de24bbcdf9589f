"""Sums and signs.  Real.

a + -b             a - b
t + t              2.0 * t
zeros_like(x) + g  g                g has x's shape
-(a - b)           b - a
"""

from __future__ import annotations

from adgen.ir.core import Op, Value
from adgen.ir.types import FLOAT
from adgen.optimise.facts import exact, is_array, is_number, is_real, keeps
from adgen.optimise.rewrite import Rule, Site


def literals(site: Site, op: Op) -> Op | None:
    """Two literals."""
    first, second = (site.number(operand) for operand in op.operands)
    if first is None or second is None:
        return None
    return site.literal(op, first + second if op.name == "add" else first - second)


def zeros(site: Site, op: Op) -> Value | Op | None:
    """x + 0, 0 + x, x - 0, 0 - x."""
    first, second = op.operands
    if is_zero(site, second) and _alone(op, first, second):
        return first
    if is_zero(site, first) and _alone(op, second, first):
        return second if op.name == "add" else site.redo(op, "neg", (second,))
    return None


def is_zero(site: Site, value: Value) -> bool:
    """A literal zero, or zeros made by the compiler."""
    spread = site.made(value, "np.broadcast_to")
    if spread is not None:
        return is_zero(site, spread.operands[0])
    return site.number(value) == 0 or site.made(value, "zeros_like", "np.zeros_like", "np.zeros") is not None


def filled(site: Site, op: Op) -> Op | None:
    """zeros_like(x) + 1.0 is ones_like(x), with another number full_like."""
    for zero, number in (op.operands, op.operands[::-1]):
        found = site.made(zero, "zeros_like")
        if found is None or not is_array(zero.type) or zero.type != op.result.type or number.type != FLOAT:
            continue
        if site.number(number) == 1.0:
            return site.redo(op, "np.ones_like", found.operands)
        return site.redo(op, "np.full_like", (found.operands[0], number))
    return None


def _alone(op: Op, operand: Value, zero: Value) -> bool:
    """Whether the operand alone has the shape and the dtype of its sum with the zero."""
    return keeps(op.result.type, operand.type) and (exact(operand.type) or is_number(zero.type))


def signs(site: Site, op: Op) -> Op | None:
    """a + -b, -a + b, a - -b."""
    first, second = op.operands
    if (positive := _positive(site, second)) is not None:
        return site.redo(op, "sub" if op.name == "add" else "add", (first, positive))
    if op.name == "add" and (positive := _positive(site, first)) is not None:
        return site.redo(op, "sub", (second, positive))
    return None


def _positive(site: Site, value: Value) -> Value | None:
    """What the value is the negative of, if it is written as one."""
    found = site.made(value, "neg")
    return found.operands[0] if found is not None and found.role != "primal" else None


def like_terms(site: Site, op: Op) -> Value | Op | None:
    """c * t + d * t."""
    (one, term), (other, term2) = (_term(site, operand) for operand in op.operands)
    if term is not term2 or op.result.type != term.type or not is_real(term.type):
        return None
    total = one + other if op.name == "add" else one - other
    if total == 0:
        return None
    return term if total == 1 else site.redo(op, "mul", (site.build.const(total), term))


def _term(site: Site, value: Value) -> tuple[float, Value]:
    """Literal factor and the rest."""
    found = site.inner(value, "mul")
    number = site.number(found.operands[0]) if found is not None else None
    return (1.0, value) if found is None or number is None else (float(number), found.operands[1])


def negative(site: Site, op: Op) -> Value | Op | None:
    """The negative of a literal, a negative, a difference."""
    (operand,) = op.operands
    number = site.number(operand)
    if number is not None:
        return site.literal(op, -number)
    found = site.made(operand, "neg")
    if found is not None and keeps(op.result.type, found.operands[0].type):
        return found.operands[0]
    if found := site.inner(operand, "sub"):
        return site.redo(op, "sub", (found.operands[1], found.operands[0]))
    return None


RULES: dict[str, list[Rule]] = {
    "add": [literals, zeros, filled, signs, like_terms],
    "sub": [literals, zeros, signs, like_terms],
    "neg": [negative],
}
