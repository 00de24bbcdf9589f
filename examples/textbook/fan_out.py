"""T2, fan-out: x**2 feeds two consumers, so its adjoint is a sum of two; it is computed once."""

import numpy as np


def f(x: float) -> float:
    return np.sin(x**2) + np.cos(x**2)


def inputs(seed):
    return {"x": float(np.random.default_rng(seed).uniform(0.5, 2.0))}


if __name__ == "__main__":
    for x in (0.5, 1.0, 1.5):
        print(f"x = {x}   f = {f(x):+.6f}   slope {2 * x * np.cos(x**2) - 2 * x * np.sin(x**2):+.6f}")
