"""From a call to the specialisation that fits it: what is told of each argument, cheaply, in one hashable key.

>>> key_of(1.5) == key_of(2.5), key_of(1.5) == key_of(1), key_of(np.zeros(3)) == key_of(np.zeros(1))
(True, False, False)
>>> key_of([np.zeros(3)] * 2) == key_of([np.zeros(4)] * 5)
True

Equal keys mean equal signatures (`adgen.signature`); the converse need not hold.
"""

from __future__ import annotations

import functools
import operator
import os
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from types import FunctionType, MappingProxyType, MethodType
from typing import Any

import numpy as np

from adgen.errors import ArgumentError

Key = Any
_BY_TYPE = frozenset({float, int, complex})
_HERE = os.path.dirname(os.path.abspath(__file__))
_STARRED = (2, 4)  # inspect.Parameter.VAR_POSITIONAL, VAR_KEYWORD
BACKENDS = ("numpy", "numba")
Stamp = tuple[Any, ...]
_BY_VALUE = frozenset({bool, str, type(None), type(...)})


class Same:
    """A key that equals only itself made of the same object (which it keeps alive)."""

    __slots__ = ("thing",)

    def __init__(self, thing: object) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.thing is other.thing

    def __hash__(self) -> int:
        return id(self.thing)

    def __repr__(self) -> str:
        return getattr(self.thing, "__qualname__", type(self.thing).__name__)


def key_of(value: Any) -> Key:
    """What a specialisation may rely on: kinds, dtypes, ranks, dimensions of one; flags, texts, functions by value."""
    kind = type(value)
    if kind in _BY_TYPE:
        return kind
    if kind is np.ndarray:
        shape = value.shape
        return (value.dtype, tuple([d == 1 for d in shape]) if 1 in shape else len(shape))
    if kind in _BY_VALUE:
        return (kind, value)
    if kind is tuple:
        return (tuple, *[key_of(item) for item in value])
    if kind is list:
        return _list_key([key_of(item) for item in value])
    if kind is dict:
        return (dict, tuple(value), *[key_of(item) for item in value.values()])
    if isinstance(value, np.generic):
        return kind
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        return (kind, *[key_of(item) for item in value])
    if is_dataclass(value) and not isinstance(value, type):
        return (kind, *[key_of(getattr(value, field.name)) for field in fields(value)])
    code = getattr(value, "__code__", None)
    return (Same(value), Same(code))


def _list_key(keys: list[Key]) -> Key:
    first = keys[0] if keys else None
    return (list, first) if all(key == first for key in keys) else (list, len(keys), *keys)


def chosen(argnums: Any, wrt: Any) -> tuple[int | tuple[int, ...] | None, str | tuple[str, ...] | None]:
    """`argnums` and `wrt` as an int or a text, or tuples of them; ArgumentError for anything else.

    >>> chosen([0, np.int64(1)], None), chosen(None, "w")
    (((0, 1), None), (None, 'w'))
    """
    if argnums is not None and wrt is not None:
        raise ArgumentError("give argnums or wrt, not both")
    if isinstance(argnums, (list, tuple, range)):
        argnums = tuple(_position(number) for number in argnums)
    elif argnums is not None:
        argnums = _position(argnums)
    if isinstance(wrt, (list, tuple)) and all(isinstance(name, str) for name in wrt):
        wrt = tuple(wrt)
    elif wrt is not None and not isinstance(wrt, str):
        raise ArgumentError(f"wrt: {wrt!r} is no name; give a parameter's name or a tuple of names, or argnums=0")
    return argnums, wrt


def _position(number: Any) -> int:
    if isinstance(number, (int, np.integer)) and not isinstance(number, bool):
        return int(number)
    raise ArgumentError(f"argnums: {number!r} is no position; give an int or a tuple of ints, or wrt='name'")


def checked_backend(backend: str, fallback: bool) -> tuple[str, bool]:
    """What generated code runs on, and whether NumPy may take its place."""
    if backend not in BACKENDS:
        raise ArgumentError(f"backend {backend!r}; it is one of {', '.join(BACKENDS)}")
    return backend, bool(fallback)


def stamp_of(fun: Any) -> Stamp:
    """What decides about a function's parameters and may be set anew: its code and its defaults."""
    while type(fun) is not FunctionType:
        inner = getattr(fun, "__func__", None) or getattr(fun, "func", None) or getattr(fun, "__wrapped__", None)
        if inner is None:
            return ()
        fun = inner
    keywords = fun.__kwdefaults__
    return (fun.__code__, fun.__defaults__, *(keywords.values() if keywords else ()))


def is_same_stamp(one: Stamp, other: Stamp) -> bool:
    """Whether nothing of it was set anew."""
    return len(one) == len(other) and all(map(operator.is_, one, other))


class Binder:
    """The parameters of a function: turns the arguments of a call into one value for each, in order.

    >>> binder = Binder.of(lambda x, y=2.0, *, z=3.0: x, "f")
    >>> binder.names, binder((1.0,), {"z": 5.0})
    (('x', 'y', 'z'), [1.0, 2.0, 5.0])
    """

    def __init__(
        self,
        shown: str,
        names: Sequence[str],
        positional: Sequence[str],
        positional_only: Sequence[str] = (),
        defaults: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.shown = shown
        self.names = tuple(names)
        self.positional = tuple(positional)
        self._only = positional_only
        self._defaults = defaults

    @staticmethod
    def of(function: Callable[..., Any], shown: str) -> Binder:
        """The binder of a function, a bound method or a partial."""
        import inspect

        held = getattr(function, "keywords", {})  # of a partial: constants from here on
        own = isinstance(function, (FunctionType, MethodType, functools.partial))  # `functools.wraps` may lie
        signature = inspect.signature(function, follow_wrapped=not own)
        if type(function) is FunctionType and any(p.kind in _STARRED for p in signature.parameters.values()):
            signature = inspect.signature(function)  # a wrapper that passes them on has the parameters of what it wraps
        parameters = [p for p in signature.parameters.values() if p.name not in held]
        for p in parameters:
            if p.kind in _STARRED:
                star = "*" if p.kind is p.VAR_POSITIONAL else "**"
                raise ArgumentError(f"`{shown}` takes {star}{p.name}: give its parameters names")
        return Binder(
            shown,
            [p.name for p in parameters],
            [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY],
            [p.name for p in parameters if p.kind is p.POSITIONAL_ONLY],
            {p.name: p.default for p in parameters if p.default is not p.empty},
        )

    def __call__(self, args: Sequence[Any], keywords: dict[str, Any]) -> list[Any]:
        """The values in the order of `names`; TypeError as Python's own where a call does not fit."""
        if len(args) == len(self.names) == len(self.positional) and not keywords:
            return list(args)
        if len(args) > len(self.positional):
            raise ArgumentError(
                f"{self.shown}() takes {len(self.positional)} positional arguments, {len(args)} were given"
            )
        given = dict(zip(self.positional, args, strict=False))
        for name, value in keywords.items():
            if name not in self.names or name in self._only:
                raise ArgumentError(f"{self.shown}() got an unexpected keyword argument `{name}`")
            if name in given:
                raise ArgumentError(f"{self.shown}() got multiple values for argument `{name}`")
            given[name] = value
        missing = [name for name in self.names if name not in given and name not in self._defaults]
        if missing:
            raise ArgumentError(f"{self.shown}() misses the arguments " + ", ".join(f"`{name}`" for name in missing))
        return [given[name] if name in given else self._defaults[name] for name in self.names]

    def wanted(self, argnums: int | Sequence[int] | None, wrt: str | Sequence[str] | None) -> tuple[str, ...]:
        """The names of the parameters to differentiate with respect to; ArgumentError where there is no such one."""
        if wrt is not None:
            names = (wrt,) if isinstance(wrt, str) else tuple(wrt)
            unknown = [name for name in names if name not in self.names]
            if unknown:
                raise ArgumentError(f"wrt: `{self.shown}` has no parameter `{unknown[0]}` (it has {self._list()})")
        else:
            numbers = (0,) if argnums is None else (argnums,) if isinstance(argnums, int) else tuple(argnums)
            names = tuple(self._by_number(number) for number in numbers)
        if not names or len(set(names)) < len(names):
            raise ArgumentError(f"differentiate `{self.shown}` with respect to one or more different arguments")
        return names

    def _by_number(self, number: int) -> str:
        if not -len(self.names) <= number < len(self.names):
            raise ArgumentError(
                f"argnums: {number} is out of range, `{self.shown}` has {len(self.names)} parameters ({self._list()})"
            )
        return self.names[number]

    def _list(self) -> str:
        return ", ".join(self.names) or "none"


def _outside() -> int:
    """The stack level of the user's call, for a warning: the first frame that is not adgen's."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and os.path.dirname(frame.f_code.co_filename) == _HERE:
        level, frame = level + 1, frame.f_back
    return level


def warn_many(function: str, names: Sequence[str], keys: Sequence[tuple[Key, ...]]) -> None:
    """Warn, once, of a function that is compiled over and over; names the argument that varies most."""
    counts = [len({key[k] for key in keys}) for k in range(len(names))]
    worst = counts.index(max(counts)) if counts else 0
    warnings.warn(
        f"adgen has compiled {len(keys)} specialisations of `{function}`: its argument `{names[worst]}` has come in "
        f"{counts[worst]} kinds (dtype, rank, dimensions of 1, structure; flags, texts and functions by value); "
        "give it always the same kind",
        RuntimeWarning,
        stacklevel=_outside(),
    )


def warn_restless(function: str, dependencies: Sequence[Sequence[Any]]) -> None:
    """Warn, once, of a function that is compiled over and over because of what it refers to."""
    digests: dict[Any, set[str]] = {}
    for each in dependencies:
        for dependency in each:
            digests.setdefault(dependency.key, set()).add(dependency.digest)
    worst = max(digests, key=lambda route: len(digests[route]), default=())
    what = ".".join(str(step[-1]) for step in worst) or "its surroundings"
    warnings.warn(
        f"adgen has compiled `{function}` {len(dependencies)} times for the same arguments, because `{what}`, which it "
        "needs while compiling, is another one at each call; pass it as an argument",
        RuntimeWarning,
        stacklevel=_outside(),
    )
