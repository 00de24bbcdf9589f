"""Norms of vectors and matrices, of all orders.

y = np.linalg.norm(x)              ->      x_bar = y_bar / y * x
y = np.linalg.norm(x, np.inf)      ->      at = np.abs(x) == y;  x_bar = y_bar / np.sum(at) * at * np.sign(x)
y = np.linalg.norm(a, "nuc")       ->      u, s, vh = np.linalg.svd(a);  a_bar = y_bar * (u @ vh)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from adgen.ir.core import Value
from adgen.ir.types import Array, Scalar, Type
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, is_complex, promote, reduced_shape, shape_of
from adgen.rules.kinds import general
from adgen.rules.matrices import columns, standard
from adgen.rules.reductions import kept, reduced
from adgen.rules.rule import Facts, TypeProblem

KINKS = "norm at 0 has gradient 0; the largest element, line or singular value: ties share equally"
OF_MATRICES = (1, -1, 2, -2, math.inf, -math.inf, "fro", "nuc")


class Norm(NamedTuple):
    """What a call asks for: an order, and the axes of a matrix (None: a vector)."""

    order: object
    matrix: tuple[int, int] | None


def _norm(name: str, order: object, axis: object, rank: int | None) -> Norm:
    """Read the order and the axis of a call."""
    if isinstance(order, bool) or not (order is None or isinstance(order, (int, float, str))):
        raise TypeProblem(f"`{name}` of order {order!r}", "use a number, 'fro' or 'nuc'")
    of_vectors = name.endswith("vector_norm")
    if order is None or (of_vectors and order == 2):
        return Norm(2, None)
    over = rank if axis is None else 1 if isinstance(axis, int) else len(axis) if isinstance(axis, tuple) else None
    if over is None or rank is None:
        raise TypeProblem(f"`{name}` of order {order!r} for an array of unknown rank", "annotate it, or give the axis")
    if of_vectors or over == 1:
        if isinstance(order, str):
            raise TypeProblem(f"`{name}` of order {order!r} of what is no matrix", "leave the order out")
        return Norm(order, None)
    if over != 2 or order not in OF_MATRICES:
        raise TypeProblem(f"`{name}` of order {order!r} over {over} axes", "give one axis, or two with a matrix norm")
    one, two = axis if isinstance(axis, tuple) else (0, 1)
    return Norm(order, (axes_of(one, rank, name)[0], axes_of(two, rank, name)[0]))


def _norm_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    axis, keepdims = _given_axis(facts.name, facts.static("axis")), bool(facts.static("keepdims", False))
    dtype = promote([type_]) if isinstance(type_, (Array, Scalar)) else None
    dtype = dtype if dtype is None or dtype[0] == "f" else f"f{int(dtype[1:]) // 2}" if dtype[0] == "c" else "f8"
    shape = shape_of(type_)
    _norm(facts.name, facts.static("ord", _default(facts.name)), axis, None if shape is None else len(shape))
    if shape is None:
        return Array(dtype, () if axis is None and not keepdims else None)
    return Array(dtype, reduced_shape(shape, axis, keepdims, facts.name))


def _default(name: str) -> object:
    return 2 if name.endswith("vector_norm") else "fro" if name.endswith("matrix_norm") else None


def _given_axis(name: str, axis: object) -> object:
    return (-2, -1) if name.endswith("matrix_norm") else tuple(axis) if isinstance(axis, list) else axis


def _asked(call: Call) -> Norm:
    order = call.static("ord", _default(call.rule.name))
    if call.rule.name.endswith("matrix_norm"):
        call.statics["axis"] = (-2, -1)
    axis = _given_axis(call.rule.name, call.static("axis"))
    shape = shape_of(call.type("x"))
    return _norm(call.rule.name, order, axis, None if shape is None else len(shape))


def _total(call: Call, text: str, **more: Value) -> Value:
    """The sum of a formula over the axes of the norm."""
    value = call(text, **more)
    if not call.rule.name.endswith("matrix_norm"):
        return reduced(call, "value", "x", value=value)
    operands, args = [value, call.b.const((-2, -1))], ["a", "axis"]
    if call.has("keepdims"):
        operands, args = [*operands, call.values["keepdims"]], [*args, "keepdims"]
    return apply(call.b, "np.sum", operands, args)


# the derivative by each element, as a quotient (its denominator None: no division) -----------------------------------
def _slope(call: Call) -> tuple[Value, Value | None]:
    order, matrix = _asked(call)
    if matrix is not None and order not in ("fro", 1, -1, math.inf, -math.inf):
        return _spectral(call, order, matrix), None
    if order in (2, "fro"):
        return standard(call, call.values["x"]), call("np.where(y == 0.0, 1.0, y)")
    if matrix is not None:
        return _largest_line(call, order, matrix)
    if order == 0:
        return call("np.zeros_like(x)"), None
    if order == 1:
        return _sign(call), None
    if order in (math.inf, -math.inf):
        at = call("np.abs(x) == y", y=kept(call, call.y, "x"))
        return call("np.where(at, sign, 0.0)", at=at, sign=_sign(call)), _ties(call, at)
    assert isinstance(order, (int, float))
    size = call("np.where(x == 0.0, 1.0, np.abs(x))") if order < 1 else call("np.abs(x)")
    whole = kept(call, call("np.where(y == 0.0, 1.0, y)"), "x")
    rest = call.b.const(order - 1)
    return call("sign * (size / whole) ** rest", sign=_sign(call), size=size, whole=whole, rest=rest), None


def _sign(call: Call) -> Value:
    """The derivative of each absolute value."""
    if is_complex(call.type("x")):
        return call("np.conj(x) / np.where(x == 0.0, 1.0, np.abs(x))")
    return call("np.sign(x)")


def _largest_line(call: Call, order: object, matrix: tuple[int, int]) -> tuple[Value, Value]:
    """Order 1 sums columns, order inf rows; the largest counts, with a minus the smallest."""
    along = matrix[0] if order in (1, -1) else matrix[1]
    operands = (call("np.abs(x)"), call.b.const(along), call.b.const(True))
    sums = apply(call.b, "np.sum", operands, ("a", "axis", "keepdims"))
    at = call("sums == y", sums=sums, y=kept(call, call.y, "x"))
    return call("np.where(at, sign, 0.0)", at=at, sign=_sign(call)), _ties(call, at)


def _ties(call: Call, at: Value) -> Value:
    """How many elements or lines are the largest: none, of an array that has none, whose norm is 0."""
    ties, shape = _total(call, "at", at=at), shape_of(call.type("x"))
    there = shape is not None and all(isinstance(dim, int) and dim > 0 for dim in shape)
    return ties if there else call("np.maximum(ties, 1)", ties=ties)


def _spectral(call: Call, order: object, matrix: tuple[int, int]) -> Value:
    """Order 2 is the largest singular value, -2 the smallest, 'nuc' the sum of all."""
    rank, b = call.rank("x"), call.b
    moved = matrix != (rank - 2, rank - 1)
    back, last = b.const(matrix), b.const((-2, -1))
    x = call("np.moveaxis(x, back, last)", back=back, last=last) if moved else call.values["x"]
    parts = apply(b, "np.linalg.svd", (x, b.const(False)), ("a", "full_matrices"))
    u, s, vh = (b.item(parts, k) for k in range(3))
    weights = call("np.sign(s)", s=s)
    if order != "nuc":
        text = "np.max(s, axis=last, keepdims=keep, initial=0.0)"  # of an empty matrix 0, as the norm
        text = text if order == 2 else "np.min(s, axis=last, keepdims=keep)"
        ends = call(text, s=s, last=b.const(-1), keep=b.const(True))
        at = call("s == ends", s=s, ends=ends)
        count = apply(b, "np.sum", (at, b.const(-1), b.const(True)), ("a", "axis", "keepdims"))
        weights = call("np.where(at, weights, 0.0) / count", at=at, weights=weights, count=count)
    out = standard(call, call("m @ vh", m=columns(call, u, weights), vh=vh))
    return call("np.moveaxis(out, last, back)", out=out, last=last, back=back) if moved else out


def _norm_vjp(call: Call, g: Value) -> Value:
    top, below = _slope(call)
    scale = g if below is None else call("g / below", g=g, below=below)
    return call("scale * top", scale=kept(call, scale, "x"), top=top)


def _norm_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "x" not in dots:
        return None
    top, below = _slope(call)
    total = _total(call, "top * dot", top=top, dot=dots["x"])
    return total if below is None else call("total / below", total=total, below=below)


for _signature in (
    "np.linalg.norm(x, ord=None, axis=None, keepdims=False)",
    "np.linalg.vector_norm(x, *, axis=None, keepdims=False, ord=2)",
    "np.linalg.matrix_norm(x, *, keepdims=False, ord='fro')",
):
    general(_signature, vjp={"x": _norm_vjp}, jvp=_norm_jvp, infer=_norm_type, kinks=KINKS)
