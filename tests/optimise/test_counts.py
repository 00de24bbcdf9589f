"""Entries of a direction that are added where they were picked are counted, where no index can be out of place."""

import numpy as np
import pytest

import adgen


def clusters(x, c):
    nearest = np.argmin(np.sum((x[:, None, :] - c[None, :, :]) ** 2, axis=2), axis=1)
    return np.sum((x - c[nearest]) ** 2)


def levels(x, c):
    best = np.argmax(x @ c[:, None].T, axis=-1)
    return 0.5 * np.sum(c[best] ** 2) - np.sum(x)


def in_a_loop(x, c):
    total = 0.0
    for k in range(3):
        nearest = np.argmin((x - c + 0.1 * k) ** 2, axis=1)
        total += np.sum(c[nearest] ** 2)
    return total


def of_the_other_axis(x, c):
    nearest = np.argmin((x - c) ** 2, axis=0)
    return np.sum(c[nearest] ** 2)


def cubes(x, c):
    nearest = np.argmin((x - c) ** 2, axis=1)
    return np.sum(c[nearest] ** 3)


def given(c, k):
    return np.sum(c[k] ** 2)


RNG = np.random.default_rng(7)
C = np.array([0.4, -0.9, 1.7, 0.2, 2.5])
TABLE = RNG.standard_normal((5, 3))
COUNTED = [
    (clusters, (RNG.standard_normal((11, 3)), TABLE), 1),
    (levels, (RNG.standard_normal((11, 1)), C), 1),
]
LEFT = [
    (in_a_loop, (RNG.standard_normal((7, 1)), C), 1),
    (of_the_other_axis, (RNG.standard_normal((4, 1)), C), 1),
    (cubes, (RNG.standard_normal((7, 1)), C), 1),
    (given, (TABLE, np.array([0, -1, 2, 0, -1, 3])), 0),
    (clusters, (RNG.standard_normal((11, 3)).astype("f4"), TABLE.astype("f4")), 1),
]


def product(f, args, place):
    """The Hessian times a direction, by differences of the gradient."""
    direction = np.cos(1.0 + np.arange(args[place].size)).reshape(args[place].shape).astype(args[place].dtype)
    step = 0.01  # the gradient is of the first or second degree
    ends = []
    for sign in (1.0, -1.0):
        moved = list(args)
        moved[place] = args[place] + sign * step * direction
        ends.append(adgen.grad(f, place)(*moved))
    return direction, (ends[0] - ends[1]) / (2.0 * step)


@pytest.mark.parametrize(("f", "args", "place"), [*COUNTED, *LEFT])
def test_the_product_is_right(f, args, place):
    direction, expected = product(f, args, place)
    found = adgen.hvp(f, place)(*args, direction)
    assert found.dtype == args[place].dtype and found.shape == args[place].shape
    np.testing.assert_allclose(found, expected, rtol=2e-3 if found.dtype == "f4" else 1e-9, atol=1e-6)


@pytest.mark.parametrize(("f", "args", "place"), COUNTED)
def test_occurrences_are_counted(f, args, place):
    h = adgen.hvp(f, place)
    h(*args, np.ones_like(args[place]))
    assert "np.bincount(" in h.source and "np.add.at" not in h.source


@pytest.mark.parametrize(("f", "args", "place"), LEFT)
def test_what_is_not_proven_stays(f, args, place):
    h = adgen.hvp(f, place)
    h(*args, np.ones_like(args[place]))
    assert "np.bincount(" not in h.source and "np.add.at" in h.source


def test_an_entry_that_is_never_picked_may_be_nan():
    def spread(x, c):
        nearest = np.argmin((x - np.nan_to_num(c, nan=9.0)) ** 2, axis=1)
        return np.sum(c[nearest] ** 2)

    x, c = np.array([[0.1], [0.2]]), np.array([0.0, np.nan, 3.0])
    gradient = adgen.grad(spread, 1)
    np.testing.assert_array_equal(gradient(x, c), [0.0, 0.0, 0.0])
    np.testing.assert_array_equal(adgen.hvp(spread, 1)(x, c, np.ones(3)), [4.0, 0.0, 0.0])


def test_no_points_at_all():
    np.testing.assert_array_equal(adgen.hvp(clusters, 1)(np.zeros((0, 3)), TABLE, TABLE), np.zeros((5, 3)))
