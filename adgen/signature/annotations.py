"""What an annotation says of a parameter, read as text: nothing is evaluated or imported.

>>> from adgen.ir.types import show
>>> [show(from_annotation(a)) for a in ("float", "np.ndarray", 'Float64[np.ndarray, "n d"]', "NDArray[np.float32]")]
['float', '?[...]', 'f8[n, d]', 'f4[...]']
>>> show(from_annotation("list[tuple[float, int]]")), show(from_annotation(None)), show(from_annotation("float | None"))
Traceback (most recent call last):
adgen.errors.ArgumentError: the annotation `float | None` allows several kinds; say which with --types

An annotation that says nothing about the kind (`Any`, none at all) gives `Unknown`.  One that says something that has
no type here (`dict`: which keys?) is refused, with the advice to use `--types`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from adgen.errors import ArgumentError
from adgen.ir.types import NONE, UNKNOWN, Array, Dim, ListOf, Opaque, Scalar, Static, Struct, Sym, Type
from adgen.signature.tokens import Reader

Classes = Callable[[str], Type | None]


@dataclass(frozen=True)
class _Term:
    """`head[args]`; kind name, string, number, dots, list (`[..]`) or union (`args` are its members)."""

    kind: str
    head: str
    args: tuple[_Term, ...] = ()

    @property
    def last(self) -> str:
        return self.head.rsplit(".", 1)[-1]


def from_annotation(text: str | None, classes: Classes = lambda name: None) -> Type:
    """The type that an annotation tells; `classes` gives the types of the user's own dataclasses by name."""
    if text is None:
        return UNKNOWN
    try:
        term = _parse(text)
    except ArgumentError:
        raise _unclear(text, "cannot be read") from None
    return _Meaning(text, classes).of(term)


def _unclear(text: str, why: str) -> ArgumentError:
    return ArgumentError(f"the annotation `{text}` {why}; say which with --types")


def _parse(text: str) -> _Term:
    reader = Reader(text)
    term = _union(reader)
    if reader.word.kind != "end":
        reader.fail("the end is expected")
    if term.kind == "string":
        return _parse(term.head)
    return term


def _union(reader: Reader) -> _Term:
    members = [_one(reader)]
    while reader.accept("|"):
        members.append(_one(reader))
    return members[0] if len(members) == 1 else _Term("union", "|", tuple(members))


def _one(reader: Reader) -> _Term:
    word = reader.next()
    if word.text == "[":
        return _Term("list", "", _arguments(reader, "]"))
    if word.text == "(":
        return _Term("list", "", _arguments(reader, ")"))
    if word.text == "-" and reader.word.kind == "number":
        return _Term("number", "-" + reader.next().text)
    if word.kind in ("string", "number", "dots"):
        return _Term(word.kind, word.text[1:-1] if word.kind == "string" else word.text)
    if word.kind != "name":
        reader.fail("a type is expected", word)
    return _Term("name", word.text, _arguments(reader, "]") if reader.accept("[") else ())


def _arguments(reader: Reader, end: str) -> tuple[_Term, ...]:
    out = []
    while not reader.accept(end):
        out.append(_union(reader))
        if reader.word.text != end:
            reader.expect(",")
    return tuple(out)


_DTYPES = {"float64": "f8", "double": "f8", "float32": "f4", "single": "f4", "float16": "f2", "half": "f2"}
_DTYPES |= {"complex128": "c16", "complex64": "c8", "bool_": "b1", "bool": "b1", "float": "f8", "int": "i8"}
_DTYPES |= {f"{sign}int{8 * size}": f"{sign or 'i'}{size}" for sign in ("", "u") for size in (1, 2, 4, 8)}
_DTYPES |= {"complex": "c16", "int_": "i8", "intp": "i8"}
_ANY_DTYPE = ("floating", "inexact", "number", "generic", "Any", "complexfloating")
_JAXTYPING = {"Float": None, "Float64": "f8", "Float32": "f4", "Float16": "f2", "Inexact": None, "Real": None}
_JAXTYPING |= {"Complex": "c16", "Complex128": "c16", "Complex64": "c8", "Num": None, "Shaped": None, "Bool": "b1"}
_JAXTYPING |= {"Int": "i8", "Integer": "i8", "Int64": "i8", "Int32": "i4", "Int16": "i2", "Int8": "i1"}
_JAXTYPING |= {"UInt8": "u1", "UInt16": "u2", "UInt32": "u4", "UInt64": "u8"}
_SPARSE = re.compile(r"(csr|csc|coo|dia|bsr|lil|dok)_(matrix|array)|spmatrix|sparray")  # of scipy.sparse
_LISTS = ("list", "List")
_SEQUENCES = ("Sequence", "Iterable", "Collection", "MutableSequence")


class _Meaning:
    """The type of a term; refuses with the whole annotation."""

    def __init__(self, text: str, classes: Classes) -> None:
        self.text, self.classes = text, classes

    def of(self, term: _Term) -> Type:
        """The type of any term."""
        if term.kind == "union":
            return self.union(term.args)
        if term.kind == "string":
            return self.of(_parse(term.head))
        if term.kind != "name":
            raise _unclear(self.text, "is no type")
        plain = self.plain(term) if not term.args else None
        return plain if plain is not None else self.subscripted(term)

    def plain(self, term: _Term) -> Type | None:
        """A name without arguments."""
        if term.head in ("float", "int", "bool", "complex"):
            return Scalar(term.head)
        match term.last:
            case "None":
                return NONE
            case "str" | "range":
                return Opaque(term.last)
            case "Any" | "object" | "ArrayLike":
                return UNKNOWN
            case "ndarray" | "NDArray":
                return Array(None, None)
            case "Generator" | "RandomState" if "random" in term.head or "." not in term.head:
                return Opaque(f"np.random.{term.last}")
            case _ if _SPARSE.fullmatch(term.last):
                return Opaque("scipy.sparse")
        if "." in term.head and term.last in _DTYPES:
            return Array(_DTYPES[term.last], ())
        if "." in term.head and term.last in _ANY_DTYPE:
            return Array(None, ())
        return self.classes(term.head)

    def subscripted(self, term: _Term) -> Type:
        """`head[args]`."""
        args = term.args
        if term.last in _LISTS and len(args) == 1:
            return ListOf(self.of(args[0]))
        if term.last in ("tuple", "Tuple") and args and all(arg.kind != "dots" for arg in args):
            return Struct("tuple", tuple(str(k) for k in range(len(args))), tuple(self.of(arg) for arg in args))
        if term.last in ("Annotated", "Final", "Required") and args:
            return self.of(args[0])
        if term.last == "Literal" and len(args) == 1:
            return self.literal(args[0])
        if term.last in ("Union", "Optional") and args:
            return self.union(args + ((_Term("name", "None"),) if term.last == "Optional" else ()))
        if term.last == "NDArray" and len(args) == 1:
            return Array(self.dtype(args[0]), None)
        if term.last == "ndarray" and len(args) == 2:
            return Array(self.dtype(args[1]), self.rank(args[0]))
        if term.last in _JAXTYPING and len(args) == 2:
            return self.jaxtyping(term)
        return self.refuse(term)

    def refuse(self, term: _Term) -> Type:
        """The reason why a name has no type."""
        why = {"dict": "does not tell the keys", "Dict": "does not tell the keys", "Mapping": "does not tell the keys"}
        why |= {"tuple": "does not tell how many items", "Tuple": "does not tell how many items"}
        why |= {name: "does not tell the items" for name in _LISTS}
        why |= {name: "does not tell whether it is a list or a tuple" for name in _SEQUENCES}
        raise _unclear(self.text, why.get(term.last, f"names `{term.head}`, of which nothing is known"))

    def union(self, members: tuple[_Term, ...]) -> Type:
        """Several kinds are only one where they are a float or a float array."""
        types = [self.of(member) for member in members]
        if all(type_ == types[0] for type_ in types):
            return types[0]
        if all(_number(type_) for type_ in types):
            return UNKNOWN
        raise _unclear(self.text, "allows several kinds")

    def literal(self, term: _Term) -> Type:
        """`Literal["a"]`, `Literal[True]`."""
        if term.kind == "string":
            return Static(term.head)
        if term.head in ("True", "False", "None"):
            return Static({"True": True, "False": False, "None": None}[term.head])
        if term.kind == "number":
            return Scalar("int")
        raise _unclear(self.text, "is no literal")

    def dtype(self, term: _Term) -> str | None:
        """`np.float64`, `np.dtype[np.float64]`."""
        if term.last == "dtype" and len(term.args) == 1:
            return self.dtype(term.args[0])
        if term.last in _DTYPES:
            return _DTYPES[term.last]
        if term.last in _ANY_DTYPE:
            return None
        raise _unclear(self.text, f"has the dtype `{term.head}`, which cannot be differentiated")

    def rank(self, term: _Term) -> tuple[Dim, ...] | None:
        """`tuple[int, int]` of `np.ndarray[tuple[int, int], ..]`."""
        if term.last != "tuple" or not term.args or any(arg.kind == "dots" for arg in term.args):
            return None
        return (None,) * len(term.args)

    def jaxtyping(self, term: _Term) -> Type:
        """`Float[np.ndarray, "n 3 n-1 ..."]`."""
        holder, sizes = term.args
        if sizes.kind != "string":
            raise _unclear(self.text, "does not tell its sizes as text")
        if holder.head in ("float", "int", "bool", "complex") and not sizes.head.strip():
            return Scalar(holder.head)
        if holder.last not in ("ndarray", "NDArray", "Array"):
            raise _unclear(self.text, f"names `{holder.head}`, which is no NumPy array")
        words = sizes.head.split()
        if any(word == "..." or word.startswith("*") for word in words):
            return Array(_JAXTYPING[term.last], None)
        return Array(_JAXTYPING[term.last], tuple(_size(word) for word in words))


def _size(word: str) -> Dim:
    word = word.split("=")[-1]
    match = re.fullmatch(r"(?P<name>[A-Za-z]\w*)(?P<offset>[+-]\d+)?", word)
    if match:
        return Sym(match["name"], int(match["offset"] or 0))
    return int(word) if word.isdigit() else None


def _number(type_: Type) -> bool:
    return type_ == UNKNOWN or isinstance(type_, (Scalar, Array))
