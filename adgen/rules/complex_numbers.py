"""Complex numbers: cmath, angles, parts.

    y = cmath.exp(z)     ->      z_bar = y_bar * y
    t = cmath.phase(z)   ->      z_bar = -1j * t_bar / z

The convention, for all rules (JAX's): an adjoint pairs with a tangent by the real part of their product, no conjugate.
The gradient of a real loss is d/d(real part) - 1j * d/d(imaginary part); an analytic function f pulls back
y_bar * f'(z); real operands get the real part.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import BOOL, COMPLEX, FLOAT, Array, Scalar, Struct, Type
from adgen.rules import shapes
from adgen.rules.call import Call
from adgen.rules.infer import as_content, is_complex
from adgen.rules.kinds import Piece, elementwise, general, linear, zero
from adgen.rules.operators import real_type
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.ufuncs import ABOVE_ONE, AWAY, HYPERBOLIC_ROOTS, INSIDE, POSITIVE, ROOTS, STEEP


# cmath ---------------------------------------------------------------------------------------------------------------
def _cmath(signature: str, *pieces: Piece, kinks: str = "", **domain: str) -> None:
    elementwise(f"cmath.{signature}", *pieces, infer=lambda facts: COMPLEX, kinks=kinks, domain=domain)


_cmath("exp(x)", "y")
_cmath("sin(x)", "cmath.cos(x)")
_cmath("cos(x)", "-cmath.sin(x)")
_cmath("tan(x)", "1.0 + y * y")
_cmath("sinh(x)", "cmath.cosh(x)")
_cmath("cosh(x)", "cmath.sinh(x)")
_cmath("tanh(x)", "1.0 - y * y")
_cmath("asin(x)", f"1.0 / {ROOTS.format('cmath')}", **INSIDE)
_cmath("acos(x)", f"-1.0 / {ROOTS.format('cmath')}", **INSIDE)
_cmath("atan(x)", "g / (x - 1j) / (x + 1j)")
_cmath("asinh(x)", f"1.0 / ({STEEP.format('cmath')})")
_cmath("acosh(x)", f"1.0 / {HYPERBOLIC_ROOTS.format('cmath')}", **ABOVE_ONE)
_cmath("atanh(x)", "g / (1.0 - x) / (1.0 + x)", **INSIDE)
_cmath("log10(x)", "1.0 / (math.log(10.0) * x)", **POSITIVE)
_cmath("sqrt(x)", "0.5 / y", kinks="cmath.sqrt'(0) raises ZeroDivisionError", **POSITIVE)


def _log_argument(call: Call, g: Value) -> Value:
    return call("g / (x * cmath.log(base))" if call.has("base") else "g / x", g=g)


_cmath("log(x, base=None)", _log_argument, "g * -y / (base * cmath.log(base))", x="positive", base="above_one")
_PHASE = "the phase of 0 has no derivative"
elementwise("cmath.phase(x)", "-1j / x", infer=lambda facts: FLOAT, kinks=f"{_PHASE}: ZeroDivisionError", domain=AWAY)
elementwise("cmath.rect(r, phi)", "cmath.rect(1.0, phi)", "1j * y", infer=lambda facts: COMPLEX)


def _polar_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "x" not in dots:
        return None
    moved = call("dot / x", dot=dots["x"])
    real = not is_complex(moved.type)
    r_dot = call("y[0] * moved" if real else "y[0] * moved.real", moved=moved)
    phase_dot = call.b.const(0.0) if real else call("moved.imag", moved=moved)
    return call.b.pack(Struct("tuple", ("0", "1"), (r_dot.type, phase_dot.type)), (r_dot, phase_dot))


general(
    "cmath.polar(x)",
    vjp={"x": "(g[0] * y[0] - 1j * g[1]) / x"},
    jvp=_polar_jvp,
    infer=lambda facts: Struct("tuple", ("0", "1"), (FLOAT, FLOAT)),
    kinks=f"{_PHASE}: ZeroDivisionError",
)
for _name in ("isnan", "isinf", "isfinite"):
    zero(f"cmath.{_name}(x)", infer=lambda facts: BOOL)
zero("cmath.isclose(a, b, *, rel_tol=1e-9, abs_tol=0.0)", infer=lambda facts: BOOL)


# angles --------------------------------------------------------------------------------------------------------------
def _angle(call: Call, g: Value) -> Value | None:
    if not is_complex(call.op.operands[0].type):
        return None  # 0 or pi
    scale = call.b.const(-1j * 180.0 / math.pi if call.static("deg", False) else -1j)
    return call("scale * g / z", scale=scale, g=g)


def _angle_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    if isinstance(type_, Array) and type_.dtype is None:
        raise TypeProblem(f"`{facts.name}` of an array whose dtype is not known", "give the types of the arguments")
    found = real_type(facts)
    if isinstance(found, Scalar):
        return Array("f8", ())
    if isinstance(found, Array) and found.dtype is not None:
        return Array(found.dtype if found.dtype[0] == "f" else "f8", found.shape)
    return found


general(
    "np.angle(z, deg=False)",
    vjp={"z": _angle},
    jvp={"z": _angle},
    infer=_angle_type,
    static=("deg",),
    kinks="the angle of 0 has no derivative: nan",
)


# numbers from parts --------------------------------------------------------------------------------------------------
def _real_part(call: Call, g: Value) -> Value:
    return shapes.cast(call.b, g, call.values["real"])


def _imaginary_part(call: Call, g: Value) -> Value:
    return call("1j * g", g=g)


linear(
    "complex(real, imag=0)",
    {"real": _real_part, "imag": _imaginary_part},
    infer=lambda facts: COMPLEX,
)
