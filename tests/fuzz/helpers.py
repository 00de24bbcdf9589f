"""What the functions of the fuzzer call: callees with defaults, loops, exits, writes at several levels, classes."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


def damped(p, q=0.5, *, scale=0.7):
    r = np.tanh(p * q)
    return r * scale, p - r


def stepped(u, p):
    for k in range(3):
        if p > 0.8:
            return np.sum(u) * p
        p = p + 0.3 * u[k % len(u)] * u[k % len(u)]
    return p * u[-1]


def shifted(u, p):
    out = np.zeros(len(u))
    out[1:] = u[:-1] * p
    out[0] += p
    return out


def filled(u, p):
    u[1:] = u[1:] * p
    u[0] = p


def deeper(u, p):
    v = u[1:]
    filled(v, p * 0.9)
    v[-1] += u[0]
    return v


def deepest(u, p):
    for k in range(2):
        w = deeper(u, p)
        p = w[0] * 0.7
        if p > 0.35:
            break
    u[:] = u[::-1] * p
    return p


def mixed(u, v, p):
    u[:-1] = v[1:] * p
    v[0] += u[-1] * 0.3
    return np.sum(u * v)


def ahead(u):
    u *= 0.8
    return u


def first_big(u, bound=0.3):
    for k in range(len(u)):
        if u[k] > bound:
            return k, u[k] * 1.1
    return 0, u[0] - 0.2


def looked_up(u, p):
    total = 0.0
    for q in u:
        if q < 0.0:
            continue
        total = total + q * p
    else:
        total = total * 0.5
    return total


def gathered(*us, weight=1.0, **more):
    total = weight
    for u in us:
        total = total + u * weight
    return total * more.get("scale", 0.9)


def folded(g, u, p):
    for k in range(len(u)):
        p = g(p, u[k])
    return p


def wave(t, w=0.6):
    return np.sin(t * w) * t + 0.2 * t


def energy(u):
    return np.sum(np.sin(u) * u)


@dataclass
class Spring:
    rate: float
    rest: float = 0.4

    def force(self, t):
        return -self.rate * (t - self.rest)

    @property
    def scale(self):
        return 0.5 * self.rate * self.rest

    def __call__(self, t):
        return self.force(t) * 0.5


@dataclass
class State:
    pos: object
    vel: object


class Pair(NamedTuple):
    one: object
    two: object = 0.3

    def swapped(self):
        return Pair(self.two, self.one)
