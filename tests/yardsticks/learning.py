"""Programs of statistics and learning, and their adjoints by hand."""

import numpy as np


# A recurrent cell with gates, over a list of inputs.
def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def lstm(W, U, b, xs, h, c):
    n = h.shape[0]
    for x in xs:
        z = W @ x + U @ h + b
        gates = sigmoid(z[: 3 * n])
        i = gates[:n]
        f = gates[n : 2 * n]
        o = gates[2 * n :]
        g = np.tanh(z[3 * n :])
        c = f * c + i * g
        h = o * np.tanh(c)
    return np.sum(h * h)


def lstm_by_hand(W, U, b, xs, h, c):
    n = h.shape[0]
    saved = []
    for x in xs:
        z = W @ x + U @ h + b
        gates = 1.0 / (1.0 + np.exp(-z[: 3 * n]))
        i = gates[:n]
        f = gates[n : 2 * n]
        o = gates[2 * n :]
        g = np.tanh(z[3 * n :])
        c_before, h_before = c, h
        c = f * c + i * g
        t = np.tanh(c)
        h = o * t
        saved.append((gates, g, c_before, h_before, t))

    h_bar = 2.0 * h
    c_bar = np.zeros_like(c)
    W_bar = np.zeros_like(W)
    U_bar = np.zeros_like(U)
    b_bar = np.zeros_like(b)
    for x, (gates, g, c, h, t) in zip(reversed(xs), reversed(saved)):
        c_bar += h_bar * gates[2 * n :] * (1.0 - t * t)
        z_bar = np.empty_like(b)
        z_bar[:n] = c_bar * g
        z_bar[n : 2 * n] = c_bar * c
        z_bar[2 * n : 3 * n] = h_bar * t
        z_bar[: 3 * n] *= gates * (1.0 - gates)
        z_bar[3 * n :] = c_bar * gates[:n] * (1.0 - g * g)
        c_bar = c_bar * gates[n : 2 * n]
        W_bar += np.outer(z_bar, x)
        U_bar += np.outer(z_bar, h)
        b_bar += z_bar
        h_bar = U.T @ z_bar
    return W_bar, U_bar, b_bar


def lstm_arguments(rng, size):
    n, m = 16, 10
    xs = [rng.standard_normal(m) for _ in range(3 * size)]
    W, U = 0.3 * rng.standard_normal((4 * n, m)), 0.3 * rng.standard_normal((4 * n, n))
    return W, U, rng.standard_normal(4 * n), xs, rng.standard_normal(n), rng.standard_normal(n)


# The cost of a clustering: each point belongs to its nearest centre.
def kmeans(points, centres):
    distances = np.sum((points[:, None, :] - centres[None, :, :]) ** 2, axis=2)
    nearest = np.argmin(distances, axis=1)
    return np.sum((points - centres[nearest]) ** 2)


def kmeans_by_hand(points, centres):
    distances = np.sum((points[:, None, :] - centres[None, :, :]) ** 2, axis=2)
    nearest = np.argmin(distances, axis=1)

    points_bar = 2.0 * (points - centres[nearest])
    centres_bar = np.zeros_like(centres)
    np.subtract.at(centres_bar, nearest, points_bar)
    return points_bar, centres_bar


def kmeans_arguments(rng, size):
    return rng.standard_normal((200 * size, 4)), rng.standard_normal((5, 4))


# Logistic regression with a ridge.
def logistic(w, b, features, labels, ridge):
    z = features @ w + b
    return np.mean(np.logaddexp(0.0, z) - labels * z) + 0.5 * ridge * np.sum(w * w)


def logistic_by_hand(w, b, features, labels, ridge):
    z = features @ w + b

    z_bar = (1.0 / (1.0 + np.exp(-z)) - labels) / z.size
    w_bar = z_bar @ features + ridge * w
    return w_bar, np.sum(z_bar)


def logistic_arguments(rng, size):
    features = rng.standard_normal((500 * size, 10))
    return rng.standard_normal(10), 0.3, features, (rng.random(500 * size) < 0.5) * 1.0, 0.1


# The log-likelihood of a mixture of Gaussians with diagonal covariances.
def mixture(weights, means, widths, x):
    prior = weights - np.log(np.sum(np.exp(weights)))
    scaled = (x[:, None, :] - means) * np.exp(-widths)
    density = prior - np.sum(widths, axis=1) - 0.5 * np.sum(scaled * scaled, axis=2)
    top = np.max(density, axis=1, keepdims=True)
    return np.mean(top[:, 0] + np.log(np.sum(np.exp(density - top), axis=1)))


def mixture_by_hand(weights, means, widths, x):
    e = np.exp(weights)
    total = np.sum(e)
    prior = weights - np.log(total)
    inverse = np.exp(-widths)
    scaled = (x[:, None, :] - means) * inverse
    density = prior - np.sum(widths, axis=1) - 0.5 * np.sum(scaled * scaled, axis=2)
    # the derivative by the shift `top` is zero, whatever it is
    top = np.max(density, axis=1, keepdims=True)
    parts = np.exp(density - top)

    share = parts / (np.sum(parts, axis=1, keepdims=True) * len(x))
    prior_bar = np.sum(share, axis=0)
    weights_bar = prior_bar - np.sum(prior_bar) / total * e
    scaled_bar = -share[:, :, None] * scaled
    widths_bar = -prior_bar[:, None] - np.sum(scaled_bar * scaled, axis=0)
    means_bar = -np.sum(scaled_bar, axis=0) * inverse
    return weights_bar, means_bar, widths_bar


def mixture_arguments(rng, size):
    k, d = 4, 3
    return (
        rng.standard_normal(k),
        rng.standard_normal((k, d)),
        0.1 * rng.standard_normal((k, d)),
        rng.standard_normal((250 * size, d)),
    )
