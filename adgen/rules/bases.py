"""The rest of np.polynomial: products, conversions, several variables, weights; in all six bases.

    c = chebmul(a, b)        ->      a_bar = chebvander(x, n).T @ (chebval(x, b) * np.linalg.solve(v.T, c_bar))
    y = chebval2d(x, y, c)   ->      np.einsum over chebvander(x, m) and chebvander(y, n)

A product, a power and a change of basis are known by their values at as many nodes `x` as there are coefficients.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, Struct, Type, Unknown
from adgen.rules.call import Call
from adgen.rules.composed import composed
from adgen.rules.infer import as_content, broadcast, plain, promote, rank_of, shape_of
from adgen.rules.kinds import Joint, Piece, elementwise, general, zero
from adgen.rules.matrices import float_dtype, tuple_of
from adgen.rules.polynomials import BASES
from adgen.rules.rule import Facts, TypeProblem

# x * B_k = above_k * B_{k+1} + at_k * B_k + below_k * B_{k-1}
STEPS = {
    "chebyshev": ("np.where(k == 0, 1.0, 0.5)", "", "np.where(k == 0, 0.0, 0.5)"),
    "legendre": ("(k + 1.0) / (2.0 * k + 1.0)", "", "k / (2.0 * k + 1.0)"),
    "hermite": ("0.5", "", "k"),
    "hermite_e": ("1.0", "", "k"),
    "laguerre": ("-(k + 1.0)", "2.0 * k + 1.0", "-k"),
}
WEIGHTS = {
    "chebyshev": "x * y / ((1.0 - x) * (1.0 + x))",
    "legendre": "0",
    "hermite": "-2.0 * x * y",
    "hermite_e": "-x * y",
    "laguerre": "-y",
}
LINES = {"hermite": ("g[0]", "0.5 * g[1]"), "laguerre": ("g[0]", "g[0] - g[1]")}
LINE_DOTS = {"hermite": "np.array((one, 0.5 * two))", "laguerre": "np.array((one + two, -two))"}


# types ---------------------------------------------------------------------------------------------------------------
def _line(type_: Type, name: str) -> Array:
    shape = shape_of(type_)
    if shape is None or len(shape) != 1:
        raise TypeProblem(f"`{name}` of what is not known to be a line", "pass an array of coefficients")
    return Array(float_dtype([type_]), shape)


def _coefficients(facts: Facts) -> Type:
    lines = [_line(type_, facts.name) for arg, type_ in zip(facts.args, facts.types, strict=True) if arg in "abcr"]
    made = facts.name.endswith("fromroots") or ".poly2" in facts.name  # of Python's zeros and ones
    return Array(float_dtype([*lines, Array("f8" if made else "b1", ())]), (None,))


def _of_numbers(facts: Facts) -> Type:
    return Array(float_dtype([as_content(type_) for type_ in facts.types[:2]]), (None,))


def _known(shape: tuple[Dim, ...] | None, facts: Facts) -> tuple[Dim, ...]:
    if shape is None:
        raise TypeProblem(f"`{facts.name}` of arrays of unknown rank", "annotate the arguments")
    return shape


def _points(facts: Facts) -> list[Type]:
    return [as_content(type_) for arg, type_ in zip(facts.args, facts.types, strict=True) if arg in ("x", "y", "z")]


def _values_type(facts: Facts) -> Type:
    points = _points(facts)
    lead = _known(broadcast([shape_of(type_) for type_ in points]), facts)
    return Array(float_dtype([*points, _table(facts, len(points))]), lead)


def _table(facts: Facts, rank: int) -> Type:
    """The coefficients, with an axis for each variable."""
    type_ = as_content(facts.type("c"))
    if len(shape_of(type_) or (None,) * rank) < rank or shape_of(type_) == ():
        raise TypeProblem(f"`{facts.name}` of coefficients of a lower rank", f"pass an array of rank {rank}")
    return type_


def _grid_type(facts: Facts) -> Type:
    points = _points(facts)
    sizes: list[Dim] = []
    for type_ in points:
        sizes += _line(type_, facts.name).shape or ()
    return Array(float_dtype([*points, _table(facts, len(points))]), tuple(sizes))


def _products_type(facts: Facts) -> Type:
    points = _points(facts)
    lead = _known(broadcast([shape_of(type_) for type_ in points]), facts)
    degrees = facts.static("deg")
    if not isinstance(degrees, (tuple, list)) or not all(type(degree) is int for degree in degrees) or not lead:
        raise TypeProblem(f"`{facts.name}` like this", "pass arrays, and the degrees as a tuple of numbers")
    size = 1
    for degree in degrees:
        size *= degree + 1
    return Array(float_dtype(points), (*lead, size))


def _weight_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    if isinstance(type_, Unknown):
        return UNKNOWN
    return Array(promote([type_]) if isinstance(type_, Array) else "f8", shape_of(type_))


# pieces --------------------------------------------------------------------------------------------------------------
def _nodes(call: Call, module: str, size: Value) -> Value:
    """As many points as coefficients: those of the basis's own quadrature (Chebyshev's for powers)."""
    family = "chebyshev" if module == "polynomial" else module
    rule = f"np.polynomial.{family}.{BASES[family]}gauss"
    return call.b.item(call(f"{rule}(size)", size=size), 0)


def _products(module: str, p: str) -> None:
    """Products and powers, through their values at nodes."""

    def pulled(call: Call, g: Value, size: Value) -> tuple[Value, Value]:
        x = _nodes(call, module, size)
        v = call(f"{p}vander(x, size - 1)", x=x, size=size)
        padded = call("resized(g, np.zeros(size))", g=g, size=size)
        return x, call("np.linalg.solve(v.T, padded)", v=v, padded=padded)

    def side(own: str, other: str) -> Piece:
        def piece(call: Call, g: Value) -> Value:
            x, weights = pulled(call, g, call("a.size + b.size - 1"))
            text = f"(weights * {p}val(x, {other})) @ {p}vander(x, {own}.size - 1)"
            return call(text, x=x, weights=weights)

        return piece

    def power(call: Call, g: Value) -> Value | None:
        if call.b.constants.get(call.values["pow"]) == 0:
            return None
        x, weights = pulled(call, g, call("(c.size - 1) * pow + 1"))
        return call(f"(weights * pow * {p}val(x, c) ** (pow - 1)) @ {p}vander(x, c.size - 1)", x=x, weights=weights)

    def power_dot(call: Call, dots: Mapping[str, Value]) -> Value | None:
        if "c" not in dots or call.b.constants.get(call.values["pow"]) == 0:
            return None
        return call(f"resized(pow * {p}mul({p}pow(c, pow - 1), dot), y)", dot=dots["c"])

    if module != "polynomial":  # of powers: a convolution
        general(
            f"{p}mul(a, b)",
            vjp={"a": side("a", "b"), "b": side("b", "a")},
            jvp={"a": f"resized({p}mul(a_dot, b), y)", "b": f"resized({p}mul(a, b_dot), y)"},
            infer=_coefficients,
        )
    general(f"{p}pow(c, pow, maxpower=None)", vjp={"c": power}, jvp=power_dot, infer=_coefficients)


def _conversion(name: str, module: str, into: bool) -> None:
    """Between powers and a basis: a matrix, by the values at nodes."""
    p = f"np.polynomial.{module}.{BASES[module]}"

    def matrix(call: Call) -> Value:
        size = call("c.size")
        x = _nodes(call, module, size)
        powers, own = "np.polynomial.polynomial.polyvander(x, size - 1)", f"{p}vander(x, size - 1)"
        first, second = (own, powers) if into else (powers, own)
        return call(f"np.linalg.solve({first}, {second})", x=x, size=size)

    general(
        name,
        vjp={"c": lambda call, g: call("resized(g, c) @ m", g=g, m=matrix(call))},
        jvp={"c": lambda call, dot: call("resized(m @ dot, y)", dot=dot, m=matrix(call))},
        infer=_coefficients,
    )


def _several(p: str) -> None:
    """Values, grids and Vandermonde matrices of two and three variables."""
    for count, names in ((2, "xy"), (3, "xyz")):
        letters = "ijk"[:count]
        points = ", ".join(names)

        def value(call: Call, names: str = names, letters: str = letters, spread: bool = True) -> Value:
            rows = "abd"
            terms = ",".join(("..." if spread else rows[k]) + letter for k, letter in enumerate(letters))
            text = f"{terms},{letters}->" + ("..." if spread else rows[: len(letters)])
            found = {n: call(f"{p}vander({n}, c.shape[{k}] - 1)") for k, n in enumerate(names)}
            return call(f"np.einsum(subs, {', '.join(names)}, c)", subs=call.b.const(text), **found)

        def grid(call: Call, names: str = names, letters: str = letters) -> Value:
            return value(call, names, letters, False)

        def matrix(call: Call, names: str = names, letters: str = letters) -> Value:
            degrees = call.static("deg")
            assert isinstance(degrees, (tuple, list))
            text = ",".join("..." + letter for letter in letters) + "->..." + letters
            found = {n: call(f"{p}vander({n}, d)", d=call.b.const(degrees[k])) for k, n in enumerate(names)}
            whole = call(f"np.einsum(subs, {', '.join(names)})", subs=call.b.const(text), **found)
            return call("np.reshape(whole, w.shape)", whole=whole, w=call.y)

        composed(f"{p}val{count}d({points}, c) -> w", value, _values_type)
        composed(f"{p}grid{count}d({points}, c) -> w", grid, _grid_type)
        composed(f"{p}vander{count}d({points}, deg) -> w", matrix, _products_type, static=("deg",))


def _any_number(p: str) -> None:
    """Values in as many variables as there are points (NumPy 2.5): those of a tuple, or the rows of an array."""

    def build(call: Call) -> Value:
        points = _coordinates(call)
        letters = "ijklmnop"[: len(points)]
        found = {f"v{k}": call(f"{p}vander(x, c.shape[{k}] - 1)", x=x) for k, x in enumerate(points)}
        text = ",".join("..." + letter for letter in letters) + f",{letters}->..."
        return call(f"np.einsum(subs, {', '.join(found)}, c)", subs=call.b.const(text), **found)

    def infer(facts: Facts) -> Type:
        points = _coordinate_types(facts)
        if len(shape_of(facts.type("c")) or ()) != len(points) or len(points) > 8:
            raise TypeProblem(f"`{facts.name}` of {len(points)} points like this", "give an axis for each point")
        lead = _known(broadcast([shape_of(type_) for type_ in points]), facts)
        return Array(float_dtype([*points, as_content(facts.type("c"))]), lead)

    composed(f"{p}valnd(pts, c) -> w", build, infer)


def _coordinate_types(facts: Facts) -> list[Type]:
    given = plain(facts.types[0])
    if isinstance(given, Struct) and given.kind in ("tuple", "list"):
        return [as_content(item) for item in given.items]
    shape, axes = shape_of(given), rank_of(facts.type("c"))
    if not isinstance(given, Array) or not shape or not axes:
        raise TypeProblem(f"`{facts.name}` of points whose number is not known", "pass a tuple of arrays")
    return [Array(given.dtype, shape[1:])] * axes


def _coordinates(call: Call) -> list[Value]:
    given = call.values["pts"]
    type_ = plain(given.type)
    if isinstance(type_, Struct):
        return [call.b.item(given, k) for k in range(len(type_.items))]
    return [call(f"np.take(pts, {k}, axis=first)", first=call.b.const(0)) for k in range(call.rank("c"))]


def _shifted(module: str, p: str) -> None:
    """Multiplied by x: each coefficient goes to its neighbours."""
    above, at, below = STEPS[module]

    def piece(call: Call, g: Value) -> Value:
        g, k = call("resized(g, np.zeros(c.size + 1))", g=g), call("np.arange(c.size)")
        out = call(f"({above}) * g[1:]", g=g, k=k)
        if at:
            out = call(f"out + ({at}) * g[:-1]", out=out, g=g, k=k)
        return call(f"out + ({below}) * np.concatenate((np.zeros(1), g[:-2]))", out=out, g=g, k=k)

    general(f"{p}mulx(c)", vjp={"c": piece}, jvp={"c": f"resized({p}mulx(c_dot), y)"}, infer=_coefficients)


def _line_dot(text: str) -> Joint:
    def jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
        none = call.b.const(0.0)
        return call(text, one=dots.get("off", none), two=dots.get("scl", none)) if dots else None

    return jvp


def _nodes_type(facts: Facts) -> Type:
    return tuple_of(Array("f8", (None,)), Array("f8", (None,)))


def _from_roots(module: str, p: str) -> None:
    def build(call: Call) -> Value:
        powers = call("np.flip(np.poly(r))")
        if module == "polynomial":
            return powers
        return call(f"np.polynomial.{module}.poly2{BASES[module]}(powers)", powers=powers)

    composed(f"{p}fromroots(r)", build, _coefficients)


for _module, _short in BASES.items():
    _p = f"np.polynomial.{_module}.{_short}"
    _products(_module, _p)
    _several(_p)
    if hasattr(getattr(np.polynomial, _module), f"{_short}valnd"):
        _any_number(_p)
    _trim = {"c": "resized(g, c)"}
    general(f"{_p}trim(c, tol=0)", vjp=_trim, jvp={"c": "resized(c_dot, y)"}, infer=_coefficients)
    _by = LINES.get(_module, ("g[0]", "g[1]"))
    _text = LINE_DOTS.get(_module, "np.array((one, two))")
    general(
        f"{_p}line(off, scl)",
        vjp={"off": _by[0], "scl": _by[1]},
        jvp=_line_dot(_text),
        infer=_of_numbers,
    )
    _from_roots(_module, _p)
    if _module == "polynomial":
        general(
            f"{_p}mulx(c)",
            vjp={"c": "resized(g, np.zeros(c.size + 1))[1:]"},
            jvp={"c": f"resized({_p}mulx(c_dot), y)"},
            infer=_coefficients,
        )
        continue
    _shifted(_module, _p)
    _conversion(f"np.polynomial.{_module}.poly2{_short}(c)", _module, True)
    _conversion(f"np.polynomial.{_module}.{_short}2poly(c)", _module, False)
    zero(f"{_p}gauss(deg)", infer=_nodes_type)
    elementwise(f"{_p}weight(x)", WEIGHTS[_module], domain={"x": "inside"}, infer=_weight_type)
for _name in ("chebpts1", "chebpts2"):
    zero(f"np.polynomial.chebyshev.{_name}(npts)", infer=lambda facts: Array("f8", (None,)))


def _from_factors(call: Call) -> Value:
    apart = call("np.expand_dims(x, last) - r", last=call.b.const(-1))
    return call("np.prod(apart, axis=last)", apart=apart, last=call.b.const(-1))


def _factors_type(facts: Facts) -> Type:
    x, r = as_content(facts.types[0]), _line(facts.types[1], facts.name)
    shape = _known(shape_of(x), facts)
    if not shape:
        raise TypeProblem(f"`{facts.name}` of a number", "pass an array")
    return Array(float_dtype([x, r]), shape)


composed("np.polynomial.polynomial.polyvalfromroots(x, r)", _from_factors, _factors_type)
