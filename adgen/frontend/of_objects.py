"""Functions of the rule table take no objects: what `abs(p)` and `float(p)` are, a method of the class decides.

abs(p)         refused; `p.__abs__()` is a call like others
max(ps)        the same of lists of objects
len(ps)        fine, as are other functions that do not look into them
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from adgen.frontend.lower_sparse import refuse_sparse
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import ListOf, Struct

LOOKING = ("max", "min", "sum")  # of what builtins look at the elements
BLIND = ("copy", "zeros_like", "is", "is_not", "present")


def refuse(name: str, values: Sequence[Value], is_tuple: Callable[[str], bool], node: ast.AST, label: str) -> None:
    """Refuse an object, or a list of them, as an operand; a sparse matrix, but by what knows it."""
    refuse_sparse(name, values, node, label)
    for value in values:
        type_ = value.type
        while isinstance(type_, ListOf) and (name in LOOKING or "." in name):
            type_ = type_.item
        if isinstance(type_, Struct) and type_.kind.startswith("object") and name not in BLIND:
            if not is_tuple(type_.kind):
                why = "what it makes of an object, a method of its class decides"
                raise Reject("E0107", node, why, "call that method", name=label or name)
