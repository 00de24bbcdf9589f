"""`isinstance(x, classes)` by type: what Python itself says of a value of that type, where types tell.

isinstance(x, float)             x: float      True
isinstance(x, numbers.Real)      x: float      True, as it is of the number 1.0
isinstance(x, np.ndarray)        x: f8[]       not known: it may be a number of NumPy
isinstance(x, Unheard)                         refused, as Python raises NameError
"""

from __future__ import annotations

import ast
import enum
import importlib
from typing import Any

import numpy as np

from adgen.frontend.bindings import (
    Binding,
    Captured,
    Instance,
    Known,
    Literal,
    Missing,
    Module,
    UserClass,
    UserFunction,
)
from adgen.frontend.lower_names import _Free, find
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Closure, Group, Obj, Poison, Thing, class_kind
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Array, DictOf, ListOf, Opaque, Ref, Scalar, Static, Struct, Type, is_set

LIBRARY = frozenset(
    "numbers collections typing types abc decimal fractions enum numpy".split()
)  # read for their classes
NUMBERS: dict[str, object] = {"float": 1.0, "int": 1, "bool": True, "complex": 1j}
DISPLAYS: dict[str, object] = {"tuple": (), "list": [], "dict": {}}


def isinstance_of(low: Lowering, subject: ast.expr, classes: ast.expr) -> tuple[bool, object]:
    """`isinstance(x, classes)` by type; not known where types do not tell."""
    from adgen.frontend.lower_statics import NO, typed

    thing = typed(low, subject)
    if thing is None or isinstance(thing, Poison) or (isinstance(thing, Value) and thing in low.maybe):
        return NO
    if isinstance(classes, ast.Tuple):
        parts = list(classes.elts)
    elif isinstance(classes, ast.BinOp) and isinstance(classes.op, ast.BitOr):
        parts = [classes.left, classes.right]
    else:
        parts = [classes]
    answers = [_is_a(low, thing, part) for part in parts]
    if True in answers:
        return True, True
    return NO if None in answers else (True, False)


def is_callable(low: Lowering, thing: Thing | Literal) -> bool | None:
    """`callable(thing)`; None where that is not known."""
    from adgen.frontend.lower_statics import has

    if isinstance(thing, Instance):
        found = low.frame.source.scope.has(thing, "__call__")  # recorded: a class may get one later
        return found if found is callable(thing.value) else None
    if isinstance(thing, Literal):
        return callable(thing.value)
    if isinstance(thing, Value | Group | Obj) and class_kind(thing):
        cls = low.frame.source.scope.class_of(class_kind(thing))
        return has(low, thing, "__call__") if isinstance(cls, UserClass) else None
    if isinstance(thing, Value) and isinstance(thing.type, Static | Opaque):
        return callable(thing.type.value) if isinstance(thing.type, Static) else None
    return None if isinstance(thing, Module | Poison) else not isinstance(thing, Value | Group | Obj)


def type_is(low: Lowering, subject: ast.expr, op: ast.cmpop, classes: ast.expr) -> tuple[bool, object]:
    """`type(x) is C`: not known where the value may be of a class that derives from C, as numbers of NumPy do."""
    from adgen.frontend.lower_statics import NO, typed

    thing = typed(low, subject)
    if thing is None or isinstance(thing, Poison) or (isinstance(thing, Value) and thing in low.maybe):
        return NO
    if isinstance(op, ast.In | ast.NotIn) and isinstance(classes, ast.Tuple | ast.List | ast.Set):
        parts = classes.elts
    elif isinstance(op, ast.Is | ast.IsNot | ast.Eq | ast.NotEq):
        parts = [classes]
    else:
        return NO
    answers = [_exactly(low, thing, part) for part in parts]
    if True in answers or None not in answers:
        return True, (True in answers) is isinstance(op, ast.Is | ast.Eq | ast.In)
    return NO


def _exactly(low: Lowering, thing: Thing | Literal, cls: ast.expr) -> bool | None:
    """Whether the thing is of the class, and of none that derives from it; None where types do not tell."""
    found = bound(low, cls)
    kind = class_kind(thing) if isinstance(thing, Group | Value | Obj | Instance) else ""
    if kind and isinstance(found, UserClass):
        return kind == found.type_kind
    general = _is_a(low, thing, cls)
    if general is not True or not isinstance(found, Known):
        return False if general is False else None
    if isinstance(thing, Literal):
        return type(thing.value) is _class(found.name)
    known = thing.type.value if isinstance(thing, Value) and isinstance(thing.type, Static) else None
    if isinstance(known, str):
        return found.name == "str"
    if isinstance(thing, Value):
        plain = thing in low.parameters  # of which none is of a class that derives from dict or list
    else:  # a deque stands for a list here, an OrderedDict for a dict
        plain = isinstance(thing, Group | Obj) and not low.deques and not low.factories
    return True if plain and found.name in DISPLAYS else None


def _is_a(low: Lowering, thing: Thing | Literal, cls: ast.expr) -> bool | None:
    """Whether the thing is one of the class; None where types do not tell."""
    if isinstance(cls, ast.Constant) and cls.value is None:
        return isinstance(thing, Value) and isinstance(thing.type, Static) and thing.type.value is None
    found = bound(low, cls)
    kind = class_kind(thing) if isinstance(thing, Group | Value | Obj | Instance) else ""
    if isinstance(found, Missing):
        raise Reject("E0103", cls, found.why, found.help, name=found.name)
    if isinstance(found, Instance) and isinstance(found.value, enum.EnumType):
        known = thing.value if isinstance(thing, Literal) else getattr(getattr(thing, "type", None), "value", None)
        return isinstance(known, found.value) if isinstance(known, enum.Enum) else None
    if isinstance(found, UserClass):
        others = any(base.startswith("object:abc:") for base in found.bases)  # may be registered with it
        if not kind:
            return None if others or _may_be_object(thing) else False
        own = low.frame.source.scope.class_of(kind)
        if isinstance(own, UserClass) and found.type_kind in (kind, *own.bases):
            return True
        return None if others or not isinstance(own, UserClass) else False
    if not isinstance(found, Known):
        return None
    meant = _class(found.name)
    if kind:
        if meant in (tuple, object):
            return meant is object or low.is_tuple(kind)
        return False if meant is None or meant in (float, int, bool, complex, str, list, dict, np.ndarray) else None
    if meant is None:  # of another library: no class of numbers, arrays, lists
        return False if "." in found.name and found.name.split(".")[0] not in LIBRARY else None
    return _answer(low, thing, meant)


def _may_be_object(thing: Thing | Literal) -> bool:
    """Whether it may be an object of a class of the program's that was captured or given: which is not recorded."""
    if isinstance(thing, Value | Captured):
        known = thing.type.value if isinstance(thing.type, Static) else None
        return known is not None and not isinstance(known, bool | int | float | complex | str)
    return isinstance(thing, Instance)


def _answer(low: Lowering, thing: Thing | Literal, meant: Any) -> bool | None:
    """What Python says of values such as the thing."""
    if meant is object:
        return True
    if isinstance(thing, Literal):
        return isinstance(thing.value, meant)
    if isinstance(thing, Closure | UserFunction):
        return isinstance(lambda: None, meant)
    if isinstance(thing, Obj):
        return _of_display(thing.kind, meant)
    if isinstance(thing, Group):
        return _of_display(thing.kind, meant)
    if not isinstance(thing, Value):
        return None
    if isinstance(thing.type, Struct | ListOf | Array | Ref | DictOf | Scalar | Static):
        return _of_type(thing.type, meant)
    return False if meant in (list, tuple) and thing in low.parameters else None  # a guard keeps lists out


def bound(low: Lowering, node: ast.expr) -> Thing | Binding | None:
    """What the name of a class stands for."""
    if isinstance(node, ast.Name):
        found = find(low, node.id)
        return found.binding if isinstance(found, _Free) else found
    if isinstance(node, ast.Attribute):
        base = bound(low, node.value)
        if isinstance(base, Missing):
            return base
        if isinstance(base, Module):
            return low.frame.source.scope.attribute(base, node.attr)
    return None


def _class(name: str) -> Any:
    """The class of Python, its library or NumPy that a name means; None if it is none."""
    module, _, last = name.rpartition(".")
    module = {"np": "numpy", "": "builtins"}.get(module, module)
    if module.split(".")[0] not in LIBRARY | {"builtins"}:
        return None
    found = getattr(importlib.import_module(module), last, None)
    try:
        isinstance(0, found)  # type: ignore[arg-type]
    except TypeError:
        return None
    return found


def _of_display(kind: str, meant: Any) -> bool | None:
    """Of a tuple, list or dict; dicts may be of a class that derives from dict."""
    if kind not in DISPLAYS:
        return None
    found = isinstance(DISPLAYS[kind], meant)
    return None if kind == "dict" and not found and _is_special(meant) else found


def _is_special(meant: Any) -> bool:
    return isinstance(meant, type) and meant is not dict and issubclass(meant, dict)


def _of_type(type_: Type, meant: Any) -> bool | None:
    """Of a value of the type."""
    match type_:
        case Scalar(kind):
            return isinstance(NUMBERS[kind], meant) if kind in NUMBERS else None
        case Ref(content):
            return _of_type(content, meant)
        case Array(_, shape):
            return None if shape is None or shape == () else isinstance(np.zeros(1), meant)
        case Struct(kind):
            return _of_display(kind, meant)
        case DictOf() if is_set(type_):
            return isinstance(set(), meant)
        case DictOf():
            return _of_display("dict", meant)
        case ListOf():  # of which a DictOf is one, too
            return isinstance([], meant)
        case Static(value):
            return isinstance(value, meant)
    return None
