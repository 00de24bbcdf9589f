"""np.gradient: slopes along axes, by one distance for all, one for each axis, or places.

y = np.gradient(f, h)        ->      half = 0.5 * y_bar / h, doubled at the ends; to the right, from the left
                                     h_bar = -np.vdot(y_bar, y) / h
y = np.gradient(f, x)        ->      f_bar = y_bar @ np.gradient(np.eye(f.shape[0]), x, axis=0)
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.ir.types import Array, Scalar, Struct, Type
from adgen.rules import formula, shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.composed import pull, push
from adgen.rules.differences import cut
from adgen.rules.infer import as_content, axes_of, is_complex, plain, promote, rank_of, shape_of
from adgen.rules.kinds import variadic
from adgen.rules.rule import Facts, TypeProblem


def _slope_axes(facts: Facts | Call, rank: int) -> tuple[int, ...]:
    axis = facts.static("axis")
    if axis is None:
        return tuple(range(rank))
    given = axis if isinstance(axis, (tuple, list)) else (axis,)
    return tuple(axes_of(one, rank, "np.gradient")[0] for one in given)


def _gradient_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    shape = shape_of(type_)
    if not isinstance(type_, Array) or shape is None:
        raise TypeProblem("`np.gradient` of an array of unknown rank", "annotate it")
    one = Array(promote([type_, Scalar("float")]), shape)  # whatever the distances are
    count = len(_slope_axes(facts, len(shape)))
    if count == 0:
        raise TypeProblem("`np.gradient` along no axis: an empty list", "pass an array of rank 1 or more, and its axes")
    if count == 1:
        return one
    return Struct("tuple", tuple(str(place) for place in range(count)), (one,) * count)


def _spacing(call: Call, place: int) -> Value | None:
    """The distances along the axis at this place in the list of axes; None for 1."""
    given = [value for arg, value in zip(call.args, call.op.operands, strict=True) if arg == "varargs"]
    return None if not given else given[0] if len(given) == 1 else given[place]


def _slope_vjp(call: Call, g: Value) -> Value:
    over = _slope_axes(call, call.rank("f"))
    if not isinstance(plain(call.y.type), Struct):
        return _along(call, g, over[0], _spacing(call, 0))
    total: Value | None = None
    for place, axis in enumerate(over):
        part = _along(call, call.b.item(g, place), axis, _spacing(call, place))
        total = part if total is None else shapes.add(call.b, total, part)
    assert total is not None
    return total


def _along(call: Call, g: Value, axis: int, step: Value | None) -> Value:
    """The adjoint of f for its slopes along one axis."""
    b, one = call.b, call.b.const(axis)
    uniform = step is None or rank_of(step.type) == 0
    if not uniform or call.static("edge_order", 1) != 1:
        return _by_matrix(call, g, axis, step)
    half = call("0.5 * g", g=g) if step is None else call("0.5 * g / h", g=g, h=step)
    ends = f"2.0 * t{cut(axis, ':1')}, t{cut(axis, '1:-1')}, 2.0 * t{cut(axis, '-1:')}"
    t = call(f"np.concatenate(({ends}), axis=one)", t=half, one=one)
    right = f"np.concatenate((-t{cut(axis, ':1')}, t{cut(axis, ':-1')}), axis=one)"
    left = f"np.concatenate((t{cut(axis, '1:')}, -t{cut(axis, '-1:')}), axis=one)"
    return formula.evaluate(b, f"{right} - {left}", {"t": t, "one": one})


def _by_matrix(call: Call, g: Value, axis: int, step: Value | None) -> Value:
    """Slopes are a matrix applied along the axis: that of the unit vectors."""
    operands, args = [call(f"np.eye(f.shape[{axis}])")], ["f"]
    if step is not None:
        operands, args = [*operands, step], [*args, "varargs"]
    operands, args = [*operands, call.b.const(0)], [*args, "axis"]
    if call.has("edge_order"):
        operands, args = [*operands, call.values["edge_order"]], [*args, "edge_order"]
    m = apply(call.b, "np.gradient", operands, args)
    if call.rank("f") == 1:
        return call("g @ m", g=g, m=m)
    if axis == call.rank("f") - 1:
        return call("g @ m", g=g, m=m)
    turn = call.b.const(axis)
    return call("np.moveaxis(np.moveaxis(g, axis, -1) @ m, -1, axis)", g=g, m=m, axis=turn)


# by the distances or places ------------------------------------------------------------------------------------------
def _places(call: Call, k: int) -> tuple[int, ...]:
    """The places in the list of axes along which an operand gives the distances."""
    if call.args.count("varargs") > 1:
        return (call.args[:k].count("varargs"),)
    count = len(_slope_axes(call, call.rank("f")))
    if count > 1 and rank_of(call.op.operands[k].type) != 0:
        raise TypeProblem("`np.gradient` by one line for several axes", "give one for each axis")
    return tuple(range(count))


def _slope_pull(call: Call, g: Value, k: int) -> Value | None:
    if call.args[k] != "varargs":
        return _slope_vjp(call, g) if call.args[k] == "f" else None
    b, step, several = call.b, call.op.operands[k], isinstance(plain(call.y.type), Struct)
    total: Value | None = None
    for place in _places(call, k):
        bar, y = (b.item(g, place), b.item(call.y, place)) if several else (g, call.y)
        if rank_of(step.type) != 0:
            start = len(b.ops)
            y = _by_places(call, step, _slope_axes(call, call.rank("f"))[place])
            (part,) = pull(b, list(b.ops[start:]), y, bar, [step])
            return None if part is None else shapes.cast(b, part, step)
        part = call("np.sum(g * y)" if is_complex(bar.type) else "np.vdot(g, y)", g=bar, y=y)
        total = part if total is None else shapes.add(b, total, part)
    assert total is not None
    return shapes.unbroadcast(b, call("-total / h", total=total, h=step), step)


def _slope_push(call: Call, dot: Value, k: int) -> Value | None:
    if call.args[k] != "varargs":
        return call.repeat([dot, *call.op.operands[1:]]) if call.args[k] == "f" else None
    b, step, type_ = call.b, call.op.operands[k], plain(call.y.type)
    parts: dict[int, Value] = {}
    for place in _places(call, k):
        y = b.item(call.y, place) if isinstance(type_, Struct) else call.y
        if rank_of(step.type) == 0:
            parts[place] = shapes.cast(b, call("-dot / h * y", dot=dot, h=step, y=y), y)
            continue
        start = len(b.ops)
        again = _by_places(call, step, _slope_axes(call, call.rank("f"))[place])
        found = push(b, list(b.ops[start:]), again, {step: dot})
        assert found is not None
        parts[place] = shapes.cast(b, found, y)
    if not isinstance(type_, Struct):
        return parts[0]
    items = [
        parts[place] if place in parts else shapes.zeros_like(b, b.item(call.y, place))
        for place in range(len(type_.items))
    ]
    return b.pack(Struct("tuple", type_.keys, tuple(item.type for item in items)), items)


def _by_places(call: Call, x: Value, axis: int) -> Value:
    """The slopes as a function of the places: means of those of the two pieces, each weighted by the other's length."""
    b, order = call.b, call.static("edge_order", 1)
    env = {"last": b.const(-1), "x": x}
    rise = "np.diff(f)" if axis == call.rank("f") - 1 else "np.diff(np.moveaxis(f, turn, last))"
    h = call("np.diff(x)", **env)
    d = call(f"{rise} / h", h=h, turn=b.const(axis), **env)
    n = call("x.shape[0] - 2", **env)

    def part(v: Value, text: str) -> Value:
        return call("np.take(v, at, axis=last)", v=v, at=call(text, n=n), last=env["last"])

    sides = ["np.arange(n)", "np.arange(n) + 1"]
    left, right = part(d, sides[0]), part(d, sides[1])
    before, after = part(h, sides[0]), part(h, sides[1])
    middle = call(
        "(after * left + before * right) / (before + after)", left=left, right=right, before=before, after=after
    )
    ends = []
    for here, beside in (("np.arange(1)", "np.arange(1) + 1"), ("np.arange(1) + n", "np.arange(1) + (n - 1)")):
        one = part(d, here)
        if order == 2:
            own, other, two = part(h, here), part(h, beside), part(d, beside)
            one = call("one + own * (one - two) / (own + other)", one=one, two=two, own=own, other=other)
        ends.append(one)
    out = call("np.concatenate((a, v, c), axis=last)", a=ends[0], v=middle, c=ends[1], last=env["last"])
    if axis == call.rank("f") - 1:
        return out
    return call("np.moveaxis(v, last, turn)", v=out, turn=b.const(axis), last=env["last"])


variadic(
    "np.gradient(f, *varargs, *, axis=None, edge_order=1)",
    _slope_pull,
    _slope_push,
    infer=_gradient_type,
    static=("edge_order",),
)
