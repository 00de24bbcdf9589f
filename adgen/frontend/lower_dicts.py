"""Methods of dicts with known keys, and `dict(..)`: reads give parts, writes change the object behind (lower_heap).

d.items(), d.get("k", e)     the parts as they are now; in a loop, as they are when their turn comes
d.update(p, k=e)             d["k"] = e for each key
d.pop("k"), d.clear()        keys go; which keys there are is always known
"""

from __future__ import annotations

import ast

from adgen.frontend import lower_heap as heap
from adgen.frontend import lower_maps as maps
from adgen.frontend.lower_calls import METHODS, arguments, builtin
from adgen.frontend.lower_index import part_value
from adgen.frontend.lower_iterables import iterate, over_keys
from adgen.frontend.lower_list_methods import written_at
from adgen.frontend.lower_map_methods import dict_of
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Group, Obj, Poison, Poisoned, Thing, tuple_of
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Struct, show


def parts_of(low: Lowering, thing: Thing) -> dict[str, Thing]:
    """The keys of a dict, and what they stand for now."""
    thing = heap.seen(low, thing)
    if isinstance(thing, Group):
        return dict(zip(thing.keys, thing.items, strict=True))
    assert isinstance(thing, Value) and isinstance(thing.type, Struct)
    return {key: part_value(low, thing, k) for k, key in enumerate(thing.type.keys)}


def constant_key(low: Lowering, thing: Thing, node: ast.AST) -> str:
    """A key that is a constant string."""
    known, key = low.static(thing)
    if not known or not isinstance(key, str):
        raise Reject("E0116", node, "it is computed when the program runs")
    return key


def unknown(low: Lowering, thing: Thing) -> bool:
    """Whether it is no constant text: a key that is computed when the program runs."""
    if isinstance(thing, Poison):
        raise Poisoned
    return not isinstance(low.static(thing)[1], str)


def pairs_of(low: Lowering, thing: Thing, node: ast.expr) -> dict[str, Thing]:
    """The entries of `dict(thing)`: of a dict, or of pairs that are known one by one."""
    if isinstance(thing, Poison):
        raise Poisoned
    if heap.is_dict(thing):
        return parts_of(low, thing)
    if isinstance(thing, Value) and not isinstance(thing.type, Struct):
        raise Reject("E0116", node, f"its keys are not known while compiling: it is {show(thing.type)}")
    found: dict[str, Thing] = {}
    for pair in iterate(low, thing, node).elements or ():
        parts = iterate(low, pair, node).elements
        if parts is None or len(parts) != 2:
            raise Reject("E0116", node, "its elements are not pairs that are known one by one")
        found[constant_key(low, parts[0], node)] = parts[1]
    return found


def open_(low: Lowering, thing: Thing, node: ast.Call) -> bool:
    """Whether the keys that it has, or of which it consists, are not all known while compiling."""
    if isinstance(thing, Poison):
        raise Poisoned
    if heap.is_dict(thing):
        return False
    if maps.is_map(thing):
        return True
    it = iterate(low, thing, node.args[0])
    if it.elements is None:
        return True
    firsts = [iterate(low, pair, node).elements or () for pair in it.elements]
    return any(not parts or unknown(low, parts[0]) for parts in firsts)


@builtin("dict")
def dict_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`dict(a=1)`, `dict(d, a=1)`, `dict(zip(names, values))`."""
    args, keywords = arguments(low, node, True)
    if len(args) > 1:
        raise Reject("E0106", node, "it takes one dict or sequence of pairs, and keywords", name="dict")
    keys: dict[str, Thing] = {}
    if low.site(node, "dict") in low.learnt.computed or any(open_(low, thing, node) for thing in args):
        return dict_of(low, args, keywords, node, hint)
    for thing in args:
        keys |= pairs_of(low, thing, node.args[0])
    keys |= {key: low.kept(thing, node) for key, thing in keywords.items()}
    return heap.made(low, Group("dict", tuple(keys), tuple(keys.values()), low.site(node, "dict")), hint)


# reads ---------------------------------------------------------------------------------------------------------------
def _none(args: list[Thing], keywords: dict[str, Thing], node: ast.Call, name: str) -> None:
    if args or keywords:
        raise Reject("E0106", node, "it takes no arguments", name=name)


def _items(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    _none(args, keywords, node, ".items")
    if isinstance(p, Obj):
        return over_keys(low, p, lambda key: tuple_of((low.b.const(key), heap.get(low, p, key))))
    return tuple_of(tuple(tuple_of((low.b.const(key), item)) for key, item in parts_of(low, p).items()))


def _values(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    _none(args, keywords, node, ".values")
    if isinstance(p, Obj):
        return over_keys(low, p, lambda key: heap.get(low, p, key))
    return tuple_of(tuple(parts_of(low, p).values()))


def _keys(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    _none(args, keywords, node, ".keys")
    if isinstance(p, Obj):
        return over_keys(low, p)
    return tuple_of(tuple(low.b.const(key) for key in parts_of(low, p)))


def _get(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    if not 1 <= len(args) <= 2 or keywords:
        raise Reject("E0106", node, "it takes a key and what stands for it where there is none", name=".get")
    if unknown(low, args[0]):
        d = maps.computed(low, p, node.args[0])
        return METHODS["map.get"](low, d, args, keywords, node, hint)
    found = parts_of(low, p).get(constant_key(low, args[0], node.args[0]))
    return found if found is not None else args[1] if len(args) > 1 else low.b.const(None)


def _copy(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    _none(args, keywords, node, ".copy")
    found = parts_of(low, p)
    return heap.made(low, Group("dict", tuple(found), tuple(found.values()), low.site(node, "dict")), hint)


# writes --------------------------------------------------------------------------------------------------------------
def _update(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    if len(args) > 1:
        raise Reject("E0106", node, "it takes one dict or sequence of pairs, and keywords", name=".update")
    found = pairs_of(low, args[0], node.args[0]) if args else {}
    obj = heap.writable(low, p, written_at(node))
    for key, thing in {**found, **keywords}.items():
        heap.put(low, obj, key, thing, node)
    return low.b.const(None)


def _pop(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    if not 1 <= len(args) <= 2 or keywords:
        raise Reject("E0106", node, "it takes a key and what stands for it where there is none", name=".pop")
    if unknown(low, args[0]):
        d = maps.computed(low, p, node.args[0])
        return METHODS["map.pop"](low, d, args, keywords, node, hint)
    key = constant_key(low, args[0], node.args[0])
    obj = heap.writable(low, p, written_at(node))
    if key not in heap.keys(low, obj) and len(args) == 2:
        return args[1]
    found = heap.get(low, obj, key) if key in heap.keys(low, obj) else None
    heap.remove(low, obj, key, node)
    assert found is not None
    return found


def _setdefault(
    low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
) -> Thing:
    if not 1 <= len(args) <= 2 or keywords:
        raise Reject("E0106", node, "it takes a key and what stands for it where there is none", name=".setdefault")
    if unknown(low, args[0]):
        d = maps.computed(low, p, node.args[0])
        return METHODS["map.setdefault"](low, d, args, keywords, node, hint)
    key = constant_key(low, args[0], node.args[0])
    obj = heap.writable(low, p, written_at(node))
    if key not in heap.keys(low, obj):
        heap.put(low, obj, key, args[1] if len(args) == 2 else low.b.const(None), node)
    return heap.get(low, obj, key)


def _clear(low: Lowering, p: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    _none(args, keywords, node, ".clear")
    obj = heap.writable(low, p, written_at(node))
    for key in heap.keys(low, obj):
        heap.remove(low, obj, key, node)
    return low.b.const(None)


METHODS.update(
    {
        "dict.items": _items,
        "dict.values": _values,
        "dict.keys": _keys,
        "dict.get": _get,
        "dict.copy": _copy,
        "dict.update": _update,
        "dict.pop": _pop,
        "dict.setdefault": _setdefault,
        "dict.clear": _clear,
    }
)
