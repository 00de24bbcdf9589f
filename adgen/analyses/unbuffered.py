"""Stores that NumPy copies element by element from a view of the memory they write: it reads what it has written.

    m[:, 2] = m[1]            unbuffered: the strides differ, and m[1, 2] is written before it is read
    y[y > 0.0] = y[:k]        unbuffered: a boolean mask; so is what is written through `.flat`
    y[1:] = y[:-1]            equal strides: NumPy picks the direction in which nothing is lost
    y[:] = y[::-1]            strides of opposite signs, more than one axis: NumPy makes a copy first
    m[i, :] = m[:, i]         the one common element is copied to itself: both are as long, the matrix is square
    m[:, 2] = m[1] + 1.0      the sum is a new array

NumPy (2.4) looks for overlaps of what it assigns if the target has several axes, or the strides opposite signs
(numpy/_core/src/multiarray/array_assign_array.c); lines of equal strides it copies in the right direction.  A program
with an unbuffered store means what no derivative of a copy tells; derivative code gets a copy.

>>> from adgen.ir.types import INT
>>> start = Value(INT, "k")
>>> row, column = Line(0, {1: start}, 0, 1, True), Line(1, {0: start}, 0, 1, True)
>>> in_order(row, column, Sources({}, {})), in_order(row, Line(1, {0: 3}, 0, 1, True), Sources({}, {}))
(True, False)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adgen.analyses.aliasing import aliases
from adgen.analyses.windows import Line, Shaped, Sources, Window, is_copy, windows
from adgen.ir.core import Func, Op, Value
from adgen.ir.types import Array, Ref, is_number
from adgen.ir.walk import defs, lanes, walk
from adgen.rules.views import shares

# how a store came about (`out` of the operation) that has an order of its own, and what it reads as it goes
AS_IT_GOES = {
    "out": ("np.concatenate", "np.stack", "np.ptp", "np.choose"),
    "np.place": ("np.resize",),
    "np.fill_diagonal": ("np.resize",),
    "np.copyto": ("np.where",),  # with a mask; what is copied is its second operand
}


def unbuffered(func: Func) -> list[Op]:
    """The stores whose content may be a view of what they write, in an order in which NumPy loses elements."""
    stores = [op for op in walk(func.block) if op.kind == "store" and op.attrs["mode"] == "set" and _is_array(op)]
    if not stores:
        return []
    walked = list(walk(func.block))
    handed: dict[Value, list[Value]] = {}
    for op in walked:
        for source, result in lanes(op):
            handed.setdefault(result, []).append(source)
    known, sources = aliases(func), Sources(defs(func), handed)
    sources = sources._replace(counted=_counted(walked, sources))
    return [
        op
        for op in stores
        if not _is_slot(op, sources)
        and any(known.may_alias(ref, op.operands[0]) for ref in _read(op, sources))
        and not _fine(op, sources)
    ]


def _counted(ops: Sequence[Op], sources: Sources) -> dict[Value, None]:
    """The indices of loops that are never negative."""
    found: dict[Value, None] = {}
    for op in ops:
        if op.kind == "for":
            start, step = sources.number(op.operands[0]), sources.number(op.operands[2])
            if isinstance(start, int) and isinstance(step, int) and start >= 0 and step > 0:
                found[op.regions[0].params[0]] = None
    return found


def _is_array(store: Op) -> bool:
    """Whether more than one element may be written, from more than one."""
    content = store.operands[1].type
    if not isinstance(content, Array) or is_number(content):
        return False
    target = store.operands[0].type
    place = target.content if isinstance(target, Ref) else target
    several = not isinstance(place, Array) or place.shape is None or len(place.shape) > 0
    return several and (content.shape is None or any(length != 1 for length in content.shape))


def _is_slot(store: Op, sources: Sources) -> bool:
    """Whether an element of a list or dict is replaced: nothing is copied."""
    view = sources.made.get(store.operands[0])
    base = view.operands[0].type if view is not None and view.kind == "view" else None
    return isinstance(base, Ref) and not isinstance(base.content, Array)


def _read(store: Op, sources: Sources) -> Iterator[Value]:
    """The references that the content may be a view of; those that a function reads after it has begun to write."""
    todo = [store.operands[1]]
    seen = dict.fromkeys(todo)
    while todo:
        value = todo.pop()
        op = sources.made.get(value)
        more: Sequence[Value] = sources.handed.get(value, ())
        if op is None:
            pass
        elif op.kind == "load" and not is_copy(sources.made.get(op.operands[0])):
            yield op.operands[0]
        elif op.kind == "index" and not is_copy(op):
            more = op.operands[:1]
        elif op.kind == "select":
            more = op.operands[1:]
        elif op.kind == "prim" and op.name == "np.where":
            more = op.operands[1:2] if _goes(store, op) else ()
        elif op.kind in ("pack", "listing", "item") or (op.kind == "prim" and (shares(op) or _goes(store, op))):
            more = op.operands
        todo += [one for one in more if one not in seen]
        seen.update(dict.fromkeys(more))


def _goes(store: Op, op: Op) -> bool:
    """Whether the function reads its arguments while it writes its result to the target."""
    how = store.attrs.get("out")
    return isinstance(how, str) and op.kind == "prim" and op.name in AS_IT_GOES.get(how, ())


def _fine(store: Op, sources: Sources) -> bool:
    """Whether NumPy copies the content as a whole, or in an order in which nothing is lost."""
    target, content = store.operands
    op, value = sources.made.get(target), sources.made.get(content)
    if store.attrs.get("out") in ("np.place", "np.fill_diagonal"):
        return False
    if value is not None and _goes(store, value):
        if value.name != "np.where":
            return False
        content = value.operands[1]
    if op is not None and op.kind == "view" and (op.name == "attr.flat" or _is_mask(op)):
        return False
    place = target.type.content if isinstance(target.type, Ref) else target.type
    if isinstance(place, Array) and place.shape is not None and len(place.shape) > 1:
        return True
    if op is not None and op.kind == "view" and is_copy(op):
        return True  # integer arrays: NumPy looks for overlaps
    here, there = windows(target, sources), windows(content, sources)
    if here is None or there is None:
        return False
    return all(_apart(one, other, sources) for one in here for other in there)


def _apart(one: Window, other: Window, sources: Sources) -> bool:
    """Whether two windows are of different arrays, or of lines that NumPy copies in the right order."""
    arrays = _array(one.base), _array(other.base)
    if arrays[0] != arrays[1]:
        return not any(isinstance(array, tuple) for array in arrays)  # an element of a list may be a view of the other
    if one.base != other.base:
        return False
    if not one.axes or not other.axes:
        return True  # a number
    line, read = one.axes[-1], other.axes[-1]
    if line is None or read is None:  # a new axis has one element
        return True
    return in_order(line, read, sources)


def _array(base: object) -> object:
    """The array itself, whichever shape it is seen in."""
    while isinstance(base, Shaped):
        base = base.base
    return base


def in_order(line: Line, read: Line, sources: Sources) -> bool:
    """Whether a line can be copied to the other one, element by element, and no element is lost."""
    if line.axis == read.axis:
        if line.step == read.step:
            return True
        if not isinstance(line.step, int) or not isinstance(read.step, int):
            return False
        if line.step * read.step < 0:
            return True
        starts = line.start, read.start
        return (
            0 < line.step <= read.step
            and isinstance(starts[0], int)
            and isinstance(starts[1], int)
            and (0 <= starts[0] <= starts[1])
        )
    if not line.alone or not read.alone:
        return False
    where, there = read.fixed.get(line.axis), line.fixed.get(read.axis)
    if where is None or not _equal(where, there, sources) or line.step != read.step or line.step != 1:
        return False
    if not (line.open and read.open) and not _from_front(where, sources):
        return False  # as long as each other and both to the end: of a square, in which -1 is one place on both axes
    return _equal(line.start, read.start, sources) and _in_front(line.start, where, sources)


def _from_front(where: object, sources: Sources) -> bool:
    """Whether a position is counted from the front for sure."""
    where = sources.number(where)
    return where in sources.counted if isinstance(where, Value) else isinstance(where, int) and where >= 0


def _equal(a: object, b: object, sources: Sources) -> bool:
    """Whether two positions are the same number: one value, or computed in the same way from the same."""
    a, b = sources.number(a), sources.number(b)
    if a is b or (isinstance(a, int) and a == b):
        return True
    if not isinstance(a, Value) or not isinstance(b, Value):
        return False
    one, other = sources.made.get(a), sources.made.get(b)
    if one is None or other is None or one.kind != "prim" or other.kind != "prim" or one.name != other.name:
        return False
    if len(one.operands) != len(other.operands) or one.name not in ("add", "sub", "mul", "floordiv"):
        return False
    return all(_equal(x, y, sources) for x, y in zip(one.operands, other.operands, strict=True))


def _in_front(start: object, where: object, sources: Sources) -> bool:
    """Whether a start is counted from the front: a number, the fixed position itself, or one behind it."""
    start = sources.number(start)
    if isinstance(start, int):
        return start >= 0
    if _equal(start, where, sources):
        return True
    op = sources.made.get(start) if isinstance(start, Value) else None
    if op is not None and op.kind == "prim" and op.name == "add":
        parts = [sources.number(one) for one in op.operands]
        return any(
            isinstance(more, int) and more >= 0 and _equal(base, where, sources) for base, more in (parts, parts[::-1])
        )
    return False


def _is_mask(op: Op) -> bool:
    """Whether it may be one boolean mask of all axes: NumPy goes through the elements one by one."""
    if op.name or op.attrs.get("spec") != ("i",):
        return False
    mask, base = op.operands[1].type, op.operands[0].type
    whole = base.content if isinstance(base, Ref) else base
    if not isinstance(mask, Array) or is_number(mask) or mask.dtype not in ("b1", None):
        return False
    ranks = [len(one.shape) for one in (mask, whole) if isinstance(one, Array) and one.shape is not None]
    return len(ranks) < 2 or ranks[0] == ranks[1]
