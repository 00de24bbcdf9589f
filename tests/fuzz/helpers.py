"""What the functions of the fuzzer call: callees with defaults, loops, exits, writes at several levels, classes."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

import adgen

GRID = np.array([0.6, 0.1, 0.4, 0.7])  # tools.py has another one
STEPS = (0.2, 0.5)


@adgen.rule("1.0 - np.tanh(p) ** 2")
def squashed(p):
    return np.tanh(p)


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


class Body:
    """An object that changes: it may share its arrays with others."""

    def __init__(self, pos, vel=None, mass=0.8):
        self.pos = pos
        self.vel = pos * 0.5 if vel is None else vel
        self.mass = mass

    def move(self, h):
        self.pos += h * self.vel
        return self

    def jump(self, h):
        self.pos = self.pos * 0.9 + h * self.vel
        self.mass *= 0.9

    def turn(self):
        self.pos, self.vel = self.vel, self.pos

    def pull(self, other, p):
        self.vel[1:] += p * other.pos[:-1]
        other.vel[0] = self.pos[-1] * other.mass

    def settle(self, bound):
        for k in range(len(self.pos)):
            if self.pos[k] > bound:
                self.pos[k] *= self.mass
                continue
            if self.vel[k] < -bound:
                break
            self.vel[k] = self.pos[k] * 0.4
        else:
            self.mass = self.mass * 0.8
        return self.mass

    def halve(self, k):
        if k > 0:
            self.pos *= 0.5 + self.mass * 0.1
            self.halve(k - 1)

    @property
    def energy(self):
        return self.mass * np.sum(self.vel * self.vel)

    def __add__(self, other):
        return Body(self.pos + other.pos, self.vel, self.mass)

    def __getitem__(self, k):
        return self.pos[k]

    @classmethod
    def at_rest(cls, u):
        return cls(u, np.zeros(len(u)))

    @staticmethod
    def drag(p):
        return p * np.tanh(p)


class Heavy(Body):
    """Position and velocity are one array."""

    def __init__(self, pos, mass):
        super().__init__(pos, pos, mass)

    def move(self, h):
        super().move(h * 0.5)
        self.mass += 0.1 * h
        return self


class Tank:
    """A small object: numbers, a counter, a list that grows."""

    def __init__(self, level, rate=0.5):
        self.level = level
        self.rate = rate
        self.count = 0
        self.log = [level]

    def fill(self, p):
        self.level += p * self.rate
        self.count += 1
        return self.level

    def drain(self):
        if self.level > 0.5:
            self.level *= 0.7
            self.log.append(self.level)

    @property
    def warmth(self):
        return self.level * self.rate + self.log[-1]


def kicked(body, p):
    body.vel += p
    body.mass = body.mass * 0.9
    return body.mass


def collide(one, two, p):
    one.vel, two.vel = two.vel, one.vel
    one.pos[0] = two.pos[0] * p
    return one.mass * two.mass


def all_moved(bodies, h):
    for body in bodies:
        body.move(h)
        body.mass *= 0.9


def emptied(tank, p):
    while tank.level > 0.4:
        tank.level = tank.level * 0.6 - 0.1 * p * p
        tank.log.append(tank.level)
    return tank.level


def relaxed_all(rows, p):
    for k in range(1, len(rows)):
        rows[k][0] = rows[k - 1][-1] * p
        rows[k - 1] *= 0.9


def lowered_all(rows, p):
    for row in rows:
        if row[0] > p:
            continue
        row[0] = row[-1] * 0.8
        row[-1] -= 0.1 * p


def first_of(rows):
    for row in rows:
        for q in row:
            if q > 0.4:
                return q
    return rows[0][0]


def kept(xs, p):
    xs.append(xs[-1] * p)
    xs[0] += p


def bumped(d, p):
    d["p"] = d["p"] * p
    d["q"][0] += d["p"]


def optional(p, q=None):
    if q is None:
        q = p * 0.5
    return p * q


def found_in(u, bound):
    for q in u:
        if q > bound:
            return q * 1.1
    return None


def spread(first, *rest, last=0.5):
    total = first
    for q in rest:
        total = total * 0.8 + q
    return total * last


def rolled(p):
    y = np.zeros(4)
    y[0] = p
    for k in range(1, 4):
        y[k] = np.sin(y[k - 1]) * p
        if y[k] > 0.8:
            break
    return np.sum(y * y)


def stored(u):
    v = u.copy()
    v[1:] = v[:-1] * u[1:]
    v[0] *= v[-1]
    return np.sum(v * u)


def power_of(p, k):
    if k <= 0:
        return 1.0
    return p * power_of(p, k - 1)


def halved(u, low, high):
    if high - low == 1:
        return u[low] * u[low]
    middle = (low + high) // 2
    return halved(u, low, middle) * 0.9 + halved(u, middle, high)


def even_steps(p, k):
    return p if k <= 0 else odd_steps(p * 0.8, k - 1)


def odd_steps(p, k):
    return np.sin(p) if k <= 0 else even_steps(p + 0.3, k - 1)


def fine(low, high, depth):
    middle = 0.5 * (low + high)
    if depth <= 0 or abs(high - low) < 0.2:
        return np.sin(middle) * (high - low)
    return fine(low, middle, depth - 1) + fine(middle, high, depth - 1)


def nested_sum(tree):
    if isinstance(tree, float):
        return tree * tree
    total = 0.0
    for part in tree:
        total = total + nested_sum(part) * 0.8
    return total


def tracked(p, k, seen):
    seen.append(p)
    if k <= 0:
        return sum(seen) * 0.5
    return tracked(p * 0.7, k - 1, seen)


def weighed(u, k, scale=0.5):
    if k <= 0:
        return np.sum(u) * scale
    return weighed(u[::-1] * scale, k - 1, scale=scale * 0.9) + u[k]


def horner(xs, p):
    if len(xs) == 1:
        return xs[0]
    return xs[0] + p * 0.5 * horner(xs[1:], p)


def doubled(u, k):
    if k <= 0:
        return u * 0.5
    return doubled(u, k - 1) + 0.3 * u


def rotated(u, k):
    u = u.copy()
    if k > 0:
        u[:-1], u[-1] = u[1:].copy(), u[0]
        return rotated(u, k - 1)
    return u * u


def two_ways(p, k):
    if k <= 0:
        return p, 0.5 * p
    one, two = two_ways(p * 0.9, k - 1)
    return two * p, one + two


def faded(u, k, p):
    if k >= len(u):
        return
    u[k] *= p
    faded(u, k + 1, p * 0.9)
    u[0] += 0.1 * p


def smoothed(u, k):
    u[1:] += u[:-1] * 0.3
    if k > 0:
        smoothed(u[::-1], k - 1)
    u *= 0.9
    return u[0]


def crossed(u, v, k):
    u[0] = v[1] * 0.7
    if k <= 0:
        return np.sum(u * v)
    return crossed(v, u, k - 1) * u[1]


def sifted(u, low, high):
    if low >= high:
        return
    if u[low] > u[high]:
        u[low], u[high] = u[high], u[low] * 0.9
    sifted(u, low + 1, high)
    sifted(u, low, high - 1)


def kept_in(u, k, p):
    for j in range(k):
        u[j] = u[j] * p
        if u[j] > 0.4:
            return kept_in(u, k - 1, p * 0.9) + u[j]
    return np.sum(u)


def stopped_early(u, k, bound):
    if k < 0:
        return u[0]
    if u[k] > bound:
        u[k] *= 0.6
        return u[k]
    u[k] = u[k] * 0.8 + 0.1
    return stopped_early(u, k - 1, bound) * u[k]


def relax_row(m, k):
    if k < 0:
        return
    m[k] *= 0.8
    m[:, k] += 0.1 * m[k]
    relax_row(m, k - 1)


def filled_up(out, u, k):
    if k == len(u):
        return out
    out[k] = u[k] * 0.8 + (out[k - 1] if k > 0 else 0.0)
    return filled_up(out, u, k + 1)


def twice(p, k):
    return p * p if k <= 0 else twice(p * 0.9, k - 1) + twice_fwd(p, 0)


def twice_fwd(p, k):
    return p if k <= 0 else twice_fwd(p * 0.8, k - 1) * 0.7


def meshed(u):
    return u * GRID * STEPS[0] + GRID[1]
