"""What a name can stand for while a function is lowered: SSA values, Python structures of them, functions.

>>> from adgen.ir.types import FLOAT, show
>>> pair = Group("tuple", ("0", "1"), (Value(FLOAT, "a"), Value(FLOAT, "b")))
>>> show(type_of(pair)), [value.hint for value in leaves_of(pair)]
('(float, float)', ['a', 'b'])

Tuples, fixed lists, dicts with constant keys and dataclasses made by the program are `Group`s: they dissolve into
their parts, and are packed only where one value is needed.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from adgen.frontend.bindings import Captured, Derivative, Instance, Known, Missing, Module, UserClass, UserFunction
from adgen.ir.core import Value
from adgen.ir.types import BOOL, UNDEF, UNKNOWN, Array, DictOf, ListOf, Ref, Scalar, Static, Struct, Type
from adgen.rules import shapes
from adgen.rules.keys import TEXT, joined_key

if TYPE_CHECKING:
    from adgen.frontend.lower_memory import Root
    from adgen.frontend.lower_state import Frame

Site = tuple[object, ...]
LIST_METHODS = "append pop extend copy insert remove clear index count sort reverse appendleft popleft".split()
ARRAY_METHODS = ("fill", "sort", "resize", "partition", "put", "itemset", "setfield", "byteswap", "setflags")
SET_METHODS = "add update remove discard clear copy isdisjoint union intersection difference".split()
SET_METHODS += ["symmetric_difference", "issubset", "issuperset"]
DICT_METHODS = ("items", "keys", "values", "get", "copy", "update", "pop", "setdefault", "clear")
PRESENT = "present"  # marks a value that is neither None nor unbound
OF_DICTS = frozenset("in not_in len bool not dict_keys".split())  # what may be asked of a dict with computed keys
NONE_TOLD = frozenset("eq ne not is is_not in not_in and or bool".split())  # what says something of None
# functions that fail for None, or say that it is no number
NONE_FAILS = frozenset(
    "add sub mul div floordiv mod pow matmul neg pos invert lt le gt ge eq ne not is is_not in not_in"
    " and or abs min max len int float bool lshift rshift bitand bitor bitxor".split()
)


@dataclass(frozen=True, eq=False)
class Group:
    """A structure made by the program; `site` is where a list display stands (it is memory if it is changed)."""

    kind: str
    keys: tuple[str, ...]
    items: tuple[Thing, ...]
    site: Site | None = None


@dataclass(frozen=True, eq=False)
class Obj:
    """An object or dict that is changed: its parts are names of the frame (lower_heap)."""

    number: str
    kind: str
    label: str
    site: Site
    root: Root


@dataclass(frozen=True)
class Keys:
    """The names of the parts of a changed object, in order: what its entry ` keys @n` stands for."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Super:
    """`super()` in a method: an object, and the classes that are searched, in order."""

    receiver: Thing
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Closure:
    """A nested function or lambda: it sees the names of the frame it was made in, as they are when it is called."""

    node: ast.FunctionDef | ast.Lambda
    frame: Frame
    defaults: Mapping[str, Thing] = field(compare=False)


@dataclass(frozen=True, eq=False)
class Method:
    """A method that was looked up, not yet called."""

    receiver: Thing
    name: str


@dataclass(frozen=True, eq=False)
class Derived:
    """`adgen.grad(function)` made by the program: not yet called."""

    function: Thing
    mode: str
    wrt: int | str | tuple[int | str, ...]
    has_aux: bool


@dataclass(frozen=True)
class Tool:
    """`_replace` or `_asdict` of a named tuple."""

    name: str


@dataclass(frozen=True, eq=False)
class Partial:
    """`functools.partial(function, *args, **keywords)`."""

    function: Thing
    args: tuple[Thing, ...]
    keywords: Mapping[str, Thing]


@dataclass(frozen=True, eq=False)
class Text:
    """Text made of inactive values: an f-string; pieces of Python text (braces doubled), and places of operands."""

    pieces: tuple[str | int, ...]
    operands: tuple[Value, ...]

    def template(self, first: int = 0) -> str:
        """Python text with `{0}`, `{1}` .. for the operands, counted from `first`."""
        return "".join(p if isinstance(p, str) else "{" + str(p + first) + "}" for p in self.pieces)


@dataclass(frozen=True, eq=False)
class Poison:
    """Stands for what was refused: whatever is done with it is poison again, without a second message."""


@dataclass(frozen=True, eq=False)
class Iteration:
    """Something to iterate over: all elements if they are known one by one, else a count and an element for an index.

    `bounds` are start, stop, step if it is a range; `reads` counts the leading reads of an element; `index_at` says
    where in the loop's target the index itself stands; `memories` are what is read meanwhile; `again`
    computes the elements anew, where a loop's body may change what is not reached yet; `sees` are the names that a
    generator sees.
    """

    elements: tuple[Thing, ...] | None = None
    count: Callable[[], Value] | None = None
    element: Callable[[Value, ast.expr | None], Thing] | None = None
    bounds: tuple[Value, Value, Value] | None = None
    backwards: bool = False
    reads: int = 0
    index_at: tuple[int, ...] | None = None
    memories: tuple[tuple[Value, Site], ...] = ()
    sees: tuple[str, ...] = ()
    again: Callable[[], tuple[Thing, ...]] | None = None

    def index_name(self, target: ast.expr) -> str:
        """The name that the loop's target gives to the index."""
        if self.index_at is None:
            return ""
        for place in self.index_at:
            if not isinstance(target, ast.Tuple | ast.List) or place >= len(target.elts):
                return ""
            target = target.elts[place]
        return name_of(target)


def name_of(target: ast.expr | None) -> str:
    """The name that a target is, if it is one."""
    return spoken(target.id) if isinstance(target, ast.Name) else ""


def spoken(name: str) -> str:
    """The name as a hint: of what is no name of the text (` p_w @3.w`) the word that it begins with."""
    return name.strip().partition(" ")[0]


def part_of(target: ast.expr | None, place: int) -> ast.expr | None:
    """A part of a target that is a tuple of plain parts."""
    if isinstance(target, ast.Tuple | ast.List) and not any(isinstance(t, ast.Starred) for t in target.elts):
        return target.elts[place] if place < len(target.elts) else None
    return None


Thing = (
    Value
    | Group
    | Obj
    | Keys
    | Super
    | Closure
    | Method
    | Partial
    | Tool
    | Derived
    | Text
    | Poison
    | Iteration
    | Module
    | Known
    | UserFunction
    | UserClass
    | Derivative
    | Instance
    | Missing
    | Captured
)
POISON = Poison()


class Restart(Exception):
    """Something was learnt that changes what was lowered before: begin again."""


class Poisoned(Exception):
    """An operand is poison: the result is, too."""


def tuple_of(items: tuple[Thing, ...], kind: str = "tuple", site: Site | None = None) -> Group:
    """A tuple or list of things."""
    return Group(kind, tuple(str(k) for k in range(len(items))), items, site)


def fixed_set(thing: Thing) -> bool:
    """Whether it is a set of constants: a tuple of them that remembers where it was made."""
    return isinstance(thing, Group) and thing.site is not None and thing.site[-1] == "set"


def type_of(thing: Thing | None) -> Type:
    """The type of what a name stands for; functions are `Static`, poison and nothing are `UNDEF`."""
    match thing:
        case None | Poison():
            return UNDEF
        case Value():
            return thing.type
        case Group(kind, keys, items):
            return Struct(kind, keys, tuple(type_of(item) for item in items))
        case Text():
            return TEXT
    return Static(thing)


def kind_of(thing: Thing) -> str:
    """`object:..` for objects, else nothing."""
    if isinstance(thing, Obj):
        return thing.kind if thing.kind.startswith("object") else ""
    type_ = type_of(thing)
    type_ = type_.content if isinstance(type_, Ref) else type_  # the place of an object in a list
    return type_.kind if isinstance(type_, Struct) and type_.kind.startswith("object") else ""


def valueless(thing: Thing) -> tuple[str, str]:
    """Why a thing is no value, and what helps."""
    if isinstance(thing, Instance) and isinstance(thing.value, type):
        return f"`{thing.name}` is a class, and a value is needed", "use a member or an attribute of it"
    if isinstance(thing, Instance):
        return f"`{thing.name}` is an object of {thing.class_name}, and a value is needed", "use its fields and methods"
    return "it is a function or a module, and a value is needed", ""


def class_kind(thing: Thing) -> str:
    """`object:..` of what a class of the program's decides about: of captured objects too, which are no structures."""
    return thing.kind if isinstance(thing, Instance) else kind_of(thing)


def leaves_of(thing: Thing | None) -> Iterator[Value]:
    """The values that a thing is made of."""
    if isinstance(thing, Value):
        yield thing
    elif isinstance(thing, Group):
        for item in thing.items:
            yield from leaves_of(item)
    elif isinstance(thing, Method):
        yield from leaves_of(thing.receiver)
    elif isinstance(thing, Closure):
        for default in thing.defaults.values():
            yield from leaves_of(default)
    elif isinstance(thing, Derived):
        yield from leaves_of(thing.function)
    elif isinstance(thing, Partial):
        for argument in (*thing.args, *thing.keywords.values()):
            yield from leaves_of(argument)


def same(a: Thing | None, b: Thing | None) -> bool:
    """Whether two names stand for the very same."""
    if a is b:
        return True
    if isinstance(a, Group) and isinstance(b, Group):
        return a.kind == b.kind and a.keys == b.keys and a.site == b.site and all(map(same, a.items, b.items))
    if isinstance(a, Known | UserFunction | Module | UserClass | Keys):
        return a == b
    return False


def content_type(type_: Type) -> Type:
    """The type without references."""
    match type_:
        case Ref(content):
            return content
        case Struct(kind, keys, items):
            return Struct(kind, keys, tuple(content_type(item) for item in items))
        case Static(bool()):
            return BOOL
    return type_


def join(a: Type, b: Type) -> Type | None:
    """The type of a value that has one type on one path and the other on another; None if there is none."""
    a, b = content_type(a), content_type(b)
    if a == b or b == UNDEF:
        return a
    if a == UNDEF:
        return b
    if _is_text(a) and _is_text(b):
        return TEXT
    match a, b:
        case Struct(kind, keys, items), Struct(kind2, keys2, items2) if kind == kind2 and keys == keys2:
            parts = [join(x, y) for x, y in zip(items, items2, strict=True)]
            return None if None in parts else Struct(kind, keys, tuple(p for p in parts if p is not None))
        case (DictOf(), _) | (_, DictOf()):
            if not (isinstance(a, DictOf) and isinstance(b, DictOf)):
                return None
            joined = join(a.item, b.item)
            return None if joined is None else DictOf(joined, joined_key(a.key, b.key))
        case (Struct("list") | ListOf()), (Struct("list") | ListOf()):
            item: Type | None = UNDEF
            for part in (*_items(a), *_items(b)):
                item = None if item is None else join(item, part)
            return None if item is None else ListOf(item)
        case (Struct() | ListOf() | Static(), _) | (_, Struct() | ListOf() | Static()):
            return None
        case (Scalar("bool"), Array("b1", shape)) | (Array("b1", shape), Scalar("bool")) if shape != ():
            return UNKNOWN
        case (Scalar("float" | "int"), Array() as array) | (Array() as array, Scalar("float" | "int")):
            if array.shape != () and (array.dtype is None or array.dtype[0] == "f"):
                return UNKNOWN  # `s = 0.0`, then arrays are added
    return shapes.join(a, b)


def _is_text(type_: Type) -> bool:
    return type_ == TEXT or isinstance(type_, Static) and isinstance(type_.value, str)


def _items(type_: Type) -> tuple[Type, ...]:
    if isinstance(type_, Struct):
        return type_.items
    return (type_.item,) if isinstance(type_, ListOf) else ()


def shared_memory(type_: Type) -> bool:
    """Whether values of the type are objects that can be changed in place: arrays and lists."""
    match type_:
        case Array(_, shape):
            return shape != ()
        case ListOf():
            return True
    return False


def misused(name: str, types: Sequence[Type]) -> tuple[str, str] | None:
    """Why a function does not take a dict with computed keys, or a text, and what to do."""
    if name not in OF_DICTS and any(isinstance(type_, DictOf) for type_ in types):
        return "an argument is a dict", "use its values: `list(d.values())`"
    if name in ("float", "complex") and TEXT in types:
        return "a number that is read from a text carries no derivative", "compute with the number itself"
    return None


def countable(type_: Type) -> bool:
    """Whether a value of the type can be an integer: a bound of a range, an index."""
    return type_ in (Scalar("int"), BOOL) or (
        isinstance(type_, Array) and type_.shape == () and (type_.dtype is None or type_.dtype[0] in "iub")
    )
