"""Gradient of `f` (examples/textbook/layers.py) with respect to x, by adgen.

Types:    x: float
Command:  adgen compile examples/textbook/layers.py::f
Digest:   7d435da0661d (of the source of `f`)
"""


def f_grad(x):
    if not isinstance(x, (float, int)):
        raise TypeError("x: this derivative takes float")

    # Forward sweep.
    a1 = x * x
    b1 = x * x
    a2 = a1 * b1
    b2 = b1 * a1
    a3 = a2 * b2
    b3 = b2 * a2
    b4 = b3 * a3
    return 32.0 * b4 * a3 * a2 * a1 * x
