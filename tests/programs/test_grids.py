"""Arrays that are made of an index: np.c_, np.r_, np.mgrid, np.ogrid."""

import linecache

import numpy as np
import pytest

from adgen.errors import Refusal
from adgen.frontend import source
from adgen.frontend.lower import lower
from adgen.ir.types import Array, Sym
from tests.programs.oracle import check

X, W = np.array([0.3, 0.5, -0.7]), np.array([0.2, 0.9, 1.1])


def design(x, w):
    return np.sum(np.c_[x, np.ones(3), x**2] @ w)


def padded(x, w):
    y = np.r_[0.0, x * w, 1:3, w[0]]
    return np.sum(y**2 * np.arange(7.0))


def rows(x, w):
    a = np.outer(x, w)
    return np.sum(np.r_[a, a * 2.0, a.T] ** 2) + np.sum(np.c_[a, x] ** 3)


def written(x, w):
    y = np.r_[x, w]
    z = np.c_[x, w]
    y[1:3] *= x[0]
    z[:, 0] = y[3:] * z[:, 1]
    return np.sum(y * y) + np.sum(z**2)


def displays(x, w):
    y = np.c_[x[:2], [w[1], 1.0], np.array([[1, 2], [3, 4]])]
    return np.sum(np.r_[x, [1.0, w[0]], 0:1:3j] ** 2) + np.sum(y**2)


def whole_numbers(x, w):
    return np.sum(np.r_[np.arange(2), 0.5, 1] * np.r_[x, w[1]])


def meshes(x, w):
    yy, xx = np.mgrid[0:3, 0:3]
    i, j = np.ogrid[0:3, 0:1:3j]
    m = np.mgrid[0:2, 1:4]
    return np.sum(np.sin(xx * x + yy * w[0])) + np.sum((i + j) * x) * np.sum(m[1] * w) + np.sum(np.mgrid[0:1:3j] * w)


@pytest.mark.parametrize("fun", [design, padded, rows, written, displays, whole_numbers, meshes])
def test_both_modes_agree_with_differences(fun):
    check(fun, (X, W))


def test_a_design_matrix_in_single_precision():
    check(design, (X.astype(np.float32), W.astype(np.float32)))


def refused(text):
    code, names, path = f"import numpy as np\ndef f(x, w):\n    return np.sum({text})\n", {}, f"<{text}>"
    linecache.cache[path] = (len(code), None, code.splitlines(True), path)
    exec(compile(code, path, "exec"), names)
    line = {"x": Array("f4", (Sym("n"),)), "w": Array("f4", (Sym("n"),))}
    with pytest.raises(Refusal) as caught:
        lower(source.find(names["f"]), line)
    return caught.value.diagnostics[0].why


def test_what_is_left_to_numpy_is_refused():
    assert "np.r_'s own" in refused("np.r_[0.0, x]")
    assert "texts say how it joins" in refused("np.r_['-1', x, w]")
    assert "1, 2 axes" in refused("np.r_[x, np.outer(x, w)]")
    assert "not made of slices" in refused("np.mgrid[x, 0:3]")
    assert "a slice without an end" in refused("np.r_[x, 1:]")
