"""Newton's iteration for a square root: the derivative of a `while` loop whose length depends on the data.

python examples/newton.py
"""

import numpy as np

import adgen


def newton_sqrt(a: float, tol: float) -> float:
    x = a
    while abs(x * x - a) > tol:
        x = 0.5 * (x + a / x)
    return x


slope = adgen.grad(newton_sqrt)


def inputs(seed):
    return {"a": float(np.random.default_rng(seed).uniform(1.0, 9.0)), "tol": 1e-12}


def main():
    print("    a      sqrt(a)        slope     1 / (2 sqrt(a))")
    for a in (0.25, 2.0, 9.0, 100.0):
        print(f"{a:7.2f} {newton_sqrt(a, 1e-12):10.6f} {slope(a, 1e-12):14.9f} {0.5 / a**0.5:14.9f}")


if __name__ == "__main__":
    main()
