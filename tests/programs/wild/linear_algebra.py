"""Factorisations, solvers, products."""

import math

import numpy as np

from tests.programs.wild.collecting import dominant, program, spd


@program("Golub and Van Loan, Matrix Computations, 4.2.6 (outer product Cholesky, in place)", lambda rng: [spd(rng, 6)])
def cholesky_in_place(a):
    a = a.copy()
    n = a.shape[0]
    for k in range(n):
        a[k, k] = math.sqrt(a[k, k])
        a[k + 1 :, k] /= a[k, k]
        for j in range(k + 1, n):
            a[j:, j] -= a[j:, k] * a[j, k]
    total = 0.0
    for i in range(n):
        a[i, i + 1 :] = 0.0
        total += 2.0 * math.log(a[i, i])
    return total + np.sum(a)


def swap_rows(m, i, j):
    tmp = m[i].copy()
    m[i] = m[j]
    m[j] = tmp


@program(
    "Numerical Recipes, 2.3 (LU with partial pivoting)",
    lambda rng: [rng.standard_normal((6, 6)), rng.standard_normal(6)],
)
def lu_with_pivoting(a, b):
    lu = a.copy()
    x = b.copy()
    n = len(b)
    for k in range(n - 1):
        p = k
        for i in range(k + 1, n):
            if abs(lu[i, k]) > abs(lu[p, k]):
                p = i
        if p != k:
            swap_rows(lu, p, k)
            x[p], x[k] = x[k], x[p]
        for i in range(k + 1, n):
            factor = lu[i, k] / lu[k, k]
            lu[i, k:] -= factor * lu[k, k:]
            x[i] -= factor * x[k]
    for i in range(n - 1, -1, -1):
        x[i] = (x[i] - np.dot(lu[i, i + 1 :], x[i + 1 :])) / lu[i, i]
    return x


@program("Higham, Accuracy and Stability, 11 (LDL^T)", lambda rng: [spd(rng, 6)])
def ldl(a):
    n = a.shape[0]
    low = np.eye(n)
    d = np.zeros(n)
    for j in range(n):
        s = a[j, j]
        for k in range(j):
            s -= low[j, k] ** 2 * d[k]
        d[j] = s
        for i in range(j + 1, n):
            s = a[i, j]
            for k in range(j):
                s -= low[i, k] * low[j, k] * d[k]
            low[i, j] = s / d[j]
    return low @ d


def eliminate(m, inv, k):
    pivot = m[k, k]
    m[k] /= pivot
    inv[k] /= pivot
    for i in range(m.shape[0]):
        if i != k:
            factor = m[i, k]
            m[i] -= factor * m[k]
            inv[i] -= factor * inv[k]


@program("Press et al., Numerical Recipes, 2.1 (Gauss-Jordan)", lambda rng: [dominant(rng, 5)])
def gauss_jordan_inverse(a):
    n = a.shape[0]
    m = np.array(a)
    inv = np.eye(n)
    for k in range(n):
        eliminate(m, inv, k)
    return inv


def reflect(a, v, k):
    """Apply I - 2 v v^T to the rows k.. of a, in place."""
    a[k:, :] -= 2.0 * np.outer(v, v @ a[k:, :])


@program("Trefethen and Bau, Numerical Linear Algebra, algorithm 10.1", lambda rng: [rng.standard_normal((7, 4))])
def householder_qr(a):
    r = a.copy()
    m, n = r.shape
    for k in range(n):
        x = r[k:, k].copy()
        sign = 1.0 if x[0] >= 0.0 else -1.0
        x[0] += sign * np.linalg.norm(x)
        x /= np.linalg.norm(x)
        reflect(r, x, k)
    upper = r[:n, :]
    return upper


def rotate(a, i, k, c, s):
    row = a[i].copy()
    a[i] = c * row + s * a[k]
    a[k] = -s * row + c * a[k]


@program("Golub and Van Loan, 5.2.5 (Givens QR)", lambda rng: [rng.standard_normal((5, 4))])
def givens_qr(a):
    r = a.copy()
    m, n = r.shape
    for j in range(n):
        for i in range(m - 1, j, -1):
            x, y = r[j, j], r[i, j]
            length = math.hypot(x, y)
            if length < 1e-14:
                continue
            rotate(r, j, i, x / length, y / length)
    return np.abs(np.diag(r)).sum() + r[0, 1] ** 2


@program("Trefethen and Bau, algorithm 8.1 (modified Gram-Schmidt)", lambda rng: [rng.standard_normal((40, 26))])
def modified_gram_schmidt(a):
    m, n = a.shape
    v = a.copy()
    q = np.empty((m, n))
    r = np.zeros((n, n))
    for i in range(n):
        r[i, i] = np.sqrt(np.sum(v[:, i] ** 2))
        q[:, i] = v[:, i] / r[i, i]
        for j in range(i + 1, n):
            r[i, j] = np.dot(q[:, i], v[:, j])
            v[:, j] -= r[i, j] * q[:, i]
    return np.log(np.diag(r)).sum() + q[0, 0]


def sweep_down(b, d, a, c):
    for i in range(1, len(d)):
        w = a[i] / b[i - 1]
        b[i] -= w * c[i - 1]
        d[i] -= w * d[i - 1]


@program(
    "Thomas, Elliptic problems in linear difference equations (1949)",
    lambda rng: [
        rng.uniform(-1, 1, 300),
        rng.uniform(3, 4, 300),
        rng.uniform(-1, 1, 300),
        rng.standard_normal(300),
    ],
)
def thomas_in_place(a, b, c, d):
    b = b.copy()
    d = d.copy()
    n = len(d)
    sweep_down(b, d, a, c)
    d[-1] /= b[-1]
    for i in range(n - 2, -1, -1):
        d[i] = (d[i] - c[i] * d[i + 1]) / b[i]
    peak = np.sum(d * d)
    mean = d.mean()
    return peak + mean


def apply_laplacian(u, out, shift):
    out[:] = (2.0 + shift) * u
    out[1:] -= u[:-1]
    out[:-1] -= u[1:]


@program(
    "Shewchuk, An introduction to the conjugate gradient method (1994)",
    lambda rng: [rng.standard_normal(1000), 1.5],
)
def conjugate_gradient(b, shift):
    x = np.zeros_like(b)
    r = b.copy()
    p = r.copy()
    ap = np.empty_like(b)
    rs = r @ r
    for _ in range(60):
        apply_laplacian(p, ap, shift)
        alpha = rs / (p @ ap)
        x += alpha * p
        r -= alpha * ap
        new = r @ r
        if new < 1e-20:
            break
        p *= new / rs
        p += r
        rs = new
    return x @ b


@program("Golub and Van Loan, 8.5 (cyclic Jacobi)", lambda rng: [spd(rng, 4) + np.diag([0.0, 1.0, 2.5, 5.0])])
def jacobi_eigenvalues(a):
    a = (a + a.T) / 2.0
    n = a.shape[0]
    for _ in range(8):
        off = 0.0
        for p in range(n - 1):
            for q in range(p + 1, n):
                off += a[p, q] ** 2
                if abs(a[p, q]) < 1e-13:
                    continue
                theta = 0.5 * math.atan2(2.0 * a[p, q], a[q, q] - a[p, p])
                c, s = math.cos(theta), math.sin(theta)
                row = c * a[p] - s * a[q]
                a[q] = s * a[p] + c * a[q]
                a[p] = row
                column = c * a[:, p] - s * a[:, q]
                a[:, q] = s * a[:, p] + c * a[:, q]
                a[:, p] = column
        if off < 1e-18:
            break
    return np.sum(np.diag(a) ** 3)


@program("Wikipedia, Power iteration", lambda rng: [spd(rng, 12) + np.diag(np.arange(12.0)), rng.uniform(1, 2, 12)])
def power_iteration(a, v):
    value = 0.0
    steps = 0
    while steps < 400:
        w = a @ v
        norm = np.linalg.norm(w)
        w = w / norm
        change = np.abs(norm - value)
        v, value = w, norm
        steps += 1
        if change < 1e-13:
            break
    return value


def sor_sweep(x, a, b, omega):
    for i in range(len(b)):
        sigma = a[i] @ x - a[i, i] * x[i]
        x[i] = (1.0 - omega) * x[i] + omega / a[i, i] * (b[i] - sigma)


@program(
    "Barrett et al., Templates for the solution of linear systems (SOR)",
    lambda rng: [dominant(rng, 10), rng.standard_normal(10), 1.1],
)
def successive_over_relaxation(a, b, omega):
    x = np.zeros(len(b))
    residual = 1.0
    sweeps = 0
    while residual > 1e-13 and sweeps < 60:
        before = x.copy()
        sor_sweep(x, a, b, omega)
        residual = float(np.max(np.abs(x - before)))
        sweeps += 1
    scale = np.sum(b * b)
    return x @ x / scale


@program("SciPy's CSR product, written out", lambda rng: csr(rng, 400))
def sparse_matvec_csr(data, x, indptr, indices):
    n = len(indptr) - 1
    y = np.zeros(n)
    for i in range(n):
        start, end = indptr[i], indptr[i + 1]
        s = 0.0
        for k in range(start, end):
            s += data[k] * x[indices[k]]
        y[i] = s
    y[0] *= 2.0
    norm = np.sqrt(y @ y)
    return norm


def csr(rng, n):
    counts = rng.integers(1, 4, n)
    indptr = np.concatenate([[0], np.cumsum(counts)])
    return [rng.standard_normal(indptr[-1]), rng.standard_normal(n), indptr, rng.integers(0, n, indptr[-1])]


@program(
    "Finite elements: assembly by scatter-add",
    lambda rng: [np.sort(rng.uniform(0, 1, 600)) + 0.01 * np.arange(600), rng.uniform(1, 2, 599)],
)
def assemble_bars(nodes, stiffness):
    n = nodes.size
    first = np.arange(n - 1)
    second = first + 1
    length = nodes[second] - nodes[first]
    k = stiffness / length
    diagonal = np.zeros(n)
    np.add.at(diagonal, first, k)
    np.add.at(diagonal, second, k)
    load = np.zeros(n)
    np.add.at(load, first, 0.5 * length)
    np.add.at(load, second, 0.5 * length)
    return np.sum(load * load / diagonal)


def multiply_block(c, a, b, i, j, k, s):
    c[i : i + s, j : j + s] += a[i : i + s, k : k + s] @ b[k : k + s, j : j + s]


@program(
    "Lam, Rothberg and Wolf, blocked matrix product (1991)",
    lambda rng: [rng.standard_normal((24, 24)), rng.standard_normal((24, 24))],
)
def blocked_product(a, b):
    n = a.shape[0]
    size = 8
    c = np.zeros((n, n))
    for i in range(0, n, size):
        for j in range(0, n, size):
            for k in range(0, n, size):
                multiply_block(c, a, b, i, j, k, size)
    trace = 0.0
    for i in range(n):
        trace += c[i, i]
    return trace * trace + c[0, n - 1]


@program("Moler and Van Loan, Nineteen dubious ways, method 3", lambda rng: [rng.standard_normal((5, 5))])
def expm_by_squaring(a):
    norm = 4.0
    squarings = 0
    while norm > 0.5:
        norm = norm / 2.0
        squarings += 1
    x = a / 2.0**squarings
    term = np.eye(a.shape[0])
    total = np.eye(a.shape[0])
    for k in range(1, 14):
        term = term @ x / k
        total += term
    for _ in range(squarings):
        total = total @ total
    return total


@program("Schulz, Iterative Berechnung der reziproken Matrix (1933)", lambda rng: [spd(rng, 8)])
def newton_schulz(a):
    n = a.shape[0]
    x = a.T / (np.sum(a * a))
    eye = np.eye(n)
    k = 0
    while True:
        r = eye - a @ x
        x = x + x @ r
        k += 1
        error = np.sum(r * r)
        if error < 1e-24 or k > 60:
            break
    return np.trace(x) + x[0, 1]


@program("Wikipedia, Determinant by Gaussian elimination", lambda rng: [rng.standard_normal((6, 6))])
def determinant(a):
    m = a.copy()
    n = m.shape[0]
    det = 1.0
    for i in range(n):
        pivot = i + int(np.argmax(np.abs(m[i:, i])))
        if m[pivot, i] == 0.0:
            return 0.0
        if pivot != i:
            swap_rows(m, i, pivot)
            det = -det
        det *= m[i, i]
        for j in range(i + 1, n):
            m[j, i:] -= m[j, i] / m[i, i] * m[i, i:]
    return det


@program(
    "Saad, Iterative methods for sparse systems, 6.3 (Arnoldi)",
    lambda rng: [rng.standard_normal((9, 9)), rng.standard_normal(9)],
)
def arnoldi(a, b):
    steps = 4
    q = np.zeros((len(b), steps + 1))
    h = np.zeros((steps + 1, steps))
    q[:, 0] = b / np.linalg.norm(b)
    for k in range(steps):
        v = a @ q[:, k]
        for j in range(k + 1):
            h[j, k] = q[:, j] @ v
            v -= h[j, k] * q[:, j]
        h[k + 1, k] = np.linalg.norm(v)
        if h[k + 1, k] < 1e-12:
            break
        q[:, k + 1] = v / h[k + 1, k]
    return h


def forward_solve(low, x):
    for i in range(len(x)):
        x[i] = (x[i] - low[i, :i] @ x[:i]) / low[i, i]


def backward_solve(low, x):
    for i in range(len(x) - 1, -1, -1):
        x[i] = (x[i] - low[i + 1 :, i] @ x[i + 1 :]) / low[i, i]


@program(
    "Rasmussen and Williams, Gaussian Processes, algorithm 2.1",
    lambda rng: [rng.uniform(-2, 2, 12), rng.standard_normal(12), 0.7, 0.3],
)
def gaussian_process(x, y, scale, noise):
    n = len(x)
    k = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            k[i, j] = math.exp(-0.5 * ((x[i] - x[j]) / scale) ** 2)
        k[i, i] += noise * noise
    low = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            low[i, j] = (k[i, j] - low[i, :j] @ low[j, :j]) / low[j, j]
        low[i, i] = math.sqrt(k[i, i] - low[i, :i] @ low[i, :i])
    alpha = y.copy()
    forward_solve(low, alpha)
    backward_solve(low, alpha)
    return -0.5 * y @ alpha - np.sum(np.log(np.diag(low))) - 0.5 * n * math.log(2.0 * math.pi)


@program("Brin and Page, The anatomy of a search engine (1998)", lambda rng: [rng.uniform(0.1, 1.0, (35, 35)), 0.85])
def page_rank(links, damping):
    n = links.shape[0]
    weights = np.empty_like(links)
    for j in range(n):
        weights[:, j] = links[:, j] / links[:, j].sum()
    rank = np.full(n, 1.0 / n)
    for step in range(100):
        new = damping * (weights @ rank) + (1.0 - damping) / n
        change = np.abs(new - rank).sum()
        rank = new
        if change < 1e-13:
            break
    return np.sum(rank**2 * np.arange(n))


@program("LAPACK's dpbtrf, unblocked", lambda rng: [band(rng, 350, 2)])
def banded_cholesky(ab):
    ab = ab.copy()
    width, n = ab.shape
    for j in range(n):
        ab[0, j] = math.sqrt(ab[0, j])
        reach = min(width - 1, n - 1 - j)
        for i in range(1, reach + 1):
            ab[i, j] /= ab[0, j]
        for i in range(1, reach + 1):
            for k in range(i, reach + 1):
                ab[k - i, j + i] -= ab[i, j] * ab[k, j]
    logdet = 0.0
    for j in range(n):
        logdet += math.log(ab[0, j])
    return 2.0 * logdet


def band(rng, n, width):
    ab = rng.uniform(-0.5, 0.5, (width + 1, n))
    ab[0] = rng.uniform(3.0, 4.0, n)
    return ab


@program(
    "Bunch and Hopcroft: product of a permutation, by cycles in place",
    lambda rng: [rng.standard_normal(9), np.array([3, 0, 4, 1, 2, 8, 5, 6, 7])],
)
def permute_in_place(x, order):
    x = x.copy()
    n = len(x)
    done = [False] * n
    for start in range(n):
        if done[start]:
            continue
        carried = x[start] * 1.5
        k = start
        while True:
            following = order[k]
            done[k] = True
            if following == start:
                x[k] = carried
                break
            x[k] = x[following] + 0.1 * x[k] * x[k]
            k = following
    return np.sum(x**3)
