"""Functions of itertools and copy, `next(..)`, and `max(xs, default=d)`: a few lines of Python each.

itertools.pairwise(xs)          [(xs[k], xs[k + 1]) for k in range(len(xs) - 1)]
itertools.accumulate(xs)        t = xs[0]; out = [t]; for v in xs[1:]: t = t + v; out.append(t)
copy.copy(x)                    np.copy(x)
next((e for v in xs), d)        found = [e for v in xs]; found[0] if found else d

What itertools computes when its turn comes is computed before the first is used: refused where a loop could tell.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from adgen.frontend.bindings import Known
from adgen.frontend.lower_callbacks import written
from adgen.frontend.lower_calls import apply, arguments, builtin
from adgen.frontend.lower_functional import consumed
from adgen.frontend.lower_iterables import iterate
from adgen.frontend.lower_lazy import observed
from adgen.frontend.lower_lists import run_out
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_statics import peek
from adgen.frontend.lower_things import Group, Iteration, Poison, Poisoned, Thing, tuple_of
from adgen.frontend.reject import Reject
from adgen.ir.core import Value

ACCUMULATE = "t = {start}\nout = [t]\nfor v in {rest}:\n    t = {step}\n    out.append(t)\nreturn out"
TAKE = "out = []\nfor v in a:\n    if not f(v):\n        break\n    out.append(v)\nreturn out"
LONGEST = 4  # so many places the tuples of product, combinations and permutations may have


def _run(low: Lowering, params: Sequence[str], body: str, args: Sequence[Thing], node: ast.expr, hint: str) -> Thing:
    if any(isinstance(thing, Poison) for thing in args):
        raise Poisoned
    return apply(low, written(low, params, body, node), args, {}, node, hint)


def _listed(low: Lowering, thing: Thing, node: ast.expr) -> Thing:
    """What is run through, as a list or array."""
    if not isinstance(thing, Iteration):
        return thing
    return tuple_of(thing.elements, "list") if thing.elements is not None else run_out(low, thing, node)


def _number(low: Lowering, thing: Thing, node: ast.expr, name: str) -> int:
    known, found = low.static(thing)
    if not known or type(found) is not int or not 1 <= found <= LONGEST:
        raise Reject("E0106", node, f"it takes a length of 1 to {LONGEST} that is known while compiling", name=name)
    return found


@builtin(
    *(f"itertools.{name}" for name in "accumulate pairwise chain product combinations permutations islice".split()),
    *(f"itertools.{name}" for name in "zip_longest repeat takewhile starmap chain.from_iterable".split()),
)
def tool(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """A call of itertools: all its elements at once."""
    function = low.expr(node.func)
    assert isinstance(function, Known)
    name = function.name

    def made() -> Iteration:
        args, keywords = arguments(low, node)
        things = [_listed(low, thing, node) for thing in args]
        return iterate(low, _called(low, name, things, keywords, node, hint), node)

    return observed(low, node, made, [part for part in _parts(node) if _is_function(low, part)])


def _parts(node: ast.Call) -> list[ast.expr]:
    return [*node.args, *(word.value for word in node.keywords)]


def _is_function(low: Lowering, part: ast.expr) -> bool:
    """Whether an argument may be a function, which is called when its turn comes."""
    kinds = ast.Lambda | ast.Call | ast.Attribute | ast.Name
    return isinstance(part, kinds) and not isinstance(peek(low, part), Value | Group)


@builtin("itertools.count", "itertools.cycle")
def endless(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """What has no end."""
    raise Reject(
        "E0102", node, "it has no end", "count in the loop, or use enumerate", name=f"`{ast.unparse(node.func)}`"
    )


def _called(
    low: Lowering, name: str, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
) -> Thing:
    names = [f"a{k}" for k in range(len(args))]
    last, words = name.removeprefix("itertools."), set(keywords)
    if last == "accumulate" and 1 <= len(args) <= 2 and words <= {"func", "initial"}:
        return _accumulate(low, args, keywords, node, hint)
    if last == "product" and words <= {"repeat"} and args:
        count = _number(low, keywords["repeat"], node, name) if words else 1
        return _nested(low, names * count, names, args, node, hint)
    if last == "zip_longest" and words == {"fillvalue"} and args:
        entries = ", ".join(f"{one}[k] if k < len({one}) else e" for one in names)
        body = f"return [({entries},) for k in range(max({', '.join(f'len({one})' for one in names)}, 0))]"
        return _run(low, [*names, "e"], body, [*args, keywords["fillvalue"]], node, hint)
    if last == "repeat" and len(args) + len(words) == 2 and words <= {"times"}:
        return _run(low, ["a", "n"], "return [a for k in range(n)]", [*args, *keywords.values()], node, hint)
    if last == "repeat":
        raise Reject("E0102", node, "it has no end", "say how often: `itertools.repeat(v, n)`", name=f"`{name}`")
    if words:
        raise Reject("E0106", node, "it is not known with these arguments", "write the loop", name=name)
    if last == "pairwise" and len(args) == 1:
        return _run(low, ["a"], "return [(a[k], a[k + 1]) for k in range(len(a) - 1)]", args, node, hint)
    if last == "chain" and args:
        loops = "\n".join(f"for v in {one}:\n    out.append(v)" for one in names)
        return _run(low, names, f"out = []\n{loops}\nreturn out", args, node, hint)
    if last == "chain.from_iterable" and len(args) == 1:
        return _run(low, ["a"], "return [v for b in a for v in b]", args, node, hint)
    if last in ("combinations", "permutations") and len(args) == 2:
        return _chosen(low, args[0], _number(low, args[1], node, name), last == "combinations", node, hint)
    if last == "islice" and 2 <= len(args) <= 4:
        return _slice(low, args, node, hint)
    if last in ("takewhile", "starmap") and len(args) == 2:
        return _run(low, ["f", "a"], TAKE if last == "takewhile" else "return [f(*v) for v in a]", args, node, hint)
    raise Reject("E0106", node, "it is not known with these arguments", "write the loop", name=name)


def _accumulate(low: Lowering, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    """`accumulate(xs, f, initial=s)`."""
    function = args[1] if len(args) > 1 else keywords.get("func")
    given = {"a": args[0]} | ({"f": function} if function is not None else {})
    step, start, rest = "f(t, v)" if function is not None else "t + v", "a[0]", "a[1:]"
    if "initial" in keywords:
        given["s"], start, rest = keywords["initial"], "s", "a"
    body = ACCUMULATE.format(start=start, rest=rest, step=step)
    return _run(low, list(given), body, list(given.values()), node, hint)


def _nested(
    low: Lowering, over: Sequence[str], params: Sequence[str], args: list[Thing], node: ast.Call, hint: str
) -> Thing:
    """`product(xs, ys)`."""
    if len(over) > LONGEST:
        raise Reject("E0106", node, f"it takes up to {LONGEST} lists", "write the loops", name="itertools.product")
    loops = " ".join(f"for v{k} in {one}" for k, one in enumerate(over))
    entries = ", ".join(f"v{k}" for k in range(len(over)))
    return _run(low, params, f"return [({entries},) {loops}]", args, node, hint)


def _chosen(low: Lowering, thing: Thing, count: int, rising: bool, node: ast.Call, hint: str) -> Thing:
    """`combinations(xs, 2)`, `permutations(xs, 2)`."""
    loops = []
    for k in range(count):
        start = f"i{k - 1} + 1, " if rising and k else ""
        others = "" if rising or not k else " if " + " and ".join(f"i{k} != i{j}" for j in range(k))
        loops.append(f"for i{k} in range({start}len(a)){others}")
    entries = ", ".join(f"a[i{k}]" for k in range(count))
    return _run(low, ["a"], f"return [({entries},) {' '.join(loops)}]", [thing], node, hint)


def _slice(low: Lowering, args: list[Thing], node: ast.Call, hint: str) -> Thing:
    """`islice(xs, stop)`, `islice(xs, start, stop, step)`: of no element twice, and none from the back."""
    bounds = [low.b.const(0), args[1], low.b.const(1)] if len(args) == 2 else [*args[1:], low.b.const(1)][:3]
    texts = ["start", "stop", "step"]
    for k, other in enumerate(("0", "len(a)", "1")):
        texts[k] = other if low.static(bounds[k]) == (True, None) else texts[k]
    if texts[1] == "stop":
        texts[1] = "min(stop, len(a))"
    body = f"return [a[k] for k in range({', '.join(texts)})]"
    return _run(low, ["a", "start", "stop", "step"], body, [args[0], *bounds], node, hint)


@builtin("next")
def next_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`next(iter(xs))`, `next((e for v in xs if c), default)`: the first element."""
    first = node.args[0] if node.args else None
    inner = low.expr(first.func) if isinstance(first, ast.Call) else None
    if isinstance(first, ast.Call) and inner == Known("iter") and len(first.args) == 1 and not first.keywords:
        listed = low.expr(first.args[0])
    elif isinstance(first, ast.GeneratorExp):
        listed = consumed(low, first)
    else:
        raise Reject("E0102", node, "it takes one element off an iterator", "count with an index", name="`next`")
    listed = _listed(low, listed, node)
    if len(node.args) == 1 and not node.keywords:
        return _run(low, ["a"], "return a[0]", [listed], node, hint)
    if isinstance(listed, Group):
        return listed.items[0] if listed.items else low.expr(node.args[1])
    return _run(
        low, ["a", "d"], "if len(a) > 0:\n    return a[0]\nreturn d", [listed, low.expr(node.args[1])], node, hint
    )


@builtin("iter")
def iter_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """What an `__iter__` returns is what it runs over; else an iterator that is kept."""
    last, method = low.frame.statement, low.frame.node
    returned = isinstance(last, ast.Return) and last.value is node
    if returned and isinstance(method, ast.FunctionDef) and method.name == "__iter__" and len(node.args) == 1:
        return low.expr(node.args[0])
    raise Reject("E0102", node, "it can be run over only once", "run over the list, by an index", name="`iter`")


def or_default(low: Lowering, name: str, thing: Thing, keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    """`max(xs, default=d, key=f)`."""
    listed = _listed(low, thing, node)
    words = "".join(f", {key}={key}" for key in keywords if key != "default")
    given = {"f": Known(name), "a": listed, **keywords}
    if isinstance(listed, Group) and not listed.items:
        return keywords["default"]
    call = f"return f(a{words})"
    body = call if isinstance(listed, Group) else f"if len(a) > 0:\n    {call}\nreturn default"
    return _run(low, list(given), body, list(given.values()), node, hint)
