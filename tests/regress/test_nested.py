"""Loops in loops, exits in loops, lists in lists, views, elimination: written to break the reverse sweep."""

from __future__ import annotations

import numpy as np
import pytest

from tests.programs.oracle import check

V = np.array([0.3, 0.7, 0.2, 0.9, 0.4])


def f1(x, n):
    # nested while with inner early exits and trips used
    s = 0.0
    i = 0
    while i < n:
        j = 0
        t = x * (i + 1)
        while True:
            t = np.sin(t) + 0.1 * x
            j += 1
            if t < 0.2:
                break
            if j > 3:
                break
        s += t * j
        i += 1
        if s > 50:
            return s * x
    return s


def f2(m, k):
    out = np.zeros_like(m)
    for i in range(m.shape[0]):
        for j in range(m.shape[1]):
            if m[i, j] > 0.5:
                out[i, j] = m[i, j] ** 2
            elif j > 0:
                out[i, j] = out[i, j - 1] * m[i, j]
            else:
                continue
            if k > 0 and out[i, j] > 0.9:
                break
    return np.sum(out * m)


def f3(x):
    a = [x[0], x[1]]
    for i in range(2, len(x)):
        a.append(a[i - 1] * x[i] + a[i - 2])
        if i % 2 == 0:
            b = a.pop()
            a.append(b * b)
    return sum(a) * a[0]


def f4(x, w):
    y = x.copy()
    v = y[1:]
    v *= 2.0
    z = y * w
    y[::2] += z[::2]
    y[1::2] = z[1::2] * y[:-1:2]
    return np.dot(y, z)


def f5(x, n):
    total = 0.0
    for i in range(n):
        acc = np.zeros(3)
        for j in range(i + 1):
            acc[j % 3] += x[j] * x[i]
        total += np.max(acc) * np.sum(acc)
    return total


def f6(a):
    m = a.copy()
    n = m.shape[0]
    for k in range(n - 1):
        for i in range(k + 1, n):
            m[i, k] /= m[k, k]
            m[i, k + 1 :] -= m[i, k] * m[k, k + 1 :]
    return np.sum(np.log(np.abs(np.diag(m))))


def f7(x, flag):
    if flag:
        y = x[1:] * x[:-1]
    else:
        y = x[::-1]
    for k in range(3):
        if k == 1:
            continue
        y = y * y[0] + np.mean(y)
    return np.sum(y)


def f8(d, x):
    h = d["b"] * x
    for k in range(2):
        h = h * d["w"] + d["c"][k]
    return np.sum(h)


def f9(x):
    hs = []
    for i in range(3):
        row = []
        for j in range(2):
            row.append(x[i] * x[j + 1])
        hs.append(row)
    s = 0.0
    for r in hs:
        s += r[0] * r[1]
    return s


def f10(x, idx):
    y = np.zeros(3)
    np.add.at(y, idx, x)
    y[idx] *= 2.0
    c = np.cumsum(y)
    return np.sum(c[idx] * x)


A = np.array([[4.0, 1, 0.5], [1, 3, 0.2], [0.5, 0.2, 2.0]])


CASES = [
    (f1, (0.7, 3)),
    (f2, (np.array([[0.2, 0.7, 0.9], [0.6, 0.3, 0.8]]), 1)),
    (f3, (V,)),
    (f4, (V, V[::-1].copy())),
    (f5, (V, 4)),
    (f6, (A,)),
    (f7, (V, True)),
    (f7, (V, False)),
    (f8, ({"b": 0.3, "w": V, "c": [0.1, 0.2]}, V)),
    (f9, (V,)),
    (f10, (V, np.array([0, 1, 1, 2, 0]))),
]


@pytest.mark.parametrize(("fun", "args"), CASES)
def test_both_modes_agree_with_differences(fun, args):
    check(fun, args)
