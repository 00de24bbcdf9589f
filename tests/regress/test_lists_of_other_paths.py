"""Lists that only one path of a function that calls itself makes: its backward part copied None on the others."""

import math

import numpy as np

from tests.programs.oracle import check


def program(a, b, x, z, idx, n, ps):
    if n > 1:
        return program(a * 0.7, b, x, z, idx, n - 1, ps)
    p = np.tanh(a * b)
    y = np.full(4, sum([p * q for q in ps]))
    x[:-1] = np.tanh(z[::-1][idx[-3:]])
    u = x * x[idx[2] % 4]
    v = y * a
    for i in range(2):
        u, v = v, u
        u[i] = z[2]
    return p + math.cos(b) + np.sum(u * v * v) + np.sum(y * x) + np.sum(u * z) + np.sum(v * v) + sum(ps)


def test_lists_of_a_path_that_is_not_taken():
    x, z = np.array([0.3, 0.9, 0.2, 1.1]), np.array([-0.2, 0.6, -0.5, 0.6])
    for n in (1, 2, 3):
        check(program, (0.9, 0.4, x, z, np.array([3, 2, 0, 3]), n, [0.3, 0.5]))
