"""The first line of loops: ranges forwards and backwards, sequences, and the test of a `while`.

0, n, 1                      range(n)               reversed    range(n - 1, -1, -1), but range(n) for `_`
0, len(xs), 1 over xs        x in xs                with index  i, x in enumerate(xs)
body begins with `if c: .. else: break`             while c:
"""

from __future__ import annotations

from typing import Protocol

from adgen.backend.expressions import Expressions
from adgen.backend.operators import ARITH, TERM
from adgen.backend.script import Branch, Leave, Loop, Statement
from adgen.ir.core import Value
from adgen.ir.types import Scalar


class Judge(Protocol):
    """Who knows which statements print nothing."""

    def is_silent(self, statement: Statement) -> bool:
        """Whether a statement prints nothing."""


def targets_of(write: Expressions, loop: Loop) -> str:
    """What stands between `for` and `in`."""
    head = loop.head
    assert head is not None
    if not head.sequences:
        return write.name(loop.targets[0])
    parts = [_element(write, element) for element in head.elements]
    if not head.counts:
        return parts[0].strip("()") if len(parts) == 1 else ", ".join(parts)
    inner = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
    return f"{write.name(loop.targets[0])}, {inner}"


def _element(write: Expressions, element: Value) -> str:
    """The target for one element: a name, or names for its items."""
    items = write.plan.unpacked.get(element)
    if items is None:
        return write.name(element)
    return "(" + ", ".join("_" if item is None else write.name(item) for item in items) + ")"


def first_line(write: Expressions, loop: Loop) -> str:
    """What stands after `in`."""
    head = loop.head
    assert head is not None
    if head.sequences:
        texts = [write.text(sequence) for sequence in head.sequences]
        text = texts[0] if len(texts) == 1 else f"zip({', '.join(texts)})"
        text = f"enumerate({text})" if head.counts else text
        return f"reversed({text})" if loop.op.attrs.get("reversed") else text
    start, stop, step = loop.op.operands[:3]
    unseen = loop.op.role == "adjoint" and write.name(loop.targets[0]) == "_"
    if not loop.op.attrs.get("reversed") or unseen:
        return _range(write, start, stop, step)
    first = number(write, start)
    if number(write, step) == 1 and first is not None:
        return f"range({less_one(write, stop)}, {first - 1}, -1)"
    if write.plan.func.profile == "numba" or number(write, step) in (1, -1):
        return _backwards(write, start, stop, step)
    return f"reversed({_range(write, start, stop, step)})"


def _backwards(write: Expressions, start: Value, stop: Value, step: Value) -> str:
    """`reversed(range(start, stop, step))` as a range, for Numba, which has no `reversed`."""
    first, known = number(write, start), number(write, step)
    if known == 1:
        return f"range({less_one(write, stop)}, {less_one(write, start)}, -1)"
    if known == -1:
        last = _one_more(write, stop)
        return f"range({'' if last == '0' else last + ', '}{_one_more(write, start)})"
    passes = f"len({_range(write, start, stop, step)}) - 1"
    begin = "" if first == 0 else write.text(start, ARITH)
    if known is not None:
        last = f"({passes}) * {abs(known)}"
        first_text = f"{begin} {'+' if known > 0 else '-'} {last}" if begin else last if known > 0 else f"-{last}"
        end = f"{begin} {'-' if known > 0 else '+'} {abs(known)}" if begin else str(-known)
        return f"range({first_text}, {end}, {-known})"
    by = write.text(step, TERM)
    last = f"({passes}) * {by}"
    return f"range({begin + ' + ' if begin else ''}{last}, {begin + ' - ' if begin else '-'}{by}, -{by})"


def _one_more(write: Expressions, value: Value) -> str:
    """`n + 1`, with constants folded: `n` for `n - 1`."""
    known = number(write, value)
    if known is not None:
        return str(known + 1)
    op = write.definition(value)
    offset = number(write, op.operands[1]) if op is not None and op.name in ("add", "sub") else None
    if op is None or offset is None or value.type != Scalar("int"):
        return f"{write.text(value, ARITH)} + 1"
    total = (offset if op.name == "add" else -offset) + 1
    base = write.text(op.operands[0], ARITH)
    return base if total == 0 else f"{base} {'+' if total > 0 else '-'} {abs(total)}"


def _range(write: Expressions, start: Value, stop: Value, step: Value) -> str:
    if number(write, step) != 1:
        return f"range({write.text(start)}, {write.text(stop)}, {write.text(step)})"
    if number(write, start) != 0:
        return f"range({write.text(start)}, {write.text(stop)})"
    return f"range({write.text(stop)})"


def number(write: Expressions, value: Value) -> int | None:
    """The integer that a value is, if it is a literal."""
    op = write.script.defs.get(value)
    known = op.attrs.get("value") if op is not None and op.kind == "const" else None
    return known if type(known) is int else None


def less_one(write: Expressions, value: Value) -> str:
    """`n - 1` with constants folded: `len(xs) - 2` for `len(xs) - 1`."""
    known = number(write, value)
    if known is not None:
        return str(known - 1)
    op = write.definition(value)
    if op is not None and op.name in ("add", "sub") and value.type == Scalar("int"):
        offset = number(write, op.operands[1])
        if offset is not None:
            total = (offset if op.name == "add" else -offset) - 1
            base = write.text(op.operands[0], ARITH)
            return base if total == 0 else f"{base} {'+' if total > 0 else '-'} {abs(total)}"
    return f"{write.text(value, ARITH)} - 1"


def while_test(write: Expressions, body: list[Statement], judge: Judge) -> tuple[str, list[Statement]] | None:
    """The test of a loop whose body is one `if` with nothing but `break` on its other side, and the rest."""
    if len(body) != 1 or not isinstance(body[0], Branch):
        return None
    branch: Branch = body[0]
    if _only_breaks(branch.orelse, judge):
        return write.test(branch.test, 0), branch.then
    if _only_breaks(branch.then, judge):
        return write.denied(branch.test), branch.orelse
    return None


def _only_breaks(statements: list[Statement], judge: Judge) -> bool:
    left = [statement for statement in statements if not judge.is_silent(statement)]
    return len(left) == 1 and isinstance(left[0], Leave) and left[0].word == "break"
