"""Random draws in whole programs: drawn once, in the order of the function, differentiated through their transform."""

import linecache

import numpy as np
import pytest
from scipy.stats import gamma

import adgen
from adgen.battery.checks import Case, Trial
from adgen.battery.evaluate import function
from adgen.errors import Refusal

SHARED = np.random.default_rng(3)


def elbo(mu, sigma, rng, n):
    total = 0.0
    for _ in range(n):
        z = rng.normal(mu, sigma, size=3)
        w = rng.exponential(2.0)
        rng.integers(5)
        total = total + np.sum(z**2) * w
    return total


def slope(fun, at, h=1e-6):
    return (fun(at + h) - fun(at - h)) / (2.0 * h)


def test_draws_in_a_loop():
    mu_bar, sigma_bar = adgen.grad(elbo, (0, 1))(0.5, 1.2, np.random.default_rng(1), 4)
    assert np.isclose(mu_bar, slope(lambda mu: elbo(mu, 1.2, np.random.default_rng(1), 4), 0.5))
    assert np.isclose(sigma_bar, slope(lambda sigma: elbo(0.5, sigma, np.random.default_rng(1), 4), 1.2))


def test_the_generator_is_left_where_the_function_leaves_it():
    one, two = np.random.default_rng(1), np.random.default_rng(1)
    elbo(0.5, 1.2, one, 4)
    value, _ = adgen.value_and_grad(elbo)(0.5, 1.2, two, 4)
    assert one.random() == two.random()
    assert value == elbo(0.5, 1.2, np.random.default_rng(1), 4)


def made_inside(mu):
    rng = np.random.default_rng(0)
    a = rng.uniform(0.0, mu)
    rng.standard_normal(4)
    return rng.normal(mu) * a


def legacy(mu):
    np.random.seed(4)
    x = np.random.randn(3)
    return np.sum(x * mu) + np.random.normal(mu, 0.5) ** 2


@pytest.mark.parametrize("fun", (made_inside, legacy))
def test_generators_made_inside(fun):
    assert np.isclose(adgen.grad(fun)(0.7), slope(fun, 0.7))
    assert np.isclose(adgen.hvp(fun)(0.7, 1.0), slope(adgen.grad(fun), 0.7))
    assert np.isclose(adgen.jvp(fun, (0.7,), (1.0,))[1], slope(fun, 0.7))


def branched(mu, rng):
    if rng.random() < 0.5:
        return rng.normal(mu) * mu
    return rng.laplace(mu, 2.0)


def test_draws_decide_branches():
    for seed in range(6):
        expected = slope(lambda mu, seed=seed: branched(mu, np.random.default_rng(seed)), 0.3)
        assert np.isclose(adgen.grad(branched)(0.3, np.random.default_rng(seed)), expected)


def captured(mu):
    return mu * SHARED.normal(mu)


def test_a_captured_generator_goes_on():
    assert adgen.grad(captured)(0.7) != adgen.grad(captured)(0.7)


def rejected(a, rng):
    return rng.beta(a, 2.0)


def from_gammas(a, rng):
    x = rng.gamma(a)
    return x / (x + rng.gamma(2.0))


def picked(xs, rng):
    return np.sum(rng.choice(xs, 2))


def test_draws_without_a_derivative_are_refused():
    with pytest.raises(Refusal, match="made by rejection"):
        adgen.grad(rejected)(0.7, np.random.default_rng(0))
    with pytest.raises(Refusal, match="draw the indices"):
        adgen.grad(picked)(np.ones(4), np.random.default_rng(0))
    with pytest.raises(Refusal, match=r"write x / \(x \+ y\)"):
        adgen.grad(rejected)(0.7, np.random.default_rng(0))
    assert 0.0 < adgen.grad(from_gammas)(0.7, np.random.default_rng(0)) < 1.0


def gammas(a, scale, rng):
    return rng.gamma(a, scale, 3) + rng.gamma(shape=a)


def standard_gammas(a, scale, rng):
    return rng.standard_gamma(a, 3) * scale + rng.standard_gamma(0.5 * a)


def squared_normals(a, scale, rng):
    return scale * rng.chisquare(a) + rng.chisquare(2.0 * a)


@pytest.mark.parametrize("fun", (gammas, standard_gammas, squared_normals))
@pytest.mark.parametrize("generator", (np.random.default_rng, np.random.RandomState))
def test_gamma_draws_move_with_their_shape_at_the_same_probability(fun, generator):
    """The implicit derivative: of the quantile function at the probability of what is drawn."""
    a, scale, h = np.array([0.2, 3.0, 80.0]), 1.7, 1e-5

    class Quantiles:
        """A generator whose draws go through the probabilities of those at `a`."""

        def __init__(self, moved):
            self.rng, self.moved = generator(3), moved

        def gamma(self, shape, scale=1.0, size=None):
            drawn = self.rng.gamma(shape, scale, size) / scale
            return scale * gamma.ppf(gamma.cdf(drawn, shape), shape * (1.0 + self.moved))

        def standard_gamma(self, shape, size=None):
            return self.gamma(shape, 1.0, size)

        def chisquare(self, df):
            drawn = self.rng.chisquare(df)
            return 2.0 * gamma.ppf(gamma.cdf(0.5 * drawn, 0.5 * df), 0.5 * df * (1.0 + self.moved))

    expected = (fun(a, scale, Quantiles(h)) - fun(a, scale, Quantiles(-h))) / (2.0 * h)
    assert np.allclose(adgen.jvp(lambda t: fun(t, scale, generator(3)), (a,), (a,))[1], expected, rtol=1e-8)
    bar = np.array([0.3, -1.2, 0.7])
    (found,) = adgen.vjp(lambda t: fun(t, scale, generator(3)), a)[1](bar)
    assert np.allclose(found * a, bar * expected, rtol=1e-8)


def test_second_derivatives_of_gamma_draws_by_their_shape_are_refused():
    with pytest.raises(Refusal, match="second derivative of a gamma draw"):
        adgen.hvp(lambda a: np.sum(np.random.default_rng(3).gamma(a)))(0.7, 1.0)


def sampled(w, rng):
    rows = rng.choice(4, size=2, replace=False)
    return np.sum(w[rows] ** 2) * rng.poisson(3.0)


def test_indices_are_inactive():
    w = np.array([0.3, -0.7, 1.1, 0.4])
    found = adgen.grad(sampled)(w, np.random.default_rng(2))
    steps = [slope(lambda t, e=e: sampled(w + t * e, np.random.default_rng(2)), 0.0) for e in np.eye(4)]
    assert np.allclose(found, steps)


def drawn(x, rng):
    return rng.normal(x[:2], 2.0) * x[0] + np.random.normal(x[1])


def test_jacobians_draw_the_same_for_each_column():
    x = np.array([0.7, -0.3, 1.1])
    columns = []
    for e in np.eye(3):
        sides = []
        for sign in (1e-6, -1e-6):
            np.random.seed(7)
            sides.append(drawn(x + sign * e, np.random.default_rng(2)))
        columns.append((sides[0] - sides[1]) / 2e-6)
    for transform in (adgen.jacfwd, adgen.jacrev, adgen.jacobian):
        rng, same = np.random.default_rng(2), np.random.default_rng(2)
        np.random.seed(7)
        assert np.allclose(transform(drawn)(x, rng), np.array(columns).T, atol=1e-7)
        after = np.random.random()
        np.random.seed(7)
        drawn(x, same)
        assert after == np.random.random() and rng.random() == same.random()


def summed(x, rng):
    return np.sum(rng.normal(x, 2.0) ** 3 * x)


def test_checks_and_hessians_draw_the_same():
    x = np.array([0.7, -0.3])
    adgen.check_grads(summed, (x, np.random.default_rng(3)), order=2)
    h = adgen.hessian(summed)(x, np.random.default_rng(3))
    expected = [slope(lambda t, e=e: adgen.grad(summed)(x + t * e, np.random.default_rng(3)), 0.0) for e in np.eye(2)]
    assert np.allclose(h, expected, atol=1e-6)


def test_draws_that_nobody_reads_are_plain_calls():
    derivative = adgen.grad(legacy)
    derivative(0.7)
    assert "    np.random.seed(4)\n" in derivative.source
    assert derivative.source.count("np.random.randn(3)") == derivative.source.count("np.random.normal(") == 1


# a draw of standard numbers, transformed: value, and slopes by the parameters, from the draw of the same seed
TRANSFORMS = {
    "normal": ((0.4, 1.3), lambda y, a, b: (1.0, (y - a) / b)),
    "uniform": ((-0.5, 2.0), lambda y, a, b: ((b - y) / (b - a), (y - a) / (b - a))),
    "exponential": ((1.7,), lambda y, a: (y / a,)),
    "laplace": ((0.4, 1.3), lambda y, a, b: (1.0, (y - a) / b)),
    "gumbel": ((0.4, 1.3), lambda y, a, b: (1.0, (y - a) / b)),
    "lognormal": ((0.4, 0.6), lambda y, a, b: (y, y * (np.log(y) - a) / b)),
    "rayleigh": ((1.7,), lambda y, a: (y / a,)),
    "weibull": ((1.7,), lambda y, a: (-y * np.log(y) / a,)),
}


def drawing(name, count):
    """A function that squares a draw, and draws once more."""
    spelt = ", ".join("ab"[:count])
    code = f"def f({spelt}, rng):\n    y = rng.{name}({spelt})\n    return y * y + 0.0 * rng.random()\n"
    path, names = f"<draw of {name}>", {}
    linecache.cache[path] = (len(code), None, code.splitlines(True), path)
    exec(compile(code, path, "exec"), names)
    return names["f"]


@pytest.mark.parametrize("name", TRANSFORMS)
def test_slopes_are_those_of_the_transform(name):
    args, slopes = TRANSFORMS[name]
    fun, plain = drawing(name, len(args)), np.random.default_rng(8)
    y = getattr(plain, name)(*args)
    plain.random()
    expected = [2.0 * y * slope for slope in slopes(y, *args)]
    rng = np.random.default_rng(8)
    found = adgen.grad(fun, tuple(range(len(args))))(*args, rng)
    assert np.allclose(found, expected, rtol=1e-13)
    assert rng.bit_generator.state == plain.bit_generator.state
    rng = np.random.default_rng(8)
    _, dot = adgen.jvp(fun, (*args, rng), (*np.ones(len(args)), None))
    assert np.isclose(dot, sum(expected), rtol=1e-13) and rng.bit_generator.state == plain.bit_generator.state


def scaled_gamma(scale, rng):
    return rng.gamma(2.5, scale) ** 2


def test_the_scale_of_a_gamma():
    y = np.random.default_rng(8).gamma(2.5, 1.7)
    assert np.isclose(adgen.grad(scaled_gamma)(1.7, np.random.default_rng(8)), 2.0 * y * y / 1.7)


@pytest.mark.parametrize("name", ["chisquare", "standard_gamma"])
@pytest.mark.parametrize("space", ["Generator", "np.random"])
def test_draws_by_rejection_move_with_their_shape(name, space):
    """Both ways to draw, in both modes: as quantiles do at the numbers that were drawn."""
    shapes, half = np.array([3.0, 5.0]), 0.5 if name == "chisquare" else 1.0
    own = [np.random.default_rng(5)] if space == "Generator" else []
    trial = Trial(Case(f"{space}.{name}", None, [*own, shapes]))
    expected = function("gamma_slope")(half * trial.primal[trial.y], half * shapes)
    (bar,), dot = trial.vjp(np.ones(2))[1], trial.jvp({len(own): np.ones(2)})
    assert np.allclose(bar, expected, rtol=1e-14) and np.allclose(dot, expected, rtol=1e-14)
