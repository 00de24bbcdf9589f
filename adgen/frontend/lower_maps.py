"""Dicts whose keys are computed when the program runs: memory with keys in place of positions.

d = {}; d[k] = e               alloc(listing()), store(view(d, k), e): types are learnt from what goes in
d[k] = d.get(k, 0.0) + e       store(view(d, k), e, mode add): an entry that is not there counts as zero
for k, v in d.items()          for k in dict_keys(d): v = load(view(d, k))
d.pop(k), del d[k]             pop(d, k)

A display with constant texts as keys is a structure (lower_heap), until a key is computed: then its place of origin is
remembered, and lowering begins again.  Keys are integers, texts, and tuples of these: what varies is no key.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace

from adgen.analyses.aliasing import WRITES
from adgen.frontend import lower_heap as heap
from adgen.frontend.lower_absent import unfilled
from adgen.frontend.lower_index import place, read, view
from adgen.frontend.lower_keys import key_of, key_type, learn_keys
from adgen.frontend.lower_lists import held, run_over
from adgen.frontend.lower_places import exchanged, learn_content, sole
from adgen.frontend.lower_recursion import FILLED
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_stores import writable
from adgen.frontend.lower_things import (
    Group,
    Iteration,
    Obj,
    Poison,
    Poisoned,
    Restart,
    Site,
    Thing,
    content_type,
    name_of,
    part_of,
    tuple_of,
)
from adgen.frontend.lower_trees import Leaf, fork, leaf, merge, single
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import (
    BOOL,
    INT,
    UNDEF,
    DictOf,
    Ref,
    Struct,
    Type,
    is_number,
    show,
)
from adgen.ir.walk import walk
from adgen.rules.keys import TEXT, joined_key


def is_map(thing: Thing | None) -> bool:
    """Whether it is a dict with computed keys."""
    return isinstance(thing, Value) and isinstance(content_type(thing.type), DictOf)


# making --------------------------------------------------------------------------------------------------------------
def made(low: Lowering, pairs: Sequence[tuple[Thing, Thing]], site: Site, node: ast.AST, hint: str = "") -> Value:
    """A new dict with these keys and items, in order."""
    found = [low.static(key) for key, _ in pairs]
    if all(constant for constant, _ in found) and len({value for _, value in found}) == len(pairs):
        return display(low, pairs, site, node, hint)
    ref = display(low, (), site, node, hint)
    for place_, (key, item) in enumerate(pairs):
        with low.at("entry", place_):
            put(low, ref, key, item, node)
    return ref


def merged(low: Lowering, pairs: Sequence[tuple[Thing, Thing]], site: Site, node: ast.expr, hint: str = "") -> Value:
    """A new dict with these keys and items; a dict as a key stands for all of its entries."""
    if not any(is_map(key) for key, _ in pairs):
        return made(low, pairs, site, node, hint)
    ref = display(low, (), site, node, hint)
    for where, (key, item) in enumerate(pairs):
        with low.at("entry", where):
            if isinstance(key, Value) and is_map(key):
                update(low, ref, key, node)
            else:
                put(low, ref, key, item, node)
    return ref


def update(low: Lowering, ref: Value, other: Value, node: ast.expr) -> None:
    """`d.update(other)`."""
    each(low, other, node, lambda key: put(low, ref, key, get(low, other, key, node), node))


def display(low: Lowering, pairs: Sequence[tuple[Thing, Thing]], site: Site, node: ast.AST, hint: str) -> Value:
    """A dict display whose keys are known to be different."""
    low.learnt.computed.setdefault(site)
    item, key = low.learnt.items.get(site, UNDEF), low.learnt.keys.get(site, UNDEF)
    for one, thing in pairs:
        item, key = joined(low, item, thing, node), joined_key(key, key_type(key_of(low, one, node).type, node))
    operands: list[Value] = []
    for one, thing in pairs:
        sole(low, site, thing, node)
        operands += [key_of(low, one, node), single(low, thing, item)]
        low.memory.keep(heap.snapshot(low, thing))
    type_ = DictOf(item, key)
    content = low.b.emit("listing", "", operands, type_)
    low.memory.displays[content] = None
    ref = low.b.emit("alloc", "", (content,), Ref(type_), hint, user=bool(hint))
    low.memory.allocated(ref, site)
    return ref


def joined(low: Lowering, type_: Type, thing: Thing, node: ast.AST) -> Type:
    """The type of items, with one more."""
    from adgen.frontend.lower_things import join

    if isinstance(thing, Poison):
        raise Poisoned
    found = join(type_, low.template(thing))
    if found is None:
        raise Reject("E0126", node, f"it holds {show(type_)} and {show(low.template(thing))}")
    return found


def computed(low: Lowering, thing: Thing, node: ast.AST) -> Value:
    """A dict that was a structure so far, with a computed key: its place of origin is remembered."""
    if isinstance(thing, Poison):
        raise Poisoned
    if isinstance(thing, Value) and isinstance(thing.type, Struct):
        origin = low.memory.origins.get(thing)
        site = origin.site if origin is not None and origin.kind == "param" else None
    else:
        site = thing.site if isinstance(thing, Obj | Group) else None
    if site is not None and site not in low.learnt.computed:
        low.learnt.computed[site] = None
        raise Restart
    if isinstance(thing, Value) and isinstance(thing.type, Struct):
        return as_map(low, thing, node)
    if any(one is thing for one in low.given.values()):
        raise Reject("E0124", node, FILLED, "write it as a loop that fills the dict", name="this dict")
    why = "a key is computed when the program runs, and the dict has another origin on another path"
    raise Reject("E0116", node, why, "begin with one empty dict before the branch or loop")


def known(low: Lowering, thing: Thing, node: ast.AST) -> Value:
    """The dict, as one with computed keys."""
    if isinstance(thing, Value) and is_map(thing):
        return thing
    return computed(low, thing, node)


def as_map(low: Lowering, thing: Value, node: ast.AST) -> Value:
    """The content of a dict with known keys as one whose keys are computed."""
    assert isinstance(thing.type, Struct)
    item: Type = UNDEF
    parts = [low.b.item(thing, k) for k in range(len(thing.type.items))]
    for part in parts:
        item = joined(low, item, part, node)
    operands = [v for key, part in zip(thing.type.keys, parts, strict=True) for v in (low.b.const(key), part)]
    value = low.b.emit("listing", "", operands, DictOf(item, TEXT))
    low.memory.hold(thing)
    return value


# reading and writing -------------------------------------------------------------------------------------------------
def get(low: Lowering, base: Value, key: Thing, node: ast.AST, hint: str = "") -> Thing:
    """`d[k]`."""
    value = key_of(low, key, node)
    if isinstance(base.type, Ref):
        ensure(low, base, value, node)
    return entry(low, base, value, node, hint)


def stays(low: Lowering, ref: Value, key: Value | None, node: ast.AST) -> None:
    """Refuse a key that may come or go while a loop runs over the dict, but for the key whose turn it is."""
    root = low.memory.roots[ref]
    for loop in low.memory.loops:
        if root in loop.iterated and (key is None or loop.keys.get(root) is not key):
            why = "keys may come or go while a loop runs over the dict"
            raise Reject("E0122", node, why, "run over a copy of its keys: `for k in list(d)`")


def entry(low: Lowering, base: Value, key: Value, node: ast.AST, hint: str = "") -> Thing:
    """What is there for a key that is there."""
    return (view if isinstance(base.type, Ref) else read)(low, base, ("i",), [key], node, hint)


def put(low: Lowering, ref: Value, key: Thing, thing: Thing, node: ast.AST) -> None:
    """`d[k] = thing`; the dict is known to be memory."""
    if isinstance(thing, Poison):
        raise Poisoned
    value, root = key_of(low, key, node), low.memory.roots[ref]
    stays(low, ref, value, node)
    learn_keys(low, ref, value, node)
    assert isinstance(ref.type, Ref) and isinstance(ref.type.content, DictOf)
    learn_content(low, ref, replace(ref.type.content, item=low.template(thing)))
    item = ref.type.content.item
    sole(low, root.site, thing, node)
    exchanged(low, ref, node)
    low.b.store(place(low, ref, ("i",), [value], item), held(low, thing, item))


def ensure(low: Lowering, ref: Value, key: Value, node: ast.AST) -> None:
    """A key of a defaultdict that is read gets its item now, if it has none."""
    factory = low.factories.get(low.memory.roots[ref].site)
    if factory is None:
        return
    absent(low, ref, key, lambda: put(low, ref, key, fresh(low, factory, node), node), node)


def absent(low: Lowering, ref: Value, key: Value, then: Callable[[], None], node: ast.AST) -> None:
    """`if k not in d: ..`."""
    flag = low.content(low.prim("not_in", [key, ref], node))

    def missing() -> Leaf:
        then()
        return leaf(low)

    merge(low, fork(low, flag, missing, lambda: leaf(low), node), [], node, frozenset(low.frame.env))


def fresh(low: Lowering, factory: Thing, node: ast.AST) -> Thing:
    """What the factory of a defaultdict makes."""
    from adgen.frontend.bindings import Known
    from adgen.frontend.lower_calls import apply

    simple = {"float": 0.0, "int": 0, "bool": False, "complex": 0j}
    if isinstance(factory, Known) and factory.name in simple:
        return low.b.const(simple[factory.name])
    if isinstance(factory, Known) and factory.name == "list":
        site = low.site(node, "factory")
        group = tuple_of((), "list", site)
        return group
    if isinstance(factory, Known):
        raise Reject("E0106", node, "float, int, list and functions are known", name=f"defaultdict({factory.name})")
    assert isinstance(node, ast.expr | ast.stmt)
    if isinstance(node, ast.stmt):  # one for all passes: what is learnt of the call is found by it
        made = low.learnt.nodes.setdefault(node, ast.copy_location(ast.Constant(None), node))
        assert isinstance(made, ast.expr)
        return apply(low, factory, [], {}, made)
    return apply(low, factory, [], {}, node)


def zero(low: Lowering, thing: Thing) -> bool:
    """Whether it is the constant zero."""
    known, value = low.static(thing)
    return known and type(value) in (int, float) and value == 0


def add(low: Lowering, ref: Value, key: Value, thing: Thing, minus: bool, node: ast.AST) -> bool:
    """`d[k] = d.get(k, 0) + thing`, as an increment; False if the items are no numbers."""
    assert isinstance(ref.type, Ref) and isinstance(ref.type.content, DictOf)
    given = low.template(thing)
    if not is_number(given) or not (is_number(ref.type.content.item) or ref.type.content.item == UNDEF):
        return False
    stays(low, ref, key, node)
    learn_keys(low, ref, key, node)
    value = low.content(thing, node)
    learn_content(low, ref, replace(ref.type.content, item=INT if value.type == BOOL else value.type))
    value = low.content(low.prim("neg", [value], node)) if minus else value
    text = "0" if ref.type.content.item == INT else "0.0"
    slot = place(low, ref, ("i",), [key], ref.type.content.item)
    low.b.effect("store", "", (slot, value), {"mode": "add", "default": text})
    return True


def counted(low: Lowering, s: ast.Assign) -> bool:
    """`d[k] = d.get(k, 0.0) + e` as the increment that it is; False if it is none."""
    match s:
        case ast.Assign(
            [ast.Subscript(ast.Name() as name, key) as target],
            ast.BinOp(
                ast.Call(ast.Attribute(ast.Name() as owner, "get"), [again, nothing], []),
                (ast.Add() | ast.Sub()) as op,
                other,
            ),
        ) if name.id == owner.id and ast.unparse(key) == ast.unparse(again):
            pass
        case _:
            return False
    if any(isinstance(part, ast.Call | ast.NamedExpr) for part in ast.walk(key)):
        return False
    before = dict(low.frame.env)
    base = low.expr(ast.copy_location(ast.Name(name.id, ast.Load()), name))
    if not is_map(base) or not zero(low, low.expr(nothing)):
        low.frame.env = before
        return False
    value = key_of(low, low.expr(key), key)
    ref = writable(low, base, target.value)
    thing = beside(low, ref, other)
    return add(low, ref, value, thing, isinstance(op, ast.Sub), s)


def beside(low: Lowering, ref: Value, node: ast.expr) -> Thing:
    """What is added to an entry: refused where its computation changes the dict, whose entry is read before."""
    root, mark = low.memory.roots[ref], len(low.b.ops)
    thing = low.expr(node)
    if isinstance(thing, Poison):
        raise Poisoned
    made = [*low.b.ops[mark:], *(op for outer in low.b.ops[mark:] for region in outer.regions for op in walk(region))]
    if any(op.operands and op.kind in WRITES and low.memory.roots.get(op.operands[0]) is root for op in made):
        raise Reject("E0120", node, "what is computed here changes the dict that is written to", "compute it before")
    return thing


# iteration -----------------------------------------------------------------------------------------------------------
def keys(low: Lowering, base: Value, node: ast.AST) -> Value:
    """The keys as they are now, in order."""
    content = content_type(base.type)
    if isinstance(content, DictOf) and content.key == UNDEF:
        unfilled(low, base)
    return low.content(low.prim("dict_keys", [base], node))


def over(low: Lowering, base: Value, node: ast.expr, what: str = "keys", names: Value | None = None) -> Iteration:
    """Iteration over keys, items or values: each entry is read when its turn comes."""
    watch = names is None and isinstance(base.type, Ref)
    root = low.memory.roots[base] if watch else None
    names = names or keys(low, base, node)

    def element(index: Value, target: ast.expr | None) -> Thing:
        inner = part_of(target, 0) if what == "items" else target if what == "keys" else None
        key = read(low, names, ("i",), [index], node, name_of(inner) or "key")
        for loop in low.memory.loops:
            if root is not None and root in loop.iterated and isinstance(key, Value):
                loop.keys[root] = key
        if what == "keys":
            return key
        hint = name_of(part_of(target, 1) if what == "items" else target)
        assert isinstance(key, Value)
        item = entry(low, base, key, node, hint)
        return item if what == "values" else tuple_of((key, item))

    memories = ((base, low.site(node, "iterate")),) if watch else ()
    count = low.prim("len", [names], node)
    return Iteration(count=lambda: low.content(count), element=element, reads=1, memories=memories)


def each(low: Lowering, base: Value, node: ast.expr, body: Callable[[Value], object]) -> None:
    """A loop over the keys."""

    def one(thing: Thing) -> None:
        assert isinstance(thing, Value)
        body(thing)

    run_over(low, over(low, base, node, "keys", keys(low, base, node)), node, ("keys",), None, one, [])


def remove(low: Lowering, ref: Value, key: Thing, node: ast.AST, hint: str = "") -> Value:
    """`d.pop(k)`, `del d[k]`."""
    from adgen.frontend import lower_memory as memory
    from adgen.frontend.lower_absent import element

    value = key_of(low, key, node)
    stays(low, ref, None, node)
    exchanged(low, ref, node)
    assert isinstance(ref.type, Ref) and isinstance(ref.type.content, DictOf)
    item = low.b.emit("pop", "", (ref, value), ref.type.content.item, hint, user=bool(hint))
    low.memory.origin(item, memory.Origin("element", None, None, ref.hint))
    return element(low, item)
