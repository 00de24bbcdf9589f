"""Floating-point warnings that the user's code switches off: its derivative does not raise them either.

    with np.errstate(divide="ignore"):            @np.errstate(divide="ignore")
        y = np.log(x)                       ->    def f_grad(x): ..

>>> found = {}
>>> note(found, ast.parse("np.errstate(divide='ignore', over='raise')", mode="eval").body)
>>> silenced(found)
('divide',)

What is switched off somewhere is switched off in the whole derivative; what is to raise (`over="raise"`) is left alone.
"""

from __future__ import annotations

import ast

KINDS = ("divide", "over", "under", "invalid")


def is_errstate(node: ast.expr) -> bool:
    """Whether it is a call of `np.errstate`."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "errstate"


def note(found: dict[str, None], node: ast.expr) -> None:
    """Add the kinds of warnings that `np.errstate(..)` switches off."""
    for word in node.keywords if isinstance(node, ast.Call) and is_errstate(node) else ():
        if isinstance(word.value, ast.Constant) and word.value.value == "ignore" and word.arg is not None:
            found.update(dict.fromkeys(KINDS if word.arg == "all" else (word.arg,)))


def note_decorators(found: dict[str, None], node: ast.AST) -> None:
    """Add what the decorators of a function switch off."""
    for decorator in getattr(node, "decorator_list", ()):
        note(found, decorator)


def silenced(found: dict[str, None]) -> tuple[str, ...]:
    """The kinds, in NumPy's order; `all` for all of them."""
    kinds = tuple(kind for kind in KINDS if kind in found)
    return ("all",) if kinds == KINDS else kinds
