"""The split form: one function that runs forward and keeps what the reverse sweep reads, one that pulls back.

    def f_fwd(x): ..                    the forward sweep; returns (out, saved)
    def f_bwd(saved, out_bar): ..       the reverse sweep; may run any number of times, also at once in threads

The pullback owns its copies of the tapes, so that popping one never empties another call's.  What is kept shares no
memory with the arguments or with the result: the caller may write to these between the sweeps (`Memory`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from adgen.analyses.absent import absent
from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Param, Value
from adgen.ir.types import NONE, Array, ListOf, Ref, Scalar, Static, Struct, Type, is_number
from adgen.ir.walk import Rebuilder, free_values, parents, substitute_block, walk
from adgen.rules.views import MAY_ALIAS
from adgen.transforms.bound import bind


def split(func: Func, seed: str, private: bool = False, once: bool = False) -> tuple[Func, Func]:
    """The forward and the backward function of a joint reverse function whose result is (value, gradients).

    `private`: both are called by generated code only, which knows that what is kept may be memory of the arguments;
    `once`: the backward function runs once, so that it may empty the tapes.
    """
    count = forward_count(func.block)
    constants = {op.result: op for op in walk(func.block) if op.kind == "const"}
    head = Block((), func.block.ops[:count], ())
    pack = func.block.ops[-1]
    value, gradients = pack.operands
    tail = Block((), func.block.ops[count:-1], (gradients,))
    own = {param.value for param in func.params if param.name == seed}
    wanted = [v for v in free_values(tail) if v not in own and v not in constants]
    if private:
        order = {param.value: k for k, param in enumerate(func.params)}
        for op in walk(head):
            order.update((result, len(order) + k) for k, result in enumerate(op.results))
        wanted.sort(key=lambda v: order.get(v, 0))
    head, routed = _route(replace(func, block=bind(head, wanted)), wanted, once)
    kept = [routed.get(v, v) for v in wanted]
    nones = absent(replace(func, block=head)).values
    missing = [v for v, given in zip(wanted, kept, strict=True) if given in nones]
    forward = _forward(func, head, value, kept, seed, private)
    return forward, _backward(func, tail, wanted, missing, constants, seed, once)


def forward_count(block: Block) -> int:
    """How many operations of a joint function are its forward sweep."""
    return next((k for k, op in enumerate(block.ops) if op.role == "adjoint" and op.kind != "const"), len(block.ops))


def _forward(func: Func, head: Block, value: Value, kept: Sequence[Value], seed: str, private: bool) -> Func:
    params = tuple(param for param in func.params if param.name != seed)
    inputs = [param.value for param in params]
    memory = Memory(head)
    builder = Builder()
    behind = [v for v in kept if v not in inputs]
    copied = {v: _copy(builder, v, v.hint) for v in inputs if not private and memory.shared(v, behind)}
    builder.ops += substitute_block(head, copied).ops
    out = copied.get(value, value)
    others = [v for v in kept if v is not value and (v not in inputs or v in copied)]
    whole = value in kept and not isinstance(value.type, Array)
    if not private and not is_number(value.type) and (whole or memory.shared(value, others)):
        out = _copy(builder, out, value.hint)
    parts = list(kept)
    if not private:
        parts = [copied[v] if v in copied else _copy(builder, v) if v in inputs or v is out else v for v in kept]
    keys = tuple(str(k) for k in range(len(parts)))
    saved = builder.pack(Struct("tuple", keys, tuple(v.type for v in parts)), parts)
    pair = builder.pack(Struct("tuple", ("0", "1"), (value.type, saved.type)), [out, saved])
    return replace(func, name=f"{func.name}_fwd", params=params, block=builder.block([pair]))


def _copy(builder: Builder, value: Value, hint: str = "") -> Value:
    """A copy of an argument or a result, which the caller may write to; a number as it is."""
    if not _has_memory(value):
        return value
    name, arg = ("np.copy", "a") if isinstance(value.type, Array) else ("copy", "x")
    return builder.emit("prim", name, (value,), value.type, hint, {"args": (arg,)})


def _has_memory(value: Value) -> bool:
    """Whether a value may be an array or hold one; an argument of rank 0 may be an array that can be written."""
    return not isinstance(value.type, (Scalar, Static)) and value.type != NONE


class Memory:
    """Which values may share memory: joined into one class by whatever hands memory on, without regard to order."""

    def __init__(self, head: Block, held: Mapping[str, Sequence[int]] | None = None) -> None:
        self._next: dict[Value, Value] = {}
        self._held = held or {}
        for op in walk(head):
            self._visit(op)

    def shared(self, value: Value, others: Sequence[Value]) -> bool:
        """Whether a value may share memory with one of these."""
        one = self._class(value)
        return _has_memory(value) and any(_has_memory(v) and self._class(v) is one for v in others)

    def _class(self, value: Value) -> Value:
        while value in self._next:
            value = self._next[value]
        return value

    def _join(self, values: Sequence[Value]) -> None:
        found = [self._class(value) for value in values if _has_memory(value)]
        for other in found[1:]:
            if other is not self._class(found[0]):
                self._next[other] = self._class(found[0])

    def _visit(self, op: Op) -> None:
        match op.kind:
            case "if":
                for region in op.regions:
                    self._pairs(region.yields, op.results)
            case "for" | "while":
                first = 1 if op.kind == "for" else 0
                body = op.regions[0]
                for source in (op.operands[3 * first :], body.yields[1:]):
                    self._pairs(source, body.params[first:])
                    self._pairs(source, op.results[2:])
            case "call":
                places = self._held.get(op.name, range(len(op.operands)))
                self._join([*op.results, *(op.operands[k] for k in places)])
            case "prim" if op.name not in MAY_ALIAS:
                return  # a new array
            case "alloc" if isinstance(op.operands[0].type, Array):
                return  # a copy
            case "store" if isinstance(op.operands[1].type, Array) and not _holds_lists(op.operands[0].type):
                return  # numbers are copied into an array
            case _:
                self._join([*op.results, *op.operands])

    def _pairs(self, source: Sequence[Value], target: Sequence[Value]) -> None:
        for given, taken in zip(source, target, strict=True):
            self._join([given, taken])


def _holds_lists(type_: Type) -> bool:
    return not (isinstance(type_, Ref) and isinstance(type_.content, (Array, Scalar)))


def _backward(
    func: Func,
    tail: Block,
    wanted: Sequence[Value],
    missing: Sequence[Value],
    constants: dict[Value, Op],
    seed: str,
    once: bool,
) -> Func:
    used = free_values(tail)
    builder = Builder("adjoint")
    builder.ops = [constants[v] for v in used if v in constants]
    keys = tuple(str(k) for k in range(len(wanted)))
    given = Value(Ref(Struct("tuple", keys, tuple(v.type for v in wanted))), "saved")
    saved = builder.load(given)
    mapping: dict[Value, Value] = {}
    consumed = {op.operands[0] for op in walk(tail) if op.kind in ("untape", "pop")}
    for k, old in enumerate(wanted):
        item = Value(old.type, old.hint, True)
        attrs = {"slot": k, "absent": True} if old in missing else {"slot": k}
        builder.add(Op("item", "", (saved,), (item,), attrs=attrs, role="adjoint"))
        if old in consumed and not once and isinstance(old.type, Ref) and isinstance(old.type.content, ListOf):
            content = builder.load(item)
            item = builder.emit("alloc", "", (content,), old.type, old.hint)
        mapping[old] = item
    body = substitute_block(tail, mapping)
    block = Block((), (*builder.ops, *body.ops), body.yields)
    (out_bar,) = [param for param in func.params if param.name == seed]
    return replace(
        func, name=f"{func.name}_bwd", params=(Param("saved", given), replace(out_bar, kind="positional")), block=block
    )


def _route(func: Func, wanted: Sequence[Value], once: bool) -> tuple[Block, dict[Value, Value]]:
    """Values that only a branch defines become results of its `if`, None on the other side."""
    router = _Router(func, wanted, once)
    block = router.func(func).block
    return block, router.routed


class _Router(Rebuilder):
    """Adds the wanted inner values of a branch to the results of its `if`."""

    def __init__(self, func: Func, wanted: Sequence[Value], once: bool) -> None:
        super().__init__()
        self.once = once
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
                none = _nothing(value, self.once)
                ops = region.ops if k == side else (*region.ops, *none)
                out = value if k == side else none[-1].result
                regions[k] = Block(region.params, ops, (*region.yields, out))
        return (replace(op, results=tuple(results), regions=tuple(regions)),)


def _nothing(value: Value, once: bool) -> Sequence[Op]:
    """What stands for a value on the paths that do not make it: an empty tape, an empty array (of which a copy can be
    made), a number, or None."""
    if isinstance(value.type, ListOf):
        return (Op("listing", "", (), (Value(value.type, value.hint),), role="save"),)
    if once:
        nothing = Builder("save")
        nothing.const(None, type_=value.type)
        return nothing.ops
    if isinstance(value.type, Ref) and isinstance(value.type.content, ListOf):
        return (Op("tape", "", (), (Value(value.type, value.hint),), role="save"),)
    builder = Builder("save")
    if isinstance(value.type, Array) and not is_number(value.type):
        builder.emit("prim", "np.empty", (builder.const(0),), value.type, attrs={"args": ("shape",)})
    else:
        builder.const(_number(value.type))
    return builder.ops


def _number(type_: Type) -> object:
    """A number of the type's kind, so that a name has one kind on all paths; None for what is no number."""
    kind = type_.kind if isinstance(type_, Scalar) else ""
    if isinstance(type_, Array) and type_.dtype is not None:
        kind = {"f": "float", "i": "int", "b": "bool"}.get(type_.dtype[0], "")
    return {"float": 0.0, "int": 0, "bool": False}.get(kind)
