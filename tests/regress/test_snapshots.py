"""An element of an array of unknown rank: a number does not change when the array does, a row of a matrix does."""

from __future__ import annotations

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs.oracle import check

X = np.array([0.9, 0.7, 0.3, 0.2])


def unknown(a, x, n):
    factor = x[1]
    if n > 1:
        factor = x * a
    return x * factor


def kept(a, x, n):
    u = unknown(a, x, n)
    t = u[3]
    u[3] = a
    return t * u[0] * u[3]


def swapped(a, x, n):
    u = unknown(a, x, n)
    u[3], u[0] = u[0], u[3]
    return np.sum(u * x)


def in_a_list(a, x, n):
    u = unknown(a, x, n)
    t = [u[3], u[1]]
    u[3] *= a
    return t[0] * u[0] * u[3]


def in_a_loop(a, x, n):
    u = unknown(a, x, n)
    t = u[0]
    total = 0.0
    for k in range(n):
        total = total + t * u[k]
        u[0] = a
    return total


def used_at_once(a, x, n):
    u = unknown(a, x, n)
    total = u[3] * a
    for k in range(3):
        u[k + 1] = u[k] * a + u[k + 1]
        total = total + u[k + 1] * x[k]
    return total * u[0]


def parts(a, x, n):
    u = unknown(a, x, n)
    t = u[2:]
    u[3] = a
    return np.sum(t) * u[0]


@pytest.mark.parametrize("fun", [kept, swapped, in_a_list, in_a_loop])
def test_what_is_used_after_a_write_is_refused(fun):
    with pytest.raises(Refusal, match="may be a number or a part of the array|may reach two names"):
        check(fun, (0.8, X, 2))


@pytest.mark.parametrize("fun", [used_at_once, parts])
@pytest.mark.parametrize("n", [0, 2])
def test_what_is_used_at_once_is_right(fun, n):
    check(fun, (0.8, X, n))


def integers_among_items(a, x):
    """The tangent of an integer in a list of numbers was None."""
    total = sum(v * x[-1] for v in {"p": 0, "r": np.mean(x)}.values())
    return total * a + max(v * a for v in (3, x[0])) + sum(u * v for u, v in zip([a, 2], [1.0, a], strict=True))


def test_integers_vary_by_nothing():
    check(integers_among_items, (0.8, X))
