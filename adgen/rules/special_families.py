"""scipy.special: functions that give whole families: all degrees and orders, all values, all coefficients.

p = scipy.special.legendre_p_all(n, z)          ->      z_bar = np.sum(p_bar * (d @ p)): sums of lower degrees
a = scipy.special.mathieu_even_coef(m, q)       ->      the components of an eigenvector of the recurrence's matrix
"""

from __future__ import annotations

from collections.abc import Callable

from adgen.ir.core import Value
from adgen.ir.types import Array, Dim, Type
from adgen.rules import shapes
from adgen.rules.call import Call, rank
from adgen.rules.composed import composed
from adgen.rules.kinds import Piece, general
from adgen.rules.matrices import tuple_of
from adgen.rules.rule import Facts, Infer, TypeProblem
from adgen.rules.special import full, special_type
from adgen.rules.special_modes import along, mathieu, spheroidal_slope
from adgen.rules.special_sequences import one_number


# all degrees, or all degrees and orders, ahead of the argument's own axes -------------------------------------------
def _family_type(first: tuple[Dim, ...], dtype: str = "") -> Infer:
    def infer(facts: Facts) -> Type:
        rest = {arg: type_ for arg, type_ in zip(facts.args, facts.types, strict=True) if arg not in ("n", "m")}
        one = special_type(Facts(facts.name, tuple(rest), tuple(rest.values()), {}))
        if not isinstance(one, Array) or one.shape is None:
            raise TypeProblem(f"`{facts.name}` of numbers of unknown shape", "annotate the argument")
        n, m = (facts.statics.get(name) for name in ("n", "m"))
        if isinstance(m, int) and m < 0:
            raise TypeProblem(f"`{facts.name}` up to a negative order", "give the greatest one")
        sizes = [n + 1 if isinstance(n, int) else None]
        sizes += [2 * m + 1 if isinstance(m, int) else None] if facts.has("m") else []
        return Array(dtype or one.dtype, (*first, *sizes, *one.shape))

    return infer


def _family(signature: str, slopes: dict[str, Callable[[Call], Value]], infer: Infer) -> None:
    """Slopes have the result's own shape; arguments stand at the end of it."""

    def pull(slope: Callable[[Call], Value], name: str) -> Piece:
        def piece(call: Call, g: Value) -> Value:
            return shapes.unbroadcast(call.b, call("g * slope", g=g, slope=slope(call)), call.values[name])

        return piece

    def push(slope: Callable[[Call], Value]) -> Piece:
        return lambda call, dot: call("dot * slope", dot=dot, slope=slope(call))

    vjp = {name: pull(slope, name) for name, slope in slopes.items()}
    jvp = {name: push(slope) for name, slope in slopes.items()}
    general(f"scipy.special.{signature}", vjp, jvp, infer=infer, static=("n", "m") if "m," in signature else ("n",))


def _legendre(call: Call) -> Value:
    """A slope is the sum of `(2 j + 1) P_j` over every second degree below."""
    k = call("np.arange(n + 1)")
    below = call("(k[:, None] > k) & ((k[:, None] - k) % 2 == 1)", k=k)
    matrix = call("np.where(below, 2.0 * k + 1.0, 0.0)", below=below, k=k)
    slopes = call("np.tensordot(matrix, y[0], axes=one)", matrix=matrix, one=call.b.const(1))
    return call("np.expand_dims(slopes, 0)", slopes=slopes)


def _tables(call: Call, inner: int, most: str) -> dict[str, Value]:
    """Degrees along the first axis, orders 0, 1, .., -2, -1 along the second, then the arguments' own axes."""
    order = call(f"np.arange(2 * {most} + 1)")
    order = call(f"np.where(k > {most}, k - 2 * {most} - 1, k)", k=order)
    rows, columns = tuple(range(1, 2 + inner)), (0, *range(2, 2 + inner))
    return {
        "j": call("np.expand_dims(1.0 * np.arange(n + 1), axes)", axes=call.b.const(rows)),
        "k": call("np.expand_dims(1.0 * order, axes)", order=order, axes=call.b.const(columns)),
        "axis": call.b.const(1),
    }


def _associated(call: Call) -> Value:
    env = _tables(call, rank(call.y, call.rule.name) - 3, "m")
    env["before"] = call("np.where(j == 0.0, 0.0, np.roll(y[0], 1, axis=first))", first=call.b.const(0), **env)
    slopes = call("((j + k) * before - j * z * y[0]) / (1.0 - z * z)", **env)
    return call("np.expand_dims(slopes, 0)", slopes=slopes)


def _by_theta(call: Call, whole: Value, up: str, down: str) -> Value:
    """From the orders beside, of a family that has one order more, which is then left out."""
    env = _tables(call, rank(whole, call.rule.name) - 2, "(m + 1)")
    sides = {"more": call("np.roll(whole, -1, axis=axis)", whole=whole, **env)}
    sides["less"] = call("np.roll(whole, 1, axis=axis)", whole=whole, **env)
    env["up"] = call("np.sqrt(np.maximum((j - k) * (j + k + 1.0), 0.0))", **env)
    env["down"] = call("np.sqrt(np.maximum((j + k) * (j - k + 1.0), 0.0))", **env)
    text = f"np.where(np.sin(theta) < 0.0, -0.5, 0.5) * ({up} * more - {down} * less)"
    slopes = call(text, **env, **sides)
    kept = call("np.concatenate((np.arange(m + 1), np.arange(m) + (m + 3)))")
    return call("np.take(slopes, kept, axis=axis)", slopes=slopes, kept=kept, **env)


def _polar(call: Call) -> Value:
    whole = call(full("sp.sph_legendre_p_all(n, m + 1, theta)[0]"))
    return call("np.expand_dims(slopes, 0)", slopes=_by_theta(call, whole, "up", "down"))


def _harmonic(call: Call) -> Value:
    whole = call(full("sp.sph_harm_y_all(n, m + 1, theta, phi)"))
    return _by_theta(call, whole, "np.exp(-1j * phi) * up", "np.exp(1j * phi) * down")


def _azimuth(call: Call) -> Value:
    return call("1j * k * y", **_tables(call, rank(call.y, call.rule.name) - 2, "m"))


_family("legendre_p_all(n, z)", {"z": _legendre}, _family_type((1,)))
_family("assoc_legendre_p_all(n, m, z)", {"z": _associated}, _family_type((1,)))
_family("sph_legendre_p_all(n, m, theta)", {"theta": _polar}, _family_type((1,)))
_family("sph_harm_y_all(n, m, theta, phi)", {"theta": _harmonic, "phi": _azimuth}, _family_type((), "c16"))


# of one number: a table or a line of values --------------------------------------------------------------------------
_LINE = Array("f8", (None,))


def _line_type(facts: Facts) -> Type:
    one_number(facts)
    return _LINE


def _tables_type(facts: Facts) -> Type:
    one_number(facts)
    return tuple_of(*[Array("f8", (None, None))] * 2)


def _second_kind(call: Call) -> Value:
    env = {"k": call("np.arange(y[0].shape[1])"), "m": call("np.arange(y[0].shape[0])[:, None]")}
    return call("(2.0 * z * y[1] - (k * (k + 1.0) - m * m / (1.0 - z * z)) * y[0]) / (1.0 - z * z)", **env)


def _second_bar(call: Call, g: Value) -> Value:
    env = {"v": call.b.item(g, 0), "s": call.b.item(g, 1), "more": _second_kind(call)}
    return call("np.vdot(v, y[1]) + np.vdot(s, more)", **env)


def _second_dot(call: Call, dot: Value) -> Value:
    parts = [call("dot * y[1]", dot=dot), call("dot * more", dot=dot, more=_second_kind(call))]
    return call.b.pack(tuple_of(*(part.type for part in parts)), parts)


general("scipy.special.lqmn(m, n, z)", {"z": _second_bar}, {"z": _second_dot}, infer=_tables_type)


def _values(call: Call, sign: str) -> Value:
    return spheroidal_slope(call, sign, call("m + 1.0 * np.arange(y.size)"))


for _name, _sign in (("pro", ""), ("obl", "-")):
    general(
        f"scipy.special.{_name}_cv_seq(m, n, c)",
        {"c": lambda call, g, sign=_sign: call("np.vdot(g, s)", g=g, s=_values(call, sign))},  # type: ignore[misc]
        {"c": lambda call, dot, sign=_sign: call("dot * s", dot=dot, s=_values(call, sign))},  # type: ignore[misc]
        infer=_line_type,
    )


def _coefficients(even: bool) -> Callable[[Call], Value]:
    """An eigenvector, turned as SciPy's; the constant term of a series of cosines weighs twice."""

    def build(call: Call) -> Value:
        matrix, _ = mathieu(call, even, "y.size + 5")
        line = along(call, matrix, call("m // 2" if even else "(m - 1) // 2"))
        line = call("np.take(v, np.arange(y.size))", v=line)
        if even:
            first = call("(np.arange(y.size) == 0) & (m % 2 == 0)")
            line = call("np.where(first, v / math.sqrt(2.0), v)", v=line, first=first)
        return call("np.sign(np.vdot(v, y)) * v", v=line)

    return build


for _name, _even in (("even", True), ("odd", False)):
    composed(f"scipy.special.mathieu_{_name}_coef(m, q)", _coefficients(_even), _line_type)
