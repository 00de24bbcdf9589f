"""The bodies of functions that call themselves: types of results by optimistic rounds, then one function for each.

    def fact(n, x):                     round 1: the first path returns float, the second one waits
        if n == 0: return 1.0           round 2: float * float is float: it stands
        return n * x * fact(n - 1, x)

A round lowers every callee once, with what the round before knew.  Types only grow, so that rounds come to an end; if
they do not settle soon, the function is refused.
"""

from __future__ import annotations

import ast

from adgen import naming
from adgen.errors import InternalError
from adgen.frontend import lower_heap as heap
from adgen.frontend import lower_late, silence
from adgen.frontend import lower_memory as memory
from adgen.frontend.bindings import UserFunction
from adgen.frontend.callees import VARIES, Callee, Given, Key, rebuilt, skeleton
from adgen.frontend.desugar import plain
from adgen.frontend.lower_absent import held_in_lists, without_marks
from adgen.frontend.lower_absent import plain as plain_type
from adgen.frontend.lower_control import run
from adgen.frontend.lower_inline import refuse_generators
from adgen.frontend.lower_links import keys_of
from adgen.frontend.lower_places import changeable
from adgen.frontend.lower_recursion import FILLED, label, label_frames
from adgen.frontend.lower_state import Frame, Learnt, Lowering
from adgen.frontend.lower_things import (
    Closure,
    Poison,
    Poisoned,
    Restart,
    Thing,
    content_type,
    join,
    shared_memory,
    tuple_of,
)
from adgen.frontend.lower_trees import VALUE, Leaf, Slot, close, common, ends, leaf, single, yielding
from adgen.frontend.normalise import facts_of
from adgen.frontend.reject import Reject
from adgen.frontend.without_axes import own_numbers
from adgen.ir.core import Func, Param, Value
from adgen.ir.types import UNDEF, DictOf, ListOf, Static, Struct, Type
from adgen.ir.walk import with_hints

ROUNDS = 12  # so many before types are found not to settle
RESTARTS = 400


def new_callee(low: Lowering, function: UserFunction | Closure) -> Callee:
    """A callee of which nothing is known yet."""
    source = function.source if isinstance(function, UserFunction) else function.frame.source
    name = source.name
    if isinstance(function, Closure):
        name = function.node.name if isinstance(function.node, ast.FunctionDef) else "fun"
    taken = [callee.name for callee in low.learnt.callees.made.values()]
    return Callee(naming.fresh(name, taken), function, source, learnt=low.learnt.beside())


def solve(low: Lowering, node: ast.AST) -> None:
    """Rounds over all callees, until nothing changes; a caller's list that one of them changes has to be memory."""
    callees = low.learnt.callees
    for _ in range(ROUNDS):
        callees.changed = False
        done: dict[Callee, None] = {}
        while any(callee not in done for callee in callees.made.values()):
            for key, callee in list(callees.made.items()):
                if callee not in done:
                    lower_callee(low, key, callee)
                    done[callee] = None
        if not callees.changed:
            break
    else:
        callee = next(iter(callees.made.values()))
        why = "the kinds of its arguments or of its result grow from level to level"
        raise Reject("E0110", node, why, "let them keep their kinds, or write it as a loop", name=callee.name)


def complain(low: Lowering, node: ast.AST) -> None:
    """Refuse what is refused in a callee: each time, for the pass that found it may have been taken back."""
    for callee in low.learnt.callees.made.values():
        if callee.diagnostics:
            low.diagnostics += [d for d in callee.diagnostics if d not in low.diagnostics]
            raise Poisoned
        if callee.result is None:
            raise Reject("E0110", node, "it calls itself on every path, so that no path returns", name=callee.name)


def lower_callee(low: Lowering, key: Key, callee: Callee) -> None:
    """One pass over the body of a callee, with what is known of it and of the others."""
    assert isinstance(callee.learnt, Learnt)
    for _ in range(RESTARTS):
        sub = Lowering(callee.source, callee.learnt, low.nested)
        sub.callee = callee
        sub.stack = [key]
        sub.optimistic = any(other.result is None for other in low.learnt.callees.made.values())
        try:
            callee.func = once(sub, callee)
            callee.diagnostics = sub.diagnostics
            return
        except Restart:
            continue
    raise InternalError(f"lowering of {callee.name} does not settle")


def once(sub: Lowering, callee: Callee) -> Func | None:
    """Lower the body; None while something is missing."""
    function = callee.function
    raw = function.node if isinstance(function, Closure) else callee.source.node
    node = plain(raw, sub.learnt.bodies)
    silence.note_decorators(sub.learnt.silent, node)
    sub.frame = Frame(node, callee.source, facts_of(node, sub.learnt.texts), owner=sub)
    if isinstance(function, Closure):
        sub.frame.outer = function.frame
        label_frames(sub, ("self",), function)
    try:
        sub.frame.cells = heap.cells(sub, sub.frame)
        params = parameters(sub, callee)
        refuse_generators(node, node, callee.name)
        block = body(sub, callee, node)
    except Reject as reject:
        sub.record(reject, node)
        return None
    except Poisoned:
        return None
    if sub.guessed:  # nothing has told what these lists hold
        sub.learnt.firm |= sub.guessed
        raise Restart
    if lower_late.tried(sub):
        raise Restart
    if block is None:
        return None
    held_in_lists(sub, sub.b.block([block]))
    routes(sub, callee)
    for place, one in callee.given.items():
        if place[0] == "route":
            read = place[1]
            value = sub.captured[read][1] if read in sub.captured else Value(one.types[0], one.name)
            params.append(Param(naming.fresh(one.name, [param.name for param in params]), value))
    comments = {k: text for k, text in callee.source.comments.items() if raw.lineno <= k <= (raw.end_lineno or k)}
    func = Func(callee.name, tuple(params), sub.b.block([block]), callee.source.where, callee.name, comments)
    try:
        own_numbers(func, sub.replaced)
    except Reject as reject:
        sub.record(reject, node)
        return None
    return with_hints(without_marks(func), sub.names)


def routes(sub: Lowering, callee: Callee) -> None:
    """Captured values are arguments, too."""
    for read, (binding, value) in sub.captured.items():
        place = ("route", read)
        sub.learnt.callees.routes.setdefault(read, binding)
        if place not in callee.given:
            callee.given[place] = Given(binding.name, value, skeleton(value), [value.type], [VARIES])
            sub.learnt.callees.changed = True


# parameters ----------------------------------------------------------------------------------------------------------
def parameters(sub: Lowering, callee: Callee) -> list[Param]:
    """A parameter for each value that the callee is given; the names stand for things made of them."""
    params: list[Param] = []
    sub.b.span = sub.span(sub.frame.node)
    for place, one in callee.given.items():
        if place[0] == "route":
            continue
        things: list[Thing] = []
        for k, (type_, literal) in enumerate(zip(one.types, one.literals, strict=True)):
            name = one.name if len(one.types) == 1 else f"{one.name}{k}"
            if literal is not VARIES:
                things.append(sub.b.const(literal))
                continue
            value = Value(type_, name, True)
            params.append(Param(name, value))
            things.append(enter(sub, callee, one, value))
        label(sub, place, one.thing)
        sub.given[place] = rebuilt(one.thing, iter(things), sub.b.const)
        if place[0] == "param":
            sub.frame.env[str(place[1])] = sub.given[place]
    return params


def enter(sub: Lowering, callee: Callee, one: Given, value: Value) -> Value:
    """Where the memory of a parameter comes from; what is written to is a copy that is handed back."""
    if not shared_memory(value.type):
        return value
    site = ("param", value.hint)
    sub.memory.origin(value, memory.Origin("param", site, None, value.hint))
    if site not in sub.learnt.memory:
        return value
    if isinstance(value.type, DictOf):
        raise Reject("E0124", None, FILLED, "write it as a loop that fills the dict", name=f"`{value.hint}`")
    if len(one.types) != 1:
        why = "it is part of a structure of the caller's, and changes while the function calls itself"
        raise Reject("E0124", None, why, "pass it as an argument of its own", name=f"`{value.hint}`")
    if isinstance(value.type, ListOf) and site in sub.learnt.changing and changeable(value.type.item):
        why = "it is a list of the caller's, and an array in it changes while the function calls itself"
        raise Reject("E0124", None, why, "put a changed copy into the list", name=f"`{value.hint}`")
    if not one.written:
        one.written = sub.learnt.callees.changed = True
    ref = sub.alloc(value, site, value.hint)
    sub.handed[one] = ref
    return ref


# result --------------------------------------------------------------------------------------------------------------
def body(sub: Lowering, callee: Callee, node: ast.FunctionDef | ast.Lambda) -> Value | None:
    """The callee's result as one value: what it returns, and the new contents of what it writes to."""
    if isinstance(node, ast.Lambda):
        sub.frame.env[VALUE] = sub.expr(node.body)
        tree: object = leaf(sub, "return")
    else:
        tree = run(sub, node.body)
    assert isinstance(tree, Leaf) or tree is not None
    leaves = [end for end in ends(tree) if end.kind != "raise"]  # type: ignore[arg-type]
    for end in leaves:
        if VALUE not in end.env:
            with sub.inside(end.b, end.env):
                end.env[VALUE] = sub.b.const(None)
    things = [heap.settled(sub, end.env[VALUE], env=end.env) for end in leaves]
    type_ = given_back(sub, callee, things) or learn_result(sub, callee, things, node)
    if type_ is None or sub.diagnostics or any(isinstance(thing, Poison) for thing in things):
        return None
    for one in callee.written:
        grown = join(one.types[0], content_type(sub.handed[one].type))
        if grown is not None and grown != one.types[0]:
            one.types[0], sub.learnt.callees.changed = grown, True
    parts = [] if isinstance(type_, Static) else [type_]
    parts += [one.types[0] for one in callee.written]
    whole = Struct("tuple", tuple(str(k) for k in range(len(parts))), tuple(parts)) if len(parts) > 1 else None
    made: Type = whole or (parts[0] if parts else type_)
    rows: dict[Leaf, list[Value]] = {}
    for end in yielding(tree):  # type: ignore[arg-type]
        with sub.inside(end.b, end.env):
            rows[end] = [single(sub, handed(sub, callee, end.env.get(VALUE), type_), made)]
    values = close(tree, rows, [Slot(made, "", False)])  # type: ignore[arg-type]
    return values[0] if values else sub.b.const(None)


def given_back(sub: Lowering, callee: Callee, things: list[Thing]) -> Type | None:
    """None as the type of the result, where every path returns what one argument is after its changes."""
    refs = {ref: one for one, ref in sub.handed.items()}
    found = {refs.get(thing) if isinstance(thing, Value) else None for thing in things if not isinstance(thing, Poison)}
    one = found.pop() if len(found) == 1 else None
    if callee.returns is not one:
        callee.returns, callee.result = one, None
        sub.learnt.callees.changed = True
    if one is not None:
        callee.result = Static(None)
    return callee.result if one is not None else None


def handed(sub: Lowering, callee: Callee, thing: Thing | None, type_: Type) -> Thing | None:
    """What comes back at the end of a path."""
    loads: list[Thing] = [sub.load(sub.handed[one]) for one in callee.written]
    if not loads:
        return thing
    parts = loads if isinstance(type_, Static) else [thing if thing is not None else sub.b.const(None), *loads]
    return parts[0] if len(parts) == 1 else tuple_of(tuple(parts))


def learn_result(sub: Lowering, callee: Callee, things: list[Thing], node: ast.FunctionDef | ast.Lambda) -> Type | None:
    """The type of the result, as far as paths return; whether somebody else may have its memory."""
    from adgen.frontend.lower import returned

    known = [returned(sub, thing, node) for thing in things if not isinstance(thing, Poison)]
    if not known:
        return None
    found = common(sub, "", known, node)
    if found is not None and plain_type(found) != found:
        why = "it calls itself, and returns None on some path"
        raise Reject("E0129", None, why, "return a value on every path", name=f"the result of `{callee.name}`")
    type_ = None if found is None else join(callee.result or UNDEF, found)
    if type_ is None:
        if found is not None:
            why = "what it returns is of another kind at each level"
            raise Reject("E0110", None, why, "let the result keep its kind", name=callee.name)
        return None
    callees = sub.learnt.callees
    if type_ != callee.result:
        callee.result, callees.changed = type_, True
    foreign = [key for thing in known for key in keys_of(sub, thing) if key[0] in ("foreign", "param")]
    if callee.fresh and foreign:
        callee.fresh, callees.changed = False, True
    return type_
