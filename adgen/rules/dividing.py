"""Division of polynomials in all bases, and companion matrices.

q, r = np.polydiv(u, v)     ->      c = the matrix that multiplies by v, t = its square part
                                    u_bar = r_bar + t^-T @ (q_bar - c.T @ r_bar);  v_bar = -(times q).T @ u_bar
m = chebcompanion(c)        ->      the last column alone depends on c, by c[:-1] / c[-1]

A product is known by its values at as many nodes as it has coefficients.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adgen.ir.core import Value
from adgen.ir.types import Array, Type
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import dtype_of, shape_of
from adgen.rules.kinds import general
from adgen.rules.matrices import float_dtype, tuple_of
from adgen.rules.polynomials import BASES
from adgen.rules.rule import Facts, TypeProblem


def _lines(facts: Facts) -> Array:
    """A line of coefficients of unknown number."""
    for type_ in facts.types:
        shape = shape_of(type_)
        if shape is None or len(shape) != 1:
            raise TypeProblem(f"`{facts.name}` of what is not known to be a line", "pass arrays of coefficients")
    dtype = float_dtype(list(facts.types))
    if dtype is not None and dtype[0] == "c":
        raise TypeProblem(f"`{facts.name}` of complex numbers", "pass real coefficients")
    return Array(dtype, (None,))


def _division_type(facts: Facts) -> Type:
    line = _lines(facts)
    return tuple_of(line, line)


# division ------------------------------------------------------------------------------------------------------------
class Division:
    """The matrices of a division u = q v + r, coefficients from the lowest power on."""

    def __init__(self, call: Call, module: str, turned: bool) -> None:
        self.call, self.turned = call, turned
        if any(dtype_of(value.type) == "f16" for value in call.op.operands):
            raise TypeProblem(f"`{call.rule.name}` of numbers longer than float64", "convert them: `astype(float)`")
        self.p = f"np.polynomial.{module}.{BASES[module]}"
        family = "chebyshev" if module == "polynomial" else module
        one, two = (value for value in call.op.operands[:2])
        self.u, self.v = self.up(one), self.up(two)
        self.q, self.r = self.up(call.b.item(call.y, 0)), self.up(call.b.item(call.y, 1))
        self.m, self.n = call("u.size", u=self.u), call("v.size", v=self.v)
        self.k = call("max(m - n + 1, 0)", m=self.m, n=self.n)
        rule = f"np.polynomial.{family}.{BASES[family]}gauss"
        self.x = call.b.item(call(f"{rule}(m)", m=self.m), 0)
        self.basis = call(f"{self.p}vander(x, m - 1)", x=self.x, m=self.m)
        self.c = self.times(self.v, self.k)
        self.t = call("c[m - k:]", c=self.c, m=self.m, k=self.k)

    def up(self, line: Value) -> Value:
        """Coefficients from the lowest power on."""
        return self.call("np.flip(line)", line=line) if self.turned else line

    def times(self, factor: Value, count: Value) -> Value:
        """The matrix that multiplies so many coefficients by a polynomial."""
        text = f"np.linalg.solve(basis, {self.p}val(x, f)[:, None] * basis[:, :count])"
        return self.call(text, basis=self.basis, x=self.x, f=factor, count=count)

    def filled(self, line: Value, size: Value) -> Value:
        """Coefficients filled up with zeros, or cut off."""
        return self.call("resized(line, np.zeros(size))", line=line, size=size)

    def pull(self, g: Value) -> tuple[Value, Value]:
        """The adjoints of both polynomials."""
        call = self.call
        q_bar = self.filled(self.up(call.b.item(g, 0)), self.k)
        r_bar = self.filled(self.up(call.b.item(g, 1)), self.m)
        inner = call("np.linalg.solve(t.T, q_bar - c.T @ r_bar)", t=self.t, q_bar=q_bar, c=self.c, r_bar=r_bar)
        w = call("r_bar + np.append(np.zeros(m - k), inner)", r_bar=r_bar, m=self.m, k=self.k, inner=inner)
        v_bar = self.filled(call("-d.T @ w", d=self.times(self.q, self.n), w=w), self.n)
        return self.up(w), self.up(v_bar)

    def push(self, dots: Mapping[str, Value]) -> Value:
        """The tangents of quotient and rest."""
        call = self.call
        one, two = (dots.get(name) for name in call.args[:2])
        w = self.up(one) if one is not None else call("np.zeros(m)", m=self.m)
        if two is not None:
            moved = call(
                "d @ cut",
                d=self.times(self.q, self.n),
                cut=self.filled(self.up(two), call("min(m, n)", m=self.m, n=self.n)),
            )
            w = call("w - moved", w=w, moved=moved)
        q_dot = call("np.linalg.solve(t, w[m - k:])", t=self.t, w=w, m=self.m, k=self.k)
        r_dot = call("w - c @ q_dot", w=w, c=self.c, q_dot=q_dot)
        q_dot = self.up(call("resized(q_dot, q)", q_dot=q_dot, q=self.q))
        r_dot = self.up(call("resized(r_dot, r)", r_dot=r_dot, r=self.r))
        return call.b.pack(tuple_of(q_dot.type, r_dot.type), (q_dot, r_dot))


def _division(name: str, params: str, module: str, turned: bool) -> None:
    def side(place: int) -> Callable[[Call, Value], Value]:
        return lambda call, g: Division(call, module, turned).pull(g)[place]

    one, two = params.split(", ")
    general(
        f"{name}({params})",
        vjp={one: side(0), two: side(1)},
        jvp=lambda call, dots: Division(call, module, turned).push(dots) if dots else None,
        infer=_division_type,
        kinks="division by a polynomial whose leading coefficient is zero: LinAlgError",
    )


# companion matrices --------------------------------------------------------------------------------------------------
def _companion_type(facts: Facts) -> Type:
    found = _lines(facts)
    size = (shape_of(facts.types[0]) or (None,))[0]
    dim = size - 1 if isinstance(size, int) else None
    return Array(found.dtype, (dim, dim))


def _companion(name: str) -> None:
    def scale(call: Call) -> Value:
        """What c[:-1] / c[-1] is multiplied by: read off the matrices of two lines."""
        ends = apply(call.b, name, (call("np.eye(1, c.size, k=c.size - 1)[0]"),), ("c",))
        ones = apply(call.b, name, (call("np.ones(c.size)"),), ("c",))
        return call("(ends - ones)[:, -1]", ends=ends, ones=ones)

    def pull(call: Call, g: Value) -> Value:
        t = call("-scale * g[:, -1] / c[-1]", scale=scale(call), g=g)
        return call("np.append(t, -np.vdot(t, c[:-1]) / c[-1])", t=t)

    def push(call: Call, dot: Value) -> Value:
        column = call("-scale * (dot[:-1] - c[:-1] * dot[-1] / c[-1]) / c[-1]", scale=scale(call), dot=dot)
        return call("np.eye(1, v.size, k=v.size - 1) * v[:, None]", v=column)

    general(f"{name}(c)", vjp={"c": pull}, jvp={"c": push}, infer=_companion_type)


_division("np.polydiv", "u, v", "polynomial", True)
for _module, _short in BASES.items():
    _division(f"np.polynomial.{_module}.{_short}div", "c1, c2", _module, False)
    _companion(f"np.polynomial.{_module}.{_short}companion")
