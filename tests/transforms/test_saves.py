"""What is kept for the reverse sweep, and that the gradients are right: by the text, and by differences."""

from __future__ import annotations

import numpy as np
import pytest

from adgen import signature
from adgen.frontend import source
from adgen.pipeline import Request, generate
from tests.programs.oracle import check


def text_of(fun, args, wrt, mode="grad"):
    found = source.find(fun)
    types = dict(signature.of_values(found.params, args).items)
    request = Request(mode, wrt, single=len(wrt) == 1)
    return generate(found, types, request, verify="each", guarded=False).text


def tapes(text):
    return [line.split(" = ")[0].strip() for line in text.splitlines() if line.endswith("= []")]


def linear_stencil(u, c, n):
    v = u.copy()
    for _ in range(n):
        v[1:-1] += c * (v[2:] - 2.0 * v[1:-1] + v[:-2])
    return np.sum(v * v)


def recurrence(x, a, n):
    y = np.zeros(n)
    y[0] = x
    for i in range(1, n):
        y[i] = np.sin(y[i - 1]) * a
    return np.sum(y * y)


def backwards(x, a, n):
    y = np.zeros(n)
    y[n - 1] = x
    for i in range(n - 2, -1, -1):
        y[i] = np.sin(y[i + 1]) * a
    return np.sum(y * y)


def wrapped_around(x, a, n):
    y = np.zeros(n) + x
    for i in range(n):
        y[i] = np.sin(y[i - 1]) * a  # y[-1] is read first and written last
    return np.sum(y * y)


def trajectory(x, n):
    states = np.zeros((n + 1, 2))
    states[0] = x
    for t in range(n):
        states[t + 1] = np.tanh(states[t]) * states[t, ::-1]
    return np.sum(states[-1] * states[1])


def rewritten(x, n):
    y = np.zeros(n)
    y[0] = x
    for _ in range(2):
        for i in range(1, n):
            y[i] = np.sin(y[i - 1]) + y[i] * x
    return np.sum(y)


def network(weights, x):
    h = x
    for w in weights:
        h = np.tanh(w @ h)
    return np.sum(h * h)


def guarded(x, h, n):
    y = x
    for i in range(n):
        if i % 3 == 2:
            continue
        y = y + h * np.sin(y)
    return y


def two_tapes(x, n):
    p, q = x, 1.0 + x
    for _ in range(n):
        p, q = p * q, np.sin(p) * q
    return p + q


def lists(x, n):
    hs = [x]
    for _ in range(n):
        hs.append(np.tanh(hs[-1] * x))
    return hs[-1] * hs[1]


V = np.array([0.3, 0.7, 0.2, 0.9, 0.4])
PROGRAMS = [
    # program, arguments, wrt, tapes expected: (why)
    (linear_stencil, (V, 0.2, 3), ("u",), 0),  # linear: nothing
    (recurrence, (0.4, 1.3, 6), ("x", "a"), 0),  # written ahead of what is read: read again
    (backwards, (0.4, 1.3, 6), ("x", "a"), 0),  # the same downwards
    (wrapped_around, (0.4, 1.3, 5), ("x", "a"), 1),  # an index may count from the end: saved
    (trajectory, (np.array([0.3, 0.6]), 5), ("x",), 1),  # rows are read again, their tanh is kept
    (rewritten, (0.4, 5), ("x",), 1),  # an outer loop writes it again (one tape: of pairs)
    (network, ([np.eye(3) * 0.3, np.ones((3, 3)) * 0.1], np.array([0.1, 0.4, 0.2])), ("weights",), 1),  # h, once
    (guarded, (0.4, 0.1, 7), ("x", "h"), 1),
    (two_tapes, (0.4, 4), ("x",), 1),  # a tape of pairs
    (lists, (0.4, 4), ("x",), 0),  # the list is taken back
]


@pytest.mark.parametrize(("fun", "args", "wrt", "count"), PROGRAMS, ids=[row[0].__name__ for row in PROGRAMS])
def test_what_is_saved(fun, args, wrt, count):
    text = text_of(fun, args, wrt)
    assert len(tapes(text)) == count, text
    check(fun, args)


def test_a_guard_whose_other_side_does_nothing_is_not_repeated():
    text = text_of(guarded, (0.4, 0.1, 7), ("x", "h"))
    reverse = text.split("# Reverse sweep.")[1]
    assert "reversed(y_saved)" in reverse and "%" not in reverse


def test_the_last_pass_does_not_multiply_for_nobody():
    text = text_of(network, PROGRAMS[6][1], ("weights",))
    assert "!= 0:" in text.split("# Reverse sweep.")[1]


def test_a_pullback_keeps_its_tapes():
    found = text_of(two_tapes, (0.4, 4), ("x",), "vjp")
    space = {}
    exec(found, space)
    _, pull = space["two_tapes_vjp"](0.4, 4)
    assert pull(1.0) == pull(1.0) and pull(2.0)[0] == pytest.approx(2.0 * pull(1.0)[0], rel=1e-14)


def scaled_in_place(u, n):
    u = u * 1.0
    for _ in range(n):
        u[0] *= u[1]
        u[1:] = u[:-1] * u[1:] + 0.1
    return np.sum(u)


def test_a_cleared_slot_that_is_increased_is_scaled():
    text = text_of(scaled_in_place, (V, 3), ("u",))
    reverse = text.split("# Reverse sweep.")[1]
    assert "u_bar[0] *=" in reverse and "u_bar[1:] *=" in reverse, text
    assert "= 0.0" not in reverse, text
    check(scaled_in_place, (V, 3))


def test_slots_that_are_increased_once_are_set():
    text = text_of(network, PROGRAMS[6][1], ("weights",))
    assert "[None] * len(weights)" in text and "zeros_like" not in text, text


def two_walks(weights, x):
    total = 0.0
    for w in weights:
        total += np.sum(w @ x)
    for w in weights:
        total += np.sum(w * w)
    return total


def test_slots_that_are_increased_twice_start_as_zeros():
    args = PROGRAMS[6][1]
    text = text_of(two_walks, args, ("weights",))
    assert "[None]" not in text and "zeros_like" in text, text
    check(two_walks, args)


def rows_of_different_counts(m, counts):
    total = 0.0
    for row in m:
        for k in range(len(counts)):
            row[k] = row[k] * row[-1]
        total += np.sum(row)
    return total


def test_views_made_in_a_loop():
    check(rows_of_different_counts, (np.arange(1.0, 13.0).reshape(3, 4) / 7.0, [1, 2]))


def last_write_wins(x, index):
    y = np.zeros(4)
    y[index] = x * x
    return np.sum(y * y)


def test_of_positions_named_twice_the_last_write_counts():
    check(last_write_wins, (np.array([0.3, 0.7, 0.2, 0.9]), np.array([1, 3, 1, 0])))


def logistic_growth(x, r, n):
    for _ in range(n):
        x = x + r * x * (1.0 - x)
    return x


def two_sources(x, y, n):
    for _ in range(n):
        x, y = x + 0.1 * (2.0 * x) * (3.0 - x) * (y - 0.5), y + (1.0 / y) * (y - 2.0) * np.sin(x)
    return x * y


def source_of_a_branch(x, n):
    for k in range(n):
        if k % 2:
            t = x * x
            x = x + 0.1 * (t - 1.0) * (2.0 * t)
    return x


def source_that_changes(v, n):
    """The element is not what it was: the numbers that follow from it do."""
    for k in range(n):
        a = v[k] * 0.5
        b = 1.0 - v[k]
        v[k] = a * b
        v[0] = v[0] + a * a * b
    return np.sum(v)


def test_numbers_that_follow_from_one_number_are_not_saved_one_by_one():
    text = text_of(logistic_growth, (0.3, 0.2, 5), ("x",))
    assert tapes(text) == ["x_saved"] and "x_saved.append(x)" in text, text
    assert "for x in reversed(x_saved):" in text
    for fun, args in (
        (logistic_growth, (0.3, 0.2, 5)),
        (two_sources, (0.3, 1.4, 4)),
        (source_of_a_branch, (0.3, 5)),
        (source_that_changes, (V, 4)),
    ):
        check(fun, args)
