"""Words of the type notation, and the reader that both its parsers share.

>>> [token.text for token in tokens("u: f8[n, 3], k: 'a b'")]
['u', ':', 'f8', '[', 'n', ',', '3', ']', ',', 'k', ':', "'a b'", '']
"""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from adgen.errors import ArgumentError

_WORD = re.compile(
    r"""\s*(?:(?P<name>[^\W\d]\w*(?:\.(?:<locals>|[^\W\d]\w*))*)|(?P<number>\d+(?!\w))"""
    r"""|(?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<dots>\.\.\.)|(?P<sign>[\[\](){},:?+\-|])|(?P<end>$))"""
)


class Token(NamedTuple):
    """One word; `column` counts from 0."""

    kind: str  # name | number | string | dots | sign | end
    text: str
    column: int


def tokens(text: str) -> list[Token]:
    """All words of a text, the last of kind `end`."""
    out: list[Token] = []
    at = 0
    while True:
        match = _WORD.match(text, at)
        if match is None:
            bad = at + len(text[at:]) - len(text[at:].lstrip())
            refuse(text, bad, f"`{text[bad]}` has no meaning here")
        kind = str(match.lastgroup)
        out.append(Token(kind, match.group(kind), match.start(kind)))
        if kind == "end":
            return out
        at = match.end()


def refuse(text: str, column: int, why: str) -> NoReturn:
    """Raise ArgumentError that shows the text and points to the column."""
    raise ArgumentError(f"column {column + 1} of the types: {why}\n  {text}\n  {' ' * column}^")


class Reader:
    """A place in a list of words."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = tokens(text)
        self.at = 0

    @property
    def word(self) -> Token:
        """The word that comes next."""
        return self.words[self.at]

    def next(self) -> Token:
        """Take the next word."""
        word = self.word
        self.at = min(self.at + 1, len(self.words) - 1)
        return word

    def accept(self, text: str) -> bool:
        """Take the next word if it is this sign."""
        if self.word.text == text and self.word.kind in ("sign", "dots", "name"):
            self.next()
            return True
        return False

    def expect(self, text: str) -> None:
        """Take this sign, or refuse."""
        if not self.accept(text):
            self.fail(f"`{text}` is expected")

    def fail(self, why: str, word: Token | None = None) -> NoReturn:
        """Refuse at a word (the next one)."""
        word = word or self.word
        found = f", not `{word.text}`" if word.text else ", but the text ends"
        refuse(self.text, word.column, why + (found if why.endswith("expected") else ""))
