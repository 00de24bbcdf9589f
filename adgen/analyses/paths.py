"""Steps of views, and when two of them can be told apart by their constants.

>>> front, inner, last = Step(("i",), (0,)), Step(("s110",), (1, -1)), Step(("i",), (-1,))
>>> disjoint_steps(front, inner), disjoint_steps(last, inner), disjoint_steps(front, last)
(True, True, False)
>>> disjoint_steps(Step(("s001",), (2,)), Step(("s101",), (1, 2)))
True
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from adgen.ir.core import Op, Value
from adgen.ir.types import Array, Ref


class Step(NamedTuple):
    """One view: its path, its operands (a number where it is known), and the axes' lengths where they are known."""

    spec: tuple[str, ...]
    operands: tuple[object, ...]
    shape: tuple[object, ...] = ()

    @staticmethod
    def of(op: Op, defs: Mapping[Value, Op]) -> Step:
        """The step of a view operation."""
        spec = op.attrs.get("spec", ())
        base = op.operands[0].type
        shape = base.content.shape if isinstance(base, Ref) and isinstance(base.content, Array) else ()
        entries = spec if isinstance(spec, tuple) and not op.name else (op.name, *op.attrs.get("args", ()))  # type: ignore[misc]
        return Step(entries, tuple(_known(value, defs) for value in op.operands[1:]), tuple(shape or ()))


def _known(value: Value, defs: Mapping[Value, Op]) -> object:
    """The number that an operand is, or the operand itself."""
    op = defs.get(value)
    if op is not None and op.kind == "const" and type(op.attrs["value"]) is int:
        return op.attrs["value"]
    return value


class _Span(NamedTuple):
    """Positions from `low` to before `high` of an axis, counted from its front or (`True`) from its back."""

    low: tuple[bool, int] | None
    high: tuple[bool, int] | None
    step: int = 1


def disjoint_steps(first: Step, second: Step) -> bool:
    """Whether two parts of the same array have no element in common, as far as constants tell."""
    for axis, (one, other) in enumerate(zip(_spans(first), _spans(second), strict=False)):
        if one is None or other is None:
            continue
        known = first.shape[axis] if axis < len(first.shape) else None
        if _apart(_in_front(one, known), _in_front(other, known)):
            return True
    return False


def _spans(step: Step) -> list[_Span | None]:
    """The span that each axis is cut to; None where it is not known; up to the first entry that is no axis."""
    rest = list(step.operands)
    found: list[_Span | None] = []
    for entry in step.spec:
        if entry == "i":
            found.append(_point(rest.pop(0)))
        elif entry.startswith("s"):
            found.append(_slice([rest.pop(0) if flag == "1" else None for flag in entry[1:]]))
        else:
            break
    return found


def _point(where: object) -> _Span | None:
    """One position."""
    if not isinstance(where, int):
        return None
    return _Span((where < 0, where), (where < 0, where + 1))


def _slice(bounds: list[object]) -> _Span | None:
    """A slice with a positive step."""
    start, stop, step = bounds
    step = 1 if step is None else step
    if not isinstance(step, int) or step < 1:
        return None
    low = (False, 0) if start is None else (start < 0, start) if isinstance(start, int) else None
    high = (True, 0) if stop is None else (stop < 0, stop) if isinstance(stop, int) else None
    return _Span(low, high, step)


def _in_front(span: _Span, length: object) -> _Span:
    """The span counted from the front, where the axis' length is known."""
    if not isinstance(length, int):
        return span

    def front(bound: tuple[bool, int] | None) -> tuple[bool, int] | None:
        return (False, bound[1] + length) if bound is not None and bound[0] else bound

    return _Span(front(span.low), front(span.high), span.step)


def _apart(one: _Span, other: _Span) -> bool:
    """Whether one ends before the other begins, or both stride past each other."""
    for first, second in ((one, other), (other, one)):
        high, low = first.high, second.low
        if high is not None and low is not None and high[0] == low[0] and high[1] <= low[1]:
            return True
    if one.step == other.step > 1 and one.low is not None and other.low is not None:
        in_front = not (one.low[0] or other.low[0]) and min(one.low[1], other.low[1]) >= 0
        return in_front and (one.low[1] - other.low[1]) % one.step != 0
    return False
