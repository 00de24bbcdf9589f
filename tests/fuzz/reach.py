"""`python -m tests.fuzz.reach -n 1000`: which branches of the transforms and of lowering programs of the fuzzer reach.

Lines that refuse a program are left out (they raise Reject, Refusal, Poisoned or Restart, record a refusal, or are an
InternalError): programs that are accepted cannot reach them.  With `--missing` the lines that no program reached.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("adgen/transforms/*.py", "adgen/frontend/lower*.py")
REFUSES = (
    r"raise (Reject|Refusal|Poisoned|Restart|InternalError|Unfit)",
    r"\.record\(",
    r"return (Reject|_clash)\(",
    r"^\s*(why|title|help_|what) = ",
    r"TYPE_CHECKING",
    r"assert_never",
)


def main():
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.reach", description=__doc__)
    parser.add_argument("-n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--missing", action="store_true")
    given = parser.parse_args()
    import coverage  # an extra: what the tests themselves need is less

    measured = coverage.Coverage(branch=True, data_file=None, include=[str(ROOT / part) for part in PARTS])
    for pattern in REFUSES:
        measured.exclude(pattern)
    measured.start()
    from tests.fuzz.campaign import Campaign, part  # imported while it is measured

    campaign = Campaign()
    for start in range(given.seed, given.seed + given.n, 25):
        campaign.add(part((start, min(start + 25, given.seed + given.n), 1.0))[1])
    measured.stop()
    print("\n".join(itertools.islice(campaign.report(), 1)))
    share = measured.report(show_missing=given.missing, skip_covered=True, precision=1)
    print(f"{share:.1f} % of lines and branches of {', '.join(PARTS)}")


if __name__ == "__main__":
    main()
