"""Arrays that may be arrays of integers, because the number that they are made of is one on some path.

    total = 0                          no element passes: total is the integer 0,
    for q in xs:                       and y is an array of integers,
        if q > 0.99:                   which cuts off what is written into it
            total = total + q
    y = np.full(4, total)
    y[0] = 0.5

>>> from adgen.ir.build import Builder
>>> from adgen.ir.core import Func
>>> b = Builder()
>>> whole_arrays(Func("f", (), b.block([b.const(1.0)])))
[]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adgen.errors import Diagnostic, Refusal
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import Array, ListOf, Ref, Scalar, Type, is_number
from adgen.ir.walk import FIXED_RESULTS, LOOPS, defs, walk
from adgen.transforms.reverse_stores import place_of

TITLE = "an array changes its kind"
WHY = "the number that it is made of is an integer on some path, and so are then its elements"
HELP = "start with `0.0` (`sum(.., 0.0)`), or give the array a dtype"
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
KEEPING = ("add", "sub", "mul", "neg", "pos", "abs", "max", "min", "floordiv", "mod", "sum")


Known = dict[object, None]  # values, and (function, slot of its result) that may be integers


def no_whole_arrays(func: Func, callees: Sequence[Func] = ()) -> None:
    """Refuse them: what is written into them would be cut off on some path, and what is read is no real number."""
    known = _whole(func, callees)
    found = [op for one in (func, *callees) for op in whole_arrays(one, known)]
    if found:
        raise Refusal([Diagnostic("E0112", TITLE, place_of(op.span), WHY, HELP) for op in found])


def _whole(func: Func, callees: Sequence[Func]) -> Known:
    """Parameters and results of functions that may be integers: those that are in some call, on some path."""
    known: Known = {}
    params = {callee.name: callee.params for callee in callees}
    while True:
        before = len(known)
        for one in (func, *callees):
            numbers = _numbers(one, known)
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


def whole_arrays(func: Func, known: Known | None = None) -> list[Op]:
    """Operations that make such an array, where it is written to or read in parts."""
    made = defs(func)
    numbers = _numbers(func, known or {})
    written = {op.operands[0] for op in walk(func.block) if op.kind == "alloc"}
    read = {op.operands[0] for op in walk(func.block) if op.kind == "index"}
    found = []
    for op in walk(func.block):
        if op.kind != "prim" or op.name not in MAKERS or not isinstance(op.result.type, Array):
            continue
        parts = _parts(op, made)
        lists = any(isinstance(part.type, ListOf) for part in parts)
        used = op.result in written or (op.result in read and not lists)
        if used and op.result.type.dtype in FLOATS and "dtype" not in _args(op):
            found += [op] if parts and all(part in numbers for part in parts) else []
    return found


def _args(op: Op) -> tuple[object, ...]:
    args = op.attrs.get("args", ())
    return args if isinstance(args, tuple) else ()


def _parts(op: Op, made: dict[Value, Op]) -> list[Value]:
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


def _numbers(func: Func, known: Known) -> Known:
    """The numbers that may be integers at run time, and lists of only such; what defines a value stands before it."""
    found: Known = {param.value: None for param in func.params if _is_whole(param.value, known)}
    _mark(func.block, defs(func), known, found)
    return found


def _mark(block: Block, made: dict[Value, Op], known: Known, found: Known) -> None:
    for value in block.params:
        if _is_whole(value, known):
            found[value] = None
    for op in block.ops:
        for region in op.regions:
            _mark(region, made, known, found)
        for slot, value in enumerate(op.results):
            if _is_whole(value, known) or (_is_kept(value.type) and _from_whole(op, slot, made, known, found)):
                found[value] = None
        if op.kind in ("append", "store"):
            _written(op, block, made, found)


def _is_kept(type_: Type) -> bool:
    """Whether values are numbers, or lists (the memory of lists, too)."""
    content = type_.content if isinstance(type_, Ref) else type_
    return is_number(content) or isinstance(content, ListOf)


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
    """Whether the value's type, or what is known of calls, tells that it may be an integer."""
    whole = isinstance(value.type, Scalar) and value.type.kind in ("int", "bool")
    return whole or (value in known and is_number(value.type))


def _from_whole(op: Op, slot: int, made: dict[Value, Op], known: Known, found: Known) -> bool:
    """Whether a result of an operation may be an integer because of what it is made of."""
    if op.kind == "call":
        return (op.name, -1) in known
    if op.kind == "item" and op.operands[0] in made and made[op.operands[0]].kind == "call":
        return (made[op.operands[0]].name, op.attrs["slot"]) in known
    if op.kind == "if":
        return any(region.yields[slot] in found for region in op.regions)
    if op.kind in LOOPS:
        skip = 3 if op.kind == "for" else 0
        return slot >= FIXED_RESULTS and op.operands[slot - FIXED_RESULTS + skip] in found
    if op.kind == "prim" and op.name == "sum" and len(op.operands) == 1 and isinstance(op.operands[0].type, ListOf):
        return op.operands[0] in found or op.operands[0] not in made or made[op.operands[0]].kind != "listing"
    if op.kind in ("listing", "alloc", "load", "view") or (op.kind == "prim" and op.name in KEEPING):
        return bool(op.operands) and all(operand in found for operand in _made_of(op))
    return False


def _made_of(op: Op) -> Sequence[Value]:
    """The operands that decide of the kind: not the places of a view."""
    return op.operands[:1] if op.kind == "view" else op.operands
