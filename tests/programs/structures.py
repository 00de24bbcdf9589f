"""Lists, tuples, helpers, closures, keywords."""

import math

import numpy as np

GRAVITY = 9.81
TABLE = np.array([0.5, 1.5, 2.5])


def grown(x, n):
    values = [x]
    for k in range(n):
        values.append(values[-1] * x + values[k] * 0.1)
    total = 0.0
    while values:
        total = total * 0.7 + values.pop()
    return total


def assigned(x, n):
    xs = [None] * n
    for k in range(n):
        xs[k] = x**k if k < 2 else xs[k - 1] * xs[k - 2] + x
    xs[0] = xs[-1] * xs[1]
    return xs[0] + xs[1] * xs[n - 1]


def list_increment(x):
    xs = [0.0, x, x * x]
    xs[1] += xs[2] * xs[0] + x
    xs[2] *= xs[1]
    xs[0] -= xs[2]
    return xs[0] * xs[1]


def array_list(x, n):
    states = [x]
    for _ in range(n):
        states.append(np.sin(states[-1]) * states[0])
    out = np.zeros_like(x)
    for s in states[1:]:
        out += s * s
    return out


def comprehensions(xs, w):
    squares = [w * x * x for x in xs]
    kept = [math.sin(s) for s in squares if s > 0.1]
    pairs = [(a, b) for a, b in zip(squares, xs)]
    total = 0.0
    for a, b in pairs:
        total += a * b
    return total + sum(kept)


def helper(a, b, scale=2.0, *, shift=0.0):
    return a * b * scale + shift, a - b


def keywords(x, y):
    p, q = helper(x, y)
    r, _ = helper(b=x, a=q, scale=p)
    s, t = helper(p, r, shift=y)
    return s * t + r


def swap_in_loop(x, y, n):
    a, (b, c) = x, (y, x * y)
    for k in range(n):
        a, b, c = b * c, a + 0.1 * k, math.cos(a)
    return a + b * c


def starred(xs):
    first, *middle, last = xs
    total = first * last
    for m in middle:
        total += m * first
    return total


def clip_helper(x, lo):
    if x < lo:
        return lo
    for _ in range(3):
        x = x * 0.9
        if x < lo:
            return x * lo
    return x


def helper_with_exits(xs, lo):
    total = 0.0
    for x in xs:
        total += clip_helper(x, lo) ** 2
    return total


def closures(x, k):
    def scaled(t):
        return k * t * x

    square = lambda t: t * t + k  # noqa: E731
    return scaled(square(x)) + square(scaled(k))


def with_globals(x):
    return GRAVITY * x**2 + np.sum(TABLE * x)


def dict_params(p, x):
    h = p["first"]["w"] * x + p["first"]["b"]
    return np.sum(h**2) * p["scale"] + p["first"]["b"]


def nested_list_params(p):
    (a, b), c = p
    return a * b[0] + np.sum(c) * b[1]


def several_results(x):
    y = x * x
    return y, np.sin(y), (x, y * x)


def same_twice(x):
    return x, x


def constant(x):
    return x * 0.0 + 2.0


def unused(x, y):
    return x * x


def conditional(x, y, flag):
    z = x if flag else y
    w = (x * y if x > y else x + y) if y > 0.1 else 0.0
    return z * w + (z and w)


def running_maximum(xs):
    best = xs[0]
    where = 0
    for k, x in enumerate(xs):
        if x > best:
            best, where = x, k
    return best * xs[where - 1] + where


def sum_of_rows(m):
    total = np.zeros(m.shape[1])
    for k, row in enumerate(m):
        total += row * (k + 1)
        total *= total
    return total


def reversed_scan(xs, a):
    carry = 0.0
    out = []
    for x in reversed(xs):
        carry = a * carry + x * x
        out.append(carry)
    out.reverse()
    return out[0] * out[-1] + sum(out)


def reversed_scan_2(xs, a):
    carry = 0.0
    out = []
    for x in reversed(xs):
        carry = a * carry + x * x
        out.append(carry)
    return out[0] * out[-1] + sum(out)


def stack_machine(x, y):
    stack = [x, y]
    stack.append(stack.pop() * stack[-1])
    stack.append(stack[-1] + x)
    b = stack.pop()
    a = stack.pop()
    stack.append(a * b)
    return stack[0] * stack[1] + len(stack)


def double_loop_lists(xs):
    rows = []
    for x in xs:
        row = []
        for k in range(3):
            row.append(x**k)
        rows.append(sum(row))
    total = 0.0
    for r in rows:
        total += r * r
    return total


def nested_sum(a, b):
    return sum(x * y for x in a for y in b if x < y)


def starred_rows(m):
    s = 0.0
    for i, (a, *rest) in enumerate(m):
        s += i * a * sum(rest)
    first, *others, last = m
    for row in others:
        s = s + row @ first * last[0]
    return s


def starred_numbers(v):
    a, *b, c = v
    (d, *e), *f = v, a, c
    b.append(c)
    b[0] = a * b[1]
    return a * c + sum(b) + len(b) * d + e[1] * f[0]


def listed_array(v):
    xs = list(v)
    xs.append(xs[0] * xs[-1])
    return sum(xs) * max(xs) + min(list(v)) * len(xs)


def slices_by_name(t, v):
    k, s = (0, slice(None), 2), slice(1, 4, 2)
    y = v.copy()
    y[s] *= v[s]
    return np.sum(t[k] ** 2) * y[1] + t[(1, 2, 3)] * y[3]


def programs(rng):
    r = rng.random
    floats = [float(v) for v in r(5)]
    return [
        (grown, (0.8, 5)),
        (assigned, (0.8, 5)),
        (list_increment, (0.8,)),
        (array_list, (r(3), 3)),
        (comprehensions, (floats, 0.7)),
        (comprehensions, (r(4), 0.7)),
        (keywords, (0.8, 0.3)),
        (swap_in_loop, (0.8, 0.3, 4)),
        (starred, (floats,)),
        (helper_with_exits, (floats, 0.4)),
        (helper_with_exits, (r(5), 0.3)),
        (closures, (0.8, 0.3)),
        (with_globals, (0.8,)),
        (dict_params, ({"first": {"w": r(3), "b": 0.4}, "scale": 0.3}, r(3))),
        (nested_list_params, (((0.4, [0.2, 0.9]), r(3)),)),
        (several_results, (0.8,)),
        (several_results, (r(3),)),
        (same_twice, (r(2),)),
        (constant, (0.3,)),
        (unused, (0.3, r(2))),
        (conditional, (0.3, 0.7, True)),
        (conditional, (0.9, 0.7, False)),
        (running_maximum, (r(6),)),
        (running_maximum, (floats,)),
        (sum_of_rows, (r((3, 2)),)),
        (reversed_scan, (floats, 0.3)),
        (reversed_scan_2, (floats, 0.3)),
        (reversed_scan_2, (r(4), 0.3)),
        (stack_machine, (0.4, 0.7)),
        (double_loop_lists, (floats,)),
        (nested_sum, (floats, r(3))),
        (starred_rows, (r((4, 3)),)),
        (starred_numbers, (r(5),)),
        (listed_array, (r(5),)),
        (slices_by_name, (r((2, 3, 4)), r(5))),
    ]
