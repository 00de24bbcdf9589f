"""Lists that nothing ever comes into are joined to others; lists in lists are joined to lists of any length."""

import numpy as np
import pytest

from tests.programs.oracle import check

Z = np.array([0.3, 0.5, 0.7, 0.2])


def a_comprehension_of_nothing(a, z):
    """Its condition is known to be false."""
    xs = [q * a for q in z]
    xs += [q for q in z if False]
    return sum(xs)


def under_a_name(a, z):
    """It is extended by later."""
    xs = [a]
    none = [q for q in z if False]
    xs.extend(none)
    xs.append(z[0] * a)
    return sum(xs) + len(none)


def filled_later(a, z):
    """In the first pass it holds nothing."""
    out, more = [a], []
    for v in z:
        out += more
        more.append(v * a)
        if len(out) > 5:
            break
    return sum(out)


def rows_and_nothing(a, z):
    """Lists in a list grow by nothing."""
    rows = [[a], [z[0]]]
    none = [q for q in z if False]
    rows[1] += none
    return sum(rows[0]) * sum(rows[1])


def rows_and_more(a, z):
    """A list of fixed length that is an element, and one whose length is not known."""
    rows = [[a, 0.3], [z[0], a * a]]
    more = [q * a for q in z]
    t = rows[len(more) % 2] + more
    return sum(t) * sum(rows[1] + more) + t[1]


@pytest.mark.parametrize(
    "fun", [a_comprehension_of_nothing, under_a_name, filled_later, rows_and_nothing, rows_and_more]
)
def test_empty_lists(fun):
    check(fun, (0.7, Z))
