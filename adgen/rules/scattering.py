"""Adjoints of functions that pick elements: each entry of an adjoint goes back to the place that it was taken from.

y = np.take(a, k)        ->      a_bar = np.bincount(k, weights=y_bar, minlength=a.size)

Any function that only moves or copies elements tells their places itself: it is applied to an array of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from adgen.ir.core import Value
from adgen.ir.types import Array, Type, Unknown
from adgen.rules import shapes
from adgen.rules.apply import apply, shape_facts
from adgen.rules.call import Call
from adgen.rules.infer import dtype_of, shape_of
from adgen.rules.kinds import Piece, linear
from adgen.rules.rule import Facts, Infer, Rule


def places(call: Call, name: str) -> Value:
    """The place of each element in the flattened argument."""
    if call.rank(name) == 1:
        return call(f"np.arange({name}.size)")
    return call(f"np.reshape(np.arange({name}.size), {name}.shape)")


def scattered(call: Call, g: Value, at: Value, name: str) -> Value:
    """Each entry of g added at its place in the flattened argument."""
    rank = call.rank(name)
    if rank == 0:
        return g if shapes.is_scalar(g.type) else call("np.sum(g)", g=g)
    out = binned(call, g, at, call(f"{name}.size"))
    return call(f"np.reshape(s, {name}.shape)", s=out) if rank != 1 else out


def binned(call: Call, g: Value, at: Value, size: Value) -> Value:
    """The sums of the entries of g that have the same number, for all numbers below a size."""
    at, g = flat(call, at), flat(call, g)
    env = {"at": at, "size": size}
    dtype = None if isinstance(g.type, Unknown) else dtype_of(g.type)
    if dtype in (None, "f16", "c32"):
        return apply(call.b, "scattered", (g, at, size))
    if dtype is not None and dtype[0] == "c":
        real = "np.bincount(at, weights=np.real(g), minlength=size)"
        return call(f"{real} + 1j * {real.replace('np.real', 'np.imag')}", g=g, **env)
    sums = call("np.bincount(at, weights=g, minlength=size)", g=g, **env)
    return sums if dtype == "f4" else as_floats(call, sums, at)


def as_floats(call: Call, sums: Value, at: Value) -> Value:
    """What np.bincount made of entries that may be none: it gives whole zeros then."""
    shape = shape_of(at.type)
    if shape is not None and all(isinstance(dim, int) and dim > 0 for dim in shape):
        return sums
    return call("np.asarray(sums, dtype=kind)", sums=sums, kind=call.b.const(float, "float"))


def flat(call: Call, value: Value) -> Value:
    """The value as one line."""
    if isinstance(value.type, Array) and value.type.shape is not None and len(value.type.shape) == 1:
        return value
    return call("np.ravel(v)", v=value)


def moving(
    signature: str,
    name: str,
    infer: Infer | None = None,
    static: Sequence[str] = (),
    transpose: Callable[[Call, Value], Value | None] | None = None,
    others: Mapping[str, Piece] | None = None,
) -> Rule:
    """A function that only puts elements of its argument elsewhere; it tells by itself where they come from."""

    def pull(call: Call, g: Value) -> Value:
        own = transpose(call, g) if transpose is not None else None
        return scattered(call, g, moved_places(call, name), name) if own is None else own

    return linear(signature, {name: pull, **(others or {})}, infer=infer, static=static)


def moved_places(call: Call, name: str) -> Value:
    """For each element of the result the place that it comes from."""
    operands = [places(call, name) if value is call.values[name] else value for value in call.op.operands]
    return apply(call.b, call.rule.name, operands, call.args)


def parts_back(call: Call, g: Value, axis: int) -> Value:
    """The adjoint of an array from those of its parts, which overlap where the places to cut do not rise."""
    text = "np.concatenate(g, axis=axis)"
    joined = call(text, g=g, axis=call.b.const(axis))
    if _rising(call.statics.get("indices_or_sections")):
        return joined
    return scattered(call, joined, call(text, g=moved_places(call, "ary"), axis=call.b.const(axis)), "ary")


def _rising(where: object) -> bool:
    """Whether an array is cut from left to right, as far as that is known."""
    if not isinstance(where, (tuple, list)):
        return isinstance(where, int)
    return sorted(where) == list(where) and len({place < 0 for place in where}) < 2


def _binned_type(facts: Facts) -> Type:
    return Array(dtype_of(facts.types[0]), shape_facts(facts.statics, "size") or (None,))


linear(
    "scattered(g, at, size)",
    {"g": "y_bar[at]"},
    infer=_binned_type,
    doc="a line of zeros with each entry of g added at its place; where np.bincount has no sums of the dtype",
)
