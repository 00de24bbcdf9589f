"""A small builder: collects operations of one block, folds constants' identities away, stamps role and span.

>>> from adgen.ir.types import FLOAT
>>> b = Builder()
>>> x = Value(FLOAT, "x")
>>> y = b.emit("prim", "mul", (x, b.const(2.0)), FLOAT, attrs={"args": ("a", "b")})
>>> [op.kind for op in b.ops]
['const', 'prim']
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterable, Mapping, Sequence

from adgen.ir.core import EMPTY, Block, Op, Span, Value
from adgen.ir.types import BOOL, COMPLEX, FLOAT, INT, Dim, ListOf, Ref, Static, Struct, Type

_SCALARS: dict[type, Type] = {bool: BOOL, int: INT, float: FLOAT, complex: COMPLEX}


def _text(value: object) -> str:
    """A literal as people write it.

    >>> _text(-1j), _text(complex(0.5, 2.0)), _text(complex(0.0, float("inf")))
    ('-1j', '0.5+2j', 'complex(0.0, np.inf)')
    """
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value).replace("inf", "np.inf").replace("nan", "np.nan")
    if not isinstance(value, complex):
        return repr(value)
    if not cmath.isfinite(value):
        parts = (repr(part).replace("inf", "np.inf").replace("nan", "np.nan") for part in (value.real, value.imag))
        return f"complex({', '.join(parts)})"
    return repr(value).strip("()") if value.real else repr(complex(0.0, value.imag))


class Builder:
    """Collects the operations of one block under construction."""

    def __init__(self, role: str = "primal", span: Span | None = None) -> None:
        self.ops: list[Op] = []
        self.role = role
        self.span = span
        self._packs: dict[Value, tuple[Value, ...]] = {}
        self.constants: dict[Value, object] = {}  # what is known of values that are literals
        self.sizes: dict[Value, tuple[Dim, ...]] = {}  # shapes, and integers (one entry), that equal known dimensions
        self.masks: dict[Value, tuple[Value, bool]] = {}  # values that are zero where the mask is false (or true)
        self.fields: dict[Value, tuple[str, ...]] = {}  # names of the parts of what a library function returns
        self.extremes: dict[Value, None] = {}  # values that may be infinite or nan though the arguments are not

    def child(self) -> Builder:
        """A builder for a region, with the same role and span; structures packed outside are known inside."""
        inner = Builder(self.role, self.span)
        inner._packs = dict(self._packs)
        inner.constants = dict(self.constants)
        inner.sizes = dict(self.sizes)
        inner.masks = dict(self.masks)
        inner.fields = dict(self.fields)
        inner.extremes = self.extremes
        return inner

    def block(self, yields: Iterable[Value], params: Iterable[Value] = ()) -> Block:
        """Finish: the block of what was collected."""
        return Block(tuple(params), tuple(self.ops), tuple(yields))

    def add(self, op: Op) -> Op:
        """Append a finished operation."""
        self.ops.append(op)
        return op

    def emit(
        self,
        kind: str,
        name: str,
        operands: Sequence[Value],
        type_: Type,
        hint: str = "",
        attrs: Mapping[str, object] = EMPTY,
        user: bool = False,
    ) -> Value:
        """Append an operation with one result and return the result."""
        value = Value(type_, hint, user)
        self.add(Op(kind, name, tuple(operands), (value,), (), attrs, self.span, self.role))
        return value

    def effect(self, kind: str, name: str, operands: Sequence[Value], attrs: Mapping[str, object] = EMPTY) -> Op:
        """Append an operation without results."""
        return self.add(Op(kind, name, tuple(operands), (), (), attrs, self.span, self.role))

    def const(self, value: object, text: str | None = None, type_: Type | None = None) -> Value:
        """A literal (`text` None: its repr) or a static name (`np.pi`)."""
        kind = type_ or _SCALARS.get(type(value)) or Static(value)
        attrs = {"value": value, "text": _text(value) if text is None else text}
        result = self.emit("const", "", (), kind, attrs=attrs)
        self.constants[result] = value
        return result

    def pack(self, type_: Struct, items: Sequence[Value], hint: str = "") -> Value:
        """Make a structure."""
        value = self.emit("pack", "", items, type_, hint)
        self._packs[value] = tuple(items)
        return value

    def item(self, struct: Value, slot: int, hint: str = "") -> Value:
        """Read a slot of a structure; reading what was just packed gives the packed value itself."""
        if struct in self._packs:
            return self._packs[struct][slot]
        assert isinstance(struct.type, Struct)
        value = self.emit("item", "", (struct,), struct.type.items[slot], hint, {"slot": slot})
        if struct in self.sizes:
            self.sizes[value] = (self.sizes[struct][slot],)
        return value

    def packed(self, struct: Value) -> tuple[Value, ...] | None:
        """The values that a structure was packed of here, where that is known."""
        return self._packs.get(struct)

    def load(self, ref: Value, hint: str = "", user: bool = False) -> Value:
        """The content of a reference now."""
        assert isinstance(ref.type, Ref)
        return self.emit("load", "", (ref,), ref.type.content, hint, user=user)

    def store(self, ref: Value, content: Value, mode: str = "set", at: bool = False) -> None:
        """Write through a reference."""
        self.effect("store", "", (ref, content), {"mode": mode, "at": at})

    def tape(self, item: Type, hint: str) -> Value:
        """An empty tape."""
        return self.emit("tape", "", (), Ref(ListOf(item)), hint)
