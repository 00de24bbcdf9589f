"""Calls of linear algebra: batched, complex, all orders and options."""

import numpy as np

from .cases import Case, Const, arr, spd
from .cases_complex import z


def square(*lead, kind="f"):
    """Matrices with different eigenvalues and singular values."""
    shift = np.diag([1.0, 2.5, 4.0])
    return (arr(*lead, 3, 3) if kind == "f" else z(*lead, 3, 3)) + 2.0 * shift


def hermitian(*lead, kind="f"):
    m = square(*lead, kind=kind)
    return (m + np.conj(np.swapaxes(m, -1, -2))) / 2.0


def definite(*lead, kind="f"):
    m = square(*lead, kind=kind)
    return m @ np.conj(np.swapaxes(m, -1, -2)) + np.eye(3)


def norms():
    inf = np.inf
    for order in (1, -1, 2, -2, inf, -inf, "fro", "nuc"):
        yield Case("np.linalg.norm", ("x", "ord"), [arr(3, 4), Const(order)])
        yield Case("np.linalg.norm", ("x", "ord", "axis"), [arr(2, 3, 4), Const(order), Const((0, 2))])
        yield Case("np.linalg.norm", ("x", "ord", "axis"), [arr(4, 3, 2), Const(order), Const((2, 0))])
        yield Case(
            "np.linalg.norm", ("x", "ord", "axis", "keepdims"), [arr(4, 3), Const(order), Const((0, 1)), Const(True)]
        )
        yield Case("np.linalg.matrix_norm", ("x", "ord"), [arr(2, 3, 3), Const(order)])
        yield Case("np.linalg.matrix_norm", ("x", "keepdims", "ord"), [z(3, 2), Const(True), Const(order)])
    yield Case("np.linalg.matrix_norm", ("x",), [arr(3, 4, dtype="f4")])
    yield Case("np.linalg.norm", ("x", "ord"), [arr(3, 4, dtype="f4"), Const("nuc")])
    for order in (1, 2, 3, 0.5, -1, inf, -inf):
        yield Case("np.linalg.norm", ("x", "ord"), [z(4), Const(order)])
        yield Case("np.linalg.vector_norm", ("x", "ord"), [arr(2, 3, kind="away"), Const(order)])
        yield Case(
            "np.linalg.vector_norm", ("x", "axis", "ord"), [arr(2, 3, 4, kind="away"), Const((0, 2)), Const(order)]
        )
    yield Case("np.linalg.vector_norm", ("x",), [arr(2, 3, dtype="f4")])
    yield Case("np.linalg.vector_norm", ("x", "axis", "keepdims"), [z(2, 3), Const(-1), Const(True)])
    yield Case("np.linalg.norm", ("x", "axis"), [arr(2, 3, 4), Const((0, 2))])


def systems():
    many = square(2)
    yield Case("np.linalg.solve", None, [many, arr(3)])
    yield Case("np.linalg.solve", None, [square(2, kind="c"), z(3)])
    yield Case("np.linalg.solve", None, [many, arr(3, 2)])
    yield Case("np.linalg.solve", None, [square(2, 1), arr(4, 3, 2)])
    for name in ("np.linalg.inv", "np.linalg.det", "np.linalg.slogdet"):
        yield Case(name, None, [square(2, kind="c")])
        yield Case(name, None, [square(kind="c")])


def determinants():
    """Of regular matrices, of singular ones, of one that is nearly singular."""
    for kind in "fc":
        low = square(kind=kind)
        low[2] = low[0] - 2.0 * low[1]
        for lead in ((), (2,)):
            near = np.broadcast_to(low, (*lead, 3, 3)) + 1e-9 * square(*lead, kind=kind)
            for matrix in (square(*lead, kind=kind), np.broadcast_to(low, (*lead, 3, 3)).copy(), near):
                yield Case("np.linalg.det", None, [matrix])
                yield Case("cofactors", None, [matrix])
            direction = arr(*lead, 3, 3) if kind == "f" else z(*lead, 3, 3)
            for matrix in (square(*lead, kind=kind), near):
                yield Case("cofactors_dot", None, [matrix, direction])
    yield Case("np.linalg.det", None, [np.zeros((3, 3))])
    yield Case("np.linalg.det", None, [np.outer([1.0, 2.0, 3.0], [0.5, -1.0, 2.0])])


def triangles():
    for kind in "fc":
        for lead in ((), (2,)):
            yield Case("np.linalg.cholesky", None, [definite(*lead, kind=kind)])
            yield Case("np.linalg.cholesky", ("a", "upper"), [definite(*lead, kind=kind), Const(True)])
            for name in ("np.linalg.eigvalsh",) if kind == "c" else ("np.linalg.eigvalsh", "np.linalg.eigh"):
                yield Case(name, None, [hermitian(*lead, kind=kind)])
                for order in "LU":
                    yield Case(name, ("a", "UPLO"), [hermitian(*lead, kind=kind), Const(order)])


def factors():
    for kind in "fc":
        make = arr if kind == "f" else z
        for lead in ((), (2,)):
            yield Case("np.linalg.qr", None, [make(*lead, 4, 3)])
            yield Case("np.linalg.qr", ("a", "mode"), [make(*lead, 3, 3), Const("reduced")])
            yield Case("np.linalg.qr", ("a", "mode"), [make(*lead, 4, 3), Const("r")])
            yield Case("np.linalg.svdvals", None, [make(*lead, 4, 3)])
            yield Case("np.linalg.svd", ("a", "compute_uv"), [make(*lead, 3, 4), Const(False)])
            yield Case("np.linalg.pinv", None, [make(*lead, 4, 3)])
            yield Case("np.linalg.pinv", None, [make(*lead, 2, 3)])
    for lead in ((), (2,)):
        for shape in ((4, 3), (3, 4), (3, 3)):
            yield Case("np.linalg.svd", ("a", "full_matrices"), [arr(*lead, *shape), Const(False)])
        given = [Const(True), Const(False), Const(True)]
        yield Case("np.linalg.svd", ("a", "full_matrices", "compute_uv", "hermitian"), [hermitian(*lead), *given])
        yield Case("np.linalg.svd", ("a", "hermitian"), [hermitian(*lead) - 2.0 * np.eye(3), Const(True)])
        yield Case("np.linalg.svd", None, [arr(*lead, 3, 3)])
    yield Case("reduced", None, [arr(3, 3), arr(3, 3)])
    yield Case("np.linalg.pinv", None, [arr(4, 3, dtype="f4")])
    yield Case("np.linalg.qr", None, [arr(4, 3, dtype="f4")])


# real matrices with complex eigenvalues; no entry of an eigenvector is about as large as the largest
TURNING = np.array([[0.1, 2.0, 0.2, -0.1], [-0.7, 0.3, 0.1, 0.3], [0.2, -0.1, 1.0, 5.0], [0.1, 0.2, -1.5, 1.4]])


def eigen():
    for lead in ((), (2,)):
        for value in (square(*lead, kind="c"), np.broadcast_to(TURNING, (*lead, 4, 4)) + 0.0):
            yield Case("np.linalg.eig", None, [value])
            yield Case("np.linalg.eigvals", None, [value])


def least_squares():
    for shape in ((5, 3), (3, 5), (3, 3)):
        yield Case("np.linalg.lstsq", None, [arr(*shape), arr(shape[0])])
        yield Case("np.linalg.lstsq", ("a", "b", "rcond"), [arr(*shape), arr(shape[0], 2), Const(None)])
    yield Case("np.linalg.lstsq", None, [z(5, 3), z(5)])


def powers():
    for n in (0, 1, 2, 3, 5, -1, -2):
        for value in (square(), square(2), square(kind="c")):
            yield Case("np.linalg.matrix_power", None, [0.3 * value, Const(n)])
    yield Case("np.linalg.matrix_power", None, [0.3 * square(), 3])
    for order in (None, 2, -2, 1, -1, np.inf, -np.inf, "fro", "nuc"):
        yield Case("np.linalg.cond", ("x", "p"), [square(), Const(order)])
    yield Case("np.linalg.cond", ("x",), [arr(2, 4, 3)])


def products():
    for make in (arr, z):
        yield Case("np.vecdot", None, [make(3), make(3)])
        yield Case("np.vecdot", None, [make(2, 3), make(3)])
        yield Case("np.vecdot", ("a", "b", "axis"), [make(3, 2), make(3, 1), Const(0)])
        yield Case("np.vecdot", ("a", "b", "axis", "keepdims"), [make(3, 2), make(3), Const(0), Const(True)])
        yield Case("np.vecdot", ("a", "b", "axes"), [make(3, 2), make(2, 3), Const([0, 1])])
        yield Case("np.matmul", ("a", "b", "axes"), [make(3, 2), make(2, 4, 3), Const([(1, 0), (2, 1), (0, -1)])])
        yield Case("np.matmul", ("a", "b", "axes"), [make(3), make(4, 3), Const([0, (1, 0), 0])])
        yield Case("np.matvec", ("a", "b", "axes"), [make(3, 2), make(3, 4), Const([(1, 0), 0, -1])])
        yield Case("np.vecmat", ("a", "b", "axes"), [make(3), make(4, 3, 2), Const([0, (1, 0), (0,)])])
        yield Case("np.matvec", None, [make(2, 3), make(3)])
        yield Case("np.matvec", None, [make(4, 2, 3), make(1, 3)])
        yield Case("np.matvec", None, [make(2, 3), make(4, 3)])
        yield Case("np.vecmat", None, [make(3), make(3, 2)])
        yield Case("np.vecmat", None, [make(4, 3), make(3, 2)])
        yield Case("np.vecmat", None, [make(3), make(4, 3, 2)])
        yield Case("np.linalg.multi_dot", None, [[make(2, 3), make(3, 4), make(4, 2), make(2, 5)]])
        yield Case("np.linalg.tensorinv", ("a", "ind"), [make(3, 4, 3, 2, 2) + 0.0, Const(2)])
        yield Case("np.linalg.tensorinv", ("a", "ind"), [make(4, 2, 2), Const(1)])
        yield Case("np.linalg.tensorsolve", None, [make(2, 3, 3, 2), make(2, 3)])
        yield Case("np.linalg.tensorsolve", None, [make(6, 3, 2), make(6)])
    yield Case("np.linalg.multi_dot", None, [(arr(3), arr(3, 4), arr(4, 2))])
    yield Case("np.linalg.multi_dot", None, [(arr(2, 3), arr(3, 4), arr(4))])
    yield Case("np.linalg.multi_dot", None, [(arr(3), arr(3, 4), arr(4))])
    yield Case("np.linalg.multi_dot", None, [[arr(2, 3), arr(3, 2)]])
    yield Case("np.vecdot", None, [arr(3, dtype="f4"), arr(3)])
    for one, two in (
        ((2, 3, 4), (4,)),
        ((3,), (2, 3, 4)),
        ((2, 3, 4), (4, 5)),
        ((2, 3), (4, 3, 2)),
        ((2, 3, 4), (5, 4, 2)),
    ):
        yield Case("np.dot", None, [arr(*one), arr(*two)])
    for one, two in (((2, 3, 4), (4,)), ((4,), (2, 3, 4)), ((2, 3, 4), (5, 4)), ((2, 4), (5, 3, 4))):
        yield Case("np.inner", None, [arr(*one), arr(*two)])
    for one, two in (((2,), (3, 2)), ((2, 3, 2), (3, 2)), ((2, 1, 3), (2, 3, 2)), ((), (3,)), ((2, 3), ())):
        yield Case("np.kron", None, [arr(*one), arr(*two)])
    yield Case("np.cross", ("a", "b", "axis"), [arr(3, 4), arr(3, 4), Const(0)])
    yield Case("np.cross", ("a", "b", "axisa", "axisb", "axisc"), [arr(3, 2), arr(2, 3), Const(0), Const(1), Const(0)])
    for value in (arr(3, 4), arr(2, 4, 4), z(3, 3)):
        yield Case("np.linalg.trace", ("x",), [value])
        yield Case("np.linalg.trace", ("x", "offset"), [value, Const(1)])
        yield Case("np.linalg.diagonal", ("x",), [value])
    yield Case("np.linalg.diagonal", ("x", "offset"), [arr(3, 4), Const(-1)])


def transposes():
    for name in ("attr.mT", "np.matrix_transpose"):
        yield Case(name, None, [arr(2, 3, 4)])
        yield Case(name, None, [z(3, 4)])


def all_of():
    out = [
        *norms(),
        *systems(),
        *determinants(),
        *triangles(),
        *factors(),
        *eigen(),
        *least_squares(),
        *powers(),
        *products(),
        *transposes(),
    ]
    return [*out, Case("np.linalg.cholesky", None, [spd(3, "f4")])]
