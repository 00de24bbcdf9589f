"""T1, the chain rule: cos(x**2) has the derivative -2 x sin(x**2), sin(x**2) has 2 x cos(x**2)."""

import numpy as np


def cos_of_square(x: float) -> float:
    return np.cos(x**2)


def sin_of_square(x: float) -> float:
    return np.sin(x**2)


def inputs(seed):
    return {"x": float(np.random.default_rng(seed).uniform(0.5, 2.0))}


if __name__ == "__main__":
    for x in (0.5, 1.0, 1.5):
        print(f"x = {x}   cos(x^2) = {cos_of_square(x):+.6f}   slope {-2 * x * np.sin(x**2):+.6f}")
