"""Names that some paths leave unbound: the program fails where it reads one, and so must its derivative.

    if a > 0.0:                    m = None
        m = x * a                  if a > 0.0:
    return m             ->            m = x * a
                                   if m is None:
                                       raise UnboundLocalError("m")

An operation `bound(m)` stands where the program reads such a name.  It prints nothing if the text reads the name there
anyway.  Derivative code may also read it on paths on which the program does not (a zero of its shape, a tape, what is
kept between both sweeps of the split form): there any stand-in will do, for nothing depends on it.  Where a `bound`
must tell it from a value it is None, or an array without axes, for a list an empty tuple, for a dict `{"": 0.0}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import BOOL, FLOAT, INT, NONE, Array, DictOf, ListOf, Ref, Scalar, Struct, Type, is_number
from adgen.ir.walk import FIXED_RESULTS, LOOPS, Rebuilder, lanes, walk

READS = ("prim", "index", "pack", "item", "listing", "select", "view", "load", "alloc")
FAILS = frozenset("add sub mul div floordiv mod pow matmul neg pos lt le gt ge abs float int len".split())
PARTS = ("index", "item", "view")
EMPTY = Struct("tuple", (), ())  # no list equals it
NOWHERE = Struct("dict", ("",), (FLOAT,))  # nor a dict of a program this one
ACTS = ("store", "append", "push", "pop", "effect", "call")


def bound(func: Func, split: bool = False) -> Func:
    """The function with a failure where the program would fail, and a stand-in where derivative code reads further.

    `split`: the sweeps will be two functions, the first of which must fail by itself.
    """
    if not any(op.kind == "undef" or is_mark(op) for op in walk(func.block)):
        return func
    facts = _Facts(func.block)
    facts.find_kept(func.block.yields)
    _look(func.block, {}, facts, split)
    given = facts.stand_ins(facts.wanted)
    while True:
        told = [op for op in facts.marks if facts.silent(op, given)]
        lost = [op.operands[0] for op in told if not op.attrs.get("none")]
        more = {undef: _sentinel(value) for value in lost for undef in facts.undefined(value)}
        if all(given.get(undef) == type_ for undef, type_ in more.items()):
            break
        given.update(more)
    block = _Bind({op: _stand_in(op, type_) for op, type_ in given.items()}, told).block(func.block, None)
    func = func if block is func.block else replace(func, block=block)
    return func if split else _without(func)


def is_mark(op: Op) -> bool:
    """Whether the operation says that a name must be bound here (`none`: and not None; `told`: aloud)."""
    return op.kind == "effect" and op.name == "bound"


def _without(func: Func) -> Func:
    """The function without marks that print nothing."""
    return _Unmark().func(func) if any(is_mark(op) for op in walk(func.block)) else func


def bind(block: Block, wanted: Sequence[Value]) -> Block:
    """The first sweep of two: what is kept for the second one is bound, or the program has failed."""
    facts = _Facts(block)
    certain = {op.operands[0] for op in block.ops if is_mark(op)}
    given = facts.stand_ins([value for value in wanted if value not in certain])
    block = _Bind({op: _stand_in(op, type_) for op, type_ in given.items()}, []).block(block, None)
    return _Unmark().block(block, None)


def _look(block: Block, known: dict[Value, None], facts: _Facts, split: bool, top: bool = True) -> None:
    """Which values derivative code reads where no mark says that they are bound; what the text does where marks are.

    `known` are the values that a mark around, or in the same block, finds bound.
    """
    needed = _evaluated(block, top, split, facts)
    own = [op for op in block.ops if is_mark(op)]
    facts.marks.update((op, needed.get(op.operands[0])) for op in own)
    facts.first.update(dict.fromkeys(own if top else ()))
    known = known | {op.operands[0]: None for op in own if not op.attrs.get("none")}
    for op in block.ops:
        if is_mark(op):
            continue
        if op.role != "primal":
            facts.wanted += [value for value in _read(op) if value not in known]
        for region in op.regions:
            _look(region, known, facts, split, False)


def _evaluated(block: Block, top: bool, split: bool, facts: _Facts) -> dict[Value, bool]:
    """The values that the text of a block evaluates for certain, and whether something fails if they are None.

    A branch, a loop or a carried value counts only if it is needed: one that only marks ask for is not printed.
    """
    made = {result: op for op in block.ops if op.kind in READS for result in op.results}
    todo: list[Value] = []
    for op in block.ops:
        if split and op.role == "adjoint":
            continue
        if op in facts.kept:
            todo += _read(op)
    if not top:
        todo += [value for value in block.yields if value in made and value in facts.needed]
    else:
        last = made.get(block.yields[0])
        todo += last.operands[:1] if split and last is not None else block.yields
        if split:  # they are kept for the second sweep
            todo += [value for op in block.ops if op.role == "adjoint" for value in _read(op)]
    found = dict.fromkeys(todo, False)
    while todo:
        reader = made.get(todo.pop())
        for operand in reader.operands if reader is not None else ():
            fails = reader is not None and (reader.kind in PARTS or reader.name in FAILS)
            todo += [operand] if operand not in found else []
            found[operand] = fails or found.get(operand, False)
    return found


def _read(op: Op) -> Sequence[Value]:
    """The operands that are read whatever becomes of the results."""
    if op.kind in LOOPS:
        return op.operands[:3] if op.kind == "for" else ()
    return op.operands


@dataclass
class _Facts:
    """Where values come from, which marks there are (and whether the text fails by itself), what is read freely."""

    block: Block
    marks: dict[Op, bool | None] = field(default_factory=dict)  # whether the text reads it, so that None fails
    first: dict[Op, None] = field(default_factory=dict)  # marks that the program always passes
    wanted: list[Value] = field(default_factory=list)
    kept: dict[Op, None] = field(default_factory=dict)  # what acts, and the control flow that is printed
    needed: dict[Value, None] = field(default_factory=dict)  # what they, and the results, are made of

    def __post_init__(self) -> None:
        walked = list(walk(self.block))
        self.made = {result: op for op in walked for result in op.results}
        self.lanes = [pair for op in walked for pair in lanes(op)]
        self.heads = {p: (op, k) for op in walked for region in op.regions for k, p in enumerate(region.params)}

    def find_kept(self, results: Sequence[Value]) -> None:
        """Note what acts, and the branches and loops around it or that its operands and the results come from."""
        owner = {inner: op for op in walk(self.block) for region in op.regions for inner in region.ops}
        ops = [op for op in walk(self.block) if op.kind in ACTS and not is_mark(op)]
        values, seen = list(results), self.needed
        more: Sequence[Value]
        seen.update(dict.fromkeys(results))
        while ops or values:
            if ops:
                op = ops.pop()
                if op in self.kept:
                    continue
                self.kept[op] = None
                ops += [owner[op]] if op in owner else []
                more = [*_read(op), *(op.regions[0].yields[:1] if op.kind in LOOPS else ())]
            else:
                more, around = self._needed_by(values.pop())
                ops += around
            values += [value for value in more if value not in seen]
            seen.update(dict.fromkeys(more))

    def _needed_by(self, value: Value) -> tuple[Sequence[Value], Sequence[Op]]:
        """The values that a value is made of, and the control flow that gives it."""
        if value in self.heads:
            return _carried(*self.heads[value]), self.heads[value][:1]
        op = self.made.get(value)
        if op is None:
            return (), ()
        flow = op.kind in ("if", *LOOPS)
        return (_sources(op, value) if flow else op.operands), ([op] if flow else [])

    def stand_ins(self, wanted: Sequence[Value]) -> dict[Op, Type]:
        """The missing definitions that these values may come from, and of which type a stand-in has to be."""
        return {op: value.type for value in dict.fromkeys(wanted) for op in self.undefined(value)}

    def undefined(self, value: Value) -> list[Op]:
        """The missing definitions that a value may come from."""
        found: list[Op] = []
        todo, seen = [value], {value: None}
        while todo:
            value = todo.pop()
            op = self.made.get(value)
            if value in self.heads:
                sources = _carried(*self.heads[value])
            elif op is not None and op.kind == "undef":
                found.append(op)
                continue
            else:
                sources = _sources(op, value) if op is not None else []
            todo += [source for source in sources if source not in seen]
            seen.update(dict.fromkeys(sources))
        return found

    def silent(self, mark: Op, given: dict[Op, Type]) -> bool:
        """Whether the text goes on where the program fails: the mark must be told."""
        if mark.attrs.get("follows"):
            return False
        if mark.attrs.get("none"):
            return not self.marks[mark]
        missing = self.undefined(mark.operands[0])
        if mark.attrs.get("told"):
            return bool(missing)
        standing = [given[op] for op in missing if op in given]
        if standing:
            return mark in self.first or not (
                self.marks[mark] and all(type_ == NONE for type_ in standing) and len(standing) == len(missing)
            )
        natural = self.marks[mark] is not None and not self.shared(mark.operands[0])
        return bool(missing) and not natural

    def shared(self, value: Value) -> bool:
        """Whether another value would like the same variable: it may hold that one where this one is missing."""
        own = {value: None}
        while True:
            pairs = [pair for pair in self.lanes if (pair[0] in own) is not (pair[1] in own)]
            if not pairs:
                break
            own.update((v, None) for pair in pairs for v in pair)
        names = [v for v in (*self.made, *self.heads) if v.hint == value.hint]
        return any(v not in own for v in names)


def _sources(op: Op, value: Value) -> list[Value]:
    """What a result of control flow may come from."""
    slot = op.results.index(value)
    if op.kind == "alloc":
        return list(op.operands)
    if op.kind == "if":
        return [region.yields[slot] for region in op.regions]
    if op.kind in LOOPS and slot >= FIXED_RESULTS:
        return _carried(op, slot - FIXED_RESULTS + (1 if op.kind == "for" else 0))
    return []


def _carried(op: Op, position: int) -> list[Value]:
    """What the parameter of a loop's body at this position may come from."""
    carried = position - 1 if op.kind == "for" else position
    if carried < 0:
        return []
    return [op.operands[carried + (3 if op.kind == "for" else 0)], op.regions[0].yields[1 + carried]]


def _stand_in(op: Op, type_: Type) -> list[Op]:
    """A value of the kind that is wanted; for an array one of rank 0, which fits wherever an array is read."""
    if type_ == NONE:
        nothing = Value(NONE, op.result.hint)
        return [Op("const", "", (), (nothing,), (), {"value": None, "text": "None"}, op.span, op.role)]
    if isinstance(type_, Array) and not is_number(type_):
        shape = Op("const", "", (), (Value(Struct("tuple", (), ())),), attrs={"value": (), "text": "()"}, role=op.role)
        attrs = {"args": ("shape",)}
        return [shape, Op("prim", "np.zeros", shape.results, op.results, attrs=attrs, span=op.span, role=op.role)]
    return [_literal(op, type_)]


def _literal(op: Op, type_: Type) -> Op:
    return Op("const", "", (), op.results, attrs={"value": None, "text": _text(type_)}, span=op.span, role=op.role)


def _text(type_: Type) -> str:
    match type_:
        case Ref(content):
            return _text(content)
        case Scalar("bool" | "int"):
            return "0"
        case DictOf():
            return "{}"
        case ListOf():
            return "[]"
        case Struct("tuple" | "list" as kind, _, items):
            inner = ", ".join(_text(item) for item in items)
            return f"[{inner}]" if kind == "list" else f"({inner}{',' if len(items) == 1 else ''})"
        case Struct("dict", keys, items):
            return "{" + ", ".join(f"{key!r}: {_text(item)}" for key, item in zip(keys, items, strict=True)) + "}"
    return "0.0"


class _Bind(Rebuilder):
    def __init__(self, given: dict[Op, list[Op]], told: Sequence[Op]) -> None:
        super().__init__()
        self.given = given
        self.told = told

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Replace a missing definition, or a mark that must be told."""
        if old in self.told:
            return _failure(op)
        made = self.given.get(old, [op])
        if made[-1].results != old.results:
            self.mapping[old.result] = made[-1].result
        return made


def _sentinel(value: Value) -> Type:
    """The type of a stand-in that no value can be mistaken for: an array without axes where there must be some."""
    content = value.type.content if isinstance(value.type, Ref) else value.type
    if isinstance(content, ListOf):
        return NOWHERE if isinstance(content, DictOf) else EMPTY
    return content if isinstance(content, Array) and content.shape else NONE


def _failure(mark: Op) -> Sequence[Op]:
    """`if m is None: raise UnboundLocalError(..)`."""
    builder = Builder(mark.role, mark.span)
    text = f"raise UnboundLocalError('`{mark.attrs['name']}` is used before it is assigned')"
    if mark.attrs.get("none"):
        text = f"raise TypeError('`{mark.attrs['name']}` is None')"
    value = mark.operands[0]
    binary: dict[str, object] = {"args": ("a", "b")}
    if mark.attrs.get("none") or _sentinel(value) == NONE:
        flag = builder.emit("prim", "is", (value, builder.const(None)), BOOL, attrs=binary)
    elif _sentinel(value) in (EMPTY, NOWHERE):
        content = builder.load(value) if isinstance(value.type, Ref) else value
        other = _sentinel(value)
        empty = builder.emit("const", "", (), other, attrs={"value": None, "text": _text(other)})
        flag = builder.emit("prim", "eq", (content, empty), BOOL, attrs=binary)
    else:
        content = builder.load(value) if isinstance(value.type, Ref) else value
        rank = builder.emit("prim", "attr.ndim", (content,), INT, attrs={"args": ("x",)})
        flag = builder.emit("prim", "eq", (rank, builder.const(0)), BOOL, attrs=binary)
    inner = builder.child()
    inner.effect("effect", "raise", (), {"text": text})
    builder.add(Op("if", "", (flag,), (), (inner.block(()), Block((), (), ())), {}, mark.span, mark.role))
    return builder.ops


class _Unmark(Rebuilder):
    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Drop a mark."""
        return () if is_mark(op) else (op,)
