"""Diagonals of matrices, and of many matrices along any two axes; traces.

d = np.diagonal(a)      ->      a_bar = np.diag(d_bar), or with d_bar where np.eye(n, m) is
t = np.trace(a)         ->      a_bar = np.where(np.eye(n, m), t_bar, 0.0)
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, Scalar, Sym, Type
from adgen.rules import shapes
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, code, promote, shape_of
from adgen.rules.kinds import linear
from adgen.rules.reductions import reduced_dtype
from adgen.rules.rule import Facts, TypeProblem


# types ---------------------------------------------------------------------------------------------------------------
def _array(facts: Facts) -> Array | None:
    """The first argument if it is an array of known rank."""
    type_ = as_content(facts.types[0])
    if isinstance(type_, Scalar):
        return Array(promote([type_]), ())
    return type_ if isinstance(type_, Array) and type_.shape is not None else None


def planes(facts: Facts | Call, rank: int) -> tuple[int, int]:
    """The two axes of the matrices in an array: the first two, or the last two in `np.linalg`."""
    name = facts.name if isinstance(facts, Facts) else facts.rule.name
    if rank < 2:
        raise TypeProblem(f"`{name}` of an array that is no matrix", "pass a matrix")
    usual = (-2, -1) if name.startswith("np.linalg.") else (0, 1)
    one, two = (axes_of(facts.static(f"axis{k + 1}", usual[k]), rank, name)[0] for k in range(2))
    if one == two:
        raise TypeProblem(f"`{name}` along one axis twice", "give two axes")
    return one, two


def _diag_type(facts: Facts) -> Type:
    array, k = _array(facts), facts.static("k", 0)
    if array is None or array.shape is None or not isinstance(k, int):
        return UNKNOWN
    if len(array.shape) != 1:
        return _diagonal_of(facts, array, k)
    dim = array.shape[0]
    size: Dim = dim + abs(k) if isinstance(dim, int) else None
    if isinstance(dim, Sym) and dim.offset >= 0:
        size = Sym(dim.name, dim.offset + abs(k))
    return Array(array.dtype, (size if k else dim,) * 2)


def _diagonal_type(facts: Facts) -> Type:
    array, k = _array(facts), facts.static("offset", 0)
    return UNKNOWN if array is None or not isinstance(k, int) else _diagonal_of(facts, array, k)


def _diagonal_of(facts: Facts, array: Array, k: int) -> Type:
    """The type of a diagonal: its length is known for known or equal dimensions."""
    assert array.shape is not None
    one, two = planes(facts, len(array.shape))
    rows, columns = array.shape[one], array.shape[two]
    rest = tuple(dim for place, dim in enumerate(array.shape) if place not in (one, two))
    if isinstance(rows, int) and isinstance(columns, int):
        return Array(array.dtype, (*rest, max(min(rows + min(k, 0), columns - max(k, 0)), 0)))
    return Array(array.dtype, (*rest, rows if rows == columns and k == 0 else None))


def _trace_type(facts: Facts) -> Type:
    array, asked = _array(facts), facts.static("dtype")
    if array is None or array.shape is None:
        return Array(None, None) if facts.name.startswith("np.linalg.") else UNKNOWN
    one, two = planes(facts, len(array.shape))
    dtype = reduced_dtype("np.sum", array.dtype) if asked is None else code(asked)
    return Array(dtype, tuple(dim for place, dim in enumerate(array.shape) if place not in (one, two)))


# derivatives ---------------------------------------------------------------------------------------------------------
def _flags(call: Call, one: int, two: int, offset: object) -> Value:
    """Where the diagonal is."""
    text = f"np.eye(v.shape[{one}], v.shape[{two}], k=k, dtype=flag)"
    return call(text, v=call.op.operands[0], k=call.b.const(offset), flag=call.b.const(bool, "bool"))


def _diag_vjp(call: Call, g: Value) -> Value:
    k = call.static("k", 0)
    if call.rank("v") == 1:
        return call("np.diag(g, k=k)", g=g, k=call.b.const(k))
    return _embedded(call, g, "v", k)


def _embedded(call: Call, g: Value, name: str, k: object) -> Value:
    """A matrix of the argument's shape with `g` on its k-th diagonal."""
    shape = shape_of(call.type(name))
    if k == 0 and shape is not None and len(shape) == 2 and shape[0] == shape[1] and shape[0] is not None:
        return call("np.diag(g)", g=g)
    assert isinstance(k, int)
    size, column = (0, "[:, None]") if k >= 0 else (1, "[None, :]")
    spread = call(f"np.resize(g, {name}.shape[{size}]){column}", g=g)
    return call("np.where(flags, spread, 0.0)", flags=_flags(call, 0, 1, k), spread=spread)


def _diagonal_vjp(call: Call, g: Value) -> Value:
    """An array with `g` on the diagonals of its matrices."""
    offset, name = call.static("offset", 0), call.args[0]
    rank = call.rank(name)
    one, two = planes(call, rank)
    if (one, two) == (0, 1) and rank == 2:
        return _embedded(call, g, name, offset)
    assert isinstance(offset, int)
    size = f"v.shape[{one if offset >= 0 else two}]"
    sizes = ", ".join([*(f"g.shape[{axis}]" for axis in range(rank - 2)), size])
    wide = call(f"resized(g, np.zeros(({sizes})))", g=g, v=call.values[name])
    column = call("wide[..., None]" if offset >= 0 else "wide[..., None, :]", wide=wide)
    last = call("np.where(flags, column, 0.0)", flags=_flags(call, one, two, offset), column=column)
    if (one, two) == (rank - 2, rank - 1):
        return last
    to = call.b.const((one, two))
    return call("np.moveaxis(last, ends, to)", last=last, ends=call.b.const((-2, -1)), to=to)


def _trace_vjp(call: Call, g: Value) -> Value:
    rank = call.rank(call.args[0])
    one, two = planes(call, rank)
    flags = _flags(call, one, two, call.static("offset", 0))
    if rank == 2:
        return call("np.where(flags, g, 0.0)", flags=flags if one < two else call("flags.T", flags=flags), g=g)
    low, high = sorted((one, two))
    flags = flags if one < two else call("flags.T", flags=flags)
    cut = ", ".join("None" if place in (low, high) else ":" for place in range(rank))
    others = tuple(place for place in range(rank) if place not in (low, high))
    apart = call("np.expand_dims(flags, others)", flags=flags, others=shapes.axis_value(call.b, others))
    return call(f"np.where(apart, g[{cut}], 0.0)", apart=apart, g=g)


linear("np.diag(v, k=0)", {"v": _diag_vjp}, infer=_diag_type)
linear("np.diagonal(a, offset=0, axis1=0, axis2=1)", {"a": _diagonal_vjp}, infer=_diagonal_type)
linear("np.linalg.diagonal(x, *, offset=0)", {"x": _diagonal_vjp}, infer=_diagonal_type)
linear("np.trace(a, offset=0, axis1=0, axis2=1, dtype=None)", {"a": _trace_vjp}, infer=_trace_type)
linear("np.linalg.trace(x, *, offset=0, dtype=None)", {"x": _trace_vjp}, infer=_trace_type)
