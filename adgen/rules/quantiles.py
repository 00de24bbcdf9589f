"""Medians, quantiles and percentiles, by all methods, of arrays and of what is no nan in them.

y = np.quantile(a, q)      ->      a_bar = y_bar * np.maximum(0.0, 1.0 - np.abs(ranks - q * (a.size - 1)))

A quantile is a sum of the two elements beside a place between ranks; the weight of an element falls with its distance
from that place, and is zero from distance 1 on.  With weights it is one of the elements.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, ListOf, Struct, Type
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.asked import numpy_function
from adgen.rules.call import Call
from adgen.rules.infer import code, dtype_of, plain, rank_of, shape_of
from adgen.rules.kinds import general
from adgen.rules.lists import taken_apart
from adgen.rules.multiplying import lined, unlined
from adgen.rules.reductions import axes, count, kept, reduced, reduction, skips_nan
from adgen.rules.rule import Facts, TypeProblem

Share = Callable[[Call], Value]


def _ranks(call: Call) -> Value:
    """The rank of each element on its line, nan last."""
    over, kind = axes(call), call.b.const("stable")
    if len(over) == 1:
        axis = call.b.const(over[0])
        return call("np.argsort(np.argsort(a, axis=axis, kind=kind), axis=axis)", axis=axis, kind=kind)
    if len(over) == call.rank("a"):
        line = call("np.argsort(np.argsort(np.ravel(a), kind=kind))", kind=kind)
        return call("np.reshape(line, a.shape)", line=line)
    lines = lined(call, call.values["a"], over)
    env = {"lines": lines, "axis": call.b.const(-1), "kind": kind}
    ranks = call("np.argsort(np.argsort(lines, axis=axis, kind=kind), axis=axis)", **env)
    return unlined(call, ranks, call.values["a"], over)


# where a share stands among n ranks; a result between ranks is on its way from one element to the next
_STEP = "np.where({0} == np.floor({0}), {1}, np.floor({0}) + 1)"
_COUNT, _ROUNDED = "(n * share - 1)", "(n * share - 1 - 0.5)"
PLACES = {
    "lower": "np.floor((n - 1) * share)",
    "higher": "np.ceil((n - 1) * share)",
    "midpoint": "0.5 * (np.floor((n - 1) * share) + np.ceil((n - 1) * share))",
    "nearest": "np.rint((n - 1) * share)",
    "inverted_cdf": _STEP.format(_COUNT, _COUNT),
    "averaged_inverted_cdf": _STEP.format(_COUNT, f"{_COUNT} + 0.5"),
    "closest_observation": f"np.where(({_ROUNDED} == np.floor({_ROUNDED})) & (np.floor({_ROUNDED}) % 2 == 0), "
    f"{_ROUNDED}, np.floor({_ROUNDED}) + 1)",
}
# those that grow with the share: by n and so much
GROWTH = {"linear": -1.0, "interpolated_inverted_cdf": 0.0, "hazen": 0.0, "weibull": 1.0}
GROWTH |= {"median_unbiased": 1.0 / 3.0, "normal_unbiased": 0.25}
FIRST = {"hazen": 0.5, "median_unbiased": 1.0 / 3.0, "normal_unbiased": 0.375}  # alpha, of the others 0
PLACES |= {name: f"n * share + ({FIRST.get(name, 0.0)!r} + share * {more!r}) - 1" for name, more in GROWTH.items()}


def _place(call: Call, share: Share) -> Value:
    """Where the quantile stands among the ranks; several shares on axes of their own, the first."""
    number = count(call) or call.b.const(1)
    method = call.static("method", "linear")
    if method == "linear":
        env = {"share": _apart(call, share(call)), "number": kept(call, number)}
        return call("share * (number - 1)", **env)
    if skips_nan(call):
        env = {"share": _apart(call, share(call)), "n": kept(call, number)}
        return call("np.clip(at, 0, np.maximum(n - 1, 0))", **env, at=call(PLACES[str(method)], **env))
    text = "np.quantile(np.arange(number), share, method=m)"
    return _apart(call, call(text, number=number, share=share(call), m=call.b.const(method)))


def _apart(call: Call, shares: Value) -> Value:
    """Several shares with axes of size 1 for those of the array."""
    extra = _shares(call)
    return call(f"v[{', '.join([':'] * extra + ['None'] * call.rank('a'))}]", v=shares) if extra else shares


def _weights(call: Call, share: Share) -> Value:
    """The weight of each element in a quantile; for several shares with their axes first."""
    if call.rank("a") == 0:
        return call("np.ones_like(a)")
    if call.has("weights"):  # one of the elements, whichever it is
        at = call("a == y", y=_spread(call, call.y))
        over = shapes.axis_value(call.b, tuple(_shares(call) + axis for axis in axes(call)))
        operands = (at, over, call.b.const(True))
        return call("at / ties", at=at, ties=apply(call.b, "np.sum", operands, ("a", "axis", "keepdims")))
    env = {"ranks": _ranks(call), "place": _place(call, share)}
    return call("np.maximum(0.0, 1.0 - np.abs(ranks - place))", **env)


def _shares(call: Call) -> int:
    """The rank of the shares: 0 for one."""
    return rank_of(call.values["q"].type) or 0 if call.has("q") else 0


def _spread(call: Call, g: Value) -> Value:
    """The adjoint beside the axes of the array."""
    extra = _shares(call)
    if not extra:
        return kept(call, g)
    if call.static("keepdims", False):
        return g
    over = tuple(extra + axis for axis in axes(call))
    return call("np.expand_dims(g, over)", g=g, over=shapes.axis_value(call.b, over))


def _quantile_dtype(facts: Facts, several: bool) -> str | None:
    """The dtype of quantiles, asked of NumPy; a number as share is weak."""
    own, share = dtype_of(facts.types[0]), dtype_of(facts.type("q")) if several else "f8"
    if own is None or share is None:
        return None
    if facts.name.endswith("percentile") and share[0] != "f":  # hundredths of whole numbers
        share = "f8"
    line, method = np.ones(2, own), facts.static("method", "linear")
    if not facts.has("q"):
        return code(np.asarray(np.median(line)).dtype)
    found = numpy_function("np.quantile")(line, np.ones(1, share) if several else 0.5, method=method)
    return code(np.asarray(found).dtype)


def _quantile(signature: str, share: Share) -> None:
    name = signature.partition("(")[0]

    def pull(call: Call, g: Value) -> Value:
        out = call("g * weights", g=_spread(call, g), weights=_weights(call, share))
        extra = _shares(call)
        if extra:
            out = call("np.sum(v, axis=first)", v=out, first=shapes.axis_value(call.b, range(extra)))
        return call("np.where(np.isnan(a), 0.0, v)", v=out) if skips_nan(call) else out

    def push(call: Call, dot: Value) -> Value:
        dot = call("np.where(np.isnan(a), 0.0, dot)", dot=dot) if skips_nan(call) else dot
        weights, extra = _weights(call, share), _shares(call)
        if not extra:
            return reduced(call, "weights * dot", weights=weights, dot=dot)
        over = tuple(extra + axis for axis in axes(call))
        operands = [call("weights * dot", weights=weights, dot=dot), shapes.axis_value(call.b, over)]
        args = ["a", "axis"]
        if call.has("keepdims"):
            operands, args = [*operands, call.values["keepdims"]], [*args, "keepdims"]
        return apply(call.b, "np.sum", operands, args)

    def infer(facts: Facts) -> Type:
        if facts.static("axis") == ():
            raise TypeProblem(f"`{name}` along no axis", "name the axes")
        if facts.static("overwrite_input", False) is not False:
            raise TypeProblem(f"`{name}` that writes into its argument", "leave `overwrite_input` out")
        found = reduction("np.median")(Facts(name, facts.args[:1], facts.types[:1], facts.statics))
        shares = shape_of(facts.type("q")) if facts.has("q") else ()
        if shares is None or not isinstance(found, Array) or found.shape is None:
            return found if shares == () else UNKNOWN
        return Array(_quantile_dtype(facts, bool(shares)), (*shares, *found.shape))

    general(
        signature,
        vjp={"a": pull, "q": _share_pull(share, "percentile" in name), "weights": "0"},
        jvp={"a": push, "q": _share_push(share, "percentile" in name), "weights": "0"},
        infer=infer,
        kinks=TIES,
        static=("method", "overwrite_input"),
    )


def _rise(call: Call, share: Share, percent: bool) -> Value | None:
    """How fast quantiles grow with their shares: the distance of two neighbours, to the right of an element."""
    method = str(call.static("method", "linear"))
    if method not in GROWTH or call.has("weights"):  # a step function of q
        return None
    if call.rank("a") == 0:
        return call("np.zeros_like(y)")
    number = count(call) or call.b.const(1)
    env = {"ranks": _ranks(call), "place": _place(call, share), "number": kept(call, number), "a": call.values["a"]}
    if skips_nan(call):
        env["a"] = call("np.where(np.isnan(a), 0.0, a)")
    low = call("np.minimum(np.floor(place), np.maximum(number - 2, 0))", **env)
    step = call("np.where(ranks == low + 1, a, 0.0) - np.where(ranks == low, a, 0.0)", low=low, **env)
    growth = "(number - 1)"
    if method != "linear":
        inside = call("(place > 0) & (place < number - 1)", **env)
        env["growth"] = call(
            "np.where(inside, number + more, 0.0)", inside=inside, **env, more=call.b.const(GROWTH[method])
        )
        growth = "growth"
    step = call(f"{growth} / 100.0 * step" if percent else f"{growth} * step", step=step, **env)
    extra = _shares(call)
    over = tuple(extra + axis for axis in axes(call))
    operands, args = [step, shapes.axis_value(call.b, over)], ["a", "axis"]
    if call.has("keepdims"):
        operands, args = [*operands, call.values["keepdims"]], [*args, "keepdims"]
    return apply(call.b, "np.sum", operands, args)


def _share_pull(share: Share, percent: bool) -> Callable[[Call, Value], Value | None]:
    def pull(call: Call, g: Value) -> Value | None:
        rise = _rise(call, share, percent)
        if rise is None:
            return None
        out, extra = call("g * rise", g=g, rise=rise), _shares(call)
        rest = range(extra, rank_of(out.type) or 0)
        if not extra:
            return out if shapes.is_scalar(out.type) else call("np.sum(out)", out=out)
        out = call("np.sum(out, axis=rest)", out=out, rest=shapes.axis_value(call.b, rest)) if rest else out
        return taken_apart(call.b, out, plain(call.values["q"].type))

    return pull


def _share_push(share: Share, percent: bool) -> Callable[[Call, Value], Value | None]:
    def push(call: Call, dot: Value) -> Value | None:
        rise, extra = _rise(call, share, percent), _shares(call)
        if rise is None:
            return None
        dot = call("np.array(dot)", dot=dot) if isinstance(plain(dot.type), (Struct, ListOf)) else dot
        rest = (rank_of(rise.type) or 0) - extra
        if extra and rest:
            dot = call(f"dot[{', '.join([':'] * extra + ['None'] * rest)}]", dot=dot)
        return call("dot * rise", dot=dot, rise=rise)

    return push


def _given(call: Call) -> Value:
    q = call.values["q"]
    return call("np.array(q)") if isinstance(plain(q.type), (Struct, ListOf)) else q


TIES = "ties follow the stable order"
for _nan in ("", "nan"):
    _more = "axis=None, *, overwrite_input=False, method='linear', keepdims=False, weights=None"
    _quantile(
        f"np.{_nan}median(a, axis=None, *, overwrite_input=False, keepdims=False)", lambda call: call.b.const(0.5)
    )
    _quantile(f"np.{_nan}quantile(a, q, {_more})", _given)
    _quantile(f"np.{_nan}percentile(a, q, {_more})", lambda call: call("q / 100.0", q=_given(call)))
