"""The adjoint environment of the reverse sweep: where the adjoint of each value is, and how it grows.

    y = x * x; z = y + x        take(z) = z_bar;  acc(y, z_bar);  acc(x, z_bar);  take(y);  acc(x, y_bar * 2.0 * x)

An adjoint has one of two forms, decided once per value.  *Expression*: an SSA value, replaced when it grows (numbers,
arrays used in straight line).  *Buffer*: memory owned by the reverse sweep, incremented through views (arrays that are
indexed, arrays used inside a loop, lists; the shadow of memory the program itself stores to).  A structure's adjoint is
a tuple with one entry a slot.  None is the symbolic zero.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from adgen.analyses.activity import Activity
from adgen.errors import InternalError
from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import (
    BOOL,
    INT,
    Array,
    DictOf,
    ListOf,
    Ref,
    Scalar,
    Struct,
    Type,
    Unknown,
    is_active_type,
    tangent,
)
from adgen.ir.walk import blocks, walk
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.infer import is_complex, rank_of
from adgen.rules.views import SAME
from adgen.transforms.known import known_numbers
from adgen.transforms.prepare import replaced
from adgen.transforms.said import said

Adjoint = Value | tuple["Adjoint", ...] | None

WHOLE = ("n", "s000", "...")  # parts of an index that leave out nothing


@dataclass(frozen=True)
class Undone:
    """A list append that the reverse sweep takes back: the popped value stands for the appended one from there on."""

    item: Value
    popped: Value
    op: Op


@dataclass
class Plan:
    """What the whole reverse sweep knows of the function it reverses, and what it notes for the saves."""

    func: Func
    active: Activity
    defs: dict[Value, Op]
    home: dict[Value, Block]  # the block in which a value is defined
    buffered: frozenset[Value]  # values whose adjoint is a buffer
    constants: dict[Value, object]
    mirrors: dict[Block, tuple[Block, ...]] = field(default_factory=dict)  # reverse block -> forward blocks
    indices: dict[Block, dict[Value, Value]] = field(default_factory=dict)  # same -> forward loop index to reverse one
    undone: dict[Block, list[Undone]] = field(default_factory=dict)
    names: dict[Value, str] = field(default_factory=dict)  # hints for values that rules made
    replaced: dict[Op, Value] = field(default_factory=dict)  # what a store puts out of a list
    calls: object = None  # what is known of the functions that are called
    whole: Collection[object] = ()  # values that may hold integers though their types are real

    def moves(self, ref: Value) -> bool:
        """Whether it is the place of a list in a list, and lists are put into such places: they change places there."""
        made = self.defs.get(ref)
        if (
            made is None
            or made.kind != "view"
            or not isinstance(ref.type, Ref)
            or not isinstance(ref.type.content, ListOf)
        ):
            return False
        stores = (op for op in walk(self.func.block) if op.kind == "store" and isinstance(op.operands[1].type, ListOf))
        return any(self.root(op.operands[0]) is self.root(ref) for op in stores)

    def root(self, ref: Value) -> Value:
        """The memory that a reference goes into."""
        made = self.defs.get(ref)
        return self.root(made.operands[0]) if made is not None and made.kind == "view" else ref


class Env:
    """Adjoints known in one reverse block under construction."""

    def __init__(
        self, plan: Plan, builder: Builder, parent: Env | None, mirrors: tuple[Block, ...], loop: bool
    ) -> None:
        self.plan = plan
        self.builder = builder
        self.parent = parent
        self.mirrors = mirrors  # forward blocks whose reverse this is
        self.loop = loop  # the body of a loop: adjoints from outside enter as parameters only
        self.adjoints: dict[Value, Adjoint] = {}
        self.buffers: dict[Value, Value] = {}
        self.indices: dict[Value, Value] = {}
        self.undone: list[Undone] = []
        self.balanced: bool = parent is not None and parent.balanced  # in a part of the reverse of a loop that can stop

    def child(self, mirrors: tuple[Block, ...], loop: bool) -> Env:
        """An environment for a region of the reverse code."""
        return Env(self.plan, self.builder.child(), self, mirrors, loop)

    def finish(self, yields: list[Value], params: list[Value]) -> Block:
        """Close the block and note what it mirrors."""
        block = self.builder.block(yields, params)
        self.plan.mirrors[block] = self.mirrors
        self.plan.indices[block] = self.indices
        self.plan.undone[block] = self.undone
        return block

    # expression form --------------------------------------------------------------------------------------------
    def get(self, value: Value) -> Adjoint:
        """The adjoint so far, as an expression."""
        env: Env | None = self
        while env is not None:
            if value in env.adjoints:
                return env.adjoints[value]
            env = None if env.loop else env.parent
        return None

    def acc(self, value: Value, adjoint: Adjoint) -> None:
        """Add a contribution to the adjoint of a value."""
        if adjoint is None or value not in self.plan.active:
            return
        if isinstance(adjoint, Value) and _is_vague(adjoint.type, value.type):
            adjoint = shapes.unbroadcast(self.builder, adjoint, value)  # where a number and an array share a name
        if isinstance(adjoint, Value) and _is_complex(adjoint.type) and not _is_complex(value.type):
            adjoint = shapes.cast(self.builder, adjoint, value)  # where a real and a complex number share a name
        elif isinstance(adjoint, Value) and value not in self.plan.buffered and _is_open(adjoint.type):
            adjoint = shapes.cast(self.builder, adjoint, value)  # where arrays of two precisions share a name
        if isinstance(value.type, Struct):
            old = self.split(self.get(value), value.type)  # what an `if` hands on is one value
            self.adjoints[value] = self._merge(old, self.split(adjoint, value.type), value)
        elif isinstance(value.type, DictOf):
            self.add_slots(self.buffer(value), self.join(adjoint, value))
        elif isinstance(value.type, ListOf):
            self.add_list(self.buffer(value), self.join(adjoint, value))
        elif value in self.plan.buffered:
            self.builder.store(self.buffer(value), self.join(adjoint, value), "add")
        else:
            self.adjoints[value] = self._merge(self.get(value), adjoint, value)

    def add_list(self, buffer: Value, adjoint: Value) -> None:
        """Add to a whole shadow list, or to a slice of one, element by element (`+=` would make it longer)."""
        if isinstance(adjoint.type, DictOf):
            return self.add_slots(buffer, adjoint)
        self.builder.store(buffer, shapes.add(self.builder, self.builder.load(buffer), adjoint), "set")

    def take(self, value: Value) -> Adjoint:
        """The finished adjoint of a value, asked at its definition."""
        if value in self.plan.buffered:
            buffer = self.find_buffer(value)
            return None if buffer is None else self.builder.load(buffer, bar(value))
        return self.get(value)

    def _merge(self, old: Adjoint, new: Adjoint, value: Value) -> Adjoint:
        merged = self._sum(old, new, value)
        if self.plan.func.profile != "textbook" or not value.user or not isinstance(merged, Value) or new is None:
            return merged
        if merged.hint == bar(value):
            return merged  # the adjoint of `u = u + e`: it is that of the u before
        return said(self.builder, merged, bar(value))

    def _sum(self, old: Adjoint, new: Adjoint, value: Value) -> Adjoint:
        if old is None or new is None:
            kept = new if old is None else old
            if isinstance(kept, Value) and not kept.hint:
                self.plan.names.setdefault(kept, bar(value))
            return kept
        if isinstance(old, tuple) or isinstance(new, tuple):
            assert isinstance(old, tuple) and isinstance(new, tuple)
            return tuple(self._merge(a, b, value) for a, b in zip(old, new, strict=True))
        total = shapes.add(self.builder, old, new)
        self.plan.names[total] = bar(value)
        return total

    def split(self, adjoint: Adjoint, type_: Struct) -> Adjoint:
        """A structure-typed value as one entry a slot."""
        if not isinstance(adjoint, Value):
            return adjoint
        parts: list[Adjoint] = []
        for slot, item in enumerate(type_.items):
            if not is_active_type(item):
                parts.append(None)
                continue
            in_list = isinstance(adjoint.type, ListOf)  # a display that went where lists of any length are
            at = (self.builder.const(slot),)
            part: Adjoint = (
                shapes.index(self.builder, adjoint, ("i",), at) if in_list else self.builder.item(adjoint, slot)
            )
            parts.append(self.split(part, item) if isinstance(item, Struct) else part)
        return tuple(parts)

    def join(self, adjoint: Adjoint, like: Value) -> Value:
        """The adjoint as one value: zeros for None, a structure for a tuple."""
        if isinstance(adjoint, Value):
            return adjoint
        if adjoint is None:
            return self.zeros(like)
        assert isinstance(like.type, Struct)
        parts = [
            self.join(part, self.builder.item(like, slot)) if is_active_type(item) else self.builder.const(None)
            for slot, (part, item) in enumerate(zip(adjoint, like.type.items, strict=True))
        ]
        type_ = Struct(like.type.kind, like.type.keys, tuple(part.type for part in parts))
        return self.builder.pack(type_, parts, bar(like))

    def zeros(self, like: Value) -> Value:
        """A typed zero of a value's shape."""
        made = shapes.zeros_like(self.builder, like, whole=like in self.plan.whole)
        self.plan.names.setdefault(made, bar(like))
        return made

    # buffer form ------------------------------------------------------------------------------------------------
    def find_buffer(self, value: Value) -> Value | None:
        """The buffer or shadow of a value or root, if one was made."""
        env: Env | None = self
        while env is not None:
            if value in env.buffers:
                return env.buffers[value]
            env = env.parent
        return None

    def buffer(self, value: Value) -> Value:
        """The buffer (of a content) or shadow (of a root); made where the reverse of its home block is built."""
        found = self.find_buffer(value)
        if found is not None:
            return found
        made = self.plan.defs.get(value)
        if isinstance(value.type, ListOf) and made is not None and made.kind == "load":
            if not self.plan.moves(made.operands[0]):
                return self.shadow(made.operands[0])  # a list that is read as a whole has the slots of its memory
        env = self.at_home(value)
        content = env.builder.load(value) if isinstance(value.type, Ref) else value
        zero = shapes.zeros_like(env.builder, content, whole=value in self.plan.whole)
        env.buffers[value] = env.builder.emit("alloc", "", (zero,), Ref(adjoint_type(content)), bar(value))
        return env.buffers[value]

    def add_slots(
        self,
        target: Value,
        adjoint: Value,
        offset: Value | None = None,
        around: Value | None = None,
        step: Value | None = None,
    ) -> None:
        """Add a list of adjoints to the slots of a shadow list, from slot `offset` on, or around a ring of slots."""
        assert isinstance(adjoint.type, ListOf)
        zero, one = self.builder.const(0), self.builder.const(1)
        count = apply(self.builder, "len", [adjoint])
        index: Value = Value(INT, "k")
        inner, counter = self.builder.child(), index
        if isinstance(adjoint.type, DictOf):
            keys = apply(self.builder, "dict_keys", [adjoint])
            index = inner.emit("index", "", (keys, counter), adjoint.type.key, "key", {"spec": ("i",)})
        part = inner.emit("index", "", (adjoint, index), adjoint.type.item, attrs={"spec": ("i",)})
        where = index if step is None else apply(inner, "mul", [index, step])
        where = where if offset is None else apply(inner, "add", [where, offset])
        where = where if around is None else apply(inner, "mod", [where, around])
        slot = inner.emit("view", "", (target, where), Ref(adjoint.type.item), attrs={"spec": ("i",)})
        add_to_slot(inner, slot, part)
        body = inner.block([inner.const(False)], [counter])
        fixed = (Value(INT, "trips"), Value(BOOL, "stopped"))
        operands, attrs = (zero, count, one), {"can_stop": False, "iterates": 1}
        self.builder.add(Op("for", "", operands, fixed, (body,), attrs, self.builder.span, "adjoint"))
        self.plan.mirrors[body] = ()

    def adopts(self, item: Value) -> Value | None:
        """What takes over the slot of a shadow list for the list that went into it, and may have grown there since."""
        made = self.plan.defs.get(item)
        owner = made.operands[0] if made is not None and made.kind == "load" else item
        view = self.plan.defs.get(owner)
        ours = self.plan.home[owner] in self.mirrors and item in self.plan.active and owner in self.plan.active
        if not isinstance(item.type, ListOf) or not ours or (view is not None and view.kind == "view"):
            return None
        return owner if self.find_buffer(owner) is None and self.find_buffer(item) is None else None

    def at_home(self, value: Value) -> Env:
        """The environment that mirrors the block in which a value is defined."""
        home = self.plan.home[value]
        env: Env = self
        while home not in env.mirrors:
            if env.parent is None:
                raise InternalError(f"no reverse block mirrors the home of {value}")
            env = env.parent
        return env

    def shadow(self, ref: Value) -> Value:
        """The shadow of a reference: of its root, the same view of the shadow of what it views, one of two shadows."""
        op = self.plan.defs.get(ref)
        if op is not None and op.kind == "select":
            flag, *either = op.operands
            sides = [self.shadow(side) for side in either]
            return self.builder.emit("select", "", (flag, *sides), adjoint_type(ref), bar(ref), op.attrs)
        if op is None or op.kind != "view":
            return self.buffer(ref)
        base = self.shadow(op.operands[0])
        if op.name in SAME or (op.name == "attr.flat" and rank_of(op.operands[0].type) == 1):
            return base
        name = "np.ravel" if op.name == "attr.flat" else op.name
        attrs = {"args": ("a",), "style": "method"} if op.name == "attr.flat" else op.attrs
        return self.builder.emit("view", name, (base, *op.operands[1:]), adjoint_type(ref), bar(ref), attrs)


def _is_complex(type_: Type) -> bool:
    return isinstance(type_, Scalar | Array) and is_complex(type_)


def _is_vague(type_: Type, wanted: Type) -> bool:
    """Whether an adjoint's type says less than its value's: where a number and an array, or ranks, share a name."""
    if isinstance(type_, Unknown):
        return isinstance(wanted, Scalar | Array)
    return isinstance(type_, Array) and type_.shape is None and isinstance(wanted, Array) and wanted.shape is not None


def _is_open(type_: Type) -> bool:
    """Whether an adjoint may be of another precision than its value: the paths of a name differ in it."""
    return isinstance(type_, Array) and type_.dtype is None


def add_to_slot(builder: Builder, slot: Value, adjoint: Value, at: bool = False) -> None:
    """Add to what a shadow holds; a slot of structures or lists is replaced by the sum."""
    assert isinstance(slot.type, Ref)
    if isinstance(slot.type.content, Struct | ListOf):  # `+=` of lists would make the slot longer
        builder.store(slot, shapes.add(builder, builder.load(slot), adjoint), "set")
    else:
        builder.store(slot, adjoint, "add", at)


def bar(value: Value) -> str:
    """The name of a value's adjoint."""
    return f"{value.hint}_bar" if value.hint else ""


def adjoint_type(value: Value) -> Type:
    """The type of a value's adjoint."""
    type_ = tangent(value.type)
    if type_ is None:
        raise InternalError(f"{value} has no adjoint")
    return type_


def make_plan(func: Func, active: Activity) -> Plan:
    """Collect definitions, homes and the form of every adjoint."""
    defs: dict[Value, Op] = {}
    home: dict[Value, Block] = {param.value: func.block for param in func.params}
    put_out: dict[Op, Value] = {}
    for block in blocks(func.block):
        put_out.update(replaced(block))
        home.update((param, block) for param in block.params)
        for op in block.ops:
            for result in op.results:
                defs[result], home[result] = op, block
    found: dict[Value, None] = {v: None for v in home if isinstance(v.type, ListOf)}
    _mark_buffered(func.block, [param.value for param in func.params], frozenset(), active, found)
    buffered = frozenset(v for v in found if isinstance(v.type, ListOf) or _is_array(v.type))
    return Plan(func, active, defs, home, buffered, known_numbers(func), replaced=put_out)


def _mark_buffered(
    block: Block, before: list[Value], outside: frozenset[Value], active: Activity, found: dict[Value, None]
) -> None:
    """Mark what is indexed, and what a loop uses without defining it (`outside`: defined before the loop)."""
    known = before + list(block.params)
    for op in block.ops:
        for operand in op.operands:
            indexed = op.kind == "index" and operand is op.operands[0] and not takes_all(op)
            if operand in active and (operand in outside or indexed):
                found[operand] = None
        for region in op.regions:
            inner = frozenset(known) if op.kind in ("for", "while") else outside
            _mark_buffered(region, known, inner, active, found)
        known = known + list(op.results)
    found.update((v, None) for v in block.yields if v in active and v in outside)


def takes_all(op: Op) -> bool:
    """Whether an index keeps every element where it is, and adds axes of length 1 at most: `x[:, None]`."""
    spec = op.attrs["spec"]
    assert isinstance(spec, tuple)
    return _is_array(op.operands[0].type) and all(part in WHOLE for part in spec)


def _is_array(type_: Type) -> bool:
    return isinstance(type_, Array) and type_.shape != ()
