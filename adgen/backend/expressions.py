"""Values as Python expressions, with as few parentheses as Python needs to keep their structure.

mul(add(a, b), c)      (a + b) * c
add(a, mul(b, c))      a + b * c
add(a, neg(b))         a - b               in derivative code; what the user wrote stays as it was written
view v, 1, -1          v[1:-1]
"""

from __future__ import annotations

import ast
import enum
from collections.abc import Callable, Mapping
from typing import NamedTuple

from adgen.backend import calls, structures
from adgen.backend.operators import (
    AND,
    ARITH,
    ATOM,
    BINARY,
    BITOR,
    COMPARE,
    CONDITIONAL,
    OPPOSITE,
    OPPOSITE_OF_INTEGERS,
    OR,
    POWER,
    SIGN,
    TERM,
    TUPLE,
    UNARY,
)
from adgen.backend.script import Script
from adgen.backend.sharing import Sharing
from adgen.errors import Diagnostic, Place, Refusal
from adgen.ir.core import Op, Value
from adgen.ir.types import COMPLEX, Array, DictOf, ListOf, Ref, Scalar, Static, is_number, is_set


class Fragment(NamedTuple):
    """Text, and how strongly its outermost operator binds."""

    text: str
    strength: int


_AST_STRENGTH: tuple[tuple[type[ast.expr], int], ...] = (
    (ast.Tuple, TUPLE),
    (ast.IfExp, CONDITIONAL),
    (ast.Lambda, CONDITIONAL),
    (ast.BoolOp, OR),
    (ast.Compare, COMPARE),
    (ast.UnaryOp, SIGN),
)


def unwritten(op: Op) -> Refusal:
    """The refusal of a member of an enumeration in generated code: only what it decides is known."""
    span, title = op.span, f"`{op.attrs['value']}` is needed as a value"
    place = None if span is None else Place(span.path, span.line, span.col, span.end_line, span.end_col)
    why = "generated code does not know the enumeration that it is a member of"
    return Refusal([Diagnostic("E0102", title, place, why, "compare it with members, or pass its `.value`")])


def literal(text: str) -> Fragment:
    """The fragment of a literal or a static name.

    >>> literal("-1.0"), literal("np.pi"), literal("'a'")
    (Fragment(text='-1.0', strength=12), Fragment(text='np.pi', strength=14), Fragment(text='"a"', strength=14))
    """
    node = ast.parse(text, mode="eval").body
    if isinstance(node, ast.Tuple) and text.startswith("(") and (not node.elts or node.elts[0].col_offset > 0):
        return Fragment(text, ATOM)  # its own parentheses
    for kind, strength in _AST_STRENGTH:
        if isinstance(node, kind):
            return Fragment(text, strength)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return Fragment(structures.quoted(node.value), ATOM)
    return Fragment(text, ATOM if not isinstance(node, ast.BinOp) else OR)


class Expressions:
    """Writes expressions of one function; notes the helpers and modules that they need."""

    def __init__(self, script: Script, names: Mapping[Value, str], sharing: Sharing) -> None:
        self.script = script
        self.plan = script.plan
        self.names = names
        self.sharing = sharing
        self.helpers: dict[str, None] = {}
        self.modules: dict[str, None] = {}

    def text(self, value: Value, at_least: int = CONDITIONAL) -> str:
        """The text of a value, in parentheses if it binds less strongly than wanted."""
        return self.wrap(self.fragment(value), at_least)

    def wrap(self, fragment: Fragment, at_least: int) -> str:
        """The text of a fragment, in parentheses if it binds less strongly than wanted."""
        return f"({fragment.text})" if fragment.strength < at_least else fragment.text

    def fragment(self, value: Value) -> Fragment:
        """A value where it is read: its name, or its expression."""
        if value in self.plan.inline:
            return self.expression(value)
        return Fragment(self.names[self.script.home(value)], ATOM)

    def name(self, value: Value) -> str:
        """The name of a variable."""
        return self.names[self.script.home(value)]

    def overlaps(self, target: Value, content: Value) -> bool:
        """Whether an increment reads the memory that it writes, which Numba does number by number."""
        if self.plan.func.profile != "numba" or is_number(content.type):
            return False
        origin = self.definition(content)
        if origin is not None and origin.name == "neg":
            return self.overlaps(target, origin.operands[0])  # written as a decrement
        own = self.sharing.memory.of(target)
        return any(root in own for root in self.sharing.memory.of(content))

    def definition(self, value: Value) -> Op | None:
        """The operation of a value that is written where it is read."""
        return self.script.defs.get(value) if value in self.plan.inline else None

    def helper(self, name: str) -> str:
        """A helper function, noted as needed."""
        self.helpers[name] = None
        return name

    def expression(self, value: Value) -> Fragment:
        """The expression that defines a value."""
        op = self.script.defs[value]
        write = _WRITERS[op.kind]
        return write(self, op)

    def _is_own(self, value: Value) -> bool:
        """Whether a name may be given to a value as it is: a number, or an array that is made there."""
        return is_number(value.type) or (value in self.plan.inline and self.sharing.is_new(value))

    # operators -------------------------------------------------------------------------------------------------------
    def prim(self, op: Op) -> Fragment:
        """A function or an operator."""
        if op.attrs.get("said") and self._is_own(op.operands[0]):
            return self.fragment(op.operands[0])
        if op.name in ("add", "add_lists") and isinstance(op.result.type, ListOf):
            return Fragment(f"{self.helper('_add')}({self.arguments(op)})", ATOM)
        if op.name in BINARY and len(op.operands) == 2:
            return self.binary(op, *op.operands)
        if op.name in UNARY and len(op.operands) == 1:
            return self.unary(op)
        return Fragment(calls.call(self, op), ATOM)

    def binary(self, op: Op, left: Value, right: Value) -> Fragment:
        """A binary operator; in derivative code `a + -b` is `a - b`, which is the same number."""
        sign, strength = BINARY[op.name]
        if op.role != "primal" and op.name in ("add", "sub"):
            other = self.negated(right)
            if other is not None and not self._has_signed_zeros(op):
                turned = "-" if op.name == "add" else "+"
                return Fragment(f"{self.text(left, ARITH)} {turned} {self.wrap(other, TERM)}", ARITH)
            first = self.negated(left)
            if op.name == "add" and first is not None:
                return Fragment(f"{self.text(right, ARITH)} - {self.wrap(first, TERM)}", ARITH)
        low, high = strength, strength + 1
        if strength == COMPARE:
            low = BITOR
        elif strength == POWER:
            low, high = ATOM, SIGN
        elif strength in (OR, AND):
            high = strength
        return Fragment(f"{self.text(left, low)} {sign} {self.text(right, high)}", strength)

    def unary(self, op: Op) -> Fragment:
        """A unary operator; in derivative code `-(a * b)` is `-a * b`."""
        (inner,) = op.operands
        sign, strength = UNARY[op.name]
        if op.name == "neg" and op.role != "primal":
            positive = self.negated(inner)
            if positive is not None:
                return positive
            origin = self.definition(inner)
            if origin is not None and origin.name in ("mul", "div") and self._has_minus(inner):
                return Fragment("-" + self.text(inner, TERM), TERM)
        text = self.text(inner, strength)
        return Fragment(f"{sign}({text})" if sign in "-+~" and text[0] in "-+~" else sign + text, strength)

    def _has_signed_zeros(self, op: Op) -> bool:
        """Whether a literal is added to a complex number: the sign of the zero that stands beside it is in the sum."""
        type_, right = op.result.type, self.definition(op.operands[1])
        whole = type_ == COMPLEX or (isinstance(type_, Array) and (type_.dtype or "f")[0] == "c")
        return whole and right is not None and right.kind == "const"

    def _has_minus(self, value: Value) -> bool:
        """Whether `-a * b` is `-(a * b)`: flags have no negative, that of an unsigned number wraps."""
        while (op := self.definition(value)) is not None and op.name in ("mul", "div"):
            value = op.operands[0]
        return not (isinstance(value.type, Array) and value.type.dtype is not None and value.type.dtype[0] in "bu")

    def negated(self, value: Value) -> Fragment | None:
        """The value without its leading minus, None if it has none."""
        op = self.definition(value)
        if op is None:
            return None
        if op.kind == "const":
            text = str(op.attrs["text"])
            return literal(text[1:]) if text.startswith("-") and op.attrs.get("value") != 0 else None
        if op.kind != "prim" or op.role == "primal":
            return None
        if op.name == "neg":
            return self.fragment(op.operands[0])
        if op.name in ("mul", "div"):
            first = self.negated(op.operands[0])
            if first is not None:
                right = self.text(op.operands[1], TERM + 1)
                return Fragment(f"{self.wrap(first, TERM)} {BINARY[op.name][0]} {right}", TERM)
        return None

    # conditions ------------------------------------------------------------------------------------------------------
    def conditional(self, op: Op) -> Fragment:
        """`a if c else b`; `a and b`, `a or b` where one side is the test."""
        flag = op.operands[0]
        if op.kind == "select":
            return self._either(flag, op.operands[1], op.operands[2])
        then, orelse = (region.yields[0] for region in op.regions)
        if orelse is flag or (self.constant(orelse, False) and self.is_flag(flag)):
            return Fragment(f"{self.text(flag, AND)} and {self.text(then, AND)}", AND)
        if then is flag or (self.constant(then, True) and self.is_flag(flag)):
            return Fragment(f"{self.text(flag, OR)} or {self.text(orelse, OR)}", OR)
        return self._either(flag, then, orelse)

    def _either(self, flag: Value, then: Value, orelse: Value) -> Fragment:
        test, yes = self.test(flag, CONDITIONAL + 1), self.text(then, CONDITIONAL + 1)
        return Fragment(f"{yes} if {test} else {self.text(orelse, CONDITIONAL)}", CONDITIONAL)

    def constant(self, value: Value, wanted: object) -> bool:
        """Whether a value is this literal."""
        op = self.script.defs.get(value)
        return op is not None and op.kind == "const" and op.attrs.get("value") is wanted

    def is_flag(self, value: Value) -> bool:
        """Whether a value is True or False, nothing else."""
        return value.type == Scalar("bool") or (isinstance(value.type, Static) and isinstance(value.type.value, bool))

    def test(self, value: Value, at_least: int = CONDITIONAL) -> str:
        """A value as a test: `bool(xs)` and `len(xs) > 0` are `xs`."""
        op = self.definition(value)
        if op is not None and op.kind == "prim":
            if op.name == "bool" and len(op.operands) == 1:
                return self.test(op.operands[0], at_least)
            if op.name in ("gt", "ne") and self.is_zero(op.operands[1]):
                inner = self.definition(op.operands[0])
                if inner is not None and inner.name == "len" and isinstance(inner.operands[0].type, ListOf):
                    return self.text(inner.operands[0], at_least)
        return self.text(value, at_least)

    def is_zero(self, value: Value) -> bool:
        """Whether a value is the integer 0."""
        op = self.script.defs.get(value)
        return op is not None and op.kind == "const" and op.attrs.get("value") == 0 and value.type == Scalar("int")

    def denied(self, value: Value) -> str:
        """The negation of a test."""
        op = self.definition(value)
        if op is not None and op.kind == "prim" and len(op.operands) <= 2:
            opposite = OPPOSITE.get(op.name)
            if opposite is None and all(operand.type == Scalar("int") for operand in op.operands):
                opposite = OPPOSITE_OF_INTEGERS.get(op.name)
            scalars = not any(isinstance(operand.type, Array | Ref) for operand in op.operands)
            if opposite is not None and scalars and len(op.operands) == 2:
                sign = BINARY[opposite][0]
                return f"{self.text(op.operands[0], BITOR)} {sign} {self.text(op.operands[1], BITOR)}"
            if op.name == "not":
                return self.test(op.operands[0])
        return f"not {self.test(value, BINARY['lt'][1])}"

    # parts -----------------------------------------------------------------------------------------------------------
    def const(self, op: Op) -> Fragment:
        """A literal or a static name."""
        text = str(op.attrs["text"])
        if isinstance(op.attrs.get("value"), enum.Enum):
            raise unwritten(op)
        if isinstance(op.attrs.get("value"), tuple) and not text.startswith("("):
            return Fragment(text, TUPLE)  # a key
        code = text.startswith("(lambda ") or not isinstance(op.attrs.get("value"), str)
        if "math." in text and code:
            self.modules["import math"] = None
        return literal(text)

    def arguments(self, op: Op) -> str:
        """All operands, by position."""
        return ", ".join(self.text(operand) for operand in op.operands)

    def load(self, op: Op) -> Fragment:
        """The content of memory: the way to it."""
        return self.fragment(op.operands[0])

    def part(self, op: Op) -> Fragment:
        """`x[..]`, with views of views in one pair of brackets where that is the same."""
        return Fragment(structures.part(self, op), ATOM)

    def called(self, op: Op) -> str:
        """A view that a function makes: `y.reshape(2, 3)`."""
        return calls.call(self, op)

    def item(self, op: Op) -> Fragment:
        """A slot of a structure."""
        return Fragment(structures.item(self, op), ATOM)

    def pack(self, op: Op) -> Fragment:
        """A structure."""
        return Fragment(*structures.pack(self, op, [self.text(operand) for operand in op.operands]))

    def listing(self, op: Op) -> Fragment:
        """A list display, or that of a dict whose keys are values."""
        if isinstance(op.result.type, DictOf):
            if is_set(op.result.type):
                return Fragment(
                    "{" + ", ".join(map(self.text, op.operands[::2])) + "}" if op.operands else "set()", ATOM
                )
            pairs = zip(op.operands[::2], op.operands[1::2], strict=True)
            return Fragment("{" + ", ".join(f"{self.text(k)}: {self.text(v)}" for k, v in pairs) + "}", ATOM)
        return Fragment(f"[{self.arguments(op)}]", ATOM)

    def other(self, op: Op) -> Fragment:
        """What is called: a user's function, an operation that takes something off a list."""
        if op.kind == "call":
            return Fragment(f"{op.name}({self.arguments(op)})", ATOM)
        if is_set(op.operands[0].type):
            return Fragment(f"{self.text(op.operands[0], ATOM)}.remove({self.text(op.operands[1])})", ATOM)
        return Fragment(f"{self.text(op.operands[0], ATOM)}.pop({', '.join(map(self.text, op.operands[1:]))})", ATOM)

    def owned(self, value: Value) -> str:
        """A value as an object of its own, whatever it is part of."""
        return structures.owned(self, value)

    def alloc(self, op: Op) -> Fragment:
        """New memory with the given content."""
        return Fragment(structures.alloc(self, op), ATOM)

    def tape(self, op: Op) -> Fragment:
        """An empty list."""
        return Fragment("[]", ATOM)


_WRITERS: dict[str, Callable[[Expressions, Op], Fragment]] = {
    "const": Expressions.const,
    "prim": Expressions.prim,
    "index": Expressions.part,
    "view": Expressions.part,
    "load": Expressions.load,
    "item": Expressions.item,
    "pack": Expressions.pack,
    "listing": Expressions.listing,
    "select": Expressions.conditional,
    "if": Expressions.conditional,
    "call": Expressions.other,
    "pop": Expressions.other,
    "untape": Expressions.other,
    "alloc": Expressions.alloc,
    "tape": Expressions.tape,
}
