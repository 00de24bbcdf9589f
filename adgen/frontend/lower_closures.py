"""Nested functions as functions of their own: what they see around them becomes keyword parameters.

def f(x):                              def fun(y, *, x):
    k = lambda z: z * x       ->           k = lambda z: z * x
    g = lambda y: k(y) + x                 return k(y) + x
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from adgen.frontend import lower_heap as heap
from adgen.frontend.bindings import (
    Binding,
    Derivative,
    FunctionKey,
    FunctionSource,
    Known,
    Module,
    Scope,
    UserClass,
    UserFunction,
)
from adgen.frontend.lower_names import _Free, find
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Closure, Group, Thing
from adgen.frontend.normalise import assigned, reads
from adgen.frontend.reject import Reject
from adgen.ir.core import Value


@dataclass
class Surroundings:
    """What a nested function sees of the functions around it: values, functions of modules, nested functions."""

    values: dict[str, Thing] = field(default_factory=dict)
    functions: dict[str, Binding] = field(default_factory=dict)
    nested: dict[str, ast.FunctionDef | ast.Lambda] = field(default_factory=dict)


def look(
    low: Lowering, function: Closure, inner: ast.FunctionDef | ast.Lambda, around: Surroundings, node: ast.expr
) -> None:
    """Find all that a nested function, and the nested functions that it uses, see around them."""
    hidden = set(own_names(function.node))
    for ident in free_names(inner):
        if ident in around.values or ident in around.functions or ident in around.nested:
            continue
        thing = _seen(low, function, ident)
        if thing is not None and inner is not function.node and ident in hidden:
            why = f"it and a function that it uses give `{ident}` two meanings"
            raise Reject("E0105", node, why, "rename one of them", name="this derivative")
        thing = heap.snapshot(low, thing) if thing is not None else None
        if isinstance(thing, Value | Group):
            around.values[ident] = thing
        elif isinstance(thing, Closure) and thing.frame is function.frame and not thing.defaults:
            around.nested[ident] = thing.node
            look(low, function, thing.node, around, node)
        elif isinstance(thing, Known | UserFunction | Module | UserClass | Derivative):
            around.functions[ident] = thing
        elif thing is not None:
            why = f"it uses `{ident}`, a function made in another one"
            help_ = "pass it as an argument, or define it in the function"
            raise Reject("E0105", node, why, help_, name="this derivative")


def own_names(inner: ast.FunctionDef | ast.Lambda) -> list[str]:
    """The names that a function binds: parameters and locals."""
    body = inner.body if isinstance(inner, ast.FunctionDef) else [inner.body]
    arguments = inner.args
    own = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return [*own, *assigned(body)]


def free_names(inner: ast.FunctionDef | ast.Lambda) -> list[str]:
    """The names that a function reads and does not bind, in order."""
    body = inner.body if isinstance(inner, ast.FunctionDef) else [inner.body]
    own = own_names(inner)
    found = dict.fromkeys(n.id for part in body for n in ast.walk(part) if isinstance(n, ast.Name))
    read = frozenset(name for part in body for name in reads(part))
    return [name for name in found if name in read and name not in own]


def _seen(low: Lowering, function: Closure, ident: str) -> Thing | None:
    """What a name stands for where the function was made; None if the module knows it."""
    outer, low.frame = low.frame, function.frame
    try:
        found = find(low, ident)
    finally:
        low.frame = outer
    return None if isinstance(found, _Free) else found


class Around:
    """The scope of a nested function that is differentiated: functions that it sees, else what the module says."""

    def __init__(self, inner: Scope, functions: Mapping[str, Binding]) -> None:
        self.inner, self.functions = inner, functions
        self.attribute, self.member, self.pin = inner.attribute, inner.member, inner.pin
        self.bind, self.class_of, self.has = inner.bind, inner.class_of, inner.has

    def lookup(self, name: str) -> Binding:
        """What a free name means."""
        return self.functions[name] if name in self.functions else self.inner.lookup(name)


def closed(function: Closure, name: str, around: Surroundings) -> FunctionSource:
    """A function of its own: values that it sees are keyword parameters, nested functions stand in it."""
    inner = function.node
    own = inner.args
    arguments = ast.arguments(
        posonlyargs=own.posonlyargs,
        args=own.args,
        vararg=None,
        kwonlyargs=[*own.kwonlyargs, *(ast.arg(one) for one in around.values)],
        kw_defaults=[*own.kw_defaults, *(None for _ in around.values)],
        kwarg=None,
        defaults=own.defaults,
    )
    body: list[ast.stmt] = []
    for ident, part in around.nested.items():
        body.append(part if isinstance(part, ast.FunctionDef) else _named(ident, part))
    if isinstance(inner, ast.FunctionDef):
        body += inner.body
    else:
        body.append(ast.copy_location(ast.Return(inner.body), inner))
    node = ast.copy_location(ast.FunctionDef(name, arguments, body, [], None, None), inner)
    source = function.frame.source
    digest = hashlib.sha256(ast.dump(node).encode()).hexdigest()[:32]
    key = FunctionKey(source.module, f"{source.qualname}.{name}", digest)
    scope: Scope = Around(source.scope, around.functions) if around.functions else source.scope
    return replace(source, node=node, qualname=name, key=key, defaults={}, bound=(), comments={}, scope=scope)


def _named(ident: str, part: ast.Lambda) -> ast.stmt:
    target = ast.copy_location(ast.Name(ident, ast.Store()), part)
    return ast.copy_location(ast.Assign([target], part), part)
