"""What an outer loop has is kept once for each of its passes, in place of what inner loops make of it."""

import numpy as np
import pytest

from adgen import signature
from adgen.frontend import source
from adgen.pipeline import Request, generate
from tests.programs.oracle import check


def kept_outside(x, w, n):
    y = x.copy()
    s = 0.0
    for _ in range(n):
        for i in range(3):
            d = y - y[i] * w[i]
            s += np.sum(d * d * d)
        y *= 1.0 + w[0]
    return s


def written_inside(x, w, n):
    y = x.copy()
    s = 0.0
    for _ in range(n):
        for i in range(3):
            d = y - y[i] * w[i]
            s += np.sum(d * d * d)
            y[i] = d[1] * 0.5
    return s


def written_through_a_view(x, w, n):
    y = x.copy()
    z = y[1:]
    s = 0.0
    for _ in range(n):
        for i in range(3):
            d = y - y[i] * w[i]
            s += np.sum(d * d * d)
            z[i] = z[i] * 0.5
    return s


def written_around(x, w, n):
    y = x.copy()
    s = 0.0
    for _ in range(n):
        y[1] = y[2] * w[0]
        for i in range(3):
            d = y - y[i] * w[i]
            s += np.sum(d * d * d)
        y[0] = y[1] * s * 0.01
        y *= 0.5
    return s


def three_deep(x, w, n):
    y = x.copy()
    s = 0.0
    for _ in range(n):
        for k in range(2):
            for i in range(3):
                d = y - y[i] * w[k]
                s += np.sum(d * d * d)
            y[k] = s * 0.01
    return s


def handed_on(x, w, n):
    s = 0.0
    for _ in range(n):
        for i in range(3):
            d = x - x[i] * w[i]
            s += np.sum(np.sqrt(d * d + 1.0) * d)
        x = x * w[1] + 0.1
    return s


def dear(x, w, n):
    y = x.copy()
    s = 0.0
    for _ in range(n):
        for i in range(3):
            e = np.exp(-y * w[i])
            s += np.sum(e * e * y)
        y *= 1.0 + w[0]
    return s


X, W = np.array([0.7, 1.3, 0.9, 1.1]), np.array([0.4, 0.9, 0.6])
KEPT = {  # tapes of arrays of the inner loop
    kept_outside: False,
    written_inside: True,
    written_through_a_view: True,
    written_around: False,
    three_deep: False,
    handed_on: False,
    dear: True,
}


@pytest.mark.parametrize("fun", KEPT, ids=lambda f: f.__name__)
def test_gradients_are_right(fun):
    check(fun, (X, W, 3))


@pytest.mark.parametrize("fun", KEPT, ids=lambda f: f.__name__)
def test_memory_that_inner_loops_leave_alone_is_kept_outside(fun):
    found = source.find(fun)
    types = dict(signature.of_values(found.params, (X, W, 3)).items)
    text = generate(found, types, Request("grad", ("x", "w")), verify="each", guarded=False).text
    lines = text.splitlines()
    depth = 16 if fun is three_deep else 12
    inner = [line for line in lines if ".append(" in line and len(line) - len(line.lstrip()) >= depth]
    if fun is three_deep:
        assert text.count("y_saved.append(y.copy())") == 1
    assert bool(inner) is KEPT[fun], text
