"""Lists: joining and repeating, growing and changing, comprehensions.

xs.append(e)          append(xs, e): the list is memory, its element type is learnt from what goes in
[f(x) for x in xs]    a new list; for x in xs: append(list, f(x))
[None] * n            mul(listing(None), n)
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from adgen.frontend import lower_heap as heap
from adgen.frontend.lower_absent import narrow, noneable
from adgen.frontend.lower_function_lists import is_function, last_seen, learn_grown
from adgen.frontend.lower_index import homogeneous, part_value
from adgen.frontend.lower_places import changeable, learn_content, learn_items, lengthened, of_its_own, sole
from adgen.frontend.lower_state import Lowering, expression
from adgen.frontend.lower_statics import decided
from adgen.frontend.lower_things import (
    Group,
    Iteration,
    Poison,
    Poisoned,
    Restart,
    Site,
    Thing,
    content_type,
    join,
    tuple_of,
    type_of,
)
from adgen.frontend.lower_trees import Leaf, fork, leaf, listed, single
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import UNDEF, ListOf, Ref, Static, Struct, Type, show


def as_group(low: Lowering, thing: Thing) -> Group | None:
    """A tuple or list whose elements are known one by one."""
    if isinstance(thing, Group):
        return thing
    if isinstance(thing, Value) and isinstance(thing.type, Struct):
        parts = tuple(part_value(low, thing, k) for k in range(len(thing.type.items)))
        return tuple_of(parts, thing.type.kind)
    return None


def concatenate(low: Lowering, left: Thing, right: Thing, node: ast.AST, hint: str = "") -> Thing:
    """`a + b` of tuples or lists."""
    a, b = as_group(low, left), as_group(low, right)
    site = low.site(node, "list")
    if a is not None and b is not None:
        if a.kind != b.kind:
            raise Reject("E0107", node, f"a {a.kind} and a {b.kind} cannot be joined", name="+")
        return tuple_of(a.items + b.items, a.kind, site if a.kind == "list" else None)
    type_ = join(_list_type(left), _list_type(right))
    if not isinstance(type_, ListOf):
        raise Reject("E0126", node, f"{show(_list_type(left))} and {show(_list_type(right))} are joined")
    learn_items(low, site, type_.item)
    ref = new_list(low, of_its_own(low, listed(low, left if a is None else a, type_), site, node), site, hint)
    extend(low, ref, right, node)
    return ref if site in low.learnt.memory else low.load(ref)


def _list_type(thing: Thing) -> Type:
    return content_type(type_of(thing))


def new_list(low: Lowering, content: Value, site: Site, hint: str = "") -> Value:
    """New memory for a list that starts with a content."""
    assert isinstance(content.type, ListOf)
    item = join(low.learnt.items.get(site, UNDEF), content.type.item) or content.type.item
    ref = low.b.emit("alloc", "", (content,), Ref(ListOf(item)), hint, user=bool(hint))
    low.memory.allocated(ref, site)
    return ref


def repeat(low: Lowering, group: Thing, count: Thing, node: ast.AST, hint: str = "") -> Thing:
    """`[e] * n`."""
    site = low.site(node, "list")
    known, number = low.static(count)
    parts = as_group(low, group)
    changed = site in low.learnt.memory
    if parts is not None and known and isinstance(number, int) and not changed:
        return tuple_of(parts.items * number, parts.kind, site if parts.kind == "list" else None)
    if parts is not None and parts.kind == "tuple":
        raise Reject("E0115", node, "the length of the tuple is not known while compiling", name="a repeated tuple")
    what = listed(low, parts, ListOf(_item(low, parts))) if parts is not None else low.content(group)
    item = what.type.item if isinstance(what.type, ListOf) else UNDEF
    for part in parts.items if parts is not None else ():
        noneable(low, part)
    if not isinstance(item, Static):
        low.memory.keep(group)
    type_ = ListOf(low.learnt.items.get(site, item))
    if site in low.learnt.changing and changeable(item):
        raise Reject("E0121", node, "the same array stands in several places", "make the list in a loop")
    wanted = "" if changed else hint
    value = low.b.emit("prim", "mul", (what, low.content(count)), type_, wanted, {"args": ("a", "b")}, bool(wanted))
    return low.fresh(value, site, hint)


def repeat_in_place(low: Lowering, ref: Value, count: Thing, node: ast.AST) -> Value:
    """`xs *= n`: what the list holds comes into it n - 1 more times."""
    known, number = low.static(count)
    if known and (type(number) is not int or number < 1):
        why = f"the list is repeated {number!r} times"
        raise Reject("E0102", node, why, "clear it, or write `xs = xs * n`", name="this operator on a list")
    times = low.content(count, node)
    if not known:
        text = "if {0} < 1: raise ValueError('a list is repeated less than once, in place')"
        low.b.effect("effect", "raise", [times], {"text": text})
    more = low.content(low.prim("sub", [times, low.b.const(1)], node), node)
    now = low.load(ref)
    copy = low.b.emit("index", "", (now,), now.type, attrs={"spec": ("s000",)})
    extend(low, ref, repeat(low, copy, more, node), node)
    return ref


def _item(low: Lowering, group: Group) -> Type:
    type_: Type | None = UNDEF
    for item in group.items:
        type_ = None if type_ is None else join(type_, low.template(item))
    if type_ is None:
        raise Reject("E0126", None, "its elements have different types")
    return type_


# changes -------------------------------------------------------------------------------------------------------------
def append(low: Lowering, ref: Value, item: Thing, node: ast.AST) -> None:
    """`xs.append(item)`."""
    if isinstance(item, Poison):
        raise Poisoned
    learn_grown(low, ref, item, node)
    root = low.memory.roots[ref]
    learn_content(low, ref, ListOf(low.template(item)))
    assert isinstance(ref.type, Ref) and isinstance(ref.type.content, ListOf)
    sole(low, root.site, item, node)
    lengthened(low, ref, node)
    value = held(low, item, ref.type.content.item)
    low.b.effect("append", "", (ref, value))


def held(low: Lowering, item: Thing, type_: Type) -> Value:
    """What a list holds from now on: arrays in it may not be written to any more."""
    noneable(low, item)
    value = single(low, item, type_)
    low.memory.keep(heap.snapshot(low, item))
    return value


def extend(low: Lowering, ref: Value, more: Thing, node: ast.AST) -> None:
    """`xs.extend(more)`, `xs += more`."""
    from adgen.frontend.lower_iterables import iterate

    assert isinstance(node, ast.expr | ast.stmt)
    it = iterate(low, more, node if isinstance(node, ast.expr) else ast.Constant(None))
    if it.elements is not None:
        for item in it.elements:
            append(low, ref, item, node)
        return
    content = content_type(more.type) if isinstance(more, Value) else None
    if isinstance(content, ListOf) and content.item == UNDEF:  # nothing ever came into it
        return
    run_over(low, it, node, ("extend",), None, lambda thing: append(low, ref, thing, node), [])


def run_out(low: Lowering, it: Iteration, node: ast.expr, hint: str = "") -> Value:
    """The list of all that an iteration gives, whose number is not known."""
    site = low.site(node, "list")
    ref = new_list(low, low.b.emit("listing", "", (), ListOf(low.learnt.items.get(site, UNDEF))), site, hint)
    run_over(low, it, node, ("list",), None, lambda thing: append(low, ref, thing, node), [])
    return ref if site in low.learnt.memory else low.load(ref)


# comprehensions ------------------------------------------------------------------------------------------------------
def run_over(
    low: Lowering,
    it: Iteration,
    node: ast.AST,
    tag: tuple[object, ...],
    target: ast.expr | None,
    body: Callable[[Thing], object],
    names: Sequence[str],
) -> None:
    """A loop that is no statement: the body is called with each element, `names` are carried."""
    from adgen.frontend.lower_carry import Carry, lower, prepare

    def once(index: Value | None) -> Leaf:
        assert index is not None and it.element is not None
        body(it.element(index, target))
        return leaf(low)

    from adgen.frontend.lower_generators import unseen

    before = heap.entries(low.frame.env)
    with low.at(*tag):
        live = frozenset(low.frame.env) | frozenset(names)
        work = Carry(node, list(names), live, once)
        prepare(low, work, it, target or ast.Name("k", ast.Store()))
        lower(low, work)
    unseen(low, it, names, before, node)


@expression(ast.ListComp)
def list_comprehension(low: Lowering, node: ast.ListComp, hint: str) -> Thing:
    """`[e for x in xs if c]`: a fixed list if the elements are known one by one, else a list that grows."""
    saved = dict(low.frame.env)
    try:
        fixed = known_elements(low, node)
        if fixed is not None:
            if all(made is not node for made in low.learnt.nodes.values()):  # no generator
                fixed = tuple(last_seen(low, item) for item in fixed)
            group = tuple_of(fixed, "list", low.site(node, "list"))
            if group.site in low.learnt.memory and group.site is not None:
                return low.fresh(homogeneous(low, group, node), group.site, hint)
            return group
        site = low.site(node, "list")
        if site in low.learnt.changing and isinstance(node.elt, ast.Name | ast.Subscript | ast.Attribute):
            why = "elements of this list are changed in place, and they may have another name"
            raise Reject("E0121", node, why, "put a copy into the list")
        item = low.learnt.items.get(site, UNDEF)
        ref = new_list(low, low.b.emit("listing", "", (), ListOf(item)), site, hint)

        functions = low.site(node, "functions")

        def add() -> None:
            item = low.expr(node.elt)
            if is_function(item) and functions not in low.learnt.functions:
                low.learnt.functions[functions] = None  # from now on they are known one by one
                raise Restart
            append(low, ref, item, node)

        generate(low, node, node.generators, add, _walrus(node))
    finally:
        low.back_to(saved, *_walrus(node))
    return ref if site in low.learnt.memory else low.load(ref)


def _walrus(node: ast.AST) -> list[str]:
    return [part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr)]


def known_elements(low: Lowering, node: ast.ListComp | ast.GeneratorExp) -> tuple[Thing, ...] | None:
    """The elements of a comprehension over values known one by one."""
    from adgen.frontend.lower_functional import written_out
    from adgen.frontend.lower_iterables import iterate, turn
    from adgen.frontend.lower_statements import assign

    if len(node.generators) != 1 or node.generators[0].ifs:
        return None
    first = node.generators[0]
    if not isinstance(first.iter, ast.Name | ast.Tuple | ast.List | ast.Call | ast.Attribute | ast.Subscript):
        return None
    told, ops, before = len(low.diagnostics), len(low.b.ops), dict(low.frame.env)
    it = iterate(low, low.expr(first.iter), first.iter)
    if low.site(node, "functions") in low.learnt.functions:
        it = written_out(low, it)
    if it.elements is None:
        del low.b.ops[ops:]
        del low.diagnostics[told:]
        low.frame.env = before
        return None
    out = []
    for place in range(len(it.elements)):
        with low.at(id(node), place):
            assign(low, first.target, turn(low, it, place))
            out.append(low.expr(node.elt))
    return tuple(out)


def generate(
    low: Lowering,
    node: ast.ListComp | ast.GeneratorExp | ast.DictComp | ast.SetComp,
    generators: Sequence[ast.comprehension],
    body: Callable[[], object],
    names: Sequence[str],
) -> None:
    """The loops of a comprehension, outer first, with their conditions."""
    from adgen.frontend.lower_iterables import iterate, turn
    from adgen.frontend.lower_statements import assign

    if not generators:
        body()
        return
    first = generators[0]
    if first.is_async:
        raise Reject("E0102", node, "its order is not fixed", name="an async comprehension")
    it = iterate(low, low.expr(first.iter), first.iter, unroll=False)

    def element(thing: Thing) -> None:
        assign(low, first.target, thing)
        filtered(low, node, first.ifs, lambda: generate(low, node, generators[1:], body, names), names)

    if it.elements is not None:
        for place in range(len(it.elements)):
            with low.at(id(first), place):
                element(turn(low, it, place))
        return
    run_over(low, it, node, ("generator", id(first)), first.target, element, names)


def filtered(
    low: Lowering,
    node: ast.AST,
    tests: Sequence[ast.expr],
    body: Callable[[], object],
    names: Sequence[str],
) -> None:
    """The body, where all conditions hold."""
    from adgen.frontend.lower_trees import merge

    if not tests:
        body()
        return
    known = decided(low, tests[0])
    if known is not None:
        if known:
            filtered(low, node, tests[1:], body, names)
        return
    flag = low.value(tests[0])

    def inner() -> Leaf:
        narrow(low, tests[0], True)
        filtered(low, node, tests[1:], body, names)
        return leaf(low)

    tree = fork(low, flag, inner, lambda: leaf(low), tests[0])
    merge(low, tree, list(names), tests[0], frozenset(low.frame.env))


TOTAL = " total"


def sum_of(low: Lowering, node: ast.GeneratorExp, start: Thing) -> Thing:
    """`sum(e for x in xs)`."""
    from adgen.frontend.lower_expressions import operate

    saved = dict(low.frame.env)
    low.frame.env[TOTAL] = start

    def body() -> None:
        low.frame.env[TOTAL] = operate(low, "add", low.frame.env[TOTAL], low.expr(node.elt), node)

    generate(low, node, node.generators, body, [TOTAL, *_walrus(node)])
    total = low.frame.env[TOTAL]
    low.back_to(saved, *_walrus(node))
    return total
