"""A Gaussian mixture fitted by gradient ascent on its log-likelihood, in two dimensions.

What it shows: broadcasting over three axes with `[:, None, :]`, a stable log-sum-exp, parameters in a dict.

    python examples/mixture.py
"""

import numpy as np

import adgen


def log_sum_exp(a):
    top = np.max(a, axis=1, keepdims=True)
    return top[:, 0] + np.log(np.sum(np.exp(a - top), axis=1))


@adgen.value_and_grad
def log_likelihood(params, x):
    """Mean log-density of the rows of x; weights and widths are free numbers (their softmax and their exp count)."""
    log_weights = params["weights"] - np.log(np.sum(np.exp(params["weights"])))
    scaled = (x[:, None, :] - params["means"][None, :, :]) * np.exp(-params["widths"])
    log_density = -0.5 * np.sum(scaled**2 + np.log(2.0 * np.pi), axis=2) - np.sum(params["widths"], axis=1)
    return np.mean(log_sum_exp(log_density + log_weights))


def initial(rng, x, count):
    return {
        "weights": np.zeros(count),
        "means": x[rng.choice(len(x), size=count, replace=False)],
        "widths": np.zeros((count, x.shape[1])),
    }


def sample(rng, n):
    """Points from three clouds, with 50 %, 30 % and 20 % of them."""
    centres = np.array([[0.0, 0.0], [4.0, 1.0], [-1.0, 5.0]])
    which = rng.choice(3, size=n, p=[0.5, 0.3, 0.2])
    return centres[which] + rng.standard_normal((n, 2)) * np.array([0.5, 1.0])


def inputs(seed):
    rng = np.random.default_rng(seed)
    x = sample(rng, 20)
    params = initial(rng, x, 3)
    return {"params": {key: value + 0.1 * rng.standard_normal(value.shape) for key, value in params.items()}, "x": x}


def main():
    rng = np.random.default_rng(3)
    x = sample(rng, 600)
    params = initial(rng, x, 3)
    for step in range(301):
        value, gradient = log_likelihood(params, x)
        if step % 50 == 0:
            print(f"step {step:3d}   log-likelihood of a point {value:.5f}")
        params = adgen.tree_map(lambda p, g: p + 0.3 * g, params, gradient)
    shares = np.exp(params["weights"]) / np.sum(np.exp(params["weights"]))
    for k in np.argsort(-shares):
        print(f"cloud at {np.round(params['means'][k], 2)} with {100.0 * shares[k]:.0f} % of the points")


if __name__ == "__main__":
    main()
