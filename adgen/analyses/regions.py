"""Parts of arrays that loops touch: which of two accesses of one array never meet, whatever the pass.

    for i in range(1, n):
        t = g_bar[i]             what follows, in this pass or a later one, is below i:
        g_bar[i - 1] += t        g_bar[i] is never seen again

A part is a box: on each axis from one sum of loop indices and lengths to before another.  Two boxes are apart if on
some axis one ends where the other begins, or before.  An access of a later pass has indices of its own, that are
ahead of those of the earlier one in the loop that lies between them.
"""

from __future__ import annotations

from typing import NamedTuple

from adgen.analyses.affine import Bounds
from adgen.analyses.aliasing import aliases
from adgen.analyses.boxes import Axis, axes_apart, bound, box_of, renamed
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.walk import LOOPS, defs


class Access(NamedTuple):
    """An operation on a part of an array: the path of operations that it is in, itself last, and the part."""

    op: Op
    path: tuple[Op, ...]
    position: int
    box: tuple[Axis, ...]
    ref: Value

    @property
    def loops(self) -> tuple[Op, ...]:
        """The loops around it, outer first."""
        return tuple(op for op in self.path[:-1] if op.kind in LOOPS)


class Regions:
    """The accesses of each array of a function that is touched through its own views only."""

    def __init__(self, func: Func) -> None:
        self.defs = defs(func)
        self.found = aliases(func)
        self.loops_of: dict[Value, tuple[Op, ...]] = {}
        self.accesses: dict[Value, list[Access]] = {}
        self.made: dict[Value, tuple[Op, ...]] = {}  # the path to the allocation
        self.position = 0
        self._later: dict[Op, dict[object, object]] = {}  # by loop: the names of what is in it, in a later pass
        self._lost: dict[Value, None] = {}
        self._block(func.block, ())
        for value in func.block.yields:
            self._lost.update(dict.fromkeys(self.found.roots.get(value, ())))
        for root in self._lost:
            self.accesses.pop(root, None)

    def _block(self, block: Block, path: tuple[Op, ...]) -> None:
        loops = tuple(op for op in path if op.kind in LOOPS)
        self.loops_of.update(dict.fromkeys(block.params, loops))
        for op in block.ops:
            self.position += 1
            here = (*path, op)
            self.loops_of.update(dict.fromkeys(op.results, loops))
            if op.kind == "alloc":
                self.accesses.setdefault(op.result, [])
                self.made[op.result] = here
            for place, operand in enumerate(op.operands):
                for root in self.found.roots.get(operand, ()):
                    self._touch(op, place, operand, root, here)
            for region in op.regions:
                self._block(region, here)
                for value in region.yields:
                    self._lost.update(dict.fromkeys(self.found.roots.get(value, ())))

    def _touch(self, op: Op, place: int, operand: Value, root: Value, path: tuple[Op, ...]) -> None:
        """Note an access; what is handed on otherwise is not followed."""
        if op.kind == "view" and place == 0:
            return
        if op.kind not in ("load", "store") or place > 0:
            self._lost[root] = None
            return
        self.accesses.setdefault(root, []).append(
            Access(op, path, self.position, box_of(operand, root, self.defs), operand)
        )

    def apart(self, first: Access, later: Access, root: Value) -> bool:
        """Whether `later`, whenever it is run after `first`, touches nothing that `first` touches."""
        if self.found.disjoint(first.ref, later.ref):
            return True
        outside = len([op for op in self.made[root] if op.kind in LOOPS]) if root in self.made else 0
        shared = 0
        for one, other in zip(first.loops, later.loops, strict=False):
            if one is not other:
                break
            shared += 1
        levels = list(range(outside, shared))
        if first.op is not later.op and later.position > first.position:
            levels.append(shared)
        return all(self._apart(first, later, level) for level in levels)

    def _apart(self, first: Access, later: Access, level: int) -> bool:
        """The same, where the loops before `level` are in the same pass, and that one in a later pass of `later`."""
        if not first.box or not later.box:
            return False
        bounds = Bounds()
        for loop in first.loops:
            bound(loop, bounds, self.defs, {})
        new: dict[object, object] = {}
        for place, loop in enumerate(later.loops[level:]):
            ahead = place == 0 and level < len(first.loops) and first.loops[level] is loop
            new.update(self._named_later(loop))
            bound(loop, bounds, self.defs, new, ahead)
        axes = zip(first.box, later.box, strict=False)
        return any(axes_apart(one, (renamed(other[0], new), renamed(other[1], new)), bounds) for one, other in axes)

    def _named_later(self, loop: Op) -> dict[object, object]:
        """What values in a loop, and its counter, are called in a later pass of it."""
        if loop not in self._later:
            counter = loop.regions[0].params[:1] if loop.kind == "for" else ()
            inside = [value for value, loops in self.loops_of.items() if loop in loops]
            self._later[loop] = {value: (value, "later") for value in (*inside, *counter)}
        return self._later[loop]
