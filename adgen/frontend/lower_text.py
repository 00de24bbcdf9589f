"""Texts: they carry no derivative, whatever they are made of.

f"{k}: {loss:.3f}"    the pieces of the text, and places for the values of k and loss
name.upper()          a constant where the text is known, else text(name) with the template `{0}.upper()`
"w" + str(k)          add("w", text(k))
"""

from __future__ import annotations

import ast

from adgen.frontend.lower_calls import arguments, builtin
from adgen.frontend.lower_state import Lowering, expression
from adgen.frontend.lower_statics import evaluate
from adgen.frontend.lower_strings import computed
from adgen.frontend.lower_things import Text, Thing
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import INT
from adgen.rules.keys import TEXT


@expression(ast.JoinedStr)
def f_string(low: Lowering, node: ast.JoinedStr, hint: str) -> Thing:
    """An f-string: its text, with places for the values."""
    pieces: list[str | int] = ['f"']
    operands: list[Value] = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            pieces.append(_quoted(str(part.value)))
            continue
        assert isinstance(part, ast.FormattedValue)
        thing = low.expr(part.value)
        known, text = low.static(thing)
        if known and isinstance(text, str) and part.conversion == -1 and part.format_spec is None:
            pieces.append(_quoted(format(text)))  # a member of an enumeration is formatted by its class
            continue
        operands.append(low.content(thing, part))
        pieces += ["{{", len(operands) - 1, _format(part) + "}}"]
    whole = constant_text(low, node, operands)
    return low.b.const(whole) if whole is not None else Text((*pieces, '"'), tuple(operands))


def constant_text(low: Lowering, node: ast.JoinedStr, operands: list[Value]) -> str | None:
    """The text, if all values in it are known while compiling."""
    values = [low.static(operand) for operand in operands]
    if not all(known and isinstance(value, int | float | str) for known, value in values):
        return None
    given, out = iter(value for _, value in values), ""
    for part in node.values:
        if isinstance(part, ast.Constant):
            out += str(part.value)
            continue
        assert isinstance(part, ast.FormattedValue)
        plain = part.conversion == -1 and part.format_spec is None
        known, text = evaluate(low, part.value) if plain else (False, None)
        if known and isinstance(text, str):
            out += format(text)
            continue
        out += ("{" + _format(part) + "}").format(next(given, ""))
    return out


@builtin("str", "repr")
def str_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`str(k)`."""
    args, keywords = arguments(low, node)
    name = ast.unparse(node.func)
    if len(args) != 1 or keywords:
        raise Reject("E0106", node, "it takes one value", name=name)
    known, value = low.static(args[0])
    if known and isinstance(value, str | int | float | bool | None):
        return low.b.const(str(value) if name == "str" else repr(value))
    return computed(low, f"{name}({{0}})", args, TEXT, node, hint)


@builtin("ord", "chr")
def ord_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`ord(c)`, `chr(k)`."""
    args, keywords = arguments(low, node)
    name = ast.unparse(node.func)
    if len(args) != 1 or keywords:
        raise Reject("E0106", node, "it takes one value", name=name)
    known, value = low.static(args[0])
    if known and isinstance(value, str) and name == "ord" and len(value) == 1:
        return low.b.const(ord(value))
    if known and isinstance(value, int) and name == "chr":
        return low.b.const(chr(value))
    return computed(low, f"{name}({{0}})", args, INT if name == "ord" else TEXT, node, hint)


def _quoted(text: str) -> str:
    """Text as it stands inside an f-string that itself stands in a template."""
    escaped = text.encode("unicode_escape").decode().replace('"', '\\"')
    return escaped.replace("{", "{{{{").replace("}", "}}}}")


def _format(part: ast.FormattedValue) -> str:
    """`!r:.3f` of a place in an f-string."""
    text = f"!{chr(part.conversion)}" if part.conversion != -1 else ""
    if not isinstance(part.format_spec, ast.JoinedStr):
        return text
    pieces = [piece.value for piece in part.format_spec.values if isinstance(piece, ast.Constant)]
    if len(pieces) != len(part.format_spec.values):
        raise Reject("E0102", part, "the format itself is computed", name="this f-string")
    return text + ":" + "".join(map(str, pieces))
