r"""What adgen can tell about itself and its output, as plain rows: rules, passes, the cache, refusals, texts.

>>> without_header("'''Header.'''\n\nimport numpy as np\n")
'import numpy as np\n'
>>> [row.name for row in rules() if row.name == "np.tanh"]
['np.tanh']
"""

from __future__ import annotations

import io
import tokenize
from typing import NamedTuple

from adgen import cache as store
from adgen import pipeline
from adgen.errors import Refusal
from adgen.rules import table


class RuleRow(NamedTuple):
    """A line of `adgen rules`."""

    name: str
    kind: str
    derivative: str
    kinks: str


class PassRow(NamedTuple):
    """A line of `adgen passes`."""

    name: str
    why: str


def rules() -> list[RuleRow]:
    """Every rule: name, kind, derivative formulas, and its convention at kinks."""
    rows = [(name, table.lookup(name)) for name in sorted(table.names())]
    return [RuleRow(name, rule.kind, ", ".join(rule.formulas), rule.kinks) for name, rule in rows if rule is not None]


def passes() -> list[PassRow]:
    """The passes in their order."""
    return [PassRow(name, why) for name, why in pipeline.stages()]


def cache(action: str) -> list[str]:
    """Lines for `adgen cache dir | list | clear`."""
    if action == "dir":
        return [str(store.directory())]
    if action == "clear":
        return [f"{store.clear()} entries removed"]
    return [f"{row.name}  {row.size} bytes  {row.path}" for row in store.entries()]


def records(refusal: Refusal) -> list[dict[str, object]]:
    """The diagnostics of a refusal as plain data."""
    return [
        {
            "code": d.code,
            "title": d.title,
            "path": d.place.path if d.place else None,
            "line": d.place.line if d.place else None,
            "column": d.place.col + 1 if d.place else None,
            "why": d.why,
            "help": d.help,
        }
        for d in refusal.diagnostics
    ]


def without_header(text: str) -> str:
    """Module text without the docstring that it begins with."""
    first = next(tokenize.generate_tokens(io.StringIO(text).readline), None)
    if first is None or first.type != tokenize.STRING:
        return text
    rows = text.splitlines(keepends=True)[first.end[0] :]
    return "".join(rows).lstrip("\n")
