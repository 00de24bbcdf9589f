"""An operation that a branch of the loop's reverse hands on must not move behind that branch."""

from __future__ import annotations

import numpy as np

from tests.programs.oracle import check

X = np.array([0.78, 0.11, 0.21, 0.62])


def test_a_value_that_an_inner_branch_yields_stays():
    def f(a, b, x, m):
        for p in x:
            b = np.max(m[1]) / (1.5 + (a if not p > 0.579 else b) ** 2)
        return a + b + np.sum(m[1] * a)

    check(f, (0.22, 0.37, X, np.outer(X, X)))


def test_two_adjoints_that_need_each_other():
    def f(a, b, n):
        for _ in range(n):
            a, b = a * b, np.sin(a) + b
        return a * b

    check(f, (0.22, 0.37, 4))
