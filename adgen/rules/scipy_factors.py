"""scipy.linalg: factors, eigenvalues and functions of matrices, by the formulas of their counterparts in NumPy.

p, l, u = scipy.linalg.lu(a)         ->      a_bar = p @ l^-T @ (tril(l.T @ l_bar, -1) + triu(u_bar @ u.T)) @ u^-T
y = scipy.linalg.cosm(a)             ->      the upper right block of cosm([[a.T, y_bar], [0, a.T]])
u, p = scipy.linalg.polar(a)         ->      solve_sylvester(p, p, ..)
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import Array, Struct, Type
from adgen.rules import decompositions as np_factors
from adgen.rules import factorisations as np_more
from adgen.rules import shapes
from adgen.rules.apply import apply, find
from adgen.rules.call import Call, rank
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


# triangular factors --------------------------------------------------------------------------------------------------
def _lu_type(facts: Facts) -> Type:
    found = known(facts)
    assert found.shape is not None
    if facts.name.endswith("factor"):
        return tuple_of(found, Array("i4", found.shape[:1]))
    return tuple_of(found, found, found)


def _halves(call: Call, both: Value) -> tuple[Value, Value]:
    low = call("np.tril(both, k=k) + np.eye(both.shape[0])", both=both, k=call.b.const(-1))
    return low, call("np.triu(both)", both=both)


def _solved(call: Call, m: Value, right: Value, low: bool, trans: bool) -> Value:
    """A solve with one of the factors."""
    b = call.b
    operands, args = [m, right], ["a", "b"]
    for name, flag in (("trans", trans), ("lower", low)):
        if flag:
            operands, args = [*operands, b.const(1 if name == "trans" else True)], [*args, name]
    if low:
        operands, args = [*operands, b.const(True)], [*args, "unit_diagonal"]
    return apply(b, "scipy.linalg.solve_triangular", operands, args)


def _from_factors(call: Call, low: Value, high: Value, low_bar: Value, high_bar: Value) -> Value:
    """The adjoint of the matrix with its rows in the order of the factors."""
    text = "np.tril(low.T @ low_bar, k=k) + np.triu(high_bar @ high.T)"
    inner = call(text, low=low, high=high, low_bar=low_bar, high_bar=high_bar, k=call.b.const(-1))
    left = _solved(call, low, inner, True, True)
    return turned(call, _solved(call, high, turned(call, left), False, False))


def _lu_vjp(call: Call, g: Value) -> Value:
    b = call.b
    p, low, high = (b.item(call.y, k) for k in range(3))
    return call("p @ m", p=p, m=_from_factors(call, low, high, b.item(g, 1), b.item(g, 2)))


def _lu_dots(call: Call, low: Value, high: Value, dot: Value) -> tuple[Value, Value]:
    """Tangents of the factors, given that of the matrix in their order."""
    left = _solved(call, low, dot, True, False)
    inner = turned(call, _solved(call, high, turned(call, left), False, True))
    return (
        call("low @ np.tril(inner, k=k)", low=low, inner=inner, k=call.b.const(-1)),
        call("np.triu(inner) @ high", inner=inner, high=high),
    )


def _lu_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    b = call.b
    p, low, high = (b.item(call.y, k) for k in range(3))
    low_dot, high_dot = _lu_dots(call, low, high, call("p.T @ dot", p=p, dot=dots["a"]))
    zeros = shapes.zeros_like(b, p)
    return b.pack(tuple_of(zeros.type, low_dot.type, high_dot.type), (zeros, low_dot, high_dot))


general("scipy.linalg.lu(a)", vjp={"a": _lu_vjp}, jvp=_lu_jvp, infer=_lu_type, kinks="another order of pivots: a jump")


def _rows(call: Call) -> Value:
    """The matrix that puts rows into the order of the factors."""
    return call("p.T", p=call.b.item(call("scipy.linalg.lu(a)"), 0))


def _factor_vjp(call: Call, g: Value) -> Value:
    low, high = _halves(call, call.b.item(call.y, 0))
    bar = call.b.item(g, 0)
    return call("rows.T @ m", rows=_rows(call), m=_from_factors(call, low, high, bar, bar))


def _factor_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    low, high = _halves(call, call.b.item(call.y, 0))
    low_dot, high_dot = _lu_dots(call, low, high, call("rows @ dot", rows=_rows(call), dot=dots["a"]))
    dot, none = call("low_dot + high_dot", low_dot=low_dot, high_dot=high_dot), call.b.const(None)
    return call.b.pack(tuple_of(dot.type, none.type), (dot, none))


general(
    "scipy.linalg.lu_factor(a, *, check_finite=True)",
    vjp={"a": _factor_vjp},
    jvp=_factor_jvp,
    infer=_lu_type,
    kinks="another order of pivots: a jump",
)


def _lu_solve_type(facts: Facts) -> Type:
    given = facts.types[0]
    if not isinstance(given, Struct) or len(given.items) != 2:
        raise TypeProblem("`scipy.linalg.lu_solve` of what is no pair", "pass what scipy.linalg.lu_factor gives")
    if facts.static("trans", 0) not in (0, 1):
        raise TypeProblem("`scipy.linalg.lu_solve` with trans=2", "pass the conjugate")
    shape = shape_of(facts.type("b"))
    if shape is None or len(shape) not in (1, 2):
        raise TypeProblem("`scipy.linalg.lu_solve` of what is not known to be a vector or a matrix", "annotate it")
    return Array(float_dtype([given.items[0], facts.type("b")]), shape)


def _again(call: Call, right: Value, flip: bool) -> Value:
    trans = bool(call.static("trans", 0)) != flip
    more = (call.b.const(1),) if trans else ()
    operands = (call.values["lu_and_piv"], right, *more)
    return apply(call.b, "scipy.linalg.lu_solve", operands, ("lu_and_piv", "b", "trans")[: 2 + len(more)])


def _columns(call: Call, value: Value) -> Value:
    """A vector as a matrix of one column."""
    return call("v[:, None]", v=value) if rank(value, "") == 1 else value


def _lu_solve_factors(call: Call, g: Value) -> Value:
    """With p a = l u the rows of the adjoint of a are needed in the order of the factors only."""
    b, given = call.b, call.values["lu_and_piv"]
    low, high = _halves(call, b.item(given, 0))
    if call.static("trans", 0):
        x = _solved(call, low, _solved(call, high, _columns(call, call.values["b"]), False, True), True, True)
        m = call("-(x @ s.T)", x=x, s=_columns(call, _again(call, g, True)))
    else:
        s = _solved(call, low, _solved(call, high, _columns(call, g), False, True), True, True)
        m = call("-(s @ x.T)", s=s, x=_columns(call, call.y))
    bar = call("np.triu(low.T @ m) + np.tril(m @ high.T, k=k)", low=low, high=high, m=m, k=b.const(-1))
    none = b.const(None)
    return b.pack(tuple_of(bar.type, none.type), (shapes.cast(b, bar, b.item(given, 0)), none))


def _moved(call: Call, dot: Value) -> Value:
    """The tangent of the matrix times the solution, solved for."""
    b = call.b
    low, high = _halves(call, b.item(call.values["lu_and_piv"], 0))
    parts = {"low": low, "high": high, "dot": dot, "k": b.const(-1)}
    if call.static("trans", 0):
        x = _solved(call, low, _solved(call, high, _columns(call, call.values["b"]), False, True), True, True)
        right = call("high.T @ (np.tril(dot, k=k).T @ x) + np.triu(dot).T @ (low.T @ x)", x=x, **parts)
        moved = _again(call, right, False)
    else:
        x = _columns(call, call.y)
        right = call("low @ (np.triu(dot) @ x) + np.tril(dot, k=k) @ (high @ x)", x=x, **parts)
        moved = _solved(call, high, _solved(call, low, right, True, False), False, False)
    return call("moved[:, 0]", moved=moved) if rank(call.y, "") == 1 else moved


def _lu_solve_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    b, total = call.b, None
    if "b" in dots:
        total = _again(call, dots["b"], False)
    if "lu_and_piv" in dots:
        moved = _moved(call, b.item(dots["lu_and_piv"], 0))
        total = call("-moved", moved=moved) if total is None else call("t - moved", t=total, moved=moved)
    return total


general(
    "scipy.linalg.lu_solve(lu_and_piv, b, trans=0, *, check_finite=True)",
    vjp={"lu_and_piv": _lu_solve_factors, "b": lambda call, g: _again(call, g, True)},
    jvp=_lu_solve_jvp,
    infer=_lu_solve_type,
    static=("trans",),
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
