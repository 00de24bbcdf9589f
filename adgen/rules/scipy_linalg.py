"""scipy.linalg: systems, factors, functions of matrices.

x = scipy.linalg.solve_triangular(a, b)      ->      b_bar = scipy.linalg.solve_triangular(a, x_bar, trans=1)
y = scipy.linalg.expm(a)                     ->      the upper right block of expm([[a.T, y_bar], [0, a.T]])
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata

from adgen.ir.core import Value
from adgen.ir.types import Array, Dim, Static, Struct, Type
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call, rank
from adgen.rules.composed import composed
from adgen.rules.factorisations import blocks, corner
from adgen.rules.infer import as_content, is_complex, promote, shape_of
from adgen.rules.kinds import general, linear, variadic
from adgen.rules.matrices import float_dtype, matrix_type, tuple_of, turned, unless_vague
from adgen.rules.rule import Facts, TypeProblem


# systems -------------------------------------------------------------------------------------------------------------
def _solve_type(facts: Facts) -> Type:
    one, two = (as_content(type_) for type_ in facts.types[:2])
    a, b = shape_of(one), shape_of(two)
    if a is None or b is None or len(a) != 2 or len(b) not in (1, 2):
        raise TypeProblem(
            f"`{facts.name}` of what is not known to be a matrix, and a vector or matrix", "annotate them"
        )
    return Array(float_dtype([one, two]), b)


def _general(facts: Facts) -> Type:
    if facts.static("assume_a") not in (None, "gen", "general"):
        raise TypeProblem("`scipy.linalg.solve` with `assume_a`: it reads one triangle only", "leave it out")
    return _solve_type(facts)


def _outer(call: Call, one: Value, two: Value) -> Value:
    return call("np.outer(one, two)" if rank(one, "") == 1 else "one @ two.T", one=one, two=two)


def _solve_b(call: Call, g: Value) -> Value:
    return call("scipy.linalg.solve(a.T, g)", g=g)


def _solve_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    right = _right(call, dots)
    return None if right is None else call("scipy.linalg.solve(a, right)", right=right)


def _right(call: Call, dots: Mapping[str, Value], dot: Value | None = None) -> Value | None:
    """The right side that a tangent solves for."""
    right = dots.get("b")
    dot = dots.get("a") if dot is None else dot
    if dot is None:
        return right
    moved = call("dot @ y", dot=dot)
    return call("-moved", moved=moved) if right is None else call("right - moved", right=right, moved=moved)


general(
    "scipy.linalg.solve(a, b, *, assume_a=None)",
    vjp={"a": lambda call, g: call("-v", v=_outer(call, _solve_b(call, g), call.y)), "b": _solve_b},
    jvp=_solve_jvp,
    infer=_general,
    static=("assume_a",),
)


def _transposed(call: Call) -> bool:
    trans = call.static("trans", 0)
    if trans in (2, "C") and is_complex(call.type("a")):
        raise TypeProblem("the derivative of `scipy.linalg.solve_triangular` with trans=2", "pass the conjugate")
    return trans in (1, "T", 2, "C")


def _triangle(call: Call, m: Value) -> Value:
    """The part of a matrix that a triangular solve reads."""
    lower, unit = bool(call.static("lower", False)), bool(call.static("unit_diagonal", False))
    if unit:
        return call("np.tril(m, k=k)" if lower else "np.triu(m, k=k)", m=m, k=call.b.const(-1 if lower else 1))
    return call("np.tril(m)" if lower else "np.triu(m)", m=m)


def _triangular(call: Call, right: Value, trans: bool) -> Value:
    """Another solve with the same triangle."""
    operands, args = [call.values["a"], right], ["a", "b"]
    for name, value in (("trans", 1 if trans else 0), ("lower", call.static("lower", False))):
        if value:
            operands, args = [*operands, call.b.const(value)], [*args, name]
    if call.static("unit_diagonal", False):
        operands, args = [*operands, call.b.const(True)], [*args, "unit_diagonal"]
    return apply(call.b, "scipy.linalg.solve_triangular", operands, args)


def _triangular_a(call: Call, g: Value) -> Value:
    b_bar = _triangular(call, g, not _transposed(call))
    outer = _outer(call, call.y, b_bar) if _transposed(call) else _outer(call, b_bar, call.y)
    return call("-v", v=_triangle(call, outer))


def _triangular_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    dot = None
    if "a" in dots:
        dot = _triangle(call, dots["a"])
        dot = turned(call, dot) if _transposed(call) else dot
    right = _right(call, {"b": dots["b"]} if "b" in dots else {}, dot)
    return None if right is None else _triangular(call, right, _transposed(call))


general(
    "scipy.linalg.solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False)",
    vjp={"a": _triangular_a, "b": lambda call, g: _triangular(call, g, not _transposed(call))},
    jvp=_triangular_jvp,
    infer=_solve_type,
    static=("trans", "lower", "unit_diagonal"),
)


# cholesky ------------------------------------------------------------------------------------------------------------
def _square(facts: Facts) -> Type:
    found = matrix_type(facts)
    if found is not None and found.dtype is not None and found.dtype[0] == "c":
        raise TypeProblem(f"`{facts.name}` of complex matrices", "use np.linalg.cholesky")
    return unless_vague(found)


def _cholesky(call: Call) -> Value:
    """NumPy's factor of the same triangle."""
    if call.static("lower", False):
        return call("np.linalg.cholesky(a)")
    return call("np.linalg.cholesky(a, upper=flag)", flag=call.b.const(True))


composed("scipy.linalg.cholesky(a, lower=False)", _cholesky, _square, static=("lower",))


def _factor_type(facts: Facts) -> Type:
    return tuple_of(_square(facts), Static(bool(facts.static("lower", False))))


def _clears() -> bool:
    """Whether this SciPy leaves zeros in the other triangle of a factor: from 1.18 on."""
    major, minor = metadata.version("scipy").split(".")[:2]
    return (int(major), int(minor)) >= (1, 18)


def _factor_parts(call: Call) -> Value:
    """The factor in its triangle, and what was in the other one before (newer versions: zeros)."""
    low = bool(call.static("lower", False))
    if _clears():
        return _cholesky(call)
    rest = call("np.triu(a, k=k)" if low else "np.tril(a, k=k)", k=call.b.const(1 if low else -1))
    return call("factor + rest", factor=_cholesky(call), rest=rest)


def _factor_vjp(call: Call, g: Value) -> Value | None:
    from adgen.rules.composed import pull

    start = len(call.b.ops)
    out = _factor_parts(call)
    return pull(call.b, list(call.b.ops[start:]), out, call.b.item(g, 0), [call.values["a"]])[0]


def _factor_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    from adgen.rules.composed import push

    if "a" not in dots:
        return None
    start = len(call.b.ops)
    out = _factor_parts(call)
    dot = push(call.b, list(call.b.ops[start:]), out, {call.values["a"]: dots["a"]})
    assert dot is not None
    none = call.b.const(None)
    return call.b.pack(tuple_of(dot.type, none.type), (dot, none))


general(
    "scipy.linalg.cho_factor(a, lower=False)",
    vjp={"a": _factor_vjp},
    jvp=_factor_jvp,
    infer=_factor_type,
    static=("lower",),
)


def _by_side(call: Call, lower: str, upper: str, **more: Value) -> Value:
    """A formula for the lower or the upper factor; where that is not known, the flag decides while running."""
    given = call.values["c_and_lower"]
    assert isinstance(given.type, Struct)
    flag = given.type.items[1]
    if isinstance(flag, Static):
        return call(lower if flag.value else upper, **more)
    return call(f"np.where(low, {lower}, {upper})", low=call.b.item(given, 1), **more)


def _cho_type(facts: Facts) -> Type:
    given = facts.types[0]
    if not isinstance(given, Struct) or len(given.items) != 2:
        raise TypeProblem("`scipy.linalg.cho_solve` of what is no pair", "pass a factor, and whether it is lower")
    return Array(float_dtype([given.items[0], facts.types[1]]), shape_of(facts.types[1]))


def _cho_c(call: Call, g: Value) -> Value:
    """With a = l @ l.T: the adjoint of a symmetric matrix, times the factor."""
    b, given = call.b, call.values["c_and_lower"]
    c = b.item(given, 0)
    b_bar = call("scipy.linalg.cho_solve(c_and_lower, g)", g=g)
    outer = _outer(call, b_bar, call.y)
    both = call("outer + outer.T", outer=outer)
    bar = _by_side(call, "-np.tril(both @ np.tril(c))", "-np.triu(np.triu(c) @ both)", both=both, c=c)
    bar = shapes.cast(b, bar, c)
    none = b.const(None)
    return b.pack(tuple_of(bar.type, none.type), (bar, none))


def _cho_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    b, given = call.b, call.values["c_and_lower"]
    right = dots.get("b")
    if "c_and_lower" in dots:
        c, dot = b.item(given, 0), b.item(dots["c_and_lower"], 0)
        half = _by_side(call, "np.tril(dot) @ np.tril(c).T", "np.triu(c).T @ np.triu(dot)", c=c, dot=dot)
        right = _right(call, {} if right is None else {"b": right}, call("half + half.T", half=half))
    return None if right is None else call("scipy.linalg.cho_solve(c_and_lower, right)", right=right)


general(
    "scipy.linalg.cho_solve(c_and_lower, b)",
    vjp={"c_and_lower": _cho_c, "b": "scipy.linalg.cho_solve(c_and_lower, g)"},
    jvp=_cho_jvp,
    infer=_cho_type,
)


# functions of matrices -----------------------------------------------------------------------------------------------
def _expm(call: Call, t: Value, dot: Value) -> Value:
    return corner(call, call("scipy.linalg.expm(whole)", whole=blocks(call, t, dot)))


def _any_square(facts: Facts) -> Type:
    return unless_vague(matrix_type(facts))


general(
    "scipy.linalg.expm(a)",
    vjp={"a": lambda call, g: _expm(call, turned(call, call.values["a"]), g)},
    jvp={"a": lambda call, dot: _expm(call, call.values["a"], dot)},
    infer=_any_square,
)


def _sylvester_type(facts: Facts) -> Type:
    types = [as_content(type_) for type_ in facts.types]
    return Array(float_dtype(types), shape_of(types[2]))


def _sylvester_q(call: Call, g: Value) -> Value:
    return call("scipy.linalg.solve_sylvester(a.T, b.T, g)", g=g)


def _sylvester_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total: Value | None = dots.get("q")
    for name, text in (("a", "dot @ y"), ("b", "y @ dot")):
        if name in dots:
            moved = call(text, dot=dots[name])
            total = call("-moved", moved=moved) if total is None else call("t - moved", t=total, moved=moved)
    return None if total is None else call("scipy.linalg.solve_sylvester(a, b, right)", right=total)


general(
    "scipy.linalg.solve_sylvester(a, b, q)",
    vjp={
        "a": lambda call, g: call("-(q_bar @ y.T)", q_bar=_sylvester_q(call, g)),
        "b": lambda call, g: call("-(y.T @ q_bar)", q_bar=_sylvester_q(call, g)),
        "q": _sylvester_q,
    },
    jvp=_sylvester_jvp,
    infer=_sylvester_type,
)
general(
    "scipy.linalg.sqrtm(A)",
    vjp={"A": "scipy.linalg.solve_sylvester(y.T, y.T, g)"},
    jvp={"A": "scipy.linalg.solve_sylvester(y, y, A_dot)"},
    infer=_any_square,
    kinks="sqrtm of a real matrix: one whose square root is real",
)
composed("scipy.linalg.inv(a)", lambda call: call("np.linalg.inv(a)"), _any_square)


def _det_type(facts: Facts) -> Type:
    found = matrix_type(facts)
    return unless_vague(None if found is None or found.shape is None else Array(found.dtype, found.shape[:-2]))


composed("scipy.linalg.det(a)", lambda call: call("np.linalg.det(a)"), _det_type)


def _pinv_type(facts: Facts) -> Type:
    found = matrix_type(facts, square=False)
    if found is None or found.shape is None:
        return unless_vague(None)
    return Array(found.dtype, (*found.shape[:-2], found.shape[-1], found.shape[-2]))


composed("scipy.linalg.pinv(a)", lambda call: call("np.linalg.pinv(a)"), _pinv_type)


# made of parts -------------------------------------------------------------------------------------------------------
def _toeplitz_type(facts: Facts) -> Type:
    if not facts.has("r"):
        raise TypeProblem("`scipy.linalg.toeplitz` of one line", "give both its column and its row")
    c, r = (as_content(type_) for type_ in facts.types)
    one, two = shape_of(c), shape_of(r)
    if one is None or two is None or len(one) != 1 or len(two) != 1:
        raise TypeProblem("`scipy.linalg.toeplitz` of what are no lines", "pass a column and a row")
    return Array(promote([c, r]), (one[0], two[0]))


_AT = "np.arange(c.size)[:, None] - np.arange(r.size)"


def _toeplitz_c(call: Call, g: Value) -> Value:
    at = call(_AT)
    text = "np.bincount(np.ravel(np.maximum(at, 0)), weights=np.ravel(np.where(at >= 0, g, 0.0)), minlength=c.size)"
    return call(text, at=at, g=g)


def _toeplitz_r(call: Call, g: Value) -> Value:
    at = call(_AT)
    text = "np.bincount(np.ravel(np.maximum(-at, 0)), weights=np.ravel(np.where(at < 0, g, 0.0)), minlength=r.size)"
    return call(text, at=at, g=g)


linear("scipy.linalg.toeplitz(c, r=None)", {"c": _toeplitz_c, "r": _toeplitz_r}, infer=_toeplitz_type)


def _blocks_type(facts: Facts) -> Type:
    types = [as_content(type_) for type_ in facts.types]
    lines = [shape_of(type_) for type_ in types]
    if any(shape is None or len(shape) != 2 for shape in lines):
        raise TypeProblem("`scipy.linalg.block_diag` of what are no matrices", "pass matrices")
    known: list[Dim] = []
    for axis in (0, 1):
        sizes = [shape[axis] for shape in lines if shape is not None]
        numbers = [size for size in sizes if isinstance(size, int)]
        known.append(sum(numbers) if len(numbers) == len(sizes) else None)
    return Array(promote(types), tuple(known))


def _block_pull(call: Call, g: Value, k: int) -> Value:
    """The block that belongs to an argument."""
    before = call.op.operands[:k]
    own = call.op.operands[k]
    spec, bounds = [], []
    for axis in (0, 1):
        start: Value | None = None
        for value in before:
            size = call(f"v.shape[{axis}]", v=value)
            start = size if start is None else call("start + size", start=start, size=size)
        size = call(f"v.shape[{axis}]", v=own)
        stop = size if start is None else call("start + size", start=start, size=size)
        spec.append("s010" if start is None else "s110")
        bounds += [stop] if start is None else [start, stop]
    return shapes.index(call.b, g, spec, bounds)


def _block_push(call: Call, dot: Value, k: int) -> Value:
    zeros = [dot if j == k else call("np.zeros_like(v)", v=value) for j, value in enumerate(call.op.operands)]
    return apply(call.b, "scipy.linalg.block_diag", zeros, call.args)


variadic("scipy.linalg.block_diag(*arrs)", _block_pull, _block_push, infer=_blocks_type)
