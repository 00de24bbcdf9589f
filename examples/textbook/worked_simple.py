"""T5, worked numbers: y = (x1 + x2) x3 at (4, 2, -5) is -30; the gradient is (-5, -5, 6)."""

import numpy as np


def f(x1: float, x2: float, x3: float) -> float:
    u = x1 + x2
    y = u * x3
    return y


def inputs(seed):
    values = np.random.default_rng(seed).uniform(-3.0, 3.0, size=3)
    return {"x1": float(values[0]), "x2": float(values[1]), "x3": float(values[2])}


if __name__ == "__main__":
    print("f(4, 2, -5) =", f(4.0, 2.0, -5.0))
