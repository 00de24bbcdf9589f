"""Derivatives of determinants up to the third order: of regular, singular and nearly singular matrices."""

import numpy as np
import pytest

import adgen

RNG = np.random.default_rng(11)


def det(a):
    return np.linalg.det(a)


def product(a, b):
    return np.linalg.det(a + 1j * b).real


def expanded(a):
    """Laplace's expansion, whose derivatives are those of products: slow, and exact at every matrix."""
    if len(a) == 1:
        return a[0, 0]
    total, sign = 0.0, 1.0
    for k in range(len(a)):
        minor = np.concatenate((a[1:, :k], a[1:, k + 1 :]), axis=1)
        total, sign = total + sign * a[0, k] * expanded(minor), -sign
    return total


def second(a, d, e):
    return np.sum(adgen.jvp(adgen.grad(det), (a,), (d,))[1] * e)


def second_expanded(a, d, e):
    return np.sum(adgen.jvp(adgen.grad(expanded), (a,), (d,))[1] * e)


def matrices():
    regular = RNG.normal(size=(4, 4))
    low = regular.copy()
    low[3] = low[0] - 2.0 * low[1]
    lower = np.outer(regular[0], regular[1]) + np.outer(regular[2], regular[3])
    yield from (regular, low, lower, np.outer(regular[0], regular[1]), np.zeros((4, 4)), 1e-3 * regular)
    yield from (low + 10.0**-k * regular for k in (3, 6, 9, 12, 15))


@pytest.mark.parametrize("a", list(matrices()))
def test_every_order(a):
    given = {"rtol": 1e-9, "atol": 1e-9 * np.max(np.abs(a)) ** 2}
    d, e = RNG.normal(size=(2, 4, 4))
    np.testing.assert_allclose(adgen.grad(det)(a), adgen.grad(expanded)(a), **given)
    np.testing.assert_allclose(adgen.hvp(det)(a, d), adgen.hvp(expanded)(a, d), **given)
    found, expected = second(a, d, e), second_expanded(a, d, e)
    np.testing.assert_allclose(found, expected, **given)
    for one, two in zip(adgen.grad(second, (0, 1))(a, d, e), adgen.grad(second_expanded, (0, 1))(a, d, e), strict=True):
        np.testing.assert_allclose(one, two, **given)
    found, expected = (adgen.jvp(f, (a, d, e), (e, None, None))[1] for f in (second, second_expanded))
    np.testing.assert_allclose(found, expected, **given)


def test_complex_and_singular():
    a, b, d, e = RNG.normal(size=(4, 3, 3))
    a[2], b[2] = a[0] - b[1], a[1] + b[0]  # row 2 is row 0 + i * row 1
    gradient = adgen.grad(product, (0, 1))
    h = 1e-6
    slope = (product(a + h * d, b + h * e) - product(a - h * d, b - h * e)) / (2.0 * h)
    np.testing.assert_allclose(np.vdot(gradient(a, b)[0], d) + np.vdot(gradient(a, b)[1], e), slope, rtol=1e-7)
    second = adgen.jvp(gradient, (a, b), (d, e))[1]
    for k in (0, 1):
        expected = (gradient(a + h * d, b + h * e)[k] - gradient(a - h * d, b - h * e)[k]) / (2.0 * h)
        np.testing.assert_allclose(second[k], expected, rtol=1e-6, atol=1e-8)


def test_the_fourth_is_refused():
    third = adgen.grad(lambda a: np.sum(adgen.grad(lambda b: np.sum(adgen.grad(det)(b) ** 2))(a) ** 2))
    with pytest.raises(adgen.AdgenError, match="beyond the third"):
        adgen.grad(lambda a: np.sum(third(a)))(np.eye(3))


def test_an_empty_matrix():
    assert adgen.grad(det)(np.zeros((0, 0))).shape == (0, 0)


def logarithm(a):
    return 0.5 * np.log(np.linalg.det(a @ a.T))


def test_the_logarithm_has_the_inverse():
    a = RNG.normal(size=(3, 3))
    gradient = adgen.grad(logarithm)
    np.testing.assert_allclose(gradient(a), np.linalg.inv(a).T, rtol=1e-10)
    assert "np.linalg.inv(" in gradient.source and "np.linalg.svd" not in gradient.source
