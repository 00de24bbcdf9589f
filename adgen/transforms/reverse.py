"""Reverse mode: a function followed by the sweep that propagates adjoints from its result to its parameters.

    y = x * x                 y = x * x
    z = np.sin(y)      ->     y_bar = 1.0 * np.cos(y)
    return z                  return y_bar * 2.0 * x

The forward sweep is the function's own code, untouched.  The reverse sweep names primal values freely, also those of
loop iterations long gone; `transforms.saves` makes these uses legal.  Pure operations are here, control flow and memory
in `reverse_loops`, `reverse_branches`, `reverse_stores`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from adgen.analyses.activity import activity
from adgen.analyses.extremes import extremes
from adgen.analyses.whole_numbers import maybe_whole
from adgen.errors import Diagnostic, InternalError, Refusal
from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Param, Value
from adgen.ir.types import FLOAT, Array, DictOf, ListOf, Ref, Struct, Type, Unknown, is_active_type, tangent
from adgen.ir.walk import tail_if, walk
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.infer import plain
from adgen.rules.masks import follow
from adgen.rules.rule import TypeProblem
from adgen.rules.table import lookup
from adgen.transforms import reverse_branches, reverse_loops, reverse_stores
from adgen.transforms.adjoints import Adjoint, Env, Plan, make_plan, takes_all
from adgen.transforms.hidden import refuse_hidden
from adgen.transforms.prepare import keep_replaced, prepare
from adgen.transforms.reverse_calls import NO_CALLS, Calls, reverse_call, with_saved
from adgen.transforms.reverse_stores import place_of

Seeds = Sequence[Adjoint]


@dataclass(frozen=True)
class Reversed:
    """A function with its reverse sweep, and the plan that tells which reverse block mirrors which forward block."""

    func: Func
    plan: Plan


def reverse(
    func: Func,
    wrt: Sequence[str],
    *,
    seed: str | None,
    value: bool,
    aux: bool,
    single: bool,
    calls: Calls = NO_CALLS,
) -> Reversed:
    """Append the reverse sweep.

    `seed` names a parameter for the adjoint of the result (None: the result is a real scalar, the seed 1.0); `value`
    returns the primal result too; with `aux` the result is a pair of which only the first is differentiated.
    """
    func = keep_replaced(prepare(func))
    by_name = {param.name: param.value for param in func.params}
    independent = [by_name[name] for name in wrt]
    facts = activity(func, independent, flows=calls.flows)
    refuse_hidden(func, facts)
    func = with_saved(func, facts, calls)
    plan = make_plan(func, facts)
    plan.calls, plan.whole = calls, maybe_whole(func, calls.whole)
    env = Env(plan, Builder("adjoint"), None, (func.block,), loop=False)
    env.builder.constants.update(plan.constants)
    env.builder.extremes = extremes(func)
    params = func.params
    if seed is None:
        start: Adjoint = _one(env, func, aux)
    else:
        type_ = tangent(func.result.type)
        start = Value(type_, seed) if type_ is not None else None
        params = (*params, Param(seed, start if isinstance(start, Value) else Value(func.result.type, seed)))
    reverse_path(env, func.block, [_pair(start) if aux else start], None)
    grads = [_typed(env, env.join(env.take(value), value), value) for value in independent]
    result = _result(env, func, grads, value, aux, single)
    reverse_block = env.finish([], [])
    block = Block(func.block.params, (*func.block.ops, *reverse_block.ops), (result,))
    plan.mirrors[block] = plan.mirrors.pop(reverse_block)
    plan.indices[block] = plan.indices.pop(reverse_block)
    plan.undone[block] = plan.undone.pop(reverse_block)
    return Reversed(replace(func, block=block, params=params), plan)


def _one(env: Env, func: Func, aux: bool) -> Value:
    """The seed 1.0, in the precision of the result where functions are given it: they see no literal."""
    one, result = env.builder.const(1.0), func.result.type
    type_ = plain(result.items[0] if aux and isinstance(result, Struct) else result)
    called = any(op.kind == "call" and "derives" in op.attrs for op in walk(func.block))
    if called and isinstance(type_, Array) and type_.dtype in NARROW:
        return apply(env.builder, NARROW[type_.dtype], (one,))
    return one


def _pair(start: Adjoint) -> Adjoint:
    return (start, None)


NARROW = {"f2": "np.float16", "f4": "np.float32"}


def _typed(env: Env, grad: Value, value: Value) -> Value:
    """The gradient by a number in its dtype: `np.float32(1.0)` for a float32, `float(h_bar)` for a Python float."""
    constant = env.builder.constants.get(grad)
    type_, made = plain(value.type), plain(grad.type)
    if type_ == FLOAT and isinstance(made, Array) and made.shape == () and made.dtype in NARROW:
        return apply(env.builder, "float", (grad,))
    if isinstance(constant, float) and isinstance(type_, Array) and type_.shape == () and type_.dtype in NARROW:
        return apply(env.builder, NARROW[type_.dtype], (grad,))
    return grad


def _result(env: Env, func: Func, grads: list[Value], value: bool, aux: bool, single: bool) -> Value:
    builder = env.builder
    gradient = grads[0] if single else _tuple(builder, grads)
    if not value:
        return _tuple(builder, [gradient, builder.item(func.result, 1)]) if aux else gradient
    return _tuple(builder, [func.result, gradient])


def _tuple(builder: Builder, items: Sequence[Value]) -> Value:
    keys = tuple(str(k) for k in range(len(items)))
    return builder.pack(Struct("tuple", keys, tuple(item.type for item in items)), items)


# paths ----------------------------------------------------------------------------------------------------------
def reverse_path(env: Env, block: Block, seeds: Seeds, stop: bool | None) -> None:
    """Reverse a block whose yields (without the stop flag, if `stop` is given) have these adjoints.

    With `stop` only the paths that end with that flag are reversed: the partial last iteration, or the complete ones.
    """
    tail = tail_if(block)
    if tail is None or (stop is not None and len(seeds) + 1 != len(tail.results)):
        yields = block.yields if stop is None else block.yields[1:]
        for out, seed in zip(yields, seeds, strict=True):
            env.acc(out, seed)
        reverse_ops(env, block.ops)
        return
    if stop is None:
        reverse_branches.reverse_if(env, tail, seeds, None)
    else:
        _reverse_tail(env, tail, seeds, stop)
    reverse_ops(env, block.ops[:-1])


def _reverse_tail(env: Env, tail: Op, seeds: Seeds, stop: bool) -> None:
    """The tail `if` of a loop body: only the branches that can yield this stop flag."""
    possible = [region for region in tail.regions if can_yield(env.plan, region, stop)]
    if len(possible) == 1:
        env.mirrors = (*env.mirrors, possible[0])
        reverse_path(env, possible[0], seeds, stop)
    elif possible:
        reverse_branches.reverse_if(env, tail, seeds, stop)


def can_yield(plan: Plan, block: Block, stop: bool) -> bool:
    """Whether the block can end with this stop flag."""
    flag = block.yields[0]
    if flag in plan.constants:
        return bool(plan.constants[flag]) == stop
    tail = tail_if(block)
    if tail is None:
        raise InternalError("an exit is not in tail position")
    return any(can_yield(plan, region, stop) for region in tail.regions)


# operations -----------------------------------------------------------------------------------------------------
def reverse_ops(env: Env, ops: Sequence[Op]) -> None:
    """Reverse operations, last first."""
    for op in reversed(ops):
        handler = HANDLERS.get(op.kind)
        if handler is not None:
            env.builder.span = op.span
            handler(env, op)


def _prim(env: Env, op: Op) -> None:
    if op.name == "mul" and isinstance(op.result.type, ListOf):
        return reverse_stores.reverse_repeat(env, op)
    adjoint = env.take(op.result) if op.result in env.plan.active else None
    rule = lookup(op.name)
    wrt = [k for k, operand in enumerate(op.operands) if operand in env.plan.active]
    if adjoint is None or not wrt:
        return
    if rule is None:
        raise no_rule(op)
    if rule.kind == "zero":
        return
    try:
        contributions = rule.vjp(env.builder, op, env.join(adjoint, op.result), wrt)
    except TypeProblem as problem:
        raise refused(op, problem) from problem
    for k, contribution in zip(wrt, contributions, strict=True):
        env.acc(op.operands[k], contribution)


def no_rule(op: Op) -> Refusal:
    """The refusal of a function without derivative."""
    title, why = f"no derivative rule for `{op.name}`", "its argument carries a derivative"
    return Refusal(
        [Diagnostic("E0107", title, place_of(op.span), why, "`adgen rules` lists the functions with a rule")]
    )


def refused(op: Op, problem: TypeProblem) -> Refusal:
    """The refusal of a derivative that the rule does not give for these arguments."""
    title = f"`{op.name}` cannot be differentiated here"
    return Refusal([Diagnostic("E0143", title, place_of(op.span), problem.message, problem.help)])


def _pack(env: Env, op: Op) -> None:
    adjoint = env.take(op.result)
    if isinstance(adjoint, Value):
        assert isinstance(op.result.type, Struct)
        adjoint = env.split(adjoint, op.result.type)
    if isinstance(adjoint, tuple):
        for operand, part in zip(op.operands, adjoint, strict=True):
            env.acc(operand, part)


def _item(env: Env, op: Op) -> None:
    (struct,) = op.operands
    adjoint = env.take(op.result) if op.result in env.plan.active else None
    if adjoint is None:
        return
    slot = op.attrs["slot"]
    assert isinstance(struct.type, Struct)
    env.acc(struct, tuple(adjoint if k == slot else None for k in range(len(struct.type.items))))


def _index(env: Env, op: Op) -> None:
    base, *where = op.operands
    adjoint = env.take(op.result) if op.result in env.plan.active else None
    if adjoint is None or base not in env.plan.active:
        return
    whole = env.join(adjoint, op.result)
    if isinstance(base.type, Array) and base.type.shape == ():  # all of it, perhaps with new axes: e[()], e[None]
        env.acc(base, shapes.cast(env.builder, shapes.unbroadcast(env.builder, whole, base), base))
        return
    if takes_all(op):
        env.acc(base, _without_axes(env, op, whole))
        return
    reverse_stores.increment_at(env, base, op, where, whole)


def _without_axes(env: Env, op: Op, adjoint: Value) -> Value:
    """The adjoint of `x[:, None]` as that of `x`: its new axes are of length 1."""
    given = op.attrs["spec"]
    assert isinstance(given, tuple)
    spec = list(given)
    while spec and (spec[-1] == "..." or (spec[-1] == "s000" and "..." not in spec)):  # a shorter index takes it anyway
        spec.pop()
    type_ = tangent(op.operands[0].type)
    assert type_ is not None
    if "n" not in spec:
        return adjoint
    zeros = [env.builder.const(0) for part in spec if part == "n"]
    parts = tuple("i" if part == "n" else part for part in spec)
    out = env.builder.emit("index", "", (adjoint, *zeros), type_, attrs={"spec": parts})
    follow(env.builder, adjoint, out)
    return out


def _listing(env: Env, op: Op) -> None:
    buffer = env.find_buffer(op.result)
    if buffer is None:
        return
    for k, item in enumerate(op.operands):
        of_dict = isinstance(op.result.type, DictOf)
        if item in env.plan.active and (not of_dict or k % 2 == 1):
            key = op.operands[k - 1] if of_dict else env.builder.const(k)
            owner = env.adopts(item)
            slot = slot_of(env.builder, buffer, key, item.type if owner is not None else _held_type(buffer, item.type))
            if owner is not None:
                env.buffers[owner] = slot
            else:
                env.acc(item, shapes.cast(env.builder, env.builder.load(slot), item))


def _held_type(buffer: Value, item: Type) -> Type:
    """The type of what a shadow holds for an item: in a list of several kinds, sums with others may be wider."""
    assert isinstance(buffer.type, Ref)
    kind = buffer.type.content.item if isinstance(buffer.type.content, ListOf) else item
    mixed = isinstance(kind, Unknown) or (isinstance(kind, Array) and kind.dtype is None)
    if not mixed or not isinstance(item, Array) or item.dtype not in ("f2", "f4", "c8"):
        return item
    return Array(None, item.shape)


def slot_of(builder: Builder, xs: Value, k: Value, item: Type) -> Value:
    """A reference to one slot of a shadow list."""
    type_ = tangent(item) if is_active_type(item) else item
    assert type_ is not None
    return builder.emit("view", "", (xs, k), Ref(type_), attrs={"spec": ("i",)})


HANDLERS: dict[str, Callable[[Env, Op], None]] = {
    "prim": _prim,
    "pack": _pack,
    "item": _item,
    "index": _index,
    "listing": _listing,
    "alloc": reverse_stores.reverse_alloc,
    "load": reverse_stores.reverse_load,
    "store": reverse_stores.reverse_store,
    "append": reverse_stores.reverse_append,
    "pop": reverse_stores.reverse_pop,
    "call": reverse_call,
    "if": lambda env, op: reverse_branches.reverse_if(env, op, [env.take(r) for r in op.results], None),
    "for": reverse_loops.reverse_loop,
    "while": reverse_loops.reverse_loop,
}
