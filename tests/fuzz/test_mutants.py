"""The fuzzer notices faults of the compiler: a small sample; `python -m tests.fuzz.mutants` draws many."""

import ast
import json
import subprocess
import sys

from tests.fuzz.mutants import LOG, PLACES, ROOT, drawn, every, source


def test_faults_are_noticed(tmp_path):
    log = tmp_path / "mutants.json"
    command = [sys.executable, "-m", "tests.fuzz.mutants", "-n", "3", "--file", "operators", "--programs", "20"]
    subprocess.run([*command, "--log", str(log)], cwd=ROOT, check=True, capture_output=True)
    found = json.loads(log.read_text())
    assert found["caught"] >= 2 and len(found["mutants"]) == 3


def test_a_mutant_differs_in_one_place():
    for mutant, place, other in drawn(20, 3):
        text = source(mutant.file, place, other)
        plain = ast.unparse(ast.parse((ROOT / mutant.file).read_text()))
        changed = [(a, b) for a, b in zip(text.splitlines(), plain.splitlines()) if a != b]
        assert changed, mutant


def test_there_are_many():
    files = [path.relative_to(ROOT).as_posix() for pattern, _ in PLACES for path in ROOT.glob(pattern)]
    assert sum(1 for path in files for _ in every(path)) > 300


def test_the_log_is_of_forty_faults_at_least():
    found = json.loads(LOG.read_text())
    assert len(found["mutants"]) >= 40
    assert found["caught"] + found["survived"] + found["equivalent"] == len(found["mutants"])
