"""Paths through branches: a tree of regions under construction, and how its ends are joined.

    if a:                 Branch(a, Leaf(break), Leaf(fall))
        break             in a loop's body the branch stays in tail position: its yields are those of the body
    y = y + 1             an ordinary `if` is *merged*: the names that its leaves bind differently become its results

A leaf keeps its builder and its names, so that values can still be loaded or packed where the path ends.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from adgen.frontend import lower_heap as heap
from adgen.frontend import lower_memory as memory
from adgen.frontend.lower_absent import Maybe, either, form, is_none, missing, plain, unbound
from adgen.frontend.lower_links import alone, link
from adgen.frontend.lower_state import Env, Lowering
from adgen.frontend.lower_things import (
    POISON,
    Group,
    Keys,
    Obj,
    Poison,
    Site,
    Thing,
    same,
    shared_memory,
    spoken,
)
from adgen.frontend.normalise import returns
from adgen.frontend.reject import Reject
from adgen.ir.build import Builder
from adgen.ir.core import EMPTY, Op, Span, Value
from adgen.ir.types import FLOAT, UNDEF, ListOf, Ref, Static, Struct, Type, show, told

VALUE = ""  # the name under which leaves keep the value of the whole construct


@dataclass(eq=False)
class Leaf:
    """The end of a path: fall, break, continue, return, raise, or done (a while's test failed)."""

    b: Builder
    env: Env
    kind: str = "fall"
    node: ast.Return | None = None  # the return statement, if its value is computed later
    code: int = 0  # which exit, once they are numbered


@dataclass(eq=False)
class Branch:
    """A place where the path forks, in tail position of its builder."""

    b: Builder
    flag: Value
    then: Tree
    orelse: Tree
    span: Span | None


Tree = Leaf | Branch


def ends(tree: Tree) -> Iterator[Leaf]:
    """All leaves, in order."""
    if isinstance(tree, Leaf):
        yield tree
    else:
        yield from ends(tree.then)
        yield from ends(tree.orelse)


def fork(low: Lowering, flag: Value, then: Callable[[], Tree], orelse: Callable[[], Tree], node: ast.AST) -> Branch:
    """Lower both sides, each in a builder of its own."""
    span = low.span(node)
    sides = []
    for side in (then, orelse):
        with low.inside(low.child()):
            sides.append(side())
    return Branch(low.b, flag, sides[0], sides[1], span)


def leaf(low: Lowering, kind: str = "fall", node: ast.Return | None = None) -> Leaf:
    """The path ends here."""
    return Leaf(low.b, low.frame.env, kind, node)


@dataclass(frozen=True)
class Slot:
    """A result of a construct: its type and the name it would like."""

    type: Type
    hint: str
    user: bool = True

    def make(self) -> Value:
        """A value for it."""
        return Value(self.type, self.hint, self.user)


def close(tree: Tree, yields: dict[Leaf, list[Value]], slots: Sequence[Slot]) -> list[Value]:
    """Emit the `if`s of the tree, inner first; the values that the top builder has at its end."""
    if isinstance(tree, Leaf):
        return yields[tree]
    raising = [all(end.kind == "raise" for end in ends(side)) for side in (tree.then, tree.orelse)]
    if raising[0] != raising[1]:
        return guard(tree, yields, slots, raising[0])
    blocks = [side.b.block(close(side, yields, slots)) for side in (tree.then, tree.orelse)]
    results = tuple(slot.make() for slot in slots)
    tree.b.add(Op("if", "", (tree.flag,), results, tuple(blocks), EMPTY, tree.span, tree.b.role))
    return list(results)


def yielding(tree: Tree) -> list[Leaf]:
    """The leaves whose yields are wanted: not those that raise, unless all do."""
    return [end for end in ends(tree) if end.kind != "raise"] or list(ends(tree))


def guard(tree: Branch, yields: dict[Leaf, list[Value]], slots: Sequence[Slot], then: bool) -> list[Value]:
    """A fork one side of which only raises: that side alone stands in an `if`, the other one follows it."""
    out, on = (tree.then, tree.orelse) if then else (tree.orelse, tree.then)
    values = close(on, yields, slots)
    close(out, {end: [] for end in ends(out)}, [])
    blocks = [out.b.block(()), Builder().block(())]
    op = Op("if", "", (tree.flag,), (), tuple(blocks if then else blocks[::-1]), EMPTY, tree.span, tree.b.role)
    tree.b.add(op)
    splice(tree.b, on.b)
    return values


def splice(b: Builder, inner: Builder) -> None:
    """What was lowered for a region takes place here."""
    b.ops.extend(inner.ops)
    b.constants.update(inner.constants)
    b.sizes.update(inner.sizes)


# leaves of types -----------------------------------------------------------------------------------------------------
def slots_of(type_: Type, hint: str, user: bool = True) -> list[Slot]:
    """One slot for each value that a thing of this type is made of."""
    if isinstance(type_, Struct):
        out: list[Slot] = []
        for key, item in zip(type_.keys, type_.items, strict=True):
            out += slots_of(item, f"{hint}{key}" if key.isdigit() else f"{hint}_{key}", False)
        return out
    return [] if isinstance(type_, Static) else [Slot(plain(type_), hint, user and bool(hint))]


def coerce(low: Lowering, thing: Thing | None, type_: Type, hint: str = "") -> list[Value]:
    """The values of a thing, in the form that the type wants; emitted by the current builder."""
    thing = heap.snapshot(low, thing) if isinstance(thing, Obj) else thing
    if isinstance(type_, Static):
        return []
    if isinstance(type_, Maybe):
        return [low.b.const(None)] if is_none(thing) else [_sole(low, thing, type_.content, hint)]
    if isinstance(type_, Struct):
        parts: list[Value] = []
        for slot, item in enumerate(type_.items):
            parts += coerce(low, part(low, thing, slot), item, hint)
        return parts
    if thing is None or isinstance(thing, Poison) or (isinstance(thing, Value) and thing.type == UNDEF):
        return [low.b.emit("undef", "", (), UNDEF, hint)]
    if isinstance(type_, ListOf):
        return [listed(low, thing, type_)]
    if isinstance(thing, Value) and isinstance(thing.type, Ref):
        value = low.load(thing)
        low.memory.hold(value)
        return [value]
    return [low.content(thing)]


def _sole(low: Lowering, thing: Thing | None, type_: Type, hint: str) -> Value:
    """The thing as one value, whatever its parts are; undef where it is not bound."""
    missing = thing is None or isinstance(thing, Poison)
    return coerce(low, thing, FLOAT, hint)[0] if missing else single(low, thing, type_, hint)


def part(low: Lowering, thing: Thing | None, slot: int) -> Thing | None:
    """A slot of a structure, whatever form the structure has."""
    if isinstance(thing, Group):
        return thing.items[slot]
    if isinstance(thing, Value) and isinstance(thing.type, Struct):
        value = low.b.item(thing, slot)
        low.memory.origin(value, memory.Origin("item", None, None, thing.hint))
        return value
    return None


def listed(low: Lowering, thing: Thing, type_: ListOf) -> Value:
    """A list of equal element types as one value."""
    if isinstance(thing, Group):
        items = [single(low, item, type_.item) for item in thing.items]
        return low.b.emit("listing", "", items, type_)
    value = low.content(thing)
    low.memory.hold(value)
    return value


def single(low: Lowering, thing: Thing | None, type_: Type, hint: str = "") -> Value:
    """The thing as one value of the type: a structure is packed."""
    thing = heap.snapshot(low, thing) if isinstance(thing, Obj) else thing
    if isinstance(type_, Static):
        return low.content(thing) if thing is not None else low.b.emit("undef", "", (), UNDEF)
    if is_none(thing):
        return low.content(thing) if isinstance(thing, Value) else low.b.const(None)
    if isinstance(type_, Struct):
        if isinstance(thing, Value) and thing.type == type_:
            return thing
        items = [single(low, part(low, thing, k), item) for k, item in enumerate(type_.items)]
        return low.b.pack(type_, items, hint)
    return coerce(low, thing, type_, hint)[0]


def restore(low: Lowering, type_: Type, values: Iterator[Value], like: Thing | None, site: Site, name: str) -> Thing:
    """The thing that has these values; arrays and lists that come from several places are memory if written to."""
    if isinstance(type_, Struct):
        given = like.items if isinstance(like, Group) else (None,) * len(type_.items)
        items = tuple(restore(low, item, values, given[k], (*site, k), "") for k, item in enumerate(type_.items))
        if type_.kind in ("tuple", "list"):
            return Group(type_.kind, type_.keys, items)
        return heap.made(low, Group(type_.kind, type_.keys, items, site), spoken(name))
    if isinstance(type_, Static):
        return like if like is not None else low.b.const(type_.value)
    value = next(values)
    if isinstance(type_, Maybe):
        low.maybe[value] = None
        if shared_memory(type_.content):
            low.memory.origin(value, memory.Origin("maybe", site, None, name))
        return value
    if not shared_memory(type_):
        low.joined[value] = site
        return value
    low.memory.origin(value, memory.Origin("phi", site, None, name))
    return low.alloc(value, site, name) if site in low.learnt.memory else value


def written(low: Lowering, type_: Type, site: Site) -> bool:
    """Whether a thing of this type, made at this site, has a part that is written to later."""
    if isinstance(type_, Struct) and any(written(low, item, (*site, k)) for k, item in enumerate(type_.items)):
        return True
    return site in low.learnt.memory


# merging -------------------------------------------------------------------------------------------------------------
def merge(
    low: Lowering, tree: Tree, names: Sequence[str], node: ast.AST, live: frozenset[str], hint: str = ""
) -> list[Leaf]:
    """Join the falling leaves of a construct that does not end its block: names become its results.

    Returns the leaves that reach the end (none: what follows is dead).
    """
    reaching = [end for end in ends(tree) if end.kind != "raise"]
    if isinstance(tree, Leaf):
        low.frame.env = tree.env
        return reaching
    env = low.frame.env
    names = [low.frame.cells.get(name, name) for name in names]
    names += [name for name in heap.rows(env, [end.env for end in reaching]) if name not in names]
    from adgen.frontend.lower_choices import choices_of, chosen_function, note_choice, unpacked

    packed = unpacked(low, names, reaching, node)
    parts = [part for own in packed.values() for part in own]
    names, live = [name for name in names if name not in packed] + parts, live | {*parts}
    choices = choices_of(low, tree, names, node)
    plan: list[tuple[str, Type, Thing | None]] = []
    lost: dict[str, None] = {}
    for name in names:
        things = [end.env.get(name) for end in reaching]
        if choices is not None and name in choices.names:
            continue
        if all(same(thing, things[0]) for thing in things):
            if things and (things[0] is None or outside(env, env.get(name), things[0])):
                env |= {name: things[0]} if things[0] is not None else {}
                continue
        if (function := chosen_function(low, tree, name, things, node)) is not None:
            env[name] = function
            continue
        things = [heap.dissolved(thing, end.env) for thing, end in zip(things, reaching, strict=True)]
        told = [thing for thing in things if not isinstance(thing, Poison)]
        unsure = len(told) < len(things) and not (told and (low.guesses or low.optimistic))
        type_ = None if unsure else common(low, name, told, node)
        if type_ is None:
            env[name] = POISON
            continue
        plan.append((name, type_, next((t for t in things if t is not None), None)))
        for thing in things:
            link(low, type_, thing, low.site(node, ("phi", name)))
        if name.strip() and any(missing(low, thing) for thing in told):
            lost[name] = None
    slots = [s for name, type_, _ in plan for s in slots_of(type_, spoken(name) or hint, heap.is_named(name))]
    yields = {end: yielded(low, end, plan, reaching, live, node) for end in yielding(tree)}
    if choices is not None:
        slots += choices.slots()
        yields = {end: [*row, *choices.rows()[end]] for end, row in yields.items()}
    values = iter(close(tree, yields, slots))
    for name, type_, like in plan:
        env[name] = restore(low, type_, values, like, low.site(node, ("phi", name)), name)
        note_choice(low, tree, name)
        if name in lost:
            unbound(low, env[name])
    if choices is not None:
        choices.close(list(values), hint)
    for name, own in packed.items():
        env[name] = Group("tuple", tuple(str(k) for k in range(len(own))), tuple(env.pop(part) for part in own))
    return reaching


def outside(env: Env, before: Thing | None, after: Thing) -> bool:
    """Whether what all paths agree on was there before they parted (or is no value at all)."""
    if isinstance(after, Obj):
        return heap.known(after, env)
    return same(before, after) or not isinstance(after, Value | Group)


def common(low: Lowering, name: str, things: Sequence[Thing | None], node: ast.AST) -> Type | None:
    """The type that a name has on all paths; refused (None) if there is none."""
    type_: Type | None = UNDEF
    for thing in things:
        found = form(low, thing)
        joined = either(type_ or UNDEF, found)
        if joined is None and isinstance(found, Static) and isinstance(found.value, Keys):
            low.record(Reject("E0116", node, heap.clash(low, name, list(things)), heap.KEYS_HELP))
            return None
        if joined is None:
            what = f"`{name}`" if name else "the value"
            functions = isinstance(type_, Static) and isinstance(found, Static)
            why = f"{what} is {said(type_)} on one path and {said(found)} on another"
            low.record(_clash(name, why, node, functions))
            return None
        type_ = joined
    return type_


def _clash(name: str, why: str, node: ast.AST, functions: bool) -> Reject:
    """The refusal of a name, or result, that has two kinds."""
    if functions:
        return Reject("E0117", node, why)
    if name or isinstance(node, ast.expr):
        return Reject("E0112", node, why, name=name.strip() or ast.unparse(node))
    found = returns(node.body) if isinstance(node, ast.FunctionDef) else []
    return Reject("E0127", found[-1] if found else node, why)


def said(type_: Type | None) -> str:
    """A type as it is told in a refusal."""
    match type_:
        case None:
            return "nothing"
        case Static(value) if value is not None and not isinstance(value, str | bool):
            return told(value)
        case Static(value):
            return repr(value)
        case Maybe(content):
            return f"None or {show(content)}"
    return show(type_)


def yielded(
    low: Lowering,
    end: Leaf,
    plan: Sequence[tuple[str, Type, Thing | None]],
    reaching: Sequence[Leaf],
    live: frozenset[str],
    node: ast.AST,
) -> list[Value]:
    """What a leaf yields for the names of the plan."""
    from adgen.frontend.lower_choices import learn

    out: list[Value] = []
    with low.inside(end.b, end.env):
        for name, type_, _ in plan:
            thing, site = end.env.get(name) if end in reaching else None, low.site(node, ("phi", name))
            if end in reaching and written(low, type_, site):
                try:
                    alone(low, name, thing, end.env, live, node)
                except Reject:
                    learn(low, site, [other.env.get(name) for other in reaching], node)
                    raise
            low.memory.holder = site if isinstance(thing, Value) else None
            out += coerce(low, thing, type_, name)
            low.memory.holder = None
    return out
