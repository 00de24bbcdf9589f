"""The types of real values, and the key that tells quickly whether two calls have the same signature.

>>> import numpy as np
>>> from adgen.ir.types import show
>>> [show(t) for t in key_of((1.5, True, np.float32(2.0), [np.ones(3), np.ones(4)]))]
['float', 'True', 'f4[]', 'list[f8[_]]']
>>> [show(t) for _, t in of_values(("x", "y"), (np.ones((3, 1)), {"w": np.ones(2)})).items]
['f8[x0, 1]', '{w: f8[y_w0]}']

`key_of` builds the types with one anonymous symbol; `named` gives each its own name.  A signature is a function of
its key, so equal keys mean equal signatures.  An empty list is taken for a list of floats: its gradient is empty
whatever it might have held, and a call with elements makes a signature of its own.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import sys
import types
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from adgen.errors import ArgumentError
from adgen.ir.types import (
    COMPLEX,
    FLOAT,
    INT,
    NONE,
    Array,
    Dim,
    ListOf,
    Opaque,
    Static,
    Struct,
    Sym,
    Type,
)

_SOME = Sym("_")  # a size that is not 1
_TRUE, _FALSE = Static(True), Static(False)
_DEPTH = 50
_classes: weakref.WeakValueDictionary[str, type] = weakref.WeakValueDictionary()
_texts: weakref.WeakKeyDictionary[type, str] = weakref.WeakKeyDictionary()


@dataclass(frozen=True)
class Signature:
    """The types of a function's parameters, in order."""

    items: tuple[tuple[str, Type], ...]

    @staticmethod
    def of(types_: dict[str, Type]) -> Signature:
        """The signature of what `parse` returns."""
        return Signature(tuple(types_.items()))

    def types(self) -> dict[str, Type]:
        """The parameters' types by name."""
        return dict(self.items)


class _Unfit(Exception):
    """A value that has no type; `path` is where it is inside its argument."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(path, why)
        self.path, self.why = path, why


# ---- keys ------------------------------------------------------------------------------------------------------------


def key_of(values: Sequence[object], names: Sequence[str] = ()) -> tuple[Type, ...]:
    """The anonymous types of the arguments: hashable, equal exactly if the signatures are equal."""
    out = []
    for position, value in enumerate(values):
        try:
            out.append(_type_of(value, _DEPTH))
        except _Unfit as unfit:
            name = names[position] if position < len(names) else f"argument {position}"
            raise ArgumentError(f"`{name}{unfit.path}` {unfit.why}") from None
    return tuple(out)


def _type_of(value: object, depth: int) -> Type:
    maker = _MAKERS.get(type(value))
    if maker is not None:
        return maker(value, depth)
    return _rare(value, depth)


@functools.lru_cache(maxsize=4096)
def _array_type(dtype: np.dtype[np.generic], ones: tuple[bool, ...]) -> Array:
    return Array(dtype_code(dtype), tuple(1 if one else _SOME for one in ones))


def dtype_code(dtype: np.dtype[np.generic]) -> str:
    """The code of a numeric dtype: `f8`, `i4`, `b1`, `c16`."""
    if dtype.kind not in "fciub":
        what = {"O": "Python objects", "U": "text", "S": "bytes", "M": "dates", "m": "time spans", "V": "records"}
        raise _Unfit("", f"is an array of {what.get(dtype.kind, 'unknown elements')} (dtype {dtype}); convert it")
    if not dtype.isnative:
        raise _Unfit("", f"has the foreign byte order {dtype}; use x.astype(x.dtype.newbyteorder('='))")
    return f"{dtype.kind}{dtype.itemsize}"


def _array(value: np.ndarray[tuple[int, ...], np.dtype[np.generic]], depth: int) -> Type:
    return _array_type(value.dtype, tuple([size == 1 for size in value.shape]))


def _flag(value: object, depth: int) -> Type:
    return _TRUE if value else _FALSE


def _list(value: list[object], depth: int) -> Type:
    if not value:
        return ListOf(FLOAT)
    items = _items(value, depth)
    item = _join_all(items)
    if item is not None:
        return ListOf(item)
    return Struct("list", tuple(str(k) for k in range(len(items))), tuple(items))


def _items(values: Iterable[object], depth: int) -> list[Type]:
    if depth == 0:
        raise _Unfit("", f"is nested more than {_DEPTH} levels deep (does it contain itself?)")
    out = []
    for k, value in enumerate(values):
        try:
            out.append(_type_of(value, depth - 1))
        except _Unfit as unfit:
            raise _Unfit(f"[{k}]{unfit.path}", unfit.why) from None
    return out


def _tuple(value: tuple[object, ...], depth: int) -> Type:
    return Struct("tuple", tuple([str(k) for k in range(len(value))]), tuple(_items(value, depth)))


def _dict(value: dict[object, object], depth: int) -> Type:
    for key in value:
        if type(key) is not str:
            raise _Unfit("", f"is a dict with the key {key!r}; keys must be strings (or use a list)")
    return Struct("dict", tuple(map(str, value)), _named_items(value.items(), depth, '["{}"]'))


def _named_items(pairs: Iterable[tuple[object, object]], depth: int, place: str) -> tuple[Type, ...]:
    if depth == 0:
        raise _Unfit("", f"is nested more than {_DEPTH} levels deep (does it contain itself?)")
    out = []
    for name, value in pairs:
        try:
            out.append(_type_of(value, depth - 1))
        except _Unfit as unfit:
            raise _Unfit(place.format(name) + unfit.path, unfit.why) from None
    return tuple(out)


def _static(value: object, depth: int) -> Type:
    return Static(value)


_MAKERS: dict[type, Callable[..., Type]] = {
    float: lambda value, depth: FLOAT,
    int: lambda value, depth: INT,
    complex: lambda value, depth: COMPLEX,
    bool: _flag,
    np.ndarray: _array,
    list: _list,
    tuple: _tuple,
    dict: _dict,
    type(None): lambda value, depth: NONE,
    range: lambda value, depth: Opaque("range"),
    set: lambda value, depth: Opaque("set"),
    frozenset: lambda value, depth: Opaque("set"),
    np.random.Generator: lambda value, depth: Opaque("np.random.Generator"),
    np.random.RandomState: lambda value, depth: Opaque("np.random.RandomState"),
}
for _kind in (str, bytes, type(Ellipsis), types.FunctionType, types.BuiltinFunctionType, types.MethodType, np.ufunc):
    _MAKERS[_kind] = _static
_MAKERS[functools.partial] = _static


def _rare(value: object, depth: int) -> Type:
    """Types that have many classes: NumPy scalars, named tuples, dataclasses, enums, callables."""
    kind = type(value)
    if isinstance(value, np.generic):
        return _array_type(value.dtype, ())
    if isinstance(value, np.ndarray):
        raise _Unfit("", f"is a {kind.__name__}, a subclass of ndarray; pass np.asarray(..) of it")
    if isinstance(value, (np.dtype, type)):
        return Static(value)
    if kind.__module__.startswith("scipy.sparse."):
        return _sparse(value)
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        return _object(value, depth, kind._fields)
    if dataclasses.is_dataclass(value):
        return _object(value, depth, tuple(f.name for f in dataclasses.fields(value)))
    if isinstance(value, enum.Enum) and not isinstance(value, (int, float)):
        return Static(value)
    if callable(value) and (hasattr(value, "__wrapped__") or hasattr(value, "__adgen_request__")):
        return Static(value)
    if isinstance(getattr(kind, "__call__", None), types.FunctionType) and not _is_data(value):  # noqa: B004
        return Static(value)
    raise _Unfit("", _advice(value))


def _sparse(value: Any) -> Type:
    """A sparse matrix of scipy.sparse."""
    if not sys.modules["scipy.sparse"].issparse(value):
        raise _Unfit("", _advice(value))
    if value.ndim != 2 or (value.dtype.kind not in "biu" and value.dtype != np.float64):
        raise _Unfit("", "is a sparse array that is no matrix of float64 or integers: convert it, .astype(float)")
    return Opaque("scipy.sparse")


def _is_data(value: object) -> bool:
    return isinstance(value, (float, int, complex, dict, list, tuple, str)) or hasattr(value, "__array__")


def _object(value: object, depth: int, fields: tuple[str, ...]) -> Type:
    missing = [name for name in fields if not hasattr(value, name)]
    if missing:
        raise _Unfit(f".{missing[0]}", "has no value")
    text = class_seen(type(value))
    return Struct(text, fields, _named_items(((name, getattr(value, name)) for name in fields), depth, ".{}"))


def _advice(value: object) -> str:
    kind = type(value)
    told = "is a " + ("" if kind.__module__ == "builtins" else kind.__module__ + ".") + kind.__qualname__
    for base in (float, int, complex, dict, list, tuple, str):
        if isinstance(value, base):
            return f"{told}, a subclass of {base.__name__}; pass a plain {base.__name__}"
    if hasattr(value, "__array__"):
        return f"{told}; pass np.asarray(..) of it"
    return f"{told}; arguments are numbers, arrays, and tuples, lists, dicts and dataclasses of them"


def class_seen(cls: type) -> str:
    """The kind of a class's instances; the class is found by it from now on.

    Classes that a function makes anew at each call, and one that is defined again, have one name: the second one that
    lives is `object:<module>#2:<qualname>`.
    """
    kind = _texts.get(cls)
    count = 1
    while kind is None:
        text = f"object:{cls.__module__}{f'#{count}' if count > 1 else ''}:{cls.__qualname__}"
        if _classes.setdefault(text, cls) is cls:
            kind = _texts[cls] = text
        count += 1
    return kind


def class_named(kind: str) -> type | None:
    """The class of a structure's `kind` (`object:<module>:<qualname>`), if a value of it was seen or it is imported."""
    if kind in _classes:
        return _classes[kind]
    _, module, qualname = kind.split(":", 2)
    found: object = sys.modules.get(module)
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return found if isinstance(found, type) else None


# ---- elements of a list ----------------------------------------------------------------------------------------------


def _join_all(items: Sequence[Type]) -> Type | None:
    first: Type | None = items[0]
    for item in items:
        if item is not first and first is not None:
            first = _join(first, item)
    return first


def _join(a: Type, b: Type) -> Type | None:
    """The type of elements that differ in sizes only: a dimension that is 1 here and not there is unknown."""
    match a, b:
        case Array(dtype, shape), Array(other, sizes):
            if dtype != other or shape is None or sizes is None or len(shape) != len(sizes):
                return None
            return Array(dtype, tuple(m if m == n else None for m, n in zip(shape, sizes, strict=True)))
        case Struct(kind, keys, parts), Struct(kind2, keys2, parts2):
            if (kind, keys) != (kind2, keys2):
                return None
            joined = [_join(p, q) for p, q in zip(parts, parts2, strict=True)]
            whole = [item for item in joined if item is not None]
            return Struct(kind, keys, tuple(whole)) if len(whole) == len(joined) else None
        case ListOf(p), ListOf(q):
            part = _join(p, q)
            return None if part is None else ListOf(part)
        case Static(v), Static(w):
            return a if type(v) is type(w) and v == w else None
    return a if a == b else None


# ---- names -----------------------------------------------------------------------------------------------------------


def of_values(names: Sequence[str], values: Sequence[object]) -> Signature:
    """The signature of a call; raises ArgumentError, naming the argument, for what cannot be one."""
    return named(names, key_of(values, names))


def named(names: Sequence[str], key: Sequence[Type]) -> Signature:
    """The signature with a symbol of its own for every size that is not 1."""
    mint = SymbolNames(names)
    return Signature(tuple((name, fresh_sizes(type_, name, mint)) for name, type_ in zip(names, key, strict=True)))


class SymbolNames:
    """Symbols that are all different, and different from what is taken."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = dict.fromkeys(taken)

    def __call__(self, wanted: str) -> Sym:
        """A symbol called `wanted`, or nearly so."""
        while wanted in self.taken:
            wanted += "_"
        self.taken[wanted] = None
        return Sym(wanted)


def fresh_sizes(type_: Type, path: str, mint: SymbolNames) -> Type:
    """The type with each anonymous size replaced by a symbol that is named after the path to it."""
    match type_:
        case Array(dtype, shape) if shape is not None:
            dims: list[Dim] = [mint(f"{path}{k}") if dim == _SOME else dim for k, dim in enumerate(shape)]
            return Array(dtype, tuple(dims))
        case Struct(kind, keys, items):
            parts = zip(keys, items, strict=True)
            return Struct(kind, keys, tuple(fresh_sizes(item, f"{path}_{_word(key)}", mint) for key, item in parts))
        case ListOf(item):
            return ListOf(fresh_sizes(item, f"{path}_k", mint))
    return type_


def _word(key: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in key)
