"""Gradient of `listed` (examples/textbook/trace.py) with respect to x1, x2, by adgen.

Types:    x1: float, x2: float
Command:  adgen compile examples/textbook/trace.py::listed
Digest:   737a919c71ed (of the source of `listed`)
"""

import numpy as np


def listed_grad(x1, x2):
    if not isinstance(x1, (float, int)):
        raise TypeError("x1: this derivative takes float")
    if not isinstance(x2, (float, int)):
        raise TypeError("x2: this derivative takes float")

    # Forward sweep.
    v3 = x1 * x2
    v5 = np.exp(v3)

    # Reverse sweep.
    # v5 = np.exp(v3)
    v3_bar = 1.0 + v5
    # v3 = v1 * v2
    x1_bar = v3_bar * x2
    x2_bar = v3_bar * x1 - np.cos(x2)
    return x1_bar, x2_bar
