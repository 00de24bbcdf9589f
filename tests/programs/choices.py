"""References to one of several arrays, and arrays in lists and tuples that the caller gives: writes through them."""

import numpy as np


def either(x, w):
    a, b = x * 2.0, w * 3.0
    y = a if x[0] > 0 else b
    y[1] = w[0] * x[1]
    return np.sum(a * b)


def either_if(x, w):
    a, b = x * 2.0, w * 3.0
    if x[0] < 0:
        y = a
    else:
        y = b
    y[1] = w[0] * x[1]
    y *= x
    a[0] = y[2] * x[0]
    return np.sum(a * b) + np.sum(y * y)


def either_if2(x, w):
    a, b = x * 2.0, w * 3.0
    y = a
    if x[0] > 0:
        y = b
    y[1:] = w[1:] * y[:-1]
    return np.sum(a * b) * y[0]


def either_elif(x, w):
    a, b, c = x * 2.0, w * 3.0, x * w
    if x[0] < 0:
        y = a
    elif w[1] > 0.2:
        y = b
    else:
        y = c
    y[1] = w[0] * x[1]
    c[0] = y[0]
    return np.sum(a * b * c) + np.sum(y * y)


def either_nested(x, w):
    a, b, c = x * 2.0, w * 3.0, x * w
    y = a if x[0] < 0 else (b if w[1] > 0.2 else c)
    y[1] = w[0] * x[1]
    c[0] = y[0]
    return np.sum(a * b * c) + np.sum(y * y)


def either_view(x, w):
    a, b = x * 2.0, w * 3.0
    y = a[1:] if x[0] > 0 else b[:-1]
    y[1] = w[0] * x[1]
    z = y[::-1]
    z[0] *= a[1]
    return np.sum(a * b) + np.sum(z)


def either_loop(x, w):
    a, b = x * 2.0, w * 3.0
    for i in range(4):
        y = a if x[i] > 0 else b
        y[i] = w[0] * y[i] * y[i - 1]
    return np.sum(a * b)


def either_loop2(x, w):
    a, b = x * 2.0, w * 3.0
    for i in range(4):
        y, z = (a, b) if x[i] > 0 else (b, a)
        y[:] = 0.3 * np.sin(z) * y
        z[i] += 0.2 * y[0] * y[i]
    return np.sum(a * b)


def either_read(x, w):
    a, b = x * 2.0, w * 3.0
    y = a if x[0] > 0 else b
    a[0] = 5.0 * x[1]
    b[1] = x[2]
    return np.sum(y * y) * np.sum(b)


def for_tuple(x, w):
    a, b = x * 2.0, w * 3.0
    for buf in (a, b):
        buf[0] = x[1] * buf[2]
    return np.sum(a * b)


def for_list(x, w):
    a, b = x * 2.0, w * 3.0
    for buf in [a, b]:
        buf[0] = x[1] * buf[2]
    return np.sum(a * b)


def for_list_name(x, w):
    a, b = x * 2.0, w * 3.0
    bufs = [a, b]
    for k, buf in enumerate(bufs):
        buf[k] = x[1] * buf[2]
    return np.sum(a * b)


def bufs_fresh(x, w):
    bufs = [x * 2.0, w * 3.0]
    for i in range(4):
        bufs[i % 2][:] = bufs[(i + 1) % 2] * x
    return np.sum(bufs[0] * bufs[1])


def bufs_view(x, w):
    bufs = [x * 2.0, w * 3.0]
    for i in range(4):
        src, dst = bufs[i % 2], bufs[1 - i % 2]
        dst[1:] = src[:-1] * x[1:]
        dst[0] = src[3]
    return np.sum(bufs[0] * bufs[1])


def bufs3d(x, w):
    u = np.zeros((2, 4))
    u[0] = x
    for i in range(4):
        u[(i + 1) % 2, 1:] = u[i % 2, :-1] * w[1:]
        u[(i + 1) % 2, 0] = u[i % 2, 3]
    return np.sum(u[0]) + u[1, 2]


def rotate(x, w):
    a, b, c = x.copy(), x * 2.0, x * x
    for i in range(5):
        a[1:] = b[1:] * c[:-1]
        if i % 2 == 0:
            a, b = b, a
        else:
            b, c = c, b
    return a[1] + b[2] + c[3]


def rotate3(x, w):
    a, b, c = x.copy(), x * 2.0, x * x
    for i in range(5):
        a[1:] = b[1:] * c[:-1]
        a, b, c = b, c, a
    return a[1] + b[2] + c[3]


def swap_branch(x, w):
    a, b = x.copy(), w * 2.0
    if x[0] > 0:
        a, b = b, a
    a[0] = b[1] * x[0]
    b[2] *= a[0]
    return np.sum(a * x) + np.sum(b * w)


def swap_loop(x, w):
    a, b = x.copy(), w * 2.0
    for i in range(4):
        if x[i] > 0:
            a, b = b, a
        a[0] = b[1] * x[0]
        b[2] *= a[0]
    return np.sum(a * x) + np.sum(b * w)


def list_arg(xs):
    xs[0][1] = xs[1][2] * xs[0][0]
    return np.sum(xs[0] * xs[1])


def list_arg_loop(xs):
    for v in xs:
        v[0] = v[1] * v[2]
    return np.sum(xs[0] * xs[1])


def list_arg_k(xs, n):
    for k in range(n):
        xs[k][k] = xs[k - 1][0] * xs[k][1]
        xs[k] *= 2.0
    return np.sum(xs[0] * xs[1])


def tuple_arg(xs):
    xs[0][1] = xs[1][2] * xs[0][0]
    a, b = xs
    b *= a
    return np.sum(xs[0] * xs[1])


def dict_arg(d):
    d["u"][1] = d["v"][2] * d["u"][0]
    d["v"] *= d["u"]
    u = d["u"]
    u[2:] += d["v"][:2]
    return np.sum(d["u"] * d["v"])


def bufs(x, w):
    a, b = x * 2.0, w * 3.0
    bufs = [a, b]
    for i in range(4):
        bufs[i % 2][:] = bufs[(i + 1) % 2] * x
    return np.sum(a * b)


def bufs_tuple(x, w):
    a, b = x * 2.0, w * 3.0
    bufs = (a, b)
    for i in range(4):
        bufs[i % 2][i] = np.sum(bufs[(i + 1) % 2] * x)
    return np.sum(a * b)


def k_three(x, w):
    a, b, c = x * 2.0, w * 3.0, x * w
    for i in range(5):
        (a, b, c)[i % 3][i % 4] = np.sin((c, a, b)[i % 3][1]) * x[0]
        (a, b, c)[-1 - i % 3][1] += 0.5 * a[2]
    return np.sum(a * b * c)


def k_list3(x, w):
    a, b, c = x * 2.0, w * 3.0, x * w
    bufs = [a, b, c]
    for i in range(5):
        dst, src = bufs[i % 3], bufs[(i + 1) % 3]
        dst[1:] = 0.4 * src[:-1] * src[1:]
        dst[0] = src[3]
    return np.sum(a * b * c)


def k_read(x, w):
    a, b = x * 2.0, w * 3.0
    a[1] = x[0] * x[2]
    t = 0.0
    for i in range(4):
        t += (a, b)[i % 2][i] ** 2
    return t


def programs(rng):
    x, w = np.array([0.5, -1.25, 2.0, 0.75]), np.array([1.1, 0.3, -0.4, 0.9])
    return [
        (
            either,
            (
                x,
                w,
            ),
        ),
        (either, (w, x)),
        (
            either_if,
            (
                x,
                w,
            ),
        ),
        (either_if, (w, x)),
        (
            either_if2,
            (
                x,
                w,
            ),
        ),
        (either_if2, (w, x)),
        (
            either_elif,
            (
                x,
                w,
            ),
        ),
        (either_elif, (w, x)),
        (
            either_nested,
            (
                x,
                w,
            ),
        ),
        (either_nested, (w, x)),
        (
            either_view,
            (
                x,
                w,
            ),
        ),
        (either_view, (w, x)),
        (
            either_loop,
            (
                x,
                w,
            ),
        ),
        (either_loop, (w, x)),
        (
            either_loop2,
            (
                x,
                w,
            ),
        ),
        (either_loop2, (w, x)),
        (
            either_read,
            (
                x,
                w,
            ),
        ),
        (either_read, (w, x)),
        (
            for_tuple,
            (
                x,
                w,
            ),
        ),
        (for_tuple, (w, x)),
        (
            for_list,
            (
                x,
                w,
            ),
        ),
        (for_list, (w, x)),
        (
            for_list_name,
            (
                x,
                w,
            ),
        ),
        (for_list_name, (w, x)),
        (
            bufs_fresh,
            (
                x,
                w,
            ),
        ),
        (bufs_fresh, (w, x)),
        (
            bufs_view,
            (
                x,
                w,
            ),
        ),
        (bufs_view, (w, x)),
        (
            bufs3d,
            (
                x,
                w,
            ),
        ),
        (bufs3d, (w, x)),
        (
            rotate,
            (
                x,
                w,
            ),
        ),
        (rotate, (w, x)),
        (
            rotate3,
            (
                x,
                w,
            ),
        ),
        (rotate3, (w, x)),
        (
            swap_branch,
            (
                x,
                w,
            ),
        ),
        (swap_branch, (w, x)),
        (
            swap_loop,
            (
                x,
                w,
            ),
        ),
        (swap_loop, (w, x)),
        (list_arg, ([x, w],)),
        (list_arg_loop, ([x, w],)),
        (
            list_arg_k,
            (
                [x, w, x * w],
                3,
            ),
        ),
        (tuple_arg, ((x, w),)),
        (dict_arg, ({"u": x, "v": w},)),
        (bufs, (x, w)),
        (bufs_tuple, (x, w)),
        (k_three, (x, w)),
        (k_list3, (x, w)),
        (k_read, (x, w)),
    ]
