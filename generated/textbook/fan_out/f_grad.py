"""Gradient of `f` (examples/textbook/fan_out.py) with respect to x, by adgen.

Types:    x: float
Command:  adgen compile examples/textbook/fan_out.py::f
Digest:   113e2695fd51 (of the source of `f`)
"""

import numpy as np


def f_grad(x):
    if not isinstance(x, (float, int)):
        raise TypeError("x: this derivative takes float")

    # Forward sweep.
    power = x**2
    return 2.0 * (np.cos(power) - np.sin(power)) * x
