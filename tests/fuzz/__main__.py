"""`python -m tests.fuzz -n 1000 --seed 0`: a campaign; failures are shrunk and written to a folder.

    python -m tests.fuzz -n 20000 --seed 100000 --jobs 2 --record      long, counted in campaign.json
    python -m tests.fuzz --only 1234 --show                            one program, with what was generated

Nothing is formatted and nothing is cached.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.fuzz.campaign import CORE, Campaign, digest, merge, options, parts, record
from tests.fuzz.judge import judge
from tests.fuzz.shrink import shrink, write
from tests.fuzz.sweep import maker


def arguments():
    """The command's options."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("-n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="one seed")
    parser.add_argument("--danger", type=float, default=1.0, help="weight of views, aliases, exchanges")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--seconds", type=float, default=1e9, help="stop after so long")
    parser.add_argument("--shrink", type=float, default=15.0, help="seconds for each failure; 0: write nothing")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parents[1] / "regress")
    parser.add_argument("--record", action="store_true", help="count the run in campaign.json")
    parser.add_argument("--merge", type=Path, help="add the runs of another record to campaign.json, run nothing")
    parser.add_argument("--show", action="store_true", help="print failing programs with the generated code")
    return parser.parse_args()


def told(seed, verdict, given):
    """Report a failure; shrink it and write it."""
    print(f"seed {seed}: {verdict.message[:300]}", flush=True)
    program, asked = maker(seed, given.danger).program(), options(seed)
    if given.shrink:
        program, verdict = shrink(program, verdict, asked, given.shrink)
        print(f"    {write(program, verdict, given.folder)}", flush=True)
    if given.show:
        print(program.text, program.args, verdict.text, sep="\n")


def main():
    """The command."""
    given = arguments()
    if given.merge:
        print(merge(given.merge))
        return
    if given.only is not None:
        verdict = judge(maker(given.only, given.danger).program(), **options(given.only))
        print(verdict.kind, verdict.message)
        if verdict.failed:
            told(given.only, verdict, given)
        sys.exit(verdict.failed)
    digest(), digest(*CORE)  # of what was imported
    campaign, begin = Campaign(given.danger), time.monotonic()
    stop = given.seed
    for stop, found in parts(given.seed, given.n, given.danger, given.jobs):
        campaign.add(found)
        if given.record:
            sums = record(stop - found.kinds.total(), stop, found)
        for seed, verdict in found.failures:
            told(seed, verdict, given)
        if time.monotonic() > begin + given.seconds:
            break
    rate = (stop - given.seed) / (time.monotonic() - begin)
    print("\n".join(campaign.report()))
    print(f"  seeds {given.seed} to {stop}, {rate:.1f} programs a second")
    if given.record:
        print(f"  on record: {sums['programs']} programs, {sums['failures']} failures; last: {sums['last']}")
    sys.exit(bool(campaign.failures))


if __name__ == "__main__":
    main()
