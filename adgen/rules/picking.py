"""Functions that pick elements by conditions and by rank: select, choose, compress, partition.

y = np.compress(m, a)              ->      a_bar = np.bincount(np.compress(m, np.arange(a.size)), weights=y_bar, ..)
y = np.select([p, q], [a, b], c)   ->      b_bar = np.select([p, q], [0.0, y_bar])
y = np.partition(a, k)             ->      each y_bar goes where an element of this rank stands
"""

from __future__ import annotations

from collections.abc import Sequence

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, ListOf, Struct, Type, Unknown, tangent
from adgen.rules import shapes
from adgen.rules.apply import apply, content_of
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, broadcast, dtype_of, plain, promote, rank_of, shape_of
from adgen.rules.kinds import general, linear
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.scattering import moving, places, scattered


# by flags ------------------------------------------------------------------------------------------------------------
def _some(facts: Facts) -> Type:
    """As the array that is picked from, of unknown length along the axis."""
    array = as_content(facts.type("a"))
    shape, axis = shape_of(array), facts.static("axis")
    if axis is None:
        return Array(dtype_of(array), (None,))
    if shape is None:
        return UNKNOWN if isinstance(array, Unknown) else Array(dtype_of(array), None)
    (place,) = axes_of(axis, len(shape), facts.name)
    return Array(dtype_of(array), (*shape[:place], None, *shape[place + 1 :]))


moving("np.compress(condition, a, axis=None)", "a", infer=_some)
moving("compress(a, condition, axis=None)", "a", infer=_some)  # the method: its array comes first
moving("np.extract(condition, arr)", "arr", infer=lambda facts: Array(dtype_of(facts.type("arr")), (None,)))


def _trim_type(facts: Facts) -> Type:
    if isinstance(plain(facts.types[0]), (Struct, ListOf)):
        raise TypeProblem("`np.trim_zeros` of a list, which gives a list", "pass an array")
    array = as_content(facts.types[0])
    rank = rank_of(array)
    if rank not in (None, 1):
        raise TypeProblem("`np.trim_zeros` of an array that is no line", "use slices")
    return Array(dtype_of(array), (None,))


def _trim_places(call: Call) -> Value:
    """The places that are left: from the first to the last element that is not zero."""
    trim = str(call.static("trim", "fb")).lower()
    there = call("np.flatnonzero(filt)")
    first = call("np.min(there, initial=filt.size)", there=there) if "f" in trim else None
    last = call("np.max(there, initial=-1) + 1", there=there) if "b" in trim else call("filt.size")
    return call("np.arange(first, last)", first=first, last=last) if first is not None else call("np.arange(n)", n=last)


def _trim_vjp(call: Call, g: Value) -> Value:
    return scattered(call, g, _trim_places(call), "filt")


general(
    "np.trim_zeros(filt, trim='fb')",
    vjp={"filt": _trim_vjp},
    jvp={"filt": lambda call, dot: call("dot[at]", dot=dot, at=_trim_places(call))},
    infer=_trim_type,
    static=("trim",),
    kinks="trim_zeros: the length is taken not to change",
)


# by a list of conditions ---------------------------------------------------------------------------------------------
def _members(value: Value, name: str) -> Struct:
    found = plain(value.type)
    if not isinstance(found, Struct):
        raise TypeProblem(
            f"the derivative of `{name}` of lists of unknown length", "write the lists where it is called"
        )
    return found


def _select_type(facts: Facts) -> Type:
    conditions, choices = plain(facts.type("condlist")), plain(facts.type("choicelist"))
    if not isinstance(conditions, Struct) or not isinstance(choices, Struct):
        return UNKNOWN
    default = [as_content(facts.type("default"))] if facts.has("default") else []
    results = [as_content(item) for item in choices.items] + default
    if any(isinstance(type_, Unknown) for type_ in results):
        return UNKNOWN
    shape = broadcast([shape_of(item) for item in (*conditions.items, *results)])
    return Array(promote(results if default else [*results, Array("b1", ())]), shape)


def _chosen(call: Call, g: Value, k: int) -> Value:
    """The adjoint where the k-th condition is the first that holds; k = their number: where none does."""
    b, conditions = call.b, call.values["condlist"]
    count = len(_members(conditions, "np.select").items)
    if k == 0:
        return call("np.where(c, g, 0.0)", c=b.item(conditions, 0), g=g)
    cases = [b.item(conditions, place) for place in range(min(k + 1, count))]
    values = [b.const(0.0) for _ in range(k)] + ([g] if k < count else [])
    packed = [b.pack(_list(items), items) for items in (cases, values)]
    operands, args = packed, ["condlist", "choicelist"]
    if k == count:
        operands, args = [*operands, g], [*args, "default"]
    return apply(b, "np.select", operands, args)


def _list(items: Sequence[Value]) -> Struct:
    return Struct("list", tuple(str(place) for place in range(len(items))), tuple(item.type for item in items))


def _choices_vjp(call: Call, g: Value) -> Value:
    b, choices = call.b, call.values["choicelist"]
    parts = []
    for place, type_ in enumerate(_members(choices, "np.select").items):
        member = b.item(choices, place)
        inactive = tangent(content_of(type_)) is None
        parts.append(b.const(None) if inactive else shapes.unbroadcast(b, _chosen(call, g, place), member))
    return b.pack(Struct(_members(choices, "").kind, _list(parts).keys, _list(parts).items), parts)


def _default_vjp(call: Call, g: Value) -> Value:
    count = len(_members(call.values["condlist"], "np.select").items)
    return shapes.unbroadcast(call.b, _chosen(call, g, count), call.values["default"])


linear(
    "np.select(condlist, choicelist, default=0)",
    {"choicelist": _choices_vjp, "default": _default_vjp},
    infer=_select_type,
)


def _choose_type(facts: Facts) -> Type:
    index, choices = as_content(facts.types[0]), plain(facts.type("choices"))
    if isinstance(choices, Array) and choices.shape is not None:
        return Array(choices.dtype, broadcast([shape_of(index), choices.shape[1:]]))
    if not isinstance(choices, Struct):
        return UNKNOWN
    results = [as_content(item) for item in choices.items]
    if any(isinstance(type_, Unknown) for type_ in results):
        return UNKNOWN
    return Array(promote(results), broadcast([shape_of(index), *(shape_of(type_) for type_ in results)]))


def _number(call: Call, count: Value) -> Value:
    """Which choice is taken at each place."""
    mode = call.static("mode", "raise")
    a = call("np.array(a)") if isinstance(call.type("a"), (Struct, ListOf)) else call.values["a"]
    if dtype_of(a.type) == "b1" and mode != "raise":
        a = call("a * 1", a=a)
    if mode == "wrap":
        return call("a % count", a=a, count=count)
    return call("np.clip(a, 0, count - 1)", a=a, count=count) if mode == "clip" else a


def _choose_vjp(call: Call, g: Value) -> Value:
    b, choices = call.b, call.values["choices"]
    if isinstance(plain(choices.type), Array):
        rank = call.rank("choices")
        if rank < 1 or rank_of(g.type) is None:
            raise TypeProblem("the derivative of `np.choose` of arrays of unknown rank", "annotate them")
        column = ", ".join([":"] + ["None"] * (rank_of(g.type) or 0))
        number = _number(call, call("choices.shape[0]"))
        taken = call(f"np.arange(choices.shape[0])[{column}] == number", number=number)
        wide = call("np.where(taken, g, 0.0)", taken=taken, g=g)
        return shapes.unbroadcast(b, wide, choices) if rank - 1 == rank_of(g.type) else _rows(call, wide)
    members = _members(choices, "np.choose")
    number = _number(call, b.const(len(members.items)))
    parts = []
    for place, type_ in enumerate(members.items):
        inactive = tangent(content_of(type_)) is None
        part = None if inactive else call("np.where(n == k, g, 0.0)", n=number, k=b.const(place), g=g)
        parts.append(b.const(None) if part is None else shapes.unbroadcast(b, part, b.item(choices, place)))
    return b.pack(Struct(members.kind, members.keys, tuple(part.type for part in parts)), parts)


def _rows(call: Call, wide: Value) -> Value:
    """The sum over the axes that the choices do not have."""
    extra = (rank_of(wide.type) or 0) - call.rank("choices")
    over = shapes.axis_value(call.b, range(1, 1 + extra))
    return shapes.unbroadcast(call.b, call("np.sum(v, axis=over)", v=wide, over=over), call.values["choices"])


linear("np.choose(a, choices, mode='raise')", {"choices": _choose_vjp}, infer=_choose_type, static=("mode",))


# by rank -------------------------------------------------------------------------------------------------------------
def _partition_type(facts: Facts) -> Type:
    array = as_content(facts.types[0])
    return Array(dtype_of(array), (None,)) if facts.static("axis", -1) is None else array


def _partition_places(call: Call) -> Value:
    """For each element of the result the place on its line of the element of the same rank."""
    if call.static("axis", -1) is None or call.rank("a") == 1:
        line = call.values["a"] if call.rank("a") == 1 else call("np.ravel(a)")
        return call("np.argsort(line)[np.argsort(np.argsort(y))]", line=line)
    text = "np.take_along_axis(np.argsort(a, axis=axis), np.argsort(np.argsort(y, axis=axis), axis=axis), axis=axis)"
    return call(text, axis=call.b.const(call.static("axis", -1)))


def _partition_vjp(call: Call, g: Value) -> Value:
    at = _partition_places(call)
    if call.static("axis", -1) is None or call.rank("a") == 1:
        return scattered(call, g, at, "a")
    text = "np.take_along_axis(places, at, axis=axis)"
    at = call(text, places=places(call, "a"), at=at, axis=call.b.const(call.static("axis", -1)))
    return scattered(call, g, at, "a")


def _partition_jvp(call: Call, dot: Value) -> Value:
    at = _partition_places(call)
    if call.static("axis", -1) is None:
        return call("np.ravel(dot)[at]", dot=dot, at=at)
    if call.rank("a") == 1:
        return call("dot[at]", dot=dot, at=at)
    return call("np.take_along_axis(dot, at, axis=axis)", dot=dot, at=at, axis=call.b.const(call.static("axis", -1)))


general(
    "np.partition(a, kth, axis=-1, kind='introselect')",
    vjp={"a": _partition_vjp},
    jvp={"a": _partition_jvp},
    infer=_partition_type,
    kinks="ties follow the order",
)


# complex numbers -----------------------------------------------------------------------------------------------------
def _sorted_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    wide = {"f4": "c16", "f8": "c16", "f2": "c16", "c8": "c8", "c16": "c16"}.get(dtype_of(type_) or "")
    if wide is None or rank_of(type_) != 1:
        raise TypeProblem("`np.sort_complex` of this", "pass a line of numbers")
    return Array(wide, shape_of(type_))


def _sorted_order(call: Call) -> Value:
    return call("np.argsort(a, kind=kind)", kind=call.b.const("stable"))


general(
    "np.sort_complex(a)",
    vjp={"a": lambda call, g: call("g[np.argsort(order)]", g=g, order=_sorted_order(call))},
    jvp={"a": lambda call, dot: call("dot[order]", dot=dot, order=_sorted_order(call))},
    infer=_sorted_type,
    kinks="ties follow the stable order",
)
