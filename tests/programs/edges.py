"""Corners: iterators used once, short circuits, objects in loops, derivatives in loops, patterns of classes."""

# ruff: noqa: E731, F841

from dataclasses import dataclass

import numpy as np

import adgen
from tests.programs.cases import collection

RNG = np.random.default_rng(3)


CASES, case = collection()
W = np.array([0.3, 1.2, -0.4])


@case(1.3)
def two_zip(x):
    def it():
        return zip((x, 1.0), (2.0, x))

    return sum(a * b for a, b in it())


@case(1.3)
def late(x):
    k = 2.0
    f = lambda: k * x
    k = 3.0
    return f()


@case(1.3)
def starred_iter(x):
    a, *b = zip((x, x), (x, 2.0))
    return a[0] * b[0][1]


@case(1.3)
def any_raise(x):
    def t(v):
        if v > 2.0:
            raise ValueError("no")
        return v > 1.0

    if any(t(v) for v in (x, 3.0)):
        return x * x
    return x


@case([1.3, 3.0, 5.0])
def any_raise2(xs):
    def t(v):
        if v > 2.0:
            raise ValueError("no")
        return v > 1.0

    if any(t(v) for v in xs):
        return xs[0] * xs[1]
    return xs[0]


@case([0.3, 3.0])
def all_cond(xs):
    if all(1.0 / x > 0.1 for x in xs if x != 0.0):
        return xs[0] * xs[1]
    return xs[0]


@case(1.3, 3)
def pop_alias(x, n):
    xs = [x, 2.0 * x, x * x]
    ys = xs
    a = ys.pop(0)
    return a * xs[0] + len(xs)


@case(1.3, 3)
def loop_rev(x, n):
    xs = [x]
    for k in range(n):
        xs.append(xs[-1] * x)
        xs.reverse()
        xs.insert(1, x + k)
    return xs[0] * xs[1] + 2.0 * xs[2] + 3.0 * xs[-1] + sum(xs)


@dataclass
class B:
    a: float

    def __len__(self):
        return 0


@dataclass
class C:
    a: float

    @property
    def early(self):
        if self.a > 1.0:
            return self.a * self.a
        return self.a


@case(C(1.2))
def prop_early(c):
    t = 0.0
    for k in range(3):
        t = t + C(c.early * k).early
    return t


@case(W, 1.0)
def sub_loop(v, x):
    g = adgen.grad(lambda u: np.sum(u * u) * x)
    while np.sum(v * v) > 0.5:
        v = v - 0.2 * g(v)
    return np.sum(v)


@case(W)
def mut_inner(v):
    y = v.copy()
    y[0] = 2.0 * y[1]
    g = adgen.grad(lambda u: np.sum(u * u * y))(y)
    y[1] = g[0] * y[2]
    return np.sum(y * g)


@case(1.3)
def vag_alias(x):
    z, g = adgen.value_and_grad(lambda u: u * u * x)(x)
    return z * g


@case(1.2, 2)
def matchcls(x, n):
    c = C(x)
    match c:
        case C(a=v) if v > 1.0:
            return v * v
        case C():
            return x
    return 0.0


@case([1.0, 2.0, 3.0])
def matchseq(xs):
    match xs:
        case [a, b]:
            return a * b
        case [a, *rest, b]:
            return a * b + sum(rest)
    return 0.0


def programs(rng):
    """The programs of this file; their arguments are fixed."""
    return CASES
