"""T3, many paths: five layers of two units, each unit the product of both units below.

2**5 = 32 paths lead from x to the result, which is x**32; yet the adjoint has one line or two for each unit.
"""

import numpy as np


def f(x: float) -> float:
    a1 = x * x
    b1 = x * x
    a2 = a1 * b1
    b2 = b1 * a1
    a3 = a2 * b2
    b3 = b2 * a2
    a4 = a3 * b3
    b4 = b3 * a3
    a5 = a4 * b4
    return a5


def inputs(seed):
    return {"x": float(np.random.default_rng(seed).uniform(0.9, 1.1))}


if __name__ == "__main__":
    x = 1.05
    print(f"x = {x}   f = {f(x):.9f}   x**32 = {x**32:.9f}   slope 32 x**31 = {32 * x**31:.9f}")
