"""Gradient of `loss` (examples/textbook/perceptron.py) with respect to weights, by
adgen.

Types:    weights: list[f8[n, m]], x: f8[d], t: f8[k]
Command:  adgen compile examples/textbook/perceptron.py::loss
Digest:   b06c2d25ef8d (of the source of `loss`)
"""

import numpy as np


def _unbroadcast(g, x):
    """Sum g over the axes along which x was broadcast: it gets the shape of x, and its dtype."""
    if type(g) is type(x) is np.ndarray and g.shape == x.shape and g.dtype == x.dtype:
        return g
    shape = np.shape(x)
    if np.ndim(g) > len(shape):
        g = np.sum(g, axis=tuple(range(np.ndim(g) - len(shape))))
    if np.ndim(g) == len(shape) and np.shape(g) != shape:
        g = np.sum(
            g, axis=tuple(k for k, size in enumerate(shape) if size == 1), keepdims=True
        )
    if np.shape(g) != shape:
        g = np.broadcast_to(g, shape).copy()
    if np.iscomplexobj(g) and not np.iscomplexobj(x):
        g = np.real(g)
    if type(x) is float:
        return float(g)
    if not hasattr(x, "dtype") or x.dtype.kind not in "fc":
        return g
    return (
        g if hasattr(g, "dtype") and g.dtype == x.dtype else np.asarray(g, x.dtype)[()]
    )


def loss_grad(weights, x, t):
    if any(item.dtype != np.float64 or item.ndim != 2 for item in weights):
        raise TypeError("weights: this derivative takes list[f8[n, m]]")
    if any(1 in item.shape for item in weights):
        raise ValueError("weights: this derivative takes list[f8[n, m]]")
    if x.dtype != np.float64 or x.ndim != 1:
        raise TypeError("x: this derivative takes f8[d]")
    if x.shape[0] == 1:
        raise ValueError("x: this derivative takes f8[d]")
    if t.dtype != np.float64 or t.ndim != 1:
        raise TypeError("t: this derivative takes f8[k]")
    if t.shape[0] == 1:
        raise ValueError("t: this derivative takes f8[k]")

    # Forward sweep.
    z_saved = []
    z = x
    for w in weights:
        z_saved.append(z)
        z = np.tanh(w @ z)

    # Reverse sweep.
    weights_bar = [None] * len(weights)
    # return 0.5 * np.sum((z - t) ** 2)
    z_bar = _unbroadcast(z - t, z)
    for i in range(len(weights) - 1, -1, -1):
        z_2 = z_saved.pop()
        # z = np.tanh(w @ z)
        a_bar = z_bar * (1.0 - z * z)
        w = weights[i]
        weights_bar[i] = np.outer(a_bar, z_2)
        if i != 0:
            z_bar = w.T @ a_bar
        z = z_2
    return weights_bar
