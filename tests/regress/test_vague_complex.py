"""A number of single or double precision, by the path taken, is a part of a complex number (seed 66029907)."""

import numpy as np
import pytest

from tests.programs.oracle import check


def damped(p, q):
    r = np.sum(p)
    return p - r * q


def moduli(a, x, single, n):
    p = single[()] if n > 1 else x[1]
    q = damped(x, p)[0] - damped(p, a)
    return abs(complex(p, a)) + abs(complex(a * 2.0, p * a)) + abs(complex(q, x[0])) + abs(complex(x[0], q))


@pytest.mark.parametrize("n", [1, 2])
def test_both_parts_are_real(n):
    check(moduli, (0.4, np.array([0.3, 0.4]), np.array(0.3, dtype=np.float32), n))
