"""scipy.integrate.quad: the rule that it ended with is differentiated, on pieces that stay where they are.

y = quad(f, a, b, args=(p,))[0]      ->      y, error, nodes, weights = _quad(f, a, b, (p,))        as it is
                                             total = 0.0
                                             for k in range(len(nodes)):
                                                 total += weights[k] * f(a + (b - a) * nodes[k], p)
                                             total *= b - a

The value is SciPy's, to the last bit; its derivatives, of any order and by limits too, are those of `total`: Gauss
rules of 21 points on the pieces into which SciPy cut the interval, which move with the limits.
"""

from __future__ import annotations

import ast
import math
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

FIXED = """\
nodes, weights = roots(n)
places = (b - a) * (nodes + 1) / 2.0 + a
return (b - a) / 2.0 * total(weights * f(places{more}), axis=-1)"""


# integrals -----------------------------------------------------------------------------------------------------------
OPTIONS = ("epsabs", "epsrel", "limit", "points")


@builtin("scipy.integrate.quad")
def _quad(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """(integral, error)"""
    name = "scipy.integrate.quad"
    things = bound_arguments(low, name, node)
    written_as = next((word.value for word in node.keywords if word.arg == "func"), node.args[0] if node.args else node)
    more = more_arguments(low, things.get("args"), name, node)
    y, error, *_ = integrated(low, things, written_as, more, node, hint)
    return Group("tuple", ("0", "1"), (y, error))


def again(low: Lowering, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.Call, hint: str) -> Thing:
    """The integral in the text of a derivative: (integral, error, nodes, weights)."""
    things = dict(zip(("func", "a", "b", "args"), args, strict=False)) | dict(keywords)
    more = more_arguments(low, things.get("args"), "scipy.integrate.quad", node)
    found = integrated(low, things, node.args[0], more, node, hint)
    return Group("tuple", ("0", "1", "2", "3"), tuple(found))


def integrated(
    low: Lowering, things: Mapping[str, Thing], written_as: ast.expr, more: Sequence[Thing], node: ast.Call, hint: str
) -> list[Thing]:
    """The integral, its error, and the nodes and weights of the rule that is differentiated."""
    function, a, b = things["func"], things["a"], things["b"]
    if not isinstance(function, UserFunction | Closure | Known):
        why = "the function that is integrated is not known while compiling"
        raise Reject("E0106", node, why, HELP, name="scipy.integrate.quad")
    called, handed = handed_over(low, function, written_as, more, "scipy.integrate.quad")
    values = [low.content(thing, node) for thing in handed]
    args = low.b.pack(Struct("tuple", tuple(map(str, range(len(values)))), tuple(v.type for v in values)), values)
    words = [word for word in OPTIONS if word in things]
    given = (a, b, args, *(things[word] for word in words))
    still = [low.prim("adgen.stop_gradient", [thing], node) for thing in given]
    made = low.prim("quad", [called, *still], node, "", ("func", "a", "b", "args", *words))
    assert isinstance(made, Value)
    value, error, nodes, weights = (low.b.item(made, k) for k in range(4))
    names = [f"a{k}" for k in range(len(more))]
    ends = ["a" if _finite(low, a) else "", "b" if _finite(low, b) else ""]
    params = ["f", *filter(None, ends), "nodes", "weights", *names]
    limits = [thing for end, thing in zip(ends, (a, b), strict=True) if end]
    body = _sum("".join(ends), "".join(f", {label}" for label in names))
    total = apply(low, written(low, params, body, node), [function, *limits, nodes, weights, *more], {}, node)
    return [low.prim("adgen.follows", [value, total], node, hint), error, nodes, weights]


@builtin("scipy.integrate.fixed_quad")
def _fixed_quad(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """(integral, None): the lines of SciPy, which call the function with all nodes at once."""
    name = "scipy.integrate.fixed_quad"
    things = bound_arguments(low, name, node)
    function = things["func"]
    if not isinstance(function, UserFunction | Closure | Known):
        why = "the function that is integrated is not known while compiling"
        raise Reject("E0106", node, why, HELP, name=name)
    more = more_arguments(low, things.get("args"), name, node)
    names = [f"a{k}" for k in range(len(more))]
    given = [
        things["a"],
        things["b"],
        things.get("n", low.b.const(5)),
        Known("scipy.special.roots_legendre"),
        Known("np.sum"),
    ]
    body = FIXED.format(more="".join(f", {label}" for label in names))
    lines = written(low, ["f", "a", "b", "n", "roots", "total", *names], body, node)
    total = apply(low, lines, [function, *given, *more], {}, node, hint)
    return Group("tuple", ("0", "1"), (total, low.b.const(None)))


def _finite(low: Lowering, thing: Thing) -> bool:
    known, limit = low.static(thing)
    return not (known and isinstance(limit, float) and math.isinf(limit))


def _sum(ends: str, more: str) -> str:
    """The rule: nodes are shares of a finite interval, distances from a single finite end, or places."""
    place = {"ab": "a + width * nodes[k]", "a": "a + nodes[k]", "b": "b + nodes[k]", "": "nodes[k]"}[ends]
    lines = ["width = b - a"] if ends == "ab" else []
    lines += ["total = 0.0", "for k in range(len(nodes)):", f"    total += weights[k] * f({place}{more})"]
    lines.append("return width * total" if ends == "ab" else "return total")
    return "\n".join(lines)
