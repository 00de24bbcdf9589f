"""Names for values that nobody named, after what they hold.

np.sin(y)             sin_y              v[0], v_bar[0]           v0, v0_bar
a tape of v[1]        v1_saved           what comes off it        v1
an adjoint sum        t_bar              zeros like params["w"]   w_bar
x @ w, a - b          product, diff      a == b of arrays         mask
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen import naming
from adgen.backend.operators import COMPARISONS
from adgen.backend.script import Script
from adgen.ir.core import Func, Op, Value
from adgen.ir.types import Array, Scalar, Struct
from adgen.ir.walk import walk

_WORDS = {"matmul": "product", "mul": "product", "div": "ratio", "sub": "diff", "add": "total", "pow": "power"}
_WORDS |= {
    "mod": "rest",
    "floordiv": "quotient",
    "neg": "minus",
    "np.negative": "minus",
    "dict_keys": "keys",
    "of_texts": "text",
}
_LOGIC = (*COMPARISONS, "and", "or", "not")


def is_tape(op: Op) -> bool:
    """Whether an operation makes what saved values are kept in: a list, or an array."""
    return op.kind == "tape" or (op.kind == "alloc" and op.role == "save")


class Describer:
    """Finds words for values of one function; `names` grows while variables are named."""

    def __init__(self, func: Func, script: Script, names: Mapping[Value, str]) -> None:
        self.script = script
        self.names = names
        self.returned = _returned(func, script)
        self.pushed: dict[Value, Value] = {}
        for op in walk(func.block):
            if op.kind == "push":
                self.pushed.setdefault(op.operands[0], op.operands[1])
            elif op.kind == "store" and op.role == "save":
                self.pushed.setdefault(script.defs[op.operands[0]].operands[0], op.operands[1])
        hints = {result.hint for op in walk(func.block) for result in op.results}
        hints.update(*({param.hint for region in op.regions for param in region.params} for op in walk(func.block)))
        hints.update(param.name for param in func.params)
        letter = next((name for name in "tasqrew" if not hints & {name, naming.adjoint(name)}), "temporary")
        self.adjoint = naming.adjoint(letter)  # not the adjoint of a variable
        self.items = {op.result: op for op in walk(func.block) if op.kind == "item"}

    def word(self, value: Value) -> str:
        """What the value holds, as a name."""
        restored = self.restored(value)
        if restored is not None:
            return self.text(restored) or self.word(restored)
        op = self.script.defs.get(value)
        if op is None:
            return "i" if value.type == Scalar("int") else "t"
        if value in self.returned:
            return self.returned[value]
        if op.role == "adjoint" and self.is_adjoint(value):
            return self.part(op) if op.kind in ("load", "index", "view", "item") else self.memory(op, self.adjoint)
        return self.plain(op)

    def plain(self, op: Op) -> str:
        """A value of the program itself."""
        match op.kind:
            case "load" | "index" | "view" | "item":
                return self.part(op)
            case "pop" | "untape":
                return naming.singular(self.text(op.operands[0]).removesuffix("_saved") or "items")
            case "tape":
                return self.tape(op.result)
            case "alloc" if is_tape(op):
                return self.tape(op.result)
            case "alloc":
                return self.memory(op, "buffer")
            case "listing":
                return "items"
            case "pack":
                return "parts"
            case "prim":
                return self.call(op)
        return "t"

    # saved values ----------------------------------------------------------------------------------------------------
    def restored(self, value: Value) -> Value | None:
        """What was pushed, for a value that comes off a tape (or is an item of it)."""
        item = self.items.get(value)
        if item is not None:
            whole = self.restored(item.operands[0])
            pack = self.script.defs.get(whole) if whole is not None else None
            slot = item.attrs["slot"]
            return pack.operands[slot] if pack is not None and pack.kind == "pack" and isinstance(slot, int) else None
        op = self.script.defs.get(value)
        if op is None or op.kind not in ("untape", "index", "load"):
            return None
        tape = op.operands[0]
        if op.kind == "load":  # an array keeps the values
            slot = self.script.defs.get(tape)
            return self.pushed.get(slot.operands[0]) if slot is not None and slot.kind == "view" else None
        origin = self.script.defs.get(tape)
        return self.pushed.get(origin.operands[0] if origin is not None and origin.kind == "load" else tape)

    def tape(self, value: Value) -> str:
        """A tape is named after what is on it."""
        pushed = self.pushed.get(value)
        if pushed is None:
            return "saved"
        op = self.script.defs.get(pushed)
        if op is None or op.kind != "pack" or pushed not in self.script.plan.inline:
            return naming.saved(self.text(pushed) or self.word(pushed))
        words = [self.text(operand) for operand in op.operands]
        return naming.saved("_".join(words)) if all(words) and len(words) <= 2 else "saved"

    # adjoints --------------------------------------------------------------------------------------------------------
    def is_adjoint(self, value: Value) -> bool:
        """Whether the text of a value reads an adjoint: then it is one."""
        op = self.script.defs.get(value)
        if op is None or op.kind == "alloc":
            return op is not None
        return any(self.reads_adjoint(operand) for operand in self.script.inputs(op))

    def reads_adjoint(self, value: Value) -> bool:
        """Whether an operand is an adjoint, or is inlined and reads one."""
        if value not in self.script.plan.inline:
            return "_bar" in self.names.get(self.script.home(value), value.hint)
        return "_bar" in value.hint or any(map(self.reads_adjoint, self.script.inputs(self.script.defs[value])))

    def memory(self, op: Op, default: str) -> str:
        """New memory: after what it is like."""
        if op.kind != "alloc":
            return default
        origin = self.script.defs.get(op.operands[0])
        if origin is None or origin.name not in ("zeros_like", "np.zeros_like"):
            return self.adjoint if op.role == "adjoint" else "buffer"
        like = self.text(origin.operands[0])
        return naming.adjoint(like) if like else self.adjoint

    # parts and calls -------------------------------------------------------------------------------------------------
    def part(self, op: Op) -> str:
        """A part of something: `v0`, `v_i`, `v_part`; of an adjoint `v0_bar`."""
        base = self.script.defs.get(op.operands[0], op) if op.kind == "load" else op
        if base.kind in ("load", "alloc") or not base.operands:
            return f"{self.text(op.operands[0])}_now"
        owner = self.text(base.operands[0])
        stem = owner.removesuffix("_bar")
        tail = owner[len(stem) :]
        if base.kind == "item":
            return self.slot(base) + tail
        if base.attrs.get("spec") != ("i",) or not stem:
            return f"{stem}_part{tail}" if stem else "part"
        index = self.text(base.operands[1])
        if index.lstrip("-").isdigit():
            return naming.identifier(f"{stem}[{index}]") + tail
        return f"{stem}_{index}{tail}" if index else f"{stem}_part{tail}"

    def slot(self, op: Op) -> str:
        """A slot of a structure: its key, or its place."""
        type_, slot = op.operands[0].type, op.attrs["slot"]
        if isinstance(type_, Struct) and type_.kind not in ("tuple", "list") and isinstance(slot, int):
            return naming.identifier(type_.keys[slot])
        owner = self.text(op.operands[0])
        return f"{owner}_{slot}" if owner else "part"

    def call(self, op: Op) -> str:
        """A function's or an operator's result."""
        if op.name in _LOGIC:
            return "mask" if isinstance(op.result.type, Array) and op.result.type.shape != () else "flag"
        if op.name in _WORDS and op.name != "neg":
            return _WORDS[op.name]
        name = _WORDS.get(op.name, op.name.split(".")[-1]).rstrip("_")
        words = [self.text(operand) for operand in op.operands if self._constant(operand) is None]
        first = next(iter(words), "") if words else self._number(op)
        if first and len(first) + len(name) <= 20:
            return f"{name}_{first}"
        return f"{name}_value" if naming.is_reserved(name) else name

    def _number(self, op: Op) -> str:
        """A whole literal among the operands, for `sqrt_2`."""
        known = self._constant(op.operands[0]) if op.operands else None
        return str(int(known)) if isinstance(known, int | float) and known == int(known) >= 0 else ""

    def _constant(self, value: Value) -> object:
        op = self.script.defs.get(value)
        return op.attrs.get("value") if op is not None and op.kind == "const" else None

    def text(self, value: Value) -> str:
        """A short word for an operand, empty if it has none."""
        origin = self.script.defs.get(value)
        if origin is not None and origin.kind == "const":
            known = origin.attrs["value"]
            return naming.identifier(known) if isinstance(known, str) and known else str(origin.attrs["text"])
        home = self.script.home(value)
        if home in self.names:
            return self.names[home]
        if value.hint:
            return naming.identifier(value.hint)
        if origin is None or value not in self.script.plan.inline:
            return ""
        if origin.kind == "load":
            is_part = origin.operands[0] in self.script.plan.inline
            return self.part(origin) if is_part else self.text(origin.operands[0])
        if origin.kind in ("item", "index", "view"):
            return self.part(origin)
        return ""


def _returned(func: Func, script: Script) -> dict[Value, str]:
    """Names for unnamed items of the result of forward code."""
    origin = script.defs.get(func.result)
    items = origin.operands if origin is not None and origin.kind == "pack" else ()
    found = {}
    for item in items:
        op = script.defs.get(item)
        if op is not None and op.role != "adjoint":
            found[item] = "out_dot" if op.role == "tangent" else "out"
    return found
