"""What computes its elements when their turn comes, and is computed here before the first is used.

    for v in (u * c for u in xs): ..    ->    found = [u * c for u in xs]
                                              for v in found: ..

That is the same where neither side sees what the other does: an element that changes what others see is refused, and a
loop that changes what elements read.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeGuard, TypeVar

from adgen.frontend import lower_heap as heap
from adgen.frontend.lower_generators import READ, every
from adgen.frontend.lower_iterables import iterate, one_type, sequence
from adgen.frontend.lower_memory import Root
from adgen.frontend.lower_state import Frame, Lowering
from adgen.frontend.lower_things import Closure, Iteration, Thing, tuple_of
from adgen.frontend.lower_trees import listed
from adgen.frontend.normalise import assigned
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import ListOf

T = TypeVar("T")
ADVICE = "make a list first: `[.. for ..]`"


def lazily(low: Lowering, node: ast.expr, unroll: bool = True) -> Thing:
    """An argument that is run through one by one; nobody may see that a generator expression is computed early."""
    from adgen.frontend.lower_functional import consumed

    if not isinstance(node, ast.GeneratorExp):
        return consumed(low, node)
    later = [node.elt, *(part for loop in node.generators for part in loop.ifs)]
    later += [loop.iter for loop in node.generators[1:]]
    own = assigned([loop.target for loop in node.generators])
    return observed(low, node, lambda: iterate(low, consumed(low, node), node, unroll), later, own)


def observed(
    low: Lowering,
    node: ast.expr,
    make: Callable[[], Iteration],
    later: Sequence[ast.AST],
    own: Sequence[str] | dict[str, None] = (),
) -> Iteration:
    """All that `make` computes at once, where nobody sees that; `later` would be computed when the turn comes."""
    before = heap.entries(low.frame.env)
    it, read = untouched(low, node, make)
    sees = names_seen(low, later, own)
    if it.elements is None:
        memories = (*it.memories, *((value, READ) for value in read))
        return replace(it, memories=memories, sees=(*it.sees, *sees))
    elements = it.elements
    type_ = one_type(tuple_of(elements, "list")) if elements else None
    if read and elements and type_ is None:
        why = "its elements are of different kinds, and a loop may change what they read"
        raise Reject("E0102", node, why, ADVICE, name=what(node))
    if read and type_ is not None:
        content = listed(low, tuple_of(elements, "list"), ListOf(type_))
        return replace(sequence(low, content, node, tuple((value, READ) for value in read)), sees=sees)
    first = {name: low.frame.env.get(name) for name in sees}

    def again() -> tuple[Thing, ...]:
        now = heap.entries(low.frame.env)
        changed = [name for name, thing in first.items() if low.frame.env.get(name) is not thing]
        if changed or ("" in sees and any(now.get(name) is not thing for name, thing in before.items())):
            why = "what it sees changes while a loop runs over it"
            raise Reject("E0102", node, why, ADVICE, name=what(node))
        return elements

    return Iteration(elements=elements, again=again)


def what(node: ast.expr) -> str:
    """What it is called in a refusal."""
    if isinstance(node, ast.GeneratorExp):
        return "a generator expression here"
    return "this comprehension" if isinstance(node, ast.ListComp) else f"`{ast.unparse(node)}`"


def untouched(low: Lowering, node: ast.expr, make: Callable[[], T]) -> tuple[T, list[Value]]:
    """What `make` computes, which must change nothing that others see, and the memory that it reads."""
    known, before = dict.fromkeys(low.memory.roots.values()), heap.entries(low.frame.env)
    first = len(low.b.ops)
    made = make()
    why = "what its elements compute changes what others see"
    if any(low.frame.env.get(name) is not thing for name, thing in before.items()):
        raise Reject("E0102", node, why, ADVICE, name=what(node))
    read: dict[Root, Value] = {}
    for op in [inner for outer in low.b.ops[first:] for inner in every(outer)]:
        root = low.memory.roots.get(op.operands[0]) if op.operands else None
        if root is None or root not in known:
            continue
        if op.kind in ("store", "append", "pop"):
            raise Reject("E0102", node, why, ADVICE, name=what(node))
        read.setdefault(root, op.operands[0])
    return made, list(read.values())


def names_seen(low: Lowering, nodes: Sequence[ast.AST], own: Sequence[str] | dict[str, None]) -> tuple[str, ...]:
    """The names that expressions read, also through functions that they call; "" if they may read objects."""
    found: dict[str, None] = {}
    todo: list[tuple[ast.AST, Frame]] = [(node, low.frame) for node in nodes]
    while todo:
        node, frame = todo.pop()
        given = {part.arg for part in ast.walk(node.args) if isinstance(part, ast.arg)} if is_function(node) else own
        for part in ast.walk(node):
            if not isinstance(part, ast.Name) or part.id in found or part.id in given:
                continue
            found[part.id] = None
            thing = low.frame.env.get(part.id)
            if isinstance(thing, Closure):
                todo.append((thing.node, thing.frame))
            elif not isinstance(thing, Value) and (thing is not None or of_a_function(part.id, frame)):
                found[""] = None
    return tuple(found)


def is_function(node: ast.AST) -> TypeGuard[ast.FunctionDef | ast.Lambda]:
    """Whether it is a function, whose arguments are its own."""
    return isinstance(node, ast.FunctionDef | ast.Lambda)


def of_a_function(name: str, frame: Frame | None) -> bool:
    """Whether a name may be that of a variable of the functions around, not of the module."""
    while frame is not None:
        if name in frame.env or name in frame.cells or name in frame.facts.locals:
            return True
        frame = frame.outer
    return False
