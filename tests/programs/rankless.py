"""Arrays without axes that are written to: aliases, views, branches, loops, lists, callees; and those refused."""

import functools

import numpy as np


def number_kept(x):
    y = np.array(0.5)
    a = y[()]
    y *= x[0]
    b = y * 1.0
    y[...] = x[1]
    return a * x[2] + b * y


def either_read(x):
    y = np.zeros(())
    y[...] = x[0]
    w = np.ones(())
    z = y if x[1] > 0 else w
    return z * z + y


def either_written(x):
    y = np.zeros(())
    w = np.ones(())
    z = y if x[1] > 0 else w
    y[...] = x[0]
    return z * 2.0 + y


def alias_by_if(x):
    y = np.zeros(())
    z = np.ones(())
    if x[1] > 0:
        z = y
    y += x[0]
    return z * 2.0 + y


def in_list(x):
    y = np.zeros(())
    ys = [y]
    y += x[0]
    return ys[0] * x[1]


def made_and_listed(x):
    ys = []
    for i in range(len(x)):
        y = np.zeros(())
        y += x[i] * x[i]
        ys.append(y)
    return ys[0] * ys[1] + ys[-1]


def one_in_list(x):
    ys = []
    y = np.zeros(())
    for i in range(len(x)):
        y += x[i]
        ys.append(y)
    return ys[0] * ys[1]


def previous_new(x):
    prev = np.zeros(())
    t = 0.0
    for i in range(len(x)):
        y = np.zeros(())
        y[...] = x[i] + prev * 0.5
        t += prev * y
        prev = y
    return t


def previous_same(x):
    y = np.zeros(())
    prev = y
    t = 0.0
    for i in range(len(x)):
        y += x[i]
        t += prev * y
        prev = y
    return t


def turns(x):
    y = np.zeros(())
    z = np.ones(())
    for i in range(len(x)):
        y[...] = x[i] * z
        y, z = z, y
    return y + 2.0 * z


def branches(x):
    y = np.zeros(())
    if x[0] > 0.1:
        y += x[1]
    else:
        y[...] = x[2]
    y *= y
    return y


def operators(x):
    y = np.array(x[0])
    y /= x[1]
    y -= x[2]
    y **= 2
    return y


def views_of_diagonal(x):
    m = np.outer(x, x)
    for i in range(3):
        v = m[i, i, ...]
        v *= x[i]
        v += 1.0
    return np.sum(m)


def view_sees_write(x):
    y = x * 2.0
    v = y[..., 0]
    y[0] = x[1] * x[2]
    return v * v


def number_read_first(x):
    y = x * 2.0
    s = y[0]
    y[0] = x[1]
    s += 1.0
    return s * y[0]


def view_written(x):
    y = x * 2.0
    s = y[0, ...]
    t = s[()]
    s += x[1]
    return t * s + np.sum(y * y)


def acc(a, e):
    a += e
    return a


def returned_alias(x):
    y = np.zeros(())
    z = acc(y, x[0])
    z *= x[1]
    return y + z * x[2]


def closure(x):
    y = np.zeros(())

    def add(e):
        y[...] += e

    add(x[0])
    add(x[1] * x[0])
    return y * y


def zeros_like(x):
    y = np.zeros_like(x[0])
    z = y
    z += x[0] * x[1]
    return y


def copied(x):
    y = np.full((), 2.0)
    z = y.copy()
    z += x[0]
    y *= x[1]
    return y * z


def asarray_written(x):
    y = np.full((), 2.0)
    z = np.asarray(y)
    z += x[0]
    return y * z


def transposed(x):
    y = np.full((), 2.0)
    z = y.T
    y += x[0]
    return y * z


def max_of(x):
    y = np.full((), 2.0)
    z = max(y, 0.0)
    y += x[0]
    return y * z


def reshaped_read(x):
    y = np.full((), 2.0)
    z = y.reshape(1)
    y += x[0]
    return y * z[0]


def new_axis(x):
    y = np.full((), 2.0)
    z = y[None]
    z[0] = x[0]
    y += x[1]
    return y * z[0]


def chosen_by_where(x):
    y = np.where(x[0] > 0.0, x[1], x[2])
    z = y
    z += x[0]
    return y * y


def numpy_sum(x):
    s = np.sum(x)
    t = s
    s += 1.0
    return s * t


def while_test(x):
    y = np.zeros(())
    i = 0
    while y < 3.0:
        y += x[i % 3]
        i += 1
    return y * x[0]


def nested_loops(x):
    y = np.zeros(())
    for i in range(3):
        for j in range(i):
            if x[j] > 0.6:
                y += x[i] * x[j]
                continue
            y[()] = y * x[i] + 1.0
    return y


def out(x):
    y = np.zeros(())
    np.sum(x * x, out=y)
    np.add(y, x[0], out=y)
    np.sin(y, y)
    return y


def dict_entry(x):
    d = {"a": np.zeros(()), "b": 1.0}
    d["a"] += x[0]
    d["a"][...] = d["a"] * x[1]
    return d["a"] * d["b"]


class P:
    def __init__(self):
        self.t = np.zeros(())

    def add(self, e):
        self.t += e


def structure_fields(x):
    p = P()
    q = p.t
    p.add(x[0])
    p.add(x[1] * x[2])
    return p.t * q


def unpacked_pair(x):
    pair = (np.zeros(()), np.ones(()))
    a, b = pair
    a += x[0]
    b *= x[1]
    return pair[0] * pair[1]


def rec(n, a, x):
    if n == 0:
        return a
    return rec(n - 1, a * x[n], x)


def recursive_result(x):
    y = np.array(1.0)
    z = rec(2, y, x)
    y += x[0]
    return y * z


def rec0(n, a, x):
    if n > 0:
        rec0(n - 1, a, x)
        a += x[n]
    return a


def recursive_writer(x):
    y = np.zeros(())
    rec0(2, y, x)
    return y * y


def rec1(n, a, x):
    if n > 2:
        return rec1(n - 1, a, x)
    return a


def recursive_same(x):
    y = np.zeros(())
    z = rec1(5, y, x)
    y += x[0]
    return z * x[1]


def fill_then_new(x):
    y = np.zeros(())
    y.fill(x[0])
    y = y + x[1]
    y += x[2]
    return y


def elements_written(x):
    ys = [np.zeros(()) for _ in range(3)]
    for k in range(3):
        ys[k] += x[k]
    return ys[0] * ys[1] * ys[2]


def elements_run_over(x):
    ys = [np.zeros(()) for _ in range(3)]
    for y in ys:
        y += x[0]
    return ys[0] * ys[1] * ys[2]


def element_twice(x):
    z = np.zeros(())
    ys = [z, z]
    ys[0] += x[0]
    return ys[1] * x[1]


def returned_thrice(x):
    y = np.zeros(())
    y[...] = x[0]
    return y, y * 2.0, [y]


def run_over_two(x):
    a = np.zeros(())
    b = np.zeros(())
    for z in (a, b):
        z += x[0]
        z *= x[1]
    return a * b


def copies_of(x):
    y = np.zeros(())
    z = np.array(y)
    w = np.copy(y)
    y += x[0]
    z += x[1]
    w += x[2]
    return y * z * w


def stored_elsewhere(x):
    y = np.zeros(())
    m = np.zeros((2, 2))
    y[...] = x[0]
    m[0, 0] = y
    m[1, :] = y
    y += x[1]
    m[0, 1] = y
    return np.sum(m * m)


def finally_scaled(x):
    y = np.zeros(())
    try:
        y += x[0]
    finally:
        y *= x[1]
    return y


def loop_else(x):
    y = np.zeros(())
    for i in range(3):
        y += x[i]
        if y > 1.0:
            break
    else:
        y[...] = 7.0
    return y * x[0]


def early_return(x):
    y = np.zeros(())
    for i in range(3):
        y += x[i]
        if y > 1.0:
            return y * x[1]
    return y


def two_views(x):
    m = np.outer(x, x)
    v = m[0, 1, ...]
    w = m[..., 1]
    w[0] = x[2]
    v *= x[0]
    return np.sum(m * m) + v


def lambda_sees(x):
    y = np.zeros(())

    def g():
        return y * 2.0

    a = g()
    y += x[0]
    return a + g() * x[1]


def float64_is_number(x):
    y = np.float64(0.0)
    z = y
    z += x[0]
    return y + z


def new_under_old_name(x):
    y = np.zeros(())
    z = y
    y = y + x[0]
    z += x[1]
    return y * z


def new_in_loop(x):
    y = np.zeros(())
    z = y
    for i in range(3):
        y = y + x[i]
        z += y
    return z * y


def nonlocal_name(x):
    y = np.zeros(())

    def bump():
        nonlocal y
        y += x[0]
        return x[1]

    a = y * 1.0 + bump()
    b = y + bump()
    return a * b + y


def order_of_reading(x):
    y = np.array(x[0])

    def bump():
        y[...] = y * x[1]
        return 1.0

    return y + bump() * y


def order_of_update(x):
    y = np.array(x[0])

    def bump():
        y[...] = y * x[1]
        return 1.0

    y += bump()
    y[()] += bump()
    return y


def transposed_written(x):
    y = np.full((), 2.0)
    z = y.T
    z += x[0]
    return y * z


def real_part(x):
    y = np.full((), 2.0)
    z = y.real
    y += x[0]
    return y * z


def squeezed(x):
    y = np.full((), 2.0)
    z = np.squeeze(y)
    y += x[0]
    return y * z


def widened(x):
    y = np.full((), 2.0)
    z = np.atleast_1d(y)
    y += x[0]
    return y * z[0]


def widened_written(x):
    y = np.full((), 2.0)
    z = np.atleast_1d(y)
    z += x[0]
    return y * z[0]


def broadcast(x):
    y = np.full((), 2.0)
    z = np.broadcast_to(y, (3,))
    y += x[0]
    return y * z[0]


def raveled_written(x):
    y = np.full((), 2.0)
    z = y.ravel()
    z[0] = x[0]
    return y * z[0]


def in_an_array(x):
    y = np.full((), 2.0)
    w = np.array([y, y])
    y[...] = x[0]
    return y + w[0]


def np_transposed(x):
    y = np.full((), 2.0)
    z = np.transpose(y)
    y += x[0]
    return y * z


def no_shape(x):
    y = np.full((), 2.0)
    z = y.reshape(())
    y += x[0]
    return y * z


def numbers_of(x):
    y = np.full((), 2.0)
    s = np.float64(y)
    t = float(y)
    u = y.item()
    y += x[0]
    return y * (s + t + u)


def astyped(x):
    y = np.full((), 2.0)
    z = y.astype(float)
    y += x[0]
    return y * z


def plus(x):
    y = np.full((), 2.0)
    z = +y
    w = abs(y)
    y += x[0]
    return y * z + w


def or_else(x):
    y = np.full((), 2.0)
    z = y or x[0]
    y += x[0]
    return y * z


def conjugated(x):
    y = np.full((), 2.0)
    z = np.conj(y)
    y += x[0]
    return y * z


def nan_to_num(x):
    y = np.full((), 2.0)
    z = np.nan_to_num(y, copy=False)
    y += x[0]
    return y * z


def clip_out(x):
    y = np.full((), 2.0)
    z = np.clip(y, 0.0, 5.0, out=y)
    y += x[0]
    return y * z


def einsum_same(x):
    y = np.full((), 2.0)
    z = np.einsum("->", y)
    y += x[0]
    return y * z


def sum_of_one(x):
    y = np.full((), 2.0)
    z = sum([y])
    y += x[0]
    return y * z


def min_of(x):
    y = np.full((), 2.0)
    z = min([y, 3.0])
    y += x[0]
    return y * z


def min_of_stars(x):
    y = np.full((), 2.0)
    z = min(*[y, 3.0])
    y[...] = x[0]
    return y * z


def asanyarray(x):
    y = np.full((), 2.0)
    z = np.asanyarray(y)
    y[...] = x[0]
    return y * z


def array_not_copied(x):
    y = np.full((), 2.0)
    z = np.array(y, copy=None)
    y[...] = x[0]
    return y * z


def reduced(x):
    y = np.full((), 2.0)
    z = functools.reduce(lambda a, b: a, [y, x[0]])
    y[...] = x[0]
    return y * z


def sorted_list(x):
    y = np.full((), 2.0)
    z = sorted([y, y])[0]
    y[...] = x[0]
    return y * z


def computed_keys(x):
    y = np.full((), 2.0)
    d = {}
    for k in range(2):
        d[k] = y
    y[...] = x[0]
    return y * d[0]


def dict_comprehension(x):
    y = np.full((), 2.0)
    d = {k: y for k in range(2)}
    y[...] = x[0]
    return y * d[0]


def generator_sees(x):
    y = np.full((), 2.0)

    def gen():
        yield y
        y[...] = x[0]
        yield y

    return sum(a * 1.0 for a in gen())


def starred(x):
    y = np.full((), 2.0)
    (a, *b), c = (y, y), y
    y[...] = x[0]
    return a * b[0] * c


def list_repeated(x):
    y = np.full((), 2.0)
    m = [y] * 3
    y[...] = x[0]
    return m[0] * m[2]


def picked_same(x):
    y = np.full((), 2.0)
    z = [y, y][int(x[0] > 0)]
    y[...] = x[0]
    return z * 1.0


def picked(x):
    y = np.full((), 2.0)
    w = np.full((), 3.0)
    z = (y, w)[int(x[0] > 0)]
    y[...] = x[0]
    w[...] = x[1]
    return z * 1.0


def enumerated(x):
    y = np.full((), 2.0)
    for k, z in enumerate([y, y]):
        z += x[k]
    return y * 1.0


def matched(x):
    y = np.full((), 2.0)
    match y:
        case z:
            y += x[0]
    return z * y


def walrus(x):
    y = np.full((), 2.0)
    z = (w := y)
    w += x[0]
    return z * y


def run_over_comprehension(x):
    y = np.full((), 2.0)
    for z in [y for _ in range(len(x))]:
        y += x[0]
    return z * y


def next_of(x):
    y = np.full((), 2.0)
    z = next(iter([y]))
    y += x[0]
    return z * y


def mapped(x):
    y = np.full((), 2.0)
    z = list(map(lambda a: a, [y, y]))
    y += x[0]
    return z[0] * y


def pair_appended(x):
    y = np.full((), 2.0)
    zs = []
    zs.append((y, 1.0))
    y += x[0]
    return zs[0][0] * y


def pair_stored(x):
    y = np.full((), 2.0)
    zs = [(np.ones(()), 1.0)]
    zs[0] = (y, 1.0)
    y += x[0]
    return zs[0][0] * y


def while_alias(x):
    y = np.full((), 2.0)
    while True:
        z = y
        y += x[0]
        if y > 4.0:
            break
    return z * y


def array_index(x):
    x = x * 1.0
    k = np.array(1)
    m = np.outer(x, x)
    v = m[k]
    v[0] = x[0]
    return np.sum(m)


def array_index_ellipsis(x):
    m = np.outer(x, x)
    v = m[np.array(1), 1, ...]
    v[...] = x[0]
    return np.sum(m)


def index_alias(x):
    y = x * 1.0
    k = np.array(1)
    j = k
    k += 1
    return y[j] * y[k]


def index_counts(x):
    k = np.array(0)
    for i in range(3):
        k += 1
        y = x[k % 3] * x[0]
    return y


def integer_count(x):
    n = np.zeros((), dtype=int)
    n[...] = 2
    t = 0.0
    for i in range(n):
        t += x[i]
    n += 1
    return t * n


def array_copy_none(x):
    y = x * 1.0
    z = np.array(y, copy=None)
    y[0] = x[1]
    return np.sum(y * z)


def array_copy_false(x):
    y = x * 1.0
    z = np.array(y, copy=False)
    z[0] = x[1]
    return np.sum(y * z)


def array_copy_true(x):
    y = x * 1.0
    z = np.array(y, copy=True)
    z[0] = x[1]
    return np.sum(y * z)


def array_index_loop(x):
    k = np.zeros((), dtype=int)
    m = np.outer(x, x)
    for i in range(3):
        k[...] = i
        v = m[k]
        v[0] = x[0]
        m[k] = m[k] * v
        m[k, k] += 1.0
    return np.sum(m)


def chosen_read(x):
    y = np.zeros(())
    w = np.ones(())
    z = y if x[1] > 0 else w
    y[...] = x[0]
    return z * 2.0 + y


def chosen_written(x):
    y = np.zeros(())
    w = np.ones(())
    z = y if x[1] < 0 else w
    z[...] = x[0]
    w += x[1]
    return z * 2.0 + y * w


def made_in_branch(x):
    y = np.zeros(())
    z = y
    if x[0] > 0:
        z = np.ones(())
    z += x[1]
    return y * z + z


def chosen_in_loop(x):
    t = 0.0
    a, b = np.zeros(()), np.ones(())
    for i in range(3):
        z = a if x[i] > 0.5 else b
        z += x[i]
        a *= x[i]
        t += z
    return a * b + t


def picked_by_flag(x):
    a, b = np.zeros(()), np.ones(())
    z = (a, b)[int(x[0] > 0)]
    a[...] = x[0]
    b[...] = x[1]
    return z * 3.0 + a


def views_chosen(x):
    m = np.outer(x, x)
    v = m[0, 0, ...] if x[0] > 1 else m[..., 1, 1]
    v += x[2]
    return np.sum(m * m) * v


def both_made_in_if(x):
    y = np.zeros(())
    if x[0] > 0:
        z = y
    else:
        z = np.ones(())
        z += 1.0
    y += x[1]
    z *= x[2]
    return y * z + z


def chosen_or_view(x):
    y = np.zeros(())
    z = y if x[0] > 0 else np.array(x)[..., 0]
    z += x[1]
    return y + z


def or_python_number(x):
    y = np.zeros(())
    z = y if x[0] > 0 else 3.0
    y += x[1]
    return y * z


def or_numpy_number(x):
    y = np.zeros(())
    z = y if x[0] > 0 else x[1]
    y += x[1]
    return y * z


def or_none(x):
    y = np.zeros(())
    z = None
    if x[0] > 0:
        z = y
    y += x[1]
    if z is not None:
        y = y * z
    return y


def bound_in_loop(x):
    y = np.zeros(())
    for i in range(3):
        if x[i] > 0.5:
            z = y
        y += x[i]
    return y * z


FUNCTIONS = (
    number_kept,
    either_read,
    either_written,
    alias_by_if,
    in_list,
    made_and_listed,
    one_in_list,
    previous_new,
    previous_same,
    turns,
    branches,
    operators,
    views_of_diagonal,
    view_sees_write,
    number_read_first,
    view_written,
    returned_alias,
    closure,
    zeros_like,
    copied,
    asarray_written,
    transposed,
    max_of,
    reshaped_read,
    new_axis,
    chosen_by_where,
    numpy_sum,
    while_test,
    nested_loops,
    out,
    dict_entry,
    structure_fields,
    unpacked_pair,
    recursive_result,
    recursive_writer,
    recursive_same,
    fill_then_new,
    elements_written,
    elements_run_over,
    element_twice,
    returned_thrice,
    run_over_two,
    copies_of,
    stored_elsewhere,
    finally_scaled,
    loop_else,
    early_return,
    two_views,
    lambda_sees,
    float64_is_number,
    new_under_old_name,
    new_in_loop,
    nonlocal_name,
    order_of_reading,
    order_of_update,
    transposed_written,
    real_part,
    squeezed,
    widened,
    widened_written,
    broadcast,
    raveled_written,
    in_an_array,
    np_transposed,
    no_shape,
    numbers_of,
    astyped,
    plus,
    or_else,
    conjugated,
    nan_to_num,
    clip_out,
    einsum_same,
    sum_of_one,
    min_of,
    min_of_stars,
    asanyarray,
    array_not_copied,
    reduced,
    sorted_list,
    computed_keys,
    dict_comprehension,
    generator_sees,
    starred,
    list_repeated,
    picked_same,
    picked,
    enumerated,
    matched,
    walrus,
    run_over_comprehension,
    next_of,
    mapped,
    pair_appended,
    pair_stored,
    while_alias,
    array_index,
    array_index_ellipsis,
    index_alias,
    index_counts,
    integer_count,
    array_copy_none,
    array_copy_false,
    array_copy_true,
    array_index_loop,
    chosen_read,
    chosen_written,
    made_in_branch,
    chosen_in_loop,
    picked_by_flag,
    views_chosen,
    both_made_in_if,
    chosen_or_view,
    or_python_number,
    or_numpy_number,
    or_none,
    bound_in_loop,
)


def programs(rng):
    """(function, arguments) pairs."""
    return [(fun, (np.array([0.7, 1.3, 0.4]),)) for fun in FUNCTIONS]
