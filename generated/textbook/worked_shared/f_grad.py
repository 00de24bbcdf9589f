"""Gradient of `f` (examples/textbook/worked_shared.py) with respect to x1, x2, x3, x4,
by adgen.

Types:    x1: float, x2: float, x3: float, x4: float
Command:  adgen compile examples/textbook/worked_shared.py::f
Digest:   f5027a891fdb (of the source of `f`)
"""


def f_grad(x1, x2, x3, x4):
    if not all(isinstance(number, (float, int)) for number in (x1, x2, x3, x4)):
        raise TypeError("x1, x2, x3, x4: this derivative takes float")

    # Forward sweep.
    u1 = x1 + x2
    u2 = x3 * x4
    u3 = u1 * u2
    u4 = u2**2

    # Reverse sweep.
    # u3 = u1 * u2
    u1_bar = u4 * u2
    u2_bar = 2.0 * u3 * u2 + u4 * u1
    # u2 = x3 * x4
    x3_bar = u2_bar * x4
    x4_bar = u2_bar * x3
    return u1_bar, u1_bar, x3_bar, x4_bar
