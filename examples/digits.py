"""A neural network learns to read handwritten digits; its gradient is a file of plain Python.

What it shows: parameters in a list of (W, b) pairs, a loop over layers, integer-label indexing, a numerically stable
softmax, mini-batches of two sizes, and one decorator.  The data are the 1797 real digits that scikit-learn ships;
360 of them are put aside and never seen in training.

    python examples/digits.py [--plot digits.png]
"""

import argparse
import importlib.util
import tempfile
import time
from pathlib import Path

import numpy as np

import adgen

SIZES = (64, 96, 48, 10)
PICTURE = Path(tempfile.gettempdir()) / "adgen_digits.png"


def logits(params, x):
    h = x
    for W, b in params[:-1]:
        h = np.tanh(h @ W + b)
    W, b = params[-1]
    return h @ W + b


def cross_entropy(params, x, labels):
    z = logits(params, x)
    shifted = z - np.max(z, axis=1, keepdims=True)  # exp never overflows
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.mean(log_p[np.arange(len(labels)), labels])


@adgen.value_and_grad
def loss(params, x, labels):
    return cross_entropy(params, x, labels)


def initial(rng, sizes=SIZES):
    return [(rng.standard_normal((m, n)) / np.sqrt(m), np.zeros(n)) for m, n in zip(sizes, sizes[1:], strict=False)]


def split():
    """The digits, pixels in 0..1: 80 % to train on, 20 % held out, always the same ones."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    order = np.random.default_rng(0).permutation(len(digits.target))
    x, labels = digits.data[order] / 16.0, digits.target[order]
    cut = int(0.8 * len(labels))
    return (x[:cut], labels[:cut]), (x[cut:], labels[cut:])


def accuracy(params, x, labels):
    """Percent of the labels that are read right."""
    return 100.0 * np.mean(np.argmax(logits(params, x), axis=1) == labels)


def train(loss_and_gradient, params, x, labels, *, epochs=40, batch=32, rate=0.3, decay=1e-3, seed=1, report=None):
    """Mini-batch gradient descent with a falling step; returns the parameters and the mean loss of each epoch."""
    rng = np.random.default_rng(seed)
    curve = []
    for epoch in range(epochs):
        step = rate * (1.0 - epoch / epochs)
        order = rng.permutation(len(labels))
        losses = []
        for start in range(0, len(labels), batch):
            rows = order[start : start + batch]
            value, gradient = loss_and_gradient(params, x[rows], labels[rows])
            params = [
                (W - step * (W_bar + decay * W), b - step * b_bar)
                for (W, b), (W_bar, b_bar) in zip(params, gradient, strict=True)
            ]
            losses.append(value)
        curve.append(float(np.mean(losses)))
        if report:
            report(epoch, curve[-1], params)
    return params, curve


def largest_error(params, x, labels, gradient, count=20, seed=2):
    """Central differences of `count` random partials: the largest relative error of the gradient.

    A partial of a pixel that is never inked is zero; the error of a small partial is measured against 1e-3.
    """
    rng = np.random.default_rng(seed)
    h, worst = 1e-5, 0.0
    for _ in range(count):
        layer, which = rng.integers(len(params)), rng.integers(2)
        entry = rng.integers(params[layer][which].size)
        values = []
        for sign in (1.0, -1.0):
            moved = [(W.copy(), b.copy()) for W, b in params]
            moved[layer][which].flat[entry] += sign * h
            values.append(cross_entropy(moved, x, labels))
        numeric = (values[0] - values[1]) / (2.0 * h)
        exact = gradient[layer][which].flat[entry]
        worst = max(worst, abs(exact - numeric) / max(abs(exact), abs(numeric), 1e-3))
    return worst


def inputs(seed):
    rng = np.random.default_rng(seed)
    return {
        "params": initial(rng, (5, 4, 4, 3)),
        "x": rng.random((6, 5)),
        "labels": rng.integers(0, 3, size=6),
    }


def draw(path, curve, params, x, labels):
    """A picture: the loss of each epoch, and eight held-out digits with what the network reads."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    guesses = np.argmax(logits(params, x), axis=1)
    figure = plt.figure(figsize=(10, 4))
    axes = figure.add_subplot(1, 2, 1)
    axes.semilogy(np.arange(1, len(curve) + 1), curve)
    axes.set(xlabel="epoch", ylabel="training loss")
    for k in range(8):
        axes = figure.add_subplot(2, 8, 5 + k % 4 + 8 * (k // 4))
        axes.imshow(x[k].reshape(8, 8), cmap="gray_r")
        axes.set_title(f"{guesses[k]} ({labels[k]})", fontsize=9)
        axes.axis("off")
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--plot", metavar="FILE", default=PICTURE, help="where the picture goes")
    options = parser.parse_args()

    (x, labels), (x_held, labels_held) = split()
    params = initial(np.random.default_rng(0))
    print(f"{len(labels)} digits to learn from, {len(labels_held)} held out; a {'-'.join(map(str, SIZES))} network")

    _, gradient = loss(params, x[:200], labels[:200])
    error = largest_error(params, x[:200], labels[:200], gradient)
    print(f"gradient against central differences, 20 random partials: largest relative error {error:.1e}")

    def report(epoch, value, params):
        if epoch % 5 == 4:
            held = accuracy(params, x_held, labels_held)
            print(f"epoch {epoch + 1:3d}   training loss {value:.4f}   held out {held:.2f} %")

    start = time.perf_counter()
    params, curve = train(loss, params, x, labels, report=report)
    print(f"trained in {time.perf_counter() - start:.1f} s")
    if importlib.util.find_spec("matplotlib"):
        draw(options.plot, curve, params, x_held, labels_held)
        print(f"picture: {options.plot}")
    print(f"{accuracy(params, x_held, labels_held):.2f} %")


if __name__ == "__main__":
    main()
