"""Random programs: lowered exactly or refused, never anything else.  More of them: RANDOM_PROGRAMS=5000 pytest ..."""

import collections
import os

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.frontend.lowering import lowered, outcome, same, written
from tests.frontend.random_programs import Program
from tests.support import load

COUNT = int(os.environ.get("RANDOM_PROGRAMS", "60"))
FIRST = int(os.environ.get("RANDOM_FIRST", "0"))
GROUP = 20
REFUSED = {"E0112", "E0120", "E0121", "E0122", "E0127"}


def arguments(seed):
    rng = np.random.default_rng(seed)
    yield 1.5, 0.7, rng.standard_normal(5), rng.standard_normal(5)
    yield 0.2, 2.0, rng.standard_normal(5), rng.standard_normal(5)


def verdict(function, seed, text):
    """`right` or `refused`; fails for anything else."""
    for given in arguments(seed):
        try:
            lowered(function, given)
        except Refusal as refusal:
            codes = {d.code for d in refusal.diagnostics}
            assert codes <= REFUSED, f"{refusal}\n{text}"
            return "refused"
        again_text, again, captured = written(function, given)
        with np.errstate(all="ignore"):
            wanted, found = outcome(function, given), outcome(again, given, **captured)
        assert same(wanted, found), f"seed {seed}\n{text}\n{again_text}\n{wanted}\n{found}"
    return "right"


@pytest.mark.parametrize("first", range(FIRST, FIRST + COUNT, GROUP))
def test_random_programs_are_right_or_refused(tmp_path, first):
    seen = collections.Counter()
    for seed in range(first, first + GROUP):
        text = Program(seed).text
        path = tmp_path / f"random_{seed}.py"
        path.write_text(text)
        seen[verdict(load(path, f"random_{seed}").f, seed, text)] += 1
    assert seen["right"] >= GROUP // 4
