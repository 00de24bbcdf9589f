"""The `math` module and Python's builtins on numbers, lists and arrays.

y = math.sin(x)      ->      x_bar = y_bar * math.cos(x)
y = max(a, b)        ->      a_bar = y_bar if a > b else (0.5 * y_bar if a == b else 0.0)
y = sum(xs)          ->      xs_bar = [y_bar] * len(xs)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import reduce

from adgen.ir.core import Value
from adgen.ir.types import (
    BOOL,
    FLOAT,
    INT,
    UNKNOWN,
    Array,
    ListOf,
    Opaque,
    Scalar,
    Static,
    Struct,
    Type,
    Unknown,
    tangent,
)
from adgen.rules import formula, shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call, filled
from adgen.rules.infer import floating, plain, ufunc_type
from adgen.rules.kinds import Piece, elementwise, general, linear, variadic, zero
from adgen.rules.operators import POWER_KINKS, power_base, power_exponent
from adgen.rules.reductions import others_along
from adgen.rules.rule import Facts, Infer, TypeProblem
from adgen.rules.ufuncs import ABOVE_ONE, AWAY, INSIDE, POSITIVE, absolute


# math ----------------------------------------------------------------------------------------------------------------
def _math(signature: str, *pieces: Piece, kinks: str = "", **domain: str) -> None:
    peeks = ("a", "b") if signature.startswith("pow") else ()
    elementwise(f"math.{signature}", *pieces, infer=floating, kinks=kinks, peeks=peeks, domain=domain)


_math("sin(x)", "math.cos(x)")
_math("cos(x)", "-math.sin(x)")
_math("tan(x)", "1.0 + y * y")
_math("asin(x)", "1.0 / math.sqrt((1.0 - x) * (1.0 + x))", **INSIDE)
_math("acos(x)", "-1.0 / math.sqrt((1.0 - x) * (1.0 + x))", **INSIDE)
_math("atan(x)", "1.0 / (1.0 + x * x)")
_math("sinh(x)", "math.cosh(x)")
_math("cosh(x)", "math.sinh(x)")
_math("tanh(x)", "1.0 - y * y")
_math("asinh(x)", "1.0 / math.hypot(x, 1.0)")
_math("acosh(x)", "1.0 / (math.sqrt(x - 1.0) * math.sqrt(x + 1.0))", **ABOVE_ONE)
_math("atanh(x)", "1.0 / ((1.0 - x) * (1.0 + x))", **INSIDE)
_math("exp(x)", "y")
_math("exp2(x)", "math.log(2.0) * y")
_math("expm1(x)", "math.exp(x)")
_math("log2(x)", "1.0 / (math.log(2.0) * x)", **POSITIVE)
_math("log10(x)", "1.0 / (math.log(10.0) * x)", **POSITIVE)
_math("log1p(x)", "1.0 / (1.0 + x)", **POSITIVE)
_math("sqrt(x)", "0.5 / y", kinks="math.sqrt'(0) raises ZeroDivisionError", **POSITIVE)
_math("cbrt(x)", "1.0 / (3.0 * y * y)", kinks="math.cbrt'(0) raises ZeroDivisionError", **AWAY)
_math("fabs(x)", "g * np.sign(x)", kinks="abs'(0) = 0", **AWAY)
_math("degrees(x)", "180.0 / math.pi")
_math("radians(x)", "math.pi / 180.0")
_math("erf(x)", "2.0 / math.sqrt(math.pi) * math.exp(-x * x)")
_math("erfc(x)", "-2.0 / math.sqrt(math.pi) * math.exp(-x * x)")
_math("pow(a, b)", power_base, power_exponent, kinks=POWER_KINKS, a="positive")
_math(
    "atan2(a, b)",
    "g * (b / math.hypot(a, b) / math.hypot(a, b))",
    "g * (-a / math.hypot(a, b) / math.hypot(a, b))",
    kinks="math.atan2 at (0, 0) has no derivative: raises ZeroDivisionError",
    a="away",
)


def _leg(call: Call, g: Value, k: int) -> Value:
    return call("g * leg / np.where(y == 0.0, 1.0, y)", g=g, leg=call.op.operands[k])


variadic("math.hypot(*legs)", _leg, _leg, infer=floating, kinks="hypot at (0, 0) has gradient 0")
_math("fmod(a, b)", "1.0", "round((y - a) / b)", b="away")
_math("remainder(a, b)", "1.0", "round((y - a) / b)", b="away")
_math("copysign(a, b)", "np.where((a < 0.0) == (b < 0.0), g, -g)", "0", a="away", b="away")
_math("ldexp(x, i)", "math.pow(2.0, i)", "0", i="int")
_math("nextafter(x, y) -> z", "1.0", "0")
if hasattr(math, "fma"):  # from Python 3.13 on
    _math("fma(x, y, z) -> r", "y", "x", "1.0")


def _log_argument(call: Call, g: Value) -> Value:
    return call("g / (x * math.log(base))" if call.has("base") else "g / x", g=g)


_math("log(x, base=None)", _log_argument, "g * -y / (base * math.log(base))", x="positive", base="above_one")


def _parts_type(first: Type, second: Type) -> Infer:
    return lambda facts: Struct("tuple", ("0", "1"), (first, second))


def _mantissa_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    return _pair(call, call("math.ldexp(dot, -e)", dot=dots["x"], e=call.b.item(call.y, 1))) if "x" in dots else None


def _pair(call: Call, first: Value) -> Value:
    """The tangent of two parts of which only the first moves."""
    assert isinstance(call.y.type, Struct)
    second = call.b.const(None if tangent(call.y.type.items[1]) is None else 0.0)
    return call.b.pack(Struct("tuple", ("0", "1"), (first.type, second.type)), (first, second))


general(
    "math.frexp(x)",
    vjp={"x": "math.ldexp(g[0], -y[1])"},
    jvp=_mantissa_jvp,
    infer=_parts_type(FLOAT, INT),
    kinks="at powers of 2: the derivative from the right",
)
general(
    "math.modf(x)",
    vjp={"x": lambda call, g: call.b.item(g, 0)},
    jvp=lambda call, dots: _pair(call, dots["x"]) if "x" in dots else None,
    infer=_parts_type(FLOAT, FLOAT),
    kinks="at whole numbers: 1 for the fraction, 0 for the whole part",
)

for _name in ("floor", "ceil", "trunc"):
    zero(f"math.{_name}(x)", infer=lambda facts: INT)
for _name in ("isqrt", "factorial"):
    zero(f"math.{_name}(x)", infer=lambda facts: INT)
for _name in ("isnan", "isinf", "isfinite"):
    zero(f"math.{_name}(x)", infer=lambda facts: BOOL)
for _name in ("comb(n, k)", "perm(n, k=None)", "gcd(*numbers)", "lcm(*numbers)"):
    zero(f"math.{_name}", infer=lambda facts: INT)
zero("math.isclose(a, b, rel_tol=1e-9, abs_tol=0.0)", infer=lambda facts: BOOL)
zero("math.ulp(x)", infer=floating)


# numbers -------------------------------------------------------------------------------------------------------------
def _abs_type(facts: Facts) -> Type:
    type_ = plain(facts.types[0])
    if isinstance(type_, Scalar):
        return {"complex": FLOAT, "bool": INT}.get(type_.kind, type_)
    found = ufunc_type("absolute", (type_,))
    if isinstance(found, Array) and found.dtype is not None and found.dtype[0] == "c":
        return Array(f"f{int(found.dtype[1:]) // 2}", found.shape)
    return found


def _round_type(facts: Facts) -> Type:
    type_ = plain(facts.types[0])
    if isinstance(type_, Scalar):
        return FLOAT if facts.has("ndigits") and type_.kind == "float" else INT
    return type_


elementwise("abs(x)", absolute, infer=_abs_type, kinks="abs'(0) = 0", domain=AWAY)
linear("float(x)", {"x": lambda call, g: shapes.cast(call.b, g, call.op.operands[0])}, infer=floating)
zero("int(x)", infer=lambda facts: INT)
zero("bool(x)", infer=lambda facts: BOOL)
zero("len(x)", infer=lambda facts: INT)
zero("round(x, ndigits=None)", infer=_round_type)
zero("isinstance(x, kind)", infer=lambda facts: BOOL)
zero("range(start, stop=None, step=None)", infer=lambda facts: Opaque("range"))


# extremes ------------------------------------------------------------------------------------------------------------
def _members(type_: Type) -> Type | None:
    """The type of a member of a list, tuple or line of numbers; None for a number."""
    if isinstance(type_, ListOf):
        return type_.item
    if isinstance(type_, Struct):
        joined: Type | None = type_.items[0] if type_.items else None
        for item in type_.items[1:]:
            joined = None if joined is None else shapes.join(joined, item)
        if joined is None:
            raise TypeProblem("members of different type", "convert them to one type")
        return joined
    if isinstance(type_, Array) and type_.shape is not None and len(type_.shape) == 1:
        return Array(type_.dtype, ())
    return None


def _comparable(type_: Type, facts: Facts) -> None:
    """Lists and tuples are compared member by member, and the derivative is that of numbers."""
    if isinstance(type_, ListOf | Struct) and tangent(type_) is not None:
        why = f"`{facts.name}` of lists or tuples whose numbers vary"
        raise TypeProblem(why, f"give a key: `{facts.name}(rows, key=lambda row: row[0])`")


def _extreme_type(facts: Facts) -> Type:
    types = [plain(type_) for type_ in facts.types]
    if not types:
        raise TypeProblem(f"`{facts.name}` of nothing", "Python raises a ValueError here")
    if len(types) == 1:
        found = UNKNOWN if isinstance(types[0], Unknown) else _members(types[0])
        if found is None:
            raise TypeProblem(f"`{facts.name}` of one array that is not a line", f"use np.{facts.name}")
        _comparable(found, facts)
        return found
    if any(isinstance(type_, Unknown) for type_ in types):
        return UNKNOWN
    if any(isinstance(type_, Array) and type_.shape != () for type_ in types):
        raise TypeProblem(f"`{facts.name}` of several arrays", f"use np.{facts.name}imum")
    _comparable(types[0], facts)
    joined: Type | None = types[0]
    for type_ in types[1:]:
        joined = None if joined is None else shapes.join(joined, type_)
    if joined is None:
        return Array(None, ())
    return joined


def _share(call: Call, g: Value, k: int) -> Value:
    """g for the operand that is the extreme, a part of it where several are."""
    operands = call.op.operands
    own = operands[k]
    if len(operands) == 2:
        sign = ">" if call.rule.name == "max" else "<"
        text = f"np.where(a {sign} b, g, np.where(a == b, 0.5 * g, 0.0))"
        return formula.evaluate(call.b, text, {"a": own, "b": operands[1 - k], "g": g})
    hits = [apply(call.b, "eq", (value, call.y)) for value in operands]
    ties = reduce(lambda one, two: apply(call.b, "add", (one, two)), hits)
    return call("np.where(hit, g / ties, 0.0)", g=g, hit=hits[k], ties=ties)


def _extreme_pull(call: Call, g: Value, k: int) -> Value:
    operands = call.op.operands
    if len(operands) > 1:
        return _share(call, g, k)
    type_ = plain(operands[0].type)
    line = operands[0] if isinstance(type_, Array) else apply(call.b, "np.array", (operands[0],))
    shared = call("np.where(line == y, g / np.sum(line == y), 0.0)", line=line, g=g)
    if isinstance(type_, Array):
        return shared
    if isinstance(type_, ListOf):
        return apply(call.b, "tolist", (shared,), style="method")
    if not isinstance(type_, Struct):
        raise unknown_kind(call)
    items = [shapes.index(call.b, shared, ("i",), (call.b.const(place),)) for place in range(len(type_.items))]
    return call.b.pack(Struct(type_.kind, type_.keys, tuple(item.type for item in items)), items)


def _extreme_push(call: Call, dot: Value, k: int) -> Value:
    operands = call.op.operands
    if len(operands) > 1:
        return _share(call, dot, k)
    type_ = plain(operands[0].type)
    line, dots = operands[0], dot
    if not isinstance(type_, Array):
        line = apply(call.b, "np.array", (line,))
        dots = apply(call.b, "np.array", (filled_list(call, dot, operands[0]),))
    return call("np.sum(np.where(line == y, dots, 0.0)) / np.sum(line == y)", line=line, dots=dots)


def filled_list(call: Call, dot: Value, primal: Value) -> Value:
    """A tangent of a list with zeros for members that have none."""
    return filled(call.b, dot, primal) if isinstance(plain(primal.type), Struct) else dot


for _name in ("max", "min"):
    variadic(
        f"{_name}(*values)",
        _extreme_pull,
        _extreme_push,
        infer=_extreme_type,
        kinks="ties share equally",
    )


# sums ----------------------------------------------------------------------------------------------------------------
def _sum_type(facts: Facts) -> Type:
    type_ = plain(facts.types[0])
    start = plain(facts.type("start")) if facts.has("start") else INT
    if isinstance(type_, Unknown):
        return UNKNOWN
    if isinstance(type_, Array):
        rows = Array(type_.dtype, None if type_.shape is None else type_.shape[1:])
        return ufunc_type("add", (rows, start))
    if isinstance(type_, (Opaque, Static)):
        return Opaque("sum")
    items = list(type_.items) if isinstance(type_, Struct) else [type_.item] if isinstance(type_, ListOf) else []
    total: Type = start
    for item in items:
        total = _plus(total, plain(item))
    return total


def _plus(one: Type, two: Type) -> Type:
    if isinstance(one, Scalar) and isinstance(two, Scalar):
        joined = shapes.join(one, two)
        return INT if joined == BOOL or joined is None else joined
    return ufunc_type("add", (one, two))


def unknown_kind(call: Call) -> TypeProblem:
    """Why the derivative of a function of a sequence is not made."""
    return TypeProblem(f"the derivative of `{call.rule.name}` of what may be an array or a list", "annotate it")


def _sum_vjp(call: Call, g: Value) -> Value:
    b, operand = call.b, call.op.operands[0]
    type_ = plain(operand.type)
    if isinstance(type_, Array):
        return shapes.expand(b, g, operand)
    if isinstance(type_, ListOf):
        item = plain(type_.item)
        if not shapes.is_scalar(item) and not shapes.same_shape(item, g.type):
            raise TypeProblem("the derivative of `sum` of a list of arrays that broadcast", "use np.sum")
        one = b.emit("listing", "", (g,), ListOf(g.type))
        return apply(b, "mul", (one, apply(b, "len", (operand,))))
    if not isinstance(type_, Struct):
        raise unknown_kind(call)
    items = [
        b.const(None) if tangent(part) is None else shapes.unbroadcast(b, g, b.item(operand, k))
        for k, part in enumerate(type_.items)
    ]
    return b.pack(Struct(type_.kind, type_.keys, tuple(item.type for item in items)), items)


def _sum_start(call: Call, g: Value) -> Value:
    return shapes.unbroadcast(call.b, g, call.values["start"])


linear("sum(iterable, start=0)", {"iterable": _sum_vjp, "start": _sum_start}, infer=_sum_type)
linear("math.fsum(seq)", {"seq": _sum_vjp}, infer=floating)


# distances and products of sequences ---------------------------------------------------------------------------------
def line_of(call: Call, name: str) -> Value:
    """A sequence of numbers as an array."""
    value = call.values[name]
    return value if isinstance(plain(value.type), Array) else apply(call.b, "np.array", (value,))


def listed(call: Call, line: Value, name: str) -> Value:
    """The entries of an array in the container that an argument is."""
    type_ = plain(call.values[name].type)
    if isinstance(type_, Array):
        return line
    entries = apply(call.b, "tolist", (line,), style="method")
    if isinstance(type_, ListOf):
        return entries
    assert isinstance(type_, Struct)
    zero, active = call.b.const(None), [tangent(item) is not None for item in type_.items]
    items = [shapes.index(call.b, entries, ("i",), (call.b.const(k),)) if own else zero for k, own in enumerate(active)]
    return call.b.pack(Struct(type_.kind, type_.keys, tuple(item.type for item in items)), items)


def dots_line(call: Call, dot: Value, name: str) -> Value:
    """The tangent of a sequence of numbers as an array."""
    dots = filled_list(call, dot, call.values[name])
    return dots if isinstance(plain(dots.type), Array) else apply(call.b, "np.array", (dots,))


def _dist_side(own: str, other: str) -> Piece:
    def piece(call: Call, g: Value) -> Value:
        scale = call("g / np.where(y == 0.0, 1.0, y)", g=g)
        return listed(call, call("scale * (a - b)", scale=scale, a=line_of(call, own), b=line_of(call, other)), own)

    return piece


def _dist_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    moved = {name: dots_line(call, dot, name) for name, dot in dots.items()}
    if not moved:
        return None
    text = {"p": "p_dot", "q": "-q_dot", "pq": "p_dot - q_dot"}["".join(sorted(moved))]
    towards = call(text, **{name + "_dot": dot for name, dot in moved.items()})
    total = call("np.vdot(p - q, towards)", p=line_of(call, "p"), q=line_of(call, "q"), towards=towards)
    return call("total / np.where(y == 0.0, 1.0, y)", total=total)


general(
    "math.dist(p, q)",
    vjp={"p": _dist_side("p", "q"), "q": _dist_side("q", "p")},
    jvp=_dist_jvp,
    infer=floating,
    kinks="dist of equal points has gradient 0",
)


def _product_side(other: str) -> Piece:
    def piece(call: Call, g: Value) -> Value:
        own = "q" if other == "p" else "p"
        return listed(call, call("g * line", g=g, line=line_of(call, other)), own)

    return piece


def _sumprod_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total: Value | None = None
    for own, other in (("p", "q"), ("q", "p")):
        if own in dots:
            part = call("np.vdot(dot, line)", dot=dots_line(call, dots[own], own), line=line_of(call, other))
            total = part if total is None else shapes.add(call.b, total, part)
    return total


if hasattr(math, "sumprod"):  # from Python 3.12 on
    general(
        "math.sumprod(p, q)",
        vjp={"p": _product_side("q"), "q": _product_side("p")},
        jvp=_sumprod_jvp,
        infer=floating,
    )


def _prod_type(facts: Facts) -> Type:
    start = plain(facts.type("start")) if facts.has("start") else INT
    type_ = plain(facts.types[0])
    item = Scalar("float") if isinstance(type_, Array) else _members(type_)
    joined = None if item is None else shapes.join(start, item)
    if not isinstance(joined, Scalar):
        raise TypeProblem(f"`math.prod` of {type_}", "pass a list or tuple of numbers, or use np.prod")
    return INT if joined == BOOL else joined


def _prod_vjp(call: Call, g: Value) -> Value:
    line = line_of(call, "seq")
    scale = call("g * start", g=g) if call.has("start") else g
    return listed(call, call("scale * others", scale=scale, others=others_along(call, line, 0)), "seq")


def _prod_start(call: Call, g: Value) -> Value:
    return call("g * np.prod(line)", g=g, line=line_of(call, "seq"))


def _prod_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total: Value | None = None
    if "seq" in dots:
        others = others_along(call, line_of(call, "seq"), 0)
        total = call("np.vdot(others, dot)", others=others, dot=dots_line(call, dots["seq"], "seq"))
        total = call("start * total", total=total) if call.has("start") else total
    if "start" in dots:
        part = call("dot * np.prod(line)", dot=dots["start"], line=line_of(call, "seq"))
        total = part if total is None else shapes.add(call.b, total, part)
    return total


general(
    "math.prod(seq, *, start=1)",
    vjp={"seq": _prod_vjp, "start": _prod_start},
    jvp=_prod_jvp,
    infer=_prod_type,
)


# lists ---------------------------------------------------------------------------------------------------------------
def _list_type(facts: Facts) -> Type:
    type_ = plain(facts.types[0])
    if isinstance(type_, Array) and type_.shape:
        return ListOf(Array(type_.dtype, type_.shape[1:]))
    if isinstance(type_, Struct) and type_.kind in ("tuple", "list"):
        return Struct("list", type_.keys, type_.items)
    if isinstance(type_, ListOf):
        return type_
    return ListOf(INT) if isinstance(type_, Opaque) else Opaque("list")


def _list_vjp(call: Call, g: Value) -> Value:
    type_ = plain(call.op.operands[0].type)
    if isinstance(type_, Array):
        return apply(call.b, "np.array", (g,))
    if isinstance(type_, Struct) and isinstance(g.type, Struct):
        items = [call.b.item(g, k) for k in range(len(type_.items))]
        return call.b.pack(Struct(type_.kind, type_.keys, tuple(item.type for item in items)), items)
    return g


linear("list(x)", {"x": _list_vjp}, infer=_list_type)
