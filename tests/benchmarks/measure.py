"""Paired timing: everyone runs once in each round, in turns, so that a busy machine is busy for all alike."""

import statistics
import time
import warnings

import numpy as np

from tests.benchmarks.contenders import CONTENDERS

LEAST = 2e-3  # seconds of one measurement
AGREE = 1e-6


def measure(case, rounds):
    """{contender: {"ratio", "low", "high", "seconds", "prepared"} or {"error"}}; ratios to the primal's time."""
    found, ready = {}, {}
    expected = None
    for name, prepare in CONTENDERS.items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ready[name] = prepare(case)
            if name == "by hand":
                expected = _flat(ready[name].run())
            elif name not in ("primal", "differences"):
                _compare(_flat(ready[name].run()), expected)
        except Exception as error:  # whatever a peer says is its entry in the table
            ready.pop(name, None)
            found[name] = {"error": _short(error)}
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
        }
    return {name: found[name] for name in CONTENDERS}


def _times(ready, rounds):
    """Seconds of each contender in each round."""
    repeats = {}
    for name, one in ready.items():
        start = time.perf_counter()
        one.run()
        repeats[name] = max(1, int(LEAST / max(time.perf_counter() - start, 1e-9)))
    times = {name: [] for name in ready}
    order = list(ready)
    for k in range(rounds):
        for name in order[k % len(order) :] + order[: k % len(order)]:
            run, count = ready[name].run, repeats[name]
            start = time.perf_counter()
            for _ in range(count):
                run()
            scale = getattr(run, "times", 1.0)
            times[name].append((time.perf_counter() - start) / count * scale)
    return times


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
    first = (str(error).strip().splitlines() or [""])[0]
    return f"{type(error).__name__}: {first}"[:160]
