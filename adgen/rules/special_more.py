"""scipy.special, the rest: distribution functions, powers and logarithms, elliptic integrals.

    y = scipy.special.ellipk(m)            ->      m_bar = y_bar * scipy.special.elliprd(0.0, 1.0, 1.0 - m) / 6.0

Derivatives by shape parameters are refused where they have no closed form.
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.ir.types import Array, Type
from adgen.rules import shapes
from adgen.rules.call import Call
from adgen.rules.kinds import Piece, elementwise
from adgen.rules.rule import Facts
from adgen.rules.special import full, no_piece, special, special_type


def _doubles(facts: Facts) -> Type:
    """Double precision, where that is what was given: for others it depends on the version of SciPy."""
    type_ = special_type(facts)
    return Array(None, type_.shape) if isinstance(type_, Array) and type_.dtype != "f8" else type_


# distribution functions: by their argument and the parameters that scale it ------------------------------------------
_NORMAL = "math.sqrt(2.0 * math.pi) * np.exp(0.5 * {z} * {z})"  # one over the normal density
special("ndtri_exp(x)", "math.sqrt(0.5 * math.pi) * sp.erfcx(-y / math.sqrt(2.0))", x="low")
special(
    "nrdtrimn(p, std, x)",
    "-std * " + _NORMAL.format(z="((x - y) / std)"),
    "(y - x) / std",
    "1.0",
    p="high",
    std="positive",
    x="any",
)
special(
    "nrdtrisd(mn, p, x)",
    "-1.0 / sp.ndtri(p)",
    "-y / sp.ndtri(p) * " + _NORMAL.format(z="sp.ndtri(p)"),
    "1.0 / sp.ndtri(p)",
    mn="low",
    p="high",
    x="positive",
)
special(
    "owens_t(h, a)",
    "-sp.erf(a * h / math.sqrt(2.0)) * np.exp(-0.5 * h * h) / (2.0 * math.sqrt(2.0 * math.pi))",
    "np.exp(-0.5 * h * h * (1.0 + a * a)) / (2.0 * math.pi * (1.0 + a * a))",
)
_DENSITY = (
    "0.5 * np.exp(-0.5 * (np.sqrt({x}) - np.sqrt(nc)) ** 2.0) * ({x} / nc) ** (0.25 * df + {k})"
    " * sp.ive(0.5 * df + {v}, np.sqrt({x} * nc))"
)
_BY_X, _BY_NC = (_DENSITY.replace("{k}", k).replace("{v}", v) for k, v in (("-0.5", "-1.0"), ("0.0", "0.0")))
_BY_X, _BY_NC = _BY_X.replace("+ -", "- "), _BY_NC.replace(" + 0.0", "")
_chi = {"df": "many", "nc": "positive"}
special("chndtr(x, df, nc)", _BY_X.format(x="x"), no_piece, "-" + _BY_NC.format(x="x"), x="positive", **_chi)
special(
    "chndtrix(p, df, nc)",
    "1.0 / (" + _BY_X.format(x="y") + ")",
    no_piece,
    "(" + _BY_NC.format(x="y") + ") / (" + _BY_X.format(x="y") + ")",
    p="middle",
    **_chi,
)
_MASS = "beta_density(np.floor(k) + 1.0, n - np.floor(k), p, 1.0 - p)"
special("bdtr(k, n, p)", "0", "0", "-" + _MASS, k="int", n="many", p="high")
special("bdtrc(k, n, p)", "0", "0", _MASS, k="int", n="many", p="high")
special("bdtri(k, n, y) -> p", "0", "0", "-1.0 / " + _MASS, k="int", n="many", y="middle")
_MASS = "beta_density(n, k + 1.0, p, 1.0 - p)"
special("nbdtr(k, n, p)", "0", "0", _MASS, k="int", n="int", p="high")
special("nbdtrc(k, n, p)", "0", "0", "-" + _MASS, k="int", n="int", p="high")
special("nbdtri(k, n, y) -> p", "0", "0", "1.0 / " + _MASS, k="int", n="int", y="high")
_MASS = "gamma_density(np.floor(k) + 1.0, m)"
special("pdtr(k, m)", "0", "-" + _MASS, k="int", m="positive")
special("pdtrc(k, m)", "0", _MASS, k="int", m="positive")
special("pdtri(k, y) -> m", "0", "-1.0 / " + _MASS, k="int", y="middle")
special(
    "tklmbda(x, lmbda)", "1.0 / (y ** (lmbda - 1.0) + (1.0 - y) ** (lmbda - 1.0))", no_piece, x="middle", lmbda="int"
)
special(  # of an analytic function of x + 1j * gamma, whose slope by sigma is sigma times its second derivative
    "voigt_profile(x, sigma, gamma)",
    "voigt(1, 0, x, sigma, gamma)",
    "sigma * voigt(2, 0, x, sigma, gamma)",
    "voigt(1, 1, x, sigma, gamma)",
    sigma="positive",
    gamma="positive",
)


def _kolmogorov(call: Call, place: Value) -> Value:
    """The density of Kolmogorov's distribution: one of two sums, by which of them is short."""
    near = "np.sum(np.exp(-c / x ** 2.0) * (2.0 * c / x ** 4.0 - 1.0 / x ** 2.0), axis=last)"
    far = "np.sum((-1.0) ** (k - 1) * k * k * x * np.exp(-2.0 * k * k * x * x), axis=last)"
    k = call("np.arange(1, 9)")
    c = call("math.pi ** 2.0 / 8.0 * (2.0 * k - 1.0) ** 2.0", k=k)
    text = "np.expand_dims(np.where(v < 0.05, 0.05, v), last)"  # below, the density is less than 1e-200
    x = call(text, v=call("np.atleast_1d(v)", v=place), last=call.b.const(-1))
    sums = [call(part, x=x, k=k, c=c, last=call.b.const(-1)) for part in (near, far)]
    both = "np.where(v < 0.05, 0.0, np.where(v < 1.0, math.sqrt(2.0 * math.pi) * near, 8.0 * far))"
    out = call(both, v=place, near=sums[0], far=sums[1])
    return call("np.sum(out)", out=out) if shapes.is_scalar(place.type) else out


special("kolmogorov(y) -> p", lambda call, g: call("-g * d", g=g, d=_kolmogorov(call, call.values["y"])), y="positive")
special("kolmogi(p)", lambda call, g: call("-g / d", g=g, d=_kolmogorov(call, call.y)), p="middle")


def _noncentral(text: str) -> Piece:
    """The derivative of a noncentrality that was solved for; what has no solution is zero, whatever is given."""

    def derivative(call: Call, g: Value) -> Value:
        found = call("y > 1e-100")
        nc = call("np.where(found, y, 1.0)", found=found)
        part = call(full(text.replace("BY_X", _BY_X.format(x="x")).replace("BY_NC", _BY_NC.format(x="x"))), nc=nc)
        return call("np.where(found, g * part, 0.0)", found=found, g=g, part=part)

    return derivative


special(
    "chndtrinc(x, df, p)",
    _noncentral("(BY_X) / (BY_NC)"),
    no_piece,
    _noncentral("-1.0 / (BY_NC)"),
    x="many",
    df="int",
    p="middle",
)


# powers and logarithms -----------------------------------------------------------------------------------------------
# the limit at 0, where the logarithm is not finite
_LOGARITHM = "np.log(np.where({0} == 0.0, 1.0, {0}))"
_BY_POWER = (
    "np.where({0} == 0.0, 1.0 / np.where({0} == 0.0, lmbda, 1.0) ** 2.0, "
    f"0.5 * {_LOGARITHM} ** 2.0 * sp.hyp1f1(2.0, 3.0, lmbda * {_LOGARITHM}))"
)
special("boxcox(x, lmbda)", "x ** (lmbda - 1.0)", _BY_POWER.format("x"), x="positive")
_BY_POWER = _BY_POWER.replace("np.log(np.where({0} == 0.0, 1.0, {0}))", "np.log1p(np.where({0} == 0.0, 0.0, x))")
special("boxcox1p(x, lmbda)", "(1.0 + x) ** (lmbda - 1.0)", _BY_POWER.format("(1.0 + x)"), x="positive")
_LOG = "np.where(lmbda * y == 0.0, y, y * np.log1p(lmbda * y) / np.where(lmbda * y == 0.0, 1.0, lmbda * y))"
_BY_POWER = f"-0.5 * {{0}} * {_LOG} ** 2.0 * sp.hyp1f1(1.0, 3.0, -np.log1p(lmbda * y))"
special("inv_boxcox(y, lmbda) -> z", "z / (1.0 + lmbda * y)", _BY_POWER.format("z"), y="middle", lmbda="positive")
special(
    "inv_boxcox1p(y, lmbda) -> z",
    *("(1.0 + z) / (1.0 + lmbda * y)", _BY_POWER.format("(1.0 + z)")),
    y="middle",
    lmbda="positive",
)
special("exprel(x)", "0.5 * sp.hyp1f1(2.0, 3.0, x)")
special(
    "powm1(x, y) -> z",
    "y * np.where(np.abs(y) < 0.5, x**y / np.where(np.abs(y) < 0.5, x, 1.0), x ** (y - 1.0))",
    "sp.xlogy(z + 1.0, x)",
    x="positive",
)
special("cosm1(x)", "-np.sin(x)")
special("softplus(x)", "sp.expit(x)")
special("sindg(x)", "math.pi / 180.0 * sp.cosdg(x)")
special("cosdg(x)", "-math.pi / 180.0 * sp.sindg(x)")
special("tandg(x)", "math.pi / 180.0 * (1.0 + y * y)")
special("cotdg(x)", "-math.pi / 180.0 * (1.0 + y * y)", x="positive")
special("radian(d, m, s)", "math.pi / 180.0", "math.pi / 10800.0", "math.pi / 648000.0")
special("wrightomega(z)", "y / (1.0 + y)")
_ROOT = "np.hypot(delta, r)"
_ROOT = f"np.where({_ROOT} == 0.0, 1.0, {_ROOT})"
special(
    "pseudo_huber(delta, r)",
    f"r * (r / {_ROOT}) * (r / (delta + {_ROOT})) ** 2.0",
    f"r * (delta / {_ROOT})",
    delta="positive",
)
_ROUNDS = "np.round(0.5 * x / math.pi)"
_REST = f"(0.5 * x - math.pi * {_ROUNDS})"
special(
    "diric(x, n)",
    f"0.5 * (y * sp.spherical_jn(1, {_REST}) - n * np.cos(math.pi * {_ROUNDS} * (n - 1))"
    f" * sp.spherical_jn(1, n * {_REST})) / np.sinc({_REST} / math.pi)",
    "0",
    x="positive",
    n="int",
)
elementwise("scipy.special.factorial(n)", full("y * sp.digamma(n + 1.0)"), infer=_doubles, domain={"n": "positive"})
special(
    "perm(N, k)",
    "-y * psi_gap(0, N + 1.0, -k)",
    "y * sp.digamma(N - k + 1.0)",
    N="above_one",
    k="high",
)
special(
    "comb(N, k)",
    "-y * psi_gap(0, N + 1.0, -k)",
    "y * psi_gap(0, k + 1.0, N - 2.0 * k)",
    N="above_one",
    k="high",
)

# elliptic integrals: Carlson's forms have no cancellation ------------------------------------------------------------
_NEAR = "second derivatives lose digits where two arguments of Carlson's integral are nearly equal"
_THREE = {"x": "high", "y": "middle", "z": "above_one"}
_BY = ("y, z, x", "z, x, y", "x, y, z")
special("elliprf(x, y, z) -> w", *(f"-sp.elliprd({s}) / 6.0" for s in _BY), **_THREE, kinks=_NEAR)
special("elliprc(x, y) -> w", "-sp.elliprd(y, y, x) / 6.0", "-sp.elliprd(x, y, y) / 3.0", x="positive", y="above_one")
_ALIKE = (  # where the first and the last argument are equal, and where they are not
    "np.where({0} == z, np.where({1} == z, -0.3 * z ** -2.5, -0.375 * (np.sqrt({1}) / (z * z) - w)"
    " / np.where({1} == z, 1.0, {1} - z)), (sp.elliprd({1}, z, {0}) - w) / np.where({0} == z, 1.0, 2.0 * ({0} - z)))"
)
_X, _Y = _ALIKE.format("x", "y"), _ALIKE.format("y", "x")
# the one that is infinite at zero has the factor zero there
_AT_X, _AT_Y = (
    _ALIKE.format(*pair).replace(f"z, {pair[0]})", "z, np.where({0} == 0.0, 1.0, {0}))".format(pair[0]))
    for pair in ("xy", "yx")
)
_REST = f"-(1.5 * w + x * {_AT_X} + y * {_AT_Y}) / z"
special("elliprd(x, y, z) -> w", _X, _Y, _REST, **_THREE, kinks=_NEAR)
special(
    "elliprg(x, y, z) -> w",
    *("0.25 * sp.elliprf(x, y, z) - {0} * sp.elliprd({1}, {2}, {0}) / 12.0".format(*s) for s in ("xyz", "yzx", "zxy")),
    **_THREE,
)
_PARTS = ["(w - sp.elliprd({1}, {2}, {0})) / (2.0 * (p - {0}))".format(*s) for s in ("xyz", "yzx", "zxy")]
special(
    "elliprj(x, y, z, p) -> w",
    *_PARTS,
    f"-(1.5 * w + x * {_PARTS[0]} + y * {_PARTS[1]} + z * {_PARTS[2]}) / p",
    **_THREE,
    p="many",
    kinks=_NEAR,
)
_NEAR_ZERO = "0.125 * math.pi * sp.hyp2f1(0.5, 0.5, 2.0, np.maximum(m, -3.0)) / (1.0 - m)"
special("ellipk(m)", f"np.where(m < -3.0, sp.elliprd(0.0, 1.0, 1.0 - m) / 6.0, {_NEAR_ZERO})", m="inside")
special("ellipkm1(p)", "-sp.elliprd(0.0, 1.0, p) / 6.0", p="high", kinks=_NEAR)
special("ellipe(m)", "-0.125 * math.pi * sp.hyp2f1(0.5, 1.5, 2.0, m)", m="inside")
# an angle is a multiple of pi and a rest
_TURNS = "np.round(phi / math.pi)"
_SIN, _COS = f"np.sin(phi - math.pi * {_TURNS})", f"np.cos(phi - math.pi * {_TURNS})"
special(
    "ellipkinc(phi, m)",
    "1.0 / np.sqrt(1.0 - m * np.sin(phi) ** 2.0)",
    f"(2.0 * {_TURNS} * sp.elliprd(0.0, 1.0, 1.0 - m)"
    f" + {_SIN} ** 3.0 * sp.elliprd({_COS} ** 2.0, 1.0, 1.0 - m * {_SIN} ** 2.0)) / 6.0",
    phi="positive",
    m="high",
    kinks=_NEAR,
)
special(
    "ellipeinc(phi, m)",
    "np.sqrt(1.0 - m * np.sin(phi) ** 2.0)",
    f"-(2.0 * {_TURNS} * sp.elliprd(0.0, 1.0 - m, 1.0)"
    f" + {_SIN} ** 3.0 * sp.elliprd({_COS} ** 2.0, 1.0 - m * {_SIN} ** 2.0, 1.0)) / 6.0",
    phi="positive",
    m="high",
    kinks=_NEAR,
)
_MEAN = "y / (a + b) - (y / (a + b)) ** 2.0 * ({1} / (a + b)) * (({0} - {1}) / (a + b))"
_MEAN += " * sp.elliprd(0.0, 1.0, 4.0 * (a / (a + b)) * (b / (a + b))) * 8.0 / (3.0 * math.pi)"
special("agm(a, b)", _MEAN.format("a", "b"), _MEAN.format("b", "a"), a="positive", b="above_one")
