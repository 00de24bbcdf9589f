"""The intermediate representation: structured SSA with memory.

A `Func` owns one `Block`; a block has parameters, operations and yields; an operation has operands, results and
regions (blocks).  Every value is defined once and is immutable.  `Ref`-typed values point to memory, which only
`load`, `store`, `alloc`, `append`, `pop`, `push` and `untape` touch, in block order.  Nothing is edited in place.

    f(x: float) -> primal          def f(x):
        %y = prim np.sin(%x)           y = np.sin(x)
        yield %y                       return y
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from adgen.ir.types import Type

EMPTY: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True)
class Span:
    """A place in the user's source, and the text of the statement around it (first line, stripped)."""

    path: str
    line: int
    col: int
    end_line: int
    end_col: int
    statement: str = ""
    statement_line: int = 0  # the first line of that statement


@dataclass(frozen=True, eq=False, slots=True)
class Value:
    """One SSA value.  `hint` is the name it would like to have in the generated code (the user's, or minted)."""

    type: Type
    hint: str = ""
    user: bool = False  # the hint is a name that the user wrote: keep a statement for it

    def __repr__(self) -> str:
        return f"%{self.hint or '_'}"


@dataclass(frozen=True, eq=False, slots=True)
class Op:
    """One operation; `kind` is a row of `ir.ops.KINDS`, `name` refines it (the rule's name of a `prim`)."""

    kind: str
    name: str
    operands: tuple[Value, ...]
    results: tuple[Value, ...]
    regions: tuple[Block, ...] = ()
    attrs: Mapping[str, object] = field(default_factory=lambda: EMPTY)  # static facts only, never a Value
    span: Span | None = None
    role: str = "primal"  # primal, tangent, adjoint, save
    reverses: Op | None = None  # in reverse code: the forward operation

    @property
    def result(self) -> Value:
        """The only result."""
        (value,) = self.results
        return value


@dataclass(frozen=True, eq=False, slots=True)
class Block:
    """Parameters, operations in order, and the values handed to the owner when the block ends."""

    params: tuple[Value, ...]
    ops: tuple[Op, ...]
    yields: tuple[Value, ...]


@dataclass(frozen=True, eq=False)
class Param:
    """A parameter of a function.  kind: positional, positional_only, keyword, captured (trailing, keyword-only)."""

    name: str
    value: Value
    kind: str = "positional"
    default: str | None = None  # source text of its default, if it has one


@dataclass(frozen=True, eq=False)
class Func:
    """A function: yields exactly one value, its result."""

    name: str
    params: tuple[Param, ...]
    block: Block
    path: str = ""  # the source, relative to the project's root
    qualname: str = ""
    comments: Mapping[int, str] = field(default_factory=dict)  # line -> comment that stands alone or trails there
    notes: tuple[str, ...] = ()  # sentences for the header: kinks, requirements, assumptions
    section: Mapping[Op, str] = field(default_factory=dict)  # op -> comment line printed before it
    profile: str = "numpy"  # what the text is for: "numpy" runs as it is, "numba" is compiled
    kept: frozenset[str] | None = None  # kinds of objects whose class, when called, keeps its fields; None: any
    silent: tuple[str, ...] = ()  # kinds of floating-point warnings that the source switches off

    @property
    def result(self) -> Value:
        """What the function returns."""
        (value,) = self.block.yields
        return value
