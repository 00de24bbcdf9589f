"""What `math` and Python make of lists of numbers: distances, products, the list itself.

d = math.dist(p, q)      ->      p_bar = d_bar * (p - q) / d
y = math.prod(xs)        ->      for each number the product of all others
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import BOOL, INT, Array, ListOf, Opaque, Scalar, Struct, Type, is_number, show, tangent
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.builtins_math import filled_list, members
from adgen.rules.call import Call
from adgen.rules.infer import dtype_of, floating, is_complex, plain, ufunc_type
from adgen.rules.kinds import Piece, general, linear
from adgen.rules.multiplying import others_along
from adgen.rules.rule import Facts, TypeProblem


# distances and products of sequences ---------------------------------------------------------------------------------
def line_of(call: Call, name: str) -> Value:
    """A sequence of numbers as an array."""
    value = call.values[name]
    return value if isinstance(plain(value.type), Array) else apply(call.b, "np.array", (value,))


def listed(call: Call, line: Value, name: str) -> Value:
    """The entries of an array in the container that an argument is."""
    type_ = plain(call.values[name].type)
    if isinstance(type_, Array):
        return line
    entries = apply(call.b, "tolist", (line,), style="method")
    if isinstance(type_, ListOf):
        return entries
    assert isinstance(type_, Struct)
    zero, active = call.b.const(None), [tangent(item) is not None for item in type_.items]
    items = [shapes.index(call.b, entries, ("i",), (call.b.const(k),)) if own else zero for k, own in enumerate(active)]
    return call.b.pack(Struct(type_.kind, type_.keys, tuple(item.type for item in items)), items)


def dots_line(call: Call, dot: Value, name: str) -> Value:
    """The tangent of a sequence of numbers as an array."""
    dots = filled_list(call, dot, call.values[name])
    return dots if isinstance(plain(dots.type), Array) else apply(call.b, "np.array", (dots,))


def _dist_side(own: str, other: str) -> Piece:
    def piece(call: Call, g: Value) -> Value:
        scale = call("g / np.where(y == 0.0, 1.0, y)", g=g)
        return listed(call, call("scale * (a - b)", scale=scale, a=line_of(call, own), b=line_of(call, other)), own)

    return piece


def _dist_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    moved = {name: dots_line(call, dot, name) for name, dot in dots.items()}
    if not moved:
        return None
    text = {"p": "p_dot", "q": "-q_dot", "pq": "p_dot - q_dot"}["".join(sorted(moved))]
    towards = call(text, **{name + "_dot": dot for name, dot in moved.items()})
    total = call("np.vdot(p - q, towards)", p=line_of(call, "p"), q=line_of(call, "q"), towards=towards)
    return call("total / np.where(y == 0.0, 1.0, y)", total=total)


general(
    "math.dist(p, q)",
    vjp={"p": _dist_side("p", "q"), "q": _dist_side("q", "p")},
    jvp=_dist_jvp,
    infer=floating,
    kinks="dist of equal points has gradient 0",
)


def _product_side(other: str) -> Piece:
    def piece(call: Call, g: Value) -> Value:
        own = "q" if other == "p" else "p"
        return listed(call, call("g * line", g=g, line=line_of(call, other)), own)

    return piece


def _sumprod_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total: Value | None = None
    for own, other in (("p", "q"), ("q", "p")):
        if own in dots:
            part = call("np.vdot(dot, line)", dot=dots_line(call, dots[own], own), line=line_of(call, other))
            total = part if total is None else shapes.add(call.b, total, part)
    return total


if hasattr(math, "sumprod"):  # from Python 3.12 on
    general(
        "math.sumprod(p, q)",
        vjp={"p": _product_side("q"), "q": _product_side("p")},
        jvp=_sumprod_jvp,
        infer=floating,
    )


def _prod_type(facts: Facts) -> Type:
    start = plain(facts.type("start")) if facts.has("start") else INT
    type_ = plain(facts.types[0])
    item = Scalar("complex" if type_.dtype == "c16" else "float") if isinstance(type_, Array) else members(type_)
    joined = None if item is None else shapes.join(start, item)
    if not isinstance(joined, Scalar) and item is not None and is_number(item) and is_number(start):
        found = ufunc_type("multiply", (start, item))  # NumPy's numbers, multiplied one after the other
        if isinstance(found, Array) and found.dtype is not None and found.dtype[0] in "iuf":
            return found
    if not isinstance(joined, Scalar) or dtype_of(type_) == "c8":
        raise TypeProblem(f"`math.prod` of {show(type_)}", "pass a list or tuple of numbers, or use np.prod")
    return INT if joined == BOOL else joined


def _prod_vjp(call: Call, g: Value) -> Value:
    line = line_of(call, "seq")
    scale = call("g * start", g=g) if call.has("start") else g
    return listed(call, call("scale * others", scale=scale, others=others_along(call, line, 0)), "seq")


def _prod_start(call: Call, g: Value) -> Value:
    return call("g * np.prod(line)", g=g, line=line_of(call, "seq"))


def _prod_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    total: Value | None = None
    if "seq" in dots:
        others = others_along(call, line_of(call, "seq"), 0)
        text = "np.sum(others * dot)" if is_complex(others.type) else "np.vdot(others, dot)"
        total = call(text, others=others, dot=dots_line(call, dots["seq"], "seq"))
        total = call("start * total", total=total) if call.has("start") else total
    if "start" in dots:
        part = call("dot * np.prod(line)", dot=dots["start"], line=line_of(call, "seq"))
        total = part if total is None else shapes.add(call.b, total, part)
    return total


general(
    "math.prod(seq, *, start=1)",
    vjp={"seq": _prod_vjp, "start": _prod_start},
    jvp=_prod_jvp,
    infer=_prod_type,
)


# lists ---------------------------------------------------------------------------------------------------------------
def _list_type(facts: Facts) -> Type:
    type_ = plain(facts.types[0])
    if isinstance(type_, Array) and type_.shape:
        return ListOf(Array(type_.dtype, type_.shape[1:]))
    if isinstance(type_, Struct) and type_.kind in ("tuple", "list"):
        return Struct("list", type_.keys, type_.items)
    if isinstance(type_, ListOf):
        return type_
    return ListOf(INT) if isinstance(type_, Opaque) else Opaque("list")


def _list_vjp(call: Call, g: Value) -> Value:
    type_ = plain(call.op.operands[0].type)
    if isinstance(type_, Array):
        return apply(call.b, "np.array", (g,))
    if isinstance(type_, Struct) and isinstance(g.type, Struct):
        items = [call.b.item(g, k) for k in range(len(type_.items))]
        return call.b.pack(Struct(type_.kind, type_.keys, tuple(item.type for item in items)), items)
    return g


linear("list(x)", {"x": _list_vjp}, infer=_list_type)
