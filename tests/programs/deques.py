"""Deques, OrderedDicts, lists repeated in place, the rest of a mapping, and `try` around what is looked up."""

import collections
from collections import OrderedDict, defaultdict, deque

import numpy as np

V = np.array([0.7, -1.3, 2.1, 0.4, 1.9])


def both_ends(x, n):
    q = deque()
    for i in range(n):
        q.append(x * i)
        q.appendleft(x + i)
    s = 0.0
    while len(q) > 2:
        s = s * 0.9 + q.pop() * q.popleft()
    s += q[0] * q[-1]
    for v in q:
        s += v * v
    return s


def queue(x, n):
    q = deque([x, x * 2.0])
    seen = []
    while q:
        v = q.popleft()
        seen.append(v)
        if n > 0:
            q.extend([v * x, v + x])
            n -= 1
    return sum(v * v * k for k, v in enumerate(seen))


def window(x):
    q = collections.deque()
    total = 0.0
    for v in x:
        q.append(v)
        if len(q) > 3:
            total -= q.popleft() * 0.5
        total += sum(q) * v
    return total


def ordered(x, n):
    d = OrderedDict(b=x, a=x * x)
    e = OrderedDict()
    for i in range(n):
        e[i] = x * i
    s = 0.0
    for i, v in enumerate(d.values()):
        s += v * i
    for i, v in enumerate(e.values()):
        s += v * v * i
    return s


def repeated(x, n):
    xs = [x, x * 2.0]
    ys = xs
    xs *= 2
    for i in range(n):
        xs.append(x * i)
    xs *= n
    xs[0] = xs[-1] * x
    return sum(v * k for k, v in enumerate(ys))


def rest_of(d, x):
    match d:
        case {"a": v, **rest}:
            return v * rest["b"] * x + len(rest)
        case _:
            return x


def rest_alone(d, key):
    match d:
        case {**rest}:
            s = key
            for name in rest:
                s += rest[name] * key
            return s
    return key


def looked_up(x, n):
    d = {}
    for i in range(n):
        try:
            d[i % 2] += x * i
        except KeyError:
            d[i % 2] = x
        else:
            x = x * 1.1
        finally:
            x = x + 0.1
    return d[0] * d[1]


def memo(x, n):
    kept = {}

    def p(k):
        try:
            return kept[k]
        except KeyError:
            r = np.sin(x * k)
            kept[k] = r
            return r

    s = 0.0
    for i in range(n):
        s += p(i % 2) * i
    return s


def of_texts(x, names):
    d = {"a": x, "b": x * x}
    s = 0.0
    for name in names:
        try:
            s += d[name]
        except KeyError:
            s += 3.0 * x
    return s


def past_the_end(xs, n):
    s = 0.0
    for i in range(-n, n):
        try:
            s += xs[i] * xs[i + 1]
        except IndexError:
            s += 1.5 * xs[0]
    return s


def parts_of(d, x):
    try:
        v = d["w"] * x
    except KeyError:
        v = x
    try:
        v = v * d["none"]
    except KeyError:
        v = v + d["w"]
    return np.sum(v * x)


def t_default(x, n):
    d = defaultdict(float)
    try:
        v = d[n]
    except KeyError:
        v = x
    return v * x + len(d)


def t_longest(x):
    q = deque([x], maxlen=2)
    return q[0]


def t_returned(x):
    q = deque([x])
    q.append(x * x)
    return q


def t_not_at_all(x, n):
    xs = [x]
    xs *= 0
    return x * len(xs)


CASES = [
    (both_ends, (1.1, 4)),
    (both_ends, (1.1, 1)),
    (queue, (1.1, 4)),
    (window, (V,)),
    (ordered, (1.1, 4)),
    (repeated, (1.1, 3)),
    (rest_of, ({"a": 1.3, "b": 0.7}, 1.1)),
    (rest_of, ({"b": 0.7}, 1.1)),
    (rest_alone, ({"a": 1.3, "b": 0.7}, 1.1)),
    (looked_up, (1.1, 5)),
    (memo, (1.1, 5)),
    (of_texts, (1.1, ["a", "q", "b"])),
    (past_the_end, (V, 6)),
    (past_the_end, ([1.3, 0.4], 3)),
    (parts_of, ({"w": V}, V)),
    (t_default, (1.1, 3)),
    (t_longest, (1.1,)),
    (t_returned, (1.1,)),
    (t_not_at_all, (1.1, 2)),
]


def programs(rng):
    """The cases: their arguments are chosen, not drawn."""
    del rng
    return CASES
