"""A number times something of which nothing is known carries a derivative: it must not be lost."""

import numpy as np
import pytest

import adgen
from tests.programs.oracle import check

X = np.array([1.3, 0.7, -0.4])


def element_of_a_range(x, r):
    y = float(x[0] * r[1])
    return max(y * x[1], x[2]) + np.sin(x[1] * r[0])


def test_elements_of_a_range_are_integers():
    check(element_of_a_range, (X, range(3, 9)))


def key_of_no_kind(x):
    d = {0: x[0], "n": x[1], 2: x[2]}
    ks = list(d)
    return float(x[0] * ks[2]) + x[1]


def slice_of_a_range(x, r):
    return float(x[0] * r[1:][0])


def test_what_is_of_no_kind_is_refused():
    for fun, args in ((key_of_no_kind, (X,)), (slice_of_a_range, (X, range(3, 9)))):
        with pytest.raises(adgen.Refusal, match="is not known, and the other carries a derivative"):
            adgen.grad(fun)(*args)


def sum_of_what_may_be_a_number(a, x, n):
    rows = [x * a, x]
    for _ in range(n):
        rows = [x]
        if a > 2.0:
            rows = [x, x, a]
    return sum(rows[0], a)


def extremes_of_what_may_be_a_number(a, x, n):
    rows = [x * a, x]
    for _ in range(n):
        rows = [x]
        if a > 2.0:
            rows = [x, x, a]
    return max(rows[0]) + min(rows[-1])


def test_sequences_of_no_kind_are_refused():
    """An item of a list with numbers and arrays in it was an error inside of the rules."""
    for fun in (sum_of_what_may_be_a_number, extremes_of_what_may_be_a_number):
        with pytest.raises(adgen.Refusal, match="cannot be differentiated here"):
            adgen.grad(fun)(0.7, X, 2)
