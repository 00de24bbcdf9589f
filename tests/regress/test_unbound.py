"""Where the program fails, or gives None, its derivative gives no number: names that a path leaves unbound, or None."""

# ruff: noqa: F821, F841


import numpy as np
import pytest

import adgen
from tests.programs import absent
from tests.programs.oracle import Made

V = np.array([0.7, -1.3])


def one_branch(x, a):
    if a > 0.0:
        m = x * a
    return m


def one_branch_squared(x, a):
    if a > 0.0:
        m = x * a
    return m * m


def one_branch_of_arrays(v, a):
    if a > 0.0:
        m = v * a
    return np.sum(m * m)


def inside_a_branch(x, n):
    s = 0.0
    for i in range(n):
        if i == 2:
            s = s + w
        if i == 3:
            w = x * x
    return s


def deleted_on_a_path(x, n):
    y = x * x
    if n > 0:
        del y
    return y * x


def none_returned(x, n):
    if n > 0:
        return x * x


def none_returned_in_a_pair(x, n):
    y = None
    if n > 0:
        y = x * x
    return x, y


def best(v, limit):
    best = None
    for e in v:
        if e > limit and (best is None or e > best):
            best = e
    return best


def unfilled(x, n):
    xs = [None] * 3
    for k in range(n):
        xs[k] = x * k
    return xs[2]


def computed_with(x, n):
    y = None
    if n > 0:
        y = x
    return y * x


def named_like_a_temporary(v, n):
    u1 = v * 2.0
    u1[0], u1[-1] = u1[-1], u1[0]  # the old u1[0] is kept in a temporary
    for i in range(n):
        u10 = v[i]
    return u1[0] * u10


def named_like_one_in_a_branch(v, a):
    u1 = v * 2.0
    u1[0], u1[-1] = u1[-1], u1[0]
    if a > 0.0:
        u10 = v[0] * a
    return u1[0] * u10


UNBOUND = [
    (named_like_a_temporary, (V, 0)),
    (named_like_one_in_a_branch, (V, -1.0)),
    (one_branch, (1.3, -1.0)),
    (one_branch_squared, (1.3, -1.0)),
    (one_branch_of_arrays, (V, -1.0)),
    (inside_a_branch, (1.3, 5)),
    (deleted_on_a_path, (1.3, 1)),
    (absent.first_pass, (1.3, 0)),
    (absent.first_pass_of_a_while, (1.3, 0)),
    (absent.array_of_the_first_pass, (V, 0)),
    (absent.tuple_of_the_first_pass, (1.3, 0)),
    (absent.written_in_the_first_pass, (1.3, 0)),
    (absent.target_after_the_loop, (np.zeros(0),)),
]
NOTHING = [
    (none_returned, (1.3, 0)),
    (none_returned_in_a_pair, (1.3, 0)),
    (best, (V, 50.0)),
    (unfilled, (1.3, 2)),
    (computed_with, (1.3, 0)),
]
MODES = ("grad", "value_and_grad", "vjp", "jvp")


def derivative(fun, args, mode):
    made = Made(fun, args, mode, (fun.__code__.co_varnames[0],))
    return made(*args, args[0]) if mode == "jvp" else made(*args)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("fun", "args"), UNBOUND, ids=lambda given: getattr(given, "__name__", ""))
def test_an_unbound_name_gives_no_number(fun, args, mode):
    with pytest.raises(UnboundLocalError):
        fun(*args)
    with pytest.raises(UnboundLocalError):
        derivative(fun, args, mode)


@pytest.mark.parametrize(
    ("fun", "args", "mode"),
    [
        (*case, mode)
        for case in NOTHING
        for mode in MODES
        if case[0] is not none_returned_in_a_pair or mode in MODES[2:]
    ],
    ids=lambda given: getattr(given, "__name__", "") or str(given)[:4],
)
def test_none_has_no_derivative(fun, args, mode):
    with pytest.raises(TypeError, match="None"):
        derivative(fun, args, mode)


def decides_nothing(x, n):
    y = np.ones(3)
    k = 0
    while k < n:
        k += 1
        u = u
        if np.sum(u) > 0.0:
            u = y
    return np.sum(x * y)


def carried_for_nothing(x, n):
    k = 0
    while k < n:
        k += 1
        if k > 1:
            w = w * 2.0
        else:
            w = np.sum(u)
        if k > 5:
            u = x * 2.0
    return np.sum(x * x)


def counted_over(x, n):
    if n > 5:
        u = x * 1.0
    w = 0.0
    for i in range(len(u)):
        w = w + 1.0
    return np.sum(x * x)


def iterated_for_nothing(x, n):
    if n > 5:
        u = x * 1.0
    for q in u:
        pass
    return np.sum(x * x)


def compared(x, n):
    if n > 5:
        u = 1.0
    k = 0
    while k < u:
        k += 1
    return np.sum(x * x)


def inner_loop_for_nothing(x, n):
    for j in range(n):
        if j > 7:
            u = x * 1.0
        for i in range(3):
            if u[i] > 0.5:
                u = x * 2.0
    return np.sum(x * x)


def chosen_for_nothing(x, n):
    for j in range(n):
        if j > 7:
            u = 2.0
        u = x[0] if u > 1.0 else x[1]
    return np.sum(x * x)


def tried_for_nothing(x, n):
    for j in range(n):
        if j > 7:
            u = 2.0
        try:
            u = u * 2.0
        finally:
            v = 3.0
    return np.sum(x * x)


def packed_for_nothing(x, n):
    for j in range(n):
        if j > 7:
            u = 2.0
        u, v = (u, 1.0) if j > 3 else (1.0, u)
    return np.sum(x * x)


FOR_NOTHING = [
    decides_nothing,
    carried_for_nothing,
    counted_over,
    iterated_for_nothing,
    compared,
    inner_loop_for_nothing,
    chosen_for_nothing,
    tried_for_nothing,
    packed_for_nothing,
]


@pytest.mark.parametrize("fun", FOR_NOTHING)
def test_a_read_that_nothing_depends_on_fails_too(fun):
    """Derivative code drops the branch or the loop that would read the name: the failure must be told."""
    x = np.ones(3)
    for n in (0, 2):
        try:
            fun(x, n)
        except UnboundLocalError:
            with pytest.raises(UnboundLocalError):
                adgen.value_and_grad(fun)(x, n)
            with pytest.raises(UnboundLocalError):
                adgen.vjp(fun, x, n)
            with pytest.raises(UnboundLocalError):
                adgen.jvp(fun, (x, n), (x, None))
        else:
            np.testing.assert_allclose(adgen.grad(fun)(x, n), np.full(3, 1.0 if fun is decides_nothing else 2.0))
