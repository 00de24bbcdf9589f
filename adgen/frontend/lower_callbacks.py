"""Functions of NumPy that call a function of the program: each is a few lines of Python, chosen by what it is given.

np.piecewise(x, [c], [f, 0.0])         y = np.zeros_like(x); y[c] = f(x[c]); y[~c] = 0.0
np.apply_along_axis(f, 1, x)           np.array([f(row) for row in x])
np.apply_over_axes(np.sum, x, [0, 2])  np.expand_dims(np.sum(x, 0), 0), and so on
np.fromfunction(f, (n, m))             grid = np.indices((n, m), dtype=float); f(grid[0], grid[1])

The lines are lowered like a function of the user's, at the place of the call.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

from adgen.frontend.bindings import Known, UserFunction
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Closure, Group, Partial, Poison, Poisoned, Thing, content_type, type_of
from adgen.frontend.reject import Reject
from adgen.frontend.vectorized import makes_floats
from adgen.ir.core import Value
from adgen.ir.types import Array, Scalar, Struct

TOOLS = "zeros zeros_like array copy reshape moveaxis indices broadcast_arrays ravel shape".split()
BUILTINS = "len range min max".split()  # as they are, whatever the program calls so
Keywords = Mapping[str, Thing]


def _run(low: Lowering, params: Sequence[str], body: str, args: Sequence[Thing], node: ast.expr, hint: str) -> Thing:
    """Lower the lines as the body of a function, called with these arguments."""
    from adgen.frontend.lower_calls import apply

    return apply(low, written(low, params, body, node), args, {}, node, hint)


def written(
    low: Lowering, params: Sequence[str], body: str, node: ast.expr, name: str = "called", also: Sequence[str] = ()
) -> Closure:
    """A function that is not in the text, placed where it is called; it may name other functions of adgen, too."""
    key = ("called back", node, tuple(params), body)
    made = low.learnt.made.get(key)
    if made is None:
        lines = "\n".join("    " + line for line in body.splitlines())
        (made,) = ast.parse(
            f"def {name}({', '.join(params)}, *, {', '.join([*TOOLS, *BUILTINS, *also])}):\n{lines}"
        ).body
        for part in ast.walk(made):
            ast.copy_location(part, node)
        low.learnt.made[key] = made
    assert isinstance(made, ast.FunctionDef)
    tools = {tool: Known(f"np.{tool}") for tool in TOOLS} | {name: Known(name) for name in BUILTINS}
    return Closure(made, low.frame, tools | {name: Known(f"adgen.{name}") for name in also})


def _rank(thing: Thing) -> int | None:
    if not isinstance(thing, Value | Group):
        return None
    type_ = content_type(type_of(thing))
    if isinstance(type_, Array):
        return None if type_.shape is None else len(type_.shape)
    return 0 if isinstance(type_, Scalar) else None


def _given(
    args: Sequence[Thing], keywords: Keywords, names: str, node: ast.expr, label: str
) -> tuple[dict[str, Thing], list[Thing], dict[str, Thing]]:
    """The named arguments, and what else is handed to the function."""
    order = names.split()
    given = dict(zip(order, args, strict=False)) | {key: thing for key, thing in keywords.items() if key in order}
    if any(name not in given for name in order):
        raise Reject("E0106", node, f"it takes {', '.join(order)}", name=label)
    if any(isinstance(thing, Poison) for thing in (*args, *keywords.values())):
        raise Poisoned
    return given, list(args[len(order) :]), {key: thing for key, thing in keywords.items() if key not in order}


def _is_function(thing: Thing) -> bool:
    return isinstance(thing, Known | UserFunction | Closure | Partial)


def _handed(extra: Sequence[Thing], words: Keywords) -> tuple[list[str], str]:
    """Names for further arguments, and their text in a call."""
    names = [f"a{k}" for k in range(len(extra))]
    text = "".join(f", {name}" for name in names) + "".join(f", {word}={word}" for word in words)
    return [*names, *words], text


# pieces --------------------------------------------------------------------------------------------------------------
def _piecewise(low: Lowering, args: Sequence[Thing], keywords: Keywords, node: ast.expr, hint: str) -> Thing:
    label = "np.piecewise"
    given, extra, words = _given(args, keywords, "x condlist funclist", node, label)
    x, conditions, pieces = given["x"], given["condlist"], given["funclist"]
    rank = _rank(x)
    if rank is None:
        raise Reject(
            "E0113", node, "how many axes it has decides about the result", name="the argument of np.piecewise"
        )
    tests = list(conditions.items) if isinstance(conditions, Group) else [conditions]
    if not isinstance(conditions, Group) and rank > 1:  # NumPy takes its rows
        raise Reject("E0106", node, "its conditions are no list", "write the list: `[c]`", name=label)
    if not isinstance(pieces, Group) or any(_rank(test) != rank for test in tests):
        raise Reject("E0106", node, "it takes a list of flags for all elements, and a list of functions", name=label)
    if len(pieces.items) not in (len(tests), len(tests) + 1):
        raise Reject("E0106", node, "it takes a function for each condition, and one for all else", name=label)
    names, more = _handed(extra, words)
    lines = ["x = array([x])"] if rank == 0 else []
    lines += [f"c{k} = array([c{k}])" for k in range(len(tests)) if rank == 0]
    lines.append("y = zeros_like(x)")
    for place, piece in enumerate(pieces.items):
        if place == len(tests):
            lines.append(f"c{place} = ~({' | '.join(f'c{k}' for k in range(place))})")
        value = f"f{place}(x[c{place}]{more})" if _is_function(piece) else f"f{place}"
        lines.append(f"y[c{place}] = {value}")
    lines.append("return y" if rank else "return reshape(y, ())")
    params = ["x", *(f"c{k}" for k in range(len(tests))), *(f"f{k}" for k in range(len(pieces.items))), *names]
    return _run(low, params, "\n".join(lines), [x, *tests, *pieces.items, *extra, *words.values()], node, hint)


# along and over axes -------------------------------------------------------------------------------------------------
def _axis(low: Lowering, thing: Thing, rank: int, node: ast.expr, label: str) -> int:
    known, axis = low.static(thing)
    if not known or type(axis) is not int or not -rank <= axis < rank:
        raise Reject("E0106", node, "its axis is not known while compiling, or none of the array's", name=label)
    return axis % rank


def _along(low: Lowering, args: Sequence[Thing], keywords: Keywords, node: ast.expr, hint: str) -> Thing:
    label = "np.apply_along_axis"
    given, extra, words = _given(args, keywords, "func1d axis arr", node, label)
    function, arr = given["func1d"], given["arr"]
    rank = _rank(arr)
    if not _is_function(function) or not rank:
        raise Reject("E0106", node, "it takes a function, and an array of known rank", name=label)
    axis = _axis(low, given["axis"], rank, node, label)
    names, more = _handed(extra, words)
    params, things = ["f", "x", *names], [function, arr, *extra, *words.values()]
    if rank == 1:
        return _run(low, params, f"return array(f(x{more}))", things, node, hint)
    rows = "x" if axis == rank - 1 else f"moveaxis(x, {axis}, -1)"
    rows = rows if rank == 2 else f"reshape({rows}, (-1, x.shape[{axis}]))"
    if rank == 2 and axis == 0:
        rows = "x.T"
    listed = _run(low, params, f"return array([f(row{more}) for row in {rows}])", things, node, hint)
    found = _rank(listed)
    if found == 1 and not _floats(function):
        why = "the type of its first result decides about all of them, and that may be an integer"
        raise Reject("E0106", node, why, "let the function return floats alone", name=label)
    if found not in (1, 2):
        raise Reject("E0106", node, "its results are no numbers, and no lines", "write the loop", name=label)
    rest = [f"x.shape[{k}]" for k in range(rank) if k != axis]
    shape = ", ".join([*rest, *(["out.shape[1]"] if found == 2 else [])])
    out = "out" if rank == 2 else f"reshape(out, ({shape}))"
    if found == 2 and axis != rank - 1:
        out = f"{out}.T" if rank == 2 else f"moveaxis({out}, -1, {axis})"
    return listed if out == "out" else _run(low, ["out", "x"], f"return {out}", [listed, arr], node, hint)


def _floats(function: Thing) -> bool:
    """Whether all results of a function are floats."""
    if isinstance(function, Partial):
        return _floats(function.function)
    own = (
        function.source.node
        if isinstance(function, UserFunction)
        else function.node if isinstance(function, Closure) else None
    )
    return own is None or makes_floats(own, None)


def _over(low: Lowering, args: Sequence[Thing], keywords: Keywords, node: ast.expr, hint: str) -> Thing:
    from adgen.frontend.lower_calls import apply, rule

    label = "np.apply_over_axes"
    given, extra, words = _given(args, keywords, "func a axes", node, label)
    found, known = low.static(given["axes"]), given["axes"]
    axes: list[Thing] = [known] if not isinstance(known, Group) else list(known.items)
    if found[0] and isinstance(found[1], tuple | list):
        axes = [low.b.const(axis) for axis in found[1]]
    rank, out = _rank(given["a"]), given["a"]
    if extra or words or rank is None:
        raise Reject("E0106", node, "it takes a function, an array of known rank, and axes", name=label)
    for place, thing in enumerate(axes):
        axis = low.b.const(_axis(low, thing, rank, node, label))
        with low.at(id(node), place):
            moved = apply(low, given["func"], [out, axis], {}, node)
            if _rank(moved) == rank - 1:
                moved = rule(low, "np.expand_dims", [moved, axis], {}, node, hint)
        if _rank(moved) != rank:
            raise Reject("E0106", node, "its function gives neither as many axes nor one less", name=label)
        out = moved
    return out


# grids ---------------------------------------------------------------------------------------------------------------
def _from_function(low: Lowering, args: Sequence[Thing], keywords: Keywords, node: ast.expr, hint: str) -> Thing:
    label = "np.fromfunction"
    given, extra, words = _given(args, keywords, "function shape", node, label)
    shape = given["shape"]
    type_ = content_type(type_of(shape)) if isinstance(shape, Value | Group) else None
    known, found = low.static(shape)
    count = len(found) if known and isinstance(found, tuple | list) else None
    count = len(type_.items) if isinstance(type_, Struct) else count
    if count is None or extra or "like" in words:
        raise Reject("E0106", node, "it takes a function and a shape of known rank", name=label)
    dtype = words.pop("dtype", Known("float"))
    names, more = _handed([], words)
    grids = ", ".join(f"grid[{k}]" for k in range(count))
    body = f"grid = indices(shape, dtype=kind)\nreturn f({grids}{more})"
    things = [given["function"], shape, dtype, *words.values()]
    return _run(low, ["f", "shape", "kind", *names], body, things, node, hint)


CALLBACKS: dict[str, Callable[[Lowering, Sequence[Thing], Keywords, ast.expr, str], Thing]] = {
    "np.piecewise": _piecewise,
    "np.apply_along_axis": _along,
    "np.apply_over_axes": _over,
    "np.fromfunction": _from_function,
}
