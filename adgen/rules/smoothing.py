"""scipy.integrate and scipy.signal: linear maps along an axis, whose weights SciPy itself gives.

z = scipy.integrate.simpson(y)                  ->      y_bar = z_bar * simpson(np.eye(y.size))
z = scipy.integrate.cumulative_simpson(y)       ->      y_bar = z_bar @ cumulative_simpson(np.eye(y.size)).T
z = scipy.signal.detrend(y)                     ->      y_bar = detrend(z_bar)
z = scipy.signal.savgol_filter(y, 5, 2)         ->      the filter of z_bar, and the polynomials of both ends
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adgen.ir.core import Value
from adgen.ir.types import Array, Dim, Type
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.composed import pulled
from adgen.rules.infer import as_content, axes_of, is_complex, shape_of
from adgen.rules.kinds import Piece, general
from adgen.rules.matrices import float_dtype
from adgen.rules.rule import Facts, TypeProblem


def place(call: Call, name: str) -> int:
    """The axis along which an argument is taken."""
    axis = call.static("axis", -1)
    return axes_of(axis, call.rank(name), call.rule.name)[0]


def _shape(facts: Facts, name: str) -> tuple[Dim, ...]:
    shape = shape_of(facts.type(name))
    if not shape:
        raise TypeProblem(f"`{facts.name}` of an array of unknown rank", "annotate it")
    if is_complex(as_content(facts.type(name))):
        raise TypeProblem(f"`{facts.name}` of complex numbers", "take the real and imaginary parts")
    return shape


def _again(call: Call, name: str, dot: Value, leave: Sequence[str] = ()) -> Value:
    """The same call of another array, without some arguments."""
    args = [arg for arg in call.args if arg not in leave]
    return apply(call.b, call.rule.name, [dot if arg == name else call.values[arg] for arg in args], args)


# integrals -----------------------------------------------------------------------------------------------------------
def _line_of_places(facts: Facts) -> None:
    if facts.has("x") and len(shape_of(facts.type("x")) or (None,)) != 1:
        raise TypeProblem(f"`{facts.name}` at places that are no line", "give it one line of places")


def _integral_type(facts: Facts) -> Type:
    shape = _shape(facts, "y")
    _line_of_places(facts)
    (axis,) = axes_of(facts.static("axis", -1), len(shape), facts.name)
    return Array(float_dtype([as_content(facts.type("y"))]), (*shape[:axis], *shape[axis + 1 :]))


def _running_type(facts: Facts) -> Type:
    shape = _shape(facts, "y")
    _line_of_places(facts)
    (axis,) = axes_of(facts.static("axis", -1), len(shape), facts.name)
    dim = shape[axis]
    size = dim if facts.static("initial") is not None else dim - 1 if isinstance(dim, int) else None
    return Array(float_dtype([as_content(facts.type("y"))]), (*shape[:axis], size, *shape[axis + 1 :]))


def _weights(call: Call) -> Value:
    """What the integral makes of the unit vectors, one in each row."""
    args = [arg for arg in ("x", "dx", "initial") if arg in call.args]
    eye = call(f"np.eye(y.shape[{place(call, 'y')}])")
    values = [call.b.const(0) if arg == "initial" and call.has(arg) else call.values[arg] for arg in args]
    return apply(call.b, call.rule.name, [eye, *values], ["y", *args])


def _integral_y(call: Call, g: Value) -> Value:
    axis, rank = place(call, "y"), call.rank("y")
    beside = call.b.const((-1, *(1 for _ in range(rank - 1 - axis))))
    weights = _weights(call)
    if axis < rank - 1:
        weights = call("np.reshape(w, beside)", w=weights, beside=beside)
    column = g if shapes.is_scalar(g.type) else call("np.expand_dims(g, axis)", g=g, axis=call.b.const(axis))
    return call("g * w", g=column, w=weights)


def _running_y(call: Call, g: Value) -> Value:
    axis, last = place(call, "y"), call.rank("y") - 1
    if axis == last:
        return call("g @ m.T", g=g, m=_weights(call))
    env = {"a": call.b.const(axis), "z": call.b.const(-1)}
    return call("np.moveaxis(np.moveaxis(g, a, z) @ m.T, z, a)", g=g, m=_weights(call), **env)


def _step(call: Call, g: Value) -> Value:
    one = _again(call, "y", call.values["y"], ("dx", "initial") if call.static("initial") is None else ("dx",))
    return shapes.unbroadcast(call.b, call("g * one", g=g, one=one), call.values["dx"])


def _places(call: Call, g: Value) -> Value:
    raise TypeProblem(f"the derivative of `{call.rule.name}` by the places", "use scipy.integrate.trapezoid")


def _starts(call: Call, g: Value) -> Value:
    raise TypeProblem(f"the derivative of `{call.rule.name}` by `initial`", "add it to the result")


def _integral_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total: Value | None = None
    for name, dot in dots.items():
        if name == "x":
            return _places(call, dot)
        if name == "initial":
            return _starts(call, dot)
        if name == "y":
            part = _moved(call, dot)
        else:
            part = call("dot * one", dot=dot, one=_again(call, "y", call.values["y"], ("dx",)))
        total = part if total is None else call("total + part", total=total, part=part)
    return total


def _moved(call: Call, dot: Value) -> Value:
    """The integral of a tangent, which begins at zero."""
    if not call.has("initial"):
        return _again(call, "y", dot)
    values = [dot if arg == "y" else call.b.const(0) if arg == "initial" else call.values[arg] for arg in call.args]
    return apply(call.b, call.rule.name, values, call.args)


for _text in ("simpson(y, *, x=None, dx=1.0, axis=-1) -> z", "romb(y, dx=1.0, axis=-1) -> z"):
    general(
        f"scipy.integrate.{_text}",
        vjp={"y": _integral_y, "dx": _step} | ({"x": _places} if "x=" in _text.replace("dx=", "") else {}),
        jvp=_integral_jvp,
        infer=_integral_type,
    )


def _zero_start(facts: Facts) -> Type:
    if facts.static("initial") not in (None, 0):
        raise TypeProblem("`scipy.integrate.cumulative_simpson` with this `initial`", "give 0 or nothing, and add it")
    return _running_type(facts)


general(
    "scipy.integrate.cumulative_simpson(y, *, x=None, dx=1.0, axis=-1, initial=None) -> z",
    vjp={"y": _running_y, "dx": _step, "x": _places},
    jvp=_integral_jvp,
    infer=_zero_start,
    static=("initial",),
)


# smoothing -----------------------------------------------------------------------------------------------------------
def _same_type(name: str) -> object:
    def infer(facts: Facts) -> Type:
        return Array(float_dtype([as_content(facts.type(name))]), _shape(facts, name))

    return infer


def _detrended(call: Call, g: Value) -> Value:
    """A projection: its own transpose."""
    return _again(call, "data", g)


general(
    "scipy.signal.detrend(data, axis=-1, type='linear', bp=0)",
    vjp={"data": _detrended},
    jvp={"data": _detrended},
    infer=_same_type("data"),  # type: ignore[arg-type]
)

PADDED = {"mirror": "reflect", "nearest": "edge", "wrap": "wrap"}


def _smoothed_type(facts: Facts) -> Type:
    width, mode = facts.static("window_length"), facts.static("mode", "interp")
    if not isinstance(width, int) or width % 2 == 0 or width < 3:
        raise TypeProblem("`scipy.signal.savgol_filter` of an even window", "write an odd number of samples, 3 or more")
    if mode not in ("interp", "constant", *PADDED):
        raise TypeProblem(f"`scipy.signal.savgol_filter` with mode={mode!r}", "use one that it knows")
    facts.static("deriv")
    return Array(float_dtype([as_content(facts.type("x"))]), _shape(facts, "x"))


def _filtered(call: Call, x: Value, mode: str, axis: int) -> Value:
    """The filter without its ends."""
    args = [arg for arg in ("window_length", "polyorder", "deriv", "delta") if arg in call.args]
    operands = [x, *(call.values[arg] for arg in args), call.b.const(axis), call.b.const(mode)]
    return apply(call.b, call.rule.name, operands, ["x", *args, "axis", "mode"])


def _smoothed(call: Call) -> Value:
    """The filter of an array with what is taken to be beyond its ends."""
    b, axis = call.b, place(call, "x")
    width, rank = call.static("window_length"), call.rank("x")
    assert isinstance(width, int)
    half = width // 2
    ends = b.const(tuple((half, half) if k == axis else (0, 0) for k in range(rank)))
    whole = call("np.pad(x, ends, mode=mode)", ends=ends, mode=b.const(PADDED[str(call.static("mode"))]))
    inner = _filtered(call, whole, "constant", axis)
    return call(f"np.take(s, np.arange(x.shape[{axis}]) + half, axis=a)", s=inner, half=b.const(half), a=b.const(axis))


def _turned(call: Call, g: Value, axis: int) -> Value:
    """The transpose of the filter without its ends: its weights are even, or odd."""
    turned = _filtered(call, g, "constant", axis)
    return call("-turned", turned=turned) if int(str(call.static("deriv", 0))) % 2 else turned


def _with_ends(call: Call, g: Value) -> Value:
    """The transpose of the filter with a polynomial at each end."""
    b, axis, last = call.b, place(call, "x"), call.rank("x") - 1
    width = call.static("window_length")
    assert isinstance(width, int)
    half, ahead = width // 2, ":, " * last
    env = {"a": b.const(axis), "z": b.const(-1), "w": b.const(width), "half": b.const(half)}
    env["g"] = g if axis == last else call("np.moveaxis(g, a, z)", **env, g=g)
    env["m"] = _filtered(call, call("np.eye(w)", **env), "interp", -1)
    env["k"] = call(f"np.arange(x.shape[{axis}])")
    inside = call(f"np.where((k >= half) & (k < x.shape[{axis}] - half), g, 0.0)", **env)
    env["rest"] = call(f"np.zeros_like(g[{ahead}{width}:])", **env)
    first = call(f"np.concatenate((g[{ahead}:{half}] @ m[:, :{half}].T, rest), axis=z)", **env)
    final = call(f"np.concatenate((rest, g[{ahead}-{half}:] @ m[:, -{half}:].T), axis=z)", **env)
    out = call("s + first + final", s=_turned(call, inside, last), first=first, final=final)
    return out if axis == last else call("np.moveaxis(s, z, a)", s=out, **env)


def _smoothed_x(call: Call, g: Value) -> Value | None:
    mode = call.static("mode", "interp")
    if mode == "constant":
        return _turned(call, g, place(call, "x"))
    return _with_ends(call, g) if mode == "interp" else pulled(call, _smoothed, g, "x")


def _smoothed_dot(call: Call, dot: Value) -> Value:
    return _filtered(call, dot, str(call.static("mode", "interp")), place(call, "x"))


def _slope_of(call: Call, name: str) -> Value | None:
    """The derivative by the distance of samples, or by the value beyond the ends."""
    b, order = call.b, int(str(call.static("deriv", 0)))
    if name == "delta":
        return call("-order * y / delta", order=b.const(float(order))) if order else None
    if call.static("mode", "interp") != "constant":
        return None
    args = [arg for arg in ("window_length", "polyorder", "deriv", "delta") if arg in call.args]
    more = {"axis": b.const(place(call, "x")), "mode": b.const("constant"), "cval": b.const(1.0)}
    operands = [call("np.zeros_like(x)"), *(call.values[arg] for arg in args), *more.values()]
    return apply(b, call.rule.name, operands, ["x", *args, *more])


def _number_vjp(name: str) -> Piece:
    def piece(call: Call, g: Value) -> Value | None:
        slope = _slope_of(call, name)
        if slope is None:
            return None
        return shapes.unbroadcast(call.b, call("g * slope", g=g, slope=slope), call.values[name])

    return piece


def _number_jvp(name: str) -> Piece:
    def piece(call: Call, dot: Value) -> Value | None:
        slope = _slope_of(call, name)
        return None if slope is None else call("slope * dot", slope=slope, dot=dot)

    return piece


_OWN: dict[str, Piece] = {"x": _smoothed_x, "delta": _number_vjp("delta"), "cval": _number_vjp("cval")}
general(
    "scipy.signal.savgol_filter(x, window_length, polyorder, deriv=0, delta=1.0, axis=-1, mode='interp', cval=0.0)",
    vjp=_OWN,
    jvp={"x": _smoothed_dot, "delta": _number_jvp("delta"), "cval": _number_jvp("cval")},
    infer=_smoothed_type,
    static=("window_length", "deriv", "mode"),
)
