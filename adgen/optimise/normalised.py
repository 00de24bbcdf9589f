"""Sums of what was divided by its own sum, and the zeros that come of them.  Real.

s = np.sum(e, axis=1)
np.sum((g / s)[:, None] * e, axis=1)      g         the shares of a whole add up to it
np.full_like(s, r) - r                    zeros     d (log(sum(exp(x - top))) + top) by d top is zero
np.where(mask, zeros / count, 0.0)        zeros
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from adgen.ir.core import Op, Value
from adgen.ir.types import INT, Array, Struct
from adgen.optimise.broadcasts import number_behind
from adgen.optimise.facts import is_array, is_number, is_real
from adgen.optimise.rewrite import Rule, Site, needs
from adgen.optimise.sums import ZEROS, is_zero


@needs("mul")
def shares(site: Site, op: Op) -> Value | Op | None:
    """np.sum((g / s)[:, None] * e, axis=k) where s is np.sum(e, axis=k): g."""
    product = site.made(op.operands[0], "mul")
    if product is None or not is_array(op.result.type) or not is_real(op.result.type):
        return None
    for scale, whole in (product.operands, product.operands[::-1]):
        if whole.type != op.operands[0].type:
            continue
        spread = site.define(scale)
        axes = _new_axes(spread) if spread is not None else ()
        ratio = site.made(spread.operands[0] if spread is not None and axes else scale, "div")
        total = site.made(ratio.operands[1], "np.sum") if ratio is not None else None
        if ratio is None or total is None or total.operands[0] is not whole or not _alike(site, op, total, axes):
            continue
        return _given(site, op, ratio, spread if axes else None)
    return None


def _new_axes(op: Op) -> tuple[int, ...]:
    """Where an index only makes new axes."""
    spec = op.attrs.get("spec")
    if op.kind != "index" or not isinstance(spec, tuple) or any(part not in ("n", "s000") for part in spec):
        return ()
    return tuple(place for place, part in enumerate(spec) if part == "n")


def _statics(op: Op) -> tuple[object, object]:
    """A sum's axis, whether it keeps it."""
    given = op.attrs.get("statics")
    known = given if isinstance(given, Mapping) else {}
    return known.get("axis"), known.get("keepdims", False)


def _alike(site: Site, op: Op, total: Op, axes: tuple[int, ...]) -> bool:
    """Whether both sums are over one axis, and the divisor stands at it: by a new axis, or because it kept its own."""
    if any(one.attrs["args"] not in (("a", "axis"), ("a", "axis", "keepdims")) for one in (op, total)):
        return False
    (axis, _), (other, kept) = _statics(op), _statics(total)
    base = op.operands[0].type
    if not isinstance(axis, int) or axis != other or not isinstance(base, Array) or base.shape is None:
        return False
    return axes == ((axis % len(base.shape),) if kept is False else ()) and kept in (True, False)


def _given(site: Site, op: Op, ratio: Op, spread: Op | None) -> Value | Op | None:
    """What was shared out, in the shape of the sum."""
    share, divisor = ratio.operands
    result = op.result.type
    if share.type == result:
        return share
    if not is_number(share.type) or not is_real(share.type):
        if spread is None or share.type != spread.operands[0].type or spread.result.type != result:
            return None
        return replace(op, kind="index", name="", operands=(share,), attrs=spread.attrs)
    if divisor.type == result:
        return site.redo(op, "np.full_like", (divisor, share))
    if spread is None or spread.result.type != result:
        return None
    like = site.build.emit("index", "", (divisor,), result, attrs=spread.attrs)
    return site.redo(op, "np.full_like", (like, share))


@needs("np.full_like")
def cancelled(site: Site, op: Op) -> Op | None:
    """full(r) - full(r), full(-r) + full(r): zeros."""
    if not all(operand.type == op.result.type or is_number(operand.type) for operand in op.operands):
        return None
    numbers = (v if is_number(v.type) else number_behind(site, v) for v in op.operands)
    found = [_signed(site, number) for number in numbers]
    (first, sign), (second, other) = found
    opposite = (sign == other) is (op.name == "sub")
    if first is None or first is not second or not opposite or not is_array(op.result.type):
        return None
    full = (site.made(operand, "np.full_like") for operand in op.operands if operand.type == op.result.type)
    like = next((made for made in full if made is not None), None)
    return None if like is None else site.redo(op, "zeros_like", like.operands[:1])


def _signed(site: Site, number: Value | float | None) -> tuple[Value | None, bool]:
    """A number without its sign, and whether it had one."""
    if not isinstance(number, Value):
        return None, False
    found = site.made(number, "neg")
    return (number, False) if found is None else (found.operands[0], True)


@needs(*ZEROS)
def zero_share(site: Site, op: Op) -> Value | None:
    """Zeros divided by a count."""
    first, second = op.operands
    whole = isinstance(second.type, Array) and second.type.dtype is not None and second.type.dtype[0] in "iu"
    return first if whole and first.type == op.result.type and is_array(first.type) and is_zero(site, first) else None


@needs(*ZEROS)
def zero_choice(site: Site, op: Op) -> Op | None:
    """np.where(mask, zeros, 0.0)."""
    if len(op.operands) != 3 or not is_array(op.result.type):
        return None
    mask, *both = op.operands
    result = op.result.type
    if not isinstance(mask.type, Array) or not isinstance(result, Array) or result.dtype != "f8":
        return None
    if mask.type.shape != result.shape or not all(is_zero(site, value) for value in both):
        return None
    rank = len(result.shape or ())
    shape = site.apply("attr.shape", (mask,), Struct("tuple", tuple(map(str, range(rank))), (INT,) * rank))
    return site.redo(op, "np.broadcast_to", (site.build.const(0.0), shape))


RULES: dict[str, list[Rule]] = {
    "np.sum": [shares],
    "add": [cancelled],
    "sub": [cancelled],
    "div": [zero_share],
    "np.where": [zero_choice],
}
