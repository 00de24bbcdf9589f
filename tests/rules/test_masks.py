"""Masked functions: where a condition leaves a singular value out, the gradient is finite, right, and silent."""

import warnings

import numpy as np
import pytest

import adgen
from adgen.rules import masks, table

X = np.array([0.0, -1.5, 0.5, 2.0, -0.0, 1.0])


def log(x):
    return np.sum(np.where(x > 0.0, np.log(x) * x, 0.0))


def log_of_both(x):
    return np.sum(np.where(x <= 0.0, x * x, np.log2(x) + np.log10(x)) ** 2)


def root(x):
    return np.sum(np.where(x > 0.0, np.sqrt(x) * np.log(x), 1.0) ** 2)


def cube_root(x):
    return np.sum(np.where(np.abs(x) > 0.1, np.cbrt(x), 0.0))


def inverse(x):
    return np.sum(np.where(x != 0.0, 3.0 / x + np.reciprocal(x) * 2.0, -x))


def powers(x):
    return np.sum(np.where(x > 0.0, x**0.5 + x**-1.5 + np.power(x, 0.3), -x))


def overflow(x):
    y = 600.0 * x
    return np.sum(np.where(y < 500.0, np.exp(y) * y, y))


def sine(x):
    return np.sum(np.where(np.abs(x) < 1.0, np.arcsin(x) + np.arccos(x) * x + np.arctanh(x), x))


def cosine(x):
    return np.sum(np.where(x > 1.0, np.arccosh(x), x))


def entropy(x):
    p = np.maximum(x, 0.0)
    return -np.sum(np.where(p > 0.0, p * np.log(p), 0.0))


def scaled(x, s):
    return np.sum(np.where(x > 0.0, s * np.log(x) / x, s))


FUNCTIONS = [log, log_of_both, root, cube_root, inverse, powers, overflow, sine, cosine, entropy]


def heard(fun, *args):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        value = fun(*args)
    return value, {str(one.message) for one in found}


def slope(fun, x):
    """The difference quotient of one element alone."""
    with np.errstate(all="ignore"):
        return (fun(np.array([x + 1e-6])) - fun(np.array([x - 1e-6]))) / 2e-6


@pytest.mark.parametrize("fun", FUNCTIONS, ids=lambda f: f.__name__)
def test_gradient(fun):
    primal, said = heard(fun, X)
    found, said_by_gradient = heard(adgen.grad(fun), X)
    assert np.all(np.isfinite(found))
    assert said_by_gradient <= said
    for k in (1, 2, 3):  # not at the singular place itself
        assert np.isclose(found[k], slope(fun, X[k]), rtol=1e-5, atol=1e-7)
    with np.errstate(all="ignore"):
        dot = adgen.jvp(fun, (X,), (np.ones(6),))[1]
    assert np.isclose(dot, np.sum(found)) and np.isfinite(primal)


def test_numbers_beside_arrays():
    with np.errstate(all="ignore"):
        by_x, by_s = adgen.grad(scaled, (0, 1))(X, 0.7)
    there = X[X > 0.0]
    assert np.isclose(by_s, np.sum(np.log(there) / there) + 3.0) and np.all(np.isfinite(by_x))


def test_second_derivatives():
    with np.errstate(all="ignore"):
        found = adgen.hvp(log)(X, np.ones(6))
    assert np.allclose(found, [0.0, 0.0, 2.0, 0.5, 0.0, 1.0])


def test_distances_at_the_origin():
    found, said = heard(adgen.grad(lambda x: np.sum(np.hypot(x, 0.0 * x) + np.arctan2(x, 0.0 * x))), np.zeros(2))
    assert found.tolist() == [0.0, 0.0] and said == set()


def test_all_that_can_be_infinite_have_rules():
    assert all(table.lookup(name) is not None for name in masks.SINGULAR)


@pytest.mark.parametrize("fun", FUNCTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("x", [np.float64(0.0), np.array(0.0), np.float64(-1.5), np.array(0.5)], ids=repr)
def test_single_numbers(fun, x):
    with np.errstate(all="ignore"):
        found = adgen.grad(fun)(x)
        assert np.isfinite(found) and found == adgen.grad(fun)(np.array([x]))[0]
        dot = adgen.jvp(fun, (x,), (type(x)(1.0) if isinstance(x, np.float64) else np.array(1.0),))[1]
        assert np.isclose(dot, found, rtol=1e-14)


@pytest.mark.parametrize("fun", [log, root, cube_root, entropy], ids=lambda f: f.__name__)
def test_python_numbers(fun):
    with np.errstate(all="ignore"):
        assert adgen.grad(fun)(0.0) == 0.0
        assert adgen.grad(fun)(0.5) == adgen.grad(fun)(np.array([0.5]))[0]
