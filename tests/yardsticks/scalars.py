"""Programs whose loops work on numbers, and their adjoints by hand."""

import math

import numpy as np


# An integrator: the logistic equation, step by step.
def slope(y, r):
    return r * y * (1.0 - y)


def rk4(y, r, h, n):
    for _ in range(n):
        k1 = slope(y, r)
        k2 = slope(y + 0.5 * h * k1, r)
        k3 = slope(y + 0.5 * h * k2, r)
        k4 = slope(y + h * k3, r)
        y = y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return y * y


def rk4_by_hand(y, r, h, n):
    stages_saved = []
    for _ in range(n):
        k1 = r * y * (1.0 - y)
        y2 = y + 0.5 * h * k1
        k2 = r * y2 * (1.0 - y2)
        y3 = y + 0.5 * h * k2
        k3 = r * y3 * (1.0 - y3)
        y4 = y + h * k3
        k4 = r * y4 * (1.0 - y4)
        stages_saved.append((y, y2, y3, y4))
        y = y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)

    y_bar = 2.0 * y
    r_bar = 0.0
    for y, y2, y3, y4 in reversed(stages_saved):
        step_bar = h / 6.0 * y_bar
        y4_bar = step_bar * r * (1.0 - 2.0 * y4)
        k3_bar = 2.0 * step_bar + h * y4_bar
        y3_bar = k3_bar * r * (1.0 - 2.0 * y3)
        k2_bar = 2.0 * step_bar + 0.5 * h * y3_bar
        y2_bar = k2_bar * r * (1.0 - 2.0 * y2)
        k1_bar = step_bar + 0.5 * h * y2_bar
        r_bar += (
            step_bar * y4 * (1.0 - y4) + k3_bar * y3 * (1.0 - y3) + k2_bar * y2 * (1.0 - y2) + k1_bar * y * (1.0 - y)
        )
        y_bar += y4_bar + y3_bar + y2_bar + k1_bar * r * (1.0 - 2.0 * y)
    return y_bar, r_bar


def rk4_arguments(rng, size):
    return 0.1, 2.0, 0.05, 20 * size


# A tridiagonal system, eliminated and substituted back, number by number.
def thomas(a, b, c, d):
    n = len(d)
    w = np.zeros(n)
    g = np.zeros(n)
    w[0] = c[0] / b[0]
    g[0] = d[0] / b[0]
    for i in range(1, n):
        pivot = b[i] - a[i] * w[i - 1]
        w[i] = c[i] / pivot
        g[i] = (d[i] - a[i] * g[i - 1]) / pivot
    x = np.zeros(n)
    x[n - 1] = g[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = g[i] - w[i] * x[i + 1]
    return np.sum(x * x)


def thomas_by_hand(a, b, c, d):
    n = len(d)
    w = np.zeros(n)
    g = np.zeros(n)
    w[0] = c[0] / b[0]
    g[0] = d[0] / b[0]
    for i in range(1, n):
        pivot = b[i] - a[i] * w[i - 1]
        w[i] = c[i] / pivot
        g[i] = (d[i] - a[i] * g[i - 1]) / pivot
    x = np.zeros(n)
    x[n - 1] = g[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = g[i] - w[i] * x[i + 1]

    x_bar = 2.0 * x
    g_bar = np.zeros(n)
    w_bar = np.zeros(n)
    for i in range(n - 1):
        g_bar[i] = x_bar[i]
        w_bar[i] = -x_bar[i] * x[i + 1]
        x_bar[i + 1] -= x_bar[i] * w[i]
    g_bar[n - 1] = x_bar[n - 1]
    a_bar = np.zeros_like(a)
    b_bar = np.zeros_like(b)
    c_bar = np.zeros_like(c)
    d_bar = np.zeros_like(d)
    for i in range(n - 1, 0, -1):
        pivot = b[i] - a[i] * w[i - 1]
        top_bar = g_bar[i] / pivot
        c_bar[i] = w_bar[i] / pivot
        pivot_bar = -top_bar * g[i] - c_bar[i] * w[i]
        d_bar[i] = top_bar
        g_bar[i - 1] -= top_bar * a[i]
        w_bar[i - 1] -= pivot_bar * a[i]
        a_bar[i] = -top_bar * g[i - 1] - pivot_bar * w[i - 1]
        b_bar[i] = pivot_bar
    d_bar[0] = g_bar[0] / b[0]
    c_bar[0] = w_bar[0] / b[0]
    b_bar[0] = -d_bar[0] * g[0] - c_bar[0] * w[0]
    return a_bar, b_bar, c_bar, d_bar


def thomas_arguments(rng, size):
    n = 20 * size
    return rng.random(n), 3.0 + rng.random(n), rng.random(n), rng.standard_normal(n)


# Dynamic programming: the smooth cost of aligning two series, cell by cell.
def alignment(x, y, gamma):
    n, m = len(x), len(y)
    cost = np.full((n + 1, m + 1), 100.0)
    cost[0, 0] = 0.0
    for i in range(n):
        for j in range(m):
            p = math.exp(-cost[i, j] / gamma)
            q = math.exp(-cost[i, j + 1] / gamma)
            r = math.exp(-cost[i + 1, j] / gamma)
            cost[i + 1, j + 1] = (x[i] - y[j]) ** 2 - gamma * math.log(p + q + r)
    return cost[n, m]


def alignment_by_hand(x, y, gamma):
    n, m = len(x), len(y)
    cost = np.full((n + 1, m + 1), 100.0)
    cost[0, 0] = 0.0
    weights_saved = []
    for i in range(n):
        for j in range(m):
            p = math.exp(-cost[i, j] / gamma)
            q = math.exp(-cost[i, j + 1] / gamma)
            r = math.exp(-cost[i + 1, j] / gamma)
            weights_saved.append((p, q, r))
            cost[i + 1, j + 1] = (x[i] - y[j]) ** 2 - gamma * math.log(p + q + r)

    cost_bar = np.zeros((n + 1, m + 1))
    cost_bar[n, m] = 1.0
    x_bar = np.zeros_like(x)
    y_bar = np.zeros_like(y)
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            p, q, r = weights_saved.pop()
            cell_bar = cost_bar[i + 1, j + 1]
            distance_bar = cell_bar * 2.0 * (x[i] - y[j])
            x_bar[i] += distance_bar
            y_bar[j] -= distance_bar
            share = cell_bar / (p + q + r)
            cost_bar[i, j] += share * p
            cost_bar[i, j + 1] += share * q
            cost_bar[i + 1, j] += share * r
    return x_bar, y_bar


def alignment_arguments(rng, size):
    return rng.standard_normal(2 + size), rng.standard_normal(3 + size), 1.0
