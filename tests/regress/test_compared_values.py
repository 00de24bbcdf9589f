"""What the reverse sweep makes again and compares has the bits that the program found (seed 66055025 of the fuzzer).

`np.min(0.6 * (p * t))` was found by `0.6 * t * p == y`, which was true for no element at some points: 0.0 / 0.
"""

import numpy as np
import pytest

import adgen
from tests.programs.oracle import check

RNG = np.random.default_rng(5)


def least(p, x, n):
    a = 0.75
    for k in range(n):
        t = x[k]
        a = a * np.min(0.6 * (p * t))
    return a


def largest(p, x, n):
    a = 0.75
    for k in range(n):
        a = a * np.max((p * x[k]) * 0.3 * 0.7)
    return a


def clipped(p, x, n):
    a = 0.75
    top = 0.6 * (p[0] * x[0])
    for k in range(n):
        a = a + np.sum(np.maximum(0.6 * (p * x[k]), top) * a)
    return a


def whole_part(p, x, n):
    a = 0.75
    for k in range(n):
        t = 0.1 * (p[k] * 30.0)
        a = a * (t - np.floor(t) + 1.0) * x[k]
    return a


def branched(p, x, n):
    a = 0.75
    level = 0.6 * (p[1] * x[1])
    for k in range(n):
        t = 0.6 * (p[k] * x[1])
        if t >= level:
            a = a * t
        else:
            a = a + t * x[k]
    return a


@pytest.mark.parametrize("f", [least, largest, clipped, whole_part, branched])
def test_what_is_compared_is_computed_as_it_was(f):
    gradient = adgen.grad(f, (0, 1))
    for _ in range(40):
        p, x = RNG.uniform(0.2, 1.0, 4), RNG.uniform(0.2, 1.0, 4)
        for found, expected in zip(gradient(p, x, 4), columns(f, p, x, 4), strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-12)
    check(f, (p, x, 4))


def columns(f, p, x, n):
    """The gradient by forward mode, a direction at a time: it compares what the program itself computes."""
    zero = np.zeros_like(p)
    by_p = [adgen.jvp(f, (p, x, n), (e, zero, None))[1] for e in np.eye(4)]
    return by_p, [adgen.jvp(f, (p, x, n), (zero, e, None))[1] for e in np.eye(4)]
