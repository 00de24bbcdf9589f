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
    """The derivative of `gammainc(a, x)` by a: all of the integrand beside the density at x."""
    inside = call("(x > 0.0) & np.isfinite(x)", x=x)
    x = call("np.where(inside, x, 1.0)", x=x, inside=inside)
    lower = call("x < a", x=x, a=a)
    density = call("gamma_density(a, x) * np.where(lower, x, 1.0)", a=a, x=x, lower=lower)
    # log(a) - digamma(a), of large a by its series
    gap = call(
        "np.where(a < 20.0, np.log(a) - scipy.special.digamma(a), (0.5 + (1 / 12 - p / 120) / a) / a)".replace(
            "p / 120", "(1 / 120 - (1 / 252 - 1 / 240 / (a * a)) / (a * a)) / (a * a)"
        ),
        a=a,
    )
    env = {"scale": call("np.where(lower, 1.0 / a, np.minimum(x, 1.0))", lower=lower, a=a, x=x)}
    end = call("np.where(x < 0.5 * a, np.log(x / a), np.log1p(np.maximum(x - a, -0.5 * a) / a))", a=a, x=x)
    env |= {"a": a, "x": x, "lower": lower, "gap": gap, "end": end}
    env = {name: apart(call, value) for name, value in env.items()}
    env["w"] = call(f"scale * {STEPS}", **env)
    env["u"] = call("np.where(lower, end - w, np.log1p((x - a + w) / a)) + gap", **env)
    env["ratio"] = call("np.where(lower, -a * w - x * np.expm1(-w), (a - 1.0) * np.log1p(w / x) - w)", **env)
    total = _total(call, inside, lower, call("np.exp(ratio) * u * w", **env))
    return call("density * total", density=density, total=total)


def beta_by_first(call: Call, a: Value, b: Value, x: Value, rest: Value) -> Value:
    """The derivative of `betainc(a, b, x)` by a; `rest` is 1 - x, which the caller may know with more digits."""
    inside = call("(x > 0.0) & (rest > 0.0)", x=x, rest=rest)
    env = {"a": a, "b": b, "x": call("np.where(inside, x, 0.5)", x=x, inside=inside)}
    env["rest"] = call("np.where(inside, rest, 0.5)", rest=rest, inside=inside)
    lower = call("x * (a + b) < a", **env)
    sides = {"p": "x, rest", "q": "rest, x", "n": "a, b", "m": "b, a"}  # of the end of the tail, and beyond
    env |= {name: call(f"np.where(lower, {pair})", lower=lower, **env) for name, pair in sides.items()}
    density = call("p * beta_density(n, m, p, q)", **env)
    env["scale"] = call("np.minimum(1.0 / n, q)", **env)
    env["gap"] = call("psi_gap(0, a, b)", **env)
    env = {name: apart(call, value) for name, value in (env | {"lower": lower}).items()}
    env["w"] = call(f"scale * {STEPS}", **env)
    env["v"] = call("q - p * np.expm1(-w)", **env)
    env["near"] = call("np.log1p(-np.where(lower, np.minimum(v, 0.5), p * np.exp(-w)))", **env)
    env["slope"] = call("np.where(lower & (v >= 0.5), np.log(p) - w, near) + gap", **env)
    env["ratio"] = call("(m - 1.0) * np.log1p(-p / q * np.expm1(-w)) - n * w", **env)
    total = _total(call, inside, lower, call("np.exp(ratio) * slope * w", **env))
    return call("density * total", density=density, total=total)


def beta_by_second(call: Call, a: Value, b: Value, x: Value, rest: Value) -> Value:
    """The derivative of `betainc(a, b, x)` by b: that of its complement."""
    return call("-v", v=beta_by_first(call, b, a, rest, x))
