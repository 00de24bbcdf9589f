"""`copy.copy`, `copy.deepcopy`, `dataclasses.asdict` and `astuple`: what is shared, and what is not."""

import copy
from collections import namedtuple
from dataclasses import asdict, astuple, dataclass

import numpy as np
import pytest

import adgen
from tests.programs.oracle import check

X = np.array([0.5, 0.2, 0.9, 0.4])


@dataclass
class State:
    pos: np.ndarray
    vel: float = 1.0

    def step(self, h):
        self.pos = self.pos + h * self.vel
        self.vel = self.vel - h * np.sum(self.pos)

    def kick(self, h):
        self.pos *= h
        self.vel += h


@dataclass
class Pair:
    one: State
    two: State
    name: str = "pair"


class Plain:
    def __init__(self, w):
        self.w = w
        self.calls = 0

    def __call__(self, x):
        self.calls += 1
        return np.sum(self.w * x)


class Own:
    def __init__(self, w):
        self.w = w

    def __copy__(self):
        return Own(self.w * 2.0)


Point = namedtuple("Point", "x y")


def deep(x):
    s = State(x * 2.0, 0.5)
    r = copy.deepcopy(s)
    r.step(0.1)
    r.kick(1.5)
    r.pos[0] = 3.0
    return np.sum(s.pos * r.pos) * s.vel * r.vel


def shallow(x):
    s = State(x * 2.0, 0.5)
    r = copy.copy(s)
    r.kick(1.5)  # the array is that of s, too
    r.pos[0] = 3.0
    r.vel = x[1]
    r.step(0.1)  # not any more
    return np.sum(s.pos * r.pos) * s.vel * r.vel


def kept_states(x):
    s, total = State(x * 2.0, x[0]), 0.0
    history = [copy.deepcopy(s)]
    for _ in range(3):
        s.kick(0.7)
        s.step(0.1)
        history.append(copy.deepcopy(s))
    for old in history:
        total = total + np.sum(old.pos**2) * old.vel
    return total


def in_a_loop(x):
    s = State(x * 2.0, x[0])
    for k in range(3):
        trial = copy.deepcopy(s)
        trial.kick(0.5 + x[k])
        if np.sum(trial.pos) > 0.8:
            s = trial
        else:
            s.step(0.1)
    return np.sum(s.pos * x) + s.vel


def nested(x):
    p = Pair(State(x * 1.0), State(x * 3.0, x[2]))
    q = copy.deepcopy(p)
    q.one.kick(2.0)
    q.two.pos[1] = x[0]
    r = copy.copy(p)
    r.one.kick(0.3)  # that of p, too
    return np.sum(p.one.pos * q.one.pos * q.two.pos) + r.one.vel * p.two.vel


def of_a_class(x):
    f = Plain(x * 2.0)
    g, h = copy.copy(f), copy.deepcopy(f)
    total = f(x) + g(x * x)
    h.w[1] = 7.0
    f.w[0] = total
    return g(x) * h(x) + f.calls + 10 * g.calls + 100 * h.calls


def of_a_dict(x):
    p = {"w": x * 1.0, "b": x[0]}
    q, r = copy.deepcopy(p), copy.copy(p)
    q["w"][0] = 2.0
    q["b"] = q["b"] * 2.0
    r["w"][1] = 5.0
    r["b"] = 3.0
    return np.sum(p["w"] * q["w"] * r["w"]) * q["b"] * p["b"] * r["b"]


def of_tuples(x):
    p = Point(x * 2.0, x[0])
    q = copy.deepcopy(p)
    q.x[0] = 1.0
    t, (u, v) = copy.deepcopy((x * 1.0, (x * 3.0, x[1])))
    u[1] = 2.0
    return np.sum(p.x * q.x) * q.y + np.sum(t * u) * v


def fields(x):
    s = State(x * 2.0, x[0])
    d = asdict(s)
    d["pos"][0] = 9.0
    d["vel"] = d["vel"] * 2.0
    pos, vel = astuple(s)
    pos[1] = 4.0
    return np.sum(d["pos"] * s.pos * pos) * d["vel"] * vel * s.vel


EVERY = [deep, shallow, kept_states, in_a_loop, nested, of_a_class, of_a_dict, of_tuples, fields]


@pytest.mark.parametrize("f", EVERY)
def test_is_differentiated(f):
    check(f, (X,))


def given(s, x):
    r = copy.deepcopy(s)
    r.kick(x[0])
    t = copy.copy(s)
    t.vel = t.vel * x[1]
    return np.sum(s.pos * r.pos) * t.vel


def test_objects_that_are_given():
    s = State(X * 1.5, 0.7)
    by_s, by_x = adgen.grad(given, (0, 1))(s, X)
    h = 1e-6
    for k in range(4):
        moved = [State(X * 1.5 + sign * h * np.eye(4)[k], 0.7) for sign in (1, -1)]
        assert by_s.pos[k] == pytest.approx((given(moved[0], X) - given(moved[1], X)) / (2.0 * h), rel=1e-7)
        pair = [given(s, X + sign * h * np.eye(4)[k]) for sign in (1, -1)]
        assert by_x[k] == pytest.approx((pair[0] - pair[1]) / (2.0 * h), rel=1e-6, abs=1e-8)
    assert np.array_equal(s.pos, X * 1.5) and s.vel == 0.7


def shared(x):
    y = x * 2.0
    p = Pair(State(y), State(y))
    q = copy.deepcopy(p)
    q.one.pos[0] = 1.0
    return np.sum(q.two.pos)


def own_method(x):
    return np.sum(copy.copy(Own(x)).w)


def not_flat(x):
    return asdict(Pair(State(x), State(x * 2.0)))["one"]["vel"] * x[0]


REFUSED = {shared: "one array is in two places", own_method: "method __copy__", not_flat: "one of its fields"}


@pytest.mark.parametrize("f", REFUSED)
def test_is_refused(f):
    with pytest.raises(adgen.AdgenError, match=REFUSED[f]):
        adgen.grad(f)(X)
