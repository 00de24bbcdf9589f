"""Found by differentiating the derivatives of fuzzed programs again."""

import numpy as np
import pytest

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
