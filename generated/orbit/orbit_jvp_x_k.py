"""Tangent (jvp) of `orbit` (examples/orbit.py) with respect to x, k, by adgen.

Types:    x: f8[n], k: float, n: int
Command:  adgen compile examples/orbit.py::orbit
Digest:   d01706478ab9 (of the source of `orbit`)
"""

import numpy as np


def orbit_jvp(x, k, n, x_dot, k_dot):
    if x.dtype != np.float64 or x.ndim != 1:
        raise TypeError("x: this derivative takes f8[n]")
    if x.shape[0] == 1:
        raise ValueError("x: this derivative takes f8[n]")
    if not isinstance(k, (float, int)):
        raise TypeError("k: this derivative takes float")
    if not isinstance(n, int):
        raise TypeError("n: this derivative takes int")
    if np.shape(x_dot) != np.shape(x):
        raise ValueError("x_dot: the shape of x is needed")

    y = x
    y_dot = x_dot
    for i in range(n):
        sin_y = np.sin(y)
        y_dot = y_dot * np.cos(y) * x + x_dot * sin_y + k_dot
        y = sin_y * x + k
    return np.sum(y), np.sum(y_dot)
