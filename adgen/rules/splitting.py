"""Functions that take numbers apart, or repair them: divmod, modf, frexp, nan_to_num, i0.

q, r = np.divmod(a, b)           ->      a_bar = r_bar;  b_bar = -r_bar * q
m, e = np.frexp(x)               ->      x_bar = np.ldexp(m_bar, -e)
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Scalar, Struct, Type, Unknown, tangent
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.creation import line_type, line_vjp
from adgen.rules.infer import (
    as_content,
    code,
    dtype_of,
    is_complex,
    plain,
    promote,
    shape_of,
    ufunc_type,
)
from adgen.rules.kinds import elementwise, general, linear
from adgen.rules.lists import taken_apart
from adgen.rules.rule import Facts, TypeProblem


def pair(one: Type, two: Type) -> Struct:
    """A tuple of two."""
    return Struct("tuple", ("0", "1"), (one, two))


def _two(call: Call, one: Value | None, two: Value | None) -> Value:
    """Two tangents; None for a result that has none, or whose tangent is zero."""
    parts = []
    type_ = plain(call.y.type)
    assert isinstance(type_, Struct)
    for place, part in enumerate((one, two)):
        like = call.b.item(call.y, place)
        if tangent(type_.items[place]) is None:
            parts.append(call.b.const(None))
        else:
            parts.append(shapes.zeros_like(call.b, like) if part is None else shapes.expand(call.b, part, like))
    return call.b.pack(pair(parts[0].type, parts[1].type), parts)


# quotient and rest ---------------------------------------------------------------------------------------------------
def _divmod_type(facts: Facts) -> Type:
    return pair(ufunc_type("floor_divide", facts.types[:2]), ufunc_type("remainder", facts.types[:2]))


def _divisor(call: Call, g: Value) -> Value:
    return shapes.unbroadcast(call.b, call("-g[1] * y[0]", g=g), call.values["b"])


def _divmod_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if not dots:
        return None
    total = dots.get("a")
    if "b" in dots:
        part = call("dot * y[0]", dot=dots["b"])
        total = call("-part", part=part) if total is None else apply(call.b, "sub", (total, part))
    return _two(call, None, total)


general(
    "np.divmod(a, b)",
    vjp={"a": lambda call, g: shapes.unbroadcast(call.b, call("g[1]", g=g), call.values["a"]), "b": _divisor},
    jvp=_divmod_jvp,
    infer=_divmod_type,
    kinks="at the jumps of a % b: the derivative from the right",
)


def _modf_type(facts: Facts) -> Type:
    one = ufunc_type("sin", facts.types[:1])
    return pair(one, one)


general(
    "np.modf(x)",
    vjp={"x": lambda call, g: call("g[0]", g=g)},
    jvp=lambda call, dots: _two(call, dots["x"], None) if "x" in dots else None,
    infer=_modf_type,
)


def _frexp_type(facts: Facts) -> Type:
    one = ufunc_type("sin", facts.types[:1])
    return pair(one, Array("i4", one.shape) if isinstance(one, Array) else UNKNOWN)


general(
    "np.frexp(x)",
    vjp={"x": lambda call, g: call("np.ldexp(g[0], -y[1])", g=g)},
    jvp=lambda call, dots: _two(call, call("np.ldexp(dot, -y[1])", dot=dots["x"]), None) if "x" in dots else None,
    infer=_frexp_type,
)


# repair --------------------------------------------------------------------------------------------------------------
def _finite(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    if is_complex(type_) and any(facts.has(name) for name in ("nan", "posinf", "neginf")):
        raise TypeProblem("`np.nan_to_num` of complex numbers with numbers for what is not finite", "repair both parts")
    return Array(promote([type_]), ()) if isinstance(type_, Scalar) else type_


elementwise(
    "np.nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None)",
    "np.where(np.isfinite(x), g, 0.0)",
    "0",
    "np.where(np.isnan(x), g, 0.0)",
    "np.where(np.isposinf(x), g, 0.0)",
    "np.where(np.isneginf(x), g, 0.0)",
    infer=_finite,
    kinks="nan and infinities have derivative 0",
)


# Bessel's functions --------------------------------------------------------------------------------------------------
def bessel(call: Call, x: Value) -> Value:
    """I1, the derivative of I0: the mean of c sinh(c x) over a quarter of a circle, without cancellation near 0."""
    c = call("np.cos(math.pi / 128.0 * (np.arange(64) + 0.5))")
    if dtype_of(x.type) is None:
        c = call("np.array(c, dtype=x.dtype)", c=c, x=x)  # float32 stays float32
    if shapes.is_scalar(x.type):
        return call("np.mean(c * np.sinh(c * x))", c=c, x=x)
    return call("np.mean(c * np.sinh(c * np.expand_dims(x, last)), axis=last)", c=c, x=x, last=call.b.const(-1))


def _i0_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    if is_complex(type_):
        raise TypeProblem("`np.i0` of complex numbers", "pass real ones")
    found = ufunc_type("sin", (type_,))
    return Array(found.dtype, found.shape) if isinstance(found, Array) else found


elementwise("np.i0(x)", lambda call, g: call("g * slope", g=g, slope=bessel(call, call.values["x"])), infer=_i0_type)


# arrays as they are --------------------------------------------------------------------------------------------------
def _as_array(call: Call, g: Value) -> Value:
    return taken_apart(call.b, g, plain(call.op.operands[0].type))


def _array_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    asked = facts.static("dtype")
    if isinstance(type_, (Array, Scalar)):
        return Array(promote([type_]) if asked is None else code(asked), shape_of(type_))
    return UNKNOWN if isinstance(type_, Unknown) else Array(None, None)


linear("np.asfortranarray(a, dtype=None)", {"a": line_vjp}, infer=line_type)
linear("np.asanyarray(a, dtype=None, order=None, *, copy=None)", {"a": _as_array}, infer=_array_type)
linear("np.asarray_chkfinite(a, dtype=None, order=None)", {"a": _as_array}, infer=_array_type)
linear("np.require(a, dtype=None, requirements=None)", {"a": _as_array}, infer=_array_type, static=("requirements",))
linear("np.astype(x, dtype, *, copy=True)", {"x": _as_array}, infer=_array_type)
