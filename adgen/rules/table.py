"""The table: canonical names, what modules call them, methods and attributes of arrays.

>>> from_module("numpy", "absolute"), from_module("math", "sin"), from_module("builtins", "len"), method("sum")
('np.abs', 'math.sin', 'len', 'np.sum')
>>> lookup("np.exp").formulas
('y',)
"""

from __future__ import annotations

import builtins
import math

import numpy as np

from adgen.rules import FAMILIES
from adgen.rules.rule import REGISTRY, Rule

PREFIX = {"numpy": "np.", "numpy.linalg": "np.linalg.", "math": "math.", "builtins": "", "cmath": "cmath."}
PREFIX |= {f"numpy.{part}": f"np.{part}." for part in ("fft", "random")}
PREFIX |= {f"numpy.polynomial.{part}": f"np.polynomial.{part}." for part in ("polynomial", "chebyshev", "legendre")}
PREFIX |= {f"numpy.polynomial.{part}": f"np.polynomial.{part}." for part in ("hermite", "hermite_e", "laguerre")}
PREFIX |= {name: f"{name}." for name in ("operator", "statistics")}
PREFIX |= {"numpy.emath": "np.emath.", "numpy.lib.scimath": "np.emath."}
PREFIX |= {"numpy.lib.stride_tricks": "np.lib.stride_tricks."}
ALIASES = {
    "np.amax": "np.max",
    "np.amin": "np.min",
    "np.fabs": "np.abs",
    "np.round_": "np.round",
    "np.row_stack": "np.vstack",
    "np.around": "np.round",
    "np.conjugate": "np.conj",
    "np.remainder": "np.mod",
    "np.linalg.cross": "np.cross",
    "np.linalg.matmul": "np.matmul",
    "np.linalg.matrix_transpose": "np.matrix_transpose",
    "np.linalg.tensordot": "np.tensordot",
    "np.linalg.vecdot": "np.vecdot",
    "np.linalg.outer": "np.outer",
    "scipy.special.sinc": "np.sinc",
}
ATTRIBUTES = ("T", "mT", "shape", "ndim", "size", "dtype", "real", "imag", "itemsize", "nbytes")
METHODS = {
    name: f"np.{name}"
    for name in (
        "sum mean prod max min var std cumsum cumprod dot trace clip reshape transpose ravel squeeze swapaxes repeat "
        "argmax argmin argsort argpartition searchsorted any all round conj take diagonal nonzero choose"
    ).split()
} | {
    "conjugate": "np.conj",
    "copy": "np.copy",
    "compress": "compress",
    "astype": "astype",
    "item": "item",
    "tolist": "tolist",
    "flatten": "flatten",
}


def lookup(name: str) -> Rule | None:
    """The entry of a canonical name."""
    return REGISTRY.get(name)


def names() -> list[str]:
    """All canonical names, sorted; users' own functions aside."""
    return sorted(name for name, rule in REGISTRY.items() if not rule.module)


def from_module(module: str, attr: str) -> str | None:
    """The canonical name of what a module calls `attr`; None if it has no entry."""
    prefix = module + "." if module.startswith("scipy.") else PREFIX.get(module)
    if prefix is None:
        return None
    if module == "builtins" and not hasattr(builtins, attr):
        return None
    name = prefix + attr
    name = ALIASES.get(name, name)
    if name in REGISTRY:
        return name
    return _same_object(module, attr) if module in ("numpy", "numpy.linalg") else None


def _same_object(module: str, attr: str) -> str | None:
    """The entry that NumPy has under another name too (`np.asin` is `np.arcsin`)."""
    space = np.linalg if module == "numpy.linalg" else np
    found = getattr(space, attr, None)
    if not callable(found):
        return None
    own = getattr(found, "__name__", "")
    for candidate in (f"np.{own}", f"np.linalg.{own}", ALIASES.get(f"np.{own}", "")):
        if candidate in REGISTRY and _object(candidate) is found:
            return candidate
    if f"np.{own}" == "np.absolute":
        return "np.abs"
    return None


def _object(name: str) -> object:
    space: object = math if name.startswith("math.") else np
    for part in name.split(".")[1:]:
        space = getattr(space, part, None)
    return space


def is_space(name: str) -> bool:
    """Whether a name stands for a collection of entries: `scipy.special`, `scipy.stats.norm`."""
    return any(entry.startswith(name + ".") for entry in REGISTRY)


def method(name: str) -> str | None:
    """The entry of an ndarray method; the array is its first argument."""
    found = METHODS.get(name)
    return found if found in REGISTRY else None


def drawn(what: str, name: str) -> str | None:
    """The entry of a method of a random generator, or of a sparse matrix, by the text of its type."""
    if what == "scipy.sparse":
        return f"sparse.{name}" if f"sparse.{name}" in REGISTRY else None
    space = what.removeprefix("np.random.")
    found = [f"{one}.{name}" for one in (space, "Generator") if space in ("Generator", "RandomState")]
    return next((entry for entry in found if entry in REGISTRY), None)


def attribute(name: str) -> str | None:
    """The entry of an ndarray attribute."""
    return f"attr.{name}" if name in ATTRIBUTES else None


assert FAMILIES  # importing them fills the table
