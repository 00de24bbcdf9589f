"""Pseudo-inverses and least squares, at the present rank of the matrix.

x, *_ = np.linalg.lstsq(a, b)    ->      p = np.linalg.pinv(a);  b_bar = p.T @ x_bar;  a_bar = rest and x times that
y = np.linalg.pinv(a)            ->      a_bar = -y.T @ y_bar @ y.T, and two terms for what is beyond its image
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from adgen.ir.core import Value
from adgen.ir.types import INT, Array, Type
from adgen.rules import shapes
from adgen.rules.call import Call, rank
from adgen.rules.factorisations import reduced_factors
from adgen.rules.infer import as_content, dtype_of, is_complex, shape_of
from adgen.rules.kinds import general
from adgen.rules.matrices import (
    adjoint,
    columns,
    float_dtype,
    identity,
    is_zero,
    matrix_type,
    ours,
    real_of,
    rows,
    smaller,
    standard,
    tuple_of,
    unless_vague,
)
from adgen.rules.rule import Facts, TypeProblem


# pseudo-inverses, least squares --------------------------------------------------------------------------------------
def _pinv_type(facts: Facts) -> Type:
    found = matrix_type(facts, square=False)
    if found is None or found.shape is None:
        return unless_vague(None)
    *lead, m, n = found.shape
    return Array(found.dtype, (*lead, n, m))


def _cut(call: Call) -> Value | None:
    """Below which share of the largest one a singular value counts as zero; None where none is asked for."""
    name = "rtol" if call.has("rtol") else "rcond"
    return call.values[name] if call.has(name) else None


def _moved(call: Call, x: Value, a: Value, cut: Value) -> Value:
    """A change of the matrix, as a change of the conjugate transpose of its pseudo-inverse: a linear map of its own
    adjoint, in which singular values that count as zero stay what they are."""
    b = call.b
    parts = call("np.linalg.svd(a, full_matrices=flag)", a=a, flag=b.const(False))
    u, s, vh = (b.item(parts, k) for k in range(3))
    u_t, v = adjoint(call, u), adjoint(call, vh)
    if shapes.is_scalar(cut.type):
        limit = call("cut * np.max(s, axis=last, keepdims=kept)", cut=cut, s=s, last=b.const(-1), kept=b.const(True))
    else:
        limit = call(
            "cut[..., None] * np.max(s, axis=last, keepdims=kept)", cut=cut, s=s, last=b.const(-1), kept=b.const(True)
        )
    large = call("s > limit", s=s, limit=limit)
    w = call("np.where(large, 1.0 / np.where(large, s * s, 1.0), 0.0)", large=large, s=s)
    p = call("u_t @ x @ v", u_t=u_t, x=x, v=v)
    one, two = ("[:, None]", "[None, :]") if rank(s, call.rule.name) == 1 else ("[..., None]", "[..., None, :]")
    both, mixed = call(f"k{one} & k{two}", k=large), call(f"k{one} != k{two}", k=large)
    gaps = call(f"1.0 / np.where(mixed, np.abs(q{one} - q{two}), 1.0)", mixed=mixed, q=call("s * s", s=s))
    near = call("np.where(mixed, gaps, 0.0)", mixed=mixed, gaps=gaps)
    r = call("s * w", s=s, w=w)
    turned_ = call(
        f"near * (s{one} * r{two} + r{one} * s{two}) - np.where(both, r{one} * r{two}, 0.0)",
        near=near,
        both=both,
        s=s,
        r=r,
    )
    inner = call("near * p + turned * t", near=near, p=p, turned=turned_, t=adjoint(call, p))
    left = columns(call, call("x @ v - u @ p", x=x, v=v, u=u, p=p), w)
    right = rows(call, w, call("u_t @ x - p @ vh", u_t=u_t, x=x, p=p, vh=vh))
    return call("(u @ inner + left) @ vh + u @ right", u=u, inner=inner, left=left, vh=vh, right=right)


def _symmetric(call: Call, a: Value) -> Value:
    """The matrix of which a lower triangle is one half."""
    low = call("np.tril(a, k=below)", a=a, below=call.b.const(-1))
    return call("whole + t", whole=_lower(call, a), t=adjoint(call, low))


def _lower(call: Call, a: Value) -> Value:
    """The lower triangle; of the diagonal of complex matrices only the real part is read."""
    low = call("np.tril(a)", a=a)
    return call("np.where(flags, np.real(a), low)", flags=identity(call), a=a, low=low) if is_complex(a.type) else low


def _folded(call: Call, bar: Value) -> Value:
    """The adjoint of the lower triangle."""
    high = call("np.triu(bar, k=above)", bar=bar, above=call.b.const(1))
    return call("low + t", low=_lower(call, bar), t=adjoint(call, high))


def _pinv_vjp(call: Call, g: Value) -> Value:
    hermitian, cut = bool(call.static("hermitian", False)), _cut(call)
    a = _symmetric(call, call.values["a"]) if hermitian else call.values["a"]
    g = standard(call, g)
    out = _inverse_bar(call, a, g) if cut is None else _moved(call, adjoint(call, g), a, cut)
    return ours(call, _folded(call, out) if hermitian else out)


def _inverse_bar(call: Call, a: Value, g: Value) -> Value:
    p, g_t = adjoint(call, call.y), adjoint(call, g)
    h = call("g_t @ y @ p", g_t=g_t, p=p)
    k = call("p @ y @ g_t", g_t=g_t, p=p)
    inner = call("(h - a @ (y @ h)) + (k - (k @ y) @ a)", h=h, k=k, a=a)
    return call("inner - p @ g @ p", inner=inner, p=p, g=g)


def _pinv_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    hermitian, cut = bool(call.static("hermitian", False)), _cut(call)
    a, dot = call.values["a"], dots["a"]
    if hermitian:
        a, dot = _symmetric(call, a), _symmetric(call, dot)
    if cut is not None:
        return adjoint(call, _moved(call, dot, a, cut))
    p, t = adjoint(call, call.y), adjoint(call, dot)
    h, k = call("y @ p @ t", p=p, t=t), call("t @ p @ y", p=p, t=t)
    return call("(h - h @ a @ y) + (k - y @ (a @ k)) - y @ a_dot @ y", h=h, k=k, a=a, a_dot=dot)


general(
    "np.linalg.pinv(a, rcond=None, hermitian=False, *, rtol=None)",
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


def _inverse(call: Call) -> Value:
    """The pseudo-inverse that solves the system."""
    cut = _share(call)
    return call("np.linalg.pinv(a)") if cut is None else call("np.linalg.pinv(a, rcond=cut)", cut=cut)


def _share(call: Call) -> Value | None:
    """What counts as zero, where it is asked for; a negative number stands for the precision of the numbers."""
    known = call.statics.get("rcond")
    if not call.has("rcond"):
        return None
    if isinstance(known, (int, float)):
        single = dtype_of(call.type("a")) in ("f4", "c8")
        return call.b.const(float(known) if known >= 0 else float(np.finfo("f4" if single else "f8").eps))
    return call("np.where(rcond < 0.0, eps, rcond)", eps=call.b.const(float(np.finfo("f8").eps)))


def _inverse_t(call: Call) -> Value:
    return adjoint(call, _inverse(call))


def _rest(call: Call) -> Value:
    return call("b - a @ x", x=call.b.item(call.y, 0))


def _lstsq_a(call: Call, g: Value) -> Value:
    b = call.b
    x, x_bar, p = b.item(call.y, 0), standard(call, b.item(g, 0)), _inverse(call)
    t, rest = adjoint(call, p), _rest(call)
    if call.rank("b") == 1:
        x, x_bar, rest = (call("v[:, None]", v=v) for v in (x, x_bar, rest))
    cut = _share(call)
    if cut is not None:
        right = call("b[:, None]") if call.rank("b") == 1 else call.values["b"]
        out = _moved(call, call("right @ x_t", right=right, x_t=adjoint(call, x_bar)), call.values["a"], cut)
        return ours(call, _with_rest(call, g, out, rest, x))
    b_bar = call("t @ x_bar", t=t, x_bar=x_bar)
    lifted = call("p @ b_bar", p=p, b_bar=b_bar)
    beyond = call("x_bar - p @ (a @ x_bar)", p=p, x_bar=x_bar)
    out = call(
        "rest @ lifted_t + (t @ x) @ beyond_t - b_bar @ x_t",
        **{"rest": rest, "t": t, "x": x, "b_bar": b_bar},
        **{"lifted_t": adjoint(call, lifted), "beyond_t": adjoint(call, beyond), "x_t": adjoint(call, x)},
    )
    return ours(call, _with_rest(call, g, out, rest, x))


def _with_rest(call: Call, g: Value, out: Value, rest: Value, x: Value) -> Value:
    """What the residuals and the singular values contribute besides."""
    b = call.b
    if not is_zero(call, b.item(g, 1)):
        more = call("(weights * rest) @ x_t", weights=_weights(call, g), rest=rest, x_t=adjoint(call, x))
        out = call("out - 2.0 * more", out=out, more=more)
    if not is_zero(call, b.item(g, 3)):
        u, _, vh = reduced_factors(call)
        out = call("out + m @ vh", out=out, m=columns(call, u, b.item(g, 3)), vh=vh)
    return out


def _lstsq_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if not dots:
        return None
    b, p, rest, cut = call.b, _inverse(call), _rest(call), _share(call)
    x, residuals, s = b.item(call.y, 0), b.item(call.y, 1), b.item(call.y, 3)
    right = dots.get("b")
    s_dot = shapes.zeros_like(b, s)
    if "a" in dots:
        dot = dots["a"]
        t = adjoint(call, dot)
        moved = call("dot @ x", dot=dot, x=x)
        b_dot = right
        right = call("-moved", moved=moved) if right is None else call("right - moved", right=right, moved=moved)
        more = call("p @ (p_t @ (t @ rest))", p=p, p_t=adjoint(call, p), t=t, rest=rest)
        k = call("t @ (p_t @ x)", t=t, p_t=adjoint(call, p), x=x)
        if cut is None:
            x_dot = call("p @ right + more + (k - p @ (a @ k))", p=p, right=right, more=more, k=k)
        else:
            x_dot = call("t @ b", t=adjoint(call, _moved(call, dot, call.values["a"], cut)))
            x_dot = x_dot if b_dot is None else call("x_dot + p @ b_dot", x_dot=x_dot, p=p, b_dot=b_dot)
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
    peeks=("rcond",),
    kinks="lstsq where the rank changes: that of the present rank",
)
