"""Programs that call SciPy: gradients, both modes, order 2; and what is unknown of it, printed and no more."""

import numpy as np
import pytest

import adgen
from adgen import inventory

from .scipy_programs import PROGRAMS

X, V = np.array([0.31, 0.74, 0.52]), np.array([0.3, -0.5, 0.7])


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_program(program):
    gradient = adgen.grad(program)
    found = gradient(X)
    expected = [(program(X + h) - program(X - h)) / 2e-6 for h in 1e-6 * np.eye(3)]
    np.testing.assert_allclose(found, expected, rtol=2e-7, atol=2e-8)
    _, tangent = adgen.jvp(program, (X,), (V,))
    assert abs(tangent - found @ V) <= 1e-12 * max(1.0, abs(tangent))
    twice = (gradient(X + 1e-5 * V) - gradient(X - 1e-5 * V)) / 2e-5
    np.testing.assert_allclose(adgen.hvp(program)(X, V), twice, rtol=2e-6, atol=2e-7)


def test_what_is_unknown_is_short():
    found = inventory.counts(inventory.walk("scipy"))
    assert found["unknown"] < 80 and found["rule"] > 500
