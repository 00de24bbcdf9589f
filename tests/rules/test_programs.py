"""The entries in whole programs: all modes, against differences; returned gradients own their memory."""

import numpy as np
import pytest

from adgen.trees import leaves
from tests.programs import oracle

from . import programs, programs_numpy

CASES = programs.programs(np.random.default_rng(11)) + programs_numpy.programs(np.random.default_rng(12))


@pytest.mark.parametrize(("fun", "args"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_program(fun, args):
    checked = oracle.check(fun, args)
    for mode in ("grad", "value_and_grad"):
        made = oracle.Made(fun, args, mode, checked.wrt)
        owned(made(*args) if mode == "grad" else made(*args)[1], args)


def owned(grads, args):
    """No two arrays overlap, none overlaps an argument, all can be written."""
    found = [leaf for leaf in leaves(grads) if isinstance(leaf, np.ndarray)]
    given = [leaf for leaf in leaves(list(args)) if isinstance(leaf, np.ndarray)]
    for place, one in enumerate(found):
        assert one.flags.writeable
        assert not any(np.shares_memory(one, other) for other in found[:place] + given)
