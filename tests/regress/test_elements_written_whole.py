"""All of an array in a list is written, `hs[-1][...] = e`, while a view of it is read: the array stays the same one."""

import numpy as np
import pytest

from tests.programs import oracle, rankless

X = np.array([1.7, 0.3, 0.4])


def ordered(x):
    hs = []
    hs.append(x * 2.0)
    v = hs[-1][1:]
    v[...] = x[:2]
    v[:0:-1] *= v[:1]
    hs[-1].sort()
    return np.sum(hs[-1] * x) + np.sum(v * x[:2])


def assigned(x):
    hs = []
    hs.append(x * 2.0)
    v = hs[-1][1:]
    hs[-1][...] = x * x
    return np.sum(hs[-1] * x) + np.sum(v * x[:2])


def filled(x):
    hs = []
    hs.append(x * 2.0)
    v = hs[-1][1:]
    hs[-1].fill(x[0])
    return np.sum(hs[-1] * x) + np.sum(v * x[:2])


def divided(x):
    hs = []
    hs.append(x * 2.0)
    v = hs[-1][1:]
    hs[-1] /= x[0]
    hs[-1][...] /= x[1]
    return np.sum(hs[-1] * x) + np.sum(v * x[:2])


def out(x):
    hs = []
    hs.append(x * 2.0)
    v = hs[-1][1:]
    np.multiply(x, x[0], out=hs[-1])
    np.copyto(hs[0], hs[-1] * x)
    return np.sum(hs[-1] * x) + np.sum(v * x[:2])


def run_over(x):
    hs = []
    for k in range(3):
        hs.append(x * (k + 1.0))
    v = hs[1][1:]
    for h in hs:
        h[...] = np.sin(h) * x[0]
    return np.sum(hs[1] * x) + np.sum(v * x[:2])


def passed(x):
    def halve(h):
        h[...] = h / 2.0

    hs = []
    for k in range(3):
        hs.append(x * (k + 1.0))
    v = hs[1][1:]
    halve(hs[1])
    return np.sum(hs[1] * x) + np.sum(v * x[:2])


@pytest.mark.parametrize(
    "fun", [ordered, assigned, filled, divided, out, run_over, passed], ids=lambda fun: fun.__name__
)
def test_the_view_sees_what_is_written(fun):
    oracle.check(fun, (X.copy(),))


def given(x):
    y = np.full((), 2.0)
    z = np.array(y, copy=True)
    w = np.array(x, copy=None)
    z += x[0]
    y *= x[1]
    return y * z * w[2]


def picked(x):
    k = np.array(1)
    m = np.outer(x, x)
    v = m[k]
    v[0] = x[0]
    return np.sum(m)


@pytest.mark.parametrize(
    "fun", [given, picked, rankless.transposed_written, rankless.nonlocal_name], ids=lambda fun: fun.__name__
)
def test_whose_memory_it_is(fun):
    oracle.check(fun, (X.copy(),))
