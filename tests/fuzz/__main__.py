"""`python -m tests.fuzz -n 1000 --seed 0`: a campaign; failures are shrunk and written to tests/regress."""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.judge import judge
from tests.fuzz.programs import Maker
from tests.fuzz.shrink import shrink, write

MODES = (("value_and_grad", "jvp"), ("value_and_grad", "vjp", "jvp"), ("grad", "vjp", "jvp"))


class Campaign:
    """Counts of a run."""

    def __init__(self):
        self.kinds = Counter()
        self.refusals = Counter()
        self.pairs = Counter()
        self.failures = []
        self.compared = 0

    def one(self, seed, aliases=0.0):
        """Make and judge one program."""
        program = Maker(seed, aliases).program()
        modes = MODES[seed % len(MODES)]
        verdict = judge(program, modes)
        self.kinds[verdict.kind] += 1
        self.compared += verdict.compared
        if verdict.kind == "refused":
            self.refusals[verdict.message.split("; ")[0][:100]] += 1
        elif verdict.kind == "fine":
            self.pairs.update(itertools.combinations(sorted(program.tags()), 2))
        elif verdict.failed:
            self.failures.append((program, verdict, modes))
        return verdict

    @property
    def acceptance(self):
        """The share of runnable programs that are not refused."""
        judged = sum(self.kinds.values()) - self.kinds["skipped"]
        return 1.0 - self.kinds["refused"] / max(judged, 1)

    def report(self):
        """Lines for the log."""
        yield f"{dict(self.kinds)}, accepted {100.0 * self.acceptance:.1f} %, {self.compared} differences agreed"
        for message, count in self.refusals.most_common(12):
            yield f"  refused {count:>4}  {message}"
        if self.pairs:
            rare = self.pairs.most_common()[:-11:-1]
            yield f"  {len(self.pairs)} pairs of constructs; rarest: " + ", ".join(
                f"{a} x {b} {n}" for (a, b), n in rare
            )


def main():
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("-n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--aliases", type=float, default=0.0, help="weight of aliases and of callees that write")
    parser.add_argument("--seconds", type=float, default=1e9, help="stop after so long")
    parser.add_argument("--shrink", type=float, default=15.0, help="seconds for each failure; 0: write nothing")
    parser.add_argument("--show", action="store_true", help="print failing programs with the generated code")
    options = parser.parse_args()
    campaign, end = Campaign(), time.monotonic() + options.seconds
    for seed in range(options.seed, options.seed + options.n):
        verdict = campaign.one(seed, options.aliases)
        if verdict.failed:
            print(f"seed {seed}: {verdict.message[:300]}", flush=True)
            program, last, modes = campaign.failures[-1]
            if options.shrink:
                program, last = shrink(program, verdict, modes, options.shrink)
                path = write(program, last, Path(__file__).parents[1] / "regress")
                print(f"    {path}")
            if options.show:
                print(program.text[program.text.index("def f(") :], last.text, sep="\n")
        if time.monotonic() > end:
            break
    print("\n".join(campaign.report()))
    sys.exit(bool(campaign.failures))


if __name__ == "__main__":
    main()
