"""Every identifier of generated code is minted here: adjoints, tangents, saved values, derivative functions.

    x  ->  x_bar, x_dot, x_saved          Net.energy, grad  ->  Net_energy_grad

>>> adjoint("x"), tangent(adjoint("x")), saved("v[1]")
('x_bar', 'x_bar_dot', 'v1_saved')
>>> fresh("x_bar", ["x_bar", "x_bar_2"])
'x_bar_3'
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Container, Sequence

SUFFIXES = ("_bar", "_dot", "_saved")
MODES = ("grad", "value_and_grad", "jvp", "vjp")
BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))
IMPORTED = frozenset(("np", "math", "cmath", "scipy", "statistics", "numba"))
COMPILED = "@numba.njit(cache=True, boundscheck=True)"  # stands above functions that Numba compiles


def in_memory(text: str) -> str:
    """A module's text without what needs a file: Numba keeps what it has compiled beside it."""
    return text.replace(COMPILED, COMPILED.replace("cache=True, ", ""))


def alias(module: str) -> str:
    """What generated code calls a module of the user's.

    >>> alias("project.kernels")
    '_project_kernels'
    """
    return "_" + module.replace(".", "_")


def adjoint(name: str) -> str:
    """The adjoint of a variable."""
    return identifier(name) + "_bar"


def tangent(name: str) -> str:
    """The tangent of a variable."""
    return identifier(name) + "_dot"


def saved(name: str) -> str:
    """The tape of a variable."""
    return identifier(name) + "_saved"


def derivative(qualname: str, mode: str) -> str:
    """The derivative function of a function.

    >>> derivative("outer.<locals>.loss", "value_and_grad"), derivative("<lambda>", "grad")
    ('outer_loss_value_and_grad', 'lambda_grad')
    """
    plain = qualname.replace("<locals>.", "").replace("<lambda>", "lambda").replace(".", "_")
    return identifier(f"{plain}_{mode}")


def is_minted(name: str) -> bool:
    """Whether the name has the form of an adjoint, tangent or tape."""
    return re.sub(r"_\d+$", "", name).endswith(SUFFIXES)


def identifier(text: str) -> str:
    """A text as an identifier: what it holds, without what Python does not allow.

    >>> identifier("v[-1]"), identifier("a.b"), identifier("2x"), identifier("h")
    ('v_last', 'a_b', 'v2x', 'h')
    """
    text = re.sub(r"\[-1\]", "_last", text)
    text = re.sub(r"\[(\d+)\]", r"\1", text)
    text = re.sub(r"\W+", "_", text).strip("_") if not text.isidentifier() else text
    if not text or text[0].isdigit():
        text = "v" + text
    return text + "_" if keyword.iskeyword(text) else text


def fresh(name: str, taken: Container[str]) -> str:
    """The name itself, else the first of name_2, name_3 .. that is not taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def is_reserved(name: str) -> bool:
    """Whether generated code may not use the name for a variable of its own."""
    return keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in BUILTINS or name in IMPORTED


def singular(name: str, taken: Sequence[str] = ()) -> str:
    """The name of one element of a list.

    >>> singular("hs"), singular("params_bar"), singular("weights"), singular("history")
    ('h', 'param_bar', 'weight', 'history_item')
    """
    stem = next((name[: -len(suffix)] for suffix in SUFFIXES if name.endswith(suffix)), name)
    tail = name[len(stem) :]
    one = stem[:-1] if stem.endswith("s") and len(stem) > 1 else stem + "_item"
    return fresh(one + tail, taken)
