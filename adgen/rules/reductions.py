"""Sums, means, extremes, cumulative functions.

y = np.sum(a)            ->      a_bar = np.broadcast_to(y_bar, a.shape)
y = np.mean(a, axis=0)   ->      a_bar = np.broadcast_to(y_bar / a.shape[0], a.shape)
y = np.max(a)            ->      at = a == y;  a_bar = np.where(at, y_bar / np.sum(at), 0.0)
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from adgen.ir.core import Value
from adgen.ir.types import INT, UNKNOWN, Array, Scalar, Struct, Type, Unknown
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
        axis, keepdims = facts.static("axis"), bool(facts.static("keepdims", False))
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
    return code(np.asarray(numpy_function(name)(np.ones(1, dtype))).dtype)


def _cumulative_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    if not isinstance(type_, Array) or type_.shape is None:
        return Array(None, (None,)) if facts.static("axis") is None else UNKNOWN
    dtype = reduced_dtype("np.sum", type_.dtype)
    if facts.static("axis") is not None or len(type_.shape) == 1:
        axes_of(facts.static("axis"), len(type_.shape), facts.name)
        return Array(dtype, type_.shape)
    sizes = [dim for dim in type_.shape if isinstance(dim, int)]
    return Array(dtype, (int(np.prod(sizes)) if len(sizes) == len(type_.shape) else None,))


# pieces --------------------------------------------------------------------------------------------------------------
def axes(call: Call, name: str = "a") -> tuple[int, ...]:
    """The axes that a call reduces, non-negative and in order."""
    return axes_of(call.static("axis"), call.rank(name), call.rule.name)


def kept(call: Call, g: Value, name: str = "a") -> Value:
    """A reduced value with the reduced axes back as axes of size 1, where broadcasting needs them."""
    if call.static("keepdims", False) or (call.static("axis") is None and shapes.is_scalar(g.type)):
        return g
    rank, over = call.rank(name), axes(call, name)
    if over == tuple(range(len(over))) or shapes.is_scalar(g.type):
        return g
    return apply(call.b, "np.expand_dims", (g, shapes.axis_value(call.b, over))) if rank else g


def count(call: Call, name: str = "a") -> Value | None:
    """How many elements go into one result; None for one."""
    if call.static("axis") is None and not shapes.is_scalar(call.type(name)):
        return call(f"np.size({name})" if isinstance(call.type(name), Unknown) else f"{name}.size")
    over = axes(call, name)
    if not over:
        return None
    if len(over) == call.rank(name):
        return call(f"{name}.size")
    return call(" * ".join(f"{name}.shape[{axis}]" for axis in over))


def spread(call: Call, g: Value, name: str = "a") -> Value:
    """A reduced value repeated to the shape of the argument."""
    if call.static("axis") is None and not call.static("keepdims", False):
        return shapes.expand(call.b, g, call.values[name])
    return shapes.expand(call.b, kept(call, g, name), call.values[name])


def reduced(call: Call, text: str, name: str = "a", dtype: Value | None = None, **more: Value) -> Value:
    """The sum of a formula over the axes of the call."""
    value = call(text, **more)
    if shapes.is_scalar(call.type(name)):
        return value
    operands, args = [value], ["a"]
    if dtype is not None:
        operands.append(dtype)
        args.append("dtype")
    for static in ("axis", "keepdims"):
        if call.has(static):
            operands.append(call.values[static])
            args.append(static)
    return apply(call.b, "np.sum", operands, args)


# sum and mean --------------------------------------------------------------------------------------------------------
def _sum_vjp(call: Call, g: Value) -> Value:
    return spread(call, g)


def _mean_vjp(call: Call, g: Value) -> Value:
    number = count(call)
    return spread(call, g if number is None else apply(call.b, "div", (g, number)))


linear("np.sum(a, axis=None, dtype=None, keepdims=False)", {"a": _sum_vjp}, infer=reduction("np.sum"))
linear("np.mean(a, axis=None, keepdims=False)", {"a": _mean_vjp}, infer=reduction("np.mean"))


def _nan_vjp(call: Call, g: Value) -> Value:
    """nan has no share."""
    return call("np.where(np.isnan(a), 0.0, g)", g=kept(call, g))


def _numbers(call: Call) -> Value:
    """How many elements are not nan, of each line."""
    there = call("np.where(np.isnan(a), 0.0, 1.0)")
    return there if shapes.is_scalar(call.type("a")) else reduced(call, "there", there=there)


def _nanmean_vjp(call: Call, g: Value) -> Value:
    return _nan_vjp(call, call("g / number", g=g, number=_numbers(call)))


def _nansum_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    return reduced(call, "np.where(np.isnan(a), 0.0, dot)", dot=dots["a"]) if "a" in dots else None


def _nanmean_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total = _nansum_jvp(call, dots)
    return None if total is None else call("total / number", total=total, number=_numbers(call))


general(
    "np.nansum(a, axis=None, keepdims=False)",
    vjp={"a": _nan_vjp},
    jvp=_nansum_jvp,
    infer=reduction("np.nansum"),
    kinks="nan has derivative 0",
)
general(
    "np.nanmean(a, axis=None, keepdims=False)",
    vjp={"a": _nanmean_vjp},
    jvp=_nanmean_jvp,
    infer=reduction("np.nanmean"),
    kinks="nan has derivative 0",
)


# products ------------------------------------------------------------------------------------------------------------
def _others(call: Call) -> Value:
    """For each element the product of all others along the axes: exact where elements are zero."""
    b, a, rank, over = call.b, call.values["a"], call.rank("a"), axes(call)
    if rank == 0 or not over:
        return apply(b, "np.ones_like", (a,))
    if len(over) == 1:
        return others_along(call, a, over[0])
    if len(over) == rank:
        line = others_along(call, formula.evaluate(b, "np.ravel(a)", {"a": a}), 0)
        return call("np.reshape(others, a.shape)", others=line)
    last = b.const(tuple(range(rank - len(over), rank)))  # the axes go last and become one
    moved = call("np.moveaxis(a, over, last)", over=b.const(over), last=last)
    rows = [b.item(formula.evaluate(b, "a.shape", {"a": moved}), place) for place in range(rank - len(over))]
    shape = b.pack(
        Struct("tuple", tuple(map(str, range(len(rows) + 1))), (INT,) * (len(rows) + 1)), [*rows, _size(call, over)]
    )
    lines = others_along(call, call("np.reshape(moved, shape)", moved=moved, shape=shape), len(rows))
    text = "np.moveaxis(np.reshape(lines, moved.shape), last, over)"
    return call(text, lines=lines, moved=moved, last=last, over=b.const(over))


def _size(call: Call, over: tuple[int, ...]) -> Value:
    return call(" * ".join(f"a.shape[{axis}]" for axis in over))


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
    return formula.evaluate(call.b, "g * others", {"g": kept(call, g), "others": _others(call)})


def _prod_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    return reduced(call, "dot * others", dot=dots["a"], others=_others(call)) if "a" in dots else None


general(
    "np.prod(a, axis=None, keepdims=False)",
    vjp={"a": _prod_vjp},
    jvp=_prod_jvp,
    infer=reduction("np.prod"),
)


# extremes ------------------------------------------------------------------------------------------------------------
def _at(call: Call) -> tuple[Value, Value]:
    """Where the extreme is, and at how many places (a count in the dtype of the array: float32 stays float32)."""
    at = call("a == y", y=kept(call, call.y))
    type_ = call.type("a")
    if isinstance(type_, Unknown):
        return at, call("int(np.sum(at))", at=at)
    return at, reduced(call, "at", at=at, dtype=None if dtype_of(type_) == "f8" else call("a.dtype"))


def _extreme_vjp(call: Call, g: Value) -> Value:
    if shapes.is_scalar(call.type("a")):
        return g
    at, ties = _at(call)
    return call("np.where(at, share, 0.0)", at=at, share=kept(call, call("g / ties", g=g, ties=ties)))


def _extreme_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    if shapes.is_scalar(call.type("a")):
        return dots["a"]
    at, ties = _at(call)
    return call("s / ties", s=reduced(call, "np.where(at, dot, 0.0)", at=at, dot=dots["a"]), ties=ties)


for _name in ("np.max", "np.min", "np.nanmax", "np.nanmin"):
    general(
        f"{_name}(a, axis=None, keepdims=False)",
        vjp={"a": _extreme_vjp},
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
        found.append((at, reduced(call, "at", at=at)))
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
    "np.ptp(a, axis=None, keepdims=False)",
    vjp={"a": _range_vjp},
    jvp=_range_jvp,
    infer=reduction("np.ptp"),
    kinks="ties share equally",
)


# variance ------------------------------------------------------------------------------------------------------------
def _need_real(call: Call) -> None:
    if is_complex(call.op.operands[0].type):
        raise TypeProblem(
            f"the derivative of `{call.rule.name}` of complex numbers", "use the real and imaginary parts"
        )


def _centred(call: Call) -> Value:
    """a minus its mean along the axes."""
    a, axis = call.values["a"], call.static("axis")
    if axis is None or len(axes(call)) == call.rank("a"):
        return call("a - np.mean(a)")
    over = axes(call)
    mean = apply(call.b, "np.mean", (a, shapes.axis_value(call.b, over), call.b.const(True)), ("a", "axis", "keepdims"))
    return call("a - mean", mean=mean)


def _freedom(call: Call) -> Value:
    number = count(call) or call.b.const(1)
    ddof = call.static("ddof", 0)
    return number if ddof == 0 else call("number - ddof", number=number, ddof=call.b.const(ddof))


def _var_vjp(call: Call, g: Value) -> Value:
    _need_real(call)
    return call("2.0 * g / number * r", g=kept(call, g), number=_freedom(call), r=_centred(call))


def _var_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    _need_real(call)
    total = reduced(call, "r * dot", r=_centred(call), dot=dots["a"])
    return call("2.0 * total / number", total=total, number=_freedom(call))


def _std_vjp(call: Call, g: Value) -> Value:
    _need_real(call)
    scale = call("g / (number * np.where(y == 0.0, 1.0, y))", g=g, number=_freedom(call))
    return call("scale * r", scale=kept(call, scale), r=_centred(call))


def _std_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    _need_real(call)
    total = reduced(call, "r * dot", r=_centred(call), dot=dots["a"])
    return call("total / (number * np.where(y == 0.0, 1.0, y))", total=total, number=_freedom(call))


general(
    "np.var(a, axis=None, ddof=0, keepdims=False)",
    vjp={"a": _var_vjp},
    jvp=_var_jvp,
    infer=reduction("np.var"),
)
general(
    "np.std(a, axis=None, ddof=0, keepdims=False)",
    vjp={"a": _std_vjp},
    jvp=_std_jvp,
    infer=reduction("np.std"),
    kinks="std at 0 has derivative 0",
)


# cumulative ----------------------------------------------------------------------------------------------------------
def _cumsum_vjp(call: Call, g: Value) -> Value:
    axis, rank = call.static("axis"), call.rank("a")
    if axis is None:
        flat = call("np.cumsum(g[::-1])[::-1]", g=g)
        return flat if rank == 1 else call("np.reshape(flat, a.shape)", flat=flat)
    assert isinstance(axis, int)
    back = "[" + ", ".join([":"] * (axis % rank) + ["::-1"]) + "]"
    return call(f"np.cumsum(g{back}, axis=axis){back}", g=g)


def _steps(call: Call, a: Value) -> Value:
    """T[.., i, k] = derivative of the k-th partial product by the i-th element: exact where elements are zero."""
    text = "np.triu(np.cumprod(np.where(np.eye(n, dtype=flag), 1.0, a[..., None, :]), axis=-1))"
    size = formula.evaluate(call.b, "a.shape", {"a": a})
    n = call.b.item(size, len(a.type.shape) - 1 if isinstance(a.type, Array) and a.type.shape else 0)
    return formula.evaluate(call.b, text, {"a": a, "n": n, "flag": call.b.const(bool, "bool")})


def _line(call: Call, value: Value) -> Value:
    """The axis of the products, last."""
    axis, rank = call.static("axis"), call.rank("a")
    if rank == 1 or axis in (-1, rank - 1):
        return value
    if axis is None:
        return formula.evaluate(call.b, "np.ravel(v)", {"v": value})
    return formula.evaluate(call.b, "np.moveaxis(v, axis, -1)", {"v": value, "axis": call.values["axis"]})


def _back(call: Call, value: Value, flat: str) -> Value:
    axis, rank = call.static("axis"), call.rank("a")
    if rank == 1 or axis in (-1, rank - 1):
        return value
    if axis is None:
        return call(flat, v=value)
    return call("np.moveaxis(v, -1, axis)", v=value)


def _cumprod_vjp(call: Call, g: Value) -> Value:
    g_line = g if call.static("axis") is None else _line(call, g)
    steps = _steps(call, _line(call, call.values["a"]))
    moved = formula.evaluate(call.b, "(t @ g[..., None])[..., 0]", {"t": steps, "g": g_line})
    return _back(call, moved, "np.reshape(v, a.shape)")


def _cumprod_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    steps = _steps(call, _line(call, call.values["a"]))
    dot = _line(call, dots["a"])
    return _back(call, formula.evaluate(call.b, "(d[..., None, :] @ t)[..., 0, :]", {"t": steps, "d": dot}), "v")


linear("np.cumsum(a, axis=None)", {"a": _cumsum_vjp}, infer=_cumulative_type)
general(
    "np.cumprod(a, axis=None)",
    vjp={"a": _cumprod_vjp},
    jvp=_cumprod_jvp,
    infer=_cumulative_type,
)

# no derivative -------------------------------------------------------------------------------------------------------
for _name in ("any", "all", "count_nonzero"):
    zero(f"np.{_name}(a, axis=None, keepdims=False)", infer=reduction(f"np.{_name}"))


def _arg_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    axis = facts.static("axis")
    if isinstance(type_, Array) and type_.shape is not None:
        return Array("i8", reduced_shape(type_.shape, axis, bool(facts.static("keepdims", False)), facts.name))
    return Array("i8", () if axis is None else None)


for _name in ("argmax", "argmin"):
    zero(f"np.{_name}(a, axis=None, keepdims=False)", infer=_arg_type)
