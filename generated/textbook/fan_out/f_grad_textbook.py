"""Gradient of `f` (examples/textbook/fan_out.py) with respect to x, by adgen.

Types:    x: float
Command:  adgen compile examples/textbook/fan_out.py::f
Digest:   113e2695fd51 (of the source of `f`)
"""

import numpy as np


def f_grad(x):
    if not isinstance(x, (float, int)):
        raise TypeError("x: this derivative takes float")

    x_bar = -2.0 * np.sin(x**2) * x
    x_bar += 2.0 * np.cos(x**2) * x
    return x_bar
