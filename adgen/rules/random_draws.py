"""Random draws: of np.random, and methods of generators.  A draw is saved, never drawn again.

    y = rng.normal(mu, sigma)      ->      mu_bar = y_bar;  sigma_bar = y_bar * (y - mu) / sigma
    y = rng.exponential(tau)       ->      tau_bar = y_bar * y / tau
    y = rng.standard_gamma(a)      ->      a_bar = y_bar * _gamma_slope(y, a)
    k = rng.integers(10)           ->      nothing

The derivative is that of the transform which makes a draw out of standard numbers, read off the draw itself.  NumPy
makes gamma draws by rejection: differences at one seed leave out that another draw may be taken, so that their mean is
not the derivative of the mean.  By its shape a draw has the implicit derivative: that of the quantile function at the
draw's probability.  Other draws by rejection (beta, ..) are refused where a parameter varies.
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.ir.types import FLOAT, INT, NONE, Array, ListOf, Opaque, Struct, Type
from adgen.rules import shapes
from adgen.rules.apply import shape_facts
from adgen.rules.call import Call
from adgen.rules.infer import as_content, broadcast, code, plain, shape_of, ufunc_type
from adgen.rules.kinds import Piece, elementwise, general, zero
from adgen.rules.rule import Facts, Infer, TypeProblem

GENERATOR = Opaque("np.random.Generator")
SPACES = ("Generator", "np.random")  # methods of generators, and functions of the module


# types ---------------------------------------------------------------------------------------------------------------
def _drawn(kind: str) -> Infer:
    """A number, or an array of the asked size, or of the parameters' broadcast shape."""

    def infer(facts: Facts) -> Type:
        dtype = code(facts.static("dtype")) if facts.has("dtype") else kind
        if facts.has("size") and plain(facts.type("size")) != NONE:
            return Array(dtype, shape_facts(facts.statics, "size"))
        types = [
            as_content(t)
            for arg, t in zip(facts.args, facts.types, strict=True)
            if arg not in ("self", "dtype", "method")
        ]
        shape = broadcast([shape_of(type_) for type_ in types if type_ != NONE])
        if shape == ():
            return FLOAT if dtype == "f8" else INT if dtype == "i8" else Array(dtype, ())
        return Array(dtype, shape)

    return infer


def _signature(space: str, name: str, params: str, size: bool = True) -> str:
    parts = [part for part in ("self" if space == "Generator" else "", params, "size=None" if size else "") if part]
    return f"{space}.{name}({', '.join(parts)})"


def _draw(name: str, params: str, *pieces: Piece, kinks: str = "", **domain: str) -> None:
    """An entry whose pieces are the derivatives by its parameters, in order."""
    for space in SPACES:
        own = ("0",) if space == "Generator" else ()
        elementwise(_signature(space, name, params), *own, *pieces, infer=_drawn("f8"), kinks=kinks, domain=domain)


def _by(text: str) -> Piece:
    """A factor; parameters that are left out have their defaults."""

    def piece(call: Call, g: Value) -> Value:
        left_out = {name: call.b.const(value) for name, value in DEFAULTS.items() if not call.has(name)}
        short = text
        if "loc" in left_out:
            short = short.replace("(y - loc)", "y")
        if "mean" in left_out:
            short = short.replace(" - mean", "")
        return call(f"g * ({short})", g=g, **left_out)

    return piece


DEFAULTS = {"loc": 0.0, "scale": 1.0, "low": 0.0, "high": 1.0, "mean": 0.0, "sigma": 1.0}


# transforms of standard numbers --------------------------------------------------------------------------------------
for _name in ("normal", "laplace", "logistic", "gumbel"):
    _draw(
        _name,
        "loc=0.0, scale=1.0",
        "1.0",
        _by("(y - loc) / scale"),
        kinks="the derivative by a scale of 0: nan",
        scale="positive",
    )
_DOWN, _UP = _by("(high - y) / (high - low)"), _by("(y - low) / (high - low)")
_draw("uniform", "low=0.0, high=1.0", _DOWN, _UP, low="low", high="high")
for _name in ("exponential", "rayleigh"):
    _draw(_name, "scale=1.0", "y / scale", scale="positive")
_draw("lognormal", "mean=0.0, sigma=1.0", "y", _by("y * (np.log(y) - mean) / sigma"), sigma="positive")
_draw("pareto", "a", "-(1.0 + y) * np.log1p(y) / a", a="positive")
for _name in ("weibull", "power"):
    _draw(_name, "a", "-y * np.log(y) / a", a="positive")

_LEFT, _RIGHT = "0.5 * (y - left)", "0.5 * (right - y)"
_draw(
    "triangular",
    "left, mode, right",
    f"g * np.where(y < mode, 1.0 - {_LEFT} / (right - left) - {_LEFT} / (mode - left), {_RIGHT} / (right - left))",
    f"g * np.where(y < mode, {_LEFT} / (mode - left), {_RIGHT} / (right - mode))",
    f"g * np.where(y < mode, {_LEFT} / (right - left), 1.0 - {_RIGHT} / (right - left) - {_RIGHT} / (right - mode))",
    left="low",
    mode="middle",
    right="high",
)


# what has no derivative ----------------------------------------------------------------------------------------------
def _refused(call: Call, g: Value) -> Value | None:
    name = call.rule.name.rsplit(".", 1)[-1]
    raise TypeProblem(
        f"the derivative of a draw of `{name}` by this parameter: it is made by rejection",
        INSTEAD.get(name, "wrap the parameter in adgen.stop_gradient, or transform standard draws"),
    )


INSTEAD = {  # what has a derivative
    "beta": "with x = rng.gamma(a) and y = rng.gamma(b) write x / (x + y)",
    "dirichlet": "with x = rng.gamma(alpha) write x / np.sum(x)",
    "f": "write it as a quotient: rng.chisquare(dfnum) / dfnum / (rng.chisquare(dfden) / dfden)",
    "standard_t": "write rng.standard_normal() / np.sqrt(rng.chisquare(df) / df)",
}


def _rejected(name: str, params: str) -> None:
    """An entry whose parameters may not vary."""
    names = [part.partition("=")[0].strip() for part in params.split(",")]
    for space in SPACES:
        table = dict.fromkeys(names, _refused)
        general(_signature(space, name, params), vjp=table, jvp=table, infer=_drawn("f8"))


def _by_shape(call: Call, g: Value) -> Value:
    if call.has("scale"):
        return call("g * scale * gamma_slope(y / scale, shape)", g=g)
    return call("g * gamma_slope(y, shape)", g=g)


def _no_curve(call: Call, g: Value) -> Value | None:
    raise TypeProblem(
        "the second derivative of a gamma draw by its shape", "wrap the shape in adgen.stop_gradient in one of the two"
    )


_IMPLICIT = "by its shape: that of the draw at the same probability, which differences at one seed do not show"
_draw("gamma", "shape, scale=1.0", _by_shape, "y / scale", kinks=_IMPLICIT, shape="positive", scale="positive")
_draw("standard_gamma", "shape", _by_shape, kinks=_IMPLICIT, shape="positive")
_draw("chisquare", "df", "gamma_slope(0.5 * y, 0.5 * df)", kinks=_IMPLICIT, df="positive")
general(
    "gamma_slope(y, a)",
    vjp={"y": _no_curve, "a": _no_curve},
    jvp={"y": _no_curve, "a": _no_curve},
    infer=lambda facts: ufunc_type("arctan2", facts.types),
    doc="the derivative of a gamma draw y of scale 1 by its shape a, at a fixed probability",
)

for _name, _params in {
    "beta": "a, b",
    "noncentral_chisquare": "df, nonc",
    "f": "dfnum, dfden",
    "noncentral_f": "dfnum, dfden, nonc",
    "standard_t": "df",
    "vonmises": "mu, kappa",
    "wald": "mean, scale",
}.items():
    _rejected(_name, _params)


def _many_type(facts: Facts) -> Type:
    """Lines as long as the mean, or the weights."""
    first = shape_of(facts.types[1 if facts.args[0] == "self" else 0])
    if facts.has("size") and plain(facts.type("size")) != NONE:
        size = shape_facts(facts.statics, "size")
        return Array("f8", None if size is None or first is None else (*size, *first))
    return Array("f8", first)


def _mean(call: Call, g: Value) -> Value:
    if isinstance(call.type("mean"), Struct | ListOf):
        raise TypeProblem(f"the derivative of `{call.rule.name}` by a list", "pass an array: `np.array([..])`")
    return shapes.unbroadcast(call.b, g, call.values["mean"])


def _covariance(call: Call, g: Value) -> Value | None:
    raise TypeProblem(
        f"the derivative of `{call.rule.name}` by its covariance, of which NumPy takes no unique root",
        "write `mean + np.linalg.cholesky(cov) @ rng.standard_normal(mean.size)`",
    )


for _space in SPACES:
    _more = ", *, method='svd'" if _space == "Generator" else ""
    _asked = f"mean, cov, size=None, check_valid='warn', tol=1e-8{_more}"
    _call = _signature(_space, "multivariate_normal", _asked, size=False)
    _spread: dict[str, Piece] = {"mean": "np.broadcast_to(g, y.shape)", "cov": _covariance}
    general(_call, vjp={"mean": _mean, "cov": _covariance}, jvp=_spread, infer=_many_type)
    _call = _signature(_space, "dirichlet", "alpha")
    general(_call, vjp={"alpha": _refused}, jvp={"alpha": _refused}, infer=_many_type)

_COUNTS = {
    "binomial": "n, p",
    "geometric": "p",
    "hypergeometric": "ngood, nbad, nsample",
    "logseries": "p",
    "negative_binomial": "n, p",
    "poisson": "lam=1.0",
    "zipf": "a",
}
for _space in SPACES:
    for _name, _params in _COUNTS.items():
        zero(_signature(_space, _name, _params), infer=_drawn("i8"))
    zero(_signature(_space, "multinomial", "n, pvals"), infer=lambda facts: Array("i8", None))
    zero(_signature(_space, "standard_cauchy", ""), infer=_drawn("f8"))
zero("Generator.multivariate_hypergeometric(self, colors, nsample, size=None)", infer=lambda facts: Array("i8", None))


# draws without parameters --------------------------------------------------------------------------------------------
def _sized(facts: Facts) -> Type:
    """One number or array for each size that is given by position."""
    known = shape_facts(facts.statics, "shape")
    if not facts.args or facts.args == ("self",):
        return FLOAT
    return Array("f8", known)


def _integers(facts: Facts) -> Type:
    dtype = code(facts.static("dtype")) if facts.has("dtype") else "i8"
    return _drawn(dtype)(facts) if not facts.has("endpoint") else _drawn(dtype)(_without(facts, "endpoint"))


def _without(facts: Facts, name: str) -> Facts:
    pairs = [(arg, type_) for arg, type_ in zip(facts.args, facts.types, strict=True) if arg != name]
    return Facts(facts.name, tuple(arg for arg, _ in pairs), tuple(type_ for _, type_ in pairs), facts.statics)


for _name, _more in (("random", ""), ("standard_normal", ""), ("standard_exponential", ", method='zig'")):
    zero(f"Generator.{_name}(self, size=None, dtype=None{_more})", infer=_drawn("f8"))
for _name in ("random", "standard_normal", "standard_exponential", "random_sample", "ranf", "sample"):
    zero(f"np.random.{_name}(size=None)", infer=_drawn("f8"))
zero("RandomState.random_sample(self, size=None)", infer=_drawn("f8"))
for _name in ("rand", "randn"):
    zero(f"np.random.{_name}(*shape)", infer=_sized)
    zero(f"RandomState.{_name}(self, *shape)", infer=_sized)
zero("Generator.integers(self, low, high=None, size=None, dtype=None, endpoint=False)", infer=_integers)
zero("np.random.randint(low, high=None, size=None, dtype=None)", infer=_integers)
zero("RandomState.randint(self, low, high=None, size=None, dtype=None)", infer=_integers)
zero("np.random.default_rng(seed=None)", infer=lambda facts: GENERATOR)
zero("np.random.RandomState(seed=None)", infer=lambda facts: Opaque("np.random.RandomState"))
zero("np.random.seed(seed=None)", infer=lambda facts: NONE)


# choices -------------------------------------------------------------------------------------------------------------
def _chosen(facts: Facts) -> Type:
    """Some of an array's elements, or of the first numbers."""
    given = as_content(facts.types[1 if facts.args[0] == "self" else 0])
    if isinstance(given, Array) and given.shape != ():
        return Array(given.dtype, None)
    one = not facts.has("size") or plain(facts.type("size")) == NONE
    return INT if one and not facts.name.endswith("permutation") else Array("i8", shape_facts(facts.statics, "size"))


def _by_index(call: Call, g: Value) -> Value | None:
    raise TypeProblem(
        f"the derivative of `{call.rule.name}` by what it chooses from",
        "draw the indices (of the array's length), and index the array with them",
    )


for _space, _more in (("Generator", ", axis=0, shuffle=True"), ("np.random", "")):
    _table = {"a": _by_index}
    _call = _signature(_space, "choice", "a, size=None, replace=True, p=None" + _more, size=False)
    general(_call, vjp=_table, jvp=_table, infer=_chosen)
    _call = _signature(_space, "permutation", "a" + _more.removesuffix(", shuffle=True"), size=False)
    general(_call, vjp=_table, jvp=_table, infer=_chosen)
general("Generator.permuted(self, a, axis=None)", vjp={"a": _by_index}, jvp={"a": _by_index}, infer=_chosen)
