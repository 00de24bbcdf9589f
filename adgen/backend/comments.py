"""Comments: the two sections of reverse code, the statements that adjoints come from, the user's own.

v = u.copy()  # the user's comment stays       under "# Forward sweep."
# v[0] = v[1] * v[1]                            under "# Reverse sweep."
v0_bar = v_bar[0]
"""

from __future__ import annotations

import re

from adgen.backend.script import Act, Bind, Branch, Loop, Move, Statement
from adgen.ir.core import Func, Op, Value
from adgen.ir.walk import walk

FORWARD, REVERSE = "# Forward sweep.", "# Reverse sweep."
WIDTH = 84
_STRINGS_OR_COMMENT = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")
_TOOLS = re.compile(r"#\s*(fmt|type|noqa|pragma|pylint|ruff|isort|mypy|nosec)\b")
_NAME = r"[\[(]?[\w.]+[\])]?"
_CONTROL = r"(if|elif|else|for|while|with|try|pass|break|continue)\b.*"
_PLAIN = re.compile(rf"(return\s+{_NAME}|[\w.]+\s*=\s*{_NAME}|{_CONTROL})$")  # not worth quoting


def _same_file(shown: str, where: str) -> bool:
    """Whether a path as messages show it (from the working directory) is that file of the project.

    >>> _same_file("/home/me/pkg/a.py", "pkg/a.py"), _same_file("a.py", "pkg/a.py"), _same_file("b.py", "pkg/a.py")
    (True, True, False)
    """
    return shown == where or shown.endswith("/" + where) or where.endswith("/" + shown)


class Comments:
    """Tells for each operation, in the order of printing, which comment lines go above it."""

    def __init__(self, func: Func, statements: list[Statement]) -> None:
        self.func = func
        ops = list(walk(func.block))
        self.sections = any(op.role == "adjoint" for op in ops) and _begins_forward(statements)
        self.started = False
        self.reversed = False
        self.quoted: list[str] = [""]
        quotes = {op.span.statement: None for op in ops if op.role == "adjoint" and op.span is not None}
        self.quotes = sum(1 for quote in quotes if not _PLAIN.match(quote)) > 1
        self.lines: dict[int, list[str]] = {}
        self.trailing: dict[int, str] = {}
        self.again = _again(ops) if self.quotes else {}
        self._attach(ops)

    def _attach(self, ops: list[Op]) -> None:
        """Give each of the user's comments to the statement on its line, else to the next one."""
        spans = [op.span for op in ops if op.span is not None and op.role in ("primal", "tangent", "save")]
        begins = sorted({s.statement_line for s in spans if _same_file(s.path, self.func.path) and s.statement_line})
        for line, text in sorted(self.func.comments.items()):
            if _TOOLS.match(_hash(text)):
                continue
            if line in begins:
                self.trailing[line] = text
                continue
            following = [begin for begin in begins if begin > line]
            if following:
                self.lines.setdefault(following[0], []).append(text)

    def enter(self) -> None:
        """A block begins."""
        self.quoted.append(self.quoted[-1])

    def leave(self) -> None:
        """A block ends; if it quoted another statement, what comes after it is quoted anew."""
        inner = self.quoted.pop()
        if inner != self.quoted[-1]:
            self.quoted[-1] = ""

    def above(self, op: Op, top: bool) -> list[str]:
        """The lines above an operation (an empty one separates the sections)."""
        out = self._section(op) if top and self.sections else []
        extra = self.func.section.get(op)
        if extra is not None:
            out.append(extra if extra.startswith("#") else f"# {extra}")
        if op.role == "adjoint":
            return out + self._quote(op)
        return out + self._own(op)

    def _section(self, op: Op) -> list[str]:
        if op.role == "adjoint" and not self.reversed:
            self.reversed = True
            return ["", REVERSE] if self.started else [REVERSE]
        if not self.started and not self.reversed:
            self.started = True
            return [FORWARD]
        return []

    def _quote(self, op: Op) -> list[str]:
        """The primal statement that an adjoint comes from, once for a group."""
        statement = without_comment(op.span.statement) if op.span is not None and op not in self.again else ""
        if not self.quotes or not statement or statement == self.quoted[-1] or _PLAIN.match(statement):
            return []
        self.quoted[-1] = statement
        text = statement if len(statement) <= WIDTH else statement[: WIDTH - 4].rstrip() + " ..."
        return [f"# {text}"]

    def _own(self, op: Op) -> list[str]:
        """The user's comments that stand above, or trail, the statement of an operation."""
        if op.span is None or not _same_file(op.span.path, self.func.path):
            return []
        out = self.lines.pop(op.span.statement_line, [])
        trail = self.trailing.pop(op.span.statement_line, None)
        return [_hash(text) for text in out] + ([f"\0{_hash(trail)}"] if trail else [])

    def finish(self, lines: list[str]) -> list[str]:
        """Put trailing comments behind the line that follows them, where they fit."""
        out: list[str] = []
        waiting: str | None = None
        for line in lines:
            if line.lstrip().startswith("\0"):
                waiting = line.lstrip()[1:]
            elif waiting is not None:
                indent = line[: len(line) - len(line.lstrip())]
                fits = len(line) + 2 + len(waiting) <= WIDTH + 4
                out += [f"{line}  {waiting}"] if fits else [indent + waiting, line]
                waiting = None
            else:
                out.append(line)
        return out


def _again(ops: list[Op]) -> dict[Op, None]:
    """What the reverse sweep computes as the primal did, from primal values: it needs no provenance."""
    literals = {op.result: op.attrs.get("text") for op in ops if op.kind == "const"}
    said: dict[object, list[Op]] = {}
    known: dict[Value, None] = {}  # of the reverse sweep, and primal
    again: dict[Op, None] = {}
    for op in ops:
        key = (op.kind, op.name, op.span, tuple(literals.get(operand) for operand in op.operands))
        if op.role in ("primal", "save"):
            said.setdefault(key, []).append(op)
            continue
        if op.kind == "for":
            known[op.regions[0].params[0]] = None
        if op.kind in ("prim", "load", "index", "view") and any(
            _is_same(op, other, known) for other in said.get(key, ())
        ):
            again[op] = None
        if op in again or op.kind in ("untape", "const"):
            known.update(dict.fromkeys(op.results))
    return again


def _is_same(op: Op, other: Op, known: dict[Value, None]) -> bool:
    """Whether an operation is another one, of the same operands or of what stands for them."""
    pairs = zip(op.operands, other.operands, strict=True)
    return op is not other and all(mine is value or mine in known for mine, value in pairs)


def without_comment(statement: str) -> str:
    """A statement without the comment behind it.

    >>> without_comment("x = '#' + y  # why"), without_comment("x = 1")
    ("x = '#' + y", 'x = 1')
    """

    def kept(found: re.Match[str]) -> str:
        return "" if found.group().startswith("#") else found.group()

    return _STRINGS_OR_COMMENT.sub(kept, statement).rstrip()


def _hash(text: str) -> str:
    """A comment, with its hash."""
    return text if text.startswith("#") else f"# {text}"


def _begins_forward(statements: list[Statement]) -> bool:
    """Whether the first statement belongs to the forward sweep."""
    for statement in statements:
        if isinstance(statement, Bind | Act | Branch | Loop):
            return statement.op.role != "adjoint"
        if isinstance(statement, Move) and statement.op is not None:
            return statement.op.role != "adjoint"
    return False
