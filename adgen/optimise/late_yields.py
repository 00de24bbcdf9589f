"""What a loop only hands to its next pass is computed last in the pass (exact): the variable keeps its name.

    p_bar_2 = p_bar * v                      xs_bar[i] = p_bar * p
    xs_bar[i] = p_bar * p          ->        p_bar = p_bar * v
    p_bar = p_bar_2

Nothing that reads memory moves: a store between would change what it reads.
"""

from __future__ import annotations

from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import INT
from adgen.ir.walk import LOOPS, Rebuilder, tail_if, uses

CLASS = "exact"


def late_yields(func: Func) -> Func:
    """Move such operations of derivative code to the end of their loop's body."""
    return _LateYields(func).func(func)


class _LateYields(Rebuilder):
    def __init__(self, func: Func) -> None:
        super().__init__()
        self.uses = uses(func)

    def finish(self, block: Block, owner: Op | None) -> Block:
        """The body with the operations that only feed its yields at the end."""
        if owner is None or owner.kind not in LOOPS or owner.role != "adjoint" or tail_if(block) is not None:
            return block
        late = self._late(block)
        if not late:
            return block
        rest = tuple(op for op in block.ops if op not in late)
        return Block(block.params, (*rest, *(op for op in block.ops if op in late)), block.yields)

    def _late(self, block: Block) -> dict[Op, None]:
        """Pure operations whose results only the yields read, from values that stay what they are."""
        made = {result: op for op in block.ops for result in op.results}
        found: dict[Op, None] = {}
        for op in block.ops:
            readers = self.uses.get(op.results[0], []) if len(op.results) == 1 else []
            last = op.kind == "prim" and len(readers) == 1 and op.result in block.yields
            if last and all(self._stays(made, value) for value in op.operands):
                found[op] = None
        return found

    def _stays(self, made: dict[Value, Op], value: Value) -> bool:
        """Whether a value is a number or an array of its own: not one that is read from memory where it is used."""
        op = made.get(value)
        if op is None or op.kind in ("const", "untape", "item"):
            return True
        if op.kind == "index":
            return all(self._stays(made, operand) for operand in op.operands)
        return op.kind == "prim" and (len(self.uses[value]) > 1 or value.type == INT)
