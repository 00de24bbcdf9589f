"""Derivative formulas: Python expressions that are built as operations.

>>> from adgen.ir.types import Array, Sym, show
>>> b = Builder()
>>> y = Value(Array("f8", (Sym("n"),)), "y")
>>> d = evaluate(b, "1.0 - y * y", {"y": y})
>>> [op.name for op in b.ops if op.kind == "prim"], show(d.type)
(['mul', 'sub'], 'f8[n]')

A formula may use names, number literals, operators, `np.` and `math.` calls that have rules, `.T .shape .size .ndim`,
and subscripts.  `np.where` of single numbers becomes a conditional expression, since NumPy's would be a 0-d array.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cache

from adgen.ir.build import Builder
from adgen.ir.core import Value
from adgen.ir.types import Scalar, Struct
from adgen.rules import shapes
from adgen.rules.apply import apply, find
from adgen.rules.infer import plain
from adgen.rules.masks import note as note_mask
from adgen.rules.rule import REGISTRY, TypeProblem

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.MatMult: "matmul",
    ast.BitAnd: "bitand",
    ast.BitOr: "bitor",
    ast.USub: "neg",
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
    ast.Eq: "eq",
    ast.NotEq: "ne",
}
OF_NUMBERS: dict[str, object] = {"shape": (), "size": 1, "ndim": 0}  # Python's numbers have none of these
CONSTANTS = {"np.pi", "math.pi", "np.newaxis"}
MODULES = ("np", "math", "cmath", "scipy")


@cache
def parse(text: str) -> ast.expr:
    """The syntax tree of a formula."""
    return ast.parse(text, mode="eval").body


def names(node: ast.expr) -> list[str]:
    """The free names of a formula, sorted.

    >>> names(parse("np.where(a > b, g, 0.0)"))
    ['a', 'b', 'g']
    """
    found = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id not in MODULES}
    return sorted(found)


def qualified(text: str, module: str) -> str:
    """The formula with the names of functions of its own module in full.

    >>> qualified("-j1(x) * np.sin(x)", "bessel")
    '-bessel.j1(x) * np.sin(x)'
    """
    tree = ast.parse(text, mode="eval").body
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in REGISTRY:
            node.func = ast.parse(f"{module}.{node.func.id}", mode="eval").body
    return ast.unparse(tree)


def prims(node: ast.expr) -> list[str]:
    """The table entries that a formula uses, besides operators, which all have one."""
    out: list[str] = []
    for n in ast.walk(node):
        if isinstance(n, ast.Call):
            out.append(ast.unparse(n.func))
        elif isinstance(n, ast.Attribute) and ast.unparse(n).split(".")[0] not in MODULES:
            out.append("attr." + n.attr)
    return list(dict.fromkeys(out))


def evaluate(b: Builder, text: str | ast.expr, env: Mapping[str, Value]) -> Value:
    """Build the operations of a formula and return its value."""
    return _Evaluation(b, env).visit(parse(text) if isinstance(text, str) else text)


class _Evaluation:
    """One formula on one builder."""

    def __init__(self, b: Builder, env: Mapping[str, Value]) -> None:
        self.b = b
        self.env = env

    def visit(self, node: ast.expr) -> Value:
        match node:
            case ast.Name(id=name):
                return self.env[name]
            case ast.Constant(value=value):
                return self.b.const(value)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() | complex() as value)):
                return self.b.const(-value)
            case ast.UnaryOp(op=op, operand=operand):
                return apply(self.b, OPERATORS[type(op)], (self.visit(operand),))
            case ast.BinOp(left=left, op=op, right=right):
                return apply(self.b, OPERATORS[type(op)], (self.visit(left), self.visit(right)))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return apply(self.b, OPERATORS[type(op)], (self.visit(left), self.visit(right)))
            case ast.Call():
                return self.call(node)
            case ast.Attribute():
                return self.attribute(node)
            case ast.Subscript(value=value, slice=where):
                return self.subscript(self.visit(value), where)
            case ast.Tuple(elts=elts):
                return self.tuple(elts)
        raise AssertionError(f"not a formula: {ast.unparse(node)}")

    def tuple(self, elts: Sequence[ast.expr]) -> Value:
        if all(isinstance(elt, ast.Constant) for elt in elts):
            return self.b.const(tuple(elt.value for elt in elts if isinstance(elt, ast.Constant)))
        items = [self.visit(elt) for elt in elts]
        keys = tuple(str(k) for k in range(len(items)))
        return self.b.pack(Struct("tuple", keys, tuple(item.type for item in items)), items)

    def attribute(self, node: ast.Attribute) -> Value:
        text = ast.unparse(node)
        if text in CONSTANTS:
            value = None if text == "np.newaxis" else 3.141592653589793
            return self.b.const(value, text)
        of = self.visit(node.value)
        if isinstance(plain(of.type), Scalar) and node.attr in OF_NUMBERS:
            return self.b.const(OF_NUMBERS[node.attr])
        return apply(self.b, "attr." + node.attr, (of,))

    def call(self, node: ast.Call) -> Value:
        name = ast.unparse(node.func)
        operands = [self.visit(arg) for arg in node.args] + [self.visit(word.value) for word in node.keywords]
        if name == "np.where" and all(shapes.is_scalar(value.type) for value in operands):
            return select(self.b, operands[0], operands[1], operands[2])
        args = find(name).bind(len(node.args), [word.arg or "" for word in node.keywords])
        return apply(self.b, name, operands, args)

    def subscript(self, value: Value, where: ast.expr) -> Value:
        if isinstance(plain(value.type), Struct):
            assert isinstance(where, ast.Constant) and isinstance(where.value, int)
            return self.b.item(value, where.value)
        spec: list[str] = []
        operands: list[Value] = []
        for piece in where.elts if isinstance(where, ast.Tuple) else [where]:
            match piece:
                case ast.Constant(value=None):
                    spec.append("n")
                case ast.Constant(value=ellipsis) if ellipsis is ...:
                    spec.append("...")
                case ast.Slice(lower=lower, upper=upper, step=step):
                    bounds = [bound for bound in (lower, upper, step) if bound is not None]
                    spec.append("s" + "".join("0" if bound is None else "1" for bound in (lower, upper, step)))
                    operands += [self.visit(bound) for bound in bounds]
                case _:
                    spec.append("i")
                    operands.append(self.visit(piece))
        return shapes.index(self.b, value, spec, operands)


def select(b: Builder, flag: Value, x: Value, y: Value, hint: str = "") -> Value:
    """`x if flag else y` of two numbers."""
    type_ = shapes.join(x.type, y.type)
    if type_ is None:
        raise TypeProblem("two numbers of different type", "convert one of them")
    value = b.emit("select", "", (flag, x, y), type_, hint)
    note_mask(b, "np.where", (flag, x, y), value)
    return value
