"""A dict takes over a list that is made where it is put: its adjoint has as many slots as the list had then."""

import numpy as np
import pytest

from tests.programs.oracle import check


def grown(a, x, n):
    r = {k: [x[1]] for k in range(2)}
    r[n % 2].append(a)
    return sum(r[0]) + sum(r[1]) * a


def grown_and_written(a, x, n):
    r = {k: [x[1], a * a] for k in range(2)}
    r[n % 2].append(a)
    r[1][0] *= a
    return sum(r[0]) * x[0] + sum(r[1]) * a


@pytest.mark.parametrize("program", [grown, grown_and_written])
@pytest.mark.parametrize("n", [0, 1])
def test_a_list_in_a_dict_that_grows_later(program, n):
    check(program, (0.5, np.array([0.7, 0.3]), n))
