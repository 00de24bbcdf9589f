"""`sorted` and `max` with a key take what a list holds: numbers of Python beside elements of arrays."""

import numpy as np

from tests.programs.oracle import check


def mixed(a, x):
    r = sorted([a, x[0], 0.3], key=lambda q: -q)
    s = max([a, x[1]], key=abs)
    t = sorted([1, a, x[2]])
    return r[0] * r[1] + s * 2.0 + t[0] * t[2]


def test_a_list_of_numbers_of_two_kinds_is_ordered():
    check(mixed, (0.5, np.array([0.4, -0.7, 2.0, 0.1])))
