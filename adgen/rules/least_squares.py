"""Pseudo-inverses and least squares, at the present rank of the matrix.

x, *_ = np.linalg.lstsq(a, b)    ->      p = np.linalg.pinv(a);  b_bar = p.T @ x_bar;  a_bar = rest and x times that
y = np.linalg.pinv(a)            ->      a_bar = -y.T @ y_bar @ y.T, and two terms for what is beyond its image
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import INT, Array, Type
from adgen.rules import shapes
from adgen.rules.call import Call
from adgen.rules.factorisations import reduced_factors
from adgen.rules.infer import as_content, is_complex, shape_of
from adgen.rules.kinds import general
from adgen.rules.matrices import (
    adjoint,
    columns,
    float_dtype,
    is_zero,
    matrix_type,
    ours,
    real_of,
    smaller,
    standard,
    tuple_of,
    unless_vague,
)
from adgen.rules.rule import Facts, TypeProblem


# pseudo-inverses, least squares --------------------------------------------------------------------------------------
def _pinv_type(facts: Facts) -> Type:
    found = matrix_type(facts, square=False)
    if facts.has("hermitian") and facts.static("hermitian", False):
        raise TypeProblem("`np.linalg.pinv` with hermitian=True", "leave it out: it is the same matrix")
    if found is None or found.shape is None:
        return unless_vague(None)
    *lead, m, n = found.shape
    return Array(found.dtype, (*lead, n, m))


def _whole(call: Call) -> None:
    """What `rcond` cuts off is not in the formulas."""
    if call.has("rcond"):
        raise TypeProblem(
            f"the derivative of `{call.rule.name}` with `rcond`", "leave it out, or cut off by np.linalg.svd"
        )


def _pinv_vjp(call: Call, g: Value) -> Value:
    _whole(call)
    g = standard(call, g)
    p, g_t = adjoint(call, call.y), adjoint(call, g)
    h = call("g_t @ y @ p", g_t=g_t, p=p)
    k = call("p @ y @ g_t", g_t=g_t, p=p)
    inner = call("(h - a @ (y @ h)) + (k - (k @ y) @ a)", h=h, k=k)
    return ours(call, call("inner - p @ g @ p", inner=inner, p=p, g=g))


def _pinv_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    _whole(call)
    p, t = adjoint(call, call.y), adjoint(call, dots["a"])
    h, k = call("y @ p @ t", p=p, t=t), call("t @ p @ y", p=p, t=t)
    return call("(h - h @ a @ y) + (k - y @ (a @ k)) - y @ a_dot @ y", h=h, k=k, a_dot=dots["a"])


general(
    "np.linalg.pinv(a, rcond=None, hermitian=False)",
    vjp={"a": _pinv_vjp},
    jvp=_pinv_jvp,
    infer=_pinv_type,
    static=("hermitian",),
    kinks="pinv where the rank changes: that of the present rank",
)


def _lstsq_type(facts: Facts) -> Type:
    one, two = (as_content(type_) for type_ in facts.types[:2])
    dtype, a, b = float_dtype([one, two]), shape_of(one), shape_of(two)
    if a is None or b is None or len(a) != 2 or len(b) not in (1, 2):
        raise TypeProblem("`np.linalg.lstsq` of arrays that are not known to be matrices", "annotate the arguments")
    x = Array(dtype, (a[1], *b[1:]))
    real = real_of(Array(dtype, (None,))) if dtype is not None else Array(None, (None,))
    s = Array(real.dtype, (smaller(*a),))
    return tuple_of(x, real, INT, s)


def _lstsq_b(call: Call, g: Value) -> Value:
    bar = ours(call, call("t @ g", t=_inverse_t(call), g=standard(call, call.b.item(g, 0))))
    if is_zero(call, call.b.item(g, 1)):
        return bar
    return call("bar + 2.0 * weights * rest", bar=bar, weights=_weights(call, g), rest=ours(call, _rest(call)))


def _weights(call: Call, g: Value) -> Value:
    """The adjoint of the residuals of each column: zero where NumPy returns none (too few rows, or too low a rank)."""
    residuals = call.b.item(g, 1)
    if call.rank("b") == 1:
        return call("np.sum(residuals)", residuals=residuals)
    return call("resized(residuals, x[0])", residuals=residuals, x=call.b.item(call.y, 0))


def _inverse_t(call: Call) -> Value:
    _whole(call)
    return adjoint(call, call("np.linalg.pinv(a)"))


def _rest(call: Call) -> Value:
    return call("b - a @ x", x=call.b.item(call.y, 0))


def _lstsq_a(call: Call, g: Value) -> Value:
    _whole(call)
    b = call.b
    x, x_bar, p = b.item(call.y, 0), standard(call, b.item(g, 0)), call("np.linalg.pinv(a)")
    t, rest = adjoint(call, p), _rest(call)
    if call.rank("b") == 1:
        x, x_bar, rest = (call("v[:, None]", v=v) for v in (x, x_bar, rest))
    b_bar = call("t @ x_bar", t=t, x_bar=x_bar)
    lifted = call("p @ b_bar", p=p, b_bar=b_bar)
    beyond = call("x_bar - p @ (a @ x_bar)", p=p, x_bar=x_bar)
    out = call(
        "rest @ lifted_t + (t @ x) @ beyond_t - b_bar @ x_t",
        **{"rest": rest, "t": t, "x": x, "b_bar": b_bar},
        **{"lifted_t": adjoint(call, lifted), "beyond_t": adjoint(call, beyond), "x_t": adjoint(call, x)},
    )
    if not is_zero(call, b.item(g, 1)):
        more = call("(weights * rest) @ x_t", weights=_weights(call, g), rest=rest, x_t=adjoint(call, x))
        out = call("out - 2.0 * more", out=out, more=more)
    if not is_zero(call, b.item(g, 3)):
        u, _, vh = reduced_factors(call)
        out = call("out + m @ vh", out=out, m=columns(call, u, b.item(g, 3)), vh=vh)
    return ours(call, out)


def _lstsq_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if not dots:
        return None
    _whole(call)
    b, p, rest = call.b, call("np.linalg.pinv(a)"), _rest(call)
    x, residuals, s = b.item(call.y, 0), b.item(call.y, 1), b.item(call.y, 3)
    right = dots.get("b")
    s_dot = shapes.zeros_like(b, s)
    if "a" in dots:
        dot = dots["a"]
        t = adjoint(call, dot)
        moved = call("dot @ x", dot=dot, x=x)
        right = call("-moved", moved=moved) if right is None else call("right - moved", right=right, moved=moved)
        more = call("p @ (p_t @ (t @ rest))", p=p, p_t=adjoint(call, p), t=t, rest=rest)
        k = call("t @ (p_t @ x)", t=t, p_t=adjoint(call, p), x=x)
        x_dot = call("p @ right + more + (k - p @ (a @ k))", p=p, right=right, more=more, k=k)
        u, _, vh = reduced_factors(call)
        turns = call(
            "np.sum(u * (dot @ v), axis=axis)", u=standard(call, u), dot=dot, v=adjoint(call, vh), axis=b.const(0)
        )
        s_dot = call("np.real(turns)", turns=turns) if is_complex(turns.type) else turns
    else:
        assert right is not None
        x_dot = call("p @ right", p=p, right=right)
    slope = call("np.sum(rest * right, axis=axis)", rest=standard(call, rest), right=right, axis=b.const(0))
    slope = call("np.real(v)", v=slope) if is_complex(slope.type) else slope
    residuals_dot = call("2.0 * np.ravel(slope)[: residuals.size]", slope=slope, residuals=residuals)
    items = (x_dot, residuals_dot, b.const(None), s_dot)
    return b.pack(tuple_of(*(item.type for item in items)), items)


general(
    "np.linalg.lstsq(a, b, rcond=None)",
    vjp={"a": _lstsq_a, "b": _lstsq_b},
    jvp=_lstsq_jvp,
    infer=_lstsq_type,
    kinks="lstsq where the rank changes: that of the present rank",
)
