"""Paired timing: everyone has a turn in each round, so that a busy machine is busy for all alike."""

import re
import statistics
import time
import warnings

import numpy as np

from adgen.errors import Refusal
from tests.benchmarks.contenders import CONTENDERS, PEERS

LEAST = 1e-3  # seconds of one measurement, the least of three of which counts in a round
LONG = 0.05  # seconds of a run from which on one measurement does: a moment of something else is little beside it
AGREE = 1e-6
HEADINGS = ("Failed in nopython mode pipeline (step: nopython frontend)", "Tangent Error")  # of errors, saying nothing
NO_GRADIENT = ("primal", "numba primal", "differences")  # whose results are not compared with the gradient by hand


def measure(case, rounds):
    """{contender: {"ratio", "low", "high", "seconds", "prepared", "rounds"} or {"error"}}; ratios are to the primal."""
    found, ready = {}, {}
    expected = None
    for name, prepare in CONTENDERS.items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ready[name] = prepare(case)
            if name == "by hand":
                expected = _flat(ready[name].run())
            elif name not in NO_GRADIENT:
                _compare(_flat(ready[name].run()), expected)
        except Exception as error:  # whatever a peer says is its entry in the table
            ready.pop(name, None)
            absent = isinstance(error, ModuleNotFoundError) and error.name in PEERS
            found[name] = {"error": "not installed" if absent else _short(error)}
    times = _times(ready, rounds)
    for name, each in times.items():
        ratios = sorted(a / b for a, b in zip(each, times["primal"], strict=True))
        low, high = ratios[len(ratios) // 4], ratios[-1 - len(ratios) // 4]
        seconds, ratio = statistics.median(each), statistics.median(ratios)
        found[name] = {
            "ratio": ratio,
            "low": low,
            "high": high,
            "seconds": seconds,
            "prepared": ready[name].prepared,
            "rounds": each,
        }
    return {name: found[name] for name in CONTENDERS}


def _times(ready, rounds):
    """Seconds of each contender in each round."""
    counts, tries = {}, {}
    for name, one in ready.items():
        least = min(_seconds(one.run, 1) for _ in range(3))
        counts[name] = max(1, int(LEAST / max(least, 1e-9)))
        tries[name] = 3 if least < LONG else 1
    times = {name: [] for name in ready}
    order = list(ready)
    for k in range(rounds):
        for name in order[k % len(order) :] + order[: k % len(order)]:
            run = ready[name].run
            if tries[name] > 1:
                run()  # who ran before has emptied the caches and put threads to sleep
            least = min(_seconds(run, counts[name]) for _ in range(tries[name]))
            times[name].append(least * getattr(run, "times", 1.0))
    return times


def _seconds(run, count):
    """Of one run, of so many in a row."""
    start = time.perf_counter()
    for _ in range(count):
        run()
    return (time.perf_counter() - start) / count


def _flat(tree):
    """All numbers of a gradient."""
    if isinstance(tree, (list, tuple)):
        return np.concatenate([_flat(item) for item in tree] or [np.zeros(0)])
    return np.ravel(np.asarray(tree, float))


def _compare(found, expected):
    error = np.max(np.abs(found - expected), initial=0.0) / max(1.0, np.max(np.abs(expected), initial=0.0))
    if not error <= AGREE:
        raise ArithmeticError(f"another gradient: off by {error:.1e}")


def _short(error):
    """Its class and its first line that tells something; a refusal's title and reason."""
    if isinstance(error, Refusal):
        first = error.diagnostics[0]
        return f"refused: {first.title}: {first.why}"
    lines = [line.strip(" >") for line in re.sub(" at 0x[0-9a-f]+", "", str(error)).splitlines()]
    lines = [line for line in lines if any(letter.isalpha() for letter in line) and line not in HEADINGS] or [""]
    said = " ".join(lines[:2]) if lines[0].endswith(":") else lines[0]
    return f"{type(error).__name__}: {said}"[:200]
