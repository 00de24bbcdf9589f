"""Algebra of the derivative code: products, sums, broadcasts, shapes.  Real, so the primal sweep is never touched.

    t = np.broadcast_to(1.0, v.shape)
    a = t * v                               v_bar = 2.0 * v
    b = t * v
    v_bar = a + b

Each file of rules says what it does; here they come together.
"""

from __future__ import annotations

from adgen.ir.core import Func
from adgen.optimise import alike, axes, broadcasts, extents, factors, normalised, outside, products, sigmoids, sums
from adgen.optimise.rewrite import Rule, rewrite

CLASS = "real"


def _together() -> dict[str, list[Rule]]:
    """All rules by name; broadcasts first, for they make numbers of arrays."""
    table: dict[str, list[Rule]] = {}
    for part in (
        normalised.RULES,
        broadcasts.RULES,
        products.RULES,
        outside.RULES,
        sigmoids.RULES,
        sums.RULES,
        factors.RULES,
        extents.RULES,
        alike.RULES,
        axes.RULES,
    ):
        for name, rules in part.items():
            table.setdefault(name, []).extend(rules)
    return table


RULES = _together()


def algebra(func: Func) -> Func:
    """The function with simpler derivative code."""
    return rewrite(func, RULES, CLASS)
