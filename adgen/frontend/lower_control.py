"""Statement lists: simple statements, branches, exits.

if c:            `run` lowers a list of statements to a tree of paths.  An `if` without exits is merged and the
    return a     rest follows; what follows an `if` with an exit moves into the branch that falls through, so that
y = 2 * x        the `if` is in tail position.  If both branches fall through, a short rest is lowered twice, and a
return y         longer one is guarded by a flag that says which exit was taken.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import partial

from adgen.frontend import silence
from adgen.frontend.attempts import Attempt
from adgen.frontend.bindings import Known
from adgen.frontend.lower_absent import has_none, is_none, narrow, narrowed, now_bound
from adgen.frontend.lower_attempts import possible
from adgen.frontend.lower_names import find
from adgen.frontend.lower_state import STATEMENTS, Lowering
from adgen.frontend.lower_statics import decided
from adgen.frontend.lower_things import POISON, Poison, Poisoned, Thing
from adgen.frontend.lower_trees import VALUE, Leaf, Tree, ends, fork, leaf, merge
from adgen.frontend.normalise import assigned, exits, falls, reads, returns
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import BOOL, FLOAT

SHORT = 3  # so many simple statements may be lowered twice instead of being guarded


class Action(ast.stmt):
    """A statement that is not in the text: binds the element of an unrolled loop, for one."""

    def __init__(self, act: Callable[[Lowering], None]) -> None:
        super().__init__()
        self.act = act


def run(low: Lowering, body: Sequence[ast.stmt]) -> Tree:
    """Lower statements to the tree of their paths."""
    for place, s in enumerate(body):
        rest = body[place + 1 :]
        if not isinstance(s, Action):
            low.frame.statement = s
            low.b.span = low.span(s)
        try:
            tree = step(low, s, rest)
        except Poisoned:
            tree = spoil(low, s)
        except Reject as reject:
            low.record(reject, s)
            tree = spoil(low, s)
        if tree is not None:
            return tree
    return leaf(low)


def spoil(low: Lowering, s: ast.stmt) -> Tree | None:
    """A statement was refused: what it assigns is poison; its exits are kept in mind as an end."""
    for name in assigned([s]):
        low.frame.env[low.frame.cells.get(name, name)] = POISON
    low.frame.env.pop(VALUE, None)
    return None


def step(low: Lowering, s: ast.stmt, rest: Sequence[ast.stmt]) -> Tree | None:
    """One statement; a tree if it takes the rest with it."""
    match s:
        case Action():
            s.act(low)
            return None
        case ast.Return():
            return end_return(low, s)
        case ast.Break():
            return leaf(low, "break")
        case ast.Continue():
            return leaf(low, "continue")
        case ast.Raise():
            STATEMENTS[ast.Raise](low, s)
            return leaf(low, "raise")
        case ast.If():
            return branch(low, s, rest)
        case ast.With():
            return with_block(low, s, rest)
        case ast.For() | ast.While():
            from adgen.frontend.lower_loops import loop

            return loop(low, s, rest)
    handler = STATEMENTS.get(type(s))
    if handler is None:
        name = _KEYWORDS.get(type(s).__name__, type(s).__name__.lower())
        why = getattr(s, "why", "") or _REASONS.get(name, "its effect is not one on values")
        raise Reject("E0101", s, why, _ADVICE.get(name, ""), name=name)
    handler(low, s)
    return None


_ADVICE = {"match": "write it with `if`", "try": "test before: `if b == 0.0:`, `if k < len(xs):`"}
_KEYWORDS = {
    "Try": "try",
    "TryStar": "try",
    "ClassDef": "class",
    "AsyncFunctionDef": "async def",
    "AsyncFor": "async for",
    "AsyncWith": "async with",
    "Match": "match",
}
_REASONS = {
    "try": "which statements run depends on exceptions that no test of numbers foretells",
    "class": "classes are known only when they are made outside of the function",
    "async def": "the order of its statements is not fixed",
    "async for": "the order of its statements is not fixed",
    "async with": "the order of its statements is not fixed",
}


def end_return(low: Lowering, s: ast.Return) -> Leaf:
    """A return: its value is computed here, or after the outermost loop."""
    if low.frame.deferred:
        return leaf(low, "return", s)
    low.frame.env[VALUE] = low.expr(s.value) if s.value is not None else low.b.const(None)
    return leaf(low, "return")


INACTIVE = ("np.errstate", "np.printoptions", "contextlib.nullcontext")  # contexts that change no value
ACTING = (ast.Call, ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await)  # what an argument may do besides


def with_block(low: Lowering, s: ast.With, rest: Sequence[ast.stmt]) -> Tree | None:
    """`with np.errstate(..)` changes no value: its body as if it stood alone; the derivative is as silent."""
    for item in s.items:
        context(low, s, item)
    return run(low, [*s.body, *rest])


def context(low: Lowering, s: ast.With, item: ast.withitem) -> None:
    """Enter one context: it is known by what its name stands for, as a function of the user's may be called so, too."""
    from adgen.frontend.lower_kinds import bound
    from adgen.frontend.lower_statements import assign

    call, target = item.context_expr, item.optional_vars
    told = ast.unparse(call.func) if isinstance(call, ast.Call) else ast.unparse(call)
    found = bound(low, call.func) if isinstance(call, ast.Call) else None
    kind = found.name if isinstance(found, Known) else ""
    known = ", ".join(f"`{name}(..)`" for name in INACTIVE)
    if not isinstance(call, ast.Call) or kind not in INACTIVE:
        why = f"what `{told}` does when the block is entered and left is not known"
        raise Reject("E0101", s, why, f"write it without `with`; {known} are known", name="with")
    given = [*call.args, *(word.value for word in call.keywords)]
    if target is not None and (kind != INACTIVE[2] or len(given) != 1 or isinstance(given[0], ast.Starred)):
        raise Reject("E0101", s, f"what `{told}` gives is not known", "leave out `as`", name="with .. as")
    if target is not None:
        assign(low, target, low.expr(given[0]))
    elif any(isinstance(part, ACTING) for one in given for part in ast.walk(one)):
        why = f"an argument of `{told}` is computed, which may do more"
        raise Reject("E0101", s, why, "compute it ahead of the block", name="with")
    if kind == INACTIVE[0]:
        silence.note(low.learnt.silent, call)


# branches ------------------------------------------------------------------------------------------------------------
def branch(low: Lowering, s: ast.If, rest: Sequence[ast.stmt]) -> Tree | None:
    """An `if` statement: decided now, merged, or in tail position with the rest in its falling branch."""
    if isinstance(s, Attempt):
        possible(low, s)
    known = decided(low, s.test)
    if known is not None:
        return run(low, [*(s.body if known else s.orelse), *rest])
    flag = test(low, s.test)
    low.frame.statement = s
    if not exits([s]):
        known_after = narrowed(low, s.test)
        tree: Tree = fork(low, flag, taken(low, s, s.body), side(low, s.test, False, s.orelse), s)
        return after(low, s, tree, known_after)
    both = falls(s.body) and falls(s.orelse)
    if both and rest and not short(rest):
        return guarded(low, s, flag, rest)
    then = [*s.body, *rest] if falls(s.body) else s.body
    orelse = [*s.orelse, *rest] if falls(s.orelse) else s.orelse
    return fork(low, flag, taken(low, s, then), side(low, s.test, False, orelse), s)


def taken(low: Lowering, s: ast.If, body: Sequence[ast.stmt]) -> Callable[[], Tree]:
    """The side of a branch on which its test is true; of a division, the one that handles its failure."""
    if isinstance(s, Attempt) and s.divides:
        body = [Action(partial(python_numbers, names=s.scalars)), *body]
    return side(low, s.test, True, body)


def python_numbers(low: Lowering, names: Sequence[str]) -> None:
    """A division by zero is handled: a number of NumPy would not have raised."""
    values = [value for name in names if isinstance(value := find(low, name), Value) and value.type == FLOAT]
    if values:
        total = " + ".join(f"{{{k}}}" for k in range(len(values)))
        text = f"if isinstance({total}, np.generic): raise TypeError('NumPy does not raise ZeroDivisionError')"
        low.b.effect("effect", "raise", values, {"text": text})


def side(low: Lowering, test: ast.expr, truth: bool, body: Sequence[ast.stmt]) -> Callable[[], Tree]:
    """One side of a branch: what the test says of names is known there."""

    def lower() -> Tree:
        narrow(low, test, truth)
        return run(low, body)

    return lower


def test(low: Lowering, node: ast.expr) -> Value:
    """The flag of a branch; if it was refused, some flag, so that the branches are still looked at."""
    thing = low.expr(node)
    if isinstance(thing, Poison):
        return low.b.emit("undef", "", (), BOOL)
    return low.content(thing, node)


def after(low: Lowering, s: ast.stmt, tree: Tree, told: Sequence[str] = ()) -> Tree | None:
    """What is known after an `if` without exits; a tree if every path raises.  `told`: names the test speaks of."""
    live = low.frame.facts.after.get(s, frozenset())
    names = [name for name in assigned([s]) if name in live]
    for name in told:
        things = [end.env.get(name) for end in ends(tree) if end.kind != "raise"]
        if name not in names and not any(has_none(low, thing) or is_none(thing) for thing in things):
            names.append(name)
    reaching = merge(low, tree, names, s, live)
    for name in assigned([s]):
        if name not in live:
            low.frame.env.pop(name, None)
    return None if reaching else leaf(low, "raise")


def short(rest: Sequence[ast.stmt]) -> bool:
    """Whether the statements may be lowered twice."""
    simple = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return, ast.Pass, ast.Break, ast.Continue)
    return len(rest) <= SHORT and all(isinstance(s, simple) for s in rest)


def guarded(low: Lowering, s: ast.If, flag: Value, rest: Sequence[ast.stmt]) -> Tree:
    """An `if` some inner paths of which exit, and both branches of which may fall through: exits become codes."""
    frame = low.frame
    frame.deferred += 1
    tree = fork(low, flag, taken(low, s, s.body), side(low, s.test, False, s.orelse), s)
    frame.deferred -= 1
    live = frame.facts.after.get(s, frozenset())
    for node in returns([s]):
        live |= reads(node)
    kinds = number(tree)
    names = [name for name in assigned([s]) if name in live or _needed(low, name)]
    code = merge_code(low, tree, names, s, live, len(kinds))
    return dispatch(low, kinds, code, s, lambda: run(low, rest))


def _needed(low: Lowering, name: str) -> bool:
    """Whether an exit of a loop around may need the name: the loop carries it."""
    return any(name in carried for carried in low.frame.carried)


Exit = tuple[str, ast.Return | None]


def number(tree: Tree) -> list[Exit]:
    """Number the exits of a tree: leaves with one code go on in the same way; 0 falls through."""
    kinds: list[Exit] = []
    for end in ends(tree):
        if end.kind in ("fall", "raise"):
            continue
        key = (end.kind, end.node)
        if key not in kinds:
            kinds.append(key)
        end.code = kinds.index(key) + 1
    return kinds


def renumber(tree: Tree, kinds: list[Exit]) -> list[Exit]:
    """Number the exits that matter after a loop: break and return, not continue and done."""
    kept = [kind for kind in kinds if kind[0] in ("break", "return")]
    for end in ends(tree):
        key = (end.kind, end.node)
        end.code = kept.index(key) + 1 if key in kept else 0
    return kept


DONE = " done"  # the same where there is only one exit: whether it was taken
CODE = " exit_code"  # the name under which leaves keep the number of their exit


def merge_code(
    low: Lowering, tree: Tree, names: Sequence[str], node: ast.stmt, live: frozenset[str], count: int
) -> Value | None:
    """Merge a tree together with the numbers of its exits; None if no path has one."""
    if not count:
        merge(low, tree, names, node, live)
        return None
    name = CODE if count > 1 else DONE
    for end in ends(tree):
        with low.inside(end.b, end.env):
            end.env[name] = low.b.const(bool(end.code) if count == 1 else end.code)
    merge(low, tree, [*names, name], node, live)
    code = low.frame.env.pop(name)
    return code if isinstance(code, Value) else None


def dispatch(low: Lowering, kinds: Sequence[Exit], code: Value | None, node: ast.AST, rest: Callable[[], Tree]) -> Tree:
    """Go on by the number of an exit: one branch for each, the rest where there was none."""
    if code is None or not kinds:
        return rest()
    span = low.b.span

    def take(place: int) -> Tree:
        if place == len(kinds):
            return rest()
        flag = code
        if len(kinds) > 1:
            low.b.span = span
            flag = low.content(low.prim("eq", [code, low.b.const(place + 1)], node))
        return fork(low, flag, lambda: leave(low, kinds[place]), lambda: take(place + 1), node)

    return take(0)


def leave(low: Lowering, kind: Exit) -> Leaf:
    """Take an exit now: a return computes its value if no loop is around."""
    if kind[1] is not None:
        low.frame.statement = kind[1]
        low.b.span = low.span(kind[1])
        for name, thing in low.bound.get(kind[1], {}).items():
            if low.frame.env.get(name) is thing:
                low.frame.env[name] = now_bound(low, thing)
        return end_return(low, kind[1])
    return leaf(low, kind[0])


def result(low: Lowering, tree: Tree, node: ast.AST, hint: str = "") -> Thing:
    """The value of a construct all leaves of which have one: a call, a conditional expression."""
    for end in ends(tree):
        if VALUE not in end.env and end.kind != "raise":
            with low.inside(end.b, end.env):
                end.env[VALUE] = low.b.const(None)
    low.frame.env.pop(VALUE, None)
    names = [*assigned([node]), VALUE] if isinstance(node, ast.expr) else [VALUE]
    reaching = merge(low, tree, names, node, frozenset(low.frame.env), hint)
    value = low.frame.env.pop(VALUE, POISON)
    return value if reaching else POISON
