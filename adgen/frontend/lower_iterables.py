"""What a `for` runs over: ranges, arrays, lists, tuples, enumerate, zip, reversed.

for v in xs                 count len(xs), element index(xs, i)
for i, v in enumerate(xs)   the same, with the index itself in front
for a, b in (p, q)          elements p, q: known one by one
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from adgen.frontend import lower_heap as heap
from adgen.frontend.lower_function_lists import over
from adgen.frontend.lower_index import part_value, read, view
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_strings import computed
from adgen.frontend.lower_things import (
    Group,
    Iteration,
    Obj,
    Poison,
    Poisoned,
    Site,
    Text,
    Thing,
    class_kind,
    countable,
    join,
    name_of,
    part_of,
    tuple_of,
    type_of,
)
from adgen.frontend.lower_trees import listed
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import INT, UNDEF, Array, DictOf, ListOf, Opaque, Ref, Static, Struct, Type, Unknown, is_set, show
from adgen.rules.keys import TEXT

UNROLL = 8  # so many values of one kind are still iterated one by one


def iterate(low: Lowering, thing: Thing, node: ast.expr, unroll: bool = True) -> Iteration:
    """How to iterate over a thing."""
    match thing:
        case Iteration():
            return thing
        case Poison():
            raise Poisoned
        case Obj(kind="dict"):
            return over_keys(low, thing)
        case Obj(kind="list"):
            return over(low, thing)
        case Value(type=Static(value=str() as text)):
            return Iteration(elements=tuple(low.b.const(letter) for letter in text))
        case Text() | Value(type=Opaque(what="str")):
            return sequence(low, computed(low, "list({0})", [thing], ListOf(TEXT), node), node)
        case Group("dict", keys):
            return Iteration(elements=tuple(low.b.const(key) for key in keys))
        case Group("tuple" | "list"):
            type_ = one_type(thing)
            if type_ is None or (unroll and len(thing.items) <= UNROLL) or not thing.items:
                return Iteration(elements=thing.items)
            return sequence(low, listed(low, thing, ListOf(type_)), node)
        case Value(type=Struct(kind="dict", keys=keys)):
            return Iteration(elements=tuple(low.b.const(key) for key in keys))
        case Group(kind) if low.is_tuple(kind):
            return Iteration(elements=thing.items)
        case Value(type=Struct(kind, _, slots)) if low.is_tuple(kind):
            parts = tuple(part_value(low, thing, k) for k in range(len(slots)))
            return iterate(low, tuple_of(parts), node, unroll)
        case Value(type=(DictOf() | Ref(content=DictOf()))):
            from adgen.frontend import lower_maps as maps

            if is_set(thing.type):
                why = "a set gives its elements in no certain order"
                raise Reject("E0111", node, why, "run over `sorted(s)`", name=f"`{ast.unparse(node)}`")

            return maps.over(low, thing, node)
        case Value(type=Ref(content=Struct())):
            return iterate(low, low.load(thing), node, unroll)
        case Value(type=Ref()):
            return over_memory(low, thing, node)
        case Value(type=(Array() | ListOf())):
            return sequence(low, thing, node)
        case Value(type=Unknown()):
            raise Reject(
                "E0113", node, "it may be a number, and numbers have no elements", name=f"`{ast.unparse(node)}`"
            )
        case Value(type=Opaque()):
            raise Reject("E0111", node, "its elements are not known", name=f"`{ast.unparse(node)}`")
    if class_kind(thing):
        return of_object(low, thing, node)
    what = (
        show(thing.type)
        if isinstance(thing, Value)
        else "a class or an object" if hasattr(thing, "class_name") else "a function"
    )
    raise Reject("E0111", node, f"`{ast.unparse(node)}` is {what}", name=f"`{ast.unparse(node)}`")


def of_object(low: Lowering, thing: Thing, node: ast.expr) -> Iteration:
    """What the `__iter__` of an object's class returns, or yields."""
    from adgen.frontend.lower_objects import attribute_of, called
    from adgen.frontend.lower_statics import has

    if not has(low, thing, "__iter__"):
        why = f"the class of `{ast.unparse(node)}` has no __iter__ that is known"
        raise Reject("E0111", node, why, "run over one of its fields", name=f"`{ast.unparse(node)}`")
    found = called(low, attribute_of(low, thing, "__iter__", node), [], {}, node)
    if class_kind(found):
        why = "its __iter__ gives an object whose __next__ has a state"
        raise Reject("E0111", node, why, "write __iter__ as a generator", name=f"`{ast.unparse(node)}`")
    return iterate(low, found, node)


def over_keys(low: Lowering, obj: Obj, part: Callable[[str], Thing] | None = None) -> Iteration:
    """Iteration over a dict that changes: each element as it is when its turn comes; the keys must stay."""
    first = heap.keys(low, obj)

    def again() -> tuple[Thing, ...]:
        if heap.keys(low, obj) != first:
            raise Reject("E0122", low.frame.statement, "keys come or go while a loop runs over a dict")
        return tuple(low.b.const(key) if part is None else part(key) for key in first)

    return Iteration(elements=again(), again=again)


def turn(low: Lowering, it: Iteration, place: int) -> Thing:
    """The element whose turn has come."""
    assert it.elements is not None
    return it.elements[place] if it.again is None or place == 0 else it.again()[place]


def one_type(group: Group) -> Type | None:
    """The type that all items have, if there is one and it is that of each (but for dimensions)."""
    type_: Type | None = UNDEF
    for item in group.items:
        if not isinstance(item, Value | Group):
            return None
        type_ = None if type_ is None else join(type_, type_of(item))
    return None if isinstance(type_, Array) and type_.shape is None else type_


def sequence(low: Lowering, content: Value, node: ast.expr, memories: tuple[tuple[Value, Site], ...] = ()) -> Iteration:
    """Iteration over the content of an array or list, by index."""
    if isinstance(content.type, Array) and content.type.shape == ():
        raise Reject("E0111", node, "it is a single number", name=f"`{ast.unparse(node)}`")

    def element(index: Value, target: ast.expr | None) -> Thing:
        return read(low, content, ("i",), [index], node, name_of(target))

    memories = memories or ((content, low.site(node, "iterate")),)
    return Iteration(count=lambda: length(low, content, node), element=element, reads=1, memories=memories)


def length(low: Lowering, content: Value, node: ast.AST) -> Value:
    """`len(content)`."""
    return low.content(low.prim("len", [content], node))


def over_memory(low: Lowering, ref: Value, node: ast.expr) -> Iteration:
    """Iteration over memory: its content, or views of it where the loop writes to it."""
    site = low.site(node, "iterate")
    if site not in low.learnt.viewed and low.memory.roots[ref].site not in low.learnt.changing:
        return sequence(low, low.load(ref), node, ((ref, site),))

    def element(index: Value, target: ast.expr | None) -> Thing:
        return view(low, ref, ("i",), [index], node, name_of(target))

    return Iteration(count=lambda: length(low, low.load(ref), node), element=element, memories=((ref, site),))


# builtins ------------------------------------------------------------------------------------------------------------
def range_of(low: Lowering, args: Sequence[Value], node: ast.Call) -> Iteration:
    """`range(..)` with one to three arguments."""
    for value in args:
        if isinstance(value.type, Unknown):
            raise Reject("E0113", node, "a range needs integers", name=f"`{ast.unparse(node)}`")
        known, found = low.static(value)
        if not countable(value.type) and not isinstance(value.type, Opaque) and not (known and isinstance(found, int)):
            raise Reject("E0106", node, f"a range needs integers, not {show(value.type)}", name="range")
    start = args[0] if len(args) > 1 else low.b.const(0)
    stop = args[1] if len(args) > 1 else args[0]
    step = args[2] if len(args) > 2 else low.b.const(1)
    return Iteration(bounds=(start, stop, step), element=lambda index, _: index, index_at=())


def forward(low: Lowering, it: Iteration, node: ast.expr) -> Iteration:
    """The same iteration with an index that runs 0, 1, 2 .. whatever its bounds and direction."""
    count, element = it.count, it.element
    if it.elements is not None or element is None:
        return it
    if it.bounds is not None:
        start, stop, step = it.bounds
        if low.static(start) == (True, 0) and low.static(step) == (True, 1):
            if not it.backwards:
                return Iteration(count=lambda: stop, element=element, index_at=())
            return _turned(low, lambda: stop, element, node, ())
        if low.static(step) != (True, 1) or it.backwards:
            return _stepping(low, it.bounds, it.backwards, node)

        def shifted(index: Value, _: ast.expr | None) -> Thing:
            return low.prim("add", [start, index], node)

        return Iteration(count=lambda: low.content(low.prim("sub", [stop, start], node)), element=shifted)
    assert count is not None
    return _turned(low, count, element, node, it.memories) if it.backwards else it


def _stepping(low: Lowering, bounds: tuple[Value, Value, Value], backwards: bool, node: ast.expr) -> Iteration:
    """`range(start, stop, step)`, or the same backwards, whose element k is `start + step * k`."""
    start, stop, step = bounds
    first, last, by = (low.static(value)[1] for value in bounds)
    if isinstance(first, int) and isinstance(last, int) and isinstance(by, int):
        numbers = range(first, last, by)[::-1] if backwards else range(first, last, by)
        start, step, by, backwards = low.b.const(numbers.start), low.b.const(numbers.step), numbers.step, False
        count = low.b.const(len(numbers))
    else:
        count = computed(low, "len(range({0}, {1}, {2}))", [start, stop, step], INT, node)

    def element(index: Value, _: ast.expr | None) -> Thing:
        down = isinstance(by, int) and by < 0
        size = low.b.const(abs(by)) if isinstance(by, int) else step
        scaled = index if by in (1, -1) else low.content(low.prim("mul", [size, index], node))
        return (
            scaled
            if low.static(start) == (True, 0) and not down
            else low.prim("sub" if down else "add", [start, scaled], node)
        )

    return (
        _turned(low, lambda: count, element, node, ()) if backwards else Iteration(count=lambda: count, element=element)
    )


def in_order(low: Lowering, it: Iteration, node: ast.expr) -> Iteration:
    """What is known one by one as a list, if its elements are of one kind: a loop may be left in the middle of it."""
    if it.elements is None or it.again is not None or not it.elements:
        return it
    group = tuple_of(it.elements, "list")
    type_ = one_type(group)
    return it if type_ is None else sequence(low, listed(low, group, ListOf(type_)), node)


def _turned(
    low: Lowering,
    count: Callable[[], Value],
    element: Callable[[Value, ast.expr | None], Thing],
    node: ast.expr,
    memories: tuple[tuple[Value, Site], ...],
) -> Iteration:
    """Element `count - 1 - index`."""
    total = count()

    def turned(index: Value, target: ast.expr | None) -> Thing:
        last = low.content(low.prim("sub", [total, low.b.const(1)], node))
        return element(low.content(low.prim("sub", [last, index], node)), target)

    return Iteration(count=lambda: total, element=turned, memories=memories)


def enumerate_of(low: Lowering, it: Iteration, start: Value, node: ast.expr) -> Iteration:
    """`enumerate(it, start)`."""
    known, first = low.static(start)
    if it.elements is not None:
        if not known or not isinstance(first, int):
            raise Reject("E0111", node, "the start of enumerate is not known", name="this enumerate")
        begin = first

        def numbered(elements: tuple[Thing, ...]) -> tuple[Thing, ...]:
            return tuple(tuple_of((low.b.const(begin + k), item)) for k, item in enumerate(elements))

        return derived_of((it,), lambda parts: numbered(parts[0]))
    it = forward(low, it, node)
    inner = it.element
    assert inner is not None

    def element(index: Value, target: ast.expr | None) -> Thing:
        item = inner(index, part_of(target, 1))
        number = index if (known and first == 0) else low.prim("add", [index, start], node, name_of(part_of(target, 0)))
        return tuple_of((number, item))

    at = (0,) if known and first == 0 else None
    return Iteration(count=it.count, element=element, reads=it.reads, index_at=at, memories=it.memories, sees=it.sees)


def derived_of(its: Sequence[Iteration], form: Callable[[Sequence[tuple[Thing, ...]]], tuple[Thing, ...]]) -> Iteration:
    """Elements made of those of other iterations, which are known one by one."""
    made = form([it.elements or () for it in its])
    if all(it.again is None for it in its):
        return Iteration(elements=made)
    return Iteration(elements=made, again=lambda: form([it.again() if it.again else it.elements or () for it in its]))


def zip_of(low: Lowering, its: Sequence[Iteration], node: ast.expr) -> Iteration:
    """`zip(*its)`."""
    if its and all(it.elements is not None for it in its):
        return derived_of(its, lambda parts: tuple(tuple_of(row) for row in zip(*parts, strict=False)))
    if not its:
        return Iteration(elements=())
    if any(it.elements is not None for it in its):
        return _zip_known(low, its, node)
    its = [forward(low, it, node) for it in its]
    reads = sum(it.reads for it in its) if all(it.reads for it in its) else 0  # else they do not tell the count

    def count() -> Value:
        counts = [it.count() for it in its if it.count is not None]
        return counts[0] if len(counts) == 1 else low.content(low.prim("min", counts, node))

    def element(index: Value, target: ast.expr | None) -> Thing:
        items = [it.element(index, part_of(target, k)) for k, it in enumerate(its) if it.element is not None]
        return tuple_of(tuple(items))

    memories = tuple(pair for it in its for pair in it.memories)
    places = [(k, *it.index_at) for k, it in enumerate(its) if it.index_at is not None]
    return Iteration(
        count=count,
        element=element,
        reads=reads,
        index_at=places[0] if places else None,
        memories=memories,
        sees=tuple(name for it in its for name in it.sees),
    )


def _zip_known(low: Lowering, its: Sequence[Iteration], node: ast.expr) -> Iteration:
    """A zip of values that are known one by one with others: those become a list."""
    out = []
    for it in its:
        if it.elements is None:
            out.append(it)
            continue
        group = tuple_of(it.elements, "list")
        type_ = one_type(group)
        if type_ is None:
            raise Reject("E0111", node, "values of different kinds are zipped with a list", name="this zip")
        out.append(sequence(low, listed(low, group, ListOf(type_)), node))
    return zip_of(low, out, node)


def reversed_of(low: Lowering, it: Iteration, node: ast.expr) -> Iteration:
    """`reversed(it)`."""
    if it.elements is not None:
        return derived_of((it,), lambda parts: parts[0][::-1])
    if it.index_at is not None and it.bounds is None:
        raise Reject("E0111", node, "enumerate and zip cannot be reversed", name="this")
    return Iteration(None, it.count, it.element, it.bounds, not it.backwards, it.reads, it.index_at, it.memories)
