"""The items of a list have sizes of their own, by one name: zeros of one's shape are not taken from another."""

import numpy as np

from tests.programs import oracle


def network(params, x):
    h = x
    for W, b in params[:-1]:
        h = np.tanh(h @ W + b)
    W, b = params[-1]
    return np.sum(h @ W + b)


def test_reverse_over_reverse_of_layers_of_different_sizes():
    import adgen

    rng = np.random.default_rng(0)
    sizes = (3, 4, 5, 2)
    params = [(rng.standard_normal((m, n)), rng.standard_normal(n)) for m, n in zip(sizes, sizes[1:], strict=False)]
    x = rng.random((6, 3))

    def squared(params, x):
        return sum([np.sum(W * W) + np.sum(b * b) for W, b in adgen.grad(network)(params, x)])

    oracle.check(network, (params, x))
    oracle.check(squared, (params, x))


def slices(xs, w):
    total = 0.0
    for x in xs:
        y = np.tanh(x)
        total = total + np.sum(y[1:] * y[:-1]) + np.sum(y[:2] * w)
    return total


def test_slices_of_items_of_different_sizes():
    oracle.check(slices, ([np.linspace(0.1, 1.0, 4), np.linspace(0.2, 0.5, 6)], np.array([0.5, 1.5])))


def test_a_size_without_a_name_is_any_size(tmp_path):
    from tests.support import Compiled, inside

    text = "import numpy as np\n\ndef f(x, y, n):\n    for _ in range(n):\n        t = np.sin(y)\n"
    text += "        y = t * np.sum(t[1:] * t[:-1])\n    return np.sum(y) + np.sum(x)\n"
    (tmp_path / "program.py").write_text(text)
    with inside(tmp_path):
        made = Compiled("program.py::f", "grad", ("x", "y"), "x: f8[_], y: f8[_], n: int")
    x, y = np.ones(3), np.linspace(0.1, 0.9, 5)
    x_bar, y_bar = made(x, y, 3)
    assert x_bar.shape == (3,) and y_bar.shape == (5,)
