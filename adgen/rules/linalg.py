"""Products of arrays and linear algebra.

    y = A @ x                  ->      A_bar = np.outer(y_bar, x);  x_bar = A.T @ y_bar
    x = np.linalg.solve(A, b)  ->      b_bar = np.linalg.solve(A.T, x_bar);  A_bar = -np.outer(b_bar, x)

Adjoints of complex arrays are transposed, not conjugated (JAX's convention).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, Type, Unknown
from adgen.rules import shapes
from adgen.rules.call import Call
from adgen.rules.cores import OPTIONS, again, with_cores, with_moved
from adgen.rules.infer import as_array, as_content, broadcast, is_complex, promote, shape_of
from adgen.rules.kinds import Piece, general
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.vague_products import side, vague


# types ---------------------------------------------------------------------------------------------------------------
def _operands(facts: Facts) -> tuple[tuple[Dim, ...], tuple[Dim, ...]] | None:
    one, two = (shape_of(type_) for type_ in facts.types[:2])
    return None if one is None or two is None else (one, two)


def _vague(facts: Facts) -> Type:
    """The type of a product of arrays of unknown rank."""
    types = [as_content(type_) for type_ in facts.types[:2]]
    return UNKNOWN if any(isinstance(t, Unknown) for t in types) else Array(promote(types), None)


def _matmul_type(facts: Facts) -> Type:
    found = _operands(facts)
    if found is None:
        return _vague(facts)
    one, two = found
    if not one or not two:
        raise TypeProblem("a matrix product with a number", "use `*`")
    _check_inner(one[-1], two[-2] if len(two) > 1 else two[0], facts.name)
    lead = broadcast([one[:-2], two[:-2]])
    assert lead is not None
    rows = one[-2:-1] if len(one) > 1 else ()
    columns = two[-1:] if len(two) > 1 else ()
    return Array(promote([as_array(t) for t in facts.types[:2]]), (*lead, *rows, *columns))


def _check_inner(a: Dim, b: Dim, name: str) -> None:
    if isinstance(a, int) and isinstance(b, int) and a != b:
        raise TypeProblem(f"`{name}` of inner dimensions {a} and {b}", "make them agree")


def _dot_type(facts: Facts) -> Type:
    found = _operands(facts)
    if found is None:
        return _vague(facts)
    one, two = found
    dtype = promote([as_array(t) for t in facts.types[:2]])
    if not one or not two:
        return Array(dtype, one or two)
    _check_inner(one[-1], two[-2] if len(two) > 1 else two[0], facts.name)
    return Array(dtype, one[:-1] + (two[:-2] + two[-1:] if len(two) > 1 else ()))


def _number_type(facts: Facts) -> Type:
    return Array(promote([as_array(t) for t in facts.types[:2]]), ())


def _outer_type(facts: Facts) -> Type:
    dims: list[Dim] = []
    for type_ in facts.types[:2]:
        shape = shape_of(type_)
        one = shape is not None and len(shape) == 1
        dims.append(shape[0] if one and shape is not None else 1 if shape == () else None)
    return Array(promote([as_array(t) for t in facts.types[:2]]), tuple(dims))


def _inner_type(facts: Facts) -> Type:
    found = _operands(facts)
    if found is None:
        return _vague(facts)
    one, two = found
    dtype = promote([as_array(t) for t in facts.types[:2]])
    return Array(dtype, (one[:-1] + two[:-1]) if one and two else one or two)


# matrix products -----------------------------------------------------------------------------------------------------
def _matmul_a(call: Call, g: Value) -> Value:
    if vague(call):
        return side(call, g, "a", "matmul")
    match min(call.rank("a"), 3), min(call.rank("b"), 3):
        case 1, 1:
            return call("g * b", g=g)
        case 2, 1:
            return call("np.outer(g, b)", g=g)
        case 1, 2:
            return call("b @ g", g=g)
        case 2, 2:
            return call("g @ b.T", g=g)
        case 1, _:  # y[.., k] = a[j] b[.., j, k]
            out = call("(b @ g[..., None])[..., 0]", g=g)
        case _, 1:
            out = call("g[..., None] * b", g=g)
        case _:
            out = call("g @ b.mT", g=g)
    return shapes.unbroadcast(call.b, out, call.values["a"])


def _matmul_b(call: Call, g: Value) -> Value:
    if vague(call):
        return side(call, g, "b", "matmul")
    match min(call.rank("a"), 3), min(call.rank("b"), 3):
        case 1, 1:
            return call("g * a", g=g)
        case 2, 1:
            return call("a.T @ g", g=g)
        case 1, 2:
            return call("np.outer(a, g)", g=g)
        case 2, 2:
            return call("a.T @ g", g=g)
        case 1, _:
            out = call("a[:, None] * g[..., None, :]", g=g)
        case _, 1:
            out = call("(a.mT @ g[..., None])[..., 0]", g=g)
        case _:
            out = call("a.mT @ g", g=g)
    return shapes.unbroadcast(call.b, out, call.values["b"])


def _dot_a(call: Call, g: Value) -> Value:
    if vague(call):
        return side(call, g, "a", "np.dot")
    one, two = call.rank("a"), call.rank("b")
    if 0 in (one, two):
        return _product_side(call, g, "b", "a")
    if max(one, two) <= 2:
        return _matmul_a(call, g)
    if two == 1:
        return call("g[..., None] * b", g=g)
    return _over(call, "np.tensordot(g, b, axes=over)", g, range(one - 1, one + two - 2), (*range(two - 2), two - 1))


def _dot_b(call: Call, g: Value) -> Value:
    if vague(call):
        return side(call, g, "b", "np.dot")
    one, two = call.rank("a"), call.rank("b")
    if 0 in (one, two):
        return _product_side(call, g, "a", "b")
    if max(one, two) <= 2:
        return _matmul_b(call, g)
    out = _over(call, "np.tensordot(a, g, axes=over)", g, range(one - 1), range(one - 1))
    return (
        out if two < 3 else call("np.moveaxis(out, first, last)", out=out, first=call.b.const(0), last=call.b.const(-2))
    )


def _over(call: Call, text: str, g: Value, first: Iterable[int], second: Iterable[int]) -> Value:
    """A tensordot over these axes."""
    return call(text, g=g, over=call.b.const((tuple(first), tuple(second))))


def _product_side(call: Call, g: Value, other: str, own: str) -> Value:
    """np.dot, np.inner with a number: a plain product."""
    return shapes.unbroadcast(call.b, call(f"g * {other}", g=g), call.values[own])


def _inner_side(own: str, other: str) -> Piece:
    def piece(call: Call, g: Value) -> Value:
        mine, theirs = call.rank(own), call.rank(other)
        if 0 in (mine, theirs):
            return _product_side(call, g, other, own)
        if mine == 1 and theirs == 1:
            return call(f"g * {other}", g=g)
        if max(mine, theirs) > 2:
            start = mine - 1 if own == "a" else 0  # where the adjoint has the axes of the other one
            over = range(start, start + theirs - 1)
            return _over(call, f"np.tensordot(g, {other}, axes=over)", g, over, range(theirs - 1))
        turn = own == "b" and mine == 2 and theirs == 2
        if mine == 1:
            return call(f"{other}.T @ g", g=g)
        return call(f"np.outer(g, {other})" if theirs == 1 else f"g.T @ {other}" if turn else f"g @ {other}", g=g)

    return piece


def _flat(call: Call, own: str, g: Value, text: str) -> Value:
    """A formula over flattened arguments, in the shape of the operand."""
    other = "b" if own == "a" else "a"
    flat = call.values[other] if call.rank(other) < 2 else call(f"np.ravel({other})")
    out = call(text, **{"g": g, other: flat})
    if call.rank(own) == 1:
        return out
    if call.rank(own) == 0:
        return out if shapes.is_scalar(out.type) else call("np.sum(v)", v=out)
    return call(f"np.reshape(v, {own}.shape)", v=out)


def _outer_a(call: Call, g: Value) -> Value:
    if call.rank("b") == 0:
        return _flat(call, "a", call("g[:, 0]", g=g), "g * b")
    return _flat(call, "a", g, "g @ b")


def _outer_b(call: Call, g: Value) -> Value:
    if call.rank("a") == 0:
        return _flat(call, "b", call("g[0]", g=g), "g * a")
    return _flat(call, "b", g, "a @ g")


def _vdot_a(call: Call, g: Value) -> Value:
    if is_complex(call.type("a")):
        return _vdot_side(call, "a", call("np.conj(g) * np.conj(b)" if is_complex(g.type) else "g * np.conj(b)", g=g))
    return _vdot_side(call, "a", call("g * b", g=g))


def _vdot_b(call: Call, g: Value) -> Value:
    if is_complex(call.type("a")):
        return _vdot_side(call, "b", call("g * np.conj(a)", g=g))
    return _vdot_side(call, "b", call("g * a", g=g))


def _vdot_side(call: Call, own: str, out: Value) -> Value:
    """vdot flattens: give back the operand's own shape where the other one may have a different one."""
    found, wanted = shape_of(out.type), shape_of(call.type(own))
    if wanted is not None and found is not None and (found == wanted and None not in found or len(wanted) <= 1):
        if len(found) == len(wanted):
            return out
    return call(f"np.reshape(v, {own}.shape)" if wanted is not None else f"np.reshape(v, np.shape({own}))", v=out)


_SIDES: Mapping[str, Piece] = {"a": _matmul_a, "b": _matmul_b}
general("matmul(a, b)", vjp=_SIDES, jvp={"a": "a_dot @ b", "b": "a @ b_dot"}, infer=_matmul_type)
general(
    f"np.matmul(a, b, *, {OPTIONS})",
    vjp={"a": with_moved("a", _matmul_a), "b": with_moved("b", _matmul_b)},
    jvp={"a": again("a"), "b": again("b")},
    infer=with_cores(_matmul_type),
)
general(
    "np.dot(a, b)",
    vjp={"a": _dot_a, "b": _dot_b},
    jvp={"a": "np.dot(a_dot, b)", "b": "np.dot(a, b_dot)"},
    infer=_dot_type,
)
general(
    "np.inner(a, b)",
    vjp={"a": _inner_side("a", "b"), "b": _inner_side("b", "a")},
    jvp={"a": "np.inner(a_dot, b)", "b": "np.inner(a, b_dot)"},
    infer=_inner_type,
)
general(
    "np.vdot(a, b)",
    vjp={"a": _vdot_a, "b": _vdot_b},
    jvp={"a": "np.vdot(a_dot, b)", "b": "np.vdot(a, b_dot)"},
    infer=_number_type,
)
general(
    "np.outer(a, b)",
    vjp={"a": _outer_a, "b": _outer_b},
    jvp={"a": "np.outer(a_dot, b)", "b": "np.outer(a, b_dot)"},
    infer=_outer_type,
)


# systems -------------------------------------------------------------------------------------------------------------
def square(facts: Facts) -> None:
    """Raise unless the first argument may be a square matrix, or several."""
    shape = shape_of(facts.types[0])
    if shape is not None and len(shape) < 2:
        raise TypeProblem(f"`{facts.name}` of an array of rank {len(shape)}", "pass a square matrix")


def _float(types: list[Type]) -> str | None:
    dtype = promote([as_content(t) for t in types])
    return dtype if dtype is None or dtype[0] in "fc" else "f8"


def _solve_type(facts: Facts) -> Type:
    square(facts)
    one, two = shape_of(facts.types[0]), shape_of(facts.types[1])
    dtype = _float(list(facts.types[:2]))
    if one is None or two is None:
        return Array(dtype, None)
    if len(two) < 1:
        raise TypeProblem("`np.linalg.solve` with a number", "pass a vector or a matrix")
    if len(two) == 1:
        return Array(dtype, (*one[:-2], two[-1]) if len(one) > 2 else two)
    lead = broadcast([one[:-2], two[:-2]])
    assert lead is not None
    return Array(dtype, (*lead, *two[-2:]))


def _turned(call: Call, name: str) -> str:
    return f"{name}.{'T' if call.rank(name) == 2 else 'mT'}"


def _many_of_one(call: Call) -> bool:
    """Whether many systems have one vector on their right."""
    return call.rank("b") == 1 and call.rank("a") > 2


def _solve_b(call: Call, g: Value) -> Value:
    text = "np.linalg.solve({}, g[..., None])[..., 0]" if _many_of_one(call) else "np.linalg.solve({}, g)"
    out = call(text.format(_turned(call, "a")), g=g)
    return shapes.unbroadcast(call.b, out, call.values["b"])


def _solve_a(call: Call, g: Value) -> Value:
    if _many_of_one(call):
        columns = call(f"np.linalg.solve({_turned(call, 'a')}, g[..., None])", g=g)
        return call("-columns * y[..., None, :]", columns=columns)
    b_bar = call(f"np.linalg.solve({_turned(call, 'a')}, g)", g=g)
    if call.rank("b") == 1:
        return call("-np.outer(b_bar, y)", b_bar=b_bar)
    turned = "y.T" if call.rank("a") == 2 and call.rank("b") == 2 else "y.mT"
    out = call(f"-(b_bar @ {turned})", b_bar=b_bar)
    return shapes.unbroadcast(call.b, out, call.values["a"])


def _solve_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    right = dots.get("b")
    if "a" in dots:
        lifted = _many_of_one(call)
        moved = call("(a_dot @ y[..., None])[..., 0]" if lifted else "a_dot @ y", a_dot=dots["a"])
        right = call("-moved", moved=moved) if right is None else call("b_dot - moved", b_dot=right, moved=moved)
        if lifted:
            return call("np.linalg.solve(a, right[..., None])[..., 0]", right=right)
    return None if right is None else call("np.linalg.solve(a, right)", right=right)


general(
    "np.linalg.solve(a, b)",
    vjp={"a": _solve_a, "b": _solve_b},
    jvp=_solve_jvp,
    infer=_solve_type,
)


def _inverse_type(facts: Facts) -> Type:
    square(facts)
    return Array(_float([facts.types[0]]), shape_of(facts.types[0]))


def _inverse_vjp(call: Call, g: Value) -> Value:
    turned = "y.T" if call.rank("a") == 2 else "y.mT"
    return call(f"-({turned} @ g @ {turned})", g=g)


general(
    "np.linalg.inv(a)",
    vjp={"a": _inverse_vjp},
    jvp={"a": "-(y @ a_dot @ y)"},
    infer=_inverse_type,
)
