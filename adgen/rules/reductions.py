"""Sums, means, extremes, variances: functions of the axes of an array.

y = np.sum(a)            ->      a_bar = np.broadcast_to(y_bar, a.shape)
y = np.mean(a, axis=0)   ->      a_bar = np.broadcast_to(y_bar / a.shape[0], a.shape)
y = np.max(a)            ->      at = a == y;  a_bar = np.where(at, y_bar / np.sum(at), 0.0)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from adgen.ir.core import Value
from adgen.ir.types import INT, Array, Scalar, Struct, Type, Unknown
from adgen.rules import formula, shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, code, dtype_of, is_complex, reduced_shape
from adgen.rules.kinds import general, linear, numpy_function, zero
from adgen.rules.rule import Facts, Infer, TypeProblem


# types ---------------------------------------------------------------------------------------------------------------
def reduction(name: str) -> Infer:
    """The type rule of a reduction over `axis`."""

    def infer(facts: Facts) -> Type:
        type_ = as_content(facts.types[0])
        axis = facts.static("axis", 0 if name.endswith(".reduce") else None)
        keepdims = bool(facts.static("keepdims", False))
        dtype = _dtype(name, facts, dtype_of(type_))
        if isinstance(type_, Unknown) or (isinstance(type_, Array) and type_.shape is None):
            if axis is None and not keepdims:
                return Array(dtype, ())
            return Array(dtype, None)
        if isinstance(type_, Scalar):
            return Array(dtype, ())
        if not isinstance(type_, Array) or type_.shape is None:
            raise TypeProblem(f"`{name}` of {type_}", "pass an array")
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
    return there if shapes.is_scalar(call.type("a")) else reduced(call, "v", v=_whole(call, there))


def _whole(call: Call, value: Value) -> Value:
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
    total = reduced(call, "dot", dot=_whole(call, only(call, dots["a"]))) if "a" in dots else None
    if "initial" not in dots:
        return total
    return dots["initial"] if total is None else call("total + dot", total=total, dot=dots["initial"])


def _nanmean_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total = _nansum_jvp(call, dots)
    return None if total is None else call("total / number", total=total, number=_numbers(call))


general(
    "np.nansum" + SUM,
    vjp={"a": spread, "initial": _initial_vjp},
    jvp=_nansum_jvp,
    infer=reduction("np.nansum"),
    kinks="nan has derivative 0",
)
general(
    "np.nanmean" + MEAN,
    vjp={"a": _mean_vjp},
    jvp=_nanmean_jvp,
    infer=reduction("np.nanmean"),
    kinks="nan has derivative 0",
)


# products ------------------------------------------------------------------------------------------------------------
def _others(call: Call) -> Value:
    """For each element the product of all others along the axes: exact where elements are zero."""
    b, rank, over = call.b, call.rank("a"), axes(call)
    a = only(call, call.values["a"], "1.0") if partial(call) else call.values["a"]
    if rank == 0 or not over:
        return apply(b, "np.ones_like", (a,))
    if len(over) == 1:
        return others_along(call, a, over[0])
    if len(over) == rank:
        line = others_along(call, formula.evaluate(b, "np.ravel(a)", {"a": a}), 0)
        return call("np.reshape(others, a.shape)", others=line)
    lines = lined(call, a, over)
    return unlined(call, others_along(call, lines, rank - len(over)), a, over)


def lined(call: Call, a: Value, over: tuple[int, ...]) -> Value:
    """Several axes as one, the last."""
    b, rank = call.b, len(over) + len(_rest(a, over))
    last = b.const(tuple(range(rank - len(over), rank)))
    env = {"a": a, "over": b.const(over), "last": last}
    moved = formula.evaluate(b, "np.moveaxis(a, over, last)", env)
    rows = [b.item(formula.evaluate(b, "a.shape", {"a": a}), axis) for axis in _rest(a, over)]
    size = formula.evaluate(b, " * ".join(f"a.shape[{axis}]" for axis in over), {"a": a})
    count = len(rows) + 1
    shape = b.pack(Struct("tuple", tuple(map(str, range(count))), (INT,) * count), [*rows, size])
    return formula.evaluate(b, "np.reshape(moved, shape)", {"moved": moved, "shape": shape})


def unlined(call: Call, lines: Value, a: Value, over: tuple[int, ...]) -> Value:
    """The axes that were made one, in their places."""
    b, rank = call.b, len(over) + len(_rest(a, over))
    order = [*_rest(a, over), *over]
    sizes = [b.item(formula.evaluate(b, "a.shape", {"a": a}), axis) for axis in order]
    shape = b.pack(Struct("tuple", tuple(map(str, range(rank))), (INT,) * rank), sizes)
    env = {"lines": lines, "shape": shape, "over": b.const(over), "last": b.const(tuple(range(rank - len(over), rank)))}
    return formula.evaluate(b, "np.moveaxis(np.reshape(lines, shape), last, over)", env)


def _rest(a: Value, over: tuple[int, ...]) -> list[int]:
    shape = a.type.shape if isinstance(a.type, Array) and a.type.shape is not None else ()
    return [axis for axis in range(len(shape)) if axis not in over]


def others_along(call: Call, a: Value, axis: int) -> Value:
    """For each element the product of all others on its line along an axis."""
    rank = len(a.type.shape) if isinstance(a.type, Array) and a.type.shape is not None else 1

    def cut(text: str) -> str:
        return "[" + ", ".join([":"] * axis + [text]) + "]" if rank else ""

    env = {"a": a, "axis": call.b.const(axis)}

    def make(text: str, **more: Value) -> Value:
        return formula.evaluate(call.b, text, {**env, **more})

    one = make(f"np.ones_like(a{cut(':1')})")
    before = make(f"np.cumprod(np.concatenate((one, a{cut(':-1')}), axis=axis), axis=axis)", one=one)
    after = make(f"np.cumprod(np.concatenate((one, a{cut(':0:-1')}), axis=axis), axis=axis){cut('::-1')}", one=one)
    return make("before * after", before=before, after=after)


def _prod_vjp(call: Call, g: Value) -> Value:
    if call.has("initial"):
        g = call("g * initial", g=g)
    out = formula.evaluate(call.b, "g * others", {"g": kept(call, g), "others": _others(call)})
    return only(call, out)


def _without_initial(call: Call) -> Value:
    """The product of the elements alone."""
    given = [(arg, value) for arg, value in zip(call.args, call.op.operands, strict=True) if arg != "initial"]
    return apply(call.b, call.rule.name, [value for _, value in given], [arg for arg, _ in given])


def _prod_initial(call: Call, g: Value) -> Value:
    return shapes.unbroadcast(call.b, call("g * p", g=g, p=_without_initial(call)), call.values["initial"])


def _prod_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total: Value | None = None
    if "a" in dots:
        total = reduced(call, "dot * others", dot=only(call, dots["a"]), others=_others(call))
        total = call("total * initial", total=total) if call.has("initial") else total
    if "initial" in dots:
        part = call("dot * p", dot=dots["initial"], p=_without_initial(call))
        total = part if total is None else shapes.add(call.b, total, part)
    return total


for _name in ("np.prod", "np.multiply.reduce", "np.nanprod"):
    general(
        _name + (REDUCE if "reduce" in _name else SUM),
        vjp={"a": _prod_vjp, "initial": _prod_initial},
        jvp=_prod_jvp,
        infer=reduction(_name),
        kinks="nan has derivative 0" if "nan" in _name else "",
    )


# extremes ------------------------------------------------------------------------------------------------------------
def _at(call: Call) -> tuple[Value, Value]:
    """Where the extreme is, and at how many places (a count in the dtype of the array: float32 stays float32)."""
    at = call("a == y", y=kept(call, call.y))
    type_ = call.type("a")
    if call.has("where"):
        at = call("at & where", at=at)
    if isinstance(type_, Unknown):
        return at, call("int(np.sum(at))", at=at)
    ties = reduced(call, "at", at=at, dtype=None if dtype_of(type_) == "f8" else call("a.dtype"))
    return at, call("ties + (initial == y)", ties=ties) if call.has("initial") else ties


def _extreme_vjp(call: Call, g: Value) -> Value:
    if shapes.is_scalar(call.type("a")) and not call.has("where") and not call.has("initial"):
        return g
    at, ties = _at(call)
    return call("np.where(at, share, 0.0)", at=at, share=kept(call, call("g / ties", g=g, ties=ties)))


def _extreme_initial(call: Call, g: Value) -> Value:
    share = call("np.where(initial == y, g / np.maximum(ties, 1), 0.0)", g=g, ties=_at(call)[1])
    return shapes.unbroadcast(call.b, share, call.values["initial"])


def _extreme_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if not dots:
        return None
    if shapes.is_scalar(call.type("a")) and not call.has("where") and not call.has("initial"):
        return dots["a"]
    at, ties = _at(call)
    total: Value | None = None
    if "a" in dots:
        total = reduced(call, "np.where(at, dot, 0.0)", at=at, dot=dots["a"])
    if "initial" in dots:
        part = call("np.where(initial == y, dot, 0.0)", dot=dots["initial"])
        total = part if total is None else shapes.add(call.b, total, part)
    return call("s / ties", s=total, ties=ties) if total is not None else None


for _name in ("np.max", "np.min", "np.nanmax", "np.nanmin") + tuple(
    f"np.{_short}.reduce" for _short in ("maximum", "minimum", "fmax", "fmin")
):
    general(
        _name + (REDUCE if "reduce" in _name else EXTREME),
        vjp={"a": _extreme_vjp, "initial": _extreme_initial},
        jvp=_extreme_jvp,
        infer=reduction(_name),
        kinks="ties share equally",
    )


def _extremes(call: Call) -> tuple[tuple[Value, Value], tuple[Value, Value]]:
    """Where the largest and the smallest elements are, and how many."""
    found = []
    for name in ("np.max", "np.min"):
        operands = [call.values[arg] for arg in call.args]
        y = apply(call.b, name, operands, call.args)
        at = call("a == y", y=kept(call, y))
        dtype = None if dtype_of(as_content(call.type("a"))) == "f8" else call("y.dtype", y=y)
        found.append((at, reduced(call, "at", at=at, dtype=dtype)))
    return found[0], found[1]


def _range_vjp(call: Call, g: Value) -> Value:
    (top, tops), (bottom, bottoms) = _extremes(call)
    up, down = (kept(call, call("g / ties", g=g, ties=ties)) for ties in (tops, bottoms))
    text = "np.where(top, up, 0.0) - np.where(bottom, down, 0.0)"
    return call(text, top=top, bottom=bottom, up=up, down=down)


def _range_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    (top, tops), (bottom, bottoms) = _extremes(call)
    up, down = (reduced(call, "np.where(at, dot, 0.0)", at=at, dot=dots["a"]) for at in (top, bottom))
    return call("up / tops - down / bottoms", up=up, down=down, tops=tops, bottoms=bottoms)


general(
    "np.ptp(a, axis=None, *, keepdims=False)",
    vjp={"a": _range_vjp},
    jvp=_range_jvp,
    infer=reduction("np.ptp"),
    kinks="ties share equally",
)


# variance ------------------------------------------------------------------------------------------------------------
def _centred(call: Call) -> Value:
    """a minus its mean along the axes."""
    a, axis = call.values["a"], call.static("axis")
    if call.has("mean"):
        return call("a - mean")
    name, where = ("np.nanmean" if skips_nan(call) else "np.mean"), call.has("where")
    if axis is None or len(axes(call)) == call.rank("a"):
        return call(f"a - {name}(a, where=where)" if where else f"a - {name}(a)")
    operands, args = [a, shapes.axis_value(call.b, axes(call)), call.b.const(True)], ["a", "axis", "keepdims"]
    if where:
        operands, args = [*operands, call.values["where"]], [*args, "where"]
    return call("a - mean", mean=apply(call.b, name, operands, args))


def _freedom(call: Call) -> Value:
    number = count(call) or call.b.const(1)
    ddof = call.static("ddof", call.static("correction", 0))
    return number if ddof == 0 else call("number - ddof", number=number, ddof=call.b.const(ddof))


def _conjugate(call: Call, r: Value) -> Value:
    return call("np.conj(r)", r=r) if is_complex(call.op.operands[0].type) else r


def _var_vjp(call: Call, g: Value) -> Value:
    r = _conjugate(call, _centred(call))
    return only(call, call("2.0 * g / number * r", g=kept(call, g), number=kept(call, _freedom(call)), r=r))


def _squares(call: Call, dots: Mapping[str, Value]) -> Value | None:
    """Half the tangent of the sum of squares."""
    dot: Value | None = dots.get("a")
    if "mean" in dots:
        dot = call("dot - shift", dot=dot, shift=dots["mean"]) if dot is not None else call("-s", s=dots["mean"])
    if dot is None:
        return None
    product = call("r * dot", r=_conjugate(call, _centred(call)), dot=dot)
    return reduced(call, "v", v=_whole(call, only(call, product)))


def _var_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total = _squares(call, dots)
    return None if total is None else call("2.0 * total / number", total=total, number=_freedom(call))


def _std_scale(call: Call, g: Value) -> Value:
    return call("g / (number * np.where(y == 0.0, 1.0, y))", g=g, number=_freedom(call))


def _std_vjp(call: Call, g: Value) -> Value:
    scale = _std_scale(call, g)
    return only(call, call("scale * r", scale=kept(call, scale), r=_conjugate(call, _centred(call))))


def _std_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total = _squares(call, dots)
    return None if total is None else _std_scale(call, total)


def _of_mean(pull: Callable[[Call, Value], Value]) -> Callable[[Call, Value], Value]:
    """By a mean that is given: what the elements get, summed and negated."""
    return lambda call, g: shapes.unbroadcast(call.b, call("-t", t=_whole(call, pull(call, g))), call.values["mean"])


SPREAD = "(a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=None, mean=None, correction=0)"
for _name in ("np.var", "np.nanvar", "np.std", "np.nanstd"):
    _pull, _push = (_var_vjp, _var_jvp) if _name.endswith("var") else (_std_vjp, _std_jvp)
    general(
        _name + SPREAD,
        vjp={"a": _pull, "mean": _of_mean(_pull)},
        jvp=_push,
        infer=reduction(_name),
        kinks="" if _name.endswith("var") else "std at 0 has derivative 0",
        static=("correction",),
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
