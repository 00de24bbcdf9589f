"""Buffers that take turns: names which stand for one array each, and change places in a loop."""

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs import oracle

U = np.array([0.5, -1.25, 2.0, 0.75])


def three(u, n):
    old, now, new = u.copy(), u * 2.0, np.zeros(4)
    for _ in range(n):
        new[1:-1] = now[1:-1] * old[2:] + 0.5 * old[:-2]
        new[0] = old[1]
        old, now, new = now, new, old
    return now.sum() * old[1] + new[2]


def by_a_temporary(u, n):
    old, now, new = u.copy(), u * 2.0, np.zeros(4)
    for _ in range(n):
        new[:] = now * old + 0.5
        tmp = old
        old = now
        now = new
        new = tmp
    return np.sum(now * old) + new[2]


def left_in_the_middle(u, n):
    old, now, new = u.copy(), u * 2.0, np.zeros(4)
    for i in range(n):
        new[:] = now * old + 0.5
        if i == 2:
            new[0] *= u[1]
            break
        old, now, new = now, new, old
    return np.sum(now * old) + new[0]


def two_of_three(u, n):
    a, b, c = u.copy(), u * 2.0, u * u
    for i in range(n):
        a[1:] = b[1:] * c[:-1]
        if i % 2 == 0:
            a, b = b, a
        else:
            b, c = c, b
    return a[1] + b[2] + c[3]


def while_loop(u, n):
    now, new, k = u.copy(), np.zeros(4), 0
    while k < n:
        new[:] = now * now * 0.3
        now, new = new, now
        new[0] = 1.5 * now[1]
        k += 1
    return np.sum(now) + new[0]


def nested(u, n):
    a, b = u.copy(), u * 0.5
    for _ in range(n):
        for _ in range(2):
            b[:] = a * a[::-1] * 0.4
            a, b = b, a
        a[0] += b[1]
        a, b = b, a
    return np.sum(a) + b[3]


RIGHT = [three, by_a_temporary, left_in_the_middle, while_loop, nested]


def kept_outside(u, n):
    old, now, new = u.copy(), u * 2.0, np.zeros(4)
    keep = now
    for _ in range(n):
        new[:] = now * old + 0.5
        old, now, new = now, new, old
    return np.sum(now * keep)


def kept_inside(u, n):
    old, now, new = u.copy(), u * 2.0, np.zeros(4)
    keep = u
    for _ in range(n):
        new[:] = now * old * keep
        keep = old
        old, now, new = now, new, old
    return np.sum(now * keep)


def kept_as_a_view(u, n):
    old, now, new = u.copy(), u * 2.0, np.zeros(4)
    part = now[1:]
    for _ in range(n):
        new[1:] = now[1:] * part
        part = old[:-1]
        old, now, new = now, new, old
    return np.sum(now) + np.sum(part)


def kept_in_a_list(u, n):
    old, now, new = u.copy(), u * 2.0, np.zeros(4)
    history = []
    for _ in range(n):
        new[:] = now * old + 0.5
        history.append(now)
        old, now, new = now, new, old
    return sum(np.sum(h * h) for h in history)


def the_same_twice(u, n):
    old = u.copy()
    now = old
    new = np.zeros(4)
    for _ in range(n):
        new[:] = now * old + 0.5
        old, now, new = now, new, old
    return np.sum(now * old)


def one_lost(u, n):
    a, b = u.copy(), u * 2.0
    for _ in range(n):
        a[0] = b[1] * a[2]
        b = a
    return np.sum(a * b)


def joined(u, n):
    a, b, c = u.copy(), u * 2.0, u * 3.0
    for i in range(n):
        c[:] = a * b
        a = c if i == 1 else b
        b[0] = a[1] * 0.5
    return np.sum(a * b * c)


def listed_two_iterations_ago(u, n):
    x, y, history = np.zeros(4), np.zeros(4), []
    for i in range(n):
        s = u * (i + 1.0)
        history.append(s)
        y[0] = 3.0 * u[1]
        y = x
        x = s
    return sum(np.sum(h * h) for h in history) + np.sum(y)


EITHER = [
    listed_two_iterations_ago,
    two_of_three,
    kept_outside,
    kept_inside,
    kept_as_a_view,
    kept_in_a_list,
    the_same_twice,
    one_lost,
    joined,
]


@pytest.mark.parametrize("n", [0, 1, 2, 5])
@pytest.mark.parametrize("fun", RIGHT)
def test_both_modes_agree_with_differences(fun, n):
    oracle.check(fun, [U, n])


@pytest.mark.parametrize("n", [0, 1, 2, 5])
@pytest.mark.parametrize("fun", EITHER)
def test_what_somebody_else_holds_is_right_or_refused(fun, n):
    try:
        oracle.check(fun, [U, n])
    except Refusal as refusal:
        assert {found.code for found in refusal.diagnostics} == {"E0120"}
