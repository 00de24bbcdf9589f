"""Runs of many programs: counts, pairs of constructs, the record in `campaign.json`.

The record has one entry for each state of the compiler (a digest of its source): which seeds were run, how many
programs failed.  `last` counts programs since the last change of the transforms or the front end.
"""

from __future__ import annotations

import gc
import hashlib
import itertools
import json
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

import adgen
from tests.fuzz.constructs import EVERY
from tests.fuzz.judge import judge
from tests.fuzz.programs import Maker

GRADIENT, PULLED = "value_and_grad", "vjp"
ASKED = (  # by turns: modes, those without optimisation, whether both levels are compared
    ((GRADIENT, "jvp"), (), False),
    ((PULLED,), (PULLED,), True),
    ((GRADIENT,), (), False),
    ((PULLED, "jvp"), ("jvp",), False),
    ((GRADIENT, "jvp"), (GRADIENT,), False),
    (("grad",), (), False),
    ((PULLED, "jvp"), (PULLED, "jvp"), False),
    ((GRADIENT,), (GRADIENT,), True),
)
RECORD = Path(__file__).with_name("campaign.json")
SOURCE = Path(adgen.__file__).parent
CORE = ("transforms", "frontend")
CHUNK = 25


def options(seed):
    """What is asked of the program of a seed: its modes and levels, whether each pass is verified."""
    modes, plain, level = ASKED[seed % len(ASKED)]
    return {"modes": modes, "plain": plain, "level": level, "verify": "each" if seed % 25 == 0 else "off"}


def digest(*folders):
    """A digest of the compiler's source, or of some folders of it."""
    files = [path for folder in folders or ("",) for path in sorted((SOURCE / folder).rglob("*.py"))]
    told = hashlib.sha256()
    for path in files:
        told.update(path.relative_to(SOURCE).as_posix().encode() + b"\0" + path.read_bytes())
    return told.hexdigest()[:12]


class Campaign:
    """Counts of a run."""

    def __init__(self, danger=1.0):
        self.danger = danger
        self.kinds = Counter()
        self.refusals = Counter()
        self.tags = Counter()
        self.pairs = Counter()
        self.nested = Counter()
        self.failures = []
        self.compared = 0

    def one(self, seed):
        """Make and judge one program."""
        program = Maker(seed, self.danger).program()
        verdict = judge(program, **options(seed))
        self.kinds[verdict.kind] += 1
        self.compared += verdict.compared
        if verdict.kind == "refused":
            self.refusals[verdict.message.split("; ")[0][:140]] += 1
        elif verdict.kind == "fine":
            tags = sorted(program.tags())
            self.tags.update(tags)
            self.pairs.update(itertools.combinations(tags, 2))
            self.nested.update(program.nested())
        elif verdict.failed:
            self.failures.append((seed, verdict))
        return verdict

    def add(self, other):
        """The counts of another run too."""
        for name in ("kinds", "refusals", "tags", "pairs", "nested"):
            getattr(self, name).update(getattr(other, name))
        self.failures += other.failures
        self.compared += other.compared

    @property
    def judged(self):
        """How many programs ran."""
        return sum(self.kinds.values()) - self.kinds["skipped"]

    @property
    def acceptance(self):
        """The share of runnable programs that are not refused."""
        return 1.0 - self.kinds["refused"] / max(self.judged, 1)

    def rare(self, count=8):
        """The pairs of constructs that were seen together least."""
        pairs = [(self.pairs[pair], *pair) for pair in itertools.combinations(EVERY, 2)]
        return sorted(pairs)[:count]

    def report(self):
        """Lines for the log."""
        yield f"{dict(self.kinds)}, accepted {100.0 * self.acceptance:.1f} %, {self.compared} differences agreed"
        for message, count in self.refusals.most_common(12):
            yield f"  refused {count:>4}  {message}"
        told = ", ".join(f"{a} x {b} {number}" for number, a, b in self.rare())
        yield f"  {len(self.pairs)} pairs of {len(self.tags)} constructs; rarest: {told}"
        yield f"  {len(self.nested)} pairs of a construct inside another one"


def part(job):
    """The campaign of a range of seeds: what one process does."""
    start, stop, danger = job
    campaign = Campaign(danger)
    gc.disable()  # a program leaves little behind; collected once for the whole range
    for seed in range(start, stop):
        campaign.one(seed)
    gc.enable()
    gc.collect()
    return stop, campaign


def parts(start, count, danger, jobs):
    """The campaigns of ranges of seeds, in order; in several processes if asked."""
    ranges = [(low, min(low + CHUNK, start + count), danger) for low in range(start, start + count, CHUNK)]
    if jobs <= 1:
        yield from map(part, ranges)
        return
    with Pool(jobs) as pool:
        yield from pool.imap(part, ranges)


# the record ----------------------------------------------------------------------------------------------------------
def record(start, stop, campaign, path=RECORD):
    """Add a run to the record; a range that was run before by this compiler counts once."""
    known = json.loads(path.read_text()) if path.exists() else {"runs": []}
    key = {"compiler": digest(), "core": digest(*CORE)}
    entry = {
        **key,
        "seeds": [start, stop],
        "programs": campaign.judged,
        "refused": campaign.kinds["refused"],
        "failures": len(campaign.failures),
    }
    same = [run for run in known["runs"] if run["compiler"] == key["compiler"]]
    if any(start < run["seeds"][1] and run["seeds"][0] < stop for run in same):
        return known
    joined = next((run for run in same if run["seeds"][1] == start), None)
    if joined is not None:
        joined["seeds"][1] = stop
        for name in ("programs", "refused", "failures"):
            joined[name] += entry[name]
    else:
        known["runs"].append(entry)
    known = summed(known["runs"])
    path.write_text(json.dumps(known, indent=2) + "\n")
    return known


def summed(runs):
    """The record with its sums: all programs, and those since the core last changed."""
    core = runs[-1]["core"]
    last = list(itertools.takewhile(lambda run: run["core"] == core, reversed(runs)))
    return {
        "programs": sum(run["programs"] for run in runs),
        "failures": sum(run["failures"] for run in runs),
        "last": {
            "core": core,
            "programs": sum(run["programs"] for run in last),
            "failures": sum(run["failures"] for run in last),
        },
        "runs": runs,
    }
