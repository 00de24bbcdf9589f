"""Calls of random draws: each is drawn from a generator in the same state."""

import numpy as np

from .cases import Case, Const, arr

NORMAL = ("normal", "laplace", "logistic", "gumbel", "lognormal")
SCALED = ("exponential", "rayleigh", "pareto", "weibull", "power")
# made by rejection: no parameter may vary
REJECTED = {
    "beta",
    "noncentral_chisquare",
    "f",
    "noncentral_f",
    "standard_t",
    "vonmises",
}
REJECTED |= {"wald", "dirichlet", "choice", "permutation"}
IMPLICIT = {f"{space}.{name}" for name in ("standard_gamma", "chisquare") for space in ("Generator", "np.random")}
REFUSED = {f"{space}.{name}" for name in REJECTED for space in ("Generator", "np.random")} | {"Generator.permuted"}


def generators():
    """(prefix, parameter names, arguments) of both ways to draw."""
    return (("Generator", ("self",), [np.random.default_rng(5)]), ("np.random", (), []))


def all_of():
    for prefix, own, rng in generators():
        for name in NORMAL:
            full = f"{prefix}.{name}"
            first, second = ("mean", "sigma") if name == "lognormal" else ("loc", "scale")
            for one, two in ((0.4, 1.3), (arr(3), arr(3, kind="positive")), (arr(2, 1), arr(3, kind="positive"))):
                yield Case(full, (*own, first, second), [*rng, one, two])
            yield Case(full, (*own, first), [*rng, 0.3])
            yield Case(full, (*own, first, second, "size"), [*rng, 0.3, 1.2, Const((2, 3))])
            yield Case(full, (*own, second, "size"), [*rng, 1.2, 4])
            yield Case(full, (*own, first, second, "size"), [*rng, arr(3), 1.2, Const((2, 3))])
        yield Case(f"{prefix}.uniform", (*own, "low", "high"), [*rng, -0.4, 1.3])
        yield Case(f"{prefix}.uniform", (*own, "low", "high", "size"), [*rng, arr(3), 2.0, Const((4, 3))])
        yield Case(f"{prefix}.triangular", (*own, "left", "mode", "right", "size"), [*rng, -0.4, 0.3, 1.3, Const(9)])
        yield Case(f"{prefix}.triangular", (*own, "left", "mode", "right"), [*rng, arr(6) - 2.0, 0.3, 1.7])
        for name in SCALED:
            parameter = "scale" if name in ("exponential", "rayleigh") else "a"
            yield Case(f"{prefix}.{name}", (*own, parameter), [*rng, 1.4])
            yield Case(f"{prefix}.{name}", (*own, parameter, "size"), [*rng, arr(3, kind="positive"), Const((2, 3))])
        yield Case(f"{prefix}.gamma", (*own, "shape", "scale"), [*rng, 2, arr(3, kind="positive")])
        cov = Const(((1.0, 0.3), (0.3, 2.0)))
        yield Case(f"{prefix}.multivariate_normal", (*own, "mean", "cov"), [*rng, arr(2), cov])
        yield Case(f"{prefix}.multivariate_normal", (*own, "mean", "cov", "size"), [*rng, arr(2), cov, Const(3)])
