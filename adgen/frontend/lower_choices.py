"""References to one of several arrays: which one is told when the program runs.

y = a if c else b           select(c, a, b): a write to y is a write to a, or to b; their adjoints are chosen alike
if c: y = a                 the same, after the `if`, where y was another array before
(a, b)[k][0] = e            (a if k == 0 else b)[0] = e

A name that different paths bind to different arrays is a new array at first (`lower_trees.restore`).  Where a write
shows that others hold one of them, the place is learnt, and lowering begins again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from adgen.frontend.bindings import Known, UserFunction
from adgen.frontend.lower_memory import Choice
from adgen.frontend.lower_rankless import is_array
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import (
    POISON,
    Closure,
    Group,
    Partial,
    Restart,
    Site,
    Thing,
    countable,
    leaves_of,
    shared_memory,
    spoken,
)
from adgen.frontend.lower_trees import Branch, Leaf, Slot, Tree, ends
from adgen.frontend.reject import Reject
from adgen.ir.build import Builder
from adgen.ir.core import Value
from adgen.ir.types import BOOL, Array, Ref
from adgen.ir.walk import walk
from adgen.rules import shapes, table


def learn(low: Lowering, site: Site, things: Sequence[Thing | None], node: ast.AST) -> None:
    """From now on the place stands for one of these arrays themselves: begin again, if that can be."""
    if site in low.learnt.either:
        return
    tuples = [thing for thing in things if isinstance(thing, Group) and thing.kind == "tuple"]
    if len(tuples) < len(things):  # a tuple is joined part by part
        if not all(_is_array(low, thing) for thing in things):
            return
        as_memory(low, things, node)
    low.learnt.either[site] = None
    raise Restart


def as_memory(low: Lowering, things: Sequence[Thing | None], node: ast.AST) -> None:
    """Where they are made, arrays are memory: begin again if that is new."""
    from adgen.frontend.lower_stores import content_origin

    for thing in things:
        if isinstance(thing, Value) and not isinstance(thing.type, Ref):
            content_origin(low, thing, node if isinstance(node, ast.expr) else ast.copy_location(ast.Name("it"), node))


def _is_array(low: Lowering, thing: Thing | None) -> bool:
    type_ = thing.type if isinstance(thing, Value) else None
    if isinstance(type_, Ref):
        return isinstance(type_.content, Array)
    return isinstance(type_, Array) and (shared_memory(type_) or is_array(low, thing))


def _joined(first: Value, second: Value) -> Array | None:
    """The type of what may be either; None where they have different kinds of numbers, or axes."""
    assert isinstance(first.type, Ref) and isinstance(second.type, Ref)
    one, other = first.type.content, second.type.content
    joined = shapes.join(one, other)
    alike = isinstance(one, Array) and isinstance(other, Array) and one.dtype == other.dtype is not None
    return joined if alike and isinstance(joined, Array) and joined.shape is not None else None


def choose(low: Lowering, flag: Value, first: Value, second: Value, hint: str) -> Value:
    """The reference that a flag chooses."""
    joined = _joined(first, second)
    if first is second or joined is None:
        return first
    ref = low.b.emit("select", "", (flag, first, second), Ref(joined), hint, user=bool(hint))
    low.memory.chosen(ref, Choice(flag, first, second))
    return ref


def keep_apart(low: Lowering, site: Site | None, items: Sequence[Thing]) -> None:
    """A list of arrays that have other names: an element of it is one of these arrays; begin again."""
    if site is not None and site not in low.learnt.either and all(_is_array(low, item) for item in items):
        low.learnt.either[site] = None
        low.learnt.memory.pop(site, None)
        low.learnt.changing.pop(site, None)
        raise Restart


def pick(low: Lowering, items: Sequence[Thing], index: Thing, node: ast.expr, hint: str) -> Value | None:
    """`(a, b)[k]` where a and b are memory: one of the references."""
    refs = [item for item in items if isinstance(item, Value) and isinstance(item.type, Ref) and _is_array(low, item)]
    if len(refs) < len(items) or not refs or not isinstance(index, Value) or not countable(index.type):
        return None
    if any(_joined(refs[0], ref) is None for ref in refs):
        return None
    count = len(refs)
    made = next((op for op in reversed(low.b.ops) if index in op.results), None)
    if made is None or made.name != "mod" or low.b.constants.get(made.operands[1]) != count:
        index = low.content(low.prim("mod", [index, low.b.const(count)], node))
    found = refs[-1]
    for k in range(count - 2, -1, -1):
        flag = low.content(low.prim("eq", [index, low.b.const(k)], node))
        found = choose(low, flag, refs[k], found, hint if k == 0 else "")
    return found


def note_choice(low: Lowering, tree: Tree, name: str) -> None:
    """Which array a name has after a fork in two, as the fork's flag tells."""
    value = low.frame.env[name]
    if not (isinstance(value, Value) and shared_memory(value.type) and isinstance(tree, Branch)):
        return
    if isinstance(tree.then, Leaf) and isinstance(tree.orelse, Leaf):
        first, second = tree.then.env.get(name), tree.orelse.env.get(name)
        if isinstance(first, Value) and isinstance(second, Value):
            low.memory.choices[value] = Choice(tree.flag, first, second)


def chosen_function(
    low: Lowering, tree: Tree, name: str, things: Sequence[Thing | None], node: ast.AST
) -> Thing | None:
    """`np.sin if c else np.cos`: a function that calls the one that the fork's flag tells; None for what is none.

    `partial(f, v)`, with values that not all paths have, is refused.
    """
    if any(isinstance(thing, Partial) and list(leaves_of(thing)) for thing in things):
        what = f"`{spoken(name)}`" if spoken(name) else "it"
        low.record(Reject("E0117", node, f"{what} is a function with values of one path"))
        return POISON
    if not (isinstance(tree, Branch) and isinstance(tree.then, Leaf) and isinstance(tree.orelse, Leaf)):
        return None
    first, second = tree.then.env.get(name), tree.orelse.env.get(name)
    if not (isinstance(first, Known | UserFunction) and isinstance(second, Known | UserFunction)):
        return None
    if any(isinstance(one, Known) and table.lookup(one.name) is None for one in (first, second)):
        return None
    body = "first(*args, **words) if flag else second(*args, **words)"
    where = node if isinstance(node, ast.expr) else ast.copy_location(ast.Name(name), node)
    made = written_lambda(low, "flag, first, second, *args, **words", body, where, node)
    return Partial(made, (tree.flag, first, second), {})


def written_lambda(low: Lowering, parameters: str, body: str, where: ast.expr, node: ast.AST) -> Closure:
    """A lambda that is not in the text, the same in every pass."""
    key = ("lambda", node, body)
    made = low.learnt.made.get(key)
    if made is None:
        made = low.learnt.made[key] = ast.Expr(ast.parse(f"lambda {parameters}: {body}", mode="eval").body)
        for part in ast.walk(made):
            ast.copy_location(part, where)
    assert isinstance(made, ast.Expr) and isinstance(made.value, ast.Lambda)
    return Closure(made.value, low.frame, {})


def unpacked(low: Lowering, names: Sequence[str], reaching: Sequence[Leaf], node: ast.AST) -> dict[str, list[str]]:
    """Tuples of which a part stands for one of several references: each part is joined under a name of its own."""
    found: dict[str, list[str]] = {}
    for name in names:
        things = [end.env.get(name) for end in reaching]
        first = things[0] if things else None
        if low.site(node, ("phi", name)) not in low.learnt.either or not isinstance(first, Group):
            continue
        if all(isinstance(thing, Group) and thing.kind == "tuple" and thing.keys == first.keys for thing in things):
            found[name] = [f"{name} part {key}" for key in first.keys]
            for end, thing in zip(reaching, things, strict=True):
                assert isinstance(thing, Group)
                end.env.update(zip(found[name], thing.items, strict=True))
    return found


def choices_of(low: Lowering, tree: Tree, names: Sequence[str], node: ast.AST) -> Choices | None:
    """The names that stand for one of several references, if there are any."""
    if not any(low.site(node, ("phi", name)) in low.learnt.either for name in names):
        return None
    return Choices(low, tree, names, node)


class Choices:
    """The names that stand for one of several references after a fork, and the flags inside it that tell which."""

    def __init__(self, low: Lowering, tree: Tree, names: Sequence[str], node: ast.AST) -> None:
        self.low, self.tree, self.node = low, tree, node
        self.made = {result: op for b in _builders(tree) for op in walk(b.block(())) for result in op.results}
        self.flags: dict[Value, Value | None] = {}  # a flag inside -> what it is called after the fork
        self.names = [
            name for name in names if low.site(node, ("phi", name)) in low.learnt.either and self._possible(tree, name)
        ]

    def _possible(self, tree: Tree, name: str) -> bool:
        """Whether a name stands for such a reference on every path, all of the same kind."""
        refs = [end.env.get(name) for end in ends(tree)]
        if all(_is_array(self.low, ref) for ref in refs):
            as_memory(self.low, refs, self.node)
        whole = [ref for ref in refs if isinstance(ref, Value) and isinstance(ref.type, Ref)]
        whole = [ref for ref in whole if _is_array(self.low, ref)]
        if len(whole) < len(refs) or any(end.kind == "raise" for end in ends(tree)):
            return False
        alike = all(_joined(whole[0], ref) is not None for ref in whole)
        return alike and all([self._known(ref) for ref in whole]) and self._forks(tree)

    def _forks(self, tree: Tree) -> bool:
        """Note the flags of forks inside."""
        if isinstance(tree, Branch) and tree is not self.tree:
            self._known(tree.flag, True)
        return all([self._forks(side) for side in _sides(tree)])

    def _known(self, value: Value, flag: bool = False) -> bool:
        """Whether a value can be had after the fork."""
        op = self.made.get(value)
        if op is None or op.kind == "const":
            return True
        if flag:
            self.flags[value] = None
            return True
        if op.kind == "select":
            return all([self._known(op.operands[0], True), *map(self._known, op.operands[1:])])
        return op.kind == "view" and all([self._known(operand) for operand in op.operands])

    # the fork -------------------------------------------------------------------------------------------------------
    def slots(self) -> list[Slot]:
        """A result of the fork for each flag."""
        return [Slot(BOOL, "", False) for _ in self.flags]

    def rows(self) -> dict[Leaf, list[Value]]:
        """What each path yields for the flags: False where it does not come by."""
        return {
            end: [flag if self._passes(flag, path) else end.b.const(False) for flag in self.flags]
            for end, path in _paths(self.tree)
        }

    def _passes(self, flag: Value, path: Sequence[Builder]) -> bool:
        return any(flag in op.results for b in path for op in b.ops)

    def close(self, values: Sequence[Value], hint: str) -> None:
        """The fork is emitted: the references are chosen by the flags."""
        self.flags = dict(zip(self.flags, values, strict=True))
        for name in self.names:
            self.low.frame.env[name] = self._of(self.tree, name, spoken(name) or hint)

    def _of(self, tree: Tree, name: str, hint: str) -> Value:
        if isinstance(tree, Leaf):
            ref = tree.env[name]
            assert isinstance(ref, Value)
            return self._outside(ref)
        then, orelse = (self._of(side, name, hint) for side in _sides(tree))
        return choose(self.low, self._outside(tree.flag), then, orelse, hint)

    def _outside(self, value: Value) -> Value:
        """A value that was made inside, after the fork."""
        op = self.made.get(value)
        if op is None:
            return value
        found = self.flags.get(value)
        if found is not None:
            return found
        if op.kind == "const":
            return self.low.b.const(op.attrs["value"], str(op.attrs["text"]), value.type)
        operands = [self._outside(operand) for operand in op.operands]
        if op.kind == "select":
            return choose(self.low, operands[0], operands[1], operands[2], value.hint)
        again = self.low.b.emit("view", op.name, operands, value.type, value.hint, op.attrs, value.user)
        self.low.memory.viewed(again, operands[0])
        return again


def _sides(tree: Tree) -> list[Tree]:
    return [tree.then, tree.orelse] if isinstance(tree, Branch) else []


def _paths(tree: Tree, above: tuple[Builder, ...] = ()) -> Iterator[tuple[Leaf, tuple[Builder, ...]]]:
    """The ends of a tree, with the builders of the regions that lead there."""
    if isinstance(tree, Branch):
        for side in _sides(tree):
            yield from _paths(side, (*above, side.b))
    else:
        yield tree, above


def _builders(tree: Tree) -> Iterator[Builder]:
    for side in _sides(tree):
        yield side.b
        yield from _builders(side)
