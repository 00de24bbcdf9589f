"""Where everything stands: positions in reading order, enclosing blocks and loops, who uses what.

0  v = alloc u                 position of each operation, owners before what they own
1  for ..                      a block's end has a position too: its yields are read there
2      store v[0]
3      (end of the body)
4  load v
"""

from __future__ import annotations

from typing import NamedTuple

from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.walk import LOOPS


class Site(NamedTuple):
    """A point where a value is read: its position, block and loops; by whom (None: the block's yields)."""

    position: int
    block: Block
    loops: tuple[Op, ...]
    reader: Op | None


class Places:
    """Positions of the operations of a function, and the reading points of its values."""

    def __init__(self, func: Func) -> None:
        self.body = func.block
        self.position: dict[Op, int] = {}
        self.end: dict[Op, int] = {}
        self.block_end: dict[Block, int] = {}
        self.block_of: dict[Op, Block] = {}
        self.loops: dict[Block, tuple[Op, ...]] = {}
        self.home: dict[Value, Block] = {param.value: func.block for param in func.params}
        self.readers: dict[Value, list[Site]] = {}
        self.defs: dict[Value, Op] = {}
        self._next = 0
        self._block(func.block, ())

    def _tick(self) -> int:
        self._next += 1
        return self._next - 1

    def _block(self, block: Block, loops: tuple[Op, ...]) -> None:
        self.loops[block] = loops
        for param in block.params:
            self.home[param] = block
        for op in block.ops:
            self.position[op] = self._tick()
            self.block_of[op] = block
            for operand in op.operands:
                self.readers.setdefault(operand, []).append(self.site(op))
            inside = (*loops, op) if op.kind in LOOPS else loops
            for region in op.regions:
                self._block(region, inside)
            self.end[op] = self._next
            for result in op.results:
                self.home[result] = block
                self.defs[result] = op
        self.block_end[block] = self._tick()
        for value in block.yields:
            self.readers.setdefault(value, []).append(self.exit(block))

    def site(self, op: Op) -> Site:
        """The point where an operation reads its operands."""
        block = self.block_of[op]
        return Site(self.position[op], block, self.loops[block], op)

    def exit(self, block: Block) -> Site:
        """The point where a block's yields are read."""
        return Site(self.block_end[block], block, self.loops[block], None)

    def span(self, op: Op, site: Site) -> tuple[int, int]:
        """The positions that may be passed between an operation and a later reading point, loops round included."""
        own = self.loops[self.block_of[op]]
        last = site.position
        for loop in site.loops:
            if loop not in own:
                last = max(last, self.end[loop])
        return self.end[op], last
