"""np.pad by widths that are computed."""

import numpy as np
import pytest

from tests.programs.oracle import check

X, M = np.array([0.3, -0.7, 1.1, 0.2]), np.arange(6.0).reshape(2, 3) * 0.3 - 0.5
K = np.array([[1, 2], [0, 3]])


def to_a_multiple(x, n):
    blocks = np.pad(x, (0, -len(x) % n)).reshape(-1, n)
    return np.sum(blocks, axis=0) ** 2


def named(x, n):
    widths = (n, 1)
    return np.pad(x, widths) ** 2


def nested(m, n):
    return np.pad(m, ((0, n), (n, 1))) ** 2


def one_pair(m, n):
    return np.pad(m, ((1, n),)) ** 2


def by_shape(m, n):
    k = m.shape[0]
    return np.pad(m, ((k, k), (n, 0)), constant_values=0.5) ** 2


def with_a_number(m, n):
    return np.pad(m, (n, 1), constant_values=m[0, 0]) ** 2


def in_a_loop(x, n):
    total, line = 0.0, x
    for k in range(n):
        if k != 1:
            line = np.pad(line * line, (k, n))
        total = total + np.sum(line**3)
    return total


def by_array(m, k):
    return np.pad(m, k) ** 2


@pytest.mark.parametrize(
    "fun, args",
    [(to_a_multiple, (X, 3)), (named, (X, 2)), (named, (X, 0)), (nested, (M, 2)), (nested, (M, 0)), (one_pair, (M, 2))]
    + [(by_shape, (M, 1)), (with_a_number, (M, 2)), (in_a_loop, (X, 3)), (by_array, (M, K))],
)
def test_computed_widths(fun, args):
    check(fun, args)
