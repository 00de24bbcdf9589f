"""Gradient of `newton_sqrt` (examples/newton.py) with respect to a, by adgen.

Types:    a: float, tol: float
Kinks:    abs: abs'(0) = 0
Command:  adgen compile examples/newton.py::newton_sqrt
Digest:   6028224fdfca (of the source of `newton_sqrt`)
"""


def newton_sqrt_grad(a, tol):
    if not isinstance(a, (float, int)):
        raise TypeError("a: this derivative takes float")
    if not isinstance(tol, (float, int)):
        raise TypeError("tol: this derivative takes float")

    # Forward sweep.
    x_saved = []
    x = a
    while abs(x * x - a) > tol:
        x_saved.append(x)
        x = 0.5 * (x + a / x)

    # Reverse sweep.
    x_bar = 1.0
    a_bar = 0.0
    for x in reversed(x_saved):
        t_bar = 0.5 * x_bar
        t_bar_2 = t_bar / x
        x_bar = t_bar - t_bar_2 * (a / x)
        a_bar += t_bar_2
    a_bar += x_bar
    return a_bar
