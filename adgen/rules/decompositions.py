"""Cholesky factors, eigenvalues and eigenvectors, logarithms of determinants; of one matrix or of many.

    l = np.linalg.cholesky(a)        ->      p = phi(l.T @ l_bar);  a_bar = phi(s + s.T) with s = l^-T p l^-1
    w, v = np.linalg.eigh(a)         ->      s = v @ (np.diag(w_bar) + f * (v.T @ v_bar)) @ v.T;  a_bar = phi(s + s.T)
    w, v = np.linalg.eig(a)          ->      a_bar = v^-T @ (np.diag(w_bar) + f * (v.T @ v_bar)) @ v.T

`phi` is the lower triangle with half the diagonal: NumPy reads only the lower triangle of a symmetric matrix, and so
the derivative by what stands above the diagonal is zero (with UPLO="U" or upper=True: the other way round).
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import Array, Type
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call, rank
from adgen.rules.infer import is_complex
from adgen.rules.kinds import general
from adgen.rules.matrices import (
    adjoint,
    columns,
    identity,
    is_zero,
    lower_half,
    matrix_type,
    ours,
    real_of,
    rows,
    standard,
    tangents,
    tuple_of,
    turned,
    unless_vague,
)
from adgen.rules.rule import Facts, TypeProblem


def _upper(call: Call) -> bool:
    """Whether the upper triangle is what is read."""
    if call.rule.name == "np.linalg.cholesky":
        return bool(call.static("upper", False))
    if call.rule.name.startswith("scipy."):
        return not call.static("lower", True)
    order = call.static("UPLO", "L")
    if order not in ("L", "U", "l", "u"):
        raise TypeProblem(f"`{call.rule.name}` with UPLO={order!r}", "use 'L' or 'U'")
    return str(order).upper() == "U"


def _triangle(call: Call, s: Value) -> Value:
    """What the adjoint of a symmetric matrix is for the triangle that is read."""
    both = call("s + t", s=s, t=adjoint(call, s))
    half = lower_half(call, both)
    return ours(call, adjoint(call, half) if _upper(call) else half)


def _symmetric(call: Call, dot: Value) -> Value:
    """The tangent of the symmetric matrix that NumPy reads from a triangle."""
    dot = adjoint(call, dot) if _upper(call) else dot
    low = lower_half(call, dot)
    return call("low + t", low=low, t=adjoint(call, low))


# cholesky ------------------------------------------------------------------------------------------------------------
def _factor(call: Call) -> Value:
    """The lower factor."""
    return adjoint(call, call.y) if _upper(call) else call.y


def _cholesky_vjp(call: Call, g: Value) -> Value:
    low, g = _factor(call), standard(call, g)
    g = adjoint(call, g) if _upper(call) else g
    high = adjoint(call, low)
    p = lower_half(call, call("high @ g", high=high, g=g))
    half = adjoint(call, call("np.linalg.solve(high, p)", high=high, p=p))
    return _triangle(call, call("np.linalg.solve(high, half)", high=high, half=half))


def _cholesky_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    low = _factor(call)
    half = adjoint(call, call("np.linalg.solve(low, dot)", low=low, dot=_symmetric(call, dots["a"])))
    inner = lower_half(call, adjoint(call, call("np.linalg.solve(low, half)", low=low, half=half)))
    out = call("low @ inner", low=low, inner=inner)
    return adjoint(call, out) if _upper(call) else out


general(
    "np.linalg.cholesky(a, *, upper=False)",
    vjp={"a": _cholesky_vjp},
    jvp=_cholesky_jvp,
    infer=lambda facts: unless_vague(matrix_type(facts)),
    static=("upper",),
    kinks="only one triangle of the matrix is read: zero by what is beyond its diagonal",
)


# determinants --------------------------------------------------------------------------------------------------------
def _slogdet_type(facts: Facts) -> Type:
    found = matrix_type(facts)
    if found is None or found.shape is None:
        return tuple_of(Array(None, None), Array(None, None))
    line = Array(found.dtype, found.shape[:-2])
    return tuple_of(line, line if line.dtype is None else real_of(line))


def _weight(call: Call, g: Value) -> Value:
    """What the logarithm of the determinant weighs, as a complex number: the phase turns with its imaginary part."""
    if not is_complex(call.type("a")):
        return call.b.item(g, 1)
    return call("g[1] + 1j * np.imag(g[0] * y[0])", g=g)


def _slogdet_vjp(call: Call, g: Value) -> Value:
    inverse = turned(call, call("np.linalg.inv(a)"))
    text = "w * inverse" if call.rank("a") == 2 else "w[..., None, None] * inverse"
    return call(text, w=_weight(call, g), inverse=inverse)


def _slogdet_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    if call.rank("a") == 2:
        log = call("np.trace(np.linalg.solve(a, a_dot))", a_dot=dots["a"])
    else:
        inverse = turned(call, call("np.linalg.inv(a)"))
        log = call("np.sum(inverse * a_dot, axis=axis)", inverse=inverse, a_dot=dots["a"], axis=call.b.const((-2, -1)))
    if is_complex(call.type("a")):
        sign, log = call("1j * np.imag(log) * y[0]", log=log), call("np.real(log)", log=log)
    else:
        sign = shapes.zeros_like(call.b, call.b.item(call.y, 0))
    return tangents(call, sign, log)


general(
    "np.linalg.slogdet(a)",
    vjp={"a": _slogdet_vjp},
    jvp=_slogdet_jvp,
    infer=_slogdet_type,
    kinks="slogdet of a singular matrix: the derivative raises LinAlgError",
)


# symmetric matrices --------------------------------------------------------------------------------------------------
EIGEN_KINKS = "only one triangle is read"


def _eigh_type(facts: Facts) -> Type:
    found = matrix_type(facts)
    if found is None or found.shape is None:
        return tuple_of(Array(None, None), Array(None, None))
    return tuple_of(real_of(Array(found.dtype, found.shape[:-1])), found)


def gaps(call: Call, w: Value, name: str = "a") -> Value:
    """1 / (w_j - w_i), zero on the diagonal."""
    flags = identity(call, name)
    apart = call("w - w[:, None]" if call.rank(name) == 2 else "w[..., None, :] - w[..., None]", w=w)
    return call("np.where(flags, 0.0, 1.0 / np.where(flags, 1.0, apart))", flags=flags, apart=apart)


def eigh_vjp(call: Call, g: Value) -> Value:
    """Eigenvalues and eigenvectors of symmetric matrices."""
    w, v = call.b.item(call.y, 0), call.b.item(call.y, 1)
    return spectral_bar(call, w, v, call.b.item(g, 0), call.b.item(g, 1))


def spectral_bar(call: Call, w: Value, v: Value, w_bar: Value, v_bar: Value) -> Value:
    """The adjoint of a symmetric matrix, given those of its eigenvalues and eigenvectors."""
    high = adjoint(call, v)
    if is_zero(call, v_bar):
        return _triangle(call, call("m @ high", m=columns(call, v, w_bar), high=high))
    turns = call("f * (high @ v_bar)", f=gaps(call, w), high=high, v_bar=standard(call, v_bar))
    s = call("v @ turns @ high", v=v, turns=turns, high=high)
    if not is_zero(call, w_bar):
        s = call("s + m @ high", s=s, m=columns(call, v, w_bar), high=high)
    return _triangle(call, s)


def eigh_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    """Their tangents."""
    if "a" not in dots:
        return None
    w_dot, v_dot = spectral_dots(call, dots["a"], call.b.item(call.y, 0), call.b.item(call.y, 1))
    return tangents(call, w_dot, v_dot)


def spectral_dots(call: Call, dot: Value, w: Value, v: Value) -> tuple[Value, Value]:
    """The tangents of eigenvalues and eigenvectors of a symmetric matrix."""
    moved = call("dot @ v", dot=_symmetric(call, dot), v=v)
    w_dot = _diagonal(call, v, moved)
    return w_dot, call("v @ (f * (high @ moved))", v=v, f=gaps(call, w), high=adjoint(call, v), moved=moved)


def _diagonal(call: Call, v: Value, moved: Value) -> Value:
    """The diagonal of v^H @ moved, real."""
    out = call("np.sum(v * moved, axis=axis)", v=standard(call, v), moved=moved, axis=call.b.const(-2))
    return call("np.real(out)", out=out) if is_complex(out.type) else out


general(
    "np.linalg.eigh(a, UPLO='L')",
    vjp={"a": eigh_vjp},
    jvp=eigh_jvp,
    infer=_eigh_type,
    static=("UPLO",),
    kinks=f"{EIGEN_KINKS}; eigenvectors of repeated eigenvalues have no derivative: inf or nan; phases of complex ones:"
    " the results must not depend on them",
)


def _vectors(call: Call) -> Value:
    order = [call.values["UPLO"]] if call.has("UPLO") else []
    return call.b.item(apply(call.b, "np.linalg.eigh", (call.values["a"], *order), ("a", "UPLO")[: 1 + len(order)]), 1)


def _eigenvalues_type(facts: Facts) -> Type:
    found = matrix_type(facts)
    return unless_vague(None if found is None or found.shape is None else real_of(Array(found.dtype, found.shape[:-1])))


def spread(call: Call, g: Value, v: Value) -> Value:
    """The adjoint of a symmetric matrix, given those of its eigenvalues."""
    return _triangle(call, call("m @ high", m=columns(call, v, g), high=adjoint(call, v)))


def along(call: Call, dot: Value, v: Value) -> Value:
    """The tangents of the eigenvalues of a symmetric matrix."""
    return _diagonal(call, v, call("dot @ v", dot=_symmetric(call, dot), v=v))


def _eigenvalues_vjp(call: Call, g: Value) -> Value:
    return spread(call, g, _vectors(call))


def _eigenvalues_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    return along(call, dots["a"], _vectors(call)) if "a" in dots else None


general(
    "np.linalg.eigvalsh(a, UPLO='L')",
    vjp={"a": _eigenvalues_vjp},
    jvp=_eigenvalues_jvp,
    infer=_eigenvalues_type,
    static=("UPLO",),
    kinks=f"{EIGEN_KINKS}; repeated eigenvalues: some choice of their eigenvectors",
)


# any matrices --------------------------------------------------------------------------------------------------------
# NumPy gives complex or real results by their values: they are taken to be complex.  Eigenvectors are those that LAPACK
# chooses: of length 1, their largest entry real; the derivative stays on both.
def _eig_type(facts: Facts) -> Type:
    found = matrix_type(facts)
    if found is None or found.dtype is None or found.shape is None:
        raise TypeProblem(f"`{facts.name}` of an array of unknown rank or dtype", "give the types of the arguments")
    dtype = found.dtype if found.dtype[0] == "c" else f"c{2 * int(found.dtype[1:])}"
    values = Array(dtype, found.shape[:-1])
    return values if facts.name.endswith("eigvals") else tuple_of(values, Array(dtype, found.shape))


def _from_basis(call: Call, v: Value, inner: Value) -> Value:
    """v^-T @ inner @ v^T."""
    t = turned(call, v)
    return call("np.linalg.solve(t, inner @ t)", t=t, inner=inner)


def diagonal(call: Call, m: Value) -> Value:
    """The diagonal of the last two axes."""
    if rank(m, call.rule.name) == 2:
        return call("np.diag(m)", m=m)
    return call("np.einsum(terms, m)", terms=call.b.const("...ii->...i"), m=m)


def _largest(call: Call, v: Value) -> Value:
    """The flags of the entry of each eigenvector that LAPACK makes real."""
    last = call.rank("a") - 1
    order = call("np.argsort(-np.abs(v), axis=axis, stable=flag)", v=v, axis=call.b.const(-2), flag=call.b.const(True))
    lines = call(f"np.arange(a.shape[{last}])[:, None]")
    return call("lines == order[..., :1, :]", lines=lines, order=order)


def eig_vjp(call: Call, g: Value) -> Value:
    """Eigenvalues and eigenvectors of any matrices."""
    b, w, v = call.b, call.b.item(call.y, 0), call.b.item(call.y, 1)
    w_bar, v_bar = b.item(g, 0), b.item(g, 1)
    flags = identity(call)
    line = w_bar if call.rank("a") == 2 else call("w_bar[..., None]", w_bar=w_bar)
    if is_zero(call, v_bar):
        return _from_basis(call, v, call("np.where(flags, line, 0.0)", flags=flags, line=line))
    at, axis, keep = _largest(call, v), b.const(-2), b.const(True)
    q = call("np.sum(v_bar * v, axis=axis, keepdims=keep)", v_bar=v_bar, v=v, axis=axis, keep=keep)
    turn = call("np.where(at, 1j * np.imag(q) / v, 0.0)", at=at, q=q, v=v)
    free = call("v_bar - np.real(q) * np.conj(v) - turn", v_bar=v_bar, q=q, v=v, turn=turn)
    inner = call("f * (t @ free)", f=gaps(call, w), t=turned(call, v), free=free)
    return _from_basis(call, v, call("np.where(flags, line, inner)", flags=flags, line=line, inner=inner))


def eig_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    """Their tangents."""
    if "a" not in dots:
        return None
    b, w, v = call.b, call.b.item(call.y, 0), call.b.item(call.y, 1)
    inner = call("np.linalg.solve(v, dot @ v)", v=v, dot=dots["a"])
    w_dot = diagonal(call, inner)
    free = call("v @ (f * inner)", v=v, f=gaps(call, w), inner=inner)
    at, axis, keep = _largest(call, v), b.const(-2), b.const(True)
    grown = call("np.sum(np.real(np.conj(v) * free), axis=axis, keepdims=keep)", v=v, free=free, axis=axis, keep=keep)
    angle = call("np.where(at, (free - np.conj(free)) / (2.0 * v), 0.0)", at=at, free=free, v=v)  # real, where v is
    turned_by = call("np.sum(angle, axis=axis, keepdims=keep)", angle=angle, axis=axis, keep=keep)
    v_dot = call("free - v * (grown + turned_by)", free=free, v=v, grown=grown, turned_by=turned_by)
    return tangents(call, w_dot, v_dot)


_REPEATED = (
    "repeated eigenvalues: no derivative, inf or nan; results count as complex, also where NumPy returns real ones"
)
general("np.linalg.eig(a)", vjp={"a": eig_vjp}, jvp=eig_jvp, infer=_eig_type, kinks=_REPEATED)


def _own_basis(call: Call) -> Value:
    return call.b.item(call("np.linalg.eig(a)"), 1)


def _eigvals_vjp(call: Call, g: Value) -> Value:
    v = _own_basis(call)
    t = turned(call, v)
    return call("np.linalg.solve(t, inner)", t=t, inner=rows(call, g, t))


def _eigvals_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    inner = call("np.linalg.solve(v, dot @ v)", v=_own_basis(call), dot=dots["a"])
    return diagonal(call, inner)


general(
    "np.linalg.eigvals(a)",
    vjp={"a": _eigvals_vjp},
    jvp=_eigvals_jvp,
    infer=_eig_type,
    kinks=_REPEATED,
)
