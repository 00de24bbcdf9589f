"""Lists and tuples where elementwise functions expect arrays: crashes of generated code, or arrays of objects."""

import linecache

import numpy as np
import pytest

from tests.programs import oracle

X = np.array([0.3, 0.8, 1.2])

LISTS = [
    "np.power([1, 2, 3], x)",
    "np.power(x, [1, 2, 3])",
    "np.power([x[0], 2, 3], (1, 2, x[1]))",
    "np.float_power([1, 2, 3], x)",
    "np.float_power(x, [[1, 2, 3], [0, 1, 2]])",
    "np.arctan2([1, 2, 3], x) + np.arctan2(x, (1, 2, 3))",
    "np.multiply([1, 2, 3], x[0]) - np.multiply(x[0], [[1.5], [2.5]])",
    "np.divide((1, 2, 3), x) + np.hypot([1, 2, 3], x[0]) + np.fmod([1, 2, 3], x) + np.logaddexp([1, 2, 3], x)",
    "np.add([1, 2, 3], x, where=[True, False, True], out=np.zeros(3))",
    "np.interp(x, [0.0, 1.0, 2.0], [x[0], 2, x[1]]) + np.interp(0.5, [0, x[0], 2.0], [x[0], 2.0, x[1]])",
    "scipy.special.gammaln([x[0], 2.0]) + scipy.special.expit([x[1], 1])",
    "scipy.special.xlogy([1, 2, 3], x) + scipy.special.xlogy(x, [1, 2, 3])",
]
# arguments without derivatives of other functions: refused for an unknown rank, or crashes of generated code
LISTS += [
    "np.dot([1, 2, 3], x) + np.dot(x, [1, 2, 3]) + np.inner([1, 2, 3], x) + np.tensordot([1, 2, 3], x, 1)",
    "np.matmul([[1, 2, 3], [4, 5, 6], [7, 8, 9]], x) + np.cross([1, 0, 0], x) + np.cross(x, [1, 0, 2])",
    "np.outer([1, 2, 3], x) + np.outer(x, [1, 2, 3]) + np.multiply.outer([1, 2, 3], x) + np.power.outer([1, 2, 3], x)",
    "np.kron([1, 2], x) + np.append([1, 2, 3], x) * np.append(x, [1, 2, 3]) + np.insert(np.kron(x, x)[:4], [1, 2], 2)",
    "np.convolve([1, 2, 1], x) + np.polymul([1, 2, 3], x) + np.convolve(np.convolve(x, [1, 2]), [1, 2])",
    "np.linalg.solve([[1, 2, 0], [0, 3, 1], [1, 1, 4]], x) + np.linalg.solve(np.diag(x), [1, 2, 3])",
    "np.average(x, weights=[1, 2, 3]) + np.average([1, 2, 3], weights=x) + np.trapezoid(x, [0, 1, 3])",
    "np.interp(x, [0, 1, 3], [1, 2, 5]) + np.cov(x, [1, 2, 4])[0] @ [1, 2] + np.corrcoef([1, 2, 7], x)[0, 1]",
    "np.array([[x[0], 1], [0, 1]]) @ x[:2] + np.linalg.eigvalsh([[x[1], 1], [1, 2]])",  # a row without derivatives
    "scipy.special.logsumexp([x[0], x[1], 1], b=[1, 2, 3]) * scipy.special.softmax([x[0], 1, x[2]])",
]
MIXED = [  # a list that grows, of lists in which only some items have derivatives: arrays of objects, None among them
    "np.array([[q, k] for q in x]) * x[0]",
    "np.array([[[k, q], [q * q, k]] for q in x]) @ x[:2]",
    "np.stack([[k, q] for q in x]) @ x[:2]",
    "np.power([[k, q] for q in x], 2)",
    "np.dot([[k, q] for q in x], [x[0], k]) + np.max([[k, q] for q in x]) + np.sum([[k, q] for q in x], axis=1)",
    "np.linalg.det([[[k, q], [q * q, k]] for q in x])",
]


def function(text, names):
    code, path = f"import numpy as np\nimport scipy.special\ndef f({names}):\n    return {text}\n", f"<listed {text}>"
    linecache.cache[path] = (len(code), None, code.splitlines(True), path)
    found = {}
    exec(compile(code, path, "exec"), found)
    return found["f"]


@pytest.mark.parametrize("text", LISTS)
def test_lists_are_arrays(text):
    oracle.check(function(text, "x"), [X])


@pytest.mark.parametrize("text", MIXED)
def test_lists_of_lists_with_still_items(text):
    oracle.check(function(text, "x, k"), [X, 3])


def test_tangents_are_arrays_of_numbers():
    _, dot = oracle.Made(function("np.array([[q, k] for q in x])", "x, k"), [X, 3], "jvp", ("x",))(X, 3, X)
    assert dot.dtype == float and np.array_equal(dot, np.stack((X, np.zeros(3)), axis=1))
