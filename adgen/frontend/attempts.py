"""`try` as statements that need no exceptions, where that is the same.

try:                            if b == 0:
    return a / b                    return 0.0
except ZeroDivisionError:       else:
    return 0.0                      return a / b

A statement that computes with Python's numbers fails where a divisor is zero, or an argument of `math.sqrt`, `math.log`
and their kin is outside of the domain: that can be asked before.  So can be whether a dict has a key, and a list an
element of that number: `try: v = d[k]` with `except KeyError` is `if k not in d`.  Everything else with `except` is
refused.  What stands under `finally` follows on each way out: ahead of `return`, `break`, `continue`, and at the end.

>>> tree = ast.parse("a / (b / math.sqrt(c))", mode="eval").body
>>> [(hazard.error, ast.unparse(hazard.test)) for hazard in hazards(tree)]
[('ValueError', 'c < 0'), ('ZeroDivisionError', 'math.sqrt(c) == 0'), ('ZeroDivisionError', 'b / math.sqrt(c) == 0')]
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence
from typing import NamedTuple

DOMAINS = {  # where a function of math raises ValueError
    "sqrt": "{0} < 0",
    "log": "{0} <= 0",
    "log2": "{0} <= 0",
    "log10": "{0} <= 0",
    "log1p": "{0} <= -1",
    "asin": "{0} < -1 or {0} > 1",
    "acos": "{0} < -1 or {0} > 1",
}
CAUGHT = {
    "ZeroDivisionError": ("ZeroDivisionError", "ArithmeticError"),
    "ValueError": ("ValueError",),
    "KeyError": ("KeyError",),
    "IndexError": ("IndexError",),
}
MISSING = ("KeyError", "IndexError")
SAFE = (ast.Name, ast.Constant, ast.UnaryOp, ast.BinOp, ast.Call, ast.Subscript)
DIVISIONS = (ast.Div, ast.FloorDiv, ast.Mod)


class Hazard(NamedTuple):
    """An exception that an expression may raise, and the test that tells."""

    error: str
    test: ast.expr


class Attempt(ast.If):
    """What a `try` became: right if these names stand for Python's numbers (floats, where `floats`)."""

    scalars: tuple[str, ...] = ()
    floats: bool = False
    divides: bool = False  # numbers of NumPy, which a float may be, do not raise there
    held: tuple[ast.expr, ...] = ()  # dicts that keys are looked up in, or lists: where that is what may fail
    keyed: bool = False  # they are dicts


class _Unknown(Exception):
    """The expression may raise for other reasons."""


def attempt(s: ast.Try) -> Attempt | None:
    """The branch that a `try` with one handler is; None if that cannot be said."""
    if s.finalbody or len(s.handlers) != 1 or len(s.body) != 1:
        return None
    caught = _caught(s.handlers[0])
    value = _value(s.body[0])
    if caught is None or value is None:
        return None
    try:
        found = list(hazards(value, next((name for name in MISSING if name in caught), "")))
    except _Unknown:
        return None
    if not found or any(not set(CAUGHT[hazard.error]) & set(caught) for hazard in found):
        return None  # one that is not caught might come first
    tests = [hazard.test for hazard in found]
    test = tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), tests)
    made = Attempt(_located(test, s.body[0]), [*_unbound(s.handlers[0]), *s.handlers[0].body], [*s.body, *s.orelse])
    lost = [hazard.error in MISSING for hazard in found]
    if any(lost) and not (all(lost) and len(caught) == 1):
        return None
    made.held = tuple(n.value for n in ast.walk(value) if isinstance(n, ast.Subscript))
    made.keyed = caught == ["KeyError"]
    made.scalars = tuple(dict.fromkeys(n.id for n in ast.walk(value) if isinstance(n, ast.Name) and n.id != "math"))
    made.floats = "ArithmeticError" in caught  # an integer may be too large for a float
    made.divides = any(hazard.error == "ZeroDivisionError" for hazard in found)
    made = ast.copy_location(made, s)
    made.end_lineno, made.end_col_offset = s.end_lineno, s.end_col_offset
    return made


def _unbound(handler: ast.ExceptHandler) -> list[ast.stmt]:
    """What `as e` does to a name that nobody reads: it is unbound from there on."""
    if handler.name is None:
        return []
    bound = ast.Assign([ast.Name(handler.name, ast.Store())], ast.Constant(None))
    made = [bound, ast.Delete([ast.Name(handler.name, ast.Del())])]
    return [ast.fix_missing_locations(ast.copy_location(s, handler)) for s in made]


def _caught(handler: ast.ExceptHandler) -> list[str] | None:
    """The names of the exceptions that are handled; None if the exception is read, or they are not plain names."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = [kind.id for kind in kinds if isinstance(kind, ast.Name)]
    known = {name for group in CAUGHT.values() for name in group}
    read = any(isinstance(part, ast.Name) and part.id == handler.name for s in handler.body for part in ast.walk(s))
    return names if not read and len(names) == len(kinds) and known.issuperset(names) else None


def _value(s: ast.stmt) -> ast.expr | None:
    """What a statement computes before it does anything."""
    match s:
        case ast.Return(value) | ast.Assign([ast.Name()], value):
            return value
        case ast.AugAssign(ast.Subscript(ast.Name(), _) as target, op, value):
            loaded = ast.copy_location(ast.Subscript(target.value, target.slice, ast.Load()), target)
            return ast.copy_location(ast.BinOp(loaded, op, value), s)
        case ast.AugAssign(ast.Name() as target, op, value):
            left = ast.copy_location(ast.Name(target.id, ast.Load()), target)
            return ast.copy_location(ast.BinOp(left, op, value), s)
    return None


def hazards(node: ast.expr, missing: str = "") -> Iterator[Hazard]:
    """What may go wrong in an expression of numbers, in the order in which it would; `missing`: where no element is."""
    plain = int | float | str if missing else int | float
    if not isinstance(node, SAFE) or (isinstance(node, ast.Constant) and not isinstance(node.value, plain)):
        raise _Unknown
    match node:
        case ast.UnaryOp(ast.USub() | ast.UAdd(), operand):
            yield from hazards(operand, missing)
        case ast.UnaryOp():
            raise _Unknown
        case ast.BinOp(left, op, right):
            yield from hazards(left, missing)
            yield from hazards(right, missing)
            if isinstance(op, DIVISIONS) and not (isinstance(right, ast.Constant) and right.value):
                yield Hazard("ZeroDivisionError", ast.Compare(right, [ast.Eq()], [ast.Constant(0)]))
            elif not isinstance(op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.FloorDiv | ast.Mod):
                raise _Unknown
        case ast.Call(ast.Attribute(ast.Name("math"), name), [argument], []) if name in DOMAINS:
            yield from hazards(argument, missing)
            text = DOMAINS[name].format(f"({ast.unparse(argument)})")
            yield Hazard("ValueError", ast.parse(text, mode="eval").body)
        case ast.Subscript(ast.Name() | ast.Attribute(ast.Name()), key) if missing:
            yield from hazards(key, missing)
            yield Hazard(missing, _absent(node.value, key, missing))
        case ast.Call() | ast.Subscript():
            raise _Unknown


def _absent(base: ast.expr, key: ast.expr, missing: str) -> ast.expr:
    """The test of a key or number that is not there."""
    if missing == "KeyError":
        return ast.Compare(key, [ast.NotIn()], [base])
    count = f"len({ast.unparse(base)})"
    text = f"({ast.unparse(key)}) < -{count} or ({ast.unparse(key)}) >= {count}"
    return ast.parse(text, mode="eval").body


def _located(test: ast.expr, s: ast.stmt) -> ast.expr:
    """The test, at the place of the statement that it is about."""
    made = copy.deepcopy(test)
    for node in ast.walk(made):
        if isinstance(node, ast.expr):
            ast.copy_location(node, s)
    return made


# finally -------------------------------------------------------------------------------------------------------------
def overriding(body: Sequence[ast.stmt], last: Sequence[ast.stmt]) -> bool:
    """Whether an exit of `finally` can take the place of others: it would stop an exception, or another loop."""
    inside = [part for s in body for part in ast.walk(s)]
    if any(isinstance(part, ast.Raise | ast.Assert) for part in inside):
        return False
    leaves = any(isinstance(part, ast.Break | ast.Continue) for s in last for part in ast.walk(s))
    loops = [part for part in inside if isinstance(part, ast.For | ast.While)]
    return not (leaves and any(isinstance(part, ast.Return) for loop in loops for part in ast.walk(loop)))


def on_each_way(body: Sequence[ast.stmt], last: Sequence[ast.stmt], name: str, loop: bool = False) -> list[ast.stmt]:
    """Statements with others ahead of each exit; a returned value is computed before them, as `name`."""
    out: list[ast.stmt] = []
    for s in body:
        match s:
            case ast.Return(value) if value is None or isinstance(value, ast.Constant):
                out += [*last, s]
            case ast.Return(value):
                assert value is not None
                kept = ast.copy_location(ast.Assign([ast.copy_location(ast.Name(name, ast.Store()), s)], value), s)
                back = ast.copy_location(ast.Return(ast.copy_location(ast.Name(name, ast.Load()), value)), s)
                out += [kept, *last, back]
            case ast.Break() | ast.Continue() if not loop:
                out += [*last, s]
            case ast.If() | ast.With() | ast.For() | ast.While():
                made = copy.copy(s)
                inner = isinstance(s, ast.For | ast.While)
                made.body = on_each_way(s.body, last, name, loop or inner)
                if not isinstance(made, ast.With):
                    made.orelse = on_each_way(getattr(s, "orelse", []), last, name, loop)
                out.append(made)
            case _:
                out.append(s)
    return out
