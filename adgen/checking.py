"""`adgen check`: a generated derivative against differences of the function itself, which is imported and run.

Arguments come from the file's `inputs(seed)`, which returns a dict by parameter's name (or a tuple), else they are
drawn at random according to the types.  Along random directions v the derivative has to agree with
(f(x + h v) - f(x - h v)) / 2 h; and u . (J v), from forward mode, with (J^T u) . v, from reverse mode.

>>> rng = np.random.default_rng(0)
>>> tree = {"w": np.ones(2), "n": 3}
>>> round(dot(tree, tree), 1), moved(tree, {"w": np.array([1.0, 0.0]), "n": None}, 0.5)
(2.0, {'w': array([1.5, 1. ]), 'n': 3})
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from adgen.commands import Job
from adgen.ir.types import Array, ListOf, Scalar, Static, Struct, Type, Unknown
from adgen.loading import places
from adgen.naming import in_memory
from adgen.pipeline import Generated, generate
from adgen.project import UsageError
from adgen.trees import is_smooth, leaves, tree_map

DIRECTIONS = 3
SIZE = 4  # of a symbolic dimension in random arguments
Tree = Any


class Limits(NamedTuple):
    """The step of differences; the largest relative errors against differences, and between both modes."""

    step: float
    differences: float
    exact: float


LIMITS = {2: Limits(2.5e-1, 1.0, 3e-2), 4: Limits(1e-2, 1e-3, 1e-4)}  # by the bytes of a real number
DOUBLE = Limits(1e-4, 1e-6, 1e-10)


class Row(NamedTuple):
    """One comparison."""

    what: str
    error: float
    limit: float

    @property
    def fine(self) -> bool:
        """Whether the error is within its limit (nan is not)."""
        return self.error <= self.limit


def check(job: Job, path: Path, seed: int = 0) -> list[Row]:
    """Import the file, run the function and its derivatives, compare."""
    module = load(path)
    names = list(job.source.params)
    function = caller(plain(module, job.source.qualname), names)
    arguments = arguments_of(module, job, seed)
    order = [names.index(name) for name in job.request.wrt]
    rng = np.random.default_rng(seed + 1)
    forward = caller(derivative(job, module, "jvp"), names, len(order))
    reverse = caller(derivative(job, module, "vjp"), names)
    value = _run(function, arguments, job)
    limits = _limits(arguments)
    rows = []
    for number in range(DIRECTIONS):
        v = tuple(tree_map(lambda leaf: _draw(rng, leaf), arguments[k]) for k in order)
        out, out_dot = forward(*arguments, *v)
        numeric = _differences(function, arguments, order, v, limits.step)
        rows.append(Row(f"forward mode against differences, {number + 1}", _gap(out_dot, numeric), limits.differences))
        u = tree_map(lambda leaf: _draw(rng, leaf), out)
        pulled = reverse(*arguments)[1](u)
        left, right = dot(u, out_dot), sum(dot(g, d) for g, d in zip(pulled, v, strict=True))
        rows.append(Row(f"reverse mode against forward, {number + 1}", _relative(left, right), limits.exact))
    rows.insert(0, Row("value of the generated code", _gap(forward(*arguments, *v)[0], value), limits.exact))
    return rows


def _limits(arguments: Sequence[Tree]) -> Limits:
    """Those of the coarsest numbers among the arguments."""
    found = [np.asarray(leaf).real.dtype.itemsize for leaf in leaves(tuple(arguments)) if is_smooth(leaf)]
    return LIMITS.get(min(found, default=8), DOUBLE)


def caller(function: Callable[..., Any], names: list[str], dots: int = 0) -> Callable[..., Any]:
    """A function of the values of `names` and of tangents, in order; keyword-only parameters are given by name."""
    positional, keywords = places(function, names, [], dots)

    def call(*values: Any) -> Any:
        return function(*[values[k] for k in positional], **{name: values[k] for name, k in keywords.items()})

    return call


def _run(function: Callable[..., Any], arguments: Sequence[Tree], job: Job) -> Tree:
    """The value of the user's function; what it raises is not our defect."""
    try:
        return function(*[tree_map(_copied, argument) for argument in arguments])
    except Exception as problem:
        told = f"{type(problem).__name__}: {problem}"
        raise UsageError(
            f"{job.title} fails at these arguments ({told}); give its file a function inputs(seed)"
        ) from problem


def load(path: Path) -> ModuleType:
    """Import a file as a script's neighbours would see it: its folder comes first on the path."""
    sys.path.insert(0, str(path.resolve().parent))
    try:
        spec = importlib.util.spec_from_file_location(path.stem, path)
        if spec is None or spec.loader is None:
            raise UsageError(f"{path} cannot be imported: it is no Python file")
        module = importlib.util.module_from_spec(spec)
        sys.modules[path.stem] = module
        spec.loader.exec_module(module)
    except Exception as problem:
        raise UsageError(f"{path} fails when it is imported: {type(problem).__name__}: {problem}") from problem
    finally:
        sys.path.pop(0)
    return module


def plain(module: ModuleType, qualname: str) -> Callable[..., Any]:
    """The function itself, out of its decorators."""
    found: Any = module
    for part in qualname.split("."):
        if part == "<locals>" or not hasattr(found, part):
            raise UsageError(f"{qualname} cannot be reached from the module; check a function of the module's level")
        found = getattr(found, part)
    while hasattr(found, "__wrapped__"):
        found = found.__wrapped__
    result: Callable[..., Any] = found
    return result


def arguments_of(module: ModuleType, job: Job, seed: int) -> list[Tree]:
    """The arguments in order: of `inputs(seed)` if the file has it, else random ones."""
    given = module.inputs(seed) if hasattr(module, "inputs") else {}
    if not isinstance(given, Mapping):
        given = dict(zip(job.source.params, given, strict=False))
    rng = np.random.default_rng(seed)
    return [given[name] if name in given else sample(type_, rng, name) for name, type_ in job.types.items()]


def sample(type_: Type, rng: np.random.Generator, name: str) -> Tree:
    """A random value of a type.

    >>> sample(Array("f4", (None, 1)), np.random.default_rng(0), "x").shape
    (4, 1)
    """
    match type_:
        case Unknown() | Scalar("float"):
            return float(rng.uniform(0.5, 1.5))
        case Scalar("int"):
            return 3
        case Scalar("complex"):
            return complex(rng.uniform(0.5, 1.5), rng.uniform(0.5, 1.5))
        case Scalar("bool"):
            return True
        case Array(dtype, tuple(shape)) if dtype is None or dtype[0] in "fc":
            sizes = [dim if isinstance(dim, int) else SIZE + (dim.offset if dim else 0) for dim in shape]
            return np.array(rng.uniform(0.5, 1.5, size=sizes), dtype or "f8")
        case Array(dtype, tuple(shape)):
            sizes = [dim if isinstance(dim, int) else SIZE + (dim.offset if dim else 0) for dim in shape]
            return rng.integers(0, 2, size=sizes).astype(dtype)
        case ListOf(item):
            return [sample(item, rng, name) for _ in range(3)]
        case Static(value):
            return value
        case Struct("dict", keys, items):
            return {key: sample(item, rng, name) for key, item in zip(keys, items, strict=True)}
        case Struct("tuple" | "list" as kind, _, items):
            parts = [sample(item, rng, name) for item in items]
            return tuple(parts) if kind == "tuple" else parts
    raise UsageError(f"no random value for `{name}`; give the file a function inputs(seed) that returns a dict")


def derivative(job: Job, module: ModuleType, mode: str) -> Callable[..., Any]:
    """The generated function of another mode, for the same function and parameters, ready to call."""
    request = replace(job.request, mode=mode, single=False, has_aux=False)
    made = generate(job.source, job.types, request, formatted=False)
    return runnable(made, f"<{mode} of {job.title}>")


def runnable(made: Generated, title: str) -> Callable[..., Any]:
    """Execute generated text and return its public function."""
    namespace: dict[str, Any] = {"__name__": "adgen_checked"}
    exec(compile(in_memory(made.text), title, "exec"), namespace)
    function: Callable[..., Any] = namespace[made.name]
    return function


def _draw(rng: np.random.Generator, leaf: Any) -> Any:
    """A random direction for a leaf, of its kind; None where it carries no derivative."""
    if not is_smooth(leaf):
        return None
    if isinstance(leaf, np.ndarray):
        return np.array(rng.standard_normal(leaf.shape), leaf.dtype)
    return type(leaf)(rng.standard_normal())


def moved(tree: Tree, direction: Tree, step: float) -> Tree:
    """tree + step * direction, leaf by leaf; a leaf without direction stays."""
    return tree_map(lambda leaf, d: leaf if d is None else leaf + step * d, tree, direction)


def _differences(
    function: Callable[..., Any], arguments: Sequence[Tree], order: Sequence[int], v: Tree, h: float
) -> Tree:
    """Central differences with one step of extrapolation: the error is of fourth order."""

    def at(step: float) -> list[Any]:
        new = [tree_map(_copied, argument) for argument in arguments]
        for k, direction in zip(order, v, strict=True):
            new[k] = moved(new[k], direction, step)
        return [np.asarray(leaf, complex) for leaf in leaves(function(*new)) if is_smooth(leaf)]

    def central(h: float) -> list[Any]:
        return [(plus - minus) / (2.0 * h) for plus, minus in zip(at(h), at(-h), strict=True)]

    return [(4.0 * fine - coarse) / 3.0 for fine, coarse in zip(central(h / 2.0), central(h), strict=True)]


def _copied(leaf: Any) -> Any:
    return leaf.copy() if isinstance(leaf, np.ndarray) else leaf


def _gap(found: Tree, expected: Tree) -> float:
    """The largest difference of any leaf, relative to the largest entry (or to 1e-3, if that is larger)."""
    pairs = zip([x for x in leaves(found) if is_smooth(x)], [x for x in leaves(expected) if is_smooth(x)], strict=True)
    worst = 0.0
    for a, b in pairs:
        if np.size(a):
            scale = max(float(np.max(np.abs(a))), float(np.max(np.abs(b))), 1e-3)
            gap = float(np.max(np.abs(np.asarray(a) - b))) / scale
            worst = gap if gap > worst or gap != gap else worst
    return worst


def _relative(a: float, b: float) -> float:
    return abs(a - b) / max(abs(a), abs(b), 1e-3)


def dot(a: Tree, b: Tree) -> float:
    """The inner product of two structures of real numbers."""
    pairs = zip(leaves(a), leaves(b), strict=True)
    return sum(float(np.real(np.vdot(x, y))) for x, y in pairs if is_smooth(x) and is_smooth(y))
