"""The formulas that are emitted: what a person would write, no helper that types make needless."""

import pytest

from adgen.ir.build import Builder
from adgen.ir.core import Value
from adgen.ir.types import FLOAT, INT, Array, Sym, Type, is_active_type
from adgen.rules import formula, table
from adgen.rules.apply import apply

N, M = Sym("n"), Sym("m")
V, X, S = Array("f8", (N,)), Array("f8", (N, M)), Array("f4", (N,))
SIGNS = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "div": "/",
    "pow": "**",
    "matmul": "@",
    "gt": ">",
    "eq": "==",
    "ne": "!=",
    "ge": ">=",
}


class Text:
    """Emitted operations as one-line expressions."""

    def __init__(self, name, *given, args=None):
        self.b = b = Builder()
        operands = [Value(t, "abc"[k]) if isinstance(t, Type) else b.const(t) for k, t in enumerate(given)]
        self.rule = table.lookup(name)
        self.y = apply(b, name, operands, args)
        self.op = b.ops[-1]
        self.names = {v: v.hint for v in operands if v not in b.constants} | {self.y: "y"}

    def adjoints(self):
        g = Value(self.y.type, "g")
        wrt = [k for k, v in enumerate(self.op.operands) if is_active_type(v.type) and v not in self.b.constants]
        self.names[g] = "g"
        return [None if bar is None else self.show(bar) for bar in self.rule.vjp(self.b, self.op, g, wrt)]

    def tangent(self):
        dots = [
            Value(v.type, self.names[v] + "_dot") if is_active_type(v.type) and v in self.names else None
            for v in self.op.operands
        ]
        self.names |= {dot: dot.hint for dot in dots if dot is not None}
        return self.show(self.rule.jvp(self.b, self.op, dots))

    def show(self, value):
        if value in self.names:
            return self.names[value]
        op = next(op for op in self.b.ops if value in op.results)
        if op.kind == "const":
            return op.attrs["text"]
        parts = [self.show(v) for v in op.operands]
        if op.name in SIGNS:
            return f"({parts[0]} {SIGNS[op.name]} {parts[1]})"
        if op.name.startswith("attr."):
            return f"{parts[0]}.{op.name[5:]}"
        if op.kind == "item":
            return f"{parts[0]}[{op.attrs['slot']}]"
        if op.kind == "select":
            return f"({parts[1]} if {parts[0]} else {parts[2]})"
        if op.name == "neg":
            return "-" + parts[0]
        return f"{op.name or op.kind}({', '.join(parts)})"


ADJOINTS = [
    (("add", V, V), ["g", "g"]),
    (("add", X, Array("f8", (M,))), ["g", "np.sum(g, 0)"]),
    (("add", X, FLOAT), ["g", "np.sum(g)"]),
    (("sub", V, V), ["g", "-g"]),
    (("mul", FLOAT, FLOAT), ["(g * b)", "(g * a)"]),
    (("mul", FLOAT, V), ["np.vdot(g, b)", "(a * g)"]),
    (("mul", V, Array("f8", (N, 1))), ["np.sum((g * b), 0)", "np.sum((g * a), 1, True)"]),
    (("div", V, V), ["(g / b)", "-((g / b) * y)"]),
    (("pow", V, 2), ["((2.0 * g) * a)"]),
    (("pow", FLOAT, 3), ["((3.0 * g) * (a * a))"]),
    (("pow", V, 0), [None]),
    (("pow", V, 1), ["g"]),
    (("pow", FLOAT, 5), ["((5.0 * g) * (a ** 4))"]),
    (("pow", FLOAT, INT), ["((g * b) * (a ** (b - (b != 0))))"]),
    (("np.tanh", V), ["(g * (1.0 - (y * y)))"]),
    (("np.exp", V), ["(g * y)"]),
    (("np.sin", V), ["(g * np.cos(a))"]),
    (("np.log", V), ["(g / a)"]),
    (("np.sqrt", V), ["((0.5 * g) / y)"]),
    (("np.sum", X), ["np.broadcast_to(g, a.shape)"]),
    (("np.mean", V), ["np.broadcast_to((g / a.size), a.shape)"]),
    (("matmul", X, Array("f8", (M,))), ["np.outer(g, b)", "(a.T @ g)"]),
    (("matmul", X, Array("f8", (M, 4))), ["(g @ b.T)", "(a.T @ g)"]),
    (("np.dot", V, V), ["(g * b)", "(g * a)"]),
    (("np.maximum", V, 0.0), ["np.where((a > 0.0), g, np.where((a == 0.0), (0.5 * g), 0.0))"]),
    (
        ("max", FLOAT, FLOAT),
        ["(g if (a > b) else ((0.5 * g) if (a == b) else 0.0))"]
        + ["(g if (b > a) else ((0.5 * g) if (b == a) else 0.0))"],
    ),
    (("np.exp2", S), ["((math.log(2.0) * g) * y)"]),
    (("mul", S, V), ["astype((g * b))", "(g * a)"]),
    (("np.reshape", V, (-1, 1)), ["np.reshape(g, a.shape)"]),
    (("np.linalg.inv", Array("f8", (N, N))), ["-((y.T @ g) @ y.T)"]),
]


@pytest.mark.parametrize("call, expected", ADJOINTS, ids=lambda v: v[0] if isinstance(v, tuple) else "")
def test_adjoints(call, expected):
    assert Text(*call).adjoints() == expected


TANGENTS = [
    (("sub", V, V), "(a_dot - b_dot)"),
    (("mul", V, V), "((a_dot * b) + (b_dot * a))"),
    (("add", V, FLOAT), "(a_dot + b_dot)"),
    (("div", V, V), "((a_dot / b) - ((b_dot / b) * y))"),
    (("np.cos", V), "-(a_dot * np.sin(a))"),
    (("np.sum", X), "np.sum(a_dot)"),
    (("matmul", X, V), "((a_dot @ b) + (a @ b_dot))"),
]


@pytest.mark.parametrize("call, expected", TANGENTS, ids=lambda v: v[0] if isinstance(v, tuple) else "")
def test_tangents(call, expected):
    assert Text(*call).tangent() == expected


def test_helper_only_where_types_do_not_decide():
    vague = Array("f8", (None,))
    assert Text("mul", vague, FLOAT).adjoints()[0] == "(b * g)"
    assert "unbroadcast" in Text("mul", vague, vague).adjoints()[0]
    one = Array("f8", (Sym("n", -2),))
    assert Text("mul", one, one).adjoints() == ["(g * b)", "(g * a)"]


def test_formulas_call_only_functions_with_rules():
    for name in table.names():
        for text in table.lookup(name).formulas:
            for used in formula.prims(formula.parse(text)):
                assert table.lookup(used) is not None, f"{name} uses {used}"


def test_every_entry_is_a_real_function():
    from adgen.battery.evaluate import HELPERS, METHODS, OPERATORS, function

    for name in table.names():
        if name not in {"astype", "attr.T", *HELPERS, *METHODS, *OPERATORS} and not name.startswith("attr."):
            assert callable(function(name)), name
