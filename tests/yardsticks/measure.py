"""What a derivative costs, counted: work, statements, bytes kept, bytes at the peak, lines of source.

The text of the function is rewritten so that each statement, operator, call and subscript reports itself; what it
computes stays the same.  Counts do not depend on the machine, so that they can be compared exactly.

>>> measured("def f(x):\\n    y = x * x\\n    return y + 1.0\\n", "f", (3.0,)).calls
2
"""

import ast
import gc
import tracemalloc
from dataclasses import dataclass

import numpy as np

from adgen.backend.format import format_text
from tests.targets.work import MATH


@dataclass(frozen=True)
class Counts:
    """The cost of one call of a function.

    calls       functions of NumPy and math, operators on arrays and floats, subscripts of arrays
    statements  executed
    saved       bytes put on tapes: appended to, or stored in, what is called `saved` or `.._saved`
    peak        bytes allocated at the peak of the call, what it returns included
    lines       lines of source at black's hand, without comments, guards and blank lines
    """

    calls: int
    statements: int
    saved: int
    peak: int
    lines: int

    def over(self, other):
        """{measure: ratio to another's}; a tape of less than 8 bytes counts as 8, a peak below 1 KiB as that."""
        least = {"saved": 8, "peak": 1024}
        both = {name: (getattr(self, name), getattr(other, name)) for name in self.__dataclass_fields__}
        pairs = {name: [max(count, least.get(name, 1)) for count in pair] for name, pair in both.items()}
        return {name: ours / theirs for name, (ours, theirs) in pairs.items()}


MEASURES = tuple(Counts.__dataclass_fields__)


class _Report:
    """What the rewritten text reports to."""

    def __init__(self):
        self.calls = 0
        self.statements = 0
        self.saved = 0

    def step(self):
        self.statements += 1

    def operator(self, value):
        """An operator or a function; integers and their lists are index arithmetic, which is free."""
        self.calls += not isinstance(value, (bool, int, str, list, np.integer))
        return value

    def call(self, value):
        self.calls += 1
        return value

    def base(self, value):
        """What a subscript reads."""
        self.calls += isinstance(value, np.ndarray)
        return value

    def save(self, value):
        self.saved += _bytes(value)
        return value


def _bytes(value):
    if isinstance(value, (tuple, list)):
        return sum(_bytes(item) for item in value)
    return value.nbytes if isinstance(value, (np.ndarray, np.generic)) else 8


def _reported(method, node):
    return ast.Call(ast.Attribute(ast.Name("_report", ast.Load()), method, ast.Load()), [node], [])


def _is_tape(node):
    name = ast.unparse(node)
    return name == "saved" or name.endswith("_saved")


class _Reporting(ast.NodeTransformer):
    """Wrap everything that costs."""

    def generic_visit(self, node):
        node = super().generic_visit(node)
        for field in ("body", "orelse"):
            block = getattr(node, field, None)
            if isinstance(block, list) and not isinstance(node, ast.Module):
                setattr(node, field, [new for stmt in block for new in self._stepped(stmt)])
        return node

    def _stepped(self, stmt):
        """A statement that reports itself; reports do not."""
        if isinstance(stmt, ast.Expr) and ast.unparse(stmt).startswith("_report"):
            return [stmt]
        return [ast.Expr(ast.Call(ast.Attribute(ast.Name("_report", ast.Load()), "step", ast.Load()), [], [])), stmt]

    def visit_BinOp(self, node):
        return _reported("operator", self.generic_visit(node))

    def visit_UnaryOp(self, node):
        if isinstance(node.operand, ast.Constant) or isinstance(node.op, ast.Not):
            return node
        return _reported("operator", self.generic_visit(node))

    def visit_Compare(self, node):
        return _reported("operator", self.generic_visit(node))

    def visit_Subscript(self, node):
        node = self.generic_visit(node)
        if isinstance(node.ctx, ast.Load) and isinstance(node.value, (ast.Name, ast.Attribute, ast.Subscript)):
            node.value = _reported("base", node.value)
        return node

    def visit_Call(self, node):
        func = node.func
        appends = isinstance(func, ast.Attribute) and func.attr == "append" and _is_tape(func.value)
        is_method = isinstance(func, ast.Attribute) and func.attr not in ("append", "pop", "extend")
        from_module = is_method and ast.unparse(func.value).split(".")[0] in MATH
        node = self.generic_visit(node)
        if appends:
            node.args[0] = _reported("save", node.args[0])
            return node
        return _reported("call" if from_module else "operator", node) if is_method else node

    def visit_Assign(self, node):
        target = node.targets[0]
        on_tape = isinstance(target, ast.Subscript) and _is_tape(target.value)
        starts_tape = _is_tape(target) and isinstance(node.value, ast.List)
        node = self.generic_visit(node)
        if on_tape or (starts_tape and node.value.elts):
            node.value = _reported("save", node.value)
        if isinstance(target, ast.Subscript) and not on_tape:
            node.value = _reported("call", node.value)
        return node

    def visit_AugAssign(self, node):
        """One operator; two subscripts more where it is of an item."""
        target = ast.parse(ast.unparse(node.target), mode="eval").body
        whole = ast.Assign([node.target], ast.BinOp(target, node.op, node.value))
        node = self.generic_visit(node)
        costs = [ast.Expr(_reported("operator", ast.parse(ast.unparse(whole.targets[0]), mode="eval").body))]
        if isinstance(whole.targets[0], ast.Subscript):
            costs = [ast.Expr(_reported("operator", self.visit(ast.parse(ast.unparse(target), mode="eval").body)))]
        return [node, *costs]


def body(text, name):
    """The function of a module text without its guards (`if ..: raise ..`) and its docstring, as text of black's."""
    tree = ast.parse(text)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    told = function.body[:1] if ast.get_docstring(function) else []
    guards = [node for node in function.body if isinstance(node, ast.If) and isinstance(node.body[0], ast.Raise)]
    function.body = [node for node in function.body if node not in (*told, *guards)]
    return format_text(ast.unparse(tree))


def lines(text, name):
    """The lines of a function's body."""
    tree = ast.parse(text)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    found = text.splitlines()[function.body[0].lineno - 1 : function.end_lineno]
    return sum(1 for line in found if line.strip())


def peak(function, args):
    """Bytes allocated at the peak of a call, beyond what was there before it; the least of three calls."""
    function(*args)
    found = []
    for _ in range(3):
        gc.collect()
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            tracemalloc.reset_peak()
            function(*args)
            found.append(tracemalloc.get_traced_memory()[1] - before)
        finally:
            tracemalloc.stop()
    return min(found)


def measured(text, name, args, **names):
    """The counts of one call of the function of that name in a module text."""
    text = body(text, name)
    plain = {"__name__": "measured", "np": np, **names}
    exec(compile(text, f"<{name}>", "exec"), plain)
    report = _Report()
    watched = {"__name__": "measured", "np": np, "_report": report, **names}
    exec(compile(ast.fix_missing_locations(_Reporting().visit(ast.parse(text))), f"<watched {name}>", "exec"), watched)
    watched[name](*args)
    return Counts(report.calls, report.statements, report.saved, peak(plain[name], args), lines(text, name))
