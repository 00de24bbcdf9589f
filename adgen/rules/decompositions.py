"""Cholesky factors, eigenvalues of symmetric matrices, logarithms of determinants.

    l = np.linalg.cholesky(a)        ->      p = phi(l.T @ l_bar);  a_bar = phi(s + s.T) with s = l^-T p l^-1
    w, v = np.linalg.eigh(a)         ->      s = v @ (np.diag(w_bar) + f * (v.T @ v_bar)) @ v.T;  a_bar = phi(s + s.T)

`phi` is the lower triangle with half the diagonal: NumPy reads only the lower triangle of a symmetric matrix, and so
the derivative by what stands above the diagonal is zero.
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Struct, Type
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, is_complex, promote, shape_of
from adgen.rules.kinds import general
from adgen.rules.rule import Facts, TypeProblem


def _matrix_type(facts: Facts) -> Array | None:
    """The type of a square matrix, or of many; None where the rank is not known."""
    type_ = as_content(facts.types[0])
    shape = shape_of(type_)
    if shape is None:
        return None
    if len(shape) < 2:
        raise TypeProblem(f"`{facts.name}` of an array of rank {len(shape)}", "pass a square matrix")
    dtype = promote([type_])
    return Array(dtype if dtype is None or dtype[0] in "fc" else "f8", shape)


def _need_real(call: Call) -> None:
    if is_complex(call.type("a")):
        raise TypeProblem(f"the derivative of `{call.rule.name}` of complex matrices", "pass real ones")


def _need_one(call: Call) -> None:
    _need_real(call)
    if call.rank("a") != 2:
        raise TypeProblem(f"the derivative of `{call.rule.name}` of many matrices", "go through them one by one")


def _phi(call: Call, m: Value) -> Value:
    """The lower triangle with half the diagonal."""
    text = "np.tril(np.where(np.eye(a.shape[0], dtype=flag), 0.5 * m, m))"
    return call(text, m=m, flag=call.b.const(bool, "bool"))


def _lower(call: Call, s: Value) -> Value:
    """What the adjoint of a symmetric matrix is for its lower triangle."""
    return _phi(call, call("s + s.T", s=s))


def _symmetric(call: Call, dot: Value) -> Value:
    """The tangent of the symmetric matrix that NumPy reads from the lower triangle."""
    return call("np.tril(dot) + np.tril(dot, k=below).T", dot=dot, below=call.b.const(-1))


# cholesky ------------------------------------------------------------------------------------------------------------
def _cholesky_vjp(call: Call, g: Value) -> Value:
    _need_one(call)
    half = call("np.linalg.solve(y.T, p)", p=_phi(call, call("y.T @ g", g=g)))
    return _lower(call, call("np.linalg.solve(y.T, half.T)", half=half))


def _cholesky_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    _need_one(call)
    half = call("np.linalg.solve(y, dot)", dot=_symmetric(call, dots["a"]))
    return call("y @ p", p=_phi(call, call("np.linalg.solve(y, half.T)", half=half)))


general(
    "np.linalg.cholesky(a)",
    vjp={"a": _cholesky_vjp},
    jvp=_cholesky_jvp,
    infer=lambda facts: _matrix_type(facts) or UNKNOWN,
    kinks="only the lower triangle of the matrix is read: zero by what is above the diagonal",
)


# determinants --------------------------------------------------------------------------------------------------------
def _slogdet_type(facts: Facts) -> Type:
    found = _matrix_type(facts)
    line = Array(None, None) if found is None or found.shape is None else Array(found.dtype, found.shape[:-2])
    return Struct("tuple", ("0", "1"), (line, line))


def _slogdet_vjp(call: Call, g: Value) -> Value:
    _need_real(call)
    if call.rank("a") == 2:
        return call("g[1] * np.linalg.inv(a).T", g=g)
    return call("g[1][..., None, None] * np.swapaxes(np.linalg.inv(a), -1, -2)", g=g)


def _slogdet_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    _need_real(call)
    if call.rank("a") == 2:
        log = call("np.trace(np.linalg.solve(a, a_dot))", a_dot=dots["a"])
    else:
        turned = "np.swapaxes(np.linalg.inv(a), -1, -2)"
        log = call(f"np.sum({turned} * a_dot, axis=axis)", a_dot=dots["a"], axis=call.b.const((-2, -1)))
    sign = shapes.zeros_like(call.b, call.b.item(call.y, 0))
    return call.b.pack(Struct("tuple", ("0", "1"), (sign.type, log.type)), (sign, log))


general(
    "np.linalg.slogdet(a)",
    vjp={"a": _slogdet_vjp},
    jvp=_slogdet_jvp,
    infer=_slogdet_type,
    kinks="slogdet of a singular matrix: the derivative raises LinAlgError",
)


# eigenvalues ---------------------------------------------------------------------------------------------------------
EIGEN_KINKS = "only the lower triangle is read"


def _eigh_type(facts: Facts) -> Type:
    found = _matrix_type(facts)
    if found is None or found.shape is None:
        return Struct("tuple", ("0", "1"), (Array(None, None), Array(None, None)))
    return Struct("tuple", ("0", "1"), (Array(found.dtype, found.shape[:-1]), found))


def _gaps(call: Call, w: Value) -> Value:
    """1 / (w_j - w_i), zero on the diagonal."""
    text = "np.where(flags, 0.0, 1.0 / np.where(flags, 1.0, w - w[:, None]))"
    flags = call("np.eye(a.shape[0], dtype=flag)", flag=call.b.const(bool, "bool"))
    return call(text, flags=flags, w=w)


def _is_zero(call: Call, g: Value) -> bool:
    """Whether an adjoint was never added to: eigenvalues alone have a derivative even where some are equal."""
    made = next((op for op in reversed(call.b.ops) if g in op.results), None)
    return made is not None and (made.name in ("zeros_like", "np.zeros_like") or call.b.constants.get(g) == 0.0)


def _eigh_vjp(call: Call, g: Value) -> Value:
    _need_one(call)
    b, w, v = call.b, call.b.item(call.y, 0), call.b.item(call.y, 1)
    w_bar, v_bar = b.item(g, 0), b.item(g, 1)
    if _is_zero(call, v_bar):
        return _lower(call, call("(v * w_bar) @ v.T", v=v, w_bar=w_bar))
    turned = call("f * (v.T @ v_bar)", f=_gaps(call, w), v=v, v_bar=v_bar)
    inner = turned if _is_zero(call, w_bar) else call("np.diag(w_bar) + turned", w_bar=w_bar, turned=turned)
    return _lower(call, call("v @ inner @ v.T", v=v, inner=inner))


def _eigh_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    _need_one(call)
    w, v = call.b.item(call.y, 0), call.b.item(call.y, 1)
    inner = call("v.T @ dot @ v", v=v, dot=_symmetric(call, dots["a"]))
    w_dot = call("np.diag(inner)", inner=inner)
    v_dot = call("v @ (f * inner)", v=v, f=_gaps(call, w), inner=inner)
    return call.b.pack(Struct("tuple", ("0", "1"), (w_dot.type, v_dot.type)), (w_dot, v_dot))


general(
    "np.linalg.eigh(a)",
    vjp={"a": _eigh_vjp},
    jvp=_eigh_jvp,
    infer=_eigh_type,
    kinks=f"{EIGEN_KINKS}; eigenvectors of repeated eigenvalues have no derivative: inf or nan",
)


def _vectors(call: Call) -> Value:
    _need_one(call)
    return call.b.item(apply(call.b, "np.linalg.eigh", (call.values["a"],)), 1)


def _eigenvalues_type(facts: Facts) -> Type:
    found = _matrix_type(facts)
    return UNKNOWN if found is None or found.shape is None else Array(found.dtype, found.shape[:-1])


def _eigenvalues_vjp(call: Call, g: Value) -> Value:
    return _lower(call, call("(v * g) @ v.T", v=_vectors(call), g=g))


def _eigenvalues_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    return call("np.sum(v * (dot @ v), axis=0)", v=_vectors(call), dot=_symmetric(call, dots["a"]))


general(
    "np.linalg.eigvalsh(a)",
    vjp={"a": _eigenvalues_vjp},
    jvp=_eigenvalues_jvp,
    infer=_eigenvalues_type,
    kinks=f"{EIGEN_KINKS}; repeated eigenvalues: some choice of their eigenvectors",
)
