"""Which operations do nothing but give a value.

>>> from adgen.ir.core import Op
>>> [is_pure(Op(kind, name, (), ())) for kind, name in [("prim", "np.sin"), ("prim", "np.random.normal"), ("load", "")]]
[True, False, False]
"""

from __future__ import annotations

from adgen.ir.core import Op
from adgen.ir.ops import KINDS
from adgen.rules.rule import REGISTRY


def is_pure(op: Op) -> bool:
    """Whether the operation neither reads nor writes memory nor any other state, and always gives the same value."""
    return KINDS[op.kind].pure and not is_random(op)


def is_random(op: Op) -> bool:
    """Whether the operation draws from a generator: each time another value, and a change of its state.

    So may a function of the user's, whose source is not read (`adgen.rule`).
    """
    if op.kind != "prim":
        return False
    rule = REGISTRY.get(op.name)
    own = rule is not None and bool(rule.module)
    return own or "random" in op.name or op.name.startswith(("Generator.", "RandomState."))
