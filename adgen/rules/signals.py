"""scipy.signal: convolutions and correlations of arrays of any rank, filters.

y = scipy.signal.convolve(a, b)                    ->      a_bar = convolve(y_bar, np.flip(b), mode="valid")
y = scipy.signal.convolve(a, b, mode="same")       ->      the same, of y_bar between the zeros that were cut off
y = scipy.signal.lfilter(b, a, x)                  ->      x_bar = lfilter(b, a, y_bar[::-1])[::-1]
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.ir.types import Array, Dim, Type
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.composed import composed
from adgen.rules.infer import as_content, is_complex, promote, shape_of
from adgen.rules.kinds import Piece, general
from adgen.rules.matrices import float_dtype
from adgen.rules.rule import Facts, TypeProblem

CONVOLUTIONS = ("convolve", "fftconvolve")


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
    return Array(float_dtype(types) if "fft" in facts.name else promote(types), tuple(sizes))


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


# filters -------------------------------------------------------------------------------------------------------------
def _filtered_type(facts: Facts) -> Type:
    types = [as_content(facts.type(name)) for name in ("b", "a", "x")]
    if any(len(shape_of(type_) or ()) != 1 for type_ in types):
        raise TypeProblem("`scipy.signal.lfilter` of what are not known to be lines", "filter line by line")
    return Array(float_dtype(types), shape_of(types[2]))


def _coefficients(sign: str, source: str) -> Piece:
    """What each delay of a line, filtered by 1 / a, has in common with the adjoint."""

    def piece(call: Call, g: Value) -> Value:
        u = call(f"scipy.signal.lfilter(np.ones(1), a, {source})")
        own = "b" if source == "x" else "a"
        shares = call("np.convolve(g, u[::-1])[x.size - 1 :]", g=g, u=u)
        return call(f"{sign}resized(shares, {own})", shares=shares)

    return piece


general(
    "scipy.signal.lfilter(b, a, x)",
    vjp={
        "b": _coefficients("", "x"),
        "a": _coefficients("-", "y"),
        "x": lambda call, g: call("scipy.signal.lfilter(b, a, g[::-1])[::-1]", g=g),
    },
    jvp={
        "b": "scipy.signal.lfilter(b_dot, a, x)",
        "a": "-scipy.signal.lfilter(a_dot, a, y)",
        "x": "scipy.signal.lfilter(b, a, x_dot)",
    },
    infer=_filtered_type,
)
