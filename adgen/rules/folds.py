"""Ufuncs that fold a line from its first element on: reduce, accumulate and reduceat of those that are no sum.

y = np.divide.reduce(a)         each step  z = f(z, x)  has a derivative by z and one by x; what an element adds to the
y = np.power.accumulate(a)      result is its own derivative by x times all later ones by z
y = np.multiply.reduceat(a, k)  the pieces are the rows of one array, filled up with ones

The array is turned so that the axis is the last one; the products are exact where a derivative is zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Type
from adgen.rules import formula, shapes
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, code, is_complex, shape_of
from adgen.rules.kinds import general, zero
from adgen.rules.reductions import REDUCE, axes, reduced_dtype, reduction
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.scans import cumulative_type
from adgen.rules.scattering import places, scattered

# derivatives of z = f(a, b) by the value so far, a, and by the next element, b
_ANGLE = "r / np.where(s == 0.0, 1.0, s) / np.where(s == 0.0, 1.0, s)"
_ROOT = "r / np.where(z == 0.0, 1.0, z)"
STEPS = {
    "multiply": ("b", "a"),
    "subtract": ("1.0", "-1.0"),
    "divide": ("1.0 / b", "-z / b"),
    "power": ("b * a ** (b - (b != 0))", "z * np.log(np.where(a > 0.0, a, 1.0))"),
    "float_power": ("b * a ** (b - (b != 0))", "z * np.log(np.where(a > 0.0, a, 1.0))"),
    "arctan2": (_ANGLE.replace("r", "b", 1), _ANGLE.replace("r", "-a", 1)),
    "hypot": (_ROOT.replace("r", "a", 1), _ROOT.replace("r", "b", 1)),
    "logaddexp": ("np.exp(a - z)", "np.exp(b - z)"),
    "logaddexp2": ("np.exp2(a - z)", "np.exp2(b - z)"),
    "mod": ("1.0", "-(a // b)"),
    "fmod": ("1.0", "np.rint((z - a) / b)"),
    "copysign": ("np.where(np.signbit(a) == np.signbit(b), 1.0, -1.0)", "0.0"),
    "nextafter": ("1.0", "0.0"),
    "floor_divide": ("0.0", "0.0"),
    "heaviside": ("0.0", "np.where(a == 0.0, 1.0, 0.0)"),
}
REAL = ("power", "float_power")  # of complex numbers their logarithms would need branches
WRONG = ("power", "arctan2")  # with AVX-512 NumPy reduces a contiguous line to f(first, last) alone


class Steps(NamedTuple):
    """The derivatives along lines: by the value so far (all but the first), and by each element."""

    so_far: Value
    own: Value


def _short(call: Call) -> str:
    return call.rule.name.split(".")[1]


def _refuse_wrong(call: Call) -> None:
    """A derivative of what NumPy gives on some machines alone would be right on no other."""
    name = _short(call)
    if name in WRONG:
        why = f"the derivative of `{call.rule.name}`, in which NumPy leaves out elements on some machines"
        raise TypeProblem(why, f"take the last of np.{name}.accumulate")


def _steps(call: Call, line: Value, there: Value | None = None) -> Steps:
    """The derivatives of all steps along lines; elements that are not `there` leave the value as it is."""
    name = _short(call)
    if name in REAL and is_complex(line.type):
        raise TypeProblem(f"the derivative of `{call.rule.name}` of complex numbers", "write the loop")

    def make(text: str, **more: Value) -> Value:
        return formula.evaluate(call.b, text, {"line": line, **more})

    values = make(f"np.{name}.accumulate(line, axis=last)", last=call.b.const(-1))
    env = {"a": make("v[..., :-1]", v=values), "b": make("line[..., 1:]"), "z": make("v[..., 1:]", v=values)}
    if name == "arctan2":
        env["s"] = make("np.hypot(a, b)", **env)
    found = []
    for text, none in zip(STEPS[name], ("1.0", "0.0"), strict=True):
        part = make(text, **env) if not _is_number(text) else make(f"np.full_like(b, {text})", **env)
        found.append(part if there is None else make(f"np.where(t[..., 1:], part, {none})", t=there, part=part))
    one = make("np.ones_like(line[..., :1])")
    return Steps(found[0], make("np.concatenate((one, own), axis=last)", one=one, own=found[1], last=call.b.const(-1)))


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "").isdigit()


def _weights(call: Call, line: Value, there: Value | None = None) -> Value:
    """The derivative of the last value of each line by its elements."""
    steps = _steps(call, line, there)
    env = {"line": line, "p": steps.so_far, "q": steps.own, "last": call.b.const(-1)}
    later = "np.concatenate((p, np.ones_like(line[..., :1])), axis=last)"
    return formula.evaluate(call.b, f"q * np.cumprod({later}[..., ::-1], axis=last)[..., ::-1]", env)


def _last(call: Call, value: Value, axis: int, rank: int) -> Value:
    """The axis moved to the end."""
    return value if axis == rank - 1 else call("np.moveaxis(v, axis, -1)", v=value, axis=call.b.const(axis))


def _back(call: Call, value: Value, axis: int, rank: int) -> Value:
    """The last axis moved back to its place."""
    return value if axis == rank - 1 else call("np.moveaxis(v, -1, axis)", v=value, axis=call.b.const(axis))


# reduce --------------------------------------------------------------------------------------------------------------
class _Lines(NamedTuple):
    """The lines that are reduced: what is folded first, how the elements were sorted, and the derivatives."""

    axis: int
    rank: int
    initial: bool
    order: Value | None
    weights: Value


def _given(call: Call, name: str) -> bool:
    """Whether an argument is given that changes what is folded."""
    return call.has(name) and (name != "where" or call.b.constants.get(call.values[name]) is not True)


def _lines(call: Call) -> _Lines:
    _refuse_wrong(call)
    over, rank, last = axes(call), call.rank("a"), call.b.const(-1)
    if len(over) != 1:
        raise TypeProblem(f"the derivative of `{call.rule.name}` over other than one axis", "reduce one axis")
    line, there, order = _last(call, call.values["a"], over[0], rank), None, None
    if _given(call, "where"):  # those that take part come first, in their order
        there = _last(call, call("np.broadcast_to(where, a.shape)"), over[0], rank)
        first = call("np.logical_not(there)", there=there)
        order = call("np.argsort(first, axis=last, kind=kind)", first=first, last=last, kind=call.b.const("stable"))
        there = call("np.take_along_axis(there, order, axis=last)", there=there, order=order, last=last)
        line = call("np.take_along_axis(line, order, axis=last)", line=line, order=order, last=last)
        line = call("np.where(there, line, 1.0)", there=there, line=line)
    if _given(call, "initial"):
        shape = call("np.sum(line, axis=last, keepdims=kept)", line=line, last=last, kept=call.b.const(True))
        first = call("np.full_like(shape, initial)", shape=shape)
        line = call("np.concatenate((first, line), axis=last)", first=first, line=line, last=last)
        if there is not None:
            flag = call("np.full_like(shape, told, dtype=kind)", shape=shape, told=call.b.const(True), kind=_flag(call))
            there = call("np.concatenate((flag, there), axis=last)", flag=flag, there=there, last=last)
    return _Lines(over[0], rank, _given(call, "initial"), order, _weights(call, line, there))


def _flag(call: Call) -> Value:
    return call.b.const(bool, "bool")


def _wide(call: Call, g: Value, lines: _Lines) -> Value:
    """A reduced value with an axis of size 1 at the end."""
    if call.static("keepdims", False):
        return _last(call, g, lines.axis, lines.rank)
    return call("g[..., None]", g=g) if lines.rank > 1 else g


def _reduce_vjp(call: Call, g: Value) -> Value:
    lines = _lines(call)
    out = call("g * w", g=_wide(call, g, lines), w=lines.weights)
    out = call("v[..., 1:]", v=out) if lines.initial else out
    if lines.order is not None:
        last = call.b.const(-1)
        back = call("np.argsort(order, axis=last)", order=lines.order, last=last)
        out = call("np.take_along_axis(v, back, axis=last)", v=out, back=back, last=last)
    return _back(call, out, lines.axis, lines.rank)


def _initial_vjp(call: Call, g: Value) -> Value:
    lines = _lines(call)
    out = call("g * w[..., :1]", g=_wide(call, g, lines), w=lines.weights)
    return shapes.unbroadcast(call.b, out, call.values["initial"])


def _reduce_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if not dots:
        return None
    lines, last, total = _lines(call), call.b.const(-1), None
    if "a" in dots:
        dot = _last(call, dots["a"], lines.axis, lines.rank)
        if lines.order is not None:
            dot = call("np.take_along_axis(dot, order, axis=last)", dot=dot, order=lines.order, last=last)
        weights = call("w[..., 1:]", w=lines.weights) if lines.initial else lines.weights
        total = call("np.sum(w * dot, axis=last)", w=weights, dot=dot, last=last)
    if "initial" in dots:
        part = call("w[..., 0] * dot", w=lines.weights, dot=dots["initial"])
        total = part if total is None else call("total + part", total=total, part=part)
    kept = bool(call.static("keepdims", False))
    return call("np.expand_dims(v, axis)", v=total, axis=call.b.const(lines.axis)) if kept and total else total


# accumulate ----------------------------------------------------------------------------------------------------------
def _table(call: Call, axis: int) -> Value:
    """T[.., i, k] = derivative of the k-th running value by the i-th element."""
    line = _last(call, call.values["a"], axis, call.rank("a"))
    steps = _steps(call, line)
    env = {"line": line, "p": steps.so_far, "q": steps.own, "last": call.b.const(-1)}
    env["n"] = call(f"a.shape[{axis}]")
    env["p"] = call("np.concatenate((np.ones_like(line[..., :1]), p), axis=last)", **env)
    text = "np.cumprod(np.where(np.arange(n)[:, None] >= np.arange(n), 1.0, p[..., None, :]), axis=last)"
    return call(f"np.triu(q[..., None] * {text})", **env)


def _accumulate_vjp(call: Call, g: Value) -> Value:
    rank = call.rank("a")
    (axis,) = axes_of(call.static("axis", 0), rank, call.rule.name)
    out = call("(t @ g[..., None])[..., 0]", t=_table(call, axis), g=_last(call, g, axis, rank))
    return _back(call, out, axis, rank)


def _accumulate_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    rank = call.rank("a")
    (axis,) = axes_of(call.static("axis", 0), rank, call.rule.name)
    out = call("(d[..., None, :] @ t)[..., 0, :]", t=_table(call, axis), d=_last(call, dots["a"], axis, rank))
    return _back(call, out, axis, rank)


# reduceat ------------------------------------------------------------------------------------------------------------
class _Pieces(NamedTuple):
    """The pieces as lines of one array: which elements they are, which of them count, and the derivatives."""

    axis: int
    rank: int
    at: Value
    weights: Value


def _pieces(call: Call) -> _Pieces:
    _refuse_wrong(call)
    rank = call.rank("a")
    (axis,) = axes_of(call.static("axis", 0), rank, call.rule.name)
    sizes = starts_and_sizes(call, axis)
    at = call("starts[:, None] + np.arange(np.max(sizes))", **sizes)
    there = call("np.arange(np.max(sizes)) < sizes[:, None]", **sizes)
    at = call("np.minimum(at, n - 1)", at=at, n=sizes["n"])
    line = call("line[..., at]", line=_last(call, call.values["a"], axis, rank), at=at)
    line = call("np.where(there, line, 1.0)", there=there, line=line)
    weights = _weights(call, line, there)
    return _Pieces(axis, rank, at, call("np.where(there, w, 0.0)", there=there, w=weights))


def starts_and_sizes(call: Call, axis: int) -> dict[str, Value]:
    """Where the pieces of a `reduceat` start, how long they are, and how many elements a line has."""
    n = call(f"a.shape[{axis}]")
    starts = call("np.array(indices)")
    stops = call("np.append(starts[1:], n)", starts=starts, n=n)
    return {"starts": starts, "n": n, "sizes": call("np.maximum(stops - starts, 1)", stops=stops, starts=starts)}


def _reduceat_vjp(call: Call, g: Value) -> Value:
    pieces = _pieces(call)
    shares = call("g[..., None] * w", g=_last(call, g, pieces.axis, pieces.rank), w=pieces.weights)
    line = _last(call, places(call, "a"), pieces.axis, pieces.rank)
    return scattered(call, shares, call("line[..., at]", line=line, at=pieces.at), "a")


def _reduceat_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    pieces = _pieces(call)
    dot = call("dot[..., at]", dot=_last(call, dots["a"], pieces.axis, pieces.rank), at=pieces.at)
    out = call("np.sum(w * dot, axis=last)", w=pieces.weights, dot=dot, last=call.b.const(-1))
    return _back(call, out, pieces.axis, pieces.rank)


def pieces_type(facts: Facts) -> Type:
    """The type of what `reduceat` gives: one result for each index along the axis."""
    type_, starts = as_content(facts.types[0]), shape_of(facts.type("indices"))
    shape = shape_of(type_)
    if shape is None or not isinstance(type_, Array):
        return UNKNOWN
    (axis,) = axes_of(facts.static("axis", 0), len(shape), facts.name)
    wanted = facts.static("dtype")
    dtype = code(wanted) if wanted is not None else reduced_dtype(facts.name.replace("reduceat", "reduce"), type_.dtype)
    return Array(dtype, (*shape[:axis], starts[0] if starts else None, *shape[axis + 1 :]))


# entries -------------------------------------------------------------------------------------------------------------
OWN_REDUCE = ("multiply", "subtract", "hypot", "logaddexp", "logaddexp2")  # with shorter derivatives
OWN_ACCUMULATE = ("multiply", "subtract", "logaddexp", "logaddexp2")

for _name in STEPS:
    _first = f"np.{_name}"
    if _name not in OWN_REDUCE:
        general(
            f"{_first}.reduce{REDUCE}",
            vjp={"a": _reduce_vjp, "initial": _initial_vjp},
            jvp=_reduce_jvp,
            infer=reduction(f"{_first}.reduce"),
        )
    if _name not in OWN_ACCUMULATE:
        general(
            f"{_first}.accumulate(a, axis=0, dtype=None)",
            vjp={"a": _accumulate_vjp},
            jvp=_accumulate_jvp,
            infer=cumulative_type,
        )
    general(
        f"{_first}.reduceat(a, indices, axis=0, dtype=None)",
        vjp={"a": _reduceat_vjp},
        jvp=_reduceat_jvp,
        infer=pieces_type,
    )
for _name in ("logical_and", "logical_or", "logical_xor"):
    zero(f"np.{_name}.reduceat(a, indices, axis=0, dtype=None)", infer=pieces_type)
