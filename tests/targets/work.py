"""How much work a piece of Python does when it runs: calls, arithmetic, saves, statements, counted exactly.

The text is rewritten so that every operator and every call reports itself; what it computes stays the same.

>>> counted = Counted("def f(x):\\n    y = x * x\\n    return y + 1.0\\n", "f")
>>> counted.run(3.0), counted.work.arithmetic, counted.statements
(10.0, 2, 2)
"""

import ast
from collections import Counter

import numpy as np

MATH = ("np", "math")


class Work:
    """What was done in one run."""

    def __init__(self):
        self.calls = Counter()  # NumPy and math functions, by name
        self.arithmetic = 0  # operators on numbers and arrays (integers, as in index arithmetic, are free)
        self.elements = 0  # numbers computed by these
        self.saves = 0  # appends, and stores to `.._saved[..]`
        self.bytes = 0  # of what these keep

    def operator(self, value):
        """Report the result of an operator."""
        if not isinstance(value, (bool, int, np.bool_, np.integer)):
            self.arithmetic += 1
            self.elements += int(np.size(value))
        return value

    def call(self, name, value):
        """Report a call of a NumPy function."""
        self.calls[name] += 1
        self.elements += int(np.size(value)) if isinstance(value, (float, np.ndarray, np.generic)) else 0
        return value

    def save(self, value):
        """Report something kept for later; a tuple is as many things as it has items."""
        parts = value if isinstance(value, tuple) else (value,)
        self.saves += len(parts)
        self.bytes += sum(part.nbytes if isinstance(part, np.ndarray) else 8 for part in parts)
        return value

    def per_iteration(self, other):
        """The work of a longer run, less that of this one."""
        rest = Work()
        rest.calls = other.calls - self.calls
        rest.arithmetic, rest.elements = other.arithmetic - self.arithmetic, other.elements - self.elements
        rest.saves, rest.bytes = other.saves - self.saves, other.bytes - self.bytes
        return rest

    def __repr__(self):
        counts = f"arithmetic={self.arithmetic}, elements={self.elements}, saves={self.saves}, bytes={self.bytes}"
        return f"Work({dict(self.calls)}, {counts})"


def _reported(method, node, *more):
    function = ast.Attribute(ast.Name("_work", ast.Load()), method, ast.Load())
    return ast.Call(function, [*more, node], [])


class _Reporting(ast.NodeTransformer):
    """Wrap operators, calls and saves."""

    def visit_BinOp(self, node):
        return _reported("operator", self.generic_visit(node))

    def visit_UnaryOp(self, node):
        if isinstance(node.operand, ast.Constant) or isinstance(node.op, ast.Not):
            return node
        return _reported("operator", self.generic_visit(node))

    def visit_Call(self, node):
        name = called(node)
        node = self.generic_visit(node)
        if name == ".append":
            node.args[0] = _reported("save", node.args[0])
            return node
        return _reported("call", node, ast.Constant(name)) if name else node

    def visit_Assign(self, node):
        node = self.generic_visit(node)
        target = node.targets[0]
        if isinstance(target, ast.Subscript) and ast.unparse(target.value).endswith("_saved"):
            node.value = _reported("save", node.value)
        return node

    def visit_AugAssign(self, node):
        node = self.generic_visit(node)
        load = ast.parse(ast.unparse(node.target), mode="eval").body
        report = ast.Expr(_reported("operator", load))
        return [node, report]


CHEAP = ("zeros", "zeros_like", "empty", "empty_like", "arange", "shape")


def called(node):
    """The canonical name of a NumPy or math function, or of an array method; "" for anything else."""
    if not isinstance(node.func, ast.Attribute):
        return ""
    root = ast.unparse(node.func.value)
    if root in MATH:
        return node.func.attr if node.func.attr not in CHEAP else ""
    if node.func.attr in ("sum", "dot", "copy", "mean", "reshape", "transpose"):
        return node.func.attr
    return ".append" if node.func.attr == "append" else ""


class Counted:
    """A function of a module text whose work is counted."""

    def __init__(self, text, name):
        tree = ast.parse(text)
        function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
        self.statements = statements(function)
        self.text = text
        reporting = ast.fix_missing_locations(_Reporting().visit(tree))
        self.namespace = {"__name__": "counted", "np": np}
        exec(compile(reporting, f"<counted {name}>", "exec"), self.namespace)
        self.name = name
        self.work = Work()

    def run(self, *args):
        """Call the function and count its work."""
        self.work = self.namespace["_work"] = Work()
        return self.namespace[self.name](*args)


def statements(function):
    """The statements of a function; docstrings, guards (`if ..: raise ..`) and `pass` do not count."""
    count = 0
    for node in ast.walk(function):
        if not isinstance(node, ast.stmt) or node is function or isinstance(node, ast.Pass):
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Raise) or (isinstance(node, ast.If) and isinstance(node.body[0], ast.Raise)):
            continue
        count += 1
    return count
