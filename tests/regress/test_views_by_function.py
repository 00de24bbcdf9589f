"""Writes through what a function makes a view: reshape, ravel, transposes, squeeze, flat, real and imaginary parts."""

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from tests.programs import oracle
from tests.programs.cases import collection

rng = np.random.default_rng(1)
X6, M, Q, T3 = (rng.uniform(0.5, 1.5, shape) for shape in (6, (3, 4), (3, 3), (2, 3, 2)))
CASES, case = collection()


@case(X6)
def reshape_store(x):
    y = np.sin(x)
    v = y.reshape(2, 3)
    v[0] = v[1] * x[:3]
    return np.sum(y * x)


@case(X6)
def reshape_np(x):
    y = np.zeros(6)
    v = np.reshape(y, (2, 3))
    v[0] = x[:3] ** 2
    v[1, 1] += x[0]
    return np.sum(y * x)


@case(X6)
def reshape_direct(x):
    y = np.sin(x)
    y.reshape(2, 3)[0] *= x[:3]
    return np.sum(y * x)


@case(X6)
def reshape_m1(x):
    y = np.sin(x)
    v = y.reshape(-1, 2)
    v[:, 0] = x[:3] * v[:, 1]
    return np.sum(y * x)


@case(X6)
def reshape_later(x):
    y = np.sin(x)
    v = y.reshape(2, 3)
    y[0] = x[1] * y[1]
    return np.sum(v[0] * x[:3]) + np.sum(y)


@case(M)
def ravel_store(m):
    y = np.sin(m)
    v = y.ravel()
    v[1:] = v[:-1] * 2.0
    return np.sum(y * m)


@case(M)
def ravel_store2(m):
    y = np.zeros((3, 4))
    v = np.ravel(y)
    v[:] = m.reshape(-1) ** 2
    return np.sum(y * m)


@case(M)
def ravel_param(m):
    v = m.ravel()
    v[0] = v[1] ** 2
    return np.sum(m * m)


@case(M)
def ravel_copy_param(m):
    y = m.copy()
    v = y.ravel()
    v[0] = v[1] ** 2
    return np.sum(m * y)


@case(M)
def flatten_store(m):
    v = m.flatten()
    v[0] = v[1] ** 2
    return np.sum(m.ravel() * v)


@case(M)
def T_all(m):
    y = np.zeros((3, 4))
    y.T[...] = np.sin(m.T)
    return np.sum(y * m)


@case(M)
def T_view(m):
    y = np.zeros((3, 4))
    t = y.T
    t[0] = m[:, 1] ** 2
    t[1:] += m.T[1:]
    return np.sum(y * m)


@case(M)
def T_np(m):
    y = m * 2
    t = np.transpose(y)
    t[0] *= m[:, 1]
    return np.sum(y * m)


@case(M)
def T_method(m):
    y = m * 2
    y.transpose()[0] *= m[:, 1]
    t = y.transpose(1, 0)
    t[1] = t[0] * m[:, 0]
    return np.sum(y * m)


@case(M)
def swapaxes(m):
    y = m * 2
    t = y.swapaxes(0, 1)
    t[0] *= m[:, 1]
    u = np.swapaxes(y, 0, 1)
    u[1] = u[0] * m[:, 2]
    return np.sum(y * m)


@case(M)
def flat(m):
    y = np.zeros((3, 4))
    y.flat[...] = 2.0
    y.flat[3] = m[0, 0] ** 2
    y.flat[5:7] = m[1, :2]
    return np.sum(y * m)


@case(M)
def flat_all(m):
    y = m * 2
    y.flat[:] = np.sin(m.ravel())
    y.flat[2] *= m[0, 1]
    y.flat = y.ravel() * m.ravel()
    return np.sum(y * m)


@case(M)
def real(m):
    y = np.zeros((3, 4), dtype=complex)
    y.real = m
    y.imag = m**2
    return np.sum(np.abs(y) ** 2 * m)


@case(M)
def real_s(m):
    y = m * (1 + 1j)
    y.real[0] = np.sin(m[1])
    y.imag[:, 1] *= m[:, 0]
    y.real *= 2
    y.imag += m
    return np.sum(np.abs(y) ** 2 * m)


@case(X6)
def newax(x):
    y = x * 2
    v = y[:, None]
    v[:3, 0] = x[3:] ** 2
    y[None, :][0, 4] *= x[0]
    return np.sum(y * x)


@case(M)
def squeeze(m):
    y = np.zeros((3, 1, 4))
    v = np.squeeze(y)
    v[0] = m[0] ** 2
    y.squeeze()[1] = m[1]
    return np.sum(y[:, 0] * m)


@case(M)
def expand(m):
    y = m * 2
    v = np.expand_dims(y, 1)
    v[0, 0] = m[0] ** 2
    return np.sum(y * m)


@case(M)
def moveaxis(m):
    y = m * 2
    v = np.moveaxis(y, 0, 1)
    v[0] = m[:, 0] ** 2
    return np.sum(y * m)


@case(M)
def flip(m):
    y = m * 2
    v = np.flip(y, 0)
    v[0] = m[0] ** 2
    np.flipud(y)[1] = m[1]
    np.fliplr(y)[0] *= m[2]
    return np.sum(y * m)


@case(M)
def atleast(m):
    y = m[0] * 2
    v = np.atleast_2d(y)
    v[0, 1] = m[0, 0] ** 2
    return np.sum(y * m[0])


@case(M)
def asarray(m):
    y = m * 2
    v = np.asarray(y)
    v[0, 1] = m[0, 0] ** 2
    return np.sum(y * m)


@case(M)
def param_asarray(m):
    y = np.asarray(m, dtype=float)
    y = y.copy()
    y[0] = y[1] ** 2
    return np.sum(y * m)


@case(X6)
def reshape_rows(x):
    y = x * 2
    for r in y.reshape(2, 3):
        r[0] = r[1] * x[0]
    return np.sum(y * x)


@case(X6)
def reshape_rebind(x):
    y = x * 2
    y = y.reshape(2, 3)
    y[0] = y[1] * x[:3]
    return np.sum(y**2)


@case(X6)
def reshape_rebind_arg(x):
    x = x.reshape(2, 3)
    x[0] = x[1] * 2.0
    return np.sum(x**2)


@case(X6)
def reshape_zeros(x):
    y = np.zeros(6).reshape(2, 3)
    y[0] = x[:3]
    return np.sum(y**2)


@case(X6)
def reshape_slice(x):
    y = x * 2
    v = y[:4].reshape(2, 2)
    v[0] = v[1] * x[:2]
    return np.sum(y**2 * x)


@case(X6)
def reshape_loop(x):
    y = x * 2
    v = y.reshape(2, 3)
    for i in range(3):
        v[0, i] = v[1, i] * x[i] + v[0, i]
        y[5] *= x[0]
    return np.sum(y**2 * x)


@case(Q)
def ravel_diag(m):
    y = np.zeros((3, 3))
    y.ravel()[::4] = m[0]
    y.reshape(-1)[1] = m[1, 1] ** 2
    return np.sum(y * m)


@case(Q)
def flat_diag(m):
    y = np.zeros((3, 3))
    y.flat[::4] = m[0]
    y.flat[1::4] += m[1, :2] ** 2
    return np.sum(y * m)


@case(M)
def T_iadd(m):
    y = m * 2
    y.T[1] += m[:, 0] ** 2
    yT = y.T
    yT += 1.0
    yT *= m.T
    return np.sum(y * m)


@case(M)
def matT_in_callee(m):

    def fill(a):
        a[:] = a * 2.0
        a[0] *= m[:, 1]

    y = m * 2
    fill(y.T)
    return np.sum(y * m)


@case(M)
def ravel_in_callee(m):

    def fill(a):
        a[:] = a * 2.0
        a[0] *= m[0, 1]

    y = m * 2
    fill(y.ravel())
    fill(y.reshape(-1))
    return np.sum(y * m)


@case(M)
def flat_slice_copy(m):
    y = np.sin(m)
    v = y.flat[1:4]
    v[0] = m[0, 0] ** 2
    y.flat[1] = v[0] * v[1]
    y.flat[2:5] = v
    return np.sum(y * m) + np.sum(v)


@case(M)
def flat_old(m):
    y = np.sin(m)
    v = y.flat[1:4]
    y[0, 2] = m[1, 1] ** 2
    return np.sum(y * m) + np.sum(v * m[0, :3])


@case(M)
def flat_loop(m):
    y = np.zeros((3, 4))
    for i in range(12):
        y.flat[i] = m.flat[i] ** 2 + (y.flat[i - 1] if i else 0.0)
    return np.sum(y * m)


@case(M)
def flat_idx(m):
    y = m * 2
    y.flat[[1, 3, 1]] = m[0, :3] ** 2
    y.flat[np.array([5, 5, 6])] += m[1, :3]
    return np.sum(y * m)


@case(M)
def flat_T(m):
    y = (m * 2).T.copy(order="F")
    y.flat[:5] = m[0, 0] ** 2
    y.flat[5] *= m[1, 2]
    return np.sum(y * m.T)


@case(T3)
def three(m):
    y = m * m
    v = y.reshape(6, 2)
    v[1:, 0] *= v[:-1, 1]
    w = y[1].reshape(-1)
    w[::2] = w[1::2] * m[0, 0, 0]
    u = w.reshape(3, 2)
    u[1] += 1.0
    return np.sum(y * m)


@case(T3)
def three_loop(m):
    y = m * m
    s = 0.0
    for row in y.reshape(-1, 2):
        row[0] = row[1] * 2.0 + s
        s = s + row[0] * 0.1
    return np.sum(y * m) + s


@case(T3)
def moved(m):
    y = m * m
    v = np.moveaxis(y, -1, 0)
    v[0] = v[1] * m[:, :, 0]
    w = v.transpose(2, 1, 0)
    w[0] *= 2.0
    return np.sum(y * m)


@case(X6)
def inloop(x):
    y = x * x
    for i in range(3):
        v = y.reshape(3, 2)
        v[i] = v[i - 1] * x[i]
        y[0] = y[0] * x[1]
    return np.sum(y * x)


@case(X6)
def whileloop(x):
    y = x * x
    k = 0
    while y.reshape(2, 3)[0].sum() < 40.0:
        y.reshape(2, 3)[0] *= 1.5 + x[k % 6]
        k += 1
    return np.sum(y * x)


@case(X6, 3)
def sized(x, n):
    y = x * x
    v = y.reshape(-1, n)
    v[:, 0] = v[:, 1] * x[0]
    return np.sum(y * x)


@case(X6)
def passed(x):

    def scale(a, b):
        a *= b
        return a

    y = x * x
    r = scale(y.reshape(3, 2), x[:2])
    return np.sum(y * x) + np.sum(r)


@case(Q)
def diag_flat(m):
    a = m @ m.T
    a.ravel()[::4] += m[0]
    return np.sum(np.linalg.inv(a + 3 * np.eye(3)))


@case(Q)
def lu(m):
    a = m @ m.T + 3 * np.eye(3)
    at = a.T
    for k in range(3):
        at[k, k + 1 :] /= a[k, k]
        for j in range(k + 1, 3):
            a[j, k + 1 :] -= at[k, j] * a[k, k + 1 :]
    return np.sum(np.log(np.abs(np.diag(a)))) + np.sum(a * m)


@case(M)
def cplx(m):
    z = np.exp(1j * m)
    z.real[0] = m[0] ** 2
    z.imag[1] = m[1] * z.real[1]
    z.imag *= m
    z.real += z.imag
    return np.sum(np.abs(z) ** 2 * m)


@case(M)
def cplx2(m):
    z = np.zeros(4, complex)
    z.imag[1:] = m[0, 1:] ** 2
    z.real = m[1]
    w = z.imag
    w[0] = m[2, 0] ** 2
    s = np.sum(w * m[0])
    return np.real(np.sum(z * z * (1 + 2j))) + s


@case(M)
def late(m):
    y = m * 2
    r = y.reshape(4, 3)
    y[0, 0] = m[1, 1] ** 2
    return np.sum(r * m.reshape(4, 3))


@case(M)
def late_copy(m):
    y = m * 2
    r = y.T.reshape(4, 3).copy()
    y[0, 0] = m[1, 1] ** 2
    return np.sum(r * m.reshape(4, 3))


@case(M)
def asarr(m):
    a = np.asarray(m, dtype=float)
    b = np.zeros_like(a)
    c = np.asarray(b)
    c[0] = a[0] ** 2
    d = np.atleast_2d(b[1])
    d[0, 2] = a[1, 1]
    e = np.asarray(b, dtype=float)
    e[2] = a[2] * 2
    return np.sum(b * m)


@case(X6)
def swapbuf(x):
    a = x * 1.0
    b = np.zeros(6)
    for i in range(3):
        va = a.reshape(2, 3)
        vb = b.reshape(2, 3)
        vb[0] = va[1] * x[:3]
        vb[1] = va[0]
        a, b = (b, a)
    return np.sum(a * x) + b[0]


@case(X6)
def ret_view(x):
    y = x * x
    v = y.reshape(2, 3)
    v[0] *= 2.0
    return v


@case(X6)
def ret_both(x):
    y = x * x
    v = y.reshape(2, 3)
    v[0] *= 2.0
    return (v, y)


@case(M)
def T_ret(m):
    y = m * m
    t = np.transpose(y)
    t[0] *= 2.0
    return t


@pytest.mark.parametrize("fun, args", CASES, ids=[fun.__name__ for fun, _ in CASES])
def test_views(fun, args):
    oracle.check(fun, args, directions=1)


def squares(m):
    y = np.sin(m)
    v = y.ravel()
    v[1:] = v[:-1] * 2.0 * v[1:]
    y.flat[2:4] *= m[0, :2]
    return np.sum(y * m * y)


def swapped(m):
    y = m * 2
    t = y.swapaxes(0, 1)
    t[0] *= m[:, 1]
    t[1] = t[0] ** 2
    return np.sum(y * m)


@pytest.mark.parametrize("fun", [squares, swapped])
def test_second_derivatives(fun):
    along = rng.standard_normal(M.shape)
    ahead, back = (adgen.grad(fun)(M + h * along) for h in (1e-5, -1e-5))
    assert np.allclose((ahead - back) / 2e-5, adgen.hvp(fun)(M, along), rtol=1e-6)


def test_memory_that_is_not_contiguous_is_refused_when_it_runs():
    """`np.sin` of an array in the order of Fortran has that order, and `ravel` copies it."""
    grad = adgen.grad(squares)
    with pytest.raises(ValueError, match="y is not C-contiguous: ravel makes a copy"):
        grad(np.asfortranarray(M))
    assert np.array_equal(adgen.grad(swapped)(np.asfortranarray(M)), adgen.grad(swapped)(M))


def flat_of_any_order(m):
    y = np.copy(m, order="K")
    y.flat[1:5] *= m[0, 0]
    y.T[0] += y.flat[3]
    return np.sum(y * m)


def test_the_elements_in_a_row_of_any_order():
    oracle.check(flat_of_any_order, [np.asfortranarray(M)], directions=1)


def of_another_size(m, k):
    y = np.zeros((3, 4))
    y.flat[:k] = m[0]
    return np.sum(y * m)


def test_what_flat_would_repeat_is_refused_when_it_runs():
    oracle.check(of_another_size, [M, 4], directions=1)
    with pytest.raises(ValueError, match="another size"):
        adgen.grad(of_another_size)(M, 8)


def a_copy_by_layout(m):
    y = np.sin(m).T
    v = y.ravel()
    v[0] = 2.0
    return np.sum(y) + np.sum(v)


def a_column(m):
    y = m * m
    y[:, 0].reshape(3, 1)[0] = 2.0
    return np.sum(y)


def imaginary_part_of_real_numbers(m):
    y = m * m
    y.imag[0] = 2.0
    return np.sum(y)


@pytest.mark.parametrize("fun", [a_copy_by_layout, a_column, imaginary_part_of_real_numbers])
def test_what_is_no_view_is_refused(fun):
    with pytest.raises(Refusal) as caught:
        oracle.Made(fun, [M], "grad", ("m",))
    assert {d.code for d in caught.value.diagnostics} == {"E0120"}


def of_any_order(m):
    y = m * 2
    t = np.transpose(y)
    t[0] *= m[:, 1]
    y.real[1] = m[0] ** 2
    np.flip(y, 0)[0] += m[1]
    y.flat[3] *= m[0, 0]
    return np.sum(y * m)


@pytest.mark.parametrize("m", [np.asfortranarray(M), np.tile(M, (2, 2))[::2, 1::2], M[::-1]])
def test_views_of_any_order(m):
    oracle.check(of_any_order, [m], directions=1)


def written_by_functions(m):
    y = np.zeros(12)
    np.multiply(m, m, out=y.reshape(3, 4))
    np.add.at(y.reshape(3, 4), ([0, 0], [1, 1]), m[0, :2])
    np.copyto(y.reshape(4, 3)[0], m[0, :3])
    y.reshape(3, 4)[1].sort()
    return np.sum(y * m.ravel())


def test_what_functions_write_through_views():
    oracle.check(written_by_functions, [M], directions=1)
