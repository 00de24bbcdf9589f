"""Arrays without elements: derivatives that raised where NumPy does not, or had an element too many."""

import linecache

import numpy as np
import pytest

import adgen

LINE, SQUARE, DEEP = np.zeros(0), np.zeros((0, 0)), np.ones((2, 3, 4))
CASES = [
    ("np.resize(x, (2, 4))", LINE, np.zeros((0, 3))),
    ("np.linalg.eig(x)[0]", SQUARE, np.zeros((2, 0, 0))),
    ("np.linalg.eig(x)[1]", SQUARE),
    ("np.linalg.eigvals(x)", SQUARE),
    ("np.roots(x)", LINE, np.ones(1)),
    ("np.cov(x)", np.zeros((0, 3))),
    ("np.linalg.norm(x, 2)", SQUARE, np.zeros((0, 3)), np.zeros((3, 0))),
    ("np.diagonal(x, 5, 1, 2)", DEEP, DEEP[:, :0], DEEP[:, :, :0]),
    ("np.diagonal(x, -2, 0, 2)", DEEP),
    ("np.linalg.diagonal(x, offset=4)", DEEP),
    ("np.trim_zeros(x)", LINE, np.zeros(4)),
    ("np.trim_zeros(x, 'f')", LINE, np.zeros(4)),
    ("np.trim_zeros(x, 'b')", LINE, np.zeros(4)),
    ("np.cumulative_prod(x, axis=0, include_initial=True)", LINE, np.zeros((0, 4)), np.ones((2, 0))),
]
PAIRS = [(text, x) for text, *arguments in CASES for x in arguments]


def function(text):
    code, path = f"import numpy as np\ndef f(x):\n    return {text}\n", f"<empty {text}>"
    linecache.cache[path] = (len(code), None, code.splitlines(True), path)
    found = {}
    exec(compile(code, path, "exec"), found)
    return found["f"]


@pytest.mark.parametrize(("text", "x"), PAIRS)
def test_empty_arrays(text, x):
    fun = function(text)
    y, y_dot = adgen.jvp(fun, (x,), (np.ones_like(x),))
    assert np.array_equal(y, fun(x)) and np.shape(y_dot) == np.shape(y) and not np.isnan(y_dot).any()
    _, pull = adgen.vjp(fun, x)
    (x_bar,) = pull(np.ones_like(y))
    assert x_bar.shape == x.shape and x_bar.dtype == x.dtype and not np.isnan(x_bar).any()


def test_real_eigenvectors_have_real_tangents():
    matrix = np.array([[2.0, 1.0, 0.0], [0.5, 3.0, 0.2], [0.1, 0.3, 5.0]])
    _, dot = adgen.jvp(np.linalg.eig, (matrix,), (np.eye(3)[::-1],))
    h = 1e-6
    up, down = (np.linalg.eig(matrix + sign * h * np.eye(3)[::-1])[1] for sign in (1.0, -1.0))
    assert dot[1].dtype == float and np.allclose(dot[1], (up - down) / (2.0 * h), atol=1e-8)
