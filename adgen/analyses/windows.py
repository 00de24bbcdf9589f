"""Parts of arrays: which axes a view has left, where it begins on them, and how far it steps.

    m[1]             axis 1 from 0 by 1, at 1 on axis 0
    m[:, 2]          axis 0 from 0 by 1, at 2 on axis 1
    m.T[2, ::-1]     axis 0 backwards, at 2 on axis 1

>>> whole("m", Array("f8", (3, 4)))[0].axes[1]
Line(axis=1, fixed={}, start=0, step=1, alone=False, open=True)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from adgen.ir.core import Op, Value
from adgen.ir.types import Array, ListOf, Ref, Struct, Type, is_number
from adgen.rules.views import BY_LAYOUT, SAME, WIDENED, shares

SAME_LINE = SAME | WIDENED | frozenset("""
    np.ravel np.reshape np.squeeze np.conj np.conjugate np.real attr.real astype unbroadcast hooked adgen.on_adjoint
    adgen.stop_gradient
    """.split())  # of one line: that line, or a copy of it
FLIPS = ("np.flip", "np.flipud")
TRANSPOSES = ("T", "attr.T", "attr.mT", "np.transpose", "np.matrix_transpose", "np.linalg.matrix_transpose")


class Line(NamedTuple):
    """One axis of an array, between fixed positions on the others: the axis, those positions, start and step."""

    axis: int
    fixed: Mapping[int, object]
    start: object
    step: object
    alone: bool  # whether all other axes are fixed, so that the line is of one axis
    open: bool = True  # whether it goes on to the end of the axis


class Window(NamedTuple):
    """A part of an array: the axes that are left (None: one that was added), and the positions on the others."""

    base: object
    axes: tuple[Line | None, ...]
    fixed: Mapping[int, object]


class Shaped(NamedTuple):
    """An array, seen in another shape."""

    base: object
    shape: tuple[object, ...]


class Sources(NamedTuple):
    """Where values come from: the operation that makes them, or what control flow hands on."""

    made: Mapping[Value, Op]
    handed: Mapping[Value, Sequence[Value]]
    counted: Mapping[Value, None] = {}  # indices of loops that count up from zero or later

    def number(self, value: object) -> object:
        """The number that a value is, or the value itself."""
        op = self.made.get(value) if isinstance(value, Value) else None
        return op.attrs["value"] if op is not None and op.kind == "const" and type(op.attrs["value"]) is int else value


def windows(value: Value, sources: Sources) -> list[Window] | None:
    """The parts of arrays that a reference or a content may be; None if one is not known."""
    return _Walk(sources).of(value)


class _Walk:
    """Follows a value to the arrays it may be a part of."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.open: dict[Value, None] = {}

    def of(self, value: Value) -> list[Window] | None:
        """The windows of a value; what a loop hands on to itself unchanged adds none."""
        if value in self.open:
            return []
        self.open[value] = None
        found = self._of(value)
        del self.open[value]
        return found

    def _of(self, value: Value) -> list[Window] | None:
        op = self.sources.made.get(value)
        if value in self.sources.handed:
            found = self._all(self.sources.handed[value])
            return None if found is None else [_earlier(window) for window in found]
        if op is None or op.kind == "alloc":
            return whole(value, value.type)
        if op.kind == "select":
            return self._all(op.operands[1:])
        if op.kind == "load" and not is_copy(self.sources.made.get(op.operands[0])):
            return self.of(op.operands[0])
        if op.kind in ("view", "index") and not op.name:
            return whole(value, value.type) if is_copy(op) else self._cut(op)
        if op.kind == "view" or (op.kind == "prim" and shares(op)):
            return self._named(op)
        return whole(value, value.type) if op.kind in ("prim", "load", "const") else None

    def _all(self, values: Sequence[Value]) -> list[Window] | None:
        """Everything that several values may be; a loop that cuts what it hands on is not followed."""
        found: list[Window] = []
        for value in values:
            windows = self.of(value)
            if windows is None:
                return None
            found += windows
        return found

    def _cut(self, op: Op) -> list[Window] | None:
        """A subscript."""
        base = op.operands[0].type
        inside = base.content if isinstance(base, Ref) else base
        if isinstance(inside, ListOf):
            return whole(("element", op.operands[0].type), op.result.type)
        inner = self._inside(op.operands[0])
        if inner is None:
            return None
        cuts = [_cut(window, op, self.sources) for window in inner]
        return None if any(cut is None for cut in cuts) else [cut for cut in cuts if cut is not None]

    def _inside(self, value: Value) -> list[Window] | None:
        """The windows of what is cut; None where a loop cuts its own cuts."""
        return None if value in self.open else self.of(value)

    def _named(self, op: Op) -> list[Window] | None:
        """A view that a function makes."""
        inner = self._inside(op.operands[0])
        if inner is None:
            return None
        found = []
        for window in inner:
            made = _named(window, op)
            if made is None:
                return None
            found.append(made)
        return found


def _earlier(window: Window) -> Window:
    """A window that control flow hands on: a value that it names may be that of another iteration."""

    def told(where: object) -> object:
        return object() if isinstance(where, Value) else where

    fixed = {axis: told(where) for axis, where in window.fixed.items()}
    axes = (line and line._replace(fixed=fixed, start=told(line.start), step=told(line.step)) for line in window.axes)
    return Window(window.base, tuple(axes), fixed)


def whole(base: object, type_: Type) -> list[Window] | None:
    """All of an array, if its rank is known."""
    inside = type_.content if isinstance(type_, Ref) else type_
    if not isinstance(inside, Array) or inside.shape is None:
        return None
    rank = len(inside.shape)
    return [Window(base, tuple(Line(axis, {}, 0, 1, rank == 1) for axis in range(rank)), {})]


def _named(window: Window, op: Op) -> Window | None:
    """A window after a function that makes a view."""
    if not window.axes:
        return window
    if op.name in TRANSPOSES and len(window.axes) == 2 and len(op.operands) == 1:
        return window._replace(axes=window.axes[::-1])
    if op.name in FLIPS and len(window.axes) == 1 and isinstance(window.axes[0], Line):
        line = window.axes[0]
        step = -line.step if isinstance(line.step, int) else object()
        return window._replace(axes=(line._replace(start=object(), step=step),))
    result = op.result.type.content if isinstance(op.result.type, Ref) else op.result.type
    if not isinstance(result, Array) or result.shape is None:
        return None
    if op.name in SAME_LINE and len(window.axes) == 1 and len(result.shape) == 1:
        return window
    if op.name not in BY_LAYOUT or window.fixed or any(line != _full(line) for line in window.axes):
        return None
    shape = tuple(object() if length is None else length for length in result.shape)
    made = whole(Shaped(window.base, shape), result)
    return made[0] if made else None


def _full(line: Line | None) -> Line | None:
    """The same axis, as long as it is."""
    return line and line._replace(start=0, step=1)


def _cut(window: Window, op: Op, sources: Sources) -> Window | None:
    """A window after a subscript."""
    spec = op.attrs.get("spec", ())
    assert isinstance(spec, tuple)
    rest = [sources.number(value) for value in op.operands[1:]]
    left = list(window.axes)
    axes: list[Line | None] = []
    fixed = dict(window.fixed)
    skipped = len(left) - sum(entry not in ("n", "...") for entry in spec)
    if skipped < 0:
        return None
    for entry in spec:
        if entry == "n":
            axes.append(None)
        elif entry == "...":
            axes += left[:skipped]
            del left[:skipped]
        elif entry == "i":
            line, where = left.pop(0), rest.pop(0)
            if line is not None:
                fixed[line.axis] = where if (line.start, line.step) == (0, 1) else object()
        else:
            start, stop, step = (rest.pop(0) if flag == "1" else None for flag in entry[1:])
            line = _sliced(left.pop(0), start, step)
            axes.append(line and line._replace(open=line.open and stop is None))
    axes += left
    kept = [line for line in axes if line is not None]
    done = tuple(line and line._replace(fixed=fixed, alone=len(kept) == 1) for line in axes)
    return Window(window.base, done, fixed)


def _sliced(line: Line | None, start: object, step: object) -> Line | None:
    """An axis after a slice."""
    if line is None:
        return None
    step = 1 if step is None else step
    if isinstance(step, int) and isinstance(line.step, int):
        total: object = line.step * step
    else:
        total = step if line.step == 1 else object()
    begin: object = object()
    if start is None and isinstance(step, int) and step > 0:
        begin = line.start
    elif (line.start, line.step) == (0, 1) and start is not None:
        begin = start
    return line._replace(start=begin, step=total)


def is_copy(op: Op | None) -> bool:
    """Whether it is a subscript with an array among its indices: what is read is a copy."""
    if op is None or op.kind not in ("view", "index") or op.name:
        return False
    return any(isinstance(v.type, Array | Struct | ListOf) and not is_number(v.type) for v in op.operands[1:])
