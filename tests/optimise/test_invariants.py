"""What a loop computes anew in each pass moves before it, where that can neither fail nor change a derivative."""

import numpy as np
import pytest

import adgen
from tests.programs import oracle


def shifted(s, x, n):
    for _ in range(n):
        x = x * np.exp((s - 0.5 * s * s) + 0.1 * x)
    return x


def scaled(k, u, h, n):
    for _ in range(n):
        u = u + h * k * np.sin(u)
    return np.sum(u)


def rooted(k, u, n):
    for _ in range(n):
        u = u + np.sqrt(k) * u
    return np.sum(u)


def nested(a, b, u, n):
    for _ in range(n):
        for _ in range(2):
            u = u * (a + a * b)
        u = u - a * b * a
    return u


def branching(a, x, n):
    for i in range(n):
        if i > 1:
            x = x * (a * a * a)
        x = x + a
    return x


def named(a, x, n):
    for _ in range(n):
        step = a * a * a
        x = x + step * x
    return x


VALUES = {
    shifted: (0.3, 0.5, 4),
    scaled: (np.linspace(0.1, 0.5, 5), np.linspace(0.2, 1.0, 5), 0.1, 3),
    rooted: (0.5, np.linspace(0.2, 1.0, 5), 3),
    nested: (0.3, 0.2, 1.5, 3),
    branching: (0.8, 0.4, 4),
    named: (0.2, 0.4, 3),
}


@pytest.mark.parametrize("fun", VALUES, ids=lambda f: f.__name__)
def test_derivatives_are_right(fun):
    oracle.check(fun, VALUES[fun])


@pytest.mark.parametrize("fun", VALUES, ids=lambda f: f.__name__)
def test_without_a_pass_derivatives_are_zero_not_nan(fun):
    count = len(VALUES[fun]) - 1
    args = [0.0 * value for value in VALUES[fun][:-1]]
    found = adgen.grad(fun, argnums=tuple(range(count)))(*args, 0)
    state = {"scaled": 1, "shifted": 1, "rooted": 1, "nested": 2, "branching": 1, "named": 1}[fun.__name__]
    for place, gradient in enumerate(found):
        assert np.all(np.asarray(gradient) == (1.0 if place == state else 0.0))


def source(fun, *argnums):
    derivative = adgen.grad(fun, argnums=argnums)
    derivative(*VALUES[fun])
    return derivative.source


def test_what_moves():
    assert source(shifted, 0, 1).index("shift = ") < source(shifted, 0, 1).index("for _ in")
    assert "    factor = h * k\n" in source(scaled, 0, 1)
    assert source(nested, 0, 1).index("factor = a + ") < source(nested, 0, 1).index("for _ in")


def test_what_stays():
    assert "        step = a * a * a\n" in source(named, 0)
    inside = source(branching, 0)
    assert inside.index("for i in") < inside.index("a * a")


def test_a_root_moves_where_it_carries_no_derivative():
    text = source(rooted, 1)
    assert text.index("np.sqrt(k)") < text.index("for _ in")
    text = source(rooted, 0, 1)
    assert text.index("for _ in") < text.index("np.sqrt(k)")
