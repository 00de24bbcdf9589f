"""Names that hold nothing on some paths: None, or not bound at all.

    best = None                            best: float or None
    for v in xs:
        if best is None or v > best:       `v > best` is lowered where `best` is known not to be None
            best = v
    return best                            if best is None: raise TypeError(..), for None has no derivative

A value that may be None has the type that it has otherwise, and is remembered in `low.maybe`; to the derivative None is
a constant.  Python itself raises where None is computed with.  A test such as `y is None` tells the branches apart:
in one of them the name stands for the value alone, in the other for None.  A value that some path leaves unbound is
remembered in `low.unbound`; where such a name is read, the forward sweep fails as the program would.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from adgen.frontend import lower_heap as heap
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import (
    PRESENT,
    Group,
    Poisoned,
    Restart,
    Thing,
    content_type,
    join,
    leaves_of,
    spoken,
    type_of,
)
from adgen.frontend.reject import Reject
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import BOOL, INT, NONE, UNDEF, Array, Scalar, Static, Struct, Type, Unknown, is_number
from adgen.ir.walk import Rebuilder, walk


@dataclass(frozen=True)
class Maybe(Type):
    """Of a name, while paths are joined: None, or a value of the type."""

    content: Type


def form(low: Lowering, thing: Thing | None) -> Type:
    """The type that a name's content has, or may have."""
    thing = heap.dissolved(thing, low.frame.env)
    if isinstance(thing, Value) and thing in low.maybe:
        return Maybe(content_type(thing.type))
    if isinstance(thing, Group):
        return Struct(thing.kind, thing.keys, tuple(form(low, item) for item in thing.items))
    return content_type(type_of(thing))


def either(a: Type, b: Type) -> Type | None:
    """The type of a name that has one type on one path and the other on another; None if there is none."""
    if isinstance(a, Maybe) or isinstance(b, Maybe) or (NONE in (a, b) and a != b and UNDEF not in (a, b)):
        parts = [part.content if isinstance(part, Maybe) else part for part in (a, b) if part != NONE]
        inner = parts[0] if len(parts) == 1 else join(*parts)
        return Maybe(inner) if inner is not None and optional(inner) else None
    if isinstance(a, Struct) and isinstance(b, Struct) and a.kind == b.kind and a.keys == b.keys:
        found = [either(x, y) for x, y in zip(a.items, b.items, strict=True)]
        items = tuple(item for item in found if item is not None)
        if len(items) == len(found):
            return Struct(a.kind, a.keys, items)
    return join(a, b)


def optional(type_: Type) -> bool:
    """Whether None may stand for it: numbers, arrays, structures of numbers (a zero of them needs no look at them)."""
    match type_:
        case Scalar() | Array() | Unknown():
            return True
        case Struct(kind, _, items) if kind != "list":
            return all(is_number(item) or (isinstance(item, Struct) and optional(item)) for item in items)
    return False


def plain(type_: Type) -> Type:
    """The type of the values themselves."""
    match type_:
        case Maybe(content):
            return content
        case Struct(kind, keys, items):
            return Struct(kind, keys, tuple(map(plain, items)))
    return type_


def has_none(low: Lowering, thing: Thing | None) -> bool:
    """Whether the thing, or a part of it, may be None (and is not always)."""
    if isinstance(thing, Group):
        return any(has_none(low, item) for item in thing.items)
    return isinstance(thing, Value) and thing in low.maybe


def is_none(thing: Thing | None) -> bool:
    """Whether the thing is None for certain."""
    return isinstance(thing, Value) and thing.type == NONE


# what tests tell -----------------------------------------------------------------------------------------------------
Told = list[tuple[str, bool]]  # names, and whether they are None


def told(test: ast.expr, truth: bool) -> Told:
    """What a test says of names if it came out so.

    >>> told(ast.parse("a is None or not (b is not None and c)", mode="eval").body, False)
    [('a', False), ('b', False), ('c', False)]
    """
    match test:
        case ast.Compare(left, [ast.Is() | ast.IsNot() as op], [ast.Constant(None)]):
            name = left.target if isinstance(left, ast.NamedExpr) else left
            return [(name.id, isinstance(op, ast.Is) is truth)] if isinstance(name, ast.Name) else []
        case ast.UnaryOp(ast.Not(), operand):
            return told(operand, not truth)
        case ast.BoolOp(op, values) if isinstance(op, ast.And) is truth:
            return [pair for value in values for pair in told(value, truth)]
        case ast.Call(ast.Name("isinstance"), [ast.Name(name), _]) | ast.Name(name) if truth:
            return [(name, False)]
        case ast.NamedExpr(ast.Name(name), _) if truth:
            return [(name, False)]
    return []


def narrow(low: Lowering, test: ast.expr, truth: bool) -> None:
    """From here on the test came out so."""
    for name, nothing in told(test, truth):
        thing = low.frame.env.get(name)
        if isinstance(thing, Value) and thing in low.maybe:
            low.frame.env[name] = low.b.const(None) if nothing else low.present(thing)


def narrowed(low: Lowering, test: ast.expr) -> list[str]:
    """Names of which a test tells something: what a path that raises rules out is known after it."""
    names = dict.fromkeys(name for truth in (True, False) for name, _ in told(test, truth))
    return [name for name in names if has_none(low, low.frame.env.get(name))]


# uses ----------------------------------------------------------------------------------------------------------------
def missing(low: Lowering, thing: Thing | None) -> bool:
    """Whether some path leaves it unbound."""
    if isinstance(thing, Group):
        return any(missing(low, item) for item in thing.items)
    return thing is None or (isinstance(thing, Value) and (thing in low.unbound or thing.type == UNDEF))


def unbound(low: Lowering, thing: Thing) -> None:
    """Remember that some path leaves it unbound."""
    low.unbound.update(dict.fromkeys(leaves_of(thing)))


def read(low: Lowering, name: str, thing: Thing) -> Thing:
    """A name that some path leaves unbound is read: the program fails on such a path, and so must the derivative."""
    first = next(value for value in leaves_of(thing) if value in low.unbound)
    if first in low.maybe and is_number(content_type(first.type)):  # None would stand for both (transforms/bound.py)
        why = "some path leaves it unbound, and on another it may be None"
        raise Reject("E0129", None, why, f"assign `{spoken(name)} = None` first", name=f"`{spoken(name)}`")
    low.b.effect("effect", "bound", [first], {"text": "", "name": spoken(name), "told": name in low.deleted})
    found = now_bound(low, thing)
    if name in low.frame.env and low.frame.env[name] is thing:
        low.frame.env[name] = found
    return found


def now_bound(low: Lowering, thing: Thing) -> Thing:
    """The thing, now that it is bound."""
    if isinstance(thing, Group):
        return Group(thing.kind, thing.keys, tuple(now_bound(low, item) for item in thing.items), thing.site)
    if not isinstance(thing, Value) or thing not in low.unbound:
        return thing
    found = low.present(thing)
    if thing in low.maybe:
        low.maybe[found] = None
    return found


def returned_none(low: Lowering, thing: Thing, type_: Type) -> Thing:
    """The result of the function: None has no derivative, the forward sweep raises instead."""
    if isinstance(thing, Group) and isinstance(type_, Struct):
        items = zip(thing.items, type_.items, strict=True)
        return Group(thing.kind, thing.keys, tuple(returned_none(low, item, part) for item, part in items))
    if not isinstance(type_, Maybe) or not isinstance(thing, Value):
        return thing
    text = f"raise TypeError('`{low.entry.name}` returned None, which has no derivative')"
    if is_none(thing):
        low.b.effect("effect", "raise", [], {"text": text})
    elif thing in low.maybe:
        flag = low.b.emit("prim", "is", (thing, low.b.const(None)), BOOL, attrs={"args": ("a", "b")})
        inner, other = low.child(), low.child()
        inner.effect("effect", "raise", [], {"text": text})
        low.b.add(Op("if", "", (flag,), (), (inner.block(()), other.block(())), {}, low.b.span, low.b.role))
    return thing


def certain(low: Lowering, values: Sequence[Value], node: ast.AST, what: str) -> None:
    """Refuse an integer that may be None where None means something else: an index, a bound, an axis."""
    for value in values:
        if value in low.maybe and value.type == INT:
            name = f"`{value.hint}`" if value.hint else "it"
            why = f"{what} that is None means something else than a number"
            raise Reject("E0129", node, why, name=name)


def noneable(low: Lowering, thing: Thing | None) -> None:
    """A list gets this element: if it may be None, so may whatever is read from lists."""
    if (is_none(thing) or has_none(low, thing)) and not low.learnt.noneable:
        low.learnt.noneable = True
        raise Restart


def held_in_lists(low: Lowering, block: Block) -> None:
    """The same for what became a list only where somebody ran over it: a display, a tuple, the values of a dict."""
    if low.learnt.noneable:
        return
    holding = dict(low.maybe)
    for op in walk(block):
        held = any(value in holding or value.type == NONE for value in op.operands)
        if held and op.kind == "pack":
            holding[op.result] = None
        elif held and op.kind in ("listing", "append"):
            low.learnt.noneable = True
            raise Restart


def element(low: Lowering, value: Value) -> Value:
    """An element of a list: where lists hold None it may be None, or have parts that are."""
    if low.learnt.noneable and not isinstance(value.type, Static):
        low.maybe[value] = None
        low.elements[value] = None
    return value


def unfilled(low: Lowering, xs: Value) -> None:
    """An element of `[None] * n` is read, and what comes into the list is not known yet: a later store may tell."""
    last = low.memory.bottom(xs)
    root, origin = low.memory.roots.get(last), low.memory.origins.get(last)
    site = root.site if root is not None else origin.site if origin is not None else None
    if site is not None and site not in low.learnt.items and site not in low.learnt.firm:
        low.guessed[site] = None
        low.guesses += 1
        raise Poisoned


# done ----------------------------------------------------------------------------------------------------------------
def without_marks(func: Func) -> Func:
    """The function without the marks of values that are there for certain."""
    return _Drop().func(func)


class _Drop(Rebuilder):
    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """The argument for the mark."""
        if op.kind != "prim" or op.name != PRESENT:
            return (op,)
        self.mapping[op.result] = op.operands[0]
        return ()
