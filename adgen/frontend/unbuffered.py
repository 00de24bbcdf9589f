"""Stores that read what they have written: NumPy does not look whether these parts of an array overlap.

m[:, 2] = m[1]            refused: NumPy has written m[1, 2] before it reads it
m[:, 2] = m[1].copy()     what is meant
"""

from __future__ import annotations

from adgen.analyses.unbuffered import unbuffered
from adgen.errors import Diagnostic, Place, Refusal
from adgen.frontend.reject import HELPS, TITLES
from adgen.ir.core import Func, Op

CODE = "E0130"
WHY = "NumPy copies element by element here, in an order in which elements are written before they are read"


def refuse_unbuffered(func: Func) -> None:
    """Raise Refusal for each store whose content may be a view of what it writes, element by element."""
    found = unbuffered(func)
    if found:
        raise Refusal([Diagnostic(CODE, TITLES[CODE], _place(op), WHY, HELPS[CODE]) for op in found])


def _place(op: Op) -> Place | None:
    span = op.span
    return None if span is None else Place(span.path, span.line, span.col, span.end_line, span.end_col)
