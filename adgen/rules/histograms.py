"""Histograms: sums of weights in bins; steps by the data, which are counted where they are.

h, edges = np.histogram(a, bins, weights=w)     ->      w_bar = h_bar[bin of a]
e = np.histogram_bin_edges(a, 3)                ->      linspace from np.min(a) to np.max(a)
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Op, Value
from adgen.ir.types import NONE, Array, ListOf, Struct, Type, Unknown, tangent
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.composed import composed
from adgen.rules.infer import as_content, dtype_of, is_complex, plain, promote, shape_of
from adgen.rules.kinds import general
from adgen.rules.matrices import is_zero, tuple_of
from adgen.rules.rule import REGISTRY, Facts, TypeProblem

STEPS = "histogram: zero by the data, which count where they are"


# edges ---------------------------------------------------------------------------------------------------------------
def _bins_given(facts: Facts | Call) -> bool:
    """Whether the edges are an argument."""
    if facts.has("bins") and isinstance(plain(facts.type("bins")), Unknown):
        name = facts.rule.name if isinstance(facts, Call) else facts.name
        raise TypeProblem(f"`{name}` by bins that may be a number or edges", "annotate them")
    return facts.has("bins") and isinstance(plain(facts.type("bins")), (Array, Struct, ListOf)) and not _one(facts)


def _one(facts: Facts | Call) -> bool:
    return shape_of(facts.type("bins")) == ()


def _number(facts: Facts | Call) -> int | None:
    """How many bins there are, where that is known; refused where NumPy chooses."""
    count = facts.statics.get("bins", 10 if not facts.has("bins") else None)
    if isinstance(count, str):
        raise TypeProblem(
            f"`{facts.rule.name if isinstance(facts, Call) else facts.name}` with bins={count!r}",
            "give the number of bins",
        )
    return count if type(count) is int else None


def _edges_type(facts: Facts) -> Type:
    if _bins_given(facts):
        return as_content(facts.type("bins"))
    count, own = _number(facts), dtype_of(facts.types[0])
    return Array(own if own is None or own[0] == "f" else "f8", (None if count is None else count + 1,))


def _build_edges(call: Call) -> Value:
    """The edges, as far as they depend on the arguments."""
    if _bins_given(call):
        bins = call.values["bins"]
        return bins if isinstance(plain(bins.type), Array) else call("np.array(bins)")
    low, high = call("np.min(a)"), call("np.max(a)")
    if call.has("range"):
        listed = isinstance(plain(call.type("range")), Struct)
        low, high = (call(f"range[{k}]" if listed else f"np.take(range, {k})") for k in (0, 1))
    count = call.values["bins"] if call.has("bins") else call.b.const(10)
    return call("np.linspace(low, high, count + 1)", low=low, high=high, count=count)


composed("np.histogram_bin_edges(a, bins=10, range=None, weights=None)", _build_edges, _edges_type, static=("bins",))


# one axis ------------------------------------------------------------------------------------------------------------
def _histogram_type(facts: Facts) -> Type:
    weights = as_content(facts.type("weights")) if facts.has("weights") and facts.type("weights") != NONE else None
    dtype = dtype_of(weights) if weights is not None else "i8"
    edges = _edges_type(facts)
    if facts.static("density", False):
        dtype = promote([Array(dtype, ()), Array("f8", ())])
    shape = shape_of(edges)
    size = shape[0] - 1 if shape and isinstance(shape[0], int) else None
    return tuple_of(Array(dtype, (size,)), edges)


def _bin_of(call: Call, edges: Value, line: Value) -> tuple[Value, Value]:
    """The bin of each element, and whether it is in one; the last bin has its right end."""
    env = {"edges": edges, "line": line}
    k = call("np.searchsorted(edges, line, side=side) - 1", side=call.b.const("right"), **env)
    k = call("np.where(line == edges[-1], edges.size - 2, k)", k=k, **env)
    return k, call("(k >= 0) & (k < edges.size - 1)", k=k, edges=edges)


def _own_bin(call: Call) -> tuple[Value, Value]:
    return _bin_of(call, call.b.item(call.y, 1), call.values["a"])


def _counts_bar(call: Call, g: Value) -> Value:
    """The adjoint of the plain sums of weights in the bins."""
    b, g = call.b, call.b.item(g, 0)
    if not call.static("density", False):
        return g
    h, edges = b.item(call.y, 0), b.item(call.y, 1)
    dot = "np.sum(g * h)" if is_complex(g.type) else "np.vdot(g, h)"
    return call(f"g / (np.diff(edges) * total) - {dot} / total", g=g, edges=edges, h=h, total=_mass(call))


def _mass(call: Call) -> Value:
    _, there = _own_bin(call)
    if call.has("weights"):
        return call("np.sum(np.where(there, weights, 0.0))", there=there)
    return call("np.sum(t)", t=there)


def _weights_bar(call: Call, g: Value) -> Value:
    k, there = _own_bin(call)
    bar = _counts_bar(call, g)
    return call("np.where(there, bar[np.where(there, k, 0)], 0.0)", there=there, k=k, bar=bar)


def _edges_bar(call: Call, g: Value) -> Value:
    own = call.b.item(g, 1)
    if not call.static("density", False):
        return own
    b = call.b
    edges = b.item(call.y, 1)
    t = call("g * h / np.diff(edges)", g=b.item(g, 0), h=b.item(call.y, 0), edges=edges)
    zero = call("np.zeros(1)")
    return call("own + np.append(t, zero) - np.append(zero, t)", own=own, t=t, zero=zero)


def _edges_of(call: Call) -> Op:
    """The call that makes the edges."""
    kept = [
        (arg, value) for arg, value in zip(call.args, call.op.operands, strict=True) if arg in ("a", "bins", "range")
    ]
    apply(call.b, "np.histogram_bin_edges", [value for _, value in kept], [arg for arg, _ in kept])
    return call.b.ops.pop()


def _data_bar(call: Call, g: Value) -> Value | None:
    """The counts are steps in the data; edges that are computed from the data are not."""
    if call.has("range") or _bins_given(call):
        return None
    if is_zero(call, call.b.item(g, 1)) and not call.static("density", False):
        return None
    return _by_edges(call, g, "a")


def _by_edges(call: Call, g: Value, name: str) -> Value | None:
    """The adjoint of an argument from which the edges are computed."""
    op = _edges_of(call)
    args = op.attrs["args"]
    assert isinstance(args, tuple)
    return REGISTRY["np.histogram_bin_edges"].vjp(call.b, op, _edges_bar(call, g), [args.index(name)])[0]


def _range_bar(call: Call, g: Value) -> Value | None:
    return None if _bins_given(call) else _by_edges(call, g, "range")


def _weights_push(call: Call, dot: Value) -> Value:
    b = call.b
    edges = b.item(call.y, 1)
    operands = {arg: value for arg, value in zip(call.args, call.op.operands, strict=True) if arg not in ("density",)}
    sums = apply(b, "np.histogram", [dot if arg == "weights" else v for arg, v in operands.items()], list(operands))
    c = b.item(sums, 0)
    if call.static("density", False):
        env = {"c": c, "h": b.item(call.y, 0), "edges": edges, "total": _mass(call)}
        c = call("(c / np.diff(edges) - h * np.sum(c)) / total", **env)
    zero = call("np.zeros_like(edges)", edges=edges)
    return b.pack(tuple_of(c.type, zero.type), (c, zero))


def _edges_push(call: Call, dot: Value) -> Value:
    b = call.b
    h = b.item(call.y, 0)
    if tangent(h.type) is None:
        none = b.const(None)
        return b.pack(tuple_of(none.type, dot.type), (none, dot))
    part = call("np.zeros_like(h)", h=h)
    if call.static("density", False):
        part = call("-h * np.diff(dot) / np.diff(edges)", h=h, dot=dot, edges=b.item(call.y, 1))
    return b.pack(tuple_of(part.type, dot.type), (part, dot))


def _histogram_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total: Value | None = None
    if "weights" in dots:
        total = _weights_push(call, dots["weights"])
    edges_dot = dots.get("bins") if _bins_given(call) else None
    if edges_dot is not None and not isinstance(plain(edges_dot.type), Array):
        edges_dot = call("np.array(dot)", dot=edges_dot)
    source = "range" if call.has("range") else "a"
    if source in dots and not _bins_given(call):
        op = _edges_of(call)
        args = op.attrs["args"]
        assert isinstance(args, tuple)
        given = [dots[source] if arg == source else None for arg in args]
        edges_dot = REGISTRY["np.histogram_bin_edges"].jvp(call.b, op, given)
    if edges_dot is not None:
        part = _edges_push(call, edges_dot)
        total = part if total is None else shapes.add(call.b, total, part)
    return total


def _given_edges_bar(call: Call, g: Value) -> Value:
    from adgen.rules.lists import taken_apart

    return taken_apart(call.b, _edges_bar(call, g), plain(call.values["bins"].type))


general(
    "np.histogram(a, bins=10, range=None, density=None, weights=None)",
    vjp={"a": _data_bar, "weights": _weights_bar, "bins": _given_edges_bar, "range": _range_bar},
    jvp=_histogram_jvp,
    infer=_histogram_type,
    static=("density", "bins"),
    kinks=STEPS,
)


# several axes --------------------------------------------------------------------------------------------------------
def _plane_type(facts: Facts) -> Type:
    if not _bins_given(facts):
        _number(facts)
    edges = Array("f8", (None,))
    return tuple_of(Array("f8", (None, None)), edges, edges)


def _space_type(facts: Facts) -> Type:
    if not _bins_given(facts):
        _number(facts)
    sample = plain(facts.types[0])
    shape = shape_of(sample) if isinstance(sample, Array) else None
    count = len(sample.items) if isinstance(sample, Struct) else shape[1] if shape and len(shape) == 2 else None
    return tuple_of(Array("f8", (None,) * count if isinstance(count, int) else None), ListOf(Array("f8", (None,))))


def _axes(call: Call) -> list[tuple[Value, Value]]:
    """The samples along each axis, and the edges there."""
    b = call.b
    if call.rule.name == "np.histogram2d":
        return [(call.values[name], b.item(call.y, k + 1)) for k, name in enumerate(("x", "y"))]
    sample, type_ = call.values["sample"], plain(call.type("sample"))
    if isinstance(type_, Struct):
        lines = [b.item(sample, k) for k in range(len(type_.items))]
    else:
        count = shape[1] if (shape := shape_of(type_)) is not None and len(shape) == 2 else None
        if not isinstance(count, int):
            raise TypeProblem(
                "the derivative of `np.histogramdd` of samples of unknown dimension",
                "stack known columns: np.stack((x, y), 1)",
            )
        lines = [call(f"sample[:, {k}]") for k in range(count)]
    edges = b.item(call.y, 1)
    return [(line, shapes.index(b, edges, ("i",), (b.const(k),))) for k, line in enumerate(lines)]


def _fixed(call: Call) -> bool:
    """Whether the edges are given."""
    return call.has("range") or _bins_given(call)


def _data_decide(call: Call) -> TypeProblem:
    return TypeProblem(f"the derivative of `{call.rule.name}` by data that decide the edges", "give edges, or `range`")


def _no_data(call: Call, g: Value) -> Value | None:
    """Counts are steps in the data; edges may depend on them only where nothing depends on the edges."""
    type_ = plain(call.y.type)
    assert isinstance(type_, Struct)
    edges = range(1, len(type_.items))
    if _fixed(call) or (all(is_zero(call, call.b.item(g, k)) for k in edges) and not call.static("density", False)):
        return None
    raise _data_decide(call)


def _no_edges(call: Call, g: Value) -> Value | None:
    raise TypeProblem(f"the derivative of `{call.rule.name}` by its edges", "use np.histogram along each axis")


def _cells(call: Call) -> tuple[list[Value], Value]:
    """The bin of each sample along each axis, and whether it is in one."""
    found = [_bin_of(call, edges, line) for line, edges in _axes(call)]
    inside = found[0][1]
    for _, there in found[1:]:
        inside = call("a & b", a=inside, b=there)
    return [call("np.where(inside, k, 0)", inside=inside, k=k) for k, _ in found], inside


def _density(call: Call, sums: Value, text: str) -> Value:
    """A formula of sums, densities h, the volumes of cells and the weight of all samples."""
    axes = _axes(call)
    sizes: Value | None = None
    for place, (_, edges) in enumerate(axes):
        cut = ", ".join([":"] + ["None"] * (len(axes) - 1 - place))
        own = call(f"np.diff(e)[{cut}]" if place < len(axes) - 1 else "np.diff(e)", e=edges)
        sizes = own if sizes is None else call("a * b", a=sizes, b=own)
    assert sizes is not None
    _, inside = _cells(call)
    counted = "np.sum(np.where(inside, weights, 0.0))" if call.has("weights") else "np.sum(inside)"
    total = call(counted, inside=inside)
    return call(text, v=sums, h=call.b.item(call.y, 0), sizes=sizes, total=total)


def _cell_weights(call: Call, g: Value) -> Value:
    bar = call.b.item(g, 0)
    if call.static("density", False):
        bar = _density(call, bar, "v / (sizes * total) - np.sum(v * h) / total")
    at, inside = _cells(call)
    names = {f"k{place}": k for place, k in enumerate(at)}
    return call(f"np.where(inside, bar[{', '.join(names)}], 0.0)", inside=inside, bar=bar, **names)


def _cells_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    b = call.b
    if "bins" in dots or "range" in dots:
        _no_edges(call, call.y)
    if not _fixed(call) and any(name in dots for name in ("x", "y", "sample")):
        raise _data_decide(call)
    if "weights" not in dots:
        return None
    operands = {arg: value for arg, value in zip(call.args, call.op.operands, strict=True) if arg != "density"}
    values = [dots["weights"] if arg == "weights" else value for arg, value in operands.items()]
    c = b.item(apply(b, call.rule.name, values, list(operands)), 0)
    if call.static("density", False):
        c = _density(call, c, "(v / sizes - h * np.sum(v)) / total")
    type_ = plain(call.y.type)
    assert isinstance(type_, Struct)
    zeros = [shapes.zeros_like(b, b.item(call.y, k)) for k in range(1, len(type_.items))]
    return b.pack(tuple_of(c.type, *(zero.type for zero in zeros)), (c, *zeros))


_MORE = "bins=10, range=None, density=None, weights=None) -> z"
general(
    f"np.histogram2d(x, y, {_MORE}",
    vjp={"x": _no_data, "y": _no_data, "weights": _cell_weights, "bins": _no_edges, "range": _no_edges},
    jvp=_cells_jvp,
    infer=_plane_type,
    static=("density", "bins"),
    kinks=STEPS,
)
general(
    f"np.histogramdd(sample, {_MORE}",
    vjp={"sample": _no_data, "weights": _cell_weights, "bins": _no_edges, "range": _no_edges},
    jvp=_cells_jvp,
    infer=_space_type,
    static=("density", "bins"),
    kinks=STEPS,
)
