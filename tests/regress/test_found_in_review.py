"""Wrong numbers that a review found: right by now, or refused."""

from dataclasses import dataclass

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs import oracle

X = np.array([0.5, 1.2, -0.7, 2.1])


def m2(x):
    p = [x * 1.0, x * 2.0]
    a = p[0]
    p[0] *= p[1]
    return np.sum(a)


def m8(x):
    p = [x * 1.0, x * 2.0]
    b = p[0][1:]
    p[0] *= x
    return np.sum(b)


def s15(x):
    rows = [x * 1.0, x * 2.0]
    for i in range(2):
        r = rows[i]
        rows[i] *= x
        rows[i] /= r + 3.0
    return np.sum(rows[0] * rows[1])


def up(p, g):
    p[0] *= g


def m3(x):
    p = [x * 1.0, x * 2.0]
    a = p[0]
    up(p, x)
    return np.sum(a * p[0])


def m12(x):
    p = [[x * 1.0], [x * 2.0]]
    b = p[0][0]
    p[0][0] *= x
    return np.sum(b * x)


def n13(x):
    p = [x * 1.0, x * 2.0]
    b = p[0]
    p[0] **= 2
    return np.sum(b * x)


def m20(x):
    p = [x * 1.0, x * 2.0]
    b = p[1]
    i = int(x[1])
    p[i] *= x
    return np.sum(b * x)


def m14(x):
    p = [x * 1.0, x * 2.0]
    b = p[1]

    def f():
        p[1] /= x

    f()
    return np.sum(b * x)


def m13(x):
    d = {"l": [x * 1.0, x * 2.0]}
    b = d["l"][0]
    d["l"][0] *= x
    return np.sum(b * x)


def v16(x):
    r = [x[0], x[1]]
    s = []
    s.append(r)
    s[0][0] = x[3]
    return r[0] * x[1]


def v18(x):
    m = [[x[0]], [x[2]]]
    s = []
    s.append(m[0])
    s[0].append(x[3])
    return m[0][-1] * x[1]


def s1(x):
    m = [[x[0], x[1]], [x[2], x[3]]]
    s = sorted(m, key=lambda r: r[0])
    s[0][1] = x[0]
    return m[0][1] * m[1][1]


def u12(x):
    m = [[x[0], x[1]], [x[2], x[3]]]
    s = [r for r in m if r[0] > 0]
    s[0][1] = x[2]
    return m[0][1] * m[1][1]


def u14(x):
    m = [[x[0], x[1]], [x[2], x[3]]]
    s = []
    for r in m:
        s.append(r)
    s[0][1] = x[2]
    return m[0][1] * m[1][1]


def u19(x):
    m = [[x[0], x[1]], [x[2], x[3]]]
    s = []
    s.append(m[0])
    s.append(m[1])
    s[0][1] = x[2]
    return m[0][1] * m[1][1]


def fine1(x):
    s = []
    s.append([x[0], x[1]])
    s.append([x[2], x[3]])
    s[0][1] = x[2]
    return s[0][1] * s[1][1]


@dataclass
class Pair:
    a: float
    b: float


def z4(x):
    p = Pair(x[0], x[1])
    o = Pair(p, 1.0)
    return x[0] if o.a is p else x[1]


def z6(x):
    p = [x[0], x[1]]
    held = [p]
    return x[0] if held[0] is p else x[1]


def u3(x):
    ps = [Pair(x[i], x[i - 1]) for i in range(3)]
    s = 0.0
    for p in ps:
        for q in ps:
            if p is not q:
                s = s + p.a * q.a
    return s


def w5(x):
    held = [Pair(x[0], x[1]), Pair(x[2], x[3])]
    s = x[0]
    for p in held:
        if p is held[0]:
            s = s * 3.0
    return s


def u11(x):
    y = x * 1.0
    z = y
    w = x * 1.0
    held = [y, w]
    s = 0.0
    if z is y:
        s = s + x[0]
    if held[1] is y:
        s = s + x[1]
    if held[0] is y:
        s = s + x[2]
    return s * x[3]


def w12(x):
    p = (x[0], x[2])
    q = (x[1], x[2])
    return x[0] if p == q else x[1]


def w13(x):
    p = [x[0]]
    q = [x[1]]
    return x[0] if p != q else x[1]


def w14(x):
    p = {"a": x[0]}
    q = {"a": x[1]}
    return x[0] if p == q else x[1]


def w10(x):
    p = Pair(x[0], x[1])
    q = Pair(x[0], x[2])
    return x[0] if p == q else x[1]


def ok1(x):
    y = None
    if x[0] > 0:
        y = x * 2
    if y is None:
        return x[0]
    if x.shape == (4,):
        return np.sum(y)
    return x[1]


def ok2(x):
    t = (1, 2)
    q = (1, 3)
    return x[0] if t == q else x[1]


def ok3(x):
    t = [1, 2]
    q = [1, 3]
    return x[0] if t == q else x[1]


def ok4(x):
    i = int(x[3])
    t = (i, 2)
    q = (1, 2)
    return x[0] if t == q else x[1]


RIGHT = [m2, m8, s15, m3, m12, n13, m20, m14, m13, fine1, ok1, ok2, ok3, ok4]
REFUSED = [v16, v18, s1, u12, u14, u19, z4, z6, u3, w5, u11, w12, w13, w14, w10]


@pytest.mark.parametrize("fun", RIGHT)
def test_right(fun):
    oracle.check(fun, [X])


@pytest.mark.parametrize("fun", REFUSED)
def test_refused(fun):
    with pytest.raises(Refusal) as caught:
        oracle.check(fun, [X])
    assert {found.code for found in caught.value.diagnostics} <= {"E0102", "E0103", "E0121"}


def complex_power(x, y):
    return np.abs(np.sum(x**y)) ** 2


def complex_sinc(x):
    return np.sum(np.abs(np.sinc(x)) ** 2)


def complex_spacing(x):
    return np.abs(np.sum(np.linspace(x[0], x[1], 4) ** 2)) ** 2


def chosen_by_a_list(y):
    return np.sum(np.choose([0, 1, 1, 0], [y, 2 * y]) ** 2)


def transformed_twice(x):
    return np.sum(np.fft.rfft2(x, axes=(0, 0)).real)


def cut_off(x):
    return np.sum(np.linalg.lstsq(x, np.arange(1.0, 4), rcond=0.9)[0] ** 2)


def cut_off_inverse(x):
    return np.sum(np.linalg.pinv(x, rcond=0.9) ** 2)


Z = np.array([-1 + 2j, 0.5 + 1j])


@pytest.mark.parametrize("exponent", [0.7, -0.7, np.array([0.7, 1.5])])
def test_complex_powers(exponent):
    oracle.check(complex_power, [Z, exponent])


M = np.array([[1.0, 2], [3, 1], [0, 1]])


@pytest.mark.parametrize(
    ("fun", "args"),
    [
        (complex_sinc, [Z]),
        (complex_sinc, [np.array([1e-5 + 2e-5j, 0.0])]),
        (complex_spacing, [Z]),
        (chosen_by_a_list, [X]),
        (cut_off, [M]),
        (cut_off_inverse, [M]),
    ],
)
def test_formulas_once_outside_their_range(fun, args):
    oracle.check(fun, args)


def test_one_axis_transformed_twice_is_refused():
    with pytest.raises(Refusal) as caught:
        oracle.check(transformed_twice, [np.outer(X, X)])
    assert {found.code for found in caught.value.diagnostics} == {"E0143"}
