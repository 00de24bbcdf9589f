"""match, try with finally, walrus, early returns of nested functions, dicts that are read."""

# ruff: noqa: E731, F841


import numpy as np

from tests.programs.cases import collection

RNG = np.random.default_rng(3)
CASES, case = collection()


w = RNG.standard_normal(4)


@case(1.3, 0.7)
def l_ext(x, y):
    xs = [x]
    xs.extend([y, x * y])
    xs.extend(t * t for t in (x, y))
    return xs[1] * xs[2] + xs[-1] + len(xs)


@case([1.3, 0.7, 0.2])
def l_ext2(ys):
    xs = [1.0]
    xs.extend(ys)
    xs.extend(v * v for v in ys)
    xs += ys
    return xs[1] * xs[2] + xs[-1] + len(xs) + sum(xs)


@case(1.3, 0.7)
def d_items(x, y):
    d = dict(a=x, b=y)
    t = 1.0
    for k, v in d.items():
        if k == "a":
            t = t * v
        else:
            t = t + v * v
    for k in d:
        t += d[k]
    for k in d.keys():
        t *= d[k]
    return t + ("a" in d) * x + max(d.values())


@case(1.3, 2)
def mat(x, n):
    def f(v):
        if v > 1.0:
            return v * v
        return v

    return f(x) * f(0.5 * x)


@case(1.3, 2)
def match_int(x, n):
    match n:
        case 0:
            return x
        case 1 | 2:
            y = x * x
        case k if k > 5:
            y = x * k
        case _:
            y = 2.0 * x
    return y * x


@case(1.3, "b")
def match_str(x, mode):
    match mode:
        case "a":
            y = x
        case "b" | "c":
            y = x * x
        case _:
            raise ValueError(mode)
    return y


@case(1.3, (0.5, 2.0))
def match_seq(x, p):
    match p:
        case (a, b):
            return a * x * b
        case _:
            return x


@case(1.3, 4)
def match_loop(x, n):
    t = x
    for k in range(n):
        match k % 3:
            case 0:
                t = t * x
            case 1:
                continue
            case other:
                t = t + other * x
    return t


@case(1.3)
def try_fin(x):
    try:
        y = x * x
    finally:
        z = 2.0
    return y * z


@case(1.3)
def errst(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.log(x)
    with np.errstate(all="ignore"), np.errstate(over="raise"):
        return y * x


COUNT = 0
K = 2.5


@case(1.3)
def globread(x):
    global K
    return x * K


@case(1.3, 3)
def nest_early(x, n):
    def pick(k):
        for j in range(n):
            if j == k:
                return x * j
            if x * j > 100.0:
                return 0.0
        return x

    t = 0.0
    for k in range(n + 1):
        t = t + pick(k)
    return t


@case(w)
def unpack_ok(v):
    a, b, c, d = v
    return a * b + c * d


@case(1.3)
def assert_(x):
    assert x > 0.0, "neg"
    del_me = x
    del del_me
    return x * x


@case(1.3, 3)
def while_else(x, n):
    k = 0
    while k < n:
        x = x * 1.1
        k += 1
        if x > 100.0:
            break
    else:
        x = x + 1.0
    return x


@case(1.3)
def chain_assign(x):
    a = b = x * x
    (c, d), *e = (a, b), x, x
    return a * b + c * d + e[0]


@case(1.3)
def ann(x):
    y: float = x * x
    z: float
    z = y
    return z


def programs(rng):
    """The programs of this file; their arguments are fixed."""
    return CASES
