"""scipy.optimize: roots of functions of one number, by the implicit function theorem.

x = scipy.optimize.brentq(f, a, b, args=(p,))      with f(x, p) = 0      ->      p_bar = -x_bar * f_p(x, p) / f_x(x, p)

The solver itself carries no derivative: the front end reads f, and puts `adgen.implicit(x, f(x, p), f_x(x, p))`
behind it, which is x, and whose derivative by the residual is -1 / f_x.
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import FLOAT, Array, Type
from adgen.rules.call import Call
from adgen.rules.infer import plain
from adgen.rules.kinds import general
from adgen.rules.rule import Facts, TypeProblem

BRACKETED = ("brentq", "brenth", "bisect", "ridder")
FROM_A_START = ("newton", "fixed_point")


def _unread(call: Call, g: Value) -> Value | None:
    raise TypeProblem(f"the derivative of `{call.rule.name}` of a function that is not read", "pass a def or a lambda")


def _unread_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    return _unread(call, call.y) if dots else None


def _number(facts: Facts) -> Type:
    return Array("f8", ()) if facts.name.endswith("fixed_point") else FLOAT


for _name in BRACKETED:
    general(
        f"scipy.optimize.{_name}(f, a, b, args=(), *, xtol=0.0, rtol=0.0, maxiter=100)",
        vjp=dict.fromkeys(("f", "a", "b", "args"), _unread),
        jvp=_unread_jvp,
        infer=_number,
    )
general(
    "scipy.optimize.newton(func, x0, *, args=(), tol=0.0, maxiter=50)",
    vjp=dict.fromkeys(("func", "x0", "args"), _unread),
    jvp=_unread_jvp,
    infer=_number,
)
general(
    "scipy.optimize.fixed_point(func, x0, args=(), xtol=0.0, maxiter=500)",
    vjp=dict.fromkeys(("func", "x0", "args"), _unread),
    jvp=_unread_jvp,
    infer=_number,
)
general(
    "adgen.implicit(x, residual, slope)",
    vjp={"residual": "-g / slope"},
    jvp={"residual": "-residual_dot / slope"},
    infer=lambda facts: plain(facts.types[0]),
    doc="a root: x, which moves so that the residual stays zero",
)
