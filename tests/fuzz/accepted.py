"""What the compiler took once it does not refuse later: `python -m tests.fuzz.accepted` writes the record.

    {"programs": ["0b51c8f0a2", ..],          digests of the texts of programs of the sweep that were accepted
     "numba": ["0b51c8f0a2", ..]}             those of which a text for Numba was made

A campaign counts a program of the record that is refused as a failure.  Where the generator changes, its programs have
other texts, and the record says nothing of them until it is written again; a form that is refused from now on, for a
reason, is left out when it is.
"""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path

RECORD = Path(__file__).with_name("accepted.json")


def digest(program):
    """What tells a program from others."""
    return hashlib.sha256(program.text.encode()).hexdigest()[:10]


@functools.cache
def recorded():
    """The digests on record: of programs, and of those that were made for Numba."""
    found = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    return {name: frozenset(found.get(name, ())) for name in ("programs", "numba")}


def lost(program, verdict):
    """Whether a program is refused that was accepted before, or is not made for Numba any more."""
    if verdict.kind == "refused":
        return digest(program) in recorded()["programs"]
    return verdict.numba is False and digest(program) in recorded()["numba"]


def main():
    """Run the sweep and write down what is accepted."""
    from tests.fuzz.campaign import options
    from tests.fuzz.judge import judge
    from tests.fuzz.sweep import COUNT, SWEEP, maker

    found, compiled = {}, {}
    for seed in range(SWEEP, SWEEP + COUNT):
        program = maker(seed).program()
        verdict = judge(program, **options(seed))
        if verdict.kind == "fine":
            found[digest(program)] = None
        if verdict.numba:
            compiled[digest(program)] = None
    RECORD.write_text(json.dumps({"programs": list(found), "numba": list(compiled)}, indent=0) + "\n")
    print(f"{len(found)} of {COUNT} programs are accepted, {len(compiled)} of them made for Numba, too")


if __name__ == "__main__":
    main()
