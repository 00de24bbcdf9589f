"""Small functions that generated modules define for themselves, where types leave something to decide at run time.

>>> print(source(["_zeros_like"]).splitlines()[0])
def _zeros_like(x):
>>> modules(["_add"])
()
"""

from __future__ import annotations

from collections.abc import Iterable

from adgen.naming import COMPILED as DECORATOR
from adgen.rules.runtime import COMPILED as COMPILED
from adgen.rules.runtime import HELPERS as HELPERS

_IMPORTS = {"_copy": "from dataclasses import replace"}


def source(names: Iterable[str]) -> str:
    """The definitions of the helpers with these names, in a fixed order."""
    wanted = list(names)
    return "\n\n".join(text.strip() + "\n" for name, text in HELPERS.items() if name in wanted)


def compiled(names: Iterable[str]) -> list[str]:
    """The same for Numba; those that it cannot compile are left out.

    >>> compiled(["_unbroadcast"]), compiled(["_add"])[0].splitlines()[1]
    ([], 'def _add(x, y):')
    """
    wanted = list(names)
    return [f"{DECORATOR}\n{text.strip()}\n" for name, text in COMPILED.items() if name in wanted]


def modules(names: Iterable[str]) -> tuple[str, ...]:
    """The imports that helpers need, NumPy aside."""
    return tuple(sorted({_IMPORTS[name] for name in names if name in _IMPORTS}))
