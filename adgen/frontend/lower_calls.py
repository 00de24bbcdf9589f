"""Calls: of rules, methods, classes, user functions; arguments with stars and keywords.

np.sum(x, axis=0)      prim np.sum (x, 0), args ('a', 'axis')
x.sum(0)               the same, style method
f(x, k=2)              the body of f, in place (lower_inline)
p.step(dt)             a method of a dataclass: f(p, dt)
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from adgen.frontend import lower_heap as heap
from adgen.frontend.bindings import Captured, Derivative, Instance, Known, Missing, Module, UserClass, UserFunction
from adgen.frontend.lower_cached import kept_result
from adgen.frontend.lower_einsum import lettered
from adgen.frontend.lower_inline import helper_rule, inline
from adgen.frontend.lower_inplace import SIGNATURES, in_place
from adgen.frontend.lower_names import resolve
from adgen.frontend.lower_objects import attribute_of, construct, positional, use_tool
from adgen.frontend.lower_out import into, with_out
from adgen.frontend.lower_standins import checked, stand_in
from adgen.frontend.lower_stars import passed
from adgen.frontend.lower_state import Lowering, expression
from adgen.frontend.lower_statics import has
from adgen.frontend.lower_stores import accumulate
from adgen.frontend.lower_strings import is_text, method_of_text
from adgen.frontend.lower_things import (
    ARRAY_METHODS,
    Closure,
    Derived,
    Group,
    Method,
    Obj,
    Partial,
    Poison,
    Poisoned,
    Thing,
    Tool,
    class_kind,
    content_type,
    fixed_set,
    kind_of,
    tuple_of,
    type_of,
)
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Array, DictOf, ListOf, Opaque, Ref, Static, Struct, is_set, show, tangent
from adgen.rules import table, unruled
from adgen.rules.rule import BindError, Rule
from adgen.rules.views import WIDENED

Handler = Callable[[Lowering, ast.Call, str], Thing]
BUILTINS: dict[str, Handler] = {}
METHODS: dict[str, Callable[..., Thing]] = {}
CONSUMERS = ("math.prod", "math.fsum", "extend")  # they run through generators at once


def builtin(*names: str) -> Callable[[Handler], Handler]:
    """Register a handler of calls that are no rule."""

    def register(handler: Handler) -> Handler:
        BUILTINS.update(dict.fromkeys(names, handler))
        return handler

    return register


@expression(ast.Call)
def call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """Any call."""
    function = low.expr(node.func)
    if isinstance(function, Poison):
        for part in [*node.args, *(k.value for k in node.keywords)]:
            if not isinstance(part, ast.Starred | ast.GeneratorExp):
                low.expr(part)
        raise Poisoned
    if isinstance(function, Known) and function.name in BUILTINS:
        return BUILTINS[function.name](low, node, hint)
    if isinstance(function, Method) and isinstance(function.receiver, Known):
        if function.name != "at":
            raise Reject("E0109", node, f"`{function.receiver.name}` is a function", name=function.name)
        accumulate(low, function.receiver.name, node.args, node)
        return low.b.const(None)
    consumes = isinstance(function, Known | Method) and function.name in CONSUMERS
    args, keywords = arguments(low, node, consumes, function=function)
    return apply(low, function, args, keywords, node, hint)


def arguments(
    low: Lowering, node: ast.Call, consumes: bool = False, later: bool = False, function: Thing | None = None
) -> tuple[list[Thing], dict[str, Thing]]:
    """The arguments of a call, stars spread; `consumes`: what is called runs through generators; `later`: by steps."""
    from adgen.frontend.lower_functional import consumed
    from adgen.frontend.lower_lazy import lazily

    args: list[Thing] = []
    for part in node.args:
        if isinstance(part, ast.Starred):
            args += passed(low, function, consumed(low, part.value), part, node)
        else:
            args.append(lazily(low, part) if later else consumed(low, part) if consumes else low.expr(part))
    keywords: dict[str, Thing] = {}
    for keyword in node.keywords:
        thing = low.expr(keyword.value)
        if keyword.arg is None:
            thing = heap.seen(low, thing)
        if keyword.arg is not None:
            keywords[keyword.arg] = thing
        elif isinstance(thing, Group) and thing.kind == "dict":
            keywords |= dict(zip(thing.keys, thing.items, strict=True))
        elif isinstance(thing, Value) and isinstance(thing.type, Struct) and thing.type.kind == "dict":
            keywords |= {key: low.b.item(thing, k) for k, key in enumerate(thing.type.keys)}
        elif not isinstance(thing, Poison):
            raise Reject("E0106", keyword.value, "its keys are not known", name=spelt(node))
    return args, keywords


def apply(
    low: Lowering, function: Thing, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr, hint: str = ""
) -> Thing:
    """Call a thing with things."""
    match function:
        case Known(name):
            return rule(low, name, args, keywords, node, hint)
        case UserFunction() | Closure():
            name = helper_rule(function)
            if name == "hooked":
                from adgen.frontend.lower_hooks import hooked_again

                return hooked_again(low, args, node, hint)
            if name == "quad" and isinstance(node, ast.Call):
                from adgen.frontend.lower_integrals import again

                return again(low, args, keywords, node, hint)
            if name == "trajectory" and isinstance(node, ast.Call):
                from adgen.frontend.lower_solutions import again as steps_again

                return steps_again(low, args, keywords, node, hint)
            if name:
                return rule(low, name, args, keywords, node, hint)
            made = inline(low, function, args, keywords, node, hint)
            return kept_result(low, function, made, node)
        case Partial(inner, first, given):
            return apply(low, inner, [*first, *args], {**given, **keywords}, node, hint)
        case Method(receiver, name):
            return method(low, receiver, name, args, keywords, node, hint)
        case UserClass():
            return construct(low, function, args, keywords, node, hint)
        case Derivative() | Derived():
            from adgen.frontend.lower_derivatives import call_derivative

            return call_derivative(low, function, args, keywords, node)
        case Tool():
            return use_tool(low, function, args, keywords, node)
        case Group() | Value() | Obj() if kind_of(function):
            inner_function = attribute_of(low, function, "__call__", node)
            return apply(low, inner_function, args, keywords, node, hint)
        case Value(type=Static(value)) if callable(value):
            found = resolve(low, low.frame.source.scope.bind(value, spelt(node)), node)
            if isinstance(found, Value):
                raise Reject("E0106", node, f"a {type(value).__name__} has no Python code", name=spelt(node))
            return apply(low, found, args, keywords, node, hint)
        case Instance() if isinstance(function.value, type):
            why = f"it is the class {function.class_name}"
            raise Reject("E0106", node, why, "name what is needed: a member of it, a method", name=spelt(node))
        case Instance():
            own = low.frame.source.scope.attribute(function, "__call__")
            if isinstance(own, UserFunction):
                return apply(low, own, args, keywords, node, hint)
            raise Reject("E0106", node, "its class has no __call__", name=spelt(node))
        case Module() | Captured() | Missing():
            raise Reject("E0106", node, "it is not a function", name=spelt(node))
    what = show(type_of(function)) if isinstance(function, Value | Group) else "no function"
    raise Reject("E0106", node, f"`{spelt(node)}` is {what}", name=spelt(node))


def spelt(node: ast.expr) -> str:
    """What is called, as it is written."""
    return ast.unparse(node.func if isinstance(node, ast.Call) else node)


# rules ---------------------------------------------------------------------------------------------------------------
def rule(
    low: Lowering,
    name: str,
    args: Sequence[Thing],
    keywords: Mapping[str, Thing],
    node: ast.expr,
    hint: str = "",
    style: str = "",
    label: str = "",
) -> Thing:
    """A function of the rule table."""
    label = label or name
    if name == "abs" and len(args) == 1 and class_kind(args[0]) and has(low, args[0], "__abs__"):
        return apply(low, attribute_of(low, args[0], "__abs__", node), [], keywords, node, hint)
    if name == "np.where" and len(args) == 1 and not keywords:
        name = "np.nonzero"
    if name in WIDENED and len(args) > 1 and not keywords:
        return tuple_of(tuple(rule(low, name, [thing], {}, node) for thing in args))
    if name == "np.einsum":
        args = lettered(low, args, node)
    if name in SIGNATURES:
        return in_place(low, name, args, keywords, node, label)
    found = table.lookup(name)
    args, keywords = with_out(name, args, keywords)
    if "out" in keywords:
        written = into(low, name, args, keywords, node, label)
        if written is not None:
            return written
        keywords = {key: thing for key, thing in keywords.items() if key != "out"}
    if "where" in keywords and low.static(keywords["where"]) == (True, True) and found is not None:
        keywords = {key: thing for key, thing in keywords.items() if key != "where"}
    if found is not None and found.kind == "elementwise" and "where" in keywords:
        why = "`where` without `out` leaves elements that nothing was written to"
        raise Reject("E0106", node, why, "give `out`, or use np.where", name=label)
    if found is None:
        other = stand_in(low, name, args, keywords, node, hint)
        if other is not None:
            return other
        if name == "dict.fromkeys":
            from adgen.frontend.lower_map_methods import from_keys

            assert isinstance(node, ast.Call)
            return from_keys(low, args, node, hint)
        reason = unruled.refusal(name)
        help_ = reason.help if reason else "" if unruled.nature(name) else _nearest(name)
        raise Reject("E0105", node, unruled.why(name) or "it is not in the rule table", help_, name=label)
    try:
        bound = found.bind(len(args), list(keywords), bool(style))
    except BindError as error:
        raise Reject("E0106", node, str(error), name=label) from error
    checked(low, name, args, keywords, node)
    operands = [argument(low, thing) for thing in (*args, *keywords.values())]
    operands = [as_array(low, found, arg, thing, node) for arg, thing in zip(bound, operands, strict=True)]
    return low.prim(name, operands, node, hint, bound, style, label)


def argument(low: Lowering, thing: Thing) -> Thing:
    """An argument of a rule: a type such as `np.float32` is a value there."""
    if isinstance(thing, Known):
        value = known_type(thing.name)
        if value is not None:
            return low.b.const(value, thing.name, Static(value))
    return positional(low, thing)


def as_array(low: Lowering, found: Rule, arg: str, thing: Thing, node: ast.expr) -> Thing:
    """A list of numbers that stands where an array is expected: the array that NumPy makes of it."""
    if found.kind == "zero" or not found.name.startswith("np."):
        return thing
    if found.takes_arrays(arg):
        return with_arrays(low, thing, node)
    if found.takes_lists(arg) or not _is_list(thing) or tangent(content_type(type_of(thing))) is None:
        return thing
    return low.prim("np.array", [thing], node)


def with_arrays(low: Lowering, thing: Thing, node: ast.expr) -> Thing:
    """A tuple of arrays, where lists stand among them: `(x, [1.0])` as `(x, np.array([1.0]))`."""
    if isinstance(thing, Value) and isinstance(thing.type, Struct) and _is_list(thing):
        parts: tuple[Thing, ...] = tuple(low.b.item(thing, k) for k in range(len(thing.type.items)))
    elif isinstance(thing, Group) and _is_list(thing):
        parts = thing.items
    else:
        return thing
    if not any(_is_list(part) for part in parts):
        return thing
    items = tuple(low.prim("np.array", [part], node) if _is_list(part) else part for part in parts)
    return Group("tuple", tuple(str(k) for k in range(len(items))), items)


def _is_list(thing: Thing) -> bool:
    """Whether it is a list or tuple."""
    type_ = content_type(type_of(thing)) if isinstance(thing, Value | Group) else None
    return isinstance(type_, ListOf) or (isinstance(type_, Struct) and type_.kind in ("tuple", "list"))


def known_type(name: str) -> Any:
    """The Python or NumPy type of a name, None if it is none."""
    if name in ("float", "int", "bool", "complex"):
        return {"float": float, "int": int, "bool": bool, "complex": complex}[name]
    found = getattr(np, name[3:], None) if name.startswith("np.") else None
    return found if isinstance(found, type) and issubclass(found, np.generic) else None


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name, table.names(), 2, 0.75)
    return f"rules exist for {' and '.join(f'`{n}`' for n in near)}; `adgen rules` lists all" if near else ""


def method(
    low: Lowering,
    receiver: Thing,
    name: str,
    args: Sequence[Thing],
    keywords: Mapping[str, Thing],
    node: ast.expr,
    hint: str,
) -> Thing:
    """`receiver.name(..)`."""
    if is_text(receiver):
        if keywords:
            raise Reject("E0106", node, "it takes no keywords", name=f".{name}")
        return method_of_text(low, receiver, name, args, node, hint)
    handler = METHODS.get(f"{_kind(receiver)}.{name}")
    if handler is not None:
        return handler(low, receiver, list(args), dict(keywords), node, hint)
    type_ = type_of(receiver)
    canonical = table.drawn(type_.what, name) if isinstance(type_, Opaque) else table.method(name)
    if isinstance(type_, Opaque) and canonical is not None:
        return rule(low, canonical, [receiver, *args], keywords, node, hint, "method", f".{name}")
    if f"ndarray.{name}" in SIGNATURES and _kind(receiver) == "array":
        return in_place(low, f"ndarray.{name}", [receiver, *args], keywords, node, f".{name}")
    if name in ARRAY_METHODS:
        raise Reject("E0125", node, f"`.{name}` changes the array in place", name=f".{name}")
    if canonical is None or _kind(receiver) != "array":
        raise Reject("E0109", node, f"a {_kind(receiver)} has none of this name with a rule", name=name)
    return rule(low, canonical, [receiver, *args], keywords, node, hint, "method", f".{name}")


def _kind(receiver: Thing) -> str:
    """array, list, tuple or dict."""
    if isinstance(receiver, Obj):
        return receiver.kind
    type_ = type_of(receiver)
    content = type_.content if isinstance(type_, Ref) else type_
    if is_set(content) or fixed_set(receiver) or content == Opaque("set"):
        return "set"
    if isinstance(content, Struct):
        return content.kind
    if isinstance(content, DictOf):
        return "map"
    return "array" if isinstance(content, Array) or not type(content).__name__ == "ListOf" else "list"
