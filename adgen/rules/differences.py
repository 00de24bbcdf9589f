"""Differences, sums over pieces, correlation.

y = np.ediff1d(a)                ->      a_bar = np.append(0.0, y_bar) - np.append(y_bar, 0.0)
y = np.correlate(a, v)           ->      a_bar = np.convolve(y_bar, v);  v_bar = np.correlate(a, y_bar)
"""

from __future__ import annotations

from collections.abc import Callable

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, Scalar, Sym, Type, Unknown
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, dtype_of, is_complex, promote, shape_of
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
    if times == 0:  # nothing is joined either
        return as_content(type_)
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
    if times == 0:
        return g, axis
    text = "np.concatenate((zero, g), axis=one) - np.concatenate((g, zero), axis=one)"
    zero = call(f"np.zeros_like(a{cut(axis, ':1')})")
    if call.has("prepend") or call.has("append"):  # the array may be empty
        env = {"axis": call.b.const(axis), "keep": call.b.const(True)}
        zero = call("np.zeros_like(np.sum(a, axis=axis, keepdims=keep))", **env)
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
    if call.static("n", 1) == 0:
        return g
    if start is None:
        return call(f"g{cut(axis, ':n')}", g=g, n=call(f"a.shape[{axis}]")) if call.has("append") else g
    if not call.has("append"):
        return call(f"g{cut(axis, 'k:')}", g=g, k=start)
    return call(f"g{cut(axis, 'k:k + n')}", g=g, k=start, n=call(f"a.shape[{axis}]"))


def _prepend_vjp(call: Call, g: Value) -> Value | None:
    if call.static("n", 1) == 0:
        return None
    g, axis = _joined(call, g)
    part = call(f"g{cut(axis, ':k')}", g=g, k=_width(call, "prepend", axis))
    return shapes.unbroadcast(call.b, part, call.values["prepend"])


def _append_vjp(call: Call, g: Value) -> Value | None:
    if call.static("n", 1) == 0:
        return None
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
