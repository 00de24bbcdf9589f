"""Functions of any number of numbers: of what stars spread; `max` and `min` of tuples, compared item by item.

max(*xs)              max(xs), where at least two are asked for: of one alone Python asks for its elements
math.hypot(*xs)       math.dist(xs, [0.0] * len(xs))
max(best, (x, k))     (x, k) if (x, k) > best else best
max(rows)             rows[k], k the place of the largest: tuples are compared as Python does it, ties included
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import reduce

from adgen.frontend.bindings import Known
from adgen.frontend.lower_builtins import members
from adgen.frontend.lower_calls import arguments, builtin, rule
from adgen.frontend.lower_comparisons import ordered
from adgen.frontend.lower_control import result
from adgen.frontend.lower_functional import consumed
from adgen.frontend.lower_index import read
from adgen.frontend.lower_itertools import or_default
from adgen.frontend.lower_lists import repeat, run_out
from adgen.frontend.lower_order import best
from adgen.frontend.lower_stars import Spread, growing, spread
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Group, Iteration, Obj, Poison, Poisoned, Thing, content_type, tuple_of
from adgen.frontend.lower_trees import VALUE, Leaf, fork, leaf
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import BOOL, INT, Array, ListOf, is_active_type, is_number


@builtin("max", "min")
def extreme_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`max(a, b)`; of a structure: of its parts."""
    function = low.expr(node.func)
    assert isinstance(function, Known)
    name = function.name
    args, keywords = given(low, name, node)
    if any(isinstance(thing, Poison) for thing in args):
        raise Poisoned
    args = [members(low, args[0], node)] if len(args) == 1 else args
    if "default" in keywords and set(keywords) <= {"key", "default"} and len(args) == 1:
        return or_default(low, name, args[0], keywords, node, hint)
    if set(keywords) == {"key"} and len(args) == 1:
        return best(low, name, args[0], keywords["key"], node, hint)
    if len(args) == 1 and isinstance(args[0], Iteration):
        it = args[0]
        args = [tuple_of(it.elements) if it.elements is not None else run_out(low, it, node)]
    if len(args) == 1 and isinstance(args[0], Group):
        args = list(args[0].items)
        if len(args) == 1 and not keywords:
            return args[0]
    if not keywords and len(args) > 1 and all(_is_row(low, thing) for thing in args):
        return reduce(lambda one, other: _further(low, name, one, other, node, hint), args)
    if not keywords and len(args) == 1 and isinstance(args[0], Value):
        content = content_type(args[0].type)
        if isinstance(content, ListOf) and ordered(content.item) and is_active_type(content.item):
            return _of_rows(low, name, args[0], node, hint)
    return rule(low, name, args, keywords, node, hint)


def given(low: Lowering, name: str, node: ast.Call) -> tuple[list[Thing], dict[str, Thing]]:
    """The arguments; where a star spreads an unknown number of them, one list of all."""
    if not any(isinstance(part, ast.Starred) for part in node.args):
        return arguments(low, node, True)
    parts = parts_of(low, node)
    keywords = arguments(low, ast.copy_location(ast.Call(node.func, [], node.keywords), node))[1]
    known: list[Thing] = [part for part in parts if not isinstance(part, Spread)]
    if len(known) == len(parts):
        return known, keywords
    if keywords:
        why = "how many there are is not known while compiling"
        raise Reject("E0115", node, why, f"give the list itself: `{name}(xs, ..)`", name="it")
    every = line_of(low, name, parts, node)
    if len(known) < 2:
        text = f"if len({{0}}) < 2: raise TypeError('{name} of several numbers needs two of them')"
        low.b.effect("effect", "raise", [every], {"text": text})
    return [every], {}


def parts_of(low: Lowering, node: ast.Call) -> list[Thing | Spread]:
    """The arguments by position, and what stands for those that a star spreads where their number is not known."""
    parts: list[Thing | Spread] = []
    for part in node.args:
        thing = consumed(low, part.value if isinstance(part, ast.Starred) else part)
        if isinstance(thing, Poison):
            raise Poisoned
        found = spread(low, thing, part) if isinstance(part, ast.Starred) else (thing,)
        parts += [found] if isinstance(found, Spread) else found
    return parts


def line_of(low: Lowering, name: str, parts: Sequence[Thing | Spread], node: ast.Call) -> Value:
    """All numbers that a function is given, as one list or array."""
    sole = parts[0] if len(parts) == 1 else None
    with low.at("stars"):
        if isinstance(sole, Spread):
            every = low.content(sole.thing) if isinstance(sole.thing, Value) else run_out(low, sole.thing, node)
        else:
            every = growing(low, parts, node)
    every = low.content(every)
    item = every.type.item if isinstance(every.type, ListOf) else None
    rank = len(every.type.shape or ()) if isinstance(every.type, Array) else 0
    if rank != 1 and not (item is not None and is_number(item)):
        why = "how many there are is not known while compiling, and they may be no numbers"
        raise Reject(
            "E0115", node, why, "" if name == "math.hypot" else f"give the list itself: `{name}(xs)`", name="it"
        )
    return every


@builtin("math.hypot")
def hypot_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`math.hypot(a, b)`; of so many numbers as a list has: their distance from zero, which is computed alike."""
    stars = any(isinstance(part, ast.Starred) for part in node.args) and not node.keywords
    parts = parts_of(low, node) if stars else ()
    if not any(isinstance(part, Spread) for part in parts):
        args, keywords = arguments(low, node) if not stars else ([p for p in parts if not isinstance(p, Spread)], {})
        return rule(low, "math.hypot", args, keywords, node, hint)
    every = line_of(low, "math.hypot", parts, node)
    zero = tuple_of((low.b.const(0.0),), "list")
    zeros = repeat(low, zero, low.prim("len", [every], node), node, "zeros")
    return rule(low, "math.dist", [every, zeros], {}, node, hint)


# tuples --------------------------------------------------------------------------------------------------------------
def _is_row(low: Lowering, thing: Thing) -> bool:
    return isinstance(thing, Group | Value | Obj) and ordered(low.template(thing))


def _further(low: Lowering, name: str, one: Thing, other: Thing, node: ast.expr, hint: str) -> Thing:
    """`other if other > one else one`: the first of those that are equal, as Python does it."""
    sign = ">" if name == "max" else "<"
    rows = tuple(low.content(thing, node) for thing in (other, one))
    marks = {"args": ("values", "values"), "text": f"({{0}} {sign} {{1}})"}
    flag = low.b.emit("prim", "of_texts", rows, BOOL, "further", marks)

    def side(thing: Thing) -> Leaf:
        low.frame.env[VALUE] = thing
        return leaf(low)

    return result(low, fork(low, flag, lambda: side(other), lambda: side(one), node), node, hint)


def _of_rows(low: Lowering, name: str, thing: Value, node: ast.expr, hint: str) -> Thing:
    """The first of the largest tuples of a list."""
    rows = low.content(thing)
    marks = {"args": ("values",), "text": f"{name}(range(len({{0}})), key={{0}}.__getitem__)"}
    place = low.b.emit("prim", "of_texts", (rows,), INT, "place", marks)
    return read(low, rows, ("i",), [place], node, hint)
