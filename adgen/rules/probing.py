"""Types by asking the real function, on small dummies of two different sizes.

>>> facts = Facts("np.flip", ("a",), (Array("f4", (Sym("n"), 3)),), {})
>>> probe(np.flip, facts) == Array("f4", (Sym("n"), 3))
True

A dimension of the result is a symbol only if one symbol explains both sizes; only for functions of one array.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from adgen.ir.types import UNKNOWN, Array, Dim, Scalar, Static, Sym, Type, Unknown
from adgen.rules.infer import PYTHON, as_content, code
from adgen.rules.rule import Facts, TypeProblem

_SIZES = ((11, 13, 17, 19, 23, 29), (47, 41, 37, 31, 29, 25))


def _symbols(types: Sequence[Type]) -> Iterator[str]:
    for type_ in types:
        if isinstance(type_, Array) and type_.shape is not None:
            yield from (dim.name for dim in type_.shape if isinstance(dim, Sym))


def _dummy(type_: Type, sizes: Mapping[str, int], blank: int, dtype: str) -> Any:
    match type_:
        case Scalar(kind):
            return PYTHON[kind](1)
        case Array(given, shape) if shape is not None:
            dims = []
            for place, dim in enumerate(shape):
                size = sizes[dim.name] + dim.offset if isinstance(dim, Sym) else blank + place if dim is None else dim
                dims.append(max(size, 0))
            return np.broadcast_to(np.ones((), given or dtype), dims)
        case Static(value):
            return value
    raise TypeProblem(f"an argument of type {type_}", "annotate the argument")


def probe(function: Callable[..., Any], facts: Facts) -> Type:
    """Ask the real function, on dummies of two sizes; only for functions of one array and static arguments.

    >>> facts = Facts("np.flip", ("a",), (Array("f4", (Sym("n"), 3)),), {})
    >>> probe(np.flip, facts) == Array("f4", (Sym("n"), 3))
    True
    """
    types = [as_content(type_) for type_ in facts.types]
    if any(isinstance(type_, Unknown) or (isinstance(type_, Array) and type_.shape is None) for type_ in types):
        return UNKNOWN
    names = list(dict.fromkeys(_symbols(types)))
    results = []
    for sizes, blank, dtype in zip(_SIZES, (61, 83), ("f8", "f4"), strict=True):
        table = {name: sizes[place % 6] + 50 * (place // 6) for place, name in enumerate(names)}
        args: list[Any] = []
        keywords: dict[str, Any] = {}
        for arg, type_ in zip(facts.args, types, strict=True):
            if args:
                keywords[arg] = facts.static(arg)
            else:
                args.append(_dummy(type_, table, blank, dtype))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                results.append((np.asarray(function(*args, **keywords)), table))
        except (ValueError, TypeError, IndexError) as problem:
            raise TypeProblem(f"`{facts.name}`: {problem}", "correct the arguments") from problem
    (first, small), (second, large) = results
    dims: list[Dim] = []
    for one, two in zip(first.shape, second.shape, strict=True):
        dims.append(one if one == two else _symbol(one, two, small, large))
    return Array(code(first.dtype) if first.dtype == second.dtype else None, tuple(dims))


def _symbol(one: int, two: int, small: Mapping[str, int], large: Mapping[str, int]) -> Dim:
    """The symbol that explains both sizes, if exactly one does."""
    found = [
        Sym(name, one - size) for name, size in small.items() if one - size == two - large[name] and abs(one - size) < 9
    ]
    return found[0] if len(found) == 1 else None
