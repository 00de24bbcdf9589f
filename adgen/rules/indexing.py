"""The types of index operations.

>>> from adgen.ir.types import INT, Sym, show
>>> v = Array("f8", (Sym("n"),))
>>> show(index_type(v, ("s110",), (INT, INT), (1, -1)))
'f8[n-2]'
"""

from __future__ import annotations

from collections.abc import Sequence

from adgen.ir.build import Builder
from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, ListOf, Opaque, Scalar, Static, Struct, Sym, Type, Unknown
from adgen.rules.apply import content_of, literal
from adgen.rules.infer import broadcast, plain
from adgen.rules.masks import follow
from adgen.rules.rule import TypeProblem


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
