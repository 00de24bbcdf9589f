"""Functions that move elements without changing them: all are linear, and their transposes move back.

y = np.reshape(a, (n, m))     ->      a_bar = np.reshape(y_bar, a.shape)
y = np.roll(a, k)             ->      a_bar = np.roll(y_bar, -k)
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.ir.types import INT, UNKNOWN, Array, Dim, ListOf, Scalar, Struct, Type
from adgen.rules import shapes
from adgen.rules.apply import apply, dims, literal, shape_facts
from adgen.rules.call import Call
from adgen.rules.infer import as_content, known_not_one, plain, promote, reduced_shape, shape_of
from adgen.rules.joining import end, multiplied
from adgen.rules.kinds import linear
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.scattering import moved_places, scattered


# types ---------------------------------------------------------------------------------------------------------------
def _array(facts: Facts) -> Array | None:
    """The first argument if it is an array of known rank."""
    type_ = as_content(facts.types[0])
    if isinstance(type_, Scalar):
        return Array(promote([type_]), ())
    return type_ if isinstance(type_, Array) and type_.shape is not None else None


def _reshape_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    _known_order(facts)
    if facts.static("copy", None):
        raise TypeProblem("`np.reshape` with copy=True, which is a view no longer", "write np.reshape(..).copy()")
    dtype = type_.dtype if isinstance(type_, Array) else promote([type_])
    target = shape_facts(facts.statics)
    source = shape_of(type_)
    return Array(dtype, None if target is None else target if source is None else completed(source, target))


def _known_order(facts: Facts) -> None:
    if facts.static("order", "C") not in ("C", "F"):
        raise TypeProblem(
            f"`{facts.name}` in the order of memory, which types do not tell",
            "give the order 'C' or 'F', or leave it out",
        )


def completed(source: tuple[Dim, ...], target: tuple[Dim, ...]) -> tuple[Dim, ...]:
    """Fill in the one unknown dimension of a new shape, where the others cancel.

    >>> from adgen.ir.types import Sym
    >>> completed((Sym("n"), 3), (3, None))
    (3, Sym(name='n', offset=0))
    """
    left: list[Dim] = [dim for dim in source if dim != 1]
    for dim in target:
        if dim not in (None, 1):
            if dim not in left:
                return target
            left.remove(dim)
    found: Dim = left[0] if len(left) == 1 else 1 if not left else None
    return tuple(found if dim is None else dim for dim in target) if target.count(None) == 1 else target


def _same(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    return Array(promote([type_]), ()) if isinstance(type_, Scalar) else type_


def _squeeze_type(facts: Facts) -> Type:
    array, axis = _array(facts), facts.static("axis")
    if array is None or array.shape is None:
        return UNKNOWN
    if axis is not None:
        return Array(array.dtype, reduced_shape(array.shape, axis, False, facts.name))
    if not all(dim == 1 or known_not_one(dim) for dim in array.shape):
        return Array(array.dtype, None)
    return Array(array.dtype, tuple(dim for dim in array.shape if dim != 1))


def _ravel_type(facts: Facts) -> Type:
    _known_order(facts)
    array = _array(facts)
    if array is None or array.shape is None:
        type_ = as_content(facts.types[0])
        return Array(type_.dtype if isinstance(type_, Array) else None, (None,))
    if not array.shape:
        return Array(array.dtype, (1,))
    return Array(array.dtype, completed(array.shape, (None,)) if None not in array.shape[1:] else (None,))


def _broadcast_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    dtype = promote([type_]) if isinstance(type_, (Array, Scalar)) else None
    return Array(dtype, shape_facts(facts.statics))


def _tile_type(facts: Facts) -> Type:
    array, reps = _array(facts), shape_facts(facts.statics, "reps")
    if array is None or array.shape is None or reps is None:
        return UNKNOWN
    rank = max(len(reps), len(array.shape))
    shape = (1,) * (rank - len(array.shape)) + array.shape
    times = (1,) * (rank - len(reps)) + reps
    return Array(array.dtype, tuple(multiplied(dim, count) for dim, count in zip(shape, times, strict=True)))


def _repeat_type(facts: Facts) -> Type:
    array, axis = _array(facts), facts.static("axis")
    if array is None or array.shape is None:
        return UNKNOWN
    if axis is None:
        return Array(array.dtype, (None,))
    assert isinstance(axis, int)
    axis %= max(len(array.shape), 1)
    return Array(array.dtype, tuple(None if place == axis else dim for place, dim in enumerate(array.shape)))


# transposes ----------------------------------------------------------------------------------------------------------
def reshaped(name: str, result: str = "y_bar") -> str:
    """The formula that gives an adjoint back the shape of an argument."""
    return f"np.reshape({result}, {name}.shape)"


def back(call: Call, g: Value) -> Value:
    """The adjoint in the shape of the first argument."""
    operand = call.op.operands[0]
    if shapes.is_scalar(operand.type):
        return g if shapes.is_scalar(g.type) else apply(call.b, "np.sum", (g,))
    if isinstance(plain(operand.type), (Struct, ListOf)):
        raise TypeProblem(f"the derivative of `{call.rule.name}` of a list", "make it an array first")
    operands, args = [g, apply(call.b, "attr.shape", (operand,))], ["a", "shape"]
    if call.has("order") and call.static("order") == "F":
        operands, args = [*operands, call.values["order"]], [*args, "order"]
    return apply(call.b, "np.reshape", operands, args)


def _transpose_vjp(call: Call, g: Value) -> Value:
    order = call.static("axes")
    if isinstance(order, int):
        order = (order,)
    if order is None:
        return call("np.transpose(g)", g=g)
    assert isinstance(order, (tuple, list))
    rank = len(order)
    inverse = tuple([place % rank for place in order].index(axis) for axis in range(rank))
    return call("np.transpose(g, axes)", g=g, axes=call.b.const(inverse))


def _tile_vjp(call: Call, g: Value) -> Value:
    """Fold each axis into (copies, size) and sum over the copies."""
    b, rank = call.b, call.rank("A")
    reps = dims(b, call.values["reps"])
    if reps is None:
        raise TypeProblem("`np.tile` with repetitions of unknown number", "write them as a tuple")
    items = [call.values["reps"]] if isinstance(call.values["reps"].type, Scalar) else None
    counts = [items[0] if items else _entry(call, call.values["reps"], place) for place in range(len(reps))]
    total = max(rank, len(counts))
    folded: list[Value] = []
    for place in range(total):
        count, axis = place - (total - len(counts)), place - (total - rank)
        folded.append(counts[count] if count >= 0 else b.const(1))
        folded.append(end(call, call.values["A"], axis, None) if axis >= 0 else b.const(1))
    shape = b.pack(Struct("tuple", tuple(map(str, range(2 * total))), (INT,) * (2 * total)), folded)
    summed = call("np.sum(np.reshape(g, shape), axis=over)", g=g, shape=shape, over=_even(call, total))
    if rank == 0:
        return call("np.sum(g)", g=g)
    return summed if total == rank else call("np.reshape(s, A.shape)", s=summed)


def _entry(call: Call, shape: Value, place: int) -> Value:
    known = literal(call.b, shape)
    if isinstance(known, (tuple, list)):
        return call.b.const(known[place])
    return call.b.item(shape, place)


def _even(call: Call, total: int) -> Value:
    return shapes.axis_value(call.b, range(0, 2 * total, 2))


def _repeat_vjp(call: Call, g: Value) -> Value:
    """Fold the axis into (size, copies) and sum over the copies."""
    b, rank, axis = call.b, call.rank("a"), call.static("axis")
    if not shapes.is_scalar(call.values["repeats"].type):
        return scattered(call, g, moved_places(call, "a"), "a")
    if rank == 0:
        return call("np.sum(g)", g=g)
    if axis is None:
        return call("np.reshape(np.sum(np.reshape(g, (a.size, repeats)), axis=1), a.shape)", g=g)
    assert isinstance(axis, int)
    axis %= rank
    folded: list[Value] = []
    for place in range(rank):
        folded.append(end(call, call.values["a"], place, None))
        folded += [call.values["repeats"]] if place == axis else []
    shape = b.pack(Struct("tuple", tuple(map(str, range(rank + 1))), (INT,) * (rank + 1)), folded)
    return call("np.sum(np.reshape(g, shape), axis=over)", g=g, shape=shape, over=b.const(axis + 1))


def _unbroadcast(call: Call, g: Value) -> Value:
    return shapes.unbroadcast(call.b, g, call.op.operands[0])


linear("np.reshape(a, shape, order='C', *, copy=None)", {"a": back}, infer=_reshape_type)
linear("np.ravel(a, order='C')", {"a": back}, infer=_ravel_type)
linear("flatten(a, order='C')", {"a": back}, infer=_ravel_type)
linear("np.transpose(a, axes=None)", {"a": _transpose_vjp})
linear("np.squeeze(a, axis=None)", {"a": back}, infer=_squeeze_type)
linear("np.expand_dims(a, axis)", {"a": "np.squeeze(y_bar, axis=axis)"})
linear(
    "np.broadcast_to(array, shape, subok=False)",
    {"array": _unbroadcast},
    infer=_broadcast_type,
)
linear(
    "np.swapaxes(a, axis1, axis2)",
    {"a": "np.swapaxes(y_bar, axis1, axis2)"},
)
linear(
    "np.moveaxis(a, source, destination)",
    {"a": "np.moveaxis(y_bar, destination, source)"},
)


def _flip_vjp(call: Call, g: Value) -> Value:
    return call("np.flip(g, axis=axis)" if call.has("axis") else "np.flip(g)", g=g)


def _roll_vjp(call: Call, g: Value) -> Value:
    text = "np.roll(g, back, axis=axis)" if call.has("axis") else "np.roll(g, back)"
    return call(text, g=g, back=_minus(call, call.values["shift"]))


def _minus(call: Call, shift: Value) -> Value:
    known = literal(call.b, shift)
    if isinstance(known, int):
        return call.b.const(-known)
    if isinstance(known, tuple):
        return call.b.const(tuple(-item for item in known))
    type_ = plain(shift.type)
    if isinstance(type_, Struct):
        return call.b.pack(type_, [_minus(call, call.b.item(shift, k)) for k in range(len(type_.items))])
    return apply(call.b, "neg", (shift,))


linear("np.flip(m, axis=None)", {"m": _flip_vjp}, infer=_same)
linear(
    "np.roll(a, shift, axis=None)",
    {"a": _roll_vjp},
    infer=_same,
)
linear("np.tile(A, reps)", {"A": _tile_vjp}, infer=_tile_type)
linear(
    "np.repeat(a, repeats, axis=None)",
    {"a": _repeat_vjp},
    infer=_repeat_type,
)


def _triangle_type(facts: Facts) -> Type:
    """As the argument; a line is repeated to a square."""
    found = _same(facts)
    shape = shape_of(found)
    return Array(found.dtype, shape * 2) if isinstance(found, Array) and shape and len(shape) == 1 else found


def _triangle(name: str) -> None:
    def vjp(call: Call, g: Value) -> Value:
        out = call(f"{name}(g, k=k)" if call.has("k") else f"{name}(g)", g=g)
        return call("np.sum(out, axis=first)", out=out, first=call.b.const(0)) if call.rank("m") == 1 else out

    linear(f"{name}(m, k=0)", {"m": vjp}, infer=_triangle_type)


_triangle("np.tril")
_triangle("np.triu")


for _name in ("np.atleast_1d", "np.atleast_2d"):
    linear(f"{_name}(a)", {"a": back})


# out of arrays -------------------------------------------------------------------------------------------------------
def _item_type(facts: Facts) -> Type:
    type_ = plain(facts.types[0])
    if isinstance(type_, Array) and type_.dtype is not None:
        return Scalar({"f": "float", "c": "complex", "b": "bool"}.get(type_.dtype[0], "int"))
    return Scalar("float")


def _tolist_type(facts: Facts) -> Type:
    array = _array(facts)
    if array is None or array.shape is None:
        raise TypeProblem("`tolist` of an array of unknown rank", "annotate it")
    item = _item_type(facts)
    for _ in array.shape:
        item = ListOf(item)
    return item


linear("item(a)", {"a": back}, infer=_item_type)
linear(
    "tolist(a)",
    {"a": lambda call, g: apply(call.b, "np.array", (g,))},
    infer=_tolist_type,
)
