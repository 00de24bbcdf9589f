"""Zeros, sums over broadcast axes, casts, accumulation; the types of merges.

>>> from adgen.ir.types import Sym, show
>>> b = Builder()
>>> g = Value(Array("f8", (Sym("n"), Sym("m"))), "y_bar")
>>> bias = Value(Array("f8", (Sym("m"),)), "bias")
>>> s = unbroadcast(b, g, bias)
>>> b.ops[-1].name, b.ops[-1].attrs["statics"], show(s.type)
('np.sum', {'axis': 0}, 'f8[m]')
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from adgen.ir.build import Builder
from adgen.ir.core import Value
from adgen.ir.types import (
    COMPLEX,
    FLOAT,
    NONE,
    UNKNOWN,
    Array,
    Dim,
    ListOf,
    Opaque,
    Scalar,
    Static,
    Struct,
    Type,
    Undef,
    Unknown,
    tangent,
)
from adgen.rules.apply import apply, content_of
from adgen.rules.indexing import index as index
from adgen.rules.indexing import index_type as index_type
from adgen.rules.indexing import knowledge as knowledge
from adgen.rules.infer import is_complex, known_not_one, plain, same_dim
from adgen.rules.masks import follow

WIDE = {"f8": "np.float64", "c16": "np.complex128", None: "np.float64"}
CONSTRUCTORS = {"f2": "np.float16", "f4": "np.float32", "c8": "np.complex64"}
_NUMBERS = ("bool", "int", "float", "complex")


# comparisons of types ------------------------------------------------------------------------------------------------
def same_shape(t1: Type, t2: Type) -> bool | None:
    """Whether two contents have one shape; None where types do not decide."""
    one, two = plain(t1), plain(t2)
    if isinstance(one, Scalar) and isinstance(two, Scalar):
        return True
    left, right = _shape(one), _shape(two)
    if left is None or right is None:
        return None
    if len(left) != len(right):
        return False
    parts = [same_dim(a, b) for a, b in zip(left, right, strict=True)]
    return False if False in parts else None if None in parts else True


def _shape(type_: Type) -> tuple[Dim, ...] | None:
    if isinstance(type_, Array):
        return type_.shape
    return () if isinstance(type_, Scalar) else None


def is_scalar(type_: Type) -> bool:
    """Whether values are known to be single numbers."""
    return _shape(plain(type_)) == ()


def join(t1: Type, t2: Type) -> Type | None:
    """The type of a number, array or key that comes from either of two places; None if there is none.

    >>> join(Scalar("int"), FLOAT) == FLOAT, join(Array("f8", (3,)), Array("f8", (4,)))
    (True, Array(dtype='f8', shape=(None,)))
    """
    if t1 == t2:
        return t1
    match t1, t2:
        case (Undef(), other) | (other, Undef()):
            return other
        case Scalar(one), Scalar(two):
            return Scalar(max(one, two, key=_NUMBERS.index))
        case Array(), Array():
            return _join_arrays(t1, t2)
        case (Array("b1", ()), Scalar("int")) | (Scalar("int"), Array("b1", ())):  # `x[0] > 1.0 or n`
            return Array("i8", ())
        case (Array(dtype, shape) as array, Scalar(kind)) | (Scalar(kind), Array(dtype, shape) as array):
            same = shape == () and (dtype is None or (dtype[0] in "fc") or kind in ("bool", "int"))
            if same and kind == "complex" and dtype is not None and dtype[0] != "c":
                return Array("c16", ()) if dtype == "f8" else None
            if same and dtype in ("f2", "f4"):  # beside a float64 a Python number is weak, a float32 is not
                return Array(None, ())
            return array if same else None
        case (Unknown(), Scalar() | Array() as other) | (Scalar() | Array() as other, Unknown()):
            return None if _kind(other) == "c" else UNKNOWN
        case Struct(), Struct():
            return _join_structs(t1, t2)
        case (Static(), Static()) | (Opaque(), Static() | Opaque()) | (Static(), Opaque()):
            return Opaque("one of several values")
        case (Opaque("flag"), Scalar("bool") | Array("b1", ())) | (Scalar("bool") | Array("b1", ()), Opaque("flag")):
            return Opaque("flag")
        case (Static(bool()), Scalar("bool")) | (Scalar("bool"), Static(bool())):
            return Scalar("bool")
    return None


def _kind(type_: Scalar | Array) -> str:
    """The letter of the kind of numbers: c for complex ones."""
    return type_.kind[0] if isinstance(type_, Scalar) else (type_.dtype or "?")[0]


def _join_arrays(t1: Array, t2: Array) -> Type | None:
    if t1.dtype != t2.dtype and "c" in (_kind(t1), _kind(t2)):
        number = t1.shape == t2.shape == ()  # an array that is complex on some paths only has no formulas
        return Array("c16", ()) if number and {t1.dtype, t2.dtype} == {"f8", "c16"} else None
    dtype = t1.dtype if t1.dtype == t2.dtype else None
    if t1.shape is None or t2.shape is None or len(t1.shape) != len(t2.shape):
        return Array(dtype, None)
    return Array(dtype, tuple(a if a == b else None for a, b in zip(t1.shape, t2.shape, strict=True)))


def _join_structs(t1: Struct, t2: Struct) -> Type | None:
    if t1.kind == t2.kind and t1.keys == t2.keys:
        parts = [join(a, b) for a, b in zip(t1.items, t2.items, strict=True)]
        if all(part is not None for part in parts):
            return replace(t1, items=tuple(part for part in parts if part is not None))
    return None


# zeros, casts, sums --------------------------------------------------------------------------------------------------
def zeros_like(b: Builder, v: Value, hint: str = "", whole: bool = False) -> Value:
    """A zero of the value's tangent type; `0.0` for Python numbers; `whole`: the value may be an array of integers."""
    type_ = tangent(content_of(v.type))
    if type_ is None:
        return b.const(None)
    if type_ in (FLOAT, COMPLEX) or (isinstance(type_, Array) and type_.shape == () and type_.dtype in ("f8", "c16")):
        return b.const(0.0)
    if whole and isinstance(type_, Array):
        kind = np.dtype(type_.dtype or "f8").type
        return apply(b, "np.zeros_like", (v, b.const(kind, f"np.{kind.__name__}")), ("a", "dtype"), hint)
    return b.emit("prim", "zeros_like", (v,), type_, hint, {"args": ("v",)})


def zero_among(b: Builder, v: Value, wanted: Type) -> Value:
    """A zero of the value's tangent type, where other paths give an array: an element is a number of NumPy's."""
    zero = zeros_like(b, v)
    if zero in b.constants and isinstance(wanted, Array) and wanted.shape != () and isinstance(v.type, Array):
        return apply(b, WIDE[v.type.dtype], (zero,))
    return zero


def cast(b: Builder, g: Value, like: Value) -> Value:
    """The same values in the dtype of `like` (the real part where that is not known to be complex)."""
    source, target = plain(g.type), plain(like.type)
    if isinstance(source, Unknown) or not isinstance(target, (Array, Scalar)):
        return g
    if is_complex(source) and not is_complex(target):
        g = apply(b, "attr.real" if isinstance(source, Scalar) else "np.real", (g,))
        source = plain(g.type)
    if not isinstance(target, Array) or target.dtype is None:
        return g
    if isinstance(source, Scalar):
        literal_or_wide = g in b.constants or target.dtype in ("f8", "c16")
        if not literal_or_wide and target.dtype not in CONSTRUCTORS:  # of more digits than Python's
            kind = np.dtype(target.dtype).type
            return apply(b, "np.positive", (g, b.const(kind, f"np.{kind.__name__}")), ("x", "dtype"))
        return g if literal_or_wide else apply(b, CONSTRUCTORS[target.dtype], (g,))
    if isinstance(source, Array) and source.shape == () and source.dtype is None and target.dtype in CONSTRUCTORS:
        return apply(b, CONSTRUCTORS[target.dtype], (g,))  # it may be a number of Python
    if isinstance(source, Array) and source.dtype != target.dtype:
        out = b.emit("prim", "astype", (g,), Array(target.dtype, source.shape), "", _dtype(target.dtype))
        if g in b.masks:
            b.masks[out] = b.masks[g]
        return out
    return g


def _dtype(dtype: str) -> dict[str, object]:
    return {"args": ("x",), "dtype": dtype, "statics": {"dtype": dtype}}


def unbroadcast(b: Builder, g: Value, like: Value) -> Value:
    """Sum `g` over the axes along which `like` was broadcast to its shape."""
    source, target = _shape(plain(g.type)), _shape(plain(like.type))
    if same_shape(g.type, like.type):
        return g
    if target == ():
        return g if source == () else apply(b, "np.sum", (g,))
    if source is None or target is None:
        return _helper(b, g, like)
    lead = len(source) - len(target)
    if lead < 0:
        return expand(b, g, like)
    ones: list[int] = []
    for place, (have, want) in enumerate(zip(source[lead:], target, strict=True)):
        if want == 1 and have != 1:
            ones.append(place)
        elif have != 1 and not known_not_one(want) and not same_dim(have, want):
            return _helper(b, g, like)
    if lead:
        g = apply(b, "np.sum", (g, axis_value(b, range(lead))), ("a", "axis"))
    if ones:
        g = apply(b, "np.sum", (g, axis_value(b, ones), b.const(True)), ("a", "axis", "keepdims"))
    return g


def _helper(b: Builder, g: Value, like: Value) -> Value:
    source, target = plain(g.type), plain(like.type)
    type_: Type = UNKNOWN
    if isinstance(target, Array):
        own = target.dtype is None or target.dtype[0] in "fc"  # the helper casts
        type_ = Array(source.dtype if isinstance(source, Array) and not own else target.dtype, target.shape)
    out = b.emit("prim", "unbroadcast", (g, like), type_, "", {"args": ("g", "like")})
    follow(b, g, out)
    return out


def axis_value(b: Builder, axes: Sequence[int]) -> Value:
    """A literal for some axes: a number for one, a tuple for several."""
    numbers = tuple(axes)
    return b.const(numbers[0] if len(numbers) == 1 else numbers)


def expand(b: Builder, v: Value, like: Value) -> Value:
    """Repeat a value to the shape of `like` (nothing where the shapes are proven equal)."""
    target = plain(like.type)
    if same_shape(v.type, like.type) or isinstance(target, Scalar):
        return v
    if is_scalar(v.type) and isinstance(target, Array) and target.shape is not None:
        if b.constants.get(v) in (0.0, 1.0) and type(b.constants.get(v)) is float:
            return apply(b, "np.zeros_like" if b.constants[v] == 0.0 else "np.ones_like", (like,))
        if isinstance(plain(v.type), Scalar) and target.dtype not in (None, "f8"):
            return apply(b, "np.full_like", (like, v))
        return apply(b, "np.broadcast_to", (v, apply(b, "attr.shape", (like,))))
    if is_scalar(v.type) and not is_scalar(target):
        return apply(b, "np.full_like", (like, v))  # a number or an array: known only at run time
    return apply(b, "np.broadcast_to", (v, apply(b, "attr.shape", (like,))))


def add(b: Builder, x: Value, y: Value, hint: str = "") -> Value:
    """The sum of two adjoints or tangents: structures slot by slot, lists element by element."""
    one, two = content_of(x.type), content_of(y.type)
    if one == NONE or two == NONE:
        return y if one == NONE else x
    if isinstance(one, Struct) and isinstance(two, Struct):
        items = [add(b, b.item(x, k), b.item(y, k)) for k in range(len(one.items))]
        return b.pack(replace(one, items=tuple(item.type for item in items)), items, hint)
    if isinstance(one, ListOf):
        return b.emit("prim", "add_lists", (x, y), one, hint, {"args": ("a", "b")})
    return apply(b, "add", (x, y), hint=hint)
