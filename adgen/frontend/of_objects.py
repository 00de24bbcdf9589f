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
from adgen.ir.types import ListOf, Struct, Type

LOOKING = ("max", "min", "sum")  # of what builtins look at the elements
BLIND = ("copy", "zeros_like", "is", "is_not", "present")


def refuse(name: str, values: Sequence[Value], is_tuple: Callable[[str], bool], node: ast.AST, label: str) -> None:
    """Refuse an object, or a list of them, as an operand; a sparse matrix, but by what knows it."""
    refuse_sparse(name, values, node, label)
    looking = name in LOOKING or "." in name
    for value in values:
        if name not in BLIND and _has_object(value.type, looking, is_tuple):
            why = "what it makes of an object, a method of its class decides"
            raise Reject("E0107", node, why, "call that method", name=label or name)


def _has_object(type_: Type, looking: bool, is_tuple: Callable[[str], bool]) -> bool:
    """Whether it is an object, or what a function that looks into lists and tuples finds in one."""
    if isinstance(type_, ListOf):
        return looking and _has_object(type_.item, looking, is_tuple)
    if not isinstance(type_, Struct):
        return False
    if type_.kind.startswith("object"):
        return not is_tuple(type_.kind)
    return (
        looking
        and type_.kind in ("list", "tuple")
        and any(_has_object(item, looking, is_tuple) for item in type_.items)
    )
