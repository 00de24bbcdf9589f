"""Calls of functions whose results `functools.cache` keeps: two calls may return one object, and a call may not run.

    @cache
    def nodes(n): return np.linspace(0.0, 1.0, n)

    a = nodes(3); b = nodes(3)      one array: what is written to `a` would be seen in `b`, and by the next call

Derivatives compute such results anew.  So what is returned is held as if by a list, and no write to it may follow; and
an argument is what cannot change between two calls.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from adgen.frontend import lower_heap as heap
from adgen.frontend.bindings import Known, UserClass, UserFunction
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Closure, Group, Iteration, Poison, Text, Thing, kind_of
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Array, Scalar, Static


def arguments(low: Lowering, bound: Mapping[str, Thing], node: ast.expr, label: str) -> None:
    """Refuse arguments that are one object while what they hold may differ."""
    for name, thing in bound.items():
        if not _constant(low, thing):
            why = f"its results are kept by a cache, and its argument `{name}` may hold other values at the next call"
            raise Reject("E0106", node, why, "give it numbers, or leave the cache out", name=label)


def _constant(low: Lowering, thing: Thing) -> bool:
    """Whether the thing stands for the same at each call that it is given to."""
    match thing:
        case Poison() | Text() | Known() | UserFunction() | UserClass():
            return True
        case Value(type=Static() | Scalar()):
            return True
        case Value(type=Array(shape=shape)):
            return shape == ()
        case Group(kind, _, items) if kind == "tuple" or _unchanging(low, thing):
            return all(_constant(low, item) for item in items)
    return False


def _unchanging(low: Lowering, thing: Group) -> bool:
    """Whether it is a named tuple, or of a frozen dataclass."""
    found = low.frame.source.scope.class_of(kind_of(thing)) if kind_of(thing) else None
    return isinstance(found, UserClass) and (found.kind == "namedtuple" or found.frozen)


def kept_result(low: Lowering, function: UserFunction | Closure, thing: Thing, node: ast.expr) -> Thing:
    """What a call returns: if a cache holds it, nothing may write to it from now on."""
    if not isinstance(function, UserFunction) or not function.source.cached:
        return thing
    if isinstance(thing, Iteration):
        why = "its results are kept by a cache: the next call would return the iterator that has run out"
        raise Reject("E0106", node, why, "return a list", name=function.source.name)
    for obj in heap.objects_in(thing):
        low.memory.freeze(obj.root)
    low.memory.keep(heap.snapshot(low, thing))
    return thing
