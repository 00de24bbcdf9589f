"""Objects that a derivative returns: what generated code makes as namespaces gets the classes of the user's program.

    return Pt(x * y, 2.0 * y)            types.SimpleNamespace(x=x * y, y=2.0 * y)       Pt(x=.., y=..)

Generated code imports no class.  The type of the function's result tells where in it objects are, and of which class;
the class is read by the way that the compiler found it, at each call, as every name of the program is.  No method of
the class is run: what `__init__` computes was computed by the generated code.

>>> from dataclasses import dataclass
>>> @dataclass(frozen=True)
... class Point:
...     x: float
>>> known = {"object:m:Point": Point}
>>> of_result([SimpleNamespace(x=1.0), None], ["each", ["object:m:Point", {}]], lambda: known, "f", True)
[Point(x=1.0), None]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from types import SimpleNamespace
from typing import Any

from adgen import trees
from adgen.errors import ArgumentError, InternalError
from adgen.signature import class_seen

Classes = Callable[[], Mapping[str, type]]
Places = Any  # plain JSON: [kind, places in the parts by name] | ["each", places in every item] | None: no object


def classes_of(found: Iterable[object]) -> dict[str, type]:
    """Classes by their kind (`object:<module>:<qualname>`)."""
    return {class_seen(cls): cls for cls in found if isinstance(cls, type)}


def of_result(value: Any, places: Places, classes: Classes, function: str, derived: bool) -> Any:
    """The result with objects of their classes, which are asked for if needed; `derived`: it carries a derivative.

    Raises ArgumentError where the class is not known, or cannot hold derivatives.
    """
    done = value if places is None else _Maker(classes, function, derived).made(value, places)
    if isinstance(done, SimpleNamespace) or any(isinstance(leaf, SimpleNamespace) for leaf in trees.leaves(done)):
        raise InternalError(f"the result of `{function}` holds an object without a class: a defect of adgen")
    return done


class _Maker:
    """What is made of one result: an object that stands in two places is made once."""

    def __init__(self, classes: Classes, function: str, derived: bool) -> None:
        self.classes, self.function, self.derived = classes, function, derived
        self.known: dict[int, tuple[Any, Any]] = {}  # what was there is kept: its id is not given again

    def made(self, value: Any, places: Places) -> Any:
        """The value with objects for namespaces; lists and dicts, which the generated code has made, stay the same."""
        if value is None or places is None:
            return value
        if id(value) not in self.known:
            self.known[id(value)] = (value, self._made(value, *places))
        return self.known[id(value)][1]

    def _made(self, value: Any, kind: str, inner: Any) -> Any:
        if isinstance(value, SimpleNamespace):
            parts = {name: self.made(part, inner.get(name)) for name, part in vars(value).items()}
            return self._object(kind, parts)
        if isinstance(value, (list, dict)):
            for key in range(len(value)) if isinstance(value, list) else list(value):
                new = self.made(value[key], inner if kind == "each" else inner.get(str(key)))
                if new is not value[key]:
                    value[key] = new
            return value
        if type(value) is tuple:
            inners = [inner if kind == "each" else inner.get(str(k)) for k in range(len(value))]
            return tuple(map(self.made, value, inners))
        if not kind.startswith("object:"):
            raise InternalError(f"`{self.function}` returned a {type(value).__name__} for a {kind}: a defect of adgen")
        self._check(value, [name for name in inner if name not in _fields(type(value))])
        parts = {name: self.made(getattr(value, name), places) for name, places in inner.items()}
        changed = {name: part for name, part in parts.items() if part is not getattr(value, name)}
        if changed and isinstance(value, tuple):
            return value._replace(**changed)  # type: ignore[attr-defined]
        for name, part in changed.items():
            object.__setattr__(value, name, part)
        return value

    def _object(self, kind: str, parts: Mapping[str, Any]) -> Any:
        """An object of the class that has these attributes."""
        classes = self.classes()
        cls = classes.get(kind)
        name = kind.rpartition(":")[2]
        what = f"the result of `{self.function}` holds an object of `{name}`"
        if cls is None:
            raise ArgumentError(f"{what}, a class that is not found: return its fields, or a class of your own")
        own = _fields(cls)
        if issubclass(cls, tuple) and hasattr(cls, "_make"):
            return cls._make([parts[name] for name in own])
        try:
            new: Any = object.__new__(cls)
        except TypeError as error:
            raise ArgumentError(f"{what}, which cannot be made ({error}): return its fields") from error
        for key, part in parts.items():
            object.__setattr__(new, key, part)
        missing = [key for key in own if not hasattr(new, key)]
        if missing:
            raise ArgumentError(f"{what} without a value of its field `{missing[0]}`: give it one")
        self._check(new, [key for key in parts if key not in own])
        return new

    def _check(self, made: Any, more: list[str]) -> None:
        """Attributes that are no fields have no place in derivatives."""
        smooth = [key for key in more if any(map(trees.is_smooth, trees.leaves(getattr(made, key))))]
        if self.derived and smooth:
            name = type(made).__name__
            raise ArgumentError(
                f"the result of `{self.function}` holds a {name}, whose attribute `{smooth[0]}` is no field: a "
                f"derivative of it has no place; make {name} a dataclass with that field, or return the attribute"
            )


def _fields(cls: type) -> tuple[str, ...]:
    if is_dataclass(cls):
        return tuple(field.name for field in fields(cls))
    return tuple(getattr(cls, "_fields", ())) if issubclass(cls, tuple) else ()
