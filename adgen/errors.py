"""Exceptions and the one shape in which every refusal is told.

>>> d = Diagnostic("E0107", "no derivative rule for `np.median`", Place("robust.py", 9, 11, 9, 20),
...                "it has no rule, and its argument depends on `k`", "np.mean has a rule")
>>> print(d.render({"robust.py": {9: "    return np.median(np.abs(r))"}}))
error[E0107]: no derivative rule for `np.median`
  --> robust.py:9:12
   9 |     return np.median(np.abs(r))
     |            ^^^^^^^^^
  why:  it has no rule, and its argument depends on `k`
  help: np.mean has a rule
"""

from __future__ import annotations

import linecache
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Place(NamedTuple):
    """A region of a source file; columns count from 0, the text shown counts from 1."""

    path: str
    line: int
    col: int
    end_line: int
    end_col: int


@dataclass(frozen=True)
class Diagnostic:
    """One refusal: code, title, place, reason, advice."""

    code: str
    title: str
    place: Place | None
    why: str
    help: str

    def render(self, sources: Mapping[str, Mapping[int, str]] | None = None) -> str:
        """The text shown to people; source lines come from `sources` or from the file."""
        lines = [f"error[{self.code}]: {self.title}"]
        if self.place is not None:
            lines += _excerpt(self.place, sources)
        lines.append(f"  why:  {self.why}")
        lines.append(f"  help: {self.help}")
        return "\n".join(lines)


def _excerpt(place: Place, sources: Mapping[str, Mapping[int, str]] | None) -> list[str]:
    out = [f"  --> {place.path}:{place.line}:{place.col + 1}"]
    known = (sources or {}).get(place.path, {})
    linecache.checkcache(place.path)
    text = (known.get(place.line) or linecache.getline(place.path, place.line)).rstrip("\n")
    if not text:
        return out
    end = place.end_col if place.end_line == place.line else len(text)
    number = str(place.line)
    out.append(f"  {number:>2} | {text}")
    out.append(f"  {' ' * max(2, len(number))} | {' ' * place.col}{'^' * max(1, end - place.col)}")
    return out


class AdgenError(Exception):
    """Base of everything adgen raises on purpose."""


class Refusal(AdgenError):
    """A function cannot be differentiated; carries all diagnostics of the function."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...] | list[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n\n".join(d.render() for d in self.diagnostics))


class SourceError(Refusal):
    """The source of a function cannot be found, or is not what is running."""


class ArgumentError(AdgenError, TypeError):
    """A derivative function was called with arguments it cannot take (integer wrt, mismatched tangent ..)."""


class InternalError(AdgenError):
    """A defect of adgen: names the pass, the user's line, and how to reproduce."""
