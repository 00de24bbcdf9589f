"""Complex numbers end to end, against the picture of pairs of real numbers.

The convention is JAX's: an adjoint pairs with a tangent by the real part of their product, without a conjugate.
So the gradient of a real loss is d/d(real part) - i d/d(imaginary part), and what an analytic function f pulls back is
y_bar * f'(z).
"""

import cmath

import numpy as np
import pytest

import adgen

Z = np.array([0.3 + 0.7j, -1.1 + 0.2j, 0.9 - 0.4j])
X = np.array([0.4, -0.8, 1.3])


def analytic(z):
    return np.exp(z * (1.0 + 2.0j)) / (z * z + 3j)


def mixed(z):
    w = np.conj(z) * z + 1j * z.imag - z.real * 2.0
    return w * w + np.abs(z)


def angles(z):
    return np.sqrt(z) * np.abs(z) ** 1.5 + np.log(z)


def from_real(x):
    return np.exp(1j * x) * (x - 0.5j)


def to_real(z):
    return np.abs(z) ** 2 * z.real


def solved(z):
    a = np.outer(z, np.conj(z)) + 3.0 * np.eye(3)
    return np.linalg.solve(a, z * z) + np.linalg.inv(a) @ z


def transformed(z):
    return np.fft.ifft(np.fft.fft(z) * np.exp(-1j * np.arange(3)))


def contracted(z):
    return np.einsum("i,j->ij", z, z) @ np.conj(z) + np.vdot(z, z) * z


def pair(direction):
    return np.concatenate([np.real(direction).ravel(), np.imag(direction).ravel()])


def real_jacobian(fun, at, h=1e-6):
    """The matrix of the map on pairs of real numbers, by differences."""
    columns = []
    steps = [1.0, 1j] if np.iscomplexobj(at) else [1.0]
    for step in steps:
        for k in range(at.size):
            d = np.zeros(at.size, complex if np.iscomplexobj(at) else float)
            d[k] = step
            columns.append(pair((fun(at + h * d) - fun(at - h * d)) / (2.0 * h)))
    return np.array(columns).T


CASES = [(analytic, Z), (mixed, Z), (angles, Z), (from_real, X), (to_real, Z), (solved, Z), (transformed, Z)]
CASES += [(transformed, X), (contracted, Z)]


@pytest.mark.parametrize(("fun", "at"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_both_modes_are_the_real_matrix(fun, at):
    matrix = real_jacobian(fun, at)
    rng = np.random.default_rng(3)
    dot = rng.standard_normal(3) + (1j * rng.standard_normal(3) if np.iscomplexobj(at) else 0.0)
    out, out_dot = adgen.jvp(fun, (at,), (dot,))
    assert out.tobytes() == fun(at).tobytes()
    wide = pair(dot) if np.iscomplexobj(at) else dot
    assert np.allclose(pair(out_dot), matrix @ wide, rtol=1e-7, atol=1e-8)
    bar = rng.standard_normal(out.shape) + (1j * rng.standard_normal(out.shape) if np.iscomplexobj(out) else 0.0)
    (at_bar,) = adgen.vjp(fun, at)[1](bar)
    assert at_bar.dtype == at.dtype and at_bar.shape == at.shape
    found = np.concatenate([np.real(at_bar), -np.imag(at_bar)]) if np.iscomplexobj(at) else at_bar
    expected = np.concatenate([np.real(bar), -np.imag(bar)]) @ matrix
    assert np.allclose(found, expected, rtol=1e-7, atol=1e-8)


def test_an_analytic_function_pulls_back_its_derivative():
    def f(z):
        return z * z * z + (2.0 - 1.0j) * z

    bar = np.array([1.0, 1j, 0.5 - 2j])
    assert np.allclose(adgen.vjp(f, Z)[1](bar)[0], bar * (3.0 * Z * Z + 2.0 - 1.0j))


def test_the_gradient_of_a_real_loss():
    def squared(z):
        return np.sum(np.abs(z) ** 2)

    assert np.allclose(adgen.grad(squared)(Z), 2.0 * np.conj(Z))


def number(x):
    z = complex(x, 0.5) * (1.0 - 2.0j) + 1j * x
    return abs(z * z) + z.real * z.imag


def test_python_numbers():
    slope = (number(0.7 + 1e-6) - number(0.7 - 1e-6)) / 2e-6
    assert np.isclose(adgen.grad(number)(0.7), slope, rtol=1e-8) and type(adgen.grad(number)(0.7)) is float
    assert np.isclose(adgen.jvp(number, (0.7,), (1.0,))[1], slope, rtol=1e-8)


def spectrum(x, h):
    bands = np.fft.rfft(x) * h
    return np.sum(np.fft.irfft(bands, n=x.size) ** 3) + np.sum(np.abs(np.fft.fft(x, n=9)))


def test_losses_through_a_transform():
    rng = np.random.default_rng(1)
    for size in (7, 8):
        adgen.check_grads(spectrum, (rng.standard_normal(size), rng.standard_normal(size // 2 + 1)), order=2)


def damped(x):
    z = np.zeros(3, dtype=complex)
    for k in range(3):
        z[k] = x[k] * cmath.exp(0.5j * k) + 1j
    return np.sum((z * np.conj(z)).real * x)


def test_complex_memory():
    x = X.copy()
    expected = [(damped(x + 1e-6 * e) - damped(x - 1e-6 * e)) / 2e-6 for e in np.eye(3)]
    assert np.allclose(adgen.grad(damped)(x), expected, rtol=1e-7)


def test_what_may_be_complex_is_refused_without_types(tmp_path):
    path = tmp_path / "vague.py"
    path.write_text("import numpy as np\n\n\ndef f(x):\n    return np.abs(x * (1.0 + 2.0j))\n")
    from adgen.errors import Refusal
    from adgen.frontend.resolve import from_file
    from adgen.ir.types import FLOAT, UNKNOWN
    from adgen.pipeline import Request, generate

    found = from_file(str(path), "f")
    with pytest.raises(Refusal, match="dtype is not known"):
        generate(found, {"x": UNKNOWN}, Request("grad", ("x",)))
    assert "1.0 + 2.0j" in generate(found, {"x": FLOAT}, Request("grad", ("x",))).text
