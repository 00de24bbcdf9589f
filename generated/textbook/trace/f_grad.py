"""Gradient of `f` (examples/textbook/trace.py) with respect to x1, x2, by adgen.

Types:    x1: float, x2: float
Command:  adgen compile examples/textbook/trace.py::f
Digest:   733786a71e54 (of the source of `f`)
"""

import numpy as np


def f_grad(x1, x2):
    if not isinstance(x1, (float, int)):
        raise TypeError("x1: this derivative takes float")
    if not isinstance(x2, (float, int)):
        raise TypeError("x2: this derivative takes float")

    total = 1.0 + np.exp(x1 * x2)
    x1_bar = total * x2
    x2_bar = total * x1 - np.cos(x2)
    return x1_bar, x2_bar
