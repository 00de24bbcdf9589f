"""Arrays made in a memory order that is asked for: what is a view and what a copy is told, or refused."""

import numpy as np
import pytest

import adgen

X = np.array([0.3, -0.7, 1.2])


def flat_copy(x):
    y = np.zeros((2, 3), order="F")
    y[0] = x
    y[1] = x * x
    return y.ravel() @ np.arange(6.0)


def rows_of_a_line(x):
    y = np.zeros((2, 3), order="C")
    r = y.reshape(6)
    r[:3] = x
    r[3:] = x * x
    return np.sum(y[1] * y[0])


def more_axes(x):
    y = np.array(x, order="C", ndmin=2)
    y[0, 1] = x[0] * x[2]
    y *= x
    return np.sum(y * x)


def line_of_columns(x):
    y = np.zeros((2, 3), order="F")
    r = y.reshape(6)
    r[:3] = x
    return np.sum(y * np.arange(6.0).reshape(2, 3) + x)


def perhaps_a_copy(x):
    y = np.asarray(x, order="C")
    z = y * 1.0
    y[0] = 3.0
    return np.sum(z * y)


@pytest.mark.parametrize("f", [flat_copy, rows_of_a_line, more_axes], ids=lambda f: f.__name__)
def test_right(f):
    expected = np.array([(f(X + d) - f(X - d)) / 2e-6 for d in np.eye(3) * 1e-6])
    assert np.allclose(adgen.grad(f)(X), expected, atol=1e-7)
    assert np.isclose(adgen.jvp(f, (X,), (np.array([0.1, 0.2, 0.3]),))[1], expected @ [0.1, 0.2, 0.3])


def test_a_view_of_columns_is_refused_when_it_runs():
    with pytest.raises(ValueError, match="not C-contiguous"):
        adgen.grad(line_of_columns)(X)


def test_what_may_be_a_copy_is_refused():
    with pytest.raises(adgen.Refusal, match="depends on how its memory is laid out"):
        adgen.grad(perhaps_a_copy)(X)
