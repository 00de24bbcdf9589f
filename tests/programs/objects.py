"""Objects: methods, properties, operators, class and static methods, named tuples, gradients by dataclass or dict."""

# ruff: noqa: E731, F841

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from tests.programs.cases import collection

RNG = np.random.default_rng(3)
CASES, case = collection()


@dataclass
class P:
    w: np.ndarray
    b: float
    SCALE = 2.0

    def affine(self, x):
        return self.w * x + self.b

    @property
    def norm(self):
        return np.sum(self.w * self.w) + self.b

    def __call__(self, x):
        return np.tanh(self.affine(x)) * self.SCALE

    @staticmethod
    def sq(z):
        return z * z

    @classmethod
    def make(cls, w):
        return cls(w * 2.0, 0.5)

    def __add__(self, other):
        return P(self.w + other.w, self.b + other.b)

    def __getitem__(self, k):
        return self.w[k]

    def __len__(self):
        return 3


@dataclass
class Q(P):
    c: float = 1.5

    def affine(self, x):
        return super().affine(x) * self.c


@dataclass
class R(P):
    c: float = 1.5

    def affine(self, x):
        return self.w * x * self.c - self.b


class N(NamedTuple):
    x: float
    y: float

    def dist(self):
        return math.sqrt(self.x**2 + self.y**2)

    @property
    def prod(self):
        return self.x * self.y


w = RNG.standard_normal(3)


@case(P(w, 0.3), w + 1)
def m_method(p, x):
    return np.sum(p.affine(x))


@case(P(w, 0.3), w + 1)
def m_prop(p, x):
    return p.norm * np.sum(x)


@case(P(w, 0.3), w + 1)
def m_call(p, x):
    return np.sum(p(x))


@case(P(w, 0.3), w + 1)
def m_static(p, x):
    return np.sum(p.sq(x)) + P.sq(p.b)


@case(w)
def m_class(x):
    return np.sum(P.make(x)(x))


@case(P(w, 0.2), w)
def m_class2(p, x):
    return np.sum(p.make(x)(x)) + p.b


@case(R(w, 0.3, 0.7), w + 1)
def m_inherit(p, x):
    return np.sum(p(x)) + p.norm * p.c


@case(N(1.0, 2.0))
def n_fields(n):
    return n.x * n.y + n[0] + n.dist() * n.prod


@case(N(1.0, 2.0))
def n_unpack(n):
    a, b = n
    m = n._replace(x=a * b)
    return m.x * m.y


@case(1.2, 0.4)
def n_make(a, b):
    n = N(x=a, y=a * b)
    return n.dist() * n.prod


@case(P(w, 0.3), w + 1)
def m_replace(p, x):
    q = replace(p, b=p.b * 2.0)
    return np.sum(q(x))


@case(P(w, 0.3), w + 1)
def m_add(p, x):
    q = p + P(x, 1.0)
    return np.sum(q.w) * q.b


@case({"w": w, "b": 0.5, "in": {"k": 2.0}}, w)
def d_param(p, x):
    return np.sum(p["w"] * x) * p["b"] + p["in"]["k"] * p.get("b")


@case(P(w, 0.3))
def m_carry(p):
    q = p
    for k in range(3):
        q = P(q.w * p.w, q.b + p.b)
    return np.sum(q.w) * q.b


@case(P(w, 0.3))
def m_getitem(p):
    return p[0] * p[1] * len(p)


@case([N(1.0, 2.0), N(0.3, 0.1)])
def n_list(ns):
    t = 0.0
    for n in ns:
        t += n.dist() * n.x
    return t


@case([P(w, 2.0), P(w * 2, 0.1)], w)
def p_list(ps, x):
    for p in ps:
        x = p(x)
    return np.sum(x)


@case(P(w, 0.3))
def m_bound(p):
    f = p.affine
    return np.sum(f(p.w)) + np.sum(P.affine(p, p.w))


@case(1.5)
def m_tmp(x):
    s = N(x, x * x)
    if x > 1.0:
        s = N(s.y, s.x)
    else:
        s = N(s.x, s.x)
    return s.x * s.y + s.prod


@case(P(w, 0.3))
def m_astuple(p):
    return getattr(p, "b") * p.b


def programs(rng):
    """The programs of this file; their arguments are fixed."""
    return CASES
