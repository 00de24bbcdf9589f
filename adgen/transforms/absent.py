"""Zeros for lists of arrays in which None may stand: that of None is `0.0`, to which nothing but zeros is added.

l_bar = zeros_like(l)     [0.0 if l_item is None else np.zeros_like(l_item) for l_item in l]
m_bar = zeros_like(m)     0.0 if m is None else np.zeros_like(m)                                 m an element of l
l_bar[k] = zeros_like(l_bar[k])      l_bar[k] = 0.0
"""

from __future__ import annotations

from dataclasses import replace

from adgen.ir.core import Func, Op, Value
from adgen.ir.types import Array, DictOf, ListOf, Ref, Type
from adgen.ir.walk import Rebuilder, defs, walk


def with_absent(func: Func) -> Func:
    """The function, with the zeros marked of lists that may hold None: the program asks it of arrays of that rank."""
    ops = walk(func.block)
    tests = [op.operands[0].type for op in ops if op.name in ("is", "is_not") and len(op.operands) == 2]
    ranks = {_rank(asked) for asked in tests if isinstance(asked, Array)}
    if not ranks or not any(_lists(value.type) for op in ops for value in op.results if op.role == "primal"):
        return func
    return replace(func, block=_Mark(ranks, func).func(func).block)


def _lists(type_: Type) -> bool:
    """Whether it is a list of arrays."""
    content = type_.content if isinstance(type_, Ref) else type_
    return isinstance(content, ListOf) and not isinstance(content, DictOf) and isinstance(content.item, Array)


def _rank(type_: Array) -> int | None:
    return None if type_.shape is None else len(type_.shape)


class _Mark(Rebuilder):
    """Marks zeros of lists of arrays of some ranks."""

    def __init__(self, ranks: set[int | None], func: Func) -> None:
        super().__init__()
        self.ranks = ranks
        self.defs = defs(func)

    def _is_asked(self, value: Value) -> bool:
        """Whether it is a list of arrays of a rank that is asked about (None: of any), or an element of one."""
        type_ = value.type.content if isinstance(value.type, Ref) else value.type
        listed = isinstance(type_, ListOf) and not isinstance(type_, DictOf)
        item = type_.item if isinstance(type_, ListOf) and listed else type_ if self._is_element(value) else None
        return isinstance(item, Array) and item.shape != () and (None in self.ranks or _rank(item) in self.ranks)

    def visit(self, op: Op, old: Op) -> tuple[Op, ...]:
        """Zeros of a list, or of an element."""
        if op.name == "zeros_like" and op.kind == "prim" and self._is_asked(op.operands[0]):
            slot = self._is_slot(op.operands[0])
            return (replace(op, attrs={**op.attrs, "absent": "slot" if slot else "item"}),)
        return (op,)

    def _is_element(self, value: Value) -> bool:
        """Whether it may be an element of a list: a tape tells no longer."""
        made = self.defs.get(value)
        if made is not None and made.kind == "index":
            return _lists(made.operands[0].type)
        return made is not None and (made.kind == "untape" or self._place(value) is not None)

    def _is_slot(self, value: Value) -> bool:
        """Whether it is read from a slot of a list of adjoints: what held None, or an array."""
        root = self._place(value)
        return root is not None and root.kind == "alloc" and root.role != "primal"

    def _place(self, value: Value) -> Op | None:
        """What made the list from whose slot a value is loaded."""
        made = self.defs.get(value)
        made = self.defs.get(made.operands[0]) if made is not None and made.kind == "load" else None
        listed = made.operands[0].type if made is not None and made.kind == "view" else None
        if made is None or not isinstance(listed, Ref) or not _lists(listed):
            return None
        return self.defs.get(made.operands[0])
