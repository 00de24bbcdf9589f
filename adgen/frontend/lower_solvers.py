"""Solvers of scipy.optimize: the function that they are given is read at the root that they found.

x = brentq(f, a, b, args=(p,))      ->      x = brentq(f, a, b, args=(p,))          as it is, without a derivative
                                            x = adgen.implicit(x, f(x, p), <derivative of f by x>(x, p))
x = fsolve(f, x0, args=(p,))        ->      x = fsolve(f, x0, args=(p,))
                                            x = adgen.implicit_system(x, f(x, p), <Jacobian of f by x>(x, p))

Generated code calls the function itself, so that it is one of a module, or a lambda, whose names become arguments.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from adgen.frontend.bindings import Known, UserFunction
from adgen.frontend.lower_callbacks import written
from adgen.frontend.lower_calls import apply, builtin
from adgen.frontend.lower_derivatives import call_derivative
from adgen.frontend.lower_handed import HELP, bound_arguments, handed_over, more_arguments
from adgen.frontend.lower_hooks import called_later
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Closure, Derived, Group, Thing, content_type, type_of
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import FLOAT, Array, ListOf, Scalar, Struct
from adgen.rules import table
from adgen.rules.infer import plain
from adgen.rules.solvers import BRACKETED, FROM_A_START, SYSTEMS, line

NAMES = [f"scipy.optimize.{name}" for name in (*BRACKETED, *FROM_A_START, *SYSTEMS)]
SLOPES = ("fprime", "fprime2", "jac")  # derivatives that the solver is given
NEITHER = ((True, None), (True, False))
STARTS = ("x0", "x1", "a", "b")
SLOPE = """\
slope = zeros((len(x), len(x)))
for k in range(len(x)):
    v = zeros(len(x))
    v[k] = 1.0
    slope[:, k] = {column}
return slope"""


def _solver(name: str) -> None:
    @builtin(name)
    def call(low: Lowering, node: ast.Call, hint: str) -> Thing:
        return _solved(low, name, node, hint)


for _name in NAMES:
    _solver(_name)


def _solved(low: Lowering, name: str, node: ast.Call, hint: str) -> Thing:
    """The root, and how it moves."""
    if any(word.arg is None for word in node.keywords):
        raise Reject("E0106", node, "its arguments are not written one by one", name=name)
    things = bound_arguments(low, name, node)
    rule = table.lookup(name)
    assert rule is not None
    first = rule.params[0].name
    function = things.get(first)
    if not isinstance(function, UserFunction | Closure | Known):
        raise Reject("E0106", node, "the function whose root is sought is not known while compiling", HELP, name=name)
    made, more = _called(low, name, first, things, node, hint)
    system = name.rpartition(".")[2] in SYSTEMS or (name.endswith("fixed_point") and not _one(low, things["x0"]))
    if not system:
        _check_start(low, name, things, node)
    found = low.b.item(made, 0) if isinstance(made.type, Struct) else made
    moved = (_system if system else _number)(low, function, found, more, name, node, hint)
    if not isinstance(made.type, Struct):
        return moved
    parts = [moved, *(low.b.item(made, k) for k in range(1, len(made.type.items)))]
    return Group(made.type.kind, made.type.keys, tuple(parts))


def _called(
    low: Lowering, name: str, first: str, things: dict[str, Thing], node: ast.Call, hint: str
) -> tuple[Value, list[Thing]]:
    """What the solver gives, as it is called; what the function is given besides the unknown."""
    texts = dict(zip(things, [*node.args, *(word.value for word in node.keywords)], strict=True))
    function, more = things[first], more_arguments(low, things.get("args"), name, node)
    slopes = [label for label in SLOPES if label in things and low.static(things[label]) not in NEITHER]
    if any(low.static(things[label])[0] for label in slopes):
        raise Reject("E0106", node, "its function gives derivatives, too", "give it the values alone", name=name)
    if slopes:  # what one of them reads would be given to all
        called, handed = called_later(low, texts[first], name, HELP), more
    else:
        called, handed = handed_over(low, function, texts[first], more, name)
    given = dict(things)
    if len(handed) > len(more) or (handed and not isinstance(things["args"], Group)):
        values = [low.content(thing, node) for thing in handed]
        types = tuple(value.type for value in values)
        given["args"] = low.b.pack(Struct("tuple", tuple(map(str, range(len(values)))), types), values)
    operands: list[Thing] = []
    for label, thing in given.items():
        if label == first:
            operands.append(called)
        elif label in slopes:
            operands.append(called_later(low, texts[label], name, HELP))
        else:
            operands.append(low.prim("adgen.stop_gradient", [thing], node))
    made = low.prim(name, operands, node, hint, tuple(given))
    assert isinstance(made, Value)
    return made, more


def _number(
    low: Lowering, function: Thing, x: Value, more: Sequence[Thing], name: str, node: ast.Call, hint: str
) -> Value:
    """A root that is a number."""
    slope = call_derivative(low, Derived(function, "grad", 0, False), [x, *more], {}, node)
    residual = apply(low, function, [x, *more], {}, node)
    if name.endswith("fixed_point"):
        residual = low.prim("sub", [residual, x], node)
        slope = low.prim("sub", [slope, low.b.const(1.0)], node)
    moved = low.prim("adgen.implicit", [x, residual, slope], node, hint)
    assert isinstance(moved, Value)
    return moved


def _system(
    low: Lowering, function: Thing, x: Value, more: Sequence[Thing], name: str, node: ast.Call, hint: str
) -> Value:
    """Roots of a system: the Jacobian column by column."""
    names = [f"a{k}" for k in range(len(more))]
    own = (" - x", " - v") if name.endswith("fixed_point") else ("", "")
    given = [function, x, *more]
    residual = apply(low, function, given[1:], {}, node)
    form = _line(residual)
    text = f"return {form.format('r')}{own[0]}"
    residual = apply(low, written(low, ["r", "x"], text, node), [residual, x], {}, node)
    point, direction = (", ".join(["x", *names]), ", ".join(["v", *("None" for _ in names)]))
    column = form.format(f"jvp(f, ({point},), ({direction},))[1]") + own[1]
    text = SLOPE.format(column=column)
    slope = apply(low, written(low, ["f", "x", *names], text, node, also=("jvp",)), given, {}, node)
    slope = low.prim("adgen.stop_gradient", [slope], node)  # derivatives of derivatives read it in their text
    moved = low.prim("adgen.implicit_system", [x, residual, slope], node, hint)
    assert isinstance(moved, Value)
    return moved


def _line(thing: Thing) -> str:
    """How what a function gives becomes a line."""
    type_ = plain(content_type(type_of(thing))) if isinstance(thing, Value | Group) else FLOAT
    if isinstance(type_, Array) and type_.shape is not None and len(type_.shape) == 1:
        return "{}"
    numbers = [type_.item] if isinstance(type_, ListOf) else type_.items if isinstance(type_, Struct) else [type_]
    flat = all(
        isinstance(item, Scalar) or (isinstance(item, Array) and item.shape == ()) for item in map(plain, numbers)
    )
    return "array({})" if flat and isinstance(type_, ListOf | Struct) else "ravel(array({}))"


def _one(low: Lowering, start: Thing) -> bool:
    """Whether a fixed point is a number."""
    type_ = content_type(type_of(start)) if isinstance(start, Value | Group) else FLOAT
    return line(type_) is None or plain(type_) == FLOAT or low.static(start)[0]


def _check_start(low: Lowering, name: str, things: Mapping[str, Thing], node: ast.AST) -> None:
    """One number to start from: a line of them is a line of roots."""
    for label in STARTS:
        if label not in things:
            continue
        start = things[label]
        type_ = plain(low.content(start, node).type)
        if type_ != FLOAT and not (isinstance(type_, Array) and type_.shape == ()) and not low.static(start)[0]:
            raise Reject("E0106", node, f"`{label}` is not known to be one number", "annotate it", name=name)
