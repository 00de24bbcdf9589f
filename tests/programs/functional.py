"""Functions of functions, generators, comprehensions of dicts, stars, lambdas in loops."""

# ruff: noqa: E731, F841

import functools
import math
import operator
from functools import partial, reduce

import numpy as np

from tests.programs.cases import collection

RNG = np.random.default_rng(3)
CASES, case = collection()


w = RNG.standard_normal(4)
M = RNG.standard_normal((3, 4))


def aff(a, b, c=1.0, *, s=2.0):
    return a * b + c * s


@case(1.3, 0.7)
def f_partial(x, y):
    g = partial(aff, x, s=y)
    return g(y) + g(2.0, c=x)


@case(1.3, 0.7)
def f_reduce(x, y):
    return reduce(lambda a, b: a * b + x, (x, y, x * y))


@case(1.3, 0.7)
def f_reduce_init(x, y):
    return reduce(operator.mul, [x, y, x * y], 1.0)


@case([1.3, 0.7, 0.2])
def f_reduce_list(xs):
    return reduce(lambda a, b: a * b + 1.0, xs, 1.0)


@case([1.3, 0.7, 0.2])
def f_reduce_list2(xs):
    return functools.reduce(lambda a, b: a * b + 1.0, xs)


@case(w)
def f_reduce_arr(xs):
    return functools.reduce(lambda a, b: a * b + 1.0, xs, 0.5)


@case(1.3, 0.7)
def f_map(x, y):
    a, b, c = map(lambda t: t * t, (x, y, x * y))
    return a + b * c


@case([1.3, 0.7, 0.2])
def f_map_list(xs):
    ys = list(map(math.sin, xs))
    return sum(ys) * ys[0]


@case([1.3, 0.7, 0.2])
def f_map_for(xs):
    t = 1.0
    for y in map(lambda v: v * v, xs):
        t = t * y + 1.0
    return t


@case([1.3, 0.7, 0.2], [0.3, 0.2, 0.1])
def f_map2(xs, ys):
    return sum(map(lambda a, b: a * b, xs, ys))


@case(1.3, 0.7)
def f_zip_star(x, y):
    rows = [(x, y), (x * y, 1.0), (y, x)]
    a, b = zip(*rows)
    return sum(p * q for p, q in zip(a, b))


@case([1.3, 0.7, 0.2])
def g_sum(xs):
    return sum(x * x for x in xs if x > 0.3)


@case([1.3, 0.7, 0.2])
def g_max(xs):
    return max(x * x for x in xs) + min(x * 2.0 for x in xs)


@case(1.3, 0.7)
def g_max_fixed(x, y):
    return max(t * t for t in (x, y)) + min(t * 2.0 for t in (x, y))


@case([1.3, 0.7, 0.2])
def g_any(xs):
    if any(x > 1.0 for x in xs) and not all(x > 1.0 for x in xs):
        return xs[0] * xs[1]
    return xs[2]


@case(w)
def g_any_arr(xs):
    if any(x > 1.0 for x in xs):
        return xs[0] * xs[1]
    return xs[2] * 2.0


@case(1.3, 0.7)
def g_tuple(x, y):
    a, b = tuple(t * t for t in (x, y))
    c, d = (t * x for t in (x, y))
    return a * b + c * d


@case([1.3, 0.7, 0.2])
def g_list(xs):
    ys = list(x * x for x in xs)
    return ys[0] * ys[-1]


@case([1.3, 0.7, 0.2])
def g_nparray(xs):
    return np.sum(np.array([x * x for x in xs]) ** 2)


@case([1.3, 0.7, 0.2])
def g_np_fromiter(xs):
    return np.sum(np.array(list(x * x for x in xs)))


@case(1.3, 0.7)
def dcomp(x, y):
    d = {k: v * x for k, v in (("a", x), ("b", y))}
    e = {k: v * y for k, v in d.items()}
    return e["a"] * e["b"] + sum(d.values())


@case({"a": 1.3, "b": 0.7})
def dcomp_param(p):
    q = {k: v * v for k, v in p.items() if k != "a"}
    q2 = {k: 0.1 * p[k] for k in p}
    return q["b"] + q2["a"] * q2["b"]


def star(a, *rest, scale=1.0, **more):
    t = a
    for v in rest:
        t = t * v
    for k, v in more.items():
        t = t + v
    return t * scale + len(rest)


@case(1.3, 0.7)
def s_args(x, y):
    args = (x, y)
    return star(x, y, x * y, k=x, j=y) + star(*args, 2.0, scale=y) + star(*args, **{"scale": x, "z": y}) + star(x)


@case(1.3, 0.7)
def s_disp(x, y):
    a = [x, y]
    b = [*a, x * y, *(v * v for v in a)]
    t = (*b, 1.0)
    return sum(b) * t[2] + b[-1]


@case([1.3, 0.7, 0.2])
def s_disp_list(xs):
    b = [1.0, *xs, 2.0]
    return b[1] * b[2] * b[-1] * len(b)


def fwd(*args, **kw):
    return star(*args, **kw)


@case(1.3, 0.7)
def s_fwd(x, y):
    return fwd(x, y, scale=x)


@case(1.3, 4)
def lam_loop(x, n):
    t = 0.0
    for k in range(n):
        g = lambda z, k=k: z * x + k
        t = t + g(t + 1.0)
    return t


@case(1.3, 4)
def lam_list(x, n):
    fs = [lambda z: z * z, lambda z: z + x, np.sin]
    t = x
    for f in fs:
        t = f(t)
    return t + fs[0](x)


@case(1.3)
def fn_dict(x):
    table = {"sin": math.sin, "sq": lambda z: z * z}
    return table["sin"](x) * table["sq"](x)


def apply_twice(f, x):
    return f(f(x))


@case(1.3)
def fn_arg(x):
    return apply_twice(lambda z: z * x, x) + apply_twice(math.sin, x)


@case(1.3, 3)
def compose(x, n):
    def make(k):
        def inner(z):
            return z * k + x

        return inner

    g = make(2.0)
    h = make(x)
    return g(h(x))


@case(M)
def zip_rows(m):
    t = 0.0
    for a, b in zip(m[:-1], m[1:]):
        t += np.sum(a * b)
    return t


@case(M)
def cols(m):
    return sum(np.sum(c) ** 2 for c in m.T)


@case(1.3, 0.7)
def enum_gen(x, y):
    return sum(k * v for k, v in enumerate((x, y), 1))


@case([1.0, 2.0, 3.0])
def nested_comp(xs):
    m = [[a * b for b in xs] for a in xs]
    return m[0][1] * m[2][2] + sum(sum(row) for row in m)


@case([1.0, 2.0, 3.0])
def flat_comp(xs):
    m = [a * b for a in xs for b in xs if a != b]
    return sum(m) * m[0]


@case(w, 3)
def itertools_like(x, n):
    fs = [np.sin, np.cos, np.tanh]
    return sum(np.sum(f(x)) for f in fs)


@case([1.3, 0.7, 0.2])
def dictlist(xs):
    ds = [{"a": x, "b": x * x} for x in xs]
    return sum(d["a"] * d["b"] for d in ds)


@case([1.3, 0.7, 0.2])
def math_prod(xs):
    return math.prod(xs) + math.fsum(xs)


def programs(rng):
    """The programs of this file; their arguments are fixed."""
    return CASES
