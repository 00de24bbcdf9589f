"""Builtins that are no rules, and methods of lists and dicts that do more than compute.

range enumerate zip reversed      iterations
isinstance callable               decided while compiling
list tuple dict len sum print     on structures; on arrays they are rules
append pop items                  lists, dicts
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from adgen.frontend import lower_heap as heap
from adgen.frontend.bindings import Instance
from adgen.frontend.lower_calls import METHODS, arguments, builtin, rule
from adgen.frontend.lower_cuts import cut
from adgen.frontend.lower_functional import consumed
from adgen.frontend.lower_generators import taken_in_part
from adgen.frontend.lower_index import homogeneous, part_value
from adgen.frontend.lower_iterables import enumerate_of, iterate, range_of, reversed_of, sequence, zip_of
from adgen.frontend.lower_kinds import is_callable, isinstance_of
from adgen.frontend.lower_list_methods import changed, copied, snapshot
from adgen.frontend.lower_lists import run_out, sum_of
from adgen.frontend.lower_maps import is_map, keys
from adgen.frontend.lower_objects import attribute_of, called, fields_of, positional, replaced, super_call, write_field
from adgen.frontend.lower_stars import passed
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_statements import printing
from adgen.frontend.lower_statics import has
from adgen.frontend.lower_strings import computed
from adgen.frontend.lower_things import (
    Group,
    Iteration,
    Obj,
    Partial,
    Poison,
    Poisoned,
    Thing,
    class_kind,
    content_type,
    tuple_of,
    type_of,
)
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import INT, Array, DictOf, ListOf, Opaque, Static, Struct, is_set
from adgen.rules.keys import TEXT


# iterations ----------------------------------------------------------------------------------------------------------
def plain(
    low: Lowering, node: ast.Call, low_count: int, high: int, keywords: Sequence[str] = (), later: bool = False
) -> list[Thing]:
    """The arguments of a builtin, by position; keywords follow in the order given."""
    args, named = arguments(low, node, True, later)
    label = ast.unparse(node.func)
    unknown = [key for key in named if key not in keywords]
    if unknown or not low_count <= len(args) + len(named) <= high:
        why = (
            f"the argument `{unknown[0]}` is not known" if unknown else f"{len(args) + len(named)} arguments are given"
        )
        raise Reject("E0106", node, why, name=label)
    every = [*args, *(named[key] for key in keywords if key in named)]
    if any(isinstance(thing, Poison) for thing in every):
        raise Poisoned
    return every


@builtin("range")
def range_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`range(n)`, `range(a, b, s)`."""
    return range_of(low, [low.content(thing, node) for thing in plain(low, node, 1, 3)], node)


@builtin("slice")
def slice_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`slice(a, b)`, wherever it stands."""
    return cut(low, *plain(low, node, 1, 3))


@builtin("enumerate")
def enumerate_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`enumerate(xs, start)`."""
    things = plain(low, node, 1, 2, ("start",), later=True)
    start = low.content(things[1], node) if len(things) > 1 else low.b.const(0)
    return enumerate_of(low, iterate(low, things[0], node.args[0]), start, node)


@builtin("zip")
def zip_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`zip(xs, ys)`."""
    if len(node.args) == 1 and isinstance(node.args[0], ast.Starred) and not node.keywords:
        return zip_spread(low, node.args[0], node)
    with taken_in_part(low, len(node.args) > 1):
        things, keywords = arguments(low, node, True, later=True)
    if any(key != "strict" for key in keywords):
        raise Reject("E0106", node, "only `strict` is known", name="zip")
    parts = [part.value if isinstance(part, ast.Starred) else part for part in node.args]
    nodes = parts if len(parts) == len(things) else [node] * len(things)
    return zip_of(low, [iterate(low, thing, part) for thing, part in zip(things, nodes, strict=True)], node)


def zip_spread(low: Lowering, star: ast.Starred, node: ast.Call) -> Iteration:
    """`zip(*rows)`; of a list of tuples of one length a list for each place in them."""
    rows = consumed(low, star.value)
    if isinstance(rows, Iteration) and rows.elements is None and rows.element is not None:
        with low.at("rows"):
            rows = run_out(low, rows, star.value)
    type_ = content_type(type_of(rows)) if isinstance(rows, Value) else None
    row = type_.item if isinstance(type_, ListOf) and not isinstance(type_, DictOf) else None
    if not isinstance(row, Struct) or row.kind != "tuple":
        things = passed(low, None, rows, star, node)
        return zip_of(low, [iterate(low, thing, node) for thing in things], node)
    content = low.content(rows)
    empty = "if not {0}: raise ValueError('there are no rows')"
    low.b.effect("effect", "raise", [content], {"text": empty})
    found = []
    for slot in range(len(row.items)):
        with low.at("column", slot):
            found.append(column(low, content, slot, node))
    return Iteration(elements=tuple(found))


def column(low: Lowering, content: Value, slot: int, node: ast.Call) -> Value:
    """The list of what stands in one place of the rows."""
    rows = sequence(low, content, node)
    row = rows.element
    assert row is not None

    def element(index: Value, target: ast.expr | None) -> Thing:
        item = row(index, None)
        assert isinstance(item, Value)
        return part_value(low, item, slot)

    return run_out(low, Iteration(count=rows.count, element=element, reads=1), node)


@builtin("reversed")
def reversed_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`reversed(xs)`."""
    (thing,) = plain(low, node, 1, 1)
    return reversed_of(low, iterate(low, thing, node.args[0]), node)


# decided -------------------------------------------------------------------------------------------------------------
@builtin("isinstance")
def isinstance_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`isinstance(x, float)`, by type."""
    if len(node.args) == 2 and not node.keywords:
        known, value = isinstance_of(low, *node.args)
        if known:
            return low.b.const(value)
    why = "the types that are known do not decide it"
    raise Reject("E0113", node, why, name=f"`{ast.unparse(node.args[0]) if node.args else '?'}`")


@builtin("callable")
def callable_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`callable(f)`."""
    (thing,) = plain(low, node, 1, 1)
    found = is_callable(low, thing)
    if found is None:
        why = f"whether the class of `{ast.unparse(node.args[0])}` has a __call__ is not known"
        raise Reject("E0106", node, why, "test for the class: `isinstance(p, C)`", name="callable")
    return low.b.const(found)


@builtin("print")
def print_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`print(..)`."""
    printing(low, node)
    return low.b.const(None)


@builtin("functools.partial")
def partial_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`functools.partial(f, ..)`."""
    args, keywords = arguments(low, node)
    if not args:
        raise Reject("E0106", node, "the function is missing", name="partial")
    return Partial(args[0], tuple(args[1:]), keywords)


@builtin("dataclasses.replace")
def replace_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`dataclasses.replace(p, b=e)`."""
    args, keywords = arguments(low, node)
    return replaced(low, args, keywords, node)


@builtin("super")
def super_of(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`super()`."""
    return super_call(low, node)


@builtin("setattr")
def setattr_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`setattr(p, "b", e)` with a constant name."""
    known, name = low.static(low.expr(node.args[1])) if len(node.args) == 3 else (False, None)
    if not known or not isinstance(name, str) or node.keywords:
        raise Reject("E0106", node, "it takes an object, a constant name and a value", name="setattr")
    target = ast.copy_location(ast.Attribute(node.args[0], name, ast.Store()), node)
    base = low.expr(node.args[0])
    write_field(low, base, name, low.expr(node.args[2]), target, node.args[0])
    return low.b.const(None)


@builtin("hasattr")
def hasattr_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`hasattr(p, "b")` with a constant name."""
    things = plain(low, node, 2, 2)
    return low.b.const(_has_attribute(low, things[0], things[1], node, "hasattr"))


def _has_attribute(low: Lowering, thing: Thing, key: Thing, node: ast.Call, name: str) -> bool:
    """Whether an object has an attribute of a constant name."""
    known, attr = low.static(key)
    if not known or not isinstance(attr, str) or not class_kind(thing):
        raise Reject("E0106", node, "it takes an object of a class and a constant name", name=name)
    if isinstance(thing, Instance):
        found = low.frame.source.scope.has(thing, attr)
        if found is None:
            raise Reject("E0106", node, f"`{thing.name}.{attr}` is computed", name=name)
        return found
    if isinstance(thing, Obj) and attr in low.learnt.fields.get(thing.site, {}):
        raise Reject("E0106", node, "whether it has the field depends on the path", name=name)
    return attr in fields_of(low, thing) or has(low, thing, attr)


@builtin("getattr")
def getattr_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`getattr(p, "b")`, `getattr(p, "b", default)` with a constant name."""
    if node.keywords or len(node.args) not in (2, 3):
        raise Reject("E0106", node, "it takes an object and a constant name", name="getattr")
    key = low.expr(node.args[1])
    known, name = low.static(key)
    if not known or not isinstance(name, str):
        raise Reject("E0106", node, "it takes an object and a constant name", name="getattr")
    if len(node.args) == 3:
        default = low.expr(node.args[2])
        if not _has_attribute(low, low.expr(node.args[0]), key, node, "getattr"):
            return default
    made = low.learnt.nodes.setdefault(node, ast.copy_location(ast.Attribute(node.args[0], name, ast.Load()), node))
    return low.expr(made, hint)


# structures ----------------------------------------------------------------------------------------------------------
@builtin("len")
def len_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`len(xs)`: known for structures."""
    (thing,) = plain(low, node, 1, 1)
    kind = class_kind(thing)
    if kind and not low.is_tuple(kind):
        return called(low, attribute_of(low, thing, "__len__", node), [], {}, node, hint)
    thing = heap.seen(low, thing)
    if isinstance(thing, Group):
        return low.b.const(len(thing.items))
    if isinstance(thing, Value) and isinstance(thing.type, Struct):
        return low.b.const(len(thing.type.items))
    if isinstance(thing, Iteration) and thing.elements is not None:
        return low.b.const(len(thing.elements))
    if isinstance(thing, Iteration) and thing.bounds is not None:
        thing = low.prim("range", list(thing.bounds), node)
    if isinstance(thing, Value) and isinstance(thing.type, Opaque):
        return low.b.emit("prim", "len", (thing,), INT, hint, {"args": ("x",)}, bool(hint))
    return rule(low, "len", [thing], {}, node, hint)


def members(low: Lowering, thing: Thing, node: ast.AST) -> Thing:
    """What is run over: of a dict whose keys are computed the list of its keys."""
    if isinstance(thing, Value) and is_set(thing.type):
        from adgen.frontend.lower_sets import members as ordered

        if ast.unparse(node).partition("(")[0] in ("list", "tuple", "sum"):
            why = "a set gives its elements in no certain order"
            raise Reject("E0111", node, why, "use `sorted(s)`", name="a set")
        return ordered(low, thing, node, "sorted")
    return keys(low, thing, node) if isinstance(thing, Value) and is_map(thing) else thing


@builtin("tuple", "list")
def sequence_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`list(xs)`, `tuple(xs)`: a copy."""
    kind = ast.unparse(node.func)
    things = plain(low, node, 0, 1)
    thing = positional(low, members(low, things[0], node)) if things else tuple_of((), "list")
    site = low.site(node, "list")
    if isinstance(thing, Obj) or isinstance(thing, Group) and thing.kind not in ("tuple", "list"):
        thing = tuple_of(iterate(low, thing, node).elements or ())
    if isinstance(thing, Value) and isinstance(thing.type, Struct) and thing.type.kind in ("tuple", "list"):
        thing = tuple_of(tuple(part_value(low, thing, k) for k in range(len(thing.type.items))))
    if isinstance(thing, Iteration):
        thing = tuple_of(thing.elements) if thing.elements is not None else run_out(low, thing, node, hint)
    if isinstance(thing, Group):
        group = tuple_of(thing.items, kind, site if kind == "list" else None)
        return low.fresh(homogeneous(low, group, node), site, hint) if changed(low, group) else group
    content = content_type(type_of(thing))
    if isinstance(content, Array) and content.shape != () and kind == "list":
        return run_out(low, iterate(low, thing, node), node, hint)
    if not isinstance(content, ListOf) or not isinstance(thing, Value):
        raise Reject("E0115", node, "its number of elements is not known, or it is an array", name="it")
    if kind == "tuple":
        return low.content(thing)
    value = snapshot(low, thing)
    return low.alloc(value, site, hint) if site in low.learnt.memory else copied(low, value, site)


@builtin("sum")
def sum_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`sum(xs)`; of a generator or a structure: one addition after the other."""
    from adgen.frontend.lower_expressions import operate

    if node.args and isinstance(node.args[0], ast.GeneratorExp):
        rest = ast.copy_location(ast.Call(node.func, node.args[1:], node.keywords), node)
        things = plain(low, rest, 0, 1, ("start",))
        return sum_of(low, node.args[0], things[0] if things else low.b.const(0))
    things = plain(low, node, 1, 2, ("start",))
    first = members(low, things[0], node)
    if isinstance(first, Value) and isinstance(first.type, Struct) and first.type.kind in ("tuple", "list"):
        first = tuple_of(tuple(part_value(low, first, k) for k in range(len(first.type.items))))
    if isinstance(first, Iteration):
        first = tuple_of(first.elements) if first.elements is not None else run_out(low, first, node)
    if isinstance(first, Group):
        total = things[1] if len(things) > 1 else low.b.const(0)
        for item in first.items:
            total = operate(low, "add", total, item, node)
        return total
    return rule(low, "sum", [first, *things[1:]], {}, node, hint)


# methods -------------------------------------------------------------------------------------------------------------
def _searched(low: Lowering, p: Thing, thing: Thing, node: ast.Call, hint: str) -> Thing | None:
    """`xs.index(k)`, `xs.count(k)`, `xs.remove(k)` of a list of integers or texts; None of another."""
    assert isinstance(node.func, ast.Attribute)
    name = node.func.attr
    if not isinstance(p, Value) or isinstance(thing, Poison):
        return None
    listed, sought = content_type(p.type), low.content(thing, node)
    items = (listed.item,) if isinstance(listed, ListOf) else listed.items if isinstance(listed, Struct) else ()
    if items and isinstance(sought.type, Static) and all(isinstance(item, Static) for item in items):
        values = [item.value for item in items if isinstance(item, Static)]
        if name == "count" or name == "index" and sought.type.value in values:
            return low.b.const(getattr(values, name)(sought.type.value))
        return None
    plain_items = bool(items) and all(item in (INT, TEXT) for item in items)
    if not plain_items or not (sought.type in (INT, TEXT) or isinstance(sought.type, Static)):
        return None
    if name != "remove":
        return computed(low, f"{{0}}.{name}({{1}})", [p, sought], INT, node, hint)
    if not isinstance(listed, ListOf) or isinstance(listed, DictOf):
        return None
    place = computed(low, "{0}.index({1})", [p, sought], INT, node)
    METHODS["list.pop"](low, p, [place], {}, node, "")
    return low.b.const(None)


def _refused(
    low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
) -> Thing:
    if isinstance(p, Group) and len(args) == 1 and not keywords and isinstance(node.func, ast.Attribute):
        found = [low.static(thing) for thing in (*p.items, args[0])]
        values = [value for _, value in found]
        if all(known for known, _ in found) and node.func.attr in ("index", "count"):
            if node.func.attr == "count" or values[-1] in values[:-1]:
                return low.b.const(getattr(values[:-1], node.func.attr)(values[-1]))
    if len(args) == 1 and not keywords and (found_at := _searched(low, p, args[0], node, hint)) is not None:
        return found_at
    called_as = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
    if called_as == "remove":
        why = "what is removed depends on values that are not known to be integers or texts"
        raise Reject("E0124", node, why, "make a new one, with the new values in it", name="this structure")
    why = "it searches by values that are not known to be integers or texts"
    raise Reject("E0107", node, why, "search in a loop, by a comparison of your own", name=f".{called_as}")


METHODS.update({f"list.{name}": _refused for name in ("remove", "index", "count")})
METHODS.update({f"tuple.{name}": _refused for name in ("index", "count")})
