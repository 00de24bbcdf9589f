"""Every pass keeps the meaning of random programs, keeps them valid, and is done when run twice."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pytest

from adgen.ir.core import Func
from adgen.ir.show import show
from adgen.ir.verify import verify
from adgen.optimise.algebra import algebra
from adgen.optimise.common import common
from adgen.optimise.dead_code import dead_code
from adgen.optimise.fold import fold
from tests.ir.interpret import run, same
from tests.ir.random_ir import Program

PASSES: dict[str, tuple[Callable[[Func], Func], float]] = {
    "dead_code": (dead_code, 0.0),
    "common": (common, 0.0),
    "fold": (fold, 0.0),
    "algebra": (algebra, 1e-9),
    "all": (lambda func: dead_code(algebra(common(fold(func)))), 1e-9),
}
ARGUMENTS = [
    (0.7, np.array([0.3, -1.2, 0.8]), 3),
    (-0.4, np.array([0.1, 0.2]), 0),
    (1.3, np.array([0.9, 0.4, 0.2, 2.0]), 1),
]


@pytest.mark.parametrize("name", PASSES)
@pytest.mark.parametrize("block", range(8))
def test_meaning_is_kept(name: str, block: int) -> None:
    change, rtol = PASSES[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for seed in range(block * 25, block * 25 + 25):
            before = Program(seed).make()
            assert verify(before) == [], show(before)
            after = change(before)
            assert verify(after) == [], f"seed {seed}\n{show(before)}\n{show(after)}"
            for args in ARGUMENTS:
                assert same(run(before, *args), run(after, *args), rtol), f"seed {seed}\n{show(before)}\n{show(after)}"
            assert name == "all" or show(change(after)) == show(
                after
            ), f"seed {seed}\n{show(after)}\n{show(change(after))}"
