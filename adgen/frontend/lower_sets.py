"""Sets: they carry no derivative.

{1, 3}                     constants: a tuple of them, until it is changed
s = set(); s.add(k)        memory like a dict (lower_maps) with nothing behind its keys
a | b, a <= b              text(a, b): what Python computes of them
for k in s                 refused: the order in which a set gives its elements is not that of the program
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from typing import Any

from adgen.frontend import lower_maps as maps
from adgen.frontend.lower_calls import METHODS, arguments, builtin
from adgen.frontend.lower_functional import each
from adgen.frontend.lower_iterables import iterate, turn
from adgen.frontend.lower_keys import common_key, either_key, key_of, key_type
from adgen.frontend.lower_list_methods import written_at
from adgen.frontend.lower_lists import generate, run_over
from adgen.frontend.lower_map_methods import copied
from adgen.frontend.lower_state import Lowering, expression
from adgen.frontend.lower_stores import writable
from adgen.frontend.lower_strings import computed
from adgen.frontend.lower_things import Group, Poison, Poisoned, Restart, Thing, content_type, fixed_set, tuple_of
from adgen.frontend.lower_trees import Leaf, fork, leaf, merge
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import BOOL, MEMBER, DictOf, ListOf, Opaque, is_set

GIVEN = Opaque("set")


def is_any(thing: Thing) -> bool:
    """Whether it is a set."""
    return fixed_set(thing) or isinstance(thing, Value) and is_set(thing.type)


def is_given(thing: Thing) -> bool:
    """Whether it is a set of the caller's: it is read, never changed."""
    return isinstance(thing, Value) and thing.type == GIVEN


# displays ------------------------------------------------------------------------------------------------------------
@expression(ast.Set)
def set_display(low: Lowering, node: ast.Set, hint: str) -> Thing:
    """`{1, 3}`."""
    if any(isinstance(part, ast.Starred) for part in node.elts):
        made = low.learnt.nodes.setdefault(node, _without_stars(node))
        assert isinstance(made, ast.Call)
        return set_call(low, made, hint)
    return set_of(low, tuple(low.expr(part) for part in node.elts), node, hint)


def _without_stars(node: ast.Set) -> ast.Call:
    """`{*xs, 5}` as `set([*xs, 5])`."""
    listed = ast.copy_location(ast.List(node.elts, ast.Load()), node)
    name = ast.copy_location(ast.Name("set", ast.Load()), node)
    return ast.copy_location(ast.Call(name, [listed], []), node)


@expression(ast.SetComp)
def set_comprehension(low: Lowering, node: ast.SetComp, hint: str) -> Thing:
    """`{k % 2 for k in ks}`."""
    site = low.site(node, "set")
    walrus = [part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr)]
    saved = dict(low.frame.env)
    found: list[Thing] = []
    try:
        if site not in low.learnt.computed:
            each(low, node, node.generators, lambda: found.append(low.expr(node.elt)))
            return set_of(low, tuple(found), node, hint)
        ref = empty(low, node, hint)
        generate(low, node, node.generators, lambda: insert(low, ref, low.expr(node.elt), node), walrus)
        return ref
    except Reject as reject:
        if reject.code != "E0116" or site in low.learnt.computed:
            raise
        low.learnt.computed[site] = None
        raise Restart from reject
    finally:
        low.back_to(saved, *walrus)


@builtin("set", "frozenset")
def set_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`set(xs)`."""
    args, keywords = arguments(low, node, True)
    if len(args) > 1 or keywords:
        raise Reject("E0106", node, "it takes what is to be in it", name="set")
    if any(isinstance(arg, Poison) for arg in args):
        raise Poisoned
    if not args:
        return empty(low, node, hint)
    if isinstance(args[0], Value) and is_set(args[0].type):
        return copied(low, args[0], node, hint)
    elements = iterate(low, args[0], node.args[0]).elements
    if elements is not None:
        return set_of(low, elements, node, hint)
    ref = empty(low, node, hint)
    fill(low, ref, args[0], node.args[0])
    return ref


def set_of(low: Lowering, things: tuple[Thing, ...], node: ast.expr, hint: str = "") -> Thing:
    """A set: of constants a tuple of its elements in the order that Python gives them (of texts there is none)."""
    if any(isinstance(thing, Poison) for thing in things):
        raise Poisoned
    site = low.site(node, "set")
    found = [low.static(thing) for thing in things]
    if site in low.learnt.computed or not all(k and isinstance(value, int | float | str) for k, value in found):
        ref = empty(low, node, hint)
        for place, thing in enumerate(things):
            with low.at("member", place):
                insert(low, ref, thing, node)
        return ref
    values = {value for _, value in found}
    order = sorted(map(str, values)) if any(isinstance(value, str) for value in values) else list(values)
    return tuple_of(tuple(low.b.const(value) for value in order), "tuple", site)


def empty(low: Lowering, node: ast.AST, hint: str = "") -> Value:
    """`set()`."""
    site = low.site(node, "set")
    low.learnt.items[site] = MEMBER
    return maps.display(low, (), site, node, hint)


def memory(low: Lowering, thing: Thing) -> Thing:
    """A set of constants is changed: begin again, with one that can change."""
    if isinstance(thing, Group) and thing.site is not None and fixed_set(thing):
        low.learnt.computed[thing.site] = None
        raise Restart
    return thing


# changes -------------------------------------------------------------------------------------------------------------
def insert(low: Lowering, ref: Value, thing: Thing, node: ast.AST) -> None:
    """`s.add(thing)`."""
    maps.put(low, ref, thing, low.b.const(MEMBER.value), node)


def fill(low: Lowering, ref: Value, thing: Thing, node: ast.expr) -> None:
    """`s.update(thing)`."""
    if isinstance(thing, Value) and is_set(thing.type):
        maps.each(low, thing, node, lambda key: insert(low, ref, key, node))
        return
    it = iterate(low, thing, node)
    if it.elements is None:
        run_over(low, it, node, ("members",), None, lambda item: insert(low, ref, item, node), [])
        return
    for place in range(len(it.elements)):
        with low.at("member", place):
            insert(low, ref, turn(low, it, place), node)


def _one(args: Sequence[Thing], keywords: dict[str, Thing], node: ast.Call) -> Thing:
    assert isinstance(node.func, ast.Attribute)
    if len(args) != 1 or keywords:
        raise Reject("E0106", node, "it takes one argument", name=f".{node.func.attr}")
    if isinstance(args[0], Poison):
        raise Poisoned
    return args[0]


def _add(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    thing = _one(args, keywords, node)
    insert(low, writable(low, memory(low, p), written_at(node)), thing, node)
    return low.b.const(None)


def _update(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    thing = _one(args, keywords, node)
    fill(low, writable(low, memory(low, p), written_at(node)), thing, node.args[0])
    return low.b.const(None)


def _remove(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    thing = _one(args, keywords, node)
    maps.remove(low, writable(low, memory(low, p), written_at(node)), thing, node)
    return low.b.const(None)


def _discard(
    low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
) -> Thing:
    ref = writable(low, memory(low, p), written_at(node))
    key = key_of(low, _one(args, keywords, node), node.args[0])
    flag = low.content(low.prim("in", [key, ref], node))

    def there() -> Leaf:
        maps.remove(low, ref, key, node)
        return leaf(low)

    merge(low, fork(low, flag, there, lambda: leaf(low), node), [], node, frozenset(low.frame.env))
    return low.b.const(None)


def _clear(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    ref = writable(low, memory(low, p), written_at(node))
    maps.each(low, ref, node, lambda key: maps.remove(low, ref, key, node))
    return low.b.const(None)


def _copy(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    thing = memory(low, p)
    assert isinstance(thing, Value)
    return copied(low, thing, node, hint)


# algebra -------------------------------------------------------------------------------------------------------------
ALGEBRA: dict[str, tuple[str, Callable[[Any, Any], object]]] = {
    "bitor": ("|", operator.or_),
    "bitand": ("&", operator.and_),
    "sub": ("-", operator.sub),
    "bitxor": ("^", operator.xor),
    "le": ("<=", operator.le),
    "lt": ("<", operator.lt),
    "ge": (">=", operator.ge),
    "gt": (">", operator.gt),
    "eq": ("==", operator.eq),
    "ne": ("!=", operator.ne),
}
MADE = ("bitor", "bitand", "sub", "bitxor")
NAMED = {"union": "bitor", "intersection": "bitand", "difference": "sub", "symmetric_difference": "bitxor"}
NAMED |= {"issubset": "le", "issuperset": "ge"}


def operation(low: Lowering, name: str, left: Thing, right: Thing, node: ast.expr, hint: str = "") -> Thing | None:
    """`a | b`, `a <= b` of two sets; None if they are none."""
    if name not in ALGEBRA or not all(is_any(thing) or is_given(thing) for thing in (left, right)):
        return None
    sign, compute = ALGEBRA[name]
    if is_given(left) or is_given(right):
        both = [thing if is_given(thing) else of_constants(low, thing, node) for thing in (left, right)]
        return computed(low, f"({{0}} {sign} {{1}})", both, GIVEN if name in MADE else BOOL, node, hint)
    (known, a), (also, b) = low.static(left), low.static(right)
    if known and also and isinstance(a, tuple) and isinstance(b, tuple):
        found = compute(set(a), set(b))
        if not isinstance(found, set):
            return low.b.const(found)
        return set_of(low, tuple(low.b.const(value) for value in found), node, hint)
    contents = [of_constants(low, thing, node) for thing in (left, right)]
    types = [content_type(value.type) for value in contents]
    assert isinstance(types[0], DictOf) and isinstance(types[1], DictOf)
    if name not in MADE:
        return computed(low, f"({{0}} {sign} {{1}})", contents, BOOL, node, hint)
    joined = content_type(either_key(types[0], types[1]))
    site = low.site(node, "set")
    value = computed(low, f"({{0}} {sign} {{1}})", contents, joined, node)
    return low.alloc(value, site, hint)


def of_constants(low: Lowering, thing: Thing, node: ast.expr) -> Value:
    """The content of a set."""
    if isinstance(thing, Group):
        operands = [part for item in thing.items for part in (low.content(item, node), low.b.const(MEMBER.value))]
        keys = [key_type(value.type, node) for value in operands[::2]]
        type_ = DictOf(MEMBER, common_key(keys))
        return low.b.emit("listing", "", operands, type_)
    return low.content(thing, node)


def _named(name: str) -> Callable[..., Thing]:
    def method(
        low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
    ) -> Thing:
        other = _one(args, keywords, node)
        if not (is_any(other) or is_given(other)):
            raise Reject("E0106", node, "its argument is no set", "write `set(..)` around it", name=f".{name}")
        found = operation(low, NAMED[name], p, other, node, hint)
        assert found is not None
        return found

    return method


def _disjoint(
    low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
) -> Thing:
    other = _one(args, keywords, node)
    if not (is_any(other) or is_given(other)):
        raise Reject("E0106", node, "its argument is no set", "write `set(..)` around it", name=".isdisjoint")
    contents = [thing if is_given(thing) else of_constants(low, thing, node) for thing in (p, other)]
    return computed(low, "{0}.isdisjoint({1})", contents, BOOL, node, hint)


def members(low: Lowering, thing: Thing, node: ast.AST, what: str, hint: str = "") -> Thing:
    """`sorted(s)`, `max(s)`: what does not depend on the order."""
    content = low.content(thing, node)
    assert isinstance(content.type, DictOf)
    type_ = ListOf(content.type.key) if what == "sorted" else content.type.key
    return computed(low, f"{what}({{0}})", [content], type_, node, hint)


SET_METHODS = {
    "add": _add,
    "update": _update,
    "remove": _remove,
    "discard": _discard,
    "clear": _clear,
    "copy": _copy,
    "isdisjoint": _disjoint,
    **{name: _named(name) for name in NAMED},
}
READ = ("isdisjoint", *NAMED)  # what may be asked of a set of the caller's
METHODS.update({f"set.{name}": method for name, method in SET_METHODS.items()})
