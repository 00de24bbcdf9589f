"""Heat on a rod, stepped in place; how much does each starting temperature, and the conductivity, matter at the end?

What it shows: stores to slices of one array in a time loop.  In reverse the adjoint array is updated in place too.

    python examples/heat.py
"""

import numpy as np

import adgen


def heat(u, c, nt):
    v = u.copy()
    for t in range(nt):
        v[1:-1] = v[1:-1] + c * (v[2:] - 2.0 * v[1:-1] + v[:-2])
        v[0] = v[1] * v[1]  # a radiating end
    return np.sum(v * v)


def heat_linear(u, c, nt):
    v = u.copy()
    for t in range(nt):
        v[1:-1] = v[1:-1] + c * (v[2:] - 2.0 * v[1:-1] + v[:-2])
    return np.sum(v * v)


sensitivity = adgen.grad(heat, argnums=(0, 1))
sensitivity_linear = adgen.grad(heat_linear)


def inputs(seed):
    return {"u": np.random.default_rng(seed).random(9), "c": 0.2, "nt": 6}


def main():
    u = np.exp(-40.0 * (np.linspace(0.0, 1.0, 21) - 0.3) ** 2)
    u_bar, c_bar = sensitivity(u, 0.2, 40)
    print(f"energy after 40 steps {heat(u, 0.2, 40):.6f}, by conductivity {c_bar:+.6f}")
    print("by starting temperature (a bar for each point of the rod):")
    for k, value in enumerate(u_bar):
        print(f"  {k:2d} {value:+.4f} {'#' * int(60 * abs(value))}")


if __name__ == "__main__":
    main()
