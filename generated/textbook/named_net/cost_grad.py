"""Gradient of `cost` (examples/textbook/named_net.py) with respect to w11, w12, w21,
w22, v11, v12, v22, u1, u2, by adgen.

Types:    w11: float, w12: float, w21: float, w22: float, v11: float, v12: float,
          v22: float, u1: float, u2: float, x1: float, x2: float, t: float
Command:  adgen compile examples/textbook/named_net.py::cost
Digest:   2a42a8fab01e (of the source of `cost`)
"""

import numpy as np


def cost_grad(w11, w12, w21, w22, v11, v12, v22, u1, u2, x1, x2, t):
    if not all(
        isinstance(number, (float, int))
        for number in (w11, w12, w21, w22, v11, v12, v22, u1, u2, x1, x2, t)
    ):
        raise TypeError(
            "w11, w12, w21, w22, v11, v12, v22, u1, u2, x1, x2, t: this derivative takes float"
        )

    # Forward sweep.
    h1 = w11 * x1 + w21 * x2
    total = w12 * x1 + w22 * x2
    h2 = total**2 / 2
    h3 = 2 * (v11 * h1)
    h4 = np.exp(v12 * h1 + v22 * h2)
    total_2 = u1 * h3 + u2 * h4
    o = np.sin(total_2)

    # Reverse sweep.
    # return np.sin(z)
    product = (o - t) * np.cos(total_2)
    # o = fo(u1 * h3 + u2 * h4)
    u2_bar = product * h4
    u1_bar = product * h3
    # return np.exp(z)
    a_bar = product * u2 * h4
    # h4 = f4(v12 * h1 + v22 * h2)
    v22_bar = a_bar * h2
    v12_bar = a_bar * h1
    # return 2 * z
    product = 2 * product * u1
    # h3 = f3(v11 * h1)
    v11_bar = product * h1
    h1_bar = a_bar * v12 + product * v11
    # return z**2 / 2
    a_bar = a_bar * v22 * total
    # h2 = f2(w12 * x1 + w22 * x2)
    w22_bar = a_bar * x2
    w12_bar = a_bar * x1
    # h1 = f1(w11 * x1 + w21 * x2)
    w21_bar = h1_bar * x2
    w11_bar = h1_bar * x1
    return w11_bar, w12_bar, w21_bar, w22_bar, v11_bar, v12_bar, v22_bar, u1_bar, u2_bar
