"""Derivatives taken inside a function: the derivative's own text is made, read, and lowered in place.

    def f(x):                                     def g_grad(y, x): return ..       made by the pipeline
        g = lambda y: x * y * y          ->
        return adgen.grad(g)(2.0) * x             r = <body of g_grad(2.0, x)>

What the inner function sees of the outer one becomes a parameter of the derivative, so that the outer derivative goes
through it; the inner one is taken with respect to its own parameters only, and the two cannot be confused.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from adgen.errors import Refusal
from adgen.frontend.bindings import (
    Derivative,
    FunctionSource,
    Known,
    Missing,
    UserFunction,
)
from adgen.frontend.library_calls import source_of
from adgen.frontend.lower_calls import apply, arguments, builtin
from adgen.frontend.lower_closures import Surroundings, closed, look
from adgen.frontend.lower_inline import bind
from adgen.frontend.lower_names import resolve
from adgen.frontend.lower_standins import function
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Closure, Derived, Group, Partial, Poisoned, Thing, tuple_of
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import FLOAT, NONE, Array, Ref, Static, Struct, Type, is_active_type

MODES = ("grad", "value_and_grad")
HIGHER = ("hvp", "jacobian", "jacfwd", "jacrev", "hessian")  # lower_higher.py


@dataclass(frozen=True)
class Target:
    """What is differentiated: a function, what its parameters stand for, and those that derivatives are named by."""

    source: FunctionSource
    bound: Mapping[str, Thing]
    params: tuple[str, ...]
    key: object


# requests ------------------------------------------------------------------------------------------------------------
def grad_call(mode: str, low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`adgen.grad(g, argnums=1)`."""
    args, keywords = arguments(low, node)
    label = f"adgen.{mode}"
    options = {key: low.static(thing) for key, thing in keywords.items()}
    if len(args) == 2:
        options["argnums"] = low.static(args[1])
    options = {key: value for key, value in options.items() if key not in ("backend", "fallback")}  # of the outermost
    known_options = ("argnums", "wrt", "has_aux") if mode in MODES else ("argnums", "wrt")
    unknown = [key for key, (known, _) in options.items() if not known or key not in known_options]
    if unknown or not 1 <= len(args) <= 2:
        why = f"its option `{unknown[0]}` is not known while compiling" if unknown else "it takes one function"
        raise Reject("E0106", node, why, name=label)
    has_aux = bool(options.pop("has_aux", (True, False))[1])
    chosen = [value for _, value in options.values() if value is not None]
    if len(chosen) > 1:
        raise Reject("E0106", node, "argnums and wrt say the same", name=label)
    return Derived(args[0], mode, _wrt(chosen[0] if chosen else 0, node, label), has_aux)


for _mode in (*MODES, *HIGHER):
    builtin(f"adgen.{_mode}")(functools.partial(grad_call, _mode))


@builtin("adgen.vjp")
def vjp_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """Refused: what its pullback would hold is the outer function's to change meanwhile."""
    help_ = "use adgen.grad of the product with the cotangent: `adgen.grad(lambda x: np.sum(g(x) * w))(x)`"
    raise Reject("E0105", node, "a pullback inside a function is not known", help_, name="adgen.vjp")


def _wrt(value: object, node: ast.AST, label: str) -> int | str | tuple[int | str, ...]:
    parts = value if isinstance(value, tuple) else (value,)
    if not all(isinstance(part, str) or (type(part) is int and part >= 0) for part in parts):
        raise Reject("E0106", node, f"{value!r} names no parameters", name=label)
    return value  # type: ignore[return-value]


@builtin("adgen.jvp")
def jvp_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`adgen.jvp(g, (x,), (v,))`: (value, tangent)."""
    args, keywords = arguments(low, node)
    things = [*args, *(keywords[key] for key in ("primals", "tangents") if key in keywords)]
    if len(things) != 3 or len(args) + len(keywords) != 3:
        raise Reject("E0106", node, "it takes a function, values and tangents", name="adgen.jvp")
    function, primals, tangents = things
    if not isinstance(primals, Group) or not isinstance(tangents, Group) or len(primals.items) != len(tangents.items):
        raise Reject("E0106", node, "values and tangents are two tuples of one length", name="adgen.jvp")
    target = target_of(low, function, primals.items, {}, node)
    every = list(zip(target.params, tangents.items, strict=False))
    pairs = [(name, thing) for name, thing in every if low.static(thing) != (True, None)]
    if not pairs:
        raise Reject("E0106", node, "every tangent is None", name="adgen.jvp")
    if not all(is_active_type(given_type(low, target.bound[name])) for name, _ in pairs):
        help_ = "give None as the tangent of the others"
        raise Reject("E0106", node, "only floats and arrays of floats vary", help_, name="adgen.jvp")
    for name, thing in pairs:
        fits(low, thing, target.bound[name], f"the tangent of `{name}`", "adgen.jvp", node)
    return derived(low, target, "jvp", tuple(name for name, _ in pairs), False, False, node, tuple(t for _, t in pairs))


def fits(low: Lowering, tangent: Thing, value: Thing, what: str, label: str, node: ast.expr) -> None:
    """Refuse a tangent of another type than its value's; sizes that are not known are compared when the text runs."""
    own, other = given_type(low, tangent), given_type(low, value)
    if not congruent(own, other):
        raise Reject("E0106", node, f"{what} has another type than its value", name=label)
    if isinstance(own, Array) and isinstance(other, Array) and None in (*(own.shape or ()), *(other.shape or ())):
        same = function(low, "v, x", "v.shape == x.shape", node)
        flag = apply(low, same, [tangent, value], {}, node)
        assert isinstance(flag, Value)
        low.b.effect("effect", "assert", [flag], {"text": f"assert {{0}}, '{label}: {what} has another shape'"})


def congruent(a: Type, b: Type) -> bool:
    """Whether a tangent of the one type fits a value of the other, as far as it is known."""
    match a, b:
        case Array(dtype, tuple(one)), Array(dtype2, tuple(two)):
            pairs = list(zip(one, two, strict=False))
            sizes = all(x == y or not isinstance(x, int) and not isinstance(y, int) for x, y in pairs)
            return dtype == dtype2 and len(one) == len(two) and sizes
        case Struct(kind, keys, items), Struct(kind2, keys2, items2):
            return (kind, keys) == (kind2, keys2) and all(map(congruent, items, items2))
    return a == b


def call_derivative(
    low: Lowering, function: Derived | Derivative, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr
) -> Thing:
    """`adgen.grad(g)(x)`."""
    request = as_derived(function, node)
    if request.mode in HIGHER:
        from adgen.frontend.lower_higher import higher

        return higher(low, request, args, keywords, node)
    target = target_of(low, request.function, args, keywords, node)
    wrt, single = names_of(request, target, node)
    return derived(low, target, request.mode, wrt, single, request.has_aux, node)


def as_derived(function: Derived | Derivative, node: ast.AST) -> Derived:
    """A request, whether it is made here or at module level."""
    if isinstance(function, Derived):
        return function
    if function.mode not in (*MODES, *HIGHER):
        why = f"adgen.{function.mode} inside a function is not known"
        help_ = "use adgen.grad, adgen.jvp, adgen.hvp or adgen.jacobian"
        raise Reject("E0105", node, why, help_, name=f"adgen.{function.mode}")
    inner = function.source
    made = as_derived(inner, node) if isinstance(inner, Derivative) else UserFunction(inner)
    return Derived(made, function.mode, function.wrt, function.has_aux)


def names_of(request: Derived, target: Target, node: ast.AST) -> tuple[tuple[str, ...], bool]:
    """The parameters that a derivative is taken with respect to; whether it is a single one."""
    single = not isinstance(request.wrt, tuple)
    out = []
    for one in request.wrt if isinstance(request.wrt, tuple) else (request.wrt,):
        name = one if isinstance(one, str) else target.params[one] if one < len(target.params) else None
        if name not in target.params:
            raise Reject("E0106", node, f"the function has no parameter {one!r}", name=f"adgen.{request.mode}")
        out.append(name)
    return tuple(out), single


# what is differentiated ----------------------------------------------------------------------------------------------
def target_of(
    low: Lowering, function: Thing, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr
) -> Target:
    """The function, and a thing for each of its parameters."""
    match function:
        case Derived() | Derivative():
            request = as_derived(function, node)
            if request.mode in HIGHER:
                help_ = f"give it a function that calls it: `lambda x: adgen.{request.mode}(g)(x)`"
                raise Reject("E0105", node, f"it is adgen.{request.mode}(..) itself", help_, name="this function")
            inner = target_of(low, request.function, args, keywords, node)
            wrt, single = names_of(request, inner, node)
            made, captured = text_of(low, inner, request.mode, wrt, single, request.has_aux, node)
            return Target(made, {**inner.bound, **captured}, inner.params, made.key)
        case UserFunction(source) if not source.bound:
            bound = bind(low, function, args, keywords, node, source.name)
            _fixed(source.node, node)
            return Target(source, bound, source.params, source.identity)
        case Known(name):
            return target_of(low, UserFunction(source_of(name, len(args), tuple(keywords))), args, keywords, node)
        case Closure():
            return of_closure(low, function, args, keywords, node)
        case Partial() if not function.keywords and isinstance(function.function, UserFunction):
            whole = target_of(low, function.function, [*function.args, *args], keywords, node)
            return replace(whole, params=whole.params[len(function.args) :])
    help_ = "give it a function of the program, a lambda or a nested function"
    raise Reject("E0105", node, "its derivative inside a function is not known", help_, name="this function")


def _fixed(inner: ast.FunctionDef | ast.Lambda, node: ast.AST) -> None:
    if inner.args.vararg is not None or inner.args.kwarg is not None:
        why = "a function with `*args` or `**kwargs` is differentiated inside a function"
        raise Reject("E0105", node, why, "name its parameters", name="this derivative")


def of_closure(
    low: Lowering, function: Closure, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr
) -> Target:
    """A nested function: what it sees of the functions around it becomes keyword parameters."""
    inner = function.node
    _fixed(inner, node)
    name = inner.name if isinstance(inner, ast.FunctionDef) else "fun"
    bound = dict(bind(low, function, args, keywords, node, name))
    params = tuple(bound)
    around = Surroundings()
    look(low, function, inner, around, node)
    key = (inner, tuple(around.values), tuple(around.functions.items()), tuple(around.nested))
    if key not in low.learnt.sources:
        low.learnt.sources[key] = closed(function, name, around)
    return Target(low.learnt.sources[key], {**bound, **around.values}, params, key)


# the derivative ------------------------------------------------------------------------------------------------------
def given_type(low: Lowering, thing: Thing) -> Type:
    """The type of an argument, as a signature would give it."""
    if isinstance(thing, Group):
        return Struct(thing.kind, thing.keys, tuple(given_type(low, item) for item in thing.items))
    if not isinstance(thing, Value):
        help_ = "let it see the function instead"
        raise Reject("E0105", None, "a function is passed to it", help_, name="this derivative")
    known, value = low.static(thing)
    if known and isinstance(value, bool):
        return Static(value)
    return thing.type.content if isinstance(thing.type, Ref) else thing.type


def given_type_of(thing: Thing) -> Type:
    """The type of a value; nothing for a structure."""
    return thing.type if isinstance(thing, Value) else NONE


def text_of(
    low: Lowering, target: Target, mode: str, wrt: tuple[str, ...], single: bool, has_aux: bool, node: ast.expr
) -> tuple[FunctionSource, dict[str, Thing]]:
    """The derivative as a function of the program, and what it captures besides its parameters."""
    if low.nested is None:
        why = "derivatives inside a function need the whole compiler"
        raise Reject("E0105", node, why, "differentiate the outer function instead", name=f"adgen.{mode}")
    types = {name: given_type(low, thing) for name, thing in target.bound.items()}
    key = (target.key, mode, wrt, single, has_aux, repr(sorted(types.items(), key=lambda pair: pair[0])))
    if key not in low.learnt.derived:
        try:
            low.learnt.derived[key] = low.nested(target.source, types, (mode, wrt, single, has_aux))
        except Refusal as refusal:
            low.diagnostics += [d for d in refusal.diagnostics if d not in low.diagnostics]
            raise Poisoned from refusal
    made, captured = low.learnt.derived[key]
    for _, binding in captured:
        if isinstance(binding, Missing):
            raise Reject("E0103", node, binding.why, binding.help, name=binding.name)
    return made, {name: resolve(low, binding, node) for name, binding in captured}


def derived(
    low: Lowering,
    target: Target,
    mode: str,
    wrt: tuple[str, ...],
    single: bool,
    has_aux: bool,
    node: ast.expr,
    tangents: tuple[Thing, ...] = (),
) -> Thing:
    """The value of a derivative."""
    made, captured = text_of(low, target, mode, wrt, single, has_aux, node)
    bound = {**target.bound, **captured}
    own = made.node.args
    positional, only = [a.arg for a in (*own.posonlyargs, *own.args)], [a.arg for a in own.kwonlyargs]
    dots = [name for name in (*positional, *only) if name not in bound]
    bound |= dict(zip(dots, tangents, strict=True))
    keywords = {name: bound[name] for name in only}
    result = apply(low, UserFunction(made), [bound[name] for name in positional], keywords, node)
    if mode == "jvp":
        value, tangent = slot(low, result, 0), slot(low, result, 1)
        return tuple_of((value, number(low, tangent, given_type_of(value), node)))
    types = [given_type(low, target.bound[name]) for name in wrt]
    return finished(low, result, types, single, (mode == "value_and_grad", has_aux), node)


def finished(
    low: Lowering, result: Thing, types: Sequence[Type], single: bool, form: tuple[bool, bool], node: ast.expr
) -> Thing:
    """The result as adgen.grad gives it: the gradient of a Python float is one."""
    with_value, has_aux = form
    first, second = (slot(low, result, 0), slot(low, result, 1)) if with_value or has_aux else (None, None)
    gradient = second if with_value else first if has_aux else result
    assert gradient is not None
    if single:
        gradient = number(low, gradient, types[0], node)
    else:
        parts = [number(low, slot(low, gradient, k), type_, node) for k, type_ in enumerate(types)]
        gradient = tuple_of(tuple(parts))
    if with_value:
        assert first is not None
        return tuple_of((first, gradient))
    return tuple_of((gradient, second)) if has_aux and second is not None else gradient


def slot(low: Lowering, thing: Thing, place: int) -> Thing:
    """A part of a tuple."""
    return thing.items[place] if isinstance(thing, Group) else low.b.item(low.content(thing), place)


def number(low: Lowering, gradient: Thing, type_: Type, node: ast.expr) -> Thing:
    """The gradient of a Python float as a Python float, of a NumPy float as one; so are the parts of a structure."""
    if isinstance(gradient, Group) and isinstance(type_, Struct) and len(gradient.items) == len(type_.items):
        parts = [number(low, item, part, node) for item, part in zip(gradient.items, type_.items, strict=True)]
        return replace(gradient, items=tuple(parts))
    if type_ == FLOAT and isinstance(gradient, Value) and isinstance(gradient.type, Array):
        return low.prim("float", [gradient], node)
    if isinstance(type_, Array) and type_.shape == () and isinstance(gradient, Value) and gradient.type == FLOAT:
        kind = {"f8": "np.float64", "f4": "np.float32", "f2": "np.float16"}.get(type_.dtype or "")
        return low.prim(kind, [gradient], node) if kind else gradient
    return gradient
