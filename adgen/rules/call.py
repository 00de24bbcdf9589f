"""One call under differentiation: operands by parameter name, formulas over them, products fitted to an operand.

For `y = a * b` with a number `a` and an array `b` the adjoint of `a` is one contraction:

    scaled(call, y_bar, parse("b"), like=a)      ->      np.vdot(y_bar, b)
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from adgen.ir.build import Builder
from adgen.ir.core import Op, Value
from adgen.ir.types import FLOAT, NONE, Array, ListOf, Static, Struct, Type, Unknown
from adgen.rules import formula, shapes
from adgen.rules.apply import apply, known
from adgen.rules.infer import is_complex, plain
from adgen.rules.rule import Rule, TypeProblem

COUNTED = ("axis", "axis1", "axis2", "repeats", "reps", "n", "offset")  # arguments that are whole numbers


class Call:
    """What derivative formulas see."""

    def __init__(self, b: Builder, rule: Rule, op: Op) -> None:
        self.b = b
        self.rule = rule
        self.op = op
        self.y = op.result
        given = op.attrs.get("args")
        self.args: tuple[str, ...] = given if isinstance(given, tuple) else rule.bind(len(op.operands))
        self.values = {arg: value for arg, value in zip(reversed(self.args), reversed(op.operands), strict=True)}
        stored = op.attrs.get("statics")
        self.statics = known(b, rule, op.operands, self.args) | (dict(stored) if isinstance(stored, dict) else {})
        for name in COUNTED:  # True is an axis, 1: not of all functions
            if isinstance(self.statics.get(name), bool):
                self.statics[name] = int(self.statics[name] is True)
            if isinstance(b.constants.get(self.values.get(name, self.y)), bool):
                self.values[name] = b.const(int(b.constants[self.values[name]] is True))
        for name, value in self.values.items():
            if name in self.statics and self.args.count(name) == 1:
                b.constants.setdefault(value, self.statics[name])  # known where the call was made: known here

    def __call__(self, text: str | ast.expr, **more: Value) -> Value:
        """Build a formula over the parameters, the result's name and what is given."""
        return formula.evaluate(self.b, text, {**self.values, self.rule.result: self.y, **more})

    def with_values(self, safe: Mapping[str, float], own: bool, mask: tuple[Value, bool]) -> Call:
        """The same call of arguments, and (`own`) with a result, that are finite where a mask leaves nothing."""
        other = Call(self.b, self.rule, self.op)
        flag, holds = mask
        text = "np.where(flag, v, safe)" if holds else "np.where(flag, safe, v)"
        for name, number in safe.items():
            other.values[name] = self(text, flag=flag, v=self.values[name], safe=self.b.const(number))
        if own and not (shapes.is_scalar(self.y.type) and is_complex(plain(self.y.type))):
            other.y = self(text, flag=flag, v=self.y, safe=self.b.const(1.0))
        return other

    def has(self, name: str) -> bool:
        """Whether the call gives this parameter, other than as None."""
        return name in self.values and self.values[name].type != Static(None)

    def type(self, name: str) -> Type:
        """The content type of an operand."""
        return plain(self.values[name].type)

    def rank(self, name: str) -> int:
        """The rank of an operand; refused where it is not known."""
        return rank(self.values[name], self.rule.name)

    def static(self, name: str, default: object = None) -> object:
        """The value of a static argument, its default where it is not given."""
        if name in self.statics:
            return self.statics[name]
        if name in self.values:
            raise TypeProblem(f"`{name}` of `{self.rule.name}` is not known while compiling", "write it as a literal")
        return default

    def repeat(self, operands: Sequence[Value]) -> Value:
        """The same call of other operands of the same types."""
        attrs = {key: value for key, value in self.op.attrs.items() if key != "style"}
        return self.b.emit("prim", self.op.name, operands, self.y.type, "", attrs)


def rank(value: Value, name: str) -> int:
    """The rank of a value; refused where it is not known."""
    type_ = plain(value.type)
    if isinstance(type_, Array) and type_.shape is not None:
        return len(type_.shape)
    if shapes.is_scalar(type_):
        return 0
    raise TypeProblem(f"the derivative of `{name}` needs the rank of its argument", "annotate the argument")


class Factors(NamedTuple):
    """A product: sign, numerators, denominators."""

    negative: bool
    above: tuple[ast.expr, ...]
    below: tuple[ast.expr, ...]


def factors(node: ast.expr) -> Factors:
    """Take a formula apart into factors.

    >>> [ast.unparse(n) for n in factors(formula.parse("-a / (b * b)")).below]
    ['b', 'b']
    """
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = factors(operand)
            return Factors(not inner.negative, inner.above, inner.below)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            one, two = factors(left), factors(right)
            return Factors(one.negative != two.negative, one.above + two.above, one.below + two.below)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            one, two = factors(left), factors(right)
            return Factors(one.negative != two.negative, one.above + two.below, one.below + two.above)
        case ast.Constant(value=1.0):
            return Factors(False, (), ())
    return Factors(False, (node,), ())


def product(b: Builder, values: Sequence[Value]) -> Value:
    """Multiply, literals first, then numbers, then arrays: the fewest passes over arrays."""
    order = sorted(values, key=lambda v: 0 if v in b.constants else 1 if shapes.is_scalar(v.type) else 2)
    out = order[0]
    for value in order[1:]:
        out = apply(b, "mul", (out, value))
    return out


def scaled(call: Call, g: Value, node: ast.expr, like: Value | None = None) -> Value:
    """g times a formula, summed to the shape of `like` if given."""
    b = call.b
    parts = factors(node)
    above, below = [call(part) for part in parts.above], [call(part) for part in parts.below]
    if like is None or shapes.same_shape(g.type, like.type):
        out = _quotient(b, [g, *above], below)
    else:
        out = _contracted(b, g, above, below, like)
    return apply(b, "neg", (out,)) if parts.negative else out


def _quotient(b: Builder, above: Sequence[Value], below: Sequence[Value]) -> Value:
    out = product(b, above)
    return apply(b, "div", (out, product(b, below))) if below else out


def _contracted(b: Builder, g: Value, above: Sequence[Value], below: Sequence[Value], like: Value) -> Value:
    """Numbers are multiplied after the sum, a plain product of two arrays summed to a number is a `vdot`."""
    real = [value for value in above if not is_complex(value.type)]  # the sum may be cut to its real part
    numbers = [value for value in real if _weak(value, like)]
    arrays = [value for value in above if value not in numbers]
    divisors = [value for value in below if _weak(value, like)]
    array_divisors = [value for value in below if value not in divisors]
    out = _dot(b, g, product(b, arrays)) if arrays and not array_divisors and shapes.is_scalar(like.type) else None
    if out is None:
        out = shapes.unbroadcast(b, _quotient(b, [g, *arrays], array_divisors), like)
    return _quotient(b, [out, *numbers], divisors) if numbers or divisors else out


def _weak(value: Value, like: Value) -> bool:
    """Whether it is a number that leaves the dtype of `like` as it is: NumPy's own may not, where that is unknown."""
    content = plain(like.type)
    vague = isinstance(content, Unknown) or (isinstance(content, Array) and content.dtype is None)
    return shapes.is_scalar(value.type) and not (vague and isinstance(plain(value.type), Array))


def _dot(b: Builder, g: Value, d: Value) -> Value | None:
    real = not is_complex(g.type) and not is_complex(d.type)
    if real and not shapes.is_scalar(g.type) and shapes.same_shape(g.type, d.type):
        return apply(b, "np.vdot", (g, d))
    return None


def filled(b: Builder, dot: Value | None, primal: Value) -> Value:
    """A tangent with zeros where it has none, so that a linear function can be applied to it."""
    type_ = plain(primal.type)
    dot = None if dot is not None and dot.type == NONE else dot
    if isinstance(type_, Struct):
        parts = [filled(b, None if dot is None else b.item(dot, k), b.item(primal, k)) for k in range(len(type_.items))]
        return b.pack(Struct(type_.kind, type_.keys, tuple(part.type for part in parts)), parts)
    if dot is not None:
        return _completed(b, dot, primal)
    if type_ == Static(None):
        return primal
    if shapes.is_scalar(type_):
        return b.const(0.0)
    return apply(b, "np.zeros_like", (primal,))


def _completed(b: Builder, dot: Value, primal: Value) -> Value:
    """The tangent of a list, with zeros in the items that have no tangent."""
    whole = with_zeros(dot.type)
    if not isinstance(whole, ListOf) or whole == plain(dot.type):
        return dot
    return b.emit("prim", "filled", (dot, primal), whole, "", {"args": ("x_dot", "x")})


def with_zeros(type_: Type) -> Type:
    """The type of a tangent in which numbers stand for what has none."""
    content = plain(type_)
    if isinstance(content, ListOf):
        return replace(content, item=with_zeros(content.item))
    if isinstance(content, Struct):
        return replace(content, items=tuple(with_zeros(item) for item in content.items))
    return FLOAT if content == NONE else content
