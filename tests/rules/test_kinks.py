"""Conventions where functions have no derivative; adversarial values: zeros, ties, huge, tiny, negative bases."""

import math

import numpy as np
import pytest

import adgen
from adgen.battery.checks import Trial
from adgen.rules import table

from .cases import Case, Const

ONE = np.float64(1.0)


def pulled(name, *values, args=None, y_bar=None):
    """The adjoints of the active operands, for an adjoint of ones."""
    with np.errstate(all="ignore"):
        trial = Trial(Case(name, args, list(values)))
        y = trial.primal[trial.y]
        g = np.ones_like(y) if isinstance(y, np.ndarray) else type(y)(1.0)
        bars, found = trial.vjp(g if y_bar is None else y_bar)
        dots = {k: np.ones_like(trial.value(k)) for k in trial.active}
        if all(isinstance(trial.value(k), np.ndarray) for k in trial.active):
            y_dot = trial.jvp(dots)
            total = sum(np.sum(bar) for bar in found if bar is not None)
            expected = 0.0 if y_dot is None else np.sum(y_dot * (1.0 if y_bar is None else y_bar))
            assert np.isclose(total, expected, equal_nan=True), "the two modes disagree at the kink"
    return found


def test_abs():
    assert pulled("np.abs", np.array([-2.0, 0.0, 3.0]))[0].tolist() == [-1.0, 0.0, 1.0]
    assert pulled("abs", 0.0) == [0.0]


@pytest.mark.parametrize("name", ["np.maximum", "np.minimum", "np.fmax", "np.fmin"])
def test_ties_of_two(name):
    a, b = pulled(name, np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 2.0]))
    assert (a + b).tolist() == [1.0, 1.0, 1.0] and a[1] == b[1] == 0.5


@pytest.mark.parametrize("name", ["max", "min"])
def test_ties_of_numbers(name):
    assert pulled(name, 2.0, 2.0, args=("values",) * 2) == [0.5, 0.5]
    assert np.allclose(pulled(name, 2.0, 2.0, 2.0, args=("values",) * 3), 1 / 3)
    assert pulled(name, [2.0, 2.0], args=("values",))[0] == [0.5, 0.5]


@pytest.mark.parametrize("name", ["np.max", "np.min"])
def test_ties_of_an_array(name):
    assert pulled(name, np.array([2.0, 2.0, 2.0, 2.0]))[0].tolist() == [0.25] * 4
    rows = pulled(name, np.array([[1.0, 1.0], [1.0, 1.0]]), Const(1), args=("a", "axis"))[0]
    assert rows.tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_norm_and_std_at_zero():
    assert pulled("np.linalg.norm", np.zeros(3))[0].tolist() == [0.0] * 3
    assert pulled("np.linalg.norm", np.zeros((2, 3)), Const(1), args=("x", "axis"))[0].tolist() == [[0.0] * 3] * 2
    assert pulled("np.std", np.ones(3))[0].tolist() == [0.0] * 3


def test_distances_at_zero():
    assert pulled("math.hypot", 0.0, 0.0) == [0.0, 0.0]
    assert [bar.tolist() for bar in pulled("np.hypot", np.zeros(2), np.zeros(2))] == [[0.0, 0.0]] * 2
    assert pulled("math.dist", [1.0, 2.0], [1.0, 2.0]) == [[0.0, 0.0]] * 2
    for order in (3, 0.5, np.inf):
        assert pulled("np.linalg.norm", np.zeros(3), Const(order), args=("x", "ord"))[0].tolist() == [0.0] * 3


@pytest.mark.parametrize("name", ["math.sqrt", "math.cbrt"])
def test_infinite_slopes_of_numbers_raise_as_the_table_says(name):
    assert "ZeroDivisionError" in table.lookup(name).kinks
    with pytest.raises(ZeroDivisionError):
        pulled(name, 0.0)


def test_powers_below_one_at_zero():
    assert "for Python floats an error" in table.lookup("pow").kinks
    with pytest.raises(ValueError, match="math domain error"):
        pulled("pow", 0.0, 0.5)
    assert pulled("pow", np.zeros(1), 0.5)[0].tolist() == [np.inf]


def test_powers_of_negative_numbers_are_not_complex():
    """Python's `(-1.3) ** 0.5` is a complex number: no derivative is, whatever is left of the value."""
    programs = [lambda x: x**0.5, lambda x: math.pow(x, 2.5), lambda x: abs(x**0.5), lambda x: 3.0 * x**-1.5]
    for program in programs:
        for mode in (adgen.grad, adgen.value_and_grad):
            with pytest.raises(ValueError, match="math domain error"):
                mode(program)(-1.3)
    for program in (lambda x, p: x**p, lambda x, p: abs(x**p), lambda x, p: math.pow(x, p)):
        for wrt in (0, 1, (0, 1)):
            with pytest.raises(ValueError, match="math domain error"):
                adgen.grad(program, wrt)(-1.3, 0.5)
    with np.errstate(invalid="ignore"):
        assert np.isnan(adgen.grad(lambda x: np.power(x, 0.5))(-1.3))
    assert adgen.grad(lambda x: x**3.0 + math.pow(x, 4.0))(-1.5) == 6.75 - 13.5


def test_extremes_share():
    assert pulled("np.linalg.norm", np.array([2.0, -2.0]), Const(np.inf), args=("x", "ord"))[0].tolist() == [0.5, -0.5]
    assert pulled("np.ptp", np.array([1.0, 3.0, 3.0]))[0].tolist() == [-1.0, 0.5, 0.5]
    gaps = np.array([1.0, np.nan, 3.0])
    assert pulled("np.nanmax", gaps)[0].tolist() == [0.0, 0.0, 1.0]
    assert pulled("np.nanmean", gaps)[0].tolist() == [0.5, 0.0, 0.5]


def test_median_of_ties_follows_the_stable_order():
    assert pulled("np.median", np.array([2.0, 2.0, 1.0]))[0].tolist() == [1.0, 0.0, 0.0]
    assert pulled("np.median", np.array([2.0, 1.0, 4.0, 3.0]))[0].tolist() == [0.5, 0.0, 0.0, 0.5]


def test_equal_eigenvalues():
    """The sum of a function of the eigenvalues has a derivative although no single eigenvector has."""
    trial = Trial(Case("np.linalg.eigvalsh", None, [np.eye(3)]))
    assert np.allclose(trial.vjp(np.ones(3))[1][0], np.eye(3))


def test_sqrt_at_zero():
    assert pulled("np.sqrt", np.zeros(2))[0].tolist() == [np.inf, np.inf]


def test_infinite_adjoint_is_masked():
    g = np.array([np.inf, np.inf])
    a, b = pulled("np.where", np.array([True, False]), np.zeros(2), np.zeros(2), y_bar=g)
    assert a.tolist() == [np.inf, 0.0] and b.tolist() == [0.0, np.inf]
    a, b = pulled("np.maximum", np.array([1.0, 0.0]), np.array([0.0, 1.0]), y_bar=g)
    assert a.tolist() == [np.inf, 0.0] and b.tolist() == [0.0, np.inf]


def test_clip_on_the_bounds():
    x = np.array([-1.0, 0.0, 0.5, 1.0, 2.0])
    assert pulled("np.clip", x, Const(0.0), Const(1.0))[0].tolist() == [0.0, 1.0, 1.0, 1.0, 0.0]


@pytest.mark.parametrize("x", [0.0, -1.5, 1e-300, 1e300, 2.0])
def test_powers(x):
    line = np.array([x])
    assert pulled("pow", line, Const(0))[0] is None
    assert pulled("pow", line, Const(1))[0].tolist() == [1.0]
    assert pulled("pow", line, Const(2))[0].tolist() == [2.0 * x]
    assert pulled("pow", x, 0)[0] == 0.0 and pulled("pow", x, 1)[0] == 1.0
    assert pulled("pow", line, np.zeros(1))[0].tolist() == [0.0]
    assert pulled("np.power", line, np.ones(1))[0].tolist() == [1.0]


def test_exponent_of_a_base_that_is_not_positive():
    for base in (0.0, -2.0):
        assert pulled("pow", base, 2.0)[1] == 0.0
        assert pulled("pow", np.array([base]), np.array([2.0]))[1].tolist() == [0.0]


def test_large_values():
    assert pulled("np.tanh", np.array([800.0, -800.0]))[0].tolist() == [0.0, 0.0]
    assert np.allclose(pulled("np.logaddexp", np.array([1e4]), np.array([-1e4])), [[1.0], [0.0]])
    assert pulled("np.hypot", np.array([1e200]), np.array([1e-200]))[0].tolist() == [1.0]


def test_zeros_in_products():
    assert pulled("np.prod", np.array([2.0, 0.0, 3.0]))[0].tolist() == [0.0, 6.0, 0.0]
    assert pulled("np.prod", np.array([0.0, 0.0, 3.0]))[0].tolist() == [0.0, 0.0, 0.0]
    assert pulled("np.cumprod", np.array([2.0, 0.0, 3.0]))[0].tolist() == [1.0, 8.0, 0.0]


def test_sinc():
    x = np.array([0.0, 1.0, 1e-8, 0.0100657, 0.0100659])
    z = np.pi * x[3:]
    near = -np.pi * z / 3 * (1 - z**2 / 10 + z**4 / 280 - z**6 / 15120)
    exact = [0.0, -1.0, -(np.pi**2) / 3e8, *near]
    assert np.allclose(pulled("np.sinc", x)[0], exact, rtol=1e-11, atol=0.0)


@pytest.mark.parametrize("layout", ["strided", "reversed", "transposed", "fortran"])
def test_memory_layouts(layout):
    base = np.arange(1.0, 13.0).reshape(3, 4)
    x = {
        "strided": np.repeat(base, 2, 1)[:, ::2],
        "reversed": base[::-1, ::-1],
        "transposed": base.T,
        "fortran": np.asfortranarray(base),
    }[layout]
    for name in ("np.sin", "np.sum", "np.ravel", "np.max", "np.prod", "np.linalg.norm", "np.cumsum", "np.transpose"):
        assert np.allclose(pulled(name, x)[0], pulled(name, np.ascontiguousarray(x))[0])


def test_empty():
    for name in ("np.exp", "np.sum", "np.ravel", "np.linalg.norm", "np.cumsum", "np.flip"):
        assert pulled(name, np.zeros(0))[0].shape == (0,)
