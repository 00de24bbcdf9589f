"""scipy.stats: densities of several variables.

y = scipy.stats.multivariate_normal.logpdf(x, mean, cov)      ->      np.linalg.solve, np.linalg.slogdet: one by one
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.ir.types import Array, Type
from adgen.rules.call import Call
from adgen.rules.composed import composed
from adgen.rules.infer import rank_of, shape_of
from adgen.rules.rule import Facts, TypeProblem

KINKS = "only the lower triangle of a covariance is read"


def _normal_type(facts: Facts) -> Type:
    ranks = {name: rank_of(facts.type(name)) if facts.has(name) else None for name in ("x", "mean", "cov")}
    if ranks["cov"] != 2 or ranks["x"] not in (1, 2) or ranks["mean"] not in (None, 1):
        why = f"`{facts.name}` of what is not known to be points, a mean that is a vector, and a covariance matrix"
        raise TypeProblem(why, "give all three, and annotate them")
    if 1 in (shape_of(facts.type("cov")) or ()):
        raise TypeProblem(f"`{facts.name}` of one variable", "use scipy.stats.norm")
    shape = shape_of(facts.type("x"))
    assert shape is not None
    return Array("f8", shape[:-1])


def _covariance(call: Call) -> Value:
    """The symmetric matrix that SciPy reads from the lower triangle."""
    return call("np.tril(cov) + np.tril(cov, k=k).T", k=call.b.const(-1))


def _log_normal(call: Call) -> Value:
    cov = _covariance(call)
    d = call("x - mean") if call.has("mean") else call.values["x"]
    if call.rank("x") == 1:
        square = call("np.vdot(d, np.linalg.solve(cov, d))", d=d, cov=cov)
    else:
        square = call("np.sum(d * np.linalg.solve(cov, d.T).T, axis=axis)", d=d, cov=cov, axis=call.b.const(-1))
    log = call.b.item(call("np.linalg.slogdet(cov)", cov=cov), 1)
    return call("-0.5 * (square + log + math.log(2.0 * math.pi) * cov.shape[0])", square=square, log=log, cov=cov)


_NORMAL = "scipy.stats.multivariate_normal"
composed(f"{_NORMAL}.logpdf(x, mean=None, cov=1)", _log_normal, _normal_type, kinks=KINKS)
composed(
    f"{_NORMAL}.pdf(x, mean=None, cov=1)",
    lambda call: call("np.exp(log)", log=_log_normal(call)),
    _normal_type,
    kinks=KINKS,
)


def _entropy_type(facts: Facts) -> Type:
    if not facts.has("cov") or rank_of(facts.type("cov")) != 2:
        raise TypeProblem(f"`{facts.name}` of what is not known to be a covariance matrix", "annotate it")
    return Array("f8", ())


def _entropy(call: Call) -> Value:
    cov = _covariance(call)
    log = call.b.item(call("np.linalg.slogdet(cov)", cov=cov), 1)
    return call("0.5 * (log + (1.0 + math.log(2.0 * math.pi)) * cov.shape[0])", log=log, cov=cov)


composed(f"{_NORMAL}.entropy(mean=None, cov=1)", _entropy, _entropy_type, kinks=KINKS)


def _shares_type(facts: Facts) -> Type:
    x, alpha = shape_of(facts.type("x")), shape_of(facts.type("alpha"))
    if x is None or alpha is None or len(x) not in (1, 2) or len(alpha) != 1:
        raise TypeProblem(f"`{facts.name}` of what is not known to be points and a vector", "annotate them")
    return Array("f8", x[1:])


def _log_shares(call: Call) -> Value:
    """All shares must be given: products of different lengths raise while running."""
    product = "np.vdot(alpha - 1.0, np.log(x))" if call.rank("x") == 1 else "(alpha - 1.0) @ np.log(x)"
    text = f"{product} + scipy.special.gammaln(np.sum(alpha)) - np.sum(scipy.special.gammaln(alpha))"
    return call(text)


composed("scipy.stats.dirichlet.logpdf(x, alpha)", _log_shares, _shares_type)
composed("scipy.stats.dirichlet.pdf(x, alpha)", lambda call: call("np.exp(log)", log=_log_shares(call)), _shares_type)


def _spread(call: Call) -> Value:
    logs = "np.sum(scipy.special.gammaln(alpha)) - scipy.special.gammaln(total)"
    text = f"{logs} + (total - alpha.size) * scipy.special.digamma(total)"
    text += " - np.vdot(alpha - 1.0, scipy.special.digamma(alpha))"
    return call(text, total=call("np.sum(alpha)"))


composed("scipy.stats.dirichlet.entropy(alpha)", _spread, lambda facts: Array("f8", ()))
