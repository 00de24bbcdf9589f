"""A reverse loop over a tape keeps what its body shares with a test on the way to it: the test alone goes."""

import math

import numpy as np
import pytest

from tests.fuzz.judge import unoptimised
from tests.programs.oracle import check

X = np.array([0.1, 0.2, 0.3, 0.7])


def inner_test(a, b, x):
    for k in range(3):
        if b < 0.1 * k:
            continue
        if math.sin(b) > 0.2:
            a = a * a + math.cos(b)
    return a + np.sum(x) * a


def innermost_test(a, b, x):
    k = 0
    while k < 4:
        k += 1
        if b < 0.1 * k:
            continue
        if a < 5.0:
            if math.sin(b) > 0.2:
                a = a * a * 0.5 + math.cos(b)
    return a + np.sum(x) * a


def outer_test(a, b, x):
    for k in range(3):
        if math.sin(b) > 0.2:
            if k != 1:
                a = a * a + math.cos(b)
    return a + np.sum(x) * a


@pytest.mark.parametrize("fun", [inner_test, innermost_test, outer_test])
def test_right_at_both_levels(fun):
    for b in (0.9, 0.15):
        assert check(fun, (0.5, b, X)).wrt == ("a", "b", "x")
        with unoptimised():
            assert check(fun, (0.5, b, X)).wrt == ("a", "b", "x")
