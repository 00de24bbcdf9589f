"""A computed position of a tuple in a list; named tuples that functions take as the tuples that they are; `.flat`."""

from typing import NamedTuple

import numpy as np
import pytest

from tests.programs.oracle import check

X = np.array([0.3, 0.5, 0.7, 0.2])


class Two(NamedTuple):
    one: float
    two: float = 0.3


def of_a_tuple_in_a_list(a, x, n):
    """The position in the tuple is computed: its adjoint went nowhere."""
    r = [(q, q * a, q * 0.3) for q in x]
    return r[n % 4][n % 3] * a


def of_a_tuple_chosen_first(a, x, n):
    """The tuple has a name in between."""
    r = [(a, a * a, a * 0.3), (0.5 * a, x[0], 0.2 * a)]
    t = r[n % 2]
    return t[n % 3]


def of_a_tuple_in_a_loop(a, x, n):
    """Each pass reads another place."""
    r = [(q, q * a) for q in x]
    s = 0.0
    for k, t in enumerate(r):
        s += t[k % 2] * t[(k + n) % 2]
    return s


def named_tuples(a, x, n):
    """`sum`, `max`, `list` and NumPy take a named tuple for a tuple."""
    r = [Two(q, a) for q in x]
    return sum(r[0]) + r[n % 4][n % 2] + max(r[1]) + sum(list(r[2])) + np.sum(r[3])


def members_of_named_tuples(a, x, n):
    """`in` and `==`."""
    e = a if n in Two(1, 2) else x[0]
    return e * a if n not in Two(n, 3) else e * (a if Two(1, n) == Two(1, 2) else x[1])


def the_whole_of_flat(a, x, n):
    """What `.flat` gives is no array; `np.sum` of it is that of the elements."""
    r = np.outer(x, x)
    r.flat[:: n + 3] = a
    return np.sum(r.flat) * a + np.sum(np.sin(r.flat))


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize(
    "fun",
    [
        of_a_tuple_in_a_list,
        of_a_tuple_chosen_first,
        of_a_tuple_in_a_loop,
        named_tuples,
        members_of_named_tuples,
        the_whole_of_flat,
    ],
)
def test_positions(fun, n):
    check(fun, (0.7, X, n))


def of_a_dict_without_a_name(a, x, n):
    """The zeros of its adjoint are by key, not by place."""
    r = [{"p": q * a, "q": q} for q in x]
    return r[2]["p" if n > 1 else "q"] * a


def test_a_computed_key_of_a_dict_in_a_list():
    check(of_a_dict_without_a_name, (0.7, X, 2))
    check(of_a_dict_without_a_name, (0.7, X, 0))
