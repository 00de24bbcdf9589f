"""Simple statements: assignment, unpacking, effects.

y = x * x          the product gets the name y
a, (b, *c) = t     slots of t
print(x)           effect print(x): it runs in the forward sweep only
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from adgen.frontend import lower_heap as heap
from adgen.frontend.bindings import Known, Module, UserFunction
from adgen.frontend.lower_absent import narrow
from adgen.frontend.lower_augment import WRITING, augment, augment_field, augment_name, increment
from adgen.frontend.lower_index import part_value, read, view
from adgen.frontend.lower_iterables import iterate
from adgen.frontend.lower_lists import run_out
from adgen.frontend.lower_names import function, resolve
from adgen.frontend.lower_objects import changed_object, write_field
from adgen.frontend.lower_shifts import permuted
from adgen.frontend.lower_state import Lowering, statement
from adgen.frontend.lower_statics import decided
from adgen.frontend.lower_stores import delete_item, part_hint, store
from adgen.frontend.lower_things import (
    POISON,
    Closure,
    Group,
    Iteration,
    Obj,
    Poison,
    Poisoned,
    Text,
    Thing,
    content_type,
    name_of,
    tuple_of,
)
from adgen.frontend.lower_trees import Leaf, fork, leaf, merge
from adgen.frontend.lower_windows import is_part, whole_of
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Array, ListOf, Opaque, Ref, Static, Struct, Type, Unknown, show


# assignment ----------------------------------------------------------------------------------------------------------
@statement(ast.Assign)
def assignment(low: Lowering, s: ast.Assign) -> None:
    """`y = e`, `a = b = e`, `a, b = e`, `y[p] = e`."""
    from adgen.frontend.lower_functional import consumed

    if increment(low, s) or permuted(low, s):
        return
    hint = next((target.id for target in s.targets if isinstance(target, ast.Name)), "") or part_hint(low, s.targets[0])
    unpacked = len(s.targets) == 1 and isinstance(s.targets[0], ast.Tuple | ast.List)
    thing = consumed(low, s.value) if unpacked else low.expr(s.value, hint)
    for target in s.targets:
        assign(low, target, thing)


@statement(ast.AnnAssign)
def annotated(low: Lowering, s: ast.AnnAssign) -> None:
    """`y: float = e`."""
    if s.value is not None:
        assign(low, s.target, low.expr(s.value, name_of(s.target) or part_hint(low, s.target)))


@statement(ast.AugAssign)
def augmented(low: Lowering, s: ast.AugAssign) -> None:
    """`y op= e`."""
    match s.target:
        case ast.Name():
            augment_name(low, s, s.target)
        case ast.Subscript():
            augment(low, s.target, s.op, s.value, s)
        case ast.Attribute() if is_part(low, s.target):
            augment(low, whole_of(low, s.target), s.op, s.value, s)
        case ast.Attribute():
            augment_field(low, s, s.target)


def assign(low: Lowering, target: ast.expr, thing: Thing) -> None:
    """Let a target stand for a thing."""
    match target:
        case ast.Name():
            if isinstance(thing, Iteration) and thing.bounds is None:
                why = "it can be run over only once"
                raise Reject("E0102", target, why, "use it directly in `for`", name="an iterator under a name")
            low.bind(target.id, thing)
        case ast.Tuple() | ast.List():
            unpack(low, target, thing)
        case ast.Starred():
            assign(low, target.value, thing)
        case ast.Subscript():
            store(low, target, thing)
        case ast.Attribute() if is_part(low, target):
            store(low, whole_of(low, target), thing)
        case ast.Attribute():
            write_field(low, low.expr(target.value), target.attr, thing, target, target.value)


def unpack(low: Lowering, target: ast.Tuple | ast.List, thing: Thing) -> None:
    """`a, b = thing`, with stars and nesting."""
    if isinstance(thing, Poison):
        for part in target.elts:
            assign(low, part, POISON)
        return
    stars = [k for k, part in enumerate(target.elts) if isinstance(part, ast.Starred)]
    items = parts_of(low, thing, target, stars[0] if stars else None)
    for part, item in zip(target.elts, items, strict=True):
        assign(low, part, item)


def parts_of(low: Lowering, thing: Thing, target: ast.Tuple | ast.List, star: int | None) -> list[Thing]:
    """One thing for each part of the target."""
    count = len(target.elts)
    names = [name_of(part.value if isinstance(part, ast.Starred) else part) for part in target.elts]
    match thing:
        case Value(type=Struct(kind="dict", keys=keys)):
            return _split([low.b.const(key) for key in keys], count, star, target)
        case Value(type=Struct(kind, parts)) if low.is_tuple(kind):
            slots = len(parts)
            hints = names if star is None and slots == count else [""] * slots
            return _split([part_value(low, thing, k, hints[k]) for k in range(slots)], count, star, target)
        case Value(type=(Array() | ListOf() | Ref() | Opaque())):
            return _elements(low, thing, names, star, target)
        case Value(type=Unknown()):
            raise Reject("E0113", target, "it may be a number or an array", name="what is unpacked")
        case Group() | Obj() | Iteration():
            it = iterate(low, thing, target)
            elements = it.elements
            if elements is None and it.count is not None and it.bounds is None:
                return _elements(low, run_out(low, it, target), names, star, target)
            if elements is None:
                raise Reject("E0115", target, "its number of elements is not known", name="it")
            return _split(list(elements), count, star, target)
    what = show(thing.type) if isinstance(thing, Value) else "a function"
    raise Reject("E0115", target, f"it is {what}", name="it")


def _split(items: list[Thing], count: int, star: int | None, target: ast.expr) -> list[Thing]:
    """Known elements, distributed over the target's parts."""
    if star is None:
        if len(items) != count:
            raise Reject("E0115", target, f"{len(items)} values for {count} names", "name each of them", name="it")
        return items
    tail = count - star - 1
    if len(items) < count - 1:
        raise Reject("E0115", target, f"{len(items)} values for {count - 1} names and more", "name fewer", name="it")
    middle = items[star : len(items) - tail]
    return [*items[:star], tuple_of(tuple(middle), "list"), *items[len(items) - tail :]]


def as_arguments(low: Lowering, thing: Value, names: list[str], node: ast.expr) -> list[Thing]:
    """The elements of an array or list that has one for each of these parameters."""
    error = f"TypeError('{len(names)} arguments are expected: {', '.join(names)}')"
    return _elements(low, thing, names, None, node, error)


def _elements(
    low: Lowering, thing: Value, names: list[str], star: int | None, target: ast.expr, error: str = ""
) -> list[Thing]:
    """Elements of an array or list by index; `error` if there are not as many."""
    content: Type = thing.type.content if isinstance(thing.type, Ref) else thing.type
    shape = content.shape if isinstance(content, Array) else None
    if isinstance(content, Array) and shape == ():
        raise Reject("E0115", target, "it is a single number", name="it")
    length = shape[0] if shape else None
    if isinstance(length, int) and star is None and length != len(names):
        raise Reject("E0115", target, f"{length} values for {len(names)} names", "name each of them", name="it")
    if not isinstance(length, int) and not isinstance(thing.type, Opaque):
        counted(low, thing, len(names) - (star is not None), star is not None, target, error)
    out: list[Thing] = []
    for place, name in enumerate(names):
        if place == star:
            out.append(_rest(low, thing, place, len(names) - place - 1, target, name))
            continue
        index = place if star is None or place < star else place - len(names)
        with low.at("unpack", place):
            out.append(_at(low, thing, ("i",), [low.b.const(index)], target, name))
    return out


def counted(low: Lowering, thing: Value, count: int, more: bool, target: ast.expr, error: str = "") -> None:
    """Raise as Python does, unless there are as many elements as names (or at least as many, with a star)."""
    length = low.prim("len", [thing], target)
    flag = low.content(low.prim("lt" if more else "ne", [length, low.b.const(count)], target), target)

    def wrong() -> Leaf:
        least = "at least " if more else ""
        text = error or f'ValueError("{least}{count} values are unpacked")'
        low.b.effect("effect", "raise", [], {"text": f"raise {text}"})
        return leaf(low, "raise")

    merge(low, fork(low, flag, wrong, lambda: leaf(low), target), [], target, frozenset(low.frame.env))


def _at(low: Lowering, thing: Value, spec: tuple[str, ...], operands: list[Value], node: ast.expr, name: str) -> Thing:
    if isinstance(thing.type, Ref):
        return view(low, thing, spec, operands, node, name)
    if isinstance(thing.type, Opaque):
        return low.b.emit("index", "", (thing, *operands), Opaque("item"), name, {"spec": spec}, bool(name))
    return read(low, thing, spec, operands, node, name)


def _rest(low: Lowering, thing: Value, start: int, tail: int, node: ast.expr, name: str) -> Thing:
    """`*rest` of an array or list: a slice; of an array the list of its elements, or rows."""
    operands = [low.b.const(start)] + ([low.b.const(-tail)] if tail else [])
    if not isinstance(content_type(thing.type), Array):
        return _at(low, thing, ("s110" if tail else "s100",), operands, node, name)
    with low.at("unpack", start):
        part = read(low, low.content(thing), ("s110" if tail else "s100",), operands, node, "")
        return run_out(low, iterate(low, part, node), node, name)


# others --------------------------------------------------------------------------------------------------------------
@statement(ast.Pass)
def nothing(low: Lowering, s: ast.Pass) -> None:
    """`pass`."""


@statement(ast.Expr)
def alone(low: Lowering, s: ast.Expr) -> None:
    """A docstring, or an expression for its effect."""
    if not isinstance(s.value, ast.Constant):
        low.expr(s.value)


@statement(ast.Delete)
def delete(low: Lowering, s: ast.Delete) -> None:
    """`del y`: the name goes."""
    for target in s.targets:
        drop(low, target)


def drop(low: Lowering, target: ast.expr) -> None:
    """`del target`."""
    match target:
        case ast.Tuple() | ast.List():
            for part in target.elts:
                drop(low, part)
        case ast.Attribute():
            obj = changed_object(low, low.expr(target.value), target.attr, target, target.value)
            if not isinstance(obj, Obj):
                raise Reject("E0124", target, "a field of an object in a list is deleted", name=ast.unparse(target))
            heap.remove(low, obj, target.attr, target)
        case ast.Subscript():
            delete_item(low, target)
        case ast.Name():
            name = low.frame.cells.get(target.id, target.id)
            if name not in low.frame.env:
                raise Reject("E0104", target, "it has no value here", name=target.id)
            del low.frame.env[name]
            low.deleted[target.id] = None


@statement(ast.FunctionDef)
def nested(low: Lowering, s: ast.FunctionDef) -> None:
    """A function inside the function: what its decorators make of it has its name."""
    from adgen.frontend.lower_calls import apply

    around = [(node, _decorator(low, node)) for node in s.decorator_list]
    made = function(low, s)
    for node, thing in reversed(around):
        made = made if thing is None else apply(low, thing, [made], {}, node, s.name)
    low.bind(s.name, made)


def _decorator(low: Lowering, node: ast.expr) -> Thing | None:
    """A decorator of the user's; None for `functools.wraps(fn)`, which only copies the name and the docstring."""
    called = low.expr(node.func) if isinstance(node, ast.Call) else None
    if isinstance(called, Known) and called.name == "functools.wraps":
        return None
    thing = called if isinstance(called, Known) else low.expr(node)
    if not isinstance(thing, Closure | UserFunction):
        why = "what its decorator makes of it is not known"
        raise Reject("E0101", node, why, "leave the decorator out", name="decorated def")
    return thing


@statement(ast.Global, ast.Nonlocal)
def outer_names(low: Lowering, s: ast.Global | ast.Nonlocal) -> None:
    """`global n` without an assignment to n says nothing; variables of functions around are entries (lower_heap)."""
    for name in s.names:
        if name in low.frame.facts.locals and name not in low.frame.cells:
            low.frame.env[name] = POISON
            word = "global" if isinstance(s, ast.Global) else "nonlocal"
            raise Reject("E0128", s, f"`{name}` belongs to others", name=f"`{word} {name}`")


@statement(ast.Import)
def import_module(low: Lowering, s: ast.Import) -> None:
    """`import numpy as np` inside the function."""
    for alias in s.names:
        module = alias.name if alias.asname else alias.name.split(".")[0]
        low.bind(alias.asname or module, Module(module, (("module", module),)))


@statement(ast.ImportFrom)
def import_names(low: Lowering, s: ast.ImportFrom) -> None:
    """`from math import sin` inside the function."""
    for alias in s.names:
        if alias.name == "*" or s.level or s.module is None:
            raise Reject("E0103", s, "which names it brings is not known", name=alias.name)
        binding = low.frame.source.scope.attribute(Module(s.module, (("module", s.module),)), alias.name)
        low.bind(alias.asname or alias.name, resolve(low, binding, s))


# effects -------------------------------------------------------------------------------------------------------------
def texts(low: Lowering, nodes: list[ast.expr], operands: list[Value]) -> list[str]:
    """Arguments of an effect as templates; their values are appended to the operands."""
    out = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            raise Reject("E0102", node, "its arguments are not known", name="`*` here")
        out.append(template(low.expr(node), low, operands, node))
    return out


def template(thing: Thing, low: Lowering, operands: list[Value], node: ast.AST) -> str:
    """A thing as part of an effect's text."""
    if isinstance(thing, Poison):
        raise Poisoned
    if isinstance(thing, Text):
        text = thing.template(len(operands))
        operands += thing.operands
        return text
    if isinstance(thing, Value) and isinstance(thing.type, Static) and isinstance(thing.type.value, str):
        return repr(thing.type.value).replace("{", "{{").replace("}", "}}")
    operands.append(low.content(thing, node))
    return f"{{{len(operands) - 1}}}"


@statement(ast.Raise)
def raising(low: Lowering, s: ast.Raise) -> None:
    """`raise ValueError(f"..")`: stays in the forward sweep."""
    operands: list[Value] = []
    if s.exc is None:
        raise Reject("E0101", s, "there is no exception to raise again", name="raise")
    call = s.exc if isinstance(s.exc, ast.Call) else None
    what = low.expr(call.func if call is not None else s.exc)
    if not isinstance(what, Known) or (call is not None and call.keywords):
        why = "only exceptions that are built in are known"
        raise Reject("E0101", s, why, "raise ValueError, or another exception that is built in", name="raise")
    inside = f"({', '.join(texts(low, call.args, operands))})" if call is not None else ""
    low.b.effect("effect", "raise", operands, {"text": f"raise {what.name}{inside}"})


@statement(ast.Assert)
def asserting(low: Lowering, s: ast.Assert) -> None:
    """`assert c, message`."""
    known = decided(low, s.test)
    if known:
        return
    operands = [low.value(s.test)]
    before = [heap.entries(frame.env) for frame in low.frames()], len(low.b.ops)
    message = "".join(f", {text}" for text in texts(low, [s.msg], operands)) if s.msg is not None else ""
    if s.msg is not None and _changes(low, *before):
        raise Reject(
            "E0102", s.msg, "it is computed only where the test fails", name="a message that changes something"
        )
    low.b.effect("effect", "assert", operands, {"text": "assert {0}" + message})
    narrow(low, s.test, True)


def _changes(low: Lowering, before: Sequence[Mapping[str, Thing]], mark: int) -> bool:
    """Whether names or memory have changed since."""
    for frame, env in zip(low.frames(), before, strict=True):
        if any(env.get(name) is not thing for name, thing in heap.entries(frame.env).items()):
            return True
    return any(op.kind in WRITING for op in low.b.ops[mark:])


def printing(low: Lowering, node: ast.Call) -> None:
    """`print(..)`."""
    operands: list[Value] = []
    parts = texts(low, node.args, operands)
    for keyword in node.keywords:
        if keyword.arg not in ("sep", "end", "flush"):
            raise Reject("E0106", node, f"the argument `{keyword.arg}` is not known", name="print")
        parts.append(f"{keyword.arg}={texts(low, [keyword.value], operands)[0]}")
    low.b.effect("effect", "print", operands, {"text": f"print({', '.join(parts)})"})
