"""Functions of functions, generators, comprehensions of dicts.

map(f, xs)                        the iteration over f(x); reduce(f, xs, e): one call after the other
any(x > 1.0 for x in xs)          found = False; for x in xs: if not found: found = x > 1.0
{k: w * p[k] for k in p}          a dict, where the keys are constant strings

A generator that a call consumes at once is a list comprehension; one under a name could run out, and is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from adgen.frontend import lower_heap as heap
from adgen.frontend.lower_calls import apply, builtin
from adgen.frontend.lower_expressions import lazy
from adgen.frontend.lower_index import read
from adgen.frontend.lower_iterables import iterate, turn, zip_of
from adgen.frontend.lower_lists import TOTAL, generate, list_comprehension, run_over
from adgen.frontend.lower_state import Lowering, expression
from adgen.frontend.lower_statics import decided, truth
from adgen.frontend.lower_things import POISON, Group, Iteration, Poison, Poisoned, Restart, Thing, kind_of
from adgen.frontend.normalise import assigned
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import BOOL, Array, ListOf

COMPREHENDED = 1000  # so many elements a comprehension of a dict may have


def consumed(low: Lowering, node: ast.expr, hint: str = "") -> Thing:
    """An argument that is run through at once: a generator there is as good as a list."""
    if not isinstance(node, ast.GeneratorExp):
        return low.expr(node, hint)
    made = ast.copy_location(ast.ListComp(node.elt, node.generators), node)
    listed = low.learnt.nodes.setdefault(node, made)
    assert isinstance(listed, ast.ListComp)
    return list_comprehension(low, listed, hint)


@expression(ast.GeneratorExp)
def generator(low: Lowering, node: ast.GeneratorExp, hint: str) -> Thing:
    """A generator that nobody consumes at once."""
    why = "it can be run through only once, and computes its elements when it is"
    raise Reject("E0102", node, why, "make a list: `[.. for ..]`", name="a generator expression here")


# functions of functions ----------------------------------------------------------------------------------------------
@builtin("map")
def map_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`map(f, xs, ys)`."""
    if node.keywords or len(node.args) < 2 or any(isinstance(part, ast.Starred) for part in node.args):
        raise Reject("E0106", node, "it takes a function and what it is called with", name="map")
    from adgen.frontend.lower_lazy import lazily, observed

    function = low.expr(node.args[0])
    its = [iterate(low, lazily(low, part), part) for part in node.args[1:]]
    rows = its[0] if len(its) == 1 else zip_of(low, its, node)

    def one(item: Thing) -> Thing:
        args = list(item.items) if len(its) > 1 and isinstance(item, Group) else [item]
        return apply(low, function, args, {}, node)

    if rows.elements is not None:

        def all_of() -> Iteration:
            out = []
            for place, item in enumerate(rows.elements or ()):
                with low.at(id(node), place):
                    out.append(one(item))
            return Iteration(elements=tuple(out))

        return observed(low, node, all_of, [node.args[0]])
    inner = rows.element
    if inner is None or rows.bounds is not None:
        raise Reject("E0111", node, "map over a range", "write a comprehension", name="this map")

    def element(index: Value, target: ast.expr | None) -> Thing:
        return one(inner(index, None))

    return Iteration(count=rows.count, element=element, reads=rows.reads, memories=rows.memories, sees=rows.sees)


@builtin("functools.reduce", "_functools.reduce")
def reduce_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`functools.reduce(f, xs, start)`."""
    if node.keywords or not 2 <= len(node.args) <= 3 or any(isinstance(part, ast.Starred) for part in node.args):
        raise Reject("E0106", node, "it takes a function, what to run through, and a start", name="reduce")
    function = low.expr(node.args[0])
    it = iterate(low, consumed(low, node.args[1]), node.args[1])
    start = [low.expr(node.args[2])] if len(node.args) == 3 else []
    if it.elements is not None:
        things = [*start, *it.elements]
        if not things:
            raise Reject("E0106", node, "there is nothing to reduce", "give a start", name="reduce")
        total = things[0]
        for place, item in enumerate(things[1:]):
            with low.at(id(node), place):
                total = apply(low, function, [total, item], {}, node)
        return total
    if not start:
        content = low.value(node.args[1]) if isinstance(node.args[1], ast.Name) else None
        if content is None or not isinstance(content.type, Array | ListOf):
            raise Reject("E0106", node, "how many elements there are is not known", "give a start", name="reduce")
        start = [read(low, content, ("i",), [low.b.const(0)], node)]
        it = iterate(low, read(low, content, ("s100",), [low.b.const(1)], node), node)
    return folded(low, it, node, start[0], lambda total, item: apply(low, function, [total, item], {}, node))


def folded(low: Lowering, it: Iteration, node: ast.AST, start: Thing, step: Callable[[Thing, Thing], Thing]) -> Thing:
    """A loop that carries one value."""
    saved = dict(low.frame.env)
    low.frame.env[TOTAL] = start

    def body(item: Thing) -> None:
        low.frame.env[TOTAL] = step(low.frame.env[TOTAL], item)

    run_over(low, it, node, ("fold",), None, body, [TOTAL])
    total = low.frame.env[TOTAL]
    low.back_to(saved)
    if isinstance(total, Poison):
        raise Poisoned
    return total


# any, all ------------------------------------------------------------------------------------------------------------
@builtin("any", "all")
def any_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`any(test for x in xs)`: what comes after the first hit is not computed."""
    from adgen.frontend.lower_generators import taken_in_part

    with taken_in_part(low):
        return any_of(low, node)


def any_of(low: Lowering, node: ast.Call) -> Thing:
    """As `any_call`."""
    wanted = ast.unparse(node.func) == "all"
    if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
        raise Reject("E0106", node, "it takes one argument", name=ast.unparse(node.func))
    subject = node.args[0]
    start = low.b.const(wanted)

    def step(total: Thing, test: Callable[[], Thing]) -> Thing:
        known, value = low.static(total)
        if known and bool(value) is not wanted:
            return total
        if known:
            return flag(low, test(), node)
        return lazy(low, total, lambda: flag(low, test(), node), wanted, node, "")

    if isinstance(subject, ast.GeneratorExp):
        return searched(low, node, joined(low, subject, wanted), start, step)
    if isinstance(subject, ast.ListComp):  # all of it is computed, which must not be seen
        from adgen.frontend.lower_lazy import untouched

        made = joined(low, subject, wanted)
        return untouched(low, subject, lambda: searched(low, node, made, start, step))[0]
    it = iterate(low, low.expr(subject), subject)
    if it.elements is not None:
        total: Thing = start
        for item in it.elements:
            total = step(total, lambda item=item: item)  # type: ignore[misc]
        return total
    unknown = low.b.emit("prim", "bool", (start,), BOOL, attrs={"args": ("x",)})
    return folded(low, it, node, unknown, lambda total, item: step(total, lambda: item))


def flag(low: Lowering, thing: Thing, node: ast.expr) -> Thing:
    """The truth of a thing."""
    if isinstance(thing, Poison):
        raise Poisoned
    if isinstance(thing, Value) and thing.type == BOOL:
        return thing
    own = kind_of(thing)
    known, value = truth(low, thing) if own and not low.is_tuple(own) else low.static(thing)
    return low.b.const(bool(value)) if known else low.prim("bool", [thing], node)


def joined(low: Lowering, node: ast.GeneratorExp | ast.ListComp, wanted: bool) -> ast.GeneratorExp:
    """The generator with the conditions of its last loop in its element."""
    last = node.generators[-1]
    made = ast.copy_location(ast.GeneratorExp(node.elt, node.generators), node)
    if last.ifs:
        tests = [ast.copy_location(ast.UnaryOp(ast.Not(), t), t) if wanted else t for t in last.ifs]
        whole = ast.copy_location(ast.BoolOp(ast.Or() if wanted else ast.And(), [*tests, node.elt]), node.elt)
        bare = ast.comprehension(last.target, last.iter, [], last.is_async)
        made = ast.copy_location(ast.GeneratorExp(whole, [*node.generators[:-1], bare]), node)
    found = low.learnt.nodes.setdefault(node, made)
    assert isinstance(found, ast.GeneratorExp)
    return found


def searched(
    low: Lowering,
    node: ast.expr,
    made: ast.GeneratorExp,
    start: Value,
    step: Callable[[Thing, Callable[[], Thing]], Thing],
) -> Thing:
    """Run through a generator until the answer is known."""
    saved = dict(low.frame.env)
    low.frame.env[TOTAL] = low.b.emit("prim", "bool", (start,), BOOL, attrs={"args": ("x",)})

    def body() -> None:
        low.frame.env[TOTAL] = step(low.frame.env[TOTAL], lambda: low.expr(made.elt))

    bound = [name for name in assigned([made])]
    generate(low, made, made.generators, body, [TOTAL, *bound])
    total = low.frame.env[TOTAL]
    low.back_to(saved, *bound)
    if isinstance(total, Poison):
        raise Poisoned
    return total


# dicts ---------------------------------------------------------------------------------------------------------------
@expression(ast.DictComp)
def dict_comprehension(low: Lowering, node: ast.DictComp, hint: str) -> Thing:
    """`{k: e for k in p if ..}`: a structure over values known one by one, if the keys are constant texts."""
    from adgen.frontend.lower_map_methods import comprehension

    site = low.site(node, "dict")
    if site in low.learnt.computed:
        return comprehension(low, node, hint)
    saved = dict(low.frame.env)
    found: dict[str, Thing] = {}

    def add() -> None:
        thing = low.expr(node.key)
        if isinstance(thing, Poison):
            raise Poisoned
        known, key = low.static(thing)
        if not known or not isinstance(key, str):
            raise Computed("E0116", node.key, f"`{ast.unparse(node.key)}` is no constant text")
        found[key] = low.kept(low.expr(node.value), node.value)

    try:
        each(low, node, node.generators, add)
    except Computed as computed:
        low.learnt.computed[site] = None
        raise Restart from computed
    finally:
        low.back_to(saved, *assigned([node]))
    if len(found) > COMPREHENDED:
        raise Reject("E0116", node, f"there are {len(found)} of them")
    if any(item is POISON for item in found.values()):
        raise Poisoned
    return heap.made(low, Group("dict", tuple(found), tuple(found.values()), site), hint)


class Computed(Reject):
    """A key, or how many there are, is not known while compiling."""


def written_out(low: Lowering, it: Iteration) -> Iteration:
    """A range of constants as its numbers."""
    if it.bounds is None:
        return it
    found = [low.static(bound) for bound in it.bounds]
    if not all(known and isinstance(value, int) for known, value in found):
        return it
    numbers = range(*(int(str(value)) for _, value in found))
    if len(numbers) > COMPREHENDED:
        return it
    return Iteration(elements=tuple(low.b.const(k) for k in (reversed(numbers) if it.backwards else numbers)))


def each(low: Lowering, node: ast.expr, generators: Sequence[ast.comprehension], body: Callable[[], None]) -> None:
    """The body, for each element of loops over values known one by one, where decided conditions hold."""
    from adgen.frontend.lower_statements import assign

    if not generators:
        body()
        return
    first = generators[0]
    it = written_out(low, iterate(low, low.expr(first.iter), first.iter))
    if it.elements is None:
        why = f"how many elements `{ast.unparse(first.iter)}` has is not known while compiling"
        raise Computed("E0116", first.iter, why, "use a list for what has no constant keys")
    for place in range(len(it.elements)):
        with low.at(id(first), place):
            assign(low, first.target, turn(low, it, place))
            tests = [decided(low, test) for test in first.ifs]
            if None in tests and False not in tests[: tests.index(None)]:
                why = "whether there is an entry is not known while compiling"
                raise Computed("E0116", first.ifs[tests.index(None)], why)
            if all(tests):
                each(low, node, generators[1:], body)
