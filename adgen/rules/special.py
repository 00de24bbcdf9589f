"""scipy.special: functions of one number and of several, and sums of exponentials.

    y = scipy.special.gammaln(x)      ->      x_bar = y_bar * scipy.special.digamma(x)
    y = scipy.special.logsumexp(a)    ->      a_bar = y_bar * np.exp(a - y)

Nothing here imports scipy: generated code does, where the user's own code calls it.
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import NONE, UNKNOWN, Array, Scalar, Type, Unknown
from adgen.rules import shapes
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, broadcast, is_complex, reduced_shape, shape_of
from adgen.rules.kinds import Piece, elementwise, general
from adgen.rules.matrices import tuple_of
from adgen.rules.reductions import kept, reduced
from adgen.rules.rule import Facts, TypeProblem


# types ---------------------------------------------------------------------------------------------------------------
def special_type(facts: Facts) -> Type:
    """Real numbers, in double precision unless all arguments are float32 arrays."""
    types = [as_content(type_) for type_ in facts.types]
    if any(is_complex(type_) for type_ in types):
        raise TypeProblem(f"`{facts.name}` of complex numbers", "pass real ones")
    if any(isinstance(type_, Unknown) for type_ in types):
        return UNKNOWN
    return Array(_dtype(types), broadcast([shape_of(type_) for type_ in types]))


def _dtype(types: list[Type]) -> str | None:
    """None where it depends on the version of SciPy."""
    dtypes = {type_.dtype for type_ in types if isinstance(type_, Array)}
    if not dtypes or "f8" in dtypes or all(dtype is not None and dtype[0] in "iub" for dtype in dtypes):
        return "f8"
    return "f4" if dtypes == {"f4"} and not any(isinstance(type_, Scalar) for type_ in types) else None


def special(signature: str, *pieces: Piece, kinks: str = "", **domain: str) -> None:
    """An entry of an elementwise function."""
    texts = [full(piece) if isinstance(piece, str) else piece for piece in pieces]
    elementwise(f"scipy.special.{signature}", *texts, infer=special_type, kinks=kinks, domain=domain)


def full(piece: str) -> str:
    """`sp.` is short for `scipy.special.`."""
    return piece.replace("sp.", "scipy.special.")


def no_piece(call: Call, g: Value) -> Value | None:
    """The piece of a parameter by which no derivative is known."""
    raise TypeProblem(
        f"the derivative of `{call.rule.name}` by its order or shape", "it has no closed form: keep this one fixed"
    )


# of one number -------------------------------------------------------------------------------------------------------
special("gamma(x)", "y * sp.digamma(x)", x="positive")
for _name in ("gammaln", "loggamma"):
    special(f"{_name}(x)", "sp.digamma(x)", x="positive")
_REFLECTED = "sp.gamma(1.0 - x) * (np.cos(math.pi * x) - np.sin(math.pi * x) * sp.digamma(1.0 - x) / math.pi)"
special("rgamma(x)", f"np.where(x < 0.5, {_REFLECTED}, -y * sp.digamma(x))")
for _name in ("digamma", "psi"):
    special(f"{_name}(x)", "sp.polygamma(1, x)", x="positive")
special("polygamma(n, x)", "0", "sp.polygamma(n + 1, x)", n="int", x="positive")
special("erf(x)", "2.0 / math.sqrt(math.pi) * np.exp(-x * x)")
special("erfc(x)", "-2.0 / math.sqrt(math.pi) * np.exp(-x * x)")
special("erfi(x)", "2.0 / math.sqrt(math.pi) * np.exp(x * x)")
special("erfinv(x)", "0.5 * math.sqrt(math.pi) * np.exp(y * y)", x="inside")
special("erfcinv(x)", "-0.5 * math.sqrt(math.pi) * np.exp(y * y)", x="positive")


# of a large argument by Tricomi's function, and by its first term
_FAR = "sp.hyperu(1.0, 0.5, np.clip(x * x, 49.0, 1e16)) * np.minimum(1.0, 1e16 / np.maximum(x * x, 49.0))"
special("erfcx(x)", f"np.where(x > 7.0, -{_FAR}, 2.0 * math.sqrt(math.pi) * x * y - 2.0) / math.sqrt(math.pi)")
special("dawsn(x)", "sp.hyp1f1(1.0, 0.5, -x * x)")
special("expit(x)", "y * sp.expit(-x)")
special("log_expit(x)", "sp.expit(-x)")
special("logit(x)", "1.0 / (x * (1.0 - x))", x="high")
special("ndtr(x)", "np.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)")
special("log_ndtr(x)", "math.sqrt(2.0 / math.pi) / sp.erfcx(-x / math.sqrt(2.0))")
special("ndtri(x)", "math.sqrt(2.0 * math.pi) * np.exp(0.5 * y * y)", x="high")
special("entr(x)", "-np.log(x) - 1.0", x="positive", kinks="entr'(0) = inf")
special("exp1(x)", "-np.exp(-x) / x", x="positive")
special("expi(x)", "np.exp(x) / x", x="positive")
_EXPN = "np.where(n == 0, -np.exp(-x) * (x + 1.0) / (x * x), -sp.expn(np.maximum(n - 1, 0), x))"
special("expn(n, x)", "0", _EXPN, n="int", x="positive")
special("exp2(x)", "math.log(2.0) * y")
special("exp10(x)", "math.log(10.0) * y")
special("expm1(x)", "np.exp(x)")
special("log1p(x)", "1.0 / (1.0 + x)", x="positive")
special("cbrt(x)", "1.0 / (3.0 * y * y)", x="away", kinks="cbrt'(0) = inf")
special("spence(x)", "np.where(x == 1.0, -1.0, np.log(x) / np.where(x == 1.0, 1.0, 1.0 - x))", x="high")

# Bessel functions ----------------------------------------------------------------------------------------------------
special("j0(x)", "-sp.j1(x)")
special("j1(x)", "0.5 * (sp.j0(x) - sp.jv(2, x))")
special("y0(x)", "-sp.y1(x)", x="positive")
special("y1(x)", "0.5 * (sp.y0(x) - sp.yv(2, x))", x="positive")
special("i0(x)", "sp.i1(x)")
special("i1(x)", "0.5 * (sp.i0(x) + sp.iv(2, x))")
_FAR = "np.maximum(-2.0 * np.abs(x), np.float64(-1e300))"  # strong: a literal would not go into float32
special("i0e(x)", f"-np.sign(x) * sp.hyp1f1(1.5, 2.0, {_FAR})", x="away")
special("i1e(x)", f"1.5 * sp.hyp1f1(2.5, 3.0, {_FAR}) - sp.hyp1f1(1.5, 2.0, {_FAR})", x="away")
special("k0(x)", "-sp.k1(x)", x="positive")
special("k1(x)", "-sp.k0(x) - y / x", x="positive")
special("k0e(x)", "kve_slope(1, 0, x)", x="positive")
special("k1e(x)", "kve_slope(1, 1, x)", x="positive")
for _name in ("jv", "jn", "yv"):
    special(f"{_name}(v, x)", no_piece, f"0.5 * (sp.{_name}(v - 1, x) - sp.{_name}(v + 1, x))", v="int", x="positive")
special("iv(v, x)", no_piece, "0.5 * (sp.iv(v - 1, x) + sp.iv(v + 1, x))", v="int", x="positive")
special("kv(v, x)", no_piece, "-0.5 * (sp.kv(v - 1, x) + sp.kv(v + 1, x))", v="int", x="positive")
special("ive(v, x)", no_piece, "ive_slope(1, v, x)", v="int", x="positive")
special("kve(v, x)", no_piece, "kve_slope(1, v, x)", v="int", x="positive")

# of several numbers --------------------------------------------------------------------------------------------------
special("beta(a, b)", "-y * psi_gap(0, a, b)", "-y * psi_gap(0, b, a)", a="positive", b="positive")
special("betaln(a, b)", "-psi_gap(0, a, b)", "-psi_gap(0, b, a)", a="positive", b="positive")
special(
    "binom(n, k)",
    "-y * psi_gap(0, n + 1.0, -k)",
    "y * psi_gap(0, k + 1.0, n - 2.0 * k)",
    n="above_one",
    k="high",
)
special("poch(z, m)", "y * psi_gap(0, z, m)", "y * sp.digamma(z + m)", z="positive", m="positive")
special("xlogy(x, y) -> z", "np.log(y)", "np.where(x == 0.0, 0.0, x / y)", y="positive", x="away")
special("xlog1py(x, y) -> z", "np.log1p(y)", "np.where(x == 0.0, 0.0, x / (1.0 + y))", y="positive", x="away")
special("rel_entr(x, y) -> z", "np.log(x / y) + 1.0", "-x / y", x="positive", y="positive")
special("kl_div(x, y) -> z", "np.log(x / y)", "(y - x) / y", x="positive", y="positive")
special("huber(delta, r)", "np.maximum(np.abs(r) - delta, 0.0)", "np.clip(r, -delta, delta)", delta="high", r="away")
special("zeta(x, q)", no_piece, "-x * sp.zeta(x + 1, q)", x="many", q="positive")


# sums of exponentials ------------------------------------------------------------------------------------------------
def _log_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    if isinstance(type_, Unknown) or is_complex(type_):
        raise TypeProblem(f"`{facts.name}` of what is not known to be a real array", "annotate the argument")
    shape = shape_of(type_)
    if facts.name.endswith("softmax"):
        return Array(_dtype([type_]), shape)
    types = [type_]
    if facts.has("b") and facts.type("b") != NONE:
        types.append(as_content(facts.type("b")))
        shape = broadcast([shape, shape_of(types[1])])
    axis, keepdims = facts.static("axis"), bool(facts.static("keepdims", False))
    if shape is None:
        found = Array(_dtype(types), () if axis is None and not keepdims else None)
    else:
        found = Array(_dtype(types), reduced_shape(shape, axis, keepdims, facts.name))
    return tuple_of(found, found) if facts.static("return_sign", False) else found


def _shares(call: Call) -> tuple[Value, Value]:
    """How much each element weighs in the sum, before and after its factor; nothing where all are -inf."""
    signed = bool(call.static("return_sign", False))
    y = kept(call, call.b.item(call.y, 0) if signed else call.y, _widest(call))
    shares = call("np.exp(a - np.where(np.isinf(y), 0.0, y))", y=y)
    if signed:
        shares = call("shares * sign", shares=shares, sign=kept(call, call.b.item(call.y, 1), _widest(call)))
    return shares, call("b * shares", shares=shares) if call.has("b") else shares


def _widest(call: Call) -> str:
    """The argument that has the rank of both."""
    if not call.has("b"):
        return "a"
    if call.rank("b") > call.rank("a") and call.static("axis") is not None:
        raise TypeProblem("`scipy.special.logsumexp` with `b` of more axes than `a`", "broadcast `a` first")
    return "a" if call.rank("a") >= call.rank("b") else "b"


def _sum_pull(place: int) -> Piece:
    def piece(call: Call, g: Value) -> Value:
        g = call.b.item(g, 0) if call.static("return_sign", False) else g
        out = call("g * shares", g=kept(call, g, _widest(call)), shares=_shares(call)[place])
        return shapes.unbroadcast(call.b, out, call.values["b" if place == 0 else "a"])

    return piece


def _sum_push(place: int) -> Piece:
    def piece(call: Call, dot: Value) -> Value:
        out = reduced(call, "shares * dot", _widest(call), shares=_shares(call)[place], dot=dot)
        if not call.static("return_sign", False):
            return out
        zero = shapes.zeros_like(call.b, call.b.item(call.y, 1))
        return call.b.pack(tuple_of(out.type, zero.type), (out, zero))

    return piece


general(
    "scipy.special.logsumexp(a, axis=None, b=None, keepdims=False, return_sign=False)",
    vjp={"a": _sum_pull(1), "b": _sum_pull(0)},
    jvp={"a": _sum_push(1), "b": _sum_push(0)},
    infer=_log_type,
    static=("return_sign",),
)


def _sum(call: Call, value: Value) -> Value:
    """The sum along the axis of a softmax, kept."""
    axis = call.static("axis")
    if axis is None:
        return call("np.sum(v)", v=value)
    axes_of(axis, call.rank("x"), call.rule.name)
    return call("np.sum(v, axis=axis, keepdims=keep)", v=value, axis=call.b.const(axis), keep=call.b.const(True))


def _softmax(call: Call, g: Value) -> Value:
    moved = call("g * y", g=g)
    return call("moved - y * total", moved=moved, total=_sum(call, moved))


general("scipy.special.softmax(x, axis=None)", vjp={"x": _softmax}, jvp={"x": _softmax}, infer=_log_type)


def _log_softmax(call: Call, g: Value) -> Value:
    return call("g - np.exp(y) * total", g=g, total=_sum(call, g))


def _log_softmax_dot(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "x" not in dots:
        return None
    dot = dots["x"]
    return call("dot - total", dot=dot, total=_sum(call, call("np.exp(y) * dot", dot=dot)))


general("scipy.special.log_softmax(x, axis=None)", vjp={"x": _log_softmax}, jvp=_log_softmax_dot, infer=_log_type)
