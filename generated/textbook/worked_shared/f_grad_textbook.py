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
    y_bar = 1.0
    # y = u3 * u4
    u3_bar = y_bar * u4
    u4_bar = y_bar * u3
    # u4 = u2**2
    u2_bar = 2.0 * u4_bar * u2
    # u3 = u1 * u2
    u1_bar = u3_bar * u2
    u2_bar += u3_bar * u1
    # u2 = x3 * x4
    x3_bar = u2_bar * x4
    x4_bar = u2_bar * x3
    # u1 = x1 + x2
    x1_bar = u1_bar
    x2_bar = u1_bar
    return x1_bar, x2_bar, x3_bar, x4_bar
