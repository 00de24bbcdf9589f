"""Type inference: NumPy 2's promotion, broadcasting of symbolic dimensions, probing the real function.

>>> from adgen.ir.types import FLOAT, Array, Sym, show
>>> n, m = Sym("n"), Sym("m")
>>> show(ufunc_type("multiply", (Array("f4", (n, m)), FLOAT)))
'f4[n, m]'
>>> show(ufunc_type("add", (Array("f4", (n, m)), Array("f8", (m,)))))
'f8[n, m]'
>>> show(ufunc_type("add", (Array("f8", (Sym("n", -2),)), Array("f8", (Sym("n", -1),)))))
'f8[?]'
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from adgen.ir.types import (
    BOOL,
    FLOAT,
    INT,
    UNKNOWN,
    Array,
    Dim,
    ListOf,
    Opaque,
    Ref,
    Scalar,
    Static,
    Struct,
    Sym,
    Type,
    Undef,
    Unknown,
    show,
)
from adgen.rules.rule import Facts, TypeProblem

Shape = tuple[Dim, ...] | None

PYTHON: dict[str, type] = {"bool": bool, "int": int, "float": float, "complex": complex}
_DEFAULT = {"bool": "b1", "int": "i8", "float": "f8", "complex": "c16"}
_KINDS = {kind: name for name, kind in PYTHON.items()}
_RANK = {"bool": 0, "int": 1, "float": 2, "complex": 3}


# numbers of a call ---------------------------------------------------------------------------------------------------
def as_content(type_: Type) -> Type:
    """The content behind a reference; lists of numbers count as the arrays that NumPy makes of them."""
    type_ = plain(type_)
    return listed(type_) if isinstance(type_, (ListOf, Struct)) else type_


def as_array(type_: Type) -> Type:
    """What `np.asarray` makes of an operand: a Python number is a float64 then, beside a float32 array too."""
    return strong(as_content(type_))


def plain(type_: Type) -> Type:
    """The content behind a reference; a static number is a number."""
    if isinstance(type_, Ref):
        type_ = type_.content
    if isinstance(type_, Static) and type(type_.value) in _KINDS:
        return Scalar(_KINDS[type(type_.value)])
    return type_


def listed(type_: Type) -> Type:
    """The array that `np.asarray` makes of a list or tuple."""
    if isinstance(type_, Struct) and type_.kind in ("tuple", "list"):
        if not type_.items:
            return Array("f8", (0,))
        parts = [listed(item) for item in type_.items]
        count: Dim = len(parts)
    elif isinstance(type_, ListOf):
        parts, count = [listed(type_.item)], None
    else:
        return type_.content if isinstance(type_, Ref) else type_
    if any(isinstance(part, Unknown) for part in parts):
        return Array(None, None)
    if not all(isinstance(part, (Array, Scalar)) for part in parts):
        return type_
    shapes = [shape_of(part) for part in parts]
    if any(shape is None for shape in shapes):
        return Array(promote([strong(part) for part in parts]), None)
    if len({len(shape) for shape in shapes if shape is not None}) != 1:
        raise TypeProblem("a list of arrays of different rank", "give all elements the same shape")
    dims = tuple(_same_dims(column) for column in zip(*(shape for shape in shapes if shape is not None), strict=True))
    return Array(promote([strong(part) for part in parts]), (count, *dims))


def strong(type_: Type) -> Type:
    """In a list a Python number counts as what NumPy makes of it: beside a float32 it makes the array a float64."""
    return Array(promote([type_]), ()) if isinstance(type_, Scalar) else type_


def _same_dims(dims: Sequence[Dim]) -> Dim:
    """One dimension of elements that must agree."""
    for dim in dims:
        if known_not_one(dim):
            return dim
    return dims[0] if all(dim == dims[0] for dim in dims) else next((d for d in dims if isinstance(d, int)), None)


def shape_of(type_: Type) -> Shape:
    """The shape of an array or number; None where the rank is not known."""
    type_ = as_content(type_)
    if isinstance(type_, Array):
        return type_.shape
    return () if isinstance(type_, Scalar) else None


def rank_of(type_: Type) -> int | None:
    """The rank of an array or number."""
    shape = shape_of(type_)
    return None if shape is None else len(shape)


def dtype_of(type_: Type) -> str | None:
    """The dtype code of an array, or the one that a Python number has by default."""
    type_ = as_content(type_)
    if isinstance(type_, Array):
        return type_.dtype
    return _DEFAULT[type_.kind] if isinstance(type_, Scalar) else None


def is_complex(type_: Type) -> bool:
    """Whether values are complex numbers."""
    return (dtype_of(type_) or "f")[0] == "c"


def code(dtype: object) -> str:
    """The code of anything that NumPy takes as a dtype.

    >>> code(np.float32), code(float), code("int64")
    ('f4', 'f8', 'i8')
    """
    return np.dtype(dtype).str[1:]  # type: ignore[call-overload, no-any-return]


def promote(types: Sequence[Type]) -> str | None:
    """The common dtype; Python numbers are weak."""
    arrays = [type_.dtype for type_ in types if isinstance(type_, Array)]
    _refuse_vague_complex(types)
    if not all(isinstance(type_, (Array, Scalar)) for type_ in types) or None in arrays:
        return None
    scalars = [PYTHON[type_.kind](0) for type_ in types if isinstance(type_, Scalar)]
    if not arrays:
        return code(np.result_type(*(np.dtype(type(value)) for value in scalars))) if scalars else None
    return code(np.result_type(*(np.dtype(text) for text in arrays), *scalars))


def _refuse_vague_complex(types: Sequence[Type]) -> None:
    """What is not known to be complex is taken to be real: it cannot be joined with complex numbers."""
    vague = any(isinstance(t, Unknown) or (isinstance(t, Array) and t.dtype is None) for t in types)
    if vague and any(is_complex(type_) for type_ in types):
        raise TypeProblem(
            "complex numbers with an argument whose dtype is not known", "give the types of the arguments"
        )


@cache
def _ufunc_dtype(name: str, codes: tuple[object, ...]) -> str | None:
    ufunc = getattr(np, name)
    try:
        found = ufunc.resolve_dtypes((*codes, *(None,) * ufunc.nout))
    except TypeError:
        return None
    return code(found[-1])


def ufunc_dtype(name: str, types: Sequence[Type]) -> str | None:
    """The dtype of a ufunc's result; None where an operand's is not known and decides."""
    arrays = [np.dtype(t.dtype) for t in types if isinstance(t, Array) and t.dtype is not None]
    unknown = any(not isinstance(t, (Array, Scalar)) or (isinstance(t, Array) and t.dtype is None) for t in types)
    _refuse_vague_complex(types)
    if unknown:
        guess = _ufunc_dtype(name, tuple(np.dtype("f8") for _ in types))
        return guess if guess == "b1" else None
    if name == "power" and all(isinstance(t, Scalar) or (isinstance(t, Array) and t.dtype == "b1") for t in types):
        return (
            None if arrays else "i8" if all(t in (INT, BOOL) for t in types) else "f8"
        )  # flags have rules of their own
    codes: list[object] = []
    for type_ in types:
        if isinstance(type_, Array):
            codes.append(np.dtype(type_.dtype))
        else:
            assert isinstance(type_, Scalar)
            weak = arrays and type_.kind != "bool"
            codes.append(PYTHON[type_.kind] if weak else np.dtype(_DEFAULT[type_.kind]))
    found = _ufunc_dtype(name, tuple(codes))
    if found is None:
        shown = ", ".join(str(c) for c in codes)
        raise TypeProblem(f"`np.{name}` does not take operands of dtype {shown}", "convert the operands")
    return found


# dimensions ----------------------------------------------------------------------------------------------------------
def known_not_one(dim: Dim) -> bool:
    """Whether a dimension is proven to differ from 1."""
    return dim != 1 if isinstance(dim, int) else isinstance(dim, Sym) and dim.offset == 0


def broadcast_dim(a: Dim, b: Dim) -> Dim:
    """The dimension of a broadcast result; two that are proven not 1 are equal if the program runs."""
    if a == b or b == 1:
        return a
    if a == 1:
        return b
    if isinstance(a, int) or isinstance(b, int):
        if isinstance(a, int) and isinstance(b, int):
            raise TypeProblem(f"dimensions {a} and {b} do not broadcast", "make the shapes agree")
        return a if isinstance(a, int) else b
    if known_not_one(a):
        return a
    return b if known_not_one(b) else None


def broadcast(shapes: Sequence[Shape]) -> Shape:
    """The broadcast shape; None where a rank is not known.

    >>> broadcast([(Sym("n"), 1), (Sym("m"),)])
    (Sym(name='n', offset=0), Sym(name='m', offset=0))
    """
    if any(shape is None for shape in shapes):
        return None
    known = [shape for shape in shapes if shape is not None]
    rank = max((len(shape) for shape in known), default=0)
    out: list[Dim] = [1] * rank
    for shape in known:
        for place, dim in enumerate(shape, rank - len(shape)):
            out[place] = broadcast_dim(out[place], dim)
    return tuple(out)


def same_dim(a: Dim, b: Dim) -> bool | None:
    """Whether two dimensions of arrays that are combined are equal; None if types do not decide."""
    if a is None or b is None:
        return None
    if a == b:
        return True
    if isinstance(a, int) and isinstance(b, int):
        return False
    if known_not_one(a) and known_not_one(b):
        return True
    if (a == 1 and known_not_one(b)) or (b == 1 and known_not_one(a)):
        return False
    return None


def ufunc_type(name: str, types: Sequence[Type]) -> Type:
    """The type of a ufunc's result: an array, of rank 0 for numbers."""
    contents = [as_content(type_) for type_ in types]
    for content in contents:
        if isinstance(content, (Static, Undef)) and not isinstance(getattr(content, "value", None), str):
            raise TypeProblem(f"`np.{name}` does not take {show(content)}", "pass a number or an array")
    if any(isinstance(content, (Opaque, Struct, ListOf, Static)) for content in contents):
        return Opaque(f"result of {name}")
    boolean = ufunc_dtype(name, contents) == "b1"
    if any(isinstance(content, Unknown) for content in contents):
        return Array("b1", None) if boolean else UNKNOWN
    return Array(ufunc_dtype(name, contents), broadcast([shape_of(content) for content in contents]))


# Python's operators --------------------------------------------------------------------------------------------------
def python_kind(name: str, kinds: Sequence[str]) -> str:
    """The kind of Python number that an operator makes of Python numbers."""
    top = max(kinds, key=_RANK.__getitem__)
    if name in ("lt", "le", "gt", "ge", "eq", "ne", "not", "is", "is_not", "in", "not_in"):
        return "bool"
    if name in ("bitand", "bitor", "bitxor") and top == "bool":
        return "bool"
    if name == "div":
        return "complex" if top == "complex" else "float"
    return "int" if top == "bool" else top


UFUNCS = {
    "add": "add",
    "sub": "subtract",
    "mul": "multiply",
    "div": "divide",
    "floordiv": "floor_divide",
    "mod": "remainder",
    "pow": "power",
    "neg": "negative",
    "pos": "positive",
    "invert": "invert",
    "lt": "less",
    "le": "less_equal",
    "gt": "greater",
    "ge": "greater_equal",
    "eq": "equal",
    "ne": "not_equal",
    "lshift": "left_shift",
    "rshift": "right_shift",
    "bitand": "bitwise_and",
    "bitor": "bitwise_or",
    "bitxor": "bitwise_xor",
}


def operator_type(name: str, facts: Facts) -> Type:
    """The type of a Python operator's result."""
    types = [plain(type_) for type_ in facts.types]
    if all(isinstance(type_, Scalar) for type_ in types):
        kind = python_kind(name, [type_.kind for type_ in types if isinstance(type_, Scalar)])
        exponent = facts.statics.get("b")
        if name == "pow" and kind == "int" and isinstance(exponent, int) and exponent < 0:
            return FLOAT
        return Scalar(kind)
    if name in ("lt", "le", "gt", "ge", "eq", "ne") and not any(isinstance(t, (Array, Unknown)) for t in types):
        return BOOL
    special = _container_type(name, types)
    return special if special is not None else ufunc_type(UFUNCS[name], types)


def _container_type(name: str, types: Sequence[Type]) -> Type | None:
    """Operators on lists, tuples and statics, as far as they are known."""
    if any(isinstance(type_, Opaque) for type_ in types):
        return Opaque(f"result of {name}")
    if all(isinstance(type_, Static) for type_ in types):
        return Opaque(f"result of {name}")
    match (name, *types):
        case ("add", Struct(kind, _, left), Struct(other, _, right)) if kind == other and kind in ("tuple", "list"):
            items = left + right
            return Struct(kind, tuple(str(i) for i in range(len(items))), items)
        case ("add", ListOf(left_item), ListOf(right_item)) if left_item == right_item:
            return ListOf(left_item)
        case ("mul", ListOf(item), Scalar()) | ("mul", Scalar(), ListOf(item)):
            return ListOf(item)
        case ("mul", Struct("list", _, items), Scalar()) if items and all(item == items[0] for item in items):
            return ListOf(items[0])
        case ("mod", Static(), _):
            return Opaque("str")
    if all(isinstance(type_, (Struct, ListOf, Static)) for type_ in types):
        raise TypeProblem(f"the operator `{name}` on {show(types[0])}", "use arrays for arithmetic")
    return None


# reductions ----------------------------------------------------------------------------------------------------------
def axes_of(axis: object, rank: int, name: str = "") -> tuple[int, ...]:
    """The axes as non-negative numbers, in order.

    >>> axes_of(-1, 3), axes_of(None, 2), axes_of((1, 0), 2)
    ((2,), (0, 1), (0, 1))
    """
    if axis is None:
        return tuple(range(rank))
    given = axis if isinstance(axis, (tuple, list)) else (axis,)
    out: list[int] = []
    for number in given:
        if not isinstance(number, int) or not -rank <= number < rank:
            raise TypeProblem(f"`{name}` has no axis {number} in an array of rank {rank}", "correct the axis")
        out.append(number % rank)
    return tuple(sorted(out))


def reduced_shape(shape: tuple[Dim, ...], axis: object, keepdims: bool, name: str = "") -> tuple[Dim, ...]:
    """The shape after a reduction."""
    axes = axes_of(axis, len(shape), name)
    if keepdims:
        return tuple(1 if place in axes else dim for place, dim in enumerate(shape))
    return tuple(dim for place, dim in enumerate(shape) if place not in axes)


# constant results ----------------------------------------------------------------------------------------------------
def integer(facts: Facts) -> Type:
    """An int, always."""
    return INT


def boolean(facts: Facts) -> Type:
    """A bool, always."""
    return BOOL


def floating(facts: Facts) -> Type:
    """A Python float, always."""
    return FLOAT
