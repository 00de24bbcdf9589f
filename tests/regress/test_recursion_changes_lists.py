"""Lists that a function which calls itself appends to, changes or takes elements out of: they were refused."""

import numpy as np
import pytest

import adgen
from tests.programs.oracle import check

X, C = np.array([0.5, 0.8, 0.3, 0.9]), 1.3


def rows_of_a_tree(x, c):
    def walk(k, out):
        if k >= len(x):
            return 0
        out.append(x * x[k] * c)
        return 1 + walk(2 * k + 1, out) + walk(2 * k + 2, out)

    xs = []
    n = walk(0, xs)
    return sum((v * v).sum() * (i + 1) for i, v in enumerate(xs)) * n


def pairs(x, c):
    def walk(k, out):
        if k >= len(x):
            return
        out.append((x[k] * c, k))
        walk(2 * k + 1, out)
        walk(2 * k + 2, out)

    xs = [(c, 7)]
    walk(0, xs)
    return sum(v * (i + 1) * k for i, (v, k) in enumerate(xs))


def handed_back(x, c):
    def walk(k, out):
        if k >= len(x):
            return out
        out.append(x[k] * c)
        walk(2 * k + 1, out)
        return walk(2 * k + 2, out)

    xs = []
    m = walk(0, xs)
    m.append(c)
    return sum(v * v * (i + 1) for i, v in enumerate(xs))


def two_that_take_turns(x, c):
    def walk(k, out, other):
        if k >= len(x):
            return
        out.append(x[k] * c)
        other.append(out[-1] * len(other))
        walk(2 * k + 1, other, out)
        walk(2 * k + 2, out, other)

    xs = []
    m = [c]
    walk(0, xs, m)
    return sum(v * v * (i + 1) for i, v in enumerate(xs)) + sum(m)


def permutations(x, c):
    def perms(k, a, res):
        if k == len(a):
            s = 0.0
            for i, v in enumerate(a):
                s += v * v * (i + 1)
            res.append(s)
            return
        for i in range(k, len(a)):
            a[k], a[i] = a[i], a[k]
            perms(k + 1, a, res)
            a[k], a[i] = a[i], a[k]

    res = []
    perms(0, [v * c for v in x[:3]], res)
    return sum(v * (i + 1) for i, v in enumerate(res))


def quicksort(x, c):
    def qs(a, lo, hi):
        if lo >= hi:
            return
        p = a[hi]
        i = lo
        for j in range(lo, hi):
            if a[j] < p:
                a[i], a[j] = a[j], a[i]
                i += 1
        a[i], a[hi] = a[hi], a[i]
        qs(a, lo, i - 1)
        qs(a, i + 1, hi)

    xs = [v * c for v in x]
    qs(xs, 0, len(xs) - 1)
    return sum(v * (i + 1) ** 2 for i, v in enumerate(xs))


def a_display_of_the_callers(x, c):
    def walk(k, out):
        if k >= 4:
            return
        walk(k + 1, out)
        out[k] = out[k] * x[k]
        out.insert(0, c)

    xs = [1.0, 2.0, 3.0, 4.0]
    walk(0, xs)
    return sum(v * v * (i + 1) for i, v in enumerate(xs))


def lists_in_it(x, c):
    def walk(k, out):
        if k >= 4:
            return
        out.append([x[k], c])
        walk(k + 1, out)

    xs = []
    walk(0, xs)
    return sum(a * b * (i + 1) for i, (a, b) in enumerate(xs))


def in_loops_from_level_to_level(x, c):
    def walk(k, out):
        if k >= 4:
            return
        out += [x[k] * c]
        out.extend([c, x[0]])
        walk(k + 1, out)

    total = 0.0
    for r in range(3):
        xs = []
        walk(r, xs)
        walk(2, xs)
        total += sum(v * v * (i + 1) for i, v in enumerate(xs))
    return total


def by_two_functions_in_turn(x, c):
    def even(k, out):
        out.append(x[k] * c)
        if k < 3:
            odd(k + 1, out)

    def odd(k, out):
        out.append(x[k] + c * out[-1])
        if k < 3:
            even(k + 1, out)

    xs = []
    even(0, xs)
    return sum(v * v * (i + 1) for i, v in enumerate(xs))


def lists_of_lists(x, c):
    def walk(k, out):
        if k >= 4:
            return 0.0
        out.append(x[k] * c)
        s = walk(k + 1, out)
        return s + out.pop() * len(out)

    ls = [[c], [x[0]]]
    return walk(0, ls[0]) + walk(1, ls[1]) + ls[0][0] * ls[1][0]


def cleared(x, c):
    def walk(k, out, n):
        if k >= 4:
            return
        out.clear() if k == 2 else None
        out.append(x[k] * c)
        walk(k + 1, out, n)

    xs = [c]
    walk(0, xs, 3)
    return sum(xs) * xs[0]


def an_array_handed_back(x, c):
    def fill(a, k):
        if k == 4:
            return a
        a[k] = a[k - 1] * c
        return fill(a, k + 1)

    y = x * c
    z = fill(y, 1)
    z[0] = c
    return (y * y).sum() * z[1]


def handed_back_on_two_paths(x, c):
    def walk(k, out):
        if k >= 4:
            return out
        out.append(x[k] * c)
        if k == 2:
            return walk(k + 2, out)
        walk(k + 1, out)
        return out

    xs = walk(0, [c])
    return sum(v * v * (i + 1) for i, v in enumerate(xs))


def handed_back_or_a_new_one(x, c):
    def walk(k, out):
        if k >= 4:
            return out
        if k == 2:
            return [c] + out
        out.append(x[k] * c)
        return walk(k + 1, out)

    xs = walk(0, [c])
    return sum(v * v * (i + 1) for i, v in enumerate(xs))


def taken_out_again(x, c):
    def walk(k, out):
        if k >= 4:
            return
        if x[k] * c > 0.5:
            out.append(x[k] * c)
        for j in range(2):
            if j:
                walk(k + 1, out)
            else:
                out[-1] = out[-1] * c
        while len(out) > 4:
            out.pop(0)

    xs = [c]
    walk(0, xs)
    s = 0.0
    for v in xs:
        s = s * c + v
    return s


def a_segment_tree(x, c):
    def build(lo, hi, out):
        if hi - lo == 1:
            out.append(x[lo] * c)
            return out[-1]
        m = (lo + hi) // 2
        s = build(lo, m, out) * build(m, hi, out)
        out.append(s)
        return s

    tree = []
    r = build(0, 4, tree)
    return r * tree[0] + sum(tree)


def an_element_with_a_name(x, c):
    def walk(k, out):
        if k >= 3:
            return
        out.append(x[k] * c)
        walk(k + 1, out)

    xs = [c]
    walk(0, xs)
    first = xs[0]
    walk(1, xs)
    xs[0] = c * c
    return first * sum(xs)


def rows_replaced(x, c):
    def walk(k, rows):
        if k >= 3:
            return
        rows[k] = rows[k] * c + rows[k - 1]
        walk(k + 1, rows)

    rows = [x * i for i in range(3)]
    a = rows[0]
    walk(0, rows)
    return sum((v * v).sum() for v in rows) + a.sum()


def combinations(x, c):
    def comb(start, path, acc):
        if len(path) == 2:
            acc.append(path[0] * path[1] ** 2)
            return
        for i in range(start, len(x)):
            path.append(x[i] * c)
            comb(i + 1, path, acc)
            path.pop()

    acc = []
    comb(0, [], acc)
    return sum(v * (i + 1) for i, v in enumerate(acc))


def flattened(x, c):
    def flat(t, out):
        for v in t:
            out.append(v * c)
        if len(t) > 1:
            flat(t[1:], out)

    out = []
    flat(list(x), out)
    return sum(v * (i + 1) for i, v in enumerate(out))


def seen_from_outside(x, c):
    out = []

    def walk(k):
        if k >= 3:
            return
        out.append(x[k] * c + len(out))
        walk(k + 1)
        out[k] = out[k] ** 2

    walk(0)
    out.append(c)
    walk(1)
    return sum(v * (i + 1) for i, v in enumerate(out))


def beside_an_array_that_changes(x, c):
    def walk(k, y, out):
        if k >= 3:
            return
        y[k] = y[k - 1] * c
        out.append(y.copy())
        walk(k + 1, y, out)

    y = x * c
    xs = []
    walk(0, y, xs)
    return (xs[0] * xs[1] * xs[2]).sum() + y.sum()


def a_path(x, c):
    def walk(k, path):
        if k >= len(x):
            return sum(path) ** 2
        path.append(x[k] * c)
        s = walk(2 * k + 1, path) + walk(2 * k + 2, path)
        path.pop()
        return s

    return walk(0, [])


def leaves_seen_from_outside(x, c):
    out = []

    def rec(a, b, depth):
        m = 0.5 * (a + b)
        if depth == 0:
            out.append(np.sin(m * c))
            return
        rec(a, m, depth - 1)
        rec(m, b, depth - 1)

    rec(x[0], x[1], 2)
    return sum(out) * out[0]


def swapped(x, c):
    def perm(a, k):
        if k == len(a):
            return a[0] * a[1] ** 2 * a[2] * c
        s = 0.0
        for i in range(k, len(a)):
            a[k], a[i] = a[i], a[k]
            s += perm(a, k + 1) * (i + 1)
            a[k], a[i] = a[i], a[k]
        return s

    return perm([v for v in x[:3]], 0)


def beside_another_that_calls_itself(x, c):
    xs = []

    def walk(k):
        if k >= len(x):
            return
        xs.append(x[k] * c)
        walk(k + 1)

    def power(u, k):
        return c if k == 0 else u[0] * power(u, k - 1)

    walk(0)
    return sum(xs) * power(x, 3)


RIGHT = [
    beside_another_that_calls_itself,
    rows_of_a_tree,
    pairs,
    handed_back,
    two_that_take_turns,
    permutations,
    quicksort,
    a_display_of_the_callers,
    lists_in_it,
    in_loops_from_level_to_level,
    by_two_functions_in_turn,
    lists_of_lists,
    cleared,
    an_array_handed_back,
    handed_back_on_two_paths,
    handed_back_or_a_new_one,
    taken_out_again,
    a_segment_tree,
    an_element_with_a_name,
    rows_replaced,
    combinations,
    flattened,
    seen_from_outside,
    beside_an_array_that_changes,
    a_path,
    leaves_seen_from_outside,
    swapped,
]


@pytest.mark.parametrize("f", RIGHT)
def test_changes_of_lists_come_back_to_the_caller(f):
    check(f, (X, C))


def rows_that_the_caller_has(x, c):
    def walk(k, out):
        if k >= 3:
            return
        out[k][0] = out[k + 1][1] * c
        walk(k + 1, out)

    xs = [x * k for k in range(4)]
    r = xs[1]
    walk(0, xs)
    return sum((a * a).sum() * (i + 1) for i, a in enumerate(xs)) + r[0] * r[1]


def one_list_under_two_names(x, c):
    def walk(k, out, other):
        if k >= len(x):
            return
        out.append(x[k] * c)
        other.append(out[-1] * len(other))
        walk(2 * k + 1, other, out)
        walk(2 * k + 2, out, other)

    xs = []
    walk(0, xs, xs)
    return sum(v * v * (i + 1) for i, v in enumerate(xs))


def an_array_that_changes_later(x, c):
    def walk(k, y, out):
        if k >= 3:
            return
        out.append(y)
        walk(k + 1, y, out)

    y = x * c
    xs = []
    walk(0, y, xs)
    y[0] = 5.0
    return xs[0][0] * xs[1][1]


def a_result_that_changes_later(x, c):
    def walk(k, out):
        r = x * c * k
        if k >= 3:
            return r
        out.append(r)
        walk(k + 1, out)
        return r

    xs = []
    r = walk(0, xs)
    r[0] = 5.0
    return xs[0][0] * xs[1][1] + r[1]


def while_a_loop_runs_over_it(x, c):
    def walk(k, out):
        if k >= 3:
            return
        out.append(x[k] * c)
        walk(k + 1, out)

    xs = [c]
    s = 0.0
    for v in xs:
        s += v
        if len(xs) < 10:
            walk(0, xs)
    return s


def a_list_that_grows_inside_of_it(x, c):
    def walk(k, out, inner):
        if k >= 3:
            return
        inner.append(x[k] * c)
        out.append(inner)
        walk(k + 1, out, inner)

    xs = []
    i = [c]
    walk(0, xs, i)
    i.append(c)
    return sum(sum(v) for v in xs)


def rows_changed_later(x, c):
    def walk(k, out):
        if k >= 3:
            return
        out.append(x * c * k)
        walk(k + 1, out)

    xs = []
    walk(0, xs)
    for r in xs:
        r[0] = c
    return sum(v.sum() for v in xs)


def a_dict(x, c):
    def fib(n, memo):
        if n in memo:
            return memo[n]
        r = fib(n - 1, memo) * c + fib(n - 2, memo)
        memo[n] = r
        return r

    return fib(6, {0: x[0], 1: x[1]})


def a_dict_seen_from_outside(x, c):
    memo = {}

    def fib(n):
        if n < 2:
            return x[n]
        if n in memo:
            return memo[n]
        memo[n] = fib(n - 1) * c + fib(n - 2)
        return memo[n]

    return fib(6)


REFUSED = [
    ("E0124", rows_that_the_caller_has),
    ("E0120", one_list_under_two_names),
    ("E0120", an_array_that_changes_later),
    ("E0120", a_result_that_changes_later),
    ("E0122", while_a_loop_runs_over_it),
    ("E0120", a_list_that_grows_inside_of_it),
    ("E0121", rows_changed_later),
    ("E0124", a_dict),
    ("E0124", a_dict_seen_from_outside),
]


@pytest.mark.parametrize("code, f", REFUSED)
def test_what_others_would_see_is_refused(code, f):
    with pytest.raises(adgen.AdgenError, match=code):
        adgen.grad(f, (0, 1))(X, C)


def doubling(x, c):
    def deeper(p, k):
        return p[0] if k == 0 else deeper((p[1], p), k - 1)

    return deeper((x[0], c), len(x))


def test_arguments_that_double_at_each_level_are_refused_before_they_fill_the_memory():
    with pytest.raises(adgen.AdgenError, match="E0110"):
        adgen.grad(doubling, (0, 1))(X, C)
