"""Functions of NumPy that write to their argument, and results that go into arrays that exist."""

import numpy as np


def copyto(x, w):
    y = x.copy()
    np.copyto(y, x * w)
    return np.sum(y * y)


def copyto_view(x, w):
    y = x * w
    np.copyto(y[1:], y[:-1] * 2.0)
    return np.sum(y * y)


def copyto_where(x, w):
    y = x * w
    np.copyto(y, x * x, where=x > 0)
    return np.sum(y * y)


def copyto_scalar(x, w):
    y = x * w
    np.copyto(y, x[0], where=x > 0)
    return np.sum(y * y)


def copyto_bcast(x, w):
    y = x * x
    np.copyto(y, w)
    return np.sum(y * x)


def copyto_bcast_where(x, w):
    y = x * x
    np.copyto(y, w, where=w > 0.5)
    return np.sum(y * x)


def put(x, w):
    y = x * w
    np.put(y, [0, 2], x[1:3] * x[0])
    return np.sum(y * y)


def put_repeat(x, w, idx):
    y = x * w
    np.put(y, idx, x * x)
    return np.sum(y * y)


def put2(x, w):
    y = x * w
    np.put(y, [0, 5, -1], w[:3] * x[0, 0])
    return np.sum(y * y)


def put_cyc(x, w):
    y = x * w
    np.put(y, [0, 5, 7], w[:2] * x[0, 0])
    return np.sum(y * y)


def put_method(x, w):
    y = x * w
    y.put([0, 2], w[0] * x[1])
    return np.sum(y * y)


def place(x, w):
    y = x * w
    np.place(y, x > 0, w[1:3] * w[0])
    return np.sum(y * y)


def place_scalar(x, w):
    y = x * w
    np.place(y, x > 0, w[0])
    return np.sum(y * y)


def putmask(x, w):
    y = x * w
    np.putmask(y, x > 0, x * x)
    return np.sum(y * y)


def putmask_cyc(x, w):
    y = x * w
    np.putmask(y, x > 0, w[:2] * w[2])
    return np.sum(y * y)


def putmask_scalar(x, w):
    y = x * w
    np.putmask(y, x > 0, w[3])
    return np.sum(y * y)


def put_along(x, w):
    y = x * w
    np.put_along_axis(y, np.argmax(x, axis=1)[:, None], w[0] * x[0, 0], axis=1)
    return np.sum(y * y)


def put_along0(x, w):
    y = x * w
    np.put_along_axis(y, np.argsort(x, axis=0)[:1], w * x[:1], axis=0)
    return np.sum(y * y)


def put_along1(x, w):
    y = x * w
    np.put_along_axis(y, np.argsort(x)[:2], w[:2] * x[:2], 0)
    return np.sum(y * y)


def fill_diag(x, w):
    y = x * w[0]
    np.fill_diagonal(y, w[1])
    return np.sum(y * y)


def fill_diag_arr(x, w):
    y = x * w[0]
    np.fill_diagonal(y, w[1:] * w[0])
    return np.sum(y * y)


def fill_diag_rect(x, w):
    y = x * w[0]
    np.fill_diagonal(y, w[1] * w[0])
    z = y.T.copy()
    np.fill_diagonal(z, w[2])
    return np.sum(y * y) + np.sum(z * z)


def fill(x, w):
    y = x * w
    y.fill(w[1])
    y[0] += x[1]
    return np.sum(y * y)


def fill_view(x, w):
    y = x * w
    y[1:3].fill(w[1])
    y[0] += x[1]
    return np.sum(y * y)


def sort(x, w):
    y = x * w
    y.sort()
    return y @ w


def sort_ax(x, w):
    y = x * w
    y.sort(axis=0)
    return np.sum(y @ w)


def sort_row(x, w):
    y = x * w
    y[1].sort()
    return np.sum(y @ w)


def sort_kind(x, w):
    y = x * w
    y.sort(kind="stable")
    return np.sum(y @ w)


def partition(x, w):
    y = x * w
    y.partition(2)
    return y[2] * w[0]


def sort_arg(x, w):
    x.sort()
    return x @ w


def out_where(x, w):
    y = x * w
    np.multiply(x, x, out=y, where=x > 0)
    return np.sum(y * w)


def out_pos(x, w):
    y = x * w
    np.multiply(x, x, y)
    return np.sum(y * w)


def out_pos1(x, w):
    y = x * w
    np.sin(x, y)
    return np.sum(y * w)


def out_matmul(x, w):
    y = np.empty(3)
    np.matmul(x, w, out=y)
    np.dot(x, w * w, out=y)
    return y @ y


def out_dot_m(x, w):
    y = np.empty(3)
    x.dot(w, out=y)
    return y @ y


def out_einsum(x, w):
    y = np.empty(3)
    np.einsum("ij,j->i", x, w, out=y)
    return y @ y


def out_cumsum(x, w):
    y = np.empty(4)
    np.cumsum(x * w, out=y)
    z = np.empty(4)
    np.cumprod(y, out=z)
    return y @ z


def out_clip(x, w):
    y = np.empty(4)
    np.clip(x * w, -0.5, 0.6, out=y)
    (y * x).clip(0.0, 1.0, out=y)
    return y @ x


def out_clip_self(x, w):
    y = x * w
    np.clip(y, -0.5, 0.6, out=y)
    return y @ x


def out_take(x, w, idx):
    y = np.empty(4)
    np.take(x, idx, out=y)
    return y @ w


def out_concat(x, w):
    y = np.empty(8)
    np.concatenate((x, w * x), out=y)
    return y @ y


def out_stack(x, w):
    y = np.empty((2, 4))
    np.stack((x, w * x), out=y)
    return np.sum(y @ y.T)


def out_reduce(x, w):
    y = np.empty(4)
    np.add.reduce(x, axis=0, out=y)
    np.mean(x, axis=0, out=y)
    return y @ y


def out_accumulate(x, w):
    y = np.empty_like(x)
    np.add.accumulate(x, axis=1, out=y)
    np.multiply.accumulate(y, axis=0, out=y)
    return np.sum(y * y)


def out_outer(x, w):
    y = np.empty((4, 4))
    np.outer(x, w, out=y)
    np.multiply.outer(x, y[0], out=y)
    return np.sum(y * y)


def out_slice(x, w):
    y = x * w
    np.add(y[1:], y[:-1], out=y[1:])
    return y @ y


def out_where_row(x, w):
    y = np.zeros((2, 4))
    np.add(x, w, out=y[0])
    np.exp(x, out=y[1, :])
    return np.sum(y * y)


def add_at(x, w, i):
    y = x * w
    np.add.at(y, i, x * x)
    return y @ y


def sub_at(x, w, i):
    y = x * w
    np.subtract.at(y, i, x[0])
    return y @ y


def mul_at(x, w, i):
    y = x * w
    np.multiply.at(y, i, x)
    return y @ y


def div_at(x, w, i):
    y = x * w
    np.divide.at(y, i, x)
    return y @ y


def max_at(x, w, i):
    y = x * w
    np.maximum.at(y, i, x)
    return y @ y


def min_at(x, w, i):
    y = x * w
    np.minimum.at(y, i, x[3])
    return y @ y


def add_at2(x, w, i):
    y = x * w
    np.add.at(y, (np.array([0, 1, 1]), np.array([0, 2, 2])), w[:3])
    return np.sum(y * y)


def add_at_rows(x, w, i):
    y = x * w
    np.add.at(y, i, w)
    np.add.at(y, (slice(None), [0, 0]), 1.5 * w[0])
    return np.sum(y * y)


def mul_at_rows(x, w, i):
    y = x * w
    np.multiply.at(y, i, w)
    return np.sum(y * y)


def in_a_loop(x, w):
    y = x.copy()
    for k in range(3):
        np.copyto(y, y * w, where=y < 1.5)
        np.put(y, [0, k], y[1] * w[k])
        y.sort()
        np.maximum.at(y, [k, k], w[k] * y[3])
    return y @ x


def of_an_argument(x, w):
    np.copyto(x, w * x[::-1])
    x[1:].sort()
    np.fill_diagonal(x.reshape(2, 2).copy(), w[0])
    return x @ w


def smallest(v):
    v.sort()
    return v[0] * v[1]


def in_a_callee(x, w):
    y = x * w
    low = smallest(y)
    return low + y[2] * w[0]


def programs(rng):
    x, w = np.array([0.5, -1.25, 2.0, 0.75]), np.array([1.1, 0.3, -0.4, 0.9])
    m = np.array([[0.3, 1.7, -0.9, 0.5], [0.8, -0.2, 0.6, 1.1], [1.9, 0.55, 0.1, -1.25]])
    s, i = m[:, :3].copy(), np.array([0, 2, 2, 1])
    return [
        (copyto, (x, w)),
        (copyto_view, (x, w)),
        (copyto_where, (x, w)),
        (copyto_scalar, (x, w)),
        (copyto_bcast, (m, w)),
        (copyto_bcast_where, (m, w)),
        (put, (x, w)),
        (put_repeat, (x, w, i)),
        (put2, (m, w)),
        (put_cyc, (m, w)),
        (put_method, (x, w)),
        (place, (x, w)),
        (place_scalar, (x, w)),
        (putmask, (x, w)),
        (putmask_cyc, (x, w)),
        (putmask_scalar, (x, w)),
        (put_along, (m, w)),
        (put_along0, (m, w)),
        (put_along1, (x, w)),
        (fill_diag, (s, w)),
        (fill_diag_arr, (s, w)),
        (fill_diag_rect, (m, w)),
        (fill, (x, w)),
        (fill_view, (x, w)),
        (sort, (x, w)),
        (sort_ax, (m, w)),
        (sort_row, (m, w)),
        (sort_kind, (m, w)),
        (partition, (x, w)),
        (sort_arg, (x, w)),
        (out_where, (x, w)),
        (out_pos, (x, w)),
        (out_pos1, (x, w)),
        (out_matmul, (m, w)),
        (out_dot_m, (m, w)),
        (out_einsum, (m, w)),
        (out_cumsum, (x, w)),
        (out_clip, (x, w)),
        (out_clip_self, (x, w)),
        (out_take, (x, w, i)),
        (out_concat, (x, w)),
        (out_stack, (x, w)),
        (out_reduce, (m, w)),
        (out_accumulate, (m, w)),
        (out_outer, (x, w)),
        (out_slice, (x, w)),
        (out_where_row, (x, w)),
        (add_at, (x, w, i)),
        (sub_at, (x, w, i)),
        (mul_at, (x, w, i)),
        (div_at, (x, w, i)),
        (max_at, (x, w, i)),
        (min_at, (x, w, i)),
        (add_at2, (m, w, i)),
        (add_at_rows, (m, w, i)),
        (mul_at_rows, (m, w, i)),
        (in_a_loop, (x, w)),
        (of_an_argument, (x, w)),
        (in_a_callee, (x, w)),
    ]
