"""Derivatives against differences of the function itself, and both modes against one another.

>>> import adgen
>>> import numpy as np
>>> adgen.check_grads(lambda x: np.sum(np.sin(x) * x), (np.array([0.3, 1.2]),))
"""

from __future__ import annotations

import functools
import linecache
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from adgen import trees
from adgen.api import grad, jvp, vjp
from adgen.callables import fitted
from adgen.derivatives import Derivative, binder_of, runnable
from adgen.draws import Draws
from adgen.errors import AdgenError, ArgumentError


class Mismatch(AdgenError, AssertionError):
    """A derivative is not what differences say; the message names the worst entry."""


@dataclass(frozen=True)
class _Limits:
    atol: float
    rtol: float
    eps: float


def check_grads(
    fun: Callable[..., Any],
    args: Sequence[Any],
    order: int = 2,
    modes: Sequence[str] = ("fwd", "rev"),
    *,
    atol: float | None = None,
    rtol: float | None = None,
    eps: float | None = None,
    seed: int = 0,
) -> None:
    """Compare derivatives with central differences along random directions.

    Forward mode is compared with differences of `fun`; reverse mode with forward mode (or with differences), by
    <w, J v> = <J^T w, v>.  Higher orders do the same with the gradient: of `fun`, if its result is one number, else of
    its result times random weights.

    Parameters
    ----------
    fun : function
    args : tuple
        Positional arguments; directions are drawn for all floats in them.
    order : int
        How many derivatives to check; those of complex results are checked to order 1.
    modes : sequence of "fwd", "rev"
    atol, rtol : float
        Allowed differences, absolute and relative to the largest entry; 1e-5 in double, 3e-2 in single precision.
    eps : float
        The step; the cube root of the precision is taken by default.
    seed : int
        Of the random directions.

    Raises
    ------
    AdgenError
        (also an AssertionError) Derivatives differ from differences: mode, order, entry, both numbers.
    ArgumentError, Refusal
        As `adgen.jvp` and `adgen.vjp`.

    Examples
    --------
    >>> import adgen
    >>> adgen.check_grads(lambda x, n: x**n, (1.5, 3))
    """
    wrong = [mode for mode in modes if mode not in ("fwd", "rev")]
    if wrong or not isinstance(order, int) or order < 1 or not isinstance(args, (tuple, list)):
        raise ArgumentError("check_grads: args is a tuple, order at least 1, modes out of 'fwd' and 'rev'")
    dtypes = [np.asarray(leaf).dtype for leaf in trees.leaves(tuple(args)) if trees.is_smooth(leaf)]
    if not dtypes:
        raise ArgumentError("check_grads: there is no float among the arguments")
    coarse = max(float(np.finfo(dtype).eps) for dtype in dtypes)
    allowed = 1e-5 if coarse < 1e-10 else 3e-2
    limits = _Limits(
        allowed if atol is None else atol, allowed if rtol is None else rtol, coarse ** (1 / 3) if eps is None else eps
    )
    fun = fitted(runnable(fun), args, {})
    name = binder_of(fun).shown
    rng = np.random.default_rng(seed)
    for k in range(1, order + 1):
        out = _check_order(fun, tuple(args), modes, limits, rng, f"check_grads of `{name}`, order {k}")
        if k < order:
            further = _gradient(fun, tuple(args), out, rng)
            if further is None:
                return
            fun = further


def _check_order(
    fun: Callable[..., Any], args: tuple[Any, ...], modes: Sequence[str], limits: _Limits, rng: Any, what: str
) -> Any:
    direction = _random_like(args, rng)
    tangents = tuple(None if not trees.leaves(v) else v for v in direction)
    draws = Draws(args)
    out = fun(*args)
    differences = _differences(fun, args, direction, limits.eps, draws)
    derivative = differences
    if "fwd" in modes:
        draws.rewind()
        derivative = jvp(fun, args, tangents)[1]
        _compare(derivative, differences, limits, f"{what}, forward mode against differences")
    if "rev" in modes:
        draws.rewind()
        same, pullback = vjp(fun, *args)
        weights = _random_like(out, rng)
        left = _dot(weights, derivative)
        right = _dot(pullback(weights), direction)
        _compare((right,), (left,), limits, f"{what}, reverse mode against forward: <J^T w, v> and <w, J v>")
        _compare(_smooth(same), _smooth(out), limits, f"{what}, value of the reverse mode")
    return out


def _random_like(tree: Any, rng: Any) -> Any:
    def one(leaf: Any) -> Any:
        if not trees.is_smooth(leaf):
            return None
        numbers = rng.standard_normal(np.shape(leaf))
        if trees.is_complex(leaf):
            numbers = numbers + 1j * rng.standard_normal(np.shape(leaf))
        return trees.like_leaf(leaf, numbers)

    return trees.tree_map(one, tree)


def _moved(args: tuple[Any, ...], direction: Any, step: float) -> Any:
    def one(leaf: Any, v: Any) -> Any:
        return trees.like_leaf(leaf, leaf + step * v) if trees.is_smooth(leaf) else leaf

    return trees.tree_map(one, args, direction) if trees.leaves(direction) else args


def _differences(fun: Callable[..., Any], args: tuple[Any, ...], direction: Any, eps: float, draws: Draws) -> Any:
    draws.rewind()
    above = fun(*_moved(args, direction, eps))
    draws.rewind()
    below = fun(*_moved(args, direction, -eps))

    def one(leaf: Any, other: Any) -> Any:
        if not trees.is_smooth(leaf):
            return None
        wide = np.result_type(np.asarray(leaf).dtype, np.float64)
        return (np.asarray(leaf, wide) - np.asarray(other, wide)) / (2.0 * eps)

    return trees.tree_map(one, above, below)


def _dot(a: Any, b: Any) -> float:
    """The real inner product of two structures; adjoints of complex numbers are conjugated, so none is here."""
    total = 0.0
    for x, y in zip(trees.leaves(a), trees.leaves(b), strict=True):
        total += float(np.real(np.sum(np.asarray(x) * np.asarray(y))))
    return total


def _smooth(tree: Any) -> Any:
    return trees.tree_map(lambda leaf: leaf if trees.is_smooth(leaf) else None, tree)


def _compare(got: Any, expected: Any, limits: _Limits, what: str) -> None:
    """Raise with the worst entry if two structures differ by more than is allowed."""
    worst: tuple[float, str, Any, Any, float] | None = None
    for (path, x), y in zip(trees.leaves_with_paths(got, "result"), trees.leaves(expected), strict=True):
        one, other = np.asarray(x), np.asarray(y)
        if one.size == 0:
            continue
        scale = max(float(np.max(np.abs(other))), float(np.max(np.abs(one))))
        allowed = limits.atol + limits.rtol * (scale if np.isfinite(scale) else 0.0)
        errors = np.abs(np.ravel(one) - np.ravel(other))
        errors = np.where(np.isnan(errors), np.inf, errors)
        k = int(np.argmax(errors))
        if errors[k] > allowed and (worst is None or errors[k] / allowed > worst[0]):
            index = list(map(int, np.unravel_index(k, one.shape))) if one.shape else ""
            worst = (errors[k] / allowed, f"{path}{index}", np.ravel(one)[k], np.ravel(other)[k], allowed)
    if worst is not None:
        _, place, x, y, allowed = worst
        raise Mismatch(
            f"{what}: {place} is {x:.9g}, expected {y:.9g} (difference {abs(x - y):.3g}, allowed {allowed:.3g})"
        )


# ------------------------------------------------------------------------------------------------------- higher orders


def _gradient(fun: Callable[..., Any], args: tuple[Any, ...], out: Any, rng: Any) -> Callable[..., Any] | None:
    """The gradient of the function, or of its weighted result; None where there is none (complex results)."""
    parts = [leaf for leaf in trees.leaves(out) if trees.is_smooth(leaf)]
    if not parts or any(trees.is_complex(leaf) for leaf in [*parts, *trees.leaves(args)]):
        return None
    smooth = tuple(k for k, arg in enumerate(args) if any(trees.is_smooth(leaf) for leaf in trees.leaves(arg)))
    if trees.children(out) is None and np.shape(out) == ():
        return grad(fun, smooth)
    return grad(_weighted(fun, args, out, rng), smooth)


def _weighted(fun: Callable[..., Any], args: tuple[Any, ...], out: Any, rng: Any) -> Callable[..., Any]:
    """A function of the same arguments whose result is one number: the result's entries times random weights."""
    binder = binder_of(fun)
    if isinstance(fun, Derivative):
        generated, captured = fun.resolve(binder(args, {}))
        fun = functools.partial(generated, **captured) if captured else generated
    names = list(binder.names[: len(args)])
    weights: dict[str, Any] = {}
    terms: list[str] = []
    for path, leaf in trees.leaves_with_paths(out):
        if trees.is_smooth(leaf):
            weights[f"weight_{len(weights)}"] = _random_like(leaf, rng)
            terms.append(f"np.sum(weight_{len(terms)} * result{path})")
    text = f"def weighted({', '.join(names)}):\n    result = fun({', '.join(names)})\n    return {' + '.join(terms)}\n"
    path = f"<adgen check {id(fun):x} {len(linecache.cache)}>"
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
    space: dict[str, Any] = {"np": np, "fun": fun, **weights, "__name__": "_adgen_check"}
    exec(compile(text, path, "exec"), space)
    weighted: Callable[..., Any] = space["weighted"]
    return weighted
