"""Gradient of `cost` (examples/textbook/named_net.py) with respect to w11, w12, w21,
w22, v11, v12, v22, u1, u2, by adgen.

Types:    w11: float, w12: float, w21: float, w22: float, v11: float, v12: float,
          v22: float, u1: float, u2: float, x1: float, x2: float, t: float
Kinks:    pow: x**0 has derivative exactly 0; d/db a**b is 0 where a <= 0
Command:  adgen compile examples/textbook/named_net.py::cost
Digest:   2a42a8fab01e (of the source of `cost`)
"""

import numpy as np


def cost_grad(w11, w12, w21, w22, v11, v12, v22, u1, u2, x1, x2, t):
    if not isinstance(w11, (float, int)):
        raise TypeError("w11: this derivative takes float")
    if not isinstance(w12, (float, int)):
        raise TypeError("w12: this derivative takes float")
    if not isinstance(w21, (float, int)):
        raise TypeError("w21: this derivative takes float")
    if not isinstance(w22, (float, int)):
        raise TypeError("w22: this derivative takes float")
    if not isinstance(v11, (float, int)):
        raise TypeError("v11: this derivative takes float")
    if not isinstance(v12, (float, int)):
        raise TypeError("v12: this derivative takes float")
    if not isinstance(v22, (float, int)):
        raise TypeError("v22: this derivative takes float")
    if not isinstance(u1, (float, int)):
        raise TypeError("u1: this derivative takes float")
    if not isinstance(u2, (float, int)):
        raise TypeError("u2: this derivative takes float")
    if not isinstance(x1, (float, int)):
        raise TypeError("x1: this derivative takes float")
    if not isinstance(x2, (float, int)):
        raise TypeError("x2: this derivative takes float")
    if not isinstance(t, (float, int)):
        raise TypeError("t: this derivative takes float")

    # Forward sweep.
    total = w11 * x1 + w21 * x2
    total_2 = w12 * x1 + w22 * x2
    ratio = total_2**2 / 2
    product = 2 * (v11 * total)
    exp = np.exp(v12 * total + v22 * ratio)
    total_3 = u1 * product + u2 * exp

    # Reverse sweep.
    # return np.sin(z)
    product_2 = (np.sin(total_3) - t) * np.cos(total_3)
    # o = fo(u1 * h3 + u2 * h4)
    u2_bar = product_2 * exp
    u1_bar = product_2 * product
    # return np.exp(z)
    product = product_2 * u2 * exp
    # h4 = f4(v12 * h1 + v22 * h2)
    v22_bar = product * ratio
    v12_bar = product * total
    # return 2 * z
    product_2 = 2 * product_2 * u1
    # h3 = f3(v11 * h1)
    v11_bar = product_2 * total
    total = product * v12 + product_2 * v11
    # return z**2 / 2
    product = product * v22 * total_2
    # h2 = f2(w12 * x1 + w22 * x2)
    w22_bar = product * x2
    w12_bar = product * x1
    # h1 = f1(w11 * x1 + w21 * x2)
    w21_bar = total * x2
    w11_bar = total * x1
    return w11_bar, w12_bar, w21_bar, w22_bar, v11_bar, v12_bar, v22_bar, u1_bar, u2_bar
