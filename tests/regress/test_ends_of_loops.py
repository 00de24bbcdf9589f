"""What an iteration keeps in a loop or a branch before its exit is taken off the tapes, though the exit has no adjoint.

    while k < 3 and (p := total(y, a)) < 2.0:      total has run, and kept things, in the pass that ends the loop, too
        y *= p

The entries of that pass lay on top of those of the complete passes, which were given the wrong ones.
"""

import numpy as np
import pytest

import adgen
from tests.programs.oracle import check

X = np.array([0.3, 0.4, 0.5])


def total(u, p):
    t = 0.0
    for q in u:
        t = t + np.sin(q * p)
    return t


def walrus_in_the_test(a, x):
    y = x * 1.0
    k = 0
    while k < 3 and (v := total(y, a)) < 2.0:
        k += 1
        y *= v
    return np.sum(y)


def break_behind_a_call(a, x):
    y = x * 1.0
    k = 0
    while True:
        v = total(y, a)
        if v >= 2.0 or k > 3:
            break
        k += 1
        y *= v
    return np.sum(y)


def loop_in_a_branch(a, x):
    y = x * 1.0
    k = 0
    while k < 3:
        if a > 0.0:
            v = 0.0
            for q in y:
                v = v + np.sin(q * a) * v * v + q * a
        else:
            v = 1.0
        if v >= 2.0:
            break
        y *= v * 2.0
        k += 1
    return np.sum(y)


def branch_before_a_break(a, x):
    y = x * 1.0
    k = 0
    for k in range(5):
        if k > 0:
            v = np.exp(y[0] * a)
            v = v * v * y[1]
        else:
            v = 1.5
        if v >= 4.0:
            break
        y *= v * 2.0
    return np.sum(y)


def inner_while(a, x):
    s = 0.0
    for v in x:
        k = 0
        y = v
        while k < 3 and (p := total(x * y, a)) < 1.2:
            k += 1
            y = y * p * 1.5
        s += y
    return s


def two_levels(a, x):
    s = 0.0
    y = x * 1.0
    for i in range(4):
        t = 0.0
        for j in range(3):
            w = 0.0
            for q in y:
                w = w + np.sin(q * a) * q
                if w > 1.5:
                    break
            if w > 1.0:
                break
            t += w * w
        y[i % 3] *= 1.0 + t
        s += t
    return s + np.sum(y)


def early_return(a, x):
    s = 0.0
    y = x * 1.0
    for i in range(4):
        w = 0.0
        for q in y:
            w = w + np.sin(q * a) * q
        if w > 1.0:
            return s
        y *= 1.2 * w
        s += np.sum(y) * a
    return s + np.sum(y)


def fixed_points(a, x):
    out = []
    y = x * 1.0
    for i in range(3):
        n = 0
        u = y * (i + 1)
        while True:
            e = 0.0
            for q in u:
                e = e + np.exp(-q * a) * q
            if e < 0.9 or n > 3:
                break
            n += 1
            u *= 0.8 * e
        out.append(u)
    return sum(np.sum(o * o) for o in out) + e


PROGRAMS = (
    walrus_in_the_test,
    break_behind_a_call,
    loop_in_a_branch,
    branch_before_a_break,
    inner_while,
    two_levels,
    early_return,
    fixed_points,
)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda f: f.__name__)
def test_the_pass_that_ends_a_loop_leaves_nothing_on_the_tapes(program) -> None:
    for a in (0.3, 0.7, 0.9, 1.1, 1.6):
        check(program, (a, X), modes=("value_and_grad", "vjp", "jvp"))


@pytest.mark.parametrize("program", (break_behind_a_call, two_levels), ids=lambda f: f.__name__)
def test_the_same_for_numba(program) -> None:
    pytest.importorskip("numba")
    compiled, plain = adgen.grad(program, backend="numba"), adgen.grad(program)
    for a in (0.3, 0.9, 1.6):
        np.testing.assert_allclose(compiled(a, X.copy()), plain(a, X.copy()), rtol=1e-12)
