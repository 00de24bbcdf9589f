"""Every pass keeps the meaning of random programs, keeps them valid, and is done when run twice."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable

import numpy as np
import pytest

from adgen.ir.core import Func
from adgen.ir.show import show
from adgen.ir.verify import verify
from adgen.ir.walk import walk
from adgen.optimise.accumulate import accumulate
from adgen.optimise.algebra import algebra
from adgen.optimise.common import common
from adgen.optimise.dead_code import dead_code
from adgen.optimise.fold import fold
from adgen.optimise.hoist import hoist
from adgen.optimise.ifs import fuse_ifs
from adgen.optimise.inplace import inplace
from adgen.transforms.reverse import reverse
from adgen.transforms.saves_build import save
from tests.ir.interpret import run, same
from tests.ir.random_ir import Program
from tests.transforms.test_random import Primal

Pass = Callable[[Func], Func]
EXACT: dict[str, Pass] = {
    "dead_code": dead_code,
    "common": common,
    "fold": fold,
    "hoist": hoist,
    "fuse_ifs": fuse_ifs,
    "inplace": inplace,
}
REAL: dict[str, Pass] = {"algebra": algebra, "accumulate": accumulate}
PASSES = {**EXACT, **REAL}
ARGUMENTS = [
    (0.7, np.array([0.3, -1.2, 0.8]), 3),
    (-0.4, np.array([0.1, 0.2]), 0),
    (1.3, np.array([0.9, 0.4, 0.2, 2.0]), 1),
]


def agree(before: Func, after: Func, rtol: float) -> bool:
    """Whether both give the same results, where the first gives numbers of ordinary size."""
    for args in ARGUMENTS:
        expected, found = run(before, *copy.deepcopy(args)), run(after, *copy.deepcopy(args))
        if ordinary(expected) and not same(expected, found, rtol):
            return False
    return True


def ordinary(result: object) -> bool:
    """Whether all numbers in it are finite and not huge."""
    if isinstance(result, tuple):
        return all(map(ordinary, result))
    return bool(np.all(np.isfinite(result)) and np.all(np.abs(result) < 1e8))


@pytest.mark.parametrize("name", PASSES)
@pytest.mark.parametrize("block", range(4))
def test_meaning_is_kept(name: str, block: int) -> None:
    change, rtol = PASSES[name], 0.0 if name in EXACT else 1e-8
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for seed in range(block * 25, block * 25 + 25):
            before = Program(seed).make()
            assert verify(before) == [], show(before)
            after = change(before)
            assert verify(after) == [], f"seed {seed}\n{show(before)}\n{show(after)}"
            assert agree(before, after, rtol), f"seed {seed}\n{show(before)}\n{show(after)}"
            assert show(change(after)) == show(after), f"seed {seed}\n{show(after)}\n{show(change(after))}"


@pytest.mark.parametrize("block", range(6))
def test_meaning_of_gradients_is_kept(block: int) -> None:
    shorter = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for seed in range(block * 20, block * 20 + 20):
            primal = common(dead_code(fold(Primal(seed).make())))
            before, _ = save(reverse(primal, ["x", "v"], seed=None, value=True, aux=False, single=False))
            after = before
            for name in ("dead_code", "fold", "common", *REAL, "fuse_ifs", "fold", "algebra", "common", "dead_code"):
                step = PASSES[name](after)
                assert verify(step) == [], f"seed {seed} {name}\n{show(after)}\n{show(step)}"
                after = step
            after = inplace(hoist(after))
            assert verify(after) == []
            assert agree(before, after, 1e-7), f"seed {seed}\n{show(before)}\n{show(after)}"
            shorter += len(list(walk(after.block))) < len(list(walk(before.block)))
    assert shorter > 15
