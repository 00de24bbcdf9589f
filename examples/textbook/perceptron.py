"""T8, a network of any number of layers: delta_j = h'(a_j) sum_k w_kj delta_k, and dL/dw_ji = delta_j z_i.

`backprop` is the recursion written by hand, as the text has it; the generated gradient equals it to rounding.
"""

import numpy as np


def loss(weights: list, x: np.ndarray, t: np.ndarray) -> float:
    z = x
    for w in weights:
        z = np.tanh(w @ z)
    return 0.5 * np.sum((z - t) ** 2)


def backprop(weights, x, t):
    zs = [x]
    for w in weights:
        zs.append(np.tanh(w @ zs[-1]))
    gradients = []
    delta = (zs[-1] - t) * (1.0 - zs[-1] ** 2)
    for k in range(len(weights) - 1, -1, -1):
        gradients.insert(0, np.outer(delta, zs[k]))
        delta = (1.0 - zs[k] ** 2) * (weights[k].T @ delta)
    return gradients


def network(seed, layers):
    """Weights of that many layers, an input and a target."""
    rng = np.random.default_rng(seed)
    sizes = [3, *(int(size) for size in rng.integers(2, 6, size=layers))]
    weights = [rng.standard_normal((n, m)) for m, n in zip(sizes, sizes[1:], strict=False)]
    return {"weights": weights, "x": rng.standard_normal(3), "t": rng.standard_normal(sizes[-1])}


def inputs(seed):
    return network(seed, 3)


if __name__ == "__main__":
    for layers in range(1, 7):
        arguments = network(0, layers)
        norm = np.sqrt(sum(np.sum(g * g) for g in backprop(**arguments)))
        print(f"{layers} layers   loss {loss(**arguments):.6f}   length of the gradient {norm:.6f}")
