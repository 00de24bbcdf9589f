"""A recurrent rollout that keeps its states in a growing list; how does the last state depend on the weight?

What it shows: `append` in a loop and reads at positions of the list, from its end and from its beginning.

    python examples/rollout.py
"""

import numpy as np

import adgen


def rollout(w, x, n):
    hs = [x]
    for i in range(n):
        hs.append(np.tanh(w * hs[-1] + i))
    return np.sum(hs[-1] * hs[1])


gradient = adgen.grad(rollout, argnums=(0, 1))


def inputs(seed):
    rng = np.random.default_rng(seed)
    return {"w": 0.4, "x": rng.random(5), "n": 4}


def main():
    x = np.linspace(-1.0, 1.0, 5)
    print(" steps     result      d/dw    length of d/dx")
    for n in (1, 2, 3, 4):
        w_bar, x_bar = gradient(0.4, x, n)
        print(f"{n:6d} {rollout(0.4, x, n):10.6f} {w_bar:10.6f} {np.linalg.norm(x_bar):12.3e}")


if __name__ == "__main__":
    main()
