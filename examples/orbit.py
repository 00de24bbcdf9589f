"""An iterated map, differentiated in forward mode: many inputs move along one direction, no sweep back, nothing kept.

python examples/orbit.py
"""

import numpy as np

import adgen


def orbit(x, k, n):
    y = x
    for i in range(n):
        y = np.sin(y) * x + k
    return np.sum(y)


def inputs(seed):
    return {"x": np.random.default_rng(seed).random(6), "k": 0.3, "n": 5}


def main():
    x = np.linspace(0.2, 1.2, 6)
    direction = np.ones(6)
    print(" steps      value   along (1, .., 1) and dk = 0")
    for n in (1, 2, 5, 20, 50):
        value, slope = adgen.jvp(orbit, (x, 0.3, n), (direction, 0.0, None))
        print(f"{n:6d} {value:10.6f} {slope:10.6f}")


if __name__ == "__main__":
    main()
