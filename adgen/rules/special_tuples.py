"""scipy.special: functions that give several results, and families of spherical harmonics.

ai, aip, bi, bip = scipy.special.airy(z)      ->      z_bar = ai_bar * aip + aip_bar * z * ai + bi_bar * bip + ..
s, c = scipy.special.fresnel(z)               ->      z_bar = s_bar * np.sin(0.5 * math.pi * z * z) + ..

An entry tells, for each argument, the derivative of each result, as a formula of the arguments and of `y`, the results.
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import Array, Type
from adgen.rules import shapes
from adgen.rules.call import Call
from adgen.rules.kinds import elementwise, general
from adgen.rules.matrices import is_zero, tuple_of
from adgen.rules.rule import Facts
from adgen.rules.special import full, no_piece, special_type

ZERO = "0"
REFUSED = None  # a parameter by which no derivative is known


def several(signature: str, by: Mapping[str, tuple[str, ...] | None], dtype: str = "", kinks: str = "") -> None:
    """An elementwise function with a tuple of results; `by` has the formulas of each argument."""
    count = next(len(formulas) for formulas in by.values() if formulas is not None)

    def infer(facts: Facts) -> Type:
        one = special_type(facts)
        if isinstance(one, Array) and dtype:
            one = Array(dtype, one.shape)
        return tuple_of(*[one] * count)

    def pull(name: str) -> object:
        def piece(call: Call, g: Value) -> Value | None:
            formulas = by[name]
            if formulas is None:
                return no_piece(call, g)
            total: Value | None = None
            for k, text in enumerate(formulas):
                bar = call.b.item(g, k)
                if text != ZERO and not is_zero(call, bar):
                    part = call(f"bar * ({full(text)})", bar=bar)
                    total = part if total is None else call("total + part", total=total, part=part)
            return None if total is None else shapes.unbroadcast(call.b, total, call.values[name])

        return piece

    def push(call: Call, dots: Mapping[str, Value]) -> Value | None:
        if not dots:
            return None
        parts = []
        for k in range(count):
            own, total = call.b.item(call.y, k), None
            for name, dot in dots.items():
                formulas = by[name]
                if formulas is None:
                    return no_piece(call, dot)
                if formulas[k] != ZERO:
                    part = call(f"dot * ({full(formulas[k])})", dot=dot)
                    total = part if total is None else call("total + part", total=total, part=part)
            whole = shapes.zeros_like(call.b, own) if total is None else shapes.expand(call.b, total, own)
            parts.append(shapes.cast(call.b, whole, own))
        return call.b.pack(tuple_of(*[part.type for part in parts]), parts)

    pulls = {name: pull(name) for name, formulas in by.items() if formulas is None or set(formulas) != {ZERO}}
    general(f"scipy.special.{signature}", vjp=pulls, jvp=push, infer=infer, kinks=kinks)  # type: ignore[arg-type]


# Airy's functions, sines and integrals of Bessel's functions ---------------------------------------------------------
several("airy(z)", {"z": ("y[1]", "z * y[0]", "y[3]", "z * y[2]")})
_SCALED = "np.sqrt(np.maximum(z, 0.0))"
_TO = "np.where(z > 1.0, z, 1.0)"  # above, of Bessel's functions, as whose sums these cancel
_AT = f"(2.0 * {_TO} ** 1.5 / 3.0)"
_K, _I = (f"{name}_slope(1, {{0}} / 3.0, {_AT})" for name in ("kve", "ive"))
_BOTH = f"(2.0 * {_I} + math.sqrt(3.0) / math.pi * np.exp(-2.0 * {_AT}) * ({_K} - 2.0 * sp.kve({{0}} / 3.0, {_AT})))"
several(
    "airye(z)",
    {
        "z": (
            f"np.where(z > 1.0, 0.5 * y[0] / {_TO} + {_TO} / (math.sqrt(3.0) * math.pi) * {_K.format(1)},"
            f" y[1] + {_SCALED} * y[0])",
            f"np.where(z > 1.0, y[1] / {_TO} - {_TO} ** 1.5 / (math.sqrt(3.0) * math.pi) * {_K.format(2)},"
            f" z * y[0] + {_SCALED} * y[1])",
            f"np.where(z > 1.0, 0.5 * y[2] / {_TO} + {_TO} / math.sqrt(3.0) * {_BOTH.format(1)},"
            f" y[3] - {_SCALED} * y[2])",
            f"np.where(z > 1.0, y[3] / {_TO} + {_TO} ** 1.5 / math.sqrt(3.0) * {_BOTH.format(2)},"
            f" z * y[2] - {_SCALED} * y[3])",
        )
    },
)
several("itairy(x)", {"x": ("sp.airy(x)[0]", "sp.airy(x)[2]", "sp.airy(-x)[0]", "sp.airy(-x)[2]")})
_SAFE = "np.where(x == 0.0, {0}, {1} / np.where(x == 0.0, 1.0, x))"
several("sici(x)", {"x": (_SAFE.format("1.0", "np.sin(x)"), "np.cos(x) / x")})
several("shichi(x)", {"x": (_SAFE.format("1.0", "np.sinh(x)"), "np.cosh(x) / x")})
several("fresnel(z)", {"z": ("np.sin(0.5 * math.pi * z * z)", "np.cos(0.5 * math.pi * z * z)")})
several("itj0y0(x)", {"x": ("sp.j0(x)", "sp.y0(x)")})
several("iti0k0(x)", {"x": ("sp.i0(x)", "sp.k0(x)")})


def _from_one(sign: str, difference: str) -> str:
    """How far `J0` or `I0` is from one, over x: where that is little, the series."""
    series = "1.0"
    for k in range(10, 1, -1):
        series = f"1.0 {sign} 0.25 * x * x / {k * k}.0 * ({series})"
    return f"np.where(np.abs(x) < 2.0, 0.25 * x * ({series}), {difference} / np.where(x == 0.0, 1.0, x))"


several("it2j0y0(x)", {"x": (_from_one("-", "(1.0 - sp.j0(x))"), "-sp.y0(x) / x")})
several("it2i0k0(x)", {"x": (_from_one("+", "(sp.i0(x) - 1.0)"), "-sp.k0(x) / x")})
several(
    "kelvin(x)",
    {"x": ("y[2]", "y[3]", "1j * y[0] - y[2] / x", "1j * y[1] - y[3] / x")},
    dtype="c16",
)
_ONE = "(math.sqrt(0.5) + {}math.sqrt(0.5) * 1j) / math.sqrt(math.pi)"
several("modfresnelm(x)", {"x": ("-np.exp(-1j * x * x)", "2j * x * y[1] - " + _ONE.format(""))}, dtype="c16")
several(
    "modfresnelp(x)",
    {"x": ("-np.exp(1j * x * x)", "-2j * x * y[1] - (math.sqrt(0.5) - math.sqrt(0.5) * 1j) / math.sqrt(math.pi)")},
    dtype="c16",
)

# Jacobi's elliptic functions: the amplitude, by the parameter, from the integral of the first kind -------------------
_TURNS = "np.round(y[3] / math.pi)"
_SIN, _COS = f"np.sin(y[3] - math.pi * {_TURNS})", f"np.cos(y[3] - math.pi * {_TURNS})"
_PHI = (
    f"(-y[2] * (2.0 * {_TURNS} * sp.elliprd(0.0, 1.0, 1.0 - m)"
    f" + {_SIN} ** 3.0 * sp.elliprd({_COS} ** 2.0, 1.0, 1.0 - m * {_SIN} ** 2.0)) / 6.0)"
)
several(
    "ellipj(u, m)",
    {
        "u": ("y[1] * y[2]", "-y[0] * y[2]", "-m * y[0] * y[1]", "y[2]"),
        "m": (f"y[1] * {_PHI}", f"-y[0] * {_PHI}", f"-y[0] * (0.5 * y[0] + m * y[1] * {_PHI}) / y[2]", _PHI),
    },
)

# solutions of differential equations of second order: a value and a slope --------------------------------------------
several("pbdv(v, x)", {"v": REFUSED, "x": ("y[1]", "(0.25 * x * x - v - 0.5) * y[0]")})
several("pbvv(v, x)", {"v": REFUSED, "x": ("y[1]", "(0.25 * x * x - v - 0.5) * y[0]")})
several("pbwa(a, x)", {"a": REFUSED, "x": ("y[1]", "(a - 0.25 * x * x) * y[0]")})
_DEGREES = "math.pi / 180.0"
for _name, _value in (("cem", "a"), ("sem", "b")):
    _curve = f"-(sp.mathieu_{_value}(m, q) - 2.0 * q * np.cos({_DEGREES} * 2.0 * x)) * y[0]"
    several(
        f"mathieu_{_name}(m, q, x)",
        {"m": (ZERO, ZERO), "q": REFUSED, "x": (f"{_DEGREES} * y[1]", f"{_DEGREES} * {_curve}")},
    )
for _name, _value in (("modcem", "a"), ("modsem", "b")):
    _curve = f"(sp.mathieu_{_value}(m, q) - 2.0 * q * np.cosh(2.0 * x)) * y[0]"
    for _kind in (1, 2):
        several(f"mathieu_{_name}{_kind}(m, q, x)", {"m": (ZERO, ZERO), "q": REFUSED, "x": ("y[1]", _curve)})
_RADIAL = "(2.0 * x * y[1] - ({} - c * c * x * x - m * m / (1.0 - x * x)) * y[0]) / (1.0 - x * x)"
_FLAT = "(2.0 * x * y[1] - ({} + c * c * x * x - m * m / (1.0 - x * x)) * y[0]) / (1.0 - x * x)"
_OBLATE = "(({} - c * c * x * x - m * m / (1.0 + x * x)) * y[0] - 2.0 * x * y[1]) / (1.0 + x * x)"
for _name, _curve in (
    *(("pro_ang1", _RADIAL), ("pro_rad1", _RADIAL), ("pro_rad2", _RADIAL)),
    *(("obl_ang1", _FLAT), ("obl_rad1", _OBLATE)),
):
    _by = {"m": (ZERO, ZERO), "n": (ZERO, ZERO), "c": REFUSED}
    several(f"{_name}(m, n, c, x)", {**_by, "x": ("y[1]", _curve.format(f"sp.{_name[:3]}_cv(m, n, c)"))})
    several(f"{_name}_cv(m, n, c, cv, x)", {**_by, "cv": REFUSED, "x": ("y[1]", _curve.format("cv"))})


# spherical harmonics: their neighbours in order ----------------------------------------------------------------------
def _harmonic_type(facts: Facts) -> Type:
    one = special_type(facts)
    return Array("c16", one.shape) if isinstance(one, Array) else one


_DOWN, _UP = "np.sqrt((n + m) * (n - m + 1.0))", "np.sqrt((n - m) * (n + m + 1.0))"
_BY_THETA = (
    f"np.where(np.sin(theta) < 0.0, -0.5, 0.5) * (np.exp(-1j * phi) * {_UP} * sp.sph_harm_y(n, m + 1, theta, phi)"
    f" - np.exp(1j * phi) * {_DOWN} * sp.sph_harm_y(n, m - 1, theta, phi))"
)
elementwise(
    "scipy.special.sph_harm_y(n, m, theta, phi)",
    *(ZERO, ZERO, full(_BY_THETA), "1j * m * y"),
    infer=_harmonic_type,
    domain={"n": "many", "m": "int"},
    kinks="where theta is a multiple of pi: the derivative for theta in [0, pi]",
)


# functions that put a first axis of one before their results ---------------------------------------------------------
def _first_type(facts: Facts) -> Type:
    one = special_type(facts)
    if not isinstance(one, Array) or one.shape is None:
        return one
    return Array(one.dtype, (1, *one.shape))


def _first(signature: str, slope: str, kinks: str = "") -> None:
    arg = signature.rpartition(" ")[2].rstrip(")")

    def pull(call: Call, g: Value) -> Value:
        return shapes.unbroadcast(call.b, call(full(f"g[0] * ({slope})"), g=g), call.values[arg])

    def push(call: Call, dot: Value) -> Value:
        moved = call(full(f"dot * ({slope})"), dot=dot)
        return shapes.expand(call.b, call("np.expand_dims(moved, first)", moved=moved, first=call.b.const(0)), call.y)

    general(f"scipy.special.{signature}", vjp={arg: pull}, jvp={arg: push}, infer=_first_type, kinks=kinks)


_first("legendre_p(n, z)", "np.where(n == 0, 0.0, 0.5 * (n + 1.0) * sp.eval_jacobi(n - 1, 1.0, 1.0, z))")
_ASSOCIATED = "((n + m) * sp.assoc_legendre_p(n - 1, m, z)[0] - n * z * y[0]) / (1.0 - z * z)"
_first("assoc_legendre_p(n, m, z)", _ASSOCIATED, "at z = -1 and 1: nan")
_NEXT = "sp.sph_legendre_p(n, m {} 1, theta)[0]"
_first(
    "sph_legendre_p(n, m, theta)",
    f"np.where(np.sin(theta) < 0.0, -0.5, 0.5) * ({_UP} * {_NEXT.format('+')} - {_DOWN} * {_NEXT.format('-')})",
    "where theta is a multiple of pi: the derivative for theta in [0, pi]",
)
