"""The notation of `--types`, both ways.

>>> types = parse("u: f8[:], a: f4[n, n-1], c: f8[?, 1], x: float, p: [(f8[n], int), {w: f8[]}], mode: 'fast'")
>>> show(Signature.of(types))
"u: f8[u0], a: f4[n, n-1], c: f8[?, 1], x: float, p: [(f8[n], int), {w: f8[]}], mode: 'fast'"

    scalars     float int bool complex; None True False 'text' (known by value); str (any text)
    arrays      f8[:, 3]  sizes: `:` not 1, `1`, `3`, `n` and `n-1` (symbols), `?` not known;  f8[] rank 0;
                f8[...] of unknown rank; `?[n]` of unknown dtype
    unknown     ?   a float or a float array
    containers  list[T]   (T, T)   [T, T]   {w: T, "b c": T}   package.module:Class(field: T)

A symbol means one size in the whole text, except inside `list[..]`, where each element has its own.
"""

from __future__ import annotations

import re

from adgen.errors import ArgumentError
from adgen.ir.types import (
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
)
from adgen.ir.types import show as show_plain
from adgen.signature.tokens import Reader, Token
from adgen.signature.values import Signature, SymbolNames, fresh_sizes

_SCALARS = {"float": "float", "int": "int", "bool": "bool", "complex": "complex"}
_STATIC = {"None": NONE, "True": Static(True), "False": Static(False)}
_OPAQUE = ("str", "range", "np.random.Generator", "np.random.RandomState", "scipy.sparse")
_DTYPE = re.compile(r"f(2|4|8|12|16)|c(8|16|24|32)|[iu](1|2|4|8)|b1")
_NAMED_DTYPES = {"float64": "f8", "float32": "f4", "float16": "f2", "complex128": "c16", "complex64": "c8"}
_NAMED_DTYPES |= {"int64": "i8", "int32": "i4", "bool_": "b1"}


def parse(text: str) -> dict[str, Type]:
    """The types by parameter's name; raises ArgumentError with the column of what is wrong."""
    reader = Reader(text)
    out: dict[str, Type] = {}
    while reader.word.kind != "end":
        name = _identifier(reader, "a parameter's name")
        if name.text in out:
            reader.fail(f"`{name.text}` is given twice", name)
        reader.expect(":")
        out[name.text] = _type(reader)
        if reader.word.kind != "end":
            reader.expect(",")
    mint = SymbolNames([word.text for word in reader.words if word.kind == "name"])
    whole = {name: fresh_sizes(type_, name, mint) for name, type_ in out.items()}
    taken: dict[str, None] = {}
    for type_ in whole.values():
        _collect(type_, taken)
    return {name: _local(type_, taken, mint) for name, type_ in whole.items()}


def _collect(type_: Type, taken: dict[str, None]) -> None:
    """The symbols outside lists."""
    match type_:
        case Array(_, shape):
            taken.update({dim.name: None for dim in shape or () if isinstance(dim, Sym)})
        case Struct(_, _, items):
            for item in items:
                _collect(item, taken)


def _local(type_: Type, taken: dict[str, None], mint: SymbolNames) -> Type:
    """The type with the symbols of each list being its own: one that is taken already gets another name."""
    match type_:
        case Struct(kind, keys, items):
            return Struct(kind, keys, tuple(_local(item, taken, mint) for item in items))
        case ListOf(item):
            names: dict[str, str] = {}
            renamed = ListOf(_renamed(item, names, taken, mint))
            taken.update({name: None for name in names.values()})
            return renamed
    return type_


def _renamed(type_: Type, names: dict[str, str], taken: dict[str, None], mint: SymbolNames) -> Type:
    match type_:
        case Array(dtype, shape) if shape is not None:
            dims: list[Dim] = []
            for dim in shape:
                if isinstance(dim, Sym):
                    if dim.name not in names:
                        names[dim.name] = mint(dim.name).name if dim.name in taken else dim.name
                    dim = Sym(names[dim.name], dim.offset)
                dims.append(dim)
            return Array(dtype, tuple(dims))
        case Struct(kind, keys, items):
            return Struct(kind, keys, tuple(_renamed(item, names, taken, mint) for item in items))
        case ListOf(item):
            return ListOf(_renamed(item, names, taken, mint))
    return type_


def parse_type(text: str) -> Type:
    """One type on its own; its `:` sizes are anonymous.

    >>> parse_type("list[f8[:]]")
    ListOf(item=Array(dtype='f8', shape=(Sym(name='_', offset=0),)))
    """
    reader = Reader(text)
    type_ = _type(reader)
    if reader.word.kind != "end":
        reader.fail("the end is expected")
    return type_


def _identifier(reader: Reader, what: str) -> Token:
    word = reader.next()
    if word.kind != "name" or "." in word.text:
        reader.fail(f"{what} is expected", word)
    return word


def _type(reader: Reader) -> Type:
    word = reader.next()
    if word.kind == "string":
        return Static(_unquote(word.text))
    match word.text:
        case "?":
            return _array(reader, None) if reader.word.text == "[" else UNKNOWN
        case "(":
            return _sequence(reader, "tuple", ")")
        case "[":
            return _sequence(reader, "list", "]")
        case "{":
            return _fields(reader, "dict", "}")
        case "list":
            reader.expect("[")
            item = _type(reader)
            reader.expect("]")
            return ListOf(item)
    if word.kind == "name":
        return _name(reader, word)
    reader.fail("a type is expected", word)


def _name(reader: Reader, word: Token) -> Type:
    if word.text in _SCALARS:
        return Scalar(_SCALARS[word.text])
    if word.text in _STATIC:
        return _STATIC[word.text]
    if word.text in _OPAQUE:
        return Opaque(word.text)
    if _DTYPE.fullmatch(word.text):
        if reader.word.text != "[":
            reader.fail(f"`{word.text}` needs its sizes, such as {word.text}[:] or {word.text}[]", word)
        return _array(reader, word.text)
    if reader.word.text == ":":
        reader.next()
        qualname = reader.next()
        reader.expect("(")
        return _fields(reader, f"object:{word.text}:{qualname.text}", ")")
    last = word.text.rsplit(".", 1)[-1]
    if last in _NAMED_DTYPES:
        reader.fail(f"`{word.text}` is written {_NAMED_DTYPES[last]}, as in {_NAMED_DTYPES[last]}[:]", word)
    reader.fail(f"`{word.text}` is no type; types are float, int, f8[:], list[..], (.., ..), {{w: ..}}", word)


def _array(reader: Reader, dtype: str | None) -> Array:
    reader.expect("[")
    if reader.accept("..."):
        reader.expect("]")
        return Array(dtype, None)
    shape: list[Dim] = []
    while not reader.accept("]"):
        shape.append(_dim(reader))
        if reader.word.text != "]":
            reader.expect(",")
    return Array(dtype, tuple(shape))


def _dim(reader: Reader) -> Dim:
    word = reader.next()
    if word.text == ":":
        return Sym("_")
    if word.text == "?":
        return None
    if word.kind == "number":
        return int(word.text)
    if word.kind != "name" or "." in word.text:
        reader.fail("a size (`:`, `?`, a number, a symbol) is expected", word)
    if reader.word.text not in ("+", "-"):
        return Sym(word.text)
    sign = reader.next().text
    if reader.word.kind != "number":
        reader.fail("a number is expected")
    return Sym(word.text, int(sign + reader.next().text))


def _sequence(reader: Reader, kind: str, end: str) -> Struct:
    items: list[Type] = []
    while not reader.accept(end):
        items.append(_type(reader))
        if reader.word.text != end:
            reader.expect(",")
        elif kind == "tuple" and len(items) == 1 and reader.words[reader.at - 1].text != ",":
            reader.fail("`,` is expected (a tuple of one is written `(T,)`)")
    return Struct(kind, tuple(str(k) for k in range(len(items))), tuple(items))


def _fields(reader: Reader, kind: str, end: str) -> Struct:
    items: dict[str, Type] = {}
    while not reader.accept(end):
        key = reader.next()
        if key.kind not in ("name", "string"):
            reader.fail("a key is expected", key)
        name = _unquote(key.text) if key.kind == "string" else key.text
        reader.expect(":")
        items[name] = _type(reader)
        if reader.word.text != end:
            reader.expect(",")
    return Struct(kind, tuple(items), tuple(items.values()))


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def _unquote(text: str) -> str:
    return re.sub(r"\\(x(..)|u(....)|U(........)|.)", _unescape, text[1:-1], flags=re.DOTALL)


def _unescape(match: re.Match[str]) -> str:
    digits = match.group(2) or match.group(3) or match.group(4)
    if digits:
        return chr(int(digits, 16))
    return _ESCAPES.get(match.group(1), match.group(1))


# ---- the other way ---------------------------------------------------------------------------------------------------


def show(what: Signature | Type) -> str:
    """A signature or a type as text that `parse` reads again (functions and dtypes known by value excepted)."""
    if isinstance(what, Signature):
        return ", ".join(f"{name}: {show(type_)}" for name, type_ in what.items)
    match what:
        case Struct("tuple", _, items):
            return "(" + ", ".join(map(show, items)) + ("," if len(items) == 1 else "") + ")"
        case Struct("list", _, items):
            return "[" + ", ".join(map(show, items)) + "]"
        case Struct(kind, keys, items):
            inner = ", ".join(f"{_key(key)}: {show(item)}" for key, item in zip(keys, items, strict=True))
            return "{" + inner + "}" if kind == "dict" else f"{kind.removeprefix('object:')}({inner})"
        case ListOf(item):
            return f"list[{show(item)}]"
        case Static(value):
            return repr(value) if value is None or isinstance(value, (str, bool)) else _told(value)
    return show_plain(what)


def _key(key: str) -> str:
    return key if key.isidentifier() else repr(key)


def _told(value: object) -> str:
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    return f"<{name}>" if name else f"<{value}>"


__all__ = ["ArgumentError", "parse", "parse_type", "show"]
