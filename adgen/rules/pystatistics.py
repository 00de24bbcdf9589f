"""Python's `statistics`: functions of lists of numbers.

m = statistics.fmean(xs)        ->      xs_bar = [m_bar / n] * n
s = statistics.stdev(xs)        ->      xs_bar = m_bar * (xs - mean) / ((n - 1) * s)

Each is given by its gradient, a line as long as the data; results of ties are shared or follow the stable order, as
those of NumPy's functions do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adgen.ir.core import Value
from adgen.ir.types import FLOAT, Array, ListOf, Struct, Type, Unknown, show
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import plain
from adgen.rules.kinds import general
from adgen.rules.math_lines import dots_line, line_of, listed
from adgen.rules.matrices import tuple_of
from adgen.rules.rule import Facts, TypeProblem

Gradient = Callable[[Call], Value]


def _members(type_: Type) -> list[Type]:
    if isinstance(type_, ListOf):
        return [plain(type_.item)]
    return [plain(item) for item in type_.items] if isinstance(type_, Struct) else []


def _type(facts: Facts) -> Type:
    """A float, of lists of Python floats or lines of float64."""
    for type_ in map(plain, facts.types):
        lines = isinstance(type_, Array) and type_.dtype == "f8" and type_.shape is not None and len(type_.shape) == 1
        numbers = _members(type_)
        if isinstance(type_, Unknown) or not (lines or numbers):
            raise TypeProblem(f"`{facts.name}` of {show(type_)}", "pass a list of floats, or use the function of numpy")
        if any(item not in (FLOAT, Array("f8", ())) for item in numbers):
            raise TypeProblem(f"`{facts.name}` of numbers that are not all floats", "convert them: `float(x)`")
    return FLOAT


def _along(name: str, gradient: Gradient) -> Callable[[Call, Value], Value]:
    return lambda call, g: listed(call, call("g * w", g=g, w=gradient(call)), name)


def _statistic(signature: str, gradients: Mapping[str, Gradient], kinks: str = "") -> None:
    """An entry, from the gradient by each argument."""

    def jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
        total: Value | None = None
        for name, dot in dots.items():
            part = call("np.vdot(w, dot)", w=gradients[name](call), dot=dots_line(call, dot, name))
            total = part if total is None else shapes.add(call.b, total, part)
        return total

    vjp = {name: _along(name, gradient) for name, gradient in gradients.items()}
    general(f"statistics.{signature}", vjp=vjp, jvp=jvp, infer=_type, kinks=kinks)


def _formula(text: str) -> Gradient:
    """A gradient as a formula of `x`, the first argument as a line, and `y`, the result."""
    return lambda call: call(text, x=line_of(call, call.rule.params[0].name))


def _ranked(text: str) -> Gradient:
    def gradient(call: Call) -> Value:
        x = line_of(call, "data")
        kind = call.b.const("stable")
        ranks = call("np.argsort(np.argsort(x, kind=kind), kind=kind)", x=x, kind=kind)
        return call(text, ranks=ranks, x=x)

    return gradient


def _weighted(text: str, plain_text: str) -> Gradient:
    def gradient(call: Call) -> Value:
        x = line_of(call, "data")
        return call(text, x=x, w=line_of(call, "weights")) if call.has("weights") else call(plain_text, x=x)

    return gradient


def _pair(text: str) -> tuple[Gradient, Gradient]:
    """The gradients of a function of two lines, by the first and (with the two exchanged) by the second."""

    def first(call: Call) -> Value:
        return call(text, a=_centred(call, "x"), b=_centred(call, "y"))

    def second(call: Call) -> Value:
        return call(text, a=_centred(call, "y"), b=_centred(call, "x"))

    return first, second


def _centred(call: Call, name: str) -> Value:
    return call("x - np.mean(x)", x=line_of(call, name))


_statistic("mean(data)", {"data": _formula("np.full_like(x, 1.0 / x.size)")})
_statistic(
    "fmean(data, weights=None)",
    {
        "data": _weighted("w / np.sum(w)", "np.full_like(x, 1.0 / x.size)"),
        "weights": _weighted("(x - y) / np.sum(w)", ""),
    },
)
_statistic("geometric_mean(data)", {"data": _formula("y / (x.size * x)")})
_statistic(
    "harmonic_mean(data, weights=None)",
    {
        "data": _weighted("w / np.sum(w) * (y / x) * (y / x)", "(y / x) * (y / x) / x.size"),
        "weights": _weighted("y * (1.0 - y / x) / np.sum(w)", ""),
    },
)
_statistic("pvariance(data)", {"data": _formula("2.0 * (x - np.mean(x)) / x.size")})
_statistic("variance(data)", {"data": _formula("2.0 * (x - np.mean(x)) / (x.size - 1)")})
_SPREAD = "stdev of equal numbers has gradient 0"
_statistic(
    "pstdev(data)", {"data": _formula("(x - np.mean(x)) / (x.size * np.where(y == 0.0, 1.0, y))")}, kinks=_SPREAD
)
_statistic(
    "stdev(data)", {"data": _formula("(x - np.mean(x)) / ((x.size - 1) * np.where(y == 0.0, 1.0, y))")}, kinks=_SPREAD
)
_ORDER = "ties follow the stable order"
_statistic("median(data)", {"data": _ranked("np.maximum(0.0, 1.0 - np.abs(ranks - 0.5 * (x.size - 1)))")}, kinks=_ORDER)
_statistic("median_low(data)", {"data": _ranked("np.where(ranks == (x.size - 1) // 2, 1.0, 0.0)")}, kinks=_ORDER)
_statistic("median_high(data)", {"data": _ranked("np.where(ranks == x.size // 2, 1.0, 0.0)")}, kinks=_ORDER)
_statistic("median_grouped(data)", {"data": _ranked("np.where(ranks == x.size // 2, 1.0, 0.0)")}, kinks=_ORDER)
_statistic(
    "mode(data)", {"data": _formula("np.where(x == y, 1.0 / np.sum(x == y), 0.0)")}, kinks="equal numbers share equally"
)
_OF_X, _OF_Y = _pair("b / (a.size - 1)")
_statistic("covariance(x, y) -> z", {"x": _OF_X, "y": _OF_Y})
_OF_X, _OF_Y = _pair("(b / np.sqrt(np.vdot(b, b)) - z * a / np.sqrt(np.vdot(a, a))) / np.sqrt(np.vdot(a, a))")
_statistic("correlation(x, y) -> z", {"x": _OF_X, "y": _OF_Y})


# several results -----------------------------------------------------------------------------------------------------
def _fit_type(facts: Facts) -> Type:
    _type(Facts(facts.name, facts.args[:2], facts.types[:2], facts.statics))
    return tuple_of(FLOAT, FLOAT)


def _through_origin(call: Call) -> bool:
    return bool(call.static("proportional", False))


def _fit_bars(call: Call, g: Value) -> tuple[Value, Value]:
    """The adjoints of both lines; the intercept is that of the means."""
    slope, x, y = call.b.item(call.y, 0), line_of(call, "x"), line_of(call, "y")
    env = {"s": slope, "x": x, "y": y, "g": call.b.item(g, 0)}
    if _through_origin(call):
        return call("g * (y - 2.0 * s * x) / np.vdot(x, x)", **env), call("g * x / np.vdot(x, x)", **env)
    env |= {"c": call("x - np.mean(x)", x=x), "d": call("y - np.mean(y)", y=y), "h": call.b.item(g, 1)}
    env["t"] = call("(g - h * np.mean(x)) / np.vdot(c, c)", **env)
    return call("t * (d - 2.0 * s * c) - h * s / x.size", **env), call("t * c + h / x.size", **env)


def _fit_side(place: int, name: str) -> Callable[[Call, Value], Value]:
    return lambda call, g: listed(call, _fit_bars(call, g)[place], name)


def _fit_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if not dots:
        return None
    b, x, y = call.b, line_of(call, "x"), line_of(call, "y")
    none = call("np.zeros(x.size)", x=x)
    x_dot, y_dot = (dots_line(call, dots[name], name) if name in dots else none for name in ("x", "y"))
    env = {"s": b.item(call.y, 0), "x": x, "y": y, "u": x_dot, "v": y_dot}
    if _through_origin(call):
        slope = call("(np.vdot(y - 2.0 * s * x, u) + np.vdot(x, v)) / np.vdot(x, x)", **env)
        shift = b.const(0.0)
    else:
        env |= {"c": call("x - np.mean(x)", x=x), "d": call("y - np.mean(y)", y=y)}
        slope = call("(np.vdot(d - 2.0 * s * c, u) + np.vdot(c, v)) / np.vdot(c, c)", **env)
        shift = call("np.mean(v) - s * np.mean(u) - slope * np.mean(x)", slope=slope, **env)
    return b.pack(tuple_of(slope.type, shift.type), (slope, shift))


general(
    "statistics.linear_regression(x, y, *, proportional=False) -> z",
    vjp={"x": _fit_side(0, "x"), "y": _fit_side(1, "y")},
    jvp=_fit_jvp,
    infer=_fit_type,
    static=("proportional",),
)


def _cuts_type(facts: Facts) -> Type:
    _type(Facts(facts.name, facts.args[:1], facts.types[:1], facts.statics))
    if facts.static("method", "exclusive") not in ("exclusive", "inclusive"):
        raise TypeProblem("`statistics.quantiles` with this method", "use 'exclusive' or 'inclusive'")
    return ListOf(FLOAT)


def _cut_weights(call: Call) -> Value:
    """The weight of each number of the data in each cut."""
    x, n = line_of(call, "data"), call.values["n"] if call.has("n") else call.b.const(4)
    kind = call.b.const("stable")
    env = {"x": x, "n": n, "ranks": call("np.argsort(np.argsort(x, kind=kind), kind=kind)", x=x, kind=kind)}
    env["i"] = call("np.arange(1, n)", n=n)
    if call.static("method", "exclusive") == "exclusive":
        j = call("np.clip(i * (x.size + 1) // n, 1, x.size - 1)", **env)
        share = call("(i * (x.size + 1) - j * n) / n", j=j, **env)
    else:
        j = call("i * (x.size - 1) // n + 1", **env)
        share = call("(i * (x.size - 1) - (j - 1) * n) / n", j=j, **env)
    env |= {"j": j, "share": share}
    low = call("np.where(ranks == j[:, None] - 1, 1.0 - share[:, None], 0.0)", **env)
    return call("low + np.where(ranks == j[:, None], share[:, None], 0.0)", low=low, **env)


general(
    "statistics.quantiles(data, *, n=4, method='exclusive')",
    vjp={"data": lambda call, g: listed(call, call("np.array(g) @ w", g=g, w=_cut_weights(call)), "data")},
    jvp=lambda call, dots: (
        apply(call.b, "tolist", (call("w @ dot", w=_cut_weights(call), dot=dots_line(call, dots["data"], "data")),))
        if "data" in dots
        else None
    ),
    infer=_cuts_type,
    static=("method",),
    kinks=_ORDER,
)


def _modes_type(facts: Facts) -> Type:
    _type(facts)
    return ListOf(FLOAT)


def _modes(call: Call) -> Value:
    """For each result the numbers that are equal to it share it."""
    x = line_of(call, "data")
    same = call("np.array(y)[:, None] == x", x=x)
    return call("same / np.sum(same, axis=axis)[:, None]", same=same, axis=call.b.const(1))


general(
    "statistics.multimode(data)",
    vjp={"data": lambda call, g: listed(call, call("np.array(g) @ w", g=g, w=_modes(call)), "data")},
    jvp=lambda call, dots: (
        apply(call.b, "tolist", (call("w @ dot", w=_modes(call), dot=dots_line(call, dots["data"], "data")),))
        if "data" in dots
        else None
    ),
    infer=_modes_type,
    kinks="equal numbers share equally",
)
