"""Functions of libraries as functions that can be differentiated: a def that passes on what a call gives.

>>> import operator
>>> print(text_of("np.sum", 1, ("axis",)), end="")
def sum(a, axis):
    return np.sum(a, axis=axis)
>>> spelled(np.add.reduce), spelled(operator.mul), spelled(abs), spelled(lambda x: x)
('np.add.reduce', 'operator.mul', 'abs', None)

Their parameters follow from the call: `adgen.grad(np.sum)(x, axis=0)` has two, `adgen.grad(np.sum)(x)` one.
"""

from __future__ import annotations

import ast
import functools
import inspect
import keyword
import types
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from adgen.frontend.bindings import FunctionKey, FunctionSource
from adgen.frontend.files import parse
from adgen.frontend.libraries import LibraryScope, known_object, known_space, library_name
from adgen.rules import custom, table
from adgen.rules.rule import STATIC_NAMES, BindError

ROOTS = ("np", "math", "cmath", "scipy", "statistics", "operator", "functools")


def spelled(fun: object) -> str | None:
    """How a program names a library's function: `np.add.reduce`, `scipy.stats.norm.logpdf`; None for others."""
    if isinstance(fun, functools.partial):
        return None
    own = custom.name_of(fun)
    if own is not None:
        return own
    known = known_object(fun)
    if known is None and isinstance(fun, types.MethodType):
        space = known_space(fun.__self__)
        return None if space is None else f"{space}.{fun.__name__}"
    if known is None and isinstance(fun, types.BuiltinMethodType) and isinstance(fun.__self__, np.ufunc):
        ufunc = known_object(fun.__self__)
        return None if ufunc is None else f"{ufunc}.{fun.__name__}"
    if known is None and isinstance(fun, types.MethodDescriptorType) and fun.__objclass__ is np.ndarray:
        method = table.method(fun.__name__) or ""
        return method if method.startswith("np.") else None
    return known or (library_name(fun) if callable(fun) else None)


def parameters(name: str, count: int, words: Sequence[str] = (), fun: object = None) -> list[str]:
    """Names for so many positional arguments, as the function's rule or its signature has them."""
    rule = table.lookup(name)
    found: list[str] = []
    if rule is not None:
        try:
            found = list(rule.bind(count, words))[:count]
        except BindError:
            found = []
    if not found and callable(fun):
        try:
            own = inspect.signature(fun).parameters.values()
            found = [p.name for p in own if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        except (ValueError, TypeError):
            found = []
    out: list[str] = []
    for place in range(count):
        label = found[place] if place < len(found) else ""
        fine = label.isidentifier() and not keyword.iskeyword(label) and label not in (*ROOTS, *words)
        out.append(label if fine and found.count(label) == 1 else f"x{place}")
    return out


def required(name: str, fun: object = None) -> int:
    """How many arguments a function needs."""
    rule = table.lookup(name)
    if rule is not None:
        return sum(param.required for param in rule.params)
    try:
        own = inspect.signature(fun).parameters.values() if callable(fun) else ()
    except (ValueError, TypeError):
        own = ()
    return sum(p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in own) or 1


def text_of(
    name: str,
    count: int,
    words: Sequence[str] = (),
    fun: object = None,
    held: int = 0,
    held_words: Sequence[str] = (),
    literals: Mapping[str, object] = MappingProxyType({}),
) -> str:
    """A def that calls the function with so many arguments and these keywords; the first ones and some may be held.

    What rules need to know while compiling is a literal in it:

    >>> print(text_of("np.sum", 1, ("axis",), literals={"axis": (0, 1)}), end="")
    def sum(a, axis):
        return np.sum(a, axis=(0, 1))
    """
    every = parameters(name, held + count, (*held_words, *words), fun)
    free = [*every[held:], *words]
    given = [*(f"given_{k}" for k in range(held)), *every[held:]]
    given = [repr(literals[p]) if p in literals else g for p, g in zip(every, given, strict=True)]
    pairs = [(word, f"given_{word}") for word in held_words] + [(word, word) for word in words]
    given += [f"{word}={literals[word]!r}" if word in literals else f"{word}={text}" for word, text in pairs]
    short = name.rsplit(".", 1)[-1]
    short = short if short.isidentifier() and not keyword.iskeyword(short) else "fun"
    short = f"{short}_" if name == short or short in ROOTS else short  # `abs` calls the builtin, not itself
    return f"def {short}({', '.join(free)}):\n    return {name}({', '.join(given)})\n"


def fixed(name: str, values: Mapping[str, object]) -> dict[str, object]:
    """Those of the arguments, by parameter, that rules need to know while compiling: numbers and tuples of them.

    >>> fixed("np.sum", {"a": 3, "axis": 0, "keepdims": True})
    {'axis': 0}
    """
    rule = table.lookup(name)
    static = {param.name for param in rule.params if param.static} if rule is not None else STATIC_NAMES
    return {key: value for key, value in values.items() if (key in static or key == "axis") and _whole(value)}


def _whole(value: object) -> bool:
    return type(value) is int or (type(value) is tuple and all(map(_whole, value)))


def source_of(name: str, count: int, words: Sequence[str] = ()) -> FunctionSource:
    """The def as the compiler reads functions."""
    text = text_of(name, count, words)
    file = parse(text, f"<{name}>", f"<{name}>")
    node = file.tree.body[0]
    assert isinstance(node, ast.FunctionDef)
    module = name.rpartition(".")[0]
    return FunctionSource(
        node=node,
        path=file.path,
        where=file.where,
        qualname=node.name,
        module=module,
        lines=file.lines,
        comments={},
        scope=LibraryScope(),
        key=FunctionKey(module, node.name, f"{name} {node.name} {count} {' '.join(words)}"),
        defaults={},
        route=(),
    )
