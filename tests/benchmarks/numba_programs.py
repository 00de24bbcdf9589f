"""Every program of arrays and numbers in the collections under Numba: what agrees, what is refused and why.

    python -m tests.benchmarks.numba_programs            all, in reverse mode
    python -m tests.benchmarks.numba_programs --mode jvp heat

Each derivative is compiled and compared with that of the NumPy backend at the program's own arguments.
"""

import argparse
import collections
import copy
import sys
import warnings

import numpy as np

from adgen import signature
from adgen.compiling import NotCompiled, compile_for
from adgen.errors import Refusal
from adgen.frontend import source
from adgen.pipeline import Request, generate
from adgen.trees import is_smooth, leaves
from tests.programs import oracle, test_programs
from tests.programs.wild import differential_equations, learning, linear_algebra, methods
from tests.programs.wild.collecting import PROGRAMS

LIMIT = 1e-9
MODULES = (differential_equations, learning, linear_algebra, methods)  # they fill PROGRAMS


def is_plain(value):
    """Whether a value is a number, or an array of doubles, integers or flags."""
    if isinstance(value, np.ndarray):
        return value.dtype in (np.float64, np.int64, np.bool_, np.complex128)
    return isinstance(value, (float, int, complex, np.float64))


def programs():
    """(name, function, arguments): those whose arguments are numbers and arrays."""
    every = [(name, fun, args) for name, (fun, args) in zip(test_programs.NAMES, test_programs.CASES, strict=True)]
    rng = np.random.default_rng
    every += [(f"wild-{one.fun.__name__}", one.fun, one.inputs(rng(11))) for one in PROGRAMS]
    return [one for one in every if all(is_plain(value) for value in one[2])], len(every)


class Numba:
    """A derivative, compiled."""

    def __init__(self, fun, args, mode, wrt):
        found = source.find(fun)
        types = dict(signature.of_values(found.params, args).items)
        request = Request(mode, wrt, single=False, backend="numba")
        made = generate(found, types, request, formatted=False, guarded=False)
        self.fun, self.captured, self.text = fun, made.captured, made.text
        types |= {param.name: param.binding.type for param in made.captured}
        self.function = compile_for(made, types, fun.__name__)

    def __call__(self, *args):
        given = {param.name: source.read_captured(self.fun, param.binding) for param in self.captured}
        return self.function(*args, **given)


def outcome(fun, args, mode):
    """A word, and what there is to say."""
    wrt, which = oracle.smooth_params(source.find(fun).params, args)
    try:
        plain = oracle.Made(fun, args, mode, wrt, "off")
    except Refusal as refusal:
        codes = {found.code for found in refusal.diagnostics}
        return ("no scalar", "") if codes == {"E0143"} else ("not differentiable", ", ".join(sorted(codes)))
    try:
        compiled = Numba(fun, args, mode, wrt)
    except NotCompiled as refusal:
        return "refused late", refusal.diagnostics[0].why
    except Refusal as refusal:
        return "refused", refusal.diagnostics[0].title + ": " + refusal.diagnostics[0].why
    more = [oracle.direction(np.random.default_rng(0), args[k]) for k in which] if mode == "jvp" else []
    expected, found = (one(*copy.deepcopy(args), *more) for one in (plain, compiled))
    if mode == "vjp":
        bar = oracle.direction(np.random.default_rng(0), expected[0])
        expected, found = ((out, pull(bar), pull(bar)) for out, pull in (expected, found))
    gap = difference(found, expected)
    return ("agrees", "") if gap <= LIMIT else ("DIFFERS", f"by {gap:.1e}")


def difference(found, expected):
    """The largest difference of any number, relative to the largest (or to 1)."""
    worst = 0.0
    pairs = zip(*([x for x in leaves(tree) if is_smooth(x)] for tree in (found, expected)), strict=True)
    for a, b in pairs:
        a, b = np.asarray(a), np.asarray(b)
        if a.shape != b.shape or a.dtype != b.dtype:
            return np.inf
        same = (a == b) | (np.isnan(a) & np.isnan(b))
        gap = np.max(np.where(same, 0.0, np.abs(a - b)), initial=0.0) / max(1.0, np.max(np.abs(b), initial=0.0))
        worst = max(worst, gap) if gap == gap else np.inf
    return worst


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.numba_programs")
    parser.add_argument("names", nargs="*", help="parts of names (all programs unless given)")
    parser.add_argument("--mode", choices=("grad", "jvp", "vjp"), default="grad")
    parser.add_argument("--every", type=int, default=1, help="only each so manieth program")
    parser.add_argument("--text", action="store_true", help="print the generated text of what does not agree")
    options = parser.parse_args()
    found, count = programs()
    chosen = [one for one in found if not options.names or any(part in one[0] for part in options.names)]
    counts, reasons = collections.Counter(), collections.Counter()
    warnings.simplefilter("ignore")
    for name, fun, args in chosen[:: options.every]:
        try:
            word, more = outcome(fun, args, options.mode)
        except Exception as error:  # told, not hidden: a crash is an outcome
            word, more = "CRASHES", f"{type(error).__name__}: {error}".splitlines()[0]
        counts[word] += 1
        if word not in ("agrees", "no scalar", "not differentiable"):
            print(f"{name}: {word}: {more}", flush=True)
            reasons[f"{word}: {more}"] += 1
    tried = sum(counts.values())
    print(f"{count} programs, {len(found)} of numbers and arrays only; {tried} tried in mode {options.mode}")
    print(", ".join(f"{number} {word}" for word, number in counts.most_common()))
    for reason, number in reasons.most_common():
        print(f"{number:5d} {reason}")
    return 1 if counts["DIFFERS"] or counts["CRASHES"] else 0


if __name__ == "__main__":
    sys.exit(main())
