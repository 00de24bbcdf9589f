"""`np.put` with every mode, and `np.fill_diagonal` that begins anew below a tall matrix's square."""

import numpy as np
import pytest

from tests.programs.oracle import check

V = np.array([0.3, -0.7, 1.1, 0.4])


def clipped(x):
    y = x * 1.0
    np.put(y, [1, 7, -9], x[:3] * 2.0, mode="clip")
    return np.sum(y**2)


def wrapped(x):
    y = x * 1.0
    np.put(y, [1, 7, -9], x[:2] * x[1], mode="wrap")
    return np.sum(y**2)


def wrapped_in_a_matrix(x):
    y = np.outer(x, x[:3])
    np.put(y, np.array([13, 25, -2]), x[:3] ** 2, mode="wrap")
    return np.sum(y**2)


def one_place(x):
    y = x * 1.0
    y.put(17, x[0] * x[1], mode="clip")
    return np.sum(y**2)


def tall(x):
    y = np.outer(np.arange(9.0), x[:3])
    np.fill_diagonal(y, x[0] ** 2, wrap=True)
    return np.sum(y**2)


def tall_from_an_array(x):
    y = np.outer(np.arange(9.0), x[:3])
    np.fill_diagonal(y, x**2, wrap=True)
    return np.sum(y**2)


def wide(x):
    y = np.outer(x[:2], x)
    np.fill_diagonal(y, x[0] ** 3, wrap=True)
    return np.sum(y**2)


def cube(x):
    y = np.ones((3, 3, 3)) * x[:3]
    np.fill_diagonal(y, x[3] ** 3, wrap=True)
    return np.sum(y**2)


PROGRAMS = [clipped, wrapped, wrapped_in_a_matrix, one_place, tall, tall_from_an_array, wide, cube]


@pytest.mark.parametrize("f", PROGRAMS)
def test_is_differentiated(f):
    check(f, (V,))
