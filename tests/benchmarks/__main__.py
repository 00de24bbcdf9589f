"""The command: one process for each program, everyone timed in turns in it; then the table."""

import argparse
import compileall
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import scaling, summary, table
from tests.benchmarks.cases import cases
from tests.benchmarks.measure import measure

ROOT = Path(__file__).resolve().parents[2]
# What is freed stays with the process, for everyone: giving 1 MB back to the system and asking for it again between two
# runs costs as much as a pass over it (of the dense network a third of the gradient's time, by hand as generated).
MEMORY = {"MALLOC_TRIM_THRESHOLD_": "100000000", "MALLOC_MMAP_THRESHOLD_": "100000000"}


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("names", nargs="*", help="programs (all unless given)")
    parser.add_argument("--rounds", type=int, default=15, help="paired measurements of each")
    parser.add_argument("--json", type=Path, help="where the table goes as JSON")
    parser.add_argument("--svg", type=Path, help="where the chart goes")
    parser.add_argument("--scaling", action="store_true", help="growth with inputs, passes and source, instead")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.scaling:
        rows = scaling.run(options.rounds)
        print(scaling.text(rows))
        _write(options.json, json.dumps(rows, indent=2))
        _write(options.svg, scaling.svg(rows))
        return
    known = cases()
    unknown = [name for name in options.names if name not in known]
    if unknown:
        parser.error(f"{unknown[0]} is none of {', '.join(known)}")
    if options.one:
        print(json.dumps(measure(known[options.names[0]], options.rounds)))
        return
    compileall.compile_dir(ROOT / "adgen", quiet=1)  # as pip has done with all peers: first calls import the compiler
    rows = {}
    for name in options.names or known:
        rows[name] = _in_a_process(name, options.rounds)
        print(table.line(name, rows[name]), file=sys.stderr)
    print(table.text(rows))
    _write(options.json, json.dumps({"programs": rows, "summary": summary.summary(rows)}, indent=2))
    _write(options.svg, table.svg(rows))


def _in_a_process(name, rounds):
    command = [sys.executable, "-m", "tests.benchmarks", name, "--one", "--rounds", str(rounds)]
    with tempfile.TemporaryDirectory() as empty:  # what an earlier run generated must not make a first call look fast
        env = os.environ | MEMORY | {"ADGEN_CACHE_DIR": empty}
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env)
    if done.returncode:
        return {"error": done.stderr.strip().splitlines()[-1]}
    return json.loads(done.stdout.strip().splitlines()[-1])


def _write(path, text):
    if path is not None:
        path.write_text(text + "\n")


if __name__ == "__main__":
    main()
