"""A dict that some path leaves unbound: its adjoint is that of no dict (seed 67200230 of the fuzzer)."""

import numpy as np
import pytest

import adgen
from tests.programs.oracle import check

X = np.array([0.8, 1.1, 0.3])


def by_number(x, n):
    if n > 1:
        held = {n: x[0] * 2.0}
    v = held[n] if n > 1 else x[1] * x[2]
    return v * v


def of_arrays(x, n):
    if n > 1:
        held = {}
        for k in range(n):
            held[k] = x * k
    v = np.sum(held[n - 1]) if n > 1 else x[1] * x[2]
    return v * v


def always_read(x, n):
    if n > 1:
        held = {n: x[0] * 2.0}
    return held[n] * x[1]


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("f", [by_number, of_arrays])
def test_is_differentiated(f, n):
    check(f, (X, n))


def test_reading_it_fails_as_the_program_does():
    check(always_read, (X, 2))
    for derivative in (
        always_read,
        adgen.grad(always_read),
        lambda x, n: adgen.vjp(always_read, x, n),
        lambda x, n: adgen.jvp(always_read, (x, n), (x, None)),
    ):
        with pytest.raises(UnboundLocalError):
            derivative(X, 1)
