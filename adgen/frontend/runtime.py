"""Free names of a function object at run time: closure cells, then globals, then builtins.

>>> import linecache
>>> text = "k = 2.0\\ndef f(x):\\n    return k * x\\n"
>>> linecache.cache["<cell 2>"] = (len(text), None, text.splitlines(True), "<cell 2>")
>>> names = {"__name__": "cell"}
>>> exec(compile(text, "<cell 2>", "exec"), names)
>>> from adgen.frontend.source import find, read_captured
>>> scope = find(names["f"]).scope
>>> binding = scope.lookup("k")
>>> names["k"] = 3.0
>>> binding.read, read_captured(names["f"], binding), scope.lookup("len")
((('global', 'k'),), 3.0, Known(name='len'))

A session belongs to one entry function.  It records what its scopes resolved, each with a digest, so that later
`still_valid` tells whether the same names still mean the same things: a redefined helper, a flag that was flipped.
Values that are read at each call are not recorded: their types are part of the signature.
"""

from __future__ import annotations

import abc
import builtins
import dataclasses
import enum
import functools
import inspect
import sys
import types
import typing
from collections.abc import Callable, Mapping

import numpy as np

from adgen.errors import ArgumentError, SourceError
from adgen.frontend.bindings import (
    Binding,
    Captured,
    Derivative,
    Factory,
    FunctionSource,
    Instance,
    Known,
    Literal,
    Member,
    Missing,
    Module,
    Route,
    UserClass,
    UserFunction,
)
from adgen.frontend.libraries import (
    is_library,
    known_constant,
    known_space,
    library_attribute,
    of_library,
)
from adgen.frontend.library_calls import required, source_of, spelled
from adgen.frontend.routes import ACCESS, FIXED, NOTHING, NUMBERS, Dependency, cells_of, describe, fields_of, request
from adgen.ir.types import Static
from adgen.rules import custom, table
from adgen.signature import class_named, class_seen, of_values

LOOKING_UP = ("__getattr__", "__getattribute__")
_HEAP = 1 << 9  # the flag of classes that are written in Python
Find = Callable[[object, Route, "Session"], FunctionSource]


class Session:
    """All functions reached from one entry function, and what their names turned out to mean."""

    def __init__(self, find: Find) -> None:
        self.find = find
        self.sources: dict[int, tuple[object, FunctionSource]] = {}
        self.log: dict[Route, Dependency] = {}
        self.homes: dict[int, tuple[Mapping[str, object], Route]] = {}
        self.modules: dict[Route, types.ModuleType] = {}

    def record(self, route: Route, value: object) -> None:
        """Remember that the generated code relies on this value."""
        kind, digest = describe(value)
        self.log.setdefault(route, Dependency(kind, route, digest))

    def dependencies(self) -> list[Dependency]:
        """Everything recorded so far, in a fixed order."""
        return sorted(self.log.values(), key=lambda entry: (len(entry.key), repr(entry.key)))

    def home(self, names: Mapping[str, object], route: Route) -> Route:
        """The route to a function with these globals: one for all, so that a global has one route."""
        return self.homes.setdefault(id(names), (names, route))[1]

    def bind(self, value: object, name: str, route: Route) -> Binding:
        """What a value means; what the compiler decides by is recorded."""
        binding = self._bind(value, name, route)
        if isinstance(binding, Instance):  # its fields are read at each call; what operators do, its class decides
            self.record((*route, ("attr", "__class__")), type(value))
        elif not isinstance(binding, (Captured, Missing)):
            self.record(route, value)
        return binding

    def _bind(self, value: object, name: str, route: Route) -> Binding:
        if isinstance(value, types.ModuleType):
            self.modules[route] = value
            return Module(value.__name__, route)
        if isinstance(value, FIXED) or (isinstance(value, enum.Enum) and not isinstance(value, NUMBERS)):
            return Literal(value, name)
        if isinstance(value, float) and (constant := known_constant(value)) is not None:
            return Literal(value, constant)
        asked = request(value)
        if asked is not None:
            return self._derivative(asked, name, route)
        space = known_space(value)
        if space is not None:
            return Module(space, route)
        known = spelled(value) if callable(value) else None
        if known is not None:
            return self._known(known, value, name)
        if isinstance(value, type):
            return self._class(value, name, route)
        if callable(value) and _is_function(value):
            return self._function(value, name, route)
        return _value(value, name, route)

    def _known(self, known: str, value: object, name: str) -> Binding:
        """A function with a rule; a user's is imported by generated code, and must be there by its name."""
        rule = table.lookup(known)
        if rule is not None and rule.module:
            if custom.reached(rule.module, known.removeprefix(rule.module + ".")) is not value:
                why = f"its rule says that it is `{known}`, and there it is not"
                return Missing(name, why, "give adgen.rule the argument name='module.name'")
        return Known(known)

    def _function(self, value: object, name: str, route: Route) -> Binding:
        try:
            return UserFunction(self.find(value, route, self))
        except SourceError as error:
            first = error.diagnostics[0]
            return Missing(name, f"{first.title}: {first.why}", first.help)

    def _derivative(self, asked: tuple[object, ...], name: str, route: Route) -> Binding:
        fun, mode, wrt, *more = asked
        inner = self.bind(fun, name, (*route, ("attr", "__adgen_request__"), ("attr", "fun")))
        chosen = wrt if isinstance(wrt, (int, str)) else tuple(wrt) if isinstance(wrt, (tuple, list)) else 0
        match inner:
            case UserFunction(source):
                return Derivative(source, str(mode), chosen, bool(more and more[0]))
            case Derivative():
                return Derivative(inner, str(mode), chosen, bool(more and more[0]))
            case Known(spelt):  # of a function of NumPy's: of one that calls it
                called = source_of(spelt, required(spelt, fun))
                return Derivative(called, str(mode), chosen, bool(more and more[0]))
            case Missing():
                return inner
        return Missing(name, "it is the derivative of something that is no Python function")

    def _class(self, cls: type, name: str, route: Route) -> Binding:
        if issubclass(cls, enum.Enum):
            return Instance(name, cls.__qualname__, route, cls)  # its members are known
        if issubclass(cls, BaseException):
            return Known(cls.__name__)
        if issubclass(cls, tuple) and hasattr(cls, "_fields"):
            making = getattr(inspect.getattr_static(cls, "__new__"), "__func__", cls.__new__)
            if getattr(making, "__code__", None) is None or not making.__code__.co_filename.startswith("<"):
                return Missing(name, "its class has a __new__ of its own")
            given = getattr(cls, "_field_defaults", {})
            fields = [(key, _field_default(given.get(key, dataclasses.MISSING), key)) for key in cls._fields]
            return UserClass(cls.__qualname__, _module(cls), tuple(fields), "namedtuple", True, route, _bases(cls))
        why = _strange(cls)
        class_seen(cls)
        if why:
            return Missing(name, why, "make it a plain class, or a dataclass")
        if not dataclasses.is_dataclass(cls) or _own_making(cls):
            return UserClass(cls.__qualname__, _module(cls), (), "class", False, route, _bases(cls))
        fields = [(f.name, self._field_default(f, (*route, ("field", f.name)))) for f in fields_of(cls)]
        unset = tuple(f.name for f in fields_of(cls) if not f.init)
        every = cls.__dataclass_fields__  # perhaps those of a base
        if any(str(getattr(f, "_field_type", "")) == "_FIELD_INITVAR" for f in every.values()):
            return Missing(name, "it has an InitVar", "give its fields directly")
        frozen = bool(getattr(cls, "__dataclass_params__").frozen)  # noqa: B009 (no attribute that mypy knows)
        if frozen and hasattr(cls, "__post_init__"):
            return Missing(name, "its __post_init__ changes a frozen object", "give its fields directly")
        bases = _bases(cls)
        return UserClass(cls.__qualname__, _module(cls), tuple(fields), "dataclass", frozen, route, bases, unset)

    def _field_default(self, field: dataclasses.Field[object], route: Route) -> Binding | None:
        if field.default_factory is not dataclasses.MISSING:
            factory = self.bind(field.default_factory, field.name, (*route, ("attr", "default_factory")))
            if isinstance(factory, (Known, UserFunction, UserClass)):
                return Factory(factory)
            return Missing(field.name, "its default is made by a default_factory", f"give `{field.name}` explicitly")
        return _field_default(field.default, field.name)


def _module(cls: type) -> str:
    """The module of a class, with a number if it is not the first class of its name."""
    return class_seen(cls).split(":", 2)[1]


def _bases(cls: type) -> tuple[str, ...]:
    return tuple(class_seen(base) for base in cls.__mro__[1:-1])


def _is_function(value: object) -> bool:
    kinds = (types.FunctionType, types.MethodType, functools.partial, functools._lru_cache_wrapper)
    numba = type(value).__module__.startswith("numba") and hasattr(value, "py_func")
    return numba or isinstance(value, (*kinds, np.vectorize))


def _own_making(cls: type) -> bool:
    """Whether a dataclass has an __init__ that somebody wrote."""
    init = inspect.getattr_static(cls, "__init__", None)
    code = getattr(init, "__code__", None)
    return code is not None and code.co_filename != "<string>"


def _strange(cls: type) -> str:
    """Why objects of a class are not just their fields; nothing if they are."""
    if type(cls) not in (type, abc.ABCMeta):
        return f"it is a class made by {type(cls).__name__}"
    for base in cls.__mro__[:-1]:
        if not base.__flags__ & _HEAP:
            return f"its class derives from {base.__name__}"
        found = [name for name in ACCESS if name in vars(base) and base is not typing.Generic]
        generated = dataclasses.is_dataclass(base) and found == ["__setattr__", "__delattr__"]  # a frozen dataclass
        if found and not generated:
            return f"its class has a {found[0]} of its own"
    return ""


def _field_default(value: object, name: str) -> Binding | None:
    if value is dataclasses.MISSING:
        return None
    if isinstance(value, (*FIXED, *NUMBERS)):
        return Literal(value, name)
    return Missing(name, "its default is no number, text, flag or None", f"give `{name}` explicitly")


def _value(value: object, name: str, route: Route) -> Binding:
    cls = type(value)
    try:
        type_ = of_values((name,), (value,)).items[0][1]
    except ArgumentError as error:
        own = cls.__flags__ & _HEAP and not isinstance(value, (list, tuple, dict, np.ndarray, *NUMBERS))
        if own:
            return Instance(name, cls.__qualname__, route, value, class_seen(cls))
        return Missing(name, str(error))
    if isinstance(type_, Static) and type_.value is value and callable(value) and not isinstance(value, type):
        return Instance(name, cls.__qualname__, route, value, class_seen(cls))  # an object with __call__
    return Captured(name, type_, route, value)


class RuntimeScope:
    """The free names of one function object."""

    def __init__(self, fun: types.FunctionType, route: Route, session: Session, owner: str) -> None:
        self.fun, self.route, self.session, self.owner = fun, route, session, owner
        self.home = session.home(fun.__globals__, route)

    def lookup(self, name: str) -> Binding:
        """Closure cells, then globals, then builtins."""
        name = self._private(name)
        cells = cells_of(self.fun)
        if name in cells:
            if cells[name] is NOTHING:
                return Missing(name, f"`{name}` of the enclosing function has no value yet")
            return self.session.bind(cells[name], name, (*self.route, ("cell", name)))
        names = self.fun.__globals__
        value = names.get(name, getattr(builtins, name, NOTHING))
        if value is NOTHING:
            return Missing(name, f"no name `{name}` is defined", "define or import it before the first call")
        return self.session.bind(value, name, self._global(name))

    def _global(self, name: str) -> Route:
        """The route to a global; of a function that an import inside another one brought: through its own module."""
        module = sys.modules.get(self.fun.__module__)
        if self.home and self.home[0][0] == "module" and module is not None:
            if vars(module) is self.fun.__globals__:
                return (("module", module.__name__), ("attr", name))
        return (*self.home, ("global", name))

    def attribute(self, binding: Binding, attr: str) -> Binding:
        """Attributes of modules, classes, functions of libraries, objects."""
        attr = self._private(attr)
        match binding:
            case Module(name, read):
                return self._of_module(name, read, attr)
            case Known(name):
                return Known(f"{name}.{attr}")
            case UserClass():
                return self._of_class(binding, attr)
            case Instance(name, _, read, value) | Captured(name, _, read, value):
                return self._of_object(value, name, read, attr)
        return Missing(attr, "it has no attributes that are known while compiling")

    def member(self, cls: UserClass, attr: str) -> Member | Missing:
        """A method, property or value of a class, found without calling anything."""
        attr = self._private(attr)
        found = class_named(cls.type_kind)
        value = inspect.getattr_static(found, attr, NOTHING) if found is not None else NOTHING
        if value is NOTHING or found is None:
            return Missing(attr, f"`{cls.qualname}` has no `{attr}`")
        if any("__getattribute__" in vars(base) for base in found.__mro__ if base not in (object, tuple)):
            return Missing(attr, f"`{cls.qualname}` has a __getattribute__ of its own")
        route = (*cls.read, ("attr", attr))
        if isinstance(value, property):
            setter = self.session.bind(value.fset, attr, (*route, ("attr", "fset"))) if value.fset else None
            return Member("property", self.session.bind(value.fget, attr, (*route, ("attr", "fget"))), setter)
        if isinstance(value, classmethod):
            inner = (*route, ("attr", "__func__"))
            return Member("class", self.session.bind(value.__func__, attr, inner))
        if isinstance(value, staticmethod):
            return Member("static", self.session.bind(value.__func__, attr, route))
        if isinstance(value, types.FunctionType):
            return Member("method", self.session.bind(value, attr, route))
        if isinstance(value, types.MemberDescriptorType | types.WrapperDescriptorType):  # slots; object's own
            return Missing(attr, f"`{cls.qualname}` has no `{attr}`")
        if hasattr(type(value), "__get__"):
            why = f"`{attr}` of {cls.qualname} is a {type(value).__name__}, computed in its own way"
            once = "read it once before" if isinstance(value, functools.cached_property) else ""
            return Missing(attr, why, once, True)
        return Member("value", self.session.bind(value, attr, route))

    def has(self, binding: Instance, attr: str) -> bool | None:
        """Whether an object has an attribute, which is recorded; None where that is computed."""
        attr = self._private(attr)
        if any(name in vars(base) for base in type(binding.value).__mro__[:-1] for name in LOOKING_UP):
            return None
        found = self._of_object(binding.value, binding.name, binding.read, attr)
        if isinstance(found, Missing) and not found.absent:
            return None
        self.session.record((*binding.read, ("has", attr)), not isinstance(found, Missing))
        return not isinstance(found, Missing)

    def pin(self, binding: Captured) -> Literal | Missing:
        """A number by its value of now; other values change too often to compile for each."""
        if not isinstance(binding.value, (*FIXED, *NUMBERS)):
            return Missing(binding.name, f"`{binding.name}` is read at each call, so its value is not known here")
        self.session.record(binding.read, binding.value)
        return Literal(binding.value, binding.name)

    def bind(self, value: object, name: str) -> Binding:
        """A callable argument, or another object that a `Static` type holds."""
        return self.session.bind(value, name, (("object", value),))

    def class_of(self, kind: str) -> UserClass | Missing:
        """A dataclass or named tuple by the kind of its structure type."""
        cls = class_named(kind)
        if cls is None:
            return Missing(kind, f"the class {kind.split(':')[-1]} is not imported")
        found = self.session.bind(cls, cls.__name__, (("class", kind),))
        return found if isinstance(found, (UserClass, Missing)) else Missing(kind, "it is no dataclass")

    def _private(self, name: str) -> str:
        owner = self.owner.lstrip("_")
        return f"_{owner}{name}" if owner and name.startswith("__") and not name.endswith("__") else name

    def _of_module(self, name: str, read: Route, attr: str) -> Binding:
        module = self.session.modules.get(read) or sys.modules.get(name)
        value = getattr(module, attr, NOTHING)
        if is_library(name) and (module is None or of_library(module)):
            if isinstance(value, types.ModuleType):
                return Module(value.__name__)
            if isinstance(value, float) and known_constant(value) is None:
                return Literal(value, f"{name}.{attr}")  # scipy.constants.g
            return library_attribute(name, attr)
        if value is NOTHING:
            return Missing(f"{name}.{attr}", f"the module {name} has no name `{attr}`")
        return self.session.bind(value, attr, (*read, ("attr", attr)))

    def _of_class(self, binding: UserClass, attr: str) -> Binding:
        cls = class_named(binding.type_kind)
        value = inspect.getattr_static(cls, attr, NOTHING) if cls is not None else NOTHING
        if value is NOTHING or isinstance(value, property):
            what = "is a property" if isinstance(value, property) else "is not there"
            return Missing(attr, f"`{attr}` of {binding.qualname} {what}")
        return self.session.bind(getattr(cls, attr), attr, (*binding.read, ("attr", attr)))

    def _of_object(self, value: object, name: str, read: Route, attr: str) -> Binding:
        route = (*read, ("attr", attr))
        if isinstance(value, enum.EnumType):
            if isinstance(value.__members__.get(attr, 0), NUMBERS):
                return Missing(
                    attr, f"`{name}` has no such member, or it is a number, too", "use a number of the module"
                )
            return self.session.bind(value[attr], f"{name}_{attr}", route)
        static = inspect.getattr_static(value, attr, NOTHING)
        slot = isinstance(static, types.MemberDescriptorType)
        static = NOTHING if slot and not hasattr(value, attr) else static
        if static is NOTHING or (not slot and hasattr(type(static), "__get__") and not _is_method(static)):
            there = static is not NOTHING
            return Missing(attr, f"`{name}.{attr}` is {'computed' if there else 'not there'}", "", there, not there)
        return self.session.bind(getattr(value, attr), f"{name}_{attr}", route)


def _is_method(value: object) -> bool:
    return isinstance(value, (types.FunctionType, staticmethod, classmethod, functools._lru_cache_wrapper, type))
