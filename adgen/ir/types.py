"""What is known of a value before the program runs: contents, and references to memory.

>>> x = Array("f8", (Sym("n"), 3))
>>> show(x), show(ListOf(Scalar("float"))), show(Ref(x))
('f8[n, 3]', 'list[float]', '&f8[n, 3]')
>>> show(tangent(Struct("tuple", ("0", "1"), (x, Scalar("int")))))
'(f8[n, 3], None)'

A type is *content* (number, array, structure, list) or a `Ref` to memory that holds a content.  Only contents that
can vary smoothly have a tangent type; all others are inactive.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple


class Sym(NamedTuple):
    """A symbolic dimension: `max(size(name) + offset, 0)`; with offset 0 it is known not to be 1."""

    name: str
    offset: int = 0


Dim = int | Sym | None  # a known size (1 matters most), a symbol, or nothing known (it may be 1)


class Type:
    """Base of all types; instances are frozen and compare by value."""

    __slots__ = ()


@dataclass(frozen=True)
class Scalar(Type):
    """A Python number; `kind` is bool, int, float or complex.  Its dtype is weak in NumPy's promotion."""

    kind: str


@dataclass(frozen=True)
class Array(Type):
    """An ndarray, or a NumPy scalar when the rank is 0.  `dtype` is a code such as f8, f4, c16, i8, b1 or None."""

    dtype: str | None
    shape: tuple[Dim, ...] | None  # None: the rank is not known


@dataclass(frozen=True)
class Unknown(Type):
    """A float number or a float array, not known which (ahead of time, without annotations)."""


@dataclass(frozen=True)
class Static(Type):
    """Known by value while compiling: None, a str, Ellipsis, a dtype.  Never active."""

    value: object


@dataclass(frozen=True)
class Opaque(Type):
    """A run-time object of which nothing is known but that it is inactive (a range, a generator, a module object)."""

    what: str = "object"


@dataclass(frozen=True)
class Struct(Type):
    """A structure with known slots: kind is tuple, list, dict or `object:<module>:<qualname>` (a dataclass)."""

    kind: str
    keys: tuple[str, ...]  # "0", "1", .. for tuples and lists
    items: tuple[Type, ...]


@dataclass(frozen=True)
class ListOf(Type):
    """A list of unknown length whose elements have one type."""

    item: Type


@dataclass(frozen=True)
class DictOf(ListOf):
    """A dict whose keys are known at run time only: memory like a list, with keys in place of positions."""

    key: Type


@dataclass(frozen=True)
class Undef(Type):
    """The type of a name that is not bound on some path."""


@dataclass(frozen=True)
class Ref(Type):
    """A reference to memory that holds `content` (an Array or a ListOf)."""

    content: Type


FLOAT, INT, BOOL, COMPLEX = Scalar("float"), Scalar("int"), Scalar("bool"), Scalar("complex")
UNKNOWN, UNDEF, NONE = Unknown(), Undef(), Static(None)
MEMBER = Static("member")  # the item type of a dict that is a set
SAVED = Opaque("saved")  # what a forward function keeps for its backward function: a tuple, whatever is in it


def is_float_dtype(dtype: str | None) -> bool:
    """Whether values of the dtype vary smoothly (unknown dtypes are taken to)."""
    return dtype is None or dtype[0] in "fc"


def tangent(type_: Type) -> Type | None:
    """The type of a tangent or adjoint of `type_`; None where there is none (integers, flags, statics)."""
    match type_:
        case Scalar(kind):
            return type_ if kind in ("float", "complex") else None
        case Array(dtype, _):
            return type_ if is_float_dtype(dtype) else None
        case Unknown():
            return type_
        case Struct(kind, keys, items):
            parts = tuple(tangent(item) for item in items)
            if all(part is None for part in parts):
                return None
            return Struct(kind, keys, tuple(part if part is not None else NONE for part in parts))
        case ListOf(item) as type_:
            part = tangent(item)
            return None if part is None else replace(type_, item=part)
        case Ref(content):
            part = tangent(content)
            return None if part is None else Ref(part)
    return None


def is_set(type_: Type) -> bool:
    """Whether values of the type, or memory of it, are sets: dicts without items."""
    content = type_.content if isinstance(type_, Ref) else type_
    return isinstance(content, DictOf) and content.item == MEMBER


def is_active_type(type_: Type) -> bool:
    """Whether a value of this type can carry a derivative."""
    return tangent(type_) is not None


def is_number(type_: Type) -> bool:
    """Whether values are immutable numbers: Python scalars and rank-0 arrays."""
    return isinstance(type_, Scalar) or (isinstance(type_, Array) and type_.shape == ())


def show_dim(dim: Dim) -> str:
    """One dimension as text: `3`, `n`, `n-2`, `?`."""
    match dim:
        case None:
            return "?"
        case Sym(name, offset):
            return name + (f"{offset:+d}" if offset else "")
    return str(dim)


def told(value: object) -> str:
    """A value that is known while compiling, as a person would write it: functions by their names."""
    inner = getattr(value, "function", None)  # `slice(a, b)`, or another call that is not made yet
    if inner is not None:
        return "a slice" if getattr(inner, "name", "") == "slice" else told(inner)
    if type(value).__module__.startswith("adgen.") and hasattr(value, "class_name"):
        return f"an object of `{value.class_name}`"
    of = getattr(value, "source", getattr(value, "node", None))
    name = getattr(of, "name", None) if of is not None else getattr(value, "name", None)
    if of is None and not (isinstance(name, str) and type(value).__module__.startswith("adgen.")):
        return repr(value)
    return f"the function `{name}`" if isinstance(name, str) and name != "<lambda>" else "a lambda"


def show(type_: Type) -> str:
    """The type as text, in the notation of `--types`."""
    match type_:
        case Scalar(kind):
            return kind
        case Array(dtype, shape):
            dims = "..." if shape is None else ", ".join(show_dim(dim) for dim in shape)
            return f"{dtype or '?'}[{dims}]"
        case Unknown():
            return "?"
        case Static(value):
            return told(value)
        case Opaque(what):
            return what
        case Struct(kind, keys, items):
            texts = [show(item) for item in items]
            if kind == "tuple":
                return "(" + ", ".join(texts) + ("," if len(texts) == 1 else "") + ")"
            if kind == "list":
                return "[" + ", ".join(texts) + "]"
            named = ", ".join(f"{key}: {text}" for key, text in zip(keys, texts, strict=True))
            return "{" + named + "}" if kind == "dict" else f"{kind.split(':')[-1]}({named})"
        case DictOf(item, key) if item == MEMBER:
            return f"set[{show(key)}]"
        case DictOf(item, key):
            return f"dict[{show(key)}, {show(item)}]"
        case ListOf(item):
            return f"list[{show(item)}]"
        case Ref(content):
            return "&" + show(content)
    return "undef"
