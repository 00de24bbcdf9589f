"""QR factors, singular values, powers; of one matrix or of many.

q, r = np.linalg.qr(a)           ->      m = r @ r_bar.T - q_bar.T @ q;  a_bar = (q_bar + q @ sym(m)) @ r^-T
s = np.linalg.svdvals(a)         ->      u, _, vh = np.linalg.svd(a);  a_bar = (u * s_bar) @ vh
y = np.linalg.matrix_power(a, n) ->      the upper right block of the n-th power of [[a.T, y_bar], [0, a.T]]
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import Array, Struct, Type
from adgen.rules import shapes
from adgen.rules.call import Call
from adgen.rules.composed import composed
from adgen.rules.decompositions import diagonal
from adgen.rules.hermitian import hermitian_jvp, hermitian_vjp, is_hermitian
from adgen.rules.infer import is_complex, shape_of
from adgen.rules.kinds import general, zero
from adgen.rules.matrices import (
    adjoint,
    columns,
    is_zero,
    lower_half,
    matrix_type,
    ours,
    real_of,
    rows,
    smaller,
    standard,
    tangents,
    tuple_of,
    turned,
    unless_vague,
)
from adgen.rules.rule import Facts, TypeProblem


# qr ------------------------------------------------------------------------------------------------------------------
def _qr_type(facts: Facts) -> Type:
    found, mode = matrix_type(facts, square=False), facts.static("mode", "reduced")
    if mode not in ("reduced", "r", "complete"):
        raise TypeProblem(f"`np.linalg.qr` with mode={mode!r}", "use 'reduced' or 'r'")
    if found is None or found.shape is None:
        return unless_vague(None) if mode == "r" else tuple_of(Array(None, None), Array(None, None))
    *lead, m, n = found.shape
    k = m if mode == "complete" else smaller(m, n)
    r = Array(found.dtype, (*lead, k, n))
    return r if mode == "r" else tuple_of(Array(found.dtype, (*lead, m, k)), r)


def _is_tall(call: Call) -> bool:
    """Whether r is known to be square; otherwise there may be columns beyond its square part."""
    m, n = (shape_of(call.type("a")) or (None, None))[-2:]
    if call.static("mode", "reduced") == "complete" and (m is None or m != n):
        raise TypeProblem("the derivative of `np.linalg.qr` with mode='complete'", "use mode='reduced'")
    return (m is not None and m == n) or (isinstance(m, int) and isinstance(n, int) and m >= n)


def _square(call: Call, q: Value, v: Value) -> Value:
    """The columns that belong to the square part of r, of any matrix beside it."""
    return call(f"v[..., :q.shape[{call.rank('a') - 1}]]", v=v, q=q)


def _beyond(call: Call, q: Value, v: Value) -> Value:
    """The columns beyond the square part of r."""
    return call(f"v[..., q.shape[{call.rank('a') - 1}]:]", v=v, q=q)


def _right(call: Call, m: Value, r: Value) -> Value:
    """m @ r^-1."""
    return turned(call, call("np.linalg.solve(t, u)", t=turned(call, r), u=turned(call, m)))


def qr_vjp(call: Call, g: Value) -> Value:
    """The factors of a matrix."""
    b = call.b
    tall = _is_tall(call)
    if call.static("mode", "reduced") == "r":
        q, r = b.item(call("np.linalg.qr(a)"), 0), call.y
        q_bar, r_bar = None, standard(call, g)
    else:
        q, r = b.item(call.y, 0), b.item(call.y, 1)
        q_bar, r_bar = standard(call, b.item(g, 0)), standard(call, b.item(g, 1))
        q_bar = None if is_zero(call, b.item(g, 0)) else q_bar
    if tall:
        return ours(call, _square_bar(call, q, r, q_bar, r_bar))
    rest = _beyond(call, q, r_bar)
    more = call("a2 @ t", a2=_beyond(call, q, call.values["a"]), t=adjoint(call, rest))
    q_bar = more if q_bar is None else call("q_bar + more", q_bar=q_bar, more=more)
    one = _square_bar(call, q, _square(call, q, r), q_bar, _square(call, q, r_bar))
    last = call.b.const(-1)
    return ours(call, call("np.concatenate((one, q @ rest), axis=last)", one=one, q=q, rest=rest, last=last))


def _square_bar(call: Call, q: Value, r: Value, q_bar: Value | None, r_bar: Value) -> Value:
    """The adjoint of q @ r, where r is square."""
    m = call("r @ t", r=r, t=adjoint(call, call("np.triu(r_bar)", r_bar=r_bar)))
    if q_bar is not None:
        m = call("m - t @ q", m=m, t=adjoint(call, q_bar), q=q)
    half = lower_half(call, m)
    inner = call("q @ (half + t)", q=q, half=half, t=adjoint(call, half))
    inner = inner if q_bar is None else call("q_bar + inner", q_bar=q_bar, inner=inner)
    return adjoint(call, call("np.linalg.solve(r, t)", r=r, t=adjoint(call, inner)))


def qr_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    """Their tangents."""
    if "a" not in dots:
        return None
    tall, dot = _is_tall(call), dots["a"]
    parts = call("np.linalg.qr(a)") if call.static("mode", "reduced") == "r" else call.y
    q, whole = call.b.item(parts, 0), call.b.item(parts, 1)
    r = whole if tall else _square(call, q, whole)
    moved = _right(call, dot if tall else _square(call, q, dot), r)
    inner = call("t @ moved", t=adjoint(call, q), moved=moved)
    low = call("np.tril(inner, k=below)", inner=inner, below=call.b.const(-1))
    turn = call("low - t", low=low, t=adjoint(call, low))
    if is_complex(inner.type):  # the diagonal of r is real
        turn = call("turn + 1j * np.imag(np.tril(inner) - low)", turn=turn, inner=inner, low=low)
    r_dot = call("(inner - turn) @ r", inner=inner, turn=turn, r=r)
    if call.static("mode", "reduced") == "r" and tall:
        return r_dot
    q_dot = call("moved - q @ (inner - turn)", moved=moved, q=q, inner=inner, turn=turn)
    if not tall:
        a2, dot2 = _beyond(call, q, call.values["a"]), _beyond(call, q, dot)
        rest = call("s @ a2 + t @ dot2", s=adjoint(call, q_dot), t=adjoint(call, q), a2=a2, dot2=dot2)
        r_dot = call("np.concatenate((one, rest), axis=last)", one=r_dot, rest=rest, last=call.b.const(-1))
    if call.static("mode", "reduced") == "r":
        return r_dot
    return tangents(call, q_dot, r_dot)


general(
    "np.linalg.qr(a, mode='reduced')",
    vjp={"a": qr_vjp},
    jvp=qr_jvp,
    infer=_qr_type,
    static=("mode",),
    kinks="qr of a matrix of less than full rank: LinAlgError, or inf",
)


# singular values -----------------------------------------------------------------------------------------------------
def _svd_type(facts: Facts) -> Type:
    found = matrix_type(facts, square=bool(facts.static("hermitian", False)))
    vectors = facts.name.endswith(".svd") and bool(facts.static("compute_uv", True))
    if found is None or found.shape is None:
        return tuple_of(*[Array(None, None)] * 3) if vectors else unless_vague(None)
    *lead, m, n = found.shape
    k = smaller(m, n)
    s = real_of(Array(found.dtype, (*lead, k)))
    if not vectors:
        return s
    full = bool(facts.static("full_matrices", True))
    u, vh = Array(found.dtype, (*lead, m, m if full else k)), Array(found.dtype, (*lead, n if full else k, n))
    return tuple_of(u, s, vh)


def reduced_factors(call: Call) -> tuple[Value, Value, Value]:
    """The factors, without the columns that full matrices have beyond the singular values."""
    if not (call.rule.name.endswith(".svd") and call.static("compute_uv", True)):
        parts = call("np.linalg.svd(a, full_matrices=flag)", flag=call.b.const(False))
        return call.b.item(parts, 0), call.b.item(parts, 1), call.b.item(parts, 2)
    u, s, vh = (call.b.item(call.y, k) for k in range(3))
    if _is_reduced(call):
        return u, s, vh
    last = call.rank("a") - 2
    first = "" if last == 0 else "..., "
    return call(f"u[..., :s.shape[{last}]]", u=u, s=s), s, call(f"vh[{first}:s.shape[{last}], :]", vh=vh, s=s)


def _is_reduced(call: Call) -> bool:
    m, n = (shape_of(call.type("a")) or (None, None))[-2:]
    return not call.static("full_matrices", True) or (m is not None and m == n)


def _reduced(call: Call, part: Value, like: Value) -> Value:
    """An adjoint or tangent of a factor, which is refused where there are columns beyond the singular values."""
    return part if _is_reduced(call) else call("reduced(part, like)", part=part, like=like)


def svd_vjp(call: Call, g: Value) -> Value:
    """Singular values, and vectors where they are given."""
    b = call.b
    if is_hermitian(call):
        return hermitian_vjp(call, g)
    if isinstance(g.type, Struct) and not (is_zero(call, b.item(g, 0)) and is_zero(call, b.item(g, 2))):
        return _vectors_vjp(call, b.item(g, 0), b.item(g, 1), b.item(g, 2))
    u, _, vh = reduced_factors(call)
    s_bar = b.item(g, 1) if isinstance(g.type, Struct) else g
    return ours(call, call("m @ vh", m=columns(call, u, s_bar), vh=vh))


def _vectors_vjp(call: Call, u_bar: Value, s_bar: Value, vh_bar: Value) -> Value:
    """Rotations within the space of the singular vectors, and out of it."""
    u, s, vh = reduced_factors(call)
    u_bar, vh_bar = (
        shapes.zeros_like(call.b, x) if is_zero(call, bar) else _reduced(call, bar, x)
        for bar, x in ((u_bar, u), (vh_bar, vh))
    )
    u_bar = standard(call, u_bar)
    v, v_bar = adjoint(call, vh), turned(call, vh_bar)  # vh holds conjugates
    f = gaps_between(call, s)
    k = call("t @ u_bar", t=adjoint(call, u), u_bar=u_bar)
    h = call("vh @ v_bar", vh=vh, v_bar=v_bar)
    left = columns(call, call("f * (k - t)", f=f, k=k, t=adjoint(call, k)), s)
    right = rows(call, s, call("f * (h - t)", f=f, h=h, t=adjoint(call, h)))
    if is_complex(k.type):  # the phases of u follow those of a, the phases of v stay
        s_bar = call("s_bar + 1j * np.imag(turns) / s", s_bar=s_bar, turns=diagonal(call, k), s=s)
    inner = call("u @ (left + right) + m", u=u, left=left, right=right, m=columns(call, u, s_bar))
    one = call("1.0 / s", s=s)
    beyond = columns(call, call("u_bar - u @ k", u_bar=u_bar, u=u, k=k), one)
    above = adjoint(call, columns(call, call("v_bar - v @ h", v_bar=v_bar, v=v, h=h), one))
    out = call("(inner + beyond) @ vh + u @ above", inner=inner, beyond=beyond, vh=vh, u=u, above=above)
    return ours(call, out)


def gaps_between(call: Call, s: Value) -> Value:
    """1 / (s_j^2 - s_i^2), zero on the diagonal."""
    squares = call("s * s", s=s)
    rank = call.rank("a")
    flags = call(f"np.eye(s.shape[{rank - 2}], dtype=flag)", s=s, flag=call.b.const(bool, "bool"))
    apart = call("w - w[:, None]" if rank == 2 else "w[..., None, :] - w[..., None]", w=squares)
    return call("np.where(flags, 0.0, 1.0 / np.where(flags, 1.0, apart))", flags=flags, apart=apart)


def svd_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    """Their tangents."""
    if "a" not in dots:
        return None
    if is_hermitian(call):
        return hermitian_jvp(call, dots)
    u, s, vh = reduced_factors(call)
    v = adjoint(call, vh)
    moved = call("dot @ v", dot=dots["a"], v=v)
    turns = call("np.sum(u * moved, axis=axis)", u=standard(call, u), moved=moved, axis=call.b.const(-2))
    s_dot = call("np.real(turns)", turns=turns) if is_complex(turns.type) else turns
    if not isinstance(call.y.type, Struct):
        return s_dot
    f = gaps_between(call, s)
    p = call("t @ moved", t=adjoint(call, u), moved=moved)
    ps, sp = columns(call, p, s), rows(call, s, p)
    one = call("1.0 / s", s=s)
    beyond = columns(call, call("moved - u @ p", moved=moved, u=u, p=p), one)
    if is_complex(turns.type):
        beyond = call(
            "beyond + m", beyond=beyond, m=columns(call, u, call("1j * np.imag(turns) / s", turns=turns, s=s))
        )
    u_dot = call("u @ (f * (ps + t)) + beyond", u=u, f=f, ps=ps, t=adjoint(call, ps), beyond=beyond)
    back = call("t @ u", t=adjoint(call, dots["a"]), u=u)
    above = columns(call, call("back - v @ t", back=back, v=v, t=adjoint(call, p)), one)
    v_dot = call("v @ (f * (sp + t)) + above", v=v, f=f, sp=sp, t=adjoint(call, sp), above=above)
    u_dot = _reduced(call, u_dot, call.b.item(call.y, 0))
    vh_dot = _reduced(call, adjoint(call, v_dot), call.b.item(call.y, 2))
    return tangents(call, u_dot, s_dot, vh_dot)


general(
    "np.linalg.svd(a, full_matrices=True, compute_uv=True, hermitian=False)",
    vjp={"a": svd_vjp},
    jvp=svd_jvp,
    infer=_svd_type,
    static=("full_matrices", "compute_uv", "hermitian"),
    kinks="singular vectors of repeated or zero singular values have no derivative: inf or nan; phases of complex ones:"
    " the results must not depend on them",
)
general(
    "reduced(x, like)",
    vjp={"x": "reduced(g, like)"},
    jvp={"x": "reduced(x_dot, like)"},
    infer=lambda facts: facts.types[0],
    doc="x, where it has the shape of what is beside it: an error where full matrices have columns beyond it",
)
general(
    "np.linalg.svdvals(a)",
    vjp={"a": svd_vjp},
    jvp=svd_jvp,
    infer=_svd_type,
    kinks="repeated singular values: some choice of their vectors",
)


# powers --------------------------------------------------------------------------------------------------------------
def blocks(call: Call, t: Value, corner: Value) -> Value:
    """[[t, corner], [0, t]], whose functions hold the derivative of that function in their corner."""
    zeros = call("np.zeros_like(t)", t=t)
    last = call.b.const(-1)
    upper = call("np.concatenate((t, corner), axis=last)", t=t, corner=corner, last=last)
    lower = call("np.concatenate((zeros, t), axis=last)", zeros=zeros, t=t, last=last)
    return call("np.concatenate((upper, lower), axis=rows)", upper=upper, lower=lower, rows=call.b.const(-2))


def corner(call: Call, whole: Value, name: str = "a") -> Value:
    """The upper right block."""
    last = call.rank(name) - 1
    n = call(f"{name}.shape[{last}]")
    return call("whole[:n, n:]" if last == 1 else "whole[..., :n, n:]", whole=whole, n=n)


def _power(call: Call, t: Value, dot: Value) -> Value | None:
    n = call.statics.get("n")
    if n == 0:
        return None
    if n == 1:
        return dot
    if n == 2:
        return call("dot @ t + t @ dot", dot=dot, t=t)
    return corner(call, call("np.linalg.matrix_power(whole, n)", whole=blocks(call, t, dot)))


general(
    "np.linalg.matrix_power(a, n)",
    vjp={"a": lambda call, g: _power(call, turned(call, call.values["a"]), g)},
    jvp={"a": lambda call, dot: _power(call, call.values["a"], dot)},
    infer=lambda facts: unless_vague(matrix_type(facts)),
    peeks=("n",),
)


# condition and rank --------------------------------------------------------------------------------------------------
def _cond(call: Call) -> Value:
    order = call.static("p")
    if order in (None, 2, -2):
        s = call("np.linalg.svdvals(x)")
        first, last = "np.max(s, axis=axis)", "np.min(s, axis=axis)"
        text = f"{last} / {first}" if order == -2 else f"{first} / {last}"
        return call(text, s=s, axis=call.b.const(-1))
    norm = "np.linalg.matrix_norm({}, ord=order)"
    return call(f"{norm.format('x')} * {norm.format('np.linalg.inv(x)')}", order=call.b.const(order))


def _cond_type(facts: Facts) -> Type:
    found = matrix_type(facts, square=facts.static("p") not in (None, 2, -2))
    if found is None or found.shape is None or found.dtype is None:
        raise TypeProblem("`np.linalg.cond` of an array of unknown rank or dtype", "annotate the argument")
    return real_of(Array(found.dtype, found.shape[:-2]))


composed(
    "np.linalg.cond(x, p=None)",
    _cond,
    _cond_type,
    static=("p",),
    kinks="the largest and the smallest singular value: ties share equally",
)


def _rank_type(facts: Facts) -> Type:
    shape = shape_of(facts.types[0])
    return Array("i8", None if shape is None else shape[:-2])


zero("np.linalg.matrix_rank(A, tol=None, hermitian=False, *, rtol=None)", infer=_rank_type)
