"""Results that are written into arrays that exist: `out=`, and `where=` beside it."""

import numpy as np
import pytest

import adgen
from tests.programs import oracle


def ufuncs(x, w):
    y = np.empty(4)
    np.multiply(x, w, out=y)
    np.add(y, x * x, out=y)
    z = np.sin(y, out=np.zeros(4))
    np.exp(z, out=z)
    return np.sum(y * z)


def masked(x):
    y = np.zeros(4)
    np.log(x, out=y, where=x > 0.5)
    y += x
    np.sqrt(np.abs(x), out=y, where=x < 0.0)
    return np.sum(y * y)


def reductions(m):
    rows = np.zeros(3)
    np.sum(m * m, axis=1, out=rows)
    top = np.empty(4)
    m.max(axis=0, out=top)
    np.cumsum(top, out=top)
    return rows @ rows + np.prod(top)


def in_a_loop(x):
    y = x.copy()
    for _ in range(3):
        np.tanh(y * x, out=y)
    return np.sum(y * y)


def none(x):
    return np.sum(np.sin(x, out=None) * x)


X = np.array([0.3, -0.7, 0.9, 1.4])
M = np.array([[0.3, 1.7, -0.9, 0.4], [0.8, -0.2, 0.6, 1.1], [1.9, 0.5, 0.1, -1.2]])


@pytest.mark.parametrize(
    ("fun", "args"),
    [(ufuncs, (X, X[::-1].copy())), (masked, (X,)), (reductions, (M,)), (in_a_loop, (X,)), (none, (X,))],
)
@pytest.mark.filterwarnings("ignore")
def test_out(fun, args):
    oracle.check(fun, args)


def to_integers(x):
    return np.sum(np.sin(x, out=np.zeros(4, dtype=int)))


def of_another_shape(x):
    y = np.zeros((2, 4))
    np.sum(x.reshape(2, 2), axis=0, out=y)
    return np.sum(y)


def holes(x):
    return np.sum(np.log(x, where=x > 0.0))


@pytest.mark.parametrize(("fun", "code"), [(to_integers, "E0125"), (of_another_shape, "E0125"), (holes, "E0106")])
def test_refused(fun, code):
    with pytest.raises(adgen.AdgenError, match=code):
        adgen.grad(fun)(X)
