"""Stars of unknown length, columns of rows, the largest of tuples, products of NumPy's numbers: once refused."""

import math
import re

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from tests.programs.oracle import check

X = np.array([1.5, 0.7, 2.3, 1.1])


def columns(a, x):
    p, q = zip(*[(i * v, v**2) for i, v in enumerate(x)])
    r, s = zip(*((v, v * a) for v in x))
    (t, u), w = zip(*[((v, i), v * v) for i, v in enumerate(x[:2])])
    return sum(p) + q[0] * q[-1] * r[1] * s[-1] + t[0] * w[1] + u[1]


def columns_of_what_is_run_over(a, x):
    pairs = []
    for i in range(len(x)):
        pairs.append((x[i] * a, i))
    p, q = zip(*pairs)
    first, second = zip(*zip(x, np.array(p) * x))
    total = 0.0
    for k, column in enumerate(zip(*[(v, v * v) for v in x])):
        total += (k + 1) * column[0] * sum(column)
    return total + second[-1] * first[0] * q[2]


def extremes_of_stars(a, x):
    values = [v * a for v in x]
    return max(*x[:3]) * min(*[v * a for v in x]) * max(*values) * max(a, *x) * min(*x, 3.0) * max(a, x[0], *values)


def hypotenuses(a, x):
    values = [v * a for v in x]
    return math.hypot(*values) + math.hypot(*x) * math.hypot(a, *x[1:], x[0]) + math.hypot(*(v * v for v in x))


def functions_of_two(a, x):
    v = np.array([x[0], x[1] * a])
    return np.hypot(*x[:2]) * np.arctan2(*x[1:3]) + math.atan2(a, *x[3:]) + np.hypot(*v) * math.hypot(*v)


def functions_of_any_number(a, x):
    def f(*v):
        return v[0] * v[-1] * len(v)

    return f(*np.array([x[0] * a, x[1], x[2]]))


def the_largest_so_far(a, x):
    best = (x[0], 0)
    least = (np.inf, -1, a)
    for i, v in enumerate(x):
        best = max(best, (v * a, i))
        least = min(least, (v * v, i, v))
    return best[0] * x[best[1]] + least[0] * least[1] * least[2]


def the_largest_row(a, x):
    m = np.outer(x, x)
    s, k = max((row.sum(), k) for k, row in enumerate(m))
    v, at = min(zip(x, range(4)))
    w = min((v * v, k) for k, v in enumerate(x) if v > a)
    return s * k + v * x[at] + w[0] * x[w[1]] + max(zip(x, x[::-1]), default=(a, 2.0))[1]


def ties(a, x):
    rows = [(1.0, v * a) for v in x]
    first = max((x[0], x[1]), (x[0], x[2]), (x[0], x[1] - 1.0))
    return max(rows)[1] * min(rows)[1] * first[1] * max(((1, 2), x[0]), ((1, 3), x[1]))[1]


def rows_in_order(a, x):
    rows = sorted((v * v, i, v) for i, v in enumerate(x))
    s = rows[0][0] * rows[1][1] + rows[-1][2]
    for p, q in sorted(zip([1, 2, 1, 2], x), reverse=True)[:3]:
        s += p * q * (a + s)
    return s


def products(a, x):
    of_all = math.prod(v for v in x) * math.prod([v * a for v in x])
    return of_all * math.prod(x[:2], start=x[3]) * math.prod([x[1], *x], start=2.0)


PROGRAMS = [
    columns,
    columns_of_what_is_run_over,
    extremes_of_stars,
    hypotenuses,
    functions_of_two,
    functions_of_any_number,
    the_largest_so_far,
    the_largest_row,
    ties,
    rows_in_order,
    products,
]


@pytest.mark.parametrize("x", [X, X[::-1].copy(), X.astype(np.float32)], ids=["f8", "turned", "f4"])
@pytest.mark.parametrize("fun", PROGRAMS, ids=lambda fun: fun.__name__)
def test_derivatives(fun, x):
    check(fun, (0.6, x))


def two_of_them(x):
    return np.hypot(*x[:2])


def several(x):
    return min(*[v * 2.0 for v in x])


def two_columns(x):
    p, q = zip(*[(v, v * v) for v in x])
    return p[0] * q[0]


def largest(x):
    return max((v, i) for i, v in enumerate(x))[0]


@pytest.mark.parametrize("fun, sizes", [(two_of_them, 2), (several, 2), (two_columns, 1), (largest, 1)])
def test_too_few_elements_raise_what_python_raises(fun, sizes):
    derivative = adgen.value_and_grad(fun)
    assert derivative(X)[0] == fun(X)
    for size in range(sizes):
        with pytest.raises((TypeError, ValueError)) as own:
            fun(X[:size])
        with pytest.raises((own.type, Refusal)):
            derivative(X[:size])


def tied(x):
    best = (x[0], 0)
    for i in range(1, len(x)):
        best = max(best, (x[i], -i))
    return best[0] * best[1] + max((v, i) for i, v in enumerate(x))[1] * x[0]


def test_the_first_of_equal_tuples_and_the_second_item_decide():
    for x in (np.ones(4), np.array([2.0, 1.0, 2.0, 2.0]), np.array([1.0, 3.0, 3.0, 0.0])):
        value, (slope,) = adgen.value_and_grad(tied)(x)[0], [adgen.grad(tied)(x)]
        assert value == tied(x)
        at = max((v, -i) for i, v in enumerate(x))[1]
        expected = np.zeros(4)
        expected[-at] += at
        expected[0] += max((v, i) for i, v in enumerate(x))[1]
        np.testing.assert_array_equal(slope, expected)


def a_row_alone(x):
    return max(*[(v, i) for i, v in enumerate(x)])[0]


def a_key(x):
    return max(*[v * v for v in x], key=abs)


def rows_of_lists(x):
    return max([v for v in x], [2.0])[0]


def nested(x):
    return math.prod([(v, v) for v in x])[0]


@pytest.mark.parametrize("fun", [a_row_alone, a_key, rows_of_lists, nested])
def test_what_stays_refused_names_no_class_of_the_compiler(fun):
    with pytest.raises(Refusal) as caught:
        adgen.grad(fun)(X)
    assert not re.search(r"\b(ListOf|Array|Scalar|Struct|Opaque|Static)\(", str(caught.value))


def test_no_problem_of_types_prints_a_type_as_it_is():
    """A type in a diagnostic goes through `show`: found where an f-string holds a type's name alone."""
    from pathlib import Path

    root = Path(adgen.__file__).parent
    bare = re.compile(r"""(TypeProblem|Reject)\(.*\{(\w*type_?|types\[\d\]|\w+\.type)(!\w)?\}""")
    found = [
        f"{path.name}:{number}"
        for folder in ("rules", "frontend", "signature")
        for path in (root / folder).glob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if bare.search(line)
    ]
    assert not found
