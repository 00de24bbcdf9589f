"""The derivative of log(1 + exp(z)) where nobody needs the logarithm itself.  Real.

y = np.logaddexp(0.0, z)
s = np.exp(z - y)               s = 1.0 / (1.0 + np.exp(-np.maximum(z, -709.0)))        (-88.0 for float32)
1.0 / y.size                    1.0 / z.size

The logarithm costs many times as much as the exponential, which must not overflow: below -709 the derivative is less
than the smallest normal number, and so is what stands for it.
"""

from __future__ import annotations

from adgen.analyses.effects import is_pure
from adgen.ir.core import Op, Value
from adgen.ir.types import FLOAT
from adgen.optimise.extents import is_question
from adgen.optimise.facts import exact, is_number, is_real
from adgen.optimise.rewrite import Rule, Site, needs

LARGEST = {"f8": 709.0, "f4": 88.0}  # the largest whole numbers whose exponentials are finite


@needs("sub")
def sigmoid(site: Site, op: Op) -> Op | None:
    """exp(z - log(1 + exp(z)))."""
    found = site.made(op.operands[0], "sub")
    if found is None or op.role == "primal":
        return None
    z, y = found.operands
    type_ = op.result.type
    largest = LARGEST.get("f8" if type_ == FLOAT else getattr(type_, "dtype", ""))
    if largest is None or not _is_spare(site, z, y) or found.result.type != type_ or y.type != type_:
        return None
    above = site.apply("np.maximum", (z, site.build.const(-largest)), type_)
    power = site.apply("np.exp", (site.apply("neg", (above,), type_),), type_)
    whole = site.apply("add", (site.build.const(1.0), power), type_)
    return site.redo(op, "div", (site.build.const(1.0), whole))


def _is_spare(site: Site, z: Value, y: Value) -> bool:
    """Whether y is the logarithm, and read for its shape and for such shares alone."""
    made = site.made(y, "np.logaddexp")
    same = z.type == y.type or (is_number(z.type) and is_number(y.type))
    if made is None or len(made.operands) != 2 or y.user or not same or not exact(y.type) or not is_real(z.type):
        return False
    if not any(one is z and site.number(other) == 0 for one, other in (made.operands, made.operands[::-1])):
        return False
    return all(is_question(user) or _is_share(site, user, z, y) or _is_dead(site, user) for user in site.users(y))


def _is_dead(site: Site, user: object) -> bool:
    """Whether nobody reads what a reader makes: the primal's, until code of no use is removed."""
    if not isinstance(user, Op) or not is_pure(user):
        return False
    return all(_is_dead(site, reader) for result in user.results for reader in site.users(result))


def _is_share(site: Site, user: object, z: Value, y: Value) -> bool:
    """Whether a reader is the difference z - y, and the exponential of it all that is read."""
    if not isinstance(user, Op) or user.kind != "prim" or user.name != "sub" or user.role == "primal":
        return False
    readers = site.users(user.result)
    return user.operands == (z, y) and all(
        isinstance(r, Op) and r.kind == "prim" and r.name == "np.exp" for r in readers
    )


RULES: dict[str, list[Rule]] = {"np.exp": [sigmoid]}
