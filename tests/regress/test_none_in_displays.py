"""What a display or `a and b` gives may be None, also where a generator expression reads it: asked when it is read."""

import numpy as np
import pytest

import adgen
from tests.programs.oracle import check

X = np.array([0.31, 0.72, 1.1, 0.53])


def listed(x):
    c = None if x[0] > 0.1 else x[0]
    return sum((x[1] if q is None else x[2]) for q in [c, x[1]]) * x[3]


def in_tuple(x):
    c = x[0]
    for k in range(2):
        c = None if k == 1 else x[k] * 2.0
    return sum(x[1] for q in (c, x[1], c) if q is None) * x[3]


def counted(x):
    c = None if x[0] > 0.1 else x[0]
    return sum(1 for q in [c, x[1]] if q is not None) * x[1] * x[3]


def some(x):
    c = None if x[0] > 0.1 else x[0]
    return x[1] * x[3] if any(q is None for q in [c, x[1]]) else x[2]


def every(x):
    c = None if x[0] > 0.1 else x[0]
    return x[1] * x[3] if all(q is not None for q in [x[1], c]) else x[2] * x[0]


def zipped(x):
    c = None if x[0] > 0.1 else x[0]
    return sum((x[1] if q is None else x[2]) * p for p, q in zip(x, [c, x[1]]))


def values(x):
    c = None if x[0] > 0.1 else x[0]
    d = {"a": c, "b": x[1]}
    return sum((x[1] if q is None else x[2]) for q in d.values()) * x[3]


def popped(x):
    c = None if x[0] > 0.1 else x[0]
    d = {0: c}
    q = d.pop(0)
    return x[1] * x[3] if q is None else x[2] * x[0]


def popped_array(x):
    c = None if x[0] > 0.1 else x * 2.0
    d = {0: c, 1: x}
    q = d.pop(0)
    return x[1] * x[3] if q is None else np.sum(q)


def conjoined(x):
    c = None if x[0] > 0.1 else x[0] > 0.2
    q = x[1] > 0.1 and c
    return x[1] * x[3] if q is None else x[2] * x[0]


def disjoined(x):
    c = None if x[0] > 0.1 else x[0] > 0.2
    q = x[1] > 5.1 or c
    return x[1] * x[3] if q is None else x[2] * x[0]


FUNCTIONS = [listed, in_tuple, counted, some, every, zipped, values, popped, popped_array, conjoined, disjoined]


@pytest.mark.parametrize("fun", FUNCTIONS, ids=lambda f: f.__name__)
def test_none_in_displays(fun):
    """The paths where it is None, and those where it is not."""
    check(fun, (X,))
    check(fun, (X * np.array([-1.0, 1.0, 1.0, 1.0]),))


def test_none_that_is_computed_with():
    """Where Python raises, so does the derivative; where None is replaced, nothing is raised."""

    def filled(x):
        c = None if x[0] > 0.1 else x[0]
        return sum((0.5 if q is None else q) for q in [c, c]) * x[3]

    assert np.allclose(adgen.grad(filled)(X), [0.0, 0.0, 0.0, 1.0])
