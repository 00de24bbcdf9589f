"""What is drawn is drawn once: the reverse sweep draws no second number, however cheap, by whichever function."""

import linecache

import numpy as np
import pytest

import adgen

DRAWS = """
np.random.uniform() | np.random.normal() | np.random.exponential() | np.random.randint(1, 9) | np.random.poisson(3.0)
np.random.binomial(9, 0.4) | np.random.beta(2.0, 3.0) | np.random.normal(a, 2.0) | np.random.gamma(2.0, a)
np.random.lognormal(sigma=a) | np.random.standard_gamma(2.0) | np.random.choice(5) | np.random.random() | rng.random()
rng.integers(1, 9) | rng.normal(a) | rng.poisson(3.0) | rng.uniform() | rng.uniform(0.0, a) | rng.standard_normal()
rng.logistic(a, 0.5) | rng.gumbel(loc=a) | rng.laplace(a, scale=0.5) | rng.pareto(a) | rng.weibull(a) | rng.power(a)
rng.triangular(-a, 0.1, a) | rng.rayleigh(a) | rng.exponential(scale=a) | rng.gamma(2.0, scale=a) | rng.choice(3)
rng.standard_exponential(method="inv") | rng.integers(2, 5, endpoint=True) | np.sum(rng.normal(a, size=(2, 2)))
np.sum(rng.multivariate_normal(a * np.ones(2), np.eye(2), method="cholesky")) | np.sum(rng.permutation(3) * a)
np.sum(np.random.multivariate_normal(a * np.ones(2), np.eye(2), 3, "ignore")) | np.random.geometric(0.4)
old.normal(a) | old.uniform(0.0, a) | old.randint(1, 9) | old.rand() | np.sum(np.random.randn(3)) | np.random.zipf(3.0)
noise() | whole(9) | shifted(a)
"""
TEXTS = [text for line in DRAWS.strip().split("\n") for text in line.split(" | ")]
OWN = np.random.default_rng(0)


@adgen.rule(zero=True, result="float")
def noise():
    return float(OWN.random())


@adgen.rule(zero=True, result="float")
def whole(n):
    return float(OWN.integers(n))


@adgen.rule("1.0")
def shifted(a):
    return a + OWN.random()


LOOPS = """\
def f(x, a):
    np.random.seed(4)
    rng, old = np.random.default_rng(5), np.random.RandomState(6)
    t = x * 0.3
    for k in range(4):
        if k > 0:
            t = t * a + {0} * np.sin(x)
        x = np.cos(x) + a * {0}
    return t + {0} * x
"""
NESTED = """\
def f(x, a):
    np.random.seed(4)
    rng, old = np.random.default_rng(5), np.random.RandomState(6)
    def step(x):
        return x * {0} + np.sin(x * {0})
    n = 0
    while n < 3:
        x = step(x)
        for k in range(2):
            x = np.sin(x) * a + {0} * {0}
        n += 1
    return x * {0}
"""


def made(text, module):
    path = f"<{module} {text[-30:]}>"
    linecache.cache[path] = (len(text), None, text.splitlines(True), path)
    names = {"np": np, "noise": noise, "whole": whole, "shifted": shifted, "__name__": __name__}
    exec(compile(text, path, "exec"), names)
    return names["f"]


@pytest.mark.parametrize("body", [LOOPS, NESTED], ids=["loops", "nested"])
@pytest.mark.parametrize("text", TEXTS)
def test_both_sweeps_see_the_same_draws(text, body):
    f = made(body.format(text), text)

    def again(x, a):
        global OWN
        OWN = np.random.default_rng(11)
        return f(x, a)

    def seeded(transform):
        global OWN
        OWN = np.random.default_rng(11)
        return transform()

    x, a, h = 0.7, 1.3, 1e-6
    expected = np.array([again(x + h, a) - again(x - h, a), again(x, a + h) - again(x, a - h)]) / (2.0 * h)
    found = seeded(lambda: adgen.grad(f, (0, 1))(x, a))
    assert np.allclose(found, expected, rtol=1e-4)
    value, found = seeded(lambda: adgen.value_and_grad(f, (0, 1))(x, a))
    assert value == again(x, a) and np.allclose(found, expected, rtol=1e-4)
    value, pull = seeded(lambda: adgen.vjp(f, x, a))
    assert value == again(x, a) and np.allclose(pull(1.0), expected, rtol=1e-4) and pull(1.0) == pull(1.0)
    for dots, slope in zip(((1.0, 0.0), (0.0, 1.0)), expected, strict=True):
        assert np.isclose(seeded(lambda dots=dots: adgen.jvp(f, (x, a), dots))[1], slope, rtol=1e-4)
    curve = seeded(lambda: adgen.hvp(f)(x, a, 1.0))
    slopes = [seeded(lambda s=s: adgen.grad(f)(x + s * h, a)) for s in (1.0, -1.0)]
    assert np.isclose(curve, (slopes[0] - slopes[1]) / (2.0 * h), rtol=1e-4)
