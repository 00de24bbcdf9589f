"""The reverse of loops: the complete iterations backwards; before them, if the loop was stopped, the partial last one.

    for i in range(n):             for i in range(n - 1, -1, -1):
        y = y * x             ->       x_bar += y * y_bar          (y of this iteration: a saved value)
                                       y_bar = x * y_bar

Adjoints of carried values run through the reverse loop the other way; those of values from outside are accumulated in
it.  An iteration that ended with an exit contributes what it did before the exit, once, ahead of the loop.
"""

from __future__ import annotations

from adgen.errors import InternalError
from adgen.ir.core import Op, Value
from adgen.ir.types import BOOL, INT, Array, Ref, Scalar
from adgen.ir.walk import FIXED_RESULTS, blocks, walk
from adgen.rules.apply import apply
from adgen.transforms import reverse as whole
from adgen.transforms import reverse_balance
from adgen.transforms.adjoints import Adjoint, Env, adjoint_type, bar
from adgen.transforms.reverse_branches import Lane, free_active, join_branches


def reverse_loop(env: Env, op: Op) -> None:
    """Reverse a `for` or `while`."""
    slots = _active_slots(env, op)
    seeds: dict[int, Adjoint] = {j: env.take(op.results[FIXED_RESULTS + j]) for j in slots}
    if all(seed is None for seed in seeds.values()) and not _touches_memory(env, op):
        reverse_balance.balance(env, op)
        return
    if can_stop(op):
        seeds = _reverse_partial(env, op, seeds)
    _reverse_complete(env, op, seeds)


def can_stop(op: Op) -> bool:
    """Whether an iteration may end the loop."""
    return op.kind == "while" or bool(op.attrs.get("can_stop"))


def _carried(op: Op) -> tuple[Value, ...]:
    params = op.regions[0].params
    return params[1:] if op.kind == "for" else params


def _inits(op: Op) -> tuple[Value, ...]:
    return op.operands[3:] if op.kind == "for" else op.operands


def _active_slots(env: Env, op: Op) -> list[int]:
    outs = op.regions[0].yields[1:]
    lanes = enumerate(zip(_carried(op), outs, op.results[FIXED_RESULTS:], strict=True))
    return [
        j for j, lane in lanes if any(value in env.plan.active for value in lane) and not isinstance(lane[0].type, Ref)
    ]


def _touches_memory(env: Env, op: Op) -> bool:
    """Whether a shadow may hold an adjoint that the loop's body moves."""
    kinds = ("store", "append", "pop", "load")
    return any(inner.kind in kinds and inner.operands[0] in env.plan.active for inner in walk(op.regions[0]))


def _all_seeds(op: Op, seeds: dict[int, Adjoint]) -> list[Adjoint]:
    return [seeds.get(j) for j in range(len(_carried(op)))]


def _like(op: Op, j: int) -> Value:
    """A value of the shape of carried slot j that is visible outside the loop, if shapes cannot change; else inside."""
    param, result = _carried(op)[j], op.results[FIXED_RESULTS + j]
    shape = result.type.shape if isinstance(result.type, Array) else None
    fixed = param.type == result.type and shape is not None and None not in shape
    return result if fixed or isinstance(param.type, Scalar) else param


def _reverse_partial(env: Env, op: Op, seeds: dict[int, Adjoint]) -> dict[int, Adjoint]:
    """The iteration that ended with an exit, reversed once if there was one; gives the seeds of the complete ones."""
    (body,) = op.regions
    trips, stopped = op.results[:2]
    taken, skipped = env.child((body,), loop=False), env.child((), loop=False)
    taken.balanced = True
    if op.kind == "for":
        taken.indices[body.params[0]] = index_at(taken, op, trips)
    whole.reverse_path(taken, body, _all_seeds(op, seeds), True)
    if op.kind == "while":
        stopped = env.builder.const(True)
    lanes: list[Lane] = []
    moved: list[int] = []
    for j, seed in seeds.items():
        param, inside = _carried(op)[j], taken.take(_carried(op)[j])
        if inside is not seed:
            step = taken.join(inside, param) if inside is not None else taken.zeros(_like(op, j))
            lanes.append((bar(param), (step, skipped.join(seed, op.results[FIXED_RESULTS + j]))))
            moved.append(j)
    results = join_branches(env, op, stopped, [taken, skipped], free_active(env, [body]), lanes)
    return {**seeds, **dict(zip(moved, results, strict=True))}


def index_at(env: Env, op: Op, trips: Value) -> Value:
    """The loop index after so many complete iterations."""
    start, stop, step = op.operands[:3]
    known = env.plan.constants
    if op.attrs.get("reversed") and known.get(step) == 1:
        return apply(env.builder, "sub", [apply(env.builder, "sub", [stop, env.builder.const(1)]), trips])
    if op.attrs.get("reversed"):
        last = apply(env.builder, "sub", [_count(env, op), env.builder.const(1)])
        trips = apply(env.builder, "sub", [last, trips])
    offset = trips if known.get(step) == 1 else apply(env.builder, "mul", [step, trips])
    return offset if known.get(start) == 0 else apply(env.builder, "add", [start, offset])


def _count(env: Env, op: Op) -> Value:
    """How many passes a `for` would make without exits."""
    return apply(env.builder, "len", [apply(env.builder, "range", op.operands[:3])])


def bounds(env: Env, op: Op) -> tuple[Value, Value, Value]:
    """The range of the complete iterations."""
    if op.kind == "for" and not op.attrs.get("can_stop"):
        return op.operands[0], op.operands[1], op.operands[2]
    zero, one = env.builder.const(0), env.builder.const(1)
    if op.kind == "while":
        return zero, op.results[0], one
    if op.attrs.get("reversed"):  # complete were the passes from the end of the range down to here
        step = op.operands[2]
        return apply(env.builder, "add", [index_at(env, op, op.results[0]), step]), op.operands[1], step
    return op.operands[0], index_at(env, op, op.results[0]), op.operands[2]


def _reverse_complete(env: Env, op: Op, seeds: dict[int, Adjoint]) -> None:
    """The complete iterations, last first: adjoints of carried values run through, those of free values grow."""
    (body,) = op.regions
    extent = bounds(env, op)
    free = free_active(env, [body])
    slots = list(seeds)
    carried = [_carried(op)[j] for j in slots]
    inits = [env.join(seed, op.results[FIXED_RESULTS + j]) for j, seed in seeds.items()]
    inits += [env.join(env.get(value), value) for value in free]
    inner = env.child((body,), loop=True)
    inner.balanced = env.balanced or can_stop(op)
    index = Value(INT, body.params[0].hint if op.kind == "for" else "_")
    if op.kind == "for":
        inner.indices[body.params[0]] = index
    params = [Value(adjoint_type(value), bar(value)) for value in carried + free]
    inner.adjoints.update(zip(free, params[len(slots) :], strict=True))
    whole.reverse_path(inner, body, _all_seeds(op, dict(zip(slots, params, strict=False))), False)
    outs = []
    for j, param in zip(slots, carried, strict=True):
        adjoint = inner.take(param)
        outs.append(inner.zeros(_like(op, j)) if adjoint is None else inner.join(adjoint, param))
    outs += [inner.join(inner.get(value), value) for value in free]
    _check_leaks(inner, op, free)
    block = inner.finish([inner.builder.const(False), *outs], [index, *params])
    results = [Value(adjoint_type(value), bar(value)) for value in carried + free]
    fixed = (Value(INT, "trips"), Value(BOOL, "stopped"))
    attrs = {"can_stop": False, "reversed": not op.attrs.get("reversed")}
    operands = (*extent, *inits)
    env.builder.add(Op("for", "", operands, (*fixed, *results), (block,), attrs, op.span, "adjoint", op))
    env.adjoints.update(zip(free, results[len(slots) :], strict=True))
    for j, result in zip(slots, results, strict=False):
        env.acc(_inits(op)[j], result)


def _check_leaks(inner: Env, op: Op, free: list[Value]) -> None:
    """Every adjoint that the body changed belongs to the body, or is carried."""
    homes = dict.fromkeys(blocks(op.regions[0]))
    for value in inner.adjoints:
        if value not in free and inner.plan.home[value] not in homes:
            raise InternalError(f"the adjoint of {value} leaves its loop")
