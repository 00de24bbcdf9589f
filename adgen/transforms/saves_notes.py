"""What `adgen explain` says of the saves: the value as the program writes it, its bytes in the shapes, and why.

    for t in range(nt):                         `v[2:] - 2.0 * v[1:-1] + v[:-2]`: saved, 8 * (n - 2) * nt bytes, ..
        v[1:-1] += c * (v[2:] - ..)

Bytes are those of the data of arrays and of Python's numbers with the places that the tape has for them; headers of
arrays (about 100 bytes each) are not counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adgen.ir.core import Block, Op, Value
from adgen.ir.show import path_of
from adgen.ir.types import Array, Dim, Ref, Scalar, Struct, Sym, Type, is_number
from adgen.transforms.saves_facts import Decisions, Save

LONGEST = 70  # characters of an expression that is still quoted
NUMBER = 32  # bytes: a float of Python's, and its place on the tape
SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**", "matmul": "@", "mod": "%", "floordiv": "//"}
STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "%": 2, "//": 2, "**": 4}
ATOM = 9


def notes(found: Decisions, again: Mapping[Value, Op]) -> tuple[str, ...]:
    """A sentence for each value that is saved, handed on, or recomputed (`again`: by which operation)."""
    words = _Words(found)
    told = [f"{words.name(save.value)}: saved{words.bytes_of(save)}, {save.why}" for save in found.saves.values()]
    for value in found.handed:
        told.append(f"{words.name(value)}: not saved, the next iteration saves it under the name of its parameter")
    for value, op in again.items():
        if op.kind in ("prim", "index") and op.operands:  # ways to what is at hand need no word
            told.append(f"{words.name(value)}: recomputed, from what is at hand that costs less than a tape")
    return tuple(dict.fromkeys(told))


class _Words:
    """Says values in the program's words."""

    def __init__(self, found: Decisions) -> None:
        self.found = found
        self.defs = found.plan.defs

    def name(self, value: Value) -> str:
        """The value's name, or the expression that makes it."""
        text = self.text(value)[0]
        return f"`{text}`" if text and len(text) <= LONGEST else "a temporary"

    def text(self, value: Value, top: bool = True) -> tuple[str, int]:
        """The text of a value, and how strongly it binds; "" if it has no short one."""
        op = self.defs.get(value)
        if value.hint and (value.user or op is None or op.kind not in ("load", "view", "index", "item")):
            return value.hint, ATOM
        if op is None:
            return "", ATOM
        if op.kind == "const":
            return str(op.attrs.get("text", "")), ATOM
        if op.kind in ("load", "alloc"):
            return self.text(op.operands[0], top)
        if op.kind in ("view", "index") and not op.name:
            return self._subscript(op), ATOM
        if op.kind == "prim":
            return self._call(op)
        return "", ATOM

    def _subscript(self, op: Op) -> str:
        base, *where = (self.text(operand)[0] for operand in op.operands)
        return base + path_of(op, where) if base and all(where) else ""

    def _call(self, op: Op) -> tuple[str, int]:
        parts = [self.text(operand, False) for operand in op.operands]
        if not all(text for text, _ in parts):
            return "", ATOM
        if op.name in SIGNS and len(parts) == 2:
            sign = SIGNS[op.name]
            own = STRENGTH[sign]
            left, right = (_wrapped(part, own + k) for k, part in enumerate(parts))
            return f"{left} {sign} {right}", own
        if op.name == "neg":
            return f"-{_wrapped(parts[0], 3)}", 3
        if op.name.startswith("attr."):
            return f"{_wrapped(parts[0], ATOM)}.{op.name.removeprefix('attr.')}", ATOM
        plain = "args" not in op.attrs or not op.name.isidentifier() or op.name in ("abs", "len", "float", "max", "min")
        return (f"{op.name}({', '.join(text for text, _ in parts)})", ATOM) if plain else ("", ATOM)

    # bytes ------------------------------------------------------------------------------------------------------
    def bytes_of(self, save: Save) -> str:
        """`, 8 * (n - 2) * nt bytes`, or what can be said of it."""
        origin = self.defs.get(save.value)
        if save.extent or isinstance(save.value.type, Ref):
            return " by reference"
        taken = not save.copy and not is_number(save.value.type)
        if taken and origin is not None and origin.kind in ("load", "view", "item"):
            return " by reference"
        each = _bytes(save.value.type)
        trips = [self._trips(body) for body in self.found.loops(save.place)]
        if each is None or not all(trips):
            return "" if each is None else f", {_product(each)} bytes an iteration"
        return f", {_product([*each, *trips[::-1]])} bytes"

    def _trips(self, body: Block) -> str:
        """How often a loop runs, in the program's words; "" if that is not known before."""
        op = self.found.owner[body][0]
        if op.kind != "for":
            return ""
        start, stop, step = (self.text(operand) for operand in op.operands[:3])
        if not (start[0] and stop[0] and step[0]):
            return ""
        if step[0] != "1":
            return f"len(range({start[0]}, {stop[0]}, {step[0]}))"
        return _wrapped(stop, 2) if start[0] == "0" else f"({stop[0]} - {_wrapped(start, 2)})"


def _wrapped(part: tuple[str, int], at_least: int) -> str:
    text, strength = part
    return text if strength >= at_least else f"({text})"


def _bytes(type_: Type) -> list[str] | None:
    """The factors of a value's size; None if it is not known."""
    if isinstance(type_, Scalar):
        return [str(NUMBER)]
    if isinstance(type_, Array) and type_.dtype is not None and type_.shape is not None:
        size = int(type_.dtype[1:])
        return [str(size if type_.shape else NUMBER + 8), *map(_dim, type_.shape)] if None not in type_.shape else None
    if isinstance(type_, Struct) and not type_.items:
        return ["0"]
    return None


def _dim(dim: Dim) -> str:
    if isinstance(dim, Sym):
        return f"({dim.name} {'-' if dim.offset < 0 else '+'} {abs(dim.offset)})" if dim.offset else dim.name
    return str(dim)


def _product(factors: Sequence[str]) -> str:
    """Known numbers are multiplied: `80 * nt`."""
    known = 1
    for factor in factors:
        known *= int(factor) if factor.isdigit() else 1
    return " * ".join([str(known), *(factor for factor in factors if not factor.isdigit())])
