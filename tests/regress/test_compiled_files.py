"""Gradients of files compiled for what is not known: of their argument's shape and dtype, as those of calls."""

import math

import numpy as np
import pytest

import adgen

LINE = np.array([0.3, -0.8, 1.2], np.float32)


def beyond_the_degree(p):
    return np.sum(np.polyder(p, 3))


def greater(a, b):
    return np.sum(np.maximum(a, b))


def signed(a, b):
    return math.copysign(a, b)


def next_after(a, b):
    return math.nextafter(a, b)


def multiplied(a, b):
    return np.sum(a * b)


def clipped(a):
    return np.sum(np.clip(a, -0.5, 0.5))


def chosen(a):
    return np.sum(np.where(a > 0.5, 2.0 * a, 3.0 * a)) + np.mean(np.abs(a))


def of_any_rank(a):
    return np.max(a) + np.ptp(a)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
@pytest.mark.parametrize(("fun", "types"), [(clipped, "[n]"), (clipped, "[3]"), (chosen, "[n]"), (of_any_rank, "")])
def test_a_narrow_array_has_a_narrow_gradient(fun, types, dtype):
    """The seed of a sum, spread and left out again: np.where(mask, 1.0, 0.0) is a float64."""
    line = LINE.astype(dtype)
    found = adgen.compile(fun, "grad", types=f"a: {dtype}{types}" if types else "")(line)
    assert found.dtype == line.dtype
    assert np.allclose(found, adgen.grad(fun)(line))


def picked(a, k):
    return np.sum(np.sin(np.take(a, k)))


def between(x, xp, fp):
    return np.sum(np.interp(x, xp, fp))


def test_nothing_picked_leaves_zeros_of_floats():
    """np.bincount of nothing counts: it gives whole zeros, whatever the weights are."""
    found = adgen.compile(picked, "grad", types="a: f8[:], k: i8[:]")(np.ones(3), np.zeros(0, int))
    assert found.dtype == np.float64 and np.array_equal(found, np.zeros(3))
    made = adgen.compile(between, "grad", argnums=(0, 1, 2), types="x: f8[:], xp: f8[:], fp: f8[:]")
    for one, size in zip(made(np.zeros(0), np.arange(3.0), np.ones(3)), (0, 3, 3), strict=True):
        assert one.dtype == np.float64 and np.array_equal(one, np.zeros(size))


def flattened(a, b):
    return np.vdot(a, b)


@pytest.mark.parametrize("types", ["a: f8[:, :], b: f8[:, :]", "a: f8[2, 3], b: f8[3, 2]", ""])
def test_vdot_of_matrices_of_different_shapes(types):
    a, b = np.arange(6.0).reshape(2, 3), 1.0 + np.arange(6.0).reshape(3, 2)
    grads = adgen.compile(flattened, "grad", argnums=(0, 1), types=types)(a, b)
    for found in (grads, adgen.grad(flattened, (0, 1))(a, b)):
        assert np.array_equal(found[0], b.reshape(2, 3)) and np.array_equal(found[1], a.reshape(3, 2))


def transformed(a):
    return np.fft.rfft2(a, s=(3, -1), axes=(0, 2))


def test_a_transform_of_the_whole_last_axis():
    """A size of -1 was handed on to the transform of one axis, which has none."""
    a = np.random.default_rng(0).random((3, 4, 5))
    y, pull = adgen.compile(transformed, "vjp", types="a: f8[:, :, :]")(a)
    assert np.allclose(np.vdot(pull(np.conj(y))[0], a), np.sum(np.abs(y) ** 2))


@pytest.mark.parametrize(
    "fun", [lambda a: sum(a), lambda a: max(a), lambda a: math.fsum(a), lambda a: np.sum(np.stack(a))]
)
def test_sequences_of_unknown_kind_are_refused(fun):
    with pytest.raises(adgen.Refusal, match="cannot be differentiated here"):
        adgen.compile(fun, "grad")


@pytest.mark.parametrize("size", range(5))
@pytest.mark.parametrize("types", ["p: f8[:]", "p: f8[{}]"])
def test_a_polynomial_differentiated_beyond_its_degree(size, types):
    found = adgen.compile(beyond_the_degree, "grad", types=types.format(size))(np.ones(size))
    assert np.array_equal(found, np.append([6.0], np.zeros(3)) if size == 4 else np.zeros(size))


@pytest.mark.parametrize(
    ("fun", "args", "types"),
    [
        (greater, (0.3, 0.7), ""),  # 0-d arrays
        (signed, (0.3, -0.7), ""),
        (next_after, (0.3, 0.7), ""),  # crashed
        (multiplied, (LINE, 0.7), ""),  # a float32 for the Python float
        (multiplied, (LINE, 0.7), "a: f4[:], b: float"),
        (greater, (LINE, 0.7), "a: f4[n], b: float"),
    ],
)
def test_a_number_has_a_number_for_its_gradient(fun, args, types):
    grads = adgen.compile(fun, "grad", argnums=(0, 1), types=types)(*args)
    for arg, grad in zip(args, grads, strict=True):
        assert isinstance(grad, float) if isinstance(arg, float) else grad.dtype == arg.dtype
        assert np.shape(grad) == np.shape(arg)
    _, dot = adgen.compile(fun, "jvp", argnums=(0, 1), types=types)(*args, *args)
    assert np.isclose(dot, sum(np.vdot(one, two) for one, two in zip(grads, args, strict=True)))


def logarithm(x):
    return np.sum(np.where(x > 0.0, np.log(x), 0.0) ** 2)


def root(x):
    return np.sum(np.where(x > 0.0, np.sqrt(x), 0.0))


def inverse(x):
    return np.sum(np.where(x > 0.0, x**-0.5, 1.0))


@pytest.mark.parametrize("fun", [logarithm, root, inverse])
@pytest.mark.parametrize("types", ["", "x: f8[:]"])
def test_what_a_mask_leaves_out_is_zero_and_silent(fun, types):
    """Where nothing was known of the argument: 0 / 0, nan and a warning that the function itself does not give."""
    x = np.array([1.0, 0.0, 2.0])
    with np.errstate(all="ignore"):
        _, pull = adgen.compile(fun, "vjp", types=types)(x)
    with np.errstate(all="raise"):
        (found,) = pull(1.0)
    assert found[1] == 0.0
    assert np.allclose(found[[0, 2]], adgen.grad(fun)(np.array([1.0, 2.0])))
