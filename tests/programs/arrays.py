"""Whole-array code: broadcasting, reductions, products, indexing, dtypes."""

import numpy as np


def broadcasts(x, m, s):
    a = x[:, None] * x[None, :] + m
    b = a - a.mean(axis=0, keepdims=True)
    c = b / (np.std(a, axis=1)[:, None] + s)
    return np.sum(c * x) + s * a[..., 0].sum()


def size_one(a, b, c):
    return a * b + c * b - b / (a + 2.0)


def matmuls(m, v, t):
    inner = v @ v
    left = v @ m
    right = m @ v
    many = t @ m
    rows = t @ v
    return inner + left @ right + many.sum() + np.sum(rows**2) + np.sum(v @ t)


def softmax_loss(w, b, x, labels):
    z = x @ w + b
    z = z - z.max(axis=1, keepdims=True)
    p = np.exp(z)
    p /= p.sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(labels)), labels]))


def mixture(weights, means, log_widths, x):
    parts = []
    for w, m, s in zip(weights, means, log_widths):
        parts.append(np.log(w) - 0.5 * ((x - m) / np.exp(s)) ** 2 - s)
    table = np.stack(parts)
    top = table.max(axis=0)
    return np.sum(top + np.log(np.sum(np.exp(table - top), axis=0)))


def fancy(x, index):
    y = x[index] * x[index[::-1]]
    z = x[[0, 0, -1]]
    return np.sum(y) * np.prod(z) + x[x > 0.5].sum()


def indexing(m):
    a = m[1:, ::2]
    b = m[-1, 1:3]
    c = m[..., 2]
    d = m[::-1, -1]
    e = m[np.newaxis, :, 0]
    return np.sum(a**2) + b @ b + np.sum(c * d) + np.sum(e**3) + m[1][2] * m[0, -1]


def where_clip(x, y):
    a = np.where(x > y, x * y, y**2)
    b = np.clip(x, 0.2, 0.8)
    c = np.maximum(x, 0.5) - np.minimum(y, x)
    return np.sum(a * b) + np.sum(c**2) + np.sum(np.abs(x - y))


def reductions(m):
    return (
        np.max(m) * np.min(m, axis=1).sum()
        + np.sum(np.prod(m, axis=0))
        + m.var()
        + np.sum(m.std(axis=0, ddof=1))
        + np.sum(np.cumsum(m, axis=1) ** 2)
        + np.linalg.norm(m)
        + m.sum(axis=(0, 1))
    )


def shaping(m, v):
    a = m.reshape(-1)[: v.size] * v
    b = np.concatenate([a, v[::-1]])
    c = np.stack([a, v], axis=1)
    d = np.roll(m, 1, axis=0) * np.flip(m, axis=1)
    e = np.squeeze(np.expand_dims(m.T, 0), axis=0)
    return b @ b + c.ravel().sum() ** 2 + np.sum(d) + np.sum(e @ m)


def single(x, w):
    h = np.tanh(w @ x)
    return np.sum(h * h) * np.float32(0.5)


def mixed_precision(x, y):
    return np.sum(x * y) + np.sum(x) * 2.0


def zero_d(x):
    return np.sin(x) * x + np.exp(-x)


def empty_sum(x):
    return np.sum(x * x) + np.sum(np.sin(x)) * 2.0


def einsums(a, b):
    return np.einsum("ij,jk->ik", a, b).sum() + np.einsum("ij,ij->", a, a)


def kalman(x0, p0, f, q, r, zs):
    x, p = x0, p0
    ll = 0.0
    h = np.array([1.0, 0.0])
    for z in zs:
        x = f @ x
        p = f @ p @ f.T + q
        s = h @ p @ h + r
        k = p @ h / s
        e = z - h @ x
        x = x + k * e
        p = p - np.outer(k, h @ p)
        ll += -0.5 * (e * e / s + np.log(s))
    return ll


def rnn(params, xs):
    w, u, b = params["w"], params["u"], params["b"]
    h = np.zeros(b.shape)
    hidden = []
    for x in xs:
        h = np.tanh(w @ h + u @ x + b)
        hidden.append(h)
    loss = 0.0
    for t in range(len(hidden)):
        loss += hidden[t] @ hidden[t] * (t + 1)
    return loss


def lstm(params, xs):
    h = np.zeros(2)
    c = np.zeros(2)
    outputs = []
    for x in xs:
        joined = np.concatenate([h, x])
        i, f, o, g = [w @ joined + b for w, b in params]
        i, f, o = 1.0 / (1.0 + np.exp(-i)), 1.0 / (1.0 + np.exp(-f)), 1.0 / (1.0 + np.exp(-o))
        c = f * c + i * np.tanh(g)
        h = o * np.tanh(c)
        outputs.append(h)
    return np.sum(np.array(outputs) ** 2)


def mlp(layers, x, y):
    *hidden, last = layers
    for w, b in hidden:
        x = np.maximum(x @ w + b, 0.0)
    w, b = last
    return np.mean((x @ w + b - y) ** 2)


def pca_like(x, w):
    centred = x - x.mean(axis=0)
    cov = centred.T @ centred / (x.shape[0] - 1)
    return w @ cov @ w / (w @ w)


def solve(a, b):
    x = np.linalg.solve(a, b)
    return np.sum(x**2) + x[0]


def distances(points):
    d = points[:, None, :] - points[None, :, :]
    r2 = np.sum(d**2, axis=-1) + np.eye(len(points))
    return np.sum(1.0 / r2)


def programs(rng):
    r = rng.random
    return [
        (broadcasts, (r(4), r((4, 4)), 0.3)),
        (size_one, (r((3, 1)), r((1, 4)), 0.7)),
        (size_one, (r(4), r((2, 1, 1)), r(1))),
        (matmuls, (r((3, 3)), r(3), r((2, 3, 3)))),
        (softmax_loss, (r((3, 4)), r(4), r((5, 3)), np.array([0, 1, 3, 3, 2]))),
        (mixture, (r(3), r(3), r(3), r(5))),
        (fancy, (r(5), np.array([0, 3, 3, 1]))),
        (indexing, (r((3, 4)),)),
        (where_clip, (r(7), r(7))),
        (reductions, (r((3, 4)),)),
        (shaping, (r((3, 3)), r(4))),
        (single, (r(3).astype("f4"), r((2, 3)).astype("f4"))),
        (mixed_precision, (r(3).astype("f4"), r(3))),
        (zero_d, (np.array(0.7),)),
        (zero_d, (np.float64(0.7),)),
        (zero_d, (0.7,)),
        (empty_sum, (np.zeros(0),)),
        (empty_sum, (r((2, 3)),)),
        (einsums, (r((2, 3)), r((3, 2)))),
        (kalman, (r(2), np.eye(2) + 0.1, np.array([[1.0, 0.1], [0.0, 1.0]]), 0.1 * np.eye(2), 0.5, r(4))),
        (rnn, ({"w": r((2, 2)), "u": r((2, 3)), "b": r(2)}, r((4, 3)))),
        (rnn, ({"w": r((2, 2)), "u": r((2, 3)), "b": r(2)}, [r(3), r(3)])),
        (lstm, ([(r((2, 5)), r(2)) for _ in range(4)], r((3, 3)))),
        (mlp, ([(r((3, 4)) - 0.5, r(4)), (r((4, 4)) - 0.5, r(4)), (r((4, 2)), r(2))], r((5, 3)), r((5, 2)))),
        (pca_like, (r((6, 3)), r(3))),
        (solve, (r((3, 3)) + 3.0 * np.eye(3), r(3))),
        (distances, (r((4, 2)),)),
    ]
