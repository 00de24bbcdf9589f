"""Lists that are turned round, inserted into, popped from the front, copied, cleared; walrus; merged dicts."""

# ruff: noqa: E731, F841

import numpy as np

from tests.programs.cases import collection

RNG = np.random.default_rng(3)
CASES, case = collection()


@case(1.3, 0.7)
def l_ext(x, y):
    xs = [x]
    xs.extend([y, x * y])
    xs.extend(t * t for t in (x, y))
    return xs[1] * xs[2] + xs[-1] + len(xs)


@case([1.3, 0.7, 0.2])
def l_ext2(ys):
    xs = [1.0]
    xs.extend(ys)
    xs.extend(v * v for v in ys)
    xs += ys
    return xs[1] * xs[2] + xs[-1] + len(xs) + sum(xs)


@case(1.3, 4)
def l_insert(x, n):
    xs = [x, 2.0 * x]
    for k in range(n):
        xs.insert(0, xs[0] * x + xs[-1])
    xs.insert(1, x)
    return xs[0] * xs[1] + xs[3]


@case(1.3, 0.7)
def l_rev(x, y):
    xs = [x, y, x * y]
    xs.reverse()
    return xs[0] * xs[1] + 2.0 * xs[2]


@case(1.3, 4)
def l_rev2(x, n):
    xs = []
    for k in range(n):
        xs.append(x**k)
    xs.reverse()
    return xs[0] * xs[1] + 2.0 * xs[2]


@case(1.3, 0.7)
def l_copy(x, y):
    xs = [x, y]
    ys = xs.copy()
    ys.append(x * y)
    xs[0] = 3.0 * x
    return xs[0] * ys[0] * ys[2]


@case(1.3, 0.7)
def l_clear(x, y):
    xs = [x, y, x]
    xs.clear()
    xs.append(y)
    return xs[0]


@case(1.3, 0.7)
def l_popi(x, y):
    xs = [x, y, x * y]
    a = xs.pop(0)
    b = xs.pop()
    return a * b + xs[0]


@case(1.3, 5)
def l_deque(x, n):
    xs = [x, x * x]
    t = 0.0
    for k in range(n):
        a = xs.pop(0)
        xs.append(a * x + t)
        t = t + a
    return t


@case(1.3, 0.7)
def d_merge(x, y):
    a = {"a": x}
    b = {**a, "b": y}
    c = a | b
    return c["a"] * c["b"]


@case([1.3, 0.2, 0.4])
def wal(xs):
    t = 0.0
    k = 0
    while (v := xs[k]) > 0.3:
        t += v * v
        k += 1
    if (u := t * 2.0) > 0.1 and (z := u * t) > 0.0:
        t = t + z
    ys = [(q := a * t) + q for a in xs]
    return t * (s := u) + s + q + sum(ys)


def programs(rng):
    """The programs of this file; their arguments are fixed."""
    return CASES
