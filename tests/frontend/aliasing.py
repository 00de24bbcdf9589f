"""Programs in which names share memory: each is lowered exactly, or refused; none may give another result."""

# ruff: noqa: E501, E741

import numpy as np

PROGRAMS = []
V = np.arange(1.0, 6.0)
M = np.arange(12.0).reshape(3, 4)


def case(*arguments, code=None):
    """Register a program; `code` is that of its refusal."""

    def add(function):
        PROGRAMS.append((function, arguments, code))
        return function

    return add


@case(V)
def store_through_alias(x):
    y = x.copy()
    z = y
    z[0] = 9.0
    return y


@case(V)
def store_to_parameter_alias(x):
    y = x
    y[0] = 9.0
    return x.sum()


@case(V, 2, code="E0120")
def alias_before_loop(x, n):
    y = x.copy()
    w = y
    for i in range(n):
        y[0] = y[0] + 1.0
        y = y * 2.0
    return w, y


@case(V, 2, code="E0120")
def alias_rebound_in_loop(x, n):
    y = x.copy()
    w = y
    for i in range(n):
        w = w * 2.0
        y[0] += 1.0
    return w, y


@case(V, 2, code="E0120")
def appended_then_stored(x, n):
    xs = []
    y = np.zeros(3)
    for i in range(n):
        y[0] = i
        xs.append(y)
    return xs[0] + xs[1]


@case(V, 2)
def fresh_each_time_appended(x, n):
    xs = []
    for i in range(n):
        y = np.zeros(3)
        y[0] = i
        xs.append(y)
    return xs[0] + xs[1]


@case(V, 2)
def stored_after_listed(x, n):
    y = np.zeros(3)
    xs = [y, x[:3]]
    y[0] = 5.0
    return xs[0] + xs[1]


@case(V, 1)
def conditional_alias(x, n):
    a = np.zeros(3)
    b = np.ones(3)
    c = a if n > 0 else b
    c[0] = 5.0
    return a, b


@case(V, 1)
def branch_alias_with_use(x, n):
    a = np.zeros(3)
    b = np.ones(3)
    if n > 0:
        c = a
    else:
        c = b
    c[0] = 5.0
    return a + b


@case(V, 1)
def branch_alias_alone(x, n):
    a = np.zeros(3)
    b = np.ones(3)
    if n > 0:
        c = a
    else:
        c = b
    c[0] = 5.0
    return c


@case(V, 1)
def reshape_then_store(x, n):
    y = np.zeros(4)
    v = y.reshape(2, 2)
    y[0] = 3.0
    return v.sum()


@case(V, 1)
def store_through_reshape(x, n):
    y = np.zeros(4)
    v = y.reshape(2, 2)
    v[0, 0] = 3.0
    return y.sum()


@case(V, 3)
def swap(x, n):
    a = x.copy()
    b = x * 2.0
    for i in range(n):
        a[0] = a[0] + 1.0
        b[1] = a[0]
        a, b = b, a
    return a, b


@case(V, 3)
def old_and_new(x, n):
    y = x.copy()
    old = y
    for i in range(n):
        new = y * 0.5
        new[i] = 1.0
        old = y
        y = new
    return y, old


@case(V, 3, code="E0120")
def old_and_stored(x, n):
    y = x.copy()
    old = y
    for i in range(n):
        y[i] = 3.0
        old = y
        y = y + 1.0
    return y, old


def g(y):
    y[0] = 7.0
    return y


@case(V)
def returned_argument(x):
    y = x.copy()
    z = g(y)
    z[1] = 8.0
    return y, z


def h(y, n):
    if n > 0:
        return y
    return y * 2.0


@case(V, 1, code="E0120")
def maybe_returned_argument(x, n):
    y = x.copy()
    z = h(y, n)
    z[1] = 8.0
    return y, z


@case(V, 1, code="E0120")
def maybe_returned_then_stored(x, n):
    y = x.copy()
    z = h(y, n)
    y[1] = 8.0
    return y, z


@case(M)
def view_in_tuple(m):
    t = (m, m[0])
    a, b = t
    b[0] = 100.0
    return a.sum(), b


@case(M)
def rows_of_parameter(m):
    for row in m:
        row[0] = row[1] * 2.0
    return m


@case(V)
def stored_while_iterated(x):
    y = np.zeros(5)
    for v in y:
        y[1] = 3.0
        y[0] += v
    return y


@case([1.0, 2.0], code="E0122")
def appended_while_iterated(xs):
    for v in xs:
        xs.append(v)
        if len(xs) > 5:
            break
    return xs


@case(V)
def array_in_dict(x):
    d = {"y": np.zeros(3)}
    d["y"][0] = 3.0
    z = d["y"]
    z[1] = 2.0
    return d["y"]


@case({"w": V})
def array_in_dict_parameter(p_):
    p_["w"][0] = 3.0
    return p_["w"].sum()


@case(V)
def closure_sees_store(x):
    y = np.zeros(3)

    def f():
        return y.sum()

    y[0] = 3.0
    return f()


@case(V)
def in_place_alias_and_rebinding(x):
    y = np.zeros(5)
    y += x
    z = y
    z += 1.0
    y = y + 1.0
    y += 1.0
    return y, z


@case(V)
def slice_of_parameter(x):
    y = x[1:]
    y += 1.0
    return x, y


@case(V)
def same_array_twice(x):
    xs = [x] * 2
    xs[0][0] = 3.0
    return xs[1]


@case(V)
def asarray(x):
    y = x.T
    y = y.T
    z = np.asarray(y)
    z[0] = 100.0
    return x


@case(V, 2)
def overlapping_views(x, n):
    y = np.zeros(5)
    for i in range(n):
        v = y[i:]
        v[0] = 2.0
        y[1:] = y[:-1]
        y[:-1] += y[1:]
    return y


@case(V, 2, code="E0120")
def best_so_far_alias(x, n):
    best = np.zeros(5)
    y = x.copy()
    for i in range(n):
        y[i] += 1.0
        if y.sum() > 3.0:
            best = y
    return best


@case(V, 2)
def best_so_far_copy(x, n):
    best = np.zeros(5)
    y = x.copy()
    for i in range(n):
        y[i] += 1.0
        if y.sum() > 3.0:
            best = y.copy()
    best[0] = 1.0
    return best


@case(V, 2)
def array_in_list(x, n):
    ys = [x.copy() for i in range(n)]
    ys[0][0] = 1.0
    return ys[0]


@case(V, 2)
def list_alias(x, n):
    xs = [1.0, 2.0]
    ys = xs
    ys.append(3.0)
    xs[0] = 5.0
    return ys, xs, len(xs)


@case(V, 2)
def list_alias_rebound(x, n):
    xs = []
    for i in range(n):
        ys = xs
        ys.append(i * 1.0)
        xs = ys + [5.0]
    return xs


@case(V, 2, code="E0120")
def list_alias_appended(x, n):
    xs = [1.0]
    ys = xs
    for i in range(n):
        xs = xs + [2.0]
        ys.append(3.0)
    return xs, ys


@case(V, 2)
def rebound_in_branch(x, n):
    y = np.zeros(5)
    k = 0
    while k < n:
        y[k] = x[k]
        if y[k] > 1.5:
            y = x * 2.0
        k += 1
    return y


@case(V, 2)
def view_then_rebinding(x, n):
    y = np.zeros(5)
    z = y[1:]
    y = y + 1.0
    z[0] = 3.0
    y[0] = 4.0
    return y, z


@case(V, 0, code="E0120")
def no_trip_alias(x, n):
    y = np.zeros(5)
    z = y
    for i in range(n):
        y = y + 1.0
    y[0] = 3.0
    return z, y


@case(V, 0, code="E0120")
def no_trip_alias_stored(x, n):
    y = np.zeros(5)
    z = y
    for i in range(n):
        y = y + 1.0
    z[0] = 3.0
    return z, y


@case(V)
def callee_stores(x):
    def f(a):
        a[0] = 1.0

    f(x)
    y = x + 0.0
    f(y[2:])
    return x, y


@case(V)
def real_part(x):
    y = np.real(x)
    y[0] = 3.0
    return x


@case(M)
def view_of_view(m):
    y = m[0]
    y = y[1:]
    y[0] = 50.0
    k = m[[0, 1]]
    k[0, 0] = 3.0
    return m, k


@case(V)
def swapped_elements(x):
    y = np.zeros(3)
    y[0], y[1] = x[0], x[1]
    y[0], y[1] = y[1], y[0]
    return y


@case(V)
def order_of_targets(x):
    i = 0
    y = np.zeros(3)
    i, y[i] = 1, 5.0
    return y


@case(V)
def in_place_in_callee(x):
    def step(s, n=2):
        s += 1.0
        return s

    y = x * 1.0
    z = step(y)
    return y, z


@case(0.5)
def number_in_callee(x):
    def step(s):
        s += 1.0
        return s

    return step(x), x


@case(V, 2)
def closure_stores(x, n):
    y = x * 1.0

    def inc():
        y[0] += 1.0

    for i in range(n):
        inc()
    return y


@case(V, 3)
def sum_of_arrays(x, n):
    s = 0.0
    for i in range(n):
        s += x
    return s


@case(V, 3, code="E0113")
def sum_of_arrays_aliased(x, n):
    s = 0.0
    t = s
    for i in range(n):
        s += x
        if i == 1:
            t = s
    return s, t


@case(V, 3, code="E0113")
def sum_of_arrays_listed(x, n):
    ys = []
    s = 0.0
    for i in range(n):
        s += x
        ys.append(s)
    return ys[0], ys[-1]


@case(V, 3)
def reshaped_in_loop(x, n):
    y = x
    for i in range(n):
        y = np.reshape(y, -1)
        z = y
    z = z + 1.0
    z[0] = 3.0
    return y, z


@case(V, 3)
def squeezed_then_stored(x, n):
    y = x + 1.0
    z = max(1.0, 2.0)
    w = np.squeeze(y)
    t = w + 1.0
    y[0] = 2.0
    return t, y, z


@case(V, 3)
def array_in_carried_tuple(x, n):
    y = np.zeros(5)
    t = (y, 1.0)
    for i in range(n):
        t = (t[0] + 1.0, t[1] * 2.0)
        t[0][1] = 7.0
    return t


@case(V, 3, code="E0120")
def alias_around_loop(x, n):
    y = np.zeros(5)
    a = y
    for i in range(n):
        b = a
        b[i] = x[i]
        a = b
    return y, a


@case(V, 3)
def view_in_inner_loop(x, n):
    y = np.zeros((3, 3))
    for i in range(n):
        r = y[i]
        for j in range(n):
            r[j] = x[i] * x[j]
            if j == i:
                break
    return y


@case(V, 3)
def made_in_first_iteration(x, n):
    for i in range(n):
        if i == 0:
            y = np.zeros(5)
        y[i] = x[i]
    return y


@case(V, 3)
def none_then_array(x, n):
    y = None
    if n > 1:
        y = x
    else:
        y = x * 2.0
    y = y + 1.0
    return y


@case(V, 3)
def overlapping_stores(x, n):
    y = x.copy()
    y[:] = y[::-1]
    y[1:] += y[:-1]
    y[1:] = y[1:] * 2.0 + y[:-1]
    return y


@case(np.arange(3))
def integer_stores(k):
    y = np.zeros(3, dtype=int)
    y[0] = y[0] + 2.7
    y[k] = y[k] + 1
    y[1] += 3
    return y


@case(np.ones(3, "f4"), np.ones(3))
def mixed_precision(a, b):
    a[0] = a[0] + b[1] * 0.1
    a[1:] = a[1:] + b[1:] * 0.1
    a += b * 0.3
    a *= b * 0.3
    a -= b * 0.1
    return a


@case(V)
def changed_in_list(x):
    xs = [np.zeros_like(x) for k in (1.0, 2.0)]
    xs[0] += x
    xs[-1] += xs[0]
    return xs[0] + xs[1] * 2.0, len(xs)


@case(V, 3)
def changed_in_list_in_loop(x, n):
    xs = []
    for i in range(n):
        xs.append(x * i)
    for i in range(n):
        xs[i] += x
    s = xs.pop() * 2.0
    return s + xs[-1]


@case(V, code="E0121")
def changed_in_list_and_named(x):
    y = x + 1.0
    xs = [y, x * 2.0]
    xs[0] += x
    return xs[0] + y


@case(V)
def changed_in_list_after_read(x):
    xs = [x + 1.0, x * 2.0]
    y = xs[0]
    xs[0] += x
    return xs[0] + y


@case(V, 3, code="E0121")
def changed_in_repeated_list(x, n):
    xs = [x + 1.0] * n
    xs[0] += x
    return xs[0] + xs[1]


@case(V, 3)
def changed_in_list_while_iterated(x, n):
    xs = [x * i for i in range(n)]
    s = x
    for k in range(n):
        s = s + xs[k]
        y = xs[k]
        xs[0] += x
        s = s + y
    return s


@case(V, 3, code="E0120")
def changed_in_copied_list(x, n):
    xs = [x * i for i in range(n)]
    ys = list(xs)
    xs[0] += x
    return ys[0]
