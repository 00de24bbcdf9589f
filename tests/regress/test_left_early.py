"""Loops over values of different kinds that are left early, counts of inner loops as indices, np.vectorize."""

from dataclasses import dataclass

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs import oracle
from tests.programs.cases import collection

X = np.array([0.7, 1.3, 0.4, 0.9])
M = np.array([[0.3, 1.2, 0.5], [0.9, 0.4, 1.1]])
CASES, case = collection()


@dataclass
class Body:
    pos: np.ndarray
    vel: np.ndarray
    mass: float = 1.0

    def kick(self, force, dt):
        self.vel += dt * force / self.mass


@case(X)
def bodies_but_oneself(x):
    bodies = [Body(x[:2] * 1.0, x[2:] * 1.0, 1.4), Body(x[1:3] * x[0], x[:2].copy(), x[3])]
    for i, a in enumerate(bodies):
        for j, b in enumerate(bodies):
            if i == j:
                continue
            r = b.pos - a.pos
            a.kick(r * b.mass / (1 + r @ r), 0.2)
    for b in bodies:
        b.pos = b.pos + 0.3 * b.vel
        if b.vel @ b.vel > 1.5:
            break
    else:
        bodies[0].pos = bodies[0].pos * 2.0
    return sum(b.mass * (b.vel @ b.vel) for b in bodies) + bodies[0].pos @ bodies[1].pos


@case(X)
def commands(x):
    r = 1.0
    for command in [("add", 0), ("mul", 1), ("add", 2), ("stop",), ("mul", 3)]:
        match command:
            case ("add", k):
                r = r + x[k]
            case ("mul", k) if x[k] > 1:
                r = r * x[k]
            case ("stop",):
                break
            case _:
                r = r - 1
    else:
        r = 0.0
    return r * r


@case(X)
def break_continue_return_else(x):
    t = 0.0
    for it in range(3):
        for k, v in ((0, x[1]), ("a", x), (2, x[2])):
            if x[it] > 0.8:
                break
            if t > 2.0:
                continue
            if k == "a":
                t += np.sum(v) * x[it]
                if t > 100:
                    return t
            else:
                t += v * t + v
        else:
            t *= 1.5
        if t > 30:
            break
    return t


@case(X)
def stores_in_turns(x):
    y = x * 1.0
    for k, e in [(0, 2.0), (slice(1, 3), x[1:3]), (3, 1.0)]:
        if y[0] > 1.35:
            break
        y[k] *= e
        if y[1] > 0.9:
            continue
        y[0] += y[3]
    return np.sum(y * y)


@case(X)
def continue_decided_then_return(x):
    for p, q in [(1, x), ("b", x[0])]:
        if x[1] > 1.0:
            if p == 1:
                continue
            return q * 3.0
    return 0.0


@case(X)
def the_count_is_the_index(x):
    s = 0.0
    for _ in range(2):
        for i in range(len(x)):
            if x[i] > 0.9:
                x[i] *= 0.7
                break
            x[i] += 0.3
        s += x[i] ** 2
    return s


def up(v, c):
    for i in range(1, len(v)):
        if v[i] > c:
            v[i] *= v[0]
            return i
        v[i] += 0.3
    return 0


@case(X)
def the_count_is_the_index_in_a_callee(x):
    s = 0.0
    for k in (2, 0, 1):
        i = up(x, 0.97)
        s += x[i]
        if s > 2.0:
            break
    else:
        s += up(x, 0.45)
    return s + np.sum(x * x)


smooth = np.vectorize(lambda v: v * v + 0.1 if v > 0.5 else np.exp(-v) * v / 3)


@case(X)
def vectorized_keeps_its_axes(x):
    u = smooth(x)
    u[1:] *= u[0]
    return np.sum(u[1:] * u[:-1]) + max(u)


@case(M)
def vectorized_rows(m):
    u = np.vectorize(lambda v: v * np.sin(v))(m)
    return u[0] @ u[1] + np.sum(u[:, 1])


@pytest.mark.parametrize("fun, args", CASES, ids=[fun.__name__ for fun, _ in CASES])
def test_derivatives(fun, args):
    oracle.check(fun, args, directions=1)


def refused(fun, *args):
    with pytest.raises(Refusal) as caught:
        oracle.check(fun, args)
    return str(caught.value)


def test_vectorize_of_single_precision():
    def outside(x):
        return np.sum(smooth(x))

    def inside(x):
        return np.sum(np.vectorize(lambda v: v * np.sin(v))(x))

    for fun in (outside, inside):
        assert "rounds as the first" in refused(fun, X.astype(np.float32))


def test_items_that_may_be_numbers_or_arrays():
    def scaled(x):
        q = [x * 1.0, x[3], x[0]]
        q[1] *= x[1]
        return q[1] * np.sum(q[0])

    def increased(x):
        q = [x * 1.0, x[3], x[0]]
        q[1] += x[1]
        return q[1] * np.sum(q[0])

    assert "it may be a number or an array" in refused(scaled, X)
    oracle.check(increased, (X,))


def as_far_as_an_array_says(x):
    return as_far_as_an_argument_says(x, np.array(2))


def as_far_as_one_of_two_says(x):
    n, m = np.array(2), np.array(3)
    k = n if x[0] > 0.2 else m
    t = 0.0
    for i in range(k):
        if t > 0.9:
            break
        t += x[i]
    n += 1
    return t * n


def as_far_as_an_argument_says(x, n):
    t = 0.0
    for i in range(n):
        if t > 0.9:
            break
        t += x[i]
    n += 1
    return t * n


def as_far_as_an_element_says(x):
    k = np.array([2, 3])
    t = 0.0
    for i in range(k[0]):
        if t > 0.9:
            break
        t += x[i]
    k += 1
    return t * k[0]


@pytest.mark.parametrize("fun", [as_far_as_an_array_says, as_far_as_one_of_two_says, as_far_as_an_element_says])
def test_the_end_of_a_range_is_written_after_the_loop(fun):
    """The trip count was the array itself: with what was written to it later, the reverse loop ran too far."""
    oracle.check(fun, (np.array([0.5, 0.7, 0.3]),))


@pytest.mark.parametrize("n", [2, np.int64(2), np.array(2)], ids=["py", "i8", "0-d"])
def test_an_argument_that_ends_a_range_is_written_after_the_loop(n):
    oracle.check(as_far_as_an_argument_says, (np.array([0.5, 0.7, 0.3]), n))


def flags_of_an_array_without_axes(x):
    f, t = np.array(False), x[0]
    for i in range(3):
        if f and t > 0.1:
            t = t * x[i]
        f ^= True
    return t


def a_flag_that_is_the_array(x):
    f, t = np.array(False), x[0]
    for i in range(3):
        h = f and t > 0.1
        f ^= True
        if h:
            t = t * x[i]
    return t


def test_a_flag_that_was_an_array_is_kept_as_it_was():
    """`f and ..` is f itself where f decides: what was kept for the reverse loop changed with it."""
    oracle.check(flags_of_an_array_without_axes, (X,))


def test_a_flag_that_changes_with_an_array_is_refused():
    with pytest.raises(Refusal, match="this flag may be an array that is written"):
        oracle.check(a_flag_that_is_the_array, (X,))
