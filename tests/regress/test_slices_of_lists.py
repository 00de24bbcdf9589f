"""A slice of a list keeps its elements when the list is written to afterwards: its adjoint has slots of its own."""

import numpy as np
import pytest

from tests.programs import oracle

V = np.array([1.2, 0.3, -0.4, 0.8])


def copied_then_written(x):
    xs = [x[0] * 2.0, x[1] * 3.0]
    for k in range(2):
        xs[k] = xs[k] * x[2]
    ys = xs[:]
    xs[0] = 5.0 * x[3]
    return ys[0] * sum(xs)


def tail_then_written(x):
    xs = []
    for v in x:
        xs.append(v * v)
    ys = xs[1:]
    xs[1] = 5.0 * x[3]
    xs.append(x[0])
    return ys[0] * sum(xs) + sum(ys)


def head_then_popped(x):
    xs = [v * v for v in x]
    ys = xs[:3]
    last = xs.pop()
    xs[2] = last * x[0]
    return ys[2] * xs[2] + ys[0]


def inner_list_then_written(x):
    xs = [[v * v] for v in x]
    ys = xs[1][:]
    xs[1][0] = 5.0 * x[3]
    return ys[0] * xs[1][0]


@pytest.mark.parametrize("fun", [copied_then_written, tail_then_written, head_then_popped, inner_list_then_written])
def test_a_slice_is_not_the_list(fun):
    assert oracle.check(fun, (V,)).disagreed == 0
