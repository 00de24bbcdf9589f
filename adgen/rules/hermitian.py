"""Singular values of symmetric matrices: the absolute eigenvalues, of which NumPy moves the signs into the rows of vh.

u, s, vh = np.linalg.svd(a, hermitian=True)      ->      the adjoint of eigh(a), for w = signs * s and v = u

Only the lower triangle is read, as by eigh.  The sign of an eigenvalue 0 is 0: so is the derivative of its absolute
value.
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import Struct
from adgen.rules.call import Call
from adgen.rules.decompositions import spectral_bar, spectral_dots, spread
from adgen.rules.infer import is_complex
from adgen.rules.matrices import adjoint, columns, is_zero, rows, tangents, turned


def is_hermitian(call: Call) -> bool:
    """Whether the call says that the matrix is symmetric."""
    return call.rule.name == "np.linalg.svd" and bool(call.static("hermitian", False))


def _factors(call: Call) -> tuple[Value, Value, Value]:
    """The vectors, the eigenvalues in the order of the singular ones, and their signs."""
    parts = call.y
    if not isinstance(parts.type, Struct):
        parts = call("np.linalg.svd(a, hermitian=flag)", flag=call.b.const(True))
    u, s, vh = (call.b.item(parts, k) for k in range(3))
    signs = call("np.sum(u * t, axis=axis)", u=u, t=turned(call, vh), axis=call.b.const(-2))
    signs = call("np.sign(signs)", signs=call("np.real(signs)", signs=signs) if is_complex(signs.type) else signs)
    return u, call("signs * s", signs=signs, s=s), signs


def hermitian_vjp(call: Call, g: Value) -> Value:
    """The adjoint of the matrix, from those of its singular values and vectors."""
    b = call.b
    u, w, signs = _factors(call)
    if not isinstance(g.type, Struct):
        return spread(call, call("signs * g", signs=signs, g=g), u)
    u_bar, s_bar, vh_bar = (b.item(g, k) for k in range(3))
    if not is_zero(call, vh_bar):  # vh = signs * u^H
        part = columns(call, adjoint(call, vh_bar), signs)
        u_bar = part if is_zero(call, u_bar) else call("u_bar + part", u_bar=u_bar, part=part)
    if not is_zero(call, s_bar):
        s_bar = call("signs * s_bar", signs=signs, s_bar=s_bar)
    return spectral_bar(call, w, u, s_bar, u_bar)


def hermitian_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    """Their tangents."""
    if "a" not in dots:
        return None
    u, w, signs = _factors(call)
    w_dot, u_dot = spectral_dots(call, dots["a"], w, u)
    s_dot = call("signs * w_dot", signs=signs, w_dot=w_dot)
    if not isinstance(call.y.type, Struct):
        return s_dot
    vh_dot = rows(call, signs, adjoint(call, u_dot))
    return tangents(call, u_dot, s_dot, vh_dot)
