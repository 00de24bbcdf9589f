"""Small programs with arguments: what the front end accepts.  Lowered, written and run, each gives the same bits."""

# ruff: noqa: F821, F841

import functools
import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.linalg as la
from numpy import cos

RATE = 0.25
TABLE = (1.5, 2.5)
WEIGHTS = np.array([0.5, -1.0, 2.0])
MODE = "fast"
PROGRAMS = []


def program(*arguments):
    """Register a program with argument tuples."""

    def add(function):
        PROGRAMS.append((function, arguments))
        return function

    return add


def rng(seed=0):
    return np.random.default_rng(seed)


V = rng(1).standard_normal(5)
U = rng(2).standard_normal(5)
M = rng(3).standard_normal((4, 5))
S = rng(4).standard_normal((5, 5))
F4 = V.astype("f4")
LAYERS = [
    (rng(5).standard_normal((3, 4)), rng(6).standard_normal(4)),
    (rng(7).standard_normal((4, 2)), rng(8).standard_normal(2)),
]


@dataclass
class Point:
    x: float
    y: float = 2.0

    def norm(self):
        return math.sqrt(self.x * self.x + self.y * self.y)


class State(NamedTuple):
    position: float
    velocity: float


# operators and expressions ---------------------------------------------------------------------------------------
@program((0.5, 1.5))
def operators(x, y):
    a = x + y - x * y / (x + 3.0)
    b = -(a**2) + +x
    return b // 0.3 + a % 0.7


@program((3, 5), (7, 2))
def integers(n, m):
    return (n // m + n % m + (n << 2) - (m >> 1) + (n & m) + (n | m) + (n ^ m) + ~n) * 1.0


@program((M, V))
def matmul(A, x):
    return A @ x


@program((0.3, 0.5), (0.9, 0.2), (0.1, 5.0))
def comparisons(x, y):
    if 0.2 < x <= 0.8 and not y > 3.0:
        return x * y
    return x - y


@program((0.3, True, 2), (0.3, False, 2), (0.3, True, 9))
def flags(x, flag, n):
    if flag and n > 3:
        return x
    if flag or n == 2:
        return 2.0 * x
    return 3.0 * x


@program((0.5,), (-0.5,), (0.0,))
def logic_on_values(x):
    y = x or 1.5
    z = y and x * 2.0
    return y + z


@program((V, 2), (V, 9))
def lazy_and(x, i):
    if i < len(x) and x[i] > -10.0:
        return x[i]
    return 0.0


@program((0.5,), (-0.5,))
def conditional(x):
    y = math.sqrt(x) if x > 0 else -x
    return y * 2.0


@program((0.5, None), (0.5, 0.25))
def optional(x, bias=None):
    if bias is not None:
        x = x + bias
    return x * x if bias is None else x


@program((0.5, "sin"), (0.5, "cos"))
def by_name(x, kind):
    if kind == "sin":
        return np.sin(x)
    elif kind in ("cos", "cosine"):
        return np.cos(x)
    else:
        raise ValueError(kind)


@program((0.5,), (V,))
def by_type(x):
    if isinstance(x, float):
        return 2.0 * x
    return 3.0 * x


@program((V,), (M,))
def by_rank(x):
    if x.ndim == 2:
        return np.sum(x, axis=0)
    return x * 2.0


@program((2, 0.5))
def walrus(n, x):
    if (y := x * n) > 0.5:
        return y
    return (z := y + 1.0) * z


@program((0.5,))
def constants(x):
    return x * np.pi + math.e + RATE * TABLE[1] + 1e-3 + 2 - 1_000


@program((3,))
def other_imports(n):
    return cos(n * 1.0) + la.norm(np.ones(n))


# tuples, unpacking -------------------------------------------------------------------------------------------------
@program((0.5, 1.5))
def swap(x, y):
    x, y = y, x * y
    a, (b, c) = x, (y, x)
    return a + 2.0 * b + 3.0 * c


@program((0.5, 1.5))
def starred(x, y):
    first, *rest, last = (x, y, x + y, x - y)
    t = (*rest, first)
    return t[0] * t[-1] + last, len(rest)


@program((0.5, 1.5))
def tuple_ops(x, y):
    t = (x, y) + (x * y,)
    u = t * 2
    return u[1:4], u[::-1][0]


@program(((0.5, V),))
def tuple_parameter(p):
    a, v = p
    return a * v, p[0]


@program((V,))
def unpack_array(x):
    a, b, c, d, e = x
    return a * b - c / d + e


@program((M,))
def shapes(x):
    n, m = x.shape
    return x.size * 1.0 + n / m + x.ndim + len(x) + x.shape[0]


@program(({"w": V, "b": 0.5},))
def dict_parameter(p):
    return {"out": p["w"] * p["b"], "b": p["b"]}


@program((0.5,))
def dict_local(x):
    p = {"a": x, "b": x * x}
    q = {**p, "c": 1.0}
    total = 0.0
    for key, value in q.items():
        total = total + value
    return total + p.get("z", 3.0) + q["a"]


@program((Point(0.5, 1.5),))
def dataclass_parameter(p):
    return p.x * p.y + p.norm()


@program((0.5, 1.5))
def dataclass_local(x, y):
    p = Point(x)
    q = Point(y=x, x=y)
    return p.x * p.y + q.norm()


@program((State(0.5, 1.5), 3))
def named_tuple(s, n):
    for _ in range(n):
        s = State(s.position + 0.1 * s.velocity, s.velocity - 0.1 * s.position)
    position, velocity = s
    return position * velocity


# index reads -------------------------------------------------------------------------------------------------------
@program((M, 2))
def index_reads(x, k):
    a = x[k, 1] + x[-1][0]
    b = x[:, k] + x[::2, 1].sum()
    c = x[1:, ..., None]
    return a, b, c, x[k], x[..., 0], x[:k, 1:-1]


@program((V, np.array([0, 2, 2, 4])))
def fancy(x, idx):
    return x[idx] * 2.0, x[x > 0], x[[0, 1]], x[np.newaxis, :]


@program((M,))
def attributes(x):
    return x.T @ x, x.real, x.T.shape[0]


@program((M, 0.5))
def methods(x, y):
    return x.sum(axis=0), x.mean(), x.reshape(-1)[0] * y, x.T.dot(x), x.copy().ravel(), x.max()


@program((V,))
def keywords(x):
    return np.sum(a=x, axis=0, keepdims=True), np.clip(x, a_min=-1.0, a_max=1.0), np.mean(x)


@program((F4,))
def single_precision(x):
    return np.zeros(3, dtype=np.float32) + x[:3] * 2.0, x.astype(float)


# branches ----------------------------------------------------------------------------------------------------------
@program((0.5,), (1.5,), (2.5,))
def elif_chain(x):
    if x < 1.0:
        y = x
    elif x < 2.0:
        y = x * x
        z = 1.0
    else:
        y = 3
    return y * 2.0


@program((0.5, 2.0), (1.5, 2.0), (3.0, 1.0))
def early_returns(x, y):
    if x < 1.0:
        return x
    z = x * y
    if z > 3.0:
        w = z - y
        if w > 1.0:
            return w
        z = w * w
    return z + 1.0


@program((0.5,), (1.5,), (-1.0,))
def returns_tuples(x):
    if x < 0:
        return x, 0.0
    if x < 1:
        y = x * x
        return y, y + 1.0
    return 1.0, x


@program((0.5, 1), (0.5, 2), (0.5, 3))
def flagged(x, n):
    if n > 1:
        x = x * 2.0
        if n > 2:
            return x
        x = x + 1.0
    else:
        x = x - 1.0
    y = x * x
    z = y + x
    w = z * y
    v = w - x
    return v * z


@program((1,), (-1,))
def possibly_unbound(n):
    if n > 0:
        y = 2.0
    return y * n


@program((0.5,), (-0.5,))
def raises(x):
    if x < 0:
        raise ValueError(f"negative: {x:.2f} {{}}")
    assert x < 3.0, "too large"
    return np.sqrt(x)


@program((V, 1), (V, 0))
def arrays_in_branches(x, n):
    if n:
        y = x * 2.0
    else:
        y = x
    y = y + 1.0
    return y.sum()


# loops -------------------------------------------------------------------------------------------------------------
@program((0.5, 4), (0.5, 0))
def range_loop(x, n):
    s = 0
    for i in range(1, n + 1, 2):
        s = s + x * i
    return s


@program((V,))
def over_array(x):
    s = 0.0
    for v in x:
        s += v * v
    return s


@program((M,))
def over_rows(m):
    s = 0.0
    for row in m:
        s = s + row.sum() * row[0]
    return s


@program((V, U))
def zipped(x, y):
    s = 0.0
    for i, (a, b) in enumerate(zip(x, y)):
        s += a * b * i
    for a, b in zip(x, y):
        s += a - b
    for i, a in enumerate(x, start=2):
        s += i * a
    return s


@program((V, 4))
def backwards(x, n):
    s = 1.0
    for v in reversed(x):
        s = s * 0.5 + v
    for i in reversed(range(n)):
        s = s * 0.5 + x[i]
    for i in range(n - 1, 0, -2):
        s = s * 0.5 + x[i]
    return s


@program((V, 4))
def mixed_zip(x, n):
    s = 0.0
    for i, v in zip(range(n), x):
        s = s + i * v
    for v, k in zip(reversed(x), (1.0, 2.0, 3.0)):
        s = s + v * k
    return s


@program((LAYERS, rng(9).standard_normal((5, 3))))
def over_layers(params, x):
    h = x
    for k, (W, b) in enumerate(params):
        h = h @ W + b
        if k < len(params) - 1:
            h = np.tanh(h)
    return np.mean(h**2)


@program((0.5, 1.5))
def over_tuple(x, y):
    s = 0.0
    for v, w in ((x, 1.0), (y, 2.0)):
        s = s + v * w
    for name in ("a", "b"):
        if name == "b":
            s = s * 2.0
    return s


@program((0.5, [1.0, 2.0, 3.5]))
def over_list(x, xs):
    s = x
    for v in xs:
        s = s * v
    return s + len(xs) + xs[0] * xs[-1]


@program((2.0, 1e-9))
def while_loop(a, tol):
    x = a
    n = 0
    while abs(x * x - a) > tol and n < 50:
        x = 0.5 * (x + a / x)
        n += 1
    return x, n


@program((0.5, 9), (0.5, 3))
def while_true(x, n):
    k = 0
    while True:
        x = x * 1.5
        k += 1
        if k > n:
            break
        if x > 5.0:
            return -x
    return x


@program((0.5,))
def while_true_return(x):
    while True:
        x = x * 1.5
        if x > 5.0:
            return x


@program((V, 0.3), (V, 30.0))
def for_else(x, t):
    for v in x:
        if v > t:
            y = v
            break
    else:
        y = -1.0
    return y * 2.0


@program((0.5, 3), (0.5, 30))
def while_else(x, n):
    k = 0
    while k < n:
        k += 1
        x = x * 1.1
        if x > 3.0:
            break
    else:
        x = -x
    return x


@program((1.0, 0.3, 12, 2.0), (1.0, 0.3, 12, 9.0))
def march(x, h, n, cap):
    y = x
    for i in range(n):
        if y > cap:
            return cap * x
        if i % 3 == 2:
            continue
        y = y + h * np.sin(y)
    return y * y


@program((V, 1.0, -1.0), (V, 9.0, -1.0), (V, 9.0, -9.0))
def exits_of_three_kinds(x, hi, lo):
    s = 0.0
    for v in x:
        if v > hi:
            return s
        if v < lo:
            t = s * v
            return t + 1.0
        s += v
        if s > 100.0:
            break
    return s * 2.0


@program((M, 1.0), (M, 9.0))
def nested_return(m, hi):
    s = 0.0
    for row in m:
        for v in row:
            if v > hi:
                return s + v
            s = s + v
        s = s * 0.5
    return s


@program((M, 1.0), (M, 9.0))
def nested_break(m, hi):
    s = 0.0
    for i in range(m.shape[0]):
        for j in range(m.shape[1]):
            if m[i, j] > hi:
                break
            s = s + m[i, j] * j
        else:
            s = s + 10.0
            continue
        s = s - 1.0
    return s


@program((V, 1), (V, 3))
def loop_variable_after(x, n):
    for i in range(n):
        t = x[i] * 2.0
    return t + i


@program((V, 0))
def loop_variable_unbound(x, n):
    for i in range(n):
        t = x[i] * 2.0
    return t + i


@program((V,))
def first_time(x):
    s = 0.0
    for i in range(len(x)):
        if i > 0:
            s = s + previous * x[i]
        previous = x[i]
    return s


@program((V, 2.0))
def guarded_break(x, t):
    s = 0.0
    for v in x:
        if v > 0:
            s = s + v
            if s > t:
                break
            s = s * 1.5
        else:
            s = s - v
        a = s * 2.0
        b = a - v
        c = a * b
        d = c + s
        s = s + 0.001 * d
    return s


@program((0.5, 3))
def structures_in_loops(x, n):
    state = (x, 1.0)
    p = {"a": x, "k": 0}
    for i in range(n):
        a, b = state
        state = (a * b, a - b)
        p = {"a": p["a"] + state[0], "k": p["k"] + 1}
    return state, p["a"], p["k"]


@program((V, 3))
def sums_of_arrays(x, n):
    s = 0.0
    for i in range(n):
        s = s + x * i
    return s


# calls -------------------------------------------------------------------------------------------------------------
def square(x):
    return x * x


def affine(x, a=2.0, *, b=1.0):
    y = a * x
    return y + b


def early(x, t=1.0):
    if x > t:
        return t
    for i in range(3):
        x = x * 1.1
        if x > t:
            return x - t
    return x


def both(x, y):
    return x + y, x * y


def total(*xs, scale=1.0):
    s = 0.0
    for x in xs:
        s = s + x
    return s * scale


@program((0.5, 0.25), (2.0, 0.5))
def calls(x, y):
    a = square(x) + affine(y, b=x) + affine(x, 3.0)
    s, p = both(a, y)
    return early(s) + early(p, t=0.5) + total(x, y, s, scale=2.0)


@program((0.5,), (3.0,))
def calls_in_loop(x):
    s = 0.0
    for i in range(4):
        s = s + early(x * i)
    return s


@program((0.5, 2.0))
def closures(x, y):
    k = 3.0

    def g(t, p=x):
        u = t * k
        return u + y * p

    h = lambda t: g(t) * 2.0  # noqa: E731
    k = 4.0
    return g(x) + h(y)


@program((0.5,))
def functions_as_values(x):
    def twice(f, v):
        return f(f(v))

    act = np.tanh if MODE == "fast" else np.sin
    scaled = functools.partial(affine, a=0.5)
    return twice(square, x) + twice(act, x) + twice(lambda v: v + 1.0, x) + scaled(x, b=2.0)


@program((0.5,))
def captured_values(x):
    return x * WEIGHTS[0] + np.sum(WEIGHTS)


@program((V, square), (V, np.tanh))
def function_parameter(x, f):
    return np.sum(f(x))


def outer_product(a, b):
    return np.outer(a, b)


@program((V, U))
def callee_of_arrays(x, y):
    return outer_product(x, y)[1:, 0]


@program((0.5,))
def recursion_free(x):
    return square(square(square(x)))


# memory ------------------------------------------------------------------------------------------------------------
@program((V, 0.2, 3))
def heat(u, c, nt):
    v = u.copy()
    for t in range(nt):
        v[1:-1] = v[1:-1] + c * (v[2:] - 2.0 * v[1:-1] + v[:-2])
        v[0] = v[1] * v[1]
    return np.sum(v * v)


@program((V,))
def stores(x):
    y = np.zeros(5)
    y[0] = x[1]
    y[1:3] = x[:2]
    y[3] += x[2]
    y[3:] -= x[3]
    y[-1] *= 2.0
    y[2] /= 3.0
    y[x > 0] = 1.0
    y[np.array([0, 1])] += 2.0
    np.add.at(y, np.array([1, 1, 2]), x[:3])
    return y


@program((V,))
def parameter_store(x):
    x[0] = 2.0
    x *= 2.0
    return x.sum() + x[0]


@program((V,))
def views(x):
    y = np.zeros((2, 5))
    row = y[0]
    row[:] = x
    part = y[:, 1:]
    part += 1.0
    z = y
    z[1, 0] = 7.0
    t = y.T
    t[0, 0] = -1.0
    return y, row.sum()


@program((V,))
def rows(x):
    m = np.zeros((3, 5))
    for i, row in enumerate(m):
        row[:] = x * i
    for row in m:
        row += 1.0
    return m


@program((V, 3))
def array_sum_in_place(x, n):
    s = np.zeros(5)
    for i in range(n):
        s += x * i
    return s


@program((V, 3))
def new_array_each_time(x, n):
    total = 0.0
    for i in range(n):
        y = np.zeros(5)
        y[i] = x[i]
        y[i + 1] = y[i] * 2.0
        total += y.sum()
    return total


@program((V, 3))
def rebinding(x, n):
    y = np.zeros(5)
    y[0] = x[0]
    y = np.ones(5) * y[0]
    y[1] = 3.0
    return y


@program((V, 3))
def carried_and_stored(x, n):
    y = x.copy()
    for i in range(n):
        y = np.sin(y)
        y[i] = 1.0
    return y


@program((V, 3))
def stored_then_carried(x, n):
    y = x.copy()
    for i in range(n):
        y[i] = y[i] * 2.0
        y = y * 0.5
    y[0] = 9.0
    return y


@program((V, 3))
def swapped_buffers(x, n):
    a = x.copy()
    b = np.zeros(5)
    for i in range(n):
        b[1:] = a[:-1] * 2.0
        b[0] = a[-1]
        a, b = b, a
    return a


@program((V, True), (V, False))
def branch_store(x, flag, n=2):
    y = np.zeros(5)
    if n > 1:
        y[0] = x[0]
    else:
        y[1] = x[1]
    if x[0] > 0:
        z = np.ones(5)
    else:
        z = np.zeros(5)
    z[2] = x[2]
    return y, z


def fill(y, x):
    y[0] = x
    y[1] = x * x


def filled(x):
    y = np.zeros(3)
    fill(y, x)
    return y


@program((0.5,))
def stores_in_callees(x):
    y = np.zeros(2)
    fill(y, x)
    z = filled(x)
    z[2] = 5.0
    return y, z


@program((5,))
def integer_arrays(n):
    k = np.zeros(n, dtype=int)
    k[0] = 3
    for i in range(1, n):
        k[i] = k[i - 1] + i
    return k.sum() * 1.0


@program((V, 0.5))
def whole_fill(x, c):
    y = np.empty(5)
    y.fill(c)
    z = np.empty_like(x)
    z[:] = x
    z[...] += y
    return z


@program((M,))
def matrix_loops(a):
    n, m = a.shape
    out = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            for k in range(m):
                out[i, j] += a[i, k] * a[j, k]
    return out


# lists -------------------------------------------------------------------------------------------------------------
@program((0.3, V, 4))
def rollout(w, x, n):
    hs = [x]
    for i in range(n):
        hs.append(np.tanh(w * hs[-1] + i))
    return np.sum(hs[-1] * hs[1])


@program((0.5, 4), (0.5, 0))
def stack(x, n):
    xs = []
    for i in range(n):
        xs.append(x * i)
    s = 0.0
    while xs:
        s = s * 0.5 + xs.pop()
    return s


@program((0.5, 4))
def slots(x, n):
    xs = [None] * n
    ys = [0.0] * n
    for i in range(n):
        xs[i] = x + i
        ys[n - 1 - i] = x * i
    ys[0] += 1.0
    s = 0.0
    for a, b in zip(xs, ys):
        s += a * b
    return s + len(xs)


@program((V, 4), (V, 1))
def comprehensions(x, n):
    a = [v * v for v in x]
    b = [x[i] + j for i in range(n) for j in range(2) if i != j]
    c = [k * 2.0 for k in (1.0, 2.0)]
    return sum(a) + sum(v for v in b) + c[0] * c[1] + sum([i * 1.0 for i in range(n)])


@program((LAYERS, LAYERS, 0.1))
def updated(params, grads, rate):
    return [(W - rate * gW, b - rate * gb) for (W, b), (gW, gb) in zip(params, grads)]


@program((0.5,))
def list_parts(x):
    xs = [x, 2.0, x * x]
    ys = xs[1:] + [3.0]
    xs[0] = 5.0
    zs = list(xs)
    zs.append(1.0)
    ws = xs.copy()
    return ys, xs, len(zs), ws, zs[-1] + max(xs[1], xs[2]) + min(x, 1.0)


@program(([1.0, 2.0], 3.0))
def list_parameter(xs, y):
    xs.append(y)
    xs[0] = y * 2.0
    s = 0.0
    for x in xs:
        s += x
    return s, xs


@program((V,))
def list_of_rows(x):
    rows = [x * k for k in range(3)]
    return np.stack(rows), np.concatenate([x, x[:2]]), np.array(x)


@program((0.5, 3))
def extended(x, n):
    xs = [x]
    xs += [x * 2.0, 3.0]
    xs.extend([4.0])
    return xs[n], sum(xs)


# others ------------------------------------------------------------------------------------------------------------
@program((0.5,))
def documented(x):
    """A docstring."""
    y: float = x * 2.0
    unused = 3.0
    del unused
    pass
    import math as m
    from math import sin

    a = b = y + 1.0
    return m.exp(y) + sin(a) + b


@program((V,))
def error_state(x):
    with np.errstate(divide="ignore"):
        y = np.log(np.abs(x))
    return y


@program((2.7,))
def conversions(x):
    n = int(x)
    return float(n) + round(x) + abs(-x) + bool(n) + pow(x, 2) + divmod_free(n)


def divmod_free(n):
    return n // 2 + n % 2


@program((0.5, 3))
def augmented(x, n):
    n += 1
    x **= 2
    x -= n
    x /= 3.0
    n //= 2
    t = (1.0,)
    t += (x,)
    return t, n


@program((V, 1), (V, 2))
def errstate_loop(x, n):
    y = x
    with np.errstate(all="ignore"):
        for i in range(n):
            y = np.sqrt(np.abs(y))
            if i == 1:
                return y
    return y * 2.0
