"""Products along axes: the derivative by an element is the product of all others.

y = np.prod(a)       ->      a_bar = y_bar * (products of the elements before and after each one)
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import INT, Array, Struct
from adgen.rules import formula, shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.kinds import general
from adgen.rules.reductions import REDUCE, SUM, axes, kept, only, partial, reduced, reduction


def _others(call: Call) -> Value:
    """For each element the product of all others along the axes: exact where elements are zero."""
    b, rank, over = call.b, call.rank("a"), axes(call)
    a = only(call, call.values["a"], "1.0") if partial(call) else call.values["a"]
    if rank == 0 or not over:
        return apply(b, "np.ones_like", (a,))
    if len(over) == 1:
        return others_along(call, a, over[0])
    if len(over) == rank:
        line = others_along(call, formula.evaluate(b, "np.ravel(a)", {"a": a}), 0)
        return call("np.reshape(others, a.shape)", others=line)
    lines = lined(call, a, over)
    return unlined(call, others_along(call, lines, rank - len(over)), a, over)


def lined(call: Call, a: Value, over: tuple[int, ...]) -> Value:
    """Several axes as one, the last."""
    b, rank = call.b, len(over) + len(_rest(a, over))
    last = b.const(tuple(range(rank - len(over), rank)))
    env = {"a": a, "over": b.const(over), "last": last}
    moved = formula.evaluate(b, "np.moveaxis(a, over, last)", env)
    rows = [b.item(formula.evaluate(b, "a.shape", {"a": a}), axis) for axis in _rest(a, over)]
    size = formula.evaluate(b, " * ".join(f"a.shape[{axis}]" for axis in over), {"a": a})
    count = len(rows) + 1
    shape = b.pack(Struct("tuple", tuple(map(str, range(count))), (INT,) * count), [*rows, size])
    return formula.evaluate(b, "np.reshape(moved, shape)", {"moved": moved, "shape": shape})


def unlined(call: Call, lines: Value, a: Value, over: tuple[int, ...]) -> Value:
    """The axes that were made one, in their places."""
    b, rank = call.b, len(over) + len(_rest(a, over))
    order = [*_rest(a, over), *over]
    sizes = [b.item(formula.evaluate(b, "a.shape", {"a": a}), axis) for axis in order]
    shape = b.pack(Struct("tuple", tuple(map(str, range(rank))), (INT,) * rank), sizes)
    env = {"lines": lines, "shape": shape, "over": b.const(over), "last": b.const(tuple(range(rank - len(over), rank)))}
    return formula.evaluate(b, "np.moveaxis(np.reshape(lines, shape), last, over)", env)


def _rest(a: Value, over: tuple[int, ...]) -> list[int]:
    shape = a.type.shape if isinstance(a.type, Array) and a.type.shape is not None else ()
    return [axis for axis in range(len(shape)) if axis not in over]


def others_along(call: Call, a: Value, axis: int) -> Value:
    """For each element the product of all others on its line along an axis."""
    rank = len(a.type.shape) if isinstance(a.type, Array) and a.type.shape is not None else 1

    def cut(text: str) -> str:
        return "[" + ", ".join([":"] * axis + [text]) + "]" if rank else ""

    env = {"a": a, "axis": call.b.const(axis)}

    def make(text: str, **more: Value) -> Value:
        return formula.evaluate(call.b, text, {**env, **more})

    one = make(f"np.ones_like(a{cut(':1')})")
    before = make(f"np.cumprod(np.concatenate((one, a{cut(':-1')}), axis=axis), axis=axis)", one=one)
    after = make(f"np.cumprod(np.concatenate((one, a{cut(':0:-1')}), axis=axis), axis=axis){cut('::-1')}", one=one)
    return make("before * after", before=before, after=after)


def _prod_vjp(call: Call, g: Value) -> Value:
    if call.has("initial"):
        g = call("g * initial", g=g)
    out = formula.evaluate(call.b, "g * others", {"g": kept(call, g), "others": _others(call)})
    return only(call, out)


def _without_initial(call: Call) -> Value:
    """The product of the elements alone."""
    given = [(arg, value) for arg, value in zip(call.args, call.op.operands, strict=True) if arg != "initial"]
    return apply(call.b, call.rule.name, [value for _, value in given], [arg for arg, _ in given])


def _prod_initial(call: Call, g: Value) -> Value:
    return shapes.unbroadcast(call.b, call("g * p", g=g, p=_without_initial(call)), call.values["initial"])


def _prod_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total: Value | None = None
    if "a" in dots:
        total = reduced(call, "dot * others", dot=only(call, dots["a"]), others=_others(call))
        total = call("total * initial", total=total) if call.has("initial") else total
    if "initial" in dots:
        part = call("dot * p", dot=dots["initial"], p=_without_initial(call))
        total = part if total is None else shapes.add(call.b, total, part)
    return total


for _name in ("np.prod", "np.multiply.reduce", "np.nanprod"):
    general(
        _name + (REDUCE if "reduce" in _name else SUM),
        vjp={"a": _prod_vjp, "initial": _prod_initial},
        jvp=_prod_jvp,
        infer=reduction(_name),
        kinks="nan has derivative 0" if "nan" in _name else "",
    )
