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
from adgen.ir.types import Array, Scalar, is_number
from adgen.ir.walk import FIXED_RESULTS, LOOPS, defs, walk
from adgen.transforms.reverse_stores import place_of

TITLE = "an array changes its kind"
WHY = "the number that it is made of is an integer on some path, and so are then its elements"
HELP = "start with `0.0` (`sum(.., 0.0)`), or give the array a dtype"
MAKERS = ("np.full", "np.array", "np.asarray")
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
    used = {op.operands[0] for op in walk(func.block) if op.kind in ("alloc", "index")}
    found = []
    for op in walk(func.block):
        if op.kind == "prim" and op.name in MAKERS and op.result in used and isinstance(op.result.type, Array):
            if op.result.type.dtype == "f8" and "dtype" not in _args(op) and _filling(op, made, numbers):
                found.append(op)
    return found


def _args(op: Op) -> tuple[object, ...]:
    args = op.attrs.get("args", ())
    return args if isinstance(args, tuple) else ()


def _filling(op: Op, made: dict[Value, Op], numbers: Known) -> bool:
    """Whether all numbers that the array is made of may be integers."""
    value = op.operands[1] if op.name == "np.full" and len(op.operands) > 1 else op.operands[0]
    origin = made.get(value)
    parts = list(origin.operands) if origin is not None and origin.kind in ("pack", "listing") else [value]
    return bool(parts) and all(part in numbers for part in parts)


def _numbers(func: Func, known: Known) -> Known:
    """The numbers of a function that may be integers at run time; what defines a value stands before it."""
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
            if _is_whole(value, known) or (is_number(value.type) and _from_whole(op, slot, made, known, found)):
                found[value] = None


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
    return op.kind == "prim" and op.name in KEEPING and all(operand in found for operand in op.operands)
