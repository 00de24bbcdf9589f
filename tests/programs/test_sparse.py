"""Products with sparse matrices: captured, passed, in structures, made on the way; entries that vary are refused."""

from dataclasses import dataclass

import numpy as np
import pytest

import adgen

from .three_numbers import V, X, checked

sparse = pytest.importorskip("scipy.sparse")
import scipy.sparse as sp  # noqa: E402
from scipy.sparse.linalg import expm_multiply, spsolve  # noqa: E402

A = sp.random(4, 3, 0.6, format="csr", random_state=0)
S = (sp.random(3, 3, 0.5, format="csc", random_state=1) + sp.eye(3)).tocsc()
COUNTS = sp.csr_array(np.arange(12).reshape(4, 3) % 3)
MATRICES = [S, S.T.tocsr(), (S + sp.eye(3)).tocsr()]


@dataclass
class Model:
    """A matrix among other parts."""

    matrix: object
    shift: np.ndarray


MODEL = Model(S, np.array([0.5, 1.0, 2.0]))


def captured(x):
    return np.sum((A @ x) ** 2) + np.sum(A.dot(x)) + np.sum(COUNTS @ x) ** 2


def from_the_left(x):
    y = np.sin(A @ x)
    return np.sum((y @ A) * x) + np.sum(y @ (A @ S)) + np.sum(A.T @ y) + np.sum(A.transpose().tocsr() @ y)


def tables(x):
    y = np.outer(x, x)
    return np.sum((A @ y) ** 3) + np.sum((y.T @ A.T) ** 2) + np.sum(y @ S.toarray())


def made_on_the_way(x):
    second = sp.diags([1.0, -2.0, 1.0], [-1, 0, 1], shape=(3, 3), format="csr")
    step = sp.eye(3) - 0.1 * second / 2.0
    for _ in range(3):
        x = step.dot(x) + np.sin(-second @ x)
    both = sp.kron(sp.identity(2), step) + sp.block_diag([second, step])
    return np.sum((both @ np.concatenate((x, x))) ** 2)


def of_coordinates(x):
    rows, columns = np.array([0, 2, 1]), np.array([1, 1, 2])
    incidence = sp.coo_matrix((np.array([1.0, 2.0, -1.0]), (rows, columns)), shape=(3, 3))
    n, m = incidence.shape
    y = np.zeros(n)
    y[:] = incidence @ x[:m]
    y += incidence.T @ x
    return np.sum(y**3)


def of_several(x):
    for matrix in MATRICES:
        x = np.tanh(matrix @ x)
    turned = MATRICES[0].T if x[0] > 0.0 else MATRICES[0]
    return np.sum(turned @ x) + np.sum(MODEL.matrix @ x * MODEL.shift)


def systems(x):
    return np.sum(spsolve(S, np.sin(x)) ** 2) + np.sum(expm_multiply(S, x) ** 3)


def stops(x):
    for k in range(5):
        if x[0] > 10.0:
            break
        matrix = S.T if k == 1 else S
        x = x + matrix @ x
    return np.sum(x)


PROGRAMS = [captured, from_the_left, tables, made_on_the_way, of_coordinates, of_several, systems, stops]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_program(program):
    found = checked(program)
    _, pullback = adgen.vjp(program, X)
    np.testing.assert_allclose(pullback(1.0)[0], found, rtol=1e-14)


def given(x, matrix: sp.csr_matrix, pair, model):
    y = matrix @ x * model.shift
    return np.sum(pair[0] @ y) + np.sum(pair[1] * (model.matrix @ y))


def test_matrices_are_arguments():
    more = (S, (S.T, X), MODEL)
    found = adgen.grad(given)(X, *more)
    np.testing.assert_allclose(found, [given(one, *more) for one in np.eye(3)], rtol=1e-14)
    by_pair, by_model = adgen.grad(given, (2, 3))(X, *more)
    assert by_pair[0] is None and by_model.matrix is None
    np.testing.assert_allclose(by_pair[1], S @ (S @ X * MODEL.shift))
    _, pullback = adgen.vjp(given, X, *more)
    np.testing.assert_allclose(pullback(1.0)[0], found)
    with pytest.raises(adgen.AdgenError, match="it carries no derivative"):
        adgen.grad(given, 1)(X, *more)


def test_a_product_reads_as_it_is_written():
    derivative = adgen.grad(captured)
    derivative(X)
    assert "A @ x" in derivative.source and "A.dot(x)" in derivative.source and "A.T @" in derivative.source
    jacobian = adgen.jacobian(lambda x: A @ x)(X)
    np.testing.assert_array_equal(jacobian, A.toarray())


def test_single_precision():
    found = adgen.grad(lambda x: np.sum((A @ x) ** 2))(X.astype(np.float32))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, 2.0 * A.T @ (A @ X), rtol=1e-6)


VARY = "entries of a sparse matrix that vary carry no derivative"
TAKEN = "one of its arguments is a sparse matrix"


def writes(x):
    B = sp.lil_matrix((3, 3))
    B[0, 1] = 2.0
    return np.sum(B @ x)


def in_place(x):
    B = S
    B *= 2.0
    return np.sum(B @ x)


def in_a_tuple(x):
    made = (sp.csr_matrix(x[:, None] * x), x)
    return np.sum(made[0] @ np.ones(3))


REFUSED = [
    (lambda x: np.sum(sp.diags(x) @ x), VARY),
    (lambda x: np.sum((x[0] * S) @ x), VARY),
    (lambda x: np.sum((S / x[0]) @ x), VARY),
    (lambda x: np.sum(sp.csr_matrix((x, (np.arange(3), np.arange(3)))).toarray()), VARY),
    (in_a_tuple, VARY),
    (lambda x: np.sum(S * x), "an elementwise product of a sparse matrix"),
    (lambda x: np.sum(S + x), "the sum of a sparse matrix and another value"),
    (lambda x: np.sum(S**2 @ x), "one of its operands is a sparse matrix"),
    (lambda x: np.sum(S[0] @ x), "is scipy.sparse, which has no elements"),
    (lambda x: np.sum(np.dot(S, x)), TAKEN),
    (lambda x: np.sum(np.exp(S) @ x), TAKEN),
    (lambda x: np.sum(S.data * x[0]), "no attribute or method `data`"),
    (lambda x: np.sum(S.multiply(x)), "no attribute or method `multiply`"),
    (lambda x: np.sum(sp.eye(3, dtype=np.float32) @ x), "not of float64 or integers"),
    (lambda x: np.sum(sp.coo_array(np.ones(3)) @ x), "not known to have two axes"),
    (writes, "cannot be written to"),
    (in_place, "may be changed in place"),
]


@pytest.mark.parametrize(("program", "why"), REFUSED)
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_refused(program, why, mode):
    with pytest.raises(adgen.Refusal, match=why):
        adgen.grad(program)(X) if mode == "reverse" else adgen.jvp(program, (X,), (V,))


def test_of_other_dtypes():
    single = sp.eye(3, dtype=np.float32, format="csr")
    with pytest.raises(adgen.AdgenError, match="convert it"):
        adgen.grad(lambda x, m: np.sum(m @ x))(X, single)


def test_numba_takes_none():
    pytest.importorskip("numba")
    with pytest.raises(adgen.AdgenError, match="it is a sparse matrix"):
        adgen.grad(lambda x, m: np.sum(m @ x), backend="numba")(X, S)
