"""Functions as written: keys of sorts that change something, own functions named like builtins."""

import numpy as np
import pytest

from tests.programs import oracle

X, Y = 1.3, 0.8


# keys that change something -------------------------------------------------------------------------------------------
def calls_of_a_key(x, y):
    s = []

    def key(t):
        s.append(t * y)
        return t

    zs = sorted([x, y, x * y], key=key)
    return zs[0] * s[0] + zs[1] * s[1] * len(s)


def of_a_nonlocal(x, y):
    n = 0.0

    def key(t):
        nonlocal n
        n = n + t * y
        return t * n

    zs = sorted([x, y, x * y], key=key, reverse=True)
    return zs[0] * n


def of_a_lambda(x, y):
    s = []
    zs = sorted((x, y, x * y), key=lambda t: (s.append(t), t)[1])
    return zs[0] * len(s)


def sorted_in_a_loop(x, y):
    s = [0.0]

    def key(t):
        s[0] = s[0] + t * y
        return t * t

    t = 0.0
    for _ in range(3):
        t = t + sorted([x, t, y], key=key)[1] * s[0]
    return t


def of_known_numbers(x, y):
    s = [0.0]

    def key(t):
        s[0] = s[0] * 2.0 + t * y
        return t

    return sorted([3, 1, 2], key=key)[0] * sorted([3, 1, 2.5], key=key)[2] * s[0] * x


SORTS = [calls_of_a_key, of_a_nonlocal, of_a_lambda, sorted_in_a_loop, of_known_numbers]


@pytest.mark.parametrize("fun", SORTS, ids=lambda fun: fun.__name__)
def test_a_key_is_called_once_for_each_element(fun):
    oracle.check(fun, (X, Y))


# names of builtins ----------------------------------------------------------------------------------------------------
def own_isinstance(x, y):
    isinstance = lambda a, b: False  # noqa: E731
    return x * y if isinstance(x, float) else x


def own_callable(x, y):
    callable = lambda a: False  # noqa: E731
    g = np.sin
    return x * y if callable(g) else x


def own_len(x, y):
    def len(t):
        return 5

    zs = [x, y]
    return x * y if len(zs) == 5 else x


@pytest.mark.parametrize("fun", [own_isinstance, own_callable, own_len], ids=lambda fun: fun.__name__)
def test_names_of_builtins_that_are_the_programs_own(fun):
    oracle.check(fun, (X, Y))
