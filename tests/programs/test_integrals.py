"""Integrals and differential equations by SciPy: values to the bit; derivatives against differences, in closed form."""

import math

import numpy as np
import pytest

import adgen

from . import oracle

scipy_integrate = pytest.importorskip("scipy.integrate")
import scipy  # noqa: E402
from scipy.integrate import fixed_quad, odeint, quad, solve_ivp  # noqa: E402

W = np.array([0.3, 0.5, 0.8])
TIGHT = {"rtol": 1e-9, "atol": 1e-9}


def gauss(t, a):
    return np.exp(-a * t * t)


def with_arguments(a):
    return scipy.integrate.quad(gauss, 0.0, 1.5, args=(a,))[0]


def one_argument(a):
    return quad(gauss, 0.0, a, args=a)[0]


def of_the_limits(a, b):
    return quad(lambda t: math.exp(-a * t * t), a, b)[0]


def everywhere(a):
    return quad(gauss, -np.inf, np.inf, args=(a,))[0]


def upwards(a, b):
    return quad(lambda t, k: 1.0 / (t * t + k), b, np.inf, args=(a * a,))[0]


def downwards(a, b):
    return quad(lambda t: np.exp(a * t), -np.inf, b)[0]


def backwards(a, b):
    y, error = quad(gauss, b, 0.0, args=(a,), epsabs=1e-12)
    return y * y


def bent(a):
    def inner(t):
        return a * abs(t - 0.3)

    return quad(inner, 0.0, 1.0, points=[0.3])[0]


def of_an_array(w):
    return quad(lambda t: np.sum(w * np.cos(t)), 0.0, w[0])[0]


def singular_at_an_end(a):
    return quad(lambda t: math.log(t) * a, 0.0, a)[0]


def by_nodes(a):
    return scipy.integrate.fixed_quad(gauss, 0.0, 1.5, args=(a,), n=7)[0]


def between(a, b):
    y, none = fixed_quad(lambda t: np.sin(a * t) * t, a, b)
    return y * y if none is None else y


INTEGRALS = [
    (by_nodes, (0.7,)),
    (between, (0.7, 1.9)),
    (with_arguments, (0.7,)),
    (one_argument, (0.7,)),
    (of_the_limits, (0.4, 1.2)),
    (everywhere, (0.7,)),
    (upwards, (0.7, 0.2)),
    (downwards, (0.7, 0.2)),
    (backwards, (0.7, 0.2)),
    (bent, (0.7,)),
    (of_an_array, (W,)),
    (singular_at_an_end, (0.7,)),
]


@pytest.mark.parametrize(("fun", "args"), INTEGRALS, ids=lambda value: getattr(value, "__name__", ""))
def test_integral(fun, args):
    assert oracle.check(fun, args, directions=1).texts


def test_derivatives_by_limits_are_the_integrand():
    a, b = 0.7, 1.2
    assert abs(adgen.grad(of_the_limits, 1)(a, b) - math.exp(-a * b * b)) < 1e-13
    assert abs(adgen.grad(everywhere)(a) + 0.5 * math.sqrt(math.pi) * a**-1.5) < 1e-12
    assert adgen.grad(one_argument)(0.0) == 1.0  # of nothing


def test_second_derivatives_of_integrals():
    a, b = 0.7, 1.2
    found = adgen.hessian(lambda v: of_the_limits(v[0], v[1]))(np.array([a, b]))
    slope = math.exp(-a * b * b)
    assert np.allclose(found[1], [-b * b * slope, -2.0 * a * b * slope], rtol=1e-11)
    assert abs(adgen.grad(adgen.grad(everywhere))(a) - 0.75 * math.sqrt(math.pi) * a**-2.5) < 1e-11


def singular_inside(a):
    return quad(lambda t: a * abs(t - 0.3) ** -0.5, 0.0, 1.0, limit=200)[0]


def test_a_rule_that_does_not_give_the_integral_is_not_differentiated():
    with pytest.raises(ValueError, match="singular inside"):
        adgen.grad(singular_inside)(0.7)


def decay(t, y, k):
    return -k * y


def lotka(t, z, a, b):
    x, y = z
    return [a * x - b * x * y, b * x * y - y]


def pendulum(y, t, g):
    return np.array([y[1], -g * np.sin(y[0])])


def at_the_end(a):
    return np.sum(scipy.integrate.solve_ivp(decay, (0.0, 1.0), np.array([1.0, 2.0]), args=(a,), **TIGHT).y[:, -1])


def at_times(a, b, z0):
    s = solve_ivp(lotka, (0.0, 2.0), z0, args=(a, b), rtol=1e-8, atol=1e-8, t_eval=np.linspace(0.0, 2.0, 5))
    return np.sum(s.y**2)


def until(a, end):
    s = solve_ivp(lambda t, y: -a * y * np.cos(t), (0.0, end), [1.0, 2.0], method="DOP853", rtol=1e-9, atol=1e-10)
    return s.y[0, -1] * s.y[1, -1] + s.t[-1]


def backwards_in_time(a):
    return solve_ivp(decay, (1.0, 0.0), [1.0], "RK23", args=(a,), rtol=1e-7, atol=1e-7).y[0, -1]


def implicit_steps(a):
    return solve_ivp(decay, (0.0, 1.0), [1.0], args=(a,), method="LSODA", rtol=1e-8, atol=1e-8).y[0, -1]


def in_rows(g, y0):
    return np.sum(odeint(pendulum, y0, np.linspace(0, 1, 4), args=(g,)) ** 2)


SOLUTIONS = [
    (at_times, (0.7, 0.5, np.array([1.0, 0.5]))),
    (until, (0.7, 1.3)),
    (backwards_in_time, (0.7,)),
    (implicit_steps, (0.7,)),
    (in_rows, (9.8, np.array([0.3, 0.1]))),
]


@pytest.mark.parametrize(("fun", "args"), SOLUTIONS, ids=lambda value: getattr(value, "__name__", ""))
def test_solution(fun, args):
    assert oracle.check(fun, args, directions=1).texts


def test_derivatives_of_a_solution_are_as_accurate_as_it_is():
    assert abs(adgen.grad(at_the_end)(0.7) + 3.0 * math.exp(-0.7)) < 1e-8
    assert abs(adgen.grad(adgen.grad(at_the_end))(0.7) - 3.0 * math.exp(-0.7)) < 1e-7


def by_the_times(t):
    return np.sum(odeint(pendulum, np.array([0.3, 0.1]), t, args=(9.8,)))


def named(a):
    k = {"k": a}
    return quad(lambda t: k["k"] * t, 0.0, 1.0)[0]


@pytest.mark.parametrize(("fun", "arg"), [(by_the_times, np.linspace(0.0, 1.0, 4)), (named, 0.7)])
def test_what_is_refused(fun, arg):
    with pytest.raises(adgen.Refusal, match="E0"):
        adgen.grad(fun)(arg)
