"""Functions of itertools and copy, `next`, `max(.., default=)`; rows of lists that change places."""

import copy
import itertools

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs import oracle
from tests.programs.cases import collection

rng = np.random.default_rng(1)
X6, Q = rng.uniform(0.5, 1.5, 6), rng.uniform(0.5, 1.5, (3, 3))
CASES, case = collection()


@case(X6)
def rows_swap(x):
    m = [[x[0], x[1]], [x[2], x[3]]]
    m[0], m[1] = (m[1], m[0])
    m[0][0] = m[1][1] * 2
    return m[0][0] * m[0][1] + m[1][0]


@case(X6)
def rows_swap_loop(x):
    m = [[x[i] * x[j] + (i == j) for j in range(3)] for i in range(3)]
    for k in range(3):
        p = max(range(k, 3), key=lambda r: abs(m[r][k]))
        m[k], m[p] = (m[p], m[k])
        for i in range(k + 1, 3):
            f = m[i][k] / m[k][k]
            for j in range(k, 3):
                m[i][j] -= f * m[k][j]
    return m[0][0] * m[1][1] * m[2][2]


@case(X6)
def rows_arr_swap(x):
    m = [x[:3] * 1.0, x[3:] * 2.0]
    m[0], m[1] = (m[1], m[0])
    m[0][1] = m[1][0] ** 2
    return np.sum(m[0] * m[1])


@case(X6)
def rows_arr_loop(x):
    m = [x[:3] * (i + 1.0) for i in range(3)]
    for i in range(2):
        m[i], m[i + 1] = (m[i + 1], m[i])
        m[i][0] = m[i + 1][1] * x[i]
    return np.sum(m[0] * m[1] * m[2])


@case([[1.2, 0.5], [0.7, 1.3]], 0.7)
def arg_rows_swap(m, a):
    m[0], m[1] = (m[1], m[0])
    m[0][1] = a * m[1][0]
    return m[0][0] * m[0][1] + m[1][1]


@case(X6)
def maxdefault(x):
    a = max((v for v in x if v > 100), default=x[0] * 2)
    b = min([v * v for v in x if v < 1.2], default=0.0)
    c = max([], default=x[1])
    return a * b * c


@case(X6)
def deepc(x):
    y = x * 2
    z = copy.copy(y)
    z[0] = 3 * x[1]
    w = copy.deepcopy(y)
    w[1] *= x[0]
    return np.sum(y * z * w)


@case(X6)
def deepl(x):
    xs = [x * 1.0, x * 2.0]
    ys = copy.deepcopy(xs)
    ys[0][0] = x[1]
    zs = copy.copy(xs)
    zs[0] = x
    return np.sum(xs[0] * ys[0] * zs[0]) + np.sum(xs[1])


@case(X6)
def nxt3(x):
    a = next(iter(x))
    b = next((v for v in x if v > 0.9), 0.0)
    return a * b


@case(X6)
def itt(x):
    s = 0.0
    for a in itertools.accumulate(x):
        s = s + a * a
    for a, b in itertools.pairwise(x):
        s = s + a * b
    for v in itertools.chain(x[:2], x[3:], [s]):
        s = s + v * 0.1
    return s


@case(X6)
def itt3(x):
    ls = list(itertools.accumulate(x, lambda a, b: a * b + 1))
    m = list(itertools.accumulate(x, initial=2.0))
    n = sum(itertools.chain.from_iterable([[x[0], x[1]], [x[2]]]))
    t = list(itertools.takewhile(lambda v: v > 0.1, x))
    st = list(itertools.starmap(lambda a, b: a * b, [(x[0], x[1])]))
    return sum(ls) * sum(m) + n + t[0] + st[0]


@case(X6)
def rows_rot(x):
    m = [x[:2] * (i + 1.0) for i in range(3)]
    s = 0.0
    for k in range(4):
        m[0], m[1], m[2] = (m[2], m[0], m[1])
        m[k % 3][0] *= x[k]
        s = s + m[0][1] * m[2][0]
    return s


@case(Q)
def pivot(a):
    m = [list(row) for row in a @ a.T]
    n = 3
    det = 1.0
    for k in range(n):
        p = k
        for r in range(k + 1, n):
            if abs(m[r][k]) > abs(m[p][k]):
                p = r
        if p != k:
            m[k], m[p] = (m[p], m[k])
            det = -det
        det = det * m[k][k]
        for i in range(k + 1, n):
            f = m[i][k] / m[k][k]
            for j in range(k, n):
                m[i][j] = m[i][j] - f * m[k][j]
    return det


@case(Q)
def pivot2(a):
    m = [row * 1.0 for row in a[::-1]]
    n = 3
    for k in range(n):
        p = max(range(k, n), key=lambda r: abs(m[r][k]))
        m[k], m[p] = (m[p], m[k])
        for i in range(k + 1, n):
            m[i] -= m[i][k] / m[k][k] * m[k]
    return m[0][0] * m[1][1] * m[2][2] + m[0][1]


@case(X6)
def swap_same(x):
    m = [x[:2] * 1.0, x[2:4] * 1.0]
    i = 1
    m[i], m[1] = (m[1], m[i])
    m[i][0] = m[0][0] * 2
    return np.sum(m[0] * m[1])


@case([[1.2, 0.5], [0.7, 1.3]], 0.7)
def arg_rows_swap2(m, a):
    for k in range(2):
        m[0], m[1] = (m[1], m[0])
        m[k][1] *= a * m[1 - k][0]
    return m[0][0] * m[0][1] + m[1][1]


@case(X6)
def rows_slices(x):
    m = [[x[0], x[1]], [x[2], x[3]]]
    m[0], m[1] = (m[1][:], m[0][:])
    m[0][0] = m[1][1] * 2
    t = m[0][:]
    m[0] = m[1][:]
    m[1] = t
    m[1][1] *= x[4]
    return m[0][0] * m[0][1] + m[1][0] * m[1][1]


@case(X6)
def itt4(x):
    s = 0.0
    for a, b in itertools.product(x[:2], x[2:4]):
        s += a * b * b
    for v in itertools.islice(x, 1, 5, 2):
        s *= v
    for a, b in itertools.zip_longest([x[0], x[1], x[2]], [x[3]], fillvalue=0.5):
        s += a * b
    for v, c in zip(x, itertools.repeat(2.0, 4)):
        s += v**c
    for a, b in itertools.combinations(x[:3], 2):
        s += a * b
    for a, b, c in itertools.permutations(x[:3], 3):
        s += a * b * b * c
    for a, b in itertools.product([0.5, 2.0], repeat=2):
        s += a * b * x[0]
    return s


@case(X6, 4)
def itt5(x, n):
    xs = [v * v for v in x[:n]]
    s = 0.0
    for a, b in itertools.pairwise(xs):
        s += a * b
    for v in itertools.accumulate(xs, max):
        s += v
    for k, v in enumerate(itertools.chain(xs, x)):
        s += k * v
    return s + sum(itertools.islice(xs, 2)) + max(xs[9:], default=x[1]) * min(xs, default=2.0)


@case(X6)
def nextdef(x):
    return next((v * v for v in x if v > 100.0), x[0]) * next((v * v for v in x if v < 100.0), x[1]) * next(iter(x))


@case(X6)
def maxname(x):
    f = max
    g = min
    return f(x[0], x[1]) * g([x[2], x[3]]) * f([v for v in x])


@pytest.mark.parametrize("fun, args", CASES, ids=[fun.__name__ for fun, _ in CASES])
def test_programs(fun, args):
    oracle.check(fun, args, directions=1)


def changed_meanwhile(x):
    y = x * 1.0
    s = 0.0
    for k, (a, b) in enumerate(itertools.pairwise(y)):
        y[k + 1] = a * b
        s += b
    return s


def seen_meanwhile(x):
    s = 1.0
    for v in itertools.accumulate(x, lambda a, b: a * b * s):
        s += v
    return s


def twice_in_the_list(x):
    y = x * 1.0
    both = copy.deepcopy([y, y])
    both[0][0] = 2.0
    return np.sum(both[1])


def without_end(x):
    return sum(v * c for v, c in zip(x, itertools.count(1)))


def kept_iterator(x):
    it = iter(x)
    return next(it) * next(it)


REFUSED = {changed_meanwhile: "E0122", seen_meanwhile: "E0102", twice_in_the_list: "E0106"}
REFUSED |= {without_end: "E0102", kept_iterator: "E0102"}


@pytest.mark.parametrize("fun", REFUSED, ids=[fun.__name__ for fun in REFUSED])
def test_what_a_loop_could_tell_is_refused(fun):
    with pytest.raises(Refusal) as caught:
        oracle.Made(fun, [X6], "grad", ("x",))
    assert REFUSED[fun] in {d.code for d in caught.value.diagnostics}
