"""`except KeyError as e` where nobody reads e: it unbinds that name, and does nothing else."""

import numpy as np
import pytest

import adgen
from tests.programs.oracle import check

X = np.array([0.5, 0.2, 0.9])


def of_a_key(x, n):
    held = {"p": x[0]}
    if n > 1:
        held["q"] = x[2]
    try:
        v = held["q"]
    except KeyError as e:  # noqa: F841
        v = x[1] * 2.0
    return v * v


def of_an_index(x, n):
    held = [x[0], x[1]]
    try:
        v = held[n]
    except IndexError as error:  # noqa: F841
        v = x[1] * 2.0
    return v * v


def read_later(x, n):
    e = x[0]
    held = {"p": x[0]}
    if n > 1:
        held["q"] = x[2]
    try:
        v = held["q"]
    except KeyError as e:  # noqa: F841
        v = x[1] * 2.0
    return v * v * e


def read_inside(x, n):
    held = {"p": x[0]}
    try:
        v = held["q"]
    except KeyError as e:
        v = x[1] * len(str(e))
    return v * v


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("f", [of_a_key, of_an_index])
def test_is_differentiated(f, n):
    check(f, (X, n))


def test_the_name_is_unbound():
    check(read_later, (X, 2))
    for derivative in (read_later, adgen.grad(read_later), lambda x, n: adgen.vjp(read_later, x, n)):
        with pytest.raises(UnboundLocalError):
            derivative(X, 1)


def test_a_name_that_is_read_is_refused():
    with pytest.raises(adgen.AdgenError, match="E0101"):
        adgen.grad(read_inside)(X, 1)
