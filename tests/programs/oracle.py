"""What is asked of the derivatives of any program: one function, `check`, for the collection, fuzzer and regressions.

primal        the generated code returns the function's own value, bit for bit, of the same type and dtype
forward       u . (J v) along random directions equals differences of the ORIGINAL function
reverse       (J^T u) . v equals forward mode; value_and_grad, grad and vjp agree with one another
shape         gradients have the shape and the dtype of their argument
memory        arguments are unmodified; a second call equals the first; a pullback can be pulled twice
"""

from __future__ import annotations

import copy
import sys
import types
import warnings

import numpy as np

from adgen import signature
from adgen.errors import Refusal
from adgen.frontend import source
from adgen.pipeline import Request, generate
from adgen.results import with_zeros
from adgen.trees import is_smooth, leaves, tree_map

EXACT, DIFFERENCES = 1e-9, 1e-6
SINGLE = 2e-4  # where anything is float32


class Wrong(Exception):
    """An oracle was violated: `kind` says which, `text` is the generated code."""

    def __init__(self, kind, message, text=""):
        super().__init__(f"{kind}: {message}")
        self.kind, self.text = kind, text


class Made:
    """One derivative of a function, generated without black and without disk."""

    def __init__(self, fun, args, mode, wrt, verify="each", found=None):
        self.fun, self.mode = fun, mode
        found = found or source.find(fun)
        known = signature.of_values(found.params, args)
        request = Request(mode, wrt, single=False)
        made = generate(found, dict(known.items), request, formatted=False, verify=verify)
        self.text, self.captured = made.text, made.captured
        names = {"__name__": "generated_here"}
        exec(compile(self.text, "<generated>", "exec"), names)
        self.function = names[made.name]

    def __call__(self, *args):
        given = {param.name: source.read_captured(self.fun, param.binding) for param in self.captured}
        return self.function(*args, **given)


def smooth_params(names, args):
    """Names and positions of the arguments that carry derivatives."""
    which = [k for k, value in enumerate(args) if any(is_smooth(leaf) for leaf in leaves(value))]
    return tuple(names[k] for k in which), which


def same(a, b):
    """Whether two structures are equal bit for bit, in value, type and dtype."""
    left, right = leaves(a), leaves(b)
    if len(left) != len(right):
        return False
    for x, y in zip(left, right):
        if isinstance(x, (np.ndarray, np.generic)) or isinstance(y, (np.ndarray, np.generic)):
            x, y = np.asarray(x), np.asarray(y)
            if x.dtype != y.dtype or x.shape != y.shape or x.tobytes() != y.tobytes():
                return False
        elif type(x) is not type(y) or (repr(x) != repr(y) if isinstance(x, float) else x != y):
            return False
    return True


def same_rounded(a, b):
    """Whether two structures are equal but for rounding, and of the same types."""
    pairs = list(zip(leaves(a), leaves(b), strict=True))
    return all(type(x) is type(y) and np.allclose(x, y, rtol=1e-15, atol=0.0) for x, y in pairs)


def direction(rng, tree):
    """A random direction of the structure of `tree`; None where it carries no derivative."""

    def one(leaf):
        if not is_smooth(leaf):
            return None
        if isinstance(leaf, np.ndarray):
            drawn = np.asarray(rng.standard_normal(leaf.shape))
            drawn = drawn + 1j * rng.standard_normal(leaf.shape) if leaf.dtype.kind == "c" else drawn
            return drawn.astype(leaf.dtype)
        drawn = float(rng.standard_normal())
        return type(leaf)(drawn) if isinstance(leaf, np.generic) else drawn

    return tree_map(one, tree)


def dot(a, b):
    """The inner product of two structures, over what is smooth in both; computed in double precision."""
    total = 0.0
    for x, y in zip(*([leaf for leaf in leaves(tree) if is_smooth(leaf)] for tree in (a, b)), strict=True):
        total += product(x, y)
    return total


def product(x, y):
    """The sum of the products of elements; for complex ones its real part (a gradient is df/dRe - i df/dIm)."""
    if np.iscomplexobj(x) or np.iscomplexobj(y):
        return float(np.real(np.sum(np.asarray(x, "c16") * np.asarray(y, "c16"))))
    return float(np.vdot(np.asarray(x, "f8"), np.asarray(y, "f8")))


WIDE = {"e": np.float64, "f": np.float64, "F": np.complex128}


def widened(tree):
    """float32 as float64: differences in single precision would tell nothing."""

    def one(leaf):
        if isinstance(leaf, np.ndarray) and leaf.dtype.char in WIDE:
            return leaf.astype(WIDE[leaf.dtype.char])
        return WIDE[leaf.dtype.char](leaf) if isinstance(leaf, np.generic) and leaf.dtype.char in WIDE else leaf

    return tree_map(one, tree)


def slope(fun, args, which, along, weight, h):
    """d/dt of weight . fun(args + t along), by extrapolated central differences."""
    base, along = [widened(a) for a in args], [widened(d) for d in along]

    def at(step):
        new = copy.deepcopy(base)
        for k, d in zip(which, along):
            new[k] = tree_map(lambda x, e: x if e is None else x + step * e, new[k], d)
        return dot(weight, fun(*new))

    def central(step):
        return (at(step) - at(-step)) / (2.0 * step)

    return (4.0 * central(h / 2.0) - central(h)) / 3.0


def differences(fun, args, which, along, weight):
    """(the difference quotient, whether two step sizes agree on it)."""
    coarse, fine = (slope(fun, args, which, along, weight, h) for h in (4e-4, 1e-4))
    scale = max(abs(coarse), abs(fine), 1.0)
    return fine, abs(coarse - fine) <= 3e-7 * scale


def is_single(tree):
    return any(getattr(leaf, "dtype", np.dtype("O")).char in WIDE for leaf in leaves(tree))


def close(a, b, limit):
    return abs(a - b) <= limit * max(abs(a), abs(b), 1.0)


class Check:
    """All oracles on one program."""

    def __init__(self, fun, args, seed=0, directions=3, modes=("value_and_grad", "grad", "vjp", "jvp"), strict=True):
        self.fun, self.args, self.strict, self.directions = fun, args, strict, directions
        self.rng = np.random.default_rng(seed)
        self.found = source.find(fun)
        self.wrt, self.which = smooth_params(self.found.params, args)
        self.before = copy.deepcopy(args)
        self.expected = fun(*copy.deepcopy(args))
        self.limit = SINGLE if is_single(args) or is_single(self.expected) else EXACT
        self.modes = modes
        self.disagreed = 0
        # from Python 3.12 on `sum` of floats is compensated: additions one after the other may differ in the last digit
        self.sums = sys.version_info >= (3, 12) and "sum" in fun.__code__.co_names
        number = leaves(self.expected)
        self.scalar = len(number) == 1 and number[0] is self.expected and np.shape(self.expected) == ()
        self.scalar = self.scalar and is_smooth(self.expected) and not np.iscomplexobj(self.expected)
        self.text = ""
        self.texts = {}

    def make(self, mode):
        made = Made(self.fun, self.args, mode, self.wrt)
        self.text = self.texts[mode] = made.text
        return made

    def call(self, made, *extra):
        """Two calls, which must agree and leave the arguments alone."""
        self.text = made.text
        try:
            first = made(*self.args, *extra)
        except Exception as error:
            raise Wrong("crash", f"{made.mode}: {type(error).__name__}: {error}", made.text) from error
        self.unmodified(made.mode)
        return first

    def unmodified(self, mode):
        if not same(list(self.args), list(self.before)):
            self.args = copy.deepcopy(self.before)
            raise Wrong("modified", f"{mode} changed its arguments", self.text)

    def primal(self, mode, out):
        if not same(out, self.expected) and not (self.sums and same_rounded(out, self.expected)):
            raise Wrong("primal", f"{mode}: {out!r} instead of {self.expected!r}", self.text)

    def again(self, mode, first, second):
        if not same(first, second):
            raise Wrong("second call", f"{mode}: {second!r} instead of {first!r}", self.text)

    def shapes(self, mode, grads):
        for name, k, grad in zip(self.wrt, self.which, grads, strict=True):
            found, wanted = leaves(grad), [x for x in leaves(self.args[k])]
            wanted = [x for x in wanted if is_smooth(x)] if len(found) != len(wanted) else wanted
            for g, x in zip(found, wanted, strict=True):
                if not is_smooth(x):
                    continue
                fine = np.shape(g) == np.shape(x)
                if isinstance(x, (np.ndarray, np.float32)):
                    fine = fine and np.asarray(g).dtype == x.dtype
                if not fine:
                    what = f"{np.asarray(g).dtype}{np.shape(g)} for {np.asarray(x).dtype}{np.shape(x)}"
                    raise Wrong("shape", f"{mode}: gradient of {name} is {what}", self.text)

    def reverse(self):
        """Reverse mode's pulled function u -> gradients, checked in itself."""
        pulls = {}
        vjp = self.make("vjp") if "vjp" in self.modes or not self.scalar else None
        if vjp is not None:
            out, pull = self.call(vjp)
            self.primal("vjp", out)

            def pulled(u):
                self.text = vjp.text
                u = with_zeros(self.expected, u)
                try:
                    first = copy.deepcopy(plain(pull(u)))
                    self.again("pullback", first, plain(pull(u)))
                except Wrong:
                    raise
                except Exception as error:
                    raise Wrong("crash", f"pullback: {type(error).__name__}: {error}", vjp.text) from error
                self.primal("vjp after the pull", out)
                self.unmodified("vjp")
                self.shapes("vjp", first)
                return first

            pulls["vjp"] = pulled
        if self.scalar:
            for mode in ("value_and_grad", "grad"):
                if mode in self.modes:
                    pulls[mode] = self._joint(mode)
        return pulls

    def _joint(self, mode):
        made = self.make(mode)
        first = copy.deepcopy(plain(self.call(made)))
        self.again(mode, first, plain(self.call(made)))
        grads = first[1] if mode == "value_and_grad" else first
        if mode == "value_and_grad":
            self.primal(mode, first[0])
        self.shapes(mode, grads)
        return lambda u: tree_map(lambda g: g * u, grads)

    def run(self):
        """Everything; raises Wrong."""
        pulls = self.reverse()
        jvp = self.make("jvp") if "jvp" in self.modes else None
        for number in range(self.directions):
            weight = direction(self.rng, self.expected)
            if self.scalar and not isinstance(self.expected, np.float32):
                weight = np.ones_like(weight)[()] if number == 0 else weight
            along = [direction(self.rng, self.args[k]) for k in self.which]
            numbers = {}
            for mode, pull in pulls.items():
                grads = pull(weight)
                numbers[mode] = sum(dot_of(g, d) for g, d in zip(grads, along, strict=True))
            if jvp is not None:
                out, out_dot = copy.deepcopy(self.call(jvp, *along))
                self.primal("jvp", out)
                self.again("jvp", (out, out_dot), self.call(jvp, *along))
                numbers["jvp"] = dot_of(out_dot, weight)
            self.compare(numbers, along, weight)

    def compare(self, numbers, along, weight):
        (mode, value), *others = numbers.items()
        numeric, steady = differences(self.fun, self.args, self.which, along, weight)
        for other, found in others:
            if not close(value, found, self.limit):
                text = f"{mode} {value!r}, {other} {found!r}, differences {numeric!r} (steady: {steady})"
                raise Wrong("modes differ", text, self.texts[mode] + self.texts[other])
        if not steady:
            self.disagreed += 1
            if self.strict:
                raise Wrong("differences", f"the step sizes do not agree: {numeric!r}")
            return
        if not close(value, numeric, max(self.limit, DIFFERENCES)):
            raise Wrong("wrong number", f"{numbers!r}, differences {numeric!r}", self.texts[mode])


def plain(tree):
    """What generated code hands out for objects, a namespace of its fields, as a dict of them."""
    if isinstance(tree, types.SimpleNamespace):
        return {key: plain(value) for key, value in vars(tree).items()}
    if isinstance(tree, dict):
        return {key: plain(value) for key, value in tree.items()}
    return type(tree)(map(plain, tree)) if type(tree) in (tuple, list) else tree


def dot_of(found, seed):
    """The inner product with a seed; the found structure may leave out (None) what does not vary."""
    if seed is None or found is None:
        return 0.0
    if isinstance(seed, tuple) and hasattr(seed, "_fields") and isinstance(found, dict):
        seed = seed._asdict()
    if hasattr(seed, "__dataclass_fields__") and isinstance(found, dict):
        seed = vars(seed)
    if is_smooth(seed):
        return product(found, seed)
    if isinstance(seed, dict):
        return sum(dot_of(found[key], seed[key]) for key in seed)
    if isinstance(seed, (list, tuple)):
        return sum(dot_of(f, s) for f, s in zip(found, seed, strict=True))
    return sum(dot_of(getattr(found, name), getattr(seed, name)) for name in seed.__dataclass_fields__)


def check(fun, args, **options):
    """Raise Wrong if any derivative of the program is, Refusal if it is refused."""
    checked = Check(fun, args, **options)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        checked.run()
    return checked


__all__ = ["Check", "Made", "Refusal", "Wrong", "check"]
