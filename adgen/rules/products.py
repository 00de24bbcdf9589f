"""Products of many arrays, and those of NumPy's generalised ufuncs; tensor equations.

y = np.vecdot(a, b)                  ->      b_bar = y_bar[..., None] * np.conj(a)
y = np.linalg.multi_dot([a, b, c])   ->      b_bar = np.linalg.multi_dot([a.T, y_bar, c.T])
x = np.linalg.tensorsolve(a, b)      ->      a_bar = -np.tensordot(b_bar, x, 0)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, Struct, Type, tangent
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call, rank
from adgen.rules.cores import OPTIONS, again, with_cores, with_moved
from adgen.rules.infer import as_content, broadcast, promote, shape_of
from adgen.rules.kinds import Piece, general
from adgen.rules.matrices import float_dtype, standard, turned
from adgen.rules.rule import Facts, TypeProblem


# generalised ufuncs --------------------------------------------------------------------------------------------------
def _pair(facts: Facts, one: int, two: int) -> tuple[str | None, tuple[Dim, ...], tuple[Dim, ...]]:
    """The dtype and both shapes, of at least these ranks."""
    types = [as_content(type_) for type_ in facts.types[:2]]
    found = [shape_of(type_) for type_ in types]
    if found[0] is None or found[1] is None:
        raise TypeProblem(f"`{facts.name}` of arrays of unknown rank", "annotate the arguments")
    if len(found[0]) < one or len(found[1]) < two:
        raise TypeProblem(
            f"`{facts.name}` of arrays of rank {len(found[0])} and {len(found[1])}", "pass arrays of more"
        )
    return promote(types), found[0], found[1]


def _vecdot_type(facts: Facts) -> Type:
    dtype, one, two = _pair(facts, 1, 1)
    return Array(dtype, (broadcast([one, two]) or ())[:-1])


def _matvec_type(facts: Facts) -> Type:
    dtype, one, two = _pair(facts, 2, 1)
    lead = broadcast([one[:-2], two[:-1]])
    return Array(dtype, (*(lead or ()), one[-2]))


def _vecmat_type(facts: Facts) -> Type:
    dtype, one, two = _pair(facts, 1, 2)
    lead = broadcast([one[:-1], two[:-2]])
    return Array(dtype, (*(lead or ()), two[-1]))


def _spread(call: Call, g: Value, axis: object = None) -> Value:
    return call("np.expand_dims(g, axis)", g=g, axis=call.b.const(-1 if axis is None else axis))


def _side(own: str, piece: Piece) -> Piece:
    """A piece, summed over the axes along which its operand was broadcast."""

    def fitted(call: Call, g: Value) -> Value | None:
        assert callable(piece)
        out = piece(call, g)
        return None if out is None else shapes.unbroadcast(call.b, out, call.values[own])

    return fitted


def _vecdot_a(call: Call, g: Value, axis: object = None) -> Value:
    return standard(call, call("g * b", g=_spread(call, g, axis)))


def _vecdot_b(call: Call, g: Value, axis: object = None) -> Value:
    return call("g * a", g=_spread(call, g, axis), a=standard(call, call.values["a"]))


def _along(piece: Callable[[Call, Value, object], Value]) -> Piece:
    return lambda call, g: piece(call, g, call.static("axis"))


_TANGENTS: Mapping[str, Piece] = {"a": again("a"), "b": again("b")}
general(
    f"np.vecdot(a, b, *, axis=None, keepdims=False, {OPTIONS})",
    vjp={
        "a": with_moved("a", _side("a", _vecdot_a), _side("a", _along(_vecdot_a))),
        "b": with_moved("b", _side("b", _vecdot_b), _side("b", _along(_vecdot_b))),
    },
    jvp=_TANGENTS,
    infer=with_cores(_vecdot_type),
)


def _matvec_b(call: Call, g: Value) -> Value:
    return call("np.matvec(t, g)", t=turned(call, call.values["a"]), g=g)


def _vecmat_a(call: Call, g: Value) -> Value:
    return standard(call, call("np.matvec(b, g)", g=g))


def _vecmat_b(call: Call, g: Value) -> Value:
    return call("a[..., None] * g[..., None, :]", a=standard(call, call.values["a"]), g=g)


general(
    f"np.matvec(a, b, *, {OPTIONS})",
    vjp={
        "a": with_moved("a", _side("a", lambda call, g: call("g[..., None] * b[..., None, :]", g=g))),
        "b": with_moved("b", _side("b", _matvec_b)),
    },
    jvp=_TANGENTS,
    infer=with_cores(_matvec_type),
)
general(
    f"np.vecmat(a, b, *, {OPTIONS})",
    vjp={"a": with_moved("a", _side("a", _vecmat_a)), "b": with_moved("b", _side("b", _vecmat_b))},
    jvp=_TANGENTS,
    infer=with_cores(_vecmat_type),
)


# chains --------------------------------------------------------------------------------------------------------------
def _members(call: Call) -> list[Value]:
    operand = call.values["arrays"]
    if not isinstance(operand.type, Struct):
        raise TypeProblem("the derivative of `np.linalg.multi_dot` of a list of unknown length", "write the arrays")
    return [call.b.item(operand, k) for k in range(len(operand.type.items))]


def _chain_type(facts: Facts) -> Type:
    given = facts.types[0]
    if not isinstance(given, Struct) or len(given.items) < 2:
        raise TypeProblem("`np.linalg.multi_dot` of a list of unknown length", "write the arrays in the call")
    lines = [shape_of(item) for item in given.items]
    first, last = lines[0], lines[-1]
    if any(shape is None for shape in lines) or first is None or last is None:
        raise TypeProblem("`np.linalg.multi_dot` of arrays of unknown rank", "annotate the arguments")
    dtype = promote([as_content(item) for item in given.items])
    return Array(dtype, (*first[:-1], *last[1:]))


def _product(call: Call, factors: Sequence[Value]) -> Value:
    if len(factors) == 1:
        return factors[0]
    if len(factors) == 2:
        return apply(call.b, "matmul", factors)
    keys = tuple(str(k) for k in range(len(factors)))
    packed = call.b.pack(Struct("list", keys, tuple(factor.type for factor in factors)), factors)
    return apply(call.b, "np.linalg.multi_dot", (packed,))


def _chain_vjp(call: Call, g: Value) -> Value:
    """Each factor between what stands before and behind it; a first or last line counts as a row or column."""
    b, members = call.b, _members(call)
    is_row, is_column = rank(members[0], "") == 1, rank(members[-1], "") == 1
    full = list(members)
    if is_row:
        full[0] = call("v[None, :]", v=members[0])
        g = call("g[None]" if is_column else "g[None, :]", g=call("np.reshape(g, 1)", g=g) if is_column else g)
    if is_column:
        full[-1] = call("v[:, None]", v=members[-1])
        g = g if is_row else call("g[:, None]", g=g)
    turns = [turned(call, factor) for factor in full]
    items: list[Value] = []
    for k, member in enumerate(members):
        if tangent(as_content(member.type)) is None:
            items.append(b.const(None))
            continue
        bar = _product(call, [*reversed(turns[:k]), g, *reversed(turns[k + 1 :])])
        line = rank(member, "") == 1
        bar = call("bar[0]" if k == 0 else "bar[:, 0]", bar=bar) if line else bar
        items.append(shapes.cast(b, bar, member))
    type_ = call.values["arrays"].type
    assert isinstance(type_, Struct)
    return b.pack(Struct(type_.kind, type_.keys, tuple(item.type for item in items)), items)


def _chain_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "arrays" not in dots:
        return None
    members, dot = _members(call), dots["arrays"]
    total: Value | None = None
    for k, member in enumerate(members):
        if tangent(as_content(member.type)) is None:
            continue
        part = _product(call, [*members[:k], call.b.item(dot, k), *members[k + 1 :]])
        total = part if total is None else apply(call.b, "add", (total, part))
    return total


general("np.linalg.multi_dot(arrays)", vjp={"arrays": _chain_vjp}, jvp=_chain_jvp, infer=_chain_type)


# tensor equations ----------------------------------------------------------------------------------------------------
def _inverse_type(facts: Facts) -> Type:
    type_, ind = as_content(facts.types[0]), facts.static("ind", 2)
    shape = shape_of(type_)
    assert isinstance(ind, int)
    return UNKNOWN if shape is None else Array(float_dtype([type_]), (*shape[ind:], *shape[:ind]))


def _axes(call: Call, first: Sequence[int], second: Sequence[int]) -> Value:
    return call.b.const((tuple(first), tuple(second)))


def _inverse_vjp(call: Call, g: Value) -> Value:
    ind, rank_ = call.static("ind", 2), call.rank("a")
    assert isinstance(ind, int)
    rest = range(rank_ - ind)
    left = call("np.tensordot(y, g, axes=over)", g=g, over=_axes(call, rest, rest))
    over = _axes(call, range(ind, 2 * ind), range(rank_ - ind, rank_))
    return call("-np.tensordot(left, y, axes=over)", left=left, over=over)


def _inverse_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    ind, rank_ = call.static("ind", 2), call.rank("a")
    assert isinstance(ind, int)
    moved = call("np.tensordot(y, dot, axes=ind)", dot=dots["a"], ind=call.b.const(ind))
    return call("-np.tensordot(moved, y, axes=rest)", moved=moved, rest=call.b.const(rank_ - ind))


general(
    "np.linalg.tensorinv(a, ind=2)",
    vjp={"a": _inverse_vjp},
    jvp=_inverse_jvp,
    infer=_inverse_type,
    static=("ind",),
)


def _equation_type(facts: Facts) -> Type:
    one, two = (as_content(type_) for type_ in facts.types[:2])
    a, b = shape_of(one), shape_of(two)
    if facts.static("axes") is not None:
        raise TypeProblem("`np.linalg.tensorsolve` with `axes`", "use np.moveaxis first")
    return UNKNOWN if a is None or b is None else Array(float_dtype([one, two]), a[len(b) :])


def _equation_b(call: Call, g: Value) -> Value:
    out = call("np.linalg.solve(np.reshape(a, (b.size, b.size)).T, np.ravel(g))", g=g)
    return call("np.reshape(out, b.shape)", out=out)


def _equation_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    right = dots.get("b")
    if "a" in dots:
        over = call.b.const(rank(call.y, ""))
        moved = call("np.tensordot(dot, y, axes=over)", dot=dots["a"], over=over)
        right = call("-moved", moved=moved) if right is None else call("right - moved", right=right, moved=moved)
    return None if right is None else call("np.linalg.tensorsolve(a, right)", right=right)


general(
    "np.linalg.tensorsolve(a, b, axes=None)",
    vjp={
        "a": lambda call, g: call("-np.tensordot(b_bar, y, axes=0)", b_bar=_equation_b(call, g)),
        "b": _equation_b,
    },
    jvp=_equation_jvp,
    infer=_equation_type,
)
