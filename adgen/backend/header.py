"""What a generated module says of itself: where it comes from, what it assumes, how to make it again.

>>> print(Header("examples/heat.py::heat", "reverse", "grad", ("u", "c"), "u: f8[n], c: float", digest="1f3a").text())
Gradient of `heat` (examples/heat.py) with respect to u, c, by adgen.
<BLANKLINE>
Types:    u: f8[n], c: float
Digest:   1f3a (of the source of `heat`)
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Protocol

_NAMES = {
    "grad": "Gradient",
    "value_and_grad": "Value and gradient",
    "jvp": "Tangent (jvp)",
    "vjp": "Pullback (vjp)",
}
_WIDTH = 84


class GuardText(Protocol):
    """`if <condition>: raise <error>(<message>)`."""

    @property
    def condition(self) -> str:
        """The test of the violation."""

    @property
    def message(self) -> str:
        """What the error says."""

    @property
    def error(self) -> str:
        """The exception's name."""


@dataclass(frozen=True)
class Header:
    """The facts of one generated module; no date, no user, no absolute path."""

    source: str  # path::qualname
    mode: str  # reverse, forward
    transform: str  # grad, value_and_grad, jvp, vjp
    wrt: tuple[str, ...] = ()
    types: str = ""
    assumptions: tuple[str, ...] = ()
    kinks: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()  # further import lines, for what the source requires
    command: str = ""
    digest: str = ""
    guards: tuple[GuardText, ...] = ()

    def text(self) -> str:
        """The docstring's text."""
        path, _, name = self.source.partition("::")
        what = _NAMES.get(self.transform, self.transform.replace("_", " ").capitalize())
        wrt = f" with respect to {', '.join(self.wrt)}" if self.wrt else ""
        lines = [*textwrap.wrap(f"{what} of `{name}` ({path}){wrt}, by adgen.", _WIDTH), ""]
        lines += _row("Types", [self.types] if self.types else [])
        lines += _row("Assumes", self.assumptions)
        lines += _row("Kinks", self.kinks)
        lines += _row("Requires", self.requires)
        lines += _row("Command", [self.command] if self.command else [])
        lines += _row("Digest", [f"{self.digest} (of the source of `{name}`)"] if self.digest else [])
        return "\n".join(lines).rstrip()


def _row(label: str, entries: tuple[str, ...] | list[str]) -> list[str]:
    """One label with its entries, each on lines of its own."""
    out: list[str] = []
    for entry in dict.fromkeys(entries):
        first = f"{label + ':':<10}" if not out else " " * 10
        out += textwrap.wrap(
            entry,
            _WIDTH,
            initial_indent=first,
            subsequent_indent=" " * 10,
            break_on_hyphens=False,
            break_long_words=False,
        )
    return out
