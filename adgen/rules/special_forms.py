"""Forms in which nothing cancels, for derivatives of scipy.special: generated files define them (runtime_special.py).

y = scipy.special.betaln(a, b)       ->      a_bar = -y_bar * _psi_gap(0, a, b)
y = scipy.special.gammainc(a, x)     ->      x_bar = y_bar * _gamma_density(a, x)
y = scipy.special.ive(v, x)          ->      x_bar = y_bar * _ive_slope(1, v, x)
"""

from __future__ import annotations

from adgen.ir.types import UNKNOWN, Array, Type, Unknown
from adgen.rules.infer import as_content, broadcast, is_complex, shape_of
from adgen.rules.kinds import Piece, elementwise
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.special import full, no_piece


def _double(facts: Facts) -> Type:
    """Double precision, whatever is given."""
    types = [as_content(type_) for type_ in facts.types]
    if any(is_complex(type_) for type_ in types):
        raise TypeProblem(f"`{facts.name}` of complex numbers", "pass real ones")
    if any(isinstance(type_, Unknown) for type_ in types):
        return UNKNOWN
    return Array("f8", broadcast([shape_of(type_) for type_ in types]))


def _form(signature: str, *pieces: Piece, doc: str, **domain: str) -> None:
    texts = [full(piece) if isinstance(piece, str) else piece for piece in pieces]
    elementwise(signature, *texts, infer=_double, domain=domain, doc=doc)


_both = {"a": "positive", "b": "positive"}
_form(
    "psi_gap(n, a, b)",
    *("0", "psi_gap(n + 1, a, b)", "sp.polygamma(n + 1, a + b)"),
    **_both,
    n="int",
    doc="scipy.special.polygamma(n, a + b) - scipy.special.polygamma(n, a)",
)
_form(
    "gamma_density(a, x)",
    *("y * (np.log(x) - sp.digamma(a))", "y * ((a - 1.0) / x - 1.0)"),
    a="positive",
    x="positive",
    doc="the slope of scipy.special.gammainc(a, x) by x",
)
_form(
    "beta_density(a, b, x, rest)",
    *("y * (np.log(x) + psi_gap(0, a, b))", "y * (np.log(rest) + psi_gap(0, b, a))"),
    *("y * (a - 1.0) / x", "y * (b - 1.0) / rest"),
    **_both,
    x="high",
    rest="high",
    doc="the slope of scipy.special.betainc(a, b, x) by x, where rest is 1 - x",
)
for _name in ("kve", "ive"):
    _form(
        f"{_name}_slope(n, v, x)",
        *("0", no_piece, f"{_name}_slope(n + 1, v, x)"),
        doc=f"the derivative of order n of scipy.special.{_name}(v, x) by x",
        n="int",
        v="int",
        x="positive",
    )
_form(
    "voigt(n, k, x, sigma, gamma)",
    *("0", "0", "voigt(n + 1, k, x, sigma, gamma)", "sigma * voigt(n + 2, k, x, sigma, gamma)"),
    "voigt(n + 1, k + 1, x, sigma, gamma)",
    doc="the derivative of scipy.special.voigt_profile by x and gamma, of order n, k of it by gamma",
    n="int",
    k="int",
    sigma="positive",
    gamma="positive",
)
