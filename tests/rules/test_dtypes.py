"""Widths of numbers: gradients and tangents have the argument's dtype, and the value that double precision gives."""

import numpy as np
import pytest

import adgen


def elementwise(x):
    return np.sum(np.sin(x) * x**2 + np.tanh(x) / (2.0 + np.cos(x)) + np.hypot(x, 1.0) + np.logaddexp(x, 0.5))


def reduced(x):
    y = x.reshape(2, 2)
    return np.max(x) * np.mean(x) + np.prod(x) + np.std(x) + np.var(y, axis=0).sum() + np.linalg.norm(x)


def picked(x):
    return np.take(x, [0, 0, 1]).sum() * np.sort(x)[0] + np.cumsum(x)[1] * np.median(x) + np.partition(x, 2)[2] ** 2


def moved(x):
    wide = np.pad(x, 1, mode="wrap") * np.append(x, [0.5, 1.5])
    return np.sum(wide) + np.sum(np.diff(x, prepend=0.25) ** 2) + np.sum(np.gradient(x) ** 2) + np.roll(x, 1) @ x


def masked(x):
    return np.sum(np.where(x > 0.0, np.log(np.abs(x)), x * x)) + np.sum(x, where=x > 0.5) * np.multiply.reduce(x)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble])
@pytest.mark.parametrize("fun", [elementwise, reduced, picked, moved, masked])
def test_every_width(fun, dtype):
    exact = np.array([0.25, 1.5, -0.75, 0.875])
    x = exact.astype(dtype)
    found, expected = adgen.grad(fun)(x), adgen.grad(fun)(exact)
    assert found.dtype == dtype and found.shape == x.shape
    assert np.allclose(found.astype(float), expected, rtol=4e-3 if dtype == np.float16 else 1e-5, atol=4e-3)
    value, dot = adgen.jvp(fun, (x,), (np.ones_like(x),))
    assert np.isclose(float(dot), np.sum(expected), rtol=1e-2 if dtype == np.float16 else 1e-5)
    assert np.asarray(value).dtype == np.asarray(dot).dtype == np.asarray(fun(x)).dtype
