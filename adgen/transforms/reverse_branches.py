"""The reverse of `if`: the same test, and in each branch the reverse of that branch.

    if c:                      if c:
        y = x * x                  x_bar += 2.0 * x * y_bar
    else:                ->    else:
        y = 3.0 * x                x_bar += 3.0 * y_bar

The adjoints that a branch changes are the results of the reverse `if`; they start from what is known before it.
"""

from __future__ import annotations

from collections.abc import Sequence

from adgen.ir.core import Block, Op, Value
from adgen.ir.types import Ref
from adgen.ir.walk import free_values
from adgen.transforms import reverse as whole
from adgen.transforms.adjoints import Adjoint, Env, adjoint_type, bar

Lane = tuple[str, tuple[Value, Value]]


def reverse_if(env: Env, op: Op, seeds: Sequence[Adjoint], stop: bool | None) -> None:
    """Reverse an `if` whose results (without the stop flag, if `stop` is given) have these adjoints."""
    inner = []
    for region in op.regions:
        child = env.child((region,), loop=False)
        child.builder.span = op.span
        if stop is None or whole.can_yield(env.plan, region, stop):
            whole.reverse_path(child, region, seeds, stop)
        inner.append(child)
    join_branches(env, op, op.operands[0], inner, free_active(env, op.regions))


def join_branches(
    env: Env, op: Op, flag: Value, inner: Sequence[Env], outer: Sequence[Value], lanes: Sequence[Lane] = ()
) -> list[Value]:
    """Emit the reverse `if`; adjoints of `outer` values that a branch changed become its results.

    `lanes` are further results: a name and the value that each branch gives.  Their values are returned.
    """
    changed = [v for v in outer if any(v in child.adjoints for child in inner)]
    results = [Value(adjoint_type(value), bar(value)) for value in changed]
    extra = [Value(sides[0].type, name) for name, sides in lanes]
    blocks = []
    for k, child in enumerate(inner):
        yields = [child.join(child.get(v), v) for v in changed] + [sides[k] for _, sides in lanes]
        blocks.append(child.finish(yields, []))
    env.adjoints.update(zip(changed, results, strict=True))
    env.builder.add(Op("if", "", (flag,), (*results, *extra), tuple(blocks), {}, op.span, "adjoint", op))
    return extra


def free_active(env: Env, regions: Sequence[Block]) -> list[Value]:
    """Active values in expression form that the regions use and do not define."""
    found: dict[Value, None] = {}
    for region in regions:
        for value in free_values(region):
            if value in env.plan.active and value not in env.plan.buffered and not isinstance(value.type, Ref):
                found[value] = None
    return list(found)
