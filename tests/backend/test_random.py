"""Random programs: the printed text gives, to the last bit, what an interpreter with snapshots gives."""

from __future__ import annotations

import numpy as np
import pytest

from adgen.backend import live, schedule, sharing
from adgen.errors import InternalError
from tests.backend.random_programs import Generator
from tests.backend.running import agree


def run(seed: int) -> None:
    r = np.random.default_rng(seed)
    inputs = [(r.normal(), r.normal(), r.normal(size=4), r.normal(size=4), n) for n in (0, 1, 3)]
    with np.errstate(all="ignore"):
        agree(Generator(seed).make(), *inputs)


def test_a_store_that_comes_round_disturbs_what_it_reads_itself() -> None:
    run(5352)


@pytest.mark.parametrize("start", range(0, 160, 20))
def test_random_programs(start: int) -> None:
    for seed in range(start, start + 20):
        run(seed)


def _fails(seeds: range) -> list[type[Exception]]:
    found = []
    for seed in seeds:
        try:
            run(seed)
        except (AssertionError, InternalError) as error:
            found.append(type(error))
    return found


def test_the_programs_notice_missing_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing._Finder, "keeps_shared", lambda self, op: False)
    assert AssertionError in _fails(range(10, 40))


def test_the_programs_notice_delayed_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule._Planner, "_calm", lambda self, *_: True)
    assert AssertionError in _fails(range(4, 35))


def test_the_second_proof_notices_clobbered_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live.Liveness, "clash", lambda self, *_: False)
    assert InternalError in _fails(range(4))
