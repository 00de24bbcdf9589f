"""Whose memory a name may have that stands for different arrays on different paths.

w = u if c else v       w may be the array of u, or of v: noted at the place of the `if`
w[0] = 1.0              refused if u or v is read later; else w is an array of its own
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from adgen.frontend import lower_heap as heap
from adgen.frontend import lower_memory as memory
from adgen.frontend.lower_absent import Maybe, is_none
from adgen.frontend.lower_state import Env, Lowering
from adgen.frontend.lower_things import Group, Site, Thing, leaves_of, shared_memory, spoken
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Ref, Struct, Type


def alone(low: Lowering, name: str, thing: Thing | None, env: Env, live: frozenset[str], node: ast.AST) -> None:
    """Refuse if somebody else may have the memory of what becomes a new array: a name that is read later, a list."""
    what = f"`{spoken(name)}`" if name.strip() else "the result"
    around = {**env, name: heap.NOTHING} if heap.is_part(name) else env
    keys = keys_of(low, heap.dissolved(thing, env))
    if any(key[0] == "foreign" for key in keys) or low.memory.in_list(keys):
        raise Reject("E0120", node, f"{what} is written to, and it may be an array that a list or structure holds")
    if run_over(low, keys, thing, [value for loop in low.memory.loops for value in loop.over]):
        raise Reject("E0120", node, f"{what} is written to, and it may be the array that a loop runs over")
    for frame in low.frames():
        names = env if frame is low.frame else frame.env
        for other, its in names.items():
            if heap.is_entry(other) and (frame is not low.frame or heap.is_part(other)):
                continue
            if frame is low.frame and (other == name or not (other in live or heap.is_entry(other))):
                continue
            if meets(low, keys, thing, heap.dissolved(its, around)):
                raise Reject("E0120", node, f"{what} is written to, and it may be the same as `{spoken(other)}`")


def run_over(low: Lowering, keys: dict[memory.Key, None], thing: Thing | None, values: Iterable[Value]) -> bool:
    """Whether one of the values that loops run over may be an array that a thing (of these keys) is made of."""
    return any(meets(low, keys, thing, value) for value in values)


def meets(low: Lowering, keys: dict[memory.Key, None], thing: Thing | None, other: Thing | None) -> bool:
    """Whether another thing may have one of the arrays or lists (`keys`) that a thing is made of."""
    if not any(key in keys for key in keys_of(low, other)):
        return False
    if not isinstance(thing, Value) or not isinstance(other, Value):
        return True
    return low.memory.meet(thing, other)


def keys_of(low: Lowering, thing: Thing | None) -> dict[memory.Key, None]:
    """The arrays and lists that a thing may be made of."""
    found: dict[memory.Key, None] = {}
    for value in leaves_of(thing):
        if not _number(value):
            found |= low.memory.keys(value)
    for site in _objects(thing):
        found |= {site: None} | low.memory.links.get(site, {})
    return found


def _objects(thing: Thing | None) -> Iterator[Site]:
    """The places where the objects and dicts in a thing were made."""
    if isinstance(thing, Group):
        if thing.site is not None and thing.kind not in ("tuple", "list"):
            yield thing.site
        for item in thing.items:
            yield from _objects(item)


def link(low: Lowering, type_: Type, thing: Thing | None, site: Site, loop: Site | None = None) -> bool:
    """Note which objects a joined value may be, part by part; whether that is new."""
    if isinstance(type_, Maybe):
        return not is_none(thing) and link(low, type_.content, thing, site, loop)
    if isinstance(type_, Struct):
        alike = isinstance(thing, Group) and len(thing.items) == len(type_.items)  # else the types do not join
        items = thing.items if isinstance(thing, Group) and alike else (thing,) * len(type_.items)
        named = type_.kind not in ("tuple", "list")
        new = named and low.memory.link(site, dict.fromkeys(_objects(thing)), loop)
        return any([link(low, item, items[k], (*site, k), loop) for k, item in enumerate(type_.items)]) or new
    return shared_memory(type_) and low.memory.link(site, keys_of(low, thing), loop)


def _number(value: Value) -> bool:
    return not isinstance(value.type, Ref | Struct) and not shared_memory(value.type)
