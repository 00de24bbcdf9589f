"""Derivatives raise no floating-point warning that the function did not: calls of the battery, both sweeps."""

from unittest import mock

import numpy as np
import pytest

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


def test_a_warning_is_noticed():
    with mock.patch.object(np, "errstate", strict), pytest.raises(FloatingPointError):
        Trial(Case("np.log", None, [np.zeros(2)]))
    with mock.patch.object(np, "errstate", strict):
        trial = Trial(Case("np.sqrt", None, [np.zeros(2)]))
        with pytest.raises(FloatingPointError):
            trial.vjp(np.ones(2))
