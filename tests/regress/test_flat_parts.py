"""`.flat` of a part of an array, or of one in another order: the adjoint's elements were copies (a wrong number)."""

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs.oracle import check

X, Z = np.array([0.3, 0.5, 0.7, 0.4]), np.array([0.8, 0.9, 0.7, 0.3])


def backwards(x, z):
    y = x * 1.0
    w = y[::-1]
    w.flat[1:3] *= z[0]
    w.flat[1] += z[1]
    return np.sum(y * z * y)


def from_itself(x, z):
    y = x * 1.0
    w = y[::2]
    w.flat[:] = w[::-1] * z[0]
    w.flat[[0, 1]] += x[0]
    return np.sum(y * z * y)


def whole_matrix(x, z):
    m = np.outer(x, z)
    m.flat[1:3] *= z[0]
    m.flat[5] = x[1]
    return np.sum(m * m)


@pytest.mark.parametrize("fun", [backwards, from_itself, whole_matrix])
def test_elements_in_a_row(fun):
    check(fun, (X, Z))


def columns(x, z):
    m = np.outer(x, z)
    w = m[:, ::2]
    w.flat[1:3] *= z[0]
    return np.sum(m * m)


def transposed(x, z):
    m = np.outer(x, z)
    m.T.flat[0:2] += x[1]
    return np.sum(m * m)


@pytest.mark.parametrize("fun", [columns, transposed])
def test_parts_of_several_axes_are_refused(fun):
    with pytest.raises(Refusal, match="is a part of another one, or in another order"):
        check(fun, (X, Z))
