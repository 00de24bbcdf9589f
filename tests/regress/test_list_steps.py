"""`xs[a:b:s] = ys` and `del xs[a:b:s]` of lists: they were refused."""

import numpy as np
import pytest

import adgen
from tests.programs.oracle import check

X = np.array([1.0, 2.0, 3.0, 4.0, 5.0])


def known(x, c):
    xs = [x[0], x[1], x[2], x[3] * c]
    xs[::2] = [c * x[4], x[0] * x[1]]
    return xs[0] * xs[1] + xs[2] * xs[3]


def of_itself(x, c):
    xs = [v * c for v in x]
    xs[::-1] = xs
    xs[1::2] = [v * v for v in xs[:2]]
    return xs[0] * 2 + xs[3] * xs[4] + xs[1]


def in_loops(x, c):
    xs = []
    for k in range(5):
        xs.append(x[k] * c)
        if k % 2:
            xs[::2] = [v * v for v in xs[::2]]
    for step in (2, 3):
        xs[::step] = [v * c for v in xs[::step]]
    return sum(v * k for k, v in enumerate(xs))


def crossed(x, c):
    xs = [v * c for v in x]
    xs[::2], xs[1::2] = xs[2:], [c, c * x[1]]
    xs[-1::-2] = [1.0, c, x[0]]
    return xs[0] * 2 + xs[3] * xs[4] + xs[2]


def deleted(x, c):
    xs = [v * c for v in x]
    ys = xs
    del xs[1:4:2]
    del ys[::-2]
    return sum(xs) * xs[0] * len(ys)


def of_arrays(x, c):
    xs = [x * k * c for k in range(4)]
    ys = xs
    xs[::2] = [x * x, c * x]
    return (ys[0] * xs[1]).sum() + ys[2] @ xs[3]


def of_lists(x, c):
    xs = [[v, c] for v in x]
    xs[::2] = [[c * v, v] for v in x[:3]]
    del xs[1::3]
    return sum(a * b for a, b in xs)


def by_a_callee(x, c):
    def change(xs):
        xs[::2] = [v * xs[1] for v in xs[::2]]

    xs = [v * c for v in x]
    change(xs)
    change(xs)
    return sum(xs)


@pytest.mark.parametrize("f", [known, of_itself, in_loops, crossed, deleted, of_arrays, of_lists, by_a_callee])
def test_slices_with_a_step_are_written_and_deleted(f):
    check(f, (X, 1.3))


def test_another_number_of_elements_raises_what_python_raises():
    def f(x):
        xs = [v * 2.0 for v in x]
        xs[::2] = [x[0], x[1]]
        return xs[0]

    for call in (f, adgen.grad(f)):
        with pytest.raises(ValueError, match="attempt to assign sequence of size 2 to extended slice of size 3"):
            call(X)


def test_arrays_that_change_in_place_may_not_be_in_two_lists():
    def f(x):
        xs = [x * k for k in range(4)]
        xs[::2] = [x * x, x]
        for row in xs:
            row[0] = 2.0
        return sum(row.sum() for row in xs)

    with pytest.raises(adgen.AdgenError, match="E0121"):
        adgen.grad(f)(X)
