"""Gradient of `rollout` (examples/rollout.py) with respect to w, x, by adgen.

Types:    w: float, x: f8[m], n: int
Command:  adgen compile examples/rollout.py::rollout
Digest:   39741773f411 (of the source of `rollout`)
"""

import numpy as np


def rollout_grad(w, x, n):
    if not isinstance(w, (float, int)):
        raise TypeError("w: this derivative takes float")
    if x.dtype != np.float64 or x.ndim != 1:
        raise TypeError("x: this derivative takes f8[m]")
    if x.shape[0] == 1:
        raise ValueError("x: this derivative takes f8[m]")
    if not isinstance(n, int):
        raise TypeError("n: this derivative takes int")

    # Forward sweep.
    hs = [x]
    for i in range(n):
        hs.append(np.tanh(w * hs[-1] + i))

    # Reverse sweep.
    # return np.sum(hs[-1] * hs[1])
    hs_bar = [np.zeros_like(h) for h in hs]
    hs_bar[1] += hs[-1]
    hs_bar[-1] += hs[1]
    w_bar = 0.0
    for i in range(n - 1, -1, -1):
        # hs.append(np.tanh(w * hs[-1] + i))
        t_bar = hs_bar.pop()
        h = hs.pop()
        t_bar = t_bar * (1.0 - h * h)
        w_bar += np.vdot(t_bar, hs[-1])
        hs_bar[-1] += w * t_bar
    x_bar = hs_bar[0]
    return w_bar, x_bar
