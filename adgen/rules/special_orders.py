"""scipy.special, functions of an order: orthogonal polynomials, Bessel's functions and their kin; complex results.

    y = scipy.special.eval_chebyt(n, x)    ->      x_bar = y_bar * n * scipy.special.eval_chebyu(n - 1, x)
    y = scipy.special.kn(n, x)             ->      x_bar = -0.5 * y_bar * (kv(n - 1, x) + kv(n + 1, x))

Derivatives by orders and shape parameters are refused where they have no closed form.
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Type, Unknown
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, broadcast, shape_of
from adgen.rules.kinds import Piece, elementwise
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.special import full, no_piece, special


# orthogonal polynomials ----------------------------------------------------------------------------------------------
def _polynomial(signature: str, by_x: str, **domain: str) -> None:
    """By x: a formula that holds from degree one on."""

    def piece(call: Call, g: Value) -> Value:
        degree = call.b.constants.get(call.values["n"])
        known = isinstance(degree, int) and degree > 0
        return call(full(f"g * ({by_x})" if known else f"g * np.where(n == 0, 0.0, {by_x})"), g=g)

    count = signature.count(",")
    special(signature, "0" if count == 1 else no_piece, *[no_piece] * (count - 1), piece, n="int", x="inside", **domain)


_polynomial("eval_legendre(n, x)", "0.5 * (n + 1.0) * sp.eval_jacobi(n - 1, 1.0, 1.0, x)")
_polynomial("eval_sh_legendre(n, x)", "(n + 1.0) * sp.eval_jacobi(n - 1, 1.0, 1.0, 2.0 * x - 1.0)")
_polynomial("eval_chebyt(n, x)", "n * sp.eval_chebyu(n - 1, x)")
_polynomial("eval_chebyu(n, x)", "2.0 * sp.eval_gegenbauer(n - 1, 2.0, x)")
_polynomial("eval_chebyc(n, x)", "n * sp.eval_chebys(n - 1, x)")
_polynomial("eval_chebys(n, x)", "sp.eval_gegenbauer(n - 1, 2.0, 0.5 * x)")
_polynomial("eval_sh_chebyt(n, x)", "2.0 * n * sp.eval_sh_chebyu(n - 1, x)")
_polynomial("eval_sh_chebyu(n, x)", "4.0 * sp.eval_gegenbauer(n - 1, 2.0, 2.0 * x - 1.0)")
_polynomial("eval_laguerre(n, x)", "-sp.eval_genlaguerre(n - 1, 1.0, x)")
_polynomial("eval_hermite(n, x)", "2.0 * n * sp.eval_hermite(n - 1, x)")
_polynomial("eval_hermitenorm(n, x)", "n * sp.eval_hermitenorm(n - 1, x)")
_polynomial("eval_genlaguerre(n, alpha, x)", "-sp.eval_genlaguerre(n - 1, alpha + 1.0, x)", alpha="int")
_polynomial("eval_gegenbauer(n, alpha, x)", "2.0 * alpha * sp.eval_gegenbauer(n - 1, alpha + 1.0, x)", alpha="int")
_JACOBI = "0.5 * (n + alpha + beta + 1.0) * sp.eval_jacobi(n - 1, alpha + 1.0, beta + 1.0, x)"
_polynomial("eval_jacobi(n, alpha, beta, x)", _JACOBI, alpha="int", beta="int")
_polynomial("eval_sh_jacobi(n, p, q, x)", "n * sp.eval_sh_jacobi(n - 1, p + 2.0, q + 1.0, x)", p="many", q="int")
special("assoc_laguerre(x, n)", "np.where(n == 0, 0.0, -sp.eval_genlaguerre(n - 1, 1.0, x))", "0", n="int")
special(
    "lpmv(m, v, x)",
    "0",
    no_piece,
    "((v + m) * sp.lpmv(m, v - 1, x) - v * x * y) / (1.0 - x * x)",
    m="bit",
    v="int",
    x="inside",
    kinks="at x = -1 and 1: nan",
)

# Bessel's functions and their kin ------------------------------------------------------------------------------------
special("kn(n, x)", "0", "-0.5 * (sp.kv(n - 1, x) + sp.kv(n + 1, x))", n="int", x="positive")
special("yn(n, x)", "0", "0.5 * (sp.yv(n - 1, x) - sp.yv(n + 1, x))", n="int", x="positive")
for _name in ("jve", "yve"):
    special(f"{_name}(v, x)", no_piece, f"0.5 * (sp.{_name}(v - 1, x) - sp.{_name}(v + 1, x))", v="int", x="positive")
_EXTRA = "0.5 * (0.5 * x) ** v * sp.rgamma(v + 1.5) / math.sqrt(math.pi)"
special(
    "struve(v, x)", no_piece, f"0.5 * (sp.struve(v - 1, x) - sp.struve(v + 1, x)) + {_EXTRA}", v="int", x="positive"
)
_LIKE = f"0.5 * (sp.modstruve(v - 1, x) + sp.modstruve(v + 1, x)) + {_EXTRA}"
special("modstruve(v, x)", no_piece, _LIKE, v="int", x="positive")
special("itstruve0(x)", "sp.struve(0, x)", x="positive")
special("itmodstruve0(x)", "sp.modstruve(0, x)", x="positive")
special("it2struve0(x)", "-sp.struve(0, x) / x", x="positive")
_POLY = "sp.besselpoly(a, lmb + 1.0, nu - 1.0) - sp.besselpoly(a, lmb + 1.0, nu + 1.0)"
special("besselpoly(a, lmb, nu)", _POLY, no_piece, no_piece, a="positive", lmb="int", nu="int")
special("hyp0f1(v, z)", no_piece, "sp.hyp0f1(v + 1.0, z) / v", v="int")
special("hyp1f1(a, b, x)", no_piece, no_piece, "a / b * sp.hyp1f1(a + 1.0, b + 1.0, x)", a="int", b="int")
_TWO = "a * b / c * sp.hyp2f1(a + 1.0, b + 1.0, c + 1.0, z)"
special("hyp2f1(a, b, c, z)", no_piece, no_piece, no_piece, _TWO, a="int", b="int", c="many", z="inside")
special("hyperu(a, b, x)", no_piece, no_piece, "-a * sp.hyperu(a + 1.0, b + 1.0, x)", a="int", b="int", x="positive")
_wright = {"a": "int", "b": "int", "x": "positive"}
special("wright_bessel(a, b, x)", no_piece, no_piece, "sp.wright_bessel(a, a + b, x)", **_wright)
special("log_wright_bessel(a, b, x)", no_piece, no_piece, "np.exp(sp.log_wright_bessel(a, a + b, x) - y)", **_wright)
for _one, _two, _sign in (("ber", "bei", "-"), ("ker", "kei", "-"), ("bei", "ber", ""), ("kei", "ker", "")):
    special(f"{_one}(x)", f"sp.{_one}p(x)", x="positive")
    special(f"{_one}p(x)", f"{_sign}sp.{_two}(x) - y / x", x="positive")


# given derivatives: jvp(v, z, n) is the n-th -------------------------------------------------------------------------
def _derivative(call: Call, g: Value) -> Value:
    b = call.b
    n = call("n + 1") if call.has("n") else b.const(2)
    slope = apply(b, call.rule.name, (call.values["v"], call.values["z"], n), ("v", "z", "n"))
    return call("g * slope", g=g, slope=slope)


for _name in ("jvp", "yvp", "ivp", "kvp"):
    special(f"{_name}(v, z, n=1)", no_piece, _derivative, v="int", z="positive")


def _spherical(sign: str, outer: str) -> Piece:
    """From the neighbours: `(n f(n - 1) + sign (n + 1) f(n + 1)) / (2 n + 1)`."""

    def piece(call: Call, g: Value) -> Value:
        b, name = call.b, call.rule.name
        rest = [call.values["derivative"]] if call.has("derivative") else []
        args = ("n", "z", "derivative")[: 2 + len(rest)]
        before = apply(b, name, (call("np.maximum(n - 1, 0)"), call.values["z"], *rest), args)
        after = apply(b, name, (call("n + 1"), call.values["z"], *rest), args)
        text = f"g * ({outer}(n * before {sign} (n + 1) * after)) / (2 * n + 1)"
        return call(text, g=g, before=before, after=after)

    return piece


for _name, _sign, _outer in (("jn", "-", ""), ("yn", "-", ""), ("in", "+", ""), ("kn", "+", "-")):
    special(f"spherical_{_name}(n, z, derivative=False)", "0", _spherical(_sign, _outer), n="int", z="positive")


def _many_gammas(call: Call, g: Value) -> Value:
    text = "g * np.sum(sp.digamma(np.expand_dims(a, last) - 0.5 * np.arange(d)), axis=last)"
    return call(full(text), g=g, last=call.b.const(-1))


special("multigammaln(a, d)", _many_gammas, "0", a="many", d="int")


# complex results -----------------------------------------------------------------------------------------------------
def _complex_type(facts: Facts) -> Type:
    types = [as_content(type_) for type_ in facts.types]
    if any(isinstance(type_, Unknown) for type_ in types):
        return UNKNOWN
    dtypes = [type_.dtype for type_ in types if isinstance(type_, Array)]
    if None in dtypes:
        raise TypeProblem(f"`{facts.name}` of an array of unknown dtype", "give the types of the arguments")
    alike = ("f2", "f4", "c8") if "hankel" in facts.name else ("c8",) if facts.name.endswith("wofz") else ()
    single = bool(dtypes) and all(dtype in alike for dtype in dtypes)
    return Array("c8" if single else "c16", broadcast([shape_of(type_) for type_ in types]))


def _complex(signature: str, *pieces: Piece, kinks: str = "", **domain: str) -> None:
    texts = [full(piece) if isinstance(piece, str) else piece for piece in pieces]
    elementwise(f"scipy.special.{signature}", *texts, infer=_complex_type, kinks=kinks, domain=domain)


_complex("wofz(z)", "2j / math.sqrt(math.pi) - 2.0 * z * y")
_complex("lambertw(z)", "np.exp(-y) / (1.0 + y)", z="positive")
for _name, _turn in (("hankel1", ""), ("hankel2", ""), ("hankel1e", " - 1j * y"), ("hankel2e", " + 1j * y")):
    _text = f"0.5 * (sp.{_name}(v - 1, z) - sp.{_name}(v + 1, z))" + _turn
    _complex(f"{_name}(v, z)", no_piece, _text, v="int", z="positive")
for _name in ("h1vp", "h2vp"):
    _complex(f"{_name}(v, z, n=1)", no_piece, _derivative, v="int", z="positive")
