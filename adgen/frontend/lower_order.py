"""Lists in another order, or with elements put in and taken out: written with single reads, appends and pops.

sorted(rows)          order = sorted(range(len(rows)), key=rows.__getitem__), where they are tuples
sorted(xs, key=f)     order = np.argsort(np.array([f(x) for x in xs]), kind="stable"); [xs[k] for k in order]
xs.sort()             the same; then all elements are popped, and appended in their new order
xs[a:b] = ys          the tail is kept, elements are popped down to a; then ys and the tail are appended
max(xs, key=f)        xs[np.argmax(np.array([f(x) for x in xs]))]

Which order it is does not vary; the elements are moved as they are.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from adgen.frontend import lower_shifts as shifts
from adgen.frontend.lower_calls import METHODS, apply, arguments, builtin
from adgen.frontend.lower_comparisons import ordered
from adgen.frontend.lower_expressions import operate
from adgen.frontend.lower_functional import consumed, flag
from adgen.frontend.lower_index import read, spec_of
from adgen.frontend.lower_iterables import iterate
from adgen.frontend.lower_list_methods import written_at
from adgen.frontend.lower_lists import append, extend, new_list, run_out, run_over
from adgen.frontend.lower_places import exchanged
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_stores import writable
from adgen.frontend.lower_things import (
    Group,
    Iteration,
    Poison,
    Poisoned,
    Restart,
    Thing,
    content_type,
    join,
    kind_of,
    tuple_of,
)
from adgen.frontend.lower_trees import Leaf, fork, leaf, listed, merge
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import (
    INT,
    UNDEF,
    DictOf,
    ListOf,
    Opaque,
    Ref,
    Type,
    is_number,
    is_set,
)


# contents ------------------------------------------------------------------------------------------------------------
def content_of(low: Lowering, thing: Thing, node: ast.expr) -> Value:
    """The elements of a thing as the content of a list."""
    it = iterate(low, thing, node)
    if it.elements is not None:
        group = tuple_of(it.elements, "list")
        type_: Type | None = UNDEF
        for item in it.elements:
            type_ = None if type_ is None else join(type_, low.template(item))
        if type_ is None or type_ == UNDEF:
            raise Reject("E0126", node, "its elements are of different kinds, or there are none")
        low.memory.keep(group)
        return listed(low, group, ListOf(type_))
    return run_out(low, it, node)


def keys_of(low: Lowering, content: Value, key: Thing | None, node: ast.expr) -> Value:
    """The array of what the elements are compared by."""
    found = content
    if key is not None:
        function = key
        it = iterate(low, content, node, unroll=False)
        ref = new_list(low, low.b.emit("listing", "", (), ListOf(_learnt(low, node, "keys"))), _site(low, node, "keys"))

        def one(thing: Thing) -> None:
            append(low, ref, apply(low, function, [thing], {}, node), node)

        run_over(low, it, node, ("keys",), None, one, [])
        found = low.load(ref)
    assert isinstance(found.type, ListOf)
    if not is_number(found.type.item):
        raise Reject("E0107", node, "what is compared are no numbers", "give a key that is a number", name="sorted")
    return low.content(low.prim("np.array", [found], node))


def _site(low: Lowering, node: ast.AST, tag: str) -> tuple[object, ...]:
    return low.site(node, tag)


def _learnt(low: Lowering, node: ast.AST, tag: str) -> Type:
    return low.learnt.items.get(_site(low, node, tag), UNDEF)


def in_order(
    low: Lowering, content: Value, key: Thing | None, backwards: bool, node: ast.expr, hint: str = ""
) -> Value:
    """The elements, sorted."""
    if key is None and isinstance(content.type, ListOf) and ordered(content.type.item):
        word = ", reverse=True" if backwards else ""
        marks = {"args": ("values",), "text": f"sorted(range(len({{0}})), key={{0}}.__getitem__{word})"}
        order = low.b.emit("prim", "of_texts", (content,), ListOf(INT), "order", marks)
    else:
        keys = keys_of(low, content, key, node)
        if backwards:
            keys = low.content(low.prim("neg", [keys], node))
        stable = low.b.const("stable")
        order = low.content(low.prim("np.argsort", [keys, stable], node, "order", ("a", "kind")))
    ref = new_list(low, low.b.emit("listing", "", (), ListOf(_learnt(low, node, "list"))), low.site(node, "list"), hint)

    def one(place: Thing) -> None:
        assert isinstance(place, Value)
        append(low, ref, read(low, content, ("i",), [place], node), node)

    run_over(low, iterate(low, order, node), node, ("sorted",), None, one, [])
    return ref


# sorted, max, min, filter --------------------------------------------------------------------------------------------
def options(low: Lowering, keywords: dict[str, Thing], node: ast.AST, name: str) -> tuple[Thing | None, bool]:
    """`key` and `reverse`."""
    unknown = [key for key in keywords if key not in ("key", "reverse")]
    known, backwards = low.static(keywords["reverse"]) if "reverse" in keywords else (True, False)
    if unknown or not known:
        raise Reject("E0106", node, "it takes `key`, and `reverse` that is known while compiling", name=name)
    key = keywords.get("key")
    return (None if key is None or low.static(key) == (True, None) else key), bool(backwards)


@builtin("sorted")
def sorted_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`sorted(xs, key=f, reverse=True)`."""
    args, keywords = arguments(low, node, True)
    if len(args) != 1:
        raise Reject("E0106", node, "it takes one list", name="sorted")
    if isinstance(args[0], Poison):
        raise Poisoned
    key, backwards = options(low, keywords, node, "sorted")
    if key is None:
        ordered = of_keys(low, args[0], node, backwards, hint)
        if ordered is not None:
            return ordered
    it = iterate(low, args[0], node.args[0])
    if it.elements is not None and low.site(node, "order") not in low.learnt.computed:
        fixed = known_order(low, it.elements, key, node)
        if fixed is not None and len(dict.fromkeys(type(pair[0]) for pair in fixed)) == 1:
            fixed = sorted(fixed, key=lambda pair: pair[0], reverse=backwards)  # type: ignore[arg-type, return-value]
            return tuple_of(tuple(item for _, item in fixed), "list", low.site(node, "list"))
        if key is not None:  # it was called, and may have changed something
            low.learnt.computed[low.site(node, "order")] = None
            raise Restart
    if low.site(node, "list") in low.learnt.changing:
        why = "elements of the sorted list are changed in place, and the list that was sorted has them, too"
        raise Reject("E0121", node, why, "sort copies: `sorted([r.copy() for r in rows], ..)`")
    ref = in_order(low, content_of(low, args[0], node.args[0]), key, backwards, node, hint)
    return ref if low.site(node, "list") in low.learnt.memory else low.load(ref)


def of_keys(low: Lowering, thing: Thing, node: ast.Call, backwards: bool, hint: str) -> Thing | None:
    """`sorted(d)`, `sorted(d.items())` of a dict whose keys are computed, and texts: None for anything else."""
    from adgen.frontend import lower_maps as maps

    function = node.args[0].func if isinstance(node.args[0], ast.Call) else None
    if isinstance(thing, Iteration) and isinstance(function, ast.Attribute) and function.attr == "items":
        owner = low.expr(function.value)
        if isinstance(owner, Value) and maps.is_map(owner):
            names = sorted_texts(low, maps.keys(low, owner, node), backwards)
            return run_out(low, maps.over(low, owner, node, "items", names), node, hint)
        return None
    if isinstance(thing, Value) and is_set(thing.type):
        return sorted_texts(low, low.content(thing), backwards, hint)
    if isinstance(thing, Value) and maps.is_map(thing):
        return sorted_texts(low, maps.keys(low, thing, node), backwards, hint)
    type_ = content_type(thing.type) if isinstance(thing, Value) else None
    if isinstance(type_, ListOf) and isinstance(type_.item, Opaque) and isinstance(thing, Value):
        return sorted_texts(low, low.content(thing), backwards, hint)
    return None


def sorted_texts(low: Lowering, names: Value, backwards: bool, hint: str = "") -> Value:
    """A list of keys in order: they carry no derivative."""
    marks = {"args": ("values",), "text": "sorted({0}, reverse=True)" if backwards else "sorted({0})"}
    type_ = ListOf(names.type.key) if isinstance(names.type, DictOf) else names.type
    return low.b.emit("prim", "of_texts", (names,), type_, hint or "ordered", marks, bool(hint))


def known_order(
    low: Lowering, elements: tuple[Thing, ...], key: Thing | None, node: ast.expr
) -> list[tuple[object, Thing]] | None:
    """The elements with what they are compared by, if all of that is known; pairs with distinct first parts, too."""
    found: list[tuple[object, Thing]] = []
    for place, item in enumerate(elements):
        with low.at("key", place):
            thing = item if key is None else apply(low, key, [item], {}, node)
        known, value = low.static(thing)
        if not known and isinstance(thing, Group) and thing.items:
            known, value = low.static(thing.items[0])
            known = known and all(value != other for other, _ in found)
        if not known:
            return None
        found.append((value, item))
    return found


def best(low: Lowering, name: str, thing: Thing, key: Thing, node: ast.expr, hint: str) -> Thing:
    """`max(xs, key=f)`: the first element with the largest key."""
    content = content_of(low, thing, node)
    keys = keys_of(low, content, key, node)
    place = low.content(low.prim("np.argmax" if name == "max" else "np.argmin", [keys], node))
    return read(low, content, ("i",), [place], node, hint)


@builtin("filter")
def filter_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`filter(f, xs)`: the list of those for which f is true."""
    from adgen.frontend.lower_lazy import observed

    if node.keywords or len(node.args) != 2 or any(isinstance(part, ast.Starred) for part in node.args):
        raise Reject("E0106", node, "it takes a function and what is filtered", name="filter")
    function = low.expr(node.args[0])
    return observed(low, node, lambda: kept_by(low, node, function, hint), [node.args[0]])


def kept_by(low: Lowering, node: ast.Call, function: Thing, hint: str) -> Iteration:
    """As `filter_call`, all at once."""
    it = iterate(low, consumed(low, node.args[1]), node.args[1], unroll=False)
    site = low.site(node, "list")
    ref = new_list(low, low.b.emit("listing", "", (), ListOf(_learnt(low, node, "list"))), site, hint)

    def one(thing: Thing) -> None:
        test = low.content(flag(low, apply(low, function, [thing], {}, node), node))

        def keep() -> Leaf:
            append(low, ref, thing, node)
            return leaf(low)

        merge(low, fork(low, test, keep, lambda: leaf(low), node), [], node, frozenset(low.frame.env))

    if it.elements is not None:
        for place, element in enumerate(it.elements):
            with low.at("element", place):
                one(element)
    else:
        run_over(low, it, node, ("filter",), None, one, [])
    return iterate(low, low.load(ref), node)


@builtin("divmod")
def divmod_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`divmod(a, b)`."""
    args, keywords = arguments(low, node)
    if len(args) != 2 or keywords or any(map(kind_of, args)):
        raise Reject("E0106", node, "it takes two numbers", name="divmod")
    return tuple_of(tuple(operate(low, name, args[0], args[1], node) for name in ("floordiv", "mod")))


# elements in and out -------------------------------------------------------------------------------------------------
def bound(low: Lowering, node: ast.expr | None, count: Value, default: Value) -> Value:
    """A bound of a slice, between 0 and the number of elements."""
    if node is None:
        return default
    thing = low.expr(node)
    known, number = low.static(thing)
    if known and number is None:
        return default
    value = low.content(thing, node)
    if known and isinstance(number, int) and number >= 0:
        return value if number == 0 else low.content(low.prim("min", [value, count], node))
    if known and isinstance(number, int):
        moved = low.prim("add", [count, low.b.const(number)], node)
        return low.content(low.prim("max", [moved, low.b.const(0)], node))
    negative = low.prim("lt", [value, low.b.const(0)], node)
    shift = low.prim("mul", [count, low.prim("int", [negative], node)], node)
    moved = low.prim("max", [low.prim("add", [value, shift], node), low.b.const(0)], node)
    return low.content(low.prim("min", [moved, count], node))


def position(low: Lowering, thing: Thing, count: Value, node: ast.AST) -> Value:
    """The position of an element, counted from the front."""
    value = low.content(thing, node)
    known, number = low.static(thing)
    if known and isinstance(number, int):
        return value if number >= 0 else low.content(low.prim("add", [count, low.b.const(number)], node))
    return low.content(low.prim("mod", [value, count], node))


def splice(
    low: Lowering, ref: Value, start: Value, stop: Value, more: Callable[[], None] | None, node: ast.AST
) -> None:
    """Elements from `start` to `stop` go; then more may be appended, before the tail comes back."""
    item = shifts.item_of(low, ref, node, "")
    exchanged(low, ref, node)
    count = shifts.length(low, ref, node)
    tail = low.b.emit("alloc", "", (low.b.emit("listing", "", (), ListOf(item)),), Ref(ListOf(item)), "tail")
    low.memory.allocated(tail, low.site(node, "tail"))

    def keep(k: Value) -> None:
        low.b.effect("append", "", (tail, shifts.read(low, ref, k, item)))

    with low.at("tail"):
        shifts.moves(low, stop, count, node, keep)
    with low.at("cut"):
        shifts.moves(low, start, count, node, lambda _: shifts._drop(low, ref, item))
    if more is not None:
        more()
    with low.at("back"):
        extend(low, ref, low.load(tail), node)


def store_slice(low: Lowering, ref: Value, part: ast.Slice, thing: Thing, node: ast.expr) -> None:
    """`xs[a:b] = ys`."""
    content = thing if isinstance(thing, Group) else content_of(low, thing, node)
    count = shifts.length(low, ref, node)
    start = bound(low, part.lower, count, low.b.const(0))
    stop = bound(low, part.upper, count, count)
    stop = low.content(low.prim("max", [start, stop], node)) if part.lower is not None else stop
    splice(low, ref, start, stop, lambda: extend(low, ref, content, node), node)


def delete(low: Lowering, ref: Value, part: ast.expr, node: ast.expr) -> None:
    """`del xs[k]`, `del xs[a:b]`."""
    if isinstance(part, ast.Slice):
        from adgen.frontend import lower_strided as strided

        if strided.stepped(low, part):
            strided.delete(low, ref, part, node)
        else:
            store_slice(low, ref, part, tuple_of((), "list"), node)
        return
    count = shifts.length(low, ref, node)
    first = position(low, low.expr(part), count, node)
    splice(low, ref, first, shifts.number(low, "add", first, 1, node), None, node)


def pop_at(low: Lowering, ref: Value, thing: Thing, node: ast.AST, hint: str) -> Value:
    """`xs.pop(k)`."""
    item, count = shifts.item_of(low, ref, node, "pop"), shifts.length(low, ref, node)
    first = position(low, thing, count, node)
    value = shifts.read(low, ref, first, item, hint)
    splice(low, ref, first, shifts.number(low, "add", first, 1, node), None, node)
    return value


def insert_at(low: Lowering, ref: Value, where: ast.expr, thing: Thing, node: ast.AST) -> None:
    """`xs.insert(k, e)`."""
    first = bound(low, where, shifts.length(low, ref, node), low.b.const(0))
    splice(low, ref, first, first, lambda: append(low, ref, thing, node), node)


def _list_sort(
    low: Lowering, xs: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
) -> Thing:
    if args:
        raise Reject("E0106", node, "it takes `key` and `reverse`", name=".sort")
    key, backwards = options(low, keywords, node, ".sort")
    ref = writable(low, xs, written_at(node))
    shifts.item_of(low, ref, node, "sort")
    new = in_order(low, low.load(ref), key, backwards, node)
    count = shifts.length(low, ref, node)
    splice(low, ref, low.b.const(0), count, lambda: extend(low, ref, low.load(new), node), node)
    return low.b.const(None)


METHODS.update({"list.sort": _list_sort})


# slices --------------------------------------------------------------------------------------------------------------
def picked(low: Lowering, content: Value, part: ast.Slice, node: ast.expr, hint: str) -> Value:
    """`xs[::-1]`, `xs[k:]`: one element after the other, where the slice has a step or a computed start."""
    assert isinstance(content.type, ListOf)
    count = low.content(low.prim("len", [content], node))
    every = low.content(low.prim("np.arange", [count], node))
    spec, operands = spec_of(low, part)
    places = read(low, every, spec, operands, node)
    site = low.site(node, "list")
    ref = new_list(low, low.b.emit("listing", "", (), ListOf(_learnt(low, node, "list"))), site, hint)

    def one(place: Thing) -> None:
        assert isinstance(place, Value)
        append(low, ref, read(low, content, ("i",), [place], node), node)

    run_over(low, iterate(low, places, node), node, ("slice",), None, one, [])
    return ref if site in low.learnt.memory else low.load(ref)
