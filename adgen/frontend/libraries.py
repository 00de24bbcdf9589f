"""Names of NumPy, math, builtins and other libraries: what the compiler knows by rule, not by source.

>>> library_attribute("numpy", "sin"), library_attribute("numpy", "pi"), library_attribute("numpy", "linalg")
(Known(name='np.sin'), Literal(value=3.141592653589793, name='np.pi'), Module(name='numpy.linalg', read=()))
>>> import numpy as np
>>> known_object(np.sin), known_object(len), known_object(lambda: 0)
('np.sin', 'len', None)

Only NumPy, math and cmath are looked into; other libraries are known by the names of their functions alone.
"""

from __future__ import annotations

import builtins
import cmath
import functools
import itertools
import math
import os
import sys
import sysconfig
import types

import numpy as np

from adgen.frontend.bindings import Binding, Captured, Known, Literal, Member, Missing, Module, UserClass, no_objects
from adgen.rules import custom, table

_LOOKED_INTO: dict[str, types.ModuleType] = {
    "numpy": np,
    "numpy.linalg": np.linalg,
    "numpy.fft": np.fft,
    "numpy.random": np.random,
    "numpy.polynomial": np.polynomial,
    "numpy.polynomial.polynomial": np.polynomial.polynomial,
    "numpy.polynomial.chebyshev": np.polynomial.chebyshev,
    "numpy.polynomial.legendre": np.polynomial.legendre,
    "numpy.polynomial.hermite": np.polynomial.hermite,
    "numpy.polynomial.hermite_e": np.polynomial.hermite_e,
    "numpy.polynomial.laguerre": np.polynomial.laguerre,
    "math": math,
    "cmath": cmath,
    "builtins": builtins,
}
PLAIN_ROOTS = ("math", "cmath", "scipy", "statistics", "operator", "functools")
SCIPY = ("special", "linalg", "stats", "signal", "integrate", "optimize", "sparse", "fft", "interpolate")
_STDLIB = os.path.realpath(sysconfig.get_paths()["stdlib"])
_THIRD = [os.path.realpath(sysconfig.get_paths()[key]) for key in ("purelib", "platlib")]


def is_library(module: str) -> bool:
    """Whether the functions of a module are known by name, never by source."""
    root = module.partition(".")[0]
    return root in ("numpy", "scipy", "adgen", "builtins") or (root in sys.stdlib_module_names and root != "__main__")


def is_library_file(filename: str) -> bool:
    """Whether a file belongs to Python's own library (a user's module may have the name of one of its modules)."""
    if filename.startswith("<frozen"):
        return True
    path = os.path.realpath(filename)
    return path.startswith(_STDLIB + os.sep) and not any(path.startswith(third + os.sep) for third in _THIRD)


def canonical(module: str, attr: str) -> str:
    """The name that rules and messages use: `np.abs` for numpy's `absolute`, `len` for that of builtins."""
    known = table.from_module(module, attr)
    if known is not None:
        return known
    if module == "builtins":
        return attr
    if module == "adgen" or module.startswith("adgen."):
        return f"adgen.{attr}"
    head, _, rest = module.partition(".")
    head = {"_operator": "operator", "_functools": "functools", "_statistics": "statistics"}.get(head, head)
    short = ".".join(part for part in ("np" if head == "numpy" else head, rest) if part)
    return f"{short}.{attr}"


def library_attribute(module: str, attr: str) -> Binding:
    """What `<module>.<attr>` means for a library."""
    if (module, attr) == ("typing", "TYPE_CHECKING"):
        return Literal(False, "typing.TYPE_CHECKING")
    looked = _LOOKED_INTO.get(module)
    if looked is None:
        space = f"{module}.{attr}"
        return Module(space) if space.startswith("scipy.") and table.is_space(space) else Known(canonical(module, attr))
    value = getattr(looked, attr, _NOTHING)
    if value is _NOTHING:
        return Missing(f"{module}.{attr}", f"the module {module} has no name `{attr}`")
    if isinstance(value, types.ModuleType):
        return Module(value.__name__)
    if value is None or isinstance(value, (int, float, complex, type(Ellipsis))):
        return Literal(value, canonical(module, attr))
    return Known(canonical(module, attr))


def _declared(name: str) -> Binding | None:
    """A function with a rule of the user's, by its full name, or a module on the way to one."""
    if custom.digest_of(name):
        return Known(name)
    return Module(name) if custom.holds(name) else None


class LibraryScope:
    """The scope of a function that only calls a library's function."""

    has = staticmethod(no_objects)

    def lookup(self, name: str) -> Binding:
        """Modules by the names that canonical names begin with, else builtins."""
        module = "numpy" if name == "np" else name if name in PLAIN_ROOTS else None
        return Module(module) if module else _declared(name) or library_attribute("builtins", name)

    def attribute(self, binding: Binding, attr: str) -> Binding:
        """Attributes of modules."""
        if isinstance(binding, Module):
            return _declared(f"{binding.name}.{attr}") or library_attribute(binding.name, attr)
        return Missing(attr, "only modules have names here")

    def member(self, cls: UserClass, attr: str) -> Member | Missing:
        """No classes are known here."""
        return Missing(attr, "no classes are known here")

    def pin(self, binding: Captured) -> Literal | Missing:
        """Nothing is captured."""
        return Missing(binding.name, "nothing is captured here")

    def bind(self, value: object, name: str) -> Binding:
        """Library functions by identity."""
        known = known_object(value)
        return Known(known) if known is not None else Missing(name, "it is no library function")

    def class_of(self, kind: str) -> UserClass | Missing:
        """No classes."""
        return Missing(kind, "no classes are known here")


def known_object(value: object) -> str | None:
    """The canonical name of a library's function or class, found by identity."""
    entry = _objects().get(id(value))
    if entry is not None and entry[0] is value:
        return entry[1]
    if isinstance(value, np.ufunc) or type(value).__module__.startswith("scipy.special."):
        return _special(value)
    return None


def known_space(value: object) -> str | None:
    """The name of a distribution of scipy, whose functions have entries: `scipy.stats.norm`."""
    stats = sys.modules.get("scipy.stats")
    if stats is None or not type(value).__module__.startswith("scipy.stats."):
        return None
    name = next((name for name, found in vars(stats).items() if found is value), None)
    return None if name is None else f"scipy.stats.{name}"


def known_constant(value: object) -> str | None:
    """The name of a float that is the very object `math.pi`, `np.inf`, .. (for `from math import pi`)."""
    entry = _constants().get(id(value))
    return entry[1] if entry is not None and entry[0] is value else None


_NOTHING = object()


@functools.cache
def _objects() -> dict[int, tuple[object, str]]:
    out: dict[int, tuple[object, str]] = {}
    for module, looked in (("builtins", builtins), *_LOOKED_INTO.items()):
        for attr, value in vars(looked).items():
            if callable(value) and not attr.startswith("_"):
                out.setdefault(id(value), (value, canonical(module, attr)))
    return out


@functools.cache
def _constants() -> dict[int, tuple[object, str]]:
    out: dict[int, tuple[object, str]] = {}
    for module in ("math", "numpy"):
        for attr, value in vars(_LOOKED_INTO[module]).items():
            if isinstance(value, float) and not attr.startswith("_"):
                out.setdefault(id(value), (value, canonical(module, attr)))
    return out


def _special(value: object) -> str | None:
    special = sys.modules.get("scipy.special")
    name = getattr(value, "__name__", None)
    if not isinstance(name, str) or getattr(special, name, None) is not value:
        return None
    return canonical("scipy.special", name)


def library_name(value: object) -> str | None:
    """The canonical name of a function or class that says that it is of a library: `random.gauss`."""
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(name, str) or not is_library(module):
        return None
    code = getattr(value, "__code__", None)
    if code is not None:
        standard = module.partition(".")[0] in sys.stdlib_module_names
        typed_in = code.co_filename.startswith("<") and not code.co_filename.startswith("<frozen")
        if typed_in or (standard and not is_library_file(code.co_filename)):
            return None
    parts = module.split(".")
    if parts[0] == "scipy":  # `scipy.integrate._ivp.ivp` is within scipy.integrate
        parts = list(itertools.takewhile(lambda part: not part.startswith("_"), parts))
    public = ".".join(part for part in parts if not part.startswith("_")) or module
    return canonical(public, name)


def of_library(module: types.ModuleType) -> bool:
    """Whether a module belongs to a library, not to the program."""
    root = module.__name__.partition(".")[0]
    file = getattr(module, "__file__", None)
    return root in ("numpy", "scipy", "adgen") or file is None or is_library_file(file)
