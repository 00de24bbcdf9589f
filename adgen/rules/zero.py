"""Functions of arrays that carry no derivative: indices, orders, tests of shape; and counting by index.

k = np.argsort(x)      ->      nothing
"""

from __future__ import annotations

from adgen.ir.types import BOOL, INT, Array, ListOf, Opaque, Type
from adgen.rules.infer import shape_of
from adgen.rules.kinds import linear, zero
from adgen.rules.rule import Facts


def _sorted_indices(facts: Facts) -> Type:
    shape = shape_of(facts.types[0])
    return Array("i8", shape if facts.static("axis", -1) is not None else (None,))


def _found(facts: Facts) -> Type:
    return Array("i8", shape_of(facts.type("v")))


def _line(facts: Facts) -> Type:
    return Array("i8", (None,))


def _mask(facts: Facts) -> Type:
    return Array("b1", shape_of(facts.types[0]))


zero("np.argsort(a, axis=-1, kind=None)", infer=_sorted_indices)
zero("np.searchsorted(a, v, side='left')", infer=_found)
zero("np.flatnonzero(a)", infer=_line)
zero("np.nonzero(a)", infer=lambda facts: Opaque("tuple of index arrays"))
zero("np.isin(element, test_elements)", infer=_mask)
linear(
    "np.bincount(x, weights=None, minlength=0)",
    {"weights": "y_bar[x]"},
    infer=lambda facts: Array("f8" if facts.has("weights") else "i8", (None,)),
)
zero("np.shape(a)", infer=lambda facts: ListOf(INT))
zero("np.ndim(a)", infer=lambda facts: INT)
zero("np.size(a)", infer=lambda facts: INT)
zero("np.isscalar(a)", infer=lambda facts: BOOL)
zero("np.tri(N, M=None, k=0, dtype=None)", infer=lambda facts: Array(None, (None, None)))
zero("np.shares_memory(a, b)", infer=lambda facts: BOOL)
zero("np.may_share_memory(a, b)", infer=lambda facts: BOOL)

zero("adgen.stop_gradient(x)", infer=lambda facts: facts.types[0])
