"""Value and gradient of `log_likelihood` (examples/mixture.py) with respect to params,
by adgen.

Types:    params: {weights: f8[k], means: f8[k, d], widths: f8[k, d]}, x: f8[n, d]
Kinks:    np.max: ties share equally
Command:  adgen compile examples/mixture.py::log_likelihood
Digest:   33da9c675088 (of the source of `log_likelihood`)
"""

import numpy as np


def log_likelihood_value_and_grad(params, x):
    if (
        len(params) != 3
        or params["weights"].dtype != np.float64
        or params["weights"].ndim != 1
        or params["means"].dtype != np.float64
        or params["means"].ndim != 2
        or params["widths"].dtype != np.float64
        or params["widths"].ndim != 2
    ):
        raise TypeError(
            "params: this derivative takes {weights: f8[k], means: f8[k, d], widths: f8[k, d]}"
        )
    if (
        params["weights"].shape[0] == 1
        or 1 in params["means"].shape
        or params["means"].shape[0] != params["weights"].shape[0]
        or 1 in params["widths"].shape
        or params["widths"].shape[0] != params["weights"].shape[0]
        or params["widths"].shape[1] != params["means"].shape[1]
    ):
        raise ValueError(
            "params: this derivative takes {weights: f8[k], means: f8[k, d], widths: f8[k, d]}"
        )
    if x.dtype != np.float64 or x.ndim != 2:
        raise TypeError("x: this derivative takes f8[n, d]")
    if 1 in x.shape or x.shape[1] != params["means"].shape[1]:
        raise ValueError("x: this derivative takes f8[n, d]")

    # Forward sweep.
    exp_weights = np.exp(params["weights"])
    sum_exp_weights = np.sum(exp_weights)
    log_weights = params["weights"] - np.log(sum_exp_weights)
    exp = np.exp(-params["widths"])
    scaled = (x[:, None, :] - params["means"][None, :, :]) * exp
    log_density = -0.5 * np.sum(scaled**2 + np.log(2.0 * np.pi), axis=2) - np.sum(
        params["widths"], axis=1
    )
    total = log_density + log_weights
    top = np.max(total, axis=1, keepdims=True)
    exp_2 = np.exp(total - top)
    sum_exp_2 = np.sum(exp_2, axis=1)
    total = top[:, 0] + np.log(sum_exp_2)

    # Reverse sweep.
    # return top[:, 0] + np.log(np.sum(np.exp(a - top), axis=1))
    product = (1.0 / total.size / sum_exp_2)[:, None] * exp_2
    # return np.mean(log_sum_exp(log_density + log_weights))
    log_weights_bar = np.sum(product, axis=0)
    # log_density = -0.5 * np.sum(scaled**2 + np.log(2.0 * np.pi), axis=2) - np.sum(pa ...
    scaled_bar = -product[:, :, None] * scaled
    return np.mean(total), {
        "weights": log_weights_bar
        - np.sum(log_weights_bar) / sum_exp_weights * exp_weights,
        "means": -np.sum(scaled_bar, axis=0) * exp,
        "widths": -log_weights_bar[:, None] - np.sum(scaled_bar * scaled, axis=0),
    }
