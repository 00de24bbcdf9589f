"""Gradient of `march` (examples/march.py) with respect to x, h, by adgen.

Types:    x: float, h: float, n: int, cap: float
Kinks:    mod: at the jumps of a % b: the derivative from the right
Command:  adgen compile examples/march.py::march
Digest:   8e936faa8180 (of the source of `march`)
"""

import numpy as np


def march_grad(x, h, n, cap):
    if not isinstance(x, (float, int)):
        raise TypeError("x: this derivative takes float")
    if not isinstance(h, (float, int)):
        raise TypeError("h: this derivative takes float")
    if not isinstance(n, int):
        raise TypeError("n: this derivative takes int")
    if not isinstance(cap, (float, int)):
        raise TypeError("cap: this derivative takes float")

    # Forward sweep.
    y_saved = []
    y = x
    stopped = False
    for i in range(n):
        if y > cap:
            stopped = True
            break
        if i % 3 == 2:
            continue
        y_saved.append(y)
        y = y + h * np.sin(y)

    # Reverse sweep.
    if stopped:
        x_bar = cap
        # return cap * x
        y_bar = 0.0
    else:
        # return y * y
        y_bar = 2.0 * y
        x_bar = 0.0
    h_bar = 0.0
    for y in reversed(y_saved):
        # y = y + h * np.sin(y)
        h_bar += y_bar * np.sin(y)
        y_bar += y_bar * h * np.cos(y)
    x_bar += y_bar
    return x_bar, h_bar
