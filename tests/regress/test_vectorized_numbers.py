"""`np.vectorize` where single precision is about: refused, for its elements are Python's numbers (seed 67311137).

NumPy asks the first element, one of its own numbers, for the dtype of the result; what it computes with are numbers of
Python, which next to single precision are of single precision.
"""

import numpy as np
import pytest

import adgen
from tests.programs.oracle import check

X = np.array([1.04, 0.96, 0.86])
S = X.astype(np.float32)
scaled = np.vectorize(lambda q, w: q * np.float32(w))


def beside_single(a, m):
    g = np.vectorize(lambda q: q * m[0] + 0.1)
    return np.sum(g(a))


def made_single(a, m):
    return np.sum(scaled(m * a, a))


@pytest.mark.parametrize("f, m", [(beside_single, S), (made_single, S), (made_single, X)])
def test_single_precision_is_refused(f, m):
    with pytest.raises(adgen.AdgenError, match="`np.vectorize of float32` cannot be called like this"):
        adgen.grad(f)(0.8, m)


def test_double_precision_is_right():
    check(beside_single, (0.8, X))
