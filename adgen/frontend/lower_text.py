"""F-strings: text made of inactive values, which only print, raise and assert may use.

f"{k}: {loss:.3f}"    the pieces of the text, and places for the values of k and loss
"""

from __future__ import annotations

import ast

from adgen.frontend.lower_state import Lowering, expression
from adgen.frontend.lower_things import Text, Thing
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
    return Text((*pieces, '"'), tuple(operands))


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
