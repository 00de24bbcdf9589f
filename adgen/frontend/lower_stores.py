"""Writes: `y[p] = e`, `d["k"] = e`, `del d["k"]`, np.add.at, y.fill.

    y[p] = e               store(view(y, p), e)
    d["k"] = e             another value for the entry of the key (lower_heap)
    np.add.at(y, i, e)     store(view(y, i), e, mode add), with repeats

What is written to must be memory.  If it is still a content, its place of origin is remembered as memory and the
lowering of the function begins again (`Restart`).
"""

from __future__ import annotations

import ast

from adgen.frontend import lower_heap as heap
from adgen.frontend.lower_cuts import key_of_slices
from adgen.frontend.lower_index import Spec, place, spec_of, typed
from adgen.frontend.lower_lists import held
from adgen.frontend.lower_memory import Root
from adgen.frontend.lower_objects import attribute_of, called, changed, write_part
from adgen.frontend.lower_places import exchanged, learn_changing, learn_content, learn_list, sole
from adgen.frontend.lower_rankless import all_memory, is_written, rankless
from adgen.frontend.lower_recursion import want
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_statics import has, peek
from adgen.frontend.lower_things import (
    Group,
    Obj,
    Poison,
    Poisoned,
    Restart,
    Site,
    Thing,
    content_type,
    kind_of,
    shared_memory,
)
from adgen.frontend.lower_windows import same_size
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Array, DictOf, ListOf, Opaque, Ref, Scalar, Struct, Type, Unknown, show


# what is written to --------------------------------------------------------------------------------------------------
def writable(low: Lowering, thing: Thing, node: ast.expr) -> Value:
    """The reference behind what is written to; begins again if the thing was not known to be memory."""
    text = f"`{ast.unparse(node)}`"
    origin = low.memory.origins.get(thing) if isinstance(thing, Value) else None
    if origin is not None and origin.kind == "captured":
        raise Reject("E0123", node, "the change would be seen by other functions", name=origin.name)
    match thing:
        case Poison():
            raise Poisoned
        case Value(type=Struct(kind)):
            learn_list(low, thing) if kind == "list" else learn_changing(low, thing)
            if kind == "list":
                want(low, thing)
            why = f"{text} is a {kind if kind in ('tuple', 'dict', 'list') else 'structure'}, and the caller sees it"
            raise Reject("E0124", node, why, "make a new one, with the new value in it", name=text)
        case Value(type=Ref()):
            note_store(low, low.memory.roots[thing], node, thing not in low.memory.whole)
            return thing
        case Group(kind="list") if thing.site is not None and thing.site in low.learnt.either:
            why = "elements of this list are changed in place, and others have them"
            raise Reject("E0121", node, why, "put copies into the list")
        case Group(kind="list") if thing.site is not None:
            learn_memory(low, thing.site)
        case Group():
            if thing.kind == "list":
                want(low, thing)
            why = f"{text} is a {thing.kind if thing.kind in ('tuple', 'dict', 'list') else 'structure'}"
            raise Reject("E0124", node, why, "make a new one, with the new value in it", name=text)
        case Value(type=Unknown()):
            why = "it may be a number or an array, and only arrays can be written to"
            raise Reject("E0113", node, why, name=text)
        case Value() if shared_memory(thing.type) or is_written(low, thing):
            return content_origin(low, thing, node)
    if isinstance(thing, Value) and rankless(thing.type):
        all_memory(low, [thing])
        why = f"{text} is {show(thing.type)}: a number, or an array without axes that may have other names"
        raise Reject("E0124", node, why, "write to what `np.zeros(())` has made, under its own name", name=text)
    what = show(thing.type) if isinstance(thing, Value) else "no array"
    raise Reject("E0124", node, f"{text} is {what}", name=text)


def learn_memory(low: Lowering, site: Site) -> None:
    """What is made at this place is written to later: begin again."""
    if site in low.learnt.memory:
        raise Reject("E0120", None, "it cannot be followed which memory is written to")
    low.learnt.memory[site] = None
    raise Restart


def content_origin(low: Lowering, value: Value, node: ast.expr) -> Value:
    """A content is written to: its origin becomes memory, or the reason why it cannot."""
    text = f"`{ast.unparse(node)}`"
    last = low.memory.bottom(value)
    root = low.memory.roots.get(last)
    if root is not None:
        if root.site not in low.learnt.memory:
            learn_memory(low, root.site)
        low.memory.open(value)
        for loop in low.memory.loops:
            if root in loop.iterated:
                watched(low, loop.iterated[root], root, node)
        why = (
            f"{text} may be a view of `{last.hint or 'an array'}` or a copy: that depends on how its memory is laid out"
        )
        raise Reject("E0120", node, why, f"write `.copy()` behind it, or write to `{last.hint or 'the array'}` itself")
    origin = low.memory.origins.get(last)
    match origin.kind if origin is not None else "":
        case "fresh" | "param" | "phi" if origin is not None and origin.site is not None:
            learn_memory(low, origin.site)
        case "item" if origin is not None and origin.site is not None and origin.site[0] == "param":
            learn_memory(low, origin.site)
        case "element" | "item":
            if last in low.memory.picked:
                from adgen.frontend.lower_choices import keep_apart

                keep_apart(low, *low.memory.picked[last])
            learn_changing(low, last)
            why = f"{text} belongs to a list or structure that others may see"
            inside = origin is not None and origin.kind == "item"  # of a tuple or dict
            help_ = "keep the arrays in lists of their own, or put a new tuple there: `xs[k] = (2.0 * W, b)`"
            raise Reject("E0121", node, why, help_ if inside else "")
        case "maybe":
            why = f"{text} may be None, and another name may have the array"
            raise Reject("E0120", node, why, f"write to a copy under a new name: `y = {ast.unparse(node)}.copy()`")
        case "captured":
            why = "the change would be seen by other functions"
            raise Reject("E0123", node, why, name=origin.name if origin is not None else "")
    raise Reject("E0120", node, f"it is not known where the memory of {text} comes from")


def note_store(low: Lowering, root: Root, node: ast.AST, part: bool = False) -> None:
    """A write to a root, or to a part of it: refused where a snapshot of it is held."""
    element = part and root.site in low.learnt.changing  # the loop over the list goes on to elements as they are then
    for loop in low.memory.loops:
        for one in root.each():
            if one in loop.iterated and not element:
                watched(low, loop.iterated[one], one, node)
    held = [site for one in root.each() if one.frozen for site in one.held]
    if any(one.frozen for one in root.each()):
        for one in root.each():
            low.memory.open_all(low.memory.sealed.get(one, {}))
        if None not in held and any(site not in low.learnt.either for site in held):
            low.learnt.either |= {site: None for site in held if site is not None}
            raise Restart
        why = "another name, a list or a structure holds this array, and would see the change"
        raise Reject("E0120", node, why)
    low.memory.store(root)


def watched(low: Lowering, site: Site, root: Root, node: ast.AST) -> None:
    """What a loop runs over is written to: arrays are viewed from now on, lists refused."""
    if site == ("generator",):
        raise Reject("E0122", node, "the generator that the loop runs over may read it", "make a list of it first")
    if any(r is root and is_dict(ref) for ref, r in low.memory.roots.items()):
        return  # lower_maps
    if any(r is root and _is_list(ref) for ref, r in low.memory.roots.items()):
        raise Reject("E0122", node, "what the loop sees next depends on the change")
    if site not in low.learnt.viewed:
        low.learnt.viewed[site] = None
        raise Restart


def _is_list(ref: Value) -> bool:
    return isinstance(ref.type, Ref) and isinstance(ref.type.content, ListOf)


# stores --------------------------------------------------------------------------------------------------------------
def store(low: Lowering, target: ast.Subscript, thing: Thing) -> None:
    """`target = thing`."""
    if isinstance(thing, Poison):
        raise Poisoned
    base = low.expr(target.value)
    if is_dict(base):
        key = low.expr(target.slice)
        if isinstance(low.static(key)[1], str) and heap.is_dict(base):
            write_part(low, changed(low, base, target.value), key_of(low, target), thing, target)
            return
        from adgen.frontend import lower_maps as maps

        maps.put(low, writable(low, maps.known(low, base, target.slice), target.value), key, thing, target)
        return
    if kind_of(base):
        special(low, base, "__setitem__", target, thing)
        return
    ref = writable(low, base, target.value)
    spec, operands = spec_of(low, target.slice)
    assert isinstance(ref.type, Ref)
    if isinstance(ref.type.content, ListOf):
        store_item(low, ref, spec, operands, thing, target)
        return
    type_ = typed(low, ref.type.content, spec, operands, target)
    part = all_of(low, ref) if is_whole(ref.type.content, spec) else place(low, ref, spec, operands, type_)
    if ref in low.memory.flat:
        thing = same_size(low, part, low.content(thing, target), target)
    put(low, part, written_content(low, thing, type_, target), low.writer)


def is_whole(type_: Type, spec: Spec) -> bool:
    """Whether `y[...]` is all of an array; `y[()]` is, of one without axes."""
    if not isinstance(type_, Array) or type_.shape is None:
        return False
    return spec == ("...",) or (spec == () and type_.shape == ())


def all_of(low: Lowering, ref: Value) -> Value:
    """All of an array, for a write in place; an element of a list or dict would be replaced by another array."""
    base, content = low.memory.parents.get(ref), content_type(ref.type)
    if base is None or not isinstance(content_type(base.type), ListOf | DictOf) or not isinstance(content, Array):
        return ref
    return place(low, ref, ("...",), [], content)


def is_dict(thing: Thing) -> bool:
    """Whether it is a dict of either kind."""
    return heap.is_dict(thing) or isinstance(thing, Value) and isinstance(content_type(thing.type), DictOf)


def key_of(low: Lowering, target: ast.Subscript) -> str:
    """The constant key of a subscript."""
    known, key = low.static(low.expr(target.slice))
    if not known or not isinstance(key, str):
        raise Reject("E0116", target.slice, f"`{ast.unparse(target.slice)}` is no constant string")
    return key


def special(low: Lowering, base: Thing, name: str, target: ast.Subscript, *more: Thing) -> Thing:
    """`p[k] = e` and the like: a method of the object's class."""
    if not has(low, base, name):
        raise Reject("E0124", target, f"its class has no {name}", name=f"`{ast.unparse(target)}`")
    key = key_of_slices(low, target.slice)
    return called(low, attribute_of(low, base, name, target.value), [key, *more], {}, target)


def part_hint(low: Lowering, target: ast.expr) -> str:
    """The name that a part of an object would like to have, where one is written to."""
    match target:
        case ast.Attribute(value, key):
            base = peek(low, value)
        case ast.Subscript(value, ast.Constant(str() as key)):
            base = peek(low, value)
        case _:
            return ""
    return heap.hint_of(base, key) if isinstance(base, Obj) else ""


def delete_item(low: Lowering, target: ast.Subscript) -> None:
    """`del d["k"]`, `del xs[k]`."""
    base = low.expr(target.value)
    if is_dict(base):
        key = low.expr(target.slice)
        if isinstance(low.static(key)[1], str) and heap.is_dict(base):
            heap.remove(low, heap.writable(low, base, target.value), key_of(low, target), target)
            return
        from adgen.frontend import lower_maps as maps

        maps.remove(low, writable(low, maps.known(low, base, target.slice), target.value), key, target)
        return
    if kind_of(base):
        special(low, base, "__delitem__", target)
        return
    from adgen.frontend.lower_order import delete

    ref = writable(low, base, target.value)
    if not isinstance(content_type(ref.type), ListOf):
        raise Reject("E0124", target, "elements are deleted", "make a new array without them", name="an array")
    delete(low, ref, target.slice, target)


def written_content(low: Lowering, thing: Thing, type_: Type, node: ast.AST) -> Value:
    """A content that an array can take."""
    value = low.content(thing, node)
    if isinstance(value.type, Opaque):
        raise Reject("E0107", node, "it is no number and no array", name="=")
    if isinstance(value.type, Array) and isinstance(type_, Array) and value.type.shape and type_.shape is not None:
        if len(value.type.shape) > len(type_.shape):
            why = f"{show(value.type)} does not fit into {show(type_)}"
            raise Reject("E0107", node, why, "write to a part of the same shape", name="=")
    return value


def store_item(low: Lowering, ref: Value, spec: Spec, operands: list[Value], thing: Thing, node: ast.expr) -> None:
    """`xs[k] = thing`."""
    if spec == ("s000",) and replaced(low, ref, thing, node):
        return
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        from adgen.frontend import lower_order, lower_strided

        into = lower_strided.store if lower_strided.stepped(low, node.slice) else lower_order.store_slice
        into(low, ref, node.slice, thing, node)
        return
    if spec != ("i",):
        raise Reject("E0124", node, "a slice of a list is replaced", "assign the elements one by one", name="a slice")
    store_element(low, ref, operands, thing, node)


def store_element(low: Lowering, ref: Value, operands: list[Value], thing: Thing, node: ast.expr) -> None:
    """`xs[k] = thing` of one element."""
    root = low.memory.roots[ref]
    learn_content(low, ref, ListOf(low.template(thing)))
    assert isinstance(ref.type, Ref) and isinstance(ref.type.content, ListOf)
    item = ref.type.content.item
    sole(low, root.site, thing, node)
    exchanged(low, ref, node)
    low.b.store(place(low, ref, ("i",), operands, item), held(low, thing, item))


def replaced(low: Lowering, ref: Value, thing: Thing, node: ast.expr) -> bool:
    """`xs[:] = _add(xs, ys)` of generated code: as many numbers as before (other lists may change the length)."""
    content = low.content(thing, node) if isinstance(thing, Value) else None
    own = content_type(ref.type)
    if content is None or not isinstance(own, ListOf) or content.type != own or not isinstance(own.item, Scalar):
        return False
    made = {result: op for op in low.b.ops for result in op.results}
    total = made.get(content)
    old = made.get(total.operands[0]) if total is not None and total.name == "add_lists" else None
    if old is None or old.kind != "load" or old.operands != (ref,):
        return False
    low.b.store(ref, content)
    return True


def whole(low: Lowering, thing: Thing, content: Thing, node: ast.expr, out: str = "") -> None:
    """`y.fill(c)`: all of an array is written; by a function as it computes, for `out=`."""
    ref = writable(low, thing, node)
    assert isinstance(ref.type, Ref)
    if not isinstance(ref.type.content, Array):
        raise Reject("E0124", node, "it is no array", name=f"`{ast.unparse(node)}`")
    put(low, all_of(low, ref), written_content(low, content, ref.type.content, node), out)


def put(low: Lowering, part: Value, content: Value, out: str) -> None:
    """A store, and how it comes about."""
    low.b.effect("store", "", (part, content), {"mode": "set", "at": False} | ({"out": out} if out else {}))


def accumulate(low: Lowering, ufunc: str, args: list[ast.expr], node: ast.Call) -> None:
    """`np.add.at(y, idx, e)`: repeated indices accumulate."""
    if ufunc not in ("np.add", "np.subtract") or len(args) != 3:
        from adgen.frontend.lower_inplace import update_at

        update_at(low, ufunc, [low.expr(arg) for arg in args], node)
        return
    ref = writable(low, low.expr(args[0]), args[0])
    spec, operands = spec_of(low, args[1])
    assert isinstance(ref.type, Ref)
    type_ = typed(low, ref.type.content, spec, operands, node)
    value = written_content(low, low.expr(args[2]), type_, node)
    if ufunc == "np.subtract":
        value = low.content(low.prim("neg", [value], node))
    masked = spec == ("i",) and isinstance(operands[0].type, Array) and operands[0].type.dtype == "b1"
    low.b.store(place(low, ref, spec, operands, type_), value, "add", at=not masked)  # a mask names no element twice
