"""Branches on tests that turn out to be literals: they go from both sweeps, whatever number the branches hand on."""

from dataclasses import dataclass

import numpy as np
import pytest

from tests.programs.oracle import check


@dataclass
class Limit:
    rate: float

    def __contains__(self, p):
        return p < self.rate


def wave(t, w):
    return np.sin(t * w) * t + 0.2 * t


def taken(a, b, m):
    c = b if 0.5 in Limit(0.7) else wave(a, a)
    u = m.sum(axis=1) * 0.2 * a
    return c + np.sum(u * u)


def not_taken(a, b, m):
    c = wave(a, a) if 0.5 in Limit(0.3) else b
    u = m.sum(axis=1) * 0.2 * a
    return c + np.sum(u * u)


def of_an_array(a, b, m):
    c = m[0] * b if 0.5 in Limit(0.7) else np.sin(m[1] * a) * a
    return np.sum(c * c) * a


def of_integers(a, b, m):
    c = 2 if 0.5 in Limit(0.7) else wave(a, a)
    return np.sum(m * m) ** c * b * a


def in_a_loop(a, b, m):
    c = a
    for k in range(3):
        c = c * b if 0.5 in Limit(0.7) else wave(c, np.sum(m[k]))
    return c + np.sum(m[0]) * c


PROGRAMS = [taken, not_taken, of_an_array, of_integers, in_a_loop]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda f: f.__name__)
def test_branches_on_literals(program):
    check(program, (0.2, 0.6, np.arange(1.0, 13.0).reshape(3, 4) * 0.1))
