"""Before reversal: slots of a structure are read once, right where it is made; `*=` by an active factor is spelt out.

a = p["w"]; b = p["w"] * a       w = p["w"]; b = w * w
y[i] *= e  (e active)            y[i] = y[i] * e
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from adgen.analyses.absent import absent
from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import NONE, Array, DictOf, ListOf, Ref, Struct, Type, Unknown, is_active_type, is_number
from adgen.ir.walk import Rebuilder, iterated, lanes, walk
from adgen.rules.apply import apply


def prepare(func: Func) -> Func:
    """Both rewrites."""
    func = _Scales({op.result: None for op in walk(func.block) if op.kind == "const"}).func(func)
    return _hoist_items(func)


class _Scales(Rebuilder):
    """`mul` stores by something that may carry a derivative become load, multiply, store."""

    def __init__(self, constants: dict[Value, None]) -> None:
        super().__init__()
        self.constants = constants

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Replace one such store."""
        if op.kind != "store" or op.attrs["mode"] != "mul" or not is_active_type(op.operands[1].type):
            return (op,)
        if old.operands[1] in self.constants:
            return (op,)
        ref, factor = op.operands
        if not (isinstance(ref.type, Ref) and is_active_type(ref.type)):
            return (op,)
        builder = Builder(op.role, op.span)
        before = builder.load(ref)
        builder.store(ref, apply(builder, "mul", [before, factor]))
        return builder.ops


GET = "{0}.get({1}, {2})"
THERE = "{1} if {0} is None else {0}"


def keep_replaced(func: Func) -> Func:
    """Read what a store puts out of a list, where its size is its own: its adjoint starts from zeros of that size."""
    slots = {op.result: op for op in walk(func.block) if op.kind == "view" and _of_list(op.operands[0].type)}
    return _Replaced(slots, absent(func).held).func(func)


class _Replaced(Rebuilder):
    """`old = xs[i]` ahead of `xs[i] = e`; `old = d.get(k, e)` ahead of `d[k] = e`, where nothing may have been."""

    def __init__(self, slots: dict[Value, Op], empty: bool) -> None:
        super().__init__()
        self.slots = slots
        self.empty = empty  # a slot may hold None: what is put in stands for it then

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Add a read to such a store."""
        if _is_whole_list(op):
            return (*_whole(op), op)
        if op.kind != "store" or op.attrs["mode"] != "set" or op.operands[0] not in self.slots:
            return (op,)
        if not _of_own_size(op.operands[0].type):
            return (op,)
        builder, slot = Builder(op.role, op.span), self.slots[op.operands[0]]
        if isinstance(_content(slot.operands[0].type), DictOf):
            content, key = (self.mapping.get(value, value) for value in slot.operands)
            _told(builder, GET, [builder.load(content), key, op.operands[1]], op)
        elif self.empty:
            _told(builder, THERE, [builder.load(op.operands[0]), op.operands[1]], op)
        else:
            builder.load(op.operands[0])
        return (*builder.ops, op)


def _is_whole_list(op: Op) -> bool:
    """Whether the store is what a callee has made of the caller's list."""
    return op.kind == "store" and bool(op.attrs.get("same")) and _of_list(op.operands[0].type)


def _whole(store: Op) -> list[Op]:
    """How many numbers a list holds before such a store; a copy of it, if it holds something else."""
    builder = Builder(store.role, store.span)
    old = builder.load(store.operands[0])
    if isinstance(old.type, ListOf) and is_number(old.type.item):
        apply(builder, "len", [old])
    else:
        builder.emit("index", "", (old,), old.type, attrs={"spec": ("s000",)})
    return builder.ops


def _told(builder: Builder, text: str, values: Sequence[Value], store: Op) -> None:
    """What a slot held, or what is put there, as text."""
    marks = {"args": ("values",) * len(values), "text": text, "style": ""}
    builder.emit("prim", "of_texts", values, _content(store.operands[0].type), attrs=marks)


def _of_list(type_: Type) -> bool:
    return isinstance(_content(type_), ListOf | DictOf)


def _content(type_: Type) -> Type:
    return type_.content if isinstance(type_, Ref) else type_


def _of_own_size(type_: Type) -> bool:
    """Whether what a slot holds may have another size, or another rank, than what it held before."""
    content = _content(type_)
    if isinstance(content, Struct):
        return any(_of_own_size(item) for item in content.items)
    shape = content.shape if isinstance(content, Array) else ()
    return isinstance(content, Unknown | ListOf) or shape is None or None in shape


def replaced(block: Block) -> dict[Op, Value]:
    """What each such store puts out; of a whole list of numbers, how many there are."""
    return {op: read.result for read, op in pairwise(block.ops) if op.kind == "store" and _puts_out(read, op)}


def _puts_out(read: Op, store: Op) -> bool:
    """Whether an operation reads what the store after it puts out."""
    if _is_whole_list(store):
        return True
    return read.attrs.get("text") in (GET, THERE) or read.kind == "load" and read.operands[0] is store.operands[0]


def _hoist_items(func: Func) -> Func:
    """One `item` for each slot that is read, directly after the structure's definition."""
    first: dict[tuple[Value, object], Op] = {}
    renamed: dict[Value, Value] = {}
    by_struct: dict[Value, list[Op]] = {}
    absent = nothing(func.block)
    for op in walk(func.block):
        if op.kind != "item" or op.operands[0] in absent:
            continue
        struct = renamed.get(op.operands[0], op.operands[0])
        key = (struct, op.attrs["slot"])
        if key in first:
            renamed[op.result] = first[key].result
        else:
            first[key] = op if struct is op.operands[0] else replace(op, operands=(struct,))
            by_struct.setdefault(struct, []).append(first[key])
    if not first:
        return func
    hoist = _Hoist(by_struct, renamed)
    params = [param.value for param in func.params]
    func = hoist.func(func)
    head = [item for value in params for item in hoist.items_of(value)]
    return replace(func, block=Block(func.block.params, (*head, *func.block.ops), func.block.yields))


def nothing(block: Block) -> dict[Value, None]:
    """Values that are None on some path: their slots are read where the program reads them."""
    pairs = [pair for op in walk(block) for pair in lanes(op)]
    found = {op.result: None for op in walk(block) if op.kind == "const" and op.result.type == NONE}
    while True:
        new = [target for source, target in pairs if source in found and target not in found]
        if not new:
            return found
        found.update(dict.fromkeys(new))


class _Hoist(Rebuilder):
    def __init__(self, by_struct: dict[Value, list[Op]], renamed: dict[Value, Value]) -> None:
        super().__init__()
        self.by_struct = by_struct
        self.mapping.update(renamed)

    def items_of(self, value: Value) -> list[Op]:
        """The slot reads of a structure, and of structures in its slots."""
        found = []
        for op in self.by_struct.get(value, []):
            found += [op, *self.items_of(op.result)]
        return found

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Drop reads where they stood; add them after a definition."""
        if op.kind == "item" and op.operands[0] in self.by_struct:
            return ()
        return (op, *(item for result in op.results for item in self.items_of(result)))

    def finish(self, block: Block, owner: Op | None) -> Block:
        """Structures that are parameters of a block are read first in it."""
        head = [item for param in block.params for item in self.items_of(param)]
        reads = {} if owner is None else {op.result: None for op in iterated(owner)}
        first = [op for op in block.ops if any(result in reads for result in op.results)]  # the loop's own reads
        rest = [op for op in block.ops if not any(result in reads for result in op.results)]
        return Block(block.params, (*first, *head, *rest), block.yields)
