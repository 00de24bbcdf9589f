"""Gradient of `heat_linear` (examples/heat.py) with respect to u, by adgen.

Types:    u: f8[n], c: float, nt: int
Command:  adgen compile examples/heat.py::heat_linear
Digest:   a22d733deb46 (of the source of `heat_linear`)
"""

import numpy as np


def heat_linear_grad(u, c, nt):
    if u.dtype != np.float64 or u.ndim != 1:
        raise TypeError("u: this derivative takes f8[n]")
    if u.shape[0] == 1:
        raise ValueError("u: this derivative takes f8[n]")
    if not isinstance(c, (float, int)):
        raise TypeError("c: this derivative takes float")
    if not isinstance(nt, int):
        raise TypeError("nt: this derivative takes int")

    # Forward sweep.
    v = u.copy()
    for t in range(nt):
        v[1:-1] += c * (v[2:] - 2.0 * v[1:-1] + v[:-2])

    # Reverse sweep.
    # return np.sum(v * v)
    v_bar = 2.0 * v
    for t in range(nt - 1, -1, -1):
        # v[1:-1] = v[1:-1] + c * (v[2:] - 2.0 * v[1:-1] + v[:-2])
        a_bar = c * v_bar[1:-1]
        v_bar[1:-1] *= 1.0 - 2.0 * c
        v_bar[:-2] += a_bar
        v_bar[2:] += a_bar
    return v_bar
