"""Sums and means, and what all functions of the axes of an array share.

y = np.sum(a)            ->      a_bar = np.broadcast_to(y_bar, a.shape)
y = np.mean(a, axis=0)   ->      a_bar = np.broadcast_to(y_bar / a.shape[0], a.shape)
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from adgen.ir.core import Value
from adgen.ir.types import Array, Scalar, Type, Unknown, show
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.asked import numpy_function
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, code, dtype_of, promote, reduced_shape
from adgen.rules.kinds import general, linear, zero
from adgen.rules.rule import Facts, Infer, TypeProblem


# types ---------------------------------------------------------------------------------------------------------------
def reduction(name: str) -> Infer:
    """The type rule of a reduction over `axis`."""

    def infer(facts: Facts) -> Type:
        type_ = as_content(facts.types[0])
        axis = facts.static("axis", 0 if name.endswith(".reduce") else None)
        keepdims = bool(facts.static("keepdims", False))
        own = promote([type_, as_content(facts.type("mean"))]) if facts.has("mean") else dtype_of(type_)
        dtype = _dtype(name, facts, own)
        if isinstance(type_, Unknown) or (isinstance(type_, Array) and type_.shape is None):
            if axis is None and not keepdims:
                return Array(dtype, ())
            return Array(dtype, None)
        if isinstance(type_, Scalar):
            return Array(dtype, ())
        if not isinstance(type_, Array) or type_.shape is None:
            raise TypeProblem(f"`{name}` of {show(type_)}", "pass an array")
        return Array(dtype, reduced_shape(type_.shape, axis, keepdims, name))

    return infer


def _dtype(name: str, facts: Facts, own: str | None) -> str | None:
    """The dtype asked for (None where it is known only at run time), else the function's own."""
    if not facts.has("dtype"):
        return reduced_dtype(name, own)
    wanted = facts.statics.get("dtype", ...)
    return reduced_dtype(name, own) if wanted is None else None if wanted is ... else code(wanted)


def reduced_dtype(name: str, dtype: str | None) -> str | None:
    """The dtype of a reduction, asked of NumPy."""
    boolean = name.rsplit(".", 1)[-1] in ("any", "all")
    if dtype is None:
        return "b1" if boolean else None
    try:
        return code(np.asarray(numpy_function(name)(np.ones(1, dtype))).dtype)
    except TypeError as problem:
        raise TypeProblem(f"`{name}` of an array of dtype {np.dtype(dtype)}", "convert it") from problem


# pieces --------------------------------------------------------------------------------------------------------------
def axis_of(call: Call) -> object:
    """The axis of a call: all axes where it is not given, the first one for `reduce`."""
    return call.static("axis", 0 if call.rule.name.endswith(".reduce") else None)


def axes(call: Call, name: str = "a") -> tuple[int, ...]:
    """The axes that a call reduces, non-negative and in order."""
    return axes_of(axis_of(call), call.rank(name), call.rule.name)


def kept(call: Call, g: Value, name: str = "a") -> Value:
    """A reduced value with the reduced axes back as axes of size 1, where broadcasting needs them."""
    if call.static("keepdims", False) or (axis_of(call) is None and shapes.is_scalar(g.type)):
        return g
    rank, over = call.rank(name), axes(call, name)
    if over == tuple(range(len(over))) or shapes.is_scalar(g.type):
        return g
    return apply(call.b, "np.expand_dims", (g, shapes.axis_value(call.b, over))) if rank else g


def count(call: Call, name: str = "a") -> Value | None:
    """How many elements go into one result; None for one."""
    if partial(call):
        return _numbers(call)
    if axis_of(call) is None and not shapes.is_scalar(call.type(name)):
        return call(f"np.size({name})" if isinstance(call.type(name), Unknown) else f"{name}.size")
    over = axes(call, name)
    if not over:
        return None
    if len(over) == call.rank(name):
        return call(f"{name}.size")
    return call(" * ".join(f"{name}.shape[{axis}]" for axis in over))


def spread(call: Call, g: Value, name: str = "a") -> Value:
    """A reduced value repeated to the shape of the argument, zero where an element takes no part."""
    if axis_of(call) is None and not call.static("keepdims", False) and not partial(call):
        return shapes.expand(call.b, g, call.values[name])
    return shapes.expand(call.b, only(call, kept(call, g, name)), call.values[name])


def reduced(call: Call, text: str, name: str = "a", dtype: Value | None = None, **more: Value) -> Value:
    """The sum of a formula over the axes of the call."""
    value = call(text, **more)
    if shapes.is_scalar(call.type(name)):
        return value
    operands, args = [value], ["a"]
    if dtype is not None:
        operands.append(dtype)
        args.append("dtype")
    if call.rule.name.endswith(".reduce") and "axis" not in call.args:
        operands.append(call.b.const(0))
        args.append("axis")
    for static in ("axis", "keepdims"):
        if call.has(static):
            operands.append(call.values[static])
            args.append(static)
    return apply(call.b, "np.sum", operands, args)


# elements that take part ---------------------------------------------------------------------------------------------
def skips_nan(call: Call) -> bool:
    """Whether it is one of the functions that leave nan out."""
    return call.rule.name.startswith("np.nan")


def partial(call: Call) -> bool:
    """Whether some elements may take no part: nan, and those that `where` leaves out."""
    return skips_nan(call) or (call.has("where") and call.b.constants.get(call.values["where"]) is not True)


def only(call: Call, value: Value, other: str = "0.0") -> Value:
    """A value for the elements that take part, another one for the rest."""
    if skips_nan(call):
        value = call(f"np.where(np.isnan(a), {other}, v)", v=value)
    if call.has("where") and call.b.constants.get(call.values["where"]) is not True:
        value = call(f"np.where(where, v, {other})", v=value)
    return value


def _numbers(call: Call) -> Value:
    """How many elements of each line take part."""
    there = only(call, call.b.const(1.0))
    return there if shapes.is_scalar(call.type("a")) else reduced(call, "v", v=whole(call, there))


def whole(call: Call, value: Value) -> Value:
    """A value in the shape of the argument."""
    return shapes.expand(call.b, value, call.values["a"])


# sum and mean --------------------------------------------------------------------------------------------------------
def _mean_vjp(call: Call, g: Value) -> Value:
    number = count(call)
    return spread(call, g if number is None else apply(call.b, "div", (g, number)))


def _initial_vjp(call: Call, g: Value) -> Value:
    return shapes.unbroadcast(call.b, g, call.values["initial"])


SUM = "(a, axis=None, dtype=None, *, keepdims=False, initial=None, where=None)"
MEAN = "(a, axis=None, dtype=None, *, keepdims=False, where=None)"
EXTREME = "(a, axis=None, *, keepdims=False, initial=None, where=None)"
REDUCE = "(a, axis=0, dtype=None, *, keepdims=False, initial=None, where=None)"

for _name in ("np.sum", "np.add.reduce"):
    linear(
        _name + (REDUCE if "reduce" in _name else SUM),
        {"a": spread, "initial": _initial_vjp},
        infer=reduction(_name),
    )
linear("np.mean" + MEAN, {"a": _mean_vjp}, infer=reduction("np.mean"))


def _nansum_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total = reduced(call, "dot", dot=whole(call, only(call, dots["a"]))) if "a" in dots else None
    if "initial" not in dots:
        return total
    return dots["initial"] if total is None else call("total + dot", total=total, dot=dots["initial"])


def _nanmean_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total = _nansum_jvp(call, dots)
    if total is None:
        return None
    number, vague = _numbers(call), dtype_of(call.y.type) is None
    if vague and shapes.is_scalar(call.y.type):  # a number of NumPy's is not weak
        number = call("float(number)", number=number)
    out = call("total / number", total=total, number=number)
    return shapes.unbroadcast(call.b, out, call.y) if vague else out


def _nanmean_vjp(call: Call, g: Value) -> Value:
    """As that of a mean, in the dtype of the array."""
    out, a = _mean_vjp(call, g), call.values["a"]
    return shapes.unbroadcast(call.b, out, a) if dtype_of(a.type) is None else out


general(
    "np.nansum" + SUM,
    vjp={"a": spread, "initial": _initial_vjp},
    jvp=_nansum_jvp,
    infer=reduction("np.nansum"),
    kinks="nan has derivative 0",
)
general(
    "np.nanmean" + MEAN,
    vjp={"a": _nanmean_vjp},
    jvp=_nanmean_jvp,
    infer=reduction("np.nanmean"),
    kinks="nan has derivative 0",
)


# no derivative -------------------------------------------------------------------------------------------------------
for _name in ("any", "all"):
    zero(f"np.{_name}(a, axis=None, *, keepdims=False, where=None)", infer=reduction(f"np.{_name}"))
zero("np.count_nonzero(a, axis=None, *, keepdims=False)", infer=reduction("np.count_nonzero"))


def _arg_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    axis = facts.static("axis")
    if isinstance(type_, Array) and type_.shape is not None:
        return Array("i8", reduced_shape(type_.shape, axis, bool(facts.static("keepdims", False)), facts.name))
    return Array("i8", () if axis is None else None)


for _name in ("argmax", "argmin"):
    zero(f"np.{_name}(a, axis=None, *, keepdims=False)", infer=_arg_type)
