"""Adjoints that a mask makes zero stay zero through casts and sums of what was broadcast: they were nan."""

import numpy as np
import pytest

from tests.programs.oracle import Check

ROWS = np.array([[0.3, 0.5, -0.2], [0.1, 0.9, 0.4]])
SINGLE = np.array([0.3, 0.5, 0.7], dtype=np.float32)


def one_number(a, x):
    return a * np.where(a > 9.0, np.sqrt(x[0] * 0.0), x[1] * 0.5)


def whole(a, x):
    return np.sum(a * np.where(x > 9.0, np.sqrt(x * 0.0), x * 0.5))


def of_rows(a, x):
    return np.sum(np.where(ROWS > 9.0, np.sqrt(x * 0.0), a * x))


def of_a_number(a, x):
    return np.sum(np.where(x > 9.0, np.sqrt(a * 0.0), x * a))


def of_columns(a, x):
    return np.sum(np.where(ROWS.T > 9.0, np.sqrt(x * 0.0)[:, None], a * x[:, None]))


def of_complex(a, x):
    return np.sum(np.where(x > 9.0, np.sqrt(x * 0.0), (x + 1j * a) * x).imag * a)


@pytest.mark.parametrize("fun", [one_number, whole, of_rows, of_a_number, of_columns, of_complex])
@pytest.mark.parametrize("x", [SINGLE, SINGLE.astype(float)], ids=["f4", "f8"])
def test_zeros_stay_zeros(fun, x):
    with np.errstate(all="ignore"):  # forward mode computes what the mask then drops
        Check(fun, (0.8, x)).run()
