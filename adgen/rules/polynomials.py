"""Polynomials: np.poly*, and the six bases of np.polynomial.

    c = np.polymul(a, b)       ->      a_bar = np.convolve(c_bar, b[::-1], mode="valid")
    r = np.roots(p)            ->      p_bar = -(r_bar / np.polyval(np.polyder(p), r)) @ np.vander(r, p.size)
    y = chebval(x, c)          ->      x_bar = y_bar * chebval(x, chebder(c))

Roots count as complex; that of a simple root moves by the implicit function theorem.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from adgen.ir.core import Value
from adgen.ir.types import FLOAT, INT, UNKNOWN, Array, Dim, ListOf, Scalar, Struct, Type
from adgen.rules import shapes
from adgen.rules.antiderivatives import REFUSED, by_constants, by_matrix, constants_dot, same_of, times
from adgen.rules.call import Call
from adgen.rules.composed import composed
from adgen.rules.infer import as_content, dtype_of, plain, promote, shape_of
from adgen.rules.kinds import Piece, general, linear
from adgen.rules.lists import taken_apart
from adgen.rules.matrices import float_dtype, tuple_of
from adgen.rules.rule import Facts, TypeProblem

BASES = {"polynomial": "poly", "chebyshev": "cheb", "legendre": "leg"}
BASES |= {"hermite": "herm", "hermite_e": "herme", "laguerre": "lag"}
REPEATED = "a repeated root has no derivative: inf or nan"


# types ---------------------------------------------------------------------------------------------------------------
def _line(facts: Facts, place: int = 0) -> Array:
    """The type of coefficients: a line."""
    type_ = as_content(facts.types[place])
    shape = shape_of(type_)
    if shape is None or len(shape) != 1:
        raise TypeProblem(f"`{facts.name}` of what is not known to be a line", "pass an array of coefficients")
    return Array(dtype_of(type_), shape)


def _pair_type(facts: Facts) -> Type:
    one, two = _line(facts), _line(facts, 1)
    return Array(promote([one, two]), (None,))


def _longer(facts: Facts) -> Type:
    one, two = _line(facts), _line(facts, 1)
    assert one.shape is not None and two.shape is not None
    a, b = one.shape[0], two.shape[0]
    size: Dim = max(a, b) if isinstance(a, int) and isinstance(b, int) else a if a == b else None
    return Array(promote([one, two]), (size,))


def _vague_line(facts: Facts) -> Type:
    whole = Array("b1" if facts.static("m", 1) == 0 else "i8", ())  # they multiply by whole numbers
    return Array(float_dtype([_line(facts), whole]), (None,))


def _complex_line(facts: Facts) -> Type:
    """Roots: taken to be complex, in the precision of the coefficients."""
    dtype = float_dtype([_line(facts)])
    if dtype is None:
        raise TypeProblem(f"`{facts.name}` of a line whose dtype is not known", "give the types of the arguments")
    return Array(promote([Array(dtype, ()), Scalar("complex")]), (None,))


# np.poly* ------------------------------------------------------------------------------------------------------------
def _tail(own: str) -> Piece:
    return lambda call, g: call(f"g[g.size - {own}.size :]", g=g)


linear("np.polyadd(a, b)", {"a": _tail("a"), "b": _tail("b")}, infer=_longer)
linear("np.polysub(a, b)", {"a": _tail("a"), "b": lambda call, g: call("-g[g.size - b.size :]", g=g)}, infer=_longer)


def _product(other: str) -> Piece:
    """NumPy leaves out leading zeros: they are put back.  A line without entries is zero."""

    def piece(call: Call, g: Value) -> Value:
        v, mode = call.values[other], call.b.const("valid")
        if not _may_be_empty(call):
            whole = call("np.concatenate((np.zeros(a.size + b.size - 1 - g.size), g))", g=g)
            return call("np.convolve(whole, v[::-1], mode=mode)", whole=whole, v=v, mode=mode)
        whole = call("np.concatenate((np.zeros(a.size + b.size + 1 - g.size), g))", g=g)
        return call("np.convolve(whole, np.pad(v, (1, 0))[::-1], mode=mode)[1:]", whole=whole, v=v, mode=mode)

    return piece


def _may_be_empty(call: Call) -> bool:
    """Whether one of the factors may be without entries: np.convolve takes none."""
    sizes = [shape_of(call.type(name)) for name in ("a", "b")]
    return not all(size is not None and isinstance(size[0], int) and size[0] > 0 for size in sizes)


def _product_dot(other: str) -> Piece:
    def piece(call: Call, dot: Value) -> Value:
        text = "np.convolve(np.pad(dot, (1, 0)), np.pad(v, (1, 0)))" if _may_be_empty(call) else "np.convolve(dot, v)"
        whole = call(text, dot=dot, v=call.values[other])
        return call("whole[whole.size - y.size :]", whole=whole)

    return piece


general(
    "np.polymul(a, b)",
    vjp={"a": _product("b"), "b": _product("a")},
    jvp={"a": _product_dot("b"), "b": _product_dot("a")},
    infer=_pair_type,
)


def _der(call: Call, g: Value) -> Value:
    for _ in range(times(call)):
        g = call("np.concatenate((g * np.arange(g.size, 0, -1), np.zeros(1)))", g=g)
    shape = shape_of(call.type("p"))
    size = None if shape is None else shape[0]
    enough = isinstance(size, int) and times(call) <= size  # beyond the degree nothing is left
    return g if enough else call("g[: p.size]", g=g)


def _int(call: Call, g: Value) -> Value:
    for _ in range(times(call)):
        g = call("g[:-1] / np.arange(g.size - 1, 0, -1)", g=g)
    return g


linear("np.polyder(p, m=1)", {"p": _der}, infer=_vague_line, static=("m",))


def _int_constants(call: Call, g: Value) -> Value:
    """The constants of integration are the last coefficients, the first one integrated most often."""
    count, b = times(call), call.b
    scales = b.const(tuple(1.0 / math.factorial(count - 1 - place) for place in range(count)))
    out = call("g[g.size - n :] * np.array(scales)", g=g, n=b.const(count), scales=scales)
    given = plain(call.values["k"].type)
    if isinstance(given, (Struct, ListOf)):
        return taken_apart(b, out, given)
    return shapes.unbroadcast(b, out, call.values["k"])


linear("np.polyint(p, m=1, k=None)", {"p": _int, "k": _int_constants}, infer=_vague_line, static=("m",))


def _from_roots(call: Call, g: Value) -> Value:
    behind = call("np.convolve(g, y[::-1])[r.size + 1 :]", g=g)
    return call("-np.polyval(behind[::-1], r)", behind=behind)


def _from_roots_dot(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "r" not in dots:
        return None
    sums = call("dot @ np.vander(r, increasing=flag)", dot=dots["r"], flag=call.b.const(True))
    return call("np.concatenate((np.zeros(1), -np.convolve(y, sums)[: r.size]))", sums=sums)


def _from_roots_type(facts: Facts) -> Type:
    line = _line(facts)
    if line.dtype is None or line.dtype[0] == "c":
        raise TypeProblem("`np.poly` of what is not known to be a line of real numbers", "pass real roots")
    size = line.shape[0] if line.shape is not None else None
    return Array(float_dtype([line]), (size + 1 if isinstance(size, int) else None,))


general("np.poly(r)", vjp={"r": _from_roots}, jvp=_from_roots_dot, infer=_from_roots_type)


def _roots_vjp(call: Call, g: Value) -> Value:
    slope = call("np.polyval(np.polyder(p), y)")
    return call("-(g / slope) @ np.vander(y, p.size)", g=g, slope=slope)


def _roots_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    return call("-np.polyval(dot, y) / np.polyval(np.polyder(p), y)", dot=dots["p"]) if "p" in dots else None


general("np.roots(p)", vjp={"p": _roots_vjp}, jvp=_roots_jvp, infer=_complex_line, kinks=REPEATED)


def _fit_type(facts: Facts) -> Type:
    types = [as_content(facts.type(name)) for name in ("x", "y")]
    degree, shape = facts.static("deg"), shape_of(types[1])
    full, cov, own = facts.static("full", False), facts.static("cov", False), facts.name == "np.polyfit"
    if not isinstance(degree, int) or shape is None or ((full or cov) and not (own and len(shape) == 1)):
        raise TypeProblem(f"`{facts.name}` like this", "pass the degree as a number, and take the coefficients alone")
    dtype = float_dtype([*types, Array("i8" if own else "b1", ())])  # np.vander takes powers of whole numbers
    if (full or cov) and dtype is not None and dtype[0] == "c":
        raise TypeProblem("the spread of `np.polyfit` of complex numbers", "take the coefficients alone")
    found = Array(dtype, (degree + 1, *shape[1:]))
    if full:
        return tuple_of(found, Array(dtype, (None,)), INT, Array(dtype, (degree + 1,)), FLOAT)
    return tuple_of(found, Array(dtype, (degree + 1, degree + 1))) if cov else found


def _fitting(name: str, vander: str) -> None:
    """Least squares over the powers; weights multiply both sides."""

    def build(call: Call) -> Value:
        degree = call.static("deg")
        assert isinstance(degree, int)
        powers = call(vander, n=call.b.const(degree + (1 if "np.vander" in vander else 0)))
        right = call.values["y"]
        if call.has("w"):
            powers = call("np.expand_dims(w, 1) * powers", powers=powers)
            right = call("w * y" if call.rank("y") == 1 else "np.expand_dims(w, 1) * y")
        found = call.b.item(call("np.linalg.lstsq(powers, right)", powers=powers, right=right), 0)
        return _beside(call, found, powers, right)

    signature = f"{name}(x, y, deg, rcond=None, full=False, w=None, cov=False) -> p"
    composed(signature, build, _fit_type, static=("deg", "full", "cov"))


def _beside(call: Call, found: Value, powers: Value, right: Value) -> Value:
    """The coefficients with what `full` and `cov` ask for: the sum of squares and singular values; their covariance."""
    b, full, cov = call.b, call.static("full", False), call.static("cov", False)
    if not (full or cov):
        return found
    apart = call("powers @ found - right", powers=powers, found=found, right=right)
    squares = call("apart @ apart", apart=apart)
    if full:
        one = call("np.reshape(squares, (1,))", squares=squares)
        lengths = call("np.sqrt(np.sum(powers * powers, axis=first))", powers=powers, first=b.const(0))
        s = call("np.linalg.svdvals(powers / lengths)", powers=powers, lengths=lengths)
        return _tuple_of(call, (found, one, b.item(call.y, 2), s, b.item(call.y, 4)))
    spread = call("np.linalg.inv(powers.T @ powers)", powers=powers)
    if cov != "unscaled":
        freedom = call("powers.shape[0] - powers.shape[1]", powers=powers)
        spread = call("spread * (squares / freedom)", spread=spread, squares=squares, freedom=freedom)
    return _tuple_of(call, (found, spread))


def _tuple_of(call: Call, parts: Sequence[Value]) -> Value:
    return call.b.pack(tuple_of(*(part.type for part in parts)), list(parts))


_fitting("np.polyfit", "np.vander(x, n)")


# the bases of np.polynomial ------------------------------------------------------------------------------------------
def _value_type(facts: Facts) -> Type:
    x, c = as_content(facts.types[0]), _line(facts, 1)
    shape = shape_of(x)
    return UNKNOWN if shape is None else Array(float_dtype([x, Array(float_dtype([c]), ())]), shape)


def _powers_type(facts: Facts) -> Type:
    x, degree = as_content(facts.types[0]), facts.statics.get("deg")
    shape = shape_of(x)
    if not shape:
        raise TypeProblem(f"`{facts.name}` of what is not known to be an array", "pass an array")
    return Array(float_dtype([x]), (*shape, degree + 1 if isinstance(degree, int) else None))


def _linear_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    shape = shape_of(type_)
    if shape is None or len(shape) not in (1, 2):
        raise TypeProblem(f"`{facts.name}` of what is not known to be a line or matrix", "annotate the argument")
    axis, own = facts.static("axis", 0), list(shape)
    if not isinstance(axis, int) or not -len(shape) <= axis < len(shape):
        raise TypeProblem(f"`{facts.name}` along an axis that is not known", "write it as a literal")
    own[axis] = None
    scales = [as_content(facts.type(name)) for name in ("lbnd", "scl") if facts.has(name)]
    return Array(float_dtype([type_, *scales]), tuple(own))


def _base(module: str, short: str) -> None:
    """The entries of one basis."""
    p = f"np.polynomial.{module}.{short}"

    def coefficients(call: Call, g: Value) -> Value:
        return call(f"np.ravel(g) @ {p}vander(np.ravel(x), c.size - 1)", g=g)

    general(
        f"{p}val(x, c, tensor=True)",
        vjp={
            "x": lambda call, g: call(f"g * {p}val(x, {p}der(c))", g=g),
            "c": coefficients,
        },
        jvp={"x": f"x_dot * {p}val(x, {p}der(c))", "c": f"{p}val(x, c_dot)"},
        infer=_value_type,
    )

    def slopes(call: Call) -> Value:
        degree = call.statics.get("deg")
        if isinstance(degree, int):
            lower, size = call.b.const(max(degree - 1, 0)), call.b.const(degree + 1)
        else:
            lower, size = call("max(deg - 1, 0)"), call("deg + 1")
        return call(f"{p}vander(x, lower) @ {p}der(np.eye(size))", lower=lower, size=size)

    def powers(call: Call, g: Value) -> Value:
        return call("np.sum(g * found, axis=last)", g=g, found=slopes(call), last=call.b.const(-1))

    def powers_dot(call: Call, dots: Mapping[str, Value]) -> Value | None:
        return call("dot[..., None] * found", dot=dots["x"], found=slopes(call)) if "x" in dots else None

    general(f"{p}vander(x, deg)", vjp={"x": powers}, jvp=powers_dot, infer=_powers_type, peeks=("deg",))
    for name in ("der", "int"):
        more = ", k=None, lbnd=0, scl=1, axis=0" if name == "int" else ", scl=1, axis=0"
        pull: dict[str, Piece] = {"k": by_constants(f"{p}int")} if name == "int" else {}
        push: dict[str, Piece] = {"k": constants_dot} if name == "int" else {}
        general(
            f"{p}{name}(c, m=1{more})",
            {"c": by_matrix(f"{p}{name}"), **pull, **REFUSED},
            {"c": same_of, **push, **REFUSED},
            infer=_linear_type,
            static=("m", "axis"),
        )
    for name, sign in (("add", ""), ("sub", "-")):
        general(
            f"{p}{name}(a, b)",
            vjp={"a": "resized(g, a)", "b": f"{sign}resized(g, b)"},
            jvp={"a": "resized(a_dot, y)", "b": f"{sign}resized(b_dot, y)"},
            infer=_pair_type,
        )
    general(
        f"{p}roots(c)",
        vjp={"c": f"-(g / {p}val(y, {p}der(c))) @ {p}vander(y, c.size - 1)"},
        jvp={"c": f"-{p}val(y, c_dot) / {p}val(y, {p}der(c))"},
        infer=_complex_line,
        kinks=REPEATED,
    )
    _fitting(f"{p}fit", f"{p}vander(x, n)")


for _module, _short in BASES.items():
    _base(_module, _short)


def _multiplied(other: str) -> Piece:
    def piece(call: Call, g: Value) -> Value:
        whole = call("resized(g, np.zeros(a.size + b.size - 1))", g=g)
        return call(f"np.convolve(whole, {other}[::-1], mode=mode)", whole=whole, mode=call.b.const("valid"))

    return piece


general(
    "np.polynomial.polynomial.polymul(a, b)",
    vjp={"a": _multiplied("b"), "b": _multiplied("a")},
    jvp={"a": "resized(np.convolve(a_dot, b), y)", "b": "resized(np.convolve(a, b_dot), y)"},
    infer=_pair_type,
)
