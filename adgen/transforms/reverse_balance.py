"""What an iteration keeps is taken off the tapes again, also where the iteration has no adjoint there.

    while k < 3 and (p := total(y, a)) < 2.0:        the last test fails: its p is read by nobody
        y *= p                                       saved.append(..) has run in total all the same

The reverse of a loop that can stop has two parts, the partial last iteration and the complete ones.  A loop or branch
that both parts run through, but only one of them has an adjoint for, is mirrored in the other without any adjoint: if
something is saved in it, `saves` keeps the mirror, which then takes from the tapes what was put on them; if not, the
mirror is dropped.
"""

from __future__ import annotations

from adgen.ir.core import Block, Op, Value
from adgen.ir.types import BOOL, INT
from adgen.ir.walk import LOOPS, tail_if
from adgen.transforms import reverse as whole
from adgen.transforms import reverse_loops
from adgen.transforms.adjoints import Env
from adgen.transforms.reverse_branches import join_branches


def balance(env: Env, op: Op) -> None:
    """Mirror a loop or branch without adjoints, where the other part of a reversed loop may reverse it."""
    if not env.balanced:
        return
    if op.kind in LOOPS:
        _loop(env, op)
    elif op.kind == "if":
        _branches(env, op, None)


def _branches(env: Env, op: Op, stop: bool | None) -> None:
    inner = []
    for region in op.regions:
        child = env.child((region,), loop=False)
        if stop is None or whole.can_yield(env.plan, region, stop):
            _path(child, region, stop)
        inner.append(child)
    join_branches(env, op, op.operands[0], inner, [])


def _loop(env: Env, op: Op) -> None:
    (body,) = op.regions
    if reverse_loops.can_stop(op):
        taken, skipped = env.child((body,), loop=False), env.child((), loop=False)
        if op.kind == "for":
            taken.indices[body.params[0]] = reverse_loops.index_at(taken, op, op.results[0])
        _path(taken, body, True)
        stopped = env.builder.const(True) if op.kind == "while" else op.results[1]
        join_branches(env, op, stopped, [taken, skipped], [])
    bounds = reverse_loops.bounds(env, op)
    inner = env.child((body,), loop=True)
    index = Value(INT, body.params[0].hint if op.kind == "for" else "_")
    if op.kind == "for":
        inner.indices[body.params[0]] = index
    _path(inner, body, False if reverse_loops.can_stop(op) else None)
    block = inner.finish([inner.builder.const(False)], [index])
    fixed = (Value(INT, "trips"), Value(BOOL, "stopped"))
    attrs = {"can_stop": False, "reversed": not op.attrs.get("reversed")}
    env.builder.add(Op("for", "", bounds, fixed, (block,), attrs, op.span, "adjoint", op))


def _path(env: Env, block: Block, stop: bool | None) -> None:
    """A block, last operation first; with `stop` only the paths that end with that flag."""
    tail = tail_if(block) if stop is not None else None
    ops = block.ops
    if tail is not None and stop is not None:
        possible = [region for region in tail.regions if whole.can_yield(env.plan, region, stop)]
        if len(possible) == 1:
            env.mirrors = (*env.mirrors, possible[0])
            _path(env, possible[0], stop)
        elif possible:
            _branches(env, tail, stop)
        ops = block.ops[:-1]
    for op in reversed(ops):
        balance(env, op)
