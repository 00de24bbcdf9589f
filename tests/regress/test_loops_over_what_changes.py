"""A loop runs over an array that a name in it stands for at first, is written to, and stands for another one later.

What the loop takes next is what the first write left (was: the array as it had been, silently).
"""

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs.oracle import check

X = np.array([0.3, 0.5, 0.7])


def rebound(x, b):
    y = x * 2.0
    for q in y:
        y[:] -= x
        y = (y + x * b) * q
    return np.sum(y)


def zipped(x, b):
    y = x * 2.0
    s = 0.0
    for k, (q, r) in enumerate(zip(y, x)):
        y[k] -= b
        s += q * r
        if k == 1:
            y = y * b
    return np.sum(y) + s


def backwards(x, b):
    y = np.array(x)
    s = 0.0
    for q in reversed(y):
        y += b
        s += q
        y = y * 1.5
    return np.sum(y) + s


def inside(x, b):
    y = x * 2.0
    s = 0.0
    for q in y:
        for k in range(2):
            y[2 - k] -= b * q
            y = y * 0.5
        s += q
    return np.sum(y) + s


def of_a_row(x, b):
    m = np.outer(x, x)
    s = 0.0
    for row in m:
        m[0] += b
        m = m * row[0]
        s += row[1]
    return np.sum(m) + s


@pytest.mark.parametrize("fun", [rebound, zipped, backwards, inside, of_a_row])
def test_refused_where_the_loop_would_see_the_write(fun):
    with pytest.raises(Refusal) as caught:
        check(fun, (X, 0.4))
    assert caught.value.diagnostics[0].code in ("E0120", "E0122")


def copied(x, b):
    y = x * 2.0
    s = 0.0
    for q in y.copy():
        y[:] -= x * q
        y = y * b
        s += q
    return np.sum(y) + s


def written_only(x, b):
    y = x * 2.0
    s = 0.0
    for k, q in enumerate(y):
        y[(k + 1) % 3] += b * q
        s += q
    return np.sum(y) + s


def replaced_only(x, b):
    y = x * 2.0
    for q in y:
        y = y * q + b
    y[0] = b
    return np.sum(y * y)


def after_the_loop(x, b):
    y = x * 2.0
    s = 0.0
    for q in y:
        if q > 1.2:
            y = y * b
        s += q
    y[1] *= s
    return np.sum(y)


@pytest.mark.parametrize("fun", [copied, written_only, replaced_only, after_the_loop])
def test_right_where_it_does_not(fun):
    check(fun, (X, 0.4))
