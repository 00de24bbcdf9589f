"""Names that hold nothing on some paths: bound by a branch of the first pass, None until something is found."""

# ruff: noqa: F821, F841

import math

import numpy as np

V = np.array([0.7, -1.3, 2.1, 0.4, 1.9])


def first_pass(x, n):
    for i in range(n):
        if i == 0:
            last = x
        else:
            last = last * x + i
    return last


def first_pass_of_a_while(x, n):
    i = 0
    while i < n:
        if i > 0:
            y = y * x + before
        else:
            y = x
        before = y * 0.5
        i += 1
    return y * before


def first_pass_of_two_loops(x, n):
    for i in range(n):
        for j in range(2):
            if i == 0 and j == 0:
                last = x
            else:
                last = last * x + j
    return last


def array_of_the_first_pass(v, n):
    for i in range(n):
        if i == 0:
            last = v
        else:
            last = np.sin(last) * v[::-1]
    return np.sum(last * last)


def matrix_of_the_first_pass(m, n):
    for i in range(n):
        if i == 0:
            p = m
        else:
            p = p @ m
    return np.trace(p)


def tuple_of_the_first_pass(x, n):
    for i in range(n):
        if i == 0:
            p = (x, x * x)
        else:
            p = (p[1] * x, p[0] + i)
    return p[0] * p[1]


def written_in_the_first_pass(x, n):
    for i in range(n):
        if i == 0:
            p = np.zeros(3)
        p[i % 3] = x * i + p[0] + 1.0
    return np.sum(p * p)


def bound_in_one_branch(x, n):
    s = 0.0
    for i in range(n):
        if i > 2:
            s = s + w * x
        if i == 1:
            w = x * x
    return s


def bound_in_one_branch_array(v, n):
    s = 0.0
    for i in range(n):
        if i > 2:
            s = s + np.sum(w * v)
        if i == 1:
            w = v * v
    return s


def target_after_the_loop(v):
    s = 0.0
    for k, e in enumerate(v):
        s = s * 0.5 + e
    return s * e * k


def target_bound_before(v, n):
    i = 7
    for i in range(n):
        v = v * 1.1
    return np.sum(v) * i


# None ----------------------------------------------------------------------------------------------------------------
def none_on_one_path(x, n):
    y = None
    if n > 1:
        y = x * x
    if y is None:
        return x
    return y * x


def none_and_not_none(x, n):
    y = None if n < 2 else x * x
    return y * x if y is not None else 3.0 * x


def default_in_a_helper(x, n):
    def scaled(x, w=None):
        if w is None:
            w = 2.0
        return x * w

    return scaled(x) + scaled(x, w=x if n > 1 else None)


def best_of(v):
    best = None
    for e in v:
        if best is None or e > best:
            best = e
    return best * best


def best_pair(v):
    best = None
    for k in range(len(v)):
        d = v[k] * v[k]
        if best is None or d < best[0]:
            best = (d, k)
    return best[0] * v[best[1]]


def best_row(m):
    best = None
    for row in m:
        if best is None or row.sum() > best.sum():
            best = row
    return np.sum(best * best)


def best_of_none(v, limit):
    best = None
    for k in range(len(v)):
        if v[k] > limit and (best is None or v[k] < best):
            best = v[k]
    if best is None:
        return np.sum(v)
    return best * v[0]


def row_or_nothing(m, limit):
    best = None
    for k in range(m.shape[0]):
        if m[k, 0] > limit:
            best = m[k]
    s = np.sum(m)
    if best is not None:
        for j in range(m.shape[1]):
            s = s + best[j] * best[j]
    return s


def previous(v):
    before, s = None, 0.0
    for e in v:
        if before is not None:
            s = s + (e - before) ** 2
        before = e
    return s


def previous_array(m):
    before, s = None, 0.0
    for row in m:
        if before is not None:
            s = s + np.dot(row, before)
        before = np.sin(row)
    return s


def while_nothing(x, limit):
    found, k = None, 0
    while found is None:
        x = x * 1.5
        k += 1
        if x > limit:
            found = x * k
    return found


def raises_if_nothing(v, limit):
    hit = None
    for e in v:
        if e > limit:
            hit = e * e
            break
    if hit is None:
        raise ValueError("nothing found")
    return hit + v[0]


def asserted(v, limit):
    hit = None
    for e in v:
        if e > limit:
            hit = e * e
    assert hit is not None
    return hit + v[0]


def reset(v):
    run, s = None, 0.0
    for e in v:
        if e < 0.0:
            run = None
        elif run is None:
            run = e
        else:
            run = run * e
            s = s + run
    return s if run is None else s + run


def bracket(x):
    lo, hi = None, None
    for k in range(12):
        if x < 2.0:
            lo = x
        else:
            hi = x
        if lo is None:
            x = x * 0.5
        elif hi is None:
            x = x * 2.0
        else:
            x = 0.5 * (lo + hi)
    return x


def part_is_none(x, n):
    state = (x, None)
    for i in range(n):
        value, memory = state
        if memory is None:
            state = (value * x, value)
        else:
            state = (value * memory, value + i)
    return state[0]


def chosen_function(x, n):
    def grow(y, rate=None):
        return y * 1.5 if rate is None else y * rate

    y = x
    for i in range(n):
        y = grow(y) if i % 2 else grow(y, rate=x)
    return y


def not_or(v):
    last = None
    for e in v:
        if not (last is None or e < last):
            last = last + e
        else:
            last = e
    return last


def walrus(v):
    s, found = 0.0, None
    for e in v:
        if (found := e if e > 0.0 else None) is not None:
            s = s + found * found
    return s


# lists of None -------------------------------------------------------------------------------------------------------
def filled(x, n):
    xs = [None] * n
    for k in range(n):
        xs[k] = x if k < 2 else xs[k - 1] * xs[k - 2]
    return xs[n - 1]


def filled_by_two_loops(x, n):
    xs = [None] * n
    for k in range(n):
        if k % 2 == 0:
            xs[k] = x * k
    for k in range(n):
        if k % 2 == 1:
            xs[k] = xs[k - 1] * x
    return sum(e * e for e in xs)


def filled_on_demand(x, n):
    xs, s = [None] * n, 0.0
    for k in range(2 * n):
        v = xs[k // 2]
        if v is None:
            v = x * k
            xs[k // 2] = v
        s = s + v * v
    return s


def looked_up(x, n):
    known, s = [None] * 3, 0.0
    for k in range(n):
        if known[k % 3] is None:
            known[k % 3] = math.sin(x * k)
        s = s + known[k % 3] * k
    return s


def filled_with_arrays(v, n):
    xs = [None] * n
    xs[0] = v
    for k in range(1, n):
        xs[k] = np.sin(xs[k - 1]) * v
    return np.sum(xs[n - 1])


def zeros_that_receive_floats(x, n):
    xs = [0] * n
    xs[0] = 1
    for k in range(1, n):
        xs[k] = xs[k - 1] * x + xs[k]
    return sum(xs)


def pairs_with_none(m):
    kept, before = [], None
    for k, row in enumerate(m):
        kept.append((before, k))
        before = row * row
    s = 0.0
    for p, k in kept:
        if p is not None:
            s = s + np.sum(p) * k
    return s


def taken_back_beside_none(v):
    kept, before = [], None
    for e in v:
        kept.append({"x": e, "before": before})
        before = e * e
    s = 0.0
    while kept:
        d = kept.pop()
        if d["before"] is not None:
            s = s * 0.5 + d["before"] * d["x"]
    return s


# arrays that are made when they are first needed ---------------------------------------------------------------------
def made_when_needed(x, n):
    y, s = None, 0.0
    for i in range(n):
        if y is None:
            y = np.zeros(3)
        y[i % 3] = x * x * (i + 1)
        s = s + np.sum(y * y)
    return s


def made_when_needed_or_never(x, n):
    y = None
    for i in range(n):
        if y is None:
            y = np.zeros(3)
        y[i % 3] += x * x * (i + 1)
    if y is None:
        return x
    return np.sum(y * y)


def made_again(m, limit):
    acc, s = None, 0.0
    for row in m:
        if acc is None:
            acc = np.zeros(3)
        acc[0] = acc[0] + row[0] * row[1]
        acc[2] = acc[0] * row[2]
        s = s + np.sum(acc**2)
        if s > limit:
            acc = None
    return s


def read_by_two_tests(m):
    acc, s = None, 0.0
    for k, row in enumerate(m):
        if acc is not None:
            s = s + np.sum(acc * acc)
        if acc is not None and k % 2 == 0:
            s = s + np.sum(acc**3)
        if acc is None:
            acc = np.zeros(3)
        acc[k % 3] = row[1] * s + row[0]
    return s


def made_in_inner_loops(x, n):
    s = 0.0
    for j in range(n):
        y = None
        for i in range(j):
            if y is None:
                y = np.zeros(3) + x
            y[i % 3] *= x
        if y is not None:
            s = s + np.sum(y * y)
    return s


def copy_of_the_row_before(m):
    before, s = None, 0.0
    for row in m:
        now = row.copy()
        if before is not None:
            now[0] = before[0] * row[1]
            s = s + np.sum(now * before)
        before = now
    return s


def two_made_when_needed(x, n):
    a, b = None, None
    for i in range(n):
        if a is None:
            a = np.zeros(2)
        if b is None:
            b = a * x
        a[i % 2] = x * (i + 1)
        b[0] += a[0] * a[1]
    if b is None:
        return x
    return np.sum(a * b)


def made_twice(x, n):
    y, s = None, 0.0
    i = 0
    while i < n:
        if y is None or i == 3:
            y = np.full(3, x)
        if i % 2:
            y[0] = y[1] * y[2]
        else:
            y[1] = np.sin(y[0])
        s += y.sum()
        i += 1
    return s


CASES = [
    (first_pass, (1.3, 4)),
    (first_pass, (1.3, 1)),
    (first_pass_of_a_while, (1.3, 3)),
    (first_pass_of_two_loops, (1.3, 3)),
    (array_of_the_first_pass, (V, 3)),
    (matrix_of_the_first_pass, (np.arange(9.0).reshape(3, 3) / 7.0, 4)),
    (tuple_of_the_first_pass, (1.3, 4)),
    (written_in_the_first_pass, (1.3, 5)),
    (bound_in_one_branch, (1.3, 6)),
    (bound_in_one_branch, (1.3, 2)),
    (bound_in_one_branch_array, (V, 5)),
    (bound_in_one_branch_array, (V, 0)),
    (target_after_the_loop, (V,)),
    (target_bound_before, (V, 0)),
    (target_bound_before, (V, 3)),
    (none_on_one_path, (1.3, 3)),
    (none_on_one_path, (1.3, 0)),
    (none_and_not_none, (1.3, 3)),
    (none_and_not_none, (1.3, 0)),
    (default_in_a_helper, (1.3, 3)),
    (default_in_a_helper, (1.3, 0)),
    (best_of, (V,)),
    (best_pair, (V,)),
    (best_row, (np.arange(6.0).reshape(2, 3) + 1.0,)),
    (best_of_none, (V, 0.5)),
    (best_of_none, (V, 50.0)),
    (row_or_nothing, (np.arange(6.0).reshape(2, 3) + 1.0, 2.0)),
    (row_or_nothing, (np.arange(6.0).reshape(2, 3) + 1.0, 20.0)),
    (previous, (V,)),
    (previous_array, (np.arange(6.0).reshape(3, 2) / 5.0,)),
    (while_nothing, (1.3, 10.0)),
    (raises_if_nothing, (V, 1.0)),
    (asserted, (V, 1.0)),
    (reset, (V,)),
    (bracket, (0.6,)),
    (bracket, (9.0,)),
    (part_is_none, (1.3, 4)),
    (part_is_none, (1.3, 0)),
    (chosen_function, (1.3, 4)),
    (not_or, (V,)),
    (walrus, (V,)),
    (filled, (1.1, 5)),
    (filled_by_two_loops, (1.1, 5)),
    (filled_on_demand, (1.1, 4)),
    (looked_up, (1.1, 7)),
    (filled_with_arrays, (V, 4)),
    (zeros_that_receive_floats, (1.1, 4)),
    (pairs_with_none, (np.arange(12.0).reshape(4, 3) / 7.0,)),
    (taken_back_beside_none, (V,)),
    (made_when_needed, (1.3, 4)),
    (made_when_needed, (1.3, 0)),
    (made_when_needed_or_never, (1.3, 4)),
    (made_when_needed_or_never, (1.3, 0)),
    (made_again, (np.arange(12.0).reshape(4, 3) / 7.0, 0.5)),
    (read_by_two_tests, (np.arange(12.0).reshape(4, 3) / 7.0,)),
    (made_in_inner_loops, (1.3, 4)),
    (copy_of_the_row_before, (np.arange(12.0).reshape(4, 3) / 7.0,)),
    (two_made_when_needed, (1.3, 4)),
    (two_made_when_needed, (1.3, 0)),
    (made_twice, (1.3, 6)),
]


def programs(rng):
    """The cases: their arguments are chosen, not drawn."""
    del rng
    return CASES
