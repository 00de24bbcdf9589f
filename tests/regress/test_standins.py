"""Functions that are syntax under another name; and subscripts by tuples that functions return."""

import operator

import numpy as np
import pytest

import adgen

X = np.array([0.3, 0.7, 1.1])
M = np.arange(1.0, 7.0).reshape(2, 3)


def getters(x):
    second, ends = operator.itemgetter(1), operator.itemgetter(0, 2)
    first, last = ends(x)
    return second(x) * first + last * operator.attrgetter("T")(x)[0] + operator.methodcaller("sum", axis=0)(x)


def operators(x):
    a, b, c = x
    y = operator.add(a, operator.mul(b, c)) - operator.truediv(operator.neg(a), operator.pow(c, 2))
    if operator.lt(a, b) and operator.not_(operator.contains([1, 2], 3)) and operator.truth(a):
        y = operator.abs(y) * operator.getitem(x, operator.index(2))
    return y * operator.countOf([1, 2, 1], 1) + operator.indexOf([1, 2], 2) * operator.call(np.sin, a)


def in_place(x):
    y = x.copy()
    z = operator.iadd(y, x)
    operator.imul(y, x)
    return np.sum(z) + operator.isub(x[0], x[1])


def ufunc_methods(x):
    total = np.add.reduce(x) * np.multiply.reduce(x) + np.maximum.reduce(x) - np.minimum.reduce(x)
    rows = np.add.reduce(np.multiply.outer(x, x[:2])) * np.add.accumulate(x[:2])
    return total + np.sum(rows) + np.sum(np.hypot.outer(x[0], x)) + np.sum(np.multiply.accumulate(x))


def reduced_rows(m):
    return np.sum(np.add.reduce(m) * np.multiply.reduce(m, axis=0)) + np.sum(np.multiply.reduce(m, 1))


def by_tuples(m):
    k = np.unravel_index(np.argmax(m), (2, 3))
    i, j = np.nonzero(m > 1.5)
    return m[k] * m[0, 0] + np.sum(m[i, j] ** 2) + np.sum(m[np.nonzero(m > 2.5)]) + np.sum(m[np.tril_indices(2)] ** 3)


def by_an_argument(m, k):
    return m[k] * m[0, 0] + np.sum(m[0])


CASES = [(getters, X), (operators, X), (in_place, X), (ufunc_methods, X), (reduced_rows, M), (by_tuples, M)]


@pytest.mark.parametrize(("fun", "x"), CASES, ids=lambda v: getattr(v, "__name__", ""))
def test_derivatives(fun, x):
    adgen.check_grads(fun, (x,))
    assert adgen.value_and_grad(fun)(x)[0] == fun(x)


def test_a_tuple_as_index():
    adgen.check_grads(by_an_argument, (M, (1, 2)))


def test_a_reduction_that_is_no_sum():
    def f(x):
        return np.arctan2.reduce(x)

    with pytest.raises(adgen.Refusal, match="np.arctan2.reduce"):
        adgen.grad(f)(X)
