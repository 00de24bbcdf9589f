"""The sweep tries each template; what the compiler took once it takes later."""

from tests.fuzz import accepted
from tests.fuzz.accepted import digest, lost, recorded
from tests.fuzz.campaign import Campaign
from tests.fuzz.judge import Verdict
from tests.fuzz.sweep import CORNERS, COUNT, SCENES, SWEEP, maker


def test_each_template_has_its_program():
    drawn = [maker(SWEEP + k) for k in range(0, COUNT, 5)]
    texts = [one.program().text for one in drawn]
    assert all(one.placed for one in drawn) and len(dict.fromkeys(texts)) == len(texts)
    assert maker(SWEEP + 3).program().text == maker(SWEEP + 3).program().text
    assert COUNT == len(SCENES) + len(CORNERS) > 600


def test_a_part_of_the_sweep():
    campaign = Campaign()
    for k in range(0, COUNT, 16):
        campaign.one(SWEEP + k)
    assert campaign.failures == []
    assert campaign.kinds["fine"] >= 20


def test_a_program_that_was_accepted_is_a_failure_when_it_is_refused(monkeypatch):
    program, other = maker(SWEEP).program(), maker(SWEEP + 1).program()
    assert len(recorded()["programs"]) >= 300 and len(recorded()["numba"]) >= 40
    monkeypatch.setattr(accepted, "recorded", lambda: {"programs": {digest(program)}, "numba": {digest(program)}})
    assert lost(program, Verdict("refused")) and not lost(program, Verdict("fine"))
    assert not lost(other, Verdict("refused"))
    assert lost(program, Verdict("fine", numba=False)) and not lost(other, Verdict("fine", numba=False))
