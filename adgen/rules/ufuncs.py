"""NumPy's elementwise functions.

    y = np.tanh(x)      ->      x_bar = y_bar * (1.0 - y * y)
    y = np.hypot(a, b)  ->      a_bar = y_bar * a / y;  b_bar = y_bar * b / y

Formulas use Python's `math` for constants: its results are weak in NumPy's promotion, so that float32 stays float32.
Complex arguments: adjoints are transposed, not conjugated (JAX's convention): analytic functions need nothing special.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import numpy as np

from adgen.ir.core import Value
from adgen.ir.types import BOOL, NONE, Array, Opaque, Scalar, Type, Unknown
from adgen.rules.asked import ufunc_infer
from adgen.rules.call import Call
from adgen.rules.infer import as_content, broadcast, dtype_of, is_complex, plain, promote, shape_of, ufunc_type
from adgen.rules.kinds import elementwise, linear, zero
from adgen.rules.operators import imaginary, power_base, power_exponent, quotient_bottom, real_type
from adgen.rules.rule import Facts, TypeProblem

ANY = {"x": "any"}
POSITIVE = {"x": "positive"}
INSIDE = {"x": "inside"}  # within (-1, 1)
ABOVE_ONE = {"x": "above_one"}
AWAY = {"x": "away"}  # at a distance from 0


def by_kind(real: str, whole: str, either: str = "") -> Callable[[Call, Value], Value]:
    """A derivative of real numbers, one of complex ones, and one for those of unknown dtype (which serves both).

    On its branch cuts a function is continued by the sign of a zero: `x - -1.0` keeps it, where `x + 1.0` does not.
    """

    def derivative(call: Call, g: Value) -> Value:
        if dtype_of(call.type("x")) is None:
            return call(either or whole, g=g)
        return call(whole if is_complex(call.type("x")) else real, g=g)

    return derivative


ROOTS = "({0}.sqrt(-(x - 1.0)) * {0}.sqrt(x - -1.0))"
HYPERBOLIC_ROOTS = "({0}.sqrt(x - 1.0) * {0}.sqrt(x - -1.0))"
STEEP = "np.where((x == 1j) | (x == -1j), 0.0, {0}.cosh(y))"  # arcsinh'(1j) is infinite
ARCSINE = by_kind("g / np.sqrt((1.0 - x) * (1.0 + x))", "g / " + ROOTS.format("np"))
ARCCOSINE = by_kind("-g / np.sqrt((1.0 - x) * (1.0 + x))", "-g / " + ROOTS.format("np"))
AREA_SINE = by_kind("g / np.hypot(x, 1.0)", "g / " + STEEP.format("np"), "g / np.cosh(y)")
AREA_COSINE = by_kind("g / (np.sqrt(x - 1.0) * np.sqrt(x + 1.0))", "g / " + HYPERBOLIC_ROOTS.format("np"))
AREA_TANGENT = by_kind("g / ((1.0 - x) * (1.0 + x))", "g / (1.0 - x) / (1.0 + x)")
SQUARED_UP_TO = {"f8": "1e154", "f4": "1e19"}  # squares of larger numbers overflow


def _arctangent(call: Call, g: Value) -> Value:
    """The derivative of arctan; the square of a large number overflows."""
    type_ = call.type("x")
    if isinstance(type_, Scalar) and type_.kind != "complex":
        return call("g / (1.0 + x * x)", g=g)  # that of a number of Python's is infinite, without a word
    if is_complex(type_) or dtype_of(type_) is None:
        return call("g / (x - 1j) / (x + 1j)" if is_complex(type_) else "g / (1.0 + x * x)", g=g)
    bound = SQUARED_UP_TO.get(dtype_of(type_) or "")
    if bound is None:
        r = call("np.hypot(x, 1.0)")
        return call("g / r / r", g=g, r=r)
    return call(f"g / (1.0 + np.square(np.clip(x, -{bound}, {bound})))", g=g)


# of one argument -----------------------------------------------------------------------------------------------------
elementwise("np.sin(x)", "np.cos(x)")
elementwise("np.cos(x)", "-np.sin(x)")
elementwise("np.tan(x)", "1.0 + y * y")
elementwise("np.arcsin(x)", ARCSINE, shown=("1.0 / np.sqrt((1.0 - x) * (1.0 + x))",), domain=INSIDE)
elementwise("np.arccos(x)", ARCCOSINE, shown=("-1.0 / np.sqrt((1.0 - x) * (1.0 + x))",), domain=INSIDE)
elementwise("np.arctan(x)", _arctangent, shown=("1.0 / (1.0 + x * x)",))
elementwise("np.sinh(x)", "np.cosh(x)")
elementwise("np.cosh(x)", "np.sinh(x)")
elementwise("np.tanh(x)", "1.0 - y * y")  # to 1e-16 everywhere, though with ever fewer digits from |x| = 5 on
elementwise("np.arcsinh(x)", AREA_SINE, shown=("1.0 / np.hypot(x, 1.0)",))
elementwise("np.arccosh(x)", AREA_COSINE, shown=("1.0 / (np.sqrt(x - 1.0) * np.sqrt(x + 1.0))",), domain=ABOVE_ONE)
elementwise("np.arctanh(x)", AREA_TANGENT, shown=("1.0 / ((1.0 - x) * (1.0 + x))",), domain=INSIDE)
elementwise("np.exp(x)", "y")
elementwise("np.exp2(x)", "math.log(2.0) * y")
elementwise("np.expm1(x)", "np.exp(x)")
elementwise("np.log(x)", "1.0 / x", domain=POSITIVE)
elementwise("np.log2(x)", "1.0 / (math.log(2.0) * x)", domain=POSITIVE)
elementwise("np.log10(x)", "1.0 / (math.log(10.0) * x)", domain=POSITIVE)
elementwise("np.log1p(x)", "1.0 / (1.0 + x)", domain=POSITIVE)
elementwise("np.sqrt(x)", "0.5 / y", domain=POSITIVE, kinks="sqrt'(0) = inf")
elementwise("np.cbrt(x)", "1.0 / (3.0 * y * y)", domain=AWAY, kinks="cbrt'(0) = inf")
elementwise("np.square(x)", "2.0 * x")
elementwise("np.reciprocal(x)", "-y * y", domain=AWAY)
elementwise("np.negative(x)", "-1.0")
elementwise("np.positive(x)", "1.0")
elementwise("np.deg2rad(x)", "math.pi / 180.0")
elementwise("np.radians(x)", "math.pi / 180.0")
elementwise("np.rad2deg(x)", "180.0 / math.pi")
elementwise("np.degrees(x)", "180.0 / math.pi")


def absolute(call: Call, g: Value) -> Value | None:
    """The derivative of the absolute value, 0 at 0."""
    if is_complex(call.op.operands[0].type):
        return call("g * np.conj(x) / np.where(y == 0.0, 1.0, y)", g=g)  # a tangent is its real part
    return call("g * np.sign(x)", g=g)


def abs_type(facts: Facts) -> Type:
    """The type of an absolute value: real."""
    return real_type(Facts(facts.name, facts.args, (ufunc_type("absolute", facts.types),), facts.statics))


elementwise("np.abs(x)", absolute, infer=abs_type, domain=AWAY, kinks="abs'(0) = 0")


# np.sinc'(x) = (cos(pi x) - sinc(x)) / x, which cancels near 0: its series there
_SINC = "(np.cos(math.pi * x) - y) / np.where(x == 0.0, 1.0, x)"
_SERIES = "(1.0 - t / 54.0 * (1.0 - t / 88.0 * (1.0 - t / 130.0 * (1.0 - t / 180.0))))"
_SERIES = f"-math.pi * math.pi / 3.0 * s * (1.0 - t / 10.0 * (1.0 - t / 28.0 * {_SERIES}))"


def _sinc(call: Call, g: Value) -> Value:
    near = call("np.abs(x) < 0.15")
    s = call("np.where(near, x, 0.0)", near=near)
    t = call("(math.pi * s) * (math.pi * s)", s=s)
    return call(f"g * np.where(near, {_SERIES}, {_SINC})", g=g, near=near, s=s, t=t)


elementwise("np.sinc(x)", _sinc, infer=lambda facts: ufunc_type("sin", facts.types), domain=AWAY)


def _angle(text: str) -> Callable[[Call, Value], Value]:
    """With the distance from the origin as divisor, twice: its square may overflow."""

    def derivative(call: Call, g: Value) -> Value:
        r = call("np.hypot(a, b)")
        return call(f"g * ({text})", g=g, r=call("np.where(r == 0.0, 1.0, r)", r=r))

    return derivative


def _share(text: str, exp: str) -> Callable[[Call, Value], Value]:
    """The shares add up to one: what a large y lost by rounding is in both of them, and cancels in their quotient."""

    def derivative(call: Call, g: Value) -> Value:
        beside = any(value in call.b.constants for value in call.op.operands[:2])  # log(1 + exp(b)): y is as large as b
        return call(f"g * {text}" if beside else f"g * {text} / ({exp}(a - y) + {exp}(b - y))", g=g)

    return derivative


# of two arguments ----------------------------------------------------------------------------------------------------
elementwise("np.add(a, b)", "1.0", "1.0")
elementwise("np.subtract(a, b)", "1.0", "-1.0")
elementwise("np.multiply(a, b)", "b", "a")
elementwise(
    "np.divide(a, b)",
    "1.0 / b",
    quotient_bottom,
    peeks=("a",),
    domain={"b": "away"},
    shown=("1.0 / b", "-y / b"),
)
elementwise(
    "np.hypot(a, b)",
    "a / np.where(y == 0.0, 1.0, y)",
    "b / np.where(y == 0.0, 1.0, y)",
    domain={"a": "away", "b": "away"},
    kinks="hypot at (0, 0) has gradient 0",
)
elementwise(
    "np.arctan2(a, b)",
    _angle("b / r / r"),
    _angle("-a / r / r"),
    domain={"a": "away"},
    kinks="arctan2 at (0, 0) has gradient 0",
)
for _name, _exp in (("np.logaddexp", "np.exp"), ("np.logaddexp2", "np.exp2")):
    _texts = [f"{_exp}({one} - y)" for one in "ab"]
    elementwise(f"{_name}(a, b)", _share(_texts[0], _exp), _share(_texts[1], _exp), shown=_texts)
elementwise("np.fmod(a, b)", "1.0", "np.rint((y - a) / b)", domain={"b": "away"})
elementwise("np.mod(a, b)", "1.0", "-(a // b)", domain={"b": "away"})
elementwise("np.floor_divide(a, b)", "0", "0", domain={"b": "away"})
elementwise(
    "np.copysign(a, b)",
    "np.where(np.signbit(a) == np.signbit(b), g, -g)",
    "0",
    domain={"a": "away", "b": "away"},
)
elementwise("np.heaviside(a, b)", "0", "np.where(a == 0.0, g, 0.0)", domain={"a": "away"})
elementwise("np.ldexp(a, b)", "np.ldexp(g, b)", "0", domain={"b": "int"})
elementwise("np.nextafter(a, b)", "1.0", "0")

_FIRST = "np.where({0}, g, np.where(a == b, 0.5 * g, 0.0))"
for _name, _sign in (("np.maximum", ">"), ("np.minimum", "<")):
    _pieces = [_FIRST.format(f"{one} {_sign} {two}") for one, two in ("ab", "ba")]
    elementwise(f"{_name}(a, b)", *_pieces, kinks="ties share equally")
for _name, _sign in (("np.fmax", ">"), ("np.fmin", "<")):
    _pieces = [_FIRST.format(f"({one} {_sign} {two}) | np.isnan({two})") for one, two in ("ab", "ba")]
    elementwise(f"{_name}(a, b)", *_pieces, kinks="ties share equally; beside a nan the other one")


for _name in ("np.power", "np.float_power"):
    elementwise(
        f"{_name}(a, b)",
        power_base,
        power_exponent,
        peeks=("a", "b"),
        kinks="x**0 has derivative exactly 0; d/db a**b is 0 where a <= 0; x**p with p < 1 at 0: inf",
        domain={"a": "positive"},
    )


# selection -----------------------------------------------------------------------------------------------------------
def where_type(facts: Facts) -> Type:
    """The type of np.where(condition, x, y)."""
    types = [as_content(type_) for type_ in facts.types]
    if len(types) != 3:
        raise TypeProblem("`np.where` with one argument", "use np.nonzero, or give both alternatives")
    if any(isinstance(type_, Unknown) for type_ in types):
        return Unknown()
    if any(isinstance(type_, Opaque) for type_ in types[1:]):
        return Opaque("result of where")
    shapes = [None if isinstance(type_, Opaque) else shape_of(type_) for type_ in types]
    return Array(promote(types[1:]), broadcast(shapes))


elementwise(
    "np.where(condition, x, y) -> z",
    "0",
    "np.where(condition, g, 0.0)",
    "np.where(condition, 0.0, g)",
    joint="np.where(condition, x_dot, y_dot)",
    infer=where_type,
    domain={"condition": "bool"},
)


def clip_type(facts: Facts) -> Type:
    """The type of np.clip(a, min, max), where bounds may be None."""
    types = [type_ for type_ in facts.types if plain(type_) != NONE]
    return reduce(lambda one, two: ufunc_type("maximum", (one, two)), types[1:], ufunc_type("positive", types[:1]))


def _clip_inner(call: Call, g: Value) -> Value:
    tests = [f"({test})" for name, test in (("min", "a >= min"), ("max", "a <= max")) if call.has(name)]
    return call(f"np.where({' & '.join(tests)}, g, 0.0)", g=g) if tests else g


def _clip_below(call: Call, g: Value) -> Value:
    """The lower bound's share; where it lies above the upper one, that is the result."""
    return call("np.where((a < min) & (min <= max), g, 0.0)" if call.has("max") else "np.where(a < min, g, 0.0)", g=g)


def _clip_above(call: Call, g: Value) -> Value:
    return call("np.where(np.maximum(a, min) > max, g, 0.0)" if call.has("min") else "np.where(a > max, g, 0.0)", g=g)


elementwise(
    "np.clip(a, min=None, max=None)",
    _clip_inner,
    _clip_below,
    _clip_above,
    shown=("np.where((a >= min) & (a <= max), g, 0.0)", "np.where(a < min, g, 0.0)", "np.where(a > max, g, 0.0)"),
    infer=clip_type,
    kinks="clip: 1 inside and on the bounds",
    domain={"min": "low", "max": "high"},
)

# complex parts -------------------------------------------------------------------------------------------------------
linear("np.real(x)", {"x": lambda call, g: g}, infer=real_type)
linear("np.imag(x)", {"x": imaginary}, infer=real_type)
elementwise("np.conj(x)", "np.conj(g)", infer=lambda facts: ufunc_type("conjugate", facts.types))

# steps and tests: no derivative, or zero almost everywhere ------------------------------------------------------------
for _name in ("floor", "ceil", "rint", "trunc"):
    zero(f"np.{_name}(x)", infer=ufunc_infer(_name))


def _sign_type(facts: Facts) -> Type:
    if is_complex(facts.types[0]):
        raise TypeProblem("`np.sign` of complex numbers", "write z / np.abs(z)")
    return ufunc_type("sign", facts.types)


zero("np.sign(x)", infer=_sign_type)
zero("np.fix(x)", infer=lambda facts: ufunc_type("trunc", facts.types))
zero("np.round(a, decimals=0)", infer=lambda facts: ufunc_type("rint", facts.types[:1]))
for _name in ("isnan", "isinf", "isfinite", "signbit", "logical_not", "invert"):
    zero(f"np.{_name}(x)", infer=ufunc_infer(_name))
_TWO = "equal not_equal less less_equal greater greater_equal logical_and logical_or logical_xor bitwise_and bitwise_or"
for _name in (_TWO + " bitwise_xor left_shift right_shift gcd lcm").split():
    zero(f"np.{_name}(a, b)", infer=ufunc_infer(_name))
_CLOSE = "(a, b, rtol=1e-5, atol=1e-8, equal_nan=False)"
zero(f"np.isclose{_CLOSE}", infer=lambda facts: ufunc_type("equal", facts.types[:2]))
zero(f"np.allclose{_CLOSE}", infer=lambda facts: BOOL)
zero("np.array_equal(a, b, equal_nan=False)", infer=lambda facts: BOOL)


def _real_only(facts: Facts) -> Type:
    if is_complex(facts.types[0]):
        raise TypeProblem("`np.real_if_close` of complex numbers: the dtype depends on values", "use np.real")
    return plain(facts.types[0]) if not isinstance(plain(facts.types[0]), Scalar) else Array("f8", ())


elementwise("np.real_if_close(a, tol=100)", "1.0", infer=_real_only)


# functions that turn to complex numbers where the real ones end: of real numbers, the dtype depends on values ---------
def _complex_only(facts: Facts) -> Type:
    if not any(is_complex(type_) for type_ in facts.types):
        short = facts.name.removeprefix("np.emath.")
        advice = f"use np.{short}, " if hasattr(np, short) else ""
        raise TypeProblem(
            f"`{facts.name}` of real numbers: whether it is complex depends on them", f"{advice}or pass `x + 0j`"
        )
    types = [as_content(type_) for type_ in facts.types]
    return Array(promote(types), broadcast([shape_of(type_) for type_ in types]))


_EMATH = {
    "sqrt": "0.5 / y",
    "log": "1.0 / x",
    "log2": "1.0 / (math.log(2.0) * x)",
    "log10": "1.0 / (math.log(10.0) * x)",
    "arcsin": f"1.0 / {ROOTS.format('np')}",
    "arccos": f"-1.0 / {ROOTS.format('np')}",
    "arctanh": "g / (1.0 - x) / (1.0 + x)",
}
for _name, _text in _EMATH.items():
    elementwise(f"np.emath.{_name}(x)", _text, infer=_complex_only)
elementwise("np.emath.logn(n, x)", "-y / (n * np.log(n))", "1.0 / (x * np.log(n))", infer=_complex_only)
elementwise("np.emath.power(x, p)", "p * np.power(x, p - 1.0)", "y * np.log(x)", infer=_complex_only)
