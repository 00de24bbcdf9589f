"""Gradient of `cos_of_square` (examples/textbook/univariate.py) with respect to x, by
adgen.

Types:    x: float
Command:  adgen compile examples/textbook/univariate.py::cos_of_square
Digest:   95e3b7c18dda (of the source of `cos_of_square`)
"""

import numpy as np


def cos_of_square_grad(x):
    if not isinstance(x, (float, int)):
        raise TypeError("x: this derivative takes float")

    return -2.0 * np.sin(x**2) * x
