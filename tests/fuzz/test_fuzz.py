"""A short campaign in every run of the tests; that the shrinker shrinks, and that programs are deterministic."""

import itertools
import re
from collections import Counter

from tests.fuzz import constructs
from tests.fuzz.campaign import Campaign, digest, merge, read, record, summed
from tests.fuzz.constructs import EVERY
from tests.fuzz.judge import Verdict, runs
from tests.fuzz.programs import Maker
from tests.fuzz.shrink import shrink, write
from tests.fuzz.tree import Node

PROGRAMS, START = 300, 20_000


def test_random_programs():
    campaign = Campaign()
    for seed in range(START, START + PROGRAMS):
        campaign.one(seed)
    told = [f"seed {seed}: {verdict.message[:200]}" for seed, verdict in campaign.failures]
    assert told == []
    assert campaign.acceptance >= 0.85
    assert campaign.kinds["fine"] >= 0.75 * PROGRAMS
    assert campaign.compared >= 1.5 * campaign.kinds["fine"]
    for pair in (("loop", "store"), ("exit", "loop"), ("call", "view"), ("branch", "slice store"), ("alias", "loop")):
        assert campaign.pairs[pair] >= 10, pair
    assert campaign.nested["store", "loop"] >= 50 and campaign.nested["exit", "loop"] >= 20


def test_a_seed_is_a_program():
    for seed in range(30):
        assert Maker(seed).program().text == Maker(seed).program().text
    assert len({Maker(seed).program().text for seed in range(30)}) == 30


def test_every_pair_of_constructs_is_drawn():
    pairs = Counter()
    for seed in range(START, START + 400):
        pairs.update(itertools.combinations(sorted(Maker(seed).program().tags()), 2))
    assert [pair for pair in itertools.combinations(EVERY, 2) if not pairs[pair]] == []


def test_constructs_are_told_by_what_is_there():
    assert list(constructs.of("u = x[:, None][None] * v")) == []  # new axes
    assert sorted(constructs.of("q = None if e2 > 0.3 else a")) == ["0-d", "conditional", "none"]
    assert list(constructs.of("a = p ** 2 * (q - 1)")) == []
    assert list(constructs.of("a = spread(b, *xs)")) == ["call", "star"]


def test_the_result_depends_on_what_is_wanted():
    for seed in range(START, START + 40):
        maker = Maker(seed)
        program = maker.program()
        assert not maker.wanted
        last = program.body[-1].line
        assert all(re.search(rf"\b{name}\b", last) for name in maker.owed), seed


def test_the_shrinker_keeps_what_fails(monkeypatch, tmp_path):
    program = Maker(7).program()
    program.body.insert(2, Node("for i in range(3):", [("", [Node("a = a * 2.0"), Node("q = a // 1.0")])]))

    def judged(candidate, modes):
        if not runs(candidate.function(), candidate.args):
            return Verdict("skipped")
        return Verdict("wrong number") if "//" in candidate.text else Verdict("fine")

    monkeypatch.setattr("tests.fuzz.shrink.judge", judged)
    small, verdict = shrink(program, Verdict("wrong number", "x"), {"modes": ("jvp",)}, 3.0)
    assert verdict.kind == "wrong number" and "//" in small.text
    assert len(small.text.splitlines()) < len(program.text.splitlines())
    assert "ARGS" in write(small, Verdict("wrong number", "x"), tmp_path).read_text()


def test_the_record_adds_up(tmp_path):
    campaign, path, other = Campaign(), tmp_path / "campaign.json", tmp_path / "other.json"
    for seed in range(4):
        campaign.one(seed)
    first = record(0, 4, campaign, path)
    assert first["programs"] == campaign.judged and first["last"]["programs"] == campaign.judged
    assert record(2, 6, campaign, path)["programs"] == campaign.judged  # seeds that were run before count once
    again = record(4, 8, campaign, path)
    assert again["programs"] == 2 * campaign.judged
    (run,) = read(path)
    assert run["compiler"] == digest() and run["seeds"] == [0, 8]
    assert sum(run["pairs"].values()) == 2 * sum(campaign.pairs.values())
    record(0, 4, campaign, other)
    assert merge(path, other)["programs"] == merge(path, other)["programs"] == 2 * campaign.judged
    assert read(other) == read(path)


def test_programs_of_older_compilers_count():
    run = {"compiler": "a", "core": "b", "seeds": [0, 4], "programs": 4, "refused": 1, "failures": 0, "pairs": {}}
    newer = {**run, "compiler": "c", "pairs": {"call x view": 2}}
    assert summed([run, newer])["last"]["programs"] == 8  # what changed is neither a transform nor the front end
    changed = summed([run, {**newer, "core": "d"}])
    assert changed["programs"] == 8 and changed["last"]["programs"] == 4
    assert changed["rarest pairs"]["0-d x alias"] == 0
