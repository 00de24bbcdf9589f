"""Structures in lists: integers in some where others have floats, and places that a choice stands for."""

import numpy as np
import pytest

from tests.programs.oracle import check

X = np.array([0.31, 0.72, 1.13, 0.54])


class Body:
    def __init__(self, mass, pos=1):
        self.mass = mass
        self.pos = pos


def a_field_becomes_an_integer(a, x):
    team = [Body(a * x[0]) for _ in range(2)]
    team[0].mass = 2
    return team[0].mass * team[1].mass


def beside_an_array(a, x):
    team = []
    for _ in range(2):
        team.append(Body(a * x[0], x * a))
    team[0].mass *= team[1].pos[0]
    team[0].mass = 2
    return team[0].mass * team[1].mass * np.sum(team[0].pos)


def integers_in_turns(a, x):
    team = []
    for k in range(3):
        team.append(Body(a, 2) if k == 1 else Body(k, x[k]))
    team.append(Body(3, 4))
    return sum(body.mass * body.pos * a for body in team)


def nested_tuples(a, x):
    rows = []
    for k in range(4):
        rows.append((a, (2, k)) if k % 2 else (k, (x[k], 1.5)))
    rows[0] = (1, (2, 3))
    s = 0.0
    for p, (q, r) in rows:
        s += p * q * a * r
    return s


def tuples_in_a_dict(a, x):
    d = {}
    for k in range(4):
        d[k] = (a, 2, k) if k % 2 else (k, x[k], k)
    d[1] = (1, 1, 1)
    return sum(p * q * a * k for p, q, k in d.values())


def one_place_either_way(a, x):
    rows = [np.tanh(x) * a for _ in range(2)]
    rows[-1][0] = a * a
    row = rows[-1] if a < 0.085 else rows[-1]
    row[...] = np.cumsum(x) * 0.4
    rows[-1][1] *= a
    return np.sum(rows[-1] * rows[0])


PROGRAMS = [
    a_field_becomes_an_integer,
    beside_an_array,
    integers_in_turns,
    nested_tuples,
    tuples_in_a_dict,
    one_place_either_way,
]


@pytest.mark.parametrize("fun", PROGRAMS, ids=lambda fun: fun.__name__)
def test_derivatives(fun):
    check(fun, (0.7, X))
