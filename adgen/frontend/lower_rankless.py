"""Arrays without axes as memory: `y[...] = e`, `y += e` under all the names that such an array has.

y = np.zeros(())      alloc, where y is written to under two names, or by `y[...] = e`; else a number like any other
z = y                 the same reference
z += e                store(z, e, mode add): y sees it
s = y[()]             a number of its own: load(view(y))
v = x[..., 0]         view(x, 0), of which reads are loads; `x[0]` is a number

Whether a value without axes is an array is not seen from its type.  It is one for sure where a function made it that
makes arrays (`made`); what is joined, or comes from a list, is not known to be one, and writes to it are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from adgen.frontend.lower_memory import FLATTENING
from adgen.frontend.lower_things import Restart, shared_memory
from adgen.ir.core import Value
from adgen.ir.types import Array, Ref, Type

if TYPE_CHECKING:
    from adgen.frontend.lower_state import Lowering
    from adgen.frontend.lower_things import Site, Thing

NEW = frozenset("""
    np.zeros np.ones np.empty np.full np.zeros_like np.ones_like np.empty_like np.full_like np.array np.copy np.where
    np.tensordot
    """.split())  # their result is a new array, if it has no axes, too
NUMBERS = frozenset("""
    np.float64 np.float32 np.float16 np.complex128 np.complex64 np.int64 np.int32 np.int8 np.uint8 np.bool_
    """.split())  # theirs is a number
WRITEABLE = "if not {{0}}.flags.writeable: raise TypeError({text!r})"


def rankless(type_: Type) -> bool:
    """Whether it is the type of an array without axes, or of a NumPy number."""
    return isinstance(type_, Array) and type_.shape == ()


def made(
    low: Lowering,
    value: Value,
    name: str,
    operands: Sequence[Value],
    shares: bool,
    copies: bool,
    site: Site,
    hint: str,
) -> Value:
    """What a function made that has no axes: a new array, what may be an argument (`shares`), or a number.

    `copies`: it is `y.copy()`, an array if y is one.
    """
    if not rankless(value.type) or name in NUMBERS:
        return value
    if name in NEW and not shares and not (copies and not is_array(low, operands[0])):
        low.boxes[site] = None
        return low.fresh(value, site, hint)
    if not shares:
        return value
    if name in FLATTENING and shared_memory(operands[0].type):
        low.memory.snap(value, operands[0])  # one number, and a view all the same
        return value
    arrays = [operand for operand in dict.fromkeys(operands) if is_array(low, operand)]
    if len(arrays) == 1:
        low.memory.snap(value, arrays[0])
    else:
        for root in (low.memory.root_of(operand) for operand in arrays):
            if root is not None:
                low.memory.freeze(root)
    return value


def is_array(low: Lowering, thing: Thing | None) -> bool:
    """Whether a thing without axes is an array for sure, or (of an argument that is written to) has to be one."""
    if not isinstance(thing, Value):
        return False
    if isinstance(thing.type, Ref):
        return rankless(thing.type.content)
    if not rankless(thing.type):
        return False
    last = low.memory.bottom(thing)
    origin = low.memory.origins.get(last)
    if last in low.memory.roots or (last is not thing and not rankless(last.type)):
        return True
    return origin is not None and origin.site is not None and origin.site in low.boxes


def is_written(low: Lowering, thing: Thing) -> bool:
    """Whether a thing without axes can be what `y[...] = e` writes to: an array, or an argument."""
    if is_array(low, thing):
        return True
    origin = low.memory.origins.get(thing) if isinstance(thing, Value) and rankless(thing.type) else None
    return origin is not None and origin.kind == "param"


def all_memory(low: Lowering, values: Iterable[Value]) -> None:
    """Values without axes are written to that cannot be followed: if that is new, let all such arrays be memory, and
    what is joined be one of several references; begin again."""
    places = [low.joined[value] for value in values if value in low.joined]
    new = [site for site in low.boxes if site not in low.learnt.memory]
    told = [site for site in places if site not in low.learnt.either]
    low.learnt.memory.update(dict.fromkeys(new))
    low.learnt.either.update(dict.fromkeys(told))
    if new or told:
        raise Restart


def enter(low: Lowering, value: Value, site: Site) -> Value:
    """An argument without axes; one that is written to must be an array when the function runs."""
    from adgen.frontend.lower_memory import Origin

    low.memory.origin(value, Origin("param", site, None, value.hint))
    if site not in low.learnt.memory:
        return value
    text = WRITEABLE.format(text=f"{value.hint} is written to: pass an array, not a number")
    low.b.effect("effect", "raise", [value], {"text": text})
    return low.alloc(value, site, value.hint)
