"""Some solvers of SciPy give NumPy floats, which are not weak beside float32 arrays; others give floats of Python."""

import numpy as np
import pytest
from scipy import optimize

import adgen


def by_newton(a, z):
    return np.sum(z * optimize.newton(lambda q: q * q * q + q - a, 0.4))


def by_toms748(a, z):
    return np.sum(z * optimize.toms748(lambda q: q * q * q + q - a, 0.0, 1.0))


def by_brentq(a, z):
    return np.sum(z * optimize.brentq(lambda q: q * q * q + q - a, 0.0, 1.0))


def by_secant(a, z):
    return np.sum(z * optimize.root_scalar(lambda q: q * q * q + q - a, x0=0.4, x1=0.5, method="secant").root)


def by_ridder(a, z):
    return np.sum(z * optimize.root_scalar(lambda q: q * q * q + q - a, bracket=(0.0, 1.0), method="ridder").root)


@pytest.mark.parametrize("fun", [by_newton, by_toms748, by_brentq, by_secant, by_ridder])
def test_kind(fun):
    z = np.array([0.24, 0.31, 0.57], np.float32)
    out, pull = adgen.vjp(fun, 0.7, z)
    assert out.dtype == fun(0.7, z).dtype
    assert out == fun(0.7, z)
    a_bar, z_bar = pull(np.ones((), out.dtype)[()])
    assert z_bar.dtype == np.float32
    assert a_bar == pytest.approx((fun(0.71, z.astype(float)) - fun(0.69, z.astype(float))) / 0.02, rel=1e-3)
