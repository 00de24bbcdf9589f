"""Singular values: of matrices that may be square, with full factors; of Hermitian matrices."""

import numpy as np
import pytest

import adgen
from tests.programs.oracle import Wrong, check

RNG = np.random.default_rng(5)


def matrix(*shape, kind="f"):
    made = RNG.normal(size=shape)
    return made + 1j * RNG.normal(size=shape) if kind == "c" else made


def scaled_back(a):
    u, s, vh = np.linalg.svd(a)
    return (u * s[..., None, :] ** 2) @ vh


def absolute(a):
    u, s, vh = np.linalg.svd(a)
    return np.abs(u) ** 2 * s[..., None, :] + np.abs(vh) ** 2


def values(a):
    total = 0.0
    for k in range(2):
        _, s, _ = np.linalg.svd(a * (k + 1.0))
        total = total + np.sum(s * s * s)
    return total


def left(a):
    return np.abs(np.linalg.svd(a)[0]) ** 3


def right(a):
    return np.abs(np.linalg.svd(a).Vh) ** 3


@pytest.mark.parametrize("kind", "fc")
@pytest.mark.parametrize("lead", [(), (2,)])
def test_full_factors_of_square_matrices(lead, kind):
    for fun in (scaled_back, absolute, left, right, values):
        check(fun, [matrix(*lead, 3, 3, kind=kind)])
    check(absolute, [matrix(*lead, 1, 1, kind=kind)])


@pytest.mark.parametrize("kind", "fc")
@pytest.mark.parametrize("lead", [(), (2,)])
def test_full_factors_of_others_where_they_are_not_arbitrary(lead, kind):
    for shape, fun in (((2, 4), left), ((4, 2), right)):
        check(fun, [matrix(*lead, *shape, kind=kind)])
        check(values, [matrix(*lead, *shape, kind=kind)])


@pytest.mark.parametrize("shape, fun", [((4, 2), left), ((2, 4), right), ((3, 1), left), ((1, 3), right)])
def test_arbitrary_columns_have_no_derivative(shape, fun):
    with pytest.raises(Wrong, match="rows and columns beyond the singular values have no derivative"):
        check(fun, [matrix(*shape)])
    with pytest.raises(ValueError, match="rows and columns beyond the singular values have no derivative"):
        adgen.jvp(fun, (np.ones(shape),), (np.ones(shape),))


def second(a):
    return np.sum(absolute(a) * np.arange(9.0).reshape(3, 3))


def second_reduced(a):
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return np.sum((np.abs(u) ** 2 * s[..., None, :] + np.abs(vh) ** 2) * np.arange(9.0).reshape(3, 3))


def test_second_derivatives_of_full_factors():
    a, v = matrix(2, 3, 3)
    np.testing.assert_allclose(adgen.hvp(second)(a, v), adgen.hvp(second_reduced)(a, v), rtol=1e-9)


# of Hermitian matrices ------------------------------------------------------------------------------------------------
def hermitian(*lead, kind="f"):
    made = matrix(*lead, 3, 3, kind=kind)
    return made + np.conj(np.swapaxes(made, -1, -2))


def of_values(a):
    return np.linalg.svd(a, compute_uv=False, hermitian=True) ** 2


def of_structure(a):
    return np.linalg.svd(a, hermitian=True).S ** 2


def of_vectors(a):
    u, s, vh = np.linalg.svd(a, full_matrices=False, hermitian=True)
    return np.abs(u) ** 2 * s[..., None, :] + np.abs(vh) ** 3


def of_signs(a):
    u, _, vh = np.linalg.svd(a, hermitian=True)
    return (u @ vh * a) ** 2


def of_inverse(a):
    return np.linalg.pinv(a, hermitian=True)


def of_part(a):
    return np.linalg.pinv(a, rcond=0.3, hermitian=True)


@pytest.mark.parametrize("fun", [of_values, of_structure, of_vectors, of_signs, of_inverse, of_part])
@pytest.mark.parametrize("kind", "fc")
@pytest.mark.parametrize("lead", [(), (2,)])
def test_hermitian_matrices(fun, lead, kind):
    a = hermitian(*lead, kind=kind)
    check(fun, [a])
    check(fun, [a + np.triu(matrix(*lead, 3, 3, kind=kind), 1)])  # what is above the diagonal is not read


def total(a):
    return np.sum(of_vectors(a) * np.arange(9.0).reshape(3, 3))


def test_second_derivatives_of_hermitian_matrices():
    a, v = hermitian(), hermitian()
    h = 1e-5
    expected = (adgen.grad(total)(a + h * v) - adgen.grad(total)(a - h * v)) / (2 * h)
    np.testing.assert_allclose(adgen.hvp(total)(a, v), expected, rtol=1e-5, atol=1e-7)


def test_an_eigenvalue_of_zero():
    a = np.diag([2.0, 0.0, -1.0])
    np.testing.assert_allclose(adgen.jacobian(of_values)(a)[2], np.zeros((3, 3)), atol=1e-15)
