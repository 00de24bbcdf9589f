"""An array in a list or dict changes as a whole, by a function that calls itself or by `op=`: it stays the same one.

touch(hs[0], 1)             hs[0][...] = out            not `hs[0] = out`: other names have the array, and views of it
"""

import numpy as np
import pytest

from adgen import pipeline
from tests.programs import oracle

X = np.array([1.7, 0.3, 0.4, 0.9])


def touch(u, k):
    u[0] = u[1] * 0.7
    if k > 0:
        touch(u, k - 1)


def halves(u, k):
    if k > 0:
        u *= 0.5
        return halves(u, k - 1) + u[0]
    return u[1]


def scale(h, c):
    h *= c
    h /= 1.0 + c
    h -= c * h


def named(x):
    hs = [x * (k + 1.0) for k in range(2)]
    y = hs[0]
    touch(hs[0], 1)
    return np.sum(y * x) + np.sum(hs[0] * x)


def chosen(x):
    hs = [x * (k + 1.0) for k in range(2)]
    y = hs[0]
    if np.sum(y) > 0.1:
        y = hs[0]
    touch(hs[0], 1)
    return np.sum(y * x) + np.sum(hs[0] * x)


def viewed(x):
    hs = [x * (k + 1.0) for k in range(2)]
    v = hs[-1][1:]
    r = halves(hs[-1], 2)
    return np.sum(v * x[1:]) + np.sum(hs[-1] * x) + r


def in_dict(x):
    d = {}
    for k in range(2):
        d[k] = x * (k + 1.0)
    y = d[1]
    v = d[1][1:]
    touch(d[1], 1)
    return np.sum(y * x) + np.sum(d[1] * x) + np.sum(v * x[1:])


def in_list_of_lists(x):
    hs = [[x * (k + 1.0) for k in range(3)] for j in range(2)]
    y = hs[1][0]
    v = hs[1][0][1:]
    hs[1][0] /= x[1]
    touch(hs[1][0], 1)
    return np.sum(hs[1][0] * x) + np.sum(v * x[1:]) + np.sum(y)


def complex_numbers(x):
    hs = [x * (k + 1.0j) for k in range(2)]
    y = hs[0]
    v = hs[0][1:]
    hs[0] *= x[0]
    hs[0] += x * 1j
    hs[0] -= hs[0] * x
    hs[0] /= x[1] + 1j
    return np.sum(hs[0].imag * x) + np.sum(v.real * x[1:]) + np.sum(y.imag)


def by_function(x):
    hs = [x * (k + 1.0) for k in range(3)]
    y = hs[1]
    v = hs[1][1:]
    scale(hs[1], x[0])
    scale(hs[1], x)
    return np.sum(hs[1] * x) + np.sum(v * x[1:]) + np.sum(y)


def by_function_in_dict(x):
    d = {}
    for k in range(2):
        d[k] = x * (k + 1.0)
    y = d[1]
    v = d[1][1:]
    scale(d[1], x[0])
    return np.sum(d[1] * x) + np.sum(v * x[1:]) + np.sum(y)


PROGRAMS = [named, chosen, viewed, in_dict, in_list_of_lists, complex_numbers, by_function, by_function_in_dict]


@pytest.mark.parametrize("optimised", [True, False], ids=["optimised", "plain"])
@pytest.mark.parametrize("fun", PROGRAMS, ids=lambda fun: fun.__name__)
def test_other_names_see_the_change(fun, optimised, monkeypatch):
    if not optimised:
        monkeypatch.setattr(pipeline, "PASSES", [row for row in pipeline.PASSES if row.name == "dead_code"])
    oracle.check(fun, (X.copy(),))


@pytest.mark.parametrize("optimised", [True, False], ids=["optimised", "plain"])
def test_a_list_of_the_caller_is_left_alone(optimised, monkeypatch):
    def f(x, hs):
        y = hs[0]
        v = hs[0][1:]
        touch(hs[0], 1)
        hs[0] /= x[0]
        return np.sum(hs[0] * x) + np.sum(v * x[1:]) + np.sum(y)

    if not optimised:
        monkeypatch.setattr(pipeline, "PASSES", [row for row in pipeline.PASSES if row.name == "dead_code"])
    oracle.check(f, (X.copy(), [X * 1.1, X * 0.9]))
