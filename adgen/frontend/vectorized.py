"""`np.vectorize`d functions: a call for each element, as a comprehension.

    half = np.vectorize(lambda v: v if v > 0.0 else 0.5 * v)

    def half(v):
        return np.reshape(np.array([function(v_k) for v_k in np.ravel(v)]), np.shape(v))

NumPy takes the dtype of the result from the first element, so that `0` there makes integers of all: without `otypes`
every result has to be made of the arguments.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from adgen.frontend.bindings import (
    Binding,
    Captured,
    FunctionKey,
    FunctionSource,
    Instance,
    Literal,
    Member,
    Missing,
    Module,
    Route,
    UserClass,
)
from adgen.frontend.files import parse, refuse
from adgen.frontend.libraries import LibraryScope, library_attribute
from adgen.frontend.runtime import RuntimeScope, Session

VECTORIZED = "vectorized"  # the name of what `np.vectorize(f)` inside a function is


@dataclass(frozen=True)
class VectorScope:
    """The scope of the def that stands for a vectorized function."""

    function: Binding
    inner: RuntimeScope | LibraryScope

    def lookup(self, name: str) -> Binding:
        """`function` is what is called for each element."""
        return self.function if name == "function" else self.inner.lookup(name) if name != "np" else Module("numpy")

    def attribute(self, binding: Binding, attr: str) -> Binding:
        """Names of NumPy."""
        own = isinstance(binding, Module) and binding.name == "numpy"
        return library_attribute("numpy", attr) if own else self.inner.attribute(binding, attr)

    def member(self, cls: UserClass, attr: str) -> Member | Missing:
        """As for the function inside."""
        return self.inner.member(cls, attr)

    def has(self, binding: Instance, attr: str) -> bool | None:
        """As for the function inside."""
        return self.inner.has(binding, attr)

    def pin(self, binding: Captured) -> Literal | Missing:
        """As for the function inside."""
        return self.inner.pin(binding)

    def bind(self, value: object, name: str) -> Binding:
        """As for the function inside."""
        return self.inner.bind(value, name)

    def class_of(self, kind: str) -> UserClass | Missing:
        """As for the function inside."""
        return self.inner.class_of(kind)


def source_of(fun: Any, route: Route, session: Session, inner: FunctionSource) -> FunctionSource:
    """The def that a vectorized function is; `inner` is the function that it calls."""
    name = inner.name
    title = f"`np.vectorize` of `{name}` cannot be differentiated"
    if fun.signature is not None or fun.excluded:
        why = "it has a signature, or arguments that are not vectorized"
        raise refuse("E0203", title, inner.place(), why, "write the loop over elements")
    if not makes_floats(inner.node, fun.otypes):
        why = "the type of its first result decides about all of them, and that may be an integer"
        raise refuse("E0203", title, inner.place(), why, "give np.vectorize the argument otypes=[float]")
    params = [param for param in inner.params if param not in inner.defaults]
    text = text_of(name, params)
    file = parse(text, f"<np.vectorize({name})>", f"<np.vectorize({name})>")
    node = file.tree.body[0]
    assert isinstance(node, ast.FunctionDef)
    binding = session.bind(fun.pyfunc, "function", (*route, ("attr", "pyfunc")))
    scope = VectorScope(binding, inner.scope if isinstance(inner.scope, RuntimeScope) else LibraryScope())
    key = FunctionKey(inner.module, f"np.vectorize({inner.qualname})", inner.key.digest)
    where = (file.path, file.where)
    defaults: Mapping[str, Binding] = {}
    return FunctionSource(node, *where, name, inner.module, file.lines, {}, scope, key, defaults, (), route)


def text_of(name: str, params: list[str]) -> str:
    """The def, for so many parameters.

    >>> print(text_of("half", ["v"]), end="")
    def half(v):
        return np.reshape(np.array([function(v_k) for v_k in np.ravel(v)]), np.shape(v))
    """
    items = [f"{param}_k" for param in params]
    first = params[0] if params else "x"
    rows = f"np.ravel({first})" if len(params) == 1 else f"zip({', '.join(f'np.ravel({p})' for p in params)})"
    each = f"np.reshape(np.array([function({', '.join(items)}) for {', '.join(items)} in {rows}]), np.shape({first}))"
    together = "" if len(params) == 1 else f"    {', '.join(params)} = np.broadcast_arrays({', '.join(params)})\n"
    return f"def {name}({', '.join(params)}):\n{together}    return {each}\n"


# the type of results -------------------------------------------------------------------------------------------------
def makes_floats(node: ast.FunctionDef | ast.Lambda, otypes: Sequence[str] | None) -> bool:
    """Whether all results are floats where the arguments are."""
    if otypes is not None:
        return [np.dtype(kind) for kind in otypes] == [np.dtype(float)]
    made = {arg.arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg)}
    if isinstance(node, ast.Lambda):
        return _float(node.body, made)
    assigned: dict[str, list[ast.expr]] = {}
    for part in ast.walk(node):
        if isinstance(part, ast.Assign) and len(part.targets) == 1 and isinstance(part.targets[0], ast.Name):
            assigned.setdefault(part.targets[0].id, []).append(part.value)
    for _ in assigned:
        made |= {name for name, values in assigned.items() if all(_float(value, made) for value in values)}
    returned = [part.value for part in ast.walk(node) if isinstance(part, ast.Return)]
    return bool(returned) and all(value is not None and _float(value, made) for value in returned)


def _float(node: ast.expr, made: set[str]) -> bool:
    """Whether an expression is made of floats: a literal one, or something computed from the names."""
    match node:
        case ast.IfExp(_, body, orelse):
            return _float(body, made) and _float(orelse, made)
        case ast.Constant(value):
            return isinstance(value, float)
        case ast.Name(name):
            return name in made
        case ast.UnaryOp(ast.USub() | ast.UAdd(), operand):
            return _float(operand, made)
        case ast.BinOp(op=ast.Div()):
            return True
        case ast.BinOp(left, _, right):
            return _float(left, made) or _float(right, made)
        case ast.Call(ast.Attribute(ast.Name("np" | "numpy" | "math")), [first, *_]):
            return _float(first, made) and getattr(node.func, "attr", "") not in ("floor", "ceil", "trunc", "isnan")
        case ast.Call(ast.Name("abs" | "float" | "max" | "min" | "pow"), arguments):
            return any(_float(argument, made) for argument in arguments) and (
                getattr(node.func, "id", "") in ("abs", "float", "pow") or all(_float(a, made) for a in arguments)
            )
    return False
