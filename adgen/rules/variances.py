"""Variances and standard deviations.

y = np.var(a)        ->      a_bar = 2.0 * y_bar / a.size * (a - np.mean(a))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adgen.ir.core import Value
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import is_complex, shape_of
from adgen.rules.kinds import general
from adgen.rules.reductions import axes, count, kept, only, reduced, reduction, skips_nan, whole
from adgen.rules.rule import TypeProblem


def _centred(call: Call) -> Value:
    """a minus its mean along the axes."""
    a, axis = call.values["a"], call.static("axis")
    if call.has("mean"):
        given, asked = shape_of(call.type("mean")), shape_of(call.type("a"))
        if given is not None and asked is not None and len(given) > len(asked):
            raise TypeProblem(f"the derivative of `{call.rule.name}` with a mean of more axes", "keep its axes, as 1")
        return call("a - mean")
    name, where = ("np.nanmean" if skips_nan(call) else "np.mean"), call.has("where")
    if axis is None or len(axes(call)) == call.rank("a"):
        return call(f"a - {name}(a, where=where)" if where else f"a - {name}(a)")
    operands, args = [a, shapes.axis_value(call.b, axes(call)), call.b.const(True)], ["a", "axis", "keepdims"]
    if where:
        operands, args = [*operands, call.values["where"]], [*args, "where"]
    return call("a - mean", mean=apply(call.b, name, operands, args))


def _freedom(call: Call) -> Value:
    number = count(call) or call.b.const(1)
    ddof = call.static("ddof", call.static("correction", 0))
    return number if ddof == 0 else call("number - ddof", number=number, ddof=call.b.const(ddof))


def _conjugate(call: Call, r: Value) -> Value:
    return call("np.conj(r)", r=r) if is_complex(call.op.operands[0].type) else r


def _var_vjp(call: Call, g: Value) -> Value:
    r = _conjugate(call, _centred(call))
    return only(call, call("2.0 * g / number * r", g=kept(call, g), number=kept(call, _freedom(call)), r=r))


def _squares(call: Call, dots: Mapping[str, Value]) -> Value | None:
    """Half the tangent of the sum of squares."""
    dot: Value | None = dots.get("a")
    if "mean" in dots:
        dot = call("dot - shift", dot=dot, shift=dots["mean"]) if dot is not None else call("-s", s=dots["mean"])
    if dot is None:
        return None
    product = call("r * dot", r=_conjugate(call, _centred(call)), dot=dot)
    return reduced(call, "v", v=whole(call, only(call, product)))


def _var_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total = _squares(call, dots)
    return None if total is None else call("2.0 * total / number", total=total, number=_freedom(call))


def _std_scale(call: Call, g: Value) -> Value:
    return call("g / (number * np.where(y == 0.0, 1.0, y))", g=g, number=_freedom(call))


def _std_vjp(call: Call, g: Value) -> Value:
    scale = _std_scale(call, g)
    return only(call, call("scale * r", scale=kept(call, scale), r=_conjugate(call, _centred(call))))


def _std_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total = _squares(call, dots)
    return None if total is None else _std_scale(call, total)


def _of_mean(pull: Callable[[Call, Value], Value]) -> Callable[[Call, Value], Value]:
    """By a mean that is given: what the elements get, summed and negated."""
    return lambda call, g: shapes.unbroadcast(call.b, call("-t", t=whole(call, pull(call, g))), call.values["mean"])


SPREAD = "(a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=None, mean=None, correction=0)"
for _name in ("np.var", "np.nanvar", "np.std", "np.nanstd"):
    _pull, _push = (_var_vjp, _var_jvp) if _name.endswith("var") else (_std_vjp, _std_jvp)
    general(
        _name + SPREAD,
        vjp={"a": _pull, "mean": _of_mean(_pull)},
        jvp=_push,
        infer=reduction(_name),
        kinks="" if _name.endswith("var") else "std at 0 has derivative 0",
        static=("correction",),
    )
