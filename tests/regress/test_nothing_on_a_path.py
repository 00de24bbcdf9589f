"""None on some path, where nothing in the text says so: a call that runs to its end, what a branch did not keep."""

from __future__ import annotations

import numpy as np

from tests.programs.oracle import check

X = np.array([0.2, 0.3, 0.4, 0.5])
Z = np.array([0.2, 0.3, 0.4, 0.6])


def end_of_a_call(a, x):
    def third(p):
        if p > 0.773:
            return p * 0.33

    r = third(0.57)  # known not to return
    if r is None:
        return a * np.sum(x * x)
    return r


def kept_in_an_inner_branch(a, x, z, n):
    if n > 1:
        return kept_in_an_inner_branch(a * 0.7, x, z, n - 1)
    if a < 0.4:
        a = a * x[0]
    elif a < 0.956:
        a = a if a > 0.7 else np.prod(x)  # the old x is kept on one of four paths
    else:
        a = a * a
    x[:-1] += z[:-1]
    return a + np.sum(x * z)


def single_in_a_call(a, n, w):
    if n > 1:
        return single_in_a_call(a * 0.7, n - 1, w)
    return a * (w[()] if n < 0 else a)


def test_a_call_that_runs_to_its_end_gives_none() -> None:
    check(end_of_a_call, (0.7, X))


def test_what_an_inner_branch_keeps_is_copied_where_it_is() -> None:
    for a in (0.3, 0.6, 0.8, 1.2):
        for n in (0, 2):
            check(kept_in_an_inner_branch, (a, X, Z, n))


def test_the_zero_of_a_single_is_a_single_in_functions_that_call_themselves() -> None:
    for n in (0, 3):
        check(single_in_a_call, (0.7, n, np.array(0.3, np.float32)))
