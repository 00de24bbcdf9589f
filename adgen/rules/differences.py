"""Differences, slopes, sums over pieces, correlation.

y = np.ediff1d(a)                ->      a_bar = np.append(0.0, y_bar) - np.append(y_bar, 0.0)
y = np.gradient(f, h)            ->      half = 0.5 * y_bar / h, doubled at the ends; to the right, from the left
y = np.correlate(a, v)           ->      a_bar = np.convolve(y_bar, v);  v_bar = np.correlate(a, y_bar)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, Scalar, Struct, Sym, Type, Unknown
from adgen.rules import formula, shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, dtype_of, is_complex, plain, promote, rank_of, shape_of
from adgen.rules.kinds import general, linear
from adgen.rules.rule import Facts, TypeProblem


def cut(axis: int, text: str) -> str:
    """A subscript along an axis.

    >>> cut(1, "1:")
    '[:, 1:]'
    """
    return "[" + ", ".join([":"] * axis + [text]) + "]"


# differences ---------------------------------------------------------------------------------------------------------
def _diff_type(facts: Facts) -> Type:
    type_, times = as_content(facts.types[0]), facts.static("n", 1)
    shape = shape_of(type_)
    if not isinstance(type_, Array) or shape is None:
        return UNKNOWN
    if not isinstance(times, int) or times < 0:
        raise TypeProblem(f"`np.diff` {times} times", "give a whole number that is not negative")
    (place,) = axes_of(facts.static("axis", -1), len(shape), facts.name)
    ends = [as_content(facts.type(name)) for name in ("prepend", "append") if facts.has(name)]
    dim = _less([shape[place], *(_extent(end, place) for end in ends)], times)
    dtype = "b1" if type_.dtype == "b1" and not ends else promote([type_, *(_strong(end) for end in ends)])
    return Array(dtype, (*shape[:place], dim, *shape[place + 1 :]))


def _strong(type_: Type) -> Type:
    """What is joined at an end is an array: a Python number counts with the dtype that NumPy gives it."""
    return Array(dtype_of(type_), ()) if isinstance(type_, Scalar) else type_


def _extent(type_: Type, axis: int) -> Dim:
    shape = shape_of(type_)
    return None if shape is None else shape[axis] if shape else 1


def _less(dims: list[Dim], times: int) -> Dim:
    """The sum of extents less the number of differences."""
    known = [dim for dim in dims if isinstance(dim, int)]
    others = [dim for dim in dims if not isinstance(dim, int)]
    if not others:
        return max(sum(known) - times, 0)
    only = others[0]
    more = sum(known) - times
    if len(others) == 1 and isinstance(only, Sym) and (more <= 0 or only.offset >= 0):
        return Sym(only.name, only.offset + more) if not known or only.offset >= 0 else None
    return None


def _joined(call: Call, g: Value) -> tuple[Value, int]:
    """The adjoint of the array with what is joined at its ends, and the axis."""
    axis, times = call.static("axis", -1), call.static("n", 1)
    assert isinstance(axis, int) and isinstance(times, int)
    axis %= call.rank("a")
    text = "np.concatenate((zero, g), axis=one) - np.concatenate((g, zero), axis=one)"
    zero = call(f"np.zeros_like(a{cut(axis, ':1')})")
    for _ in range(times):
        g = call(text, g=g, zero=zero, one=call.b.const(axis))
    if times > 1 and not _long_enough(call, times, axis):  # of fewer elements there are no differences
        g = call(f"g{cut(axis, ':size')}", g=g, size=_whole(call, axis))
    return g, axis


def _long_enough(call: Call, times: int, axis: int) -> bool:
    """Whether so many differences are known to leave an element, or to use up the last one."""
    shape = shape_of(call.type("a"))
    dim = None if shape is None else shape[axis]
    return isinstance(dim, int) and dim >= times


def _whole(call: Call, axis: int) -> Value:
    """The size of the array with what is joined at its ends."""
    size = _width(call, "a", axis)
    for name in ("prepend", "append"):
        if call.has(name):
            size = apply(call.b, "add", (size, _width(call, name, axis)))
    return size


def _start(call: Call, axis: int) -> Value | None:
    """Where the array begins; None for at once."""
    if not call.has("prepend"):
        return None
    return _width(call, "prepend", axis)


def _width(call: Call, name: str, axis: int) -> Value:
    return call.b.const(1) if call.rank(name) == 0 else call(f"{name}.shape[{axis}]")


def _diff_vjp(call: Call, g: Value) -> Value:
    """Each difference is given to its right neighbour and taken from its left one."""
    g, axis = _joined(call, g)
    start = _start(call, axis)
    if start is None:
        return call(f"g{cut(axis, ':n')}", g=g, n=call(f"a.shape[{axis}]")) if call.has("append") else g
    if not call.has("append"):
        return call(f"g{cut(axis, 'k:')}", g=g, k=start)
    return call(f"g{cut(axis, 'k:k + n')}", g=g, k=start, n=call(f"a.shape[{axis}]"))


def _prepend_vjp(call: Call, g: Value) -> Value:
    g, axis = _joined(call, g)
    part = call(f"g{cut(axis, ':k')}", g=g, k=_width(call, "prepend", axis))
    return shapes.unbroadcast(call.b, part, call.values["prepend"])


def _append_vjp(call: Call, g: Value) -> Value:
    g, axis = _joined(call, g)
    start, size = _start(call, axis), call(f"a.shape[{axis}]")
    stop = size if start is None else apply(call.b, "add", (start, size))
    part = call(f"g{cut(axis, 'k:')}", g=g, k=stop)
    return shapes.unbroadcast(call.b, part, call.values["append"])


linear(
    "np.diff(a, n=1, axis=-1, prepend=None, append=None)",
    {"a": _diff_vjp, "prepend": _prepend_vjp, "append": _append_vjp},
    infer=_diff_type,
    static=("n",),
)


def _ediff_type(facts: Facts) -> Type:
    sizes: list[Dim] = []
    for name in facts.args:
        shape = shape_of(facts.type(name))
        dim: Dim = None if shape is None else 1 if not shape else shape[0] if len(shape) == 1 else None
        sizes.append(dim)
    return Array(dtype_of(facts.types[0]), (_less(sizes, 1),))


def _middle(call: Call, g: Value) -> tuple[Value, Value]:
    """Where the differences begin and how many there are."""
    first = call("np.size(to_begin)") if call.has("to_begin") else call.b.const(0)
    return first, call("first + max(ary.size - 1, 0)", first=first)


def _ediff_vjp(call: Call, g: Value) -> Value:
    if call.has("to_begin") or call.has("to_end"):
        first, stop = _middle(call, g)
        g = call("g[first:stop]" if call.has("to_begin") else "g[:stop]", g=g, first=first, stop=stop)
    line = "ary" if call.rank("ary") == 1 else "np.ravel(ary)"
    zero = call(f"np.zeros_like({line}[:1])")
    out = call("np.append(zero, g) - np.append(g, zero)", g=g, zero=zero)
    return out if call.rank("ary") == 1 else call("np.reshape(v, ary.shape)", v=out)


def _end_vjp(name: str, text: str) -> Callable[[Call, Value], Value]:
    def pull(call: Call, g: Value) -> Value:
        first, stop = _middle(call, g)
        part = call(text, g=g, first=first, stop=stop)
        rank = call.rank(name)
        return part if rank == 1 else call(f"np.reshape(v, {name}.shape)" if rank else "v[0]", v=part)

    return pull


linear(
    "np.ediff1d(ary, to_end=None, to_begin=None)",
    {"ary": _ediff_vjp, "to_end": _end_vjp("to_end", "g[stop:]"), "to_begin": _end_vjp("to_begin", "g[:first]")},
    infer=_ediff_type,
)


# slopes --------------------------------------------------------------------------------------------------------------
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
    types = [type_, *(as_content(given) for given in facts.all("varargs"))]
    dtype = promote([*types, Scalar("float")])
    if any(isinstance(given, Scalar) and given.kind == "float" for given in types[1:]):
        dtype = promote([type_, Scalar("float")])
    one = Array(dtype, shape)
    count = len(_slope_axes(facts, len(shape)))
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


def _step_vjp(call: Call, g: Value) -> Value:
    raise TypeProblem("the derivative of `np.gradient` by several spacings, or by places", "use slices")


def _spacing_vjp(call: Call, g: Value) -> Value:
    """One number for all axes."""
    step = _spacing(call, 0)
    if call.args.count("varargs") != 1 or step is None or rank_of(step.type) != 0:
        return _step_vjp(call, g)
    if not isinstance(plain(call.y.type), Struct):
        return call("-np.vdot(g, y) / h", g=g, h=step)
    parts = [_dot(call, g, place) for place in range(len(_slope_axes(call, call.rank("f"))))]
    total = parts[0]
    for part in parts[1:]:
        total = shapes.add(call.b, total, part)
    return call("-total / h", total=total, h=step)


def _dot(call: Call, g: Value, place: int) -> Value:
    return call("np.vdot(g, y)", g=call.b.item(g, place), y=call.b.item(call.y, place))


def _gradient_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    b, total = call.b, None
    if "f" in dots:
        total = call.repeat([dots["f"], *call.op.operands[1:]])
    if "varargs" not in dots:
        return total
    step = _spacing(call, 0)
    if call.args.count("varargs") != 1 or step is None or rank_of(step.type) != 0:
        return _step_vjp(call, dots["varargs"])
    env = {"h": step, "dot": dots["varargs"]}
    if not isinstance(plain(call.y.type), Struct):
        part = call("-dot / h * y", **env)
    else:
        type_ = plain(call.y.type)
        assert isinstance(type_, Struct)
        items = [call("-dot / h * y", y=b.item(call.y, place), **env) for place in range(len(type_.items))]
        part = b.pack(Struct("tuple", type_.keys, tuple(item.type for item in items)), items)
    return part if total is None else shapes.add(b, total, part)


general(
    "np.gradient(f, *varargs, *, axis=None, edge_order=1)",
    vjp={"f": _slope_vjp, "varargs": _spacing_vjp},
    jvp=_gradient_jvp,
    infer=_gradient_type,
    static=("edge_order",),
)


# correlation ---------------------------------------------------------------------------------------------------------
def _correlate_type(facts: Facts) -> Type:
    types = [as_content(type_) for type_ in facts.types[:2]]
    lines = [shape_of(type_) for type_ in types]
    if any(shape is not None and len(shape) != 1 for shape in lines):
        raise TypeProblem("`np.correlate` of arrays that are not lines", "go through the rows")
    mode = facts.static("mode", "valid")
    sizes = [shape[0] for shape in lines if shape is not None]
    whole = [size for size in sizes if isinstance(size, int)]
    dim: Dim = None
    if len(whole) == 2:
        low, high = sorted(whole)
        dim = {"full": low + high - 1, "same": high, "valid": high - low + 1}.get(str(mode))
    dtype = None if any(isinstance(type_, Unknown) for type_ in types) else promote(types)
    return Array(dtype, (dim,))


def _full(call: Call, g: Value) -> Value:
    """The adjoint with zeros for the ends that the mode leaves out."""
    mode = call.static("mode", "valid")
    if mode == "full":
        return g
    less = call("min(a.size, v.size) - 1")
    left = less if mode == "valid" else call("(less + (a.size < v.size)) // 2", less=less)
    right = less if mode == "valid" else call("less - left", less=less, left=left)
    return call("np.concatenate((np.zeros(left), g, np.zeros(right)))", g=g, left=left, right=right)


def _conjugate(call: Call, value: Value) -> Value:
    return call("np.conj(v)", v=value) if is_complex(value.type) else value


def _correlate_a(call: Call, g: Value) -> Value:
    env = {"g": _full(call, g), "w": _conjugate(call, call.values["v"]), "mode": call.b.const("valid")}
    return call("np.convolve(g, w, mode=mode)", **env)


def _correlate_v(call: Call, g: Value) -> Value:
    env = {"g": _full(call, g), "mode": call.b.const("valid")}
    out = call("np.convolve(g, a[::-1], mode=mode)[::-1]", **env)
    return _conjugate(call, out) if is_complex(call.type("v")) else out


general(
    "np.correlate(a, v, mode='valid')",
    vjp={"a": _correlate_a, "v": _correlate_v},
    jvp={
        "a": lambda call, dot: apply(call.b, "np.correlate", (dot, *call.op.operands[1:]), call.args),
        "v": lambda call, dot: apply(
            call.b, "np.correlate", (call.op.operands[0], dot, *call.op.operands[2:]), call.args
        ),
    },
    infer=_correlate_type,
    static=("mode",),
)


# angles that go on ---------------------------------------------------------------------------------------------------
def _unwrap_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    if not isinstance(type_, Array):
        raise TypeProblem("`np.unwrap` of a number", "pass an array")
    dtype = type_.dtype
    return Array(dtype if dtype is None or dtype[0] == "f" else "f8", type_.shape)


general(
    "np.unwrap(p, discont=None, axis=-1, *, period=None)",
    vjp={"p": lambda call, g: g},
    jvp={"p": lambda call, dot: dot},
    infer=_unwrap_type,
    static=("period", "discont"),
    kinks="unwrap: the number of turns is taken not to change",
)
