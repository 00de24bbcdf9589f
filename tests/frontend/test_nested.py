"""`np.ndindex` and `np.ndenumerate`: a loop for each axis."""

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from tests.programs.oracle import check

X = np.array([0.7, 1.3, 0.4, 0.9])


def indices(x):
    """Sizes given one by one, as a shape, and starred; a `continue`."""
    m, s = np.outer(x, x), 0.0
    for i, j in np.ndindex(2, 3):
        s += m[i, j] * x[i]
    for i, j in np.ndindex(m.shape):
        if i == j:
            continue
        m[i, j] *= x[j]
    for i, j in np.ndindex(*m.shape):
        s = s * 0.9 + m[j, i]
    return s


def whole_index(x):
    """The index as one name, elements with their indices."""
    m, s = np.outer(x[:2], x), 0.0
    for at in np.ndindex(m.shape):
        s = s * 0.5 + m[at] * at[0]
    for (i, j), v in np.ndenumerate(m):
        s += v * v * x[i] * j
    for k, v in np.ndenumerate(x):
        s = s * v + x[k[0]]
    for k in np.ndindex(3):
        s += x[k] ** 2
    for (k,) in np.ndindex(x.shape):
        s += x[k] ** 2
    return s


def left_by_return(x):
    """A return leaves all loops."""
    m, n = np.outer(x, x), len(x)
    for i, j in np.ndindex(n, n):
        if m[i, j] > 1.5:
            return m[i, j] * x[i]
    return 0.0


def without_iterations(x):
    """The names keep what they were where there is no index at all."""
    i, s = 3, 0.0
    for i, _ in np.ndindex(2, 0):
        s += x[i]
    return s + x[i]


def read_afterwards(x):
    """The names keep the last index."""
    s = 0.0
    for i, j in np.ndindex(3, 2):
        s += x[i] * x[j]
    return s * x[i] * x[j]


@pytest.mark.parametrize("fun", [indices, whole_index, left_by_return, without_iterations, read_afterwards])
def test_numbers(fun):
    """Both modes against differences."""
    check(fun, (X.copy(),))


def test_break_is_refused():
    """It would leave the innermost loop alone."""

    def left(x):
        s = 0.0
        for i, _ in np.ndindex(3, 2):
            s += x[i]
            if s > 1.9:
                break
        return s

    with pytest.raises(Refusal, match="E0105"):
        adgen.grad(left)(X)
