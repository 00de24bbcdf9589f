"""Every public name of NumPy and of the modules beside it, and what adgen makes of it: taken from what is installed.

>>> found = {entry.name: entry.kind for entry in walk("math")}
>>> found["math.sin"], found["math.floor"], found["math.pi"]
('rule', 'zero derivative', 'inactive')
>>> [entry.name for entry in walk("math") if entry.kind == "unknown"]
[]

A name has a rule (in the table, or in the front end where it is syntax: `map`, `np.add.at`); a zero derivative; makes
arrays; is inactive by nature (types, printing, files, settings); is refused for one of eight reasons; or is unknown.
"""

from __future__ import annotations

import importlib
import types
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from adgen.frontend.lower import HANDLERS
from adgen.frontend.lower_callbacks import CALLBACKS
from adgen.frontend.lower_calls import BUILTINS, METHODS
from adgen.frontend.lower_grids import MAKERS
from adgen.frontend.lower_inplace import SIGNATURES
from adgen.frontend.lower_standins import OPERATOR_FUNCTIONS, UFUNC_METHODS
from adgen.project import UsageError
from adgen.rules import table, unruled

KINDS = ("rule", "zero derivative", "array creation", "inactive", "refused", "unknown")
POLYNOMIALS = ("polynomial", "chebyshev", "legendre", "hermite", "hermite_e", "laguerre")
AREAS = {
    "numpy": ("numpy", "numpy.linalg", "numpy.fft", "numpy.random", "numpy.emath", "Generator", "ufunc", "ndarray")
    + ("numpy.polynomial", *(f"numpy.polynomial.{part}" for part in POLYNOMIALS)),
    **{name: (name,) for name in ("math", "cmath", "operator", "statistics", "functools")},
    "scipy": tuple(
        f"scipy.{part}"
        for part in ("special", "linalg", "stats", "integrate", "sparse", "sparse.linalg", "signal", "optimize")
    ),
}
# of SciPy's modules other than these two, so much is in the plan
NAMED = {
    "scipy.stats": "norm uniform expon gamma beta t chi2 laplace logistic lognorm cauchy poisson binom "
    "multivariate_normal dirichlet weibull_min pareto rayleigh maxwell halfnorm halfcauchy gumbel_r gumbel_l invgamma "
    "invgauss f skewnorm vonmises geom nbinom bernoulli",
    "scipy.integrate": "odeint solve_ivp quad fixed_quad trapezoid simpson romb cumulative_trapezoid "
    "cumulative_simpson",
    "scipy.sparse": "csr_array csc_array coo_array csr_matrix csc_matrix coo_matrix dia_matrix diags diags_array eye "
    "eye_array identity kron block_diag hstack vstack bmat tril triu",
    "scipy.sparse.linalg": "spsolve expm_multiply splu factorized LinearOperator",
    "scipy.signal": "convolve fftconvolve oaconvolve convolve2d correlate correlate2d lfilter sosfilt "
    "savgol_filter detrend",
    "scipy.optimize": "root root_scalar fsolve fixed_point brentq brenth bisect ridder newton toms748",
}
DENSITIES = ("pdf", "logpdf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf", "pmf", "logpmf")
assert HANDLERS  # importing them fills the tables of the front end


class Entry(NamedTuple):
    """A public name: its canonical name, its class, and why."""

    name: str
    kind: str
    why: str = ""


def modules() -> list[str]:
    """What `walk` knows."""
    return [*AREAS, *dict.fromkeys(area for areas in AREAS.values() for area in areas if area not in AREAS)]


def walk(module: str) -> list[Entry]:
    """Every public name of a module and of its parts, each once."""
    if module not in modules():
        raise UsageError(f"--missing knows {', '.join(AREAS)} and their parts, not {module!r}")
    found: dict[str, Entry] = {}
    for area in AREAS.get(module, (module,)):
        for entry in _area(area):
            found.setdefault(entry.name, entry)
    return list(found.values())


def counts(entries: list[Entry]) -> dict[str, int]:
    """How many names each class has."""
    number = Counter(entry.kind for entry in entries)
    return {kind: number[kind] for kind in KINDS}


def public(area: str) -> dict[str, Any]:
    """The public names of a module, or of a class of NumPy, with what they are."""
    if area == "Generator":
        space: Any = np.random.default_rng(0)
    elif area in ("ndarray", "ufunc"):
        space = getattr(np, area)
    else:
        space = importlib.import_module("numpy.lib.scimath" if area == "numpy.emath" else area)
    listed = getattr(space, "__all__", None) if not area.startswith("numpy") else None
    names = NAMED[area].split() if area in NAMED else [n for n in listed or dir(space) if not n.startswith("_")]
    values = {name: getattr(space, name, None) for name in names}
    return {name: value for name, value in values.items() if not isinstance(value, types.ModuleType)}


def _area(area: str) -> Iterator[Entry]:
    for name, value in public(area).items():
        if area == "scipy.stats":
            several = ("entropy",) if not hasattr(value, "ppf") else ()
            densities = [f"{name}.{density}" for density in (*DENSITIES, *several) if hasattr(value, density)]
            yield from (_entry(area, density, getattr(value, density.split(".")[1])) for density in densities)
        else:
            yield _entry(area, name, value)


def canonical(area: str, name: str) -> str:
    """The name that tables and messages use."""
    if area in ("ndarray", "ufunc", "Generator"):
        return f"{area}.{name}"
    head, _, rest = area.partition(".")
    return ".".join(part for part in ("np" if head == "numpy" else head, rest, name) if part)


def _entry(area: str, name: str, value: Any) -> Entry:
    full = canonical(area, name)
    known = _ruled(area, name, full, value)
    if known is not None:
        return Entry(full, known)
    reason = unruled.refusal(full)
    if reason is not None:
        return Entry(full, "refused", reason.why)
    what = unruled.nature(full) or _plainly(value)
    return Entry(full, "inactive", what) if what else Entry(full, "unknown")


def _plainly(value: Any) -> str:
    """What constants and types are, which need no list."""
    if isinstance(value, type):
        return "is a type"
    if isinstance(value, (int, float, complex, str, bytes, type(None), tuple, types.GenericAlias)):
        return "is a constant"
    return "is a constant" if isinstance(value, (np.ndarray, np.generic, dict)) else ""


def _ruled(area: str, name: str, full: str, value: Any) -> str | None:
    """The class of a name that adgen differentiates, or knows to be constant."""
    if full in SIGNATURES:
        return "rule"
    if area == "ndarray":
        rule = table.lookup(table.method(name) or table.attribute(name) or "")
        if rule is None:
            return "rule" if _handles(METHODS.get(f"array.{name}")) else None
    elif area == "ufunc":
        return "rule" if name in UFUNC_METHODS or table.lookup(f"np.add.{name}") is not None else None
    elif area == "operator" and name in OPERATOR_FUNCTIONS:
        return "zero derivative" if OPERATOR_FUNCTIONS[name] else "rule"
    else:
        if full in MAKERS:
            return "array creation" if full in ("np.mgrid", "np.ogrid") else "rule"
        canon = table.from_module(area, name) or full
        rule = table.lookup(canon)
        if rule is None:
            return "rule" if canon in (*BUILTINS, *CALLBACKS, "np.vectorize") or _builtin(value) in BUILTINS else None
    if rule.name in unruled.CREATION:
        return "array creation"
    return "zero derivative" if rule.kind == "zero" else "rule"


def _builtin(value: Any) -> str:
    """`_functools.reduce` for what says that it is that."""
    return f"{getattr(value, '__module__', '')}.{getattr(value, '__name__', '')}"


def _handles(handler: Any) -> bool:
    return handler is not None and handler.__name__ != "_refused"
