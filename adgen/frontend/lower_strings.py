"""What texts are asked: methods, operators, positions.

"ab".upper()         a constant where all is known
name.split(":")      text(name, ":") with the template `{0}.split({1})`: it carries no derivative
"w" + str(k)         add("w", text(k))
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from typing import Any

from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Poison, Poisoned, Text, Thing, tuple_of
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import BOOL, INT, ListOf, Static, Struct, Type
from adgen.rules.keys import TEXT

METHODS_OF_TEXT: dict[str, Type] = {
    **dict.fromkeys("lower upper strip lstrip rstrip replace title capitalize swapcase casefold zfill".split(), TEXT),
    **dict.fromkeys("ljust rjust center removeprefix removesuffix format join expandtabs".split(), TEXT),
    **dict.fromkeys("startswith endswith isdigit isalpha isalnum isspace isupper islower".split(), BOOL),
    **dict.fromkeys("isidentifier isnumeric isdecimal istitle".split(), BOOL),
    **dict.fromkeys("count find rfind index rindex".split(), INT),
    **dict.fromkeys("split rsplit splitlines".split(), ListOf(TEXT)),
    **dict.fromkeys("partition rpartition".split(), Struct("tuple", ("0", "1", "2"), (TEXT, TEXT, TEXT))),
}


def is_text(thing: Thing) -> bool:
    """Whether it is a text, known or not."""
    if isinstance(thing, Text):
        return True
    type_ = thing.type if isinstance(thing, Value) else None
    return type_ == TEXT or isinstance(type_, Static) and isinstance(type_.value, str)


def computed(
    low: Lowering, template: str, operands: Sequence[Thing], type_: Type, node: ast.AST, hint: str = ""
) -> Value:
    """What Python computes of texts when the program runs: it carries no derivative."""
    values = tuple(low.content(thing, node) for thing in operands)
    marks = {"args": ("values",) * len(values), "text": template, "style": ""}
    return low.b.emit("prim", "of_texts", values, type_, hint, marks, bool(hint))


def method_of_text(
    low: Lowering, receiver: Thing, name: str, args: Sequence[Thing], node: ast.expr, hint: str = ""
) -> Thing:
    """`kind.lower()`: of a text that is known, with arguments that are, known too."""
    if any(isinstance(arg, Poison) for arg in args):
        raise Poisoned
    found = [low.static(thing) for thing in (receiver, *args)]
    if all(known for known, _ in found):
        try:
            value = getattr(found[0][1], name)(*(value for _, value in found[1:]))
        except (TypeError, ValueError) as error:
            raise Reject("E0106", node, str(error), name=f".{name}") from error
        return constant(low, value, node)
    if name not in METHODS_OF_TEXT:
        raise Reject("E0109", node, "a text that is computed has none of this name", name=name)
    args = [made_list(low, arg, node) if name == "join" else arg for arg in args]
    places = ", ".join(f"{{{k + 1}}}" for k in range(len(args)))
    return computed(low, f"{{0}}.{name}({places})", [receiver, *args], METHODS_OF_TEXT[name], node, hint)


def made_list(low: Lowering, thing: Thing, node: ast.expr) -> Thing:
    """What is joined, as a list."""
    from adgen.frontend.lower_iterables import iterate
    from adgen.frontend.lower_lists import run_out

    it = iterate(low, thing, node)
    return tuple_of(it.elements, "list") if it.elements is not None else run_out(low, it, node)


def constant(low: Lowering, value: object, node: ast.AST) -> Thing:
    """A value that is known, as a thing."""
    if isinstance(value, list | tuple):
        kind = "list" if isinstance(value, list) else "tuple"
        return tuple_of(tuple(low.b.const(part) for part in value), kind, low.site(node, "list"))
    return low.b.const(value)


OPERATIONS: dict[str, Callable[[Any, Any], object]] = {"add": operator.add, "mul": operator.mul, "mod": operator.mod}


def operation(low: Lowering, name: str, left: Thing, right: Thing, node: ast.AST, hint: str = "") -> Thing | None:
    """`a + b`, `a * n`, `a % b` of texts; None if neither is one."""
    if not is_text(left) and not is_text(right):
        return None
    (known, a), (also, b) = low.static(left), low.static(right)
    if name not in OPERATIONS or is_text(left) is not is_text(right) and name == "add":
        raise Reject("E0107", node, "one of the two is a text", name=f"the operator `{name}`")
    if known and also:
        try:
            return low.b.const(OPERATIONS[name](a, b))
        except (TypeError, ValueError) as error:
            raise Reject("E0107", node, str(error), name=f"the operator `{name}`") from error
    values = (low.content(left, node), low.content(right, node))
    return low.b.emit("prim", name, values, TEXT, hint, {"args": ("a", "b")}, bool(hint))


def subscript_of_text(low: Lowering, text: Thing, node: ast.Subscript, hint: str) -> Thing:
    """`text[k]`, `text[a:b]`."""
    from adgen.frontend.lower_index import spec_of

    known, value = low.static(text)
    bounds = (node.slice.lower, node.slice.upper, node.slice.step) if isinstance(node.slice, ast.Slice) else None
    found = [(True, None) if part is None else low.static(low.expr(part)) for part in bounds or (node.slice,)]
    if known and isinstance(value, str) and all(constant for constant, _ in found):
        numbers = [place if isinstance(place, int) else None for _, place in found]
        if bounds is not None:
            return low.b.const(value[slice(*numbers)])
        if numbers[0] is not None and -len(value) <= numbers[0] < len(value):
            return low.b.const(value[numbers[0]])
    spec, operands = spec_of(low, node.slice)
    return low.b.emit("index", "", (low.content(text, node), *operands), TEXT, hint, {"spec": spec}, bool(hint))
