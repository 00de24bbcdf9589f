"""Gradient of `heat` (examples/heat.py) with respect to u, c, by adgen.

Types:    u: f8[n], c: float, nt: int
Command:  adgen compile examples/heat.py::heat
Digest:   e704f86e59db (of the source of `heat`)
"""

import numba
import numpy as np


def heat_grad(u, c, nt):
    if u.dtype != np.float64 or u.ndim != 1:
        raise TypeError("u: this derivative takes f8[n]")
    if u.shape[0] == 1:
        raise ValueError("u: this derivative takes f8[n]")
    if not isinstance(c, (float, int)):
        raise TypeError("c: this derivative takes float")
    if not isinstance(nt, int):
        raise TypeError("nt: this derivative takes int")

    return _heat_grad(u, float(c), nt)


@numba.njit(cache=True, boundscheck=True)
def _heat_grad(u, c, nt):
    # Forward sweep.
    v = u.copy()
    total_saved = np.empty((nt, u.shape[0] - 2))
    v1_saved = np.empty(nt)
    for t in range(nt):
        total = v[2:] - 2.0 * v[1:-1] + v[:-2]
        total_saved[t] = total
        v[1:-1] += c * total
        v1_saved[t] = v[1]
        v[0] = v[1] * v[1]  # a radiating end

    # Reverse sweep.
    # return np.sum(v * v)
    v_bar = 2.0 * v
    c_bar = 0.0
    for t in range(nt - 1, -1, -1):
        total = total_saved[t]
        v1 = v1_saved[t]
        # v[0] = v[1] * v[1]
        v0_bar = v_bar[0]
        v_bar[0] = 0.0
        v_bar[1] += 2.0 * v0_bar * v1
        # v[1:-1] = v[1:-1] + c * (v[2:] - 2.0 * v[1:-1] + v[:-2])
        a_bar = c * v_bar[1:-1]
        c_bar += np.vdot(v_bar[1:-1], total)
        v_bar[1:-1] *= 1.0 - 2.0 * c
        v_bar[:-2] += a_bar
        v_bar[2:] += a_bar
    return v_bar, c_bar
