"""The textbook style: each contribution to the adjoint of a name of the user's is a statement of its own.

    u = x1 + x2          u_bar = y_bar * x3
    y = u * x3           x1_bar = u_bar
                         x2_bar = u_bar

In the expert style the two last adjoints are the first one, and no line says so.
"""

from __future__ import annotations

from adgen.ir.build import Builder
from adgen.ir.core import Op, Value
from adgen.ir.types import Array


def said(builder: Builder, adjoint: Value, name: str) -> Value:
    """The adjoint under a name that the text is to say, in a statement of its own; an array of its own, too."""
    prim = "copy" if isinstance(adjoint.type, Array) and adjoint.type.shape else "pos"
    made = Value(adjoint.type, name)
    builder.add(Op("prim", prim, (adjoint,), (made,), (), {"args": ("x",), "said": True}, builder.span, "adjoint"))
    return made
