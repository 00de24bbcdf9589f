"""Derivatives raise no floating-point warning that the function did not: calls of the battery, both sweeps."""

import warnings
from unittest import mock

import numpy as np
import pytest

import adgen
from adgen.battery.checks import Case, Trial, direction
from adgen.rules import table

from .cases import all_cases

BY_NAME = {}
for _case in all_cases():
    if table.lookup(_case.name).kind != "zero":
        BY_NAME.setdefault(_case.name, []).append(_case)
ERRSTATE = np.errstate


def strict(**_):
    """What the battery runs programs under, here."""
    return ERRSTATE(divide="raise", invalid="raise", over="raise")


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_sweeps_are_as_silent_as_the_function(name):
    silent = 0
    with mock.patch.object(np, "errstate", strict):
        for case in BY_NAME[name][:: 1 + len(BY_NAME[name]) // 6]:
            try:
                trial = Trial(case)
            except FloatingPointError:
                continue
            silent += 1
            trial.vjp(direction(trial.primal[trial.y], trial.rng))
            trial.jvp(trial.dots())
    assert silent


def within(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sum(np.where(x > 0.0, np.log(x), x * x))


@np.errstate(divide="ignore", invalid="ignore")
def decorated(x):
    return np.sum(np.where(x > 0.0, np.log(x), x * x))


def inside_another(x):
    return 2.0 * decorated(x) + within(x)


@pytest.mark.parametrize("fun", [within, decorated, inside_another])
def test_what_the_function_silences_is_silent(fun):
    x = np.array([1.0, -1.0, 0.0, 2.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        expected = np.array([1.0, -2.0, 0.0, 0.5]) * (3.0 if fun is inside_another else 1.0)
        assert np.array_equal(adgen.grad(fun)(x), expected)
        assert np.array_equal(adgen.vjp(fun, x)[1](1.0)[0], expected)
        assert adgen.jvp(fun, (x,), (np.ones(4),))[1] == np.sum(expected)
        curves = np.array([-1.0, 2.0, 2.0, -0.25]) * expected[0]
        assert np.array_equal(adgen.hvp(fun)(x, np.ones(4)), curves)


def test_a_warning_is_noticed():
    with mock.patch.object(np, "errstate", strict), pytest.raises(FloatingPointError):
        Trial(Case("np.log", None, [np.zeros(2)]))
    with mock.patch.object(np, "errstate", strict):
        trial = Trial(Case("np.sqrt", None, [np.zeros(2)]))
        with pytest.raises(FloatingPointError):
            trial.vjp(np.ones(2))
