"""A function as text: one operation a line, for dumps, error text and golden cases.  There is no parser.

>>> from adgen.ir.build import Builder
>>> from adgen.ir.core import Func, Param, Value
>>> from adgen.ir.types import FLOAT
>>> b, x = Builder(), Value(FLOAT, "x", True)
>>> y = b.emit("prim", "mul", (b.const(2.0), x), FLOAT, attrs={"args": ("a", "b")})
>>> b.role = "adjoint"
>>> z = b.emit("prim", "np.sin", (y,), FLOAT, "z", {"args": ("x",)})
>>> print(show(Func("f", (Param("x", x),), b.block([z]))), end="")
def f(%x: float):
       %0: float = mul 2.0, %x
    a  %z: float = np.sin(x=%0)
       yield %z

The letter in front is the role: t tangent, a adjoint, s save.  Literals are shown where they are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import show as show_type

MARKS = {"primal": " ", "tangent": "t", "adjoint": "a", "save": "s"}
STORES = {"set": "=", "add": "+=", "mul": "*="}


def show(func: Func) -> str:
    """The function as deterministic text, with a newline at the end."""
    names = Names(func)
    params = ", ".join(names.typed(param.value) for param in func.params)
    lines = [f"def {func.name}({params}):", *_block(func.block, names, "    ")]
    return "\n".join(lines) + "\n"


def show_op(op: Op, func: Func) -> str:
    """One operation (without its regions) with the names it has in `show(func)`."""
    return _head(op, Names(func))


class Names:
    """A distinct name for each value, by hint; literals that the user did not name stand for themselves."""

    def __init__(self, func: Func) -> None:
        self.texts: dict[Value, str] = {}
        self.taken: dict[str, int] = {}
        for param in func.params:
            self.name(param.value)
        self._block(func.block)

    def _block(self, block: Block) -> None:
        for value in block.params:
            self.name(value)
        for op in block.ops:
            if op.kind == "const" and not op.result.user:
                self.texts[op.result] = str(op.attrs.get("text"))
                continue
            for value in op.results:
                self.name(value)
            for region in op.regions:
                self._block(region)

    def name(self, value: Value) -> None:
        """Take a name for a value, once."""
        if value in self.texts:
            return
        count = self.taken.get(value.hint, 0)
        self.taken[value.hint] = count + 1
        self.texts[value] = f"%{value.hint}.{count}" if value.hint and count else f"%{value.hint or count}"

    def text(self, value: Value) -> str:
        """The name of a value, `%hint?` if nothing defines it."""
        return self.texts.get(value, f"%{value.hint}?")

    def typed(self, value: Value) -> str:
        """The name and the type."""
        return f"{self.text(value)}: {show_type(value.type)}"

    def many(self, values: Iterable[Value]) -> str:
        """Names, separated by commas."""
        return ", ".join(self.text(value) for value in values)


def _block(block: Block, names: Names, indent: str) -> list[str]:
    """The lines of a block: its operations and its yields."""
    lines = []
    for op in block.ops:
        if op.kind == "const" and not op.result.user:
            continue
        lines.append(f"{indent}{MARKS[op.role]}  {_head(op, names)}{':' if op.regions else ''}")
        for index, region in enumerate(op.regions):
            if op.kind == "if" and index:
                lines.append(f"{indent}   else:")
            lines += _block(region, names, indent + "    ")
    lines.append(f"{indent}   yield {names.many(block.yields)}".rstrip())
    return lines


def _head(op: Op, names: Names) -> str:
    """An operation's own line, without what is in its regions."""
    results = ", ".join(names.typed(value) for value in op.results)
    return (results + " = " if results else "") + _text(op, names) + _attrs(op)


def _text(op: Op, names: Names) -> str:
    """What the operation does to its operands."""
    many = names.many(op.operands)
    match op.kind:
        case "const":
            return f"const {op.attrs.get('text')}"
        case "prim":
            return _prim(op, names)
        case "index" | "view":
            path = (
                path_of(op, [names.text(value) for value in op.operands[1:]])
                if not op.name
                else f".{op.name}" + (f"({names.many(op.operands[1:])})" if op.operands[1:] else "")
            )
            return f"{op.kind} {names.many(op.operands[:1])}{path}"
        case "item":
            return f"item {many}.{op.attrs.get('slot')}"
        case "store":
            sign = STORES.get(str(op.attrs.get("mode")), "?=")
            return f"store {names.many(op.operands[:1])} {sign} {names.many(op.operands[1:])}"
        case "for":
            return f"for({names.many(op.operands[:3])}) {_carried(op, 3, 1, names)}"
        case "while":
            return f"while {_carried(op, 0, 0, names)}"
    return " ".join(part for part in (op.kind, op.name, many) if part)


def _prim(op: Op, names: Names) -> str:
    """`mul %a, %b` for operators and builtins, `np.sum(x=%v, axis=0)` for functions with a module."""
    args = op.attrs.get("args", ())
    if "." not in op.name or not isinstance(args, tuple) or len(args) != len(op.operands):
        return f"{op.name} {names.many(op.operands)}".rstrip()
    shown = [f"{arg}={names.text(value)}" for arg, value in zip(args, op.operands, strict=True)]
    return f"{op.name}({', '.join(shown)})"


def _carried(op: Op, first: int, param: int, names: Names) -> str:
    """What a loop's body takes: its index, and each carried value with what it starts from."""
    params = op.regions[0].params if op.regions else ()
    index = [names.text(value) for value in params[:param]]
    inits = list(op.operands[first:])
    for position, value in enumerate(params[param:]):
        start = names.text(inits[position]) if position < len(inits) else "?"
        index.append(f"{names.typed(value)} = {start}")
    return f"[{', '.join(index)}]"


def path_of(op: Op, where: Sequence[str]) -> str:
    """The path of an index or view as Python writes it, from the texts of what stands in it."""
    spec, rest = op.attrs.get("spec", ()), list(where)
    parts = [_axis(entry, rest) for entry in spec] if isinstance(spec, Sequence) else ["?"]
    return f"[{', '.join(parts + rest)}]"


def _axis(entry: str, rest: list[str]) -> str:
    """One entry of a path; takes its operands off the front of `rest`."""

    def take() -> str:
        return rest.pop(0) if rest else "?"

    if entry == "i":
        return take()
    if entry == "n":
        return "None"
    if not entry.startswith("s") or len(entry) != 4:
        return entry  # a dot path, or what the verifier will complain of
    start, stop, step = (take() if flag == "1" else "" for flag in entry[1:])
    return f"{start}:{stop}" + (f":{step}" if step else "")


def _attrs(op: Op) -> str:
    """Static facts that the line does not show otherwise; what is false or empty is left out."""
    shown = {"value", "text", "args", "spec", "slot", "mode"} if op.kind != "effect" else set()
    kept = [f"{key}={value!r}" for key, value in sorted(op.attrs.items()) if key not in shown and _told(value)]
    return f"  {{{', '.join(kept)}}}" if kept else ""


def _told(value: object) -> bool:
    """Whether an attribute is worth a mention."""
    return not (value is False or value is None or value == "" or value == ())
