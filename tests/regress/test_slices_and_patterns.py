"""Slices as values, what is asked of a range, patterns with alternatives and positions: once refused, now right."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from tests.programs.oracle import check

X, Y = np.array([0.31, 0.72, 1.13, 0.54]), np.array([0.9, -0.4, 0.35, 1.2])
M = np.array([[0.3, 0.8, 1.1], [0.45, -0.6, 0.7], [1.3, 0.2, -0.9]])


class Grid:
    def __init__(self, n):
        self.data = np.zeros((n, n))

    def __setitem__(self, place, value):
        self.data[place] = value

    def __getitem__(self, place):
        return self.data[place]


@dataclass
class Disc:
    radius: float
    weight: float


@dataclass
class Ring(Disc):
    hole: float = 0.2


class Pair(NamedTuple):
    first: float
    second: float


class Turned:
    __match_args__ = ("second", "first")

    def __init__(self, first, second):
        self.first, self.second = first, second


def put(v, part, value):
    v[part] = value
    return v[part] * 2.0


def a_slice_in_a_name(a, x, y, m, n):
    part = slice(n - 1, n + 1)
    n = 0
    x[part] *= a
    v = x[part]
    v += y[part]
    return np.sum(x * y) + np.sum(v * v) + n


def one_in_a_loop(a, x, y, m, n):
    for k in range(3):
        part = slice(k, k + n)
        x[part] += a * y[part]
    return np.sum(x * x)


def several_at_once(a, x, y, m, n):
    window, rows = (slice(None), slice(n - 1, n + 1)), np.s_[: n - 1, ::2]
    m[window] *= a
    m[rows] += x[np.index_exp[:n]][0]
    return np.sum(m * m) + np.sum(m[rows] * a)


def handed_to_functions(a, x, y, m, n):
    s = np.sum(put(x, slice(1, n), a)) * np.sum(put(m, np.s_[0, :n], y[:n]))
    for part in [slice(k, k + n) for k in range(3)]:
        x[part] = x[part] * a
    return s * np.sum(x * y) * np.sum(m)


def of_lists_and_tuples(a, x, y, m, n):
    grown = []
    for v in x:
        grown.append(v * a)
    late, even = grown[slice(n - 1, None)], grown[slice(None, None, 2)]
    first, second = (a, x[0], x[1])[slice(None, None, 2)]
    return late[0] * late[1] * len(late) + even[0] * even[1] + first * second


def of_objects(a, x, y, m, n):
    grid = Grid(3)
    grid[0, 1] = a
    grid[1, :] = x[:3]
    grid[:, 2] += a
    grid[n - 1 :] *= y[0]
    return grid[0, 1] * grid[1, 2] + np.sum(grid[1] ** 2) + np.sum(grid[:n])


def asked_of_a_range(a, x, y, m, n):
    s = 0.0
    for k in range(4):
        inside = k in range(1, n + 1)
        if inside and k in range(n + 1):
            s += x[k] * a
        if k not in range(n, 0, -2):
            s = s * y[k]
    return s


def alternatives(a, x, y, m, n):
    s = 0.0
    for item in [("l", a, 2.0), ("r", 3.0, x[1]), ("c", x[2]), ("c", y[0], 7.0), ("d", [y[3], 2.0])]:
        match item:
            case ("l", v, _) | ("r", _, v) | ("c", v) if v < 50.0:
                s += v * v
            case ("c", *rest) | ("d", rest):
                s += rest[0] * rest[-1]
    return s


def inner_alternatives(a, x, y, m, n):
    s = 0.0
    for shape in [("c", (a, x[0])), ("d", (x[1], x[2], y[0])), {"k": "e", "w": x[3]}]:
        match shape:
            case (_, (p, q) | (p, _, q)):
                s += p * q * q
            case {"v": v} | {"k": "e", "w": v}:
                s += v * v
    return s


def fields_by_position(a, x, y, m, n):
    s = 0.0
    for item in [Disc(a, x[0]), Ring(a, x[2], y[0]), Pair(x[1], a), Turned(x[0], x[3])]:
        match item:
            case Ring(r, w, h):
                s += r * w * h
            case Disc(r, w) if r > w:
                s += r * r * w
            case Pair(p, q) | Turned(p, q):
                s += p * p * q
    return s


PROGRAMS = [
    a_slice_in_a_name,
    one_in_a_loop,
    several_at_once,
    handed_to_functions,
    of_lists_and_tuples,
    of_objects,
    asked_of_a_range,
    alternatives,
    inner_alternatives,
    fields_by_position,
]


@pytest.mark.parametrize("n", [2, 3])
@pytest.mark.parametrize("fun", PROGRAMS, ids=lambda fun: fun.__name__)
def test_derivatives(fun, n):
    check(fun, (0.7, X, Y, M, n))


def chosen_by_a_value(a, x, n):
    part = slice(n) if x[0] > 0.2 else slice(1, n)
    return np.sum(x[part] * a)


def another_in_each_pass(a, x, n):
    for k in range(3):
        part = slice(k, k + n)
    return np.sum(x[part] * a)


@pytest.mark.parametrize("fun", [chosen_by_a_value, another_in_each_pass])
def test_a_slice_that_depends_on_the_path_is_refused(fun):
    with pytest.raises(Refusal, match="slice"):
        adgen.grad(fun)(0.7, X, 2)
