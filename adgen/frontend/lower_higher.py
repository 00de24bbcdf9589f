"""Products with Hessians and Jacobians inside a function: by directional derivatives, of the function or its gradient.

adgen.hvp(g)(x, v)         adgen.jvp(adgen.grad(g), (x,), (v,))[1]
adgen.jacobian(g)(x)       np.stack([adgen.jvp(g, (x,), (e,))[1] for e in np.eye(len(x))], axis=-1)
adgen.hessian(g)(x)        adgen.jacobian(adgen.grad(g))(x)
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from adgen.frontend.bindings import Known
from adgen.frontend.lower_calls import apply
from adgen.frontend.lower_derivatives import fits, names_of, target_of
from adgen.frontend.lower_standins import function
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Derived, Group, Thing, content_type, tuple_of, type_of
from adgen.frontend.reject import Reject
from adgen.ir.types import FLOAT, Array, Type

TOOLS = {name: Known(f"np.{name}") for name in ("stack", "reshape", "eye")} | {"jvp": Known("adgen.jvp")}


def higher(
    low: Lowering, request: Derived, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr
) -> Thing:
    """The value of `adgen.hvp(g)(x, v)`, `adgen.jacobian(g)(x)` and the like."""
    label = f"adgen.{request.mode}"
    if keywords:
        raise Reject("E0106", node, "inside a function its arguments are given by position", name=label)
    if request.mode == "hvp" and not args:
        raise Reject("E0106", node, "it takes the arguments of the function, and then the vector", name=label)
    own = args[:-1] if request.mode == "hvp" else args
    target = target_of(low, request.function, own, {}, node)
    wrt, single = names_of(request, target, node)
    places = [target.params.index(name) for name in wrt]
    if any(place >= len(own) for place in places):
        raise Reject("E0106", node, "inside a function its arguments are given by position", name=label)
    fun = request.function
    if request.mode in ("hvp", "hessian"):
        fun = Derived(fun, "grad", request.wrt, False)
    if request.mode == "hvp":
        return _product(low, fun, own, args[-1], dict(zip(places, wrt, strict=True)), single, node)
    columns = [_jacobian(low, fun, own, place, label, node) for place in places]
    if request.mode == "hessian" and not single:
        raise Reject("E0106", node, "inside a function it is by one argument", name=label)
    return columns[0] if single else tuple_of(tuple(columns))


def _product(
    low: Lowering,
    gradient: Thing,
    own: Sequence[Thing],
    v: Thing,
    places: Mapping[int, str],
    single: bool,
    node: ast.expr,
) -> Thing:
    vectors = [v] if single else list(v.items) if isinstance(v, Group) else []
    if len(vectors) != len(places):
        raise Reject("E0106", node, "the vector is a tuple, as `argnums` is", name="adgen.hvp")
    for (place, name), vector in zip(places.items(), vectors, strict=True):
        fits(low, vector, own[place], f"the vector of `{name}`", "adgen.hvp", node)
    names = [f"v{k}" for k in range(len(vectors))]
    return _called(low, gradient, own, dict(zip(places, names, strict=True)), "{}[1]", [*own, *vectors], names, node)


def _jacobian(low: Lowering, fun: Thing, own: Sequence[Thing], place: int, label: str, node: ast.expr) -> Thing:
    """The Jacobian by one argument: a column for each of its numbers."""
    type_ = content_type(type_of(own[place]))
    if type_ == FLOAT or (isinstance(type_, Array) and type_.shape == ()):
        one = "1.0" if type_ == FLOAT else "one"
        return _called(low, fun, own, {place: one}, "{}[1]", own, [], node, type_)
    if not isinstance(type_, Array) or type_.shape is None or type_.dtype is None:
        raise Reject("E0106", node, "inside a function it is by a number or an array whose rank is known", name=label)
    x = f"a{place}"
    if len(type_.shape) == 1:
        text = f"stack([{{}}[1] for e in eye(len({x}), dtype=kind)], axis=-1)"
        return _called(low, fun, own, {place: "e"}, text, own, [], node, type_)
    flat = f"stack([{{}}[1] for e in eye({x}.size, dtype=kind)], axis=-1)"
    made = _called(low, fun, own, {place: f"reshape(e, {x}.shape)"}, flat, own, [], node, type_)
    shaped = function(low, "j, x, *, reshape", "reshape(j, (*j.shape[:-1], *x.shape))", node)
    return apply(low, replace(shaped, defaults=TOOLS), [made, own[place]], {}, node)


def _called(
    low: Lowering,
    fun: Thing,
    own: Sequence[Thing],
    tangents: Mapping[int, str],
    text: str,
    given: Sequence[Thing],
    more: Sequence[str],
    node: ast.expr,
    type_: Type | None = None,
) -> Thing:
    """A call of the text, with `adgen.jvp` of the function by these tangents in its hole."""
    values = [f"a{k}" for k in range(len(own))]
    dots = [tangents.get(k, "None") for k in range(len(own))]
    jvp = f"jvp(fun, ({', '.join(values)},), ({', '.join(dots)},))"
    tools: dict[str, Thing] = {**TOOLS, "fun": fun}
    if isinstance(type_, Array):
        kind = np.dtype(type_.dtype or "f8").type
        tools["kind"] = Known(f"np.{kind.__name__}")
        if type_.shape == ():
            tools["one"] = apply(low, tools["kind"], [low.b.const(1.0)], {}, node)
    lambda_ = function(low, ", ".join([*values, *more, "*", *tools]), text.format(jvp), node)
    return apply(low, replace(lambda_, defaults=tools), given, {}, node)
