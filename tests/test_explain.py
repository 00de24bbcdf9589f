"""What `explain` says of saved values: which they are, why, and how many bytes, checked against tracemalloc."""

from __future__ import annotations

import re
import tracemalloc

import numpy as np
import pytest

import adgen


def stencil(u, c, nt):
    v = u.copy()
    for _ in range(nt):
        v[1:-1] = v[1:-1] + c * v[2:] * v[:-2]
    return np.sum(v * v)


def pairs(x, n):
    s = 0.0
    for i in range(1, n):
        for j in range(i + 1):
            s = np.sin(s * x[i]) + x[j]
    return s


def euler(a, n):
    u = 1.0
    for _ in range(n):
        u = u - 0.01 * a * u * u
    return u


def rows(m, k):
    z = m[0]
    for _ in range(2, k):
        z = np.tanh(z * m[1])
    return np.sum(z)


def kept(line: str, sizes: dict[str, int]) -> int:
    """The bytes that a line of `explain` states, for these sizes."""
    text = re.search(r"saved, ([^,]*) bytes,", line)
    assert text is not None, line
    return int(eval(text[1], {"__builtins__": {}}, dict(sizes)))


def peak(function, args) -> int:
    function(*args)
    tracemalloc.start()
    try:
        function(*args)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


PROGRAMS = (
    (stencil, lambda n: (np.linspace(0.0, 1.0, 5000), 1e-4, n), {"u0": 5000}, "nt"),
    (euler, lambda n: (0.3, n), {}, "n"),
    (rows, lambda n: (np.ones((2, 4000)), n), {"m1": 4000}, "k"),
)


@pytest.mark.parametrize(("program", "make", "sizes", "count"), PROGRAMS, ids=lambda p: getattr(p, "__name__", ""))
def test_stated_bytes_are_those_that_are_allocated(program, make, sizes, count) -> None:
    """By the growth between two trip counts: what a call needs besides does not grow."""
    gradient = adgen.grad(program)
    gradient(*make(8))
    stated = [line for line in gradient.explain().splitlines() if ": saved" in line]
    few, many = 50, 450
    told = sum(kept(line, {**sizes, count: many}) - kept(line, {**sizes, count: few}) for line in stated)
    grown = peak(gradient.generated, make(many)) - peak(gradient.generated, make(few))
    assert stated and 0.8 * told <= grown <= 1.25 * told


def test_a_value_is_named_as_the_program_writes_it() -> None:
    gradient = adgen.grad(stencil)
    gradient(np.ones(5), 0.1, 2)
    assert "`c * v[2:]`: saved, 8 * (u0 - 2) * nt bytes, the adjoint of `v[1:-1] = " in gradient.explain()


def test_a_count_that_depends_on_a_loop_around_is_said_with_it() -> None:
    gradient = adgen.grad(pairs)
    gradient(np.ones(5), 4)
    (line,) = [line for line in gradient.explain().splitlines() if ": saved" in line]
    assert "(n - 1) * (i + 1) bytes" in line
