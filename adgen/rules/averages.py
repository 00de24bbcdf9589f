"""Weighted means, over one axis, several, or all.

y = np.average(a, weights=w)     ->      a_bar = y_bar * w / np.sum(w);  w_bar = y_bar * (a - y) / np.sum(w)

Weights have the shape of the array, or that of the axes that are averaged, in the order in which these are named.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from adgen.ir.core import Value
from adgen.ir.types import Array, Struct, Type, Unknown, tangent
from adgen.rules import shapes
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, plain, promote, reduced_shape, shape_of
from adgen.rules.kinds import general
from adgen.rules.matrices import tuple_of
from adgen.rules.reductions import kept, reduced, spread
from adgen.rules.rule import Facts, TypeProblem


def _average_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    shape, axis = shape_of(type_), facts.static("axis")
    types = [type_, *([as_content(facts.type("weights"))] if facts.has("weights") else [])]
    dtype = None if any(isinstance(one, Unknown) for one in types) else promote(types)
    dtype = dtype if dtype is None or dtype[0] in "fc" else "f8"
    keepdims = bool(facts.static("keepdims", False))
    if shape is None:
        found = Array(dtype, () if axis is None and not keepdims else None)
    else:
        found = Array(dtype, reduced_shape(shape, axis, keepdims, facts.name))
    return tuple_of(found, found) if facts.static("returned", False) else found


def _result(call: Call) -> Value:
    """The means, without the sum of weights that may come with them."""
    return call.b.item(call.y, 0) if isinstance(plain(call.y.type), Struct) else call.y


# weights as they are multiplied --------------------------------------------------------------------------------------
def _order(call: Call) -> tuple[int, ...]:
    """The axes of the array that those of the weights stand for."""
    given, rank = call.static("axis"), call.rank("a")
    if given is None:
        return tuple(range(rank))
    names = given if isinstance(given, (tuple, list)) else (given,)
    return tuple(axes_of(name, rank, call.rule.name)[0] for name in names)


def _apart(call: Call) -> bool:
    """Whether the weights are those of the averaged axes alone."""
    order = _order(call)
    if call.rank("a") != call.rank("weights"):
        return True
    if order == tuple(sorted(order)):
        return False
    if shapes.same_shape(call.type("a"), call.type("weights")):
        return False
    raise TypeProblem(
        "the derivative of `np.average` over all axes in another order, with weights", "name the axes in their order"
    )


def _lifted(call: Call, w: Value) -> Value:
    """Weights with axes of size 1 where the array is not averaged."""
    if not _apart(call):
        return w
    order = _order(call)
    others = tuple(place for place in range(call.rank("a")) if place not in order)
    if order != tuple(sorted(order)):
        w = call("np.transpose(w, axes)", w=w, axes=call.b.const(tuple(int(k) for k in np.argsort(order))))
    return call("np.expand_dims(w, others)", w=w, others=shapes.axis_value(call.b, others)) if others else w


def _lowered(call: Call, bar: Value) -> Value:
    """The adjoint of the weights, from that of what is multiplied."""
    if not _apart(call):
        return shapes.unbroadcast(call.b, bar, call.values["weights"])
    order = _order(call)
    others = tuple(place for place in range(call.rank("a")) if place not in order)
    if others:
        bar = call("np.sum(bar, axis=others)", bar=bar, others=shapes.axis_value(call.b, others))
    if order != tuple(sorted(order)):
        back = tuple(int(k) for k in np.argsort(np.argsort(order)))
        bar = call("np.transpose(bar, axes)", bar=bar, axes=call.b.const(back))
    return bar


def _mass(call: Call, w: str = "weights", **more: Value) -> Value:
    """The sum of the weights that go into each mean."""
    return call(f"np.sum({w})", **more) if _apart(call) else reduced(call, w, "weights", **more)


# derivatives ---------------------------------------------------------------------------------------------------------
def _means_bar(call: Call, g: Value) -> Value:
    return call.b.item(g, 0) if isinstance(plain(call.y.type), Struct) else g


def _average_a(call: Call, g: Value) -> Value:
    g = _means_bar(call, g)
    if not call.has("weights"):
        return spread(call, call("g / number", g=g, number=reduced(call, "np.ones_like(a)")))
    scale = kept(call, call("g / mass", g=g, mass=_mass(call)))
    return call("scale * w", scale=scale, w=_lifted(call, call.values["weights"]))


def _average_weights(call: Call, g: Value) -> Value:
    scale = kept(call, call("g / mass", g=_means_bar(call, g), mass=_mass(call)))
    bar = call("scale * (a - z)", scale=scale, z=kept(call, _result(call)))
    if isinstance(plain(call.y.type), Struct):
        bar = call("bar + more", bar=bar, more=kept(call, call.b.item(g, 1)))
    return _lowered(call, bar)


def _average_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if not dots:
        return None
    b, both = call.b, isinstance(plain(call.y.type), Struct)
    if not call.has("weights"):
        dot = call.repeat([dots["a"], *call.op.operands[1:]])
        if not both:
            return dot
        dot = b.item(dot, 0)
        return b.pack(tuple_of(dot.type, dot.type), (dot, call("np.zeros_like(dot)", dot=dot)))
    total: Value | None = None
    if "a" in dots:
        total = reduced(call, "w * dot", w=_lifted(call, call.values["weights"]), dot=dots["a"])
    if "weights" in dots:
        lifted = _lifted(call, dots["weights"])
        part = reduced(call, "dot * (a - z)", dot=lifted, z=kept(call, _result(call)))
        total = part if total is None else shapes.add(b, total, part)
    out = call("total / mass", total=total, mass=_mass(call)) if total is not None else None
    if out is None or not both:
        return out
    mass = b.item(call.y, 1)
    if "weights" in dots:
        moved = shapes.expand(b, _mass(call, "dot", dot=dots["weights"]), mass)
    else:
        moved = shapes.zeros_like(b, mass)
    assert tangent(mass.type) is not None
    return b.pack(tuple_of(out.type, moved.type), (out, moved))


general(
    "np.average(a, axis=None, weights=None, returned=False, *, keepdims=False) -> z",
    vjp={"a": _average_a, "weights": _average_weights},
    jvp=_average_jvp,
    infer=_average_type,
    static=("returned",),
)
