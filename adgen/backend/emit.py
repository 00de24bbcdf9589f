"""A function as Python source: statements, loops and branches as people write them, sections and comments.

>>> from adgen.ir.build import Builder
>>> from adgen.ir.core import Func, Param, Value
>>> from adgen.ir.types import FLOAT
>>> b, x = Builder(), Value(FLOAT, "x", True)
>>> square = b.emit("prim", "mul", (x, x), FLOAT, attrs={"args": ("a", "b")})
>>> y = b.emit("prim", "np.sin", (square,), FLOAT, "y", {"args": ("x",)}, user=True)
>>> print(function_text(Func("f", (Param("x", x),), b.block([y]))).text, end="")
def f(x):
    y = np.sin(x * x)
    return y
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adgen.backend import helpers
from adgen.backend.checks import check
from adgen.backend.comments import Comments
from adgen.backend.expressions import Expressions
from adgen.backend.live import Liveness
from adgen.backend.loops import first_line, targets_of, while_test
from adgen.backend.names import assign
from adgen.backend.schedule import schedule
from adgen.backend.script import Act, Bind, Branch, Leave, Loop, Move, Return, Script, Statement, script
from adgen.backend.sharing import Sharing, share
from adgen.backend.stores import deleted, store
from adgen.backend.structures import copied, owned_parts
from adgen.ir.core import Func, Op, Param, Span, Value

STEP = "    "


@dataclass(frozen=True)
class Emitted:
    """The text of a function (not yet formatted), the imports and the helper functions that it needs."""

    text: str
    imports: tuple[str, ...]
    helpers: tuple[str, ...]
    spans: Mapping[str, Span]  # a line's text -> what it was made from


def function_text(func: Func) -> Emitted:
    """Write a function."""
    plan = schedule(func)
    statements = script(plan)
    live = Liveness(func, statements)
    names = assign(func, statements, live, helpers.HELPERS)
    check(func, statements, live, names)
    sharing = share(func, plan, statements, live)
    writer = _Writer(func, statements, live, names, sharing)
    lines = writer.function()
    used = tuple(name for name in helpers.HELPERS if name in writer.write.helpers)
    if func.profile == "numba":
        used = tuple(writer.write.helpers)
    text = "\n".join(lines) + "\n"
    imports = set(writer.write.modules) | set(helpers.modules(used))
    if "np." in text + helpers.source(used):
        imports.add("import numpy as np")
    return Emitted(text, tuple(sorted(imports, key=import_order)), used, writer.spans)


def import_order(line: str) -> tuple[int, str]:
    """The place of an import line: standard library, then NumPy and SciPy; `import` before `from`."""
    return (
        2 if "numpy" in line or "scipy" in line or line == "import numba" else 1 if line.startswith("from") else 0,
        line,
    )


class _Writer:
    """Writes statements as lines, indented by depth."""

    def __init__(self, func: Func, script: Script, live: Liveness, names: dict[Value, str], sharing: Sharing) -> None:
        self.func = func
        self.script = script
        self.live = live
        self.names = names
        self.sharing, self.blank = sharing, {} if func.profile == "numba" else live.blank(names)
        self.write = Expressions(script, names, sharing)
        self.comments = Comments(func, script.statements)
        self.lines: list[str] = []
        self.spans: dict[str, Span] = {}

    def function(self) -> list[str]:
        """The whole function."""
        given = signature(self.func.params) if self.func.profile != "numba" else plain_signature(self.func.params)
        if self.func.silent and self.func.profile != "numba":
            kinds = ", ".join(f'{kind}="ignore"' for kind in self.func.silent)
            self.line(0, f"@np.errstate({kinds})")
        self.line(0, f"def {self.func.name}({given}):")
        self.block(self.script.statements, 1)
        self.lines = self.comments.finish(self.lines)
        return self.lines

    def line(self, depth: int, text: str) -> None:
        """One line."""
        self.lines.append(STEP * depth + text)

    def say(self, depth: int, op: Op | None, top: bool = False) -> None:
        """The comments that belong above an operation."""
        if op is not None:
            for text in self.comments.above(op, depth == 1):
                self.lines.append(STEP * depth + text if text else "")

    def statements(self, statements: list[Statement], depth: int, falls: str) -> None:
        """Statements at one depth."""
        for place, statement in enumerate(statements):
            self.statement(statement, depth, falls if place == len(statements) - 1 else "")

    def block(self, statements: list[Statement], depth: int, falls: str = "") -> None:
        """Statements at one depth; `falls`: the exit that running off the end amounts to; never empty."""
        before = len(self.lines)
        self.comments.enter()
        self.statements(statements, depth, falls)
        self.comments.leave()
        if not any(line.strip() and not line.strip().startswith("#") for line in self.lines[before:]):
            self.line(depth, "pass")

    def statement(self, statement: Statement, depth: int, falls: str) -> None:
        """One statement."""
        before = len(self.lines)
        self._written(statement, depth, falls)
        op = getattr(statement, "op", None)
        if op is not None and op.span is not None:
            for line in self.lines[before:]:
                self.spans.setdefault(line.strip(), op.span)

    def _written(self, statement: Statement, depth: int, falls: str) -> None:
        match statement:
            case Bind():
                self.bind(statement, depth)
            case Act(op):
                self.act(op, depth)
            case Move():
                self.move(statement, depth)
            case Branch():
                self.branch(statement, depth, falls)
            case Loop():
                self.loop(statement, depth)
            case Leave(word):
                if word != falls:
                    self.line(depth, word)
            case Return(value):
                self.line(depth, f"return {self.write.text(value, 0)}")

    # simple statements -----------------------------------------------------------------------------------------------
    def bind(self, statement: Bind, depth: int) -> None:
        """`x = ..`, `x += ..`, `a, b = ..`."""
        targets, op = statement.targets, statement.op
        text = self.right_side(statement)
        if len(targets) == 1 and targets[0] is not None and text == self.names[targets[0]]:
            return  # the content of a list that has this very name
        self.say(depth, op)
        if targets == (None,):
            place = deleted(self.write, op) if op.kind == "pop" else None
            self.line(depth, text if place is None else f"del {place}")
            return
        if len(targets) == 1 and targets[0] is not None:
            self.line(depth, self.assignment(targets[0], statement.source, text))
            return
        self.line(depth, f"{', '.join('_' if t is None else self.names[t] for t in targets)} = {text}")
        self.copy_targets(targets, depth)

    def copy_targets(self, targets: tuple[Value | None, ...], depth: int) -> None:
        """Copies of what was taken out of memory that is written later."""
        for target in targets:
            if target is not None and target in self.sharing.copied:
                name = self.names[target]
                self.line(depth, f"{name} = {copied(self.write, name, target)}")

    def right_side(self, statement: Bind) -> str:
        """The expression of a binding, copied where memory is written later."""
        target, *others = statement.targets
        fragment = self.write.expression(statement.source)
        if others or target is None or target not in self.sharing.copied:
            return fragment.text
        op = statement.op
        if op.kind in ("pack", "listing"):
            return owned_parts(self.write, op)
        return copied(self.write, self.write.wrap(fragment, 14), target)

    def assignment(self, target: Value, source: Value, text: str) -> str:
        """`x = text`, or `x += e` where the text is `x + e` and may be accumulated."""
        name = self.names[target]
        op = self.script.defs.get(source)
        if op is not None and op.attrs.get("said") and op.operands[0] in self.script.plan.inline:
            op = self.script.defs.get(op.operands[0])
        if op is not None and op in self.sharing.inplace and target not in self.sharing.copied:
            old = op.operands[0]
            mine = old not in self.script.plan.inline and self.write.name(old) == name
            if mine and self.is_increment(op) and not self.write.overlaps(old, op.operands[1]):
                sign = "+" if op.name == "add" else "-"
                other = self.write.negated(op.operands[1]) if op.role != "primal" else None
                if other is not None:
                    return f"{name} {'-' if sign == '+' else '+'}= {other.text}"
                return f"{name} {sign}= {self.write.text(op.operands[1])}"
        return f"{name} = {text}"

    def is_increment(self, op: Op) -> bool:
        """Whether an addition is told as an increment: derivative code always, the user's only if he wrote it so."""
        if op.role != "primal":
            return True
        statement = op.span.statement if op.span is not None else ""
        return "+=" in statement or "-=" in statement

    def act(self, op: Op, depth: int) -> None:
        """A write or another effect."""
        self.say(depth, op)
        for line in store(self.write, op):
            self.line(depth, line)

    def move(self, statement: Move, depth: int) -> None:
        """Copies at the start or end of a block, in an order in which nothing is overwritten too early."""
        pairs = []
        for lost in (value for value in statement.lost if value in self.blank):
            self.line(depth, f"{self.names[lost]} = None")
        for target, source in self.live.needed.get(statement, ()):
            name = self.names[target]
            if source in self.script.plan.inline or self.write.name(source) != name:
                pairs.append((target, source))
            elif target in self.sharing.copied and self.script.home(source) not in self.sharing.copied:
                self.line(depth, f"{name} = {copied(self.write, name, target)}")
        for group in self.sequence(pairs):
            if len(group) == 1:
                ((target, source),) = group
                if (text := self.moved(target, source)) == self.names[target]:
                    continue
                if source in self.script.plan.inline:
                    self.say(depth, self.script.defs[source])
                    self.line(depth, self.assignment(target, source, text))
                else:
                    self.line(depth, f"{self.names[target]} = {text}")
            else:
                left = ", ".join(self.names[target] for target, _ in group)
                right = ", ".join(self.moved(target, source) for target, source in group)
                self.line(depth, f"{left} = {right}")

    def moved(self, target: Value, source: Value) -> str:
        """The right side of a move."""
        fresh = source in self.script.plan.inline and self.sharing.is_new(source)
        if target in self.sharing.copied and not fresh and self.sharing.memory.of(source):
            return copied(self.write, self.write.text(source, 14), target)
        return self.write.text(source)

    def sequence(self, pairs: list[tuple[Value, Value]]) -> list[list[tuple[Value, Value]]]:
        """Single assignments where an order exists; those in a circle together, as one tuple assignment."""
        reads = [{self.names[leaf] for leaf in self.script.leaves(source)} for _, source in pairs]
        left = list(range(len(pairs)))
        groups: list[list[tuple[Value, Value]]] = []
        while left:
            ready = [k for k in left if not any(self.names[pairs[k][0]] in reads[j] for j in left if j != k)]
            if not ready:
                groups.append([pairs[k] for k in left])
                break
            groups.append([pairs[ready[0]]])
            left.remove(ready[0])
        return groups

    # control ---------------------------------------------------------------------------------------------------------
    def branch(self, statement: Branch, depth: int, falls: str) -> None:
        """`if`; what follows an exit stands at the same depth; chains of `elif`."""
        then, orelse = self.trimmed(statement.then, falls), self.trimmed(statement.orelse, falls)
        if not then and not orelse:
            return
        self.say(depth, statement.op)
        if self.hard(statement.then) and orelse:
            self.guard(self.write.test(statement.test, 0), statement.then, orelse, depth, falls)
        elif self.hard(statement.orelse) and then and len(orelse) <= len(then):
            self.guard(self.write.denied(statement.test), statement.orelse, then, depth, falls)
        elif not then and self.exits(statement.then) and len(orelse) > 1:
            self.guard(self.write.test(statement.test, 0), statement.then, orelse, depth, falls)
        elif not then:
            self.line(depth, f"if {self.write.denied(statement.test)}:")
            self.block(orelse, depth + 1, falls)
        else:
            self.line(depth, f"if {self.write.test(statement.test, 0)}:")
            self.block(then, depth + 1, falls)
            self.otherwise(orelse, depth, falls)

    def guard(self, test: str, leaving: list[Statement], rest: list[Statement], depth: int, falls: str) -> None:
        """A branch that leaves, and what else would happen, at the same depth."""
        self.line(depth, f"if {test}:")
        self.block(leaving, depth + 1)
        self.statements(rest, depth, falls)

    def hard(self, statements: list[Statement]) -> bool:
        """Whether a block ends in `break` or `return` on all paths."""
        if not statements:
            return False
        match statements[-1]:
            case Return():
                return True
            case Leave(word):
                return word == "break"
            case Branch(_, _, then, orelse):
                return self.hard(then) and self.hard(orelse)
        return False

    def exits(self, statements: list[Statement]) -> bool:
        """Whether a block ends in an exit on all paths."""
        if not statements:
            return False
        match statements[-1]:
            case Return() | Leave():
                return True
            case Branch(_, _, then, orelse):
                return self.exits(then) and self.exits(orelse)
        return False

    def otherwise(self, statements: list[Statement], depth: int, falls: str) -> None:
        """`elif` or `else`."""
        if not statements:
            return
        if len(statements) == 1 and isinstance(statements[0], Branch):
            inner = statements[0]
            then, orelse = self.trimmed(inner.then, falls), self.trimmed(inner.orelse, falls)
            if then:
                self.line(depth, f"elif {self.write.test(inner.test, 0)}:")
                self.block(then, depth + 1, falls)
                self.otherwise(orelse, depth, falls)
                return
        self.line(depth, "else:")
        self.block(statements, depth + 1, falls)

    def trimmed(self, statements: list[Statement], falls: str) -> list[Statement]:
        """Statements that print something: without moves to the same name, without the exit that comes anyway."""
        kept = [statement for statement in statements if not self.is_silent(statement)]
        if kept and isinstance(kept[-1], Leave) and kept[-1].word == falls:
            return kept[:-1]
        return kept

    def is_silent(self, statement: Statement) -> bool:
        """Whether a statement prints nothing."""
        if isinstance(statement, Move):
            pairs = self.live.needed.get(statement, ())
            return not any(value in self.blank for value in statement.lost) and all(
                self.stays(target, source) and target not in self.sharing.copied for target, source in pairs
            )
        if isinstance(statement, Branch):
            return not self.trimmed(statement.then, "") and not self.trimmed(statement.orelse, "")
        return False

    def stays(self, target: Value, source: Value) -> bool:
        """Whether a move is to the same name, or reads memory that has this very name."""
        if source not in self.script.plan.inline:
            return self.write.name(source) == self.names[target]
        return self.script.defs[source].kind == "load" and self.moved(target, source) == self.names[target]

    def loop(self, statement: Loop, depth: int) -> None:
        """A loop."""
        self.say(depth, statement.op)
        if statement.head is not None:
            self.line(depth, f"for {targets_of(self.write, statement)} in {first_line(self.write, statement)}:")
            before = len(self.lines)
            self.copy_targets(statement.targets, depth + 1)
            copies = len(self.lines) > before
            body = self.trimmed(statement.body, "continue")
            if body or not copies:
                self.block(body, depth + 1, "continue")
            return
        test = while_test(self.write, [line for line in statement.body if not self.is_silent(line)], self)
        if test is not None:
            text, body = test
            self.line(depth, f"while {text}:")
        else:
            self.line(depth, "while True:")
            body = statement.body
        self.block(self.trimmed(body, "continue"), depth + 1, "continue")


def signature(params: tuple[Param, ...]) -> str:
    """The parameters between the parentheses: positional-only ones before `/`, captured ones after `*`."""
    parts: list[str] = []
    for place, param in enumerate(params):
        if param.kind in ("keyword", "captured") and "*" not in parts:
            parts.append("*")
        parts.append(param.name if param.default is None else f"{param.name}={param.default}")
        following = params[place + 1].kind if place + 1 < len(params) else ""
        if param.kind == "positional_only" and following != "positional_only":
            parts.append("/")
    return ", ".join(parts)


def plain_signature(params: tuple[Param, ...]) -> str:
    """The same for compiled code, which takes everything by position or by name."""
    whole = all(param.default is not None for param in params if any(p.default for p in params[: params.index(param)]))
    return ", ".join(f"{p.name}={p.default}" if whole and p.default is not None else p.name for p in params)


def expression_ops() -> list[str]:
    """All kinds of operations that the printer can write."""
    from adgen.ir.ops import KINDS

    return list(KINDS)
