"""What a slot is increased by that is a multiple of what it held itself: the slot is scaled instead (real).

    a_bar = c * v_bar[1:-1]                       a_bar = c * v_bar[1:-1]
    v_bar[:-2] += a_bar                           v_bar[1:-1] *= 1.0 - 2.0 * c
    v_bar[2:] += a_bar              ->            v_bar[:-2] += a_bar
    v_bar[1:-1] -= 2.0 * a_bar                    v_bar[2:] += a_bar

One array less is made.  Increments commute; between the reading and the last increment nothing else may touch the
memory, so the slot can be scaled before the others are made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from adgen.analyses.aliasing import aliases
from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import FLOAT, Array, Ref
from adgen.ir.walk import Rebuilder, blocks, defs, uses, walk
from adgen.optimise.facts import is_array, is_real
from adgen.optimise.rewrite import args_of

CLASS = "real"


def rescale(func: Func) -> Func:
    """Replace such increments by products."""
    return _Rescale(func).func(func)


@dataclass
class _Share:
    """An increment of a slot by a literal times numbers times what the slot held."""

    store: Op
    load: Op
    literal: float
    numbers: list[Value]


class _Rescale(Rebuilder):
    def __init__(self, func: Func) -> None:
        super().__init__()
        self.defs = defs(func)
        self.uses = uses(func)
        self.roots = aliases(func).roots
        self.dropped: set[Op] = set()
        self.after: dict[Op, _Share] = {}  # the operation that the scaling comes after
        for block in blocks(func.block):
            self._scan(block)

    def _scan(self, block: Block) -> None:
        for k, op in enumerate(block.ops):
            share = self._share(op)
            if share is None or share.load not in block.ops[:k]:
                continue
            anchor = self._anchor(block, share, k)
            if anchor is not None and anchor not in self.after:
                self.dropped.add(op)
                self.after[anchor] = share

    def _share(self, op: Op) -> _Share | None:
        """The increment, if it is a multiple of what is read from the same place, and made for it alone."""
        if op.kind != "store" or op.role == "primal" or op.attrs["mode"] != "add" or op.attrs.get("at"):
            return None
        slot, value = op.operands[0], op.operands[1]
        if not isinstance(slot.type, Ref) or not is_array(value.type) or not is_real(value.type):
            return None
        if slot.type.content != value.type or len(self.uses.get(value, [])) != 1:
            return None
        literal, numbers, type_ = 1.0, list[Value](), value.type
        while (made := self.defs.get(value)) is not None and made.role != "primal" and value.type == type_:
            if made.kind == "load":
                same = made.operands[0] is slot
                return _Share(op, made, literal, numbers) if same and value is not op.operands[1] else None
            if made.kind != "prim" or made.name not in ("mul", "neg"):
                return None
            value = made.operands[-1]
            if made.name == "neg":
                literal = -literal
                continue
            factor = made.operands[0]
            known = self.defs.get(factor)
            if known is not None and known.kind == "const" and isinstance(known.attrs["value"], int | float):
                literal *= known.attrs["value"]
            elif factor.type == FLOAT or (isinstance(type_, Array) and factor.type == Array(type_.dtype, ())):
                numbers.append(factor)
            else:
                return None
        return None

    def _anchor(self, block: Block, share: _Share, end: int) -> Op | None:
        """After what operation the slot is scaled: the last before another increment, when all have read it."""
        ops = block.ops
        start = ops.index(share.load)
        roots = self.roots.get(share.store.operands[0], ())
        touching = [k for k in range(start + 1, end + 1) if self._touches(ops[k], roots)]
        first = touching[0]
        readers = self.uses.get(share.load.result, [])
        if not all(_adds(ops[k]) for k in touching) or any(reader not in ops[start:first] for reader in readers):
            return None
        if any(number in op.results for op in ops[first:end] for number in share.numbers):
            return None
        return None if self._late(ops[:start], ops[first:end], roots) else ops[first - 1]

    def _late(self, earlier: Sequence[Op], later: Sequence[Op], roots: Sequence[object]) -> bool:
        """Whether what was read of the memory before is used after the scaling: it would have to be copied."""
        read = {op.result for op in earlier if op.kind == "load" and self._touches(op, roots)}
        return any(value in read for op in later for inner in (op, *_inside(op)) for value in inner.operands)

    def _touches(self, op: Op, roots: Sequence[object]) -> bool:
        """Whether the operation, or one inside it, reads or writes the memory (making a view is neither)."""
        if op.kind != "view" and any(root in roots for v in op.operands for root in self.roots.get(v, ())):
            return True
        return any(self._touches(inner, roots) for inner in _inside(op))

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Drop the increment, scale where its multiple was made."""
        if old in self.dropped:
            return ()
        share = self.after.get(old)
        if share is None:
            return (op,)
        build = Builder(share.store.role, share.store.span)
        factor = _factor(build, share)
        scale = replace(
            share.store, operands=(share.store.operands[0], factor), attrs={**share.store.attrs, "mode": "mul"}
        )
        return (op, *build.ops, scale)


def _factor(build: Builder, share: _Share) -> Value:
    """One, and what the slot is increased by in multiples of itself: `1.0 - 2.0 * c`."""
    literal, numbers = share.literal, share.numbers
    if not numbers:
        return build.const(1.0 + literal)
    made, rest = (numbers[0], numbers[1:]) if abs(literal) == 1.0 else (build.const(abs(literal)), numbers)
    for number in rest:
        type_ = number.type if made.type == FLOAT else made.type
        made = build.emit("prim", "mul", (made, number), type_, attrs={"args": args_of("mul", 2)})
    name = "sub" if literal < 0 else "add"
    return build.emit("prim", name, (build.const(1.0), made), made.type, attrs={"args": args_of(name, 2)})


def _adds(op: Op) -> bool:
    """Whether the operation only increases what it touches."""
    return op.kind == "store" and op.attrs["mode"] == "add" and len(op.operands) == 2


def _inside(op: Op) -> list[Op]:
    return [inner for region in op.regions for inner in walk(region)]
