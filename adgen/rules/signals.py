"""scipy.signal: convolutions and correlations of arrays of any rank, filters.

y = scipy.signal.convolve(a, b)                    ->      a_bar = convolve(y_bar, np.flip(b), mode="valid")
y = scipy.signal.convolve(a, b, mode="same")       ->      the same, of y_bar between the zeros that were cut off
y = scipy.signal.lfilter(b, a, x)                  ->      x_bar = lfilter(b, a, y_bar[::-1])[::-1]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adgen.ir.core import Value
from adgen.ir.types import NONE, Array, Dim, Struct, Type
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call, rank
from adgen.rules.composed import composed, pulled, pushed
from adgen.rules.infer import as_content, axes_of, is_complex, plain, promote, shape_of
from adgen.rules.kinds import Piece, general
from adgen.rules.matrices import float_dtype, tuple_of
from adgen.rules.rule import Facts, TypeProblem

CONVOLUTIONS = {"convolve": "", "fftconvolve": ", axes=None", "oaconvolve": ", axes=None"}


def convolved_axes(facts: Facts | Call, rank: int) -> tuple[int, ...]:
    """The axes along which arrays are convolved: all, or those that are named."""
    return axes_of(facts.static("axes"), rank, "fftconvolve")


def _convolved_type(facts: Facts) -> Type:
    types = [as_content(type_) for type_ in facts.types[:2]]
    one, two = shape_of(types[0]), shape_of(types[1])
    if one is None or two is None or len(one) != len(two) or not one:
        raise TypeProblem(f"`{facts.name}` of arrays that are not known to have the same rank", "annotate them")
    mode = facts.static("mode", "full")
    if mode not in ("full", "valid", "same"):
        raise TypeProblem(f"`{facts.name}` with mode={mode!r}", "use full, same or valid")
    sizes: list[Dim] = []
    over = convolved_axes(facts, len(one))
    for axis, (a, b) in enumerate(zip(one, two, strict=True)):
        if axis not in over:
            if mode == "same" and b not in (a, 1):  # SciPy cuts what is repeated down to the size of the first
                raise TypeProblem(f"`{facts.name}` with axes and mode='same', of other sizes elsewhere", "use full")
            sizes.append(a if a == b or b == 1 else b if a == 1 else None)
            continue
        both = (a, b) if isinstance(a, int) and isinstance(b, int) else None
        some = None if both is None else sum(both) - 1 if mode == "full" else max(both) - min(both) + 1
        sizes.append(a if mode == "same" else some)
    by_fft = "fft" in facts.name or "oa" in facts.name
    return Array(float_dtype(types) if by_fft else promote(types), tuple(sizes))


def _whole(call: Call, g: Value) -> Value:
    """The adjoint of the full convolution: zeros for the ends that the mode leaves out."""
    mode = call.static("mode", "full")
    if mode == "full":
        return g
    count = rank(g, call.rule.name)
    for axis in convolved_axes(call, count):
        if mode == "same":
            left = call(f"(b.shape[{axis}] - 1) // 2")
            right = call(f"b.shape[{axis}] - 1 - left", left=left)
        else:
            left = right = call(f"min(a.shape[{axis}], b.shape[{axis}]) - 1")
        sizes = [f"g.shape[{k}]" for k in range(count)]
        parts = []
        for side in ("left", "right"):
            text = ", ".join(side if k == axis else size for k, size in enumerate(sizes))
            parts.append(f"np.zeros(({text},))")
        env = {"g": g, "left": left, "right": right, "axis": call.b.const(axis)}
        g = call(f"np.concatenate(({parts[0]}, g, {parts[1]}), axis=axis)", **env)
    return g


def _convolved(other: str) -> Piece:
    def piece(call: Call, g: Value) -> Value:
        if not call.has("axes"):
            return call(f"{call.rule.name}(g, np.flip({other}), mode='valid')", g=_whole(call, g))
        env = {"g": _whole(call, g), "axes": call.b.const(convolved_axes(call, call.rank("a")))}
        out = call(f"{call.rule.name}(g, np.flip({other}, axes), mode='valid', axes=axes)", **env)
        return shapes.unbroadcast(call.b, out, call.values["a" if other == "b" else "b"])

    return piece


def _convolved_again(own: str) -> Piece:
    def piece(call: Call, dot: Value) -> Value:
        operands = [dot if arg == own else value for arg, value in zip(call.args, call.op.operands, strict=True)]
        return apply(call.b, call.rule.name, operands, call.args)

    return piece


for _name, _more in CONVOLUTIONS.items():
    general(
        f"scipy.signal.{_name}(a, b, mode='full'{_more})",
        vjp={"a": _convolved("b"), "b": _convolved("a")},
        jvp={"a": _convolved_again("a"), "b": _convolved_again("b")},
        infer=_convolved_type,
        static=("mode", "axes"),
    )


def _correlated(call: Call) -> Value:
    if is_complex(call.type("a")) or is_complex(call.type("b")):
        raise TypeProblem("the derivative of `scipy.signal.correlate` of complex numbers", "use scipy.signal.convolve")
    mode = call.b.const(call.static("mode", "full"))
    return call("scipy.signal.convolve(a, np.flip(b), mode=mode)", mode=mode)


composed("scipy.signal.correlate(a, b, mode='full')", _correlated, _convolved_type, static=("mode",))


def _of_tables(facts: Facts) -> Type:
    if any(len(shape_of(type_) or ()) != 2 for type_ in facts.types[:2]):
        raise TypeProblem(f"`{facts.name}` of what are not known to be matrices", "annotate them")
    return _convolved_type(facts)


def _as_plain(name: str) -> Callable[[Call], Value]:
    """Of two axes it is the function of any number of axes."""

    def build(call: Call) -> Value:
        if name == "correlate" and call.static("mode", "full") == "same":  # its middle is another one, of even sizes
            out = call("scipy.signal.convolve(in1, np.flip(in2))")
            for axis in range(2):
                at = call(f"np.arange(in1.shape[{axis}]) + in2.shape[{axis}] // 2")
                out = call("np.take(out, at, axis=axis)", out=out, at=at, axis=call.b.const(axis))
            return out
        mode = call.b.const(call.static("mode", "full"))
        return call(f"scipy.signal.{name}(in1, in2, mode=mode)", mode=mode)

    return build


for _name in ("convolve", "correlate"):
    composed(f"scipy.signal.{_name}2d(in1, in2, mode='full')", _as_plain(_name), _of_tables, static=("mode",))


# filters -------------------------------------------------------------------------------------------------------------
def _filtered_type(facts: Facts) -> Type:
    types = [as_content(facts.type(name)) for name in ("b", "a", "x")]
    if any(len(shape_of(type_) or ()) != 1 for type_ in types[:2]) or not shape_of(types[2]):
        raise TypeProblem("`scipy.signal.lfilter` of what is not known to be an array, by lines", "annotate them")
    axes_of(facts.static("axis", -1), len(shape_of(types[2]) or ()), facts.name)
    y = Array(float_dtype(types), shape_of(types[2]))
    if not facts.has("zi") or plain(facts.type("zi")) == NONE:
        return y
    state = as_content(facts.type("zi"))
    if len(y.shape or ()) != 1 or len(shape_of(state) or ()) != 1:
        raise TypeProblem("`scipy.signal.lfilter` with `zi`, of more than one line", "filter the lines one by one")
    dtype = float_dtype([*types, state])
    return tuple_of(Array(dtype, y.shape), Array(dtype, shape_of(state)))


def _along(call: Call) -> dict[str, Value]:
    return {"at": call.b.const(axes_of(call.static("axis", -1), call.rank("x"), call.rule.name)[0])}


def _coefficients(sign: str, source: str) -> Piece:
    """What each delay of a line, filtered by 1 / a, has in common with the adjoint."""

    def piece(call: Call, g: Value) -> Value:
        own = "b" if source == "x" else "a"
        if call.rank("x") == 1:
            u = call(f"scipy.signal.lfilter(np.ones(1), a, {source})")
            shares = call("np.convolve(g, u[::-1])[x.size - 1 :]", g=g, u=u)
            return call(f"{sign}resized(shares, {own})", shares=shares)
        env = {"z": call.b.const(-1), **_along(call)}
        lines = "np.reshape(np.moveaxis({0}, at, z), (-1, x.shape[{1}]))"
        along = call.b.constants[env["at"]]
        u = call(f"scipy.signal.lfilter(np.ones(1), a, {lines.format(source, along)})", **env)
        rows = call(lines.format("g", along), g=g, **env)
        shares = call("scipy.signal.convolve(g, np.flip(u))[u.shape[0] - 1, u.shape[1] - 1 :]", g=rows, u=u)
        return call(f"{sign}resized(shares, {own})", shares=shares)

    return piece


def _backwards(call: Call, g: Value) -> Value:
    if call.rank("x") == 1:
        return call("scipy.signal.lfilter(b, a, g[::-1])[::-1]", g=g)
    return call("np.flip(scipy.signal.lfilter(b, a, np.flip(g, at), axis=at), at)", g=g, **_along(call))


def _lines_again(text: str) -> Callable[[Call, Value], Value]:
    def piece(call: Call, dot: Value) -> Value:
        if call.rank("x") == 1:
            return call(text.replace(", axis=at", ""), dot=dot)
        return call(text, dot=dot, **_along(call))

    return piece


def _with_state(call: Call) -> Value:
    """What is filtered by 1 / a is the convolution with b plus the state; what is left of it is the new state."""
    lead = call("np.take(a, 0)")
    env = {"b": call("b / lead", lead=lead), "a": call("a / lead", lead=lead)}
    env["u"] = call("np.concatenate((np.convolve(b, x), np.zeros(zi.size + 1 - b.size)))", **env)
    env["u"] = call("u + np.concatenate((zi, np.zeros(x.size)))", **env)
    env["y"] = call("scipy.signal.lfilter(np.ones(1), a, np.take(u, np.arange(x.size)))", **env)
    env["rest"] = call("u - np.concatenate((np.convolve(a, y), np.zeros(zi.size + 1 - a.size)))", **env)
    state = call("np.take(rest, np.arange(zi.size) + x.size)", **env)
    return call.b.pack(tuple_of(env["y"].type, state.type), (env["y"], state))


def _either(name: str, plainly: Piece) -> Piece:
    """The adjoint by way of the composition where there is a state."""

    def piece(call: Call, g: Value) -> Value | None:
        if call.has("zi"):
            return pulled(call, _with_state, g, name)
        assert not isinstance(plainly, str)
        return plainly(call, g)

    return piece


_TANGENTS = {
    "b": _lines_again("scipy.signal.lfilter(dot, a, x, axis=at)"),
    "a": _lines_again("-scipy.signal.lfilter(dot, a, y, axis=at)"),
    "x": _lines_again("scipy.signal.lfilter(b, a, dot, axis=at)"),
}


def _filter_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if call.has("zi"):
        return pushed(call, _with_state, dots)
    total: Value | None = None
    for name, dot in dots.items():
        part = _TANGENTS[name](call, dot)
        total = part if total is None else call("total + part", total=total, part=part)
    return total


_ADJOINTS: dict[str, Piece] = {"b": _coefficients("", "x"), "a": _coefficients("-", "y"), "x": _backwards}
general(
    "scipy.signal.lfilter(b, a, x, axis=-1, zi=None)",
    vjp={name: _either(name, piece) for name, piece in (_ADJOINTS | {"zi": "0"}).items()},
    jvp=_filter_jvp,
    infer=_filtered_type,
)


def _sections_type(facts: Facts) -> Type:
    types = [as_content(facts.type(name)) for name in ("sos", "x")]
    if not shape_of(types[1]):
        raise TypeProblem("`scipy.signal.sosfilt` of an array of unknown rank", "annotate it")
    axes_of(facts.static("axis", -1), len(shape_of(types[1]) or ()), facts.name)
    y = Array(float_dtype(types), shape_of(types[1]))
    if not facts.has("zi") or plain(facts.type("zi")) == NONE:
        return y
    state = as_content(facts.type("zi"))
    if len(y.shape or ()) != 1 or len(shape_of(state) or ()) != 2:
        raise TypeProblem("`scipy.signal.sosfilt` with `zi`, of more than one line", "filter the lines one by one")
    dtype = float_dtype([*types, state])
    return tuple_of(Array(dtype, y.shape), Array(dtype, shape_of(state)))


def _one_by_one(call: Call) -> Value:
    """The sections as filters, one after the other."""
    shape, y, states = shape_of(call.type("sos")), call.values["x"], []
    if not shape or not isinstance(shape[0], int):
        raise TypeProblem("the derivative of `scipy.signal.sosfilt` by sections of unknown number", "use lfilter")
    for k in range(shape[0]):
        env = {"k": call.b.const(k), "axis": call.b.const(0), "x": y}
        env["row"] = call("np.take(sos, k, axis=axis)", **env)
        env["b"], env["a"] = call("np.take(row, np.arange(3))", **env), call("np.take(row, np.arange(3) + 3)", **env)
        if call.has("zi"):
            env["zi"] = call("np.take(zi, k, axis=axis)", k=env["k"], axis=env["axis"])
            found = call("scipy.signal.lfilter(b, a, x, zi=zi)", **env)
            y, state = call.b.item(found, 0), call.b.item(found, 1)
            states.append(state)
        else:
            y = call("scipy.signal.lfilter(b, a, x, axis=at)", **env, **_along(call))
    if not call.has("zi"):
        return y
    rows = call.b.pack(Struct("list", tuple(map(str, range(len(states)))), tuple(s.type for s in states)), states)
    state = call("np.stack(rows)", rows=rows)
    return call.b.pack(tuple_of(y.type, state.type), (y, state))


def _sections(name: str) -> Piece:
    def piece(call: Call, g: Value) -> Value | None:
        if call.has("zi") or name != "x":
            return pulled(call, _one_by_one, g, name)
        return call("np.flip(scipy.signal.sosfilt(sos, np.flip(g, at), axis=at), at)", g=g, **_along(call))

    return piece


def _sections_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if call.has("zi") or "sos" in dots:
        return pushed(call, _one_by_one, dots)
    return call("scipy.signal.sosfilt(sos, dot, axis=at)", dot=dots["x"], **_along(call)) if "x" in dots else None


general(
    "scipy.signal.sosfilt(sos, x, axis=-1, zi=None)",
    vjp={name: _sections(name) for name in ("sos", "x", "zi")},
    jvp=_sections_jvp,
    infer=_sections_type,
)
