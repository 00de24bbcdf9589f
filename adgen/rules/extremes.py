"""Greatest and least elements along axes: the adjoint goes to them, in equal shares.

y = np.max(a)            ->      at = a == y;  a_bar = np.where(at, y_bar / np.sum(at), 0.0)
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import Unknown
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, dtype_of
from adgen.rules.kinds import general
from adgen.rules.reductions import EXTREME, REDUCE, kept, reduced, reduction


def _at(call: Call) -> tuple[Value, Value]:
    """Where the extreme is, and at how many places (a count in the dtype of the array: float32 stays float32)."""
    at = call("a == y", y=kept(call, call.y))
    type_ = call.type("a")
    if call.has("where"):
        at = call("at & where", at=at)
    if isinstance(type_, Unknown):
        return at, call("int(np.sum(at))", at=at)
    ties = reduced(call, "at", at=at, dtype=None if dtype_of(type_) == "f8" else call("a.dtype"))
    return at, call("ties + (initial == y)", ties=ties) if call.has("initial") else ties


def _extreme_vjp(call: Call, g: Value) -> Value:
    if shapes.is_scalar(call.type("a")) and not call.has("where") and not call.has("initial"):
        return g
    at, ties = _at(call)
    return call("np.where(at, share, 0.0)", at=at, share=kept(call, call("g / ties", g=g, ties=ties)))


def _extreme_initial(call: Call, g: Value) -> Value:
    share = call("np.where(initial == y, g / np.maximum(ties, 1), 0.0)", g=g, ties=_at(call)[1])
    return shapes.unbroadcast(call.b, share, call.values["initial"])


def _extreme_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if not dots:
        return None
    if shapes.is_scalar(call.type("a")) and not call.has("where") and not call.has("initial"):
        return dots["a"]
    at, ties = _at(call)
    total: Value | None = None
    if "a" in dots:
        total = reduced(call, "np.where(at, dot, 0.0)", at=at, dot=dots["a"])
    if "initial" in dots:
        part = call("np.where(initial == y, dot, 0.0)", dot=dots["initial"])
        total = part if total is None else shapes.add(call.b, total, part)
    return call("s / ties", s=total, ties=ties) if total is not None else None


for _name in ("np.max", "np.min", "np.nanmax", "np.nanmin") + tuple(
    f"np.{_short}.reduce" for _short in ("maximum", "minimum", "fmax", "fmin")
):
    general(
        _name + (REDUCE if "reduce" in _name else EXTREME),
        vjp={"a": _extreme_vjp, "initial": _extreme_initial},
        jvp=_extreme_jvp,
        infer=reduction(_name),
        kinks="ties share equally",
    )


def _extremes(call: Call) -> tuple[tuple[Value, Value], tuple[Value, Value]]:
    """Where the largest and the smallest elements are, and how many."""
    found = []
    for name in ("np.max", "np.min"):
        operands = [call.values[arg] for arg in call.args]
        y = apply(call.b, name, operands, call.args)
        at = call("a == y", y=kept(call, y))
        dtype = None if dtype_of(as_content(call.type("a"))) == "f8" else call("y.dtype", y=y)
        found.append((at, reduced(call, "at", at=at, dtype=dtype)))
    return found[0], found[1]


def _range_vjp(call: Call, g: Value) -> Value:
    (top, tops), (bottom, bottoms) = _extremes(call)
    up, down = (kept(call, call("g / ties", g=g, ties=ties)) for ties in (tops, bottoms))
    text = "np.where(top, up, 0.0) - np.where(bottom, down, 0.0)"
    return call(text, top=top, bottom=bottom, up=up, down=down)


def _range_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    (top, tops), (bottom, bottoms) = _extremes(call)
    up, down = (reduced(call, "np.where(at, dot, 0.0)", at=at, dot=dots["a"]) for at in (top, bottom))
    return call("up / tops - down / bottoms", up=up, down=down, tops=tops, bottoms=bottoms)


general(
    "np.ptp(a, axis=None, *, keepdims=False)",
    vjp={"a": _range_vjp},
    jvp=_range_jvp,
    infer=reduction("np.ptp"),
    kinks="ties share equally",
)
