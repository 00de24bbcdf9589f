"""Returned derivatives are fresh: they overlap neither each other nor arguments, results or saved memory.

return x_bar, x_bar        ->      return x_bar, x_bar.copy()
return y_bar.T             ->      return y_bar.T.copy()
return (g @ b).T           ->      the same: a view of a new array that nobody else holds
return _unbroadcast(g * y, x)      the same, for the same reason

It runs twice: once so that optimisers see the copies, and once after them, for `1.0 * w` may have become `w`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import Array, ListOf, Ref, Static, Struct, Type, Unknown, is_number
from adgen.ir.walk import FIXED_RESULTS, defs, tail_if, uses
from adgen.rules.views import NEVER_SHARED, read_only, shares


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
        for kept in made.operands[:first]:
            owner.give(kept)
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
        fresh = made is not None and value not in self.given and self._fresh(made, value)
        self.given.append(value)
        return value if fresh else self._copy(value)

    def give(self, value: Value) -> None:
        """Somebody else gets the value, as it is."""
        made = self.made.get(value)
        self.given.append(value)
        for part in made.operands if made is not None and made.kind == "pack" else ():
            self.give(part)

    def _fresh(self, made: Op, value: Value) -> bool:
        """Whether the operation makes new memory (the value) that nothing else in the result shares."""
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
        if made.kind == "select":
            return all(self._alone(part, (made,)) for part in made.operands[1:])
        if made.kind == "if":
            slot = made.results.index(value)
            return all(self._alone(region.yields[slot], made.regions) for region in made.regions)
        if made.kind == "for" and not made.attrs.get("can_stop"):
            return self._carried(made, made.results.index(value) - FIXED_RESULTS)
        if made.kind == "call":
            flags = made.attrs.get("fresh", ())
            return (
                isinstance(flags, tuple) and made.results.index(value) < len(flags) and flags[made.results.index(value)]
            )
        if made.kind != "prim" or read_only(made):
            return False
        sharing = made.operands[:1] if made.attrs.get("inplace") else _shared_by(made)
        return all(self._alone(part, (made,)) for part in sharing)

    def _alone(self, value: Value, readers: Sequence[Op | Block]) -> bool:
        """Whether the value is a number, or new memory that only these read (branches: each at most once)."""
        if is_number(value.type) or isinstance(value.type, Static):
            return True
        made, users = self.made.get(value), self.uses.get(value, [])
        alone = all(any(user is reader for reader in readers) or self._lets_go(user) for user in users)
        once = all(sum(user is other for other in users) == 1 for user in users if isinstance(user, Block))
        return alone and once and made is not None and value not in self.given and self._fresh(made, value)

    def _lets_go(self, user: Op | Block) -> bool:
        """Whether a reader computes something new, and neither keeps the memory nor writes to it."""
        if isinstance(user, Block) or user.kind != "prim" or user.attrs.get("inplace"):
            return False
        return not shares(user) or all(self._lets_go(later) for later in self.uses.get(user.result, []))

    def _carried(self, loop: Op, slot: int) -> bool:
        """Whether a loop's slot holds memory of its own, at the start and after each pass, that no pass keeps."""
        (body,) = loop.regions
        param, out = body.params[1 + slot], body.yields[1 + slot]
        if not all(user is body or _only_reads(user) for user in self.uses.get(param, [])):
            return False
        return self._alone(loop.operands[3 + slot], (loop,)) and (out is param or self._alone(out, (body,)))

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
        made = self.made.get(value)
        hint = "" if made is None or made.role == "primal" else value.hint
        # `+x_bar` is new whether it is a number or an array
        name = "pos" if may_be_number(value.type) else "copy"
        return self.builder.emit("prim", name, (value,), value.type, hint, {"args": ("x",)})


def may_be_number(type_: Type) -> bool:
    """Whether it is not known whether this is a number, which has no method `copy`, or an array."""
    return isinstance(type_, Unknown) or (isinstance(type_, Array) and type_.shape is None)


def _only_reads(user: Op | Block) -> bool:
    """Whether a reader keeps no reference to the array."""
    if isinstance(user, Block):
        return False
    return (user.kind == "prim" and not shares(user)) or user.kind == "alloc" or user.kind == "store"


def _shared_by(made: Op) -> tuple[Value, ...]:
    """The operands whose memory the result of a function may share."""
    if not shares(made):
        return ()
    args = made.attrs.get("args", ())
    names = args if isinstance(args, tuple) and len(args) == len(made.operands) else ("",) * len(made.operands)
    return tuple(value for value, arg in zip(made.operands, names, strict=True) if (made.name, arg) not in NEVER_SHARED)
