"""Methods of dicts whose keys are computed, and what makes such dicts.

d.get(k, e)                 load(view(d, k)) if k in d else e
d.setdefault(k, e)          if k not in d: store(view(d, k), e)
{k: f(k) for k in xs}       d = {}; for k in xs: store(view(d, k), f(k))
defaultdict(float)          a dict where a key that is read gets 0.0 if it has none
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from adgen.frontend import lower_maps as maps
from adgen.frontend.lower_calls import METHODS, arguments, builtin
from adgen.frontend.lower_control import result
from adgen.frontend.lower_iterables import iterate, turn
from adgen.frontend.lower_keys import key_of
from adgen.frontend.lower_list_methods import snapshot, written_at
from adgen.frontend.lower_lists import generate, run_over
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_stores import writable
from adgen.frontend.lower_things import Poison, Poisoned, Thing
from adgen.frontend.lower_trees import VALUE, Leaf, fork, leaf
from adgen.frontend.reject import Reject
from adgen.ir.core import Value


def _value(thing: Thing) -> Value:
    assert isinstance(thing, Value)
    return thing


def _some(args: Sequence[Thing], keywords: dict[str, Thing], node: ast.Call, low_count: int, high: int) -> None:
    if keywords or not low_count <= len(args) <= high:
        assert isinstance(node.func, ast.Attribute)
        why = "it takes no arguments" if high == 0 else "it takes a key and what stands for it where there is none"
        raise Reject("E0106", node, why, name=f".{node.func.attr}")
    if any(isinstance(arg, Poison) for arg in args):
        raise Poisoned


def either(
    low: Lowering, d: Value, key: Value, there: Callable[[], Thing], other: Thing, node: ast.expr, hint: str
) -> Thing:
    """What is there for the key, else the other thing."""

    def side(part: Callable[[], Thing]) -> Callable[[], Leaf]:
        def lower() -> Leaf:
            low.frame.env[VALUE] = part()
            return leaf(low)

        return lower

    flag = low.content(low.prim("in", [key, d], node))
    return result(low, fork(low, flag, side(there), side(lambda: other), node), node, hint)


def _get(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    _some(args, keywords, node, 1, 2)
    d, key = _value(p), key_of(low, args[0], node.args[0])
    other = args[1] if len(args) > 1 else low.b.const(None)
    return either(low, d, key, lambda: maps.entry(low, d, key, node), other, node, hint)


def _pop(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    _some(args, keywords, node, 1, 2)
    ref, key = writable(low, p, written_at(node)), key_of(low, args[0], node.args[0])
    if len(args) == 1:
        return maps.remove(low, ref, key, node, hint)
    return either(low, ref, key, lambda: maps.remove(low, ref, key, node), args[1], node, hint)


def _setdefault(
    low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
) -> Thing:
    _some(args, keywords, node, 1, 2)
    ref, key = writable(low, p, written_at(node)), key_of(low, args[0], node.args[0])
    other = args[1] if len(args) > 1 else low.b.const(None)
    maps.absent(low, ref, key, lambda: maps.put(low, ref, key, other, node), node)
    return maps.entry(low, ref, key, node, hint)


def _over(what: str) -> Callable[..., Thing]:
    def method(
        low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
    ) -> Thing:
        _some(args, keywords, node, 0, 0)
        if what == "keys":
            return maps.keys(low, _value(p), node)
        return maps.over(low, _value(p), node, what)

    return method


def _update(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    if len(args) > 1:
        raise Reject("E0106", node, "it takes one dict or sequence of pairs, and keywords", name=".update")
    ref = writable(low, p, written_at(node))
    if args:
        fill(low, ref, args[0], node.args[0])
    for key, thing in keywords.items():
        maps.put(low, ref, low.b.const(key), thing, node)
    return low.b.const(None)


def _clear(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    _some(args, keywords, node, 0, 0)
    ref = writable(low, p, written_at(node))
    maps.each(low, ref, node, lambda key: maps.remove(low, ref, key, node))
    return low.b.const(None)


def _copy(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    _some(args, keywords, node, 0, 0)
    return copied(low, _value(p), node, hint)


def copied(low: Lowering, d: Value, node: ast.AST, hint: str = "") -> Value:
    """A dict of the same entries, whose changes are its own."""
    return low.alloc(snapshot(low, d), low.site(node, "dict"), hint)


def fill(low: Lowering, ref: Value, thing: Thing, node: ast.expr) -> None:
    """The entries of a dict, or pairs, go into the dict."""
    from adgen.frontend.lower_dicts import parts_of
    from adgen.frontend.lower_heap import is_dict

    if isinstance(thing, Poison):
        raise Poisoned
    if isinstance(thing, Value) and maps.is_map(thing):
        maps.update(low, ref, thing, node)
        return
    if is_dict(thing):
        for key, item in parts_of(low, thing).items():
            maps.put(low, ref, low.b.const(key), item, node)
        return
    it = iterate(low, thing, node, unroll=False)

    def pair(item: Thing) -> None:
        parts = iterate(low, item, node).elements
        if parts is None or len(parts) != 2:
            raise Reject("E0116", node, "its elements are not pairs")
        maps.put(low, ref, parts[0], parts[1], node)

    if it.elements is not None:
        for place in range(len(it.elements)):
            with low.at("pair", place):
                pair(turn(low, it, place))
        return
    target = ast.Tuple([ast.Name("key", ast.Store()), ast.Name("item", ast.Store())], ast.Store())
    run_over(low, it, node, ("pairs",), target, pair, [])


def dict_of(low: Lowering, things: Sequence[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    """`dict(pairs, a=1)` whose keys are computed."""
    if len(things) == 1 and isinstance(things[0], Value) and maps.is_map(things[0]) and not keywords:
        return copied(low, things[0], node, hint)
    ref = maps.display(low, (), low.site(node, "dict"), node, hint)
    for thing in things:
        fill(low, ref, thing, node.args[0])
    for key, thing in keywords.items():
        maps.put(low, ref, low.b.const(key), thing, node)
    return ref


@builtin("collections.defaultdict")
def defaultdict(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`defaultdict(float)`."""
    args, keywords = arguments(low, node, True)
    ref = dict_of(low, args[1:2], keywords, node, hint)
    if args and low.static(args[0]) != (True, None):
        low.factories[low.site(node, "dict")] = args[0]
    return ref


def from_keys(low: Lowering, args: Sequence[Thing], node: ast.Call, hint: str) -> Thing:
    """`dict.fromkeys(xs, e)`."""
    if not 1 <= len(args) <= 2:
        raise Reject("E0106", node, "it takes keys, and one value for all", name="dict.fromkeys")
    if any(isinstance(arg, Poison) for arg in args):
        raise Poisoned
    ref = maps.display(low, (), low.site(node, "dict"), node, hint)
    it = iterate(low, args[0], node.args[0], unroll=False)
    item = args[1] if len(args) > 1 else low.b.const(None)
    if it.elements is not None:
        for place in range(len(it.elements)):
            with low.at("key", place):
                maps.put(low, ref, turn(low, it, place), item, node)
    else:
        run_over(low, it, node, ("keys",), None, lambda key: maps.put(low, ref, key, item, node), [])
    return ref


def comprehension(low: Lowering, node: ast.DictComp, hint: str) -> Thing:
    """`{k: e for x in xs if c}` whose keys are computed."""
    saved = dict(low.frame.env)
    ref = maps.display(low, (), low.site(node, "dict"), node, hint)

    def add() -> None:
        key = low.expr(node.key)
        maps.put(low, ref, key, low.kept(low.expr(node.value), node.value), node)

    walrus = [part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr)]
    try:
        generate(low, node, node.generators, add, walrus)
    finally:
        low.back_to(saved, *walrus)
    return ref


METHODS.update(
    {
        "map.get": _get,
        "map.pop": _pop,
        "map.setdefault": _setdefault,
        "map.items": _over("items"),
        "map.keys": _over("keys"),
        "map.values": _over("values"),
        "map.update": _update,
        "map.clear": _clear,
        "map.copy": _copy,
    }
)
