"""Members of enumerations: which one it is, its value and its name are known while compiling.

kind is Kind.A       decided; generated code is only used while the name means this member
Kind.A.value         1.5
"""

from __future__ import annotations

import ast
import enum
import inspect
from collections.abc import Iterable

from adgen.frontend.bindings import Instance, Literal
from adgen.frontend.lower_names import _Free, find, literal
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Thing
from adgen.frontend.reject import Reject

PLAIN = (type(None), bool, int, float, complex, str)


def member(low: Lowering, node: ast.expr) -> Literal | None:
    """`Kind.A`, or `self.kind` that is one, without an operation."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
        return None
    found = find(low, node.value.id)
    base = found.binding if isinstance(found, _Free) else found
    binding = low.frame.source.scope.attribute(base, node.attr) if isinstance(base, Instance) else None
    return binding if isinstance(binding, Literal) and isinstance(binding.value, enum.Enum) else None


def attribute_of(low: Lowering, value: enum.Enum, node: ast.Attribute) -> Thing:
    """`Kind.A.value`, `Kind.A.name`."""
    cls, name = type(value), node.attr
    usual = cls.__repr__ is enum.Enum.__repr__  # by which a change of the value is seen
    own = inspect.getattr_static(cls, name, None) is not vars(enum.Enum).get(name, None)
    if name not in ("value", "name") or own or not usual or not _is_plain(getattr(value, name)):
        why = f"of members of {cls.__qualname__} their names are known, and their values if they are numbers or texts"
        raise Reject("E0109", node, why, "keep what is needed in a dict by member, outside the function", name=name)
    return literal(low, getattr(value, name), "", node)


def _is_plain(value: object) -> bool:
    return type(value) in PLAIN or type(value) is tuple and _all_plain(value)


def _all_plain(values: Iterable[object]) -> bool:
    return all(map(_is_plain, values))
