"""A function that looks at adjoints is handed from the forward to the backward part as it is (was: TypeError)."""

from dataclasses import dataclass

import numpy as np

import adgen
from tests.programs.oracle import check

SEEN = []


def watched(g):
    SEEN.append(g)


@dataclass
class Body:
    pos: np.ndarray
    mass: float


def hooked(a, x, ps):
    seen = adgen.on_adjoint(np.sin(a), watched)
    kept = list(filter(lambda q: q > 0.25, x))
    kept.append(0.2)
    team = []
    for i in range(2):
        team.append(Body(x * x[i], a * x[i]))
    return seen + np.sum(team[0].pos) * team[1].mass + sum(kept) + sum(ps), x * 2.0


def test_a_hook_beside_objects_without_a_class():
    SEEN.clear()
    check(hooked, (0.7, np.array([0.3, 0.5, 0.9]), [0.1, 0.4]))
    assert SEEN
