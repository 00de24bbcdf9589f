"""Generators that are run through where they are called: what they yield becomes a list.

def pairs(xs):                          found = []
    for i in range(len(xs)):            for i in range(len(xs)):
        yield i, xs[i]          ->          found.append((i, xs[i]))
for i, v in pairs(xs): ..               for i, v in found: ..

All elements are computed before the first is used.  That is the same where neither side sees what the other does: a
generator that changes what others see is refused, and a loop that changes what its generator reads.  One with `while`,
or that raises, may have no end where the loop has one: it is refused where not all of its elements are taken.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from adgen.frontend import lower_heap as heap
from adgen.frontend.lower_control import result, run
from adgen.frontend.lower_functional import consumed
from adgen.frontend.lower_iterables import iterate, sequence
from adgen.frontend.lower_lists import append, extend, new_list
from adgen.frontend.lower_memory import Root
from adgen.frontend.lower_state import Frame, Lowering, expression
from adgen.frontend.lower_things import Iteration, Poison, Poisoned, Thing
from adgen.frontend.lower_trees import Leaf
from adgen.frontend.normalise import returns
from adgen.frontend.reject import Reject
from adgen.ir.core import Op, Value
from adgen.ir.types import UNDEF, ListOf
from adgen.ir.walk import walk

READ = ("generator",)  # marks memory that a generator reads, among what a loop runs over
ADVICE = "return a list"


@contextmanager
def taken_in_part(low: Lowering, partly: bool = True) -> Iterator[None]:
    """What is run through inside may be left before its end."""
    low.partly += partly
    try:
        yield
    finally:
        low.partly -= partly


def run_through(low: Lowering, frame: Frame, enter: Callable[[], Thing], node: ast.expr, label: str) -> Iteration:
    """All that a generator yields; `enter` lowers its body."""
    unending = [part for s in frame.node.body for part in ast.walk(s) if isinstance(part, ast.While | ast.Raise)]  # type: ignore[union-attr]
    if unending and low.partly:
        why = f"`{label}` may go on where not all of its elements are taken"
        raise Reject("E0102", node, why, "write the loop of the generator here", name="a generator")
    site = low.site(node, "yield")
    known, before = dict.fromkeys(low.memory.roots.values()), heap.entries(low.frame.env)
    ref = new_list(low, low.b.emit("listing", "", (), ListOf(low.learnt.items.get(site, UNDEF))), site)
    frame.yields = ref
    first = len(low.b.ops)
    enter()
    ops = [inner for op in low.b.ops[first:] for inner in every(op)]
    if any(low.frame.env.get(name) is not thing for name, thing in before.items()):
        raise Reject("E0102", node, f"`{label}` changes an object that others see", ADVICE, name="a generator")
    read: dict[Root, Value] = {}
    for op in ops:
        root = low.memory.roots.get(op.operands[0]) if op.operands else None
        if root is None or root not in known:
            continue
        if op.kind in ("store", "append", "pop"):
            raise Reject("E0102", node, f"`{label}` changes memory that others see", ADVICE, name="a generator")
        read.setdefault(root, op.operands[0])
    content = low.load(ref)
    assert isinstance(content.type, ListOf)
    if content.type.item == UNDEF and site in low.learnt.firm:
        return Iteration(elements=())  # it yields nothing
    if content.type.item == UNDEF:
        low.guessed[site] = None
        low.guesses += 1
        raise Poisoned
    memories = tuple((value, READ) for value in read.values())
    return replace(sequence(low, content, node, memories), sees=outer_names(frame))


def outer_names(frame: Frame) -> tuple[str, ...]:
    """The names of functions around that a generator may read (and one that is no name: it may read objects)."""
    read = [part.id for part in ast.walk(frame.node) if isinstance(part, ast.Name)]
    return ("", *(name for name in read if name not in frame.facts.locals and frame.outer is not None))


def every(op: Op) -> Iterator[Op]:
    """The operation, and those inside it."""
    yield op
    for region in op.regions:
        yield from walk(region)


def body_of(low: Lowering, frame: Frame, hint: str = "") -> Thing:
    """Lower the body of a generator; what it returns is of no use."""
    assert isinstance(frame.node, ast.FunctionDef)
    tree = run(low, frame.node.body)
    if isinstance(tree, Leaf):
        frame.env = tree.env
        return low.b.const(None)
    return result(low, tree, frame.node, hint)


def unseen(low: Lowering, it: Iteration, names: Iterable[str], before: dict[str, Thing], node: ast.AST) -> None:
    """Refuse a loop that changes what the generator that it runs over sees."""
    if not it.sees:
        return
    changed = [name for name in names if name in it.sees]
    now = heap.entries(low.frame.env)
    if changed or ("" in it.sees and any(now.get(name) is not thing for name, thing in before.items())):
        what = f"`{changed[0]}`" if changed else "an object"
        why = f"the loop changes {what}, which the generator may see"
        raise Reject("E0102", node, why, "make a list first: `for v in list(g()):`", name="a generator")


def leaves_early(s: ast.For, exits: Sequence[ast.stmt]) -> bool:
    """Whether the loop may end before what it runs over does."""
    return any(isinstance(one, ast.Break) for one in exits) or bool(returns(s.body))


@expression(ast.Yield)
def yielded(low: Lowering, node: ast.Yield, hint: str) -> Thing:
    """`yield e`."""
    alone(low, node, "what is sent to it is not known")
    thing = low.expr(node.value) if node.value is not None else low.b.const(None)
    if isinstance(thing, Poison):
        raise Poisoned
    append(low, place(low, node), thing, node)
    return low.b.const(None)


@expression(ast.YieldFrom)
def yielded_from(low: Lowering, node: ast.YieldFrom, hint: str) -> Thing:
    """`yield from xs`."""
    alone(low, node, "its value is what the other generator returns, which is not known")
    thing = consumed(low, node.value)
    iterate(low, thing, node.value)
    extend(low, place(low, node), thing, node)
    return low.b.const(None)


def alone(low: Lowering, node: ast.Yield | ast.YieldFrom, why: str) -> None:
    """Refuse a `yield` whose own value is used."""
    statement = low.frame.statement
    if not isinstance(statement, ast.Expr) or statement.value is not node:
        word = "`yield`" if isinstance(node, ast.Yield) else "`yield from`"
        raise Reject("E0102", node, why, "let it stand alone", name=word)


def place(low: Lowering, node: ast.expr) -> Value:
    """The list of what is yielded."""
    if low.frame.yields is None:
        raise Reject("E0102", node, "it stands in no generator that is run through at once", ADVICE, name="`yield`")
    return low.frame.yields
