"""Products: one literal in front, signs outside, numbers before arrays.  Real.

y_bar * (2.0 * x)         2.0 * y_bar * x
2.0 * (0.5 * x)           x
2.0 * (0.5 * x / y)       x / y
2.0 * (s[:, None] * x)    2.0 * s[:, None] * x
(-g) * x                  -(g * x)
(a / d) * d               a
t * x / sqrt(x)           t * sqrt(x)
1.0 / n * x               x / n                n a whole number: of elements
t * r / d                 c / s * r         t = c * d / s, read for such only
(w * s) * t               s * t * w         w an array, s and t numbers: one product of arrays less
"""

from __future__ import annotations

from adgen.ir.core import Block, Op, Value
from adgen.ir.types import FLOAT, INT, Array, Type
from adgen.optimise.facts import exact, is_array, is_number, is_real, keeps, product_type
from adgen.optimise.rewrite import Rule, Site, needs


@needs("const")
def literals(site: Site, op: Op) -> Value | Op | None:
    """Both are literals; or one is 1, -1, or stands behind."""
    first, second = op.operands
    number, other = site.number(first), site.number(second)
    if number is not None and other is not None:
        return site.literal(op, number * other)
    if other is not None:
        return site.redo(op, "mul", (second, first))
    if number == 0 and op.result.type == FLOAT:
        return site.literal(op, 0.0)
    if number == 1 and keeps(op.result.type, second.type):
        return second
    if number is not None and number < 0:
        return _negated(site, op, number)
    return None


def _negated(site: Site, op: Op, number: float) -> Op | None:
    """A negative literal times something: the sign goes outside."""
    second = op.operands[1]
    if number == -1:
        return site.redo(op, "neg", (second,)) if keeps(op.result.type, second.type) else None
    made = site.apply(op.name, (site.build.const(-number), second), op.result.type)
    return site.redo(op, "neg", (made,))


@needs("const")
def merge(site: Site, op: Op) -> Value | Op | None:
    """A literal times a product or a quotient: c * (d * x), c * (d / x), c * (d * x / y), c * (x / c), c * (a * b)."""
    first, second = op.operands
    number = site.number(first)
    if number is None:
        return None
    found = site.inner(second, "mul", "div")
    if found is None:
        return None
    factor, rest = site.number(found.operands[0]), found.operands[1]
    if factor is not None:
        return site.redo(op, found.name, (site.build.const(number * factor), rest))
    if found.name == "div" and site.number(rest) == number and keeps(op.result.type, found.operands[0].type):
        return found.operands[0]
    return _flat(site, op, found) if found.name == "mul" else _above(site, op, found, number)


def _flat(site: Site, op: Op, found: Op) -> Op | None:
    """c * (a * b) without parentheses, numbers first; c * (a[:, None] * b) too."""
    literal = op.operands[0]
    pair = _ordered(*found.operands)
    type_ = product_type(literal.type, pair[0].type)
    if type_ is None:
        return None
    spread = type_ == pair[0].type and found.result.type == op.result.type and is_array(op.result.type)
    if product_type(type_, pair[1].type) != op.result.type and not spread:
        return None
    return site.redo(op, "mul", (site.apply("mul", (literal, pair[0]), type_), pair[1]))


def _above(site: Site, op: Op, found: Op, number: float) -> Op | None:
    """c * (d * x / y): the literals are one."""
    top = site.inner(found.operands[0], "mul")
    factor = site.number(top.operands[0]) if top is not None else None
    if top is None or factor is None or found.result.type != op.result.type:
        return None
    rest = top.operands[1]
    if number * factor != 1 or not keeps(top.result.type, rest.type):
        rest = site.apply("mul", (site.build.const(number * factor), rest), top.result.type)
    return site.redo(op, "div", (rest, found.operands[1]))


@needs("div")
def share(site: Site, op: Op) -> Op | None:
    """1.0 / n * x for a whole number n: x / n, unless a literal is to come in the place of 1.0."""
    found = site.inner(op.operands[0], "div")
    if any(isinstance(user, Op) and user.name in ("mul", "neg") for user in site.users(op.result)):
        return None
    if found is None or site.number(found.operands[0]) != 1 or found.operands[1].type != INT:
        return None
    return site.redo(op, "div", (op.operands[1], found.operands[1])) if is_real(op.operands[1].type) else None


@needs("neg")
def signs(site: Site, op: Op) -> Op | None:
    """(-a) * b, a * -b and the same for quotients: the sign goes outside."""
    for place, operand in enumerate(op.operands):
        if found := site.inner(operand, "neg") or _shared_sign(site, operand):
            operands = list(op.operands)
            operands[place] = found.operands[0]
            return site.redo(op, "neg", (site.apply(op.name, operands, op.result.type),))
    return None


def _shared_sign(site: Site, value: Value) -> Op | None:
    """A negative that several products read, if each hands its sign to a sum."""
    found = site.made(value, "neg")
    if found is None:
        return None
    if found.role == "primal":  # `-rate`: what it is the negative of is there anyway
        plain = is_number(value.type) and found.operands[0].user and site.define(found.operands[0]) is None
        return found if plain and found.operands[0].type == value.type and _all_absorb(site, value) else None
    return found if site.is_beside(value) and _all_absorb(site, value) else None


def _all_absorb(site: Site, value: Value) -> bool:
    """Whether all derivative code that reads a value scales by it, and hands the sign to a sum."""
    users = [user for user in site.users(value) if not isinstance(user, Op) or user.role != "primal"]
    return all(_is_scaled(user) and _absorbs(site, user) for user in users)


def _is_scaled(user: Op | Block) -> bool:
    return isinstance(user, Op) and user.kind == "prim" and user.name in ("mul", "div") and user.role != "primal"


def _absorbs(site: Site, user: Op | Block) -> bool:
    """Whether the sign of a product is lost in a sum or an increment."""
    if not isinstance(user, Op) or len(user.results) != 1:
        return False
    readers = site.users(user.result)
    if len(readers) != 1 or not isinstance(readers[0], Op):
        return False
    reader = readers[0]
    if reader.kind == "store":
        return reader.attrs["mode"] == "add" and reader.operands[1] is user.result
    if reader.kind != "prim" or reader.role == "primal":
        return False
    return reader.name in ("add", "sub", "neg") or (_is_scaled(reader) and _absorbs(site, reader))


@needs("mul")
def hoist(site: Site, op: Op) -> Op | None:
    """a * (c * b) for a literal c: it goes in front of what it costs least with."""
    first, second = op.operands
    if site.number(first) is not None:
        return None
    for one, other in ((second, first), (first, second)):
        found = site.inner(one, "mul")
        if found is None or site.number(found.operands[0]) is None:
            continue
        literal, rest = found.operands
        pair = _ordered(other, rest) if one is second else _ordered(rest, other)
        if one is first and pair[0] is rest:
            return None  # as it is already
        type_ = product_type(literal.type, pair[0].type)
        if type_ is not None and product_type(type_, pair[1].type) == op.result.type:
            return site.redo(op, "mul", (site.apply("mul", (literal, pair[0]), type_), pair[1]))
    return None


def _ordered(first: Value, second: Value) -> tuple[Value, Value]:
    """A number before an array, else as they are."""
    return (second, first) if is_array(first.type) and is_number(second.type) else (first, second)


def factors(site: Site, value: Value) -> list[Value]:
    """The factors of a product that the derivative code makes in this block for one use."""
    found = site.inner(value, "mul")
    return [value] if found is None else [leaf for operand in found.operands for leaf in factors(site, operand)]


def numbers_first(site: Site, op: Op) -> Op | None:
    """Two or more numbers in a product with arrays are multiplied with each other first."""
    if not is_array(op.result.type):
        return None
    leaves = [leaf for operand in op.operands for leaf in factors(site, operand)]
    numbers = [leaf for leaf in leaves if is_number(leaf.type)]
    arrays = [leaf for leaf in leaves if not is_number(leaf.type)]
    if len(numbers) < 2 or _grouped(site, op, len(numbers)):
        return None
    ordered = numbers + arrays
    if chain_type(ordered) != op.result.type or not all(exact(leaf.type) for leaf in ordered):
        return None
    return site.redo(op, "mul", (chain(site, ordered[:-1]), ordered[-1]))


def _grouped(site: Site, op: Op, numbers: int) -> bool:
    """Whether the numbers already make one product, the first factor of all."""
    first = op.operands[0]
    while not is_number(first.type):
        found = site.inner(first, "mul")
        if found is None:
            return False
        first = found.operands[0]
    return len(factors(site, first)) == numbers


def chain_type(leaves: list[Value]) -> Type | None:
    """The type of a product from left to right, where it is plain."""
    type_: Type | None = leaves[0].type
    for leaf in leaves[1:]:
        type_ = None if type_ is None else product_type(type_, leaf.type)
    return type_


def chain(site: Site, leaves: list[Value]) -> Value:
    """Emit a product from left to right; its type is known to be plain."""
    made = leaves[0]
    for leaf in leaves[1:]:
        type_ = product_type(made.type, leaf.type)
        assert type_ is not None
        made = site.apply("mul", (made, leaf), type_)
    return made


@needs("const")
def quotient(site: Site, op: Op) -> Value | Op | None:
    """x / 1, -c / x, literals that divide to a short literal, (c * x) / d."""
    first, second = op.operands
    number, top = site.number(second), site.number(first)
    if top is not None and number is None and top < 0:
        made = site.apply("div", (site.build.const(-top), second), op.result.type)
        return site.redo(op, "neg", (made,))
    if number is None or number == 0:
        return None
    if number == 1 and keeps(op.result.type, first.type) and not _integer(first.type):
        return first
    if top is not None and len(repr(top / number)) <= 6 and top / number * number == top:
        return site.literal(op, top / number)
    found = site.inner(first, "mul")
    factor = site.number(found.operands[0]) if found is not None else None
    if found is None or factor is None or len(repr(factor / number)) > 6 or factor / number * number != factor:
        return None
    return site.redo(op, "mul", (site.build.const(factor / number), found.operands[1]))


@needs("div")
def cancel(site: Site, op: Op) -> Value | None:
    """(a / d) * d is a."""
    for one, other in (op.operands, op.operands[::-1]):
        found = site.inner(one, "div")
        if found is None or found.operands[1] is not other:
            continue
        if keeps(op.result.type, found.operands[0].type) or _is_float(op.result.type, found.operands[0].type):
            return found.operands[0]
    return None


@needs("np.sqrt")
def over_root(site: Site, op: Op) -> Value | Op | None:
    """t * x / sqrt(x) is t * sqrt(x)."""
    root = site.made(op.operands[1], "np.sqrt")
    if root is None or not is_real(op.result.type) or not exact(op.result.type):
        return None
    whole = root.operands[0]
    if op.operands[0].type != op.result.type or whole.type != root.result.type:
        return None
    return _rooted(site, op.operands[0], whole, root.result)


def _rooted(site: Site, value: Value, whole: Value, root: Value) -> Value | None:
    """A product with the root of a factor in its place."""
    if value is whole:
        return root
    found = site.inner(value, "mul")
    for place, operand in enumerate(found.operands if found is not None else ()):
        made = _rooted(site, operand, whole, root)
        if found is not None and made is not None:
            operands = [made if k == place else other for k, other in enumerate(found.operands)]
            return site.apply("mul", operands, value.type)
    return None


@needs("mul")
def cancel_shared(site: Site, op: Op) -> Op | None:
    """t * r / d for t = c * d / s, where all that read t divide by d: (c / s) * r."""
    found, divisor = site.inner(op.operands[0], "mul"), op.operands[1]
    if found is None or not is_number(divisor.type) or found.result.type != op.result.type:
        return None
    for shared, other in (found.operands, found.operands[::-1]):
        if len(site.users(shared)) < 2 or not all(_divides(site, user, divisor) for user in site.users(shared)):
            continue
        made = _without(site, shared, divisor)
        if made is not None:
            return site.redo(op, "mul", (made, other) if shared is found.operands[0] else (other, made))
    return None


def _divides(site: Site, user: Op | Block, divisor: Value) -> bool:
    """Whether a reader is a product that is only read by a division by that."""
    if not isinstance(user, Op) or user.name != "mul" or user.role == "primal":
        return False
    readers = site.users(user.result)
    last = readers[0] if len(readers) == 1 else None
    return isinstance(last, Op) and last.name == "div" and last.operands[1] is divisor


def _without(site: Site, value: Value, factor: Value) -> Value | None:
    """A product or a quotient without one of its factors, for numbers of one kind."""
    op = site.made(value, "mul", "div", "neg")
    if op is None or op.role == "primal" or not is_number(value.type) or not site.is_beside(value):
        return None
    for place, operand in enumerate(op.operands):
        other = op.operands[1 - place] if len(op.operands) == 2 else None
        if op.name == "mul" and operand is factor:
            return other if other is not None and other.type == value.type else None
        made = _without(site, operand, factor) if op.name != "div" or place == 0 else None
        if made is not None:
            operands = [made if k == place else v for k, v in enumerate(op.operands)]
            return site.apply(op.name, operands, value.type) if made.type == operand.type else None
    return None


def _is_float(*types: Type) -> bool:
    """Whether all are single double-precision numbers, Python's or NumPy's."""
    return all(type_ in (FLOAT, Array("f8", ())) for type_ in types)


def _integer(type_: Type) -> bool:
    return isinstance(type_, Array) and type_.dtype is not None and type_.dtype[0] in "iub"


@needs("const")
def power(site: Site, op: Op) -> Value | None:
    """x ** 1."""
    base, exponent = op.operands[:2]
    return base if site.number(exponent) == 1 and keeps(op.result.type, base.type) else None


RULES: dict[str, list[Rule]] = {
    "mul": [literals, merge, signs, cancel, hoist, numbers_first, share],
    "div": [quotient, signs, over_root, cancel_shared],
    "pow": [power],
}
