"""Calls of functions that call themselves: they are not copied into their callers, but stay functions of the program.

    def power(x, n):                            def power(%x: float, %n: int):
        if n == 0:                                  .. %y = call power %x, %m ..
            return 1.0                  ->
        return x * power(x, n - 1)

What the callee sees of the functions around it is passed too.  What it writes to is handed back, and the caller
stores it: `a[:] = f(a)` is what `f(a)` does to `a`.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from itertools import islice

from adgen import naming
from adgen.frontend.bindings import UserFunction
from adgen.frontend.callees import (
    VARIES,
    Callee,
    Given,
    Key,
    closures_of,
    skeleton,
    values_of,
)
from adgen.frontend.lower_absent import has_none, missing
from adgen.frontend.lower_names import captured, find
from adgen.frontend.lower_state import Frame, Lowering
from adgen.frontend.lower_things import (
    Closure,
    Group,
    Poison,
    Poisoned,
    Restart,
    Thing,
    content_type,
    join,
    leaves_of,
    type_of,
)
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import BOOL, INT, UNDEF, ListOf, Static, Type, show

FILLED = "it is a dict of the caller's, which changes while the function calls itself"
LARGE = 1000  # values in an argument: one that doubles at each level
UNROLLED = 500  # so often a function may be copied into itself, for arguments of other and other kinds


def identity(function: UserFunction | Closure, bound: Mapping[str, Thing]) -> Key:
    """What tells this call from calls of other callees."""
    return (origin_of(function), tuple((name, skeleton(thing)) for name, thing in bound.items()))


def origin_of(function: UserFunction | Closure) -> object:
    """The function, whatever its arguments."""
    return function.node if isinstance(function, Closure) else function.source.identity


def recursive(low: Lowering, key: Key, bound: Mapping[str, Thing], node: ast.expr, label: str) -> bool:
    """Whether the call is one of a function that stays a function; begins again where that is news."""
    if key in low.learnt.callees.recursive:
        return True
    if key in low.stack:
        refuse_pairs(low, node, label)
        learn(low, key)
    nested = any(isinstance(other, tuple) and other[:1] == key[:1] for other in low.stack)
    if nested and any(isinstance(thing, Poison) for thing in bound.values()):
        raise Poisoned
    low.unrolled += nested
    large = nested and any(len(list(islice(leaves_of(thing), LARGE))) == LARGE for thing in bound.values())
    if large or low.unrolled > UNROLLED:
        why = "the kinds of its arguments are other ones at each level, and there is no end to them"
        raise Reject("E0110", node, why, "let the arguments keep their kinds, or write it as a loop", name=label)
    return False


def refuse_pairs(low: Lowering, node: ast.expr, label: str) -> None:
    """Half of a generated pair keeps values that nest as deep as its calls."""
    lines = low.frame.source.lines
    if label.endswith(("_fwd", "_bwd")) and any("by adgen." in line for line in lines[:3]):
        why = "it is half of a derivative of a function that calls itself, and what it keeps nests without end"
        help_ = "differentiate that function itself: adgen.grad(adgen.grad(f)), adgen.hvp(f)"
        raise Reject("E0110", node, why, help_, name=label)


def learn(low: Lowering, key: Key) -> None:
    """A call of this kind is met inside itself: begin again, with a function that stays one."""
    learnt = low.learnt
    learnt.callees.recursive[key] = None
    for found in (learnt.memory, learnt.items, learnt.changing, learnt.links, learnt.viewed, learnt.fields):
        found.clear()  # what the copies did to memory, the callee does
    if low.callee is None:
        learnt.callees.made.clear()  # what they were given is not memory any more
    raise Restart


def call(
    low: Lowering, function: UserFunction | Closure, bound: Mapping[str, Thing], key: Key, node: ast.expr, hint: str
) -> Thing:
    """The value of a call of a function that stays a function."""
    from adgen.frontend.lower_callees import complain, new_callee, solve
    from adgen.frontend.lower_recursive_calls import emit

    if any(isinstance(thing, Poison) for thing in bound.values()):
        raise Poisoned
    callees = low.learnt.callees
    if key not in callees.made:
        callees.made[key] = new_callee(low, function)
        callees.changed = True
    callee = callees.made[key]
    if low.callee is not callee:
        callee.function, callee.bound = function, dict(bound)
    for name, thing in bound.items():
        widen(low, callee, ("param", name), name, thing, node)
    remember(low, callee, function, bound, node)
    if low.callee is None and callees.changed:
        solve(low, node)
        remember(low, callee, function, bound, node)
        complain(low, node)
        if low.calls:
            raise Restart  # earlier calls were written with what was known then
    elif low.callee is None:
        complain(low, node)
    for place, one in callee.given.items():
        if place[0] != "param":
            widen(
                low,
                callee,
                place,
                str(place[-1] if place[0] == "see" else one.name),
                seen_from(low, callee, function, bound, place, node),
                node,
            )
    if low.callee is None and callees.changed:
        raise Restart
    if callee.result is None:
        raise Poisoned  # on this path nothing is known yet
    low.calls += 1
    things = {one: seen_from(low, callee, function, bound, place, node) for place, one in callee.in_order}
    return emit(low, callee, things, node, hint)


def remember(
    low: Lowering, callee: Callee, function: UserFunction | Closure, bound: Mapping[str, Thing], node: ast.expr
) -> None:
    """A list display that a callee changes has to be memory where it is made: begin again there."""
    for place in list(callee.wanted):
        thing = seen_from(low, callee, function, bound, place, node)
        if isinstance(thing, Group) and thing.site is not None and thing.site not in low.learnt.memory:
            made = low.learnt.callees.made
            for key in [key for key, other in made.items() if other.wanted]:
                del made[key]
            low.learnt.callees.changed = True
            low.learnt.memory[thing.site] = None
            raise Restart
        want(low, thing)


def want(low: Lowering, thing: Thing) -> None:
    """What is lowered is a callee, and changes a list of known elements that it is given."""
    place = next((place for place, one in low.given.items() if one is thing), None)
    if low.callee is not None and place is not None and place not in low.callee.wanted:
        low.callee.wanted[place] = None
        low.learnt.callees.changed = True


def widen(low: Lowering, callee: Callee, place: Key, name: str, thing: Thing, node: ast.AST) -> None:
    """Let a callee be able to take this thing too."""
    callees = low.learnt.callees
    if has_none(low, thing) or missing(low, thing):
        why = f"`{callee.name}` calls itself, and gets it as `{name}`"
        raise Reject("E0129", node, why, name=f"`{name}`")
    values = values_of(thing)
    types = [_passed(content_type(type_of(value))) for value in values]
    literals = [_literal(low, value, type_) for value, type_ in zip(values, types, strict=True)]
    if place not in callee.given:
        callee.given[place] = Given(name, thing, skeleton(thing), types, literals)
        callees.changed = True
        return
    one = callee.given[place]
    if _nothing_yet(one.types):
        one.skeleton = skeleton(thing)
    if one.skeleton != skeleton(thing) and not _nothing_yet(types):
        why = f"`{name}` is of another kind, or another function, at each level"
        raise Reject("E0110", node, why, "pass what changes as an argument, or write it as a loop", name=callee.name)
    if low.callee is not callee:
        one.thing = thing
    for k, (type_, value) in enumerate(zip(types, literals, strict=True)):
        joined = join(one.types[k], type_)
        if joined is None:
            why = f"`{name}` is {show(one.types[k])} in one call and {show(type_)} in another"
            raise Reject("E0110", node, why, "let the arguments keep their kinds", name=callee.name)
        if joined != one.types[k]:
            one.types[k], callees.changed = joined, True
        if one.literals[k] is not VARIES and one.literals[k] != value:
            one.literals[k], callees.changed = VARIES, True


def _nothing_yet(types: list[Type]) -> bool:
    """Whether it is a list of which it is not known yet what it holds."""
    return len(types) == 1 and types[0] == ListOf(UNDEF)


def _passed(type_: Type) -> Type:
    return BOOL if isinstance(type_, Static) and isinstance(type_.value, bool) else type_


def _literal(low: Lowering, value: Value | Group, type_: Type) -> object:
    """The value of an integer or flag that is known while compiling."""
    known, literal = low.static(value) if type_ in (INT, BOOL) else (False, None)
    return literal if known else VARIES


# what is seen around -------------------------------------------------------------------------------------------------
def seen_from(
    low: Lowering,
    callee: Callee,
    function: UserFunction | Closure,
    bound: Mapping[str, Thing],
    place: Key,
    node: ast.AST,
) -> Thing:
    """What a callee is given under one name, as the caller knows it."""
    match place:
        case ("param", str() as name):
            return bound[name]
        case ("route", read):
            return captured(low, low.learnt.callees.routes[read])
    ident = place[-1]
    assert isinstance(ident, str)
    frames = [reached(low, callee, function, bound, way, node) for way in callee.given[place].ways]
    if any(frame is not frames[0] for frame in frames):
        why = f"`{ident}` is seen through functions that were made in one place in some calls, not in others"
        raise Reject("E0110", node, why, "pass what changes as an argument", name=callee.name)
    outer, low.frame = low.frame, frames[0]
    try:
        found = find(low, ident)
    finally:
        low.frame = outer
    if found is None:
        raise Reject("E0104", node, f"`{callee.name}` reads it", name=ident)
    return found  # type: ignore[return-value]


def reached(
    low: Lowering,
    callee: Callee,
    function: UserFunction | Closure,
    bound: Mapping[str, Thing],
    way: tuple[object, int],
    node: ast.AST,
) -> Frame:
    """The frame in which a callee sees something: that of a nested function, or one around it."""
    root, depth = way
    assert isinstance(root, tuple)
    if root == ("self",):
        closure: Thing = function
    else:
        thing = seen_from(low, callee, function, bound, root[0], node)
        closure = list(closures_of(thing))[root[1]]
    assert isinstance(closure, Closure)
    frame: Frame | None = closure.frame
    for _ in range(depth):
        frame = None if frame is None else frame.outer
    assert frame is not None
    return frame


def foreign(low: Lowering, frame: Frame, ident: str, thing: Thing) -> Thing:
    """What a callee sees in a function around it: the values become parameters of its own."""
    callee = low.callee
    assert callee is not None
    if frame not in low.labels:
        raise Reject("E0110", None, f"it sees `{ident}` through a function made elsewhere", name=callee.name)
    if isinstance(thing, Poison):
        return thing
    ways = low.labels[frame]
    place = ("see", next(iter(ways)), ident)
    if place not in callee.given:
        types = [_passed(content_type(type_of(value))) for value in values_of(thing)]
        taken = [one.name for one in callee.given.values()]
        name = naming.fresh(ident, [*taken, *low.frame.facts.locals])
        callee.given[place] = Given(name, thing, skeleton(thing), types, [VARIES for _ in types], False, dict(ways))
        low.learnt.callees.changed = True
        raise Restart
    one = callee.given[place]
    before = list(callee.given)[: list(callee.given).index(place)]  # what is seen through itself proves nothing
    more = {way: None for way in ways if way[0] == ("self",) or way[0][0] in before}  # type: ignore[index]
    if any(way not in one.ways for way in more):
        one.ways |= more
        low.learnt.callees.changed = True
    return low.given[place]


def label(low: Lowering, place: Key, thing: Thing) -> None:
    """Note how the frames of the nested functions in a thing are reached."""
    for number, closure in enumerate(closures_of(thing)):
        label_frames(low, (place, number), closure)


def label_frames(low: Lowering, root: object, closure: Closure) -> None:
    """Note how the frames around a nested function are reached."""
    frame: Frame | None = closure.frame
    depth = 0
    while frame is not None:
        low.labels.setdefault(frame, {})[root, depth] = None
        frame, depth = frame.outer, depth + 1
