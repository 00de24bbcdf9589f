"""Lists in another order or with elements put in and taken out; sorted, filter, sets, texts as keys; builtins."""

# ruff: noqa: E701, E702, E731, F841

import functools
import math
from dataclasses import dataclass
from functools import reduce

import numpy as np

from tests.programs.cases import collection

RNG = np.random.default_rng(3)
V = RNG.standard_normal(5)
CASES, case = collection()


X = [1.3, -0.2, 0.5, 0.8]


@case(X, -3, 2)
def o_neg(x, a, b):
    xs = [v * v for v in x]
    del xs[a]
    xs.insert(b, x[0])
    xs.insert(100, x[1])
    xs.insert(-100, x[2])
    v = xs.pop(a)
    return sum((j + 1) * v for j, v in enumerate(xs)) * v


@case(X, 3, 1)
def o_cross(x, a, b):
    xs = [v * v for v in x]
    xs[a:b] = [x[0], x[1] * 2.0]
    xs[-2:] = [xs[0]]
    xs[1:-1] = xs[::-1]
    return sum((j + 1) * v for j, v in enumerate(xs))


@case(X)
def o_self(x):
    xs = list(x)
    xs[1:3] = xs
    xs[len(xs) :] = [x[0]]
    xs[:0] = [x[1] * 5.0]
    del xs[1:3]
    return sum((j + 1) * v * v for j, v in enumerate(xs))


@case(X)
def o_loop(x):
    xs = []
    for k in range(6):
        xs.insert(k // 2, x[k % 4] * (k + 1))
        if k % 3 == 2:
            del xs[k % len(xs)]
            xs[0:1] = [x[1], xs[0] * 2.0]
    return sum((j + 1) * v * v for j, v in enumerate(xs))


@case(X)
def o_sortloop(x):
    xs = list(x)
    t = 0.0
    for k in range(3):
        xs.sort(key=lambda v: -v if k % 2 else v)
        t += xs[0] * xs[1]
        xs[0] = xs[0] * 0.5 + xs[2]
    return t + xs[0] * 3.0


@case(X, [3, 1, 2, 0])
def o_key(x, rank):
    pairs = sorted(zip(rank, x))
    ys = sorted(x, key=lambda v: (v - 0.4) ** 2, reverse=True)
    return pairs[0][1] * 2.0 + ys[0] * ys[1] + ys[3]


@case(V)
def o_med(x):
    s = sorted(x)
    n = len(s)
    m = s[n // 2]
    return m * sum(abs(v - m) for v in x)


@case(X)
def o_topk(x):
    top = sorted(x, reverse=True)[:2]
    low = sorted(x)[0]
    return top[0] * top[1] + low**2


@case(V)
def o_dict(x):
    d = {"b": x[0], "a": x[1], "c": x[2]}
    t = 0.0
    for k in sorted(d):
        t = t * 2.0 + d[k]
    for k, v in sorted(d.items(), key=lambda kv: kv[0], reverse=True):
        t = t * 1.5 + v
    names = sorted(d, key=lambda k: k)
    return t + d[names[0]]


@case(V)
def o_obj(x):
    ps = [Q(v, k) for k, v in enumerate(x)]
    b = max(ps, key=lambda p: p.w)
    s = sorted(ps, key=lambda p: p.w)
    return b.w * 2.0 + s[0].w * s[1].k


@dataclass
class Q:
    w: float
    k: int


@case(V)
def o_steps(x):
    xs = [v * v for v in x]
    a, b = xs[1::2], xs[-3:]
    c = xs[-1:1:-1]
    k = len(xs) // 2
    return sum(a) * sum(b[k - 1 :]) + c[0] * c[1] + sum(xs[k:]) * sum(xs[:k])


@case(V)
def o_filter(x):
    pos = list(filter(lambda v: v > 0, x))
    neg = [v for v in filter(lambda v: v <= 0, x)]
    return sum(v * v for v in filter(lambda v: abs(v) > 0.1, pos)) + sum(neg)


@case(V)
def o_arr(x):
    rows = [x * k for k in range(3)]
    s = sorted(rows, key=lambda r: -r[0])
    return np.sum(s[0] * s[1])


@case(1.3, "Adam_fast")
def o_text(x, name):
    kind, _, mode = name.lower().partition("_")
    if kind == "adam" and mode.endswith("st"):
        x = x * 2.0
    parts = name.split("_")
    table = {f"{p}-{i}": x * (i + 1) for i, p in enumerate(parts)}
    return table["Adam-0"] * table["fast-1"] * len(parts)


@case(X)
def o_set(x):
    skip = {1, 2}
    names = {"a", "b"}
    t = 0.0
    for k in range(4):
        if k not in skip:
            t += x[k] ** 2
    for k in skip:
        t *= x[k]
    if "a" in names and "z" not in names:
        t *= 2.0
    return t * len(skip)


@case(7.3, 2.2)
def o_divmod(x, y):
    q, r = divmod(x, y)
    return r * r * y + q


@case(V)
def s_sorted(x):
    ys = sorted(x)
    return sum(y * k for k, y in enumerate(ys))


@case([1.3, -0.2, 0.5])
def s_sorted2(x):
    ys = sorted(x, reverse=True)
    return ys[0] * 2.0 + ys[1] * ys[2]


@case([1.3, -0.2, 0.5], [2, 0, 1])
def s_key(x, order):
    ys = [x[k] for k in sorted(range(3), key=lambda k: order[k])]
    return ys[0] * 2.0 + ys[1] * ys[2]


@case([1.3, -0.2, 0.5])
def s_key2(x):
    ys = sorted(x, key=abs)
    return ys[0] * 2.0 + ys[1] * ys[2]


@case([1.3, -0.2, 0.5])
def s_sort(x):
    ys = list(x)
    ys.sort()
    return ys[0] * 2.0 + ys[1] * ys[2]


@case({"b": 1.3, "a": 0.4})
def s_dict(d):
    t = 1.0
    for k in sorted(d):
        t = t * 2.0 + d[k]
    for k, v in sorted(d.items()):
        t = t * 3.0 + v
    return t


@case(V)
def s_filter(x):
    return sum(filter(lambda v: v > 0, x)) * x[0]


@case(V)
def s_filter2(x):
    ys = list(filter(lambda v: v > 0, x))
    return sum(ys) * len(ys)


@case(1.3, 0.7)
def s_set(x, y):
    s = {1, 3, 5}
    t = 0.0
    for k in range(6):
        if k in s:
            t += x * k
    return t * y


@case([1.3, -0.2, 0.5, 0.8])
def l_slice(x):
    xs = list(x)
    xs[1:3] = [x[0] * x[1], x[2] ** 2]
    return sum(k * v for k, v in enumerate(xs))


@case([1.3, -0.2, 0.5, 0.8])
def l_slice2(x):
    xs = list(x)
    xs[:2] = []
    xs[1:] = [v * v for v in xs]
    return sum((k + 1) * v for k, v in enumerate(xs))


@case([1.3, -0.2, 0.5, 0.8], 2)
def l_del(x, k):
    xs = [v * v for v in x]
    del xs[k]
    del xs[0]
    return sum((j + 1) * v for j, v in enumerate(xs))


@case([1.3, -0.2, 0.5, 0.8], 2)
def l_insert(x, k):
    xs = [v * v for v in x]
    xs.insert(k, x[0])
    xs.insert(-1, x[1])
    return sum((j + 1) * v for j, v in enumerate(xs))


@case([1.3, -0.2, 0.5, 0.8], 2)
def l_popk(x, k):
    xs = [v * v for v in x]
    v = xs.pop(k)
    w = xs.pop(-2)
    return sum((j + 1) * v for j, v in enumerate(xs)) * v + w


@case([1.3, -0.2, 0.5, 0.8])
def l_rev(x):
    xs = x[::-1]
    ys = x[::2]
    zs = x[-1:0:-1]
    return sum((j + 1) * v for j, v in enumerate(xs)) + ys[1] * zs[0]


@case(1.37, 0.7)
def b_round(x, y):
    return round(x, 1) * y + round(x) * x


@case(7.3, 2.0)
def b_divmod(x, y):
    q, r = divmod(x, y)
    return q * r * y


@case([1.0, 2.0, 0.5], [0.3, 0.2, 0.1])
def b_map(xs, ys):
    return sum(map(lambda a, b: a * b, xs, ys)) * list(map(math.sin, xs))[0]


@case(V)
def b_gen(x):
    return sum(v * v for v in x if v > 0) + max(v * 2 for v in x) + min(abs(v) for v in x) + tuple(v for v in x)[1]


@case(V)
def b_nested(x):
    t = [[a * b for b in x if b > 0] for a in x]
    return sum(sum(r) for r in t) + sum(a * b for a in x for b in x if a < b)


@case(V)
def b_dictcomp(x):
    d = {f"k{i}": x[i] for i in range(3)}
    e = {k: v**2 for k, v in d.items() if k != "k1"}
    return sum(e.values())


@case([1.0, 2.0, 0.5])
def b_reduce(xs):
    return reduce(lambda a, b: a * b, xs) + reduce(lambda a, b: a + b * b, xs, 0.0) + functools.reduce(max, xs)


@case([1.0, 2.0, 0.5])
def b_enum(xs):
    t = 0.0
    for i, v in enumerate(xs, 1):
        t += i * v * v
    return t


@case(1.0, "rbf")
def b_str(x, kind):
    d = {"rbf": x * x, "lin": x}
    key = kind.lower().strip()
    if kind.startswith("r") and key in d:
        return d[key] * 2.0
    return d["lin"]


@case([1.0, 2.0, 0.5])
def b_setcomp(xs):
    s = {k % 2 for k in range(5)}
    names = {"a": 0, "b": 1}
    return sum(xs[k] ** 2 for k in s) + xs[names["b"]]


@case(V)
def b_minmax_key(x):
    k = max(range(5), key=lambda i: x[i])
    v = min(x, key=lambda t: abs(t - 1.0))
    return x[k] * v


@case([3.0, 1.0, 2.0])
def b_bubble(xs):
    a = xs[:]
    n = len(a)
    for i in range(n):
        for j in range(n - 1 - i):
            if a[j] > a[j + 1]:
                a[j], a[j + 1] = a[j + 1], a[j]
    return a[0] + 2 * a[1] ** 2 + 3 * a[2]


@case(V)
def b_stack(x):
    stack = [x[0]]
    out = []
    while stack:
        v = stack.pop()
        out.append(v * v)
        if len(out) < 5:
            stack.append(v * x[len(out)])
    return sum(out)


@case(V)
def b_append_list(x):
    paths = []
    for k in range(3):
        path = [x[k]]
        for j in range(3):
            path.append(path[-1] * x[j] + 0.5)
        paths.append(path)
    return sum(p[-1] * p[1] for p in paths)


@case(V)
def b_la_app(x):
    hs = [x]
    for k in range(3):
        hs.append(np.tanh(hs[-1] * 1.5))
    hs[1] = hs[1] * 2.0
    return np.sum(np.stack(hs)) + np.sum(hs[-1] * hs[1])


@case(1.3, 0.7)
def b_dictfun(x, y):
    ops = {"sin": math.sin, "sq": lambda t: t * t}
    return sum(f(x) * y for f in ops.values()) + ops["sq"](y)


@case(1.3, 0.7)
def b_tuple_cmp(x, y):
    a = (x, y)
    b = a + (x * y,)
    c = b * 2
    p, *q = c
    return p * q[0] + sum(q) + b[-1]


def programs(rng):
    """The programs of this file; their arguments are fixed."""
    return CASES
