"""scipy.linalg: matrix equations, symmetric bands, functions that are others in disguise.

x = scipy.linalg.solve_continuous_are(a, b, q, r)      ->      a Lyapunov equation with the closed loop for the adjoint
x = scipy.linalg.solveh_banded(ab, b)                  ->      b_bar = scipy.linalg.solveh_banded(ab, x_bar)
w = scipy.linalg.eigvals_banded(ab)                    ->      np.linalg.eigvalsh of the matrix
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import Array, Dim, Struct, Type
from adgen.rules import decompositions as np_factors
from adgen.rules.apply import apply, shape_facts
from adgen.rules.call import Call
from adgen.rules.composed import composed
from adgen.rules.factorisations import blocks
from adgen.rules.infer import as_content, is_complex, shape_of
from adgen.rules.kinds import general, linear
from adgen.rules.matrices import float_dtype, tuple_of
from adgen.rules.rule import Facts, TypeProblem


def _tables(facts: Facts, *names: str) -> list[tuple[Dim, ...]]:
    """The shapes of real matrices."""
    found = [shape_of(facts.type(name)) for name in names]
    if any(shape is None or len(shape) != 2 for shape in found):
        raise TypeProblem(f"`{facts.name}` of what are not known to be matrices", "annotate the arguments")
    if any(is_complex(as_content(facts.type(name))) for name in names):
        raise TypeProblem(f"`{facts.name}` of complex matrices", "it is known for real ones")
    return [shape for shape in found if shape is not None]


def _dtype(facts: Facts, *names: str) -> str | None:
    return float_dtype([as_content(facts.type(name)) for name in names])


# Riccati's equations: what the solution must be multiplied by for the residual to stay zero ------------------------
def _riccati_type(facts: Facts) -> Type:
    return Array(_dtype(facts, "a", "b", "q", "r"), _tables(facts, "a", "b", "q", "r")[0])


def _continuous(call: Call) -> Value:
    gain = call("scipy.linalg.solve(r, b.T @ y)")
    residual = call("a.T @ y + y @ a - y @ b @ gain + q", gain=gain)
    return call("scipy.linalg.solve_continuous_lyapunov((a - b @ gain).T, -residual)", gain=gain, residual=residual)


def _discrete(call: Call) -> Value:
    gain = call("scipy.linalg.solve(r + b.T @ y @ b, b.T @ y @ a)")
    residual = call("a.T @ y @ a - y - a.T @ y @ b @ gain + q", gain=gain)
    return call("scipy.linalg.solve_discrete_lyapunov((a - b @ gain).T, residual)", gain=gain, residual=residual)


for _name, _build in (("continuous", _continuous), ("discrete", _discrete)):
    composed(f"scipy.linalg.solve_{_name}_are(a, b, q, r)", _build, _riccati_type)


# symmetric bands -----------------------------------------------------------------------------------------------------
def places(call: Call, name: str, back: bool = False) -> dict[str, Value]:
    """For each entry of a band its distance from the diagonal, and where else in its column's line it stands."""
    lower = bool(call.static("lower", False))
    away = f"np.arange({name}.shape[0])" if lower else f"np.flip(np.arange({name}.shape[0]))"
    k = call(f"np.expand_dims({away}, axis)", axis=call.b.const(1))
    sign = "+" if lower != back else "-"
    other = call(f"np.arange({name}.shape[1]) {sign} k", k=k)
    inside = call(f"(other >= 0) & (other < {name}.shape[1])", other=other)
    return {"k": k, "inside": inside, "at": call("np.where(inside, other, 0)", inside=inside, other=other)}


def _summed(call: Call, products: Value) -> Value:
    """Products of right sides and solutions, summed over the right sides."""
    return call("np.sum(p, axis=last)", p=products, last=call.b.const(-1)) if call.rank("b") == 2 else products


def _band_solved(call: Call, right: Value) -> Value:
    args = ["ab", "b", *(["lower"] if call.has("lower") else [])]
    operands = [right if arg == "b" else call.values[arg] for arg in args]
    return apply(call.b, call.rule.name, operands, args)


def _band_bar(call: Call, g: Value) -> Value:
    env, s = places(call, "ab"), _band_solved(call, g)
    both = _summed(call, call("s[at] * y + s * y[at]", s=s, **env))
    return call("np.where(inside, np.where(k == 0, -0.5, -1.0) * both, 0.0)", both=both, **env)


def _band_dot(call: Call, dot: Value) -> Value:
    """The tangent of the matrix times the solution: of the entries in a row and, over the diagonal, of its column."""
    env, b = places(call, "ab"), call.b
    column = "[:, :, None]" if call.rank("b") == 2 else ""
    rows = b.const(0)
    row = call("np.where(inside, dot, 0.0)", dot=dot, **env)
    first = call(f"np.sum(row{column} * y[at], axis=rows)", row=row, rows=rows, **env)
    env = places(call, "ab", back=True)
    mirrored = call("np.take_along_axis(dot, at, axis=last)", dot=dot, last=b.const(1), **env)
    row = call("np.where(inside & (k > 0), mirrored, 0.0)", mirrored=mirrored, **env)
    second = call(f"np.sum(row{column} * y[at], axis=rows)", row=row, rows=rows, **env)
    return _band_solved(call, call("-(first + second)", first=first, second=second))


def _solution_type(facts: Facts) -> Type:
    _tables(facts, "ab")
    shape = shape_of(facts.type("b"))
    if shape is None or len(shape) not in (1, 2):
        raise TypeProblem("`scipy.linalg.solveh_banded` of what is not known to be a vector or a matrix", "annotate it")
    return Array(_dtype(facts, "ab", "b"), shape)


general(
    "scipy.linalg.solveh_banded(ab, b, *, lower=False)",
    vjp={"ab": _band_bar, "b": _band_solved},
    jvp={"ab": _band_dot, "b": _band_solved},
    infer=_solution_type,
    static=("lower",),
)


def _values_type(facts: Facts) -> Type:
    return Array(_dtype(facts, "a_band"), _tables(facts, "a_band")[0][1:])


def dense(call: Call, name: str, band: Value) -> Value:
    """The matrix of a band of the shape of an argument."""
    lower = bool(call.static("lower", False))
    line = call(f"np.arange({name}.shape[1])")
    apart = call("np.abs(line[:, None] - line)", line=line)
    column = call(f"np.{'minimum' if lower else 'maximum'}(line[:, None], line)", line=line)
    row = call(f"np.minimum(apart, {name}.shape[0] - 1)", apart=apart)
    row = row if lower else call(f"{name}.shape[0] - 1 - row", row=row)
    at = call(f"row * {name}.shape[1] + column", row=row, column=column)
    return call(f"np.where(apart < {name}.shape[0], np.take(np.ravel(band), at), 0.0)", apart=apart, band=band, at=at)


def _axes(call: Call) -> Value:
    return call.b.item(call("np.linalg.eigh(m)", m=dense(call, "a_band", call.values["a_band"])), 1)


def _values_bar(call: Call, g: Value) -> Value:
    env, v = places(call, "a_band"), _axes(call)
    whole = call("(v * g) @ v.T", v=v, g=g)
    bar = call("np.where(k == 0, 1.0, 2.0) * whole[at, np.arange(a_band.shape[1])]", whole=whole, **env)
    return call("np.where(inside, bar, 0.0)", bar=bar, **env)


def _values_dot(call: Call, dot: Value) -> Value:
    return call("np.sum(v * (m @ v), axis=rows)", v=_axes(call), m=dense(call, "a_band", dot), rows=call.b.const(0))


general(
    "scipy.linalg.eigvals_banded(a_band, lower=False)",
    vjp={"a_band": _values_bar},
    jvp={"a_band": _values_dot},
    infer=_values_type,
    static=("lower",),
    kinks="repeated eigenvalues: some choice of their eigenvectors",
)


# tridiagonal matrices ------------------------------------------------------------------------------------------------
def _pairs_type(facts: Facts) -> Type:
    shape = shape_of(facts.type("d"))
    if shape is None or len(shape) != 1:
        raise TypeProblem("`scipy.linalg.eigh_tridiagonal` of what are not known to be lines", "annotate them")
    dtype = _dtype(facts, "d", "e")
    w = Array(dtype, shape)
    return w if facts.static("eigvals_only", False) else tuple_of(w, Array(dtype, (shape[0], shape[0])))


def _made(call: Call, d: Value, e: Value) -> Value:
    text = "np.diag(d) + np.diag(e, k=k) + np.diag(e, k=low)"
    return call(text, d=d, e=e, k=call.b.const(1), low=call.b.const(-1))


def _of_matrix(call: Call) -> Call:
    """The call as one of the matrix that both lines stand for."""
    other = Call(call.b, call.rule, call.op)
    other.values["a"] = _made(call, call.values["d"], call.values["e"])
    return other


def _matrix_bar(call: Call, g: Value) -> Value:
    other = _of_matrix(call)
    if isinstance(call.y.type, Struct):
        return np_factors.eigh_vjp(other, g)
    return np_factors.spread(other, g, call.b.item(other("np.linalg.eigh(a)"), 1))


def _beside(call: Call, g: Value) -> Value:
    bar = _matrix_bar(call, g)
    return call("np.diag(bar, k=k) + np.diag(bar, k=low)", bar=bar, k=call.b.const(1), low=call.b.const(-1))


def _pairs_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if not dots:
        return None
    d = dots["d"] if "d" in dots else call("np.zeros_like(d)")
    e = dots["e"] if "e" in dots else call("np.zeros_like(e)")
    moved, other = _made(call, d, e), _of_matrix(call)
    if isinstance(call.y.type, Struct):
        return np_factors.eigh_jvp(other, {"a": moved})
    return np_factors.along(other, moved, call.b.item(other("np.linalg.eigh(a)"), 1))


general(
    "scipy.linalg.eigh_tridiagonal(d, e, eigvals_only=False)",
    vjp={"d": lambda call, g: call("np.diag(bar)", bar=_matrix_bar(call, g)), "e": _beside},
    jvp=_pairs_jvp,
    infer=_pairs_type,
    static=("eigvals_only",),
    kinks="eigenvectors of repeated eigenvalues have no derivative: inf or nan",
)


# convolutions as matrices --------------------------------------------------------------------------------------------
def _toeplitz_type(facts: Facts) -> Type:
    shape = shape_of(facts.type("a"))
    if shape is None or len(shape) != 1:
        raise TypeProblem("`scipy.linalg.convolution_matrix` of what is not known to be a line", "annotate it")
    if facts.static("mode", "full") not in ("full", "same", "valid"):
        raise TypeProblem("`scipy.linalg.convolution_matrix` with this mode", "use full, same or valid")
    found = shape_facts(facts.statics, "n")
    return Array(_dtype(facts, "a"), (None, found[0] if found is not None and len(found) == 1 else None))


def _gathered(call: Call, g: Value) -> Value:
    """The sums over the diagonals."""
    mode = call.static("mode", "full")
    less = "np.minimum(a.size, n) - 1"
    ahead = {"full": "", "same": f" + ({less}) // 2", "valid": f" + ({less})"}[str(mode)]
    at = call(f"np.arange(g.shape[0])[:, None] - np.arange(n){ahead}", g=g)
    at = call("np.where((at >= 0) & (at < a.size), at, a.size)", at=at)
    return call("np.bincount(np.ravel(at), weights=np.ravel(g), minlength=a.size + 1)[:-1]", at=at, g=g)


linear("scipy.linalg.convolution_matrix(a, n, mode='full')", {"a": _gathered}, infer=_toeplitz_type, static=("mode",))


# others --------------------------------------------------------------------------------------------------------------
def _frechet_type(facts: Facts) -> Type:
    one = Array(_dtype(facts, "A", "E"), _tables(facts, "A", "E")[0])
    return tuple_of(one, one)


def _frechet(call: Call) -> Value:
    """Both results are blocks of one exponential."""
    n = call("A.shape[0]")
    whole = call("scipy.linalg.expm(m)", m=blocks(call, call.values["A"], call.values["E"]))
    upper = call("np.take(whole, np.arange(n), axis=rows)", whole=whole, n=n, rows=call.b.const(0))
    parts = [
        call(f"np.take(upper, np.arange(n){more}, axis=last)", upper=upper, n=n, last=call.b.const(1))
        for more in ("", " + n")
    ]
    return call.b.pack(tuple_of(parts[0].type, parts[1].type), parts)


composed("scipy.linalg.expm_frechet(A, E)", _frechet, _frechet_type)


def _angles_type(facts: Facts) -> Type:
    one, two = _tables(facts, "A", "B")
    size = min(one[1], two[1]) if isinstance(one[1], int) and isinstance(two[1], int) else None
    return Array(_dtype(facts, "A", "B"), (size,))


def _angles(call: Call) -> Value:
    parts = {name: call.b.item(call(f"np.linalg.qr({name})"), 0) for name in ("A", "B")}
    cosines = call("np.linalg.svdvals(p.T @ q)", p=parts["A"], q=parts["B"])
    return call("np.flip(np.arccos(cosines))", cosines=cosines)


composed(
    "scipy.linalg.subspace_angles(A, B)",
    _angles,
    _angles_type,
    kinks="at angles of zero: inf; of matrices of full rank",
)
