"""Arguments that share memory, where one is written to: the derivative writes to a copy, unseen by the other."""

from dataclasses import dataclass

import numpy as np
import pytest

import adgen
from tests.programs import oracle

A = np.arange(1.0, 6.0)
TABLE = np.arange(1.0, 6.0)


def written(x, y):
    x[0] = x[1] * 2.0
    return np.sum(x * y)


def only_read(x, y):
    return np.sum(x * y)


def both_written(x, y):
    x[0] = y[1] * 2.0
    y[1] = x[2]
    return np.sum(x * y)


def beside_a_list(x, ys):
    x *= 2.0
    total = 0.0
    for y in ys:
        total += np.sum(x * y)
    return total


def beside_a_structure(x, p):
    x[1] *= p["w"][0]
    return np.sum(x * p["w"]) + np.sum(p["pair"][1])


def beside_a_global(x):
    x[1] = 0.5
    return np.sum(x * TABLE)


def in_a_callee(x, y):
    def halve(v):
        v /= 2.0

    halve(x)
    return np.sum(x * y)


@pytest.mark.parametrize(
    ("fun", "args", "named"),
    [
        (written, (A[1:], A[:4]), "y"),
        (written, (A, A), "y"),
        (both_written, (A, A[::-1]), "y"),
        (beside_a_list, (A, [A.copy(), A]), "ys"),
        (beside_a_structure, (A, {"w": A.copy(), "pair": (A.copy(), A[2:])}), "p"),
        (beside_a_global, (TABLE,), "TABLE"),
        (in_a_callee, (A, A), "y"),
    ],
)
def test_shared_memory_is_told(fun, args, named):
    for call in (adgen.grad(fun), lambda *given: adgen.vjp(fun, *given)):
        with pytest.raises(ValueError, match=f"x is written to, and shares memory with {named}: pass a copy"):
            call(*args)


def test_forward_mode_tells_too():
    with pytest.raises(ValueError, match="shares memory"):
        adgen.jvp(written, (A, A), (A, A))


@pytest.mark.parametrize(
    ("fun", "args"),
    [
        (written, [A.copy(), A.copy()]),
        (written, [A[::2].copy(), A[1:4]]),
        (only_read, [A, A]),
        (both_written, [A.copy(), A[::-1].copy()]),
        (beside_a_list, [A.copy(), [A, A]]),
        (beside_a_structure, [A.copy(), {"w": A, "pair": (A, A[2:])}]),
        (beside_a_global, [A]),
        (in_a_callee, [A[:4], A[:4].copy()]),
    ],
)
def test_what_shares_no_written_memory_is_right(fun, args):
    oracle.check(fun, args)


def test_parts_of_one_array_that_do_not_overlap():
    whole = np.arange(1.0, 7.0)
    x_bar, y_bar = adgen.grad(written, (0, 1))(whole[::2], whole[1::2])  # bounds overlap, elements do not
    np.testing.assert_array_equal(x_bar, [0.0, 4.0 + 2.0 * 2.0, 6.0])
    np.testing.assert_array_equal(y_bar, [6.0, 3.0, 5.0])


def changed_dict(p, q):
    p["v"] = q["v"] * 2.0
    return q["v"] * p["v"]


def changed_beside_a_list(p, qs):
    p["v"] = 3.0 * p["v"]
    total = 0.0
    for q in qs:
        total += q["v"] * p["v"]
    return total


def changed_inside(p, q):
    p["inner"]["v"] *= 2.0
    return q["inner"]["v"] * p["inner"]["v"]


@dataclass
class Pair:
    v: float
    w: float


def changed_field(p, q):
    p.v = q.w * 2.0
    return q.v * p.v


@pytest.mark.parametrize(
    ("fun", "one", "other"),
    [
        (changed_dict, {"v": 2.0}, {"v": 2.0}),
        (changed_beside_a_list, {"v": 2.0}, [{"v": 1.0}, {"v": 2.0}]),
        (changed_inside, {"inner": {"v": 2.0}}, {"inner": {"v": 2.0}}),
        (changed_field, Pair(1.0, 2.0), Pair(1.0, 2.0)),
    ],
)
def test_an_object_that_is_changed_is_no_other_argument(fun, one, other):
    oracle.check(fun, [one, other])
    shared = [one, one] if isinstance(other, list) else {"inner": one["inner"]} if "inner" in one_keys(one) else one
    with pytest.raises(ValueError, match="is changed, and .* holds the same object: pass a copy"):
        adgen.grad(fun)(one, shared)


def one_keys(thing):
    return thing if isinstance(thing, dict) else vars(thing)


def first_of_arrays(xs):
    xs[0][1] = xs[1][2] * xs[0][0]
    return np.sum(xs[0] * xs[1])


def first_of_rows(xs, row):
    xs[0][1] = xs[1][0] * xs[0][0]
    return xs[0][1] * row[1]


def rows_of_two(xs, ys):
    xs[0][1] = xs[1][0] * xs[0][0]
    return xs[0][1] * ys[0][1]


def either_array(x, w):
    y = x if x[0] > 0 else w
    y[1] = w[0] * x[1]
    return np.sum(x * w)


ONE, TWO, ROW = np.array([0.5, -1.25, 2.0]), np.array([1.5, 0.25, -0.75]), [1.0, 2.0]


@pytest.mark.parametrize(
    ("fun", "args"),
    [
        (first_of_arrays, ([ONE, ONE],)),
        (first_of_arrays, ([ONE, ONE[::-1]],)),
        (first_of_arrays, ((ONE, ONE),)),
        (first_of_rows, ([ROW, [3.0, 4.0]], ROW)),
        (rows_of_two, ([ROW, [3.0, 4.0]], [[5.0, 6.0], ROW])),
        (either_array, (ONE, ONE)),
    ],
)
def test_parts_of_arguments_that_are_written_to_are_nobody_elses(fun, args):
    with pytest.raises(ValueError, match="pass (a copy|copies)"):
        adgen.grad(fun)(*args)


def test_copies_of_them_are_right():
    oracle.check(first_of_arrays, [[ONE, TWO]])
    oracle.check(first_of_rows, [[list(ROW), [3.0, 4.0]], list(ROW)])
    oracle.check(either_array, [ONE, TWO])
