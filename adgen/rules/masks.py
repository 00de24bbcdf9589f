"""Adjoints that are zero where a mask says so: what is read there must be finite, or zero times infinity is nan.

    y = np.where(x > 0.0, np.log(x), 0.0)

    where_mask = np.where(mask, y_bar, 0.0)
    x_bar = where_mask / np.where(mask, x, 1.0)            not where_mask / x: 0 / 0 where x is 0

The masks are noted where such adjoints are made (`note`), and asked for where an elementwise derivative is built
(`guarded`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from adgen.ir.build import Builder
from adgen.ir.core import Value
from adgen.ir.types import BOOL, Array, Scalar, Unknown

if TYPE_CHECKING:
    from adgen.rules.call import Call

# functions whose derivative, or whose value, can be infinite; and arguments at which it is not
SINGULAR: dict[str, float] = dict.fromkeys(
    "np.log np.log2 np.log10 np.sqrt np.cbrt np.reciprocal np.divide np.power np.float_power np.exp np.exp2 np.expm1 "
    "np.sinh np.cosh np.tan np.arctan2 np.hypot div pow".split(),
    1.0,
)
SINGULAR |= {"np.arcsin": 0.0, "np.arccos": 0.0, "np.arctanh": 0.0, "np.log1p": 0.0, "np.arccosh": 2.0}
PASSING = (
    *("mul", "div", "neg", "astype", "np.negative", "np.multiply", "np.divide", "np.real", "attr.real"),
    *("float", "np.float16", "np.float32", "np.float64"),
)
MOVING = (  # the elements are zeros where they come from zeros: the mask is read off the result
    *("np.sum", "np.reshape", "np.ravel", "np.squeeze", "np.expand_dims", "np.broadcast_to", "np.transpose", "attr.T"),
    *("np.swapaxes", "np.moveaxis", "np.flip", "np.roll", "np.repeat", "copy"),
)

ADDING = ("add", "sub", "np.add", "np.subtract")


def note(b: Builder, name: str, operands: Sequence[Value], value: Value) -> None:
    """Remember that a value is zero wherever a mask is false (or true: the flag)."""
    if name == "np.where" and len(operands) == 3:
        for place, holds in ((2, True), (1, False)):
            other = operands[3 - place]
            if b.constants.get(operands[place]) == 0.0 and (other not in b.constants or _shape(value) == ()):
                b.masks[value] = (operands[0], holds)
                return
    if name in PASSING:
        for operand in operands[: 1 if name in ("div", "np.divide") else 2]:
            if operand in b.masks and _shape(operand) == _shape(value):
                b.masks[value] = b.masks[operand]
                return
    if name in MOVING:
        follow(b, operands[0], value)
    if name in ADDING and all(_shape(operand) == _shape(value) for operand in operands):
        first, second = (b.masks.get(operand) for operand in operands)
        if first is not None and first == second:
            b.masks[value] = first


def follow(b: Builder, source: Value, value: Value) -> None:
    """What is summed or moved of a value that a mask makes zero has zeros of its own: its mask is where it has none."""
    if source in b.masks and value not in b.masks and isinstance(value.type, Scalar | Array | Unknown):
        shape = value.type.shape if isinstance(value.type, Array) else None
        type_ = BOOL if isinstance(value.type, Scalar) else Array("b1", shape)
        flag = b.emit("prim", "ne", (value, b.const(0.0)), type_, "", {"args": ("a", "b")})
        b.masks[value] = (flag, True)


def _shape(value: Value) -> object:
    return value.type.shape if isinstance(value.type, Array) else ()


def guarded(call: Call, g: Value) -> Call:
    """The call with arguments that are finite where the adjoint is zero; the call itself where none can be infinite."""
    mask = call.b.masks.get(g)
    if mask is None:
        return call
    singular = call.rule.name in SINGULAR
    names = [name for name, value in call.values.items() if _guardable(value)]
    risky = [name for name in names if singular or call.values[name] in call.b.extremes]
    own = singular or call.y in call.b.extremes
    return call.with_values({name: SINGULAR.get(call.rule.name, 1.0) for name in risky}, own, mask) if risky else call


def _guardable(value: Value) -> bool:
    """Whether it is a real number, or an array of them, as far as types tell."""
    match value.type:
        case Array(dtype, _):
            return dtype is None or dtype[0] == "f"
        case Scalar(kind):
            return kind == "float"
    return isinstance(value.type, Unknown)
