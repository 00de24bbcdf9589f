"""Value and gradient of `misfit` (examples/lotka_volterra.py) with respect to a, b, c,
d, by adgen.

Types:    a: float, b: float, c: float, d: float, x: float, y: float, end: float,
          tol: float, x_seen: float, y_seen: float
Kinks:    min: ties share equally
          abs: abs'(0) = 0
          pow: x**0 has derivative exactly 0; d/db a**b is 0 where a <= 0; x**p with
          p < 1 at 0: inf, for Python floats an error
          max: ties share equally
Command:  adgen compile examples/lotka_volterra.py::misfit
Digest:   d60bc9fb2a76 (of the source of `misfit`)
"""

import math

import numpy as np


def misfit_value_and_grad(a, b, c, d, x, y, end, tol, x_seen, y_seen):
    if not all(
        isinstance(number, (float, int))
        for number in (a, b, c, d, x, y, end, tol, x_seen, y_seen)
    ):
        raise TypeError(
            "a, b, c, d, x, y, end, tol, x_seen, y_seen: this derivative takes float"
        )

    # Forward sweep.
    p1 = a * x - b * x * y
    q1 = d * x * y - c * y
    saved = []
    saved_2 = []
    h = 0.05
    t = 0.0
    x_2 = x
    y_2 = y
    while t < end:
        diff = end - t
        saved.append((q1, p1, h, diff))
        h = min(h, diff)
        total = x_2 + 0.5 * h * p1
        total_2 = y_2 + 0.5 * h * q1
        p2 = a * total - b * total * total_2
        q2 = d * total * total_2 - c * total_2
        total_3 = x_2 + 0.75 * h * p2
        total_4 = y_2 + 0.75 * h * q2
        p3 = a * total_3 - b * total_3 * total_4
        q3 = d * total_3 * total_4 - c * total_4
        total_5 = 2.0 * p1 + 3.0 * p2 + 4.0 * p3
        x_new = x_2 + h * total_5 / 9.0
        total_6 = 2.0 * q1 + 3.0 * q2 + 4.0 * q3
        y_new = y_2 + h * total_6 / 9.0
        p4 = a * x_new - b * x_new * y_new
        q4 = d * x_new * y_new - c * y_new
        diff = -5.0 * p1 + 6.0 * p2 + 8.0 * p3 - 9.0 * p4
        x_err = h * diff / 72.0
        diff_2 = -5.0 * q1 + 6.0 * q2 + 8.0 * q3 - 9.0 * q4
        y_err = h * diff_2 / 72.0
        error = abs(x_err) + abs(y_err) + 1e-14
        if error <= tol:
            t = t + h
            x_2 = x_new
            y_2 = y_new
            p1 = p4
            q1 = q4
        product = 0.9 * (tol / error) ** (1.0 / 3.0)
        max_product = max(0.2, product)
        min_max_product = min(4.0, max_product)
        saved_2.append(
            (
                h,
                total,
                total_2,
                p2,
                q2,
                total_3,
                total_4,
                total_5,
                x_new,
                total_6,
                y_new,
                diff,
                x_err,
                diff_2,
                y_err,
                error,
                product,
                max_product,
                min_max_product,
            )
        )
        h = h * min_max_product
    diff = x_2 - x_seen
    diff_2 = y_2 - y_seen

    # Reverse sweep.
    h_bar = 0.0
    t_bar = 0.0
    # return (x_end - x_seen) ** 2 + (y_end - y_seen) ** 2
    x_bar = 2.0 * diff
    y_bar = 2.0 * diff_2
    p1_bar = 0.0
    q1_bar = 0.0
    a_bar = 0.0
    b_bar = 0.0
    d_bar = 0.0
    c_bar = 0.0
    for q1, p1, h, diff_3 in reversed(saved):
        (
            h_2,
            total,
            total_2,
            p2,
            q2,
            total_3,
            total_4,
            total_5,
            x_new,
            total_6,
            y_new,
            diff_4,
            x_err,
            diff_5,
            y_err,
            error,
            product,
            max_product,
            min_max_product,
        ) = saved_2.pop()
        # h = h * min(4.0, max(0.2, 0.9 * (tol / error) ** (1.0 / 3.0)))
        h_bar_2 = h_bar * min_max_product
        s_bar = h_bar * h_2
        s_bar = (
            s_bar if max_product < 4.0 else 0.5 * s_bar if max_product == 4.0 else 0.0
        )
        ratio = tol / error
        s_bar = (
            0.9
            * (1.0 / 3.0)
            * (s_bar if product > 0.2 else 0.5 * s_bar if product == 0.2 else 0.0)
        )
        error_bar = -s_bar * math.pow(ratio, 1.0 / 3.0 - 1.0) / error * ratio
        if error <= tol:
            # t = t + h
            h_bar = h_bar_2 + t_bar
            x_new_bar = x_bar
            y_new_bar = y_bar
            p4_bar = p1_bar
            q4_bar = q1_bar
            x_bar = 0.0
            y_bar = 0.0
            p1_bar = 0.0
            q1_bar = 0.0
        else:
            h_bar = h_bar_2
            x_new_bar = 0.0
            y_new_bar = 0.0
            p4_bar = 0.0
            q4_bar = 0.0
        # y_err = h * (-5.0 * q1 + 6.0 * q2 + 8.0 * q3 - 9.0 * q4) / 72.0
        s_bar = error_bar * np.sign(y_err) / 72.0
        s_bar_2 = s_bar * h_2
        q4_bar -= 9.0 * s_bar_2
        # x_err = h * (-5.0 * p1 + 6.0 * p2 + 8.0 * p3 - 9.0 * p4) / 72.0
        s_bar_3 = error_bar * np.sign(x_err) / 72.0
        s_bar_4 = s_bar_3 * h_2
        p4_bar -= 9.0 * s_bar_4
        # return a * x - b * x * y, d * x * y - c * y
        s_bar_5 = q4_bar * y_new
        s_bar_6 = -p4_bar
        s_bar_7 = s_bar_6 * y_new
        y_new_bar = (
            y_new_bar - q4_bar * c + q4_bar * (d * x_new) + s_bar_6 * (b * x_new)
        )
        x_new_bar = x_new_bar + s_bar_5 * d + s_bar_7 * b + p4_bar * a
        # y_new = y + h * (2.0 * q1 + 3.0 * q2 + 4.0 * q3) / 9.0
        s_bar_6 = y_new_bar / 9.0
        s_bar_8 = s_bar_6 * h_2
        h_bar = h_bar + s_bar * diff_5 + s_bar_3 * diff_4 + s_bar_6 * total_6
        q3_bar = 8.0 * s_bar_2 + 4.0 * s_bar_8
        # x_new = x + h * (2.0 * p1 + 3.0 * p2 + 4.0 * p3) / 9.0
        s_bar = x_new_bar / 9.0
        s_bar_3 = s_bar * h_2
        p3_bar = 8.0 * s_bar_4 + 4.0 * s_bar_3
        # return a * x - b * x * y, d * x * y - c * y
        s_bar_6 = q3_bar * total_4
        s_bar_9 = -p3_bar
        s_bar_10 = s_bar_9 * total_4
        s_bar_9 = q3_bar * (d * total_3) - q3_bar * c + s_bar_9 * (b * total_3)
        s_bar_11 = s_bar_6 * d + s_bar_10 * b + p3_bar * a
        # p3, q3 = rates(x + 0.75 * h * p2, y + 0.75 * h * q2, a, b, c, d)
        product = 0.75 * h_2
        q2_bar = 6.0 * s_bar_2 + 3.0 * s_bar_8 + s_bar_9 * product
        p2_bar = 6.0 * s_bar_4 + 3.0 * s_bar_3 + s_bar_11 * product
        h_bar = h_bar + s_bar * total_5 + 0.75 * (s_bar_9 * q2 + s_bar_11 * p2)
        # return a * x - b * x * y, d * x * y - c * y
        s_bar = q2_bar * total_2
        c_bar = c_bar - s_bar_5 - s_bar_6 - s_bar
        d_bar = d_bar + s_bar_5 * x_new + s_bar_6 * total_3 + s_bar * total
        s_bar_5 = -p2_bar
        s_bar_6 = s_bar_5 * total_2
        s_bar_5 = q2_bar * (d * total) - q2_bar * c + s_bar_5 * (b * total)
        b_bar = b_bar + s_bar_7 * x_new + s_bar_10 * total_3 + s_bar_6 * total
        a_bar = a_bar + p4_bar * x_new + p3_bar * total_3 + p2_bar * total
        s_bar = s_bar * d + s_bar_6 * b + p2_bar * a
        # p2, q2 = rates(x + 0.5 * h * p1, y + 0.5 * h * q1, a, b, c, d)
        y_bar = y_bar + y_new_bar + s_bar_9 + s_bar_5
        product = 0.5 * h_2
        q1_bar = q1_bar - 5.0 * s_bar_2 + 2.0 * s_bar_8 + s_bar_5 * product
        x_bar = x_bar + x_new_bar + s_bar_11 + s_bar
        p1_bar = p1_bar - 5.0 * s_bar_4 + 2.0 * s_bar_3 + s_bar * product
        h_bar += 0.5 * (s_bar_5 * q1 + s_bar * p1)
        # h = min(h, end - t)
        s_bar = 0.5 * h_bar
        h_bar_2 = h_bar if h < diff_3 else s_bar if h == diff_3 else 0.0
        t_bar -= h_bar if diff_3 < h else s_bar if diff_3 == h else 0.0
        h_bar = h_bar_2
    # return a * x - b * x * y, d * x * y - c * y
    s_bar = q1_bar * y
    c_bar -= s_bar
    d_bar += s_bar * x
    b_bar -= p1_bar * y * x
    a_bar += p1_bar * x
    return diff**2 + diff_2**2, (a_bar, b_bar, c_bar, d_bar)
