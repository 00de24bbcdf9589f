"""Cross products of vectors of three entries, or of two, along any axes.

y = np.cross(a, b)      ->      a_bar = np.cross(b, y_bar);  b_bar = np.cross(y_bar, a)

A vector of two entries has a zero for its third; the product of two such vectors is the third entry alone.  Vectors of
sizes that are not known have three entries: the program checks that.
"""

from __future__ import annotations

from typing import NamedTuple

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, Type
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, broadcast, promote, shape_of
from adgen.rules.kinds import Piece, general
from adgen.rules.rule import Facts, TypeProblem


class Crossing(NamedTuple):
    """Along which axes the vectors of a cross product lie."""

    a: int
    b: int
    c: int


def _crossing(facts: Facts | Call) -> Crossing:
    axis = facts.static("axis")
    found = [axis if axis is not None else facts.static(name, -1) for name in ("axisa", "axisb", "axisc")]
    return Crossing(*(one for one in found if isinstance(one, int)))


def _apart(type_: Type, axis: int, name: str) -> tuple[Dim, tuple[Dim, ...]] | None:
    """The number of entries of vectors, and the shape of them all; None where the rank is not known."""
    shape = shape_of(as_content(type_))
    if shape is None:
        return None
    place = axes_of(axis, len(shape), name)[0] if shape else 0
    if not shape or (isinstance(shape[place], int) and shape[place] not in (2, 3)):
        raise TypeProblem(f"`{name}` of vectors that have not two or three entries", "pad them with zeros")
    return shape[place], (*shape[:place], *shape[place + 1 :])


def _cross_type(facts: Facts) -> Type:
    types = [as_content(type_) for type_ in facts.types[:2]]
    axes = _crossing(facts)
    parts = [_apart(type_, axis, facts.name) for type_, axis in zip(types, axes, strict=False)]
    if any(part is None for part in parts):
        return UNKNOWN
    found = [part for part in parts if part is not None]
    lead = broadcast([rest for _, rest in found])
    assert lead is not None
    if all(size == 2 for size, _ in found):
        return Array(promote(types), lead)
    (place,) = axes_of(axes.c, len(lead) + 1, facts.name)
    return Array(promote(types), (*lead[:place], 3, *lead[place:]))


def _size(call: Call, name: str) -> Dim:
    """The number of entries of an operand's vectors."""
    part = _apart(call.type(name), getattr(_crossing(call), name), call.rule.name)
    return None if part is None else part[0]


def _crossed(call: Call, own: str, first: str, second: str, g: Value) -> Value:
    """The adjoint of an operand: a cross product of the other one and the result's."""
    axes = _crossing(call)
    plain = call.rank("a") == call.rank("b") or axes == (-1, -1, -1)
    if 2 in (_size(call, "a"), _size(call, "b")) or not plain:
        return _padded(call, own, first, second, g)
    values = {"a": call.values["a"], "b": call.values["b"], "c": g}
    operands, args = [values[first], values[second]], ["a", "b"]
    if axes != (-1, -1, -1):
        places = [call.b.const(getattr(axes, name)) for name in (first, second, own)]
        operands, args = [*operands, *places], [*args, "axisa", "axisb", "axisc"]
    return shapes.unbroadcast(call.b, apply(call.b, "np.cross", operands, args), call.values[own])


def _padded(call: Call, own: str, first: str, second: str, g: Value) -> Value:
    """With all vectors along the last axis, and three entries each."""
    axes = _crossing(call)
    values = {name: _last(call, call.values[name], getattr(axes, name)) for name in ("a", "b")}
    like = values[own]
    for name in ("a", "b"):
        if _size(call, name) == 2:
            text = "np.concatenate((v, np.zeros_like(v[..., :1])), axis=last)"
            values[name] = call(text, v=values[name], last=call.b.const(-1))
    if _size(call, "a") == _size(call, "b") == 2:
        third = call.b.const((0.0, 0.0, 1.0))
        values["c"] = call("np.expand_dims(g, last) * np.array(third)", g=g, last=call.b.const(-1), third=third)
    else:
        values["c"] = _last(call, g, axes.c)
    out = call("np.cross(u, v)", u=values[first], v=values[second])
    if _size(call, own) == 2:
        out = call("out[..., :2]", out=out)
    out = shapes.unbroadcast(call.b, out, like)
    axis = axes_of(getattr(axes, own), call.rank(own), call.rule.name)[0]
    if axis == call.rank(own) - 1:
        return out
    return call("np.moveaxis(out, last, axis)", out=out, last=call.b.const(-1), axis=call.b.const(axis))


def _last(call: Call, value: Value, axis: int) -> Value:
    """With the vectors along the last axis."""
    shape = shape_of(value.type)
    if shape is None:
        raise TypeProblem("the derivative of `np.cross` of arrays of unknown rank", "annotate them")
    if axis % len(shape) == len(shape) - 1:
        return value
    return call("np.moveaxis(v, axis, last)", v=value, axis=call.b.const(axis), last=call.b.const(-1))


def _crossed_again(own: str) -> Piece:
    def piece(call: Call, dot: Value) -> Value:
        operands = [dot if arg == own else value for arg, value in zip(call.args, call.op.operands, strict=True)]
        return apply(call.b, "np.cross", operands, call.args)

    return piece


general(
    "np.cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None)",
    vjp={
        "a": lambda call, g: _crossed(call, "a", "b", "c", g),
        "b": lambda call, g: _crossed(call, "b", "c", "a", g),
    },
    jvp={"a": _crossed_again("a"), "b": _crossed_again("b")},
    infer=_cross_type,
    static=("axisa", "axisb", "axisc"),
)
