"""Lists that a loop makes anew in each pass: their adjoints have the length of that pass's list."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.programs.oracle import check

V = np.array([0.4, 0.7, 0.2, 0.9])


def left_at_once(x, z):
    for q2 in x[1:]:
        for p4, q5 in zip(x, z):
            xs6 = [math.cos(q5) for q in x[:-1]]
            return sum(xs6)
    return np.sum(z * x) * q2 * p4


def stack(ws, x, n):
    hs = [x, 2.0 * x]
    for t in range(n):
        hs = [np.tanh(w * h + t) for w, h in zip(ws, hs)]
    return np.sum(hs[0] * hs[1])


def grow(x, n):
    xs = [x]
    for _ in range(n):
        xs = xs + [xs[-1] * x]
    return sum(xs)


def shrink(x):
    xs = [x * k for k in range(1, 6)]
    while len(xs) > 1:
        xs = [a * b for a, b in zip(xs[:-1], xs[1:])]
    return xs[0]


CASES = [(stack, ([0.3, 0.5], V, 3)), (grow, (0.7, 4)), (shrink, (0.8,)), (left_at_once, (V, V[::-1].copy()))]


@pytest.mark.parametrize(("fun", "args"), CASES)
def test_both_modes_agree_with_differences(fun, args):
    check(fun, args)


def number_or_array(x, v, n):
    if n > 1:
        y = x
    else:
        y = v
    return np.sum(y * y)


def number_and_array_in_a_list(x, v):
    xs = [x]
    xs.append(v)
    return np.sum(xs[0]) * np.sum(xs[1] * xs[0])


@pytest.mark.parametrize("args", [(1.5, V, 2), (1.5, V, 1)])
def test_a_number_and_an_array_share_a_name(args):
    check(number_or_array, args)


def test_a_number_and_an_array_share_a_list():
    check(number_and_array_in_a_list, (1.5, V))
