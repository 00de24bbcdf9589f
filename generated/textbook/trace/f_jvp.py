"""Tangent (jvp) of `f` (examples/textbook/trace.py) with respect to x1, x2, by adgen.

Types:    x1: float, x2: float
Command:  adgen compile examples/textbook/trace.py::f
Digest:   733786a71e54 (of the source of `f`)
"""

import numpy as np


def f_jvp(x1, x2, x1_dot, x2_dot):
    if not isinstance(x1, (float, int)):
        raise TypeError("x1: this derivative takes float")
    if not isinstance(x2, (float, int)):
        raise TypeError("x2: this derivative takes float")

    total = x1_dot * x2 + x2_dot * x1
    product = x1 * x2
    exp_product = np.exp(product)
    out_dot = total + total * exp_product - x2_dot * np.cos(x2)
    return product + exp_product - np.sin(x2), out_dot
