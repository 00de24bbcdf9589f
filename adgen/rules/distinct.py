"""Values that differ, in order, and sets of values: equal elements share the adjoint of what stands for them.

y = np.unique(a)             ->      k = np.searchsorted(y, a);  a_bar = (y_bar / np.bincount(k))[k]
y = np.unique(a, axis=0)     ->      shares[different row, row];  a_bar = np.tensordot(shares, y_bar, axes=(0, 0))
"""

from __future__ import annotations

from collections.abc import Sequence

from adgen.ir.core import Value
from adgen.ir.types import Array, Dim, Struct, Type, Unknown
from adgen.rules import formula, shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, dtype_of, plain, promote, shape_of
from adgen.rules.kinds import general
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.scattering import binned

# different values ----------------------------------------------------------------------------------------------------
UNIQUE = ("return_index", "return_inverse", "return_counts")


def _unique_type(facts: Facts) -> Type:
    array, axis = as_content(facts.types[0]), facts.static("axis")
    shape, lines = shape_of(array), (None,)
    if facts.static("sorted", True) is not True:
        raise TypeProblem("`np.unique` whose order is not told", "leave `sorted` out")
    found: tuple[Dim, ...] = lines
    if axis is not None:
        if shape is None:
            raise TypeProblem("`np.unique` along an axis of an array of unknown rank", "annotate the argument")
        (place,) = axes_of(axis, len(shape), facts.name)
        found = (*shape[:place], None, *shape[place + 1 :])
    values = Array(dtype_of(array), found)
    more: list[Type] = []
    for name in UNIQUE:
        if facts.static(name, False):
            whole = name == "return_inverse"
            more.append(Array("i8", None if axis is not None else shape if whole else lines))
    if not more:
        return values
    items = (values, *more)
    return Struct("tuple", tuple(str(place) for place in range(len(items))), items)


def _classes(call: Call, name: str) -> tuple[Value, Value]:
    """The number of the value of each element, and how many elements have each value."""
    values = call.b.item(call.y, 0) if isinstance(plain(call.y.type), Struct) else call.y
    line = call.values[name] if call.rank(name) == 1 else call(f"np.ravel({name})")
    k = call("np.searchsorted(values, line)", values=values, line=line)
    return k, call("np.bincount(k, minlength=values.size)", k=k, values=values)


def _rows_shared(call: Call, value: Value, over: int) -> Value:
    """Sums over axis `over` of a table [different row, row]: the share of each row in what stands for it."""
    b, axis = call.b, axes_of(call.static("axis"), call.rank("ar"), call.rule.name)[0]
    true = b.const(True)
    again = apply(b, "np.unique", (call.values["ar"], true, b.const(axis)), ("ar", "return_inverse", "axis"))
    k, values = call("np.ravel(k)", k=b.item(again, 1)), b.item(again, 0)
    same = call(f"np.arange(values.shape[{axis}])[:, None] == k", values=values, k=k)
    shares = call("same / np.sum(same, axis=last, keepdims=kept)", same=same, last=b.const(1), kept=true)
    over_axes = b.const((over, axis))
    out = call("np.tensordot(shares, v, axes=over)", shares=shares, v=value, over=over_axes)
    return out if axis == 0 else call("np.moveaxis(v, 0, axis)", v=out, axis=b.const(axis))


def _unique_vjp(call: Call, g: Value) -> Value:
    name = call.args[0]
    g = call.b.item(g, 0) if isinstance(plain(g.type), Struct) else g
    if call.static("axis") is not None:
        return _rows_shared(call, g, 0)
    k, counts = _classes(call, name)
    out = call("(g / counts)[k]", g=g, counts=counts, k=k)
    return out if call.rank(name) == 1 else call(f"np.reshape(v, {name}.shape)", v=out)


def _unique_jvp(call: Call, dot: Value) -> Value:
    b, name = call.b, call.args[0]
    values = b.item(call.y, 0) if isinstance(plain(call.y.type), Struct) else call.y
    if call.static("axis") is not None:
        out = _rows_shared(call, dot, 1)
    else:
        k, counts = _classes(call, name)
        size = formula.evaluate(b, "v.size", {"v": values})
        out = call("total / counts", total=binned(call, dot, k, size), counts=counts)
    out = shapes.cast(b, out, values)
    type_ = plain(call.y.type)
    if not isinstance(type_, Struct):
        return out
    parts = [out, *(b.const(None) for _ in type_.items[1:])]
    return b.pack(Struct("tuple", type_.keys, tuple(part.type for part in parts)), parts)


general(
    "np.unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True, "
    "sorted=True)",
    vjp={"ar": _unique_vjp},
    jvp={"ar": _unique_jvp},
    infer=_unique_type,
    static=(*UNIQUE, "equal_nan", "sorted"),
    kinks="equal elements share equally",
)
general(
    "np.unique_values(x)",
    vjp={"x": _unique_vjp},
    jvp={"x": _unique_jvp},
    infer=_unique_type,
    kinks="equal elements share equally",
)


# sets of values ------------------------------------------------------------------------------------------------------
def _set_type(facts: Facts) -> Type:
    types = [as_content(type_) for type_ in facts.types[:2]]
    vague = any(isinstance(type_, Unknown) for type_ in types)
    return Array(None if vague else promote(types[:1] if facts.name == "np.setdiff1d" else types), (None,))


def _placed(call: Call, name: str) -> tuple[Value, Value]:
    """For each element of an argument its place among the results, and whether it is one of them."""
    line = call.values[name] if call.rank(name) == 1 else call(f"np.ravel({name})")
    if call.rule.name == "np.setdiff1d" and call.static("assume_unique", False):  # in the order of the argument
        there = call("np.isin(line, ar2, invert=other)", line=line, other=call.b.const(True))
        return call("np.maximum(np.cumsum(there) - 1, 0)", there=there), there
    k = call("np.minimum(np.searchsorted(y, line), y.size - 1)", line=line)
    return k, call("y[k] == line", k=k, line=line)


def _shared_by(call: Call, sources: Sequence[str]) -> Value:
    """How many elements of the arguments have each of the values."""
    total: Value | None = None
    for name in sources:
        k, there = _placed(call, name)
        part = call("np.bincount(k[t], minlength=y.size)", k=k, t=there)
        total = part if total is None else shapes.add(call.b, total, part)
    assert total is not None
    return total


def _of_sets(name: str, sources: Sequence[str], more: str = "") -> None:
    """A function that gives the values, in order, of elements of some of its arguments."""

    def pull(call: Call, g: Value, source: str) -> Value | None:
        if source not in sources:
            return None
        k, there = _placed(call, source)
        out = call("np.where(t, (g / n)[k], 0.0)", t=there, g=g, n=_shared_by(call, sources), k=k)
        return out if call.rank(source) == 1 else call(f"np.reshape(v, {source}.shape)", v=out)

    def push(call: Call, dot: Value, source: str) -> Value | None:
        if source not in sources:
            return None
        k, there = _placed(call, source)
        line = dot if call.rank(source) == 1 else call("np.ravel(dot)", dot=dot)
        sums = binned(call, call("d[t]", d=line, t=there), call("k[t]", k=k, t=there), call("y.size"))
        return call("sums / n", sums=sums, n=_shared_by(call, sources))

    general(
        f"{name}(ar1, ar2{more})",
        vjp={side: lambda call, g, s=side: pull(call, g, s) for side in ("ar1", "ar2")},  # type: ignore[misc]
        jvp={side: lambda call, dot, s=side: push(call, dot, s) for side in ("ar1", "ar2")},  # type: ignore[misc]
        infer=_set_type,
        kinks="equal elements share equally; which values there are is taken not to change",
    )


_of_sets("np.union1d", ("ar1", "ar2"))
_of_sets("np.setxor1d", ("ar1", "ar2"), ", assume_unique=False")
_of_sets("np.setdiff1d", ("ar1",), ", assume_unique=False")


def _named(name: str, counts: Sequence[str]) -> None:
    """`np.unique` with some of its further results."""

    def infer(facts: Facts) -> Type:
        return _unique_type(Facts(facts.name, ("ar",), facts.types[:1], dict.fromkeys(counts, True)))

    general(
        f"{name}(x)",
        vjp={"x": _unique_vjp},
        jvp={"x": _unique_jvp},
        infer=infer,
        kinks="equal elements share equally",
    )


_named("np.unique_all", UNIQUE)
_named("np.unique_counts", ("return_counts",))
_named("np.unique_inverse", ("return_inverse",))
