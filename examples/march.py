"""Marching with an early way out: `return` and `continue` inside a loop, and which of them ran.

When y passes the cap the result is `cap * x`, and the step h no longer matters: its derivative is exactly zero.

    python examples/march.py
"""

import numpy as np

import adgen


def march(x: float, h: float, n: int, cap: float) -> float:
    y = x
    for i in range(n):
        if y > cap:
            return cap * x
        if i % 3 == 2:
            continue
        y = y + h * np.sin(y)
    return y * y


gradient = adgen.grad(march, argnums=(0, 1))


def inputs(seed):
    rng = np.random.default_rng(seed)
    return {"x": float(rng.uniform(0.5, 1.5)), "h": 0.3, "n": 12, "cap": float(rng.choice([2.0, 9.0]))}


def main():
    print("  cap     result      d/dx       d/dh")
    for cap in (1.5, 2.0, 2.5, 9.0):
        x_bar, h_bar = gradient(1.0, 0.3, 12, cap)
        print(f"{cap:5.1f} {march(1.0, 0.3, 12, cap):10.5f} {x_bar:10.5f} {h_bar:10.5f}")


if __name__ == "__main__":
    main()
