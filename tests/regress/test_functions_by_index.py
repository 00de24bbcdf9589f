"""Decorated inner functions, functions chosen by a computed index, rows of numbers that change in place."""

import functools
from functools import wraps

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from tests.programs import oracle


def twice(fn):

    @functools.wraps(fn)
    def w(*args, **kw):
        return fn(*args, **kw) * 2.0

    return w


def ident(fn):
    return fn


def scaled(c):

    def d(fn):

        @wraps(fn)
        def w(t):
            return fn(t) * c

        return w

    return d


def decorated_twice(a):

    @twice
    def h(t):
        return t * t

    return h(a) * h(a * 2.0)


def two_decorators(a, b):

    @scaled(b)
    @twice
    def h(t):
        return t * t * b

    s = 0.0
    for k in range(3):
        s = s + h(a + k)
    return s


def identity_and_recursion(a, n):

    @ident
    def h(t, k):
        return t if k == 0 else h(t * t, k - 1)

    return h(a, n)


def decorator_that_counts(a, n):

    def counted(fn):
        calls = [0]

        def w(t):
            calls[0] += 1
            return fn(t) * calls[0]

        return w

    @counted
    def h(t):
        return np.sin(t)

    return h(a) + h(a) * h(a)


def decorated_in_a_loop(a, n):
    s = 0.0
    for i in range(n):

        @scaled(i + 1.0)
        def h(t):
            return t * i

        s = s + h(a) * h(a)
    return s


def sees_the_last_value(a, n):
    k = a * a

    @twice
    def h(t):
        return t * k

    k = a * 3.0
    return h(a)


def decorator_with_a_memo(a, n):

    def memo(fn):
        seen = {}

        def w(t, k):
            if k not in seen:
                seen[k] = fn(t, k)
            return seen[k]

        return w

    @memo
    def h(t, k):
        return t * k

    return h(a, 2) * h(a, 3) * h(a * 2, 2)


def recursion_through_the_wrapper(a, n):

    @twice
    def h(t, k):
        return t if k == 0 else h(t * t, k - 1)

    return h(a, 3)


def cached(a):

    @functools.cache
    def h(t):
        return t * t

    return h(a)


def registered(a):
    fs = []

    def reg(fn):
        fs.append(fn)
        return fn

    @reg
    def h(t):
        return t * t

    @reg
    def g(t):
        return t * t * t

    return sum(f(a) for f in fs)


def decorator_that_calls(a):

    def val(fn):
        return fn(a)

    @val
    def h(t):
        return t * t

    return h * a


def row_with_a_name(x, t):
    p = []
    for v in x:
        r = [v, v * v]
        p.append(r)
        p.append([v, v])
    for q in p:
        q[0] *= t
    return sum(q[0] * q[1] for q in p) + r[0] + r[1]


def numbers_in_rows(x, t):
    p = []
    for v in x:
        p.append([v, v * v])
        v = v * t
        if v > 0.3:
            p.append([v, t])
    for _ in range(2):
        for q in p:
            q[0] *= t
            q[1] += q[0]
    return sum((a * b for a, b in p)) + v


def shared_array_in_rows(x, t):
    v = x * t
    p = []
    for k in range(3):
        p.append([v, x * k])
    for q in p:
        q[0] *= t
    return sum(np.sum(q[0] * q[1]) for q in p) + v[0]


def row_keeps_the_old_number(x, t):
    k = x[0] * 2.0

    def bump():
        nonlocal k
        k = k * t

    p = []
    for i in range(3):
        p.append([k, t])
        bump()
    for q in p:
        q[0] *= t
    return sum((a * b for a, b in p)) + k


def f1(x):
    return x * x


def g1(x):
    return np.sin(x)


def in_turn(a, n):
    fs = [f1, g1]
    x = a
    for i in range(n):
        x = fs[i % 2](x)
    return x


def from_the_end(a, k):
    fs = (f1, np.cos, lambda t: t * a)
    return fs[k](a) * fs[-k](a * 2)


def by_list_of_indices(a, ks):
    s = 0.0
    for k in ks:
        h = [f1, g1, np.tanh][k]
        s = s + h(a) * h(s)
    return s


def index_changes_later(a, k):
    fs = [f1, g1]
    h = fs[k]
    k = k + 1
    if k > 1:
        a = a * a
    return h(a) * h(a * a)


def lambdas_see_the_last_value(a, k):
    m = 2.0
    fs = [lambda t: t * m, lambda t: t + m * a]
    h = fs[k]
    m = a * 3
    return h(a) * h(a)


def reductions(x, k):
    fs = [np.sum, np.max, lambda t: t[0] * t[1]]
    return fs[k](x) * fs[(k + 1) % 3](x)


def one_writes(x, k):

    def upd(t):
        t[0] = t[1] * 2
        return t

    y = x * x
    z = [upd, f1][k](y)
    return np.sum(z * y)


LIST = [0.7, 1.3, 0.4]
ARRAY = np.array(LIST)

RIGHT = [
    (decorated_twice, (0.7,)),
    (decorated_twice, (ARRAY,)),
    (two_decorators, (0.7, 1.3)),
    (two_decorators, (ARRAY, 1.2)),
    (identity_and_recursion, (0.7, 2)),
    (decorator_that_counts, (0.7, 2)),
    (decorated_in_a_loop, (0.7, 3)),
    (sees_the_last_value, (0.7, 2)),
    (decorator_with_a_memo, (0.7, 2)),
    (recursion_through_the_wrapper, (0.7, 2)),
    (registered, (0.7,)),
    (decorator_that_calls, (0.7,)),
    (numbers_in_rows, (LIST, 0.3)),
    (numbers_in_rows, (ARRAY, 0.3)),
    (row_keeps_the_old_number, (LIST, 0.3)),
    (in_turn, (0.7, 3)),
    (in_turn, (ARRAY, 3)),
    (from_the_end, (0.7, 1)),
    (from_the_end, (ARRAY, 0)),
    (by_list_of_indices, (0.7, [0, 2, 1, -1])),
    (index_changes_later, (0.7, 0)),
    (index_changes_later, (0.7, -1)),
    (lambdas_see_the_last_value, (0.7, 1)),
    (reductions, (ARRAY, -2)),
    (one_writes, (ARRAY, 0)),
    (one_writes, (ARRAY, 1)),
]


@pytest.mark.parametrize("fun, args", RIGHT, ids=lambda v: getattr(v, "__name__", ""))
def test_right(fun, args):
    oracle.check(fun, args)


def test_an_index_that_is_too_large_raises():
    with pytest.raises(IndexError):
        adgen.grad(from_the_end, 0)(0.7, 3)


@pytest.mark.parametrize(
    "fun, args, says",
    [
        (cached, (0.7,), "what its decorator makes of it is not known"),
        (row_with_a_name, (LIST, 0.3), "p.append(r)"),
        (shared_array_in_rows, (ARRAY, 0.3), "p.append([v, x * k])"),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_refused(fun, args, says):
    with pytest.raises(Refusal) as caught:
        oracle.check(fun, args)
    assert says in str(caught.value)
