"""Calls of user functions: the body of the callee is lowered in place, in a frame of its own.

    def g(a, k=2): return a * k
    y = g(x)                        y = mul(x, 2)

Arguments keep their identity: an array that the callee writes to is the caller's array.  Early returns of the callee
are merged to the value of the call.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from adgen.frontend import lower_cached as cached
from adgen.frontend import lower_heap as heap
from adgen.frontend import silence
from adgen.frontend.bindings import FunctionSource, UserFunction
from adgen.frontend.desugar import plain
from adgen.frontend.lower_control import result, run
from adgen.frontend.lower_names import resolve
from adgen.frontend.lower_recursion import call, identity, recursive
from adgen.frontend.lower_state import Frame, Lowering
from adgen.frontend.lower_things import POISON, Closure, Group, Iteration, Thing, tuple_of, type_of
from adgen.frontend.lower_trees import VALUE, Leaf, ends
from adgen.frontend.normalise import facts_of, parts
from adgen.frontend.reject import Reject
from adgen.frontend.vectorized import VECTORIZED, VectorScope
from adgen.ir.core import Block
from adgen.ir.types import Array, Ref, Type
from adgen.ir.walk import walk
from adgen.rules.runtime import HELPERS, OBJECTS, STANDS_FOR

DEPTH = 60  # so many calls may be inside one another


def inline(
    low: Lowering,
    function: UserFunction | Closure,
    args: Sequence[Thing],
    keywords: Mapping[str, Thing],
    node: ast.expr,
    hint: str = "",
) -> Thing:
    """The value of a call."""
    source = function.source if isinstance(function, UserFunction) else function.frame.source
    body = function.node if isinstance(function, Closure) else source.node
    label = _label(function, node)
    yields = is_generator(body)
    with_bound = dict(source.bound) if isinstance(function, UserFunction) else {}
    given = {name: resolve(low, binding, node) for name, binding in with_bound.items()}
    bound = bind(low, function, args, {**given, **keywords}, node, label, list(given))
    if isinstance(function, UserFunction) and source.cached:
        cached.arguments(low, bound, node, label)
    key = identity(function, {name: heap.settled(low, thing) for name, thing in bound.items()})
    if yields and isinstance(body, ast.Lambda):
        raise Reject("E0102", node, "it is a generator", "write it with `def`", name="a lambda that yields")
    if yields and key in low.stack:
        raise Reject("E0102", node, f"`{label}` is a generator that calls itself", "return a list", name="`yield`")
    if not yields and recursive(low, key, bound, node, label):
        copies = {name: heap.settled(low, thing, True) for name, thing in bound.items()}
        return call(low, function, copies, key, node, hint)
    if len(low.stack) > DEPTH:
        why = f"{DEPTH} calls are inside one another: it is copied for arguments of other kinds at each level"
        raise Reject("E0110", node, why, "let the arguments keep their kinds, or write it as a loop", name=label)
    if _is_vectorized(function):
        _refuse_single([type_of(thing) for thing in bound.values()], node)
    body = plain(body, low.learnt.bodies)
    silence.note_decorators(low.learnt.silent, source.node)
    frame = Frame(body, source, facts_of(body, low.learnt.texts), caller=low.frame, owner=low)
    if isinstance(function, Closure):
        frame.outer = function.frame
    frame.cells = heap.cells(low, frame)
    if yields:
        from adgen.frontend.lower_generators import run_through

        return run_through(low, frame, lambda: enter(low, frame, bound, key, node, hint), node, label)
    before = len(low.b.ops)
    made = enter(low, frame, bound, key, node, hint)
    if _is_vectorized(function):
        ops = walk(Block((), tuple(low.b.ops[before:]), ()))
        _refuse_single([value.type for op in ops for value in (*op.operands, *op.results)], node)
    return made


def helper_rule(function: UserFunction | Closure) -> str:
    """The rule that a helper of generated code stands for; "" for other functions."""
    if isinstance(function, Closure) or function.source.name not in STANDS_FOR:
        return ""
    name = function.source.name
    texts = [ast.parse(known[name]).body[0] for known in (HELPERS, OBJECTS) if name in known]
    return STANDS_FOR[name] if ast.dump(function.source.node) in map(ast.dump, texts) else ""


def enter(low: Lowering, frame: Frame, bound: Mapping[str, Thing], key: object, node: ast.expr, hint: str) -> Thing:
    """Lower the callee's body, and come back."""
    outer, span, told = low.frame, low.b.span, len(low.diagnostics)
    frame.env.update(heap.entries(outer.env))
    low.frame = frame
    low.stack.append(key)
    try:
        with low.at(id(node)):
            for name, thing in bound.items():
                low.bind(name, thing, argument=True)
            if isinstance(frame.node, ast.Lambda):
                frame.statement = outer.statement if frame.source is outer.source else None
                return low.expr(frame.node.body, hint)
            if frame.yields is not None:
                from adgen.frontend.lower_generators import body_of

                return body_of(low, frame, hint)
            tree = run(low, frame.node.body)
            if isinstance(tree, Leaf) and tree.kind != "raise":
                frame.env = tree.env
                if VALUE not in tree.env:  # it runs to its end: what was refused has no value, the rest has None
                    return low.b.const(None) if len(low.diagnostics) == told else POISON
                return tree.env[VALUE]
            value = result(low, tree, frame.node, hint)
            if all(end.kind == "raise" for end in ends(tree)) and len(low.diagnostics) == told:
                raise Reject("E0127", node, "every path of the function that is called raises")
            return value
    finally:
        low.stack.pop()
        low.frame, low.b.span = outer, span
        outer.env.update(heap.entries(frame.env))


def _is_vectorized(function: UserFunction | Closure) -> bool:
    """Whether it stands for what `np.vectorize` makes."""
    if isinstance(function, UserFunction):
        return isinstance(function.source.scope, VectorScope)
    return getattr(function.node, "name", "") == VECTORIZED and "ravel" in function.defaults


def _refuse_single(types: Sequence[Type], node: ast.AST) -> None:
    """Refuse vectorized functions in which something is, or may be, of single precision."""
    contents = [type_.content if isinstance(type_, Ref) else type_ for type_ in types]
    if any(isinstance(type_, Array) and type_.dtype in (None, "f4", "f2", "c8") for type_ in contents):
        why = "NumPy gives it numbers of Python's, and rounds as the first result says"
        raise Reject("E0106", node, why, "write the loop over elements", name="np.vectorize of float32")


def _label(function: UserFunction | Closure, node: ast.expr) -> str:
    if isinstance(function, UserFunction):
        return function.source.name
    return (
        function.node.name
        if isinstance(function.node, ast.FunctionDef)
        else ast.unparse(node.func if isinstance(node, ast.Call) else node)
    )


def is_generator(node: ast.FunctionDef | ast.Lambda) -> bool:
    """Whether the function yields."""
    inside = node.body if isinstance(node, ast.FunctionDef) else [node.body]
    return any(isinstance(part, ast.Yield | ast.YieldFrom) for s in inside for part in parts(s))


def refuse_generators(body: ast.FunctionDef | ast.Lambda, node: ast.AST, label: str) -> None:
    """The function that is differentiated has one result."""
    inside = body.body if isinstance(body, ast.FunctionDef) else [body.body]
    found = [part for s in inside for part in parts(s) if isinstance(part, ast.Yield | ast.YieldFrom)]
    if found:
        where = found[0] if node is body else node
        raise Reject("E0102", where, f"`{label}` is a generator", "return a list", name="`yield`")


# arguments -----------------------------------------------------------------------------------------------------------
def bind(
    low: Lowering,
    function: UserFunction | Closure,
    args: Sequence[Thing],
    keywords: Mapping[str, Thing],
    node: ast.expr,
    label: str,
    taken: Sequence[str] = (),
) -> dict[str, Thing]:
    """A thing for each parameter, as Python binds them."""
    source = function.source if isinstance(function, UserFunction) else None
    arguments = source.node.args if source is not None else function.node.args  # type: ignore[union-attr]
    positional = [a.arg for a in (*arguments.posonlyargs, *arguments.args) if a.arg not in taken]
    only = {a.arg for a in arguments.posonlyargs}
    named = [a.arg for a in arguments.args] + [a.arg for a in arguments.kwonlyargs] + list(taken)
    bound: dict[str, Thing] = dict(zip(positional, args, strict=False))
    extra = list(args[len(positional) :])
    if extra and arguments.vararg is None:
        why = f"it takes {len(positional)} positional arguments, {len(args)} are given"
        raise Reject("E0106", node, why, name=label)
    more: dict[str, Thing] = {}
    for key, thing in keywords.items():
        if key in bound:
            raise Reject("E0106", node, f"`{key}` is given twice", name=label)
        if key in named and key not in only or key in taken:
            bound[key] = thing
        elif arguments.kwarg is not None:
            more[key] = thing
        else:
            raise Reject("E0106", node, f"it has no parameter `{key}`", name=label)
    if arguments.vararg is not None:
        bound[arguments.vararg.arg] = tuple_of(tuple(extra))
    if arguments.kwarg is not None:
        bound[arguments.kwarg.arg] = Group("dict", tuple(more), tuple(more.values()))
    defaults(low, function, source, [*positional, *(a.arg for a in arguments.kwonlyargs)], bound, node, label)
    for thing in bound.values():
        if isinstance(thing, Iteration) and thing.bounds is None:
            raise Reject("E0106", node, "an iterator is passed", "pass the list or array itself", name=label)
    return bound


def defaults(
    low: Lowering,
    function: UserFunction | Closure,
    source: FunctionSource | None,
    names: Sequence[str],
    bound: dict[str, Thing],
    node: ast.expr,
    label: str,
) -> None:
    """Parameters that the call leaves out."""
    for name in names:
        if name in bound:
            continue
        if isinstance(function, Closure) and name in function.defaults:
            bound[name] = function.defaults[name]
        elif source is not None and name in source.defaults:
            bound[name] = resolve(low, source.defaults[name], node)
        else:
            raise Reject("E0106", node, f"its argument `{name}` is not given", name=label)
