"""scipy.integrate.solve_ivp and odeint: the steps that they took are taken again, and differentiated.

s = solve_ivp(f, span, y0, args=(p,))      ->      t, y, shares, chosen, a, b, c = _trajectory(f, span, y0, (p,), ..)
                                                       for n in range(len(shares) - 1):
                                                           for i in range(len(b)):
                                                               k[i] = f(t0 + .., state + h * (a[i] @ k), p)
                                                           state = state + h * (b @ k)

The values are SciPy's, to the last bit; the derivatives, of any order, are those of its own Runge-Kutta steps, whose
lengths stay the same shares of the interval: as accurate as the solution.  Methods whose steps solve systems (odeint,
LSODA, BDF, Radau) have the derivatives of a solution by DOP853 of the same tolerances.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from adgen.frontend.bindings import Known, UserFunction
from adgen.frontend.lower_callbacks import written
from adgen.frontend.lower_calls import apply, builtin
from adgen.frontend.lower_handed import HELP, bound_arguments, handed_over, more_arguments
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Closure, Group, Thing
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Struct

OPTIONS = ("method", "t_eval", "tfirst", "rtol", "atol", "max_step", "first_step", "mxstep")
TIMES = ("t", "t_eval")
STEPS = """\
state = array(y0)
states = zeros((len(shares), len(state)))
states[0] = state
for n in range(len(shares) - 1):
    time = start + length * shares[n]
    h = length * (shares[n + 1] - shares[n])
    slopes = zeros((len(b), len(state)))
    for i in range(len(b)):
        slopes[i] = array(f({arguments}))
    state = state + h * (b @ slopes)
    states[n + 1] = state
return states[chosen]{turned}"""


@builtin("scipy.integrate.solve_ivp")
def _solve_ivp(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """An object with the times and states."""
    name = "scipy.integrate.solve_ivp"
    things = bound_arguments(low, name, node)
    things = {"func": things.pop("fun"), "t": things.pop("t_span"), **things}
    things.setdefault("method", low.b.const("RK45"))
    t, y = solved(low, things, _first(node, "fun"), name, node, hint)[:2]
    pair = low.b.pack(Struct("tuple", ("0", "1"), (t.type, y.type)), [t, y])
    low.b.fields[pair] = ("t", "y")
    return pair


@builtin("scipy.integrate.odeint")
def _odeint(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """States in rows."""
    name = "scipy.integrate.odeint"
    return solved(low, bound_arguments(low, name, node), _first(node, "func"), name, node, hint, turned="")[1]


def again(low: Lowering, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.Call, hint: str) -> Thing:
    """The steps in the text of a derivative."""
    things = dict(zip(("func", "t", "y0", "args"), args, strict=False)) | dict(keywords)
    name = "scipy.integrate.solve_ivp" if "method" in things else "scipy.integrate.odeint"
    found = solved(low, things, node.args[0], name, node, hint)
    return Group("tuple", tuple(str(k) for k in range(len(found))), tuple(found))


def _first(node: ast.Call, word: str) -> ast.expr:
    return next(
        (keyword.value for keyword in node.keywords if keyword.arg == word), node.args[0] if node.args else node
    )


def solved(
    low: Lowering,
    things: Mapping[str, Thing],
    written_as: ast.expr,
    name: str,
    node: ast.Call,
    hint: str,
    turned: str = ".T",
) -> list[Value]:
    """Times and states, and what is needed to make the steps again."""
    function, y0, span = things["func"], things["y0"], things["t"]
    if not isinstance(function, UserFunction | Closure | Known):
        raise Reject("E0106", node, "the function that is integrated is not known while compiling", HELP, name=name)
    more = more_arguments(low, things.get("args"), name, node)
    called, handed = handed_over(low, function, written_as, more, name)
    values = [low.content(thing, node) for thing in handed]
    args = low.b.pack(Struct("tuple", tuple(map(str, range(len(values)))), tuple(v.type for v in values)), values)
    words = [word for word in OPTIONS if word in things and things[word] is not None]
    fixed = "method" not in things or ("t_eval" in things and low.static(things["t_eval"]) != (True, None))
    still = [y0, args, *(things[word] for word in words if word not in TIMES)]
    stopped = iter([low.prim("adgen.stop_gradient", [thing], node) for thing in still])
    times = span if fixed else low.prim("adgen.stop_gradient", [span], node)
    operands: list[Thing] = [called, times, next(stopped), next(stopped)]
    operands += [things[word] if word in TIMES else next(stopped) for word in words]
    made = low.prim("trajectory", operands, node, "", ("func", "t", "y0", "args", *words))
    assert isinstance(made, Value)
    t, y, shares, chosen, a, b, c = (low.b.item(made, k) for k in range(7))
    return [*_model(low, things, more, (t, y, shares, chosen, a, b, c), node, hint, turned), shares, chosen, a, b, c]


def _model(
    low: Lowering,
    things: Mapping[str, Thing],
    more: Sequence[Thing],
    found: Sequence[Value],
    node: ast.Call,
    hint: str,
    turned: str,
) -> list[Value]:
    """The times and states, which move as the steps that are taken again do."""
    t, y, shares, chosen, a, b, c = found
    first = low.static(things["tfirst"])[1] if "tfirst" in things else "method" in things
    names = [f"a{k}" for k in range(len(more))]
    state, time = "state + h * (a[i] @ slopes)", "time + c[i] * h"
    arguments = ", ".join([time, state, *names] if first else [state, time, *names])
    ends = written(low, ["span"], "return span[0], span[-1] - span[0]", node)
    pair = apply(low, ends, [things["t"]], {}, node)
    start, length = pair.items if isinstance(pair, Group) else (low.b.item(low.content(pair, node), k) for k in (0, 1))
    params = ["f", "y0", "start", "length", "shares", "chosen", "a", "b", "c", *names]
    given = [things["func"], things["y0"], start, length, shares, chosen, a, b, c, *more]
    lines = written(low, params, STEPS.format(arguments=arguments, turned=turned), node)
    model = apply(low, lines, given, {}, node)
    where = written(low, ["start", "length", "shares", "chosen"], "return start + length * shares[chosen]", node)
    places = apply(low, where, [start, length, shares, chosen], {}, node)
    times = low.prim("adgen.follows", [t, places], node)
    states = y if turned else low.prim("attr.T", [y], node)
    followed = low.prim("adgen.follows", [states, model], node, hint)
    assert isinstance(times, Value) and isinstance(followed, Value)
    return [times, followed]
