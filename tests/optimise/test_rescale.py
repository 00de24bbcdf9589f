"""A slot that is increased by a multiple of what it held is scaled, where nothing reads the memory between."""

import numpy as np
import pytest

import adgen
from tests.programs.oracle import check


def neighbours(u, c, n):
    v = u.copy()
    for _ in range(n):
        v[1:-1] = v[1:-1] + c * (v[2:] - 2.0 * v[1:-1] + v[:-2])
    return np.sum(v * v)


def two_rates(u, c, n):
    v = u.copy()
    for _ in range(n):
        v[1:-1] = v[1:-1] + c * c * (v[2:] - 2.0 * v[1:-1] + v[:-2]) - c * v[1:-1]
    return np.sum(v * v)


def rows(m, c, n):
    v = m.copy()
    for _ in range(n):
        v[1:-1] += c * (v[2:] - 3.0 * v[1:-1] + v[:-2])
        v[:, 1:-1] -= c * (v[:, 2:] + v[:, 1:-1])
    return np.sum(v**3)


def halves(u, c, n):
    v = u.copy()
    for _ in range(n):
        v[1:-1] += 0.5 * (v[2:] - v[1:-1])
    return np.sum(v * v) * c


def read_after_the_first_store(u, c, n):
    v = u.copy()
    w = np.zeros(u.size)
    for _ in range(n):
        v[1:-1] = v[1:-1] + c * (v[2:] - 2.0 * v[1:-1] * v[:-2])
        w[1:] += v[:-1] * c
        v[:-1] = v[:-1] * w[1:]
    return np.sum(v * v) + np.sum(w)


def by_arrays(u, c, n):
    v = u.copy()
    k = c * u[1:-1]
    for _ in range(n):
        v[1:-1] = v[1:-1] + k * (v[2:] - 2.0 * v[1:-1] + v[:-2])
    return np.sum(v * v)


def of_single_places(u, c, n):
    v = u.copy()
    for i in range(1, n):
        v[i] = v[i] + c * (v[i + 1] - 2.0 * v[i] + v[i - 1])
    return np.sum(v * v)


def by_a_number_that_the_pass_changes(u, c, n):
    v = u.copy()
    r = c
    for k in range(n):
        v[1:-1] = v[1:-1] + r * (v[2:] - 2.0 * v[1:-1] + v[:-2])
        r = r * (1.0 - 0.1 * k) + v[0] * 0.01
    return np.sum(v * v)


U = np.linspace(0.3, 1.4, 9) ** 2
SCALED = [neighbours, halves, by_a_number_that_the_pass_changes]
LEFT = [two_rates, read_after_the_first_store, by_arrays, of_single_places]


@pytest.mark.parametrize("program", [*SCALED, *LEFT], ids=lambda f: f.__name__)
@pytest.mark.parametrize("u", [U, U.astype(np.float32)], ids=["double", "single"])
def test_the_gradient_is_right(program, u):
    if u.dtype == np.float64:
        check(program, (u, 0.2, 4))
    else:
        found = adgen.grad(program)(u, 0.2, 4)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, adgen.grad(program)(U, 0.2, 4), rtol=2e-5, atol=2e-5)


def test_the_gradient_of_rows_is_right():
    check(rows, (np.outer(U[:5], U[:6]), 0.1, 3))


@pytest.mark.parametrize("program", SCALED, ids=lambda f: f.__name__)
def test_the_slot_is_scaled(program):
    derivative = adgen.grad(program)
    derivative(U, 0.2, 4)
    assert "v_bar[1:-1] *= " in derivative.source, derivative.source
    assert "v_bar[1:-1] -= " not in derivative.source


def test_the_number_is_one_and_the_multiple():
    derivative = adgen.grad(neighbours)
    derivative(U, 0.2, 4)
    assert "v_bar[1:-1] *= 1.0 - 2.0 * c\n" in derivative.source


def test_increments_by_arrays_stay():
    derivative = adgen.grad(by_arrays)
    derivative(U, 0.2, 4)
    assert " *= " not in derivative.source.replace("**=", ""), derivative.source
