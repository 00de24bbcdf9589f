"""Functions that are handed to SciPy: as generated code calls them, with what they read as further arguments.

brentq(lambda x: x * x - p, 0.0, 2.0)      ->      brentq((lambda x, p: x * x - p), 0.0, 2.0, args=(p,))
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from adgen.frontend.bindings import Binding, Known, Module
from adgen.frontend.lower_calls import arguments
from adgen.frontend.lower_hooks import called_later
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Closure, Group, Thing
from adgen.frontend.normalise import reads
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Opaque, Struct
from adgen.rules import table
from adgen.rules.rule import BindError

HELP = "define it as a function of the module, or as a lambda, and pass what varies by `args`"


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


def more_arguments(low: Lowering, thing: Thing | None, name: str, node: ast.AST) -> list[Thing]:
    """What `args` hands to the function: SciPy takes one that is no tuple as it is."""
    if thing is None or (low.static(thing)[0] and low.static(thing)[1] in ((), None)):
        return []
    if isinstance(thing, Group) and thing.kind == "tuple":
        return list(thing.items)
    if isinstance(thing, Value) and not isinstance(thing.type, Struct | Opaque):
        return [thing]
    raise Reject("E0106", node, "`args` is not written as a tuple", name=name)


def handed_over(
    low: Lowering, function: Thing, written_as: ast.expr, more: Sequence[Thing], name: str
) -> tuple[Value, list[Thing]]:
    """The function as generated code calls it, and its further arguments: what a lambda reads becomes an argument."""
    node = function.node if isinstance(function, Closure) else None
    if isinstance(node, ast.FunctionDef):
        node = _as_lambda(node)
    if node is None or node.args.vararg or node.args.kwarg or node.args.defaults or node.args.kwonlyargs:
        return called_later(low, written_as, name, HELP), list(more)
    assert isinstance(function, Closure)
    own = [part.arg for part in (*node.args.posonlyargs, *node.args.args)]
    inner = {part.arg for part in ast.walk(node.body) if isinstance(part, ast.arg)}
    found = [label for label in sorted(reads(node.body)) if label not in (*own, *inner)]
    local = [label for label in found if label in low.frame.env]
    outside = [label for label in found if not _everywhere(low.frame.source.scope.lookup(label), label)]
    outside = [label for label in outside if label not in local or function.frame is not low.frame]
    if outside:
        raise Reject("E0106", written_as, f"the function reads `{outside[0]}`", HELP, name=name)
    names = [ast.copy_location(ast.Name(label, ast.Load()), written_as) for label in local]
    values = [low.expr(label) for label in names]
    if any(not isinstance(value, Value) for value in values):
        raise Reject("E0106", written_as, "the function reads what is no number and no array", HELP, name=name)
    text = f"(lambda {', '.join([*own, *local])}: {ast.unparse(node.body)})"
    return low.b.const(text, text, Opaque("function")), [*more, *values]


def _everywhere(binding: Binding, label: str) -> bool:
    """Whether a name means the same in generated code."""
    own = {"np": "numpy", "math": "math"}.get(label)
    return isinstance(binding, Known) or (isinstance(binding, Module) and binding.name == own)


def _as_lambda(node: ast.FunctionDef) -> ast.Lambda | None:
    """A def of one return statement."""
    body = node.body[1:] if len(node.body) == 2 and ast.get_docstring(node) else node.body
    if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None or node.decorator_list:
        return None
    return ast.copy_location(ast.Lambda(node.args, body[0].value), node)
