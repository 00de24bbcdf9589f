"""F-strings: text made of inactive values, which only print, raise and assert may use.

f"{k}: {loss:.3f}"    the pieces of the text, and places for the values of k and loss
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from adgen.frontend.lower_state import Lowering, expression
from adgen.frontend.lower_statics import evaluate
from adgen.frontend.lower_things import Text, Thing, tuple_of
from adgen.frontend.reject import Reject
from adgen.ir.core import Value


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
            pieces.append(_quoted(text))
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
            out += text
            continue
        out += ("{" + _format(part) + "}").format(next(given, ""))
    return out


def method_of_text(low: Lowering, text: str, name: str, args: Sequence[Thing], node: ast.expr) -> Thing:
    """`kind.lower()`: a method of a text that is known, with arguments that are."""
    found = [low.static(arg) for arg in args]
    if not all(known for known, _ in found):
        raise Reject("E0106", node, "its arguments are not known while compiling", name=f".{name}")
    try:
        value = getattr(text, name)(*(value for _, value in found))
    except (TypeError, ValueError) as error:
        raise Reject("E0106", node, str(error), name=f".{name}") from error
    if isinstance(value, list | tuple):
        kind = "list" if isinstance(value, list) else "tuple"
        return tuple_of(tuple(low.b.const(part) for part in value), kind, low.site(node, "list"))
    return low.b.const(value)


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
