"""Numbers between two ends: linspace, geomspace, logspace, arange; between arrays of ends along any axis.

y = np.linspace(a, b, n)         ->      a_bar = np.vdot(y_bar, 1.0 - t), where t runs from 0 to 1
y = np.geomspace(a, b, n)        ->      a_bar = np.sum(y_bar * (y * (1.0 - t) / a))
y = np.arange(a, b, h)           ->      a_bar = np.sum(y_bar);  h_bar = np.vdot(y_bar, np.arange(y.size))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adgen.ir.core import Value
from adgen.ir.types import NONE, UNKNOWN, Array, Dim, Scalar, Struct, Type, Unknown
from adgen.rules import shapes
from adgen.rules.apply import apply, shape_facts
from adgen.rules.call import Call
from adgen.rules.composed import composed
from adgen.rules.infer import as_content, axes_of, broadcast, code, is_complex, plain, promote, rank_of, shape_of
from adgen.rules.kinds import general
from adgen.rules.matrices import tuple_of
from adgen.rules.rule import Facts, TypeProblem

ENDS = ("start", "stop", "base")


# types ---------------------------------------------------------------------------------------------------------------
def _spaced_type(facts: Facts) -> Type:
    types = [as_content(facts.type(name)) for name in ENDS if facts.has(name)]
    shape = broadcast([shape_of(type_) for type_ in types])
    asked = facts.static("dtype")
    if asked is None and any(isinstance(type_, Unknown) for type_ in types):
        return UNKNOWN
    least = Array("f8", ()) if facts.name == "np.geomspace" else Scalar("float")  # it computes in double precision
    dtype = promote([*types, least]) if asked is None else code(asked)
    if shape is None:
        return _with_step(facts, Array(dtype, None), UNKNOWN)
    found = shape_facts(facts.statics, "num") if facts.has("num") else (50,)
    count: Dim = found[0] if found is not None and len(found) == 1 else None
    (place,) = axes_of(facts.static("axis", 0), len(shape) + 1, facts.name)
    step = Array(promote([*types, Scalar("float")]), shape)
    return _with_step(facts, Array(dtype, (*shape[:place], count, *shape[place:])), step)


def _with_step(facts: Facts, type_: Type, step: Type) -> Type:
    return tuple_of(type_, step) if facts.static("retstep", False) else type_


# shares --------------------------------------------------------------------------------------------------------------
def _numbers(call: Call) -> Value:
    """The result without the step that may come with it."""
    return call.b.item(call.y, 0) if isinstance(plain(call.y.type), Struct) else call.y


def _place(call: Call) -> int:
    """The axis along which the numbers run."""
    axis, rank = call.static("axis", 0), rank_of(_numbers(call).type)
    if rank is None:
        raise TypeProblem(f"the derivative of `{call.rule.name}` of arrays of unknown rank", "annotate them")
    assert isinstance(axis, int)
    return axis % rank


def _shares(call: Call) -> Value:
    """Numbers from 0 to 1, as many as there are results."""
    y = _numbers(call)
    size = call("y.size" if rank_of(y.type) == 1 else f"y.shape[{_place(call)}]", y=y)
    operands, args = [call.b.const(0.0), call.b.const(1.0), size], ["start", "stop", "num"]
    if call.has("endpoint"):
        operands, args = [*operands, call.values["endpoint"]], [*args, "endpoint"]
    return apply(call.b, "np.linspace", operands, args)


def _parts(call: Call) -> Value:
    """The divisor of the step."""
    count = call(f"y.shape[{_place(call)}]", y=_numbers(call))
    return count if not call.static("endpoint", True) else call("max(count - 1, 1)", count=count)


# linspace: linear in both ends ---------------------------------------------------------------------------------------
def _even(side: str, text: str, sign: str) -> Callable[[Call, Value], Value]:
    def pull(call: Call, g: Value) -> Value:
        like, step = call.values[side], None
        if isinstance(plain(call.y.type), Struct):
            step = call(f"{sign}s / parts", s=call.b.item(g, 1), parts=_parts(call))
            g = call.b.item(g, 0)
        if rank_of(g.type) == 1:
            dot = f"np.sum(g * ({text}))" if is_complex(g.type) else f"np.vdot(g, {text})"
            out = call(dot, g=g, t=_shares(call))
        else:
            place = _place(call)
            axes = call.b.const(1 if place == 0 else ((0,), (place,)))
            out = call(f"np.tensordot({text}, g, axes=axes)", g=g, t=_shares(call), axes=axes)
        out = out if step is None else shapes.add(call.b, out, step)
        return shapes.unbroadcast(call.b, out, like)

    return pull


def _even_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    """The numbers between the tangents of the ends."""
    if not dots:
        return None
    operands = []
    for arg, value in zip(call.args, call.op.operands, strict=True):
        rest = value if arg not in ENDS else call.b.const(0.0) if shapes.is_scalar(value.type) else None
        operands.append(dots[arg] if arg in dots else rest if rest is not None else call("np.zeros_like(v)", v=value))
    return call.repeat(operands)


general(
    "np.linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0)",
    vjp={"start": _even("start", "1.0 - t", "-"), "stop": _even("stop", "t", "")},
    jvp=_even_jvp,
    infer=_spaced_type,
    static=("retstep",),
)

# geomspace, logspace -------------------------------------------------------------------------------------------------
_SIDES = {
    "np.geomspace": {"start": "y * (1.0 - t) / start", "stop": "y * t / stop"},
    "np.logspace": {
        "start": "y * (1.0 - t) * np.log(base)",
        "stop": "y * t * np.log(base)",
        "base": "y * (start + (stop - start) * t) / base",
    },
}


def _along(call: Call, value: Value, whole: int) -> Value:
    """Ends with an axis of size 1 where the numbers run."""
    rank, after = rank_of(value.type) or 0, whole - 1 - _place(call)
    if rank <= after:
        return value
    return call("np.expand_dims(v, axis)", v=value, axis=call.b.const(rank - after))


def _slope(call: Call, name: str, side: str) -> Value:
    whole, place = rank_of(call.y.type) or 1, _place(call)
    t = _shares(call)
    if place < whole - 1:
        columns = ", ".join([":"] + ["None"] * (whole - 1 - place))
        t = call(f"t[{columns}]", t=t)
    given = {end: _along(call, call.values[end], whole) for end in ENDS if call.has(end)}
    return call(_SIDES[name][side], **{"base": call.b.const(10.0), **given, "t": t})


def _between(name: str, signature: str) -> None:
    def pull(side: str) -> Callable[[Call, Value], Value]:
        def piece(call: Call, g: Value) -> Value:
            slope = _slope(call, name, side)
            if rank_of(call.y.type) == 1:
                text = "np.sum(g * slope)" if is_complex(call.y.type) else "np.vdot(g, slope)"
                return shapes.unbroadcast(call.b, call(text, g=g, slope=slope), call.values[side])
            out = call("np.sum(g * slope, axis=axis)", g=g, slope=slope, axis=call.b.const(_place(call)))
            return shapes.unbroadcast(call.b, out, call.values[side])

        return piece

    def push(side: str) -> Callable[[Call, Value], Value]:
        def piece(call: Call, dot: Value) -> Value:
            slope = _slope(call, name, side)
            return call("dot * slope", dot=_along(call, dot, rank_of(call.y.type) or 1), slope=slope)

        return piece

    general(
        f"{name}{signature}",
        vjp={side: pull(side) for side in _SIDES[name]},
        jvp={side: push(side) for side in _SIDES[name]},
        infer=_spaced_type,
    )


_between("np.geomspace", "(start, stop, num=50, endpoint=True, dtype=None, axis=0)")
_between("np.logspace", "(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0)")


# arange: from a start by steps; its length is taken not to change ----------------------------------------------------
def _range_ends(facts: Facts | Call) -> bool:
    """Whether the first argument is where the range starts: `np.arange(n)` starts at zero."""
    return facts.has("stop")


def _arange_type(facts: Facts) -> Type:
    """np.arange(n), np.arange(a, b, step): ints unless an argument is a float."""
    given = [
        as_content(type_)
        for arg, type_ in zip(facts.args, facts.types, strict=True)
        if arg in ("start", "stop", "step")
    ]
    given = [type_ for type_ in given if type_ != NONE]
    asked = facts.static("dtype")
    if asked is None and any(isinstance(type_, Unknown) for type_ in given):
        return Array(None, (None,))
    dtype = promote(given) if asked is None else code(asked)
    only = not facts.has("stop") and not facts.has("step")
    found = shape_facts(facts.statics, "start")
    return Array(dtype, (found[0] if only and dtype == "i8" and found is not None and len(found) == 1 else None,))


def _start_vjp(call: Call, g: Value) -> Value | None:
    return call("np.sum(g)", g=g) if _range_ends(call) else None


def _arange_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    part = call("dot * np.arange(y.size)", dot=dots["step"]) if "step" in dots else None
    if "start" not in dots or not _range_ends(call):
        return part
    out = shapes.expand(call.b, dots["start"], call.y)
    return out if part is None else shapes.add(call.b, out, part)


general(
    "np.arange(start, stop=None, step=1, dtype=None)",
    vjp={"start": _start_vjp, "step": "np.vdot(g, np.arange(y.size))"},
    jvp=_arange_jvp,
    infer=_arange_type,
)


# windows -------------------------------------------------------------------------------------------------------------
def _kaiser(call: Call) -> Value:
    half = call("np.maximum(0.5 * (M - 1), 0.5)")
    t = call("(np.arange(M) - 0.5 * (M - 1)) / half", half=half)
    return call("np.i0(beta * np.sqrt(np.maximum(1.0 - t * t, 0.0))) / np.i0(beta)", t=t)


composed("np.kaiser(M, beta)", _kaiser, lambda facts: Array("f8", shape_facts(facts.statics, "M") or (None,)))
