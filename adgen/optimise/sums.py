"""Sums and signs.  Real.

a + -b             a - b
t + t              2.0 * t
s + t + t          s + 2.0 * t
c * a - c * b      c * (a - b)
zeros_like(x) + g  g                g has x's shape
-(a - b)           b - a
"""

from __future__ import annotations

from adgen.ir.core import Op, Value
from adgen.ir.types import FLOAT, Type
from adgen.optimise.facts import alike, exact, is_array, is_complex, is_number, is_real, keeps
from adgen.optimise.rewrite import Rule, Site, needs

ZEROS = ("const", "np.broadcast_to", "zeros_like", "np.zeros_like", "np.zeros")  # by what they are made
MOST = 6  # factors of a product that is compared with another


@needs("const")
def literals(site: Site, op: Op) -> Op | None:
    """Two literals."""
    first, second = (site.number(operand) for operand in op.operands)
    if first is None or second is None:
        return None
    return site.literal(op, first + second if op.name == "add" else first - second)


@needs(*ZEROS)
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
    return site.number(value) == 0 or site.made(value, *ZEROS[2:]) is not None


@needs("zeros_like")
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


@needs("neg")
def signs(site: Site, op: Op) -> Op | None:
    """a + -b, -a + b, a - -b; but -a + -a is twice one term."""
    first, second = op.operands
    if first is second:
        return None
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
    """c * t + d * t, and s + c * t + d * t."""
    first, second = op.operands
    sign = 1.0 if op.name == "add" else -1.0
    found = _together(site, first, second, sign, op.result.type)
    if found is not None:
        return found if isinstance(found, Value) else site.redo(op, found[0], found[1])
    chain = site.inner(first, "add", "sub")
    if chain is None or first.type != op.result.type or not is_real(first.type):
        return None
    rest, term = chain.operands
    inner_sign = 1.0 if chain.name == "add" else -1.0
    beside = rest.type == FLOAT and term.type == op.result.type  # a number beside arrays
    if second.type != term.type or not (rest.type == op.result.type or beside):
        return None
    merged = _together(site, term, second, sign * inner_sign, term.type)
    if merged is not None:
        return site.redo(op, chain.name, (rest, _written(site, merged, term.type)))
    merged = _together(site, rest, second, sign, rest.type) if rest.type == second.type else None
    return None if merged is None else site.redo(op, chain.name, (_written(site, merged, rest.type), term))


def _written(site: Site, merged: Value | tuple[str, list[Value]], type_: Type) -> Value:
    """The sum of two terms as a value."""
    return merged if isinstance(merged, Value) else site.apply(merged[0], merged[1], type_)


def _together(
    site: Site, first: Value, second: Value, sign: float, type_: Type
) -> Value | tuple[str, list[Value]] | None:
    """The sum of two terms that are equal up to a number: a value, or a product to be made."""
    (one, term), (other, term2) = _term(site, first), _term(site, second)
    if type_ != term.type or not is_real(type_):
        return None
    if term is not term2:
        if not exact(type_) or site.made(term, "mul", "neg") is None or site.made(term2, "mul", "neg") is None:
            return None
        mine, others = _factors(site, first, MOST), _factors(site, second, MOST)
        if mine is None or others is None or not mine[0] or set(mine[1]) != set(others[1]):
            return None
        if sorted(mine[1], key=id) != sorted(others[1], key=id):
            return None
        other = one * (others[0] / mine[0])
        if others[0] != other / one * mine[0] or len(repr(one + sign * other)) > 6:
            return None  # no number that a person would write
    total = one + sign * other
    if total == 0:
        return None
    return term if total == 1 else ("mul", [site.build.const(total), term])


def _factors(site: Site, value: Value, most: int) -> tuple[float, list[Value]] | None:
    """A literal factor and all others, wherever the products are made: x * (x * g), like (g * x) * x.

    None where there are more than `most` (a product of products of products has no end).
    """
    number = site.number(value)
    if number is not None:
        return number, []
    op = site.made(value, "mul", "neg")
    if op is None:
        return (1.0, [value]) if most > 0 else None
    if op.name == "neg":
        found = _factors(site, op.operands[0], most)
        return None if found is None else (-found[0], found[1])
    first = _factors(site, op.operands[0], most - 1)
    second = None if first is None else _factors(site, op.operands[1], most - len(first[1]))
    if first is None or second is None or len(first[1]) + len(second[1]) > most:
        return None
    return first[0] * second[0], first[1] + second[1]


def _term(site: Site, value: Value) -> tuple[float, Value]:
    """Literal factor and the rest."""
    found = site.inner(value, "mul")
    number = site.number(found.operands[0]) if found is not None else None
    return (1.0, value) if found is None or number is None else (float(number), found.operands[1])


@needs("mul", "div")
def common_factor(site: Site, op: Op) -> Op | None:
    """c * a + c * b is c * (a + b), a / c + b / c is (a + b) / c, for a number c and arrays, or c of one kind."""
    first, second = (site.inner(operand, "mul", "div") for operand in op.operands)
    if first is None or second is None or first.name != second.name:
        return None
    for place in (0, 1) if first.name == "mul" else (1,):
        factor, one = first.operands[place], first.operands[1 - place]
        if factor not in second.operands[place if first.name == "div" else 0 :]:
            continue
        other = second.operands[1 - second.operands.index(factor)] if first.name == "mul" else second.operands[0]
        if one.type != op.result.type or not alike(one.type, other.type) or not is_real(one.type):
            continue
        inner = site.apply(op.name, (one, other), op.result.type)
        return site.redo(op, first.name, (factor, inner) if place == 0 or first.name == "mul" else (inner, factor))
    return None


@needs("div")
def common_quotient(site: Site, op: Op) -> Op | None:
    """a / c - b / c * y is (a - b * y) / c: the tangent of a quotient."""
    first, product = site.inner(op.operands[0], "div"), site.inner(op.operands[1], "mul")
    second = None if product is None else site.inner(product.operands[0], "div")
    if first is None or product is None or second is None or first.operands[1] is not second.operands[1]:
        return None
    type_ = op.result.type
    parts = (first.operands[0], second.operands[0], product.operands[1])
    if not exact(type_) or any(part.type != type_ for part in parts):
        return None
    moved = site.apply("mul", parts[1:], type_)
    return site.redo(op, "div", (site.apply(op.name, (parts[0], moved), type_), first.operands[1]))


@needs("const", "neg", "sub")
def negative(site: Site, op: Op) -> Value | Op | None:
    """The negative of a literal, a negative, a difference."""
    (operand,) = op.operands
    number = site.number(operand)
    if number is not None:
        return site.literal(op, -number)
    found = site.made(operand, "neg")
    if found is not None and keeps(op.result.type, found.operands[0].type):
        return found.operands[0]
    if (found := site.inner(operand, "sub")) and not is_complex(op.result.type):  # whose zeros have signs that tell
        return site.redo(op, "sub", (found.operands[1], found.operands[0]))
    return None


RULES: dict[str, list[Rule]] = {
    "add": [literals, zeros, filled, signs, like_terms, common_factor],
    "sub": [literals, zeros, signs, like_terms, common_factor, common_quotient],
    "neg": [negative],
}
