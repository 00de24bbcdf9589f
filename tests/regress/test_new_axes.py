"""New axes are taken from the adjoint by an index that counts from the same end: g[..., 0] is not g[..., 0, :]."""

import numpy as np
import pytest

from tests.programs.oracle import check

A = np.random.default_rng(0).normal(size=(2, 3, 2))


def ahead(a):
    b = -a[None] * 2.0
    return np.sum(np.sin(b) * np.cumsum(b * b).reshape(b.shape))


def between(a):
    b = a[..., None, :]
    return np.sum(np.sin(b) * np.cumsum(b * b).reshape(b.shape))


def on_both_sides(a):
    b = a[None, ..., :, None]
    return np.sum(np.sin(b) * np.cumsum(b * b).reshape(b.shape))


def many(a):
    b = a[None, :, None, :, None, :]
    return np.sum(np.sin(b) * np.cumsum(b * b).reshape(b.shape))


def kept_and_dropped(a):
    b = np.sum(a * a, axis=(0, -1), keepdims=True)[0, :, 0]
    return np.sum(b * np.sum(-a, axis=2, keepdims=True)[1, :, 0])


@pytest.mark.parametrize("fun", [ahead, between, on_both_sides, many, kept_and_dropped])
def test_new_axes(fun):
    check(fun, (A,))
