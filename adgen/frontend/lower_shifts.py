"""Methods of lists that move elements: written with appends, pops, reads and writes of single elements.

xs.reverse()        for k in range(n // 2): xs[k], xs[n - 1 - k] = xs[n - 1 - k], xs[k]
xs.insert(0, e)     xs.append(e); for k in reversed(range(0, n)): xs[k + 1] = xs[k]; xs[0] = e
xs.pop(0)           e = xs[0]; for k in range(0, n - 1): xs[k] = xs[k + 1]; xs.pop()
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from adgen.frontend import lower_memory as memory
from adgen.frontend.lower_index import place, spec_of
from adgen.frontend.lower_lists import append, held, run_over
from adgen.frontend.lower_places import changeable, exchanged
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_statics import peek
from adgen.frontend.lower_stores import writable
from adgen.frontend.lower_things import Iteration, Thing
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Array, ListOf, Ref, Type, is_number


def item_of(low: Lowering, ref: Value, node: ast.AST, name: str) -> Type:
    """The element type of a list whose elements move; arrays that change in place stay where they are."""
    assert isinstance(ref.type, Ref) and isinstance(ref.type.content, ListOf)
    item = ref.type.content.item
    still = isinstance(item, Array) and low.memory.roots[ref].site not in low.learnt.changing
    if isinstance(item, Array | ListOf) and not is_number(item) and not still:
        why = f"{f'`.{name}`' if name else 'this'} moves arrays inside a list"
        raise Reject("E0124", node, why, "make a new list, with the elements in their new order", name="this list")
    return item


def length(low: Lowering, ref: Value, node: ast.AST) -> Value:
    """How many elements the list has now."""
    return low.content(low.prim("len", [low.load(ref)], node))


def read(low: Lowering, ref: Value, index: Value, item: Type, hint: str = "") -> Value:
    """`xs[k]`."""
    value = low.b.load(place(low, ref, ("i",), [index], item), hint, bool(hint))
    low.memory.origin(value, memory.Origin("element", None, None, ref.hint, low.memory.roots[ref]))
    return value


def write(low: Lowering, ref: Value, index: Value, value: Thing, item: Type) -> None:
    """`xs[k] = e`."""
    low.b.store(place(low, ref, ("i",), [index], item), held(low, value, item))


def moves(
    low: Lowering, start: Value, stop: Value, node: ast.AST, body: Callable[[Value], None], backwards: bool = False
) -> None:
    """A loop over positions."""

    def once(thing: Thing) -> None:
        assert isinstance(thing, Value)
        body(thing)

    bounds = (start, stop, low.b.const(1))
    it = Iteration(bounds=bounds, element=lambda index, _: index, backwards=backwards, index_at=())
    run_over(low, it, node, ("moves",), None, once, [])


def number(low: Lowering, name: str, a: Value, b: int, node: ast.AST) -> Value:
    """`a + 1` and the like."""
    return low.content(low.prim(name, [a, low.b.const(b)], node))


def reverse(low: Lowering, ref: Value, node: ast.AST) -> None:
    """`xs.reverse()`."""
    item, count = item_of(low, ref, node, "reverse"), length(low, ref, node)

    def swap(k: Value) -> None:
        other = low.content(low.prim("sub", [number(low, "sub", count, 1, node), k], node))
        a, b = read(low, ref, k, item), read(low, ref, other, item)
        write(low, ref, k, b, item)
        write(low, ref, other, a, item)

    moves(low, low.b.const(0), number(low, "floordiv", count, 2, node), node, swap)


def insert(low: Lowering, ref: Value, position: int, thing: Thing, node: ast.AST) -> None:
    """`xs.insert(position, thing)` with a constant position from the front."""
    item, count = item_of(low, ref, node, "insert"), length(low, ref, node)
    first = low.b.const(position)
    if position:
        first = low.content(low.prim("min", [count, first], node))
    append(low, ref, thing, node)

    def shift(k: Value) -> None:
        write(low, ref, number(low, "add", k, 1, node), read(low, ref, k, item), item)

    moves(low, first, count, node, shift, backwards=True)
    write(low, ref, first, thing, item)


def pop(low: Lowering, ref: Value, position: int, node: ast.AST, hint: str = "") -> Value:
    """`xs.pop(position)` with a constant position from the front."""
    item, count = item_of(low, ref, node, "pop"), length(low, ref, node)
    first = low.b.const(position)
    value = read(low, ref, first, item, hint)

    def shift(k: Value) -> None:
        write(low, ref, k, read(low, ref, number(low, "add", k, 1, node), item), item)

    moves(low, first, number(low, "sub", count, 1, node), node, shift)
    low.b.emit("pop", "", (ref,), item)
    return value


def clear(low: Lowering, ref: Value, node: ast.AST) -> None:
    """`xs.clear()`."""
    item, count = item_of(low, ref, node, "clear"), length(low, ref, node)
    moves(low, low.b.const(0), count, node, lambda _: _drop(low, ref, item))


def _drop(low: Lowering, ref: Value, item: Type) -> None:
    low.b.emit("pop", "", (ref,), item)


def permuted(low: Lowering, s: ast.Assign) -> bool:
    """`xs[i], xs[j] = xs[j], xs[i]` of a list whose elements change in place: nobody else has them afterwards, either.

    False if it is another assignment.
    """
    match s:
        case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)) if len(targets) == len(values):
            parts = [part for part in (*targets, *values) if isinstance(part, ast.Subscript)]
        case _:
            return False
    if len(parts) < 2 * len(targets) or not all(_is_simple(part, parts[0]) for part in parts):
        return False
    texts = [ast.unparse(part) for part in parts]
    if sorted(texts[: len(targets)]) != sorted(texts[len(targets) :]) or len(set(texts)) < len(targets):
        return False
    ref = peek(low, parts[0].value)
    content = ref.type.content if isinstance(ref, Value) and isinstance(ref.type, Ref) else None
    if not isinstance(ref, Value) or type(content) is not ListOf or not changeable(content.item):
        return False
    if low.memory.roots[ref].site not in low.learnt.changing:
        return False
    writable(low, ref, parts[0].value)
    where = [spec_of(low, part.slice) for part in parts]
    if any(spec != ("i",) for spec, _ in where):
        return False
    found = [low.load(place(low, ref, *one, content.item)) for one in where[len(targets) :]]
    if isinstance(content.item, ListOf):  # their slots are others by the time that they are stored
        found = [low.b.emit("prim", "copy", (value,), value.type, attrs={"args": ("x",)}) for value in found]
    for value, target, one in zip(found, targets, where[: len(targets)], strict=True):
        exchanged(low, ref, target)
        low.b.store(place(low, ref, *one, content.item), value)
    return True


def _is_simple(part: ast.Subscript, first: ast.Subscript) -> bool:
    """Whether it is an element of a list with a name, by an index that computing changes nothing."""
    calls = ast.Call | ast.NamedExpr | ast.Slice | ast.Tuple
    same = isinstance(part.value, ast.Name) and ast.unparse(part.value) == ast.unparse(first.value)
    return same and not any(isinstance(inner, calls) for inner in ast.walk(part.slice))
