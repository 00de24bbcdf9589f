"""scipy.signal: convolutions and correlations of arrays of any rank, filters.

y = scipy.signal.convolve(a, b)                    ->      a_bar = convolve(y_bar, np.flip(b), mode="valid")
y = scipy.signal.convolve(a, b, mode="same")       ->      the same, of y_bar between the zeros that were cut off
y = scipy.signal.lfilter(b, a, x)                  ->      x_bar = lfilter(b, a, y_bar[::-1])[::-1]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adgen.ir.core import Value
from adgen.ir.types import Array, Dim, Type
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.composed import composed
from adgen.rules.infer import as_content, axes_of, is_complex, promote, shape_of
from adgen.rules.kinds import Piece, general
from adgen.rules.matrices import float_dtype
from adgen.rules.rule import Facts, TypeProblem

CONVOLUTIONS = ("convolve", "fftconvolve", "oaconvolve")


def _convolved_type(facts: Facts) -> Type:
    types = [as_content(type_) for type_ in facts.types[:2]]
    one, two = shape_of(types[0]), shape_of(types[1])
    if one is None or two is None or len(one) != len(two) or not one:
        raise TypeProblem(f"`{facts.name}` of arrays that are not known to have the same rank", "annotate them")
    mode = facts.static("mode", "full")
    if mode not in ("full", "valid", "same"):
        raise TypeProblem(f"`{facts.name}` with mode={mode!r}", "use full, same or valid")
    sizes: list[Dim] = []
    for a, b in zip(one, two, strict=True):
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
    count = call.rank("a")
    for axis in range(count):
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
        return call(f"{call.rule.name}(g, np.flip({other}), mode='valid')", g=_whole(call, g))

    return piece


def _convolved_again(own: str) -> Piece:
    def piece(call: Call, dot: Value) -> Value:
        operands = [dot if arg == own else value for arg, value in zip(call.args, call.op.operands, strict=True)]
        return apply(call.b, call.rule.name, operands, call.args)

    return piece


for _name in CONVOLUTIONS:
    general(
        f"scipy.signal.{_name}(a, b, mode='full')",
        vjp={"a": _convolved("b"), "b": _convolved("a")},
        jvp={"a": _convolved_again("a"), "b": _convolved_again("b")},
        infer=_convolved_type,
        static=("mode",),
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
    return Array(float_dtype(types), shape_of(types[2]))


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


def _lines_again(text: str) -> Piece:
    def piece(call: Call, dot: Value) -> Value:
        if call.rank("x") == 1:
            return call(text.replace(", axis=at", ""), dot=dot)
        return call(text, dot=dot, **_along(call))

    return piece


general(
    "scipy.signal.lfilter(b, a, x, axis=-1)",
    vjp={"b": _coefficients("", "x"), "a": _coefficients("-", "y"), "x": _backwards},
    jvp={
        "b": _lines_again("scipy.signal.lfilter(dot, a, x, axis=at)"),
        "a": _lines_again("-scipy.signal.lfilter(dot, a, y, axis=at)"),
        "x": _lines_again("scipy.signal.lfilter(b, a, dot, axis=at)"),
    },
    infer=_filtered_type,
)


def _sections_type(facts: Facts) -> Type:
    types = [as_content(facts.type(name)) for name in ("sos", "x")]
    if not shape_of(types[1]):
        raise TypeProblem("`scipy.signal.sosfilt` of an array of unknown rank", "annotate it")
    axes_of(facts.static("axis", -1), len(shape_of(types[1]) or ()), facts.name)
    return Array(float_dtype(types), shape_of(types[1]))


def _sections(call: Call, g: Value) -> Value:
    raise TypeProblem("the derivative of `scipy.signal.sosfilt` by the sections", "filter with scipy.signal.lfilter")


def _sections_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "sos" in dots:
        return _sections(call, dots["sos"])
    return call("scipy.signal.sosfilt(sos, dot, axis=at)", dot=dots["x"], **_along(call)) if "x" in dots else None


def _sections_x(call: Call, g: Value) -> Value:
    return call("np.flip(scipy.signal.sosfilt(sos, np.flip(g, at), axis=at), at)", g=g, **_along(call))


general(
    "scipy.signal.sosfilt(sos, x, axis=-1)",
    vjp={"sos": _sections, "x": _sections_x},
    jvp=_sections_jvp,
    infer=_sections_type,
)
