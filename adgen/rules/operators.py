"""Python's operators on numbers and arrays, and the helpers that adjoint code is made of.

y = a * b      ->      a_bar = y_bar * b;  b_bar = y_bar * a
y = x ** 2     ->      x_bar = 2.0 * y_bar * x
"""

from __future__ import annotations

import numpy as np

from adgen.ir.core import Value
from adgen.ir.types import BOOL, INT, Array, Opaque, Scalar, Static, Struct, Type, Unknown, is_active_type
from adgen.rules import formula
from adgen.rules.call import Call, product, scaled, with_zeros
from adgen.rules.infer import code, is_complex, listed, operator_type, plain
from adgen.rules.kinds import elementwise, general, linear, zero
from adgen.rules.rule import Facts, Infer, TypeProblem
from adgen.rules.shapes import cast, is_scalar

POWER_KINKS = (
    "x**0 has derivative exactly 0; d/db a**b is 0 where a <= 0; "
    "x**p with p < 1 at 0: inf, for Python floats an error"
)


def _operator(name: str) -> Infer:
    return lambda facts: operator_type(name, facts)


MOST_DIGITS = 6  # of a number that is written out


# arithmetic ----------------------------------------------------------------------------------------------------------
def power_base(call: Call, g: Value) -> Value | None:
    """The derivative of `a ** b` by a: constant exponents get the text that a person would write."""
    exponent = call.statics.get("b")
    b = call.b
    if not isinstance(exponent, (int, float)) or isinstance(exponent, bool):
        below = "b - (b != 0)"  # exactly 0 for b = 0, also at a = 0
        return scaled(call, g, formula.parse(f"b * {_power(call)}".format(below)))
    if exponent == 0:
        return None
    if exponent == 1:
        return g
    if exponent == -1:
        return scaled(call, g, formula.parse("-1.0 / (a * a)"))
    if len(repr(exponent)) > MOST_DIGITS:
        below = "b - 1.0"  # `1.0 / 3.0` says more than its digits
        return scaled(call, g, formula.parse(f"b * {_power(call, exponent)}".format(below)))
    factor = b.const(float(exponent))
    if exponent == 2:
        return product(b, (factor, g, call.values["a"]))
    rest = "a * a" if exponent == 3 else _power(call, exponent).format(repr(exponent - 1))
    return product(b, (factor, g, call(rest)))


def _power(call: Call, exponent: float | None = None) -> str:
    """`a ** {}` in a form that is never complex: Python's is, for a negative base and an exponent that is not whole.

    math.pow raises there, NumPy's numbers are nan.
    """
    name, base, other = call.rule.name, call.type("a"), call.type("b")
    if name == "math.pow":
        return "math.pow(a, {})"
    whole = (
        float(exponent).is_integer() if exponent is not None else isinstance(other, Scalar) and other.kind != "float"
    )
    known = call.statics.get("a")
    if whole or isinstance(base, Array) or isinstance(other, Array) or is_complex(base):
        return "a ** ({})"
    if isinstance(known, (int, float)) and known > 0:
        return "a ** ({})"
    python = name == "pow" and isinstance(base, Scalar) and not isinstance(other, Unknown)
    return "math.pow(a, {})" if python else "np.power(a, {})"


def power_exponent(call: Call, g: Value) -> Value | None:
    """The derivative of `a ** b` by b: zero where a is not positive."""
    if is_complex(plain(call.op.operands[0].type)):
        return call("g * y * np.log(safe)", g=g, safe=call("np.where(a != 0.0, a, 1.0)"))
    if is_complex(plain(call.y.type)):
        raise TypeProblem("a real number to a complex power that varies", "write `np.exp(b * np.log(a))`")
    base = call.statics.get("a")
    if isinstance(base, (int, float)) and base > 0:
        return call("g * y * math.log(a)", g=g)
    safe = call("np.where(a > 0.0, a, 1.0)")
    log = "math.log(safe)" if isinstance(plain(safe.type), Scalar) else "np.log(safe)"
    y = "y" if call.rule.name != "pow" else _power(call).format("b")
    return call(f"g * ({y}) * {log}", g=g, safe=safe)


def quotient_bottom(call: Call, g: Value) -> Value:
    """The derivative of `a / b` by b, from the quotient: `g / b` is what a gets, so that both share it."""
    bottom = call.values["b"]
    if call.statics.get("a") == 1:
        return scaled(call, g, formula.parse("-y * y"), bottom)
    if is_scalar(bottom.type) and not is_scalar(g.type):
        return scaled(call, g, formula.parse("-y / b"), bottom)
    return call("-(g / b * y)", g=g)


elementwise("add(a, b)", "1.0", "1.0", infer=_operator("add"))
elementwise("sub(a, b)", "1.0", "-1.0", infer=_operator("sub"))
elementwise("mul(a, b)", "b", "a", infer=_operator("mul"))
elementwise(
    "div(a, b)",
    "1.0 / b",
    quotient_bottom,
    infer=_operator("div"),
    peeks=("a",),
    shown=("1.0 / b", "-y / b"),
)
elementwise("neg(x)", "-1.0", infer=_operator("neg"))
elementwise("pos(x)", "1.0", infer=_operator("pos"))
elementwise(
    "pow(a, b)",
    power_base,
    power_exponent,
    infer=_operator("pow"),
    peeks=("a", "b"),
    kinks=POWER_KINKS,
    domain={"a": "positive"},
)
elementwise(
    "mod(a, b)",
    "1.0",
    "-(a // b)",
    infer=_operator("mod"),
    kinks="at the jumps of a % b: the derivative from the right",
    domain={"b": "away"},
)
elementwise("floordiv(a, b)", "0", "0", infer=_operator("floordiv"), domain={"b": "away"})

for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    zero(f"{_name}(a, b)", infer=_operator(_name))
for _name in ("lshift", "rshift", "bitand", "bitor", "bitxor"):
    zero(f"{_name}(a, b)", infer=_operator(_name))
for _name in ("is", "is_not", "in", "not_in"):
    zero(f"{_name}(a, b)", infer=lambda facts: BOOL)


def _lazy_type(facts: Facts) -> Type:
    one, two = plain(facts.types[0]), plain(facts.types[1])
    if is_active_type(one) or is_active_type(two):
        raise TypeProblem(f"`{facts.name}` of real numbers as an operation", "use a conditional expression")
    return one if one == two else BOOL if isinstance(one, Scalar) and isinstance(two, Scalar) else Opaque("flag")


zero("and(a, b)", infer=_lazy_type)
zero("or(a, b)", infer=_lazy_type)
zero("not(x)", infer=lambda facts: BOOL)
zero("invert(x)", infer=_operator("invert"))


# attributes ----------------------------------------------------------------------------------------------------------
def _shape_type(facts: Facts) -> Type:
    type_ = plain(facts.types[0])
    if isinstance(type_, Array) and type_.shape is not None:
        return Struct("tuple", tuple(str(k) for k in range(len(type_.shape))), (INT,) * len(type_.shape))
    if type_ == Opaque("scipy.sparse"):
        return Struct("tuple", ("0", "1"), (INT, INT))
    return Opaque("shape")


def _transposed(facts: Facts) -> Type:
    type_ = plain(facts.types[0])
    if isinstance(type_, Array):
        return Array(type_.dtype, None if type_.shape is None else type_.shape[::-1])
    return type_


def _dtype_type(facts: Facts) -> Type:
    type_ = plain(facts.types[0])
    if isinstance(type_, Array) and type_.dtype is not None:
        return Static(np.dtype(type_.dtype))
    return Opaque("dtype")


def real_type(facts: Facts) -> Type:
    """The type of a real or imaginary part."""
    type_ = plain(facts.types[0])
    if isinstance(type_, Scalar):
        return Scalar("float") if type_.kind == "complex" else type_
    if isinstance(type_, Array) and type_.dtype is not None and type_.dtype[0] == "c":
        return Array(f"f{int(type_.dtype[1:]) // 2}", type_.shape)
    return type_


def _turned_back(call: Call, g: Value) -> Value:
    """The adjoint of a transpose; that of a number may be a number of Python, which has no `T`."""
    return g if is_scalar(call.y.type) else call("g.T", g=g)


linear("attr.T(x)", {"x": _turned_back}, infer=_transposed)


def imaginary(call: Call, g: Value) -> Value | None:
    """The adjoint of the imaginary part (zero for real operands)."""
    return call("g * i", g=g, i=call.b.const(-1j)) if is_complex(call.op.operands[0].type) else None


linear("attr.real(x)", {"x": lambda call, g: g}, infer=real_type)
linear("attr.imag(x)", {"x": imaginary}, infer=real_type)
zero("attr.shape(x)", infer=_shape_type)
zero("attr.ndim(x)", infer=lambda facts: INT)
zero("attr.size(x)", infer=lambda facts: INT)
zero("attr.dtype(x)", infer=_dtype_type)


def _flag_type(facts: Facts) -> Type:
    if isinstance(facts.types[0], Scalar):
        raise TypeProblem("Python's numbers have no flags", "make an array of it: `np.asarray(..)`")
    return BOOL


zero("attr.flags.c_contiguous(x)", infer=_flag_type)


# helpers of adjoint code ---------------------------------------------------------------------------------------------
def _first(facts: Facts) -> Type:
    return plain(facts.types[0])


def _as_type(facts: Facts) -> Type:
    type_ = listed(plain(facts.types[0]))
    wanted = facts.static("dtype")
    if isinstance(type_, Array):
        return Array(code(wanted), type_.shape)
    return Array(code(wanted), () if isinstance(type_, Scalar) else None)


def _like_second(facts: Facts) -> Type:
    return plain(facts.type("like"))


def _repeated(call: Call, g: Value) -> Value:
    return g if is_scalar(call.values["g"].type) else call("np.broadcast_to(y_bar, g.shape)", y_bar=g)


def _cast_back(call: Call, g: Value) -> Value:
    return cast(call.b, g, call.op.operands[0])


zero("zeros_like(v)", infer=_first, doc="a zero of the same shape and dtype, nested for structures")
general(
    "unbroadcast(g, like)",
    vjp={"g": _repeated},
    jvp=lambda call, dots: call.repeat([dots["g"], call.values["like"]]) if "g" in dots else None,
    infer=_like_second,
    doc="g summed over the axes along which `like` was broadcast; only where types do not decide",
)
linear("astype(x, dtype=None, copy=True)", {"x": _cast_back}, infer=_as_type)
linear("copy(x)", {"x": lambda call, g: g}, infer=_first)
general(
    "filled(x_dot, x)",
    vjp={"x_dot": lambda call, g: g},
    jvp=lambda call, dots: call.repeat([dots["x_dot"], call.values["x"]]) if "x_dot" in dots else None,
    infer=lambda facts: with_zeros(facts.types[0]),
    doc="the tangent of a list, with zeros in the items that have none",
)
linear("add_lists(a, b)", {"a": lambda call, g: g, "b": lambda call, g: g}, infer=_first)
