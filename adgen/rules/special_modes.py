"""scipy.special: characteristic values of Mathieu's and of the spheroidal equations.

    a = scipy.special.mathieu_a(m, q)        ->      q_bar = a_bar * 2.0 * np.sum(e * v[:-1] * v[1:]) + ..
    a = scipy.special.pro_cv(m, n, c)        ->      c_bar = a_bar * 2.0 * c * (v @ x2 @ v)

They are eigenvalues of tridiagonal matrices, those of the recurrence of the coefficients of a series: an eigenvalue
moves by what the matrix does, seen along its eigenvector `v`.  Numbers of terms follow the arguments.
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.rules import shapes
from adgen.rules.call import Call, rank
from adgen.rules.kinds import Piece
from adgen.rules.special import special
from adgen.rules.special_series import apart, greatest


def along(call: Call, matrix: Value, place: Value) -> Value:
    """The eigenvector whose eigenvalue stands at a place in their order."""
    v = call.b.item(call("np.linalg.eigh(matrix)", matrix=matrix), 1)
    count = call(f"v.shape[{rank(v, call.rule.name) - 1}]", v=v)
    chosen = call("np.where(np.arange(count) == place, 1.0, 0.0)", count=count, place=place)
    env = {"v": v, "chosen": chosen, "axis": call.b.const(-2), "last": call.b.const(-1)}
    return call("np.sum(v * np.expand_dims(chosen, axis), axis=last)", **env)


def _seen(call: Call, matrix: Value, slope: Value, place: Value) -> Value:
    """The slope of a matrix along one of its eigenvectors."""
    env = {"v": along(call, matrix, place), "slope": slope, "last": call.b.const(-1)}
    env["moved"] = call("np.sum(slope * np.expand_dims(v, -2), axis=last)", **env)
    return call("np.sum(v * moved, axis=last)", **env)


def _tridiagonal(call: Call, base: Value, diagonal: Value, beside: Value, factor: Value) -> tuple[Value, Value]:
    """The matrix `base + factor * slope`, and its slope; lines of the diagonal and of what stands beside it."""
    count = call(f"base.shape[{rank(base, call.rule.name) - 1}]", base=base)
    one = call("np.eye(count)", count=count)
    upper = call("np.expand_dims(e, last) * np.eye(count, k=1)", e=beside, count=count, last=call.b.const(-1))
    env = {"upper": upper, "one": one, "d": diagonal, "last": call.b.const(-1), "base": base}
    slope = call("np.expand_dims(d, last) * one + upper + np.swapaxes(upper, -1, -2)", **env)
    env["factor"] = factor if shapes.is_scalar(factor.type) else call("np.expand_dims(f, last)", f=factor, **env)
    matrix = call("np.expand_dims(base, last) * one + factor * slope", slope=slope, **env)
    return matrix, slope


# Mathieu's -----------------------------------------------------------------------------------------------------------
def mathieu(call: Call, even: bool, terms: str) -> tuple[Value, Value]:
    """The matrix of the recurrence and its slope by q; of even or odd functions."""
    env = {"q": apart(call, call.values["q"]), "k": call(f"np.arange({terms})")}
    env["odd"] = apart(call, call("m % 2.0"))
    base = call("(2.0 * k + odd) ** 2.0" if even else "(2.0 * k + 2.0 - odd) ** 2.0", **env)
    diagonal = call(f"np.where(k == 0, {'' if even else '-'}odd, 0.0)", **env)
    root = "np.where((k == 0) & (odd == 0.0), math.sqrt(2.0), 1.0)" if even else "1.0 + 0.0 * k"
    return _tridiagonal(call, base, diagonal, call(root, **env), env["q"])


def _mathieu_piece(even: bool) -> Piece:
    def piece(call: Call, g: Value) -> Value:
        terms = f"25 + {greatest(call, 'm')} + int(2.0 * np.sqrt({greatest(call, 'np.abs(q)')}))"
        place = apart(call, call("m // 2" if even else "(m - 1) // 2"))
        return call("g * s", g=g, s=_seen(call, *mathieu(call, even, terms), place))

    return piece


for _name, _even in (("mathieu_a", True), ("mathieu_b", False)):
    special(f"{_name}(m, q)", "0", _mathieu_piece(_even), m="int")


# spheroidal: matrices of x * x among Legendre's functions of one order ----------------------------------------------
_OVER = "((j + 1.0) ** 2.0 - m * m) / ((2.0 * j + 1.0) * (2.0 * j + 3.0))"
_UNDER = "(j * j - m * m) / ((2.0 * j - 1.0) * (2.0 * j + 1.0))"
_BESIDE = "np.sqrt(((j + 1.0) ** 2.0 - m * m) * ((j + 2.0) ** 2.0 - m * m) / ((2.0 * j + 1.0) * (2.0 * j + 5.0)))"


def spheroidal_slope(call: Call, sign: str, degree: Value) -> Value:
    """The slopes of the values of some degrees by c."""
    env = {"c": apart(call, call.values["c"]), "m": apart(call, call("1.0 * m")), "n": apart(call, degree)}
    env["k"] = call(f"np.arange(25 + {greatest(call, 'n')} + int({greatest(call, 'np.abs(c)')}))")
    env["j"] = call("m + (n - m) % 2.0 + 2.0 * k", **env)
    base, diagonal = call("j * (j + 1.0)", **env), call(f"{_OVER} + {_UNDER}", **env)
    beside, factor = call(f"{_BESIDE} / (2.0 * j + 3.0)", **env), call(f"{sign}c * c", **env)
    matrix, slope = _tridiagonal(call, base, diagonal, beside, factor)
    seen = _seen(call, matrix, slope, call("(n - m) // 2.0", **env))
    return call(f"{sign}2.0 * c * seen", seen=seen)


for _name, _sign in (("pro", ""), ("obl", "-")):

    def _piece(call: Call, g: Value, sign: str = _sign) -> Value:
        return call("g * s", g=g, s=spheroidal_slope(call, sign, call("1.0 * n")))

    special(f"{_name}_cv(m, n, c)", "0", "0", _piece, m="int", n="many", c="positive")
