"""Lists of numbers among the operands of elementwise functions: derivatives are built of the arrays that NumPy makes.

y = np.power([1, 2, 3], x)

powers = np.array([1, 2, 3])
x_bar = y_bar * y * np.log(np.where(powers > 0.0, powers, 1.0))      not `[1, 2, 3] > 0.0`
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.ir.build import Builder
from adgen.ir.core import Op, Value
from adgen.ir.types import NONE, Array, ListOf, Struct, Type, tangent
from adgen.rules import shapes
from adgen.rules.apply import apply, content_of, is_list
from adgen.rules.call import filled
from adgen.rules.infer import as_content, plain
from adgen.rules.rule import Rule, args_of


def as_arrays(b: Builder, rule: Rule, op: Op) -> Op:
    """The same call of arrays, where lists are its operands."""
    if not rule.name.startswith(("np.", "scipy.")) or not any(is_list(value.type) for value in op.operands):
        return op
    still = [param.name for param in rule.params if param.static] + ["size"]
    pairs = zip(args_of(op), op.operands, strict=True)
    moved = [
        apply(b, "np.array", (v,)) if is_list(v.type) and (arg not in still or tangent(content_of(v.type))) else v
        for arg, v in pairs
    ]
    return replace(op, operands=tuple(moved))


OWN = ("bins", "range", "x0", "p0", "bounds", "args", "y0")  # of which rules take lists as they are


def still_as_arrays(b: Builder, rule: Rule, op: Op, names: tuple[str, ...]) -> Op:
    """The same call of arrays, where lists stand for some of the arguments `names`.

    Those with derivatives are arrays before in the functions of NumPy: the front end makes them so.
    """
    whole = rule.name.startswith("scipy.")

    def is_still(value: Value, arg: str) -> bool:
        listed = is_list(value.type) and arg in names and arg not in OWN and not rule.takes_lists(arg)
        still = (whole and not _of_parts(value.type)) or tangent(content_of(value.type)) is None
        return listed and still and isinstance(as_content(value.type), Array)

    if not rule.name.startswith(("np.", "scipy.")):
        return op
    pairs = list(zip(op.operands, args_of(op), strict=True))
    if not any(is_still(value, arg) for value, arg in pairs):
        return op
    moved = [apply(b, "np.array", (value,)) if is_still(value, arg) else value for value, arg in pairs]
    return replace(op, operands=tuple(moved))


def _of_parts(type_: Type) -> bool:
    """Whether it is a tuple of arrays, which says what each of them is for: a factor and its pivots."""
    content = plain(type_)
    if not isinstance(content, Struct) or content.kind != "tuple":
        return False
    return not all(shapes.is_scalar(item) for item in content.items)


def dots_as_arrays(b: Builder, op: Op, plain: Op, dots: Sequence[Value | None]) -> list[Value | None]:
    """The tangents of lists as arrays; `plain` is the call of arrays."""
    return [
        dot if old is new or dot is None or dot.type == NONE else apply(b, "np.array", (filled(b, dot, old),))
        for dot, old, new in zip(dots, op.operands, plain.operands, strict=True)
    ]


def taken_apart(b: Builder, g: Value, type_: Type) -> Value:
    """The parts of an array's adjoint that belong to the members of the list that it was made of."""
    if isinstance(type_, Struct):
        items = [
            (
                b.const(None)
                if tangent(item) is None
                else taken_apart(b, shapes.index(b, g, ("i",), (b.const(k),)), item)
            )
            for k, item in enumerate(type_.items)
        ]
        return b.pack(replace(type_, items=tuple(item.type for item in items)), items)
    if isinstance(type_, ListOf):
        nested = isinstance(plain(type_.item), (ListOf, Struct))
        if nested or shapes.is_scalar(type_.item):
            return apply(b, "tolist", (g,), style="method")
        return apply(b, "list", (g,))
    code_ = type_.dtype if isinstance(type_, Array) else None
    return shapes.cast(b, g, Value(type_)) if code_ is not None else g


def of_lists(b: Builder, op: Op, call: Op, wrt: Sequence[int], bars: Sequence[Value | None]) -> list[Value | None]:
    """The adjoints of operands, given those of the arrays which stand for them."""
    whole = [None if op.operands[k] is call.operands[k] else plain(op.operands[k].type) for k in wrt]
    pairs = zip(bars, whole, strict=True)
    return [bar if bar is None or type_ is None else taken_apart(b, bar, type_) for bar, type_ in pairs]
