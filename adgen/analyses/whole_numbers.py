"""Numbers, arrays and lists that are typed as real, but may hold integers: what they are made of is one on some path.

total = 0                          no element passes: total is the integer 0,
for q in xs:                       and y is an array of integers
    if q > 0.99:
        total = total + q
y = np.full(4, total)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import FLOAT, INT, Array, ListOf, Ref, Scalar, Type, is_number
from adgen.ir.walk import defs, lanes, walk
from adgen.rules.rule import TypeProblem
from adgen.rules.table import lookup

FIRST, BOTH = slice(0, 1), slice(0, 2)
MAKERS = {  # whose elements have the kind of these operands
    "np.full": slice(1, 2),
    "np.append": BOTH,
    "np.outer": BOTH,
    "np.arange": slice(0, 3),
    **dict.fromkeys(
        """np.array np.asarray np.asanyarray np.copy np.stack np.hstack np.vstack np.dstack np.column_stack
        np.concatenate np.repeat np.tile np.resize np.atleast_1d np.atleast_2d np.atleast_3d np.zeros_like np.ones_like
        np.empty_like np.full_like np.diag np.cumsum""".split(),
        FIRST,
    ),
}
FLOATS = ("f2", "f4", "f8", "g", None)  # None: of which kind is not known


Known = dict[object, None]  # values, and (function, slot of its result) that may be integers


def whole_in_calls(func: Func, callees: Sequence[Func]) -> Known:
    """Parameters and results of functions that may be integers: those that are in some call, on some path."""
    known: Known = {}
    params = {callee.name: callee.params for callee in callees}
    while True:
        before = len(known)
        for one in (func, *callees):
            numbers = maybe_whole(one, known)
            for op in walk(one.block):
                if op.kind == "call":
                    given = zip(params[op.name], op.operands, strict=True)
                    known.update((param.value, None) for param, v in given if v in numbers)
            for slot, value in _results(one.result, defs(one)):
                if value in numbers:
                    known[one.name, slot] = None
        if len(known) == before:
            return known


def _results(value: Value, made: dict[Value, Op]) -> Iterator[tuple[int, Value]]:
    """The numbers that a function returns, with their slots (-1: it is the result itself)."""
    op = made.get(value)
    yield -1, value
    if op is not None and op.kind == "pack":
        yield from enumerate(op.operands)
    elif op is not None and op.kind == "if":
        for region in op.regions:
            yield from _results(region.yields[op.results.index(value)], made)


def args_of(op: Op) -> tuple[str, ...]:
    """The rule's names of the operands."""
    args = op.attrs.get("args", ())
    return args if isinstance(args, tuple) else ()


def parts_of(op: Op, made: dict[Value, Op]) -> list[Value]:
    """The numbers, or lists of numbers, that the array is made of."""
    todo, parts = list(op.operands[MAKERS[op.name]]), []
    while todo:
        value = todo.pop()
        origin = made.get(value)
        if origin is not None and origin.kind in ("pack", "listing"):
            todo += origin.operands
        else:
            parts.append(value)
    return parts


def maybe_whole(func: Func, known: Known) -> Known:
    """Numbers, arrays and lists that may hold integers at run time though they are typed as real numbers."""
    made = defs(func)
    found: Known = {param.value: None for param in func.params if _is_whole(param.value, known)}
    placed = list(_placed(func.block))
    before = -1
    while before != len(found):
        before = len(found)
        for op, block in placed:
            whole = [value for region in op.regions for value in region.params if _is_whole(value, known)]
            whole += [to for given, to in lanes(op) if given in found and _is_kept(to.type)]
            for slot, value in enumerate(op.results):
                if _is_whole(value, known) or (_is_kept(value.type) and _from_whole(op, slot, made, known, found)):
                    whole.append(value)
            found.update(dict.fromkeys(whole))
            if op.kind in ("append", "store"):
                _written(op, block, made, found)
    return found


def _placed(block: Block) -> Iterator[tuple[Op, Block]]:
    """All operations with the block that each is in."""
    for op in block.ops:
        yield op, block
        for region in op.regions:
            yield from _placed(region)


def _is_kept(type_: Type) -> bool:
    """Whether values are numbers, arrays or lists (their memory, too)."""
    content = type_.content if isinstance(type_, Ref) else type_
    return is_number(content) or isinstance(content, Array | ListOf)


def _written(op: Op, block: Block, made: dict[Value, Op], found: Known) -> None:
    """What a write to a list means for it: a float that comes for certain, or the first integer of an empty one."""
    view = made.get(op.operands[0])
    ref = view.operands[0] if op.kind == "store" and view is not None and view.kind == "view" else op.operands[0]
    origin = made.get(ref)
    if origin is None or origin.kind != "alloc" or not isinstance(origin.operands[0].type, ListOf):
        return
    if op.operands[1] not in found:
        if origin in block.ops:
            found.pop(ref, None)
            found["float", ref] = None
    elif op.kind == "append" and _is_empty(made.get(origin.operands[0])) and ("float", ref) not in found:
        found[ref] = None


def _is_empty(op: Op | None) -> bool:
    return op is not None and op.kind == "listing" and not op.operands


def _is_whole(value: Value, known: Known) -> bool:
    """Whether the value's type, or what is known of calls, tells that it may be an integer, or an array of such."""
    number = not isinstance(value.type, ListOf) and _whole_kind(value.type)
    return number or (value in known and _is_kept(value.type))


def _whole_kind(type_: Type) -> bool:
    """Whether a type says that values are integers or flags."""
    if isinstance(type_, ListOf):
        return _whole_kind(type_.item)
    if isinstance(type_, Array):
        return type_.dtype is not None and type_.dtype[0] in "iub"
    return isinstance(type_, Scalar) and type_.kind in ("int", "bool")


def _from_whole(op: Op, slot: int, made: dict[Value, Op], known: Known, found: Known) -> bool:
    """Whether a result of an operation may be an integer because of what it is made of."""
    if op.kind == "call":
        return (op.name, -1) in known
    if op.kind == "item" and op.operands[0] in made and made[op.operands[0]].kind == "call":
        return (made[op.operands[0]].name, op.attrs["slot"]) in known
    if op.kind == "prim" and op.name == "sum" and len(op.operands) == 1 and isinstance(op.operands[0].type, ListOf):
        return op.operands[0] in found or op.operands[0] not in made or made[op.operands[0]].kind != "listing"
    if op.kind in ("listing", "alloc", "load", "view"):
        return bool(op.operands) and all(operand in found for operand in _made_of(op))
    if op.kind == "index":
        return op.operands[0] in found
    return op.kind == "prim" and _keeps(op, made, found)


def _keeps(op: Op, made: dict[Value, Op], found: Known) -> bool:
    """Whether a function of integers gives integers: its types are inferred anew, with integers where they may be."""
    if op.name in MAKERS:
        parts = parts_of(op, made)
        return "dtype" not in args_of(op) and bool(parts) and all(part in found for part in parts)
    real = [operand for operand in op.operands if operand in found and _real_kind(operand.type)]
    rule = lookup(op.name)
    if not real or rule is None:
        return False
    types = [_as_whole(operand.type) if operand in real else operand.type for operand in op.operands]
    statics = op.attrs.get("statics", {})
    assert isinstance(statics, dict)
    try:
        type_ = rule.infer(types, args_of(op), statics)
    except TypeProblem:
        return False
    return _whole_kind(type_)


def _real_kind(type_: Type) -> bool:
    """Whether a type says that values are real numbers."""
    if isinstance(type_, ListOf):
        return _real_kind(type_.item)
    return type_ == FLOAT or (isinstance(type_, Array) and type_.dtype in FLOATS)


def _as_whole(type_: Type) -> Type:
    """The type of integers in the place of real numbers."""
    if isinstance(type_, ListOf):
        return replace(type_, item=_as_whole(type_.item))
    return Array("i8", type_.shape) if isinstance(type_, Array) else INT


def _made_of(op: Op) -> Sequence[Value]:
    """The operands that decide of the kind: not the places of a view."""
    return op.operands[:1] if op.kind == "view" else op.operands
