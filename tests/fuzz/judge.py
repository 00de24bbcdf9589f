"""What becomes of one program: skipped (it does not run, or overflows), refused, fine, or a failure with its kind."""

from __future__ import annotations

import contextlib
import copy
import io
import linecache
import re
import signal
import sys
import traceback
import types
import warnings
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

from adgen import pipeline, signature, trees
from adgen.errors import Refusal
from adgen.frontend import source
from adgen.pipeline import Request, generate
from adgen.results import with_zeros
from tests.fuzz.tree import FOR_NUMBA
from tests.programs.oracle import SINGLE, Check, Made, Wrong, is_single, plain, widened

BIG = 1e3
STRICT = {"all": "raise", "under": "ignore"}  # a program that runs without such errors has a derivative that does
QUIET = {"all": "ignore"}
AT_KINK = "masked"  # the tag of templates with infinite derivatives that are masked out
PRODUCTS = ("@", "matmul", "dot", "einsum")
DERIVATIVES = ("adgen.grad", "adgen.value_and_grad", "adgen.jvp", "adgen.vjp", "adgen.hvp", "adgen.jacobian")
NEEDED = [row for row in pipeline.PASSES if row.name == "dead_code"]  # the level without optimisation


EMPTY = np.empty


def unset(shape, dtype=float, **options):
    """`np.empty` whose elements are seen where they are read before they are written."""
    made = EMPTY(shape, dtype, **options)
    made.fill(np.nan if made.dtype.kind in "fc" else 97)
    return made


AXES = "would change an array without axes"  # refused when it is called
NUMBA = types.SimpleNamespace(njit=lambda **options: lambda function: function)  # Python runs what it would compile


@dataclass
class Verdict:
    """kind: skipped, refused, fine, or what is wrong; whether what is made for Numba was judged, or refused."""

    kind: str
    message: str = ""
    text: str = ""
    compared: int = 0
    numba: bool | None = None

    @property
    def failed(self):
        return self.kind not in ("skipped", "refused", "fine")


class TooLong(Exception):
    """A program does not end."""


@contextlib.contextmanager
def limited(seconds):
    """Stop what does not end (a shrunk `while` may have lost its counter); seconds of the processor count."""

    def stop(signum, frame):
        raise TooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


@contextlib.contextmanager
def unoptimised():
    """Derivatives as the transforms leave them."""
    before, pipeline.PASSES = pipeline.PASSES, NEEDED
    try:
        yield
    finally:
        pipeline.PASSES = before


@contextlib.contextmanager
def textbook():
    """Derivatives in the style that shows each adjoint."""
    with patch.object(Request, "profile", property(lambda self: "textbook" if self.backend == "numpy" else "numba")):
        yield


def nearly(x, y, single=False):
    """Whether two numbers or arrays are of one kind and equal to the last bits (of single precision)."""
    x, y, last = np.asarray(x), np.asarray(y), 1e-6 if single else 4e-16
    return x.dtype == y.dtype and x.shape == y.shape and np.allclose(x, y, rtol=10.0 * last, atol=last)


def one(leaf):
    """Ones of the shape and type of a result."""
    return np.ones_like(leaf) if isinstance(leaf, np.ndarray) else type(leaf)(1.0)


LOST = 1e-2  # what rounding in single precision may cost a program that is right in double precision


def printed(function, *args):
    """What a function gives, and what it prints."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        value = function(*args)
    return value, out.getvalue()


def runs(function, args):
    """Whether the program runs, and gives moderate numbers of which no float is lost in single precision."""
    try:
        with (
            contextlib.redirect_stdout(None),
            limited(1.0),
            warnings.catch_warnings(),
            np.errstate(**STRICT),
        ):
            warnings.simplefilter("error")
            value = function(*copy.deepcopy(args))
            again = function(*[widened(arg) for arg in copy.deepcopy(args)]) if is_single(args) else value
    except Exception:
        return False
    found = trees.leaves(value)
    if not all(isinstance(leaf, (float, np.floating, np.ndarray)) and np.all(np.abs(leaf) < BIG) for leaf in found):
        return False
    return all(np.allclose(a, b, rtol=1e-3, atol=1e-3) for a, b in zip(found, trees.leaves(again), strict=True))


class Oracles(Check):
    """All oracles, and that the level without optimisation, or the textbook style, gives the same numbers."""

    def __init__(self, *args, verify="off", plain=(), style="", **options):
        super().__init__(*args, **options)
        self.style = style
        self.verify = verify
        self.plain = plain
        self.source = "".join(linecache.getlines(self.fun.__code__.co_filename))
        if "np.float32(" in self.source:  # then a part of the program, and of its derivative, is in single precision
            self.limit = SINGLE
        self.lowered = []
        self.made = {}
        self.numba, self.told = None, ""
        self.prints = printed(self.fun, *copy.deepcopy(self.args))[1] if "print(" in self.source else ""

    def call(self, made, *extra):
        """The same; a derivative prints what the function prints."""
        found, text = printed(super().call, made, *extra)
        if text != self.prints:
            raise Wrong("prints", f"{made.mode} prints {text!r} instead of {self.prints!r}", made.text)
        return found

    def again(self, mode, first, second):
        """The same; tangents are of the shapes and dtypes of what they are tangents of."""
        super().again(mode, first, second)
        if mode != "jvp":
            return
        values, dots = map(trees.leaves, map(plain, first))
        for x, dot in zip(values, dots) if len(values) == len(dots) else ():
            if isinstance(x, np.ndarray) and x.dtype.kind in "fc" and dot is not None:
                dot = np.asarray(dot)
                if (dot.shape, dot.dtype) != (x.shape, x.dtype):
                    raise Wrong("shape", f"jvp: {dot.dtype}{dot.shape} for {x.dtype}{x.shape}", self.text)

    def make(self, mode):
        return self.without(mode) if mode in self.plain else self.with_all(mode)

    def with_all(self, mode):
        """The derivative in a mode; the last one that was made is kept."""
        with self.lowered_once():
            made = self.made[mode] = Made(self.fun, self.args, mode, self.wrt, self.verify, self.found)
        self.text = self.texts[mode] = made.text
        return made

    def without(self, mode):
        """The same without optimisation, or in the other style."""
        with textbook() if self.style == "textbook" else unoptimised():
            return self.with_all(mode)

    @contextlib.contextmanager
    def lowered_once(self):
        """All modes share what the front end makes of the program (functions inside of it are lowered as ever)."""
        before, outermost = pipeline.lower_with_captured, []

        def lower(*given):
            if outermost:
                return before(*given)
            outermost.append(given)
            if not self.lowered:
                self.lowered.append(before(*given))
            return self.lowered[0]

        pipeline.lower_with_captured = lower
        try:
            yield
        finally:
            pipeline.lower_with_captured = before

    def primal(self, mode, out):
        """Bit for bit; but for the last bits of products of matrices, which depend on how operands lie in memory.

        And those of derivatives that the program takes: called from outside, they are optimised.
        """
        products = any(word in self.source for word in (*PRODUCTS, *DERIVATIVES))
        wanted, found, single = trees.leaves(self.expected), trees.leaves(out), is_single(self.args)
        if (
            products
            and len(found) == len(wanted)
            and all(nearly(*pair, single) for pair in zip(found, wanted, strict=True))
        ):
            return
        if single and "adgen." in self.source and len(found) == len(wanted):
            # a derivative function that is called from outside takes and gives Python floats, whatever the precision
            if all(np.allclose(x, y, rtol=1e-5, atol=1e-6) for x, y in zip(found, wanted, strict=True)):
                return
        super().primal(mode, out)

    def levels(self, mode):
        """The gradient of both levels."""
        had = self.made[mode]
        kept = mode in self.plain
        found = [self.call(self.with_all(mode) if kept else had), self.call(had if kept else self.without(mode))]
        if mode == "vjp":
            self.primal("vjp, without optimisation", found[1][0])
            weight = with_zeros(self.expected, trees.tree_map(one, self.expected))
            found = [pull(weight) for _, pull in found]
        elif mode == "value_and_grad":
            self.primal(f"{mode}, without optimisation", found[1][0])
            found = [grads for _, grads in found]
        with_all, without = (trees.leaves(plain(part)) for part in found)
        limit = max(self.limit, 1e-9)
        for x, y in zip(with_all, without, strict=True):
            scale = 1.0 if x is None else max(1.0, float(np.max(np.abs(x), initial=0.0)))
            if x is not None and not np.allclose(x, y, rtol=0.0, atol=limit * scale):
                raise Wrong("levels differ", f"{mode}: {x!r}, without optimisation {y!r}", self.text)

    def compiled(self, mode):
        """What is made for Numba, whose tapes are arrays, gives the same gradient; some of it Numba cannot take."""
        known = signature.of_values(self.found.params, self.args)
        request = Request(mode, self.wrt, single=False, backend="numba")
        try:
            made = generate(self.found, dict(known.items), request, formatted=False, verify=self.verify)
        except Refusal as refusal:
            if all(d.code in ("E0151", "E0152") for d in refusal.diagnostics):
                self.numba, self.told = False, f"not for Numba: {refused(refusal).message}"
                return
            raise
        names = {"__name__": "generated_here"}
        with patch.dict(sys.modules, {"numba": NUMBA}):
            exec(compile(made.text, "<generated>", "exec"), names)
        given = {param.name: source.read_captured(self.fun, param.binding) for param in made.captured}
        try:
            with patch.object(np, "empty", unset), contextlib.redirect_stdout(None):
                found = names[made.name](*copy.deepcopy(self.args), **given)
        except Exception as error:
            raise Wrong("crash", f"for Numba: {type(error).__name__}: {error}", made.text) from error
        wanted = self.call(self.made[mode])
        if mode == "vjp":
            weight = with_zeros(self.expected, trees.tree_map(one, self.expected))
            found, wanted = found[1](weight), wanted[1](weight)
        limit = max(self.limit, 1e-9)
        for x, y in zip(trees.leaves(plain(wanted)), trees.leaves(plain(found)), strict=True):
            scale = 1.0 if x is None else max(1.0, float(np.max(np.abs(x), initial=0.0)))
            if x is not None and not np.allclose(x, y, rtol=0.0, atol=limit * scale):
                raise Wrong("numba differs", f"{mode}: {x!r}, for Numba {y!r}", made.text)
        self.numba = True


def ends(function, *args):
    """How a call ends: with the exception that it raises, or None."""
    try:
        with contextlib.redirect_stdout(None), limited(1.0), warnings.catch_warnings(), np.errstate(**QUIET):
            warnings.simplefilter("ignore")
            function(*copy.deepcopy(args))
    except Exception as error:
        return error
    return None


def on_purpose(error):
    """Whether a statement of the program, or of what it calls, raised an error: `raise` or `assert`."""
    if error is None or isinstance(error, TooLong):  # what it computes in vain, its derivative need not compute
        return False
    last = traceback.extract_tb(error.__traceback__)[-1]
    own = last.filename.startswith("<fuzz") or last.filename.startswith(str(Path(__file__).parent))
    return own and re.match(r"(if .*: )?(raise|assert)\b", last.line or "") is not None


def compiles(function, program):
    """A program that does not run (or not well): the compiler takes it or says why not, and does not fail.

    What reads a name without a value is refused, or its derivative raises an error, too; where the program raises one
    on purpose, its derivative raises the same.
    """
    error = ends(function, *program.args)
    purposely = on_purpose(error)
    try:
        with limited(20.0):
            for mode, dots in (("jvp", (1.0,)), ("vjp", ()))[: 2 if purposely else 1]:
                made = Made(function, program.copy(), mode, ("a",), "off")
                found = ends(made, *program.args, *dots)
                if isinstance(error, UnboundLocalError) and found is None:
                    return Verdict("silent", "a name has no value, and the derivative does not say so", made.text)
                if AXES in str(found):
                    return Verdict("refused", str(found))
                if purposely and repr(found) != repr(error):
                    return Verdict("silent", f"it raises {error!r}, its derivative {found!r}", made.text)
    except Refusal as refusal:
        return refused(refusal) if purposely else Verdict("skipped", "it does not run")
    except Exception as error:
        return Verdict("internal", f"{type(error).__name__}: {error}")
    finally:
        program.forget()
    return Verdict("fine", "it raises an error") if purposely else Verdict("skipped", "it does not run")


def refused(refusal):
    """What the compiler says."""
    return Verdict("refused", "; ".join(f"{d.code} {d.title}: {d.why}" for d in refusal.diagnostics))


def _rounds(function, program, modes):
    """Whether the numbers are right to a percent, and right in double precision: rounding has grown, nothing else."""
    given = {"seed": program.seed, "directions": 2, "modes": modes, "strict": False}
    for args, limit in ((program.copy(), LOST), (tuple(map(widened, program.copy())), None)):
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                check = Oracles(function, args, **given)
                check.limit = limit or check.limit
                check.run()
        except Wrong:
            return False
    return True


def judge(
    program,
    modes=("value_and_grad", "jvp"),
    name=None,
    verify="off",
    level=False,
    plain=(),
    compiled=False,
    style="expert",
):
    """The oracles of some modes (some without optimisation); perhaps of both levels, of what is made for Numba."""
    try:
        function = program.function(name)
    except SyntaxError as error:
        return Verdict("skipped", f"syntax: {error}")
    except Exception as error:
        return Verdict("internal", f"{type(error).__name__}: {error}")
    if not runs(function, program.args):
        return compiles(function, program)
    errors = QUIET if program.tagged(AT_KINK) else STRICT
    try:
        with contextlib.redirect_stdout(None), limited(20.0), warnings.catch_warnings(), np.errstate(**errors):
            warnings.simplefilter("ignore")
            given = {"verify": verify, "plain": plain, "style": style, "directions": 2, "modes": modes, "strict": False}
            check = Oracles(function, program.copy(), seed=program.seed, **given)
            check.run()
            if level:
                check.levels(next(mode for mode in check.made if mode not in ("jvp", "grad")))
            if compiled or program.tagged(FOR_NUMBA):
                check.compiled(next(mode for mode in check.made if mode != "jvp"))
    except Refusal as refusal:
        return refused(refusal)
    except Wrong as wrong:
        if AXES in str(wrong):
            return Verdict("refused", str(wrong))
        if wrong.kind == "wrong number" and is_single(program.args) and _rounds(function, program, modes):
            return Verdict("skipped", f"single precision loses too much: {wrong}")
        return Verdict(wrong.kind, str(wrong), wrong.text)
    except Exception as error:
        return Verdict("internal", f"{type(error).__name__}: {error}")
    finally:
        program.forget()
    return Verdict("fine", check.told, compared=2 - check.disagreed, numba=check.numba)
