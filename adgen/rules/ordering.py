"""Functions that pick elements: by index, by order, by rank.

    y = np.take(a, k)        ->      a_bar = np.bincount(k, weights=y_bar, minlength=a.size)
    y = np.median(a)         ->      a_bar = y_bar * np.maximum(0.0, 1.0 - np.abs(ranks - 0.5 * (a.size - 1)))

A quantile is a sum of the two elements beside a place between ranks; the weight of an element falls with its distance
from that place, and is zero from distance 1 on.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, ListOf, Struct, Type, Unknown
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, code, dtype_of, plain, rank_of, shape_of
from adgen.rules.kinds import general, linear, numpy_function
from adgen.rules.lists import taken_apart
from adgen.rules.multiplying import lined, unlined
from adgen.rules.reductions import axes, count, kept, reduced, reduction, skips_nan
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.scattering import parts_back, places, scattered


def _line_axis(call: Call, name: str = "a") -> int:
    """The one axis of a call, non-negative."""
    axis = call.static("axis", -1)
    if not isinstance(axis, int):
        raise TypeProblem(f"the derivative of `{call.rule.name}` along axis {axis!r}", "give one axis")
    return axes_of(axis, call.rank(name), call.rule.name)[0]


# by index ------------------------------------------------------------------------------------------------------------
def _take_type(facts: Facts) -> Type:
    type_, taken = as_content(facts.types[0]), as_content(facts.type("indices"))
    shape, block = shape_of(type_), shape_of(taken)
    dtype = type_.dtype if isinstance(type_, Array) else None
    if isinstance(type_, Unknown) or block is None or (shape is None and facts.has("axis")):
        return UNKNOWN
    axis = facts.static("axis")
    if axis is None or shape is None:
        return Array(dtype, block)
    (place,) = axes_of(axis, len(shape), facts.name)
    return Array(dtype, (*shape[:place], *block, *shape[place + 1 :]))


def _take_vjp(call: Call, g: Value) -> Value:
    if call.static("mode", "raise") == "clip":
        at = apply(call.b, "np.take", [places(call, "a"), *call.op.operands[1:]], call.args)
        return scattered(call, g, at, "a")
    if not call.has("axis") or call.rank("a") == 1:
        return scattered(call, g, call("indices % a.size", indices=_index_array(call)), "a")
    axis = call.b.const(_line_axis(call))
    text = "np.take(places, indices, axis=axis)"
    if call.static("mode", "raise") == "wrap":
        text = f"np.take(places, indices % a.shape[{_line_axis(call)}], axis=axis)"
    at = call(text, places=places(call, "a"), axis=axis, indices=_index_array(call))
    return scattered(call, g, at, "a")


def _index_array(call: Call) -> Value:
    value = call.values["indices"]
    given = plain(value.type)
    if isinstance(given, Struct) and not given.items:
        return call("np.zeros(0, dtype=kind)", kind=call.b.const(int, "int"))
    return apply(call.b, "np.array", (value,)) if isinstance(given, (Struct, ListOf)) else value


linear("np.take(a, indices, axis=None, *, mode='raise')", {"a": _take_vjp}, infer=_take_type, static=("mode",))


def _along_type(facts: Facts) -> Type:
    type_, taken = as_content(facts.types[0]), as_content(facts.type("indices"))
    axis = facts.static("axis", -1)
    shape, block = shape_of(type_), shape_of(taken)
    dtype = type_.dtype if isinstance(type_, Array) else None
    if shape is None or block is None or len(shape) != len(block) or not isinstance(axis, int):
        return UNKNOWN if axis is not None else Array(dtype, (None,))
    axis %= len(shape)
    lines = zip(shape, block, strict=True)
    return Array(dtype, tuple(other if place == axis or own == 1 else own for place, (own, other) in enumerate(lines)))


def _along_vjp(call: Call, g: Value) -> Value:
    at = call("np.take_along_axis(places, indices, axis=axis)", places=places(call, "arr"))
    return scattered(call, g, at, "arr")


linear("np.take_along_axis(arr, indices, axis)", {"arr": _along_vjp}, infer=_along_type)


# by order ------------------------------------------------------------------------------------------------------------
def _flat(call: Call) -> bool:
    """Whether the lines are one: that of the flattened array."""
    return call.static("axis", -1) is None or call.rank("a") == 1


def _line(call: Call, name: str, value: Value) -> Value:
    return value if call.rank("a") == 1 else call("np.ravel(v)", v=value)


def _order(call: Call) -> Value:
    """The stable order of the lines."""
    kind = call.b.const("stable")
    if _flat(call):
        return call("np.argsort(line, kind=kind)", kind=kind, line=_line(call, "a", call.values["a"]))
    return call("np.argsort(a, axis=axis, kind=kind)", kind=kind, axis=call.b.const(_line_axis(call)))


def _sort_vjp(call: Call, g: Value) -> Value:
    if _flat(call):
        out = call("g[np.argsort(order)]", g=g, order=_order(call))
        return out if call.rank("a") == 1 else call("np.reshape(v, a.shape)", v=out)
    text = "np.take_along_axis(g, np.argsort(order, axis=axis), axis=axis)"
    return call(text, g=g, order=_order(call), axis=call.b.const(_line_axis(call)))


def _sort_jvp(call: Call, dot: Value) -> Value:
    if _flat(call):
        return call("line[order]", line=_line(call, "a", dot), order=_order(call))
    text = "np.take_along_axis(dot, order, axis=axis)"
    return call(text, dot=dot, order=_order(call), axis=call.b.const(_line_axis(call)))


def _sort_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    if rank_of(type_) == 0:
        raise TypeProblem("`np.sort` of a number", "pass an array")
    if facts.static("axis", -1) is None:
        return Array(dtype_of(type_), (None,))
    return type_


general(
    "np.sort(a, axis=-1, kind=None, *, stable=None)",
    vjp={"a": _sort_vjp},
    jvp={"a": _sort_jvp},
    infer=_sort_type,
    kinks="ties follow the stable order",
)


# by rank -------------------------------------------------------------------------------------------------------------
Share = Callable[[Call], Value]


def _ranks(call: Call) -> Value:
    """The rank of each element on its line, nan last."""
    over, kind = axes(call), call.b.const("stable")
    if len(over) == 1:
        axis = call.b.const(over[0])
        return call("np.argsort(np.argsort(a, axis=axis, kind=kind), axis=axis)", axis=axis, kind=kind)
    if len(over) == call.rank("a"):
        line = call("np.argsort(np.argsort(np.ravel(a), kind=kind))", kind=kind)
        return call("np.reshape(line, a.shape)", line=line)
    lines = lined(call, call.values["a"], over)
    env = {"lines": lines, "axis": call.b.const(-1), "kind": kind}
    ranks = call("np.argsort(np.argsort(lines, axis=axis, kind=kind), axis=axis)", **env)
    return unlined(call, ranks, call.values["a"], over)


def _place(call: Call, share: Share) -> Value:
    """Where the quantile stands among the ranks; several shares on axes of their own, the first."""
    number = count(call) or call.b.const(1)
    method = call.static("method", "linear")
    if method == "linear":
        env = {"share": _apart(call, share(call)), "number": kept(call, number)}
        return call("share * (number - 1)", **env)
    if skips_nan(call):
        raise TypeProblem(f"the derivative of `{call.rule.name}` with method {method!r}", "leave the method out")
    text = "np.quantile(np.arange(number), share, method=m)"
    return _apart(call, call(text, number=number, share=share(call), m=call.b.const(method)))


def _apart(call: Call, shares: Value) -> Value:
    """Several shares with axes of size 1 for those of the array."""
    extra = _shares(call)
    return call(f"v[{', '.join([':'] * extra + ['None'] * call.rank('a'))}]", v=shares) if extra else shares


def _weights(call: Call, share: Share) -> Value:
    """The weight of each element in a quantile; for several shares with their axes first."""
    if call.rank("a") == 0:
        return call("np.ones_like(a)")
    env = {"ranks": _ranks(call), "place": _place(call, share)}
    return call("np.maximum(0.0, 1.0 - np.abs(ranks - place))", **env)


def _shares(call: Call) -> int:
    """The rank of the shares: 0 for one."""
    return rank_of(call.values["q"].type) or 0 if call.has("q") else 0


def _spread(call: Call, g: Value) -> Value:
    """The adjoint beside the axes of the array."""
    extra = _shares(call)
    if not extra:
        return kept(call, g)
    if call.static("keepdims", False):
        return g
    over = tuple(extra + axis for axis in axes(call))
    return call("np.expand_dims(g, over)", g=g, over=shapes.axis_value(call.b, over))


def _quantile_dtype(facts: Facts, several: bool) -> str | None:
    """The dtype of quantiles, asked of NumPy; a number as share is weak."""
    own, share = dtype_of(facts.types[0]), dtype_of(facts.type("q")) if several else "f8"
    if own is None or share is None:
        return None
    line, method = np.ones(2, own), facts.static("method", "linear")
    if not facts.has("q"):
        return code(np.asarray(np.median(line)).dtype)
    found = numpy_function("np.quantile")(line, np.ones(1, share) if several else 0.5, method=method)
    return code(np.asarray(found).dtype)


def _quantile(signature: str, share: Share) -> None:
    name = signature.partition("(")[0]

    def pull(call: Call, g: Value) -> Value:
        out = call("g * weights", g=_spread(call, g), weights=_weights(call, share))
        extra = _shares(call)
        if extra:
            out = call("np.sum(v, axis=first)", v=out, first=shapes.axis_value(call.b, range(extra)))
        return call("np.where(np.isnan(a), 0.0, v)", v=out) if skips_nan(call) else out

    def push(call: Call, dot: Value) -> Value:
        dot = call("np.where(np.isnan(a), 0.0, dot)", dot=dot) if skips_nan(call) else dot
        weights, extra = _weights(call, share), _shares(call)
        if not extra:
            return reduced(call, "weights * dot", weights=weights, dot=dot)
        over = tuple(extra + axis for axis in axes(call))
        operands = [call("weights * dot", weights=weights, dot=dot), shapes.axis_value(call.b, over)]
        args = ["a", "axis"]
        if call.has("keepdims"):
            operands, args = [*operands, call.values["keepdims"]], [*args, "keepdims"]
        return apply(call.b, "np.sum", operands, args)

    def infer(facts: Facts) -> Type:
        if facts.static("axis") == ():
            raise TypeProblem(f"`{name}` along no axis", "name the axes")
        found = reduction("np.median")(Facts(name, facts.args[:1], facts.types[:1], facts.statics))
        shares = shape_of(facts.type("q")) if facts.has("q") else ()
        if shares is None or not isinstance(found, Array) or found.shape is None:
            return found if shares == () else UNKNOWN
        return Array(_quantile_dtype(facts, bool(shares)), (*shares, *found.shape))

    general(
        signature,
        vjp={"a": pull, "q": _share_pull(share, "percentile" in name)},
        jvp={"a": push, "q": _share_push(share, "percentile" in name)},
        infer=infer,
        kinks=TIES,
        static=("method",),
    )


def _rise(call: Call, share: Share, percent: bool) -> Value:
    """How fast quantiles grow with their shares: the distance of two neighbours, to the right of an element."""
    if call.static("method", "linear") != "linear":
        raise TypeProblem(f"the derivative of `{call.rule.name}` by q, with a method", "leave the method out")
    if call.rank("a") == 0:
        return call("np.zeros_like(y)")
    number = count(call) or call.b.const(1)
    env = {"ranks": _ranks(call), "place": _place(call, share), "number": kept(call, number), "a": call.values["a"]}
    if skips_nan(call):
        env["a"] = call("np.where(np.isnan(a), 0.0, a)")
    low = call("np.minimum(np.floor(place), np.maximum(number - 2, 0))", **env)
    step = call("np.where(ranks == low + 1, a, 0.0) - np.where(ranks == low, a, 0.0)", low=low, **env)
    step = call("(number - 1) / 100.0 * step" if percent else "(number - 1) * step", step=step, **env)
    extra = _shares(call)
    over = tuple(extra + axis for axis in axes(call))
    operands, args = [step, shapes.axis_value(call.b, over)], ["a", "axis"]
    if call.has("keepdims"):
        operands, args = [*operands, call.values["keepdims"]], [*args, "keepdims"]
    return apply(call.b, "np.sum", operands, args)


def _share_pull(share: Share, percent: bool) -> Callable[[Call, Value], Value]:
    def pull(call: Call, g: Value) -> Value:
        out, extra = call("g * rise", g=g, rise=_rise(call, share, percent)), _shares(call)
        rest = range(extra, rank_of(out.type) or 0)
        if not extra:
            return out if shapes.is_scalar(out.type) else call("np.sum(out)", out=out)
        out = call("np.sum(out, axis=rest)", out=out, rest=shapes.axis_value(call.b, rest)) if rest else out
        return taken_apart(call.b, out, plain(call.values["q"].type))

    return pull


def _share_push(share: Share, percent: bool) -> Callable[[Call, Value], Value]:
    def push(call: Call, dot: Value) -> Value:
        rise, extra = _rise(call, share, percent), _shares(call)
        dot = call("np.array(dot)", dot=dot) if isinstance(plain(dot.type), (Struct, ListOf)) else dot
        rest = (rank_of(rise.type) or 0) - extra
        if extra and rest:
            dot = call(f"dot[{', '.join([':'] * extra + ['None'] * rest)}]", dot=dot)
        return call("dot * rise", dot=dot, rise=rise)

    return push


def _given(call: Call) -> Value:
    q = call.values["q"]
    return call("np.array(q)") if isinstance(plain(q.type), (Struct, ListOf)) else q


TIES = "ties follow the stable order"
for _nan in ("", "nan"):
    _more = "axis=None, *, method='linear', keepdims=False"
    _quantile(f"np.{_nan}median(a, axis=None, *, keepdims=False)", lambda call: call.b.const(0.5))
    _quantile(f"np.{_nan}quantile(a, q, {_more})", _given)
    _quantile(f"np.{_nan}percentile(a, q, {_more})", lambda call: call("q / 100.0", q=_given(call)))


# parts ---------------------------------------------------------------------------------------------------------------
def _split_type(facts: Facts) -> Type:
    array, axis = as_content(facts.types[0]), facts.static("axis", 0)
    shape = shape_of(array)
    if not isinstance(array, Array) or shape is None or not isinstance(axis, int):
        raise TypeProblem("`np.split` of an array of unknown rank", "annotate it")
    (axis,) = axes_of(axis, len(shape), facts.name)
    if "indices_or_sections" not in facts.statics:
        return ListOf(Array(array.dtype, (*shape[:axis], None, *shape[axis + 1 :])))
    dims = _part_dims(facts.statics["indices_or_sections"], shape[axis])
    parts = tuple(Array(array.dtype, (*shape[:axis], dim, *shape[axis + 1 :])) for dim in dims)
    return Struct("list", tuple(str(k) for k in range(len(parts))), parts)


def _part_dims(where: object, size: Dim) -> list[Dim]:
    """The sizes of the parts."""
    if isinstance(where, int):
        if where < 1 or (isinstance(size, int) and size % where):
            raise TypeProblem(f"`np.split` into {where} equal parts", "choose a divisor of the size")
        return [size // where if isinstance(size, int) else size if where == 1 else None] * where
    if not isinstance(where, (tuple, list)) or not all(isinstance(stop, int) for stop in where):
        raise TypeProblem(f"`np.split` at {where!r}", "give a number of parts, or a tuple of places")
    if not isinstance(size, int):
        return [None] * (len(where) + 1)
    bounds = [slice(stop).indices(size)[1] for stop in where]
    return [max(stop - start, 0) for start, stop in zip([0, *bounds], [*bounds, size], strict=True)]


def _split_vjp(call: Call, g: Value) -> Value:
    axis = call.static("axis", 0)
    assert isinstance(axis, int)
    return parts_back(call, g, axis)


def _joined(call: Call, g: Value) -> Value:
    return call("np.concatenate(g, axis=axis)", g=g, axis=call.b.const(call.static("axis", 0)))


linear(
    "np.split(ary, indices_or_sections, axis=0)",
    {"ary": _split_vjp},
    infer=_split_type,
    static=("indices_or_sections",),
)
general(
    "split_like(g, arrays, axis=0)",
    vjp={"g": _joined},
    jvp=lambda call, dots: call.repeat([dots["g"], *call.op.operands[1:]]) if "g" in dots else None,
    infer=lambda facts: plain(facts.type("arrays")),
    doc="the parts of g that the members of a list take in their concatenation",
)
