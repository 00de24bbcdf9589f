"""Wrong numbers and crashes that programs written by hand found: right by now, or refused."""

import functools
import operator

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from adgen.frontend import source
from adgen.ir.types import UNKNOWN
from adgen.pipeline import Request, generate
from tests.programs import oracle

X = np.array([0.5, 1.2, -0.7, 2.1])


def untyped(fun, mode="grad"):
    """The derivative of what is known of no parameter."""
    found = source.find(fun)
    made = generate(found, dict.fromkeys(found.params, UNKNOWN), Request(mode, ("x",)), formatted=False)
    names = {"__name__": "generated_here"}
    exec(compile(made.text, "<generated>", "exec"), names)
    return names[made.name]


# in place under another name ------------------------------------------------------------------------------------------
def added(x, k):
    y = x * 1.0
    z = y
    y = operator.iadd(y, k)
    return np.sum(y * z)


def reduced(x, k):
    y = x * 1.0
    z = y
    functools.reduce(operator.iadd, [k, k * 2], y)
    return np.sum(z)


@pytest.mark.parametrize("fun", [added, reduced])
def test_operators_in_place(fun):
    oracle.check(fun, (X.copy(), 0.7))
    with pytest.raises(Refusal, match="E0113"):
        untyped(fun)


# arrays without axes change under all of their names ------------------------------------------------------------------
def summed(k, x):
    s = k
    for v in x:
        s += v * k
    return s * k


def copied(k, x):
    s = k.copy()
    w = s
    s += x[0]
    return s * w


def of_list(ks, x):
    s = ks[0]
    ks[0] += x[0]
    return s * ks[0]


def of_dict(ks, x):
    s = ks["a"]
    s *= ks["b"]
    return s * ks["a"] * x[0]


def by_operator(k, x):
    y = operator.iadd(k, x[0])
    return k * y


@pytest.mark.parametrize("fun", [summed, copied, of_list, of_dict, by_operator])
def test_argument_without_axes(fun):
    """Right for numbers; arrays without axes are refused when it is called."""

    def argument(number):
        pair = number(0.3), number(0.5)
        return list(pair) if fun is of_list else dict(zip("ab", pair)) if fun is of_dict else pair[0]

    oracle.check(fun, (argument(np.float64), X.copy()))
    with pytest.raises(TypeError, match="without axes"):
        adgen.grad(fun)(argument(np.array), X.copy())


def zero(x):
    z = np.zeros(())
    w = z
    for v in x:
        z += v
    return z * w * x[0]


def contracted(x):
    z = np.tensordot(x, x, 1)
    w = z
    z *= x[0]
    return z * w


def selected(x):
    z = np.where(x[0] > 0, x[1], x[2])
    w = z
    z *= x[0]
    return z * w


def passed(x):
    z = np.array(0.0)

    def add(s):
        s += x[1]
        return s

    return add(z) * z * x[0]


def squeezed(x):
    y = x[:1] * 2
    z = np.squeeze(y)
    y[0] = 3 * x[1]
    return z * np.sum(x)


def reshaped(x):
    y = x[:1] * 2
    z = y.reshape(())
    y *= 3 * x[1]
    return z * np.sum(x)


def element(x):
    y = x * 1.0
    z = y[0, ...]
    y[0] = 3 * x[1]
    return z * np.sum(y)


def down(s, x, n):
    if n == 0:
        return s
    w = s
    s += x[n]
    return down(s, x, n - 1) * w


def recursive(x):
    return down(np.array(0.5), x, 3)


@pytest.mark.parametrize("fun", [squeezed, reshaped, recursive], ids=lambda fun: fun.__name__)
def test_made_without_axes(fun):
    with pytest.raises(Refusal, match="E0120"):
        oracle.check(fun, (X.copy(),))


@pytest.mark.parametrize("fun", [zero, contracted, selected, passed, element], ids=lambda fun: fun.__name__)
def test_memory_without_axes(fun):
    oracle.check(fun, (X.copy(),))


def alone(x):
    total = np.zeros(())
    for v in x:
        total += v * v
    return total * x[0]


def numbers(x):
    z = [x[0], x[1]]
    w = z[0]
    z[0] += x[0]
    return w * x[1] + z[1] * z[0]


def taken(x):
    y = np.sin(x[0]) * x.sum().item()
    return y * np.sum(x * x).item()


@pytest.mark.parametrize("fun", [alone, numbers, taken])
def test_numbers(fun):
    oracle.check(fun, (X.copy(),))


# types are known without types ---------------------------------------------------------------------------------------
def converted(x):
    y = (x * 2).astype(float)
    return np.sum(y * x)


def whole(x):
    return np.sum(x.astype(int) * x)


def test_astype_without_types():
    assert np.allclose(untyped(converted)(X.copy()), 4.0 * X)
    assert np.array_equal(untyped(whole)(X.copy()), X.astype(int))


# what functions make of objects, methods decide ----------------------------------------------------------------------
class Pair:
    def __init__(self, a, b):
        self.a, self.b = a, b

    def __abs__(self):
        return self.a * self.b

    def __float__(self):
        return float(self.a)

    def __bool__(self):
        return self.a > 1.0

    def __lt__(self, other):
        return self.b < other.b

    def __divmod__(self, k):
        return self.a / k, self.b * k

    def __add__(self, other):
        return Pair(self.a + other.a, self.b)


FUNCTIONS = {
    "float": lambda a, b: float(Pair(a, b)) * b,
    "bool": lambda a, b: bool(Pair(a, b)) * b,
    "all": lambda a, b: all([Pair(a, b)]) * b,
    "any": lambda a, b: any([Pair(a, b), Pair(b, a)]) * b,
    "max": lambda a, b: max(Pair(a, b), Pair(b, a)).a,
    "min": lambda a, b: min([Pair(k * a, b) for k in range(3)]).a,
    "divmod": lambda a, b: divmod(Pair(a, b), b)[0],
    "stack": lambda a, b: np.stack([Pair(a, b), Pair(b, a)])[0].a,
    "concatenate": lambda a, b: np.concatenate([[Pair(a, b)], [Pair(b, a)]])[0].a,
    "array of a list": lambda a, b: np.array([Pair(a, b), Pair(b, a)])[0].a,
    "array": lambda a, b: np.array(Pair(a, b)).item().a * b,
}


def test_abs_of_objects_is_their_method():
    oracle.check(lambda a, b: abs(Pair(a, b)) * b, (0.3, 0.8))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_of_objects(name):
    with pytest.raises(Refusal):
        oracle.check(FUNCTIONS[name], (0.3, 0.8))


# operands are read from left to right, and a call may write between two of them ---------------------------------------
def tripled(y):
    y[0] = y[0] * 3 + 1
    return y[1]


def given_back(y):
    y[0] = y[0] * 3 + 1
    return y


class Box:
    def __init__(self, a, b):
        self.a, self.b = a, b

    def hit(self, k):
        self.a[0] *= k
        self.b = self.b * k
        return self.a[0]


def elements(x):
    y = x * 1.0
    y[0] += tripled(y)
    y[0] = y[0] - tripled(y)
    y[0] = tripled(y) + y[0]
    y[0] *= tripled(y)
    y[0] /= tripled(y)
    return np.sum(y * x)


def slices(x):
    y = x * 1.0
    y[:2] += tripled(y)
    y[[0, 1]] += tripled(y)
    y[y > 0] *= tripled(y)
    y += tripled(y)
    return np.sum(y * x)


def fields(x):
    s = Box(x * 1.0, x[1])
    s.b += s.hit(x[0])
    s.a[0] += s.hit(x[1])
    s.a[1] = s.hit(x[2]) + s.a[0]
    return s.b * np.sum(s.a)


def rows(x):
    a = np.outer(x, x)
    for r in a:
        r[1] += tripled(r)
        r[0] *= tripled(r)
    a[2, 0] += tripled(a[2])
    return np.sum(a * x)


def by_key(x):
    d = {"a": x[0], "b": x * 1.0}

    def change():
        d["a"] = d["a"] * 3
        d["b"][0] = d["a"]
        return d["b"][1]

    d["a"] += change()
    d["b"][0] += change()
    return d["a"] * np.sum(d["b"])


def transposed(x):
    y = x * 1.0
    return y.T @ given_back(y)


def bound_anew(x):
    y = x * 1.0

    def double():
        nonlocal y
        y = y * 2
        return y[0]

    y += double()
    return np.sum(y * x)


@pytest.mark.parametrize("fun", [elements, slices, fields, rows, by_key, transposed, bound_anew])
def test_order_of_reads(fun):
    oracle.check(fun, (X.copy(),))


def product(a, b):
    return np.sum(a * b)


def reshaped_argument(x):
    y = x * 1.0
    return product(y.reshape(2, 2), given_back(y).reshape(2, 2))


def kept(x):
    y = x * 1.0
    many = []

    def keep():
        many.append(y)
        return x[1]

    y[0] += keep()
    return np.sum(many[0] * y)


def test_views_between_reads():
    oracle.check(reshaped_argument, (X.copy(),))
    with pytest.raises(Refusal, match="E0120"):
        oracle.check(kept, (X.copy(),))


def element_replaced(x):
    xs = [x * 1.0, x * 2.0]

    def double():
        xs[0] = xs[0] * 2
        return xs[0][0]

    xs[0] += double()
    return np.sum(xs[0] * x)


def element_read(x):
    xs = [x * 1.0, x * 2.0]

    def double():
        xs[0] = xs[0] * 2
        xs[0][1] *= 3
        return xs[0]

    return xs[0] @ double()


def in_a_message(x):
    y = x * 1.0
    assert tripled(y) > 0, tripled(y)
    return y[0] * x[1]


def index_written(x):
    y, at = x * 1.0, np.array([0, 1])

    def moved():
        at[0] = 2
        return x[0] * x[1]

    y[at] += moved()
    return np.sum(y * y)


@pytest.mark.parametrize("fun", [element_replaced, element_read, in_a_message, index_written])
def test_changes_inside_of_expressions(fun):
    with pytest.raises(Refusal):
        oracle.check(fun, (X.copy(),))
