"""What computes its elements when their turn comes: right, or refused where a loop and its elements see one another."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs.oracle import check

X = np.array([0.7, 1.3, -0.4, 2.1])


def memory(x):
    a, t = x.copy(), 0.0
    for v in (u * u for u in a):
        a[3] = t
        t += v
    return t


def name(x):
    c, t = x[0], 0.0
    for v in (u * c for u in x):
        c = c + v
        t += v
    return t


def through_closures(x):
    c, t = x[0], 0.0

    def f(u):
        return u * c

    def g(u):
        return f(u) + 1.0

    for v in (g(u) for u in x):
        c = c + v
        t += v
    return t


def computed_dict(x):
    d, t = {}, 0.0
    for i, v in ((i, x[i] * d.get(i - 1, 1.0)) for i in range(4)):
        d[i] = v
        t += v
    return t


def constant_dict(x):
    d, t = {"a": x[0]}, 0.0
    for v in (d["a"] * u for u in x):
        d["a"] = v
        t += v
    return t


def numbered(x):
    a, t = x.copy(), 0.0
    for i, v in enumerate(u * u for u in a):
        a[3] = t
        t += v * i
    return t


def zipped(x):
    a, t = x.copy(), 0.0
    for w, v in zip(x, (u * u for u in a)):
        a[3] = t
        t += v * w
    return t


def zipped_short(x):
    a = np.zeros(4)

    def f(i):
        a[i] = x[i] ** 2
        return a[i]

    return sum(u * v for u, v in zip([1.0, 2.0], (f(i) for i in range(4)))) + np.sum(a)


def left_early(x):
    a = np.zeros(4)

    def f(i):
        a[i] = x[i] ** 2
        return a[i]

    for v in (f(i) for i in range(4)):
        if v > 1:
            break
    return np.sum(a)


def filtered(x):
    a, t = x.copy(), 0.0
    for v in filter(lambda u: u > 0, a):
        a[2] = 1.0 + t
        t += v
    return t


def known_elements(x):
    values, c, t = [x[0], x[1], x[2]], x[3], 0.0
    for v in (u * c for u in values):
        c = c + v
        t += v
    return t


def mapped_elements(x):
    values, c, t = [x[0], x[1], x[2]], x[3], 0.0
    for v in map(lambda u: u * c, values):
        c = c + v
        t += v
    return t


def mapped_memory(x):
    a, t = x.copy(), 0.0
    for v in map(lambda u: u * a[1], (x[0], x[1], x[2])):
        a[1] = a[1] + v
        t += v
    return t


def all_of_a_list(x):
    a = np.zeros(4)

    def f(i):
        a[i] = x[i] ** 2
        return a[i]

    return np.sum(a) if any([f(i) > 1 for i in range(4)]) else np.sum(a) * x[0]


SEEN = [memory, name, through_closures, computed_dict, constant_dict, numbered, zipped, zipped_short, left_early]
SEEN += [filtered, known_elements, mapped_elements, mapped_memory, all_of_a_list]


@pytest.mark.parametrize("fun", SEEN, ids=lambda fun: fun.__name__)
def test_what_is_seen_too_early_is_refused(fun):
    with pytest.raises(Refusal) as caught:
        check(fun, (X,))
    assert any(code in str(caught.value) for code in ("E0102", "E0122"))


def test_what_nobody_sees_is_right():
    def f(x):
        a, d = x.copy(), {"t": 0.0}
        a[0] = x[1] ** 2
        for v in (u * a[0] for u in a):
            d["t"] += v
            if v > 1.0:
                break
        for i, (v, w) in enumerate(zip(x, (u * a[0] for u in a))):
            d["t"] += v * i * w
        values = [x[0], x[1]]
        for v in (u * x[2] for u in values):
            d["t"] += v
        for v in filter(lambda u: u > 0.0, x):
            d["t"] += v * v
        return d["t"] + sum(map(lambda u, v: u * v, x, (w * w for w in x)))

    check(f, (X,))


def counted_down(a, b, n):
    g = "p" if n > 1 else "q"
    r = defaultdict(float)
    r[g] += b
    r["s"] -= n * 0.5
    return sum(r.values()) * a


def test_an_entry_whose_first_value_does_not_vary():
    """Its tangent is an entry, too (was: KeyError in forward mode)."""
    check(counted_down, (0.7, 0.3, 2))
