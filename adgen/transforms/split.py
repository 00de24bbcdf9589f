"""The split form: one function that runs forward and keeps what the reverse sweep reads, one that pulls back.

    def f_fwd(x): ..                    the forward sweep; returns (out, saved)
    def f_bwd(saved, out_bar): ..       the reverse sweep; may run any number of times, also at once in threads

The pullback owns its copies of the tapes, so that popping one never empties another call's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Param, Value
from adgen.ir.types import NONE, Array, ListOf, Ref, Struct, is_number
from adgen.ir.walk import Rebuilder, free_values, parents, substitute_block, walk


def split(func: Func, seed: str) -> tuple[Func, Func]:
    """The forward and the backward function of a joint reverse function whose result is (value, gradients)."""
    count = _forward_count(func.block)
    constants = {op.result: op for op in func.block.ops if op.kind == "const"}
    head = Block((), func.block.ops[:count], ())
    pack = func.block.ops[-1]
    value, gradients = pack.operands
    tail = Block((), func.block.ops[count:-1], (gradients,))
    own = {param.value for param in func.params if param.name == seed}
    wanted = [v for v in free_values(tail) if v not in own and v not in constants]
    head, routed = _route(replace(func, block=head), wanted)
    forward = _forward(func, head, value, [routed.get(v, v) for v in wanted], seed)
    return forward, _backward(func, tail, wanted, constants, seed)


def _forward_count(block: Block) -> int:
    return next((k for k, op in enumerate(block.ops) if op.role == "adjoint" and op.kind != "const"), len(block.ops))


def _forward(func: Func, head: Block, value: Value, kept: Sequence[Value], seed: str) -> Func:
    builder = Builder()
    builder.ops = list(head.ops)
    inputs = [param.value for param in func.params]
    parts = [_copied(builder, v) if v in inputs or v is value else v for v in kept]
    keys = tuple(str(k) for k in range(len(parts)))
    saved = builder.pack(Struct("tuple", keys, tuple(v.type for v in parts)), parts)
    pair = builder.pack(Struct("tuple", ("0", "1"), (value.type, saved.type)), [value, saved])
    params = tuple(param for param in func.params if param.name != seed)
    return replace(func, name=f"{func.name}_fwd", params=params, block=builder.block([pair]))


def _copied(builder: Builder, value: Value) -> Value:
    """The caller may write to its arrays between the forward sweep and a pullback: keep a copy."""
    if is_number(value.type) or not isinstance(value.type, Array):
        return value
    return builder.emit("prim", "np.copy", (value,), value.type, attrs={"args": ("a",)})


def _backward(func: Func, tail: Block, wanted: Sequence[Value], constants: dict[Value, Op], seed: str) -> Func:
    used = free_values(tail)
    builder = Builder("adjoint")
    builder.ops = [constants[v] for v in used if v in constants]
    keys = tuple(str(k) for k in range(len(wanted)))
    saved = Value(Struct("tuple", keys, tuple(v.type for v in wanted)), "saved")
    mapping: dict[Value, Value] = {}
    consumed = {op.operands[0] for op in walk(tail) if op.kind in ("untape", "pop")}
    for k, old in enumerate(wanted):
        item = Value(old.type, old.hint, True)
        builder.add(Op("item", "", (saved,), (item,), attrs={"slot": k}, role="adjoint"))
        if old in consumed and isinstance(old.type, Ref) and isinstance(old.type.content, ListOf):
            content = builder.load(item)
            item = builder.emit("alloc", "", (content,), old.type, old.hint)
        mapping[old] = item
    body = substitute_block(tail, mapping)
    block = Block((), (*builder.ops, *body.ops), body.yields)
    (out_bar,) = [param for param in func.params if param.name == seed]
    return replace(
        func, name=f"{func.name}_bwd", params=(Param("saved", saved), replace(out_bar, kind="positional")), block=block
    )


def _route(func: Func, wanted: Sequence[Value]) -> tuple[Block, dict[Value, Value]]:
    """Values that only a branch defines become results of its `if`, None on the other side."""
    router = _Router(func, wanted)
    block = router.func(func).block
    return block, router.routed


class _Router(Rebuilder):
    """Adds the wanted inner values of a branch to the results of its `if`."""

    def __init__(self, func: Func, wanted: Sequence[Value]) -> None:
        super().__init__()
        self.routed: dict[Value, Value] = {}
        inside = parents(func)
        self.wanted: dict[Op, list[tuple[int, Value]]] = {}
        for block, (op, side, outer) in inside.items():
            made = {result for inner in block.ops for result in inner.results}
            here = [v for v in wanted if v in made]
            while here:  # through every `if` around, from the inside out
                self.wanted.setdefault(op, []).extend((side, v) for v in here)
                if outer not in inside:
                    break
                op, side, outer = inside[outer]

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Extend one `if`."""
        here = self.wanted.get(old, [])
        if op.kind != "if" or not here:
            return (op,)
        regions, results = list(op.regions), list(op.results)
        for side, wanted in here:
            value = self.routed.get(wanted, wanted)  # the result of an inner `if` by now
            results.append(Value(value.type, value.hint, value.user))
            self.routed[wanted] = results[-1]
            for k, region in enumerate(regions):
                none = Op("const", "", (), (Value(NONE),), attrs={"value": None, "text": "None"})
                ops = region.ops if k == side else (*region.ops, none)
                out = value if k == side else none.result
                regions[k] = Block(region.params, ops, (*region.yields, out))
        return (replace(op, results=tuple(results), regions=tuple(regions)),)
