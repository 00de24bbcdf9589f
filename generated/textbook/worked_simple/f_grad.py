"""Gradient of `f` (examples/textbook/worked_simple.py) with respect to x1, x2, x3, by
adgen.

Types:    x1: float, x2: float, x3: float
Command:  adgen compile examples/textbook/worked_simple.py::f
Digest:   ae31fb2cd40c (of the source of `f`)
"""


def f_grad(x1, x2, x3):
    if not all(isinstance(number, (float, int)) for number in (x1, x2, x3)):
        raise TypeError("x1, x2, x3: this derivative takes float")

    # Forward sweep.
    u = x1 + x2
    return x3, x3, u
