"""Shapes and sizes are asked of what is alive anyway.  Exact, in derivative code only.

q = r ** 2                            q is read for its shape only: it is not computed any more
n = q.size              n = r.size            (or r has a name of the user's)
z = np.zeros_like(q)    z = np.zeros_like(r)
np.zeros((2, 3)).size   6
np.zeros_like(np.zeros_like(r))         np.zeros_like(r)
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from adgen.ir.core import Op, Value
from adgen.ir.types import Array
from adgen.optimise.facts import exact
from adgen.optimise.rewrite import Rule, Site
from adgen.rules.table import lookup

ASKING = ("attr.shape", "attr.size", "attr.ndim", "len", "zeros_like", "np.zeros_like", "np.ones_like", "np.empty_like")
SHAPE_ONLY, MAKING = ASKING[:4], ASKING[4:]


def elsewhere(site: Site, op: Op) -> Op | None:
    """Ask an operand of the elementwise function, or of the question, whose result nobody else reads."""
    if len(op.operands) != 1 or op.role == "primal":
        return None
    value = op.operands[0]
    climbed: list[Op | None] = []
    while (other := _source(site, value, op.name in SHAPE_ONLY, climbed)) is not None:
        climbed.append(site.define(value))
        value = other
    return site.redo(op, op.name, (value,)) if climbed else None


def _source(site: Site, value: Value, shape_only: bool, climbed: Sequence[Op | None]) -> Value | None:
    """An operand with the same shape (and dtype), if the value is read for such questions only, or it has a name."""
    op = site.define(value)
    if op is None or op.kind != "prim" or value.user or not exact(value.type):
        return None
    rule = lookup(op.name)
    if rule is None or op.attrs.get("absent") or (rule.kind != "elementwise" and op.name not in MAKING):
        return None
    alone = all(is_question(user) or user in climbed for user in site.users(value))
    alike = (operand for operand in op.operands if _alike(operand, value, shape_only))
    found = next((operand for operand in alike if alone or operand.user), None)
    return None if found is not None and not shape_only and site.may_be_whole(found) else found


def is_question(user: object) -> bool:
    """Whether a reader looks at shape and dtype only."""
    return isinstance(user, Op) and user.kind == "prim" and user.name in ASKING and len(user.operands) == 1


def _alike(operand: Value, value: Value, shape_only: bool) -> bool:
    """Whether two arrays have one shape, and one dtype if that matters."""
    if isinstance(operand.type, Array) and isinstance(value.type, Array) and operand.type.shape:
        same = operand.type.shape == value.type.shape and exact(operand.type)
        return same and (shape_only or operand.type.dtype == value.type.dtype)
    return False


def count(site: Site, op: Op) -> Op | None:
    """The size of an array whose dimensions are literals."""
    type_ = op.operands[0].type
    if not isinstance(type_, Array) or type_.shape is None:
        return None
    known = [dim for dim in type_.shape if isinstance(dim, int)]
    return site.literal(op, prod(known)) if len(known) == len(type_.shape) else None


RULES: dict[str, list[Rule]] = {**{name: [elsewhere] for name in ASKING}, "attr.size": [count, elsewhere]}
