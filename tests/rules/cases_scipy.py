"""Calls of SciPy's functions beyond those of one line of numbers each."""

import numpy as np

from adgen.rules import table

from .cases import Case, Const, arr, draw, spd
from .cases_linalg import square

SHAPES = {"gamma": 1, "chi2": 1, "beta": 2, "t": 1, "lognorm": 1, "weibull_min": 1}


def sums():
    for name in ("logsumexp", "softmax", "log_softmax"):
        full, first = f"scipy.special.{name}", "a" if name == "logsumexp" else "x"
        yield Case(full, (first,), [arr(4)])
        yield Case(full, (first,), [arr(3, 4, dtype="f4")])
        for axis in (0, -1):
            yield Case(full, (first, "axis"), [arr(3, 4), Const(axis)])
    yield Case("scipy.special.logsumexp", ("a", "axis", "keepdims"), [arr(3, 4), Const((0, 1)), Const(True)])


def densities():
    for name in table.names():
        family, _, kind = name.removeprefix("scipy.stats.").rpartition(".")
        if not name.startswith("scipy.stats.") or kind.endswith("pmf"):
            continue
        rule = table.lookup(name)
        first = rule.params[0].name
        shapes = [param.name for param in rule.params[1:] if param.required]
        active = kind.endswith("pdf")
        for shape in ((), (3,)):
            x = draw(rule.domain["x"] if first == "x" else "high", shape)
            fixed = [draw(rule.domain[part], shape) if active else Const(2 + k) for k, part in enumerate(shapes)]
            moved = (x + 0.0) * 1.7 - 0.3 if first == "x" else x
            values = [np.float64(moved)[()] if shape == () else moved, *fixed, draw("any", shape) * 0.1 - 0.3, 1.7]
            yield Case(name, (first, *shapes, "loc", "scale"), values)
            if not active or not shapes:
                yield Case(name, (first, *shapes), [x, *fixed])


def masses():
    for kind in ("pmf", "logpmf"):
        k = np.array([1, 2, 3])
        yield Case(f"scipy.stats.poisson.{kind}", ("k", "mu", "loc"), [k, arr(3, kind="positive"), Const(1)])
        yield Case(f"scipy.stats.binom.{kind}", ("k", "n", "p"), [k, Const(5), arr(3, kind="high")])
        yield Case(f"scipy.stats.bernoulli.{kind}", ("k", "p"), [np.array([0, 1, 1]), arr(3, kind="high")])
        yield Case(f"scipy.stats.geom.{kind}", ("k", "p"), [k, arr(3, kind="high")])


def matrices():
    a = square()
    for right in (arr(3), arr(3, 2)):
        yield Case("scipy.linalg.solve", None, [a, right])
        yield Case("scipy.linalg.solve_sylvester", None, [a, square() + np.eye(3), arr(3, 3)])
        for lower in (True, False):
            for trans in (0, 1, "T"):
                args = ("a", "b", "trans", "lower")
                yield Case("scipy.linalg.solve_triangular", args, [a, right, Const(trans), Const(lower)])
            args = ("a", "b", "lower", "unit_diagonal")
            yield Case("scipy.linalg.solve_triangular", args, [a, right, Const(lower), Const(True)])
            yield Case("scipy.linalg.cho_solve", None, [(spd(3), lower), right])
    yield Case("scipy.linalg.solve_triangular", None, [a, arr(3)])
    for lower in (True, False):
        yield Case("scipy.linalg.cholesky", ("a", "lower"), [spd(3), Const(lower)])
        yield Case("scipy.linalg.cho_factor", ("a", "lower"), [spd(3), Const(lower)])
    yield Case("scipy.linalg.cholesky", None, [spd(3)])
    for value in (a, square(2)):
        yield Case("scipy.linalg.expm", None, [0.3 * value])
    yield Case("scipy.linalg.sqrtm", None, [spd(3)])
    for name in ("inv", "det", "pinv"):
        yield Case(f"scipy.linalg.{name}", None, [a])
    yield Case("scipy.linalg.pinv", None, [arr(4, 3)])
    yield Case("scipy.linalg.block_diag", ("arrs",) * 3, [arr(2, 3), arr(1, 2), arr(3, 1)])
    for c, r in ((3, 4), (4, 2)):
        yield Case("scipy.linalg.toeplitz", None, [arr(c), arr(r)])


def convolutions():
    for name in ("convolve", "fftconvolve"):
        for one, two in (((5,), (3,)), ((3,), (5,)), ((3, 4), (2, 2))):
            yield Case(f"scipy.signal.{name}", None, [arr(*one), arr(*two)])


def all_of():
    return [*sums(), *densities(), *masses(), *matrices(), *convolutions()]
