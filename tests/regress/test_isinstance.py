"""`isinstance` says what Python says: of abstract classes, of aliases, of names that nobody knows.

A class that was not one of the builtin ones counted as one that numbers and lists are not of: `numbers.Number`,
`collections.abc.Sequence`, and names that are not defined at all.
"""

import collections.abc
import decimal
import numbers
from collections.abc import Sequence
from numbers import Real

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from tests.programs.oracle import check

Number = float
FLAG = True


class Plain:
    """No number."""


def of_numbers(x):
    """Abstract classes of numbers."""
    y = x * 2.0 if isinstance(x, numbers.Number) else x * 3.0
    return y * x if isinstance(y, Real) and not isinstance(x, numbers.Integral) else y


def of_any(x):
    """All are objects; a flag is an integer."""
    y = x * 2.0 if isinstance(x, object) else x
    return y * x if isinstance(FLAG, int) else y


def of_aliases(x):
    """A name for float, and classes that floats are not of."""
    y = x * 2.0 if isinstance(x, Number) else x
    return y if isinstance(x, decimal.Decimal | Plain) else y * x


def of_functions(x):
    """Functions can be called."""

    def g(v):
        return v * x

    return g(x) if isinstance(g, collections.abc.Callable) else x


@pytest.mark.parametrize("fun", [of_numbers, of_any, of_aliases, of_functions])
def test_numbers(fun):
    """As Python says."""
    check(fun, (0.7,))


def of_lists(xs, d, v):
    """Lists are sequences, dicts mappings, arrays neither."""
    s = xs[0] * 2.0 if isinstance(xs, Sequence) else xs[0]
    s += d["a"] if isinstance(d, collections.abc.Mapping) else d["a"] * d["a"]
    return s * v[0] if isinstance(v, Sequence) else s * v[1]


def test_containers():
    """As Python says."""
    check(of_lists, ([0.7, 0.4], {"a": 1.3}, np.array([0.5, 0.6])))


def unheard(x):
    """There is no such name."""
    return x * 2.0 if isinstance(x, (float, Unheard)) else x  # noqa: F821


def unheard_of_numpy(x):
    """NumPy has no such name."""
    return x * 2.0 if isinstance(x, np.Unheard) else x


@pytest.mark.parametrize(("fun", "told"), [(unheard, "`Unheard`"), (unheard_of_numpy, "`numpy.Unheard`")])
def test_unknown_names(fun, told):
    """Python raises: refused."""
    with pytest.raises(Refusal, match=f"the name {told} cannot be resolved"):
        adgen.grad(fun)(0.7)
