"""Names of comprehensions that nested functions read are names apart: those of the function stand beside them.

>>> tree = ast.parse('''
... def f(x):
...     i = 2.0
...     g = lambda v: v * i
...     return [g(x) * i for i in range(3)]
... ''')
>>> print(ast.unparse(apart(tree.body[0])).replace(" @", "@"))
def f(x):
    i = 2.0
    g = lambda v: v * i
    return [g(x) * i@1 for i@1 in range(3)]

The lowering of a comprehension binds its names in the frame for as long as it lasts.  Other comprehensions stay as they
are: nobody could tell.
"""

from __future__ import annotations

import ast
import copy
from typing import TypeVar

from adgen.frontend.normalise import COMPREHENSIONS, SCOPES, assigned, reads

N = TypeVar("N", bound=ast.AST)
MARK = " @"  # in names of comprehensions: none of the text has it


def apart(node: N) -> N:
    """The function with names of its own for comprehensions where nested functions read a name of that kind."""
    nested = [part for part in ast.walk(node) if part is not node and isinstance(part, SCOPES)]
    read = {name for part in nested for name in reads(part)}
    if not read or not any(_targets(part) & read for part in ast.walk(node) if isinstance(part, COMPREHENSIONS)):
        return node
    return _Apart(read).function(copy.deepcopy(node))


def _targets(node: ast.AST) -> set[str]:
    generators = node.generators if isinstance(node, COMPREHENSIONS) else []
    return set(assigned([loop.target for loop in generators]))


class _Apart(ast.NodeTransformer):
    """Renames what comprehensions bind, the inner ones first."""

    def __init__(self, read: set[str]) -> None:
        self.read, self.count = read, 0

    def function(self, node: N) -> N:
        """The function itself, whose nested functions are seen to when they are called."""
        self.generic_visit(node)
        return node

    def visit(self, node: ast.AST) -> ast.AST:
        """A node, with new names for what its comprehensions bind."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return node
        self.generic_visit(node)
        if isinstance(node, COMPREHENSIONS):
            names = {}
            for name in sorted(_targets(node) & self.read):
                self.count += 1
                names[name] = f"{name}{MARK}{self.count}"
            if names:
                first = node.generators[0].iter  # it is of the function around
                node.generators[0].iter = ast.Constant(None)
                _Named(names).visit(node)
                node.generators[0].iter = first
        return node


class _Named(ast.NodeTransformer):
    """Names in place of others, where those mean what the comprehension binds."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:  # noqa: N802 (the name that ast calls)
        """A name."""
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:  # noqa: N802
        """A function inside: its parameters are its own; its defaults are not."""
        arguments = node.args
        arguments.defaults = [self.visit(part) for part in arguments.defaults]
        arguments.kw_defaults = [part and self.visit(part) for part in arguments.kw_defaults]
        own = {part.arg for part in ast.walk(arguments) if isinstance(part, ast.arg)}
        own |= {part.target.id for part in ast.walk(node.body) if isinstance(part, ast.NamedExpr)}
        node.body = _Named({old: new for old, new in self.names.items() if old not in own}).visit(node.body)
        return node
