"""`f and g` is `f` itself where that decides: an array without axes, which may be written while the flag is still read.

    f = np.array(True)
    h = f and x[0] > 0.5          h may be f
    f ^= True                     refused: h may change here
    if h: ..

A flag that is tested before anything is written (`if f and x[0] > 0.5:`) is taken.

>>> from adgen.ir.core import Func
>>> no_written_flags(Func("f", (), Block((), (), ())))
"""

from __future__ import annotations

from collections.abc import Iterator

from adgen.analyses.aliasing import Aliases, aliases
from adgen.errors import Diagnostic, Place, Refusal
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import Array
from adgen.ir.walk import blocks, defs, walk

TESTS = ("and", "or", "not", "bool")
TITLE = "this flag may be an array that is written"
WHY = "`and` and `or` give the array without axes itself where it decides, and a write to it may change the flag"
HELP = "make a flag of it: `bool(f) and ..`"


def no_written_flags(*funcs: Func) -> None:
    """Refuse flags that a write may change while they are read."""
    found = [op for func in funcs for op in written_flags(func)]
    if found:
        raise Refusal([Diagnostic("E0120", TITLE, _place(op), WHY, HELP) for op in found])


def written_flags(func: Func) -> list[Op]:
    """The operations that make them."""
    made = defs(func)
    if not any(_of_memory(op, made) for op in walk(func.block)):
        return []
    facts = aliases(func)
    return [op for block in blocks(func.block) for op in block.ops if _changes(op, block, func, made, facts)]


def _of_memory(op: Op, made: dict[Value, Op]) -> list[Value]:
    """The arrays without axes that a flag may be."""
    return list(_arrays(op, made)) if op.kind == "prim" and op.name in ("and", "or") else []


def _arrays(op: Op, made: dict[Value, Op]) -> Iterator[Value]:
    for operand in op.operands:
        read = made.get(operand)
        if read is None or not isinstance(operand.type, Array):
            continue
        if read.kind == "load":
            view = made.get(read.operands[0])
            if view is None or view.kind != "view":  # an element of an array is a number
                yield read.operands[0]
        yield from _of_memory(read, made)


def _changes(op: Op, block: Block, func: Func, made: dict[Value, Op], facts: Aliases) -> bool:
    """Whether one of these arrays may be written before the last reader of the flag."""
    refs = _of_memory(op, made)
    if not refs:
        return False
    places = {other: place for place, other in enumerate(block.ops)}
    readers = [reader for reader in walk(func.block) if op.result in reader.operands]
    kept = any(op.result in inner.yields for inner in blocks(func.block))
    if kept or not all(reader in places and _tests(reader) for reader in readers):
        return any(facts.may_write(func.block, ref) for ref in refs)
    last = max((places[reader] for reader in readers), default=0)
    return any(facts.stores_between(block, places[op], last, ref) for ref in refs)


def _tests(reader: Op) -> bool:
    """Whether it asks for the truth of its operand at once."""
    return reader.kind == "if" or (reader.kind == "prim" and reader.name in TESTS)


def _place(op: Op) -> Place | None:
    span = op.span
    return None if span is None else Place(span.path, span.line, span.col, span.end_line, span.end_col)
