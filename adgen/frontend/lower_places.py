"""Elements of lists that change in place: `rows[i][j] = e`, `layers[k] += e`, `p.x = e` for p in a list.

rows[i]            view(rows, i): a reference to the place in the list, if elements of this list are written to
a = rows[0]        a is that reference, too: it stands as long as the elements stay where they are
rows.append(a)     only what no other name and no other list has goes into such a list

Which lists are of this kind is learnt from the first write to an element; lowering begins again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from adgen.frontend import lower_heap as heap
from adgen.frontend.lower_memory import Key
from adgen.frontend.lower_state import Frame, Lowering
from adgen.frontend.lower_things import (
    Group,
    Obj,
    Restart,
    Site,
    Thing,
    content_type,
    join,
    kind_of,
    leaves_of,
    shared_memory,
)
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import NONE, UNDEF, Array, ListOf, Ref, Struct, Type, show


def changeable(type_: Type) -> bool:
    """Whether elements of the type can change in place: arrays, lists, dicts and objects."""
    if isinstance(type_, Struct):
        return type_.kind != "tuple"
    return shared_memory(type_)


def learn_changing(low: Lowering, value: Value) -> None:
    """An element of a list is written to: from now on elements of this list are places; begin again if that is new."""
    origin = low.memory.origins.get(value)
    if origin is None or origin.kind != "element":
        return
    site = origin.root.site if origin.root is not None else origin.holder
    if site is None:
        return
    if site not in low.learnt.changing or site not in low.learnt.memory:
        low.learnt.changing[site] = low.learnt.memory[site] = None
        raise Restart


def learn_list(low: Lowering, value: Value) -> None:
    """An element that is a list of fixed length is written to: elements of its list are lists like all others."""
    origin = low.memory.origins.get(value)
    if origin is None or origin.kind != "element" or not isinstance(value.type, Struct):
        return
    site = origin.root.site if origin.root is not None else origin.holder
    if site is None:
        return
    item: Type | None = UNDEF
    for part in value.type.items:
        item = None if item is None else join(item, part)
    if item is not None and not isinstance(low.learnt.items.get(site), ListOf):
        low.learnt.items[site] = ListOf(item)
        low.learnt.memory[site] = None
        raise Restart


def learn_items(low: Lowering, site: Site, type_: Type) -> None:
    """A list made at this place also holds this type; lowering begins again if that is new."""
    before = low.learnt.items.get(site, UNDEF)
    joined = _beside_none(before, type_)
    if joined is None:
        raise Reject("E0126", None, f"it holds {show(before)} and {show(type_)}")
    if joined not in (before, UNDEF):
        low.learnt.items[site] = joined
        raise Restart


def _beside_none(a: Type, b: Type) -> Type | None:
    """The type of items of both types; what is None in one of them may be None, and has the type of the other."""
    if isinstance(a, Struct) and isinstance(b, Struct) and a.kind == b.kind and a.keys == b.keys:
        pairs = zip(a.items, b.items, strict=True)
        parts = [y if x == NONE else x if y == NONE else _beside_none(x, y) for x, y in pairs]
        found = [part for part in parts if part is not None]
        return replace(a, items=tuple(found)) if len(found) == len(parts) else None
    return join(UNDEF if a == NONE else a, UNDEF if b == NONE else b)


def learn_content(low: Lowering, ref: Value, type_: Type) -> None:
    """What a list, or the place of an element of a list, also holds."""
    root = low.memory.roots[ref]
    outer = content_type(next(value for value in low.memory.whole if low.memory.roots[value] is root).type)
    while outer != content_type(ref.type) and isinstance(outer, ListOf):
        whole: ListOf = outer
        outer, type_ = outer.item, replace(whole, item=type_)
    assert isinstance(type_, ListOf)
    learn_items(low, root.site, type_.item)


def names_now(low: Lowering) -> Iterator[tuple[Frame, str, Thing]]:
    """The names that may still be read, with what they stand for: of this function those that are live."""
    frame = low.frame
    live = frame.facts.after.get(frame.statement) if frame.statement is not None else None
    if live is not None and frame.statement is not None:
        names = [part for part in ast.walk(frame.statement) if isinstance(part, ast.Name)]
        read = [part.id for part in names if isinstance(part.ctx, ast.Load)]
        live |= {name for name in read if read.count(name) > 1}  # it may be read once more in the same statement
    for other in low.frames():
        for name, thing in other.env.items():
            if other is frame and live is not None and name not in live and not name.startswith(" "):
                if not any(name in carried for carried in frame.carried):
                    continue
            yield other, name, thing


def sole(low: Lowering, site: Site | None, item: Thing, node: ast.AST | None) -> None:
    """Into a list whose elements change in place goes only what nobody else has."""
    if site not in low.learnt.changing:
        return
    thing = heap.dissolved(item, low.frame.env)
    listed = isinstance(item, Group) and item.kind == "list"
    if not (isinstance(item, Value | Obj) or listed or kind_of(item) or heap.is_dict(item)) or _number(thing):
        return
    own = dict.fromkeys(_parts(_without_numbers(item, node)))
    taken = any(part in own for _, _, other in names_now(low) for part in _parts(other))
    taken = taken or any(part in low.memory.taken for part in own)
    taken = taken or any(isinstance(part, Obj) and part.root.frozen for part in own)
    if taken or (isinstance(item, Value) and not _fresh(low, item)):
        why = "elements of this list are changed in place, and another name may have this one"
        raise Reject("E0121", node, why, "put a copy into the list, or write `xs[k] = xs[k] + e`")


def _number(thing: Thing | None) -> bool:
    content = thing.type.content if isinstance(thing, Value) and isinstance(thing.type, Ref) else None
    type_ = content if content is not None else thing.type if isinstance(thing, Value) else None
    return type_ is not None and not changeable(type_)


def _without_numbers(item: Thing, node: ast.AST | None) -> Thing:
    """A display in the call itself, `p.append([v, xs])`, without its numbers: nobody can change those in place."""
    written = node.args[-1] if isinstance(node, ast.Call) and node.args else None
    if not isinstance(item, Group) or not isinstance(written, ast.List) or len(written.elts) != len(item.items):
        return item
    kept = [(key, one) for key, one in zip(item.keys, item.items, strict=True) if not _number(one)]
    return replace(item, keys=tuple(key for key, _ in kept), items=tuple(one for _, one in kept))


def _parts(thing: Thing) -> Iterator[object]:
    """The objects that a thing is, or is made of, by identity."""
    if isinstance(thing, Obj):
        yield thing
    elif isinstance(thing, Group):
        yield thing
        for item in thing.items:
            yield from _parts(item)
    else:
        yield from leaves_of(thing)


def _fresh(low: Lowering, item: Value) -> bool:
    """Whether an array or list was made here, and no live name nor another list may have it."""
    last = low.memory.bottom(item)
    origin = low.memory.origins.get(last)
    root = low.memory.roots.get(last)
    if root is not None:
        content = last.type.content if isinstance(last.type, Ref) else None
        alone = isinstance(content, Array | ListOf) and last in low.memory.whole
        if not alone or root.frozen:
            return False
    elif origin is None or origin.kind != "fresh":
        return False
    if last in low.memory.taken:
        return False
    keys: dict[Key, None] = low.memory.keys(item)
    for _, _, thing in names_now(low):
        for value in leaves_of(thing):
            content_type = value.type.content if isinstance(value.type, Ref) else value.type
            if shared_memory(content_type) and any(key in keys for key in low.memory.keys(value)):
                return False
    return True


def is_place(thing: Thing) -> bool:
    """Whether it is the place of an object or dict in a list."""
    content = thing.type.content if isinstance(thing, Value) and isinstance(thing.type, Ref) else None
    return isinstance(content, Struct)


def put(low: Lowering, ref: Value, key: str, value: Value, node: ast.AST) -> None:
    """`xs[k].key = value`: the object in the list is replaced by one with another field."""
    assert isinstance(ref.type, Ref) and isinstance(ref.type.content, Struct)
    struct = ref.type.content
    if key not in struct.keys:
        own, what = ("dicts", "key") if struct.kind == "dict" else ("objects", "field")
        why = f"{own} in lists have the {what}s that they begin with"
        help_ = f"give it the {what} where it is made, with a first value"
        raise Reject("E0124", node, why, help_, name=f"the {what} `{key}`")
    old = low.load(ref)
    items = [value if one == key else low.b.item(old, k) for k, one in enumerate(struct.keys)]
    types = tuple(item.type for item in items)
    made = low.b.pack(Struct(struct.kind, struct.keys, types), items)
    learn_content(low, ref, made.type)
    low.memory.keep(value)
    low.b.store(ref, made)


def exchanged(low: Lowering, ref: Value, node: ast.AST) -> None:
    """Elements come, go or change places: refused where a name stands for a place in the list."""
    root = low.memory.roots[ref]
    content = content_type(ref.type)
    if root.site not in low.learnt.changing or not isinstance(content, ListOf) or not changeable(content.item):
        return
    low.memory.moves[root] = low.memory.moves.get(root, 0) + 1
    for _, name, thing in names_now(low):
        for value in leaves_of(thing):
            if isinstance(value.type, Ref) and low.memory.roots.get(value) is root and value not in low.memory.whole:
                why = f"`{name.strip()}` stands for an element of the list, which is replaced or moves"
                raise Reject("E0121", node, why, "take the element out anew after this")


def lengthened(low: Lowering, ref: Value, node: ast.AST) -> None:
    """The list grows: `xs[-1]` is another element from now on, refused where a name stands for that place."""
    root = low.memory.roots[ref]
    if root.site not in low.learnt.changing:
        return
    for _, name, thing in names_now(low):
        for value in leaves_of(thing):
            if value in low.memory.from_end and low.memory.roots.get(value) is root:
                why = f"`{name.strip()}` stands for an element that is counted from the end, and the list grows"
                raise Reject("E0121", node, why, "take the element out anew after this, or by its index from the start")


def of_its_own(low: Lowering, content: Value, site: Site, node: ast.AST | None = None) -> Value:
    """A list whose elements change in place, made of a content: refused where it has them from elsewhere."""
    if site not in low.learnt.changing or not isinstance(content.type, ListOf) or not changeable(content.type.item):
        return content
    if content in low.memory.displays:
        return content
    item = content.type.item
    if site[0] == "param" and (isinstance(item, Struct | Array) or isinstance(item, ListOf) and _flat(item.item)):
        if isinstance(item, Struct):
            return content
        if isinstance(item, Array):
            return low.b.emit("prim", "copy", (content,), content.type, attrs={"args": ("x",)})
        text = "if len(set(map(id, {0}))) < len({0}): raise ValueError('two elements are one list')"
        low.b.effect("effect", "raise", [content], {"text": text})
        return low.b.emit("prim", "copy", (content,), content.type, attrs={"args": ("x",)})
    if site[0] == "param":
        why = f"the elements of `{site[1]}` are the caller's"
        raise Reject("E0121", node, why, f"copy them first: `{site[1]} = [x.copy() for x in {site[1]}]`")
    why = "its elements belong to another list or array, too"
    raise Reject("E0121", node, why, "make the list in a loop, of copies")


def _flat(type_: Type) -> bool:
    return not changeable(type_) and not isinstance(type_, Struct)
