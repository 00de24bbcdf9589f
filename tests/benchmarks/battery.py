"""The battery's summary: entries, checks, failures; and how many rules with a wrong sign or size it catches.

    $ python -m tests.benchmarks.battery [PREFIX]
    entries: ..   calls: ..   checks: ..   failures: 0
    rules made wrong (negated, times 1.001): ..   not noticed: 0

A check is one mode of one call at one degree of knowledge of types, or its order 2.  PREFIX takes the entries whose
names begin with it.
"""

import sys
from unittest import mock

from tests.rules import test_battery as battery


def failed(test, *args):
    """Whether a test of the battery fails."""
    try:
        test(*args)
    except AssertionError:
        return True
    return False


def counted(function, seen):
    """A check that says that it was made."""

    def check(*args, **keywords):
        seen.append(1 + bool(keywords.get("order_two")))
        return function(*args, **keywords)

    return check


def summary(prefix=""):
    """The two lines."""
    names, seen = [name for name in battery.NAMES if name.startswith(prefix)], []
    checks = {name: counted(getattr(battery, name), seen) for name in ("check_forward", "check_reverse")}
    with mock.patch.multiple(battery, **checks):
        wrong = [name for name in names if failed(battery.test_rule, name)]
    missed = [name for name in names if failed(battery.test_a_wrong_sign_or_size_is_noticed, name)]
    calls = sum(len(battery.BY_NAME[name]) for name in names)
    return (
        f"entries: {len(names)}   calls: {calls}   checks: {sum(seen)}   failures: {' '.join(wrong) or 0}\n"
        f"rules made wrong (negated, times 1.001): {len(names)}   not noticed: {' '.join(missed) or 0}"
    )


if __name__ == "__main__":
    print(summary(*sys.argv[1:2]))
