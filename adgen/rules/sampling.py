"""Functions of samples: interpolation, integrals, polynomials.

z = np.trapezoid(y, x)           ->      half = 0.5 * z_bar * np.diff(x);  y_bar = half to both ends of each piece
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adgen.ir.core import Value
from adgen.ir.types import NONE, UNKNOWN, Array, ListOf, Struct, Type, Unknown
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.composed import composed, pulled, pushed
from adgen.rules.infer import as_content, axes_of, dtype_of, is_complex, plain, promote, shape_of, strong
from adgen.rules.kinds import general
from adgen.rules.lists import taken_apart
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.scattering import as_floats


def _float(types: list[Type]) -> str | None:
    """The dtype of a quotient of these."""
    if any(isinstance(type_, Unknown) for type_ in types):
        return None
    dtype = promote([as_content(type_) for type_ in types])
    return dtype if dtype is None or dtype[0] in "fc" else "f8"


# interpolation -------------------------------------------------------------------------------------------------------
def _interp_type(facts: Facts) -> Type:
    shape = shape_of(facts.types[0])
    if is_complex(facts.type("fp")):
        raise TypeProblem("`np.interp` of complex values", "interpolate the real and imaginary parts")
    return UNKNOWN if shape is None else Array("f8", shape)


def _piece(call: Call) -> Value:
    """The piece of the line in which each x is."""
    if shape_of(call.type("xp")) == (1,):
        raise TypeProblem("the derivative of `np.interp` between the values at one place", "give two places or more")
    return call("np.clip(np.searchsorted(xp, x, side=side) - 1, 0, xp.size - 2)", side=call.b.const("right"))


def _slope(call: Call) -> Value:
    """The derivative by x: zero outside."""
    rise = call("(fp[k + 1] - fp[k]) / (xp[k + 1] - xp[k])", k=_piece(call))
    return call("np.where((x < xp[0]) | (x > xp[-1]), 0.0, rise)", rise=rise)


def _inside(call: Call, g: Value) -> Value:
    """The adjoint where the value is not one of those given for outside."""
    tests = [test for name, test in (("left", "x < xp[0]"), ("right", "x > xp[-1]")) if call.has(name)]
    for test in tests:
        g = call(f"np.where({test}, 0.0, g)", g=g)
    return g


def _scattered(call: Call, g: Value) -> Value:
    """What each x gives to the two places beside it."""
    k, g = _piece(call), _inside(call, g)
    t = call("np.clip((x - xp[k]) / (xp[k + 1] - xp[k]), 0.0, 1.0)", k=k)
    left = "np.bincount(np.ravel(k), weights=np.ravel(g - g * t), minlength=fp.size)"
    right = "np.bincount(np.ravel(k + 1), weights=np.ravel(g * t), minlength=fp.size)"
    return as_floats(call, call(f"{left} + {right}", g=g, k=k, t=t), call.values["x"])


def _outside(name: str, test: str) -> Callable[[Call, Value], Value]:
    return lambda call, g: shapes.unbroadcast(call.b, call(f"np.where({test}, g, 0.0)", g=g), call.values[name])


def _periodic(call: Call) -> Value:
    """The places in one period, in order, with a neighbour on either side: there is no outside, no left and right."""
    env = {name: _double(call, call.values[name]) for name in ("x", "xp", "fp", "period")}
    told = call.b.constants.get(call.values["period"])
    if not (isinstance(told, (int, float)) and told > 0):
        env["period"] = call("np.abs(period)", **env)
    places = call("np.mod(xp, period)", **env)
    order = call("np.argsort(places)", places=places)
    around = call("np.concatenate((order[-1:], order, order[:1]))", order=order)
    turns = call("np.concatenate((-np.ones(1), np.zeros(xp.size), np.ones(1)))")
    env["places"] = call(
        "np.take(places, around) + turns * period", **env | {"places": places}, around=around, turns=turns
    )
    env["values"] = call("np.take(fp, around)", **env, around=around)
    return call("np.interp(np.mod(x, period), places, values)", **env)


def _double(call: Call, value: Value) -> Value:
    """Numbers of more digits as float64: with a period NumPy takes them, without one it does not."""
    return (
        shapes.cast(call.b, value, Value(Array("f8", shape_of(value.type)))) if dtype_of(value.type) == "f16" else value
    )


OUTSIDE = ("left", "right")
PULLED: dict[str, Callable[[Call, Value], Value]] = {
    "x": lambda call, g: call("g * slope", g=g, slope=_slope(call)),
    "xp": lambda call, g: call("-s", s=_scattered(call, call("g * slope", g=g, slope=_slope(call)))),
    "fp": _scattered,
    "left": _outside("left", "x < xp[0]"),
    "right": _outside("right", "x > xp[-1]"),
}
PUSHED: dict[str, Callable[[Call, Value], Value]] = {
    "x": lambda call, dot: call("slope * dot", slope=_slope(call), dot=dot),
    "xp": lambda call, dot: call("-slope * np.interp(x, xp, dot)", slope=_slope(call), dot=dot),
    "fp": lambda call, dot: _inside(call, call("np.interp(x, xp, dot)", dot=dot)),
    "left": lambda call, dot: call("np.where(x < xp[0], dot, 0.0)", dot=dot),
    "right": lambda call, dot: call("np.where(x > xp[-1], dot, 0.0)", dot=dot),
}


def _interp_vjp(name: str) -> Callable[[Call, Value], Value | None]:
    def pull(call: Call, g: Value) -> Value | None:
        if call.has("period"):
            return None if name in OUTSIDE else pulled(call, _periodic, g, name)
        return PULLED[name](call, g)

    return pull


def _interp_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if call.has("period"):
        return pushed(call, _periodic, {name: dot for name, dot in dots.items() if name not in OUTSIDE})
    total: Value | None = None
    for name, dot in dots.items():
        part = PUSHED[name](call, dot)
        total = part if total is None else shapes.add(call.b, total, part)
    if total is not None and isinstance(call.y.type, Unknown):  # values are in double precision, whatever x is
        return shapes.unbroadcast(call.b, total, call.y)
    return total


general(
    "np.interp(x, xp, fp, left=None, right=None, period=None)",
    vjp={name: _interp_vjp(name) for name in (*PULLED, "period")},
    jvp=_interp_jvp,
    infer=_interp_type,
    kinks="interp at a given place: the slope on its right; outside: 0",
)


# integrals -----------------------------------------------------------------------------------------------------------
def _trapezoid_type(facts: Facts) -> Type:
    shape, axis = shape_of(facts.types[0]), facts.static("axis", -1)
    steps = [type_ for arg, type_ in zip(facts.args, facts.types, strict=True) if arg in ("x", "dx")]
    dtype = _float([facts.types[0], *(type_ for type_ in steps if type_ != NONE)])
    if shape is None or not shape:
        return UNKNOWN
    (place,) = axes_of(axis, len(shape), facts.name)
    return Array(dtype, (*shape[:place], *shape[place + 1 :]))


def _axis(call: Call) -> int:
    return axes_of(call.static("axis", -1), call.rank("y"), call.rule.name)[0]


def _at(call: Call, text: str) -> str:
    """A subscript along the axis of the pieces."""
    return "[" + ", ".join([":"] * _axis(call) + [text]) + "]"


def _beside(call: Call, line: Value, axis: int) -> Value:
    """A line of values with the axes that y has behind its axis."""
    behind = call.rank("y") - 1 - axis
    return call(f"v[{', '.join([':'] + ['None'] * behind)}]", v=line) if behind else line


def _steps(call: Call) -> Value:
    if not call.has("x"):
        return call.values["dx"] if call.has("dx") else call.b.const(1.0)
    return _widths(call, call.values["x"])


def _widths(call: Call, x: Value) -> Value:
    """The widths of the pieces, beside y."""
    axis = _axis(call)
    if call.rank("x") == 1:
        return _beside(call, call("np.diff(x)", x=x), axis)
    return call("np.diff(x, axis=axis)", x=x, axis=call.b.const(axis))


def _column(call: Call, g: Value) -> Value:
    """The adjoint beside an axis for the pieces."""
    return g if shapes.is_scalar(g.type) else call("np.expand_dims(g, axis)", g=g, axis=call.b.const(_axis(call)))


def _ends(call: Call, text: str, piece: Value, axis: int, like: Value) -> Value:
    """What the pieces give to their right and to their left ends."""
    env = {"piece": piece, "axis": call.b.const(axis)}
    zero = call(f"np.zeros_like(like[{', '.join([':'] * axis + [':1'])}])", like=like, **env)
    right = call("np.concatenate((zero, piece), axis=axis)", zero=zero, **env)
    left = call("np.concatenate((piece, zero), axis=axis)", zero=zero, **env)
    return call(text, left=left, right=right)


def _trapezoid_y(call: Call, g: Value) -> Value:
    text = f"0.5 * g * steps * np.ones_like(y{_at(call, '1:')})"
    return _ends(
        call, "left + right", call(text, g=_column(call, g), steps=_steps(call)), _axis(call), call.values["y"]
    )


def _trapezoid_x(call: Call, g: Value) -> Value:
    axis = _axis(call)
    piece = call(f"0.5 * g * (y{_at(call, '1:')} + y{_at(call, ':-1')})", g=_column(call, g))
    others = tuple(place for place in range(call.rank("y")) if place != axis)
    if call.rank("x") < call.rank("y"):
        piece = call("np.sum(piece, axis=others)", piece=piece, others=shapes.axis_value(call.b, others))
        axis = 0
    return _ends(call, "right - left", piece, axis, call.values["x"])


def _trapezoid_dx(call: Call, g: Value) -> Value | None:
    if call.has("x"):  # which says the widths
        return None
    return shapes.unbroadcast(call.b, call("g * t", g=g, t=_unit(call)), call.values["dx"])


def _unit(call: Call) -> Value:
    """The integral with pieces of width 1."""
    if call.has("axis"):
        return call("np.trapezoid(y, axis=axis)")
    return call("np.trapezoid(y)")


def _trapezoid_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total: Value | None = None
    heights = f"np.sum(0.5 * (y{_at(call, '1:')} + y{_at(call, ':-1')}) * steps, axis=over)"
    for name, dot in dots.items():
        if name == "y":
            part = call.repeat([dot, *call.op.operands[1:]])
        elif name == "x":
            part = call(heights, steps=_widths(call, dot), over=call.b.const(_axis(call)))
        elif call.has("x"):  # which says the widths
            continue
        else:
            part = call("dot * t", dot=dot, t=_unit(call))
        total = part if total is None else shapes.add(call.b, total, part)
    return total


for _name in ("np.trapezoid", "scipy.integrate.trapezoid"):
    general(
        f"{_name}(y, x=None, dx=1.0, axis=-1) -> z",
        vjp={"y": _trapezoid_y, "x": _trapezoid_x, "dx": _trapezoid_dx},
        jvp=_trapezoid_jvp,
        infer=_trapezoid_type,
    )


def _running_type(facts: Facts) -> Type:
    shape, axis = shape_of(facts.types[0]), facts.static("axis", -1)
    steps = [type_ for arg, type_ in zip(facts.args, facts.types, strict=True) if arg in ("x", "dx")]
    if not shape:
        raise TypeProblem("`scipy.integrate.cumulative_trapezoid` of an array of unknown rank", "annotate it")
    if facts.static("initial") not in (None, 0):
        raise TypeProblem("`scipy.integrate.cumulative_trapezoid` with this `initial`", "give 0 or nothing")
    (place,) = axes_of(axis, len(shape), facts.name)
    dim = shape[place]
    size = dim if facts.static("initial") is not None else dim - 1 if isinstance(dim, int) else None
    return Array(
        _float([facts.types[0], *(type_ for type_ in steps if type_ != NONE)]),
        (*shape[:place], size, *shape[place + 1 :]),
    )


def _running(call: Call) -> Value:
    """The pieces, summed up one by one."""
    axis = _axis(call)
    env = {"axis": call.b.const(axis), "n": call(f"y.shape[{axis}] - 1")}
    low = call("np.take(y, np.arange(n), axis=axis)", **env)
    high = call("np.take(y, np.arange(n) + 1, axis=axis)", **env)
    widths = _running_widths(call, axis)
    out = call("np.cumsum(0.5 * (low + high) * widths, axis=axis)", low=low, high=high, widths=widths, **env)
    if call.static("initial") is None:
        return out
    zero = call("np.zeros_like(np.take(y, np.arange(1), axis=axis))", **env)
    return call("np.concatenate((zero, out), axis=axis)", zero=zero, out=out, **env)


def _running_widths(call: Call, axis: int) -> Value:
    """The widths of the pieces, beside y, by functions alone."""
    if not call.has("x"):
        return _steps(call)
    if call.rank("x") != 1:
        return call("np.diff(x, axis=axis)", axis=call.b.const(axis))
    behind = ", 1" * (call.rank("y") - 1 - axis)
    return call(f"np.reshape(np.diff(x), (-1{behind}))" if behind else "np.diff(x)")


composed(
    "scipy.integrate.cumulative_trapezoid(y, x=None, dx=1.0, axis=-1, initial=None) -> z",
    _running,
    _running_type,
    static=("initial",),
)


# polynomials ---------------------------------------------------------------------------------------------------------
def _polyval_type(facts: Facts) -> Type:
    p, x = (as_content(type_) for type_ in facts.types[:2])
    shape = shape_of(x)
    if shape_of(p) is not None and len(shape_of(p) or ()) != 1:
        raise TypeProblem("`np.polyval` of coefficients that are no line", "pass a line, highest power first")
    if shape is None or isinstance(p, Unknown):
        return UNKNOWN
    return Array(promote([p, strong(x)]), shape)


def _coefficients(call: Call) -> Value:
    value = call.values["p"]
    return apply(call.b, "np.array", (value,)) if isinstance(plain(value.type), (ListOf, Struct)) else value


def _polyval_slope(call: Call) -> Value:
    """The polynomial's derivative."""
    return call("np.polyval(p[:-1] * np.arange(p.size - 1, 0, -1), x)", p=_coefficients(call))


def _polyval_p(call: Call, g: Value) -> Value:
    p = _coefficients(call)
    powers = call("np.ravel(x)[:, None] ** np.arange(p.size - 1, -1, -1)", p=p)
    return taken_apart(call.b, call("np.ravel(g) @ powers", g=g, powers=powers), plain(call.values["p"].type))


def _polyval_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total: Value | None = None
    if "x" in dots:
        total = call("slope * dot", slope=_polyval_slope(call), dot=dots["x"])
    if "p" in dots:
        part = call("np.polyval(dot, x)", dot=dots["p"])
        total = part if total is None else shapes.add(call.b, total, part)
    return total


general(
    "np.polyval(p, x)",
    vjp={"p": _polyval_p, "x": lambda call, g: call("g * slope", g=g, slope=_polyval_slope(call))},
    jvp=_polyval_jvp,
    infer=_polyval_type,
)
