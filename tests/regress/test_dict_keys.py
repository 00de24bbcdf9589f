"""Dicts with computed keys where a careless adjoint would be wrong: repeated keys, keys that go and come back."""

from collections import defaultdict

import numpy as np
import pytest

import adgen
from tests.programs.oracle import check

X = np.array([1.3, 0.7, -0.4])


def repeated_in_display(x, k):
    d = {k: x[0] ** 2, 1: x[1] ** 3}
    return d[1] + d[k]


@pytest.mark.parametrize("k", [0, 1])
def test_of_two_equal_keys_in_a_display_the_last_counts(k):
    check(repeated_in_display, (X, k))


def gone_and_back(x):
    d = {}
    for i in range(3):
        d[i % 2] = x[i] ** 2
    total = d[0] * d[1]
    del d[0]
    total += d.get(0, 1.0) * x[1]
    d[0] = x[1] * d[1]
    return total * d[0]


def test_a_key_that_went_has_a_new_adjoint():
    check(gone_and_back, (X,))


def true_and_one(x):
    d = {1: x[0]}
    d[True] = x[1] ** 2
    return d[1] * len(d)


def test_true_is_one():
    check(true_and_one, (X,))


def keys_vary(x):
    d = {}
    for v in x:
        d[v * 2.0] = v
    s = 0.0
    for k in d:
        s += k
    return s


def test_keys_that_vary_are_refused():
    with pytest.raises(adgen.Refusal, match="no integer, no text"):
        adgen.grad(keys_vary)(X)


def grown_meanwhile(x):
    d = {0: x[0]}
    for k in d:
        d[k + 1] = x[1]
    return d[0]


def test_a_dict_that_grows_while_it_is_run_over_raises_as_the_program_does():
    with pytest.raises(RuntimeError):
        grown_meanwhile(X)
    with pytest.raises((RuntimeError, adgen.Refusal)):
        adgen.value_and_grad(grown_meanwhile)(X)


def result(x):
    d = {}
    for i in range(3):
        d[f"k{i % 2}"] = x[i] ** 2
    return d


def test_a_dict_is_a_result():
    out, pull = adgen.vjp(result, X)
    (x_bar,) = pull({"k0": 2.0, "k1": 3.0})
    assert out == {"k0": X[2] ** 2, "k1": X[1] ** 2}
    assert np.allclose(x_bar, [0.0, 6.0 * X[1], 4.0 * X[2]])
    (again,) = pull({"k0": 2.0, "k1": 3.0})
    assert np.array_equal(x_bar, again)


def added_beside(x):
    d = defaultdict(float)

    def change():
        d[0] = d[0] * 2.0
        return x[1]

    d[0] = x[0]
    d[0] += change()
    d[0] = d.get(0, 0.0) + change()
    return d[0] * x[2]


def test_an_entry_is_read_before_what_is_added_to_it_is_computed():
    with pytest.raises(adgen.Refusal, match="changes the dict"):
        adgen.grad(added_beside)(X)
