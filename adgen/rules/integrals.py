"""scipy.integrate: what the front end differentiates in place of an integral, or of a solution.

y = adgen.follows(x, model)      ->      model_bar = y_bar          the value is x, it moves as the model does

The functions of SciPy themselves carry no derivative: the front end reads the function that they are given.
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import FLOAT, Array, Struct, Type
from adgen.rules.call import Call
from adgen.rules.infer import plain
from adgen.rules.kinds import general, zero
from adgen.rules.rule import Facts, TypeProblem


def _unread(call: Call, g: Value) -> Value | None:
    raise TypeProblem(f"the derivative of `{call.rule.name}` of a function that is not read", "pass a def or a lambda")


def _unread_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    return _unread(call, call.y) if dots else None


PAIR = Struct("tuple", ("0", "1"), (FLOAT, FLOAT))
RULED = Struct("tuple", ("0", "1", "2", "3"), (FLOAT, FLOAT, Array("f8", (None,)), Array("f8", (None,))))


def _pair(facts: Facts) -> Type:
    return PAIR


general(
    "scipy.integrate.quad(func, a, b, args=(), *, epsabs=0.0, epsrel=0.0, limit=50, points=None)",
    vjp=dict.fromkeys(("func", "a", "b", "args", "points"), _unread),
    jvp=_unread_jvp,
    infer=_pair,
)
general(
    "scipy.integrate.fixed_quad(func, a, b, args=(), n=5)",
    vjp=dict.fromkeys(("func", "a", "b", "args"), _unread),
    jvp=_unread_jvp,
    infer=_pair,
)
zero(
    "quad(func, a, b, args=(), *, epsabs=0.0, epsrel=0.0, limit=50, points=None)",
    infer=lambda facts: RULED,
    doc="an integral with the nodes and weights of a rule for it, which are shares of the interval",
)
# solutions of differential equations ----------------------------------------------------------------------------------
LINE, TABLE = Array("f8", (None,)), Array("f8", (None, None))
STEPS = (LINE, TABLE, LINE, Array("i8", (None,)), TABLE, LINE, LINE)
SOLVED = Struct("tuple", tuple(str(k) for k in range(len(STEPS))), STEPS)


def _at_times(call: Call, g: Value) -> Value | None:
    raise TypeProblem("the derivative by the times at which a solution is asked for", "scale the time in the equation")


general(
    "scipy.integrate.solve_ivp(fun, t_span, y0, method='RK45', t_eval=None, *, args=None, rtol=0.0, atol=0.0, "
    "max_step=0.0, first_step=None)",
    vjp=dict.fromkeys(("fun", "t_span", "y0", "args"), _unread),
    jvp=_unread_jvp,
    infer=lambda facts: SOLVED,
)
general(
    "scipy.integrate.odeint(func, y0, t, args=(), *, tfirst=False, rtol=None, atol=None, mxstep=0)",
    vjp=dict.fromkeys(("func", "y0", "t", "args"), _unread),
    jvp=_unread_jvp,
    infer=lambda facts: TABLE,
)
general(
    "trajectory(func, t, y0, args=(), *, method='RK45', t_eval=None, tfirst=False, rtol=0.0, atol=0.0, max_step=0.0, "
    "first_step=None, mxstep=0)",
    vjp={"t": _at_times, "t_eval": _at_times},
    jvp=lambda call, dots: _at_times(call, call.y),
    infer=lambda facts: SOLVED,
    doc="times and states of a solution, and its steps for a scheme that makes them again",
)
general(
    "adgen.follows(x, model)",
    vjp={"model": "g"},
    jvp={"model": "model_dot"},
    infer=lambda facts: plain(facts.types[0]),
    doc="a value that was computed in another way: x, with the derivative of a model of it",
)
