"""A name that no pass of a loop has bound fails where it is read, in every derivative (seed 67102685 of the fuzzer).

What a loop made of values from outside was computed before it, and so had a value where the loop had no pass.
"""

import numpy as np
import pytest

import adgen

Z = np.array([1.0, 2.0])


def product_of_items(z, n):
    for i in range(n):
        h = [(0.6 * z) * 1.0]
    return np.sum(h[-1] * h[0])


def item(z, n):
    for i in range(n):
        h = [z * 2.0]
    return np.sum(h[0])


def name(z, n):
    for i in range(n):
        h = z * 2.0
    return np.sum(h)


def item_and_literal(z, n):
    for i in range(n):
        h = [z * 2.0, 1.0]
    return np.sum(h[0]) * h[1]


def field(z, n):
    for i in range(n):
        h = {"a": z * 2.0, "b": 1.0}
    return np.sum(h["a"]) * h["b"]


def pair(z, n):
    for i in range(n):
        h = (z * 2.0, i)
    return np.sum(h[0]) * h[1]


def changing(z, n):
    for i in range(n):
        h = [z * i]
    return np.sum(h[0])


def branch(z, n):
    if n > 0:
        h = [z * 3.0]
    return np.sum(h[0])


def outer_name(z, n):
    w = z * 2
    for i in range(n):
        h = [w]
    return np.sum(h[0])


def same_name(z, n):
    w = z * 2
    for i in range(n):
        h = w
    return np.sum(h)


def literals(z, n):
    for i in range(n):
        h = [1.0, 2.0]
    return np.sum(z) * h[1]


def literal(z, n):
    for i in range(n):
        h = 2.0
    return np.sum(z) * h


def pair_of_arguments(z, n):
    for i in range(n):
        h = (n, z)
    return np.sum(h[1]) * h[0]


def pair_in_a_branch(z, n):
    if n > 0:
        h = (n, z)
    return np.sum(h[1]) * h[0]


def literals_in_a_branch(z, n):
    if n > 0:
        h = [1.0, 2.0]
    return np.sum(z) * h[1]


def field_in_a_while(z, n):
    k = 0
    while k < n:
        h = {"a": z}
        k += 1
    return np.sum(h["a"])


def literal_field(z, n):
    k = 0
    while k < n:
        h = {"a": z, "b": 2.0}
        k += 1
    return np.sum(z) * h["b"]


def two_names(z, n):
    for k in range(n):
        h, g = z, 2.0
    return np.sum(h) * g


EVERY = [
    product_of_items,
    item,
    name,
    item_and_literal,
    field,
    pair,
    changing,
    branch,
    outer_name,
    same_name,
    literals,
    literal,
    pair_of_arguments,
    pair_in_a_branch,
    literals_in_a_branch,
    field_in_a_while,
    literal_field,
    two_names,
]


@pytest.mark.parametrize("f", EVERY)
def test_fails_as_the_program_does(f):
    with pytest.raises(UnboundLocalError):
        f(Z, 0)
    for derivative in (adgen.grad(f), lambda z, n: adgen.jvp(f, (z, n), (z, None)), lambda z, n: adgen.vjp(f, z, n)):
        with pytest.raises(UnboundLocalError):
            derivative(Z, 0)
    slope = (f(Z * (1.0 + 1e-6), 2) - f(Z * (1.0 - 1e-6), 2)) / 2e-6
    assert adgen.jvp(f, (Z, 2), (Z, None))[1] == pytest.approx(slope, rel=1e-7)
    assert np.vdot(adgen.grad(f)(Z, 2), Z) == pytest.approx(slope, rel=1e-7)
