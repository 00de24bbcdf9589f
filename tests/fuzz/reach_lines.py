"""Which programs of the fuzzer reach which lines of the compiler: a map made once for a state of the compiler.

    found = at_hand(300, 3_000_000)       made, or read from where it was left
    found.seeds("adgen/transforms/reverse_loops.py", 140)       at most KEPT seeds of programs that reach the line
    found.accepted                                              the seeds of all that were judged and are fine
    found.numba                                                 of those whose text for Numba was judged, too

The programs are so many that are drawn, and those of the sweep, one for each template.

A process of its own makes it: the one that asks must not import the compiler.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("adgen/transforms/", "adgen/frontend/lower", "adgen/optimise/", "adgen/rules/shapes", "adgen/rules/formula")
PARTS = (*PARTS, "adgen/backend/sharing")
OWN = ("mutants", "test_mutants", "test_fuzz", "test_sweep")  # they draw nothing
KEPT = 300  # seeds of a line


class Map:
    """Lines and the seeds of programs that reach them; which programs are accepted, and made for Numba."""

    def __init__(self, lines, accepted, numba=()):
        self.lines = lines
        self.accepted = accepted
        self.numba = numba

    def seeds(self, file, line):
        """Seeds of programs that reach a line."""
        return self.lines.get(f"{file}:{line}", [])


def at_hand(count, first):
    """The map of so many programs of the compiler as it is."""
    if not count:
        return Map({}, ())
    told = hashlib.sha256()
    for path in sorted([*ROOT.glob("adgen/**/*.py"), *ROOT.glob("tests/fuzz/*.py")]):
        told.update(b"" if path.stem in OWN else path.read_bytes())
    path = Path(tempfile.gettempdir()) / f"adgen_lines_{told.hexdigest()[:16]}_{first}_{count}.json"
    if not path.exists():
        command = [sys.executable, "-m", "tests.fuzz.reach_lines", str(first), str(count), str(path)]
        subprocess.run(command, cwd=ROOT, check=True)
    return Map(**json.loads(path.read_text()))


def made(first, count):
    """Run the programs, and note the lines of each."""
    import coverage  # an extra: what the tests themselves need is less

    measured = coverage.Coverage(data_file=None, include=[f"{ROOT}/{part}*" for part in PARTS])
    measured.start()
    from tests.fuzz.campaign import options
    from tests.fuzz.judge import judge
    from tests.fuzz.sweep import COUNT, SWEEP, maker

    kinds, numba = {}, []
    for seed in (*range(first, first + count), *range(SWEEP, SWEEP + COUNT)):
        measured.switch_context(str(seed))
        verdict = judge(maker(seed).program(), **{**options(seed), "verify": "each"})  # as faults are judged
        kinds[seed] = verdict.kind
        numba += [seed] if verdict.numba else []
    measured.stop()
    data, lines = measured.get_data(), {}
    for path in sorted(data.measured_files()):
        for line, seeds in data.contexts_by_lineno(path).items():
            found = sorted(int(seed) for seed in seeds if seed)
            found = [seed for seed in found if kinds[seed] in ("fine", "refused")]
            lines[f"{path.removeprefix(f'{ROOT}/')}:{line}"] = found[:KEPT]
    return {"lines": lines, "accepted": [seed for seed, kind in kinds.items() if kind == "fine"], "numba": numba}


if __name__ == "__main__":
    sys.setrecursionlimit(3000)
    Path(sys.argv[3]).write_text(json.dumps(made(int(sys.argv[1]), int(sys.argv[2]))))
