"""Keyword arguments of products whose factors have core axes: matmul, vecdot, matvec, vecmat.

y = np.matmul(a, b, axes=[(0, 1), (2, 1), (1, 2)])      the axes are moved to the end, and those of its derivative back

`axes` says where the core axes of each factor and of the result are; `axis` and `keepdims` of vecdot mean such axes.
"""

from __future__ import annotations

from typing import NamedTuple

from adgen.ir.core import Value
from adgen.ir.types import Array, Dim, Type
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, code, rank_of, shape_of
from adgen.rules.kinds import Piece
from adgen.rules.rule import Facts, Infer, TypeProblem

OPTIONS = "axes=None, dtype=None, casting=None, order=None, subok=None"
PLACES = ("axes", "axis", "keepdims")


class Cores(NamedTuple):
    """The core axes of both factors and of the result, and whether the result has axes of size 1 for them."""

    a: tuple[int, ...]
    b: tuple[int, ...]
    y: tuple[int, ...]
    kept: bool


def cores(facts: Facts | Call) -> Cores | None:
    """The core axes that a call names; None where they are the last ones."""
    axes, axis, kept = facts.static("axes"), facts.static("axis"), bool(facts.static("keepdims", False))
    name = facts.rule.name if isinstance(facts, Call) else facts.name
    if axes is None and axis is None and not kept:
        return None
    if axes is None:
        axes = [-1 if axis is None else axis] * (3 if kept else 2)
    if not isinstance(axes, (tuple, list)) or not 2 <= len(axes) <= 3:
        raise TypeProblem(f"`{name}` with axes {axes!r}", "give the axes of both factors and of the result")
    found = [tuple(entry) if isinstance(entry, (tuple, list)) else (entry,) for entry in axes]
    return Cores(found[0], found[1], found[2] if len(found) == 3 else (), kept)


def with_cores(infer: Infer) -> Infer:
    """The type rule of a product whose core axes may be named."""

    def typed(facts: Facts) -> Type:
        found, wanted = cores(facts), facts.static("dtype")
        types = tuple(as_content(type_) for type_ in facts.types[:2])
        if found is not None:
            types = tuple(_moved_type(t, axes, facts.name) for t, axes in zip(types, (found.a, found.b), strict=True))
        type_ = infer(Facts(facts.name, facts.args[:2], types if found else facts.types[:2], {}))
        if not isinstance(type_, Array):
            return type_
        shape = type_.shape
        if found is not None and shape is not None:
            shape = _put_back((*shape, 1) if found.kept else shape, found.y, facts.name)
        return Array(type_.dtype if wanted is None else code(wanted), shape)

    return typed


def _moved_type(type_: Type, axes: tuple[int, ...], name: str) -> Type:
    shape = shape_of(type_)
    if shape is None or not isinstance(type_, Array):
        raise TypeProblem(f"`{name}` with axes of an array of unknown rank", "annotate the argument")
    places = [_place(axis, len(shape), name) for axis in axes]
    rest = [place for place in range(len(shape)) if place not in places]
    return Array(type_.dtype, tuple(shape[place] for place in (*rest, *places)))


def _place(axis: int, rank: int, name: str) -> int:
    if not -rank <= axis < rank:
        raise TypeProblem(f"`{name}` has no axis {axis} in an array of rank {rank}", "correct the axes")
    return axis % rank


def _put_back(shape: tuple[Dim, ...], axes: tuple[int, ...], name: str) -> tuple[Dim, ...]:
    """A shape whose last entries are those of the axes."""
    lead = list(shape[: len(shape) - len(axes)])
    places = {_place(axis, len(shape), name): dim for axis, dim in zip(axes, shape[len(lead) :], strict=True)}
    return tuple(places[place] if place in places else lead.pop(0) for place in range(len(shape)))


def _moved(call: Call, value: Value, axes: tuple[int, ...]) -> Value:
    """With these axes at the end."""
    last = tuple(range(-len(axes), 0))
    places = tuple(_place(axis, rank_of(value.type) or 0, call.rule.name) for axis in axes)
    if not axes or places == tuple((rank_of(value.type) or 0) + axis for axis in last):
        return value
    return call("np.moveaxis(v, axes, last)", v=value, axes=call.b.const(axes), last=call.b.const(last))


def with_moved(own: str, piece: Piece, plainly: Piece | None = None) -> Piece:
    """The adjoint of a factor: a piece for core axes that are the last ones; `plainly` where all have one `axis`."""

    def moved(call: Call, g: Value) -> Value | None:
        found = cores(call)
        chosen = plainly if plainly is not None and _of_one_rank(call) else piece
        assert callable(chosen)
        if found is None or chosen is not piece:
            return chosen(call, g)
        inner = Call(call.b, call.rule, call.op)
        for name, axes in (("a", found.a), ("b", found.b)):
            inner.values[name] = _moved(call, call.values[name], axes)
        g = _moved(call, g, found.y)
        if found.kept:
            g = call("g[..., 0]", g=g)
        out = chosen(inner, g)
        axes = getattr(found, own)
        if out is None or inner.values[own] is call.values[own]:
            return out
        last = tuple(range(-len(axes), 0))
        return call("np.moveaxis(v, last, axes)", v=out, last=call.b.const(last), axes=call.b.const(axes))

    return moved


def _of_one_rank(call: Call) -> bool:
    """Whether only `axis` is given, of factors of one rank."""
    return not call.has("axes") and not call.has("keepdims") and call.rank("a") == call.rank("b")


def again(own: str) -> Piece:
    """The tangent of a product: the same call with one factor's tangent."""

    def piece(call: Call, dot: Value) -> Value:
        operands = [dot if arg == own else value for arg, value in zip(call.args, call.op.operands, strict=True)]
        return apply(call.b, call.rule.name, operands, call.args)

    return piece
