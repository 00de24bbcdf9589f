"""What loops carry: which names, their types to a fixed point, how the loop was left.

    s = 0                          for (0, n, 1) carrying s: float
    for i in range(n):                 %s1 = add %s, index(x, i)
        s = s + x[i]                   yield False, %s1

The body is lowered until the carried names' types stand still (int, then float).  A name that the body leaves as it
was is not carried.  Arrays and lists that are only written to are memory, and not carried either.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from adgen.errors import Diagnostic
from adgen.frontend import lower_heap as heap
from adgen.frontend.lower_absent import either, form, missing, unbound
from adgen.frontend.lower_control import CODE, Exit, number, renumber
from adgen.frontend.lower_links import alone, keys_of, link, meets, run_over
from adgen.frontend.lower_memory import LoopMemory, Root
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import (
    POISON,
    Iteration,
    Poison,
    Site,
    Thing,
    same,
    shared_memory,
    spoken,
)
from adgen.frontend.lower_trees import (
    Leaf,
    Slot,
    Tree,
    close,
    coerce,
    common,
    ends,
    restore,
    said,
    slots_of,
    written,
    yielding,
)
from adgen.frontend.normalise import Names, assigned
from adgen.frontend.reject import Reject
from adgen.ir.build import Builder
from adgen.ir.core import Block, Op, Value
from adgen.ir.types import BOOL, INT, NONE, UNDEF, Ref, Struct, Type

PASSES = 30  # so often a body is lowered before the loop is refused
STOPS = ("break", "return", "done")


@dataclass
class Carry:
    """One loop under lowering."""

    node: ast.AST
    names: list[str]  # that the body assigns and that are read in a later iteration, or after the loop
    live: Names  # read at the head or after the loop
    body: Callable[[Value | None], Tree]
    bounds: tuple[Value, Value, Value] | None = None  # of a `for`
    index: Value | None = None
    attrs: dict[str, object] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)
    skipped: dict[str, None] = field(default_factory=dict)  # left as they were
    kept: dict[str, None] = field(default_factory=dict)  # that a pass has found changed: carried from then on
    poisoned: dict[str, Reject | None] = field(default_factory=dict)  # refused, and what is said of it
    told: list[Diagnostic] = field(default_factory=list)  # what else was said, in passes that were given up
    missing: dict[str, None] = field(default_factory=dict)  # not bound at the start of some iteration
    iterated: dict[Root, Site] = field(default_factory=dict)
    over: tuple[Value, ...] = ()


@dataclass
class Pass:
    """What one pass over the body made."""

    b: Builder
    params: list[Value]
    head: dict[str, Thing]
    tree: Tree


def prepare(low: Lowering, work: Carry, iteration: Iteration, target: ast.expr) -> None:
    """Bounds and index of a `for`."""
    if iteration.bounds is not None:
        work.bounds = iteration.bounds
    else:
        assert iteration.count is not None
        work.bounds = (low.b.const(0), iteration.count(), low.b.const(1))
    work.attrs |= {"reversed": True} if iteration.backwards else {}
    if iteration.reads:
        work.attrs["iterates"] = iteration.reads
    work.over = tuple(value for value, _ in iteration.memories)
    for value, site in iteration.memories:
        if value in low.memory.roots and site not in low.learnt.viewed:
            work.iterated |= dict.fromkeys(low.memory.roots[value].each(), site)
    work.index = Value(INT, hint := iteration.index_name(target), bool(hint))


# buffers that take turns ---------------------------------------------------------------------------------------------
def begin_apart(low: Lowering, work: Carry) -> None:
    """Suppose that names which stand for one array each, and for no other name's, do so in every iteration.

    `old, now, new = now, new, old` moves three arrays about: whichever one a name has, no other name has it.
    """
    env = low.frame.env
    for name in work.names:
        thing = env.get(name)
        if isinstance(thing, Value) and shared_memory(work.types[name]) and _only_its(low, work, name, env, False):
            low.memory.apart[head_site(low, work, name)] = None


def stay_apart(low: Lowering, work: Carry, made: Pass) -> bool:
    """Whether what was supposed of an iteration's beginning holds at its end; else it is given up."""
    wrong = [
        name
        for name in work.names
        if head_site(low, work, name) in low.memory.apart
        and not all(_only_its(low, work, name, end.env, True) for end in ends(made.tree) if end.kind != "raise")
    ]
    for name in wrong:
        del low.memory.apart[head_site(low, work, name)]
    return not wrong


def _only_its(low: Lowering, work: Carry, name: str, env: Mapping[str, Thing], later: bool) -> bool:
    """Whether no other name, nor a list, may have the array of this one; at the end of an iteration, no live name."""
    keys = keys_of(low, env.get(name))
    over = (*work.over, *(value for loop in low.memory.loops for value in loop.over))
    if any(key[0] == "foreign" for key in keys) or low.memory.in_list(keys) or run_over(low, keys, env.get(name), over):
        return False
    for frame in low.frames():
        for other, thing in (env if frame is low.frame else frame.env).items():
            gone = later and other not in work.live and not heap.is_entry(other)
            passed = frame is low.frame and (other == name or gone)
            if not passed and meets(low, keys, env.get(name), thing):
                return False
    return True


# passes --------------------------------------------------------------------------------------------------------------
def lower(low: Lowering, work: Carry) -> tuple[list[Exit], Value | None]:
    """Lower a loop to a fixed point and emit it; its exits, and the value that tells them."""
    env, cells = low.frame.env, low.frame.cells
    work.names = list(dict.fromkeys([*(cells.get(name, name) for name in work.names), *heap.entries(env)]))
    for name in work.names:
        init = env.get(name)
        work.types[name] = form(low, init)
        if missing(low, init):
            work.missing[name] = None
        link(low, work.types[name], heap.dissolved(init, env), head_site(low, work, name))
        if init is not None and not rebound(work.node, name) and shared(work.types[name], init):
            work.skipped[name] = None
    begin_apart(low, work)
    record = LoopMemory(low.site(work.node), iterated=work.iterated, over=work.over)
    for _ in range(PASSES):
        told, memory = len(low.diagnostics), low.memory.snapshot()
        low.memory.loops.append(record)
        try:
            made = one_pass(low, work)
            if stay_apart(low, work, made) & settle(low, work, made):
                for refused in filter(None, work.poisoned.values()):
                    low.record(refused)
                low.diagnostics += [one for one in work.told if one not in low.diagnostics]
                return emit(low, work, made, record)
        finally:
            low.memory.loops.pop()
        del low.diagnostics[told:]
        low.memory.back(memory)
        record = LoopMemory(low.site(work.node), iterated=work.iterated, over=work.over)
    raise Reject("E0112", work.node, "the types of what the loop carries do not settle", name="a loop variable")


def rebound(node: ast.AST, name: str) -> bool:
    """Whether the loop assigns the name other than by `name op= e`."""
    parts = [node.target, *node.body] if isinstance(node, ast.For) else [node]
    return name in assigned(parts, aug=False)


def shared(type_: Type, init: Thing) -> bool:
    """Whether `y op= e` changes such a value in place; of an array without axes, what it is at first tells."""
    memory = isinstance(init, Value) and isinstance(init.type, Ref)
    return memory or shared_memory(type_) or (isinstance(type_, Struct) and type_.kind == "list")


def carried(work: Carry) -> list[str]:
    """The names that the loop carries, as far as is known."""
    return [name for name in work.names if name not in work.skipped and name not in work.poisoned]


def one_pass(low: Lowering, work: Carry) -> Pass:
    """Lower the body once, with the types known so far."""
    names, outer = carried(work), low.frame.env
    slots = {name: slots_of(work.types[name], spoken(name), heap.is_named(name)) for name in names}
    params = {name: [slot.make() for slot in slots[name]] for name in names}
    b = low.child()
    with low.inside(b):
        low.frame.env.update(dict.fromkeys(work.poisoned, POISON))
        for name in names:
            values, site = iter(params[name]), head_site(low, work, name)
            if written(low, work.types[name], site):
                alone(low, name, outer.get(name), outer, work.live, work.node)
            thing = restore(low, work.types[name], values, outer.get(name), site, name)
            low.frame.env[name] = thing
            if name in work.missing:
                unbound(low, thing)
        head = dict(low.frame.env)
        low.frame.deferred += 1
        low.frame.carried.append(tuple(work.live))
        guesses = UNDEF in work.types.values() or NONE in work.types.values()
        low.guesses += guesses
        try:
            tree = work.body(work.index)
        finally:
            low.guesses -= guesses
            low.frame.deferred -= 1
            low.frame.carried.pop()
    return Pass(b, [value for name in names for value in params[name]], head, tree)


def head_site(low: Lowering, work: Carry, name: str) -> Site:
    """Where the carried value of a name begins an iteration."""
    return low.site(work.node, ("head", name))


def settle(low: Lowering, work: Carry, made: Pass) -> bool:
    """Whether types and the choice of carried names stand still; else they are corrected."""
    stable = True
    paths = [end for end in ends(made.tree) if end.kind != "raise"]
    for name in work.names:
        if name in work.poisoned:
            continue
        things: list[Thing | None] = [end.env.get(name) for end in paths]
        unchanged = all(same(thing, made.head.get(name)) for thing in things)
        if unchanged and name not in work.skipped and name not in work.kept:
            work.skipped[name] = None
            stable = False
        elif not unchanged and name in work.skipped:
            del work.skipped[name]
            work.kept[name] = None
            stable = False
        pairs = [(thing, end) for thing, end in zip(things, paths, strict=True) if not isinstance(thing, Poison)]
        if name in work.skipped or not pairs:
            continue  # what is poison may have a value next time
        things = [heap.dissolved(thing, end.env) for thing, end in pairs]
        for thing in things:
            loop = low.site(work.node)
            stable = not link(low, work.types[name], thing, head_site(low, work, name), loop) and stable
        if any(missing(low, thing) for thing in things) and name not in work.missing:
            work.missing[name] = None
            stable = False
        told = len(low.diagnostics)
        found = common(low, name, things, work.node)
        work.told += (low.diagnostics[told:] or low.diagnostics) if found is None else []
        joined = None if found is None else either(work.types[name], found)
        if joined is None:
            if found is not None and name.startswith(" keys "):
                before = low.frame.env.get(name)
                work.poisoned[name] = Reject(
                    "E0116", work.node, heap.clash(low, name, [before, *things]), heap.KEYS_HELP
                )
            elif found is not None:
                why = f"`{name}` is {said(work.types[name])} before the loop and {said(found)} after an iteration"
                work.poisoned[name] = Reject("E0112", work.node, why, name=spoken(name))
            else:
                work.poisoned[name] = None
        elif joined != work.types[name]:
            work.types[name] = joined
            stable = False
    return stable


def emit(low: Lowering, work: Carry, made: Pass, record: LoopMemory) -> tuple[list[Exit], Value | None]:
    """The loop's operation; names stand for its results."""
    stops = [end for end in ends(made.tree) if end.kind in STOPS]
    kinds = number(made.tree) if any(end.kind in ("break", "return") for end in stops) else []
    kinds = renumber(made.tree, kinds)
    names = carried(work)
    coded = needs_code(work.node, kinds, stops)
    inits = initial(low, work, names, record)
    slots = [slot for name in names for slot in slots_of(work.types[name], spoken(name))]
    params = list(made.params)
    if coded:
        inits.append(low.b.const(0))
        params.append(Value(INT, CODE.strip()))
        slots.append(Slot(INT, CODE.strip(), False))
    block = reads_first(work, body_block(low, work, made, names, slots, params, bool(stops), coded))
    for root in low.memory.clashes(record):
        low.memory.open_all(low.memory.sealed.get(root, {}))
        why = "an iteration writes to what the iteration before may still use under another name"
        raise Reject("E0120", work.node, why)
    trips, stopped = Value(INT, "trips"), Value(BOOL, "stopped")
    results = [slot.make() for slot in slots]
    kind = "for" if work.bounds is not None else "while"
    attrs = {**work.attrs, "can_stop": bool(stops)} if kind == "for" else dict(work.attrs)
    operands = (*(work.bounds or ()), *inits)
    low.b.add(Op(kind, "", operands, (trips, stopped, *results), (block,), attrs, low.b.span, low.b.role))
    code = results.pop() if coded else None
    record.over = ()
    finish(low, work, made, names, results)
    return kinds, flag_of(work, kinds, code, stopped, stops)


def needs_code(node: ast.AST, kinds: Sequence[Exit], stops: Sequence[Leaf]) -> bool:
    """Whether `stopped` does not tell how the loop was left, and it matters."""
    done = any(end.kind == "done" for end in stops)
    matters = any(kind == "return" for kind, _ in kinds) or (bool(kinds) and bool(getattr(node, "orelse", None)))
    return matters and (len(kinds) + done > 1)


def flag_of(
    work: Carry, kinds: Sequence[Exit], code: Value | None, stopped: Value, stops: Sequence[Leaf]
) -> Value | None:
    """The value that tells how the loop was left; None if there is only one way, or it does not matter."""
    if code is not None:
        return code
    if not kinds or work.bounds is None:
        return None
    return stopped if stops else None


def initial(low: Lowering, work: Carry, names: Sequence[str], record: LoopMemory) -> list[Value]:
    """The values that the carried names begin with."""
    out: list[Value] = []
    for name in names:
        thing = low.frame.env.get(name)
        roots = low.memory.roots[thing].each() if isinstance(thing, Value) and isinstance(thing.type, Ref) else ()
        if any(root in record.stored for root in roots):
            why = f"`{name}` stands for different arrays in different iterations, and one of them is written to"
            raise Reject("E0120", work.node, why)
        out += coerce(low, thing, work.types[name], name)
    return out


def reads_first(work: Carry, block: Block) -> Block:
    """The body with the reads of what is iterated ahead of memory that is made anew in each iteration."""
    count = work.attrs.get("iterates", 0)
    reads = [op for op in block.ops if op.kind == "index" and op.operands[1:] == (work.index,)][: int(str(count))]
    return Block(block.params, (*reads, *(op for op in block.ops if op not in reads)), block.yields)


def body_block(
    low: Lowering,
    work: Carry,
    made: Pass,
    names: Sequence[str],
    slots: Sequence[Slot],
    params: list[Value],
    stops: bool,
    coded: bool,
) -> Block:
    """Finish the body: what each path yields."""
    rows: dict[Leaf, list[Value]] = {}
    for end in yielding(made.tree):
        with low.inside(end.b, end.env):
            row = [low.b.const(end.kind in STOPS)] if stops else []
            for name in names:
                thing = end.env.get(name) if end.kind != "raise" else None
                if end.kind != "raise" and written(low, work.types[name], head_site(low, work, name)):
                    alone(low, name, thing, end.env, work.live, work.node)
                row += coerce(low, thing, work.types[name], name)
            if coded:
                row.append(low.b.const(end.code) if end.code else params[-1])
            rows[end] = row
    given = params if work.index is None else [work.index, *params]
    if stops:
        return made.b.block(close(made.tree, rows, [Slot(BOOL, "stop", False), *slots]), given)
    go = made.tree.b.const(False)
    return made.b.block([go, *close(made.tree, rows, slots)], given)


def finish(low: Lowering, work: Carry, made: Pass, names: Sequence[str], results: Sequence[Value]) -> None:
    """Let the names stand for the loop's results."""
    values = iter(results)
    for name in names:
        site = low.site(work.node, ("after", name))
        link(low, work.types[name], heap.dissolved(low.frame.env.get(name), low.frame.env), site)
        for end in ends(made.tree):
            link(low, work.types[name], heap.dissolved(end.env.get(name), end.env), site)
        if written(low, work.types[name], site):
            alone(low, name, low.frame.env.get(name), low.frame.env, work.live, work.node)
            for end in ends(made.tree):
                alone(low, name, end.env.get(name), end.env, work.live, work.node)
        like = low.frame.env.get(name) or next((end.env[name] for end in ends(made.tree) if name in end.env), None)
        low.frame.env[name] = thing = restore(low, work.types[name], values, like, site, name)
        last = [end.env.get(name) for end in ends(made.tree) if end.kind in STOPS or work.bounds is not None]
        if (work.bounds is not None and name in work.missing) or any(missing(low, thing) for thing in last):
            unbound(low, thing)
        for kind in {(end.kind, end.node): None for end in ends(made.tree) if end.node is not None}:
            sources = [end.env.get(name) for end in ends(made.tree) if (end.kind, end.node) == kind]
            if not any(missing(low, source) for source in sources):
                low.bound.setdefault(kind[1], {})[name] = thing
    low.frame.env.update(dict.fromkeys(work.poisoned, POISON))
