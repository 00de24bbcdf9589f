"""scipy.special: noncentral distributions of F and t, Smirnov's distribution, Riemann's zeta function.

    p = scipy.special.ncfdtr(dfn, dfd, nc, f)    ->      f_bar = p_bar * (a beta density times hyp1f1)
    p = scipy.special.nctdtr(df, nc, t)          ->      t_bar = p_bar * (parabolic cylinder functions)

By degrees of freedom no derivative is known; by the rest both distributions have one in closed form, and the inverses
have theirs from it.
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.rules.call import Call
from adgen.rules.special import full, no_piece, special
from adgen.rules.special_series import apart, greatest

# Fisher's: a beta density, and the sum over Poisson's weights as a confluent hypergeometric function
_SHARE = "(dfn * f / (dfn * f + dfd))"
_CORE = (
    f"np.exp(-0.5 * nc + sp.xlogy(0.5 * dfn, {_SHARE}) + sp.xlogy(0.5 * dfd, dfd / (dfn * f + dfd))"
    " - sp.betaln(0.5 * dfn, 0.5 * dfd))"
)
_BY_F = f"{_CORE} / f * sp.hyp1f1(0.5 * (dfn + dfd), 0.5 * dfn, 0.5 * nc * {_SHARE})"
_BY_NC = f"-{_CORE} / dfn * sp.hyp1f1(0.5 * (dfn + dfd), 0.5 * dfn + 1.0, 0.5 * nc * {_SHARE})"
_free = {"dfn": "many", "dfd": "many"}
special("ncfdtr(dfn, dfd, nc, f)", no_piece, no_piece, _BY_NC, _BY_F, **_free, nc="positive", f="positive")
special(
    "ncfdtri(dfn, dfd, nc, p) -> f",
    *(no_piece, no_piece, f"-({_BY_NC}) / ({_BY_F})", f"1.0 / ({_BY_F})"),
    **_free,
    nc="positive",
    p="high",
)
special(
    "ncfdtrinc(dfn, dfd, p, f) -> nc",
    *(no_piece, no_piece, f"np.where(nc > 0.0, 1.0 / ({_BY_NC}), 0.0)"),  # zero is what has no solution
    f"np.where(nc > 0.0, -({_BY_F}) / ({_BY_NC}), 0.0)",
    **_free,
    p="middle",
    f="above_one",
)

# Student's: expectations of the normal density over the chi distribution --------------------------------------------
_MEAN = (
    "np.exp(sp.gammaln({n}) - sp.gammaln(0.5 * df) - 0.5 * nc * nc * (1.0 - 0.5 * t * t / (df + t * t))"
    " - 0.5 * {n} * np.log1p(t * t / df)) * 2.0 ** (0.5 - 0.5 * df) / math.sqrt(math.pi)"
    " * sp.pbdv(-{n}, -nc * t / np.sqrt(df + t * t))[0]"
)
_BY_T = _MEAN.format(n="(df + 1.0)") + " / np.sqrt(df)"
_BY_NC = "-" + _MEAN.format(n="(1.0 * df)")
special("nctdtr(df, nc, t)", no_piece, _BY_NC, _BY_T, df="many")
special("nctdtrit(df, nc, p) -> t", no_piece, f"-({_BY_NC}) / ({_BY_T})", f"1.0 / ({_BY_T})", df="many", p="high")
special(
    "nctdtrinc(df, p, t) -> nc",
    *(no_piece, f"1.0 / ({_BY_NC})", f"-({_BY_T}) / ({_BY_NC})"),
    df="many",
    p="high",
    t="above_one",
)


# Smirnov's: a sum of as many terms as there are numbers -------------------------------------------------------------
def _smirnov(call: Call, place: Value) -> Value:
    """The derivative of the survival function."""
    env = {
        "d": apart(call, place),
        "n": apart(call, call("1.0 * n")),
        "k": call(f"np.arange({greatest(call, 'n')} + 1)"),
    }
    env["d"] = call("np.clip(d, 1e-300, 1.0 - 1e-16)", **env)
    env["inside"] = call("n * d + k < n", **env)
    env["k"] = call("np.where(inside, k, 0.0)", **env)
    env["u"] = call("d + k / n", **env)
    env["v"] = call("np.where(inside, 1.0 - u, 1.0)", **env)
    choices = "sp.gammaln(n + 1.0) - sp.gammaln(k + 1.0) - sp.gammaln(n - k + 1.0)"
    env["mass"] = call(full(f"np.exp({choices} + (k - 1.0) * np.log(u) + (n - k) * np.log(v))"), **env)
    terms = call("np.where(inside, mass * (k * (d + 1.0 / n) / u - d * (n - k) / v), 0.0)", **env)
    return call("np.sum(terms, axis=last)", terms=terms, last=call.b.const(-1))


special(
    "smirnov(n, d) -> p",
    "0",
    lambda call, g: call("g * s", g=g, s=_smirnov(call, call.values["d"])),
    n="int",
    d="middle",
)
special("smirnovi(n, p)", "0", lambda call, g: call("g / s", g=g, s=_smirnov(call, call.y)), n="int", p="high")


# Riemann's: the alternating series, with Euler's weights; below zero by reflection -----------------------------------
def _zeta_slope(call: Call, g: Value) -> Value:
    k = call("np.arange(57)")
    weights = call(full("(-1.0) ** (k + 1) * sp.bdtrc(k, 56, 0.5) * np.log(k + 1)"), k=k)
    left = call("x < -0.5")
    t = call("np.where(left, 1.0 - x, x)", left=left)
    terms = call("weights * (k + 1.0) ** -t", weights=weights, k=k, t=apart(call, t))
    total = call("np.sum(terms, axis=last)", terms=terms, last=call.b.const(-1))
    value = call(
        full("np.where(left, sp.zetac(t) + 1.0, y + 1.0)"), left=left, t=call("np.where(left, t, 2.0)", left=left, t=t)
    )
    slope = call(
        "(total - math.log(2.0) * 2.0 ** (1.0 - t) * value) / -np.expm1((1.0 - t) * math.log(2.0))",
        **{"total": total, "t": t, "value": value},
    )
    safe = call("np.where(left, x, -1.0)", left=left)
    sine, cosine = call("np.sin(0.5 * math.pi * v)", v=safe), call("np.cos(0.5 * math.pi * v)", v=safe)
    mirrored = call(
        full(
            "2.0 ** v * math.pi ** (v - 1.0) * sp.gamma(1.0 - v) * ((sine * (math.log(2.0 * math.pi)"
            " - sp.digamma(1.0 - v)) + 0.5 * math.pi * cosine) * value - sine * slope)"
        ),
        **{"v": safe, "sine": sine, "cosine": cosine, "value": value, "slope": slope},
    )
    return call("g * np.where(left, mirrored, slope)", g=g, left=left, mirrored=mirrored, slope=slope)


special("zetac(x)", _zeta_slope, x="above_one", kinks="zetac'(1) = nan")
