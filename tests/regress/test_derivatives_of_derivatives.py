"""Found by differentiating the derivatives of fuzzed programs again."""

import numpy as np
import pytest

import adgen
from tests.programs.oracle import check


def a_list_of_some_paths(x):
    flag = x[0] > 0.5
    if flag:
        saved = []
        for q in x:
            saved.append(q * q)
    y = x * x
    if flag:
        for _k in range(3):
            y = y * saved.pop()
    return y


def numbers_of_python_and_of_numpy(x):
    r = [(0.0, np.float64(0.0)) for _k in range(3)]
    p, q = r[2]
    r[2] = (p, q + x[0])
    p, q = r[0]
    r[0] = (p + x[1], q)
    for k in range(2, -1, -1):
        x = x * r[k][1] + r[k][0]
    return x


@pytest.mark.parametrize("x", [np.array([1.0, 2.0, 3.0]), np.array([0.1, 2.0, 3.0])], ids=["taken", "not taken"])
def test_a_list_that_some_paths_make_is_told_from_what_stands_for_it(x):
    check(a_list_of_some_paths, (x,))


def test_a_copy_of_a_number_that_may_be_one_of_python(x=np.array([1.0, 2.0, 3.0])):
    check(numbers_of_python_and_of_numpy, (x,))


def fades(p, k):
    return p * 0.5 if k == 0 else fades(p * p * 0.8, k - 1)


def of_an_array_without_axes(x, z):
    return fades(x * x, 2) * z[None][0] ** 3


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", [np.array, lambda z, dtype: dtype(z)], ids=["array", "number"])
def test_a_function_that_calls_itself_beside_an_array_without_axes(kind, dtype):
    z = kind(1.5, dtype=dtype)
    inner = adgen.grad(of_an_array_without_axes, (0, 1))
    found = inner(1.1, z)[1]
    second = adgen.jvp(inner, (1.1, z), (0.0, np.ones_like(z)))[1][1]
    np.testing.assert_allclose(found, 3.0 * fades(1.21, 2) * 1.5**2, rtol=1e-6)
    np.testing.assert_allclose(second, 6.0 * fades(1.21, 2) * 1.5, rtol=1e-6)
    assert np.asarray(second).dtype == dtype and np.shape(second) == ()


def a_root_in_two_masks(x):
    root = np.sqrt(x)
    return np.sum(np.where(x > 0.0, root * x, 0.0) + np.where(x > 0.0, root**3, 1.0))


def a_masked_root(x):
    return np.sum(np.where(x > 0.0, np.sqrt(x), x) ** 5)


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_singular_value_in_several_masked_terms():
    """The sum of adjoints that one mask makes zeros is masked by it: was nan."""
    x = np.array([0.5, 1.0, 0.0])
    np.testing.assert_allclose(adgen.grad(a_root_in_two_masks)(x), 3.0 * np.sqrt(x), rtol=1e-14)
    second = adgen.vjp(adgen.grad(a_masked_root), x)[1](np.ones(3))[0]
    np.testing.assert_allclose(second, 3.75 * np.sqrt(x), rtol=1e-14)


@pytest.mark.parametrize("x", [1.5, np.float64(1.5), np.float32(1.5), np.array(1.5)], ids=["py", "f8", "f4", "0-d"])
def test_transposes_and_conjugates_of_numbers(x):
    for f in (lambda a: np.asarray(a).T * a, lambda a: a.conjugate() * a):
        check(f, (x,))


def test_the_last_step_may_be_a_transpose_of_a_number():
    check(lambda v: np.sum(v).T, (np.array([1.5, 0.5]),))
