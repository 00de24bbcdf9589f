"""Value and gradient of `loss` (examples/digits.py) with respect to params, by adgen.

Types:    params: list[(f8[m_, n], f8[n])], x: f8[b, m], labels: i8[b]
Kinks:    np.max: ties share equally
Command:  adgen compile examples/digits.py::loss
Digest:   adfb98cd48c4 (of the source of `loss`)
"""

import numpy as np


def loss_value_and_grad(params, x, labels):
    if any(
        len(item) != 2
        or item[0].dtype != np.float64
        or item[0].ndim != 2
        or item[1].dtype != np.float64
        or item[1].ndim != 1
        for item in params
    ):
        raise TypeError("params: this derivative takes list[(f8[m_, n], f8[n])]")
    if any(
        1 in item[0].shape
        or item[1].shape[0] == 1
        or item[1].shape[0] != item[0].shape[1]
        for item in params
    ):
        raise ValueError("params: this derivative takes list[(f8[m_, n], f8[n])]")
    if x.dtype != np.float64 or x.ndim != 2:
        raise TypeError("x: this derivative takes f8[b, m]")
    if 1 in x.shape:
        raise ValueError("x: this derivative takes f8[b, m]")
    if labels.dtype != np.int64 or labels.ndim != 1:
        raise TypeError("labels: this derivative takes i8[b]")
    if labels.shape[0] == 1 or labels.shape[0] != x.shape[0]:
        raise ValueError("labels: this derivative takes i8[b]")

    # Forward sweep.
    params_part = params[:-1]
    h_saved = []
    h = x
    for W, b in params_part:
        h_saved.append(h)
        h = np.tanh(h @ W + b)
    W, b = params[-1]
    z = h @ W + b
    max_z = np.max(z, axis=1, keepdims=True)
    shifted = z - max_z
    exp_shifted = np.exp(shifted)
    sum_exp_shifted = np.sum(exp_shifted, axis=1, keepdims=True)
    log_p = shifted - np.log(sum_exp_shifted)
    arange = np.arange(len(labels))
    log_p_part = log_p[arange, labels]

    # Reverse sweep.
    # return -np.mean(log_p[np.arange(len(labels)), labels])
    log_p_bar = np.zeros_like(log_p)
    log_p_bar[arange, labels] = -1.0 / log_p_part.size
    # log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    shifted_bar = (
        log_p_bar
        - np.sum(log_p_bar, axis=1, keepdims=True) / sum_exp_shifted * exp_shifted
    )
    # shifted = z - np.max(z, axis=1, keepdims=True)
    mask = z == max_z
    t_bar = np.where(
        mask,
        -np.sum(shifted_bar, axis=1, keepdims=True)
        / np.sum(mask, axis=1, keepdims=True),
        0.0,
    )
    z_bar = shifted_bar + t_bar
    # W, b = params[-1]
    params_bar = [None] * len(params)
    params_bar[-1] = (h.T @ z_bar, np.sum(z_bar, axis=0))
    # return h @ W + b
    h_bar = z_bar @ W.T
    for i in range(len(params_part) - 1, -1, -1):
        h_2 = h_saved.pop()
        # h = np.tanh(h @ W + b)
        t_bar = h_bar * (1.0 - h * h)
        W = params[i][0]
        params_bar[i] = (h_2.T @ t_bar, np.sum(t_bar, axis=0))
        if i != 0:
            h_bar = t_bar @ W.T
        h = h_2
    return -np.mean(log_p_part), params_bar
