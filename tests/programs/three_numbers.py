"""What is asked of a real function of three numbers by the public interface: gradient, both modes, order 2."""

import numpy as np

import adgen

X, V = np.array([0.31, 0.74, 0.52]), np.array([0.3, -0.5, 0.7])


def checked(program):
    """The gradient at X, seen to equal differences, forward mode, and to have the differences of its own."""
    gradient = adgen.grad(program)
    found = gradient(X)
    expected = [(program(X + h) - program(X - h)) / 2e-6 for h in 1e-6 * np.eye(3)]
    np.testing.assert_allclose(found, expected, rtol=2e-7, atol=2e-8)
    _, tangent = adgen.jvp(program, (X,), (V,))
    assert abs(tangent - found @ V) <= 1e-12 * max(1.0, abs(tangent))
    twice = (gradient(X + 1e-5 * V) - gradient(X - 1e-5 * V)) / 2e-5
    np.testing.assert_allclose(adgen.hvp(program)(X, V), twice, rtol=2e-6, atol=2e-7)
    return found
