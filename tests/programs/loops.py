"""Loops, exits and branches over plain numbers."""

import math

import numpy as np


def horner(coefficients, x):
    value = 0.0
    for c in reversed(coefficients):
        value = value * x + c
    return value


def horner_array(c, x):
    value = c[-1]
    for k in range(len(c) - 2, -1, -1):
        value = value * x + c[k]
    return np.sum(value**2)


def newton(a, x0):
    x = x0
    for _ in range(50):
        step = (x * x * x - a) / (3.0 * x * x)
        x -= step
        if abs(step) < 1e-13:
            break
    else:
        raise ValueError("no convergence")
    return x


def bisect(a, b):
    lo, hi = 0.0, 2.0
    n = 0
    while hi - lo > 1e-3:
        mid = 0.5 * (lo + hi)
        if mid * mid < 2.0:
            lo = mid
        else:
            hi = mid
        n += 1
    return (lo + hi) * a * b + n * a**2


def collatz_like(x, n):
    total = 0.0
    while n != 1:
        if n % 2 == 0:
            n //= 2
            x = x * 1.1
            continue
        n = 3 * n + 1
        x = math.sin(x) + 0.5
        total += x * n / 100.0
        if total > 40.0:
            break
    return total + x


def early_nested(xs, limit):
    total = 1.0
    for i, x in enumerate(xs):
        for j in range(i + 1):
            total = total * x + 0.1 * j
            if total > limit:
                return total * total
            if j > 3:
                break
        else:
            total += 0.5 * x
    return total


def two_returns(x, y):
    if x > y:
        return x * y, x - y
    z = x / y
    if z < 0.5:
        return z, z * z
    return y, x


def several_exits(x):
    k = 0
    while True:
        x = x * 1.3 + 0.2
        k += 1
        if k > 8:
            break
        if k % 3 == 0:
            continue
        if x > 25.0:
            return x * x
        x = x - 0.1 * math.cos(x)
    return math.sqrt(x) * k


def search_else(xs, target):
    for k, x in enumerate(xs):
        if x > target:
            found = x * x * (k + 1)
            break
    else:
        found = xs[0] * target
    return found + target


def rk4(y0, k, h, n):
    def slope(y):
        return -k * y + np.sin(y) * 0.3

    y = y0
    for _ in range(n):
        k1 = slope(y)
        k2 = slope(y + 0.5 * h * k1)
        k3 = slope(y + 0.5 * h * k2)
        k4 = slope(y + h * k3)
        y = y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return np.sum(y * y)


def verlet(x, v, dt, steps):
    def force(r):
        return -r / (np.dot(r, r) + 0.1) ** 1.5

    a = force(x)
    energy = 0.0
    for k in range(steps):
        v = v + 0.5 * dt * a
        x = x + dt * v
        a = force(x)
        v = v + 0.5 * dt * a
        if k % 2:
            energy += 0.5 * np.dot(v, v)
    return energy


def adaptive_euler(y, rate, t_end):
    t, h = 0.0, 0.1
    while t < t_end:
        h = min(h, t_end - t)
        full = y + h * rate * math.cos(y)
        half = y + 0.5 * h * rate * math.cos(y)
        two = half + 0.5 * h * rate * math.cos(half)
        err = abs(two - full)
        if err > 1e-3:
            h *= 0.5
            continue
        y = two
        t += h
        if err < 1e-4:
            h *= 1.5
    return y


def fixed_point(w, b, n):
    z = np.zeros_like(b)
    for _ in range(n):
        new = np.tanh(w @ z + b)
        gap = np.max(np.abs(new - z))
        z = new
        if gap < 1e-12:
            break
    return z @ z


def fibonacci_pair(a, b, n):
    for _ in range(n):
        a, b = b, a * 0.5 + np.sin(b)
    return a * b


def undefined_before(x, n):
    for i in range(n):
        if i == 0:
            last = x
        else:
            last = last * x + i
    return last


def loop_variable_after(xs):
    total = 0.0
    for x in xs:
        total += x**2
    return total * x


def zero_trips(x, n):
    y = x * 2.0
    for _ in range(n):
        y = y * y
    while n > 0:
        y += 1.0
        n -= 1
    return y * x


def chained(a, b, c):
    if a < b < c and not c > 100.0:
        t = a * b
    elif a > 1.0 or b > 1.0:
        t = b * c
    else:
        t = c
    return t * (a if t > 0.3 else b) ** 2


def inner_break_outer_continue(xs, ys):
    total = 0.0
    for x in xs:
        if x < 0.3:
            continue
        part = 1.0
        for y in ys:
            part *= x * y + 0.5
            if part > 3.0:
                break
            if y > 0.8:
                continue
            part += y
        total += part * part
    return total


def trapezoid(a, b, n):
    h = (b - a) / n
    total = 0.5 * (math.exp(-a * a) + math.exp(-b * b))
    for k in range(1, n):
        t = a + k * h
        total += math.exp(-t * t)
    return total * h


def continued_fraction(x, n):
    value = x
    for k in range(n, 0, -2):
        value = x + k / value
    return value


def sum_builtin(xs, ys):
    return sum(x * y for x, y in zip(xs, ys)) + sum([x**2 for x in xs]) + max(xs) * min(ys)


def programs(rng):
    r = rng.random
    return [
        (horner, ([0.3, -1.2, 0.7, 2.0], 1.3)),
        (horner, ((0.3, -1.2, 0.7), r(4))),
        (horner_array, (r(5), r(3))),
        (newton, (2.3, 1.1)),
        (bisect, (0.7, 1.2)),
        (collatz_like, (0.7, 27)),
        (early_nested, (r(6), 1e3)),
        (early_nested, (r(6) + 1.0, 9.0)),
        (early_nested, ([0.4, 1.5, 1.2, 0.9], 4.0)),
        (two_returns, (0.7, 0.4)),
        (two_returns, (0.2, 0.5)),
        (two_returns, (0.4, 0.5)),
        (several_exits, (0.4,)),
        (several_exits, (4.4,)),
        (search_else, (r(5), 0.5)),
        (search_else, (r(5), 2.5)),
        (rk4, (r(3), 0.4, 0.1, 4)),
        (verlet, (r(3), r(3), 0.1, 5)),
        (adaptive_euler, (0.2, 2.0, 1.5)),
        (fixed_point, (0.2 * r((3, 3)), r(3), 40)),
        (fixed_point, (0.2 * r((3, 3)), r(3), 4)),
        (fibonacci_pair, (0.4, 0.7, 7)),
        (undefined_before, (0.9, 4)),
        (loop_variable_after, (r(4),)),
        (loop_variable_after, ([0.4, 0.6],)),
        (zero_trips, (0.8, 0)),
        (zero_trips, (0.8, 2)),
        (chained, (0.4, 0.7, 0.9)),
        (chained, (1.4, 0.7, 0.9)),
        (inner_break_outer_continue, (r(6), r(5))),
        (inner_break_outer_continue, (list(r(4)), tuple(r(5) + 0.5))),
        (trapezoid, (0.1, 1.3, 8)),
        (continued_fraction, (1.2, 9)),
        (sum_builtin, (list(map(float, r(3))), list(map(float, r(3))))),
        (sum_builtin, (r(3), r(3))),
    ]
