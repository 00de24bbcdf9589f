"""How many functions have a derivative: in adgen, in HIPS autograd (read from the installed package), and together.

    $ python -m tests.benchmarks.coverage
    | | adgen | autograd | union | only in autograd |
    |---|---|---|---|---|
    | numpy | .. | .. | .. | .. |

A function counts once, whatever other names NumPy has for it.  Functions with a derivative that is zero everywhere, and
those that make arrays, are left out on both sides.
"""

import importlib
from types import FunctionType

from adgen import inventory
from adgen.rules import table

AREAS = {
    "numpy": ("numpy", "numpy.linalg", "numpy.fft", "numpy.random", "numpy.emath", "numpy.polynomial")
    + tuple(f"numpy.polynomial.{part}" for part in inventory.POLYNOMIALS),
    "math, cmath, statistics": ("math", "cmath", "statistics"),
    "scipy": (
        "scipy.special",
        "scipy.linalg",
        "scipy.signal",
        "scipy.integrate",
        "scipy.optimize",
        "scipy.sparse.linalg",
    ),
    "scipy.stats": ("scipy.stats",),
}


def canonical(area, name):
    """One name for all names of a function."""
    return table.from_module(area, name) or inventory.canonical(area, name)


def derived(entry, name):
    """Whether it has a derivative: a rule, in the table or in the front end, that is not zero everywhere."""
    rule = table.lookup(name)
    if name.startswith("scipy.sparse.") and "linalg" not in name:  # what is made of numbers that vary is refused
        return False
    return entry.kind == "rule" or (entry.kind == "array creation" and rule is not None and rule.kind != "zero")


def of_adgen(area):
    """The functions with a rule."""
    prefix = inventory.canonical(area, "")
    found = set()
    for entry in inventory.walk(area):
        short = entry.name.removeprefix(prefix + ".")
        if (
            derived(entry, canonical(area, short))
            and entry.name.startswith(prefix + ".")
            and (area == "scipy.stats" or "." not in short)
        ):
            found.add(entry.name if area == "scipy.stats" else canonical(area, short))
    return found


def of_autograd(area):
    """The functions with a gradient: primitives that have one, and those that are composed of such."""
    primitives = importlib.import_module("autograd.core").primitive_vjps
    try:
        space = importlib.import_module(f"autograd.{area}")
    except ImportError:
        return set()
    found = set()
    for name, value in vars(space).items():
        if area == "scipy.stats":
            parts = vars(value).items() if hasattr(value, "__file__") else ()
            own = getattr(importlib.import_module(area), name, None)
            real = [part for part, one in parts if one in _hashable(primitives, one) and hasattr(own, part)]
            found |= {f"{area}.{name}.{part}" for part in real}
        elif name in public(area) and callable(value):
            composed = type(value) is FunctionType and value.__module__.startswith("autograd.")
            composed = composed and value.__module__ != "autograd.tracer"
            rule = table.lookup(canonical(area, name))
            if (value in _hashable(primitives, value) or composed) and (rule is None or rule.kind != "zero"):
                found.add(canonical(area, name))
    return found


def public(area):
    """The names of the module that autograd wraps."""
    return dir(importlib.import_module(area))


def _hashable(table_, value):
    try:
        hash(value)
    except TypeError:
        return ()
    return table_


def rows():
    """(area, adgen, autograd, union, only in autograd) for each area, and the totals."""
    out, ours, theirs = [], set(), set()
    for title, areas in AREAS.items():
        own = {name for area in areas for name in of_adgen(area)}
        other = {name for area in areas for name in of_autograd(area)}
        out.append((title, len(own), len(other), len(own | other), sorted(other - own)))
        ours, theirs = ours | own, theirs | other
    return [*out, ("together", len(ours), len(theirs), len(ours | theirs), [])]


def text():
    """The table."""
    lines = ["| | adgen | autograd | union | only in autograd |", "|---|---|---|---|---|"]
    for title, own, other, union, missing in rows():
        lines.append(f"| {title} | {own} | {other} | {union} | {', '.join(f'`{name}`' for name in missing) or ''} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(text())
