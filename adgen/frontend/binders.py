"""What binds the names of a module, read from its text: nothing is executed.

>>> tree = ast.parse("import numpy as np\\nK = 1.0\\ndef f(x): return x\\nfor i in range(3): pass\\n")
>>> {name: [binder.kind for binder in found] for name, found in binders(tree).items()}
{'np': ['import'], 'K': ['assign'], 'f': ['def'], 'i': ['other']}

A binder of kind `other` (loop, with, del, `global` in a function, ..) can never be resolved; it is recorded so that a
name that is bound twice is seen to be.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_Function = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, eq=False)
class Binder:
    """One binding of a name at module level; `when` is "" (always), "maybe", or "main" (only as a program)."""

    name: str
    kind: str  # def | class | import | from | assign | star | other
    node: ast.AST
    when: str
    value: ast.expr | None = None
    annotation: ast.expr | None = None
    alias: ast.alias | None = None

    @property
    def line(self) -> int:
        """The line where it stands."""
        return int(getattr(self.node, "lineno", 1))


def binders(tree: ast.Module) -> dict[str, list[Binder]]:
    """All binders by name, in the order of the text; star imports under the name `*`."""
    out: dict[str, list[Binder]] = {}
    for binder in _all(tree.body, ""):
        out.setdefault(binder.name, []).append(binder)
    return out


def is_main_test(test: ast.expr) -> bool:
    """Whether a test is `__name__ == "__main__"`."""
    return isinstance(test, ast.Compare) and any(
        isinstance(part, ast.Name) and part.id == "__name__" for part in (test.left, *test.comparators)
    )


def _all(body: list[ast.stmt], when: str) -> Iterator[Binder]:
    for statement in body:
        yield from _statement(statement, when)
        yield from _hidden(statement, when)


def _statement(node: ast.stmt, when: str) -> Iterator[Binder]:
    match node:
        case ast.FunctionDef(name=name):
            yield Binder(name, "def", node, when)
        case ast.AsyncFunctionDef(name=name):
            yield Binder(name, "other", node, when)
        case ast.ClassDef(name=name):
            yield Binder(name, "class", node, when)
        case ast.Import(names=names):
            for alias in names:
                yield Binder(alias.asname or alias.name.partition(".")[0], "import", node, when, alias=alias)
        case ast.ImportFrom(names=names):
            for alias in names:
                kind = "star" if alias.name == "*" else "from"
                yield Binder(alias.asname or alias.name, kind, node, when, alias=alias)
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _target(target, value, node, when)
        case ast.AnnAssign(target=ast.Name(id=name), value=value, annotation=annotation) if value is not None:
            yield Binder(name, "assign", node, when, value, annotation)
        case ast.AugAssign(target=target) | ast.For(target=target):
            yield from _target(target, None, node, when)
        case ast.Delete(targets=targets):
            for target in targets:
                yield from _target(target, None, node, when)
    yield from _inside(node, when)


def _inside(node: ast.stmt, when: str) -> Iterator[Binder]:
    """The bodies of compound statements, which run in the module's own scope."""
    match node:
        case ast.If(test=test, body=body, orelse=orelse):
            main = is_main_test(test)
            yield from _all(body, "main" if main else when or "maybe")
            yield from _all(orelse, when if main else when or "maybe")
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            yield from _all(body, when)
            for handler in handlers:
                if handler.name:
                    yield Binder(handler.name, "other", handler, when)
                yield from _all(handler.body, when or "maybe")
            yield from _all([*orelse, *finalbody], when)
        case ast.With(items=items, body=body):
            for item in items:
                if item.optional_vars is not None:
                    yield from _target(item.optional_vars, None, node, when)
            yield from _all(body, when)
        case ast.For(body=body, orelse=orelse) | ast.While(body=body, orelse=orelse):
            yield from _all([*body, *orelse], when or "maybe")
        case ast.Match(cases=cases):
            for case in cases:
                for part in ast.walk(case.pattern):
                    name = getattr(part, "name", None) or getattr(part, "rest", None)
                    if isinstance(name, str):
                        yield Binder(name, "other", node, when)
                yield from _all(case.body, when or "maybe")


def _target(target: ast.expr, value: ast.expr | None, node: ast.stmt, when: str) -> Iterator[Binder]:
    if isinstance(target, ast.Name):
        yield Binder(target.id, "assign" if value is not None else "other", node, when, value)
    elif isinstance(target, ast.Starred):
        yield from _target(target.value, None, node, when)
    elif isinstance(target, (ast.Tuple, ast.List)):
        values: list[ast.expr | None] = [None] * len(target.elts)
        if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
            if not any(isinstance(part, ast.Starred) for part in (*value.elts, *target.elts)):
                values = list(value.elts)
        for part, own in zip(target.elts, values, strict=True):
            yield from _target(part, own, node, when)


def _hidden(statement: ast.stmt, when: str) -> Iterator[Binder]:
    """Names bound from inside: `global k` in a function, `:=` in an expression of the module."""
    if isinstance(statement, (*_Function, ast.ClassDef)):
        for part in ast.walk(statement):
            if isinstance(part, ast.Global):
                for name in part.names:
                    yield Binder(name, "other", part, when)
        return
    for expression in _expressions(statement):
        for part in ast.walk(expression):
            if isinstance(part, ast.NamedExpr):
                yield Binder(part.target.id, "other", part, when)


def _expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.withitem):
            yield child.context_expr
