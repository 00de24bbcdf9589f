"""What a free name of a user's function can mean, and what is known of the function itself.

>>> from adgen.ir.types import FLOAT
>>> Known("np.sin"), Literal(0.5, "RATE")
(Known(name='np.sin'), Literal(value=0.5, name='RATE'))
>>> Captured("w", FLOAT, (("global", "helper"), ("cell", "w"))).name
'w'

A scope answers `lookup("np")` with a binding, and `attribute(binding, "sin")` with the binding of `np.sin`; it never
raises: what cannot be resolved is `Missing`, with the reason.  Parameters and local names are not its business.

A *route* tells how a value is reached from the entry function at the moment of a call, one step after the other:
`("global", name)`, `("cell", name)`, `("attr", name)`, `("has", name)` (whether the attribute is there),
`("default", parameter)`, `("arg", index)` and `("keyword", name)` of a partial; from nothing: `("module", name)`
(the module itself: ahead of time), `("class", kind)` (a structure's class), `("object", value)` (a callable argument).
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from adgen.errors import Place
from adgen.ir.types import Type

Route = tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Module:
    """A module; `attribute` goes on from here.  `numpy` whatever it is called in the file."""

    name: str
    read: Route = field(default=(), compare=False)


@dataclass(frozen=True)
class Known:
    """A function with a rule (`np.sin`, `math.exp`), a builtin (`len`), a transform (`adgen.grad`), or one without.

    The name is canonical, so that `np.median` can be refused by name when it has no rule.
    """

    name: str


@dataclass(frozen=True)
class UserFunction:
    """A Python function whose source is known; `source.bound` tells the arguments that it already has."""

    source: FunctionSource


@dataclass(frozen=True)
class Derivative:
    """A derivative function made by adgen: `mode` of `source` with respect to `wrt`."""

    source: FunctionSource | Derivative
    mode: str  # grad | value_and_grad | jvp | vjp | ..
    wrt: int | str | tuple[int | str, ...]
    has_aux: bool = False
    said: bool = field(default=True, compare=False)  # whether the text names `wrt`, or leaves it to be the first
    backend: str = field(default="numpy", compare=False)


@dataclass(frozen=True)
class UserClass:
    """A class: `kind` dataclass, namedtuple or class; fields in order, with their defaults (or None), if declared."""

    qualname: str
    module: str
    fields: tuple[tuple[str, Binding | None], ...]
    kind: str
    frozen: bool = False
    read: Route = field(default=(), compare=False)
    bases: tuple[str, ...] = field(default=(), compare=False)  # the kinds of the classes it derives from
    unset: tuple[str, ...] = ()  # fields that are no arguments: __post_init__ sets them

    @property
    def type_kind(self) -> str:
        """The `kind` of the `Struct` type of its instances."""
        return f"object:{self.module}:{self.qualname}"


@dataclass(frozen=True)
class Factory:
    """The default of a field that is made anew for each object: what is called for it."""

    function: Binding


@dataclass(frozen=True)
class Literal:
    """A value known while compiling: None, str, bool, a constant such as `np.pi` (name "np.pi"), a literal global."""

    value: object
    name: str


@dataclass(frozen=True)
class Captured:
    """A value that is read at each call, by `read` (from the entry function).  `name` suits a parameter.

    `value` is what it is now (run time only); a rule that needs it static asks `Scope.pin`, which records the need.
    """

    name: str
    type: Type
    read: Route
    value: object = field(default=None, compare=False, repr=False)

    @property
    def module(self) -> str | None:
        """Ahead of time: the module that is to be imported for it."""
        root = self.read[0] if self.read else ("",)
        return str(root[1]) if root[0] == "module" else None


@dataclass(frozen=True)
class Instance:
    """An object of an ordinary class (`self`): only its attributes have meaning, through `attribute`.

    `kind` is that of its class, as `UserClass.type_kind`; none for a class that is the first argument of a method.
    """

    name: str
    class_name: str
    read: Route
    value: object = field(default=None, compare=False, repr=False)
    kind: str = field(default="", compare=False)


@dataclass(frozen=True)
class Missing:
    """A name that cannot be resolved; `why` (and `help`) go into the refusal."""

    name: str
    why: str
    help: str = ""
    computed: bool = False  # there is something, whose value is computed in its own way
    absent: bool = False  # there is no such attribute


class Member(NamedTuple):
    """What a class has under a name: kind method, static, class, property or value, and the function or value."""

    kind: str
    binding: Binding
    setter: Binding | None = None  # of a property that can be written


Binding = Module | Known | UserFunction | Derivative | UserClass | Factory | Literal | Captured | Instance | Missing


class Scope(Protocol):
    """Resolves the free names of one function."""

    def lookup(self, name: str) -> Binding:
        """What a free name means (closure cells, then globals, then builtins)."""

    def attribute(self, binding: Binding, attr: str) -> Binding:
        """What `<binding>.attr` means, for modules, classes, instances."""

    def member(self, cls: UserClass, attr: str) -> Member | Missing:
        """What a class has under a name, its own or inherited, and how it is to be called."""

    def has(self, binding: Instance, attr: str) -> bool | None:
        """Whether an object has an attribute, which is recorded; None where that is computed."""

    def pin(self, binding: Captured) -> Literal | Missing:
        """The captured value as of now; the generated code is only used while it keeps it."""

    def bind(self, value: object, name: str) -> Binding:
        """The binding of an object that is known while compiling: the value of a `Static` type (a callable)."""

    def class_of(self, kind: str) -> UserClass | Missing:
        """The class of a `Struct` type of kind `object:<module>:<qualname>`."""


def no_objects(binding: Instance, attr: str) -> bool | None:
    """`Scope.has` where no object is known: ahead of time, in libraries."""
    return None


class FunctionKey(NamedTuple):
    """The identity of a function: equal keys, same code."""

    module: str
    qualname: str
    digest: str


@dataclass(frozen=True, eq=False)
class FunctionSource:
    """A function as text: its node, where it stands, what its free names mean.

    `path` is what messages show; `where` is relative to the project's root and is what headers show.  `bound` are
    leading or keyword arguments that the function object already has (`self` of a bound method, those of a partial).
    `defaults` maps parameters to the values of their defaults.  Decorators of the node have no meaning any more, but
    that functools keeps the results of a `cached` function: calls with equal arguments share one object.
    """

    node: ast.FunctionDef | ast.Lambda
    path: str
    where: str
    qualname: str
    module: str
    lines: tuple[str, ...]
    comments: Mapping[int, str]
    scope: Scope
    key: FunctionKey
    defaults: Mapping[str, Binding]
    bound: tuple[tuple[str, Binding], ...] = ()
    route: Route = ()
    cached: bool = False

    @property
    def identity(self) -> tuple[FunctionKey, int]:
        """What tells functions apart: wrappers made by one decorator share their code, not what they wrap."""
        return self.key, id(getattr(self.scope, "fun", None))

    @property
    def name(self) -> str:
        """A plain identifier: the last part of the qualified name; `fun` for a lambda."""
        last = self.qualname.rsplit(".", 1)[-1]
        return last if last.isidentifier() else "fun"

    @property
    def params(self) -> tuple[str, ...]:
        """The parameters' names in order, without those bound."""
        arguments = self.node.args
        names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        taken = dict(self.bound)
        return tuple(name for name in names if name not in taken)

    @property
    def annotations(self) -> dict[str, str]:
        """The parameters' annotations as text, where written."""
        arguments = self.node.args
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        return {a.arg: ast.unparse(a.annotation) for a in every if a.annotation is not None}

    @property
    def text(self) -> str:
        """The function's own text, as it stands in the file (decorators left out)."""
        end = self.node.end_lineno or self.node.lineno
        if isinstance(self.node, ast.Lambda):
            return ast.unparse(self.node)
        return "\n".join(line.rstrip() for line in self.lines[self.node.lineno - 1 : end])

    @property
    def text_digest(self) -> str:
        """A short digest of the function's own text, for headers."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def place(self, node: ast.AST | None = None) -> Place:
        """The place of a node of the function (or of its first line)."""
        if node is None or not hasattr(node, "lineno"):
            line = self.node.lineno
            text = self.lines[line - 1].rstrip() if line <= len(self.lines) else ""
            return Place(self.path, line, self.node.col_offset, line, max(len(text), self.node.col_offset + 1))
        return node_place(self.path, self.lines, node)


def node_place(path: str, lines: tuple[str, ...], node: ast.AST) -> Place:
    """The place of a node; `ast` counts columns in UTF-8 bytes, people in characters."""
    line, end = int(getattr(node, "lineno", 1)), int(getattr(node, "end_lineno", 1) or 1)
    col, end_col = int(getattr(node, "col_offset", 0)), int(getattr(node, "end_col_offset", 0) or 0)
    return Place(path, line, _column(lines, line, col), end, _column(lines, end, end_col))


def _column(lines: tuple[str, ...], line: int, col: int) -> int:
    if not 0 < line <= len(lines):
        return col
    return len(lines[line - 1].encode()[:col].decode(errors="replace"))
