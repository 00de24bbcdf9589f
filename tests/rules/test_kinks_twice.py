"""The kink table at order 2: Hessians where functions have no derivative, are flat, or run through zeros.

Where the second derivative exists it is exact (powers, products with zeros, sinc, variances); on a kink both sides'
conventions are differentiated as they stand: ties share, so that the tie itself has the slope of its formula.
"""

import numpy as np
import pytest

import adgen


def size(x):
    return np.sum(np.abs(x) * x)


def larger(x):
    return np.sum(np.maximum(x, 2.0 * x))


def rectified(x):
    return np.sum(np.maximum(x, 0.0) ** 2)


def clipped(x):
    return np.sum(np.clip(x, -1.0, 1.0) ** 2)


def product(x):
    return np.prod(x)


def running(x):
    return np.sum(np.cumprod(x))


def cardinal(x):
    return np.sum(np.sinc(x))


def powers(x):
    return np.sum(x ** np.array([2.0, 3.0, 4.0]))


def constant_power(x):
    return np.sum(x**2.0) + np.sum(x**3)


def variance(x):
    return np.var(x)


def masked(x):
    return np.sum(np.where(x > 0.0, np.log(x), 0.0))


def masked_root(x):
    return np.sum(np.where(x > 0.0, np.sqrt(x), 0.0))


def ordered(x):
    return np.sum(np.sort(x) ** 2)


def bessel(x):
    return np.sum(np.i0(x))


def shifted(x):
    return np.sum(np.expm1(x))


def largest(x):
    return np.max(x)


ZERO, MIXED, DOUBLE = np.zeros(3), np.array([0.0, 1.0, -1.0]), np.array([0.0, 0.0, 2.0])
SWAP = np.array([[0.0, 2.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
CENTRE = 2.0 / 3.0 * (np.eye(3) - 1.0 / 3.0)

TABLE = [
    (size, MIXED, np.diag([0.0, 2.0, -2.0])),
    (larger, ZERO, np.zeros((3, 3))),
    (rectified, MIXED, np.diag([0.5, 2.0, 0.0])),
    (clipped, np.array([-1.0, 1.0, 2.0]), np.diag([2.0, 2.0, 0.0])),
    (product, DOUBLE, SWAP),
    (product, ZERO, np.zeros((3, 3))),
    (running, DOUBLE, 1.5 * SWAP),
    (cardinal, np.array([0.0, 1.0, 2.0]), np.diag([-(np.pi**2) / 3.0, 2.0, -0.5])),
    (powers, ZERO, np.diag([2.0, 0.0, 0.0])),
    (powers, -np.ones(3), np.diag([2.0, -6.0, 12.0])),
    (constant_power, MIXED, np.diag([2.0, 8.0, -4.0])),
    (variance, np.ones(3), CENTRE),
    (masked, MIXED, np.diag([0.0, -1.0, 0.0])),
    (masked_root, MIXED, np.diag([0.0, -0.25, 0.0])),
    (ordered, np.ones(3), 2.0 * np.eye(3)),
    (bessel, ZERO, 0.5 * np.eye(3)),
    (shifted, ZERO, np.eye(3)),
    (largest, np.ones(3), np.zeros((3, 3))),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("fun", "x", "expected"), TABLE, ids=lambda value: getattr(value, "__name__", ""))
def test_hessian(fun, x, expected):
    """By forward over reverse, column by column, and by reverse over reverse."""
    product = adgen.hvp(fun)
    assert np.allclose([product(x, e) for e in np.eye(3)], expected, atol=1e-12)

    def slope(x):
        return np.sum(adgen.grad(fun)(x) * np.array([0.3, -0.7, 1.1]))

    assert np.allclose(adgen.grad(slope)(x), expected @ np.array([0.3, -0.7, 1.1]), atol=1e-12)
