"""The functions of the `math` module, of one or several numbers.

y = math.sin(x)          ->      x_bar = y_bar * math.cos(x)
y = math.hypot(a, b)     ->      a_bar = y_bar * a / y
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import BOOL, FLOAT, INT, Struct, Type, tangent
from adgen.rules.call import Call
from adgen.rules.infer import floating
from adgen.rules.kinds import Piece, elementwise, general, variadic, zero
from adgen.rules.operators import POWER_KINKS, power_base, power_exponent
from adgen.rules.rule import Infer
from adgen.rules.ufuncs import ABOVE_ONE, AWAY, INSIDE, POSITIVE


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
