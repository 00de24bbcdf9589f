"""Linear algebra, polynomials and statistics in whole programs: both modes, order 2, batched, complex."""

import numpy as np
import numpy.polynomial.chebyshev as C
import pytest

import adgen

RNG = np.random.default_rng(8)
A, B, V = RNG.standard_normal((4, 3)), RNG.standard_normal((3, 3)), RNG.standard_normal(4)
MANY = RNG.standard_normal((2, 3, 3)) + 3.0 * np.eye(3)


def factors(a):
    q, r = np.linalg.qr(a)
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return np.sum(q[0] * r[0, 0]) + np.sum(s**2 * u[0]) * np.abs(vh[0, 1])


def fitted(a, v):
    x, residuals, rank, s = np.linalg.lstsq(a, v)
    return np.sum(x**2) * rank + np.sum(residuals) + s[0]


def modes(b):
    w, v = np.linalg.eig(b)
    return np.real(np.sum(w**3)) + np.sum(np.abs(v[0] * v[1])) + np.sum(np.abs(np.linalg.eigvals(b)))


def powers(b, n):
    return np.trace(np.linalg.matrix_power(b, n)) + np.linalg.cond(b) + np.linalg.norm(b, "nuc") * np.linalg.norm(b, 1)


def chain(a, b, v):
    return np.linalg.multi_dot([v, a, b, b.T, a.T, v]) + np.sum(np.linalg.pinv(a) @ v)


def many(m):
    w, v = np.linalg.eigh(m + m.mT)
    low = np.linalg.cholesky(m @ m.mT)
    sign, log = np.linalg.slogdet(m)
    return np.sum(w * v[:, 0] ** 2) + np.sum(low**2) + np.sum(log) + np.sum(np.linalg.solve(m, np.ones(3)))


def polynomials(c, x):
    p = np.polyfit(x, np.polyval(c, x) ** 2, 3)
    return np.sum(p**2) + np.sum(C.chebval(x, c) ** 2) + np.sum(np.abs(np.roots(c))) + np.sum(np.polymul(c, c) ** 2)


def statistics(a):
    return np.sum(np.cov(a) ** 2) + np.sum(np.corrcoef(a, rowvar=False) ** 3)


def quantum(theta, t):
    h = np.array([[1.0, 0.5j], [-0.5j, 2.0]]) * theta
    w, u = np.linalg.eigh(h)
    psi = u @ (np.exp(-1j * w * t) * (np.conj(u).T @ np.array([1.0 + 0j, 0.0])))
    return np.abs(psi[1]) ** 2


CASES = [
    (factors, (A,)),
    (fitted, (A, V)),
    (modes, (B,)),
    (powers, (B, 3)),
    (chain, (A, B, V)),
    (many, (MANY,)),
    (polynomials, (RNG.standard_normal(4), np.linspace(-0.9, 0.8, 6))),
    (statistics, (A,)),
    (quantum, (0.7, 1.3)),
]


@pytest.mark.parametrize(("fun", "args"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_programs(fun, args):
    adgen.check_grads(fun, args, order=1 if fun is modes else 2)


def inverse(a):
    return np.sum(np.linalg.inv(a))


def test_errors_are_numpys_own():
    with pytest.raises(np.linalg.LinAlgError):
        adgen.grad(inverse)(np.zeros((2, 2)))


def guarded(a):
    return np.sum(np.linalg.eigvalsh(a) ** 2)


def test_equal_eigenvalues():
    """A function of all eigenvalues has a derivative where they are equal: 2 a, of the triangle that is read."""
    assert np.allclose(adgen.grad(guarded)(np.eye(3)), 2.0 * np.eye(3))
