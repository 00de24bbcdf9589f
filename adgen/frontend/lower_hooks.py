"""`adgen.on_adjoint(x, fn)`: a function of the user's that generated code calls with an adjoint.

y = adgen.on_adjoint(x, clip)                       x_bar = clip(y_bar)            `clip` is a captured value
y = adgen.on_adjoint(x, lambda g: np.clip(g, -1, 1))       x_bar = (lambda g: np.clip(g, -1, 1))(y_bar)
"""

from __future__ import annotations

import ast

from adgen.frontend.bindings import Captured, Instance, Known, UserFunction
from adgen.frontend.lower_calls import builtin, known_type
from adgen.frontend.lower_names import captured
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Closure, Thing
from adgen.frontend.normalise import reads
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Opaque


@builtin("adgen.on_adjoint")
def on_adjoint_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`adgen.on_adjoint(x, fn)`: x, whose adjoint goes through fn."""
    if len(node.args) != 2 or node.keywords or any(isinstance(part, ast.Starred) for part in node.args):
        raise Reject("E0106", node, "it takes a value and a function", name="adgen.on_adjoint")
    subject, code = node.args
    return low.prim("adgen.on_adjoint", [low.expr(subject), called_later(low, code)], node, hint, ("x", "fn"))


def called_later(low: Lowering, node: ast.expr) -> Value:
    """A function that generated code calls: one of a module, an argument, or a lambda that needs nothing else."""
    thing = low.expr(node)
    opaque = Opaque("function")
    if isinstance(thing, Closure) and isinstance(thing.node, ast.Lambda):
        own = {part.arg for part in ast.walk(thing.node.args) if isinstance(part, ast.arg)}
        free = [name for name in sorted(reads(thing.node)) if name not in own]
        outside = [name for name in free if not isinstance(low.frame.source.scope.lookup(name), Known)]
        local = [name for name in free if name in low.frame.env]
        if [name for name in outside if name != "np"] or local:
            why = f"the lambda names `{(local or outside)[0]}`"
            raise Reject("E0106", node, why, "define it as a function of the module", name="adgen.on_adjoint")
        text = f"({ast.unparse(thing.node)})"
        return low.b.const(text, text, opaque)
    if isinstance(thing, Known) and known_type(thing.name) is None:
        return low.b.const(thing.name, thing.name, opaque)
    if isinstance(thing, UserFunction) and not thing.source.bound and "<locals>" not in thing.source.qualname:
        source = thing.source
        read = source.route or (("module", source.module), ("attr", source.qualname))
        return captured(low, Captured(source.name, opaque, read))
    if isinstance(thing, Instance):
        return captured(low, Captured(thing.name, opaque, thing.read))
    if isinstance(thing, UserFunction) and thing.source.route:
        return captured(low, Captured(thing.source.name, opaque, thing.source.route))
    why = "it is no function of a module, nor a lambda"
    raise Reject("E0106", node, why, "define it as a function of the module", name="adgen.on_adjoint")
