"""Which objects the printed text shares, and where they are written.

In the IR a load is a snapshot; in Python `t = v[1:-1]` is a window on `v`.  Here is what the windows look at:

    v = alloc u          v owns {v}
    t = load v[1:-1]     t may share {v}
    w = mul t, t         w is new: {w}
    store v[0], ..       writes {v}: whoever shares it and is read later must have been copied

Numbers share nothing.  Answers are upper bounds: a name too many costs a copy, one too few a wrong number.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from adgen.backend.places import Places
from adgen.ir.core import Func, Op, Value
from adgen.ir.types import SAVED, Array, ListOf, Ref, Scalar, Static, Struct, Type, is_number
from adgen.ir.walk import FIXED_RESULTS, walk
from adgen.rules.views import read_only, shares

WRITERS = ("store", "append", "pop", "push", "untape")

# functions whose result may be, or may look at, one of their arguments
# functions whose rank-0 results are arrays, not immutable numbers
MAKERS = frozenset(
    """np.array np.copy np.empty np.empty_like np.full np.full_like np.ones np.ones_like np.zeros np.zeros_like
    copy""".split()
)
Roots = dict[Value, None]


class Event(NamedTuple):
    """A write: where, through which reference, to which memory; `slot`: it exchanges items of a list, no more."""

    position: int
    op: Op
    ref: Value
    slot: bool


def is_shareable(type_: Type) -> bool:
    """Whether values of the type are objects that can be written, or hold such objects."""
    match type_:
        case Scalar() | Static():
            return False
        case Struct(_, _, items):
            return any(is_shareable(item) for item in items)
    return True


def is_named(view: Op) -> bool:
    """Whether a view keeps the user's name, so that what is stored is written into the array: `r[:] = e`."""
    content = view.result.type.content if isinstance(view.result.type, Ref) else view.result.type
    return view.result.user and isinstance(content, Array) and not is_number(content)


def _content(type_: Type) -> Type:
    """What is in the memory of a reference."""
    return type_.content if isinstance(type_, Ref) else type_


def _may_be_number(type_: Type) -> bool:
    """Whether memory of the type may be an array without axes."""
    content = type_.content if isinstance(type_, Ref) else type_
    return is_number(content) or not isinstance(content, Array | ListOf | Struct)


class Memory:
    """Roots of all values (what their objects may share), roots of what lists keep, and all writes in order."""

    def __init__(self, func: Func, places: Places) -> None:
        self.places = places
        self.roots: dict[Value, Roots] = {}
        self.kept: dict[Value, Roots] = {}
        self.params: Roots = {param.value: None for param in func.params}
        self.events: list[Event] = []
        self.fresh: dict[Value, None] = {}  # values that the text copies: they share nothing
        self._ops = list(walk(func.block))
        for op in self._ops:
            if op.kind in WRITERS:
                self.events.append(Event(places.position[op], op, op.operands[0], self._is_slot(op)))
        self._deep: Roots | None = None
        self.solve()

    def solve(self) -> None:
        """The fixed point, anew: after a copy was decided there is less sharing."""
        self.roots = {value: {value: None} for value in self.params if is_shareable(value.type)}
        self.kept = {}
        self._deep = None
        while self._round():
            pass

    def of(self, value: Value) -> Roots:
        """What the object of a value may share."""
        return self.roots.get(value, {})

    def read_only(self, value: Value) -> bool:
        """Whether the object of a value cannot be written, although nobody else has it."""
        origin = self.places.defs.get(value)
        return origin is not None and read_only(origin)

    def shared(self, first: Value, second: Value) -> bool:
        """Whether two values may share memory."""
        others = self.of(second)
        return any(root in others for root in self.of(first))

    def deep(self, ref: Value) -> bool:
        """Whether arrays kept in this list are written in place."""
        if self._deep is None:
            self._deep = {}
            for event in self.events:
                if not event.slot:
                    self._deep.update(self.of(event.ref))
        return any(root in self._deep for root in self.of(ref))

    def disturbs(self, event: Event, value: Value) -> bool:
        """Whether the write may change what a *named* value (or the memory of a reference) holds."""
        if not self.shared(event.ref, value):
            return False
        if value.type == SAVED and event.op.kind in ("push", "untape"):
            return False  # a tape is kept by one activation, beside what inner ones kept
        return not event.slot or not isinstance(value.type, Array)

    def _is_slot(self, op: Op) -> bool:
        """Whether a write exchanges items of a list (arrays in the list keep their numbers)."""
        content = op.operands[0].type
        if isinstance(content, Ref) and isinstance(content.content, ListOf):
            return True
        view = self.places.defs.get(op.operands[0])
        if view is None or view.kind != "view" or not isinstance(view.operands[0].type, Ref):
            return False
        in_list = isinstance(view.operands[0].type.content, ListOf)
        number = isinstance(content, Ref) and is_number(content.content)
        exchanges = op.attrs.get("mode") == "set" and not is_named(view)  # `hs[k] = e`, not `r[:] = e`
        return in_list and (exchanges or number)

    def _round(self) -> bool:
        """One pass over all operations; whether anything was new."""
        self._changed = False
        for op in self._ops:
            self._visit(op)
        return self._changed

    def _add(self, value: Value, more: Iterable[Value]) -> None:
        if value in self.fresh:
            more = (value,)
        if is_shareable(value.type):
            self._merge(self.roots.setdefault(value, {}), more)

    def _merge(self, into: Roots, more: Iterable[Value]) -> None:
        for root in list(more):
            if root not in into:
                into[root] = None
                self._changed = True

    def _keep(self, ref: Value, item: Value) -> None:
        for root in list(self.of(ref)):
            self._merge(self.kept.setdefault(root, {}), self.of(item))

    def _inside(self, ref: Value) -> list[Value]:
        return [item for root in self.of(ref) for item in self.kept.get(root, {})]

    def _visit(self, op: Op) -> None:
        match op.kind:
            case "alloc" | "tape":
                self._add(op.result, [op.result])
                if op.operands and not isinstance(op.operands[0].type, Array):
                    self._keep(op.result, op.operands[0])
            case "load":
                if not self._is_number_read(op):
                    self._add(op.result, [*self.of(op.operands[0]), *self._inside(op.operands[0])])
            case "pop" | "untape":
                self._add(op.result, [op.result, *self._inside(op.operands[0])])
            case "store" | "append" | "push":
                if isinstance(op.operands[0].type, Ref) and not isinstance(op.operands[0].type.content, Array):
                    self._keep(op.operands[0], op.operands[1])
                elif self._is_slot(op):
                    self._keep(op.operands[0], op.operands[1])
            case "if":
                for region in op.regions:
                    self._flow(region.yields, op.results)
            case "for" | "while":
                self._loop(op)
            case "prim":
                self._prim(op)
            case "index":
                self._index(op)
            case "view":
                kept = [] if isinstance(_content(op.result.type), Array | Scalar) else self._inside(op.operands[0])
                self._add(op.result, [*self.of(op.operands[0]), *kept])  # a list in a list is what was kept there
            case "const" | "undef" | "effect":
                pass
            case "call":
                self._call(op)
            case "item" if is_number(op.result.type) and self._is_called(op.operands[0]):
                pass
            case "item" if is_number(op.result.type):
                self._add(op.result, [root for root in self.of(op.operands[0]) if _may_be_number(root.type)])
            case _:  # pack, listing, item, select
                for result in op.results:
                    own = [result] if op.kind in ("pack", "listing") else []
                    self._add(result, [*own, *(root for operand in op.operands for root in self.of(operand))])

    def _call(self, op: Op) -> None:
        """Results may share memory with the arguments, and with one another, unless they are said to be new."""
        flags = op.attrs.get("fresh", ())
        fresh = flags if isinstance(flags, tuple) else ()
        holds = op.attrs.get("holds", range(len(op.operands)))
        places = holds if isinstance(holds, (tuple, range)) else ()
        given = [root for k in places for root in self.of(op.operands[k])]
        for k, result in enumerate(op.results):
            new = k < len(fresh) and fresh[k]
            if not is_number(result.type):
                self._add(result, [result] if new else [*op.results, *given])

    def _is_called(self, value: Value) -> bool:
        """Whether a function gave the value: arrays without axes are written by nobody."""
        origin = self.places.defs.get(value)
        return origin is not None and origin.kind == "call"

    def _is_number_read(self, op: Op) -> bool:
        """Whether a load gives an immutable number: an element, not a rank-0 array."""
        if not is_number(op.result.type):
            return False
        view = self.places.defs.get(op.operands[0])
        if isinstance(op.result.type, Scalar):
            return True
        if view is None or view.kind != "view":
            return False
        spec = view.attrs.get("spec")
        return isinstance(spec, tuple) and all(entry == "i" for entry in spec)

    def _prim(self, op: Op) -> None:
        result = op.result
        if op.name in ("and", "or"):  # one of the operands
            self._add(result, (root for operand in op.operands for root in self.of(operand)))
        elif shares(op):
            self._add(result, [result, *(root for operand in op.operands for root in self.of(operand))])
        elif op.attrs.get("inplace") and op.name == "add":
            self._add(result, [result, *self.of(op.operands[0])])
        elif not is_number(result.type) or op.name in MAKERS:
            self._add(result, [result])

    def _index(self, op: Op) -> None:
        base, spec = op.operands[0], op.attrs.get("spec", ())
        if is_number(op.result.type) and isinstance(spec, tuple) and all(entry == "i" for entry in spec):
            return
        advanced = any(isinstance(value.type, Array) and value.type.shape != () for value in op.operands[1:])
        if advanced and isinstance(base.type, Array):
            self._add(op.result, [op.result])
        else:
            own = [op.result] if isinstance(op.result.type, ListOf) else []
            self._add(op.result, [*own, *self.of(base)])

    def _flow(self, source: Iterable[Value], target: Iterable[Value]) -> None:
        for given, taken in zip(source, target, strict=True):
            self._add(taken, self.of(given))

    def _loop(self, op: Op) -> None:
        skip = 3 if op.kind == "for" else 0
        body = op.regions[0]
        params = body.params[1:] if skip else body.params
        for source in (op.operands[skip:], body.yields[1:]):
            self._flow(source, params)
            self._flow(source, op.results[FIXED_RESULTS:])
