"""Returned derivatives are fresh: they overlap neither each other nor arguments, results or saved memory.

return x_bar, x_bar        ->      return x_bar, x_bar.copy()
return y_bar.T             ->      return y_bar.T.copy()
"""

from __future__ import annotations

from dataclasses import replace

from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import ListOf, Ref, Static, Struct, is_number
from adgen.ir.walk import defs, tail_if, uses
from adgen.rules.views import MAY_ALIAS


def own_results(func: Func, first: int) -> Func:
    """Copy what is returned in slots `first` and later of the result pair (0: the whole result) unless it is fresh."""
    return replace(func, block=_block(func, func.block, first))


def _block(func: Func, block: Block, first: int) -> Block:
    tail = tail_if(block)
    if tail is not None:
        regions = tuple(_block(func, region, first) for region in tail.regions)
        return Block(block.params, (*block.ops[:-1], replace(tail, regions=regions)), block.yields)
    owner = _Owner(func, block)
    (result,) = block.yields
    if first == 0:
        out = owner.own(result)
    else:
        made = owner.made[result]
        parts = [v if k < first else owner.own(v) for k, v in enumerate(made.operands)]
        out = owner.builder.pack(made.result.type, parts) if parts != list(made.operands) else result  # type: ignore[arg-type]
    if out is result:
        return block
    return Block(block.params, (*block.ops, *owner.builder.ops), (out,))


class _Owner:
    def __init__(self, func: Func, block: Block) -> None:
        self.made = defs(func)
        self.uses = uses(func)
        self.given: list[Value] = []
        role = block.ops[-1].role if block.ops else "adjoint"
        self.builder = Builder("adjoint" if role == "primal" else role)

    def own(self, value: Value) -> Value:
        """The value, or a copy of it."""
        made = self.made.get(value)
        if isinstance(value.type, Struct):
            if made is None or made.kind != "pack":
                return self._copy(value)
            parts = [self.own(part) for part in made.operands]
            return value if parts == list(made.operands) else self.builder.pack(value.type, parts, value.hint)
        if is_number(value.type) or isinstance(value.type, Static):
            return value
        fresh = made is not None and value not in self.given and self._fresh(made)
        self.given.append(value)
        return value if fresh else self._copy(value)

    def _fresh(self, made: Op) -> bool:
        """Whether the operation makes new memory that nothing else in the result shares."""
        if made.kind == "load" and self._slot_owner(made) is not None:
            owner = self._slot_owner(made)
            assert owner is not None
            fresh = owner not in self.given  # each slot of a shadow list owns its array; the list dies here
            self.given.append(owner)
            return fresh
        if made.kind == "load":
            root = self.made.get(made.operands[0])
            loads = [op for op in self.uses.get(made.operands[0], []) if isinstance(op, Op) and op.kind == "load"]
            fresh = root is not None and root.kind == "alloc" and root.role != "primal"
            return fresh and made.operands[0] not in self.given and not self._shared(loads, made)
        return made.kind == "prim" and made.name not in MAY_ALIAS

    def _slot_owner(self, load: Op) -> Value | None:
        """The shadow list of which the load reads a slot."""
        view = self.made.get(load.operands[0])
        if view is None or view.kind != "view":
            return None
        root = self.made.get(view.operands[0])
        shadow = root is not None and root.kind == "alloc" and root.role != "primal"
        return view.operands[0] if shadow and view.operands[0].type == Ref(ListOf(load.result.type)) else None

    def _shared(self, loads: list[Op], made: Op) -> bool:
        """Whether another load of the same memory is given to somebody who keeps it."""
        self.given.append(made.operands[0])
        keepers = ("pack", "alloc", "append", "store", "push")
        return any(
            isinstance(reader, Op) and reader.kind in keepers
            for load in loads
            if load is not made
            for reader in self.uses.get(load.result, [])
        )

    def _copy(self, value: Value) -> Value:
        return self.builder.emit("prim", "copy", (value,), value.type, value.hint, {"args": ("x",)})
