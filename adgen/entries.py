"""What a file, a row of the settings or an option asks for: one derivative.

>>> entry_of("grad u,c as heat_grad")[:3]
('grad', ('u', 'c'), 'heat_grad')
>>> entry_of("grad for textbook").kind, entry_of("jvp x for numba").kind
('textbook', 'numba')
>>> mode_of("reverse"), mode_of("forward"), mode_of("value_and_grad")
('grad', 'jvp', 'value_and_grad')
"""

from __future__ import annotations

from keyword import iskeyword
from typing import NamedTuple

from adgen.project import UsageError

MODES = ("grad", "value_and_grad", "jvp", "vjp")
BACKENDS = ("numpy", "numba")
STYLES = ("expert", "textbook")
WORDS = {"reverse": "grad", "forward": "jvp"}


class Entry(NamedTuple):
    """One derivative asked for: mode, parameters ((): all that are active), and the file's name ("": by rule).

    A decorator's default (the first parameter) has no place in the file's name: then `said` is False.  `inner` is the
    derivative that is differentiated: `adgen.grad(adgen.grad(f))`.
    """

    mode: str
    wrt: tuple[str, ...] = ()
    name: str = ""
    said: bool = True
    single: bool = True
    has_aux: bool = False
    inner: Entry | None = None
    backend: str = "numpy"
    style: str = "expert"

    @property
    def modes(self) -> str:
        """The mode for the file's name: `grad_grad` of order 2."""
        return self.mode if self.inner is None else f"{self.inner.modes}_{self.mode}"

    @property
    def kind(self) -> str:
        """What the file's name says beside the mode: numba, textbook, or nothing."""
        return self.backend if self.backend != "numpy" else self.style if self.style != "expert" else ""


def mode_of(word: str) -> str:
    """`reverse` and `forward` are words for grad and jvp."""
    return WORDS.get(word, word)


def entry_of(text: str) -> Entry:
    """An entry of `[tool.adgen.derivatives]`: `MODE [WRT,..] [for numba | for textbook] [as NAME]`."""
    words, name, backend, style = text.split(), "", "numpy", "expert"
    if len(words) > 2 and words[-2] == "as":
        words, name = words[:-2], words[-1]
    if len(words) > 2 and words[-2] == "for":
        style = words[-1] if words[-1] in STYLES else style
        words, backend = words[:-2], backend if words[-1] in STYLES else words[-1]
    if not 1 <= len(words) <= 2 or mode_of(words[0]) not in MODES or backend not in BACKENDS:
        form = "`MODE [a,b] [for numba | for textbook] [as NAME]`"
        raise UsageError(f"[tool.adgen.derivatives] {text!r}: expected {form}, MODE one of {MODES}")
    check_name(name)
    wrt = tuple(words[1].split(",")) if len(words) == 2 else ()
    return Entry(mode_of(words[0]), wrt, name, single=len(wrt) == 1, backend=backend, style=style)


def check_name(name: str) -> None:
    """A file's name is a module's, so that the derivative can be imported; "" is none."""
    if name and (not name.isidentifier() or iskeyword(name)):
        raise UsageError(f"{name!r} cannot be imported; the name of a file is a Python name, without .py")
