"""The share of an exponential in log(1 + exp(z)), without the logarithm where nobody needs it; finite everywhere."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import adgen
from tests.programs.oracle import check

V = np.array([0.5, -1.2, 3.0])
TAILS = np.array([0.0, 800.0, -800.0, np.inf, -np.inf, -40.0, 40.0, -700.0])


def loss(z):
    return np.mean(np.logaddexp(0.0, z))


def turned(z, w):
    return np.sum(np.logaddexp(z, 0.0) * w) + np.mean(np.logaddexp(0.0, w))


def number(z):
    return 2.0 * np.logaddexp(0.0, z)


def value_is_read(z):
    y = np.logaddexp(0.0, z)
    return np.sum(y * y)


def of_another_number(z):
    return np.sum(np.logaddexp(1.0, z))


def of_two(z, w):
    return np.sum(np.logaddexp(z, w))


def share(z):
    """In 80-bit arithmetic, by the side that does not overflow."""
    z = np.asarray(z, np.longdouble)
    small = np.exp(-np.abs(z))
    return np.where(z > 0.0, 1.0, small) / (1.0 + small)


@pytest.mark.parametrize("fun", [loss, turned, number], ids=lambda f: f.__name__)
def test_no_logarithm_is_computed(fun):
    gradient = adgen.grad(fun)
    args = (0.7,) if fun is number else (V, 2.0 * V)[: fun.__code__.co_argcount]
    gradient(*args)
    assert "logaddexp(" not in gradient.source.split('"""')[2].replace("# return np.mean(np.logaddexp(0.0, z))", "")
    check(fun, args)


@pytest.mark.parametrize("fun", [value_is_read, of_another_number, of_two], ids=lambda f: f.__name__)
def test_the_logarithm_stays(fun):
    gradient = adgen.grad(fun)
    args = (V, 2.0 * V)[: fun.__code__.co_argcount]
    gradient(*args)
    assert "np.logaddexp(" in gradient.source.split("def ")[1]
    check(fun, args)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_tails_are_exact_and_raise_no_warning(dtype):
    z = TAILS.astype(dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = adgen.grad(loss)(z) * z.size
    assert found.dtype == dtype
    expected = share(z)
    tiny = np.finfo(dtype).tiny
    assert np.all(np.abs(found - expected) <= 4 * np.finfo(dtype).eps * expected + tiny)


def test_the_second_derivative_is_that_of_the_share():
    found = adgen.hessian(loss)(V)
    assert np.allclose(found, np.diag(share(V) * (1.0 - share(V))).astype(float) / 3.0, rtol=1e-12, atol=1e-16)
