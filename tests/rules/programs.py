"""Small functions that use the entries as people do: as methods, on tuples and lists, several results at once."""

import math

import numpy as np


def concatenated(xs, w):
    y = np.concatenate(xs)
    return np.sum(y * y) * w


def concatenated_columns(xs):
    return np.sum(np.concatenate(xs, axis=1) ** 3)


def parts_of_a_number(x):
    m, e = math.frexp(x)
    f, k = math.modf(x)
    return m * m * e + f * f * k


def log_of_eigenvalues(a):
    w, v = np.linalg.eigh(a + a.T)
    return np.sum(w * w)


def eigenvectors(a, c):
    w, v = np.linalg.eigh(a + a.T)
    return np.sum((v @ (w * (v.T @ c))) ** 2)


def eigenvalues(a):
    return np.sum(np.linalg.eigvalsh(a @ a.T) ** 2)


def log_determinant(a):
    sign, log = np.linalg.slogdet(a)
    return sign * log


def cholesky(a, b):
    factor = np.linalg.cholesky(a @ a.T + np.eye(3))
    return np.sum(np.log(np.diag(factor))) + np.sum(np.linalg.solve(factor, b) ** 2)


def halves(x):
    a, b = np.split(x, 2)
    return np.sum(a * a * b)


def thirds(x):
    s = 0.0
    for k, part in enumerate(np.split(x, 3)):
        s = s + np.sum(part * part) * k
    return s


def clipped(x):
    inside = np.sum(np.clip(x, a_min=-1.0, a_max=0.5) ** 2)
    return inside + np.sum(x.clip(max=1.0) ** 2) + np.sum(x.clip(0.1, 1.0)) + np.sum(x.clip(min=0.2) ** 2)


def taken(x, k):
    return np.sum(x.take(k) * np.take(x, k, axis=0) ** 2)


def ranks(x):
    return np.median(x) * np.percentile(x, 30) + np.quantile(x, 0.9)


def distances(p, q):
    return math.dist(p, q)


def distance_of_points(x, y):
    return math.dist((x, y), (1.0, 2.0)) * math.prod([x, y, x], start=y)


def averages(x, w):
    return np.average(x, weights=w) * np.trapezoid(x, dx=0.5) + np.ptp(x)


def polynomial(p, x):
    return np.sum(np.polyval(p, x) ** 2) + np.sum(np.polyval([1.0, -2.0, 3.0], x))


def interpolated(x, xp, fp):
    return np.sum(np.interp(x, xp, fp) ** 2)


def diagonals(m):
    d = np.diagonal(m)
    return np.sum(d * d * np.diag(m))


def convolved(a, v):
    return np.sum(np.convolve(a, v, mode="same") ** 2) + np.sum(np.convolve(a, v)[1:3])


def contracted(a, b):
    y = np.tensordot(a, b, axes=([1], [0]))
    return np.sum(y * np.einsum("ij,j...->i...", a, b)) + np.einsum("ii", a)


def norms(x):
    return np.linalg.norm(x, ord=np.inf) * np.linalg.norm(x, 3) + np.linalg.norm(x, ord=1)


def the_same_twice(x, y, w):
    return np.sum(x * w + y * w)


def views_as_results(x, w):
    return np.sum(x.T * w) + np.sum(np.diag(x)) + np.sum(x[::-1] * w.T)


def hypotenuse(x, y):
    return math.hypot(x, y) + float(np.hypot(x, 2.0))


def programs(rng):
    """Functions with arguments."""

    def a(*shape):
        return rng.standard_normal(shape)

    line, points = np.array([0.3, -0.7, 0.9, 1.4, -1.6, 0.15]), np.array([0.0, 0.5, 2.0, 3.0])
    return [
        (concatenated, ([a(2), a(3), a(1)], 0.5)),
        (concatenated_columns, ([a(2, 3), a(2, 1)],)),
        (parts_of_a_number, (5.3,)),
        (log_of_eigenvalues, (a(3, 3),)),
        (eigenvectors, (a(3, 3), a(3))),
        (eigenvalues, (a(3, 3),)),
        (log_determinant, (a(3, 3),)),
        (cholesky, (a(3, 3), a(3))),
        (halves, (a(6),)),
        (thirds, (a(6, 2),)),
        (clipped, (line,)),
        (taken, (a(5), np.array([1, 1, -2, 0]))),
        (ranks, (line,)),
        (distances, (a(3), [0.5, 1.5, 2.5])),
        (distances, ((0.1, 0.2), (0.5, 1.5))),
        (distance_of_points, (0.3, 0.7)),
        (averages, (line, 1.0 + line * line)),
        (polynomial, (a(4), a(3))),
        (polynomial, (a(4), 0.3)),
        (interpolated, (np.array([0.2, 2.9, 0.7, -1.0, 4.0]), points, a(4))),
        (diagonals, (a(3, 3),)),
        (convolved, (a(5), a(3))),
        (contracted, (a(3, 3), a(3, 2))),
        (norms, (line,)),
        (the_same_twice, (a(3), a(3), a(3))),
        (views_as_results, (a(3, 3), a(3, 3))),
        (hypotenuse, (0.3, -0.4)),
    ]
