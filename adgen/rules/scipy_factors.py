"""scipy.linalg: factors, eigenvalues and functions of matrices, by the formulas of their counterparts in NumPy.

y = scipy.linalg.cosm(a)             ->      the upper right block of cosm([[a.T, y_bar], [0, a.T]])
u, p = scipy.linalg.polar(a)         ->      solve_sylvester(p, p, ..)
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import Array, Struct, Type
from adgen.rules import decompositions as np_factors
from adgen.rules import factorisations as np_more
from adgen.rules.apply import apply, find
from adgen.rules.call import Call
from adgen.rules.composed import composed
from adgen.rules.factorisations import blocks, corner
from adgen.rules.infer import as_content, is_complex, shape_of
from adgen.rules.kinds import Piece, general
from adgen.rules.matrices import float_dtype, matrix_type, smaller, tuple_of, turned, unless_vague
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.special import no_piece


def known(facts: Facts, square: bool = True) -> Array:
    """The type of one real matrix."""
    found = matrix_type(facts, square)
    if found is None or found.shape is None or len(found.shape) != 2:
        raise TypeProblem(f"`{facts.name}` of what is not known to be one matrix", "annotate the argument")
    if is_complex(found):
        raise TypeProblem(f"`{facts.name}` of complex matrices", "use the function of np.linalg")
    return found


# eigenvalues, singular values, norms: as in NumPy --------------------------------------------------------------------
def _eigh_type(facts: Facts) -> Type:
    found = known(facts)
    assert found.shape is not None
    w = Array(found.dtype, found.shape[:-1])
    alone = facts.name.endswith("eigvalsh") or facts.static("eigvals_only", False)
    return w if alone else tuple_of(w, found)


def _eigh_vjp(call: Call, g: Value) -> Value:
    if isinstance(call.y.type, Struct):
        return np_factors.eigh_vjp(call, g)
    return np_factors.spread(call, g, _basis(call))


def _eigh_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if isinstance(call.y.type, Struct) or "a" not in dots:
        return np_factors.eigh_jvp(call, dots)
    return np_factors.along(call, dots["a"], _basis(call))


def _basis(call: Call) -> Value:
    lower = [call.values["lower"]] if call.has("lower") else []
    parts = apply(call.b, "scipy.linalg.eigh", (call.values["a"], *lower), ("a", "lower")[: 1 + len(lower)])
    return call.b.item(parts, 1)


for _name in ("eigh(a, *, lower=True, eigvals_only=False", "eigvalsh(a, *, lower=True"):
    general(
        f"scipy.linalg.{_name}, check_finite=True)",
        vjp={"a": _eigh_vjp},
        jvp=_eigh_jvp,
        infer=_eigh_type,
        static=("lower", "eigvals_only"),
        kinks="only one triangle is read; eigenvectors of repeated eigenvalues have no derivative: inf or nan",
    )
general(
    "scipy.linalg.eig(a)", vjp={"a": np_factors.eig_vjp}, jvp=np_factors.eig_jvp, infer=find("np.linalg.eig").infer_rule
)
composed("scipy.linalg.eigvals(a)", lambda call: call("np.linalg.eigvals(a)"), find("np.linalg.eigvals").infer_rule)
general(
    "scipy.linalg.svd(a, full_matrices=True, compute_uv=True, *, check_finite=True)",
    vjp={"a": np_more.svd_vjp},
    jvp=np_more.svd_jvp,
    infer=find("np.linalg.svd").infer_rule,
    static=("full_matrices", "compute_uv"),
    kinks="singular vectors of repeated or zero singular values have no derivative: inf or nan",
)
composed("scipy.linalg.svdvals(a)", lambda call: call("np.linalg.svdvals(a)"), find("np.linalg.svdvals").infer_rule)


def _norm(call: Call) -> Value:
    names = [name for name in ("a", "ord", "axis", "keepdims") if name in call.values]
    return apply(call.b, "np.linalg.norm", [call.values[name] for name in names], ("x", *names[1:]))


composed("scipy.linalg.norm(a, ord=None, axis=None, keepdims=False)", _norm, find("np.linalg.norm").infer_rule)


def _tridiagonal(call: Call) -> Value:
    return call("np.diag(d) + np.diag(e, k=k) + np.diag(e, k=low)", k=call.b.const(1), low=call.b.const(-1))


def _line_type(facts: Facts) -> Type:
    return Array(float_dtype([as_content(type_) for type_ in facts.types]), shape_of(facts.types[0]))


composed(
    "scipy.linalg.eigvalsh_tridiagonal(d, e)",
    lambda call: call("np.linalg.eigvalsh(m)", m=_tridiagonal(call)),
    _line_type,
)


def _pinvh(call: Call) -> Value:
    low = bool(call.static("lower", True))
    rest = "np.tril(a, k=k)" if low else "np.triu(a, k=k)"
    whole = f"{'np.tril' if low else 'np.triu'}(a) + ({rest}).T"
    return call(f"np.linalg.pinv({whole})", k=call.b.const(-1 if low else 1))


composed("scipy.linalg.pinvh(a, *, lower=True)", _pinvh, lambda facts: known(facts), static=("lower",))


# functions of matrices -----------------------------------------------------------------------------------------------
def _of_blocks(own: bool) -> Piece:
    def piece(call: Call, dot: Value) -> Value:
        name = call.args[0]
        t = call.values[name] if own else turned(call, call.values[name])
        rest, args = list(call.op.operands[1:]), call.args
        return corner(call, apply(call.b, call.rule.name, (blocks(call, t, dot), *rest), args), name)

    return piece


for _name in ("cosm", "sinm", "tanm", "coshm", "sinhm", "tanhm", "signm"):
    _pieces = {"A": _of_blocks(True)}
    general(f"scipy.linalg.{_name}(A)", vjp={"A": _of_blocks(False)}, jvp=_pieces, infer=lambda facts: known(facts))
for _name in ("logm(A)", "fractional_matrix_power(A, t)"):
    general(
        f"scipy.linalg.{_name}",
        vjp={"A": _of_blocks(False)} | ({"t": no_piece} if ", t" in _name else {}),
        jvp={"A": _of_blocks(True)} | ({"t": no_piece} if ", t" in _name else {}),
        infer=lambda facts: known(facts),
        kinks="of a real matrix: one whose result is real",
    )


# orthogonal factors --------------------------------------------------------------------------------------------------
def _qr_type(facts: Facts) -> Type:
    found, mode = known(facts, square=False), facts.static("mode", "full")
    if mode not in ("full", "economic"):
        raise TypeProblem(f"`scipy.linalg.qr` with mode={mode!r}", "use mode='economic'")
    assert found.shape is not None
    m, n = found.shape
    k = m if mode == "full" else smaller(m, n)
    return tuple_of(Array(found.dtype, (m, k)), Array(found.dtype, (k, n)))


def _check_qr(call: Call) -> None:
    """The full factors of a matrix that is not square: LinAlgError while running, where it is not known here."""
    m, n = shape_of(call.type("a")) or (None, None)
    if call.static("mode", "full") == "full" and isinstance(m, int) and isinstance(n, int) and m != n:
        raise TypeProblem("the derivative of `scipy.linalg.qr` of a matrix that is not square", "use mode='economic'")


def _qr_vjp(call: Call, g: Value) -> Value:
    _check_qr(call)
    return np_more.qr_vjp(call, g)


def _qr_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    _check_qr(call)
    return np_more.qr_jvp(call, dots)


general(
    "scipy.linalg.qr(a, *, mode='full', check_finite=True)",
    vjp={"a": _qr_vjp},
    jvp=_qr_jvp,
    infer=_qr_type,
    static=("mode",),
    kinks="qr of a matrix of less than full rank: LinAlgError, or inf",
)


def _polar_type(facts: Facts) -> Type:
    found = known(facts, square=False)
    assert found.shape is not None
    m, n = found.shape
    if facts.static("side", "right") != "right":
        raise TypeProblem("`scipy.linalg.polar` with side='left'", "pass the transpose")
    return tuple_of(found, Array(found.dtype, (n, n)))


def _polar_vjp(call: Call, g: Value) -> Value:
    b, u, p = call.b, call.b.item(call.y, 0), call.b.item(call.y, 1)
    u_bar, p_bar = b.item(g, 0), b.item(g, 1)
    x_bar = call("u.T @ u_bar - p_bar @ p", u=u, u_bar=u_bar, p_bar=p_bar, p=p)
    turn = call("scipy.linalg.solve_sylvester(p, p, x_bar)", p=p, x_bar=x_bar)
    out = call("np.linalg.solve(p, u_bar.T).T", p=p, u_bar=u_bar)
    return call("u @ (turn - turn.T + p_bar - u.T @ out) + out", u=u, turn=turn, p_bar=p_bar, out=out)


def _polar_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    u, p = call.b.item(call.y, 0), call.b.item(call.y, 1)
    m = call("u.T @ dot", u=u, dot=dots["a"])
    turn = call("scipy.linalg.solve_sylvester(p, p, m - m.T)", p=p, m=m)
    u_dot = call("u @ turn + np.linalg.solve(p, (dot - u @ m).T).T", u=u, turn=turn, p=p, dot=dots["a"], m=m)
    p_dot = call("m - turn @ p", m=m, turn=turn, p=p)
    return call.b.pack(tuple_of(u_dot.type, p_dot.type), (u_dot, p_dot))


general(
    "scipy.linalg.polar(a, side='right')",
    vjp={"a": _polar_vjp},
    jvp=_polar_jvp,
    infer=_polar_type,
    kinks="of a matrix of less than full rank: LinAlgError, or inf",
    static=("side",),
)


def _procrustes(call: Call) -> Value:
    parts = call("scipy.linalg.polar(A.T @ B)")
    r, scale = call.b.item(parts, 0), call("np.trace(p)", p=call.b.item(parts, 1))
    return call.b.pack(tuple_of(r.type, scale.type), (r, scale))


def _procrustes_type(facts: Facts) -> Type:
    found = known(facts, square=False)
    assert found.shape is not None
    return tuple_of(Array(found.dtype, (found.shape[1], found.shape[1])), Array(found.dtype, ()))


composed("scipy.linalg.orthogonal_procrustes(A, B)", _procrustes, _procrustes_type)


# least squares, and equations of matrices ----------------------------------------------------------------------------
def _least_type(facts: Facts) -> Type:
    found = find("np.linalg.lstsq").infer_rule(facts)
    assert isinstance(found, Struct)
    return tuple_of(found.items[0], Array(None, None), *found.items[2:])


def _least(call: Call) -> Value:
    return call("np.linalg.lstsq(a, b)")


def _least_vjp(name: str) -> Piece:
    def piece(call: Call, g: Value) -> Value | None:
        _least(call)
        return find("np.linalg.lstsq").vjp(call.b, call.b.ops[-1], g, [call.args.index(name)])[0]

    return piece


def _least_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if not dots:
        return None
    _least(call)
    out = find("np.linalg.lstsq").jvp(call.b, call.b.ops[-1], [dots.get(name) for name in call.args])
    assert out is not None
    parts = [call.b.item(out, k) for k in range(4)]
    parts[1] = call("np.sum(r)", r=parts[1]) if call.rank("b") == 1 else parts[1]
    return call.b.pack(tuple_of(*[part.type for part in parts]), parts)


general(
    "scipy.linalg.lstsq(a, b)",
    vjp={"a": _least_vjp("a"), "b": _least_vjp("b")},
    jvp=_least_jvp,
    infer=_least_type,
    kinks="of a matrix of less than full rank: as if its rank stayed",
)


def _third_type(facts: Facts) -> Type:
    return unless_vague(matrix_type(facts))


for _name in ("solve_continuous_lyapunov", "solve_lyapunov"):
    composed(f"scipy.linalg.{_name}(a, q)", lambda call: call("scipy.linalg.solve_sylvester(a, a.T, q)"), _third_type)


def _discrete(call: Call, g: Value) -> Value:
    return call("scipy.linalg.solve_discrete_lyapunov(a.T, g)", g=g)


def _discrete_a(call: Call, g: Value) -> Value:
    return call("s @ a @ y.T + s.T @ a @ y", s=_discrete(call, g))


def _discrete_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total = dots.get("q")
    if "a" in dots:
        part = call("dot @ y @ a.T + a @ y @ dot.T", dot=dots["a"])
        total = part if total is None else call("total + part", total=total, part=part)
    return None if total is None else call("scipy.linalg.solve_discrete_lyapunov(a, total)", total=total)


general(
    "scipy.linalg.solve_discrete_lyapunov(a, q)",
    vjp={"a": _discrete_a, "q": _discrete},
    jvp=_discrete_jvp,
    infer=lambda facts: known(facts),
)
