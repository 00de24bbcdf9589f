"""scipy.special: distribution functions by their shapes, and the inverses that are solved for one.

    p = scipy.special.chdtr(v, x)      ->      v_bar = 0.5 * p_bar * (derivative of gammainc by its order)
    v = scipy.special.chdtriv(p, x)    ->      p_bar = v_bar / (that derivative), x_bar = -x's slope * p_bar

A distribution says the slope of its function by each parameter.  `y = f(.., p, ..)` is solved for one of them: that one
moves by `1 / slope` with the probability, and by `-other's slope / slope` with each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adgen.ir.core import Value
from adgen.rules.call import Call
from adgen.rules.kinds import Piece
from adgen.rules.special import full, special
from adgen.rules.special_series import beta_by_first, beta_by_second, gamma_by_order

Made = Callable[[Call, Mapping[str, Value]], Value]  # of the call, and of the values of the distribution's parameters
Slope = str | Made
Table = Mapping[str, Slope]


def _value(slope: Slope, call: Call, at: Mapping[str, Value]) -> Value:
    return call(full(slope), **at) if isinstance(slope, str) else slope(call, at)


def _order(a: str, x: str, factor: str) -> Made:
    """The derivative of `gammainc(a, x)` by a, times a factor."""

    def slope(call: Call, at: Mapping[str, Value]) -> Value:
        return call(f"{factor} * v", v=gamma_by_order(call, call(a, **at), call(x, **at)))

    return slope


def _beta(a: str, b: str, x: str, rest: str, first: str = "", second: str = "", more: str = "") -> Made:
    """The derivatives of `betainc(a, b, x)` by a and by b, times factors, and what is added."""

    def slope(call: Call, at: Mapping[str, Value]) -> Value:
        places = [call(text, **at) for text in (a, b, x, rest)]
        parts = [
            call(f"{factor} * v", v=of(call, *places), **at)
            for factor, of in ((first, beta_by_first), (second, beta_by_second))
            if factor
        ]
        parts += [call(full(more), **at)] if more else []
        total = parts[0]
        for part in parts[1:]:
            total = call("total + part", total=total, part=part)
        return total

    return slope


_F_PARTS = ("0.5 * dfn", "0.5 * dfd", "dfn * x / (dfn * x + dfd)", "dfd / (dfn * x + dfd)")
_F_DENSITY = (
    f"beta_density({_F_PARTS[0]}, {_F_PARTS[1]}, {_F_PARTS[2]}, {_F_PARTS[3]}) * ({_F_PARTS[3]}) ** 2.0 * dfn / dfd"
)
_T_PARTS = ("0.5 * df", "0.5 + 0.0 * df", "df / (df + t * t)", "t * t / (df + t * t)")
_FAR_T = "np.clip(np.abs(t), 1e-18, np.float64(1e100))"  # beside it the density is as at the end, or nothing
_T_PLACES = f"df / (df + {_FAR_T} ** 2.0), {_FAR_T} ** 2.0 / (df + {_FAR_T} ** 2.0)"
_T_DENSITY = f"beta_density(0.5 * df, 0.5, {_T_PLACES}) * df * {_FAR_T} / (df + {_FAR_T} ** 2.0) ** 2.0"
_COUNT = ("n - k", "k + 1.0", "1.0 - p", "p")
_TRIES = ("1.0 * n", "k + 1.0", "p", "1.0 - p")
_SHARE = ("a", "b", "x", "1.0 - x")

GAMMA: Table = {"a": _order("a", "x", "1.0"), "x": "gamma_density(a, x)"}
CHI: Table = {"v": _order("0.5 * v", "0.5 * x", "0.5"), "x": "0.5 * gamma_density(0.5 * v, 0.5 * x)"}
RATE: Table = {
    "a": "x * gamma_density(b, a * x)",
    "b": _order("1.0 * b", "a * x", "1.0"),
    "x": "a * gamma_density(b, a * x)",
}
POISSON: Table = {"k": _order("k + 1.0", "m", "-1.0"), "m": "-gamma_density(k + 1.0, m)"}
BETA: Table = {
    "a": _beta(*_SHARE, first="1.0"),
    "b": _beta(*_SHARE, second="1.0"),
    "x": "beta_density(a, b, x, 1.0 - x)",
}
FISHER: Table = {
    "dfn": _beta(*_F_PARTS, first="0.5", more=f"x / dfn * {_F_DENSITY}"),
    "dfd": _beta(*_F_PARTS, second="0.5", more=f"-x / dfd * {_F_DENSITY}"),
    "x": _F_DENSITY,
}
STUDENT: Table = {
    "df": _beta(*_T_PARTS, first="-0.25 * np.sign(t)", more=f"-0.5 * t / df * {_T_DENSITY}"),
    "t": _T_DENSITY,
}
BINOMIAL: Table = {
    "k": _beta(*_COUNT, first="-1.0", second="1.0"),
    "n": _beta(*_COUNT, first="1.0"),
    "p": "-beta_density(n - k, k + 1.0, 1.0 - p, p)",
}
WAITING: Table = {
    "k": _beta(*_TRIES, second="1.0"),
    "n": _beta(*_TRIES, first="1.0"),
    "p": "beta_density(n, k + 1.0, p, 1.0 - p)",
}


def _names(signature: str) -> list[str]:
    return signature.partition("(")[2].partition(")")[0].split(", ")


def _forward(signature: str, slopes: Table, sign: str = "", **domain: str) -> None:
    """A distribution function, or (`sign`) its complement."""

    def by(slope: Slope) -> Piece:
        if isinstance(slope, str):
            return sign + slope
        return lambda call, g: call(f"{sign}g * s", g=g, s=slope(call, call.values))

    special(signature, *(by(slopes[name]) for name in _names(signature)), **domain)


FAR = "np.float64(1e100)"  # strong: a literal would not go into float32
END = {"df": "1e10"}  # where SciPy's search ends: there, and at zero, is what has no solution, whatever is given


def _solved(signature: str, given: str, slopes: Table, sign: str = "", known: str = "", **domain: str) -> None:
    """A function that finds the parameter after which its result is called; `given` is the probability.

    `known` is the derivative by the one other parameter, where it is simpler than what follows from the slopes.
    """
    found = signature.partition("-> ")[2]

    def by(name: str) -> Piece:
        slope, other = slopes[found], slopes.get(name, "1.0")
        if name != given and known and isinstance(other, str):
            return known
        if name == given and isinstance(slope, str):
            return f"{sign}1.0 / ({slope})"

        def piece(call: Call, g: Value) -> Value:
            at = {**call.values, found: call.y}
            if isinstance(slope, str):
                return call("-g * other / slope", g=g, other=_value(other, call, at), slope=_value(slope, call, at))
            inside = call(f"(y > 1e-100) & (y < {END.get(found, FAR)})", y=call.y)
            at[found] = call("np.where(inside, y, 1.0)", inside=inside, y=call.y)
            env = {"g": g, "inside": inside, "slope": _value(slope, call, at), "other": _value(other, call, at)}
            return call(f"np.where(inside, {f'{sign}g' if name == given else '-g * other'} / slope, 0.0)", **env)

        return piece

    special(signature, *(by(name) for name in _names(signature)), **domain)


_positive = {"a": "positive", "x": "positive"}
_forward("gammainc(a, x)", GAMMA, **_positive)
_forward("gammaincc(a, x)", GAMMA, "-", **_positive)
_solved("gammaincinv(a, p) -> x", "p", GAMMA, a="positive", p="high")
_solved("gammainccinv(a, p) -> x", "p", GAMMA, "-", a="positive", p="high")
_both = {"a": "positive", "b": "positive"}
_forward("betainc(a, b, x)", BETA, **_both, x="high")
_forward("betaincc(a, b, x)", BETA, "-", **_both, x="high")
_solved("betaincinv(a, b, p) -> x", "p", BETA, **_both, p="high")
_solved("betainccinv(a, b, p) -> x", "p", BETA, "-", **_both, p="high")
_solved("btdtria(p, b, x) -> a", "p", BETA, p="high", b="positive", x="high")
_solved("btdtrib(a, p, x) -> b", "p", BETA, a="positive", p="high", x="high")
_forward("chdtr(v, x)", CHI, v="positive", x="positive")
_forward("chdtrc(v, x)", CHI, "-", v="positive", x="positive")
_solved("chdtri(v, p) -> x", "p", CHI, "-", v="positive", p="middle")
_solved("chdtriv(p, x) -> v", "p", CHI, p="middle", x="positive")
_forward("gdtr(a, b, x)", RATE, **_both, x="positive")
_forward("gdtrc(a, b, x)", RATE, "-", **_both, x="positive")
_solved("gdtria(p, b, x) -> a", "p", RATE, known="-a / x", p="middle", b="positive", x="positive")
_solved("gdtrib(a, p, x) -> b", "p", RATE, a="positive", p="middle", x="positive")
_solved("gdtrix(a, b, p) -> x", "p", RATE, known="-x / a", **_both, p="middle")
_degrees = {"dfn": "above_one", "dfd": "above_one"}
_forward("fdtr(dfn, dfd, x)", FISHER, **_degrees, x="positive")
_forward("fdtrc(dfn, dfd, x)", FISHER, "-", **_degrees, x="positive")
_solved("fdtri(dfn, dfd, p) -> x", "p", FISHER, **_degrees, p="high")
_solved("fdtridfd(dfn, p, x) -> dfd", "p", FISHER, dfn="above_one", p="middle", x="high")
_forward("stdtr(df, t)", STUDENT, df="positive", t="away")
_solved("stdtrit(df, p) -> t", "p", STUDENT, df="positive", p="high")
_solved("stdtridf(p, t) -> df", "p", STUDENT, p="high", t="positive")
_solved("pdtrik(p, m) -> k", "p", POISSON, p="high", m="positive")
_solved("bdtrik(y, n, p) -> k", "y", BINOMIAL, y="high", n="many", p="high")
_solved("bdtrin(k, y, p) -> n", "y", BINOMIAL, k="above_one", y="high", p="high")
_solved("nbdtrik(y, n, p) -> k", "y", WAITING, y="high", n="above_one", p="middle")
_solved("nbdtrin(k, y, p) -> n", "y", WAITING, k="above_one", y="high", p="high")
