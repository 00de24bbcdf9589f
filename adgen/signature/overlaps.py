"""Guards against arguments that share memory where one is written to: what is written to its copy would not be seen.

    def f(x, y):          if np.shares_memory(x, y):
        x[0] = 2.0            raise ValueError("x is written to, and shares memory with y: pass a copy")
        return x @ y

>>> from adgen.signature.notation import parse
>>> overlaps(["x"], parse("x: f8[n], ys: list[f8[n]], c: float"))[0].condition
'any(np.shares_memory(x, item) for item in ys)'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adgen.ir.types import Array, ListOf, Struct, Type, Unknown
from adgen.signature.guards import Guard, slot_text


def overlaps(written: Iterable[str], types: Mapping[str, Type]) -> list[Guard]:
    """One guard for each pair of a written argument and another that may share its memory, each pair once.

    An argument is written in a place that is not its own if it shares memory with another.  Lists and structures stand
    for all arrays in them; a written one is also compared with itself.
    """
    names = list(dict.fromkeys(written))
    out: list[Guard] = []
    for place, name in enumerate(names):
        own = _within(name, types[name])
        if own:
            message = f"{name} is written to, and arrays in it share memory: pass copies"
            out.append(Guard(" or ".join(own), message, "ValueError"))
        for other in types:
            if other == name or other in names[:place]:
                continue
            conditions = _between(name, types[name], other, types[other], "item")
            if conditions:
                message = f"{name} is written to, and shares memory with {other}: pass a copy"
                out.append(Guard(" or ".join(conditions), message, "ValueError"))
    return out


def same_objects(changed: Iterable[tuple[str, tuple[int, ...]]], types: Mapping[str, Type]) -> list[Guard]:
    """Guards against a second argument, or part of one, that is the object which is changed.

    `changed` names arguments, and by slots their parts, whose fields or keys are written to.

    >>> from adgen.signature.notation import parse
    >>> same_objects([("p", ())], parse("p: {w: float}, q: {w: float}, qs: list[{w: float}]"))[1].condition
    'any(item is p for item in qs)'
    """
    out: list[Guard] = []
    for name, slots in changed:
        at, type_ = name, types[name]
        for slot in slots:
            if not isinstance(type_, Struct):
                break
            at, type_ = slot_text(at, type_.kind, type_.keys[slot]), type_.items[slot]
        if not isinstance(type_, Struct):
            continue
        for other, its in types.items():
            found = [text for text in _same(at, type_.kind, other, its, "item") if text != f"{at} is {at}"]
            if found:
                message = f"{at} is changed, and {other} holds the same object: pass a copy"
                out.append(Guard(" or ".join(found), message, "ValueError"))
    return out


def same_lists(changed: Iterable[str], types: Mapping[str, Type]) -> list[Guard]:
    """Guards against a changed list that is another argument, is in one, or holds one object twice.

    >>> from adgen.signature.notation import parse
    >>> [guard.condition for guard in same_lists(["a"], parse("a: list[float], b: list[float]"))]
    ['b is a']
    """
    out: list[Guard] = []
    for name in dict.fromkeys(changed):
        changed_type = types[name]
        if not isinstance(changed_type, ListOf):
            continue
        rows = isinstance(changed_type.item, ListOf)
        row = next(word for word in ("row", "row_", "row__", "row___") if word not in types)
        for other, its in types.items():
            found = [text for text in _lists(name, other, its, "item") if text != f"{name} is {name}"]
            if rows and other != name:
                found += [f"any({text} for {row} in {name})" for text in _lists(row, other, its, "item")]
            if found:
                message = f"{name} is changed, and {other} holds the same list: pass a copy"
                out.append(Guard(" or ".join(found), message, "ValueError"))
        inner = types[name]
        if isinstance(inner, ListOf) and isinstance(inner.item, Struct) and inner.item.kind != "tuple":
            message = f"{name} is changed, and holds one object twice: pass copies"
            text = f"any(one is other for k, one in enumerate({name}) for other in {name}[:k])"
            out.append(Guard(text, message, "ValueError"))
    return out


def no_arrays(names: Iterable[str], types: Mapping[str, Type]) -> list[Guard]:
    """Guards against arrays without axes, which `op=` changes under all their names, in place of numbers.

    >>> from adgen.signature.notation import parse
    >>> no_arrays(["k"], parse("k: f8[]"))[0].condition
    'isinstance(k, np.ndarray)'
    """
    out: list[Guard] = []
    for name in names:
        conditions = _without_axes(name, types[name], "item")
        message = f"{name}: `op=` would change an array without axes under all of its names: pass a number"
        out += [Guard(" or ".join(conditions), message, "TypeError")] if conditions else []
    return out


def _without_axes(at: str, type_: Type, item: str) -> list[str]:
    """Conditions, any of which says that there is an array without axes."""
    match type_:
        case Array(_, ()):
            return [f"isinstance({at}, np.ndarray)"]
        case ListOf(inner):
            found = _without_axes(item, inner, item + "_")
            return [f"any({' or '.join(found)} for {item} in {at})"] if found else []
        case Struct(kind, keys, items):
            parts = [(slot_text(at, kind, key), inner) for key, inner in zip(keys, items, strict=True)]
            return [text for part, inner in parts for text in _without_axes(part, inner, item)]
    return []


def _lists(at: str, other: str, type_: Type, item: str) -> list[str]:
    """Conditions, any of which says that a list is there."""
    if isinstance(type_, ListOf):
        found = _lists(at, item, type_.item, item + "_")
        return [f"{other} is {at}", *([f"any({' or '.join(found)} for {item} in {other})"] if found else [])]
    if not isinstance(type_, Struct):
        return []
    parts = [(slot_text(other, type_.kind, key), inner) for key, inner in zip(type_.keys, type_.items, strict=True)]
    return [text for part, inner in parts for text in _lists(at, part, inner, item)]


def _same(at: str, kind: str, other: str, type_: Type, item: str) -> list[str]:
    """Conditions, any of which says that an object of a kind is there."""
    if isinstance(type_, ListOf):
        found = _same(at, kind, item, type_.item, item + "_")
        return [f"any({' or '.join(found)} for {item} in {other})"] if found else []
    if not isinstance(type_, Struct):
        return []
    out = [f"{other} is {at}"] if type_.kind == kind else []
    for key, inner in zip(type_.keys, type_.items, strict=True):
        out += _same(at, kind, slot_text(other, type_.kind, key), inner, item)
    return out


def _between(at: str, one: Type, at2: str, two: Type, item: str) -> list[str]:
    """Conditions, any of which says that two arguments share memory."""
    match one, two:
        case ListOf(inner), _:
            found = _between(item, inner, at2, two, item + "_")
            return [f"any({' or '.join(found)} for {item} in {at})"] if found else []
        case _, ListOf(inner):
            found = _between(at, one, item, inner, item + "_")
            return [f"any({' or '.join(found)} for {item} in {at2})"] if found else []
        case Struct(kind, keys, items), _:
            parts = [(slot_text(at, kind, key), inner) for key, inner in zip(keys, items, strict=True)]
            return [text for part, inner in parts for text in _between(part, inner, at2, two, item)]
        case _, Struct(kind, keys, items):
            parts = [(slot_text(at2, kind, key), inner) for key, inner in zip(keys, items, strict=True)]
            return [text for part, inner in parts for text in _between(at, one, part, inner, item)]
        case (Array() | Unknown()), (Array() | Unknown()):
            return [f"np.shares_memory({at}, {at2})"]
    return []


def _within(at: str, type_: Type) -> list[str]:
    """Conditions, any of which says that two arrays of one argument share memory."""
    if isinstance(type_, ListOf):
        found = _between("one", type_.item, "other", type_.item, "item")
        inside = _within("item", type_.item)
        out = [f"any({' or '.join(found)} for k, one in enumerate({at}) for other in {at}[:k])"] if found else []
        return out + ([f"any({' or '.join(inside)} for item in {at})"] if inside else [])
    if not isinstance(type_, Struct):
        return []
    parts = [(slot_text(at, type_.kind, key), item) for key, item in zip(type_.keys, type_.items, strict=True)]
    out = [text for part, item in parts for text in _within(part, item)]
    for k, (part, item) in enumerate(parts):
        out += [text for other, its in parts[:k] for text in _between(other, its, part, item, "item")]
    return out
