"""Value and gradient of `loss` (examples/logistic.py) with respect to w, by adgen.

Types:    w: f8[d], x: f8[n, d], signs: f8[n], penalty: float
Command:  adgen compile examples/logistic.py::loss
Digest:   d4bd3181de8f (of the source of `loss`)
"""

import numpy as np


def loss_value_and_grad(w, x, signs, penalty):
    if w.dtype != np.float64 or w.ndim != 1:
        raise TypeError("w: this derivative takes f8[d]")
    if w.shape[0] == 1:
        raise ValueError("w: this derivative takes f8[d]")
    if x.dtype != np.float64 or x.ndim != 2:
        raise TypeError("x: this derivative takes f8[n, d]")
    if 1 in x.shape or x.shape[1] != w.shape[0]:
        raise ValueError("x: this derivative takes f8[n, d]")
    if signs.dtype != np.float64 or signs.ndim != 1:
        raise TypeError("signs: this derivative takes f8[n]")
    if signs.shape[0] == 1 or signs.shape[0] != x.shape[0]:
        raise ValueError("signs: this derivative takes f8[n]")
    if not isinstance(penalty, (float, int)):
        raise TypeError("penalty: this derivative takes float")

    # Forward sweep.
    margins = signs * (x @ w)
    minus_margins = -margins
    logaddexp = np.logaddexp(0.0, minus_margins)
    product = 0.5 * penalty

    # Reverse sweep.
    # margins = signs * (x @ w)
    product_2 = x.T @ (
        -1.0 / logaddexp.size * np.exp(minus_margins - logaddexp) * signs
    )
    w_bar = 2.0 * product * w + product_2
    return np.mean(logaddexp) + product * np.sum(w * w), w_bar
