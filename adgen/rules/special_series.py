"""Sums inside derivatives of scipy.special: their axis of terms, and two integrals by the trapezoidal rule.

    p = scipy.special.gammainc(a, x)     ->      a_bar = p_bar * (mean of log t - psi(a) below x)
    p = scipy.special.betainc(a, b, x)   ->      a_bar = p_bar * (mean of log t - psi(a) + psi(a + b))

The integrals run over the tail that x cuts off on the side of the mean, where the integrand keeps its sign; the
distance from x is an exponential, in which equal steps converge to all digits, whatever scale the integrand has.
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.rules import shapes
from adgen.rules.call import Call

STEPS = "np.exp((np.arange(450) - 256) / 7.0)"  # from 1e-16 to 1e12 of the least scale


def apart(call: Call, value: Value) -> Value:
    """With one more axis at the end, along which the terms of a series stand; a number is as it is."""
    if shapes.is_scalar(value.type):
        return value
    return call("np.expand_dims(np.atleast_1d(v), last)", v=value, last=call.b.const(-1))


def greatest(call: Call, text: str) -> str:
    """The formula of the greatest of the numbers of an argument."""
    return text if all(shapes.is_scalar(value.type) for value in call.op.operands) else f"np.max({text})"


def _total(call: Call, inside: Value, lower: Value, terms: Value) -> Value:
    """The integral, of either tail; zero where there is none."""
    total = call("np.sum(terms, axis=last) / 7.0", terms=terms, last=call.b.const(-1))
    return call("np.where(inside, np.where(lower, v, -v), 0.0)", inside=inside, lower=lower, v=total)


def gamma_by_order(call: Call, a: Value, x: Value) -> Value:
    """The derivative of `gammainc(a, x)` by a."""
    inside = call("(x > 0.0) & np.isfinite(x)", x=x)
    x = call("np.where(inside, x, 1.0)", x=x, inside=inside)
    lower = call("x < a", x=x, a=a)
    env = {"scale": apart(call, call("np.where(lower, 1.0 / a, np.minimum(x, 1.0))", lower=lower, a=a, x=x))}
    env |= {"a": apart(call, a), "x": apart(call, x), "lower": apart(call, lower)}
    env["w"] = call(f"scale * {STEPS}", **env)
    env["u"] = call("np.where(lower, np.log(x) - w, np.log(x + w))", **env)
    env["weight"] = call("np.where(lower, w, w / (x + w))", **env)
    density = "np.exp(a * u - np.exp(u) - scipy.special.gammaln(a))"
    return _total(call, inside, lower, call(f"{density} * (u - scipy.special.digamma(a)) * weight", **env))


def beta_by_first(call: Call, a: Value, b: Value, x: Value, rest: Value) -> Value:
    """The derivative of `betainc(a, b, x)` by a; `rest` is 1 - x, which the caller may know with more digits."""
    inside = call("(x > 0.0) & (rest > 0.0)", x=x, rest=rest)
    env = {"a": a, "b": b, "x": call("np.where(inside, x, 0.5)", x=x, inside=inside)}
    env["rest"] = call("np.where(inside, rest, 0.5)", rest=rest, inside=inside)
    lower = call("x * (a + b) < a", **env)
    sides = {"p": "x, rest", "q": "rest, x", "n": "a, b", "m": "b, a"}  # of the end of the tail, and beyond
    env |= {name: call(f"np.where(lower, {pair})", lower=lower, **env) for name, pair in sides.items()}
    env["scale"] = call("np.minimum(1.0 / n, q)", **env)
    env = {name: apart(call, value) for name, value in (env | {"lower": lower}).items()}
    env["w"] = call(f"scale * {STEPS}", **env)
    env["u"] = call("np.log(p) - w", **env)
    env["v"] = call("np.log(q - p * np.expm1(-w))", **env)
    env["slope"] = call(
        "np.where(lower, u, v) - scipy.special.digamma(a) + scipy.special.digamma(a + b)",
        **env,
    )
    density = "np.exp(n * u + (m - 1.0) * v - scipy.special.betaln(a, b))"
    return _total(call, inside, lower, call(f"{density} * slope * w", **env))


def beta_by_second(call: Call, a: Value, b: Value, x: Value, rest: Value) -> Value:
    """The derivative of `betainc(a, b, x)` by b: that of its complement."""
    return call("-v", v=beta_by_first(call, b, a, rest, x))
