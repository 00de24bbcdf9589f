"""T4, the evaluation trace: f(x1, x2) = x1 x2 + exp(x1 x2) - sin(x2), in one line and as the text's list v1 .. v7.

The product and its exponential are kept: exp is its own derivative and is not computed again.
"""

import numpy as np


def f(x1: float, x2: float) -> float:
    return x1 * x2 + np.exp(x1 * x2) - np.sin(x2)


def listed(x1: float, x2: float) -> float:
    v1 = x1
    v2 = x2
    v3 = v1 * v2
    v4 = np.sin(v2)
    v5 = np.exp(v3)
    v6 = v3 - v4
    v7 = v5 + v6
    return v7


def inputs(seed):
    rng = np.random.default_rng(seed)
    return {"x1": float(rng.uniform(0.2, 1.5)), "x2": float(rng.uniform(0.2, 1.5))}


if __name__ == "__main__":
    x1, x2 = 0.7, 1.3
    print(f"f({x1}, {x2}) = {f(x1, x2):.9f}   listed: {listed(x1, x2):.9f}")
