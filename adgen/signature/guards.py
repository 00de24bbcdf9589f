"""The `if` lines of a generated file that keep its assumptions from being violated in silence.

>>> from adgen.signature.notation import parse
>>> for guard in guards(parse("u: f8[:, 1], n: int, x: float, w: {b: f8[m]}, log: None")):
...     print(guard.condition, "->", guard.error)
u.dtype != np.float64 or u.ndim != 2 -> TypeError
u.shape[0] == 1 or u.shape[1] != 1 -> ValueError
not isinstance(n, int) -> TypeError
not isinstance(x, (float, int)) -> TypeError
len(w) != 1 or w["b"].dtype != np.float64 or w["b"].ndim != 1 -> TypeError
w["b"].shape[0] == 1 -> ValueError
log is not None -> ValueError

Written only where a violation would give a wrong number: a list or a number in place of an array fails by itself
(it has no dtype), so does a missing key.  Callables known by value have no text, and are the dispatcher's business.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from adgen.ir.types import Array, ListOf, Scalar, Static, Struct, Sym, Type, Unknown
from adgen.signature.notation import show
from adgen.signature.values import Signature

MANY = 3  # neighbouring numbers that are tested in one line
_NUMBERS = {"float": "(float, int)", "int": "int", "complex": "(complex, float, int)"}
_DTYPES = {"f2": "float16", "f4": "float32", "f8": "float64", "c8": "complex64", "c16": "complex128", "b1": "bool_"}
_DTYPES |= {f"{c}{n}": f"{'u' if c == 'u' else ''}int{8 * n}" for c in "iu" for n in (1, 2, 4, 8)}
_DTYPES |= {"f12": "longdouble", "f16": "longdouble", "c24": "clongdouble", "c32": "clongdouble"}


class Guard(NamedTuple):
    """`if <condition>: raise <error>(<message>)`."""

    condition: str
    message: str
    error: str  # TypeError | ValueError


def guards(signature: Signature | Mapping[str, Type], params: Iterable[str] | None = None) -> list[Guard]:
    """The guards of the parameters in order; sizes that share a symbol must agree."""
    types = dict(signature.items) if isinstance(signature, Signature) else dict(signature)
    chosen = list(types) if params is None else [name for name in params if name in types]
    first: dict[str, str] = {}
    out: list[Guard] = []
    for names in _runs(chosen, types):
        type_ = types[names[0]]
        text = "a number or an array" if isinstance(type_, Unknown) else show(type_)
        if len(names) > 1 and isinstance(type_, Scalar):
            found = [("TypeError", [_all_numbers(names, _NUMBERS[type_.kind])])]
        else:
            found = _gathered(_conditions(names[0], type_, first))
        for error, conditions in found:
            out.append(Guard(" or ".join(conditions), f"{', '.join(names)}: this derivative takes {text}", error))
    return out


def _runs(names: Sequence[str], types: Mapping[str, Type]) -> list[list[str]]:
    """The names one by one, but neighbours that are numbers of one kind together, if they are many."""
    out: list[list[str]] = []
    for type_, run in groupby(names, lambda name: types[name]):
        found = list(run)
        many = isinstance(type_, Scalar) and type_.kind in _NUMBERS and len(found) >= MANY
        out += [found] if many else [[name] for name in found]
    return out


def _all_numbers(names: Sequence[str], classes: str) -> str:
    return f"not all(isinstance(number, {classes}) for number in ({', '.join(names)}))"


def _gathered(found: _Found) -> _Found:
    """Alternatives of one kind together: first what the argument is, which the tests of its sizes rely on."""
    out: dict[str, list[str]] = {"TypeError": []}
    for error, conditions in found:
        out.setdefault(error, []).extend(conditions)
    return [(error, conditions) for error, conditions in out.items() if conditions]


_Found = list[tuple[str, list[str]]]


def _conditions(at: str, type_: Type, first: dict[str, str]) -> _Found:
    """Pairs (error, alternatives); `first` tells where a symbol was met first."""
    match type_:
        case Array():
            return _array(at, type_, first)
        case Scalar(kind) if kind in _NUMBERS:
            return [("TypeError", [f"not isinstance({at}, {_NUMBERS[kind]})"])]
        case Unknown():
            vague = [f"isinstance({at}, (list, tuple))", f"np.iscomplexobj({at})"]  # `+` joins lists
            return [("TypeError", vague)]
        case Static(value):
            return _static(at, value)
        case ListOf(item):
            return _elements(at, item)
        case Struct(kind, keys, items):
            count = f"len({at}) != {len(keys)}"
            out: _Found = [] if kind.startswith("object:") else [("TypeError", [count])]
            for key, item in zip(keys, items, strict=True):
                out += _conditions(slot_text(at, kind, key), item, first)
            return out
    return []


def slot_text(at: str, kind: str, key: str) -> str:
    """A slot of a structure, as it is read."""
    if kind == "dict":
        text = key.replace("\\", "\\\\").replace('"', '\\"')
        return f'{at}["{text}"]' if key.isprintable() else f"{at}[{key!r}]"
    return f"{at}.{key}" if kind.startswith("object:") else f"{at}[{key}]"


def _static(at: str, value: object) -> _Found:
    if value is None:
        return [("ValueError", [f"{at} is not None"])]
    if isinstance(value, bool):
        return [("ValueError", [f"not {at}" if value else at])]
    if isinstance(value, enum.Enum):  # its repr is no expression
        return [("ValueError", [f"{at}.name != {value.name!r}"])]
    if isinstance(value, str):
        return [("ValueError", [f"{at} != {value!r}"])]
    return []


def _array(at: str, type_: Array, first: dict[str, str]) -> _Found:
    unlike = f"np.iscomplexobj({at})" if type_.dtype is None else f"{at}.dtype != np.{_DTYPES[type_.dtype]}"
    kinds = [unlike]
    if type_.shape is None:
        return [("TypeError", kinds)]
    kinds.append(f"{at}.ndim != {len(type_.shape)}")
    sizes = _sizes(at, type_, first)
    return [("TypeError", kinds)] + ([("ValueError", sizes)] if sizes else [])


def _sizes(at: str, type_: Array, first: dict[str, str]) -> list[str]:
    shape = type_.shape or ()
    symbols = [dim for dim in shape if isinstance(dim, Sym) and dim.offset == 0]
    together = len(shape) > 1 and len(symbols) == len(shape)
    out = [f"1 in {at}.shape"] if together else []
    for axis, dim in enumerate(shape):
        size = f"{at}.shape[{axis}]"
        if isinstance(dim, int):
            out.append(f"{size} != {dim}")
        elif isinstance(dim, Sym):
            if dim.offset == 0 and not together:
                out.append(f"{size} == 1")
            if dim.name in first:
                out.append(f"{size} != {_shifted(first[dim.name], dim.offset)}")
            elif dim.offset == 0:
                first[dim.name] = size
    return out


def _shifted(size: str, offset: int) -> str:
    if offset < 0:
        return f"max({size} - {-offset}, 0)"
    return f"{size} + {offset}" if offset else size


def _elements(at: str, item: Type) -> _Found:
    """One pass over a list for each kind of error; sizes may differ from element to element."""
    out: dict[str, list[str]] = {}
    name = "item" if not at.startswith("item") else at.split("[")[0].split(".")[0] + "_"
    for error, conditions in _conditions(name, item, {}):
        out.setdefault(error, []).extend(conditions)
    return [(error, [f"any({' or '.join(conditions)} for {name} in {at})"]) for error, conditions in out.items()]
