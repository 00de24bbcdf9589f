"""Objects made anew by operators and in loops; tangents of numbers that come from mixed containers."""

import math

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs import oracle
from tests.programs.cases import collection

X = np.array([0.7, 1.3, 0.4, 0.9])
CASES, case = collection()


class Track:
    def __init__(self, v, s):
        self.v, self.s, self.h = v, s, [s]

    def put(self, k, e):
        if e > 1.25:
            self.h.append(e)
            return self.s
        self.v[k] = e * self.s
        return self.v[k]

    def __add__(self, other):
        return Track(self.v + other.v, self.s * other.s)


class Fast(Track):
    def put(self, k, e):
        return 2.0 * super().put(k, e)


@case(X)
def made_by_an_operator_then_written(x):
    o, s = Track(x * 1.0, x[1]), x[0]
    o += Track(x, x[1] * s * 0.5)
    for k in range(3):
        s += o.put(k, o.v[k] * 0.7)
    return s + o.s + np.sum(o.v * o.v) + sum(o.h)


@case(X)
def made_by_an_operator_in_a_loop(x):
    o, s = Track(x * 1.0, x[1]), x[0]
    for k in range(2):
        o += Track(x, s)
        o.h.insert(0, np.tanh(s))
        o.v[k] = s
        s += o.put(k, 0.3 * o.h[0])
    return s + o.s + np.sum(o.v * o.v) + sum(o.h)


@case(X)
def a_number_from_a_mixed_dict(x):
    n, s = x[1], 0.5 + x[3]
    q = {"v": x * 1.0, "s": x[3], 0: x[0]}
    s += (x[2] + q["s"]) * 0.5
    for _ in x[:3]:
        n = math.sin(s)
    return s + n * q["s"]


@pytest.mark.parametrize("fun, args", CASES, ids=[fun.__name__ for fun, _ in CASES])
def test_derivatives(fun, args):
    oracle.check(fun, args, directions=1)


def becomes_another_class(x):
    o, j = Fast(x * 0.5, x[1]), 0
    while True:
        if j > 2:
            break
        while j < 3:
            j += 1
            o = o + o
    return o.s + np.sum(o.v * o.v)


def becomes_another_class_in_one_loop(x):
    o, j = Fast(x * 0.5, x[1]), 0
    while j < 3:
        j += 1
        o = o + o
    return o.s + np.sum(o.v * o.v)


def a_number_becomes_a_list(x):
    o, j = x[0], 0
    while j < 3:
        j += 1
        if j == 2:
            o = [x[1], o]
        else:
            o = (o, x[0])
    return o[0]


@pytest.mark.parametrize("fun", [becomes_another_class, becomes_another_class_in_one_loop, a_number_becomes_a_list])
def test_what_is_said_in_a_pass_that_is_given_up_is_not_forgotten(fun):
    with pytest.raises(Refusal) as caught:
        oracle.check(fun, (X,))
    assert "E0112" in {one.code for one in caught.value.diagnostics}


def test_a_number_leaves_a_mixed_dict():
    def popped(x, y):
        s = x[0]
        q = {"v": y * 1.0, "s": x[3], 0: x[0]}
        q["v"], q["w"] = q["v"] * 2, q["v"][0]
        s += q.pop("w")
        return s + q["s"] * np.sum(q["v"])

    oracle.check(popped, (X, X[::-1].copy()))
