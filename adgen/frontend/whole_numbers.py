"""Parameters that can only be integers, because of how the function uses them; for the command line without types.

def f(x, n):                    n is an int: `range` takes nothing else
    for i in range(n - 1): ..
    return x[:n]                so does the bound of a slice (or None); arithmetic in an index is taken to be of ints

>>> tree = ast.parse("range(2 * n - 1, m // 2)", mode="eval").body
>>> [sorted(whole(arg)) for arg in tree.args], sorted(whole(ast.parse("min(n, 3) + 0.5 * k", mode="eval").body))
([['n'], ['m']], [])
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from adgen.frontend.bindings import FunctionSource, Known, Module, UserFunction
from adgen.frontend.normalise import assigned, parts

OPERATORS = ast.Add | ast.Sub | ast.Mult | ast.FloorDiv | ast.Mod
SHAPED = frozenset(f"np.{name}" for name in ("zeros", "ones", "empty", "full"))  # their first argument is a shape
SIZED: Mapping[str, int] = {"np.eye": 0, "np.identity": 0, "np.linspace": 2}  # where a number of something stands


def integers(source: FunctionSource, inside: tuple[object, ...] = ()) -> dict[str, None]:
    """The parameters that can only be integers, in order."""
    node = source.node
    body = node.body if isinstance(node, ast.FunctionDef) else [node.body]
    bound = assigned(body)
    found: dict[str, None] = {}
    for statement in body:
        for part in parts(statement):
            found |= dict.fromkeys(name for e in _wanted(source, part, inside) for name in whole(e))
    return {name: None for name in source.params if name in found and name not in bound}


def whole(node: ast.expr) -> dict[str, None]:
    """Names that must be integers if the expression is to be one."""
    match node:
        case ast.Name():
            return {node.id: None}
        case ast.UnaryOp(ast.USub() | ast.UAdd(), operand):
            return whole(operand)
        case ast.BinOp(left, op, right) if isinstance(op, OPERATORS) and _may_be(left) and _may_be(right):
            return whole(left) | whole(right)
    return {}


def _may_be(node: ast.expr) -> bool:
    """Whether nothing but an integer part of an expression makes it an integer."""
    if isinstance(node, ast.Constant):
        return type(node.value) is int
    return isinstance(node, ast.Name | ast.BinOp | ast.UnaryOp | ast.Subscript | ast.Attribute) or _is_length(node)


def _is_length(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len"


def _wanted(source: FunctionSource, node: ast.AST, inside: tuple[object, ...]) -> Iterator[ast.expr]:
    """Expressions that have to be integers for a node to make sense."""
    match node:
        case ast.Slice():
            yield from (bound for bound in (node.lower, node.upper, node.step) if bound is not None)
        case ast.Subscript(_, index, ast.Load() | ast.Store()):  # `y[idx]` alone may be an array of places
            places = index.elts if isinstance(index, ast.Tuple) else [index]
            yield from (place for place in places if isinstance(place, ast.BinOp))
        case ast.BinOp(ast.List(), ast.Mult(), count) | ast.BinOp(count, ast.Mult(), ast.List()):
            yield count
        case ast.Call(func, args, keywords):
            binding = _callee(source, func)
            if isinstance(binding, Known):
                yield from _of_known(binding.name, args)
            elif isinstance(binding, UserFunction) and binding.source.key not in inside:
                inner = integers(binding.source, (*inside, source.key, binding.source.key))
                yield from (arg for name, arg in zip(binding.source.params, args, strict=False) if name in inner)
                yield from (keyword.value for keyword in keywords if keyword.arg in inner)


def _of_known(name: str, args: list[ast.expr]) -> Iterator[ast.expr]:
    if name == "range":
        yield from args
    elif name in SHAPED and args:
        yield from args[0].elts if isinstance(args[0], ast.Tuple | ast.List) else args[:1]
    elif name in SIZED:
        yield from args[SIZED[name] : SIZED[name] + 1]


def _callee(source: FunctionSource, func: ast.expr) -> object:
    """What is called, if it is a name that the function does not bind itself, or an attribute of a module."""
    name = func.value if isinstance(func, ast.Attribute) else func
    body = source.node.body if isinstance(source.node, ast.FunctionDef) else []
    if not isinstance(name, ast.Name) or name.id in source.params or name.id in assigned(body):
        return None
    found = source.scope.lookup(name.id)
    if isinstance(func, ast.Attribute):
        return source.scope.attribute(found, func.attr) if isinstance(found, Module) else None
    return found
