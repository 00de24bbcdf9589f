"""Functions that a value chooses: `g = np.sin if c else np.cos`; and those that hold values of one path, refused."""

import functools
import math

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs import oracle
from tests.programs.cases import collection

X6 = np.random.default_rng(1).uniform(0.5, 1.5, 6)
CASES, case = collection()


def sq(v, k=2):
    return v**k


def cube(v, k=3):
    return v**k + 1.0


@case(X6, 2)
def funcs(x, k):
    g = np.sin
    if x[0] > 0.2:
        g = np.cos
    return np.sum(g(x))


@case(X6)
def funcs2(x):
    g = np.sin if np.sum(x) > 0.2 else np.cos
    return np.sum(g(x) * g(2 * x))


@case(X6)
def funcs3(x):
    if x[0] > x[1]:
        g = sq
    else:
        g = cube
    return g(x[2]) * g(x[3], k=4) + sum(map(g, x)) + sum(g(v) for v in x)


@case(X6)
def funcs4(x):
    s = 0.0
    for i in range(6):
        g = math.sin if x[i] > 1.0 else math.cos
        s = s + g(x[i]) * i
    return s


@case(X6)
def funcs7(x):

    def app(f, v):
        return f(v) * 2

    return app(np.exp if x[0] > 1 else np.log, x[1]) + app(sq if x[0] < 1 else cube, x[1])


@case(X6)
def funcs11(x):
    g = np.sum if x[0] > 1 else np.mean
    return g(np.reshape(x, (2, 3)), axis=0)


@case(X6)
def n6(x):

    def pick(c):
        if c > 1.0:
            return np.sin
        return np.cos

    return np.sum(pick(x[0])(x)) * pick(x[1])(x[2])


@pytest.mark.parametrize("fun, args", CASES, ids=[fun.__name__ for fun, _ in CASES])
def test_programs(fun, args):
    oracle.check(fun, args, directions=1)


def chosen_inside(x):
    if x[0] > 0.0:
        if x[1] > 1.0:
            g = np.sin
        else:
            g = np.cos
    return np.sum(g(x))


def partial_of_one_path(x):
    """The value inside was used where the branch does not reach."""
    if x[0] > 0.0:
        g = functools.partial(np.power, x[1] * 2)
    return np.sum(g(x))


def chosen_anew(x):
    g = math.sin
    for i in range(3):
        g = math.sin if x[i] > 1.0 else math.cos
    return g(x[0])


REFUSED = {chosen_inside: "E0117", partial_of_one_path: "E0117", chosen_anew: "E0112"}


@pytest.mark.parametrize("fun", REFUSED, ids=[fun.__name__ for fun in REFUSED])
def test_what_holds_values_of_one_path_is_refused(fun):
    with pytest.raises(Refusal) as caught:
        oracle.Made(fun, [X6], "grad", ("x",))
    assert REFUSED[fun] in {d.code for d in caught.value.diagnostics}
