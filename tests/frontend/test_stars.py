"""`*xs` where how many elements it has is not known while compiling."""

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from tests.programs.oracle import check


def model(t, a, b):
    """A function that is given parts of an array."""
    return a * np.exp(-b * t)


def changing(y):
    """Writes to its argument."""
    y[0] = 5.0 * y[1]
    return y[2]


def as_it_was(x):
    """A later part of the display changes what was spread."""
    y = x * x
    parts = [*y, changing(y)]
    return parts[0] * parts[1] + parts[4] * y[0]


def any_length(x):
    """Lists and slices of any length."""
    xs = [x[0]]
    for v in x:
        xs.append(v)
    ys = [1.0, *xs, *x[::2], 2.0]
    return sum(ys[k] * ys[-1 - k] for k in range(len(ys)))


def of_a_generator(x):
    """A generator expression."""
    return model(*(v * v for v in x[:3]))


X = np.array([0.7, 1.3, 0.4, 0.9])


@pytest.mark.parametrize("fun", [as_it_was, any_length, of_a_generator])
def test_numbers(fun):
    """Both modes against differences."""
    check(fun, (X.copy(),))


def test_as_many_arguments_as_parameters():
    """Others raise as a call does."""

    def one(p, t):
        return np.sum(model(t, *p) ** 2)

    check(one, (X[:2].copy(), X.copy()))
    with pytest.raises(TypeError, match="2 arguments are expected: a, b"):
        adgen.grad(one)(X[:3].copy(), X)


def test_not_where_the_length_decides():
    """Defaults and `*args` take what is left."""

    def chosen(x):
        def inner(a, b=2.0):
            return a * b

        return inner(*x)

    with pytest.raises(Refusal, match="E0115"):
        adgen.grad(chosen)(X)
