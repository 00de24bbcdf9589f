"""A `for` over a zip runs as often as the shortest part, whether or not the other parts are read."""

import numpy as np
import pytest

from tests.programs.oracle import check

X = np.array([0.7, 1.3, 0.4, 0.9])


def range_behind(x):
    """The range is shorter than the array."""
    s = 0.0
    for v, _ in zip(x, range(2)):
        s += v * v * s + v
    return s


def computed_range(x):
    """How long the range is, is computed."""
    s = 0.0
    count = int(x[0] > 0.0) + 1
    for v, k in zip(x, range(count)):
        s = s * v + v * k + 0.5
    return s


def numbered(x):
    """The zip is numbered."""
    s = 1.0
    for k, v in enumerate(zip(x, range(3))):
        s = s * v[0] + k
    return s


def view_that_changes(x):
    """A part is a view that the loop writes to: its elements are views, not reads."""
    s, y = 1.0, x * 1.0
    w = y[2:]
    for a, _ in zip(x, w):
        s = s * a
        w *= 1.1
    return s * np.sum(w)


def parts_of_numbered(x):
    """A numbered view that changes."""
    s, y = 1.0, x * 1.0
    w = y[2:]
    for a, (k, _) in zip(x, enumerate(w)):
        s = s * a + k
        w *= s
    return s * np.sum(w)


def generators(x):
    """In generators and comprehensions."""
    squares = sum(a * a for a, _ in zip(x, x[1:]))
    return squares + np.sum(np.array([a * a * a for a, _ in zip(x, range(2))]))


def reversed_part(x):
    """A part runs backwards."""
    s = 1.0
    for a, _ in zip(x, reversed(x[1:])):
        s = s * a + 1.0
    return s


def nested(x):
    """A zip in a zip."""
    s = 1.0
    for a, (_, c) in zip(x, zip(x, x[2:])):
        s = s * a + c
    return s


def mapped(x):
    """A map in a zip."""
    s = 1.0
    for a, _ in zip(x, map(np.sin, x[1:])):
        s = s * a + 1.0
    return s


def steps(x):
    """Ranges with a step, forwards and backwards."""
    s = 1.0
    for v, k in zip(x, range(0, 4, 2)):
        s = s * v + x[k]
    for v, k in zip(x, reversed(range(1, 4, 2))):
        s = s * v + x[k]
    count = int(x[0] * 10.3)
    for v, k in zip(x, range(count, count - 9, -3)):
        s = s * v + k
    return s


def left_early(x):
    """Values known one by one, in a loop that is left in the middle."""
    s = 1.0
    for a, b in zip((x[0], x[1], x[2]), (x[1] * 2.0, x[3], x[0])):
        s = s * a + b
        if s > 2.4:
            break
    for k, v in {"a": x[0], "b": x[1]}.items():
        if k == "a":
            continue
        s *= v
    return s


FUNCTIONS = (
    steps,
    left_early,
    range_behind,
    computed_range,
    numbered,
    view_that_changes,
    parts_of_numbered,
    generators,
    reversed_part,
    nested,
    mapped,
)


@pytest.mark.parametrize("fun", FUNCTIONS)
def test_zips(fun):
    """All modes against the function itself and its differences."""
    check(fun, (X.copy(),))
