"""Tangent (jvp) of `listed` (examples/textbook/trace.py) with respect to x1, x2, by
adgen.

Types:    x1: float, x2: float
Command:  adgen compile examples/textbook/trace.py::listed
Digest:   737a919c71ed (of the source of `listed`)
"""

import numpy as np


def listed_jvp(x1, x2, x1_dot, x2_dot):
    if not isinstance(x1, (float, int)):
        raise TypeError("x1: this derivative takes float")
    if not isinstance(x2, (float, int)):
        raise TypeError("x2: this derivative takes float")

    v3_dot = x1_dot * x2 + x2_dot * x1
    v3 = x1 * x2
    v4 = np.sin(x2)
    v5 = np.exp(v3)
    v6 = v3 - v4
    v7_dot = v3_dot * v5 + (v3_dot - x2_dot * np.cos(x2))
    v7 = v5 + v6
    return v7, v7_dot
