"""scipy.special: functions of whole numbers alone, signs and rounding: their derivative is zero.

zeros = scipy.special.jn_zeros(2, 5)          ->      nothing
x, w = scipy.special.roots_legendre(8)        ->      nothing
"""

from __future__ import annotations

from adgen.ir.types import Array, Type
from adgen.rules.kinds import zero
from adgen.rules.matrices import tuple_of
from adgen.rules.rule import Facts
from adgen.rules.special import special_type

FLOATS, COMPLEXES = Array("f8", (None,)), Array("c16", (None,))


def _given(type_: Type, signature: str) -> None:
    def infer(facts: Facts) -> Type:
        return type_

    zero(f"scipy.special.{signature}", infer=infer)


def _rule_of_so_many(facts: Facts) -> Type:
    """Nodes and weights: a line of n each."""
    count = facts.statics.get("n")
    line = Array("f8", (count if isinstance(count, int) else None,))
    return tuple_of(line, line)


for _name in ("jn", "jnp", "yn", "ynp"):
    _given(FLOATS, f"{_name}_zeros(n, nt)")
for _name in ("ber", "bei", "berp", "beip", "ker", "kei", "kerp", "keip"):
    _given(FLOATS, f"{_name}_zeros(nt)")
for _name in ("bernoulli", "euler"):
    _given(FLOATS, f"{_name}(n)")
for _name in ("erf", "fresnelc", "fresnels"):
    _given(COMPLEXES, f"{_name}_zeros(nt)")
for _name in ("ai", "bi"):
    _given(tuple_of(*[FLOATS] * 4), f"{_name}_zeros(nt)")
_given(tuple_of(FLOATS, *[Array("i4", (None,))] * 3), "jnjnp_zeros(nt)")
_given(tuple_of(*[FLOATS] * 4), "jnyn_zeros(n, nt)")
_given(tuple_of(*[FLOATS] * 8), "kelvin_zeros(nt)")
for _name in ("fresnel", "y0", "y1", "y1p"):
    _given(tuple_of(COMPLEXES, COMPLEXES), f"{_name}_zeros(nt)")
ROOTS = "legendre chebyt chebyu chebyc chebys laguerre hermite hermitenorm sh_legendre sh_chebyt sh_chebyu".split()
for _name in [f"roots_{name}" for name in ROOTS] + [f"{s}_roots" for s in "p t u c s l h he ps ts us".split()]:
    zero(f"scipy.special.{_name}(n)", infer=_rule_of_so_many, static=("n",))
for _signature in ("gammasgn(x)", "round(x)", "factorial2(n)", "factorialk(n, k)", "stirling2(N, K)"):
    zero(f"scipy.special.{_signature}", infer=special_type)
