"""Variables of loops in loops that have no value yet, copied from one to another: nobody reads them."""

import numpy as np
import pytest

from tests.programs.oracle import check


def sought(m, p):
    for row in m:
        total = 0.1
        for q in row:
            if q > p:
                return total * q
            if q < -0.41:
                break
            if q < -0.71:
                return q
            total += q
        else:
            continue
        if total > 0.7:
            return total
    return m[0, 0]


def twice_in_a_loop(x, y):
    t = 0.0
    for _ in x:
        t = sought(np.outer(x, y), 9.0) + sought(np.outer(y, y), -9.0) * y[1]
    return t


def three_times(x, y):
    t = 0.0
    for k in range(3):
        t = t * x[k] + sought(np.outer(x, y), 9.0) + sought(np.outer(y, y), 0.5) * sought(np.outer(y, x), -9.0)
    return t


@pytest.mark.parametrize("program", [twice_in_a_loop, three_times], ids=lambda f: f.__name__)
def test_names_without_values(program):
    check(program, (np.array([0.37, 1.06, 0.47]), np.array([0.2, 0.8, -0.3])))
