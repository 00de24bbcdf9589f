"""Signals, statistics and networks."""

import math

import numpy as np

from tests.programs.wild.collecting import program, spd


@program("Oppenheim and Schafer, FIR filter by loops", lambda rng: [rng.standard_normal(1000), rng.standard_normal(4)])
def fir_filter(x, taps):
    n = len(x)
    y = np.zeros(n)
    for k in range(len(taps)):
        y[k:] += taps[k] * x[: n - k]
    peak = np.max(np.abs(x))
    y /= peak
    power = np.sum(y**2) / n
    gain = np.sum(taps**2)
    decibels = 10.0 * math.log10(power / gain)
    return decibels + y[0]


@program("Bristow-Johnson, Audio EQ cookbook (biquad, direct form I)", lambda rng: [rng.standard_normal(60), 0.3, 0.7])
def biquad(x, w0, q):
    alpha = math.sin(w0) / (2.0 * q)
    c = math.cos(w0)
    b0, b1, b2 = (1.0 - c) / 2.0, 1.0 - c, (1.0 - c) / 2.0
    a0, a1, a2 = 1.0 + alpha, -2.0 * c, 1.0 - alpha
    y = np.zeros(len(x))
    x1 = x2 = y1 = y2 = 0.0
    for i in range(len(x)):
        y[i] = (b0 * x[i] + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2) / a0
        x2, x1 = x1, x[i]
        y2, y1 = y1, y[i]
    return np.sum(y * y)


@program(
    "Goertzel, An algorithm for the evaluation of finite trigonometric series (1958)",
    lambda rng: [rng.standard_normal(50), 0.9],
)
def goertzel(samples, omega):
    coefficient = 2.0 * math.cos(omega)
    s1 = 0.0
    s2 = 0.0
    for sample in samples:
        s = sample + coefficient * s1 - s2
        s2 = s1
        s1 = s
    power = s1 * s1 + s2 * s2 - coefficient * s1 * s2
    amplitude = math.sqrt(power)
    return amplitude / len(samples)


def lift(x, step):
    """One level of Haar lifting on every `step`-th sample, in place."""
    even = x[:: 2 * step]
    odd = x[step :: 2 * step]
    odd -= even
    even += 0.5 * odd


@program("Sweldens, The lifting scheme (1996), Haar, in place", lambda rng: [rng.standard_normal(1024), 0.2])
def haar_shrinkage(x, threshold):
    x = x.copy()
    step = 1
    levels = 0
    while step < len(x):
        lift(x, step)
        step *= 2
        levels += 1
    small = np.abs(x) < threshold
    x[small] = 0.0
    x[~small] -= threshold * np.sign(x[~small])
    energy = np.sum(x * x)
    return energy / levels


@program(
    "Silverman, Density Estimation: counts shared between neighbouring bins", lambda rng: [rng.uniform(0.5, 18.5, 1000)]
)
def soft_histogram(samples):
    bins = 20
    counts = np.zeros(bins)
    low = np.floor(samples).astype(int)
    share = samples - low
    np.add.at(counts, low, 1.0 - share)
    np.add.at(counts, low + 1, share)
    density = counts / np.sum(counts)
    entropy = 0.0
    for k in range(bins):
        if density[k] > 0.0:
            entropy -= density[k] * math.log(density[k])
    return entropy


@program("Kalman, A new approach to linear filtering (1960)", lambda rng: [rng.standard_normal(12), 0.1, 0.5])
def kalman_filter(observations, process, noise):
    f = np.array([[1.0, 0.5], [0.0, 1.0]])
    x = np.zeros(2)
    p = np.eye(2)
    loglik = 0.0
    for z in observations:
        x = f @ x
        p = f @ p @ f.T
        p[0, 0] += process
        p[1, 1] += process
        s = p[0, 0] + noise
        gain = p[:, 0] / s
        innovation = z - x[0]
        x += gain * innovation
        p -= np.outer(gain, p[0])
        loglik -= 0.5 * (innovation * innovation / s + math.log(s))
    return loglik


@program(
    "Gordon, Salmond and Smith, Bayesian bootstrap filter (1993), weights by masks",
    lambda rng: [rng.standard_normal(5), rng.standard_normal((5, 250)), 0.8],
)
def particle_filter(observations, noise, rho):
    particles = noise[0].copy()
    loglik = 0.0
    for t in range(len(observations)):
        particles = rho * particles + 0.3 * noise[t]
        weights = np.exp(-0.5 * (observations[t] - particles) ** 2)
        weak = weights < 0.05
        weights[weak] = 0.5 * weights[weak] + 0.001
        total = weights.sum()
        loglik += np.log(total / particles.size)
        weights /= total
        mean = np.sum(weights * particles)
        particles[weak] = 0.5 * (particles[weak] + mean)
    return loglik


@program(
    "Rabiner, A tutorial on hidden Markov models (1989), scaled forward pass",
    lambda rng: [rng.uniform(0.1, 1, (4, 4)), rng.uniform(0.1, 1, (4, 6)), np.array([0, 5, 2, 2, 1, 4, 3])],
)
def hmm_forward(transitions, emissions, observed):
    a = transitions / transitions.sum(axis=1, keepdims=True)
    e = emissions / emissions.sum(axis=1, keepdims=True)
    alpha = np.full(a.shape[0], 0.25)
    scales = np.empty(len(observed))
    for t in range(len(observed)):
        if t > 0:
            alpha = alpha @ a
        alpha = alpha * e[:, observed[t]]
        scales[t] = alpha.sum()
        alpha = alpha / scales[t]
    return np.log(scales).sum()


@program(
    "Viterbi, Error bounds for convolutional codes (1967)",
    lambda rng: [rng.standard_normal((4, 4)), rng.standard_normal((7, 4))],
)
def viterbi_score(transition, unary):
    steps, states = unary.shape
    score = np.full((steps, states), -np.inf)
    score[0] = unary[0]
    for t in range(1, steps):
        for s in range(states):
            best = score[t - 1, 0] + transition[0, s]
            for r in range(1, states):
                candidate = score[t - 1, r] + transition[r, s]
                if candidate > best:
                    best = candidate
            score[t, s] = best + unary[t, s]
    return max(score[-1])


def responsibilities(r, x, mean, sigma, weight):
    for k in range(len(mean)):
        r[:, k] = weight[k] / sigma[k] * np.exp(-0.5 * ((x - mean[k]) / sigma[k]) ** 2)
    r /= r.sum(axis=1, keepdims=True)


@program(
    "Dempster, Laird and Rubin, EM (1977), two Gaussians",
    lambda rng: [np.concatenate([rng.normal(-1, 0.5, 400), rng.normal(2, 1, 600)]), np.array([-0.8, 1.5])],
)
def expectation_maximisation(x, start):
    mean = start.copy()
    sigma = np.ones(2)
    weight = np.full(2, 0.5)
    r = np.empty((len(x), 2))
    for _ in range(3):
        responsibilities(r, x, mean, sigma, weight)
        total = r.sum(axis=0)
        weight[:] = total / len(x)
        mean[:] = (r.T @ x) / total
        for k in range(2):
            sigma[k] = np.sqrt(r[:, k] @ (x - mean[k]) ** 2 / total[k])
    return mean[0] * sigma[1] + weight[0]


@program(
    "Lloyd, Least squares quantization (1957)",
    lambda rng: [
        np.vstack([rng.normal(c, 0.3, (170, 2)) for c in (-3, 0, 3)]),
        np.array([[-2.5, -2.0], [0.4, 0.1], [2.0, 2.5]]),
    ],
)
def lloyd(points, centres):
    centres = centres.copy()
    labels = np.zeros(len(points), dtype=int)
    for sweep in range(10):
        distance = np.empty((len(points), len(centres)))
        for k in range(len(centres)):
            distance[:, k] = np.sum((points - centres[k]) ** 2, axis=1)
        new = np.argmin(distance, axis=1)
        if sweep > 0 and np.all(new == labels):
            break
        labels = new
        for k in range(len(centres)):
            centres[k] = points[labels == k].mean(axis=0)
    return np.sum((points - centres[labels]) ** 2)


@program(
    "Robbins and Monro (1951): logistic regression by stochastic gradient, unrolled",
    lambda rng: [rng.standard_normal((30, 3)), rng.choice([-1.0, 1.0], 30), 0.3],
)
def sgd_logistic(x, y, rate):
    w = np.zeros(x.shape[1])
    average = np.zeros_like(w)
    for t in range(len(y)):
        margin = y[t] * (x[t] @ w)
        slope = -y[t] / (1.0 + math.exp(margin))
        w -= rate / math.sqrt(t + 1.0) * (slope * x[t] + 0.01 * w)
        average += w
    average /= len(y)
    losses = np.log1p(np.exp(-y * (x @ average)))
    return np.mean(losses)


@program(
    "Elman, Finding structure in time (1990), states in a list",
    lambda rng: [
        rng.standard_normal((4, 4)) / 2,
        rng.standard_normal((4, 2)),
        rng.standard_normal((6, 2)),
        rng.standard_normal(4),
    ],
)
def elman_network(w, u, inputs, readout):
    h = np.zeros(w.shape[0])
    states = [h]
    outputs = []
    for x in inputs:
        h = np.tanh(w @ states[-1] + u @ x)
        states.append(h)
        outputs.append(readout @ h)
    loss = 0.0
    for k, out in enumerate(outputs):
        loss = loss + (out - math.sin(k)) ** 2
    return loss / len(outputs)


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


@program(
    "Hochreiter and Schmidhuber, Long short-term memory (1997)",
    lambda rng: [rng.standard_normal((16, 7)) / 2, rng.standard_normal(16) / 4, rng.standard_normal((5, 3))],
)
def lstm(weights, bias, inputs):
    n = 4
    h = np.zeros(n)
    c = np.zeros(n)
    outputs = []
    for x in inputs:
        z = weights @ np.concatenate([h, x]) + bias
        i, f, g, o = z[:n], z[n : 2 * n], z[2 * n : 3 * n], z[3 * n :]
        c = sigmoid(f + 1.0) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        outputs.append(h)
    return np.sum(np.array(outputs) ** 2)


@program(
    "Cho et al., Gated recurrent unit (2014), states kept in an array",
    lambda rng: [rng.standard_normal((3, 4, 6)) / 2, rng.standard_normal((5, 2))],
)
def gated_unit(weights, inputs):
    n = weights.shape[1]
    steps = len(inputs)
    states = np.zeros((steps + 1, n))
    for t in range(steps):
        both = np.concatenate((states[t], inputs[t]))
        z = 1.0 / (1.0 + np.exp(-weights[0] @ both))
        r = 1.0 / (1.0 + np.exp(-weights[1] @ both))
        both[:n] *= r
        candidate = np.tanh(weights[2] @ both)
        states[t + 1] = (1.0 - z) * states[t] + z * candidate
    return states[1:].sum() + states[-1, 0] ** 2


@program(
    "Vaswani et al., Attention is all you need (2017), causal, row by row",
    lambda rng: [rng.standard_normal((6, 4)), rng.standard_normal((3, 4, 4)) / 2],
)
def causal_attention(x, w):
    q, k, v = x @ w[0], x @ w[1], x @ w[2]
    n, d = q.shape
    out = np.zeros_like(v)
    for i in range(n):
        scores = k[: i + 1] @ q[i] / math.sqrt(d)
        scores = scores - scores.max()
        weights = np.exp(scores)
        weights /= weights.sum()
        for j in range(i + 1):
            out[i] += weights[j] * v[j]
    return np.sum(out * x)


def relu_(h):
    h[h < 0.0] = 0.0


def scale_(h, gamma, beta):
    h -= h.mean(axis=0)
    h /= np.sqrt(h.var(axis=0) + 1e-5)
    h *= gamma
    h += beta


@program(
    "Ioffe and Szegedy, Batch normalisation (2015), all in place",
    lambda rng: [
        rng.standard_normal((48, 20)),
        rng.standard_normal((20, 8)),
        rng.uniform(0.5, 1.5, 8),
        rng.standard_normal(8),
        rng.standard_normal((8, 3)),
    ],
)
def batch_normalised_network(x, w1, gamma, beta, w2):
    h = x @ w1
    scale_(h, gamma, beta)
    relu_(h)
    z = h @ w2
    z -= z.max(axis=1, keepdims=True)
    p = np.exp(z)
    p /= p.sum(axis=1, keepdims=True)
    labels = np.arange(len(x)) % 3
    picked = p[np.arange(len(x)), labels]
    return -np.mean(np.log(picked))


@program(
    "LeCun et al., Gradient-based learning (1998): convolution and pooling by loops",
    lambda rng: [rng.standard_normal((8, 8)), rng.standard_normal((2, 3, 3)), rng.standard_normal((2, 3, 3))],
)
def small_convnet(image, kernels, readout):
    maps = np.zeros((2, 6, 6))
    for m in range(2):
        for i in range(3):
            for j in range(3):
                maps[m] += kernels[m, i, j] * image[i : i + 6, j : j + 6]
    maps = np.maximum(maps, 0.01 * maps)
    pooled = np.empty((2, 3, 3))
    for m in range(2):
        for i in range(3):
            for j in range(3):
                pooled[m, i, j] = np.max(maps[m, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2])
    return np.tanh(np.sum(pooled * readout))


@program(
    "Lafferty, McCallum and Pereira, Conditional random fields (2001)",
    lambda rng: [rng.standard_normal((3, 3)), rng.standard_normal((8, 3)), np.array([0, 1, 1, 2, 0, 2, 2, 1])],
)
def linear_chain_crf(transition, unary, tags):
    score = unary[0, tags[0]]
    log_alpha = unary[0].copy()
    for t in range(1, len(tags)):
        score += transition[tags[t - 1], tags[t]] + unary[t, tags[t]]
        work = log_alpha[:, None] + transition
        top = work.max(axis=0)
        log_alpha[:] = top + np.log(np.exp(work - top).sum(axis=0)) + unary[t]
    top = log_alpha.max()
    log_z = top + math.log(np.exp(log_alpha - top).sum())
    return log_z - score


@program("Kingma and Ba, Adam (2014): a few steps on Rosenbrock's function", lambda rng: [np.array([-0.4, 0.7]), 0.05])
def adam(x, rate):
    x = x.copy()
    m = np.zeros(2)
    v = np.zeros(2)
    for t in range(1, 8):
        g = np.empty(2)
        g[0] = -400.0 * x[0] * (x[1] - x[0] ** 2) - 2.0 * (1.0 - x[0])
        g[1] = 200.0 * (x[1] - x[0] ** 2)
        m += 0.1 * (g - m)
        v += 0.001 * (g * g - v)
        x -= rate * (m / (1.0 - 0.9**t)) / (np.sqrt(v / (1.0 - 0.999**t)) + 1e-8)
    return (1.0 - x[0]) ** 2 + 100.0 * (x[1] - x[0] ** 2) ** 2


@program(
    "Rumelhart, Hinton and Williams (1986): layers as a list of pairs",
    lambda rng: [
        [
            (rng.standard_normal((30, 20)), rng.standard_normal(30)),
            (rng.standard_normal((20, 30)), rng.standard_normal(20)),
            (rng.standard_normal((1, 20)), rng.standard_normal(1)),
        ],
        rng.standard_normal(20),
    ],
)
def list_of_layers(layers, x):
    penalty = 0.0
    for depth, (w, b) in enumerate(layers):
        z = w @ x + b
        if depth < len(layers) - 1:
            x = np.tanh(0.2 * z)
        else:
            x = z
        penalty += 0.01 * np.sum(w**2) + 0.001 * np.sum(b**2)
    error = x[0] - 1.5
    loss = error**2
    return loss + penalty


@program(
    "Mikolov et al., word2vec with negative samples (2013)",
    lambda rng: [
        rng.standard_normal((60, 10)) / 3,
        rng.standard_normal((60, 10)) / 3,
        rng.integers(0, 60, 20),
        rng.integers(0, 60, 20),
        rng.integers(0, 60, (20, 3)),
    ],
)
def skip_gram(inside, outside, centres, contexts, negatives):
    loss = 0.0
    for i in range(len(centres)):
        v = inside[centres[i]]
        positive = v @ outside[contexts[i]]
        loss += math.log1p(math.exp(-positive))
        for k in range(negatives.shape[1]):
            other = negatives[i, k]
            if other == contexts[i]:
                continue
            negative = v @ outside[other]
            loss += math.log1p(math.exp(negative))
    return loss / len(centres)


def whiten(x, mean, chol):
    x -= mean
    for i in range(x.shape[1]):
        x[:, i] -= x[:, :i] @ chol[i, :i]
        x[:, i] /= chol[i, i]


@program(
    "Mardia, Kent and Bibby, Multivariate Analysis: Mahalanobis distances by a triangular solve in place",
    lambda rng: [rng.standard_normal((340, 3)), rng.standard_normal(3), np.linalg.cholesky(spd(rng, 3))],
)
def normal_log_density(x, mean, chol):
    z = x.copy()
    whiten(z, mean, chol)
    n, d = z.shape
    logdet = 0.0
    for i in range(d):
        logdet += math.log(chol[i, i])
    quadratic = np.sum(z * z)
    return -0.5 * quadratic - n * logdet - 0.5 * n * d * math.log(2.0 * math.pi)


@program(
    "Cleveland, Robust locally weighted regression (1979)",
    lambda rng: [np.sort(rng.uniform(0, 10, 40)), rng.standard_normal(40), 2.0],
)
def lowess(x, y, width):
    n = len(x)
    fitted = np.empty(n)
    for i in range(n):
        u = np.abs(x - x[i]) / width
        inside = u < 1.0
        w = np.zeros(n)
        w[inside] = (1.0 - u[inside] ** 3) ** 3
        sw, sx, sy = w.sum(), w @ x, w @ y
        sxx, sxy = w @ (x * x), w @ (x * y)
        slope = (sw * sxy - sx * sy) / (sw * sxx - sx * sx + 1e-3)
        fitted[i] = (sy - slope * sx) / sw + slope * x[i]
    return np.sum((y - fitted) ** 2)
