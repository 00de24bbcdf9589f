"""Functions of NumPy that write to their argument: each is a few lines of Python, chosen by what it is given.

np.copyto(y, e)                   y[...] = e
np.copyto(y, e, where=m)          y[...] = np.where(m, e, y)
np.put(y, i, e)                   y[i] = np.resize(e, len(i)); for a matrix y[np.unravel_index(i, y.shape)]
np.fill_diagonal(y, e)            k = np.arange(min(y.shape)); y[k, k] = e
y.sort()                          y[...] = np.sort(y)
np.multiply.at(y, i, e)           for k in range(len(i)): y[i[k]] *= e[k]
np.sqrt.at(y, i)                  for k in range(len(i)): y[i[k]] = np.sqrt(y[i[k]])

The lines are lowered like a function of the user's, at the place of the call.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from adgen.frontend.bindings import Known
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Closure, Group, Poison, Poisoned, Thing, content_type, type_of
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import FLOAT, Array, ListOf, Scalar, Struct, Type
from adgen.rules import shapes, table

Given = dict[str, Thing]
TOOLS = (
    "where resize unravel_index arange count_nonzero sort partition maximum minimum fmax fmin array size clip".split()
)
SIGNATURES = {
    "np.copyto": "dst src casting where",
    "np.put": "a ind v mode",
    "np.place": "arr mask vals",
    "np.putmask": "a mask values",
    "np.put_along_axis": "arr indices values axis",
    "np.fill_diagonal": "a val wrap",
    "ndarray.sort": "a axis kind order stable",
    "ndarray.partition": "a kth axis kind order",
    "ndarray.put": "a indices values mode",
}
REQUIRED = {"np.put_along_axis": 4, "np.copyto": 2, "np.fill_diagonal": 2, "ndarray.sort": 1, "ndarray.partition": 2}
UPDATES = {
    "multiply": "{0} *= {1}",
    "divide": "{0} /= {1}",
    "true_divide": "{0} /= {1}",
    **{name: f"{{0}} = {name}({{0}}, {{1}})" for name in ("maximum", "minimum", "fmax", "fmin")},
}


def in_place(
    low: Lowering, name: str, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr, label: str
) -> Thing:
    """A call of a function of `SIGNATURES`: nothing is returned."""
    names = SIGNATURES[name].split()
    given: Given = dict(zip(names, args, strict=False)) | dict(keywords)
    needed = names[: REQUIRED.get(name, 3)]
    wrong = [key for key in given if key not in names] + [key for key in needed if key not in given]
    if wrong or len(args) > len(names):
        raise Reject("E0106", node, f"it takes {', '.join(names)}", name=label)
    if any(isinstance(thing, Poison) for thing in given.values()):
        raise Poisoned
    if "where" in given:
        given["mask"] = given.pop("where")
    body = WRITERS[name](low, given, node, label)
    return written(low, list(given), body, list(given.values()), node, name)


def written(
    low: Lowering,
    params: Sequence[str],
    body: str,
    args: Sequence[Thing],
    node: ast.expr,
    name: str = "",
    tool: str = "",
) -> Thing:
    """Lower the lines as the body of a function, called with these arguments; `tool` is what it calls besides."""
    from adgen.frontend.lower_calls import apply

    key = ("written", node, tuple(params), body)
    made = low.learnt.made.get(key)
    all_tools = dict.fromkeys([*TOOLS, *([tool] if tool else [])])
    if made is None:
        lines = "\n".join("    " + line for line in body.splitlines())
        (made,) = ast.parse(f"def write({', '.join(params)}, *, {', '.join(all_tools)}):\n{lines}").body
        for part in ast.walk(made):
            ast.copy_location(part, node)
        low.learnt.made[key] = made
    assert isinstance(made, ast.FunctionDef)
    tools = {tool: Known(f"np.{tool}") for tool in all_tools}
    outer, low.writer = low.writer, name
    apply(low, Closure(made, low.frame, tools), args, {}, node)
    low.writer = outer
    return low.b.const(None)


# what is known of the arguments --------------------------------------------------------------------------------------
def _type(thing: Thing) -> Type:
    return content_type(type_of(thing))


def _rank(type_: Type) -> int | None:
    """How many axes an argument has: lists of numbers have one."""
    if isinstance(type_, Array):
        return None if type_.shape is None else len(type_.shape)
    if isinstance(type_, Struct | ListOf):
        items = type_.items if isinstance(type_, Struct) else (type_.item,)
        return 1 if all(_rank(item) == 0 for item in items) else None
    return 0 if isinstance(type_, Scalar) else None


def _rank_of(given: Given, key: str, node: ast.expr, label: str) -> int:
    rank = _rank(_type(given[key]))
    if rank is None:
        raise Reject("E0125", node, f"how many axes `{key}` has is not known", name=label)
    return rank


def _static(low: Lowering, given: Given, key: str, default: object, node: ast.expr, label: str) -> object:
    """An argument that must be known while compiling."""
    if key not in given:
        return default
    known, value = low.static(given[key])
    if not known:
        raise Reject("E0106", node, f"`{key}` is not known while compiling", name=label)
    return value


def _same(given: Given, one: str, other: str) -> bool:
    a, b = _type(given[one]), _type(given[other])
    return isinstance(a, Array) and isinstance(b, Array) and shapes.same_shape(a, b) is True


def _is_mask(type_: Type) -> bool:
    return isinstance(type_, Array) and type_.dtype == "b1"


def _kinds(given: Given, one: str, other: str, node: ast.expr, label: str) -> None:
    """NumPy refuses numbers of a wider kind: so must this."""
    target, source = _type(given[one]), _type(given[other])
    order = "biufc"
    kind = target.dtype[0] if isinstance(target, Array) and target.dtype else "c"
    if isinstance(source, Array):
        wanted = source.dtype[0] if source.dtype else "b"
    else:
        wanted = {"float": "f", "complex": "c"}.get(source.kind, "b") if isinstance(source, Scalar) else "b"
    if order.index(wanted) > max(order.index(kind), order.index("u")):
        raise Reject("E0125", node, "its numbers do not go into the array's dtype", name=label)


# ufunc.at ------------------------------------------------------------------------------------------------------------
def update_at(low: Lowering, ufunc: str, args: Sequence[Thing], node: ast.expr) -> None:
    """`np.multiply.at(y, i, e)`: element by element where an index may be there twice."""
    label, short = f"{ufunc}.at", ufunc.removeprefix("np.")
    known = getattr(np, short, None)
    operands = known.nin if isinstance(known, np.ufunc) and known.nout == 1 else 0
    form = UPDATES.get(short, f"{{0}} = {short}({{0}}, {{1}})" if operands == 2 else f"{{0}} = {short}({{0}})")
    if table.lookup(ufunc) is None or not operands or len(args) != operands + 1:
        raise Reject("E0125", node, "elements that are named twice are changed twice", "write the loop", name=label)
    if any(isinstance(thing, Poison) for thing in args):
        raise Poisoned
    y, index = _type(args[0]), _type(args[1])
    e = _type(args[2]) if operands == 2 else FLOAT
    if short not in UPDATES and not (isinstance(y, Array) and y.dtype and y.dtype[0] in "fc"):
        raise Reject("E0125", node, "the array is not known to be of floats", "annotate the parameters", name=label)
    where, rank = _rank(index), _rank(y)
    if _is_mask(index) or where == 0:
        written(low, ["y", "i", "e"][: len(args)], form.format("y[i]", "e"), args, node, tool=short)
        return
    tuple_given = isinstance(args[1], Group) and args[1].kind == "tuple"
    parts = [_type(item) for item in args[1].items] if isinstance(args[1], Group) and tuple_given else [index]
    if rank is None or any(_rank(part) != 1 or _is_mask(part) for part in parts) or _rank(e) is None:
        raise Reject("E0125", node, "its index is no line of integers", "write the loop", name=label)
    names = [f"i{k}" for k in range(len(parts))] if tuple_given else ["i"]
    target = f"y[{', '.join(f'{name}[k]' for name in names)}]"
    value = "e[k]" if _rank(e) == rank - len(parts) + 1 else "e"
    if len(parts) > rank or (_rank(e) or 0) > rank - len(parts) + 1:
        raise Reject("E0125", node, "its values have more axes than what they go into", name=label)
    indices = args[1].items if isinstance(args[1], Group) and tuple_given else [args[1]]
    body = f"for k in range(len({names[0]})):\n    {form.format(target, value)}"
    first, last = args[0], args[-1]
    if operands == 2 and isinstance(first, Value) and isinstance(last, Value) and low.memory.meet(first, last):
        body = f"e = array(e)\n{body}"  # NumPy reads all of it first
    written(low, ["y", *names, "e"][: len(names) + operands], body, [args[0], *indices, *args[2:]], node, tool=short)


# one for each --------------------------------------------------------------------------------------------------------
def _copyto(low: Lowering, given: Given, node: ast.expr, label: str) -> str:
    if _static(low, given, "casting", "same_kind", node, label) == "same_kind":
        _kinds(given, "dst", "src", node, label)
    if "mask" not in given or low.static(given["mask"]) == (True, True):
        return "dst[...] = src"
    if _is_mask(_type(given["mask"])) and _same(given, "dst", "mask") and _rank(_type(given["src"])) == 0:
        return "dst[mask] = src"
    return "dst[...] = where(mask, src, dst)"


def _putmask(low: Lowering, given: Given, node: ast.expr, label: str) -> str:
    _rank_of(given, "a", node, label)
    same = _same(given, "a", "mask")
    if _rank_of(given, "values", node, label) == 0:
        return "a[mask] = values" if same and _is_mask(_type(given["mask"])) else "a[...] = where(mask, values, a)"
    values = "values" if _same(given, "a", "values") else "resize(values, a.shape)"
    return f"a[...] = where(mask, {values}, a)"


def _place(low: Lowering, given: Given, node: ast.expr, label: str) -> str:
    mask = _type(given["mask"])
    if not _is_mask(mask) or _rank(mask) != _rank_of(given, "arr", node, label):
        raise Reject("E0125", node, "its mask is no array of flags, one for each element", name=label)
    if _rank_of(given, "vals", node, label) == 0:
        return "arr[mask] = vals"
    return "arr[mask] = resize(vals, count_nonzero(mask))"


def _put(low: Lowering, given: Given, node: ast.expr, label: str) -> str:
    a, ind, v = (key for key in SIGNATURES["np.put" if "ind" in given else "ndarray.put"].split()[:3])
    mode = _static(low, given, "mode", "raise", node, label)
    given.pop("mode", None)
    where = _rank_of(given, ind, node, label)
    if where > 1:
        raise Reject("E0125", node, "its index has several axes", "write `y[index] = values`", name=label)
    what = v
    if _rank_of(given, v, node, label) and not _same(given, ind, v):
        if not where:
            raise Reject("E0125", node, "several values for one place", "write `y[k] = value`", name=label)
        what = f"resize({v}, len({ind}))"
    if isinstance(given[ind], Group) or isinstance(_type(given[ind]), Struct | ListOf):
        ind = f"array({ind})"
    if mode != "raise":
        ind = f"clip({ind}, 0, {a}.size - 1)" if mode == "clip" else f"{ind} % {a}.size"
    if _rank_of(given, a, node, label) == 1:
        return f"{a}[{ind}] = {what}"
    return f"{a}[unravel_index({ind} % {a}.size, {a}.shape)] = {what}"


def _put_along_axis(low: Lowering, given: Given, node: ast.expr, label: str) -> str:
    rank = _rank_of(given, "arr", node, label)
    axis = _static(low, given, "axis", None, node, label)
    axis = 0 if axis is None and rank == 1 else axis
    if type(axis) is not int or not -rank <= axis < rank or _rank(_type(given["indices"])) != rank:
        raise Reject(
            "E0125", node, "its index has not as many axes as the array, or the axis is none of them", name=label
        )
    del given["axis"]
    places = []
    for k in range(rank):
        around = ", ".join(":" if other == k else "None" for other in range(rank))
        line = "arange(len(arr))" if k == 0 else f"arange(arr.shape[{k}])"
        places.append("indices" if k == axis % rank else f"{line}[{around}]")
    return f"arr[{', '.join(places)}] = values"


def _fill_diagonal(low: Lowering, given: Given, node: ast.expr, label: str) -> str:
    wraps = _static(low, given, "wrap", False, node, label)
    given.pop("wrap", None)
    rank = _rank_of(given, "a", node, label)
    if rank < 2:
        raise Reject("E0107", node, "it is no matrix", name=label)
    value = "val" if _rank_of(given, "val", node, label) == 0 else "resize(val, len(k))"
    if wraps and rank == 2:  # the diagonal begins anew after a tall matrix's columns, a row below its end
        return f"k = arange(0, a.size, a.shape[1] + 1)\na[k // a.shape[1], k % a.shape[1]] = {value}"
    return f"k = arange({'min(a.shape)' if rank == 2 else 'len(a)'})\na[{', '.join('k' * rank)}] = {value}"


def _ordered(low: Lowering, given: Given, node: ast.expr, label: str, call: str) -> str:
    if _static(low, given, "order", None, node, label) is not None:
        raise Reject("E0106", node, "`order` is for records", name=label)
    for key in ("order", "kind", "stable"):
        given.pop(key, None)  # equal numbers are equal in any order
    axis = ", axis=axis" if "axis" in given else ""
    return f"a[...] = {call}{axis})"


WRITERS: dict[str, Callable[[Lowering, Given, ast.expr, str], str]] = {
    "np.copyto": _copyto,
    "np.put": _put,
    "np.place": _place,
    "np.putmask": _putmask,
    "np.put_along_axis": _put_along_axis,
    "np.fill_diagonal": _fill_diagonal,
    "ndarray.put": _put,
    "ndarray.sort": lambda low, given, node, label: _ordered(low, given, node, label, "sort(a"),
    "ndarray.partition": lambda low, given, node, label: _ordered(low, given, node, label, "partition(a, kth"),
}
