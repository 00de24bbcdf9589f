"""Value and gradient of `misfit` (examples/lotka_volterra.py) with respect to a, b, c,
d, by adgen.

Types:    a: float, b: float, c: float, d: float, x: float, y: float, end: float,
          tol: float, x_seen: float, y_seen: float
Kinks:    min: ties share equally
          abs: abs'(0) = 0
          pow: x**0 has derivative exactly 0; d/db a**b is 0 where a <= 0
          max: ties share equally
Command:  adgen compile examples/lotka_volterra.py::misfit
Digest:   d60bc9fb2a76 (of the source of `misfit`)
"""

import numpy as np


def misfit_value_and_grad(a, b, c, d, x, y, end, tol, x_seen, y_seen):
    if not isinstance(a, (float, int)):
        raise TypeError("a: this derivative takes float")
    if not isinstance(b, (float, int)):
        raise TypeError("b: this derivative takes float")
    if not isinstance(c, (float, int)):
        raise TypeError("c: this derivative takes float")
    if not isinstance(d, (float, int)):
        raise TypeError("d: this derivative takes float")
    if not isinstance(x, (float, int)):
        raise TypeError("x: this derivative takes float")
    if not isinstance(y, (float, int)):
        raise TypeError("y: this derivative takes float")
    if not isinstance(end, (float, int)):
        raise TypeError("end: this derivative takes float")
    if not isinstance(tol, (float, int)):
        raise TypeError("tol: this derivative takes float")
    if not isinstance(x_seen, (float, int)):
        raise TypeError("x_seen: this derivative takes float")
    if not isinstance(y_seen, (float, int)):
        raise TypeError("y_seen: this derivative takes float")

    # Forward sweep.
    h_saved = []
    q1_saved = []
    p1_saved = []
    h_saved_2 = []
    saved = []
    saved_2 = []
    h = 0.05
    t = 0.0
    x_2 = x
    y_2 = y
    p1 = a * x - b * x * y
    q1 = d * x * y - c * y
    while t < end:
        q1_saved.append(q1)
        p1_saved.append(p1)
        h_saved_2.append(h)
        diff = end - t
        h = min(h, diff)
        h_saved.append(h)
        product = 0.5 * h
        total = x_2 + product * p1
        total_2 = y_2 + product * q1
        diff_2 = a * total - b * total * total_2
        product = d * total
        diff_3 = product * total_2 - c * total_2
        product_2 = 0.75 * h
        total_3 = x_2 + product_2 * diff_2
        total_4 = y_2 + product_2 * diff_3
        diff_4 = a * total_3 - b * total_3 * total_4
        product_2 = d * total_3
        diff_5 = product_2 * total_4 - c * total_4
        total_5 = 2.0 * p1 + 3.0 * diff_2 + 4.0 * diff_4
        x_new = x_2 + h * total_5 / 9.0
        total_6 = 2.0 * q1 + 3.0 * diff_3 + 4.0 * diff_5
        y_new = y_2 + h * total_6 / 9.0
        p1_2 = a * x_new - b * x_new * y_new
        product_3 = d * x_new
        q1_2 = product_3 * y_new - c * y_new
        diff_4 = -5.0 * p1 + 6.0 * diff_2 + 8.0 * diff_4 - 9.0 * p1_2
        x_err = h * diff_4 / 72.0
        diff_5 = -5.0 * q1 + 6.0 * diff_3 + 8.0 * diff_5 - 9.0 * q1_2
        y_err = h * diff_5 / 72.0
        error = abs(x_err) + abs(y_err) + 1e-14
        saved_2.append(
            (
                diff,
                total,
                total_2,
                diff_2,
                product,
                diff_3,
                total_3,
                total_4,
                product_2,
                total_5,
                x_new,
                total_6,
                y_new,
                product_3,
                diff_4,
                x_err,
                diff_5,
                y_err,
                error,
            )
        )
        if error <= tol:
            t = t + h
            x_2 = x_new
            y_2 = y_new
            p1 = p1_2
            q1 = q1_2
        ratio = tol / error
        product = 0.9 * ratio ** (1.0 / 3.0)
        max_product = max(0.2, product)
        min_max_product = min(4.0, max_product)
        saved.append((ratio, product, max_product, min_max_product))
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
    for ratio, product, max_product, min_max_product in reversed(saved):
        h = h_saved.pop()
        q1 = q1_saved.pop()
        p1 = p1_saved.pop()
        h_2 = h_saved_2.pop()
        (
            diff_3,
            total,
            total_2,
            diff_4,
            product_2,
            diff_5,
            total_3,
            total_4,
            product_3,
            total_5,
            x_new,
            total_6,
            y_new,
            product_4,
            diff_6,
            x_err,
            diff_7,
            y_err,
            error,
        ) = saved_2.pop()
        # h = h * min(4.0, max(0.2, 0.9 * (tol / error) ** (1.0 / 3.0)))
        h_bar_2 = h_bar * min_max_product
        t_bar_2 = h_bar * h
        t_bar_2 = (
            t_bar_2
            if max_product < 4.0
            else 0.5 * t_bar_2 if max_product == 4.0 else 0.0
        )
        ratio_2 = 1.0 / 3.0
        t_bar_2 = (
            0.9
            * (t_bar_2 if product > 0.2 else 0.5 * t_bar_2 if product == 0.2 else 0.0)
            * ratio_2
        )
        error_bar = (
            -t_bar_2 * ratio ** (ratio_2 - (ratio_2 != 0)) * tol / (error * error)
        )
        if error <= tol:
            # t = t + h
            h_bar = h_bar_2 + t_bar
            x_new_bar = x_bar
            y_new_bar = y_bar
            x_bar = 0.0
            y_bar = 0.0
            p1_bar_2 = 0.0
            q1_bar_2 = 0.0
        else:
            h_bar = h_bar_2
            x_new_bar = 0.0
            y_new_bar = 0.0
            p1_bar_2 = p1_bar
            p1_bar = 0.0
            q1_bar_2 = q1_bar
            q1_bar = 0.0
        # y_err = h * (-5.0 * q1 + 6.0 * q2 + 8.0 * q3 - 9.0 * q4) / 72.0
        t_bar_2 = error_bar * np.sign(y_err) / 72.0
        t_bar_3 = t_bar_2 * h
        t_bar_4 = q1_bar - 9.0 * t_bar_3
        # x_err = h * (-5.0 * p1 + 6.0 * p2 + 8.0 * p3 - 9.0 * p4) / 72.0
        t_bar_5 = error_bar * np.sign(x_err) / 72.0
        t_bar_6 = t_bar_5 * h
        t_bar_7 = p1_bar - 9.0 * t_bar_6
        # return a * x - b * x * y, d * x * y - c * y
        t_bar_8 = -t_bar_4
        t_bar_9 = t_bar_4 * y_new
        t_bar_10 = -t_bar_7
        t_bar_11 = t_bar_10 * y_new
        y_new_bar = (
            y_new_bar + t_bar_8 * c + t_bar_4 * product_4 + t_bar_10 * (b * x_new)
        )
        x_new_bar = x_new_bar + t_bar_9 * d + t_bar_11 * b + t_bar_7 * a
        # y_new = y + h * (2.0 * q1 + 3.0 * q2 + 4.0 * q3) / 9.0
        t_bar_4 = y_new_bar / 9.0
        t_bar_10 = t_bar_4 * h
        t_bar_12 = 8.0 * t_bar_3 + 4.0 * t_bar_10
        # x_new = x + h * (2.0 * p1 + 3.0 * p2 + 4.0 * p3) / 9.0
        t_bar_13 = x_new_bar / 9.0
        t_bar_14 = t_bar_13 * h
        h_bar = (
            h_bar
            + t_bar_2 * diff_7
            + t_bar_5 * diff_6
            + t_bar_4 * total_6
            + t_bar_13 * total_5
        )
        t_bar_2 = 8.0 * t_bar_6 + 4.0 * t_bar_14
        # return a * x - b * x * y, d * x * y - c * y
        t_bar_4 = -t_bar_12
        t_bar_5 = t_bar_12 * total_4
        t_bar_13 = -t_bar_2
        t_bar_15 = t_bar_13 * total_4
        t_bar_12 = t_bar_4 * c + t_bar_12 * product_3 + t_bar_13 * (b * total_3)
        t_bar_13 = t_bar_5 * d + t_bar_15 * b + t_bar_2 * a
        # p3, q3 = rates(x + 0.75 * h * p2, y + 0.75 * h * q2, a, b, c, d)
        product = 0.75 * h
        t_bar_16 = 6.0 * t_bar_3 + 3.0 * t_bar_10 + t_bar_12 * product
        t_bar_17 = 6.0 * t_bar_6 + 3.0 * t_bar_14 + t_bar_13 * product
        # return a * x - b * x * y, d * x * y - c * y
        t_bar_18 = -t_bar_16
        c_bar = c_bar + t_bar_8 * y_new + t_bar_4 * total_4 + t_bar_18 * total_2
        t_bar_4 = t_bar_16 * total_2
        d_bar = d_bar + t_bar_9 * x_new + t_bar_5 * total_3 + t_bar_4 * total
        t_bar_5 = -t_bar_17
        t_bar_8 = t_bar_5 * total_2
        t_bar_5 = t_bar_18 * c + t_bar_16 * product_2 + t_bar_5 * (b * total)
        b_bar = b_bar + t_bar_11 * x_new + t_bar_15 * total_3 + t_bar_8 * total
        a_bar = a_bar + t_bar_7 * x_new + t_bar_2 * total_3 + t_bar_17 * total
        t_bar_2 = t_bar_4 * d + t_bar_8 * b + t_bar_17 * a
        # p2, q2 = rates(x + 0.5 * h * p1, y + 0.5 * h * q1, a, b, c, d)
        y_bar = y_bar + y_new_bar + t_bar_12 + t_bar_5
        product = 0.5 * h
        q1_bar = q1_bar_2 - 5.0 * t_bar_3 + 2.0 * t_bar_10 + t_bar_5 * product
        x_bar = x_bar + x_new_bar + t_bar_13 + t_bar_2
        p1_bar = p1_bar_2 - 5.0 * t_bar_6 + 2.0 * t_bar_14 + t_bar_2 * product
        h_bar = (
            h_bar
            + 0.75 * (t_bar_12 * diff_5 + t_bar_13 * diff_4)
            + 0.5 * (t_bar_5 * q1 + t_bar_2 * p1)
        )
        # h = min(h, end - t)
        t_bar_2 = 0.5 * h_bar
        h_bar_2 = h_bar if h_2 < diff_3 else t_bar_2 if h_2 == diff_3 else 0.0
        t_bar -= h_bar if diff_3 < h_2 else t_bar_2 if diff_3 == h_2 else 0.0
        h_bar = h_bar_2
    # return a * x - b * x * y, d * x * y - c * y
    t_bar = q1_bar * y
    c_bar -= t_bar
    d_bar += t_bar * x
    b_bar -= p1_bar * y * x
    a_bar += p1_bar * x
    return diff**2 + diff_2**2, (a_bar, b_bar, c_bar, d_bar)
