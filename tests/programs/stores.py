"""In-place writes to fresh local arrays."""

import numpy as np


def thomas(a, b, c, d):
    n = len(d)
    cp = np.zeros(n)
    dp = np.zeros(n)
    cp[0] = c[0] / b[0]
    dp[0] = d[0] / b[0]
    for i in range(1, n):
        m = b[i] - a[i] * cp[i - 1]
        cp[i] = c[i] / m
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m
    x = np.empty(n)
    x[-1] = dp[-1]
    for i in range(n - 2, -1, -1):
        x[i] = dp[i] - cp[i] * x[i + 1]
    return x


def cholesky(a):
    n = a.shape[0]
    low = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            s = a[i, j]
            for k in range(j):
                s = s - low[i, k] * low[j, k]
            if i == j:
                low[i, j] = np.sqrt(s)
            else:
                low[i, j] = s / low[j, j]
    return low


def lu_solve(a, b):
    m = a.copy()
    y = b.copy()
    n = len(b)
    for k in range(n):
        for i in range(k + 1, n):
            m[i, k] /= m[k, k]
            m[i, k + 1 :] -= m[i, k] * m[k, k + 1 :]
            y[i] -= m[i, k] * y[k]
    for i in range(n - 1, -1, -1):
        y[i] = (y[i] - m[i, i + 1 :] @ y[i + 1 :]) / m[i, i]
    return y


def gauss_seidel(a, b, sweeps):
    x = np.zeros_like(b)
    n = b.size
    for _ in range(sweeps):
        for i in range(n):
            x[i] = (b[i] - a[i, :i] @ x[:i] - a[i, i + 1 :] @ x[i + 1 :]) / a[i, i]
    return x @ x


def jacobi(a, b):
    d = np.diag(a)
    x = b / d
    for _ in range(100):
        new = (b - a @ x + d * x) / d
        change = np.sum(np.abs(new - x))
        x = new
        if change < 1e-14:
            break
    return np.sum(x**3)


def min_plus(w):
    d = w.copy()
    n = d.shape[0]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                if d[i, k] + d[k, j] < d[i, j]:
                    d[i, j] = d[i, k] + d[k, j]
    return d


def soft_shortest(w, t):
    d = np.copy(w)
    for k in range(d.shape[0]):
        d = -t * np.log(np.exp(-d / t) + np.exp(-(d[:, k : k + 1] + d[k : k + 1, :]) / t))
    return d.sum()


def dtw(x, y):
    n, m = len(x), len(y)
    cost = np.full((n + 1, m + 1), 1e3)
    cost[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            d = (x[i - 1] - y[j - 1]) ** 2
            cost[i, j] = d + min(cost[i - 1, j], cost[i, j - 1], cost[i - 1, j - 1])
    return cost[n, m]


def convolve(x, k):
    n, m = len(x), len(k)
    out = np.zeros(n + m - 1)
    for i in range(n):
        for j in range(m):
            out[i + j] += x[i] * k[j]
    return out


def convolve2d(image, kernel):
    h, w = image.shape
    p, q = kernel.shape
    out = np.empty((h - p + 1, w - q + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + p, j : j + q] * kernel)
    return out


def histogram(values, weights, bins):
    counts = np.zeros(bins)
    for v, w in zip(values, weights):
        k = int(v * bins)
        counts[k] += w * v
    return counts**2


def scatter(index, x, n):
    out = np.zeros(n)
    np.add.at(out, index, x)
    out[index] *= 2.0
    return np.sum(out * out) + out[-1]


def overlap_right(x, n):
    y = x.copy()
    for _ in range(n):
        y[1:] = y[:-1] * y[1:]
    return y


def overlap_reverse(x):
    y = x.copy()
    y[:] = y[::-1] * y
    y[::2] = y[::2] ** 2 + y[1]
    return y


def upwind(u, c, n):
    v = u.copy()
    for _ in range(n):
        old = v.copy()
        v[1:] = old[1:] - c * old[1:] * (old[1:] - old[:-1])
        v[0] = v[-1]
    return v


def ping_pong(u, c, n):
    a = u.copy()
    for _ in range(n):
        b = np.empty_like(a)
        b[0] = a[0]
        b[-1] = a[-1]
        b[1:-1] = a[1:-1] + c * (a[2:] - 2.0 * a[1:-1] + a[:-2]) * a[1:-1]
        a = b
    return np.sum(a**2)


def stencil2d(u, k, n):
    v = np.array(u)
    for t in range(n):
        lap = v[2:, 1:-1] + v[:-2, 1:-1] + v[1:-1, 2:] + v[1:-1, :-2] - 4.0 * v[1:-1, 1:-1]
        v[1:-1, 1:-1] += k * lap * v[1:-1, 1:-1]
        v[:, 0] = v[:, 1]
        v[:, -1] = v[:, -2]
        v[0] = v[1]
        v[-1] = v[-2]
    return v.mean()


def branch_store(x, n):
    y = np.zeros(n)
    for i in range(n):
        if i % 3 == 0:
            y[i] = x[i] ** 2
        elif x[i] > 0.5:
            y[i] = y[i - 1] * x[i]
            continue
        else:
            y[i - 1] += x[i]
        y[i] *= 1.5
    return y


def store_and_exit(x, limit):
    y = np.ones(len(x))
    for i in range(len(x)):
        y[i] = y[i - 1] * x[i] + y[i]
        if y[i] > limit:
            y[:i] = y[i] * y[:i]
            break
        y[i:] += 0.1 * y[i]
    return y


def swap_elements(x):
    y = x.copy()
    y[0], y[-1] = y[-1] * 2.0, y[0] * y[1]
    y[1], y[2] = y[2], y[1]
    return y * x


def steps_and_tuples(m):
    y = m * 1.0
    y[::2, 1::2] = y[1::2, ::2] * 2.0
    y[-1] -= y[0] * y[1]
    y[..., 0] = y[..., -1] ** 2
    y[(1, 2)] = y[0, 0] * y[2, 1]
    y[:, [0, 2]] *= 3.0
    return y


def broadcast_store(x, s):
    y = np.zeros((3, len(x)))
    y[:] = x
    y[1] = s
    y[:, 0] += s * s
    y *= x
    return y


def mask_store(x):
    y = x * 2.0
    y[x > 0.5] = 0.25
    y[x < 0.2] *= x[x < 0.2]
    y[~(x > 0.5)] += 1.0
    return y**2


def fancy_store(x, index):
    y = np.zeros(6)
    y[index] = x**2
    y[index[0]] += x[0]
    y[[0, 1]] = y[[1, 0]]
    return y * np.arange(6)


def power_in_place(x, p):
    y = x + 1.0
    y **= 2
    y /= p
    y -= x
    y[0] /= y[1]
    y[1:] -= y[0] / y[1:]
    return y


def fill_rows(w, x):
    rows = np.empty((4, x.size))
    rows[0] = x
    for k in range(1, 4):
        rows[k] = np.tanh(w @ rows[k - 1])
    return np.sum(rows[1:] * rows[:-1])


def cumulative(x):
    out = np.empty(x.shape)
    total = 0.0
    for i in range(x.shape[0]):
        total += x[i]
        out[i] = total * total
        total *= 0.9
    return out


def prefix_products(x):
    n = len(x)
    left, right = np.ones(n), np.ones(n)
    for i in range(1, n):
        left[i] = left[i - 1] * x[i - 1]
        right[n - 1 - i] = right[n - i] * x[n - i]
    return left * right


def restored(x):
    y = x.copy()
    a = y[1] * y[2]
    y[1] = a * y[0]
    b = y[1] * y[2]
    y[1:3] = b
    y[2] = y[1] * y[2] * a
    return y


def while_store(x, tol):
    y = np.zeros(20)
    y[0] = x
    k = 0
    while k < 19 and abs(y[k]) > tol:
        y[k + 1] = 0.5 * y[k] * np.cos(y[k])
        k += 1
    return y[k] + np.sum(y[:k] ** 2) + k * x


def programs(rng):
    r = rng.random
    spd = r((4, 4))
    spd = spd @ spd.T + 4.0 * np.eye(4)
    index = np.array([0, 2, 2, 4, 0])
    return [
        (thomas, (r(5), r(5) + 3.0, r(5), r(5))),
        (cholesky, (spd,)),
        (lu_solve, (spd, r(4))),
        (gauss_seidel, (spd, r(4), 3)),
        (jacobi, (spd + 8.0 * np.eye(4), r(4))),
        (min_plus, (r((4, 4)),)),
        (soft_shortest, (r((4, 4)), 0.4)),
        (dtw, (r(4), r(5))),
        (convolve, (r(5), r(3))),
        (convolve2d, (r((5, 6)), r((2, 3)))),
        (histogram, (r(6), r(6), 3)),
        (scatter, (index, r(5), 6)),
        (overlap_right, (r(5) + 0.5, 3)),
        (overlap_reverse, (r(6),)),
        (upwind, (r(6), 0.3, 4)),
        (ping_pong, (r(6), 0.2, 4)),
        (stencil2d, (r((5, 6)), 0.1, 3)),
        (branch_store, (r(8), 8)),
        (store_and_exit, (r(6) + 0.5, 6.0)),
        (store_and_exit, (r(6), 1e9)),
        (swap_elements, (r(5),)),
        (steps_and_tuples, (r((4, 4)),)),
        (broadcast_store, (r(4), 0.7)),
        (mask_store, (r(9),)),
        (fancy_store, (r(5), index)),
        (power_in_place, (r(4) + 1.0, 1.7)),
        (fill_rows, (r((3, 3)), r(3))),
        (cumulative, (r(5),)),
        (prefix_products, (r(5),)),
        (restored, (r(4),)),
        (while_store, (1.2, 1e-2)),
    ]
