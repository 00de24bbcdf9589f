"""How values are reached from the entry function when a call happens, and whether they are still the same.

>>> def outer(k):
...     return lambda x, scale=2.0: k * scale * x
>>> f = outer(3.0)
>>> walk(f, (("cell", "k"),)), walk(f, (("default", "scale"),))
(3.0, 2.0)
>>> describe(True), describe(len)
(('literal', 'bool:True'), ('known', 'len'))
"""

from __future__ import annotations

import builtins
import dataclasses
import enum
import functools
import hashlib
import importlib
import types
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from adgen.frontend.bindings import Captured, Route
from adgen.frontend.library_calls import spelled
from adgen.frontend.match import code_digest
from adgen.rules import custom
from adgen.signature import class_named, class_seen

NOTHING = object()
FIXED = (type(None), bool, str, bytes, type(Ellipsis), np.dtype)
NUMBERS = (int, float, complex)
ACCESS = ("__new__", "__getattr__", "__getattribute__", "__setattr__", "__delattr__")
MAKING = ("__init__", "__post_init__", *ACCESS)  # methods that decide what an object is and how its fields are reached


class Dependency(NamedTuple):
    """Something that the generated code relies on: what is found by `route` has this digest."""

    kind: str  # function | known | module | class | literal | derivative | object
    key: Route
    digest: str


def walk(fun: object, route: Route) -> object:
    """The value at the end of a route from the function `fun`; raises NameError where the route breaks off."""
    value = fun
    for step in route:
        value = _step(value, step)
        if value is NOTHING:
            raise NameError(f"{' '.join(map(str, step))} is not there any more")
    return value


def _step(value: object, step: tuple[object, ...]) -> object:
    kind, name = str(step[0]), step[1]
    match kind:
        case "global":
            names = getattr(value, "__globals__", {})
            return names.get(name, getattr(builtins, str(name), NOTHING))
        case "cell":
            return cells_of(value).get(str(name), NOTHING)
        case "attr":
            return getattr(value, str(name), NOTHING)
        case "has":
            return hasattr(value, str(name))
        case "field":
            fields = fields_of(value) if isinstance(value, type) else ()
            return next((f for f in fields if f.name == name), NOTHING)
        case "default":
            return _default(value, str(name))
        case "arg" if isinstance(value, functools.partial) and isinstance(name, int):
            return value.args[name] if name < len(value.args) else NOTHING
        case "keyword" if isinstance(value, functools.partial):
            return value.keywords.get(str(name), NOTHING)
        case "module":
            return importlib.import_module(str(name))
        case "class":
            return class_named(str(name)) or NOTHING
        case "object":
            return name
    return NOTHING


def cells_of(fun: object) -> dict[str, object]:
    """The closure cells of a function by name; `NOTHING` for one that is not bound yet."""
    out: dict[str, object] = {}
    if isinstance(fun, types.FunctionType):
        for name, cell in zip(fun.__code__.co_freevars, fun.__closure__ or (), strict=True):
            try:
                out[name] = cell.cell_contents
            except ValueError:  # not bound yet
                out[name] = NOTHING
    return out


def _default(fun: object, name: str) -> object:
    if not isinstance(fun, types.FunctionType):
        return NOTHING
    given = fun.__defaults__ or ()
    positional = fun.__code__.co_varnames[: fun.__code__.co_argcount]
    values: dict[str, object] = dict(zip(positional[len(positional) - len(given) :], given, strict=True))
    return (values | (fun.__kwdefaults__ or {})).get(name, NOTHING)


def read_captured(fun: object, binding: Captured | Route) -> object:
    """What a captured name is at this moment; `fun` is the function that `find` was asked for."""
    return walk(fun, binding.read if isinstance(binding, Captured) else binding)


# ---- digests ---------------------------------------------------------------------------------------------------------


def function_digest(fun: types.FunctionType) -> str:
    """A digest of a function's code and of its defaults (numbers by value, arrays by kind)."""
    defaults = [_default_text(value) for value in fun.__defaults__ or ()]
    named = [f"{name}={_default_text(value)}" for name, value in (fun.__kwdefaults__ or {}).items()]
    return _hash(f"{code_digest(fun.__code__)}:{defaults}:{named}")


def _default_text(value: object) -> str:
    plain = isinstance(value, (*FIXED, *NUMBERS))
    return f"{type(value).__name__}:{value!r}" if plain else type(value).__name__


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def describe(value: object) -> tuple[str, str]:
    """What kind of thing a value is, and the digest that must stay the same."""
    if isinstance(value, types.ModuleType):
        return "module", value.__name__
    asked = request(value)
    if asked is not None:
        fun, *options = asked
        return "derivative", _hash(f"{options!r}:{describe(fun)}")
    name = spelled(value)
    own = custom.digest_of(name) if name is not None else ""
    if own:
        return "rule", f"{name}:{own}"
    if name is not None:
        return "known", name
    if isinstance(value, types.FunctionType):
        return "function", function_digest(value)
    if isinstance(value, types.MethodType):
        return describe(value.__func__)
    if isinstance(value, functools.partial):
        return "function", _hash(f"{len(value.args)}:{list(value.keywords)}:{describe(value.func)}")
    if isinstance(value, type):
        return "class", _class_digest(value)
    if isinstance(value, enum.Enum):  # its class may write all of its members alike
        return "literal", f"{type(value).__name__}.{value._name_}:{value._value_!r}:{value!r}"
    if isinstance(value, str):
        return "literal", f"{type(value).__name__}:{str.__repr__(value)}"
    if isinstance(value, (*FIXED, *NUMBERS)):
        return "literal", f"{type(value).__name__}:{value!r}"
    return "object", type(value).__qualname__


def _class_digest(cls: type) -> str:
    fields = [(f.name, _default_text(f.default), f.init) for f in fields_of(cls)]
    methods = [f"{base.__qualname__}.{name}" for base in cls.__mro__[:-1] for name in MAKING if name in vars(base)]
    bases = [class_seen(base) for base in cls.__mro__[1:-1]]
    return _hash(f"{class_seen(cls)}:{fields}:{getattr(cls, '_fields', None)}:{methods}:{bases}")


def fields_of(cls: type) -> tuple[dataclasses.Field[object], ...]:
    """The fields of a dataclass."""
    return dataclasses.fields(cls) if dataclasses.is_dataclass(cls) else ()


def current(fun: object, dependency: Dependency) -> str | None:
    """The digest of a dependency as of now; None where it is gone or is another kind of thing."""
    try:
        kind, digest = describe(walk(fun, dependency.key))
    except NameError:
        return None
    return digest if kind == dependency.kind else None


def still_valid(fun: object, dependencies: Iterable[Dependency]) -> bool:
    """Whether every name still means what it meant when the derivative was made."""
    return all(current(fun, dependency) == dependency.digest for dependency in dependencies)


def request(value: object) -> tuple[object, ...] | None:
    """What a derivative function was made from: (function, mode, wrt, has_aux)."""
    found = getattr(value, "__adgen_request__", None) if callable(value) else None
    return found if isinstance(found, tuple) else None
