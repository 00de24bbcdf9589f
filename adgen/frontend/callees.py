"""Functions that stay functions of the program: what is known of each, and what tells one from another.

    power(x, n), power(x, n - 1)            one callee: the arguments are of the same kinds
    total(x[0], 1)  with x a matrix         another one than total(x, 2): a line is no matrix

A callee is told by its function and by the *skeleton* of its arguments: functions, statics and structures by
identity, arrays by dtype and rank, numbers as numbers.  Sizes and numbers' kinds do not count; they are joined over all
calls.

>>> from adgen.ir.types import FLOAT, INT, Array
>>> skeleton(Value(FLOAT, "x")) == skeleton(Value(INT, "n")), skeleton(Value(Array("f8", (3,)))) == skeleton(Value(INT))
(True, False)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from adgen.errors import Diagnostic
from adgen.frontend.bindings import Captured, FunctionSource, Known, Module, UserClass, UserFunction
from adgen.frontend.lower_things import (
    Closure,
    Derived,
    Group,
    Method,
    Partial,
    Poison,
    Thing,
    Tool,
    content_type,
    type_of,
)
from adgen.ir.core import Func, Value
from adgen.ir.types import Array, ListOf, Opaque, Scalar, Static, Struct, Type, is_number

Key = tuple[object, ...]
VARIES = object()  # the literal of an argument that is not the same in all calls


@dataclass(eq=False)
class Given:
    """What a callee is given under one name: the thing as of the last call, and what all calls have in common."""

    name: str
    thing: Thing
    skeleton: Key
    types: list[Type]  # of the values that it is made of
    literals: list[object]  # their values where all calls give the same integer or flag, else VARIES
    written: bool = False  # an array that the callee writes to
    ways: dict[tuple[object, int], None] = field(default_factory=dict)  # how the frame that has it is reached


@dataclass(eq=False)
class Callee:
    """One function with arguments of certain kinds."""

    name: str
    function: UserFunction | Closure
    source: FunctionSource
    given: dict[Key, Given] = field(default_factory=dict)
    bound: dict[str, Thing] = field(default_factory=dict)
    learnt: object = None  # what the passes over its body have found out
    result: Type | None = None  # None: nothing is known yet
    fresh: bool = True  # the result shares no memory with what it is given
    returns: Given | None = None  # what is given is what it returns, on every path
    wanted: dict[Key, None] = field(default_factory=dict)  # lists of known elements that it changes
    func: Func | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def in_order(self) -> list[tuple[Key, Given]]:
        """What it is given, in the order of its parameters: captured values come last."""
        return sorted(self.given.items(), key=lambda pair: pair[0][0] == "route")

    @property
    def written(self) -> list[Given]:
        """The arrays that it writes to, in order: their new contents are handed back."""
        return [one for one in self.given.values() if one.written]


@dataclass
class Callees:
    """All callees of the program, and which calls are found to be recursive."""

    recursive: dict[Key, None] = field(default_factory=dict)
    made: dict[Key, Callee] = field(default_factory=dict)
    routes: dict[object, Captured] = field(default_factory=dict)  # captured values that callees read
    changed: bool = False  # since the round began
    sizes: dict[str, object] = field(default_factory=dict)  # names that sizes are called by, and whose they are


def values_of(thing: Thing) -> list[Value | Group]:
    """The values that must be passed for a thing: not statics, not functions."""
    match thing:
        case Value(type=Static()):
            return []
        case Value():
            return [thing]
        case Group():
            return [thing] if packed(thing) else [v for item in thing.items for v in values_of(item)]
    return [v for part in parts_of(thing) for v in values_of(part)]


def packed(group: Group) -> bool:
    """Whether a structure is passed as one value: it is made of values, not all of them known."""
    inner = [item for item in group.items if not (isinstance(item, Group) and packed(item))]
    plain = all(isinstance(item, Value) for item in inner)
    return plain and any(not isinstance(item, Value) or not isinstance(item.type, Static) for item in group.items)


def parts_of(thing: Thing) -> Sequence[Thing]:
    """What a function with arguments of its own is made of."""
    match thing:
        case Partial(function, args, keywords):
            return (function, *args, *keywords.values())
        case Method(receiver, _):
            return (receiver,)
        case Closure(_, _, defaults):
            return tuple(defaults.values())
        case Derived(function):
            return (function,)
    return ()


def rebuilt(thing: Thing, values: Iterator[Thing], static: Callable[[object], Value]) -> Thing:
    """The same thing, made of other values; statics are made anew."""

    def again(part: Thing) -> Thing:
        return rebuilt(part, values, static)

    match thing:
        case Value(type=Static(value)):
            return static(value)
        case Value():
            return next(values)
        case Group(name, keys, items):
            return next(values) if packed(thing) else Group(name, keys, tuple(map(again, items)))
        case Partial(function, args, keywords):
            return Partial(again(function), tuple(map(again, args)), {key: again(v) for key, v in keywords.items()})
        case Method(receiver, name):
            return Method(again(receiver), name)
        case Closure(node, frame, defaults) if defaults:
            return Closure(node, frame, {key: again(value) for key, value in defaults.items()})
        case Derived(function, mode, wrt, has_aux):
            return Derived(again(function), mode, wrt, has_aux)
    return thing


def closures_of(thing: Thing) -> Iterator[Closure]:
    """The nested functions in a thing, in order."""
    if isinstance(thing, Closure):
        yield thing
    for part in thing.items if isinstance(thing, Group) else parts_of(thing):
        yield from closures_of(part)


# skeletons -----------------------------------------------------------------------------------------------------------
def skeleton(thing: Thing) -> Key:
    """What two things must have in common to be arguments of one callee."""
    match thing:
        case Value():
            return kind(content_type(thing.type))
        case Group() if packed(thing):
            return kind(content_type(type_of(thing)))
        case Group(name, keys, items):
            return (name, keys, *(skeleton(item) for item in items))
        case Closure(node):
            return ("closure", node, *(skeleton(part) for part in parts_of(thing)))
        case UserFunction(source):
            return ("function", *source.identity)
        case Known(name) | Module(name) | Tool(name):
            return (type(thing).__name__, name)
        case UserClass():
            return ("class", thing.type_kind)
        case Partial(_, args, keywords):
            return ("partial", len(args), *keywords, *(skeleton(part) for part in parts_of(thing)))
        case Method(_, name):
            return ("method", name, *(skeleton(part) for part in parts_of(thing)))
        case Derived(_, mode, wrt, has_aux):
            return ("derived", mode, wrt, has_aux, *(skeleton(part) for part in parts_of(thing)))
        case Poison():
            return ("poison",)
    return ("thing", id(thing))


def kind(type_: Type) -> Key:
    """What of a type tells callees apart."""
    if is_number(type_) and type_ != Scalar("bool"):
        return ("number",)
    match type_:
        case Scalar(name):
            return (name,)
        case Array(dtype, shape):
            return ("array", dtype, None if shape is None else len(shape))
        case Struct(name, keys, items):
            return (name, keys, *(kind(item) for item in items))
        case ListOf(item):
            return ("list of", *kind(item))
        case Static(value):
            return ("static", type(value).__name__, id(value) if callable(value) else repr(value))
        case Opaque(what):
            return ("opaque", what)
    return (type(type_).__name__,)
