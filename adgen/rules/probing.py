"""Types by asking the real function, on small dummies of two different sizes.

>>> facts = Facts("np.flip", ("a",), (Array("f4", (Sym("n"), 3)),), {})
>>> probe(np.flip, facts) == Array("f4", (Sym("n"), 3))
True
>>> n, m = (Array("f8", (Sym(name),)) for name in "nm")
>>> probe(np.outer, Facts("np.outer", ("a", "b"), (n, m), {})) == Array("f8", (Sym("n"), Sym("m")))
True

A dimension of the result is a symbol only if one symbol explains both sizes.  Where different symbols have to be of one
size (`np.append` of rows), all get one, and dimensions that vary with it are not known; where they have to be of a size
that is a number, no dimension is.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from adgen.ir.types import (
    BOOL,
    FLOAT,
    INT,
    UNKNOWN,
    Array,
    Dim,
    ListOf,
    Scalar,
    Static,
    Struct,
    Sym,
    Type,
    Unknown,
    show,
)
from adgen.rules.infer import PYTHON, code, plain
from adgen.rules.rule import Facts, TypeProblem

_SIZES = ((11, 13, 17, 19, 23, 29), (47, 41, 37, 31, 29, 25))
_BLANKS = (61, 83)
_NUMBERS: dict[type, Type] = {bool: BOOL, int: INT, float: FLOAT}


def _symbols(types: Sequence[Type]) -> Iterator[str]:
    for type_ in types:
        if isinstance(type_, Array) and type_.shape is not None:
            yield from (dim.name for dim in type_.shape if isinstance(dim, Sym))
        elif isinstance(type_, Struct):
            yield from _symbols([plain(item) for item in type_.items])


def _vague(type_: Type) -> bool:
    """Whether there is no dummy for a type: rank or length is not known."""
    if isinstance(type_, Struct):
        return any(_vague(plain(item)) for item in type_.items)
    return isinstance(type_, (Unknown, ListOf)) or (isinstance(type_, Array) and type_.shape is None)


def _dummy(type_: Type, sizes: Mapping[str, int], blank: int, dtype: str) -> Any:
    match type_:
        case Scalar(kind):
            return PYTHON[kind](1)
        case Array(given, shape) if shape is not None:
            dims = []
            for place, dim in enumerate(shape):
                size = sizes[dim.name] + dim.offset if isinstance(dim, Sym) else blank + place if dim is None else dim
                dims.append(max(size, 0))
            one = np.zeros((), given) if given is not None and given[0] in "iu" else np.ones((), given or dtype)
            return np.broadcast_to(one, dims)
        case Static(value):
            return value
        case Struct(kind, _, items) if kind in ("tuple", "list"):
            return (tuple if kind == "tuple" else list)(_dummy(plain(item), sizes, blank, dtype) for item in items)
    raise TypeProblem(f"an argument of type {show(type_)}", "annotate the argument")


def probe(function: Callable[..., Any], facts: Facts, needed: Sequence[str] = ()) -> Type:
    """Ask the real function, on dummies of two sizes; `needed` are the arguments that must be known by value.

    >>> facts = Facts("np.flip", ("a",), (Array("f4", (Sym("n"), 3)),), {})
    >>> probe(np.flip, facts) == Array("f4", (Sym("n"), 3))
    True
    """
    types = [plain(type_) for type_ in facts.types]
    if any(_vague(type_) for type_ in types):
        return UNKNOWN
    for name in needed:
        facts.static(name)
    names = list(dict.fromkeys(_symbols(types)))
    apart = [{name: sizes[k % 6] + 50 * (k // 6) for k, name in enumerate(names)} for sizes in _SIZES]
    try:
        return _agreed(*(_answer(function, facts, types, table, k, _BLANKS[k]) for k, table in enumerate(apart)))
    except (ValueError, TypeError, IndexError, AttributeError) as problem:
        reason = problem
    together = [dict.fromkeys(["", *names], sizes[0]) for sizes in _SIZES]
    try:
        one, two = (_answer(function, facts, types, table, k, table[""]) for k, table in enumerate(together))
        return _agreed((one[0], {}), (two[0], {}))
    except (ValueError, TypeError, IndexError, AttributeError):
        return _as_one_that_is_known(function, facts, types, names, reason)


def _as_one_that_is_known(
    function: Callable[..., Any], facts: Facts, types: Sequence[Type], names: Sequence[str], reason: Exception
) -> Type:
    """Sizes that are not known are taken to be one that is, of another argument: the result has no known sizes."""
    for size in dict.fromkeys(_known_sizes(types)):
        table = dict.fromkeys(["", *names], size)
        try:
            one, two = (_answer(function, facts, types, table, turn, size) for turn in (0, 1))
            return _without_sizes(_agreed((one[0], {}), (two[0], {})))
        except (ValueError, TypeError, IndexError, AttributeError):
            continue  # the next one, or the reason of the first refusal
    raise TypeProblem(f"`{facts.name}`: {reason}", "correct the arguments") from reason


def _known_sizes(types: Sequence[Type]) -> Iterator[int]:
    """The sizes that are numbers."""
    for type_ in types:
        if isinstance(type_, Array) and type_.shape is not None:
            yield from (dim for dim in type_.shape if isinstance(dim, int))
        elif isinstance(type_, Struct):
            yield from _known_sizes([plain(item) for item in type_.items])


def _without_sizes(type_: Type) -> Type:
    if isinstance(type_, Struct):
        return replace(type_, items=tuple(map(_without_sizes, type_.items)))
    return replace(type_, shape=(None,) * len(type_.shape)) if isinstance(type_, Array) and type_.shape else type_


def _answer(
    function: Callable[..., Any],
    facts: Facts,
    types: Sequence[Type],
    table: Mapping[str, int],
    turn: int,
    blank: int,
) -> tuple[Any, Mapping[str, int]]:
    """What the function returns for the dummies of one turn."""
    args: list[Any] = []
    keywords: dict[str, Any] = {}
    for place, (arg, type_) in enumerate(zip(facts.args, types, strict=True)):
        repeated = facts.args.count(arg) > 1
        known = arg in facts.statics
        if known and repeated:
            keywords[arg] = facts.statics[arg]  # `x.transpose(1, 0)`
            continue
        value = facts.statics[arg] if known else _dummy(type_, table, blank, ("f8", "f4")[turn])
        if not keywords and (place == 0 or repeated):
            args.append(value)
        else:
            keywords[arg] = value
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return function(*args, **keywords), table


def _agreed(first: tuple[Any, Mapping[str, int]], second: tuple[Any, Mapping[str, int]]) -> Type:
    """The type that explains both results."""
    (one, small), (two, large) = first, second
    if isinstance(one, (tuple, list)):
        if not isinstance(two, (tuple, list)) or len(one) != len(two):
            raise TypeError("the number of results depends on the sizes of the arguments")
        items = tuple(_agreed((a, small), (b, large)) for a, b in zip(one, two, strict=True))
        return Struct("list" if isinstance(one, list) else "tuple", tuple(str(k) for k in range(len(items))), items)
    if type(one) in _NUMBERS:
        return _NUMBERS[type(one)]
    a, b = np.asarray(one), np.asarray(two)
    if a.ndim != b.ndim:
        raise TypeError("the rank of the result depends on the sizes of the arguments")
    dims: list[Dim] = [
        size if size == other else _symbol(size, other, small, large)
        for size, other in zip(a.shape, b.shape, strict=True)
    ]
    return Array(code(a.dtype) if a.dtype == b.dtype else None, tuple(dims))


def _symbol(one: int, two: int, small: Mapping[str, int], large: Mapping[str, int]) -> Dim:
    """The symbol that explains both sizes, if exactly one does."""
    found = [
        Sym(name, one - size) for name, size in small.items() if one - size == two - large[name] and abs(one - size) < 9
    ]
    return found[0] if len(found) == 1 else None
