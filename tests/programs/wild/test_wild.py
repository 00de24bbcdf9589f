"""Every program of the collection: gradients in both modes, and what the collection is made of."""

import numpy as np
import pytest

from tests.programs import oracle
from tests.programs.wild import differential_equations, linear_algebra
from tests.programs.wild.collecting import PROGRAMS

assert differential_equations and linear_algebra


@pytest.mark.parametrize("one", PROGRAMS, ids=lambda one: one.fun.__name__)
def test_both_modes_agree_with_differences(one):
    oracle.check(one.fun, one.inputs(np.random.default_rng(11)), directions=2)
