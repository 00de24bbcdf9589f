"""T9, a small net with named weights: h1, h2 from the inputs, h3, h4 from those, o from h3 and h4.

With all weights 0 and the example (x1, x2, t) = (0, 1, 0) every gradient is 0: one update changes nothing.  With t = 1
only u2 has one, -cos(0) h4 = -1.
"""

import numpy as np

NAMES = ("w11", "w12", "w21", "w22", "v11", "v12", "v22", "u1", "u2")


def f1(z):
    return z


def f2(z):
    return z**2 / 2


def f3(z):
    return 2 * z


def f4(z):
    return np.exp(z)


def fo(z):
    return np.sin(z)


def cost(
    w11: float, w12: float, w21: float, w22: float, v11: float, v12: float, v22: float, u1: float, u2: float,
    x1: float, x2: float, t: float,
) -> float:  # fmt: skip
    h1 = f1(w11 * x1 + w21 * x2)
    h2 = f2(w12 * x1 + w22 * x2)
    h3 = f3(v11 * h1)
    h4 = f4(v12 * h1 + v22 * h2)
    o = fo(u1 * h3 + u2 * h4)
    return (o - t) ** 2 / 2


def inputs(seed):
    values = np.random.default_rng(seed).uniform(-1.0, 1.0, size=len(NAMES))
    return {name: float(value) for name, value in zip(NAMES, values, strict=True)} | {"x1": 0.4, "x2": -0.7, "t": 0.3}


if __name__ == "__main__":
    weights = dict.fromkeys(NAMES, 0.0)
    print("all weights 0, example (0, 1, 0): J =", cost(**weights, x1=0.0, x2=1.0, t=0.0))
    print("all weights 0, example (0, 1, 1): J =", cost(**weights, x1=0.0, x2=1.0, t=1.0))
