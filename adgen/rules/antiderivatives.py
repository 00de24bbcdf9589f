"""Derivatives and integrals of series, along an axis, with constants of integration: linear maps of the coefficients.

y = polyint(c, m, k=k)      ->      c_bar = matrix.T @ y_bar, the matrix made of the unit vectors;  k_bar alike
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.ir.types import ListOf, Struct, Type
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call, filled
from adgen.rules.infer import plain, shape_of
from adgen.rules.kinds import Piece
from adgen.rules.lists import taken_apart
from adgen.rules.matrices import tuple_of
from adgen.rules.rule import TypeProblem


def times(call: Call) -> int:
    """How often, which must be known."""
    m = call.static("m", 1)
    if not isinstance(m, int):
        raise TypeProblem(f"`{call.rule.name}` with m={m!r}", "pass a whole number")
    return m


def _unit(call: Call, name: str, values: str, **given: Value) -> Value:
    """What the map makes of other coefficients along the first axis."""
    options = "".join(f", {word}={word}" for word in ("k", "lbnd", "scl") if word in given or call.has(word))
    if "k" not in given:
        options = options.replace(", k=k", "")
    return call(f"{name}({values}, m{options})", m=call.b.const(times(call)), **given)


def _axis(call: Call) -> int:
    axis = call.static("axis", 0)
    if not isinstance(axis, int):
        raise TypeProblem(f"`{call.rule.name}` along an axis that is not known", "write it as a literal")
    return axis % (call.rank("c") or 1)


def by_matrix(name: str) -> Piece:
    """The transpose of a linear map: the matrix is what the map makes of the unit vectors."""

    def piece(call: Call, g: Value) -> Value:
        axis = _axis(call)
        matrix = _unit(call, name, f"np.eye(c.shape[{axis}])")
        if axis == 0:
            return call("matrix.T @ g", matrix=matrix, g=g)
        return call("g @ matrix", matrix=matrix, g=g)  # of a matrix, along its rows

    return piece


def by_constants(name: str) -> Piece:
    """What the constants of integration add to the result is linear in them."""

    def piece(call: Call, g: Value) -> Value:
        count, b, axis = times(call), call.b, _axis(call)
        if call.rank("c") == 2:  # each line has the same constants
            if not _are_numbers(plain(call.values["k"].type)):
                raise TypeProblem(f"the derivative of `{name}` by constants for each line", "integrate line by line")
            g = call("np.sum(g, axis=other)", g=g, other=b.const(1 - axis))
        nothing = f"np.zeros(c.shape[{axis}])"
        rows = [
            _unit(call, name, nothing, k=b.const(tuple(float(k == row) for k in range(count)))) for row in range(count)
        ]
        parts = b.pack(tuple_of(*(row.type for row in rows)), rows)
        out = call("np.stack(parts) @ g", parts=parts, g=g)
        given = plain(call.values["k"].type)
        if isinstance(given, (Struct, ListOf)):
            return taken_apart(b, out, given)
        return shapes.unbroadcast(b, out, call.values["k"])

    return piece


def _are_numbers(type_: Type) -> bool:
    """Whether constants are numbers, or one number, or a line of them."""
    if isinstance(type_, (Struct, ListOf)):
        return all(shape_of(item) == () for item in (type_.items if isinstance(type_, Struct) else (type_.item,)))
    return shape_of(type_) is not None and len(shape_of(type_) or ()) < 2


def constants_dot(call: Call, dot: Value) -> Value:
    """The same integral of nothing, with the tangents of the constants."""
    whole = filled(call.b, dot, call.values["k"])
    moved = {"c": call("np.zeros_like(c)"), "k": whole}
    return call.repeat([moved.get(arg, v) for arg, v in zip(call.args, call.op.operands, strict=True)])


def same_of(call: Call, dot: Value) -> Value:
    """The same of the tangent, without constants."""
    kept = [(arg, v) for arg, v in zip(call.args, call.op.operands, strict=True) if arg not in ("c", "k")]
    return apply(call.b, call.rule.name, [dot, *(v for _, v in kept)], ["c", *(arg for arg, _ in kept)])


def _not_by(call: Call, g: Value) -> Value:
    raise TypeProblem(f"the derivative of `{call.rule.name}` by its bound or scale", "scale the coefficients instead")


REFUSED: dict[str, Piece] = {"lbnd": _not_by, "scl": _not_by}
