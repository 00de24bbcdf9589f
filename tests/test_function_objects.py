"""Callables that are no defs: functions of NumPy and Python, partials, methods of ufuncs, objects, np.vectorize."""

import functools
import linecache
import math
import operator
import pickle
import statistics

import numpy as np
import pytest

import adgen

X = np.array([0.3, 0.7, 1.1])
M = np.array([[2.0, 1.0, 0.4], [0.5, 3.0, 1.5]])
RNG = np.random.default_rng(5)


class Scale:
    """An object that is called, with methods of all kinds."""

    factor = 2.5

    def __init__(self, weight):
        self.weight = weight

    def __call__(self, x):
        return self.weight * x * x

    def method(self, x):
        return self.weight * x + x**3

    @classmethod
    def of_class(cls, x):
        return cls.factor * x * x

    @staticmethod
    def static(x):
        return x**3


def leaky(v):
    return v if v > 0.5 else 0.1 * v * v


leaky_of_arrays = np.vectorize(leaky)
power_of_arrays = np.vectorize(lambda a, b: a * b * b if b > 0.5 else a + b, otypes=[float])

FUNCTIONS = {
    "ufunc": (np.sin, (0.7,)),
    "ufunc of arrays": (np.hypot, (X, X[::-1].copy())),
    "math": (math.atan2, (0.3, 0.8)),
    "reduction": (np.sum, (M,)),
    "reduction by position": (np.sum, (M, 0)),
    "cumulative": (np.cumsum, (X,)),
    "linalg": (np.linalg.solve, (M[:, :2], X[:2])),
    "norm": (np.linalg.norm, (X,)),
    "sequence": (np.concatenate, ((X, X * 2.0),)),
    "einsum": (np.einsum, ("ij,j->i", M, X)),
    "where": (np.where, (X > 0.5, X, X * X)),
    "operator": (operator.mul, (2.0, 3.0)),
    "operator of arrays": (operator.matmul, (M, X)),
    "getter": (operator.getitem, (X, 1)),
    "abs": (abs, (-2.0,)),
    "pow": (pow, (2.0, 3.0)),
    "max": (max, (2.0, 3.0, 1.0)),
    "sum": (sum, ([2.0, 3.0],)),
    "float": (float, (2.0,)),
    "float64": (np.float64, (2.0,)),
    "reduce": (np.add.reduce, (X,)),
    "reduce rows": (np.multiply.reduce, (M,)),
    "accumulate": (np.add.accumulate, (X,)),
    "outer": (np.multiply.outer, (X, X[:2].copy())),
    "method of an array": (X.dot, (X * 2.0,)),
    "method of arrays": (np.ndarray.mean, (X,)),
    "statistics": (statistics.stdev, ([2.0, 3.5, 1.0],)),
    "partial": (functools.partial(np.power, 2.0), (X,)),
    "partial by keyword": (functools.partial(np.cumsum, axis=0), (M,)),
    "partial of a partial": (functools.partial(functools.partial(np.sum), axis=1), (M,)),
    "partial of a def": (functools.partial(leaky), (0.7,)),
    "partial of a vectorized function": (functools.partial(power_of_arrays, 2.0), (X,)),
    "object": (Scale(3.0), (X,)),
    "bound method": (Scale(3.0).method, (X,)),
    "class method": (Scale.of_class, (X,)),
    "static method": (Scale.static, (X,)),
    "vectorized": (leaky_of_arrays, (X,)),
    "vectorized to floats": (np.vectorize(lambda v: v * v if v > 0.5 else 0, otypes=[float]), (X,)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_derivatives(name):
    fun, args = FUNCTIONS[name]
    adgen.check_grads(fun, args)


def test_the_call_tells_the_parameters():
    assert np.array_equal(adgen.jacobian(np.sum)(M, axis=0), adgen.jacobian(lambda m: np.sum(m, axis=0))(M))
    out, out_dot = adgen.jvp(np.sum, (M,), (M,), axis=1)
    assert np.array_equal(out, M.sum(axis=1)) and np.array_equal(out, out_dot)
    gradient = adgen.grad(np.sum)
    assert gradient(M).shape == M.shape and gradient(a=X).tolist() == [1.0] * 3
    assert adgen.grad(np.dot, wrt="b")(X, X).tolist() == X.tolist()
    assert adgen.grad(max, (0, 1, 2))(1.0, 3.0, 2.0) == (0.0, 1.0, 0.0)


def test_transforms_of_transforms():
    assert np.isclose(adgen.grad(adgen.grad(np.sin))(1.0), -np.sin(1.0))
    assert np.allclose(adgen.hessian(np.prod)(X), adgen.hessian(lambda x: np.prod(x))(X))
    assert np.allclose(adgen.hvp(np.prod)(X, np.ones(3)), adgen.hessian(np.prod)(X).sum(axis=1))
    assert adgen.grad(operator.mul, (0, 1))(2.0, 3.0) == (3.0, 2.0)
    assert np.isclose(adgen.grad(adgen.grad(functools.partial(np.power, 2.0)))(3.0), 8.0 * math.log(2.0) ** 2)
    assert adgen.vjp(operator.truediv, 3.0, 2.0)[1](1.0) == (0.5, -0.75)


def test_a_derivative_tells_what_it_did():
    gradient = adgen.grad(np.sum)
    gradient(X)
    assert "def sum_grad(a):" in gradient.source and gradient.signature == "a: f8[a0]"
    assert "return np.sum(a)" in gradient.explain()
    again = pickle.loads(pickle.dumps(gradient))
    assert again(X).tolist() == [1.0] * 3
    assert adgen.compile(np.sin, "grad", types="x: float")(0.0) == 1.0


def test_a_partial_made_anew_is_compiled_once():
    values = [adgen.grad(functools.partial(np.power, base))(2.0) for base in (2.0, 3.0, 5.0)]
    assert np.allclose(values, [base**2 * math.log(base) for base in (2.0, 3.0, 5.0)])


def applied(f, x):
    return np.sum(f(x)) * 2.0


def chosen(x, table, key):
    return np.sum(table[key](x))


def reduced(x, f):
    return functools.reduce(f, [x[0], x[1], x[2]])


def inside(x):
    return adgen.grad(np.sin)(x) * x + adgen.grad(operator.mul, 1)(x, x)


def vectorized_inside(x):
    return np.sum(np.vectorize(lambda v: v * v)(x)) + np.sum(leaky_of_arrays(x))


@pytest.mark.parametrize("f", [np.sin, abs, operator.neg, np.cumsum, np.add.reduce, Scale(3.0), leaky_of_arrays])
def test_functions_as_arguments(f):
    got = adgen.grad(applied, 1)(f, X)
    step = 1e-6 * np.eye(3)
    assert np.allclose(got, [(applied(f, X + h) - applied(f, X - h)) / 2e-6 for h in step], atol=1e-8)


def test_functions_in_programs():
    adgen.check_grads(chosen, (X, {"a": np.sin, "b": np.tanh}, "b"))
    adgen.check_grads(functools.partial(reduced, f=operator.mul), (X,))
    adgen.check_grads(inside, (0.7,))
    adgen.check_grads(vectorized_inside, (X,))


def test_an_object_is_read_at_each_call():
    scale = Scale(3.0)
    gradient = adgen.grad(scale)
    assert gradient(2.0) == 12.0
    scale.weight = 5.0
    assert gradient(2.0) == 20.0
    assert adgen.grad(applied, 1)(scale, 2.0) == 40.0


REFUSED = {
    "vectorized integers": (np.vectorize(lambda v: v * v if v > 0.5 else 0), (X,), "otypes"),
    "no derivative": (np.frompyfunc, (X, 1, 1), "calls a function"),
    "files": (np.save, (X,), "reads or writes files"),
    "a class": (Scale, (X,), "not a function"),
    "no function": (3, (X,), "not a function"),
    "an object that is not called": (applied, (object(), X), "arguments are numbers"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name):
    fun, args, text = REFUSED[name]
    with pytest.raises(adgen.AdgenError, match=text):
        adgen.grad(fun, len(args) - 1 if fun is applied else 0)(*args)


def test_text_of_library_functions_outlives_the_line_cache():
    second = adgen.grad(np.cosh)
    assert np.isclose(second(0.5), np.sinh(0.5))
    linecache.clearcache()
    np.testing.assert_allclose(second(np.float64(0.5)), np.sinh(0.5))
    assert np.isclose(adgen.grad(adgen.grad(np.cosh))(0.5), np.cosh(0.5))


SINE_GRAD = adgen.grad(np.sin)


def read(x):
    return SINE_GRAD(x) * x


def given(fun, x):
    return fun(x) * x


def test_derivatives_of_functions_of_numpy_inside_others():
    expected = np.cos(0.7) - 0.7 * np.sin(0.7)
    assert np.isclose(adgen.grad(read)(0.7), expected)
    assert np.isclose(adgen.grad(given, 1)(SINE_GRAD, 0.7), expected)
