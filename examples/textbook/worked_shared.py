"""T6, worked numbers with a value used twice: at (-7, 2, 2, -1), y = 40 and the gradient is (-8, -8, 60, -120)."""

import numpy as np


def f(x1: float, x2: float, x3: float, x4: float) -> float:
    u1 = x1 + x2
    u2 = x3 * x4
    u3 = u1 * u2
    u4 = u2**2
    y = u3 * u4
    return y


def inputs(seed):
    values = np.random.default_rng(seed).uniform(0.5, 2.0, size=4)
    return {f"x{k + 1}": float(value) for k, value in enumerate(values)}


if __name__ == "__main__":
    print("f(-7, 2, 2, -1) =", f(-7.0, 2.0, 2.0, -1.0))
