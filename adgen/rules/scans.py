"""Functions that run along an axis: cumulative sums, products, extremes.

y = np.cumsum(a)                ->      a_bar = np.cumsum(y_bar[::-1])[::-1]
y = np.maximum.accumulate(a)    ->      each y_bar is added where its maximum stands
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, Scalar, Type, Unknown, show
from adgen.rules import formula
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, code, dtype_of
from adgen.rules.kinds import general, linear, zero
from adgen.rules.reductions import reduced_dtype, skips_nan
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.scattering import places, scattered


def _axis(name: str, given: object) -> object:
    """The axis, 0 where `accumulate` is not told."""
    return 0 if given is None and name.endswith(".accumulate") else given


def cumulative_type(facts: Facts) -> Type:
    """The type of what runs along an axis."""
    type_, axis = as_content(facts.types[0]), _axis(facts.name, facts.static("axis"))
    asked = facts.static("dtype")
    more = 1 if facts.static("include_initial", False) else 0
    if not isinstance(type_, (Array, Scalar)) or (isinstance(type_, Array) and type_.shape is None):
        dtype = code(asked) if asked is not None else None
        return Array(dtype, (None,)) if axis is None else UNKNOWN if isinstance(type_, Unknown) else Array(dtype, None)
    shape = type_.shape if isinstance(type_, Array) and type_.shape is not None else ()
    plain_name = facts.name if facts.name.endswith(".accumulate") else "np.sum"
    dtype = code(asked) if asked is not None else _dtype(plain_name, dtype_of(type_))
    if axis is None and len(shape) != 1:
        sizes = [dim for dim in shape if isinstance(dim, int)]
        return Array(dtype, (int(np.prod(sizes)) if len(sizes) == len(shape) else None,))
    (place,) = axes_of(0 if axis is None else axis, len(shape), facts.name)
    return Array(dtype, (*shape[:place], _longer(shape[place], more), *shape[place + 1 :]))


def _dtype(name: str, own: str | None) -> str | None:
    return reduced_dtype(name.replace(".accumulate", ".reduce"), own)


def _longer(dim: Dim, more: int) -> Dim:
    return dim + more if isinstance(dim, int) else dim if not more else None


class Line:
    """The axis of a call, and how its argument is turned so that this axis is the last."""

    def __init__(self, call: Call, name: str = "a") -> None:
        self.call, self.name = call, name
        self.rank = call.rank(name)
        axis = _axis(call.rule.name, call.static("axis"))
        self.flat = axis is None and self.rank != 1
        self.axis = 0 if axis is None else axes_of(axis, self.rank, call.rule.name)[0]

    def cut(self, text: str) -> str:
        """A subscript along the axis."""
        return "[" + ", ".join([":"] * self.axis + [text]) + "]"

    @property
    def turned(self) -> bool:
        """Whether the axis is not the last one already."""
        return not self.flat and self.axis != self.rank - 1

    def last(self, value: Value) -> Value:
        """A value shaped like the argument, the axis last."""
        if self.flat:
            return formula.evaluate(self.call.b, "np.ravel(v)", {"v": value})
        return self.result(value)

    def result(self, value: Value) -> Value:
        """A value shaped like the result, the axis last."""
        if not self.turned:
            return value
        return self.call("np.moveaxis(v, axis, -1)", v=value, axis=self.call.b.const(self.axis))

    def back(self, value: Value) -> Value:
        """The axis in its place again, for the result."""
        if not self.turned:
            return value
        return self.call("np.moveaxis(v, -1, axis)", v=value, axis=self.call.b.const(self.axis))

    def shaped(self, value: Value) -> Value:
        """The axis in its place again, for the argument."""
        return self.call(f"np.reshape(v, {self.name}.shape)", v=value) if self.flat else self.back(value)


# sums ----------------------------------------------------------------------------------------------------------------
def _cumsum_vjp(call: Call, g: Value) -> Value:
    name = call.args[0]
    line = Line(call, name)
    if call.static("include_initial", False):
        g = call(f"g{line.cut('1:')}", g=g)
    if line.rank == 0:
        g = call("g[0]", g=g)
    elif line.rank == 1 or line.flat:
        g = call("np.cumsum(g[::-1])[::-1]", g=g)
        g = line.shaped(g)
    else:
        text = f"np.cumsum(g{line.cut('::-1')}, axis=axis){line.cut('::-1')}"
        g = call(text, g=g, axis=call.b.const(line.axis))
    return call("np.where(np.isnan(a), 0.0, g)", g=g) if skips_nan(call) else g


def _nancumsum_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    return call.repeat([call("np.where(np.isnan(a), 0.0, dot)", dot=dots["a"]), *call.op.operands[1:]])


def _cumulative_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    return call.repeat([dots["x"], *call.op.operands[1:]]) if "x" in dots else None


linear("np.cumsum(a, axis=None, dtype=None)", {"a": _cumsum_vjp}, infer=cumulative_type)
linear("np.add.accumulate(a, axis=0, dtype=None)", {"a": _cumsum_vjp}, infer=cumulative_type)
general(
    "np.nancumsum(a, axis=None, dtype=None)",
    vjp={"a": _cumsum_vjp},
    jvp=_nancumsum_jvp,
    infer=cumulative_type,
    kinks="nan has derivative 0",
)
general(
    "np.cumulative_sum(x, *, axis=None, dtype=None, include_initial=False)",
    vjp={"x": _cumsum_vjp},
    jvp=_cumulative_jvp,
    infer=cumulative_type,
    static=("include_initial",),
)


# products ------------------------------------------------------------------------------------------------------------
def _steps(call: Call, a: Value) -> Value:
    """T[.., i, k] = derivative of the k-th partial product by the i-th element: exact where elements are zero."""
    text = "np.triu(np.cumprod(np.where(np.eye(n, dtype=flag), 1.0, a[..., None, :]), axis=-1))"
    size = formula.evaluate(call.b, "a.shape", {"a": a})
    n = call.b.item(size, len(a.type.shape) - 1 if isinstance(a.type, Array) and a.type.shape else 0)
    return formula.evaluate(call.b, text, {"a": a, "n": n, "flag": call.b.const(bool, "bool")})


def _factors(call: Call, line: Line) -> Value:
    name = call.args[0]
    a = call("np.where(np.isnan(a), 1.0, a)") if skips_nan(call) else call.values[name]
    return line.last(a)


def _cumprod_vjp(call: Call, g: Value) -> Value:
    line = Line(call, call.args[0])
    if line.rank == 0:
        return call("g[0]", g=g)
    if call.static("include_initial", False):
        g = call(f"g{line.cut('1:')}", g=g)
    g_line, steps = line.result(g), _steps(call, _factors(call, line))
    moved = formula.evaluate(call.b, "(t @ g[..., None])[..., 0]", {"t": steps, "g": g_line})
    out = line.shaped(moved)
    return call("np.where(np.isnan(a), 0.0, v)", v=out) if skips_nan(call) else out


def _cumprod_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    name = call.args[0]
    if name not in dots:
        return None
    line, dot = Line(call, name), dots[name]
    if line.rank == 0:
        return call("dot[None]", dot=dot)
    dot = call("np.where(np.isnan(a), 0.0, dot)", dot=dot) if skips_nan(call) else dot
    steps = _steps(call, _factors(call, line))
    out = formula.evaluate(call.b, "(d[..., None, :] @ t)[..., 0, :]", {"t": steps, "d": line.last(dot)})
    out = line.back(out)
    if call.static("include_initial", False):
        ends = tuple((int(axis == line.axis), 0) for axis in range(line.rank))
        out = call("np.pad(v, ends)", v=out, ends=call.b.const(ends))
    return out


for _name, _first, _rest in (
    ("np.cumprod", "a", ", axis=None, dtype=None"),
    ("np.nancumprod", "a", ", axis=None, dtype=None"),
    ("np.multiply.accumulate", "a", ", axis=0, dtype=None"),
    ("np.cumulative_prod", "x", ", *, axis=None, dtype=None, include_initial=False"),
):
    general(
        f"{_name}({_first}{_rest})",
        vjp={_first: _cumprod_vjp},
        jvp=_cumprod_jvp,
        infer=cumulative_type,
        kinks="nan has derivative 0" if "nan" in _name else "",
        static=("include_initial",),
    )


# extremes ------------------------------------------------------------------------------------------------------------
def _standing(call: Call) -> Value:
    """The place on its line at which each running extreme stands (ties: the last)."""
    line = Line(call)
    if line.rank == 1:
        return call("np.maximum.accumulate(np.where(a == y, np.arange(a.size), 0))")
    column = ", ".join([":"] + ["None"] * (line.rank - 1 - line.axis))
    text = f"np.maximum.accumulate(np.where(a == y, np.arange(a.shape[axis])[{column}], 0), axis=axis)"
    size = call(f"a.shape[{line.axis}]")
    text = text.replace("a.shape[axis]", "size")
    return call(text, axis=call.b.const(line.axis), size=size)


def _running_vjp(call: Call, g: Value) -> Value:
    line = Line(call)
    if line.rank == 1:
        return scattered(call, g, _standing(call), "a")
    text = "np.take_along_axis(places, standing, axis=axis)"
    at = call(text, places=places(call, "a"), standing=_standing(call), axis=call.b.const(line.axis))
    return scattered(call, g, at, "a")


def _running_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    line = Line(call)
    if line.rank == 1:
        return call("dot[standing]", dot=dots["a"], standing=_standing(call))
    text = "np.take_along_axis(dot, standing, axis=axis)"
    return call(text, dot=dots["a"], standing=_standing(call), axis=call.b.const(line.axis))


for _short in ("maximum", "minimum", "fmax", "fmin"):
    general(
        f"np.{_short}.accumulate(a, axis=0, dtype=None)",
        vjp={"a": _running_vjp},
        jvp=_running_jvp,
        infer=cumulative_type,
        kinks="ties: the last of the equal elements",
    )


# other ufuncs --------------------------------------------------------------------------------------------------------
def _alternating(call: Call, g: Value) -> Value:
    """x0 - x1 - x2: the first counts, all others are taken away."""
    line = Line(call)
    total = _cumsum_vjp(call, g)
    first, rest = line.cut(":1"), line.cut("1:")
    text = f"np.concatenate((t{first}, -t{rest}), axis=axis)"
    return call(text, t=total, axis=call.b.const(line.axis))


linear("np.subtract.accumulate(a, axis=0, dtype=None)", {"a": _alternating}, infer=cumulative_type)


def _soft_steps(call: Call, line: Line) -> Value:
    """T[.., i, k] = derivative of the k-th running value by the i-th element."""
    power = "np.exp" if call.rule.name == "np.logaddexp.accumulate" else "np.exp2"
    env = {"a": line.last(call.values["a"]), "y": line.result(call.y)}
    return formula.evaluate(call.b, f"np.triu({power}(a[..., :, None] - y[..., None, :]))", env)


def _soft_vjp(call: Call, g: Value) -> Value:
    line = Line(call)
    env = {"t": _soft_steps(call, line), "g": line.result(g)}
    return line.shaped(formula.evaluate(call.b, "(t @ g[..., None])[..., 0]", env))


def _soft_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    line = Line(call)
    env = {"t": _soft_steps(call, line), "d": line.last(dots["a"])}
    return line.back(formula.evaluate(call.b, "(d[..., None, :] @ t)[..., 0, :]", env))


for _short in ("logaddexp", "logaddexp2"):
    general(
        f"np.{_short}.accumulate(a, axis=0, dtype=None)",
        vjp={"a": _soft_vjp},
        jvp=_soft_jvp,
        infer=cumulative_type,
    )


def _flags(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    if not isinstance(type_, Array):
        raise TypeProblem(f"`{facts.name}` of {show(type_)}", "pass an array")
    return Array("b1", type_.shape)


for _short in ("logical_and", "logical_or", "logical_xor"):
    zero(f"np.{_short}.accumulate(a, axis=0, dtype=None)", infer=_flags)
