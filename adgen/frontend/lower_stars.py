"""What `*xs` stands for in displays and calls.

[a, *t, b]         the elements of t one by one, where their number is known
m[*t, 0]           one entry for each element of t
[a, *xs, b]        xs of any length: a list that grows
f(t, *p)           f takes so many arguments, and has no defaults: so many elements of p, as in `f(t, p[0], p[1])`
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from adgen.frontend.bindings import Known, UserFunction
from adgen.frontend.lower_index import entry_of
from adgen.frontend.lower_iterables import iterate
from adgen.frontend.lower_lists import append, extend, new_list, run_out
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Closure, Iteration, Poison, Poisoned, Thing
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import UNDEF, Array, ListOf, Ref
from adgen.rules import table


@dataclass(frozen=True, eq=False)
class Spread:
    """`*xs`, where how many elements it has is not known."""

    thing: Value | Iteration


def spread(low: Lowering, thing: Thing, node: ast.Starred) -> tuple[Thing, ...] | Spread:
    """The elements of `*thing`, as they are now."""
    if isinstance(thing, Poison):
        raise Poisoned
    if isinstance(thing, Value) and isinstance(thing.type, Ref) and isinstance(thing.type.content, Array | ListOf):
        thing = low.load(thing)
    found = iterate(low, thing, node.value)
    if found.elements is not None:
        return found.elements
    return Spread(thing if isinstance(thing, Value) else found)


def starred(low: Lowering, node: ast.Starred) -> list[tuple[tuple[str, ...], list[Value]]]:
    """`*places` in a subscript: the entries that it stands for."""
    found = spread(low, low.expr(node.value), node)
    if isinstance(found, Spread):
        raise Reject("E0114", node, "how many entries `*` gives is not known", "write a tuple of so many entries")
    return [entry_of(low, thing, node) for thing in found]


def growing(low: Lowering, parts: Sequence[Thing | Spread], node: ast.expr, hint: str = "") -> Value:
    """`[a, *xs, b]`, where how many there are is not known."""
    site = low.site(node, "list")
    ref = new_list(low, low.b.emit("listing", "", (), ListOf(low.learnt.items.get(site, UNDEF))), site, hint)
    for place, part in enumerate(parts):
        with low.at("part", place):
            if isinstance(part, Spread):
                extend(low, ref, part.thing, node)
            else:
                append(low, ref, part, node)
    return ref if site in low.learnt.memory else low.load(ref)


def passed(low: Lowering, function: Thing | None, thing: Thing, node: ast.Starred, call: ast.Call) -> Sequence[Thing]:
    """The arguments that `*thing` gives: as many as the parameters that nothing else is given for."""
    found = spread(low, thing, node)
    if not isinstance(found, Spread):
        return found
    names = _left(function, node, call)
    value = found.thing if isinstance(found.thing, Value) else run_out(low, found.thing, node)
    count = value.type.shape[0] if isinstance(value.type, Array) and value.type.shape else None
    if names is None and isinstance(count, int):
        names = [""] * count
    if names is None:
        raise Reject("E0115", node, "its number of elements is not known while compiling", name="it")
    from adgen.frontend.lower_statements import as_arguments

    return as_arguments(low, value, names, node)


def _left(function: Thing | None, star: ast.Starred, call: ast.Call) -> list[str] | None:
    """The parameters that the only star of a call fills; None if that depends on its length."""
    if any(word.arg is None for word in call.keywords):
        return None
    if any(isinstance(part, ast.Starred) and part is not star for part in call.args):
        return None
    before = call.args.index(star)
    after = len(call.args) - before - 1
    if isinstance(function, Known):
        names = _of_numbers(function.name) if not call.keywords else []
        return names[before : len(names) - after] or None
    if not isinstance(function, UserFunction | Closure):
        return None
    source = function.source if isinstance(function, UserFunction) else None
    takes = source.node.args if source is not None else function.node.args  # type: ignore[union-attr]
    given = {word.arg for word in call.keywords} | (set(dict(source.bound)) if source is not None else set())
    names = [one.arg for one in (*takes.posonlyargs, *takes.args) if one.arg not in given]
    if takes.vararg is not None or takes.defaults:
        return None
    return names[before : len(names) - after]


def _of_numbers(name: str) -> list[str]:
    """The parameters of a function of numbers, where Python takes neither fewer nor, but for `out`, more."""
    found = table.lookup(name)
    if found is None or found.kind != "elementwise" or any(one.variadic for one in found.params):
        return []
    places = [one for one in found.params if not one.keyword_only]
    return [one.name for one in places] if all(one.required for one in places) else []
