"""Runs of many programs: counts, pairs of constructs, the record in `campaign.json`.

The record has one entry for each state of the compiler (a digest of its source): which seeds were run, how many
programs failed.  `last` counts programs since the last change of the transforms or the front end.
"""

from __future__ import annotations

import functools
import gc
import hashlib
import itertools
import json
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

import adgen
from tests.fuzz.accepted import lost
from tests.fuzz.constructs import EVERY
from tests.fuzz.judge import Verdict, judge
from tests.fuzz.sweep import maker

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
COMPILED = (2, 5)  # the turns in which the text that is made for Numba is judged, too
RECORD = Path(__file__).with_name("campaign.json")
SOURCE = Path(adgen.__file__).parent
CORE = ("transforms", "frontend")
CHUNK = 25
RANGES = 8  # of so many programs, for each process


def options(seed):
    """What is asked of the program of a seed: its modes, levels and style, if passes are verified, Numba's text."""
    modes, plain, level = ASKED[seed % len(ASKED)]
    verify = "each" if seed % 25 == 0 else "off"
    style = "textbook" if seed // len(ASKED) % 2 else "expert"
    compiled = seed % len(ASKED) in COMPILED
    return {"modes": modes, "plain": plain, "level": level, "verify": verify, "compiled": compiled, "style": style}


@functools.cache
def digest(*folders):
    """A digest of the compiler's source, or of some folders of it, as it was when it was first asked for."""
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
        program = maker(seed, self.danger).program()
        verdict = judge(program, **options(seed))
        if lost(program, verdict):
            verdict = Verdict("refused now", f"it was accepted before: {verdict.message}")
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
    gc.disable()  # a program leaves little behind: what is left of the whole range goes at once
    for seed in range(start, stop):
        campaign.one(seed)
    gc.enable()
    return stop, campaign


def parts(start, count, danger, jobs):
    """The campaigns of ranges of seeds, in order; in several processes if asked."""
    ranges = [(low, min(low + CHUNK, start + count), danger) for low in range(start, start + count, CHUNK)]
    if jobs <= 1:
        for job in ranges:
            yield part(job)
            gc.collect()
        return
    with Pool(jobs, maxtasksperchild=RANGES) as pool:  # a process that ends need not collect anything
        yield from pool.imap(part, ranges)


# the record ----------------------------------------------------------------------------------------------------------
SUMS = ("programs", "refused", "failures")


def record(start, stop, campaign, path=RECORD):
    """Add a run to the record; a range that was run before by this compiler counts once."""
    runs = read(path)
    entry = {
        "compiler": digest(),
        "core": digest(*CORE),
        "seeds": [start, stop],
        "programs": campaign.judged,
        "refused": campaign.kinds["refused"],
        "failures": len(campaign.failures),
        "pairs": {" x ".join(pair): campaign.pairs[pair] for pair in sorted(campaign.pairs)},
    }
    same = [run for run in runs if run["compiler"] == entry["compiler"]]
    if any(start < run["seeds"][1] and run["seeds"][0] < stop for run in same):
        return summed(runs)
    put(runs, entry)
    return written(runs, path)


def put(runs, entry):
    """Add a run to others; one that goes on where another one of its compiler ended makes that one longer."""
    same = [run for run in runs if run["compiler"] == entry["compiler"]]
    joined = next((run for run in same if run["seeds"][1] == entry["seeds"][0]), None)
    if joined is None:
        runs.append(entry)
        return
    joined["seeds"][1] = entry["seeds"][1]
    joined["pairs"] = dict(sorted((Counter(joined["pairs"]) + Counter(entry["pairs"])).items()))
    for name in SUMS:
        joined[name] += entry[name]


def merge(other, path=RECORD):
    """Add the runs of another record; of a run that both have, what went further counts."""
    runs = read(path)
    for run in read(other):
        same = [one for one in runs if one["compiler"] == run["compiler"]]
        older = next((one for one in same if one["seeds"][0] == run["seeds"][0]), None)
        if older is not None and older["seeds"][1] < run["seeds"][1]:
            runs[runs.index(older)] = run
        elif not any(run["seeds"][0] < one["seeds"][1] and one["seeds"][0] < run["seeds"][1] for one in same):
            put(runs, run)
    return written(runs, path)


def read(path):
    """The runs on record."""
    return json.loads(path.read_text())["runs"] if path.exists() else []


def written(runs, path):
    """Write the record: the sums, then a run a line."""
    sums = summed(runs)
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in sums.items()]
    rows = ",\n".join(f"  {json.dumps(run)}" for run in runs)
    path.write_text("{\n" + ",\n".join(lines) + ',\n "runs": [\n' + rows + "\n ]\n}\n")
    return sums


def summed(runs):
    """All programs, those since the core last changed, and the pairs of constructs that were seen least."""
    last = list(itertools.takewhile(lambda run: run["core"] == runs[-1]["core"], reversed(runs)))
    pairs = Counter()
    for run in runs:
        pairs.update(run["pairs"])
    rare = sorted((pairs[f"{a} x {b}"], f"{a} x {b}") for a, b in itertools.combinations(EVERY, 2))[:5]
    return {
        **{name: sum(run[name] for run in runs) for name in SUMS},
        "last": {"core": runs[-1]["core"], **{name: sum(run[name] for run in last) for name in SUMS}},
        "rarest pairs": {name: count for count, name in rare},
    }
