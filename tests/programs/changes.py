"""Objects, dicts and closures that change: fields, keys, aliases, methods that write, nonlocal."""

# ruff: noqa: E701, E702, E731, F841

import math
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from tests.programs.cases import collection

RNG = np.random.default_rng(3)
V = RNG.standard_normal(5)
CASES, case = collection()


# dict writes, known keys
@case(1.3, 0.7)
def d_set(x, y):
    d = {}
    d["a"] = x * y
    d["b"] = np.sin(x)
    return d["a"] * d["b"]


@case(1.3, 0.7)
def d_set2(x, y):
    d = {"a": x, "b": y}
    d["a"] = d["a"] * d["b"]
    d["c"] = d["a"] + 1.0
    return d["c"] * d["a"]


@case(1.3, 4)
def d_aug(x, n):
    d = {"s": 0.0, "p": 1.0}
    for k in range(n):
        d["s"] += x * k
        d["p"] *= x
    return d["s"] * d["p"]


@case(1.3, 0.7)
def d_update(x, y):
    d = {"a": x}
    d.update(b=y, c=x * y)
    d.update({"a": 2.0 * x})
    return d["a"] * d["b"] + d["c"]


@case(1.3, 0.7)
def d_pop(x, y):
    d = {"a": x, "b": y}
    v = d.pop("a")
    w = d.pop("zz", 2.0)
    return v * d["b"] * w * len(d)


@case(1.3, 0.7)
def d_setdefault(x, y):
    d = {"a": x}
    u = d.setdefault("a", y)
    v = d.setdefault("b", y)
    return u * v + d["b"]


@case(1.3, 0.7)
def d_del(x, y):
    d = {"a": x, "b": y}
    del d["a"]
    t = 0.0
    for k, v in d.items():
        t += v * v
    return t * x + ("a" in d) + ("b" in d)


@case({"w": V, "b": 0.3}, 1.3)
def d_param(p, x):
    q = dict(p)
    q["b"] = q["b"] * x
    q["w"] = q["w"] * x
    return np.sum(q["w"] ** 2) * q["b"] + p["b"]


@case({"w": V, "b": 0.3}, 1.3)
def d_param_write(p, x):
    p["b"] = p["b"] * x
    p["c"] = x
    return np.sum(p["w"] ** 2) * p["b"] * p["c"]


@case({"w": 1.2, "b": 0.3}, 1.3)
def d_sgd(params, x):
    for it in range(3):
        g = {"w": params["w"] * x, "b": params["b"] + x}
        for k in params:
            params[k] = params[k] - 0.1 * g[k]
    return params["w"] * params["b"]


@case(1.3, 0.7)
def d_branch(x, y):
    d = {"a": x}
    if x > 1.0:
        d["a"] = x * x
    else:
        d["a"] = y
    return d["a"] * y


@case(1.3, 0.7)
def d_alias(x, y):
    d = {"a": x}
    e = d
    e["a"] = y * x
    return d["a"] * y


@case(1.3, 0.7)
def d_copy(x, y):
    d = {"a": x}
    e = d.copy()
    e["a"] = y * x
    return d["a"] * y + e["a"]


def _addto(d, k, v):
    d[k] = d[k] + v


@case(1.3, 0.7)
def d_callee(x, y):
    d = {"a": x, "b": 0.0}
    _addto(d, "b", x * y)
    _addto(d, "a", y)
    return d["a"] * d["b"]


@case(V)
def d_array(x):
    d = {"s": np.zeros(5), "n": 0}
    for k in range(3):
        d["s"] += x * k
        d["n"] += 1
    return np.sum(d["s"] ** 2) / d["n"]


@case(V)
def d_array2(x):
    d = {"s": np.zeros(5)}
    for k in range(5):
        d["s"][k] = x[k] ** 2
    return np.sum(d["s"] * x)


@case(V)
def d_history(x):
    h = {"loss": [], "norm": []}
    for k in range(5):
        h["loss"].append(x[k] ** 2)
        h["norm"].append(abs(x[k]))
    return sum(h["loss"]) * h["norm"][0]


# objects
@dataclass
class P:
    w: float
    b: float = 0.5

    def step(self, dt):
        self.w += self.b * dt
        self.b -= self.w * dt

    def energy(self):
        return self.w**2 + self.b**2

    @property
    def norm(self):
        return math.sqrt(self.w**2 + self.b**2)


@case(1.3, 0.7)
def o_set(x, y):
    p = P(x, y)
    p.b = p.w * y
    return p.b * p.w


@case(1.3, 0.7)
def o_method(x, y):
    p = P(x, y)
    for k in range(4):
        p.step(0.1)
    return p.energy()


@case(P(1.3, 0.7), 0.2)
def o_param(p, x):
    p.b = p.b * x
    p.step(0.1)
    return p.energy() * p.norm


@case(P(1.3, 0.7), 0.2)
def o_replace(p, x):
    q = replace(p, b=x * p.w)
    return q.b * q.w + p.b


class Acc:
    def __init__(self, start):
        self.total = start
        self.n = 0

    def add(self, v):
        self.total += v
        self.n += 1

    def mean(self):
        return self.total / self.n


@case(V)
def o_plain(x):
    a = Acc(0.0)
    for v in x:
        a.add(v * v)
    return a.mean() * a.total


class Base:
    rate = 0.1

    def __init__(self, k):
        self.k = k

    def force(self, x):
        return -self.k * x

    def __call__(self, x):
        return self.force(x) + self.rate


class Sub(Base):
    def __init__(self, k, c):
        super().__init__(k)
        self.c = c

    def force(self, x):
        return super().force(x) - self.c * x**3


@case(1.3, 0.7)
def o_super(x, y):
    s = Sub(x, y)
    b = Base(y)
    return s(x) * b(y)


class Vec:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, o):
        return Vec(self.x + o.x, self.y + o.y)

    def __mul__(self, s):
        return Vec(self.x * s, self.y * s)

    __rmul__ = __mul__

    def __sub__(self, o):
        return Vec(self.x - o.x, self.y - o.y)

    def __neg__(self):
        return Vec(-self.x, -self.y)

    def __iadd__(self, o):
        self.x += o.x
        self.y += o.y
        return self

    def dot(self, o):
        return self.x * o.x + self.y * o.y

    def __matmul__(self, o):
        return self.dot(o)


@case(1.3, 0.7)
def o_vec(x, y):
    a, b = Vec(x, y), Vec(y, x * y)
    c = a + b * 2.0
    d = 3.0 * c - a
    e = -d
    return e @ a


@case(1.3, 0.7)
def o_iadd(x, y):
    a, b = Vec(x, y), Vec(y, x * y)
    for k in range(3):
        a += b
    return a.dot(b)


@case(1.3, 0.7)
def o_list(x, y):
    ps = [P(x, y), P(y, x)]
    for k in range(3):
        for p in ps:
            p.step(0.1)
    return sum(p.energy() for p in ps)


@dataclass
class State:
    x: np.ndarray
    t: float = 0.0
    log: list = field(default_factory=list)


@case(V, 0.1)
def o_state(x, dt):
    s = State(x, 0.0)
    for k in range(3):
        s.x = s.x + dt * np.sin(s.x)
        s.t += dt
    return np.sum(s.x) * s.t


@case(V, 0.1)
def o_state2(x, dt):
    s = State(x.copy(), 0.0)
    for k in range(3):
        s.x += dt * np.sin(s.x)
        s.log.append(s.x[0])
    return np.sum(s.x) * sum(s.log)


@case(1.3, 0.7)
def o_alias(x, y):
    p = P(x, y)
    q = p
    q.w = y * y
    return p.w * x


@case(1.3, 0.7)
def o_setattr(x, y):
    p = P(x, y)
    setattr(p, "w", x * y)
    p.w, p.b = p.b, p.w
    return p.w + p.b * p.b


class NT(NamedTuple):
    a: float
    b: float


@case(1.3, 0.7)
def o_nt(x, y):
    n = NT(x, y)
    n = n._replace(a=n.b * x)
    return n.a * n.b + n[0]


@case(1.3, 5)
def o_reb(x, n):
    p = P(x, 1.0)
    for k in range(n):
        p = P(p.w * p.b, p.b + x)
        p.w = p.w * 0.5
    return p.w + p.b


class Opt:
    def __init__(self, lr, beta=0.9):
        self.lr = lr
        self.beta = beta
        self.m = {}
        self.t = 0

    def update(self, params, grads):
        self.t += 1
        for k in params:
            if k not in self.m:
                self.m[k] = 0.0
            self.m[k] = self.beta * self.m[k] + (1 - self.beta) * grads[k]
            params[k] = params[k] - self.lr * self.m[k]


# nonlocal
@case(V)
def n_counter(x):
    total = 0.0

    def add(v):
        nonlocal total
        total += v * v

    for v in x:
        add(v)
    return total * x[0]


@case(1.3, 0.7)
def n_two(x, y):
    s, n = x, 0

    def f(v):
        nonlocal s, n
        s = s * v
        n = n + 1
        return s

    a = f(y)
    if x > 1.0:
        f(x)
    return a * s * n


@case(V)
def o_class_arr(x):
    class_ = Net([x, x * 2.0])
    return np.sum(class_.forward(x)) * class_.depth


class Net:
    def __init__(self, ws):
        self.ws = ws
        self.cache = []

    def forward(self, h):
        for w in self.ws:
            self.cache.append(h)
            h = np.tanh(w * h)
        self.h = h
        return h + self.cache[-1]

    @property
    def depth(self):
        return len(self.ws)

    @staticmethod
    def make(x):
        return Net([x])

    @classmethod
    def twice(cls, x):
        return cls([x, x])


@case(V)
def o_class2(x):
    return np.sum(Net.make(x).forward(x) * Net.twice(x).forward(x))


class Kalman:
    def __init__(self, x0, P0, q, r):
        self.x = x0
        self.P = P0
        self.q, self.r = q, r

    def predict(self):
        self.P = self.P + self.q

    def update(self, z):
        K = self.P / (self.P + self.r)
        self.x = self.x + K * (z - self.x)
        self.P = (1.0 - K) * self.P
        return self.x


@case(V, 0.1, 0.5)
def o_kalman(z, q, r):
    kf = Kalman(0.0, 1.0, q, r)
    est = []
    for v in z:
        kf.predict()
        est.append(kf.update(v))
    return sum(e * e for e in est) + kf.P


class Node:
    def __init__(self, v, nxt=None):
        self.v = v
        self.nxt = nxt


@case(1.3, 0.7)
def a_two(x, y):
    p = P(x, y)
    q = p
    p.w = 2.0 * y
    q.b = p.w * x
    return p.b * q.w


@case(1.3, 0.7)
def a_tuple(x, y):
    p = P(x, y)
    t = (p, p)
    t[0].w = y * y
    a, b = t
    b.b = a.w * x
    return p.w * p.b


@case(1.3, 0.7)
def a_field(x, y):
    inner = P(x, y)
    n = Node(inner)
    m = Node(inner, n)
    m.nxt.v.w = y
    return n.v.w * inner.w * m.v.b


@case(1.3, 0.7)
def a_branch_alias(x, y):
    p = P(x, y)
    q = P(y, x)
    if x > 1.0:
        r = p
    else:
        r = q
    p.w = 10.0 * y
    return r.w * x


@case(1.3, 0.7)
def a_branch_alias2(x, y):
    p = P(x, y)
    q = P(y, x)
    r = p
    if x > 1.0:
        r = q
    r.w = 10.0 * y
    return p.w * q.w


@case(1.3, 0.7)
def a_list(x, y):
    p = P(x, y)
    ps = []
    ps.append(p)
    p.w = 5.0 * y
    return ps[0].w * x


@case(1.3, 4)
def a_list_loop(x, n):
    p = P(x, 1.0)
    ps = []
    for k in range(n):
        p.w = p.w * x
        ps.append(p)
    return ps[0].w + ps[1].w


@case(1.3, 4)
def a_list_loop2(x, n):
    ps = []
    for k in range(n):
        p = P(x, k * x)
        p.w = p.w * x
        ps.append(p)
    return sum(p.w * p.b for p in ps)


@case(1.3, 4)
def a_list_loop3(x, n):
    ps = []
    for k in range(n):
        p = P(x, k * x)
        ps.append(p)
        p.w = p.w * x
    return sum(p.w * p.b for p in ps)


@case(1.3, 4)
def a_carry(x, n):
    p = P(x, 1.0)
    prev = p
    for k in range(n):
        prev = p
        p = P(p.w * x, p.b + x)
        prev.w = prev.w * 2.0
    return p.w * prev.w


@case(1.3, 4)
def a_carry2(x, n):
    p = P(x, 1.0)
    q = p
    for k in range(n):
        q.w = q.w * 1.5
        p = P(p.w * x, p.b + x)
    return p.w * q.w


@case(1.3, 4)
def a_carry3(x, n):
    p = P(x, 1.0)
    q = P(1.0, x)
    for k in range(n):
        p, q = q, p
        p.w = p.w * x + q.b
    return p.w * q.w * q.b


@case(1.3, 4)
def a_while(x, n):
    p = P(x, 1.0)
    while p.w < 5.0:
        p.w *= x
        if p.w > 3.0:
            p.b += x
            continue
        p.b *= 1.1
    return p.w * p.b


@case(1.3, 7)
def a_early(x, n):
    d = {"s": 0.0, "k": 0}
    for k in range(n):
        d["s"] += x * k
        if d["s"] > 5.0:
            return d["s"] * x
        d["k"] += 1
    return d["s"]


def helper(p, n):
    for k in range(n):
        p.w *= 1.1
        if p.w > 2.0:
            return p
    p.b = p.b * p.w
    return p


@case(1.3, 0.7)
def a_helper(x, y):
    p = P(x, y)
    q = helper(p, 10)
    q.w = q.w * y
    return p.w * p.b


def helper2(p, q, c):
    if c > 1.0:
        return p
    return q


@case(1.3, 0.7)
def a_helper2(x, y):
    p = P(x, y)
    q = P(y, x)
    r = helper2(p, q, x)
    return r.w * p.b


@case(1.3, 0.7)
def a_helper3(x, y):
    p = P(x, y)
    q = P(y, x)
    r = helper2(p, q, x)
    r.w = 3.0 * y
    return r.w * p.w


@case(1.3, 0.7)
def a_iter(x, y):
    d = {"a": x, "b": y, "c": x * y}
    for k, v in d.items():
        d["c"] = d["c"] + v * v
    return d["c"]


@case(1.3, 0.7)
def a_iter2(x, y):
    d = {"a": x, "b": y, "c": x * y}
    for k, v in zip(d, d.values()):
        d["b"] = d["b"] * v
        d[k] = d[k] + 1.0
    return d["c"] * d["b"]


@case(1.3, 0.7)
def a_genlate(x, y):
    d = {"a": x, "b": y}
    f = lambda: d["a"] * x
    d["a"] = y
    return f()


@case(1.3, 0.7)
def a_default(x, y):
    d = {"a": x, "b": y}

    def f(e=d):
        return e["a"]

    d["a"] = y * y
    return f() * x


@case(1.3, 0.7)
def a_ifexp(x, y):
    d = {"n": 0.0}

    def bump(v):
        d["n"] = d["n"] + v
        return v

    z = bump(x) if x > 1.0 else bump(y)
    w = x > 2.0 and bump(3.0 * y) > 0.0
    u = x > 1.0 and bump(3.0 * y) > 0.0
    return z * d["n"]


@case(V)
def a_comp(x):
    d = {"n": 0.0}

    def bump(v):
        d["n"] = d["n"] + v * v
        return d["n"]

    ys = [bump(v) for v in x]
    t = sum(bump(v) for v in x)
    return ys[-1] * d["n"] + t


@case(V)
def a_arr(x):
    d = {"u": x.copy()}
    u = d["u"]
    u[0] = 2.0 * x[1]
    d["u"][1] *= x[2]
    d["v"] = d["u"]
    d["v"][2] = 1.0
    return np.sum(u * d["u"] * x)


@case(V)
def a_arr2(x):
    d = {"u": x.copy()}
    e = dict(d)
    e["u"][0] = 2.0 * x[1]
    e["u"] = e["u"] * 2.0
    return np.sum(d["u"] * e["u"])


@case(V)
def a_arr3(x):
    d = {"u": x * 1.0, "v": x * 2.0}
    for k in range(3):
        d["u"], d["v"] = d["v"], d["u"]
        d["u"][k] = x[k] * x[k + 1]
    return np.sum(d["u"] * d["v"] * x)


@case(V)
def a_arr4(x):
    d = {"u": x * 1.0, "v": x * 2.0}
    for k in range(3):
        d["u"] = d["v"] + x
        d["u"][k] = x[k] * x[k + 1]
        d["v"] = d["u"]
    return np.sum(d["u"] * d["v"] * x)


@case(V)
def a_hist(x):
    d = {"u": x * 1.0}
    hist = []
    for k in range(3):
        hist.append(d["u"])
        d["u"][k] = x[k] * 2.0
    return sum(np.sum(h * x) for h in hist)


@case(V)
def a_hist2(x):
    d = {"u": x * 1.0}
    hist = []
    for k in range(3):
        hist.append(d["u"].copy())
        d["u"][k] = x[k] * 2.0
    return sum(np.sum(h * x) for h in hist)


class Counter:
    n = 0

    def __init__(self):
        self.total = 0.0

    def bump(self, v):
        self.n += 1
        self.total += v * self.n
        return self


@case(V)
def a_classattr(x):
    c = Counter()
    for v in x:
        c.bump(v).bump(2.0 * v)
    return c.total * c.n


@case(1.3, 0.7)
def a_linked(x, y):
    a = Node(x)
    b = Node(y, a)
    c = Node(x * y, b)
    t = 0.0
    cur = c
    t += cur.v
    cur = cur.nxt
    t += cur.v**2
    cur = cur.nxt
    return t * cur.v


@case(1.3, 0.7)
def a_swapobj(x, y):
    p = P(x, y)
    q = P(y, x)
    p, q = q, p
    p.w = p.w * 3.0
    q.b = p.w
    return p.w * q.w * q.b


@case(1.3, 0.7)
def a_cell(x, y):
    s = x

    def f(v):
        nonlocal s
        s = s * v
        if s > 1.0:
            s = s + 1.0
        return s

    def g(v):
        return f(v) * s

    a = g(y)
    s = s * 2.0
    for k in range(3):
        f(x)
    while s < 100.0:
        f(1.5)
        s += x
    return a * s


def make(x):
    n = x

    def inc(v):
        nonlocal n
        n = n + v
        return n

    def get():
        return n

    return inc, get


@case(1.3, 0.7)
def a_maker(x, y):
    inc, get = make(x)
    inc2, get2 = make(y)
    inc(y)
    inc2(x * x)
    inc(get2())
    return get() * get2()


@case(1.3, 0.7)
def a_cellbranch(x, y):
    if x > 1.0:
        s = y
    else:
        s = x

    def f():
        nonlocal s
        s = s * s

    if y > 0.0:
        f()
    f() if y > 5.0 else f()
    return s * x


@case(1.3, 0.7)
def a_nested_cell(x, y):
    s = 0.0

    def outer(v):
        t = v

        def inner(u):
            nonlocal s, t
            s = s + u
            t = t * u
            return t

        return inner(v) + inner(y) + t

    a = outer(x) + outer(y)
    return a * s


@case(P(1.3, 0.7), P(0.2, 0.3))
def a_args(p, q):
    p.w = q.b * p.w
    q.b = p.w
    t = p.w * q.b
    p = q
    p.w = p.w * 2.0
    return t * q.w


@case({"a": {"u": V, "s": 0.3}, "t": (1.2, V * 2)}, 0.5)
def a_nested_arg(d, x):
    d["a"]["s"] = x * d["a"]["s"]
    d["a"]["u"][1] = x
    d["t"][1][2] *= x
    return np.sum(d["a"]["u"] * d["t"][1]) * d["a"]["s"] * d["t"][0]


@case(1.3, 0.7)
def a_delattr(x, y):
    p = P(x, y)
    del p.w
    p.w = y * p.b
    return p.w


@case(1.3, 0.7)
def a_del_readd(x, y):
    d = {"a": x, "b": y}
    del d["a"]
    d["a"] = 3.0 * x
    t = 0.0
    for k, v in d.items():
        t = t * 2.0 + v
    return t


@case(1.3, 0.7)
def a_tryfin(x, y):
    d = {"a": x}
    try:
        d["a"] *= y
    finally:
        d["b"] = d["a"] + x
    return d["b"] * d["a"]


@case(1.3, 0.7)
def a_match(x, y):
    d = {"a": x, "kind": "lin"}
    match d["kind"]:
        case "lin":
            d["a"] = d["a"] * y
        case _:
            d["a"] = 0.0
    return d["a"]


@case(1.3, 0.7)
def a_multi(x, y):
    p = P(x, y)
    q = P(y, x)
    p.w = q.w = x * y
    p.b, q.b = q.w, p.w + x
    (p.w, q.w), z = (q.b, p.b), 1.0
    return p.w * q.w * p.b * q.b * z


@case(1.3, 0.7)
def a_forattr(x, y):
    p = P(x, y)
    for p.w in (x, y, x * y):
        p.b += p.w * p.w
    return p.b * p.w


@dataclass
class Q:
    a: float
    b: float = field(init=False)
    xs: list = field(default_factory=list)

    def __post_init__(self):
        self.b = self.a * 2.0


@case(1.3, 0.7)
def a_post(x, y):
    q = Q(x)
    q.xs.append(y)
    q.b += q.xs[0]
    r = Q(y)
    r.xs.append(q.b)
    return q.b * r.b * r.xs[0] * len(q.xs)


class Tree:
    def __init__(self, depth, v):
        self.v = v
        self.kids = []
        if depth > 0:
            self.kids = [Tree2(v * 0.5), Tree2(v * v)]


class Tree2:
    def __init__(self, v):
        self.v = v


@case(1.3)
def a_tree(x):
    t = Tree(1, x)
    t.kids[0].v *= x
    return t.v + sum(k.v for k in t.kids)


class M:
    def __init__(self):
        self.data = {}

    def __setitem__(self, k, v):
        self.data[k] = v

    def __getitem__(self, k):
        return self.data[k]

    def __contains__(self, k):
        return k in self.data


@case(1.3, 0.7)
def a_item(x, y):
    m = M()
    m["a"] = x
    m["b"] = y
    m["a"] += y * x
    return m["a"] * m["b"]


@case(V)
def a_stack(x):
    class_ = Stack()
    for v in x:
        class_.push(v * v)
    t = class_.pop() * class_.pop()
    return t * len(class_.items)


class Stack:
    def __init__(self):
        self.items = []

    def push(self, v):
        self.items.append(v)

    def pop(self):
        return self.items.pop()


@case(1.3, 4)
def r_cell(x, n):
    s = x

    def rec(k):
        nonlocal s
        if k == 0:
            return 1.0
        s = s + x * k
        return rec(k - 1) * 1.1

    r = rec(n)
    return s * r


@case(1.3, 4)
def r_cell2(x, n):
    s = x

    def bump(v):
        nonlocal s
        s = s + v

    def rec(k):
        if k == 0:
            return 1.0
        bump(x)
        return rec(k - 1) * 1.1

    r = rec(n)
    return s * r


@case(1.3, 4)
def r_read(x, n):
    s = x

    def bump(v):
        nonlocal s
        s = s + v

    def rec(k):
        if k == 0:
            return s
        return rec(k - 1) * 1.1

    bump(x)
    return rec(n)


@case(1.3, 4)
def r_obj(x, n):
    p = P(x, 1.0)

    def rec(k):
        if k == 0:
            return p.w
        p.w = p.w * 2.0
        return rec(k - 1) * 1.1

    return rec(n) * p.w


@case(1.3, 4)
def r_arg(x, n):
    p = P(x, 1.0)
    p.w = p.w * x

    def rec(p, k):
        if k == 0:
            return p.w
        return rec(p, k - 1) * p.b

    return rec(p, n) * p.w


@case(1.3, 4)
def r_argw(x, n):
    p = P(x, 1.0)

    def rec(p, k):
        if k == 0:
            return p.w
        p.b = p.b + x
        return rec(p, k - 1) * p.b

    return rec(p, n) * p.b


@case(1.3, 4)
def r_argret(x, n):
    def rec(p, k):
        if k == 0:
            return p
        q = P(p.w * x, p.b)
        q.b += 1.0
        return rec(q, k - 1)

    return rec(P(x, x), n).b


@case({"a": 1.2, "b": 0.3}, 3)
def r_dict(d, n):
    if n == 0:
        return d["a"] * d["b"]
    e = dict(d)
    e["a"] = e["a"] * e["b"]
    return r_dict(e, n - 1)


@case({"a": 1.2, "b": 0.3}, 3)
def r_dict2(d, n):
    if n == 0:
        return d["a"] * d["b"]
    d["a"] = d["a"] * d["b"]
    return r_dict2(d, n - 1)


class Twig:
    def __init__(self, v, kids):
        self.v = v
        self.kids = kids

    def total(self):
        t = self.v
        for k in self.kids:
            t = t + k.total()
        return t


@case(1.3)
def r_tree(x):
    t = Twig(x, [Twig(x * x, []), Twig(2.0 * x, [Twig(x, [])])])
    return t.total() * x


@case((1.2, 0.3), 3)
def r_tuple(p, n):
    if n == 0:
        return p[0]
    return r_tuple(p, n - 1) * p[1]


@case((1.2, 0.3), 3)
def r_branch(p, n):
    a = p[0] * p[1]
    if n > 2:
        b = p[0]
    else:
        b = p[1]
    return a * b


class LSTM:
    def __init__(self, W, n):
        self.W = W
        self.h = np.zeros(n)
        self.c = np.zeros(n)

    def step(self, x):
        z = self.W @ np.concatenate([x, self.h])
        i, f, o, g = np.split(z, 4)
        self.c = 1 / (1 + np.exp(-f)) * self.c + 1 / (1 + np.exp(-i)) * np.tanh(g)
        self.h = 1 / (1 + np.exp(-o)) * np.tanh(self.c)
        return self.h


@case(RNG.standard_normal((8, 5)) * 0.3, RNG.standard_normal((4, 3)))
def y_lstm(W, xs):
    cell = LSTM(W, 2)
    outs = []
    for x in xs:
        outs.append(cell.step(x))
    return np.sum(np.stack(outs) ** 2) + np.sum(cell.c)


class Adam:
    def __init__(self, lr):
        self.lr, self.m, self.v, self.t = lr, 0.0, 0.0, 0

    def step(self, p, g):
        self.t += 1
        self.m = 0.9 * self.m + 0.1 * g
        self.v = 0.99 * self.v + 0.01 * g * g
        mh = self.m / (1 - 0.9**self.t)
        vh = self.v / (1 - 0.99**self.t)
        return p - self.lr * mh / (np.sqrt(vh) + 1e-8)


@case(V, 0.1)
def y_adam(w, lr):
    opt = Adam(lr)
    for k in range(4):
        w = opt.step(w, 2.0 * w + np.sin(w))
    return np.sum(w**2)


class Body:
    def __init__(self, m, x, v):
        self.m, self.x, self.v = m, x, v

    def kick(self, f, dt):
        self.v = self.v + f / self.m * dt

    def drift(self, dt):
        self.x = self.x + self.v * dt


@case(RNG.standard_normal((3, 2)), RNG.standard_normal((3, 2)), np.array([1.0, 2.0, 1.5]))
def y_nbody(x, v, m):
    bodies = [Body(m[i], x[i], v[i]) for i in range(3)]
    for t in range(3):
        for a in bodies:
            f = np.zeros(2)
            for b in bodies:
                d = b.x - a.x
                r2 = np.sum(d * d) + 0.1
                f = f + a.m * b.m * d / r2**1.5
            a.kick(f, 0.01)
        for a in bodies:
            a.drift(0.01)
    return sum(np.sum(b.x**2) * b.m for b in bodies)


@dataclass
class Grid:
    u: np.ndarray
    v: np.ndarray
    t: float = 0.0

    def step(self, dt):
        lap = np.roll(self.u, 1) + np.roll(self.u, -1) - 2 * self.u
        self.v += dt * lap
        self.u += dt * self.v
        self.t += dt


@case(V, 0.1)
def y_grid(u, dt):
    g = Grid(u.copy(), np.zeros(5))
    for k in range(4):
        g.step(dt)
    return np.sum(g.u * g.v) + g.t


@case(Grid(V, V * 0.5), 0.1)
def y_grid2(g, dt):
    for k in range(4):
        g.step(dt)
    return np.sum(g.u * g.v) + g.t


@case(V)
def y_stats(x):
    s = {"n": 0, "mean": 0.0, "m2": 0.0, "max": x[0]}
    for v in x:
        s["n"] += 1
        d = v - s["mean"]
        s["mean"] += d / s["n"]
        s["m2"] += d * (v - s["mean"])
        if v > s["max"]:
            s["max"] = v
    return s["m2"] / (s["n"] - 1) + s["max"] * s["mean"]


@case(V)
def y_tree(x):
    class_ = {"left": {"v": x[0]}, "right": {"v": x[1]}}
    class_["left"]["v"] *= x[2]
    node = class_["right"]
    node["v"] += class_["left"]["v"]
    node["w"] = node["v"] ** 2
    return class_["right"]["w"] + class_["left"]["v"]


@case(V)
def y_queue(x):
    q = [x[0], x[1]]
    out = 0.0
    while len(q) > 0 and len(q) < 6:
        a = q.pop(0)
        out += a * a
        if out < 2.0:
            q.append(a * 0.9)
            q.append(a * x[2])
    return out


@case(V)
def y_gs(x):
    a = [[4.0, -1.0, 0.0], [-1.0, 4.0, -1.0], [0.0, -1.0, 4.0]]
    b = [x[0], x[1], x[2]]
    u = [0.0, 0.0, 0.0]
    for it in range(4):
        for i in range(3):
            s = b[i]
            for j in range(3):
                if j != i:
                    s -= a[i][j] * u[j]
            u[i] = s / a[i][i]
    return sum(v * v for v in u)


class Poly:
    def __init__(self, c):
        self.c = list(c)

    def __call__(self, t):
        r = 0.0
        for a in reversed(self.c):
            r = r * t + a
        return r

    def __mul__(self, o):
        out = [0.0] * (len(self.c) + len(o.c) - 1)
        for i, a in enumerate(self.c):
            for j, b in enumerate(o.c):
                out[i + j] += a * b
        return Poly(out)

    def __eq__(self, o):
        return self.c == o.c

    def deriv(self):
        return Poly([k * a for k, a in enumerate(self.c)][1:])


@case([1.0, 2.0, 0.5], 0.7)
def y_poly(c, t):
    p = Poly(c)
    q = p * p.deriv()
    return q(t) * p(t)


def programs(rng):
    """The programs with their arguments."""
    return CASES
