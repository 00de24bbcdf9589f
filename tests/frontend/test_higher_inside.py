"""`adgen.hvp`, `adgen.jacobian`, `adgen.hessian` inside functions that are differentiated themselves."""

import numpy as np
import pytest

import adgen
from adgen import value_and_grad as grad  # another name than its own
from tests.programs.oracle import check

X, D = np.array([1.0, 2.0, 0.5]), np.array([0.3, 0.1, 0.7])


def cubes(a):
    return np.sum(a**3) + a[0] * a[1] * a[2]


def field(a, t):
    return np.stack([a[0] * a[1], np.sin(a[1] * t), a[2] ** 2 * a[0], t * a[2]])


PRODUCT = adgen.hvp(cubes)
CURVATURE = adgen.hessian(cubes)


def product(a, d):
    return np.sum(adgen.hvp(cubes)(a, d) * a)


def product_at_module_level(a, d):
    return np.sum(PRODUCT(a, d * d) * a)


def by_two(a, d):
    u, v = adgen.hvp(lambda p, q: np.sum(p**2 * q), (0, 1))(a, d, (d, a * d))
    return np.sum(u * v)


def by_the_second(a, d):
    return np.sum(adgen.hvp(lambda p, q: np.sum(p * q**3), 1)(a, d, a * d))


def matrix_of_derivatives(a, d):
    return np.sum(adgen.jacobian(field)(a, d[0]) @ d)


def by_time(a, d):
    return np.sum(adgen.jacobian(field, 1)(a, d[0]) * np.arange(4.0))


def by_both(a, d):
    by_a, by_t = adgen.jacfwd(field, argnums=(0, 1))(a, d[1])
    return np.sum(by_a.T @ by_t)


def of_a_number(a, d):
    return adgen.jacrev(lambda t: t * np.exp(-t * d[0]))(a[1]) + adgen.jacobian(lambda t: t**3)(2.0) * a[0]


def by_a_matrix(a, d):
    j = adgen.jacfwd(lambda m: m @ m @ d)(np.outer(a, d))
    return np.sum(j[:, 1, :] * j[:, :, 2]) + j[0, 1, 2]


def laplacian(a, d):
    return np.trace(adgen.hessian(lambda p: np.exp(-np.sum(p * p * d)))(a)) + np.sum(CURVATURE(a) @ d)


def newton(a, d):
    y = a
    for _ in range(3):
        y = y - np.linalg.solve(adgen.jacobian(lambda p: p**3 + p - d)(y), y**3 + y - d)
    return np.sum(y * d)


def confusion(a, d):
    """The inner perturbation is not the outer one: d/dx (x * d/dy (x + y)) = 1."""
    return np.sum(a * adgen.jacobian(lambda t: a[0] + t)(d[0]))


def in_a_loop_with_stores(a, d):
    y = a * 1.0
    for k in range(3):
        y[k] = np.sum(adgen.hvp(lambda p: np.sum(p**3 * y[k]))(a, d))
    return np.sum(y * y)


def renamed(a, d):
    value, slope = grad(lambda p: np.sum(p**3 * d))(a)
    return value * np.sum(slope)


EVERY = [product, product_at_module_level, by_two, by_the_second, matrix_of_derivatives, by_time, by_both, of_a_number]
EVERY += [by_a_matrix, laplacian, newton, confusion, in_a_loop_with_stores, renamed]


@pytest.mark.parametrize("f", EVERY)
def test_is_differentiated(f):
    check(f, (X, D))


def test_they_are_what_they_are_outside():
    def inside(a):
        return adgen.jacobian(cubes)(a), adgen.hessian(cubes)(a), adgen.hvp(cubes)(a, D)

    found, _ = adgen.jvp(inside, (X,), (D,))
    expected = adgen.jacobian(cubes)(X), adgen.hessian(cubes)(X), adgen.hvp(cubes)(X, D)
    for one, two in zip(found, expected, strict=True):
        assert one.shape == two.shape
        np.testing.assert_allclose(one, two, rtol=1e-13)


def test_single_precision():
    def inside(a):
        return np.sum(adgen.jacobian(lambda p: p**2)(a) @ a)

    found = adgen.grad(inside)(X.astype(np.float32))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, 4.0 * X, rtol=1e-5)


def pulled(a, d):
    return np.sum(adgen.vjp(cubes, a)[1](1.0)[0] * d)


def of_a_product(a, d):
    return np.sum(adgen.grad(adgen.hvp(cubes))(a, d))


def wrong_vector(a, d):
    return np.sum(adgen.hvp(cubes)(a, d[:2] * 1.0, d))


def named(a, d):
    return np.sum(adgen.hvp(cubes)(a=a, v=d))


REFUSED = {
    pulled: "pullback",
    of_a_product: "give it a function that calls it",
    wrong_vector: "cubes",
    named: "position",
}


@pytest.mark.parametrize("f", REFUSED)
def test_is_refused(f):
    with pytest.raises(adgen.AdgenError, match=REFUSED[f]) as caught:
        adgen.grad(f)(X, D)
    assert "test_higher_inside.py" in str(caught.value)


def of_a_part(a, d):
    v = np.concatenate((a[1:], d[:1]))
    w = d[d > -9.0]
    return np.sum(adgen.hvp(cubes)(a, v) * w) + np.sum(adgen.jvp(lambda p: p**3, (a,), (w,))[1])


def test_sizes_that_types_do_not_tell_are_compared():
    check(of_a_part, (X, D))
    with pytest.raises(AssertionError, match="`p` has another shape"):
        adgen.grad(lambda a, d: np.sum(adgen.jvp(lambda p: p**3, (a,), (d[d > 0.2],))[1]))(X, D)


def test_what_is_called_inside_a_function_is_differentiated_from_outside():
    with pytest.raises(adgen.AdgenError, match=r"a function that calls it can: `lambda x: adgen.hessian\(f\)\(x\)`"):
        adgen.jacobian(adgen.hessian(cubes))(X)
    assert adgen.jacobian(lambda a: adgen.hessian(cubes)(a))(X)[0, 0, 0] == 6.0
