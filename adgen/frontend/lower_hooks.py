"""`adgen.on_adjoint(x, fn)`: a function of the user's that generated code calls with an adjoint.

y = adgen.on_adjoint(x, clip)                       x_bar = clip(y_bar)            `clip` is a captured value
y = adgen.on_adjoint(x, lambda g: np.clip(g, -1, 1))       x_bar = (lambda g: np.clip(g, -1, 1))(y_bar)

The derivative of a derivative goes through that code.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from adgen.frontend.bindings import Captured, Instance, Known, UserFunction
from adgen.frontend.lower_calls import apply, builtin, known_type
from adgen.frontend.lower_names import captured
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Closure, Poison, Poisoned, Thing
from adgen.frontend.normalise import reads
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Opaque
from adgen.rules.apply import content_of
from adgen.rules.shapes import same_shape


@builtin("adgen.on_adjoint")
def on_adjoint_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`adgen.on_adjoint(x, fn)`: x, whose adjoint goes through fn."""
    if len(node.args) != 2 or node.keywords or any(isinstance(part, ast.Starred) for part in node.args):
        raise Reject("E0106", node, "it takes a value and a function", name="adgen.on_adjoint")
    subject, code = node.args
    return low.prim("adgen.on_adjoint", [low.expr(subject), called_later(low, code)], node, hint, ("x", "fn"))


def called_later(low: Lowering, node: ast.expr, name: str = "adgen.on_adjoint", advice: str = "") -> Value:
    """A function that generated code calls: one of a module, an argument, or a lambda that needs nothing else."""
    advice = advice or "define it as a function of the module"
    thing = low.expr(node)
    opaque = Opaque("function")
    if isinstance(thing, Closure) and isinstance(thing.node, ast.Lambda):
        own = {part.arg for part in ast.walk(thing.node.args) if isinstance(part, ast.arg)}
        free = [name for name in sorted(reads(thing.node)) if name not in own]
        outside = [name for name in free if not isinstance(low.frame.source.scope.lookup(name), Known)]
        local = [name for name in free if name in low.frame.env]
        if [name for name in outside if name != "np"] or local:
            why = f"the lambda names `{(local or outside)[0]}`"
            raise Reject("E0106", node, why, advice, name=name)
        text = f"({ast.unparse(thing.node)})"
        return low.b.const(text, text, opaque)
    plain = isinstance(thing, Known) and thing.name.partition(".")[0] not in ("math", "cmath", "scipy", "operator")
    if plain and isinstance(thing, Known) and known_type(thing.name) is None:
        return low.b.const(thing.name, thing.name, opaque)
    if isinstance(thing, UserFunction) and not thing.source.bound and "<locals>" not in thing.source.qualname:
        source = thing.source
        read = source.route or (("module", source.module), ("attr", source.qualname))
        return captured(low, Captured(source.name, opaque, read))
    if isinstance(thing, Instance):
        return captured(low, Captured(thing.name, opaque, thing.read))
    if isinstance(thing, UserFunction) and thing.source.route:
        return captured(low, Captured(thing.source.name, opaque, thing.source.route))
    why = "it is no function of a module of the program, nor a lambda"
    raise Reject("E0106", node, why, advice, name=name)


def hooked_again(low: Lowering, args: Sequence[Thing], node: ast.expr, hint: str) -> Thing:
    """Code on an adjoint, in the text of a derivative that is differentiated again: its source is read."""
    why = "what code on an adjoint does to it is not known, so that it has no derivative"
    code, adjoint = args
    if isinstance(code, Known) and code.name in ("print", "breakpoint"):
        return adjoint
    if isinstance(code, UserFunction | Closure | Known):
        before = len(low.diagnostics)
        found = apply(low, code, [adjoint], {}, node, hint)
        if isinstance(found, Poison) and len(low.diagnostics) > before:
            raise Poisoned
        if low.static(found) == (True, None):
            return adjoint
        if isinstance(found, Value) and isinstance(adjoint, Value):
            if same_shape(content_of(found.type), content_of(adjoint.type)):
                return found
            why = "it is replaced by one that may have another shape"
    raise Reject("E0105", node, why, "take it away for second derivatives", name="adgen.on_adjoint")
