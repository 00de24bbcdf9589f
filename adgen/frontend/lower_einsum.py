"""`np.einsum` with lists of axes instead of letters: written with letters.

np.einsum(a, [0, 1], b, [1, 2], [0, 2])      np.einsum("ab,bc->ac", a, b)
np.einsum(a, [..., 0], b, [0])               np.einsum("...a,a", a, b)

>>> letters([(0, 1), (1, 2)], (0, 2)), letters([(Ellipsis, 3), (3,)], None)
('ab,bc->ac', '...a,a')
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Group, Thing
from adgen.frontend.reject import Reject

LETTERS = "abcdefghijklmnopqrstuvwxyz"  # in the order of the numbers: the axes of an implicit output are sorted


def lettered(low: Lowering, args: Sequence[Thing], node: ast.expr) -> list[Thing]:
    """The arguments of a call, subscripts first."""
    if not args or isinstance(low.static(args[0])[1], str):
        return list(args)
    operands = list(args[: len(args) // 2 * 2 : 2])
    lists = [_axes(low, thing, node) for thing in args[1 : len(args) // 2 * 2 : 2]]
    output = _axes(low, args[-1], node) if len(args) % 2 else None
    return [low.b.const(letters(lists, output)), *operands]


def _axes(low: Lowering, thing: Thing, node: ast.expr) -> tuple[object, ...]:
    """A list of axes that is known while compiling."""
    items = [low.static(item)[1] for item in thing.items] if isinstance(thing, Group) else low.static(thing)[1]
    if not isinstance(items, (list, tuple)) or not all(item is ... or type(item) is int for item in items):
        raise Reject(
            "E0106", node, "its lists of axes are not known", "write them as lists of numbers", name="np.einsum"
        )
    return tuple(items)


def letters(lists: Sequence[Sequence[object]], output: Sequence[object] | None) -> str:
    """The subscripts as text."""
    numbers = sorted({axis for axes in lists for axis in axes if isinstance(axis, int)})
    names: dict[object, str] = dict(zip(numbers, LETTERS, strict=False))
    names[...] = "..."
    text = ",".join("".join(names[axis] for axis in axes) for axes in lists)
    return text if output is None else f"{text}->{''.join(names[axis] for axis in output)}"
