"""The fuzzer notices faults of the compiler: a small sample; `python -m tests.fuzz.mutants` draws many."""

import ast
import json
import subprocess
import sys
from dataclasses import fields

from tests.fuzz.mutants import EQUIVALENT, LOG, PLACES, ROOT, Mutant, drawn, every, source
from tests.fuzz.reach_lines import Map

FIELDS = [field.name for field in fields(Mutant)]


def test_faults_are_noticed(tmp_path):
    log = tmp_path / "mutants.json"
    command = [sys.executable, "-m", "tests.fuzz.mutants", "-n", "3", "--file", "operators", "--mapped", "0"]
    subprocess.run([*command, "--programs", "20", "--log", str(log)], cwd=ROOT, check=True, capture_output=True)
    found = json.loads(log.read_text())
    assert found["caught"] >= 2 and len(found["mutants"]) == 3


def test_a_map_gives_what_reaches_a_line():
    found = Map({"adgen/transforms/reverse.py:40": [7, 9]}, [9])
    assert found.seeds("adgen/transforms/reverse.py", 40) == [7, 9] and found.accepted == [9]
    assert found.seeds("adgen/transforms/reverse.py", 1) == []


def test_a_mutant_differs_in_one_place():
    for mutant, place, other in drawn(20, 3):
        text = source(mutant.file, place, other)
        plain = ast.unparse(ast.parse((ROOT / mutant.file).read_text()))
        changed = [(a, b) for a, b in zip(text.splitlines(), plain.splitlines()) if a != b]
        assert changed, mutant


def test_there_are_many():
    files = [path.relative_to(ROOT).as_posix() for pattern, _ in PLACES for path in ROOT.glob(pattern)]
    assert sum(1 for path in files for _ in every(path)) > 300


def test_the_log_is_of_forty_five_faults_at_least():
    found = json.loads(LOG.read_text())
    rows = found["mutants"]
    assert found["caught"] + found["survived"] >= 45
    assert found["caught"] >= 0.95 * (found["caught"] + found["survived"])
    for word in ("caught", "survived", "equivalent"):
        assert found[word] == sum(row["verdict"] == word for row in rows)
    assert len({row["kind"] for row in rows}) >= 5 and len({row["file"].split("/")[1] for row in rows}) >= 4


def test_what_does_no_harm_has_a_reason():
    found = json.loads(LOG.read_text())
    for row in found["mutants"]:
        if row["verdict"] == "equivalent":
            assert row["message"] == EQUIVALENT[Mutant(**{name: row[name] for name in FIELDS}).key]
