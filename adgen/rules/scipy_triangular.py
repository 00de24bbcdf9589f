"""scipy.linalg: triangular factors of square matrices, and systems solved with them.

p, l, u = scipy.linalg.lu(a)         ->      a_bar = p @ l^-T @ (tril(l.T @ l_bar, -1) + triu(u_bar @ u.T)) @ u^-T
x = scipy.linalg.lu_solve(pair, b)   ->      b_bar = scipy.linalg.lu_solve(pair, x_bar, trans=1)
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import Array, Struct, Type
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call, rank
from adgen.rules.infer import shape_of
from adgen.rules.kinds import general
from adgen.rules.matrices import float_dtype, tuple_of, turned
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.scipy_factors import known


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
