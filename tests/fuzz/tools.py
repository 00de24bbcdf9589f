"""What the fuzzer's programs call besides: classes with operators, generators, data of a module, decorators."""

import functools
from dataclasses import dataclass, field

import numpy as np

import adgen

RATE = 0.7
GRID = np.array([0.3, 0.5, 0.2, 0.9])
SCALES = {"p": 0.4, "q": 0.8}
LEVELS = (0.3, 0.6)
STEPS = [0.1, 0.4, 0.2]
NONE = None


@dataclass
class Curve:
    rate: float
    knots: list = field(default_factory=list)
    named: dict = field(default_factory=dict)
    span: float = 0.5

    def __add__(self, other):
        return Curve(self.rate + other.rate, [self.rate])

    def __mul__(self, p):
        return Curve(self.rate * p)

    def __rmul__(self, p):
        return Curve(self.rate * p, span=0.3)

    def __neg__(self):
        return Curve(-self.rate)

    def __iadd__(self, p):
        self.rate += p
        return self

    def __len__(self):
        return len(self.knots)

    def __lt__(self, other):
        return self.rate < other.rate

    def __contains__(self, p):
        return p < self.rate

    def grown(self, p):
        self.knots.append(p * self.rate)
        self.named["last"] = p
        return sum(self.knots) + self.named["last"]


@dataclass
class Ramp:
    low: float
    high: float = 0.9
    middle: float = field(init=False, default=0.0)

    def __post_init__(self):
        self.middle = 0.5 * (self.low + self.high)


@dataclass(frozen=True)
class Fixed:
    p: float
    q: float = 0.3

    def value(self):
        return self.p * self.q


class Row:
    """Items by number, written and deleted."""

    share = 0.6

    def __init__(self, *items):
        self.items = list(items)

    def __getitem__(self, k):
        return self.items[k] * self.share

    def __setitem__(self, k, p):
        self.items[k] = p

    def __delitem__(self, k):
        del self.items[k]

    def __call__(self, p, *, q=0.5):
        return sum(self.items) * p * q

    @classmethod
    def of(cls, p):
        return cls(p, p * 0.5)


class Wide(Row):
    share = 0.4

    def __init__(self, *items):
        super().__init__(*items)
        self.extra = items[0] * 0.3

    @classmethod
    def of(cls, p):
        made = super().of(p)
        made.extra = p
        return made

    @property
    def both(self):
        return self[0] + self.extra


class Switch:
    """A field that is there on one path only, and one of the class."""

    gain = 0.6

    def set(self, p):
        if p > 0.4:
            self.gain = p
        return self.gain * p


class Log:
    """Made by its class alone."""

    level = 0.4


def spaced(u, p):
    for k in range(len(u)):
        yield k, u[k] * p


def halves(p, k):
    yield p
    while k > 0:
        p = p * 0.5
        yield p
        k -= 1


def chained(u, p):
    yield from u
    yield p


def none_of(k):
    if k > 99:
        yield 0.5


def repeat(times):
    def wrapped(g):
        @functools.wraps(g)
        def inner(p):
            for _ in range(times):
                p = g(p)
            return p

        return inner

    return wrapped


@repeat(2)
def softened(p):
    return np.tanh(p) * 0.9


def globally(p):
    return p * RATE + GRID[1] * SCALES["q"] + LEVELS[0] + STEPS[-1] * p


def gridded(u):
    return u * GRID + SCALES["p"]


def maybe_none(p, q=NONE):
    return p if q is None else p * q


def checked(p):
    if not isinstance(p, (float, np.floating)):
        raise TypeError(f"{p!r} is no number")
    if p != p:
        raise ValueError("not a number", p)
    return p * 1.1


def by_kind(p):
    if isinstance(p, np.ndarray):
        return np.sum(p * p)
    if isinstance(p, list):
        return sum(p)
    if isinstance(p, dict):
        return sum(p.values())
    if isinstance(p, tuple):
        return p[0]
    if isinstance(p, Curve | Fixed):
        return p.rate if isinstance(p, Curve) else p.p
    if isinstance(p, (int, np.integer)):
        return p * 0.1
    return p * 2.0


def by_shape(u):
    if u.ndim == 2:
        return np.sum(u[0])
    if u.shape[0] == 1 or 1 in u.shape:
        return u[0]
    if len(u.shape) == 1 and u.shape[0] != 3:
        return u[0] * u[-1]
    if u.dtype == np.float32:  # the same number as below: differences are taken in double precision
        return u.max()
    return np.max(u)


def positional(p, /, q, *rest, scale=0.5, **more):
    total = p * q * scale
    for r in rest:
        total += r
    return total + more.get("last", 0.1)


def three(p, q, r):
    return p * q + r


def noted(p, log=None):
    if log is not None:
        log.append(p)
    return p * 0.9


def stopped(u):
    return np.sum(adgen.stop_gradient(u) * u)


class Gain:
    """An instance of the module is called."""

    def __init__(self, rate):
        self.rate = rate

    def __call__(self, p):
        return p * self.rate


GAIN = Gain(0.7)


class Same:
    """What code on an adjoint may be, too."""

    def __call__(self, adjoint):
        return adjoint


SAME = Same()


class Knob:
    """A property that can be written."""

    def __init__(self, p):
        self.inner = p

    @property
    def level(self):
        return self.inner * 0.5

    @level.setter
    def level(self, p):
        self.inner = p * 1.7 + 0.1


class Bare:
    """Nothing above it has an `__init__`."""

    def __init__(self, p):
        super().__init__()
        self.p = p
        self.items = [p]


@dataclass
class Bag:
    p: float
    items: list = field(default_factory=lambda: [0.3, 0.4])
    named: dict = field(default_factory=dict)

    def total(self):
        self.items.append(self.p)
        return sum(self.items) * self.p


def decayed(p, k):
    return p * RATE if k <= 0 else decayed(p * GRID[0], k - 1) + STEPS[1] * p


def spanned(p, span=(0.2, 0.6), mode="full", flag=False, low=-0.3):
    if mode == "half":
        return p * span[1] + low
    return p * span[0] * span[1] if flag else p - low


def several(u, p):
    for q in u:
        if q > 0.97:
            return q * p
        if q < -0.83:
            return p
        if q > p:
            break
    else:
        return u[0]
    return p * 0.5


def scattered(m, p):
    for row in m:
        total = 0.1
        for q in row:
            if q > p:
                return total * q
            if q < -0.41:
                break
            if q < -0.71:
                return q
            total += q
        else:
            continue
        if total > 0.7:
            return total
    return m[0, 0]


def codes(u, p):
    k = 0
    while True:
        if u[k] > p:
            return u[k] * 0.5
        if k >= len(u) - 1:
            return p * 0.01
        if u[k] < -p:
            break
        k += 1
    return u[k]


def by_names(d, k):
    d["p" if k > 1 else "q"] *= 0.7
    return sum(d.values()) * d["p"]


def watched(adjoint):
    return adjoint


def unseen(adjoint):
    assert adjoint is not None


def swung(t, p, q):
    return np.sin(t * p) * q + t


def moved(t, u, p):
    return np.array([u[1], -u[0] * p + 0.1 * t])


def turned(u, t, p):
    return np.array([u[1] * 0.5, -u[0] * p])


def cubed(q, p):
    return q * q * q + q - p


def drawn_in(q, p):
    return 0.4 * np.sin(q) + 0.2 * p


@adgen.rule("bend_slope(p)")
def bend(p):
    return np.sin(p) * p


@adgen.rule("2.0 * np.cos(p) - bend(p)")
def bend_slope(p):
    return np.sin(p) + p * np.cos(p)


@adgen.rule("g * q * 2.0 * p * (1.0 + p * p) ** (q - 1.0)", "y * np.log(1.0 + p * p)")
def raised(p, q=1.5):
    return (1.0 + p * p) ** q


@adgen.rule("np.where(p > 0.0, 2.0 * p, 0.5)")
def bent(p):
    return np.where(p > 0.0, p * p, 0.5 * p)


@adgen.rule(zero=True)
def steps_of(p):
    return np.floor(p) * 0.1


@adgen.rule("g * p.size * 0.3", result="p")
def enlarged(p):
    return p * len(p) * 0.3


@adgen.rule("g[..., ::-1]", result="p")
def flipped(p):
    return p[..., ::-1]


def solved_pull(g, y, m, u):
    w = np.linalg.solve(m.T, g)
    return -np.outer(w, y), w


def solved_push(dots, y, m, u):
    return np.linalg.solve(m, dots[1] - dots[0] @ y)


@adgen.rule(vjp=solved_pull, jvp=solved_push, result="u")
def solved(m, u):
    return np.linalg.solve(m, u).astype(u.dtype)  # as the rule says


@adgen.rule("not_there(p)")
def half_ruled(p):
    return p * 0.5


def not_there(p):
    return p * 0.0 + 0.5


@adgen.rule("g * p.nothing")
def mis_ruled(p):
    return p * 0.5


slope = adgen.grad(softened)
