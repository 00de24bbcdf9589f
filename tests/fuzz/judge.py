"""What becomes of one program: skipped (it does not run, or overflows), refused, fine, or a failure with its kind."""

from __future__ import annotations

import contextlib
import copy
import signal
import warnings
from dataclasses import dataclass

import numpy as np

from adgen.errors import Refusal
from tests.programs.oracle import Check, Wrong

BIG = 1e3


@dataclass
class Verdict:
    """kind: skipped, refused, fine, or what is wrong."""

    kind: str
    message: str = ""
    text: str = ""
    compared: int = 0

    @property
    def failed(self):
        return self.kind not in ("skipped", "refused", "fine")


class TooLong(Exception):
    """A program does not end."""


@contextlib.contextmanager
def limited(seconds):
    """Stop what does not end (a shrunk `while` may have lost its counter)."""

    def stop(signum, frame):
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def runs(function, args):
    """Whether the program runs, gives a moderate number and leaves its arguments alone."""
    given = copy.deepcopy(args)
    try:
        with limited(1.0), warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
            warnings.simplefilter("error")
            value = function(*given)
    except Exception:
        return False
    if not isinstance(value, (float, np.floating)) or not abs(value) < BIG:
        return False
    return all(np.array_equal(a, b) for a, b in zip(given, args))


def judge(program, modes=("value_and_grad", "jvp"), name=None):
    """Run all oracles on one program."""
    try:
        function = program.function(name)
    except SyntaxError as error:
        return Verdict("skipped", f"syntax: {error}")
    if not runs(function, program.args):
        return Verdict("skipped", "it does not run")
    try:
        with limited(20.0), warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            check = Check(function, copy.deepcopy(program.args), program.seed, 2, modes, strict=False)
            check.run()
    except Refusal as refusal:
        return Verdict("refused", "; ".join(f"{d.code} {d.title}: {d.why}" for d in refusal.diagnostics))
    except Wrong as wrong:
        return Verdict(wrong.kind, str(wrong), wrong.text)
    except Exception as error:
        return Verdict("internal", f"{type(error).__name__}: {error}")
    return Verdict("fine", compared=2 - check.disagreed)
