"""Lists of functions: known one by one, also where they grow.

fs = [lambda v: v * i for i in range(3)]    three functions, each of which sees the last i
fs.append(g)                                a list that changes is an object with parts "0", "1", ..
for f in fs: y = f(y)                       one by one
fs[k](y)                                    a function that calls the one that k tells
"""

from __future__ import annotations

import ast
import copy
from dataclasses import replace

from adgen.frontend import lower_heap as heap
from adgen.frontend.bindings import Known, UserFunction
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import (
    Closure,
    Derived,
    Group,
    Iteration,
    Method,
    Obj,
    Partial,
    Restart,
    Thing,
    countable,
    tuple_of,
    type_of,
)
from adgen.frontend.own_names import MARK
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import show
from adgen.rules import table

ADVICE = "fill it where it is made, with a display or a comprehension over constants"


def is_function(thing: Thing) -> bool:
    """Whether it is a function, or a structure with one in it."""
    if isinstance(thing, Group):
        return any(is_function(item) for item in thing.items)
    return isinstance(thing, Closure | Method | Partial | Derived | UserFunction | Known)


def learn_grown(low: Lowering, xs: Thing, item: Thing, node: ast.AST) -> None:
    """A function comes into a list that is known one by one: an object that changes, from now on."""
    site = xs.site if isinstance(xs, Group) and xs.kind == "list" else None
    held = (*xs.items, item) if isinstance(xs, Group) else (item,)
    if site is not None and site not in low.learnt.memory and any(is_function(one) for one in held):
        low.learnt.memory[site] = low.learnt.functions[site] = None
        raise Restart
    if is_function(item) and not isinstance(xs, Obj):
        why = f"it gets {show(type_of(item))}, and which functions it has must be known while compiling"
        raise Reject("E0126", node, why, ADVICE)


def grown(low: Lowering, group: Group, hint: str) -> Thing:
    """A list display that functions come into later."""
    site = group.site or ()
    return heap.new(low, "list", dict(zip(group.keys, group.items, strict=True)), site, hint)


def append(low: Lowering, xs: Obj, item: Thing, node: ast.AST) -> None:
    """`fs.append(f)`."""
    heap.touch(low, xs, node)
    heap.put(low, xs, str(len(heap.keys(low, xs))), item, node)


def over(low: Lowering, xs: Obj) -> Iteration:
    """Iteration over a list of functions, which must stay as it is meanwhile."""
    first = heap.keys(low, xs)

    def again() -> tuple[Thing, ...]:
        if heap.keys(low, xs) != first:
            raise Reject("E0122", low.frame.statement, "functions are appended while a loop runs over the list")
        return heap.snapped(low, xs).items

    return Iteration(elements=again(), again=again)


def last_seen(low: Lowering, thing: Thing) -> Thing:
    """A function that a comprehension has made: it sees the comprehension's names as they are at its end."""
    if isinstance(thing, Group):
        return replace(thing, items=tuple(last_seen(low, item) for item in thing.items))
    if not isinstance(thing, Closure) or not isinstance(thing.node, ast.Lambda) or thing.frame is not low.frame:
        return thing
    inside = [part.id for part in ast.walk(thing.node.body) if isinstance(part, ast.Name)]
    names = [name for name in dict.fromkeys(inside) if MARK in name and name in low.frame.env]
    if not names:
        return thing
    if thing.node not in low.learnt.bodies or not isinstance(low.learnt.bodies[thing.node], _Seen):
        made = _Seen(copy.deepcopy(thing.node.args), thing.node.body)
        made.args.kwonlyargs += [ast.arg(name) for name in names]
        made.args.kw_defaults += [ast.Constant(None) for _ in names]
        low.learnt.bodies[thing.node] = ast.copy_location(made, thing.node)
    return Closure(
        low.learnt.bodies[thing.node], thing.frame, {**thing.defaults, **{n: low.frame.env[n] for n in names}}
    )


class _Seen(ast.Lambda):
    """A lambda whose last parameters are what it saw of a comprehension."""


def chosen_by_index(low: Lowering, items: tuple[Thing, ...], node: ast.Subscript) -> Thing | None:
    """`fs[k]` with a computed k: a function that calls the one that k tells; None for what is none."""
    from adgen.frontend.lower_choices import written_lambda
    from adgen.frontend.lower_index import homogeneous, read

    if len(items) < 2 or isinstance(node.slice, ast.Slice):
        return None
    for item in items:
        ruled = isinstance(item, Known) and table.lookup(item.name) is not None
        if not (ruled or isinstance(item, UserFunction | Closure)):
            return None
    index = low.expr(node.slice)
    if not isinstance(index, Value) or not countable(index.type):
        return None
    index = low.content(index, node)
    made = next((op for op in reversed(low.b.ops) if index in op.results), None)
    if made is None or made.name != "mod" or low.b.constants.get(made.operands[1]) != len(items):
        places = homogeneous(low, tuple_of(tuple(low.b.const(k) for k in range(len(items))), "list"), node)
        found = read(low, places, ("i",), [index], node)  # an index from the end, or one that is too large
        assert isinstance(found, Value)
        index = found
    names = [f"f{k}" for k in range(len(items))]
    calls = [f"{name}(*args, **words)" for name in names]
    tests = "".join(f"{call} if k == {k} else " for k, call in enumerate(calls[:-1]))
    body = written_lambda(low, f"k, {', '.join(names)}, *args, **words", tests + calls[-1], node, node)
    return Partial(body, (index, *items), {})


def refuse_choice(low: Lowering, items: tuple[Thing, ...], node: ast.AST | None) -> None:
    """Refuse a computed index into functions."""
    if any(is_function(item) or not isinstance(item, Value | Group | Obj) for item in items):
        held = ", ".join(show(type_of(item)) for item in items)
        why = f"it holds {held}: which one is meant is not known while compiling"
        raise Reject("E0126", node, why, "branch: `if k == 0: y = f(x)`, or loop over the list")
