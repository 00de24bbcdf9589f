"""Lists of arrays in which None stands beside arrays, tested for before they are used: both modes, pullbacks too."""

import numpy as np
import pytest

from tests.programs.oracle import check


def displayed(v):
    rows = [None if k == 1 else v * k for k in range(3)]
    t = 0.0
    for row in rows:
        if row is None:
            continue
        t += np.sum(row * v)
    return t


def appended(v):
    rows = []
    for k in range(4):
        if k % 2:
            rows.append(None)
        else:
            rows.append(v * k)
    t = 0.0
    for row in rows:
        if row is not None:
            t += np.sum(row * v)
    return t


def filled_in_part(v):
    rows = [None] * 4
    for k in range(0, 4, 2):
        rows[k] = v * (k + 1.0)
    t = 0.0
    for row in rows:
        if row is not None:
            t += np.sum(row * row)
    return t


def filled_twice(v):
    rows = [None] * 4
    t = 0.0
    for n in range(2):
        for k in range(n, 4, 2):
            if rows[k] is None:
                rows[k] = v * (k + n)
            else:
                rows[k] = rows[k] * v
        for row in rows:
            t += 0.0 if row is None else np.sum(row * row) * (n + 1.0)
    return t


def taken_away(v):
    rows = [None] * 4
    t = 0.0
    for n in range(3):
        for k in range(4):
            if rows[k] is None:
                rows[k] = v * (k + n + 1.0)
            elif k != n:
                t += np.sum(rows[k] * rows[k] * v)
                rows[k] = None
        for row in rows:
            if row is not None:
                t = t * 0.5 + np.sum(row * v)
    return t


def of_matrices(v):
    rows = [np.outer(v, v) if k != 2 else None for k in range(4)]
    t = 0.0
    for k, row in enumerate(rows):
        if row is not None:
            t = t + np.sum(row[k % 2] * v) * k
    return t


def of_numbers(v):
    rows = [None if k == 1 else v[0] * k for k in range(4)]
    t = 0.0
    for row in rows:
        if row is None:
            continue
        t += row * row
    return t


PROGRAMS = [displayed, appended, filled_in_part, filled_twice, taken_away, of_matrices, of_numbers]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda f: f.__name__)
def test_none_beside_arrays(program):
    check(program, (np.array([0.5, 1.2, -0.4]),))
