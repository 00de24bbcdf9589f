"""scipy.stats: densities, masses and distribution functions, by their argument and their parameters.

    y = scipy.stats.norm.logpdf(x, mu, sigma)      ->      x_bar = -y_bar * (x - mu) / (sigma * sigma)
    y = scipy.stats.norm.cdf(x)                    ->      x_bar = y_bar * scipy.stats.norm.pdf(x)

A density's derivative is that of its logarithm times the density, zero outside the support; that of a distribution
function is the density.
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Scalar, Type, Unknown
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, broadcast, is_complex, shape_of
from adgen.rules.kinds import Piece, elementwise, zero
from adgen.rules.rule import Facts, TypeProblem


def _type(facts: Facts) -> Type:
    """Double precision, as far as it is known: it differs between versions of SciPy."""
    types = [as_content(type_) for type_ in facts.types]
    if any(is_complex(type_) for type_ in types):
        raise TypeProblem(f"`{facts.name}` of complex numbers", "pass real ones")
    if any(isinstance(type_, Unknown) for type_ in types):
        return UNKNOWN
    double = all(isinstance(t, Scalar) or (isinstance(t, Array) and t.dtype in ("f8", "i8", "i4")) for t in types)
    return Array("f8" if double else None, broadcast([shape_of(type_) for type_ in types]))


def _no_piece(call: Call, g: Value) -> Value | None:
    raise TypeProblem(
        f"the derivative of `{call.rule.name}` by this parameter", "it has no closed form: keep this one fixed"
    )


def _given(call: Call, name: str) -> Value:
    """A location or scale, its default where it is left out."""
    return call.values[name] if call.has(name) else call.b.const(0.0 if name == "loc" else 1.0)


def _standard(call: Call) -> Value:
    """The argument, moved and scaled to the standard distribution."""
    text = "x" if not call.has("loc") else "x - loc"
    text = f"({text}) / scale" if call.has("scale") else text
    return call(text)


def _of_score(formula: str, own: str, log: bool, inside: str, safe: float) -> Piece:
    """The derivative of a density, or of its logarithm: `formula` is that of the standard logarithm by x."""

    def piece(call: Call, g: Value) -> Value:
        z, flags = _inside(call, inside, safe)
        slope = call(formula, z=z)
        if own in ("x", "loc"):
            slope = call("slope / scale", slope=slope) if call.has("scale") else slope
            slope = call("-slope", slope=slope) if own == "loc" else slope
        elif own == "scale":
            slope = call("-(slope * z + 1.0) / scale", slope=slope, z=z)
        return _times(call, g, _masked(call, flags, slope), log)

    return piece


def _inside(call: Call, inside: str, safe: float) -> tuple[Value, Value | None]:
    """The standard argument, where the density is positive (elsewhere a number that does no harm), and the flags."""
    z = _standard(call)
    if not inside:
        return z, None
    flags = call(inside, z=z)
    return call("np.where(flags, z, safe)", flags=flags, z=z, safe=call.b.const(safe)), flags


def _masked(call: Call, flags: Value | None, slope: Value) -> Value:
    return slope if flags is None else call("np.where(flags, slope, 0.0)", flags=flags, slope=slope)


def _times(call: Call, g: Value, slope: Value, log: bool) -> Value:
    return call("g * slope" if log else "g * y * slope", g=g, slope=slope)


def _of_shape(formula: str, log: bool, inside: str, safe: float) -> Piece:
    def piece(call: Call, g: Value) -> Value:
        z, flags = _inside(call, inside, safe)
        slope = call(formula, z=z, scale=_given(call, "scale"))
        return _times(call, g, _masked(call, flags, slope), log)

    return piece


def _of_distribution(name: str, own: str, kind: str) -> Piece:
    """The derivative of a distribution function: the density, with a sign and a factor."""

    def piece(call: Call, g: Value) -> Value:
        operands = [value for arg, value in zip(call.args, call.op.operands, strict=True)]
        where = call.y if kind in ("ppf", "isf") else operands[0]
        if kind in ("ppf", "isf"):
            if own == "loc":
                return g
            if own == "scale":
                y = call("y - loc") if call.has("loc") else call.y
                return call("g * y / scale", g=g, y=y)
            density = apply(call.b, f"scipy.stats.{name}.pdf", (where, *operands[1:]), ("x", *call.args[1:]))
            return call("g / density" if kind == "ppf" else "-g / density", g=g, density=density)
        log = kind.startswith("log")
        density = apply(call.b, f"scipy.stats.{name}.{'logpdf' if log else 'pdf'}", operands, call.args)
        slope = call("np.exp(density - y)", density=density) if log else density
        if own == "loc":
            slope = call("-slope", slope=slope)
        elif own == "scale":
            slope = call("-slope * z", slope=slope, z=_standard(call))
        return call("-g * slope" if kind.endswith("sf") else "g * slope", g=g, slope=slope)

    return piece


DOMAIN = {"x": "positive", "scale": "positive", "loc": "low", "q": "high", "a": "above_one", "b": "above_one"}
DOMAIN |= {"df": "above_one", "s": "positive", "c": "above_one", "dfn": "many", "dfd": "many"}
DOMAIN |= {"mu": "positive", "kappa": "positive"}


def _distribution(
    name: str, shapes: str, score: str, inside: str = "", x: str = "positive", safe: float = 1.0, **by: str
) -> None:
    """A family: its shape parameters, d log(density)/dx of the standard one, its support, d log(density)/d(shape)."""
    own = [part for part in shapes.split(", ") if part]
    params = ", ".join(["x", *own, "loc=0", "scale=1"])
    domain = DOMAIN | {"x": x}
    for kind in ("pdf", "logpdf"):
        log = kind == "logpdf"
        pieces: list[Piece] = [_of_score(score, "x", log, inside, safe)]
        pieces += [_of_shape(by[part], log, inside, safe) for part in own]
        pieces += [_of_score(score, place, log, inside, safe) for place in ("loc", "scale")]
        elementwise(f"scipy.stats.{name}.{kind}({params})", *pieces, infer=_type, domain=domain)
    for kind in ("cdf", "sf", "logcdf", "logsf", "ppf", "isf"):
        first = "q" if kind in ("ppf", "isf") else "x"
        pieces = [_of_distribution(name, "x", kind), *[_no_piece for _ in own]]
        pieces += [_of_distribution(name, place, kind) for place in ("loc", "scale")]
        texts = params.replace("x,", f"{first},", 1)
        elementwise(f"scipy.stats.{name}.{kind}({texts})", *pieces, infer=_type, domain=domain)


_DIGAMMA = "scipy.special.digamma"
_distribution("norm", "", "-z", x="any")
_distribution("expon", "", "-1.0", "z >= 0.0")
_distribution("uniform", "", "0.0 * z", "(z >= 0.0) & (z <= 1.0)", x="high")
_distribution("laplace", "", "-np.sign(z)", x="away")
_distribution("logistic", "", "1.0 - 2.0 * scipy.special.expit(z)", x="any")
_distribution("cauchy", "", "-2.0 * z / (1.0 + z * z)", x="any")
_distribution("gamma", "a", "(a - 1.0) / z - 1.0", "z > 0.0", a=f"np.log(z) - {_DIGAMMA}(a)")
_CHI = f"0.5 * (np.log(0.5 * z) - {_DIGAMMA}(0.5 * df))"
_distribution("chi2", "df", "(0.5 * df - 1.0) / z - 0.5", "z > 0.0", df=_CHI)
_distribution(
    "beta",
    "a, b",
    "(a - 1.0) / z - (b - 1.0) / (1.0 - z)",
    "(z > 0.0) & (z < 1.0)",
    x="high",
    safe=0.5,
    a=f"np.log(z) - {_DIGAMMA}(a) + {_DIGAMMA}(a + b)",
    b=f"np.log1p(-z) - {_DIGAMMA}(b) + {_DIGAMMA}(a + b)",
)
_distribution(
    "t",
    "df",
    "-(df + 1.0) * z / (df + z * z)",
    x="any",
    df=f"0.5 * ({_DIGAMMA}(0.5 * (df + 1.0)) - {_DIGAMMA}(0.5 * df) - np.log1p(z * z / df)"
    " + (z * z - 1.0) / (df + z * z))",
)
_LOGNORM = "(np.log(z) * np.log(z) / (s * s) - 1.0) / s"
_distribution("lognorm", "s", "-(1.0 + np.log(z) / (s * s)) / z", "z > 0.0", s=_LOGNORM)
_distribution(
    "weibull_min",
    "c",
    "(c - 1.0) / z - c * z ** (c - 1.0)",
    "z > 0.0",
    c="1.0 / c + np.log(z) * (1.0 - z**c)",
)


_distribution("pareto", "b", "-(b + 1.0) / z", "z >= 1.0", x="above_one", b="1.0 / b - np.log(z)")
_distribution("rayleigh", "", "1.0 / z - z", "z > 0.0")
_distribution("maxwell", "", "2.0 / z - z", "z > 0.0")
_distribution("halfnorm", "", "-z", "z >= 0.0")
_distribution("halfcauchy", "", "-2.0 * z / (1.0 + z * z)", "z >= 0.0")
_distribution("gumbel_r", "", "np.exp(-z) - 1.0", x="any")
_distribution("gumbel_l", "", "1.0 - np.exp(z)", x="any")
_BY_A = f"-np.log(z) - {_DIGAMMA}(a)"
_distribution("invgamma", "a", "(1.0 / z - a - 1.0) / z", "z > 0.0", a=_BY_A)
_BY_MU = "(z - mu) / (mu * mu * mu)"
_distribution("invgauss", "mu", "-1.5 / z - 0.5 / (mu * mu) + 0.5 / (z * z)", "z > 0.0", mu=_BY_MU)
_BOTH = f"{_DIGAMMA}(0.5 * (dfn + dfd))"
_D = "(dfd + dfn * z)"
_distribution(
    "f",
    "dfn, dfd",
    "(0.5 * dfn - 1.0) / z - 0.5 * (dfn + dfd) * dfn / (dfd + dfn * z)",
    "z > 0.0",
    dfn=f"0.5 * (np.log(dfn * z / {_D}) + dfd * (1.0 - z) / {_D} - {_DIGAMMA}(0.5 * dfn) + {_BOTH})",
    dfd=f"0.5 * (np.log(dfd / {_D}) - dfn * (1.0 - z) / {_D} - {_DIGAMMA}(0.5 * dfd) + {_BOTH})",
)
_RATIO = "(math.sqrt(2.0 / math.pi) / scipy.special.erfcx(-math.sqrt(0.5) * a * z))"
_distribution("skewnorm", "a", f"a * {_RATIO} - z", x="any", a=f"z * {_RATIO}")
_RATIO = "scipy.special.i1e(kappa) / scipy.special.i0e(kappa)"
_distribution("vonmises", "kappa", "-kappa * np.sin(z)", x="any", kappa=f"np.cos(z) - {_RATIO}")


# masses: whole numbers, so that only their parameters vary ------------------------------------------------------------
def _mass(formula: str, log: bool) -> Piece:
    def piece(call: Call, g: Value) -> Value:
        k = call("k - loc") if call.has("loc") else call.values["k"]
        slope = call(formula, k=k)
        return call("g * slope" if log else "g * y * slope", g=g, slope=slope)

    return piece


def _counts(name: str, params: str, by: Mapping[str, str], **domain: str) -> None:
    for kind in ("pmf", "logpmf"):
        pieces = ["0", *(_mass(by[part], kind == "logpmf") if part in by else _no_piece for part in params.split(", "))]
        elementwise(f"scipy.stats.{name}.{kind}(k, {params}, loc=0)", *pieces, infer=_type, domain=domain)


_counts("poisson", "mu", {"mu": "k / mu - 1.0"}, k="int", mu="positive")
_counts("binom", "n, p", {"p": "k / p - (n - k) / (1.0 - p)"}, k="int", n="many", p="high")
_counts("bernoulli", "p", {"p": "k / p - (1.0 - k) / (1.0 - p)"}, k="bit", p="high")
_counts("geom", "p", {"p": "1.0 / p - (k - 1.0) / (1.0 - p)"}, k="int", p="high")
_BY_N = f"{_DIGAMMA}(k + n) - {_DIGAMMA}(n) + np.log(p)"
_counts("nbinom", "n, p", {"n": _BY_N, "p": "n / p - k / (1.0 - p)"}, k="int", n="positive", p="high")


# sums of masses: steps, so that only the parameters vary --------------------------------------------------------------
def _sum(slope: str, kind: str) -> Piece:
    """`slope` is the derivative of the distribution function; `k` in it is a whole number."""
    sign = "-" if kind.endswith("sf") else ""
    text = f"{sign}g * slope * np.exp(-y)" if kind.startswith("log") else f"{sign}g * slope"

    def piece(call: Call, g: Value) -> Value:
        k = call("np.floor(k - loc)" if call.has("loc") else "np.floor(k)")
        zero = call("np.where(k < 0.0, 0.0, slope)", k=k, slope=call(slope, k=call("np.maximum(k, 0.0)", k=k)))
        return call(text, g=g, slope=zero)

    return piece


def _sums(name: str, params: str, by: Mapping[str, str], **domain: str) -> None:
    for kind in ("cdf", "sf", "logcdf", "logsf"):
        pieces = ["0", *(_sum(by[part], kind) if part in by else _no_piece for part in params.split(", "))]
        elementwise(f"scipy.stats.{name}.{kind}(k, {params}, loc=0)", *pieces, infer=_type, domain=domain)


_sp = "scipy.special."
_sums("poisson", "mu", {"mu": f"-np.exp({_sp}xlogy(k, mu) - mu - {_sp}gammaln(k + 1.0))"}, k="int", mu="positive")
_BY_P = f"-n * {_sp}binom(n - 1.0, np.minimum(k, n)) * p**k * (1.0 - p) ** np.maximum(n - 1.0 - k, 0.0)"
_sums("binom", "n, p", {"p": f"np.where(k < n, {_BY_P}, 0.0)"}, k="int", n="many", p="high")
_sums("geom", "p", {"p": "np.where(k < 1.0, 0.0, k * (1.0 - p) ** (np.maximum(k, 1.0) - 1.0))"}, k="int", p="high")
_BY_P = f"n * {_sp}binom(n + k, k) * p ** (n - 1.0) * (1.0 - p) ** k"
_sums("nbinom", "n, p", {"p": _BY_P}, k="int", n="int", p="high")
_sums("bernoulli", "p", {"p": "np.where(k == 0.0, -1.0, 0.0)"}, k="bit", p="high")
for _name, _params in (("poisson", "mu"), ("binom", "n, p"), ("geom", "p"), ("nbinom", "n, p"), ("bernoulli", "p")):
    for _kind in ("ppf", "isf"):
        zero(f"scipy.stats.{_name}.{_kind}(q, {_params}, loc=0)", infer=_type)
