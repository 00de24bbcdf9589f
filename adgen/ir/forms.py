"""The form of single operations: how many operands, results and regions, of which types.

>>> from adgen.ir.core import Op, Value
>>> from adgen.ir.types import FLOAT
>>> form(Op("load", "", (Value(FLOAT, "x"),), (Value(FLOAT),)))
['loads from float, which is not a reference']
"""

from __future__ import annotations

from typing import NamedTuple

from adgen.ir.core import Op
from adgen.ir.types import (
    NONE,
    UNDEF,
    Array,
    DictOf,
    ListOf,
    Opaque,
    Ref,
    Scalar,
    Static,
    Struct,
    Type,
    Unknown,
    is_active_type,
    is_number,
    show,
)


class Arity(NamedTuple):
    """How many there are; operands: at least `low`, at most `high` (None: any number)."""

    low: int
    high: int | None
    results: int | None
    regions: int = 0


ARITIES: dict[str, Arity] = {
    "const": Arity(0, 0, 1),
    "prim": Arity(0, None, 1),
    "index": Arity(1, None, 1),
    "pack": Arity(0, None, 1),
    "item": Arity(1, 1, 1),
    "listing": Arity(0, None, 1),
    "undef": Arity(0, 0, 1),
    "alloc": Arity(1, 1, 1),
    "view": Arity(1, None, 1),
    "load": Arity(1, 1, 1),
    "store": Arity(2, 2, 0),
    "append": Arity(2, 2, 0),
    "pop": Arity(1, 2, 1),
    "select": Arity(3, 3, 1),
    "if": Arity(1, 1, None, 2),
    "for": Arity(3, None, None, 1),
    "while": Arity(0, None, None, 1),
    "call": Arity(0, None, None),
    "effect": Arity(0, None, 0),
    "tape": Arity(0, 0, 1),
    "push": Arity(2, 2, 0),
    "untape": Arity(1, 1, 1),
}
_RANKS = {"bool": 0, "int": 1, "float": 2, "complex": 3}
_DTYPES = {"b": 0, "i": 1, "u": 1, "f": 2, "c": 3}
_OVERLAPS = ("np.shares_memory", "np.may_share_memory", "is", "is_not")


def form(op: Op) -> list[str]:
    """What is wrong with the operation itself, whatever stands around it."""
    arity = ARITIES.get(op.kind)
    if arity is None:
        return []
    found = _counts(op, arity)
    return found or _types(op) + _undefined(op)


def _counts(op: Op, arity: Arity) -> list[str]:
    """Operands, results and regions by number; block parameters of regions too."""
    found = []
    count = len(op.operands)
    if count < arity.low or (arity.high is not None and count > arity.high):
        found.append(f"`{op.kind}` with {count} operands")
    if arity.results is not None and len(op.results) != arity.results:
        found.append(f"`{op.kind}` with {len(op.results)} results")
    if len(op.regions) != arity.regions:
        found.append(f"`{op.kind}` with {len(op.regions)} regions")
        return found
    if op.kind == "if" and any(region.params for region in op.regions):
        found.append("a branch has parameters")
    if op.kind in ("for", "while"):
        found += _loop_counts(op)
    return found


def _loop_counts(op: Op) -> list[str]:
    """Initial values, parameters and results of a loop by number."""
    bounds, index = (3, 1) if op.kind == "for" else (0, 0)
    inits, results = len(op.operands) - bounds, len(op.results) - 2
    params = len(op.regions[0].params) - index
    if not inits == params == results:
        return [f"a loop with {inits} initial values, {params} carried parameters and {results} carried results"]
    return []


def _types(op: Op) -> list[str]:
    """Types of operands and results, by kind."""
    match op.kind:
        case "const":
            return [] if {"value", "text"} <= set(op.attrs) else ["a literal without value and text"]
        case "prim":
            return _prim(op)
        case "index" | "view":
            return _path(op)
        case "pack" | "item":
            return _struct(op)
        case "listing":
            item = op.result.type.item if isinstance(op.result.type, ListOf) else None
            if item is None:
                return ["makes a list of a type that is no list"]
            if isinstance(op.result.type, DictOf):
                return [f"lists {show(v.type)} as {show(item)}" for v in op.operands[1::2] if not fits(v.type, item)]
            return [f"lists {show(v.type)} as {show(item)}" for v in op.operands if not fits(v.type, item)]
        case "alloc" | "load" | "store" | "append" | "pop" | "tape" | "push" | "untape":
            return _memory(op)
        case "select":
            return [
                f"selects {show(v.type)} as {show(op.result.type)}"
                for v in op.operands[1:]
                if not fits(v.type, op.result.type)
            ]
        case "if" | "for" | "while":
            return _control(op)
    return []


def _prim(op: Op) -> list[str]:
    """A function of the rule table: bound arguments, contents only."""
    found = []
    args = op.attrs.get("args")
    if not isinstance(args, tuple) or len(args) != len(op.operands):
        found.append(f"args {args!r} for {len(op.operands)} operands")
    if op.name not in _OVERLAPS:
        found += [f"a function reads memory ({show(v.type)}) without a load" for v in op.operands if _is_ref(v.type)]
    return found


def _path(op: Op) -> list[str]:
    """A path: its operands by number, view of a reference, index of a content."""
    spec = op.attrs.get("spec", ())
    found = []
    if op.name == "":
        if not isinstance(spec, tuple) or not all(_entry(entry) for entry in spec):
            return [f"path {spec!r}"]
        wanted = sum(1 if entry == "i" else entry.count("1") for entry in spec)
        if wanted != len(op.operands) - 1:
            found.append(f"a path of {wanted} operands has {len(op.operands) - 1}")
    base = op.operands[0].type
    if op.kind == "view" and not (isinstance(base, Ref) and isinstance(op.result.type, Ref)):
        found.append(f"a view of {show(base)} as {show(op.result.type)}; both are references")
    if op.kind == "index" and (_is_ref(base) or isinstance(base, Scalar)):
        found.append(f"indexes {show(base)}, which is no content with parts")
    if op.kind == "index" and isinstance(base, Struct) and is_active_type(base):
        found.append(f"indexes {show(base)}: what is read of a structure is an item of it, or of a list of its parts")
    return found


def _entry(entry: object) -> bool:
    """Whether it is an entry of a path."""
    if entry in ("i", "...", "n"):
        return True
    return isinstance(entry, str) and len(entry) == 4 and entry[0] == "s" and set(entry[1:]) <= {"0", "1"}


def _struct(op: Op) -> list[str]:
    """Slots of structures."""
    if op.kind == "pack":
        type_ = op.result.type
        if not isinstance(type_, Struct) or len(type_.items) != len(op.operands):
            return [f"packs {len(op.operands)} items as {show(type_)}"]
        pairs = zip(op.operands, type_.items, strict=True)
        return [f"packs {show(v.type)} as {show(item)}" for v, item in pairs if not fits(v.type, item)]
    base, slot = op.operands[0].type, op.attrs.get("slot")
    if not isinstance(base, Struct) or not isinstance(slot, int) or not 0 <= slot < len(base.items):
        return [f"slot {slot!r} of {show(base)}"]
    if not fits(base.items[slot], op.result.type):
        return [f"slot {slot} is {show(base.items[slot])}, not {show(op.result.type)}"]
    return []


def _memory(op: Op) -> list[str]:
    """References on the left, contents of their type on the right."""
    verbs = {"load": "loads from", "store": "stores to", "append": "appends to", "pop": "pops from"}
    verbs |= {"push": "pushes to", "untape": "untapes from"}
    if op.kind == "tape" or op.kind == "alloc":
        made = op.result.type
        if not isinstance(made, Ref):
            return [f"makes memory of type {show(made)}, which is not a reference"]
        if op.kind == "alloc" and (_is_ref(op.operands[0].type) or not fits(op.operands[0].type, made.content)):
            return [f"memory of {show(made.content)} starts with {show(op.operands[0].type)}"]
        return [] if op.kind == "alloc" or isinstance(made.content, ListOf) else ["a tape that is not a list"]
    ref = op.operands[0].type
    if not isinstance(ref, Ref):
        return [f"{verbs[op.kind]} {show(ref)}, which is not a reference"]
    content = ref.content
    if op.kind in ("append", "pop", "push", "untape"):
        if not isinstance(content, ListOf):
            return [f"{verbs[op.kind]} {show(ref)}, which is not a list"]
        content = content.item
    if op.kind == "store":
        return _store(op, content)
    given, wanted = (
        (op.operands[1].type, content) if len(op.operands) > 1 and op.kind != "pop" else (content, op.result.type)
    )
    return [] if fits(given, wanted) else [f"{verbs[op.kind]} {show(ref)}: {show(given)} for {show(wanted)}"]


def _store(op: Op, content: Type) -> list[str]:
    """A store writes a content that can be broadcast to the reference's."""
    found = []
    given = op.operands[1].type
    if op.attrs.get("mode") not in ("set", "add", "mul"):
        found.append(f"store mode {op.attrs.get('mode')!r}")
    if isinstance(content, Array):
        if not isinstance(given, Array | Scalar | Unknown | ListOf | Struct | Static):
            found.append(f"stores {show(given)} to {show(content)}")
        elif isinstance(given, Array) and _rank(given) > _rank(content) >= 0:
            found.append(f"stores {show(given)} to {show(content)}, of lower rank")
    elif not fits(given, content):
        found.append(f"stores {show(given)} to {show(content)}")
    return found


def _control(op: Op) -> list[str]:
    """Flags and bounds."""
    if op.kind == "if":
        flag = op.operands[0].type
        return [f"the test is {show(flag)}"] if isinstance(flag, Ref) or flag == UNDEF else []
    found = []
    if op.kind == "for":
        found += [f"bound of type {show(v.type)}" for v in op.operands[:3] if not _is_integer(v.type)]
    trips, stopped = (value.type for value in op.results[:2])
    if trips != Scalar("int") or stopped != Scalar("bool"):
        found.append(f"results begin with {show(trips)}, {show(stopped)}, not int, bool")
    body = op.regions[0]
    if body.yields and body.yields[0].type not in (Scalar("bool"), Static(False), Static(True)):
        found.append(f"the body's first yield is {show(body.yields[0].type)}, not a flag to stop")
    return found


def _undefined(op: Op) -> list[str]:
    """No arithmetic on undef: such a value is only handed on."""
    if op.kind in ("if", "for", "while", "undef"):
        return []
    return [f"computes with %{v.hint or '_'}, which is not defined here" for v in op.operands if v.type == UNDEF]


def _is_ref(type_: Type) -> bool:
    return isinstance(type_, Ref)


def _rank(type_: Array) -> int:
    """The rank, -1 if it is not known."""
    return -1 if type_.shape is None else len(type_.shape)


def _is_integer(type_: Type) -> bool:
    """Whether a value of the type can bound a range."""
    match type_:
        case Scalar(kind):
            return kind in ("int", "bool")
        case Array(dtype, shape):
            return shape in ((), None) and (dtype is None or dtype[0] in "iub")
        case Static(value):
            return isinstance(value, int)
    return isinstance(type_, Opaque | Unknown)


def fits(given: Type, wanted: Type) -> bool:
    """Whether a value of one type may stand where the other is expected."""
    if given == wanted or given in (UNDEF, NONE):  # None stands for a value that the path does not have
        return True
    match given, wanted:
        case Static(value), Scalar() if isinstance(value, bool | int | float):
            return fits(Scalar(type(value).__name__), wanted)
        case ((Scalar() | Array() | Unknown()), Unknown()) | ((Static() | Opaque()), Opaque()):
            return True
        case (Scalar("bool") | Array("b1", ())), Opaque("flag"):  # of Python or of NumPy
            return True
        case Array(_, shape), Array(_, wide) if shape is None or wide is None or shape != ():
            return _dtype_fits(given.dtype, wanted.dtype) and _shape_fits(shape, wide)
        case Struct(kind, keys, items), Struct(kind2, keys2, items2):
            return kind == kind2 and keys == keys2 and all(map(fits, items, items2))
        case DictOf(item, _), DictOf(item2, _):
            return fits(item, item2)
        case (DictOf(), _) | (_, DictOf()):
            return False
        case Struct("list" | "tuple", _, items), ListOf(item):
            return all(fits(part, item) for part in items)
        case ListOf(item), ListOf(item2):
            return fits(item, item2)
        case Ref(content), Ref(content2):
            return fits(content, content2)
    return is_number(given) and is_number(wanted) and _number_rank(given) <= _number_rank(wanted)


def _dtype_fits(given: str | None, wanted: str | None) -> bool:
    return given == wanted or wanted is None or given is None


def _shape_fits(given: tuple[object, ...] | None, wanted: tuple[object, ...] | None) -> bool:
    """Whether the shapes can be one: two symbols may stand for the same size, an open dimension for any."""
    if wanted is None or given is None:
        return wanted is None
    if len(given) != len(wanted):
        return False
    return all(g == w or not (isinstance(g, int) and isinstance(w, int)) for g, w in zip(given, wanted, strict=True))


def _number_rank(type_: Type) -> int:
    """Where a number stands in bool, int, float, complex."""
    if isinstance(type_, Scalar):
        return _RANKS[type_.kind]
    return _DTYPES.get(type_.dtype[0], 3) if isinstance(type_, Array) and type_.dtype else 2
