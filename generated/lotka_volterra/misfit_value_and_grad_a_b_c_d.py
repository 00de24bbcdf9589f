"""Value and gradient of `misfit` (examples/lotka_volterra.py) with respect to a, b, c,
d, by adgen.

Types:   a: float, b: float, c: float, d: float, x: float, y: float, end: float,
         tol: float, x_seen: float, y_seen: float
Kinks:   min: ties share equally
         abs: abs'(0) = 0
         pow: x**0 has derivative exactly 0; d/db a**b is 0 where a <= 0
         max: ties share equally
Command: adgen compile examples/lotka_volterra.py::misfit
Digest:  d60bc9fb2a76 (of the source of `misfit`)
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
        product_2 = d * total
        diff_3 = product_2 * total_2 - c * total_2
        product_3 = 0.75 * h
        total_3 = x_2 + product_3 * diff_2
        total_4 = y_2 + product_3 * diff_3
        diff_4 = a * total_3 - b * total_3 * total_4
        product_4 = d * total_3
        diff_5 = product_4 * total_4 - c * total_4
        total_5 = 2.0 * p1 + 3.0 * diff_2 + 4.0 * diff_4
        x_new = x_2 + h * total_5 / 9.0
        total_6 = 2.0 * q1 + 3.0 * diff_3 + 4.0 * diff_5
        y_new = y_2 + h * total_6 / 9.0
        p1_2 = a * x_new - b * x_new * y_new
        product_5 = d * x_new
        q1_2 = product_5 * y_new - c * y_new
        diff_4 = -5.0 * p1 + 6.0 * diff_2 + 8.0 * diff_4 - 9.0 * p1_2
        x_err = h * diff_4 / 72.0
        diff_5 = -5.0 * q1 + 6.0 * diff_3 + 8.0 * diff_5 - 9.0 * q1_2
        y_err = h * diff_5 / 72.0
        error = abs(x_err) + abs(y_err) + 1e-14
        saved_2.append(
            (
                diff,
                product,
                total,
                total_2,
                diff_2,
                product_2,
                diff_3,
                product_3,
                total_3,
                total_4,
                product_4,
                total_5,
                x_new,
                total_6,
                y_new,
                product_5,
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
        ratio_2 = 1.0 / 3.0
        product = 0.9 * ratio**ratio_2
        max_0_2 = max(0.2, product)
        min_4_0 = min(4.0, max_0_2)
        saved.append((ratio, ratio_2, product, max_0_2, min_4_0))
        h = h * min_4_0
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
    for part, part_2, part_3, part_4, part_5 in reversed(saved):
        h = h_saved.pop()
        q1 = q1_saved.pop()
        p1 = p1_saved.pop()
        h_2 = h_saved_2.pop()
        saved_2_item = saved_2.pop()
        saved_2_item_part = saved_2_item[0]
        saved_2_item_part_2 = saved_2_item[1]
        saved_2_item_part_3 = saved_2_item[2]
        saved_2_item_part_4 = saved_2_item[3]
        saved_2_item_part_5 = saved_2_item[4]
        saved_2_item_part_6 = saved_2_item[5]
        saved_2_item_part_7 = saved_2_item[6]
        saved_2_item_part_8 = saved_2_item[7]
        saved_2_item_part_9 = saved_2_item[8]
        saved_2_item_part_10 = saved_2_item[9]
        saved_2_item_part_11 = saved_2_item[10]
        saved_2_item_part_12 = saved_2_item[11]
        x_new = saved_2_item[12]
        saved_2_item_part_13 = saved_2_item[13]
        y_new = saved_2_item[14]
        saved_2_item_part_14 = saved_2_item[15]
        saved_2_item_part_15 = saved_2_item[16]
        x_err = saved_2_item[17]
        saved_2_item_part_16 = saved_2_item[18]
        y_err = saved_2_item[19]
        error = saved_2_item[20]
        # h = h * min(4.0, max(0.2, 0.9 * (tol / error) ** (1.0 / 3.0)))
        h_bar_2 = h_bar * part_5
        product = h_bar * h
        t = product if part_4 < 4.0 else 0.5 * product if part_4 == 4.0 else 0.0
        product = (
            0.9 * (t if part_3 > 0.2 else 0.5 * t if part_3 == 0.2 else 0.0) * part_2
        )
        error_bar = -product * part ** (part_2 - (part_2 != 0)) * tol / (error * error)
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
        ratio = error_bar * np.sign(y_err) / 72.0
        product = ratio * h
        diff_3 = q1_bar - 9.0 * product
        # x_err = h * (-5.0 * p1 + 6.0 * p2 + 8.0 * p3 - 9.0 * p4) / 72.0
        ratio_2 = error_bar * np.sign(x_err) / 72.0
        product_2 = ratio_2 * h
        diff_4 = p1_bar - 9.0 * product_2
        # return a * x - b * x * y, d * x * y - c * y
        minus_diff_3 = -diff_3
        product_3 = diff_3 * y_new
        minus_diff_4 = -diff_4
        product_4 = minus_diff_4 * y_new
        y_new_bar = (
            y_new_bar
            + minus_diff_3 * c
            + diff_3 * saved_2_item_part_14
            + minus_diff_4 * (b * x_new)
        )
        x_new_bar = x_new_bar + product_3 * d + product_4 * b + diff_4 * a
        # y_new = y + h * (2.0 * q1 + 3.0 * q2 + 4.0 * q3) / 9.0
        ratio_3 = y_new_bar / 9.0
        product_5 = ratio_3 * h
        total = 8.0 * product + 4.0 * product_5
        # x_new = x + h * (2.0 * p1 + 3.0 * p2 + 4.0 * p3) / 9.0
        ratio_4 = x_new_bar / 9.0
        product_6 = ratio_4 * h
        h_bar = (
            h_bar
            + ratio * saved_2_item_part_16
            + ratio_2 * saved_2_item_part_15
            + ratio_3 * saved_2_item_part_13
            + ratio_4 * saved_2_item_part_12
        )
        total_2 = 8.0 * product_2 + 4.0 * product_6
        # return a * x - b * x * y, d * x * y - c * y
        minus_total = -total
        product_7 = total * saved_2_item_part_10
        minus_total_2 = -total_2
        product_8 = minus_total_2 * saved_2_item_part_10
        total = (
            minus_total * c
            + total * saved_2_item_part_11
            + minus_total_2 * (b * saved_2_item_part_9)
        )
        total_3 = product_7 * d + product_8 * b + total_2 * a
        # p3, q3 = rates(x + 0.75 * h * p2, y + 0.75 * h * q2, a, b, c, d)
        total_4 = 6.0 * product + 3.0 * product_5 + total * saved_2_item_part_8
        total_5 = 6.0 * product_2 + 3.0 * product_6 + total_3 * saved_2_item_part_8
        # return a * x - b * x * y, d * x * y - c * y
        minus_total_4 = -total_4
        c_bar = (
            c_bar
            + minus_diff_3 * y_new
            + minus_total * saved_2_item_part_10
            + minus_total_4 * saved_2_item_part_4
        )
        product_9 = total_4 * saved_2_item_part_4
        d_bar = (
            d_bar
            + product_3 * x_new
            + product_7 * saved_2_item_part_9
            + product_9 * saved_2_item_part_3
        )
        minus_total_5 = -total_5
        product_3 = minus_total_5 * saved_2_item_part_4
        total_4 = (
            minus_total_4 * c
            + total_4 * saved_2_item_part_6
            + minus_total_5 * (b * saved_2_item_part_3)
        )
        b_bar = (
            b_bar
            + product_4 * x_new
            + product_8 * saved_2_item_part_9
            + product_3 * saved_2_item_part_3
        )
        a_bar = (
            a_bar
            + diff_4 * x_new
            + total_2 * saved_2_item_part_9
            + total_5 * saved_2_item_part_3
        )
        total_2 = product_9 * d + product_3 * b + total_5 * a
        # p2, q2 = rates(x + 0.5 * h * p1, y + 0.5 * h * q1, a, b, c, d)
        y_bar = y_bar + y_new_bar + total + total_4
        q1_bar = (
            q1_bar_2 - 5.0 * product + 2.0 * product_5 + total_4 * saved_2_item_part_2
        )
        x_bar = x_bar + x_new_bar + total_3 + total_2
        p1_bar = (
            p1_bar_2 - 5.0 * product_2 + 2.0 * product_6 + total_2 * saved_2_item_part_2
        )
        h_bar = (
            h_bar
            + 0.75 * (total * saved_2_item_part_7 + total_3 * saved_2_item_part_5)
            + 0.5 * (total_4 * q1 + total_2 * p1)
        )
        # h = min(h, end - t)
        product = 0.5 * h_bar
        h_bar_2 = (
            h_bar
            if h_2 < saved_2_item_part
            else product if h_2 == saved_2_item_part else 0.0
        )
        t_bar -= (
            h_bar
            if saved_2_item_part < h_2
            else product if saved_2_item_part == h_2 else 0.0
        )
        h_bar = h_bar_2
    # return a * x - b * x * y, d * x * y - c * y
    product = q1_bar * y
    c_bar -= product
    d_bar += product * x
    b_bar -= p1_bar * y * x
    a_bar += p1_bar * x
    return diff**2 + diff_2**2, (a_bar, b_bar, c_bar, d_bar)
