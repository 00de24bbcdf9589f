"""Generators that are run through where they are called, exits of `finally`, rows and columns."""

# ruff: noqa: UP028

import numpy as np

CASES = []
V = np.array([1.3, 0.7, -0.4, 2.1, 0.9])


def case(*args):
    """Register a program with its arguments."""

    def add(fun):
        CASES.append((fun, args))
        return fun

    return add


class P:
    """An object one of whose methods is a generator."""

    def __init__(self, a):
        self.a = a

    def each(self, n):
        """Multiples of the field."""
        for i in range(n):
            yield self.a * i


def pushed(x, out):
    """Appends on each way out."""
    try:
        out.append(x)
        return x * 2
    finally:
        out.append(x * x)


@case(V)
def g_plain(x):
    def gen(n):
        for i in range(n):
            yield x[i] ** 2

    s = 0.0
    for v in gen(3):
        s += v
    return s


@case(V)
def g_summed(x):
    def gen():
        a, b = x[0], x[1]
        while a < 100.0:
            yield a
            a, b = b, a + b

    return sum(gen())


@case(V)
def g_nested(x):
    def pairs(xs):
        for i in range(len(xs)):
            for j in range(i):
                if j == 2:
                    continue
                yield xs[i], xs[j]

    return sum(a * b for a, b in pairs(x))


@case(V)
def g_unpacked(x):
    def gen():
        yield x[0]
        yield x[1] ** 2
        yield from [x[2], x[3]]

    a, b, c, d = gen()
    return a * b + c * d


@case(V)
def g_listed(x):
    def gen():
        for v in x:
            yield v * 2

    return np.sum(np.array(list(gen())) ** 2) + max(gen())


@case(V)
def g_endless(x):
    def gen():
        i = 0
        while True:
            yield i, x[i % 5]
            i += 1

    s = 0.0
    for i, v in gen():
        if i > 6:
            break
        s += v * v
    return s


@case(V)
def g_left(x):
    def gen(n):
        for i in range(n):
            if i == 3:
                return
            yield x[i]

    for i, v in enumerate(gen(5)):
        if v < 0:
            return v * i * x[0]
    return 0.0


@case(V)
def g_named(x):
    g = (v * v for v in x)
    return sum(g)


@case(V)
def g_next(x):
    def gen():
        for v in x:
            yield v

    it = gen()
    a = next(it)
    return a * next(it)


@case(V)
def g_store(x):
    y = x.copy()

    def gen():
        for i in range(len(y)):
            yield y[i]

    s = 0.0
    for i, v in enumerate(gen()):
        s += v
        if i + 1 < 5:
            y[i + 1] = y[i + 1] * v
    return s


@case(V)
def g_closure(x):
    k = 1.0

    def gen():
        for v in x:
            yield v * k

    s = 0.0
    for v in gen():
        s += v
        k = k * 2.0
    return s


@case(V)
def g_changes(x):
    y = x.copy()

    def gen():
        for i in range(3):
            y[i] = 2.0 * y[i]
            yield y[i + 1]

    s = 0.0
    for v in gen():
        s += v * y[0]
    return s


@case(V)
def g_object(x):
    p = P(x[0])
    s = 0.0
    for v in p.each(3):
        s += v
        p.a = p.a + x[1]
    return s


@case(V)
def g_method(x):
    p = P(x[0])
    return sum(v * v for v in p.each(4)) * p.a


@case(V)
def g_grows(x):
    xs = [x[0], x[1]]

    def gen():
        for v in xs:
            yield v

    s = 0.0
    for v in gen():
        s += v
        if len(xs) < 4:
            xs.append(v * 2)
    return s


@case(V)
def g_zipped(x):
    def gen():
        i = 0
        while True:
            yield i
            i += 1

    return sum(a * i for a, i in zip(x, gen()))


@case(V)
def g_searched(x):
    def gen():
        i = 0
        while True:
            yield x[i]
            i += 1

    return x[0] if any(v > 2 for v in gen()) else x[1]


@case(V)
def g_itself(x):
    def tree(n):
        if n > 0:
            yield x[n]
            yield from tree(n - 1)

    return sum(tree(3))


@case(V)
def g_once(x):
    def gen():
        if x[0] > 0:
            yield x[0] ** 2
            return
        yield x[1]

    for v in gen():
        return v * 3
    return 0.0


@case(V)
def g_chunks(x):
    def chunks(n):
        for i in range(0, len(x), n):
            yield x[i : i + n]

    s = 0.0
    for c in chunks(2):
        s += np.sum(c**2) * c[0]
    return s


@case(V)
def g_views(x):
    def rows(m):
        for row in m:
            yield row

    m = np.outer(x, x)
    for r in rows(m):
        r[0] = 1.0
    return np.sum(m * m)


@case(V)
def g_empty(x):
    def empty():
        return
        yield x[0]

    s = x[1]
    for v in empty():
        s += v
    return s


@case(V)
def g_totals(x):
    def gen(n):
        total = 0.0
        for i in range(n):
            total += x[i]
            yield i, total

    best = 0.0
    for i, t in gen(4):
        if t > best:
            best = t * (i + 1)
    a, *rest = gen(3)
    return best + a[1] + sum(r[1] for r in rest)


@case(V)
def f_return(x):
    try:
        return x[0]
    finally:
        return x[1] ** 2


@case(V)
def f_break(x):
    s = 0.0
    for i in range(4):
        try:
            s += x[i]
        finally:
            if i == 2:
                break
    return s * s


@case(V)
def f_both(x):
    s = 0.0
    for i in range(4):
        try:
            if x[i] < 0:
                return s
            s += x[i]
        finally:
            if i >= 2:
                return s * 3.0
            s = s * 2.0
    return s


@case(V)
def f_continue(x):
    s = 0.0
    for i in range(5):
        try:
            if i == 3:
                break
            s += x[i] ** 2
        finally:
            s += 0.5 * x[0]
            if i == 1:
                continue
            s = s * 1.1
    return s


@case(V)
def f_inner(x):
    s = x[0]
    for i in range(3):
        try:
            for j in range(3):
                if j > i:
                    break
                s = s * x[j]
            else:
                s = s + 1.0
        finally:
            if s > 100:
                return s
            continue
        s = 0.0
    return s * s


@case(V)
def f_while(x):
    while True:
        try:
            return x[0] * 2
        finally:
            break
    return x[1]


@case(V)
def f_appends(x):
    out = []
    a = pushed(x[0], out)
    b = pushed(x[1], out)
    return a * out[1] + b * out[3] + len(out)


@case(V)
def f_columns(x):
    rows = []
    for v in x:
        rows.append((v, v * v))
    a, b = zip(*rows)
    return a[0] * b[1] + sum(b)


@case(V)
def f_starred(x):
    z = [*x, *[x[0], 2.0]]
    return sum(z) * z[-1]


@case(V)
def f_groups(x):
    d = {"a": [x[0], x[1]], "b": [x[2]]}
    d["b"].append(x[3])
    for k in d:
        d[k][0] = d[k][0] * 2
    return sum(sum(v) for v in d.values()) * d["a"][0]


def programs(rng):
    """The programs of this file; their arguments are fixed."""
    return CASES
