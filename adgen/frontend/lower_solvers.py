"""Solvers of scipy.optimize: the function that they are given is read at the root that they found.

x = brentq(f, a, b, args=(p,))      ->      x = brentq(f, a, b, args=(p,))          as it is, without a derivative
                                            x = adgen.implicit(x, f(x, p), <derivative of f by x>(x, p))

Generated code calls the function itself, so that it is one of a module, or a lambda that names nothing of the program;
what varies comes through `args`.
"""

from __future__ import annotations

import ast

from adgen.frontend.bindings import Known, UserFunction
from adgen.frontend.lower_calls import apply, arguments, builtin
from adgen.frontend.lower_derivatives import call_derivative
from adgen.frontend.lower_hooks import called_later
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Closure, Derived, Group, Thing
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import FLOAT, Array
from adgen.rules import table
from adgen.rules.infer import plain
from adgen.rules.rule import BindError
from adgen.rules.solvers import BRACKETED, FROM_A_START

HELP = "define it as a function of the module, and pass what varies by `args`"
NAMES = [f"scipy.optimize.{name}" for name in (*BRACKETED, *FROM_A_START)]


def _solver(name: str) -> None:
    @builtin(name)
    def call(low: Lowering, node: ast.Call, hint: str) -> Thing:
        return _solved(low, name, node, hint)


for _name in NAMES:
    _solver(_name)


def bound_arguments(low: Lowering, name: str, node: ast.Call) -> dict[str, Thing]:
    """The arguments of a call by name."""
    rule = table.lookup(name)
    assert rule is not None
    if any(isinstance(part, ast.Starred) for part in node.args):
        raise Reject("E0106", node, "its arguments are not written one by one", name=name)
    given, keywords = arguments(low, node)
    try:
        bound = rule.bind(len(given), list(keywords))
    except BindError as problem:
        raise Reject("E0106", node, str(problem), name=name) from problem
    return dict(zip(bound, [*given, *keywords.values()], strict=True))


def _solved(low: Lowering, name: str, node: ast.Call, hint: str) -> Thing:
    """The root, and how it moves."""
    if any(word.arg is None for word in node.keywords):
        raise Reject("E0106", node, "its arguments are not written one by one", name=name)
    things = bound_arguments(low, name, node)
    bound = tuple(things)
    first = bound[0]
    function = things[first]
    if not isinstance(function, UserFunction | Closure | Known):
        raise Reject("E0106", node, "the function whose root is sought is not known while compiling", HELP, name=name)
    more = things.get("args")
    if more is not None and not (isinstance(more, Group) and more.kind == "tuple"):
        raise Reject("E0106", node, "`args` is not written as a tuple", name=name)
    written = [*node.args, *(word.value for word in node.keywords)][bound.index(first)]
    operands: list[Thing] = [called_later(low, written, name, HELP)]
    for label in bound[1:]:
        operands.append(low.prim("adgen.stop_gradient", [things[label]], node))
    x = low.prim(name, operands, node, hint, bound)
    assert isinstance(x, Value)
    _check_start(low, name, things, node)
    rest = list(more.items) if isinstance(more, Group) else []
    slope = call_derivative(low, Derived(function, "grad", 0, False), [x, *rest], {}, node)
    residual = apply(low, function, [x, *rest], {}, node)
    if name.endswith("fixed_point"):
        residual = low.prim("sub", [residual, x], node)
        slope = low.prim("sub", [slope, low.b.const(1.0)], node)
    return low.prim("adgen.implicit", [x, residual, slope], node, hint)


def _check_start(low: Lowering, name: str, things: dict[str, Thing], node: ast.AST) -> None:
    """One number to start from: a line of them is a line of roots."""
    for label in ("x0", "a", "b"):
        if label not in things:
            continue
        start = things[label]
        type_ = plain(low.content(start, node).type)
        if type_ != FLOAT and not (isinstance(type_, Array) and type_.shape == ()) and not low.static(start)[0]:
            raise Reject("E0106", node, f"`{label}` is not known to be one number", "annotate it", name=name)
