"""Arrays made of numbers that are integers on some path: refused where they are written to, right where they are read.

NumPy cuts off what is written into an array of integers: its derivative is zero on that path, one on another.
Seed 66025954 of the fuzzer: the adjoint of such an array was an array of integers, too.
"""

import numpy as np
import pytest

import adgen
from tests.programs.oracle import check

X = np.array([1.3, 2.2, 0.7])


def times_places(x, n):
    y = np.arange(3) * sum(x[k] for k in range(n))
    y[0] = x[0] * 0.5
    return np.sum(y)


def times_largest(x, n):
    y = np.arange(3) * max([x[k] for k in range(n)], default=0)
    y[0] = x[0] * 0.5
    return np.sum(y)


def rounded(x, n):
    y = np.full(3, round(x[0]) if n == 0 else x[0])
    y[0] = x[0] * 0.5
    return np.sum(y)


def of_two_kinds(x, n):
    y = np.ones(2) if n else np.zeros(3, dtype=int)
    y[0] = x[0] * 0.5
    return np.sum(y)


def like_another(x, n):
    s = 0
    while n > 0:
        s = s * x[0] + x[1]
        n -= 1
    y = np.full_like(s * np.arange(3), 0)
    y[0] = x[0] * 0.5
    return np.sum(y)


def from_the_last_pass(x, n):
    s, total = 0, 0.0
    for k in range(n):
        y = np.full(3, s)
        y[0] = x[k] * 0.5
        total = total + y[0]
        s = s + x[k]
    return total


WRITTEN = [times_places, times_largest, rounded, of_two_kinds, like_another, from_the_last_pass]


@pytest.mark.parametrize("f", WRITTEN)
def test_what_is_written_into_them_is_refused(f):
    for derivative in (adgen.grad(f), lambda x, n: adgen.jvp(f, (x, n), (x, None))):
        with pytest.raises(adgen.AdgenError, match="E0112.*an array changes its kind"):
            derivative(X, 2)


def read_twice(x, n):
    y = np.full(3, sum(x[k] * 0.3 for k in range(n)))
    u = x * 2.0
    return np.sum(y * u) + np.sum(y * x) + np.sum(y * y)


def dotted(y, x):
    if x[0] > 100.0:
        return np.sum(x)
    return np.sum(y * x) + np.sum(y * y * x) + np.sum(np.sin(y))


def read_in_a_callee(x, n):
    s = 0
    for k in range(n):
        s = s + x[k]
    y = np.array([s, s, s])
    return dotted(y, x) + dotted(y * 2, x * y)


def read_in_a_loop(x, n):
    s = 0
    for k in range(n):
        s = s + x[k]
    y = np.array([s, s, s])
    total = 0.0
    for k in range(3):
        total = total + np.sum(y * x) * x[k]
    return total


@pytest.mark.parametrize("n", [0, 2])
@pytest.mark.parametrize("f", [read_twice, read_in_a_callee, read_in_a_loop])
def test_what_is_read_of_them_has_real_adjoints(f, n):
    check(f, (X, n))


def handed_back(x, n):
    s = 0
    for k in range(n):
        s = s + x[k]
    return np.sum(x * x), np.full(3, s), s


@pytest.mark.parametrize("n", [0, 2])
def test_what_is_returned_of_them_takes_no_cotangent(n):
    """Seed 67101438: the pullback expected one for the array."""
    check(handed_back, (X, n))
    if n == 0:
        assert np.array_equal(adgen.vjp(handed_back, X, 0)[1]((1.0, None, None))[0], 2.0 * X)
        rows = adgen.jacrev(handed_back)(X, 0)
        assert np.array_equal(rows[0], 2.0 * X) and rows[1] is None and rows[2] is None


def complex_and_whole(x, n):
    """Seeds 67002834 and 67005778: the adjoint of a complex array was real."""
    c = x * (1.0 + 0.5j) + sum(x[k] * 0.3 for k in range(n))
    c[1:] *= c[:-1]
    return np.sum(c.real * c.imag) + np.sum(np.abs(c))


@pytest.mark.parametrize("n", [0, 2])
def test_complex_arrays_have_complex_adjoints(n):
    check(complex_and_whole, (X, n))
