"""Zeros, sums over broadcast axes, casts, accumulation; the types of index operations and of merges.

>>> from adgen.ir.types import INT, show
>>> b = Builder()
>>> g = Value(Array("f8", (Sym("n"), Sym("m"))), "y_bar")
>>> bias = Value(Array("f8", (Sym("m"),)), "bias")
>>> s = unbroadcast(b, g, bias)
>>> b.ops[-1].name, b.ops[-1].attrs["statics"], show(s.type)
('np.sum', {'axis': 0}, 'f8[m]')
>>> v = Array("f8", (Sym("n"),))
>>> show(index_type(v, ("s110",), (INT, INT), (1, -1)))
'f8[n-2]'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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
    Sym,
    Type,
    Undef,
    Unknown,
    tangent,
)
from adgen.rules.apply import apply, content_of, literal
from adgen.rules.infer import broadcast, is_complex, known_not_one, plain, same_dim
from adgen.rules.masks import follow
from adgen.rules.rule import TypeProblem

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
def zeros_like(b: Builder, v: Value, hint: str = "") -> Value:
    """A zero of the value's tangent type; `0.0` for Python numbers."""
    type_ = tangent(content_of(v.type))
    if type_ is None:
        return b.const(None)
    if type_ in (FLOAT, COMPLEX) or (isinstance(type_, Array) and type_.shape == () and type_.dtype in ("f8", "c16")):
        return b.const(0.0)
    return b.emit("prim", "zeros_like", (v,), type_, hint, {"args": ("v",)})


def zero_among(b: Builder, v: Value, wanted: Type) -> Value:
    """A zero of the value's tangent type, where other paths give an array: an element is a number of NumPy's."""
    zero = zeros_like(b, v)
    if zero in b.constants and isinstance(wanted, Array) and wanted.shape != () and isinstance(v.type, Array):
        return apply(b, WIDE[v.type.dtype], (zero,))
    return zero


def cast(b: Builder, g: Value, like: Value) -> Value:
    """The same values in the dtype of `like` (the real part where it is real)."""
    source, target = plain(g.type), plain(like.type)
    if isinstance(source, Unknown) or not isinstance(target, (Array, Scalar)):
        return g
    if is_complex(source) and _is_real(target):
        g = apply(b, "attr.real" if isinstance(source, Scalar) else "np.real", (g,))
        source = plain(g.type)
    if not isinstance(target, Array) or target.dtype is None:
        return g
    if isinstance(source, Scalar):
        literal_or_wide = g in b.constants or target.dtype in ("f8", "c16")
        return g if literal_or_wide else apply(b, CONSTRUCTORS[target.dtype], (g,))
    if isinstance(source, Array) and source.dtype != target.dtype:
        out = b.emit("prim", "astype", (g,), Array(target.dtype, source.shape), "", _dtype(target.dtype))
        if g in b.masks:
            b.masks[out] = b.masks[g]
        return out
    return g


def _is_real(type_: Type) -> bool:
    return (
        isinstance(type_, Scalar)
        and type_.kind != "complex"
        or (isinstance(type_, Array) and type_.dtype is not None and type_.dtype[0] != "c")
    )


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


# indexing ------------------------------------------------------------------------------------------------------------
def index(b: Builder, x: Value, spec: Sequence[str], operands: Sequence[Value], hint: str = "") -> Value:
    """Emit x[spec] with its type."""
    type_ = index_type(x.type, spec, [value.type for value in operands], knowledge(b, operands))
    out = b.emit("index", "", (x, *operands), type_, hint, {"spec": tuple(spec)})
    follow(b, x, out)
    return out


def knowledge(b: Builder, operands: Sequence[Value]) -> list[object]:
    """What is known of index values: an int, a `Sym`, or None."""
    out: list[object] = []
    for value in operands:
        found = literal(b, value)
        if type(found) is not int:
            size = b.sizes.get(value)
            found = size[0] if size is not None and len(size) == 1 else None
        out.append(found)
    return out


def index_type(
    type_: Type, spec: Sequence[str], operand_types: Sequence[Type], known: Sequence[object] | None = None
) -> Type:
    """The type of x[spec]; `known` are the values of the operands where they are known (see `knowledge`)."""
    content = content_of(type_)
    values: list[object] = list(known) if known is not None else [None] * len(operand_types)
    if isinstance(content, (ListOf, Struct)):
        return _container_item(content, spec, values)
    if isinstance(content, Unknown):
        return UNKNOWN
    if isinstance(content, (Opaque, Static)):
        return Opaque("item")
    if not isinstance(content, Array):
        raise TypeProblem("a number is indexed", "index arrays, lists and tuples only")
    if content.shape is None:
        return Array(content.dtype, None)
    return Array(content.dtype, _indexed(content.shape, spec, [plain(t) for t in operand_types], values))


def _container_item(content: ListOf | Struct, spec: Sequence[str], values: list[object]) -> Type:
    if isinstance(content, ListOf):
        return content.item if spec[0] == "i" else content
    place = values[0] if spec[0] == "i" else None
    if type(place) is int:
        if not -len(content.items) <= place < len(content.items):
            raise TypeProblem(f"index {place} of a {content.kind} of {len(content.items)}", "correct the index")
        return content.items[place]
    if content.items and all(item == content.items[0] for item in content.items):
        return content.items[0] if spec[0] == "i" else ListOf(content.items[0])
    raise TypeProblem(f"a {content.kind} of different types is indexed by a value", "index it with a literal")


def _indexed(
    shape: tuple[Dim, ...], spec: Sequence[str], types: Sequence[Type], values: list[object]
) -> tuple[Dim, ...] | None:
    used = _axes_used(spec, types)
    if used > len(shape):
        raise TypeProblem(f"{used} indices for an array of rank {len(shape)}", "use as many as the array has axes")
    out: list[Dim] = []
    axis = operand = 0
    at = 0
    fancy: list[tuple[Dim, ...] | None] = []
    pieces = list(spec) if "..." in spec else [*spec, "..."]
    for piece in pieces:
        if piece == "n":
            out.append(1)
        elif piece == "...":
            keep = len(shape) - used
            out += shape[axis : axis + keep]
            axis += keep
        elif piece == "i":
            taken, dims = _fancy(types[operand])
            if dims != ():
                at = at if fancy else len(out)
                fancy.append(dims)
            operand, axis = operand + 1, axis + taken
        else:
            out.append(_sliced(shape[axis], piece, values[operand : operand + piece.count("1")]))
            operand, axis = operand + piece.count("1"), axis + 1
    return _with_fancy(out, at, fancy, pieces) if fancy else tuple(out)


def _with_fancy(
    out: list[Dim], at: int, fancy: list[tuple[Dim, ...] | None], pieces: Sequence[str]
) -> tuple[Dim, ...] | None:
    """Dimensions of array indices stand where the indices do, or first if these are apart."""
    block = broadcast(fancy)
    if block is None:
        return None
    places = [place for place, piece in enumerate(pieces) if piece == "i"]
    together = places == list(range(places[0], places[0] + len(places)))
    if not together:
        at = 0
    return (*out[:at], *block, *out[at:])


def _axes_used(spec: Sequence[str], types: Sequence[Type]) -> int:
    used = operand = 0
    for piece in spec:
        if piece == "i":
            used += _fancy(types[operand])[0]
            operand += 1
        elif piece[0] == "s":
            used += 1
            operand += piece.count("1")
    return used


def _fancy(type_: Type) -> tuple[int, tuple[Dim, ...] | None]:
    """Axes that an index consumes, and the shape it brings: none for an int."""
    match type_:
        case Array("b1", shape) if shape is not None and shape:
            return len(shape), (None,)
        case Array(_, shape):
            return 1, shape
        case ListOf():
            return 1, (None,)
        case Struct(_, _, items):
            return 1, (len(items),)
        case Static() | Unknown() | Opaque():
            raise TypeProblem("an index whose type is not known", "index with ints, slices and arrays of ints or bools")
        case Scalar("float" | "complex"):
            raise TypeProblem("an index that is a float", "convert it with int(..)")
    return 1, ()


def _sliced(dim: Dim, piece: str, values: Sequence[object]) -> Dim:
    """The dimension of a slice; `piece` says which of start, stop, step are given.

    >>> _sliced(Sym("n"), "s100", (2,)), _sliced(10, "s011", (8, 3)), _sliced(Sym("n"), "s001", (-1,))
    (Sym(name='n', offset=-2), 3, Sym(name='n', offset=0))
    """
    given = iter(values)
    defaults = zip(piece[1:], (0, "end", 1), strict=True)
    start, stop, step = (next(given) if flag == "1" else default for flag, default in defaults)
    if isinstance(dim, int):
        bounds = (None if piece[1] == "0" else start, None if stop == "end" else stop, step)
        if all(bound is None or type(bound) is int for bound in bounds) and _literal(piece, values):
            return len(range(*slice(*bounds).indices(dim)))
        return None
    if piece[1:3] == "00" and step in (1, -1):
        return dim
    if step != 1 or type(start) is not int or start < 0:
        return None
    if isinstance(dim, Sym):
        if stop == "end":
            return Sym(dim.name, dim.offset - start)
        if type(stop) is int and stop < 0:
            return Sym(dim.name, dim.offset - start + stop)
        # `x[a:n-k]`: a negative `n-k` counts from the end, which agrees with cutting off at zero only up to k = 2
        if isinstance(stop, Sym) and stop.name == dim.name and dim.offset == 0 and -2 <= stop.offset <= 0:
            return Sym(dim.name, stop.offset - start)
    return None


def _literal(piece: str, values: Sequence[object]) -> bool:
    return all(type(value) is int for value in values)
