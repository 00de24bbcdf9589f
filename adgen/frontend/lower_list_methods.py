"""Methods of lists: those that change a list make it memory, those that move elements are in lower_shifts.

xs.append(e)     append(xs, e)
xs.copy()        a list of the same elements, whose changes are its own
xs.pop()         pop(xs)
"""

from __future__ import annotations

import ast

from adgen.frontend import lower_memory as memory
from adgen.frontend import lower_shifts as shifts
from adgen.frontend.lower_absent import element
from adgen.frontend.lower_calls import METHODS
from adgen.frontend.lower_function_lists import append as append_function
from adgen.frontend.lower_function_lists import learn_grown
from adgen.frontend.lower_index import homogeneous
from adgen.frontend.lower_lists import append, extend
from adgen.frontend.lower_places import exchanged
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_stores import writable
from adgen.frontend.lower_things import Group, Obj, Thing, tuple_of
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import ListOf, Ref, is_number


def written_at(node: ast.expr) -> ast.expr:
    """The receiver of a method's call, as it is written."""
    function = node.func if isinstance(node, ast.Call) else node
    return function.value if isinstance(function, ast.Attribute) else function


def snapshot(low: Lowering, thing: Thing) -> Value:
    """The content of a list as of now; arrays in it are shared with the list."""
    value = low.content(thing)
    if not (isinstance(value.type, ListOf) and is_number(value.type.item)):
        low.memory.hold(value)
    return value


def changed(low: Lowering, group: Group) -> bool:
    """Whether the list is changed later."""
    return group.kind == "list" and group.site in low.learnt.memory


def copied(low: Lowering, value: Value, site: tuple[object, ...]) -> Value:
    """A list of the same elements, whose changes are its own."""
    slices = {"spec": ("s000",)}
    copy = low.b.emit("index", "", (value,), value.type, attrs=slices)
    return low.fresh(copy, site)


def _list_append(
    low: Lowering, xs: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
) -> Thing:
    if len(args) != 1 or keywords:
        raise Reject("E0106", node, "it takes one element", name=".append")
    learn_grown(low, xs, args[0], node)
    if isinstance(xs, Obj):
        append_function(low, xs, args[0], node)
    else:
        append(low, writable(low, xs, written_at(node)), args[0], node)
    return low.b.const(None)


def _list_extend(
    low: Lowering, xs: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
) -> Thing:
    if len(args) != 1 or keywords:
        raise Reject("E0106", node, "it takes one list", name=".extend")
    extend(low, writable(low, xs, written_at(node)), args[0], node)
    return low.b.const(None)


def _list_copy(
    low: Lowering, xs: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
) -> Thing:
    site = low.site(node, "list")
    if isinstance(xs, Group):
        group = tuple_of(xs.items, "list", site)
        return low.fresh(homogeneous(low, group, node), site, hint) if changed(low, group) else group
    value = snapshot(low, xs)
    return low.alloc(value, site, hint) if site in low.learnt.memory else copied(low, value, site)


def _list_pop(
    low: Lowering, xs: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
) -> Thing:
    from adgen.frontend.lower_order import pop_at

    known, position = low.static(args[0]) if args else (True, -1)
    if keywords or len(args) > 1:
        raise Reject("E0106", node, "it takes one position", name=".pop")
    ref = writable(low, xs, written_at(node))
    exchanged(low, ref, node)
    if not known or type(position) is not int or position < -1:
        return pop_at(low, ref, args[0], node, hint)
    if position != -1:
        return shifts.pop(low, ref, position, node, hint)
    assert isinstance(ref.type, Ref) and isinstance(ref.type.content, ListOf)
    value = low.b.emit("pop", "", (ref,), ref.type.content.item, hint, user=bool(hint))
    low.memory.origin(value, memory.Origin("element", None, None, ref.hint))
    return element(low, value)


def _list_insert(
    low: Lowering, xs: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
) -> Thing:
    from adgen.frontend.lower_order import insert_at

    known, position = low.static(args[0]) if len(args) == 2 else (False, None)
    if keywords or len(args) != 2:
        raise Reject("E0106", node, "it takes a position and an element", name=".insert")
    if not known or type(position) is not int or position < 0:
        insert_at(low, writable(low, xs, written_at(node)), node.args[0], args[1], node)
        return low.b.const(None)
    shifts.insert(low, writable(low, xs, written_at(node)), position, args[1], node)
    return low.b.const(None)


def _list_reverse(
    low: Lowering, xs: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
) -> Thing:
    shifts.reverse(low, writable(low, xs, written_at(node)), node)
    return low.b.const(None)


def _list_clear(
    low: Lowering, xs: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
) -> Thing:
    shifts.clear(low, writable(low, xs, written_at(node)), node)
    return low.b.const(None)


METHODS.update(
    {
        "list.append": _list_append,
        "list.extend": _list_extend,
        "list.pop": _list_pop,
        "list.copy": _list_copy,
        "list.insert": _list_insert,
        "list.reverse": _list_reverse,
        "list.clear": _list_clear,
    }
)
