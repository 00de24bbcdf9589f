"""Callables that are no functions with Python source, as functions to differentiate.

>>> import numpy as np
>>> import operator
>>> fitted(np.sum, [np.ones(3)], {"axis": 0}).__code__.co_varnames, fitted(operator.mul, [2.0, 3.0], {})(2.0, 3.0)
(('a', 'axis'), 6.0)
>>> fitted(functools.partial(np.power, 2.0), [3.0], {})(3.0)
np.float64(8.0)

`np.sum`, `operator.mul`, `np.add.reduce`, `abs`, and partials of these have parameters that follow from a call: for
each pattern of a call a def is made that passes the arguments on, and that is differentiated.
"""

from __future__ import annotations

import builtins
import functools
import importlib
import linecache
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, FunctionType, MethodType
from typing import Any, NamedTuple

import numpy as np

from adgen.errors import ArgumentError
from adgen.rules import table


class Pattern(NamedTuple):
    """How a library's function is called."""

    name: str
    number: int
    words: tuple[str, ...]
    literals: tuple[tuple[str, object], ...]


_codes: dict[str, CodeType] = {}
_plain: dict[Pattern, FunctionType] = {}


def is_open(fun: Any) -> bool:
    """Whether the parameters of a callable follow from the call: a library's function, or a partial of one."""
    return _name(_inner(fun)) is not None


def as_wrapped(fun: Callable[..., Any]) -> Callable[..., Any]:
    """A partial of a vectorized function has the parameters of the function that is applied to the elements."""
    if isinstance(fun, functools.partial) and isinstance(fun.func, np.vectorize):
        return functools.partial(fun.func.pyfunc, *fun.args, **fun.keywords)
    return fun


def _inner(fun: Any) -> Any:
    fun = thawed(fun)
    while isinstance(fun, functools.partial):
        fun = thawed(fun.func)
    return fun


def thawed(fun: Any) -> Any:
    """A method of a frozen distribution of SciPy as a partial: `norm(0.1, 2.0).pdf` as `norm.pdf` with these."""
    frozen: Any = getattr(fun, "__self__", None)
    if not isinstance(fun, MethodType) or not type(frozen).__module__.startswith("scipy.stats."):
        return fun
    stats: Any = importlib.import_module("scipy.stats")
    dist: Any = getattr(frozen, "dist", None)
    own: Any = getattr(stats, getattr(dist, "name", None) or "", None)
    if own is None or type(own) is not type(dist):
        return fun
    names = [name.strip() for name in (own.shapes or "").split(",") if name.strip()]
    given = dict(zip([*names, "loc", "scale"], frozen.args, strict=False)) | frozen.kwds
    return functools.partial(getattr(own, fun.__name__), **given)


def _name(fun: Any) -> str | None:
    from adgen.frontend.library_calls import spelled

    if hasattr(type(fun), "__adgen_request__"):
        return None
    name = spelled(fun)
    return None if isinstance(fun, type) and (name is None or table.lookup(name) is None) else name


def fitted(fun: Any, args: Sequence[Any] | None, keywords: Mapping[str, Any]) -> Callable[..., Any]:
    """A function for calls with such arguments (None: with those that are needed); others are what they are."""
    made = getattr(fun, "fitting", None) if hasattr(type(fun), "__adgen_request__") else None
    if made is not None:
        derivative: Callable[..., Any] = made(args, keywords)
        return derivative
    if not is_open(fun):
        function: Callable[..., Any] = fun
        return function
    return _fitted(fun, args, keywords)


def pattern(fun: Any, args: Sequence[Any] | None, keywords: Mapping[str, Any]) -> Pattern:
    """What a def for a call depends on: how many arguments, which keywords, and the values that rules need."""
    from adgen.frontend.library_calls import fixed, parameters, required

    while hasattr(type(fun), "__adgen_request__"):
        fun = fun.function
    held, given = _held(fun)
    given = {key: value for key, value in given.items() if key not in keywords}
    inner = _inner(fun)
    name = _name(inner) or ""
    whole = required(name, inner) - len(held) - len(given) if args is None else 0
    count = max(0, whole) if args is None else len(args)
    names = parameters(name, len(held) + count, (*given, *keywords), inner)
    values = {**dict(zip(names, [*held, *(args or ())], strict=False)), **given, **keywords}
    return Pattern(name, count, tuple(keywords), tuple(fixed(name, values).items()))


def _fitted(fun: Any, args: Sequence[Any] | None, keywords: Mapping[str, Any]) -> FunctionType:
    from adgen.frontend.library_calls import text_of

    found = pattern(fun, args, keywords)
    held, given = _held(fun)
    given = {key: value for key, value in given.items() if key not in keywords}
    if not found.name:
        raise ArgumentError(f"{fun!r} is not a function; pass a def, lambda, method or functools.partial")
    if not held and not given and found in _plain:
        return _plain[found]
    inner = _inner(fun)
    text = text_of(found.name, found.number, found.words, inner, len(held), tuple(given), dict(found.literals))
    values = {f"given_{key}": value for key, value in (*enumerate(held), *given.items())}
    space = {**_spaces(found.name), **values, "__name__": "adgen_library", "__adgen_text__": text}
    space["__builtins__"] = builtins  # with which NumPy imports what it needs
    function = FunctionType(_code(text), space)
    function.__doc__ = getattr(inner, "__doc__", None)
    if not values:
        _plain[found] = function
    return function


def _held(fun: Any) -> tuple[list[Any], dict[str, Any]]:
    """What partials give already."""
    args: list[Any] = []
    keywords: dict[str, Any] = {}
    fun = thawed(fun)
    while isinstance(fun, functools.partial):
        args, keywords = [*fun.args, *args], {**fun.keywords, **keywords}
        fun = thawed(fun.func)
    return args, keywords


def _spaces(name: str) -> dict[str, Any]:
    """The modules that a name begins with."""
    root, _, rest = name.partition(".")
    if not rest:
        return {}
    if root == "scipy":
        importlib.import_module(".".join(name.split(".")[:2]))
    return {root: importlib.import_module("numpy" if root == "np" else root)}


def _code(text: str) -> CodeType:
    """The code of a def, whose text tracebacks and the compiler find; the same for the same text."""
    found = _codes.get(text)
    if found is None:
        head, body = text.splitlines()
        path = f"<{head.removeprefix('def ')} {body.strip()}>"
        linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
        module = compile(text, path, "exec", dont_inherit=True)
        found = _codes[text] = next(part for part in module.co_consts if isinstance(part, CodeType))
    return found
