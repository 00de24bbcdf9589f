"""Gradient of `sin_of_square` (examples/textbook/univariate.py) with respect to x, by
adgen.

Types:    x: float
Command:  adgen compile examples/textbook/univariate.py::sin_of_square
Digest:   79f886014246 (of the source of `sin_of_square`)
"""

import numpy as np


def sin_of_square_grad(x):
    if not isinstance(x, (float, int)):
        raise TypeError("x: this derivative takes float")

    return 2.0 * np.cos(x**2) * x
