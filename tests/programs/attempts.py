"""`try`: with `finally` and exits, with `except` where a test tells what would be raised; exits out of `with`."""

import math

import numpy as np

V = np.array([0.7, -1.3, 2.1, 0.4, 1.9])


def finally_and_break(x, n):
    s = 0.0
    for i in range(n):
        try:
            if i > 2:
                break
            if i == 1:
                continue
            s = s + x * i
        finally:
            s = s * 1.5 + x
    return s


def finally_and_return(x, n):
    s = x
    try:
        for i in range(n):
            s = s * 2.0
            if i > 2:
                return s * x
    finally:
        s = -1.0
    return s * x * x


def finally_writes(x, n):
    y = np.array([x, 2.0 * x])
    try:
        if n > 2:
            return y[0] * 3.0
        y[1] = x * x
    finally:
        y[0] = 5.0
    return np.sum(y * y)


def leaves_errstate(x, n):
    s = 0.0
    for i in range(n):
        with np.errstate(all="ignore"):
            if i == 3:
                break
            s = s + x / (i + 1)
    with np.errstate(divide="ignore"):
        if n > 4:
            return s * x
    return s


def ratio(a, b):
    try:
        return a / b
    except ZeroDivisionError:
        return 0.5 * a


def root_or(x, n):
    s = 0.0
    for i in range(n):
        try:
            y = math.sqrt(x - i)
        except ValueError:
            y = x * 0.25
        else:
            y = y * 2.0
        s = s + y
    return s


def skips_a_pole(x, n):
    s = x
    for i in range(n):
        try:
            s += x / (i - 2)
        except (ZeroDivisionError, ValueError):
            continue
        finally:
            s = s * 1.5
    return s


def two_hazards(a, b):
    try:
        y = a / (b / math.sqrt(a))
    except (ZeroDivisionError, ValueError):
        y = a * b + a
    return y * y


def several_breaks(x, n):
    k = 0
    while True:
        if x > 50.0:
            y = x * 2.0
            break
        if k > n:
            y = x + 1.0
            break
        if x < -10.0:
            return x * 3.0
        x = x * 1.4
        k += 1
    return y * k


def returns_inside_loops_inside_branches(v, limit):
    s = 0.0
    if limit > 0.0:
        for a in v:
            for b in v:
                s = s + a * b
                if s > limit:
                    return s * a
    else:
        for a in v:
            if a > 1.0:
                return a
    return s


CASES = [
    (finally_and_break, (1.3, 5)),
    (finally_and_return, (1.3, 5)),
    (finally_and_return, (1.3, 1)),
    (finally_writes, (1.3, 3)),
    (finally_writes, (1.3, 1)),
    (leaves_errstate, (1.3, 6)),
    (leaves_errstate, (1.3, 2)),
    (ratio, (1.3, 2.0)),
    (root_or, (2.3, 5)),
    (skips_a_pole, (1.3, 5)),
    (two_hazards, (1.3, 0.7)),
    (two_hazards, (-1.3, 0.7)),
    (several_breaks, (1.3, 3)),
    (several_breaks, (1.3, 30)),
    (returns_inside_loops_inside_branches, (V, 1.0)),
    (returns_inside_loops_inside_branches, (V, -1.0)),
]


def programs(rng):
    """The cases: their arguments are chosen, not drawn."""
    del rng
    return CASES
