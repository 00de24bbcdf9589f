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

from collections.abc import Sequence

from adgen.analyses.whole_numbers import FLOATS, MAKERS, Known, maybe_whole, parts_of, whole_in_calls
from adgen.errors import Diagnostic, Refusal
from adgen.ir.core import Func, Op, Value
from adgen.ir.types import Array, ListOf
from adgen.ir.walk import defs, walk
from adgen.transforms.reverse_stores import place_of

TITLE = "an array changes its kind"
WHY = "the number that it is made of is an integer on some path, and so are then its elements"
HELP = "start with `0.0` (`sum(.., 0.0)`), or give the array a dtype"


def no_whole_arrays(func: Func, callees: Sequence[Func] = ()) -> None:
    """Refuse them: what is written into them would be cut off on some path, and what is read is no real number."""
    known = whole_in_calls(func, callees)
    found = [op for one in (func, *callees) for op in whole_arrays(one, known)]
    if found:
        raise Refusal([Diagnostic("E0112", TITLE, place_of(op.span), WHY, HELP) for op in found])


def whole_arrays(func: Func, known: Known | None = None) -> list[Op]:
    """Operations that make such an array, where it is written to or read in parts."""
    made = defs(func)
    found = maybe_whole(func, known or {})
    read = {op.operands[0] for op in walk(func.block) if op.kind == "index"}
    makers: dict[Value, None] = {}
    for op in walk(func.block):
        if op.kind == "alloc" and op.operands[0] in found:
            makers[op.operands[0]] = None
        elif op.kind == "prim" and op.name in MAKERS and op.result in found and op.result in read:
            if not any(isinstance(part.type, ListOf) for part in parts_of(op, made)):
                makers[op.result] = None
    real = (value for value in makers if isinstance(value.type, Array) and value.type.dtype in FLOATS)
    return [made[value] for value in real if value in made]
