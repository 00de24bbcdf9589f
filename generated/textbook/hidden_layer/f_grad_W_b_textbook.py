"""Gradient of `f` (examples/textbook/hidden_layer.py) with respect to W, b, by adgen.

Types:    W: f8[n, m], b: f8[n], x: f8[m]
Command:  adgen compile examples/textbook/hidden_layer.py::f
Digest:   1b3d2b6105ae (of the source of `f`)
"""

import numpy as np


def f_grad(W, b, x):
    if W.dtype != np.float64 or W.ndim != 2:
        raise TypeError("W: this derivative takes f8[n, m]")
    if 1 in W.shape:
        raise ValueError("W: this derivative takes f8[n, m]")
    if b.dtype != np.float64 or b.ndim != 1:
        raise TypeError("b: this derivative takes f8[n]")
    if b.shape[0] == 1 or b.shape[0] != W.shape[0]:
        raise ValueError("b: this derivative takes f8[n]")
    if x.dtype != np.float64 or x.ndim != 1:
        raise TypeError("x: this derivative takes f8[m]")
    if x.shape[0] == 1 or x.shape[0] != W.shape[1]:
        raise ValueError("x: this derivative takes f8[m]")

    # Forward sweep.
    z = W @ x + b
    h = np.tanh(z)

    # Reverse sweep.
    s_bar = 1.0
    # s = np.sum(np.sin(h))
    h_bar = s_bar * np.cos(h)
    # h = np.tanh(z)
    z_bar = h_bar * (1.0 - h * h)
    # z = W @ x + b
    b_bar = z_bar.copy()
    W_bar = np.outer(z_bar, x)
    return W_bar, b_bar
