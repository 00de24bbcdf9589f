"""`ufunc.at` of any function, results into arrays of their own, and what only the first element decides."""

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs import oracle

W = np.array([0.7, -0.3, 1.1, 0.4])
TWICE = np.array([0, 2, 2])
MASK = np.array([True, False, True, True])
X, Y = np.array([0.31, 0.52, 0.73, 0.24]), np.array([0.45, 0.87, 0.36, 0.61])


def each_again(x):
    """What is named twice is changed twice, the second time from what the first has made."""
    o = x * 1.0
    np.sin.at(o, TWICE)
    return np.sum(W * o * o)


def by_mask(x):
    o = x * 1.0
    np.sqrt.at(o, MASK)
    return np.sum(W * o * o)


def with_operands(x, y):
    o = x * 1.0
    np.power.at(o, [1, 1, 3], y[:3])
    np.arctan2.at(o, TWICE, y[1])
    return np.sum(W * o)


def at_pairs(x, y):
    o = np.outer(x, y)
    np.hypot.at(o, (TWICE, TWICE[::-1]), y[:3])
    np.tanh.at(o, TWICE)
    return np.sum(W * o * o)


def steps_and_numbers(x):
    o = x * 1.0
    np.floor.at(o, TWICE)
    np.exp.at(o, 2)
    np.negative.at(o, [3, 3])
    return np.sum(W * o * o)


def operands_of_the_array_itself(x):
    """NumPy reads the operands before it writes."""
    o = x * 1.0
    np.logaddexp.at(o, TWICE, o[:3])
    return np.sum(W * o * o)


def in_a_loop(x, y):
    o = x * 1.0
    for k in range(3):
        if k == 1:
            continue
        np.log1p.at(o, [k, 3, k])
        o *= y
    return np.sum(W * o)


def two_results(x):
    out = (np.zeros(4), np.zeros(4))
    part, whole = np.modf(x * 3.0, out=out)
    return np.sum(W * part * out[0]) + np.sum(out[1] * W * part)


def one_of_two_results(x, y):
    o = np.zeros(4)
    whole, rest = np.divmod(x * 3.0, y, out=(None, o))
    o *= y
    return np.sum(W * rest * o) + np.sum(whole * x)


def results_by_position(x):
    o, e = np.zeros(4), np.zeros(4, np.int32)
    m, _ = np.frexp(x, o, e)
    return np.sum(o * m * W * e)


def steps_into_arrays(x):
    o = x * 2.0
    np.floor(x * 9.0, out=o, where=MASK)
    o += np.rint(x * 9.0, np.ones(4))
    return np.sum(o * x)


def first_elements(x):
    """Nothing came before the first element of a line: it is the result, as it is."""
    line = np.floor_divide.accumulate(x)
    other = np.heaviside.accumulate(x)
    return np.sum(line * W) + np.sum(other * W) + np.floor_divide.reduce(x[:1]) + np.heaviside.reduce(x[1:2])


def pieces_of_one(x):
    return np.sum(np.floor_divide.reduceat(x, [0, 1, 3]) * W[:3]) + np.sum(np.heaviside.reduceat(x, [2, 3]) * W[:2])


PROGRAMS = [
    each_again,
    by_mask,
    with_operands,
    at_pairs,
    steps_and_numbers,
    operands_of_the_array_itself,
    in_a_loop,
    two_results,
    one_of_two_results,
    results_by_position,
    steps_into_arrays,
    first_elements,
    pieces_of_one,
]


@pytest.mark.parametrize("fun", PROGRAMS, ids=lambda fun: fun.__name__)
def test_gradients(fun):
    oracle.check(fun, (X, Y)[: fun.__code__.co_argcount])


def of_integers(x, k):
    np.sqrt.at(k, [0, 1])
    return np.sum(x * k)


def test_integers_are_not_written_as_floats():
    """NumPy itself raises an error."""
    with pytest.raises(Refusal, match="not known to be of floats"):
        oracle.check(of_integers, (X, np.arange(4)))
