"""SciPy's functions in whole programs; generated code imports it only where the program calls it."""

import math

import numpy as np
import pytest
import scipy.linalg
import scipy.special as sp
from scipy import stats
from scipy.stats import norm

import adgen


def logistic(w, x, y):
    z = x @ w
    return np.mean(sp.log_expit(z) * y + sp.log_expit(-z) * (1.0 - y)) + sp.logsumexp(w)


def posterior(mu, sigma, x):
    return np.sum(norm.logpdf(x, mu, sigma)) + stats.gamma.logpdf(sigma, 2.0) - stats.expon.cdf(mu)


def process(length, noise, t, y):
    k = np.exp(-0.5 * ((t[:, None] - t) / length) ** 2) + noise * np.eye(t.size)
    factor = scipy.linalg.cho_factor(k, lower=True)
    alpha = scipy.linalg.cho_solve(factor, y)
    return 0.5 * np.vdot(y, alpha) + np.sum(np.log(np.diag(factor[0])))


def flow(a, t):
    return np.sum(scipy.linalg.expm(t * a) ** 2)


def whitened(a, b):
    low = np.linalg.cholesky(a @ a.T + np.eye(3))
    return np.sum(scipy.linalg.solve_triangular(low, b, lower=True) ** 2)


RNG = np.random.default_rng(4)
T = np.linspace(0.0, 2.0, 5)
CASES = [
    (logistic, (RNG.standard_normal(3), RNG.standard_normal((6, 3)), (RNG.random(6) > 0.5) * 1.0)),
    (posterior, (0.4, 1.3, RNG.standard_normal(5))),
    (process, (0.7, 0.3, T, np.sin(T))),
    (flow, (RNG.standard_normal((3, 3)), 0.3)),
    (whitened, (RNG.standard_normal((3, 3)), RNG.standard_normal(3))),
]


@pytest.mark.parametrize(("fun", "args"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_programs(fun, args):
    adgen.check_grads(fun, args, order=2)


def test_imports():
    derivative = adgen.grad(logistic)
    derivative(*CASES[0][1])
    assert "import numpy as np\nimport scipy.special\n" in derivative.source
    plain = adgen.grad(whitened_by_hand)
    plain(CASES[4][1][0])
    assert "import scipy" not in plain.source


def whitened_by_hand(a):
    return np.sum(np.linalg.inv(a) ** 2) * math.pi
