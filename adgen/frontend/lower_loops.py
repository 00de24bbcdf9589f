"""Loop statements: what is iterated, the else clause, the exits that leave more than the loop.

    for v in xs:                   %stopped, .. = for(0, len(xs), 1): ..
        if v > t:                  if %stopped:
            return v                   yield v
    return 0.0                     else: yield 0.0

The value of a `return` inside loops is computed after the outermost one, from what the loops carried.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from adgen.frontend import lower_heap as heap
from adgen.frontend import lower_late
from adgen.frontend.lower_carry import Carry, lower, prepare
from adgen.frontend.lower_control import Action, Exit, dispatch, leave, merge_code, number, run, side, test
from adgen.frontend.lower_iterables import in_order, iterate, turn
from adgen.frontend.lower_nested import one_for_each_axis
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_statements import assign
from adgen.frontend.lower_statics import decided
from adgen.frontend.lower_things import (
    POISON,
    Iteration,
    Poisoned,
)
from adgen.frontend.lower_trees import Leaf, Tree, ends, fork, leaf
from adgen.frontend.normalise import Names, assigned, reads, returns
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import BOOL


def loop(low: Lowering, s: ast.For | ast.While, rest: Sequence[ast.stmt]) -> Tree | None:
    """A loop statement, with what follows it."""
    if isinstance(s, ast.While):
        return while_loop(low, s, rest)
    from adgen.frontend.lower_generators import leaves_early, taken_in_part, unseen

    own = own_exits(s.body)
    nested = one_for_each_axis(low, s, own)
    if nested is not None:
        return run(low, [nested, *rest])
    with taken_in_part(low, leaves_early(s, own)):
        iteration = iterated(low, s.iter, not any(isinstance(node, ast.Break | ast.Continue) for node in own))
        if any(isinstance(node, ast.Break | ast.Continue) for node in own):
            iteration = in_order(low, iteration, s.iter)
    before = heap.entries(low.frame.env)
    if iteration.elements is not None:
        return unrolled(low, s, iteration, rest)
    live = after_names(low, s)
    late = lower_late.names(low, s, iteration, live)
    names = [name for name in assigned([s.target, *s.body]) if name in live and name not in late]
    if late:
        names, live = [*names, lower_late.place_of(late)], live - {*late} | {lower_late.place_of(late)}
    work = Carry(s, names, live, lambda index: for_body(low, s, iteration, index, late))
    prepare(low, work, iteration, s.target)
    kinds, flag = lower(low, work)
    unseen(low, iteration, assigned([s]), before, s)
    drop(low, s, live)
    if late:
        lower_late.bind(low, s, iteration, late)
    return go_on(low, s, kinds, flag, rest)


def iterated(low: Lowering, node: ast.expr, unroll: bool) -> Iteration:
    """What is iterated; if it was refused, something, so that the body is still looked at."""
    from adgen.frontend.lower_lazy import lazily

    try:
        return iterate(low, lazily(low, node, unroll), node, unroll)
    except (Poisoned, Reject) as refused:
        if isinstance(refused, Reject):
            low.record(refused, node)
    return Iteration(count=lambda: low.b.const(0), element=lambda *_: POISON)


def after_names(low: Lowering, s: ast.For | ast.While) -> Names:
    """Names that are read in a later iteration, after the loop, or by a return inside it."""
    facts = low.frame.facts
    live = facts.head.get(s, frozenset()) | facts.after.get(s, frozenset())
    for node in returns(s.body):
        live |= reads(node)
    return live.union(*low.frame.carried)


def for_body(low: Lowering, s: ast.For, iteration: Iteration, index: Value | None, late: list[str]) -> Tree:
    """One iteration: the target is bound, then the body."""
    assert index is not None and iteration.element is not None
    low.frame.statement = s
    low.b.span = low.span(s.target)
    assign(low, s.target, iteration.element(index, s.target))
    lower_late.enter(low, s, late, index)
    return run(low, s.body)


def while_loop(low: Lowering, s: ast.While, rest: Sequence[ast.stmt]) -> Tree | None:
    """`while test: body`: the body begins with the test."""
    known = decided(low, s.test)
    if known is False:
        return run(low, [*s.orelse, *rest])
    live = after_names(low, s)
    names = [name for name in assigned([s.test, *s.body]) if name in live]

    def body(_: Value | None) -> Tree:
        low.frame.statement = s
        if decided(low, s.test) is True:
            return run(low, s.body)
        flag = test(low, s.test)
        return fork(low, flag, side(low, s.test, True, s.body), lambda: leaf(low, "done"), s)

    work = Carry(s, names, live, body)
    kinds, flag = lower(low, work)
    drop(low, s, live)
    return go_on(low, s, kinds, flag, rest)


def drop(low: Lowering, s: ast.For | ast.While, live: Names) -> None:
    """Names that nothing reads after the loop go out of sight."""
    for name in assigned([s]):
        if name not in live:
            low.frame.env.pop(name, None)


# exits ---------------------------------------------------------------------------------------------------------------
def go_on(
    low: Lowering, s: ast.For | ast.While, kinds: Sequence[Exit], flag: Value | None, rest: Sequence[ast.stmt]
) -> Tree | None:
    """After a loop: the exits that leave more than it, the else clause, the rest."""
    low.frame.statement = s
    low.b.span = low.span(s)
    endless = isinstance(s, ast.While) and flag is None and kinds
    if endless:  # `while True` that is left in one way only
        return leave(low, kinds[0]) if kinds[0][0] == "return" else run(low, rest)
    if not any(kind == "return" for kind, _ in kinds):
        if not s.orelse:
            return None
        if not kinds:
            return run(low, [*s.orelse, *rest])
    if flag is None:
        return None
    broke = [kind for kind, _ in kinds].index("break") + 1 if ("break", None) in kinds else 0
    leaving = [kind if kind[0] == "return" else ("skip", None) for kind in kinds]
    return dispatch_exits(low, s, leaving, flag, broke, rest)


def dispatch_exits(
    low: Lowering,
    s: ast.For | ast.While,
    kinds: list[Exit],
    flag: Value,
    broke: int,
    rest: Sequence[ast.stmt],
) -> Tree:
    """Returns first; then the else clause unless the loop was broken off."""
    tail = list(rest)
    if s.orelse and broke:
        low.frame.env[BROKE] = flag if flag.type == BOOL else low.content(low.prim("eq", [flag, low.b.const(broke)], s))
        tail = [otherwise(low, s), *rest]
    elif s.orelse:
        tail = [*s.orelse, *rest]
    only = [kind for kind in kinds if kind[0] == "return"]
    if not only:
        return run(low, tail)
    if flag.type == BOOL:
        return dispatch(low, only, flag, s, lambda: run(low, tail))
    return by_code(low, kinds, flag, s, tail)


def by_code(low: Lowering, kinds: list[Exit], code: Value, s: ast.stmt, tail: Sequence[ast.stmt]) -> Tree:
    """One test for each return; codes keep the places that breaks have among them."""

    def take(places: list[int]) -> Tree:
        if not places:
            return run(low, tail)
        low.frame.statement = s
        test = low.content(low.prim("eq", [code, low.b.const(places[0] + 1)], s))
        return fork(low, test, lambda: leave(low, kinds[places[0]]), lambda: take(places[1:]), s)

    return take([place for place, kind in enumerate(kinds) if kind[0] == "return"])


BROKE = " broke"


def otherwise(low: Lowering, s: ast.For | ast.While) -> ast.stmt:
    """The else clause as an `if` statement on whether the loop was broken off."""
    made = low.learnt.made.get(s)
    if made is None:
        test = ast.copy_location(ast.Name(BROKE, ast.Load()), s)
        made = ast.copy_location(ast.If(test, [ast.copy_location(ast.Pass(), s)], s.orelse), s)
        low.learnt.made[s] = made
    low.frame.facts.after[made] = low.frame.facts.after.get(s, frozenset())
    return made


# unrolled ------------------------------------------------------------------------------------------------------------
def unrolled(low: Lowering, s: ast.For, iteration: Iteration, rest: Sequence[ast.stmt]) -> Tree | None:
    """A loop over values that are known one by one: its iterations one after the other."""
    if any(isinstance(node, ast.Break | ast.Continue) for node in own_exits(s.body)):
        return left_early(low, s, iteration, rest)
    before = low.path
    body: list[ast.stmt] = []
    for place in range(len(iteration.elements or ())):
        body.append(Action(_binder(s, iteration, place, (*before, (id(s), place)))))
        body += s.body
    return run(low, [*body, Action(lambda low: setattr(low, "path", before)), *s.orelse, *rest])


def left_early(low: Lowering, s: ast.For, iteration: Iteration, rest: Sequence[ast.stmt]) -> Tree | None:
    """An unrolled loop with `break` or `continue`: what follows an iteration depends on how that was left."""
    live, before = after_names(low, s), low.path
    names = [name for name in assigned([s.target, *s.body]) if name in live]

    def turns(place: int) -> Tree:
        if place == len(iteration.elements or ()):
            return leaf(low)
        tree = run(low, [Action(_binder(s, iteration, place, (*before, (id(s), place)))), *s.body])
        for end in ends(tree):
            end.kind = "fall" if end.kind == "continue" else end.kind
        if isinstance(tree, Leaf):
            return turns(place + 1) if tree.kind == "fall" else tree
        kinds = number(tree)
        code = merge_code(low, tree, names, s, live, len(kinds))
        return dispatch(low, kinds, code, s, lambda: turns(place + 1))

    low.frame.deferred += 1
    tree = turns(0)
    low.frame.deferred -= 1
    low.path = before
    if isinstance(tree, Leaf):
        drop(low, s, live)
        if tree.kind in ("fall", "break"):
            return run(low, [*(s.orelse if tree.kind == "fall" else ()), *rest])
        return leave(low, (tree.kind, tree.node))
    kinds = number(tree)
    flag = merge_code(low, tree, names, s, live, len(kinds))
    drop(low, s, live)
    return go_on(low, s, kinds, flag, rest)


def _binder(s: ast.For, iteration: Iteration, place: int, path: tuple[object, ...]) -> Callable[[Lowering], None]:
    def act(low: Lowering) -> None:
        low.path = path
        low.frame.statement = s
        low.b.span = low.span(s.target)
        assign(low, s.target, turn(low, iteration, place))

    return act


def own_exits(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Break and continue statements of this loop, not of loops inside it."""
    found: list[ast.stmt] = []
    for s in body:
        if isinstance(s, ast.Break | ast.Continue):
            found.append(s)
        elif isinstance(s, ast.If | ast.With):
            found += own_exits([*s.body, *getattr(s, "orelse", [])])
        elif isinstance(s, ast.For | ast.While):
            found += own_exits(s.orelse)
    return found
