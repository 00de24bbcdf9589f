"""Derivatives at kinks and singular points: adgen beside HIPS autograd and JAX, first and second ones.

    $ python -m tests.benchmarks.kinks
    | | at | adgen | autograd | JAX | adgen, again | autograd, again | JAX, again |
    |---|---|---|---|---|---|---|---|
    | `np.abs(x)` | 0 | 0 | 0 | 1 | .. | .. | .. |

Programs are the same text for all three, with the modules that each of them has for `np` and `sp`.  "again" is the
derivative of the sum of the first derivatives, `error` where there is none, `-` where the library lacks the function.
"""

import importlib.util
import tempfile
import warnings
from pathlib import Path

import numpy as np

import adgen

MODULES = {
    "adgen": ("numpy", "scipy.special"),
    "autograd": ("autograd.numpy", "autograd.scipy.special"),
    "JAX": ("jax.numpy", "jax.scipy.special"),
}
TIE, ZEROS = [2.0, 2.0, 1.0], [0.0, 0.0, 0.0]
PROGRAMS = [  # what is computed, and where
    ("np.abs(x)", 0.0),
    ("np.sqrt(x)", 0.0),
    ("np.cbrt(x)", 0.0),
    ("np.maximum(x, 2.0)", 2.0),
    ("np.minimum(x, 2.0)", 2.0),
    ("np.maximum(x, x)", 2.0),
    ("np.clip(x, -1.0, 2.0)", 2.0),
    ("np.max(x)", TIE),
    ("np.min(x)", [1.0, 1.0, 2.0]),
    ("np.sum(np.sort(x) * np.arange(3.0))", TIE),
    ("np.median(x)", TIE),
    ("np.linalg.norm(x)", ZEROS),
    ("np.sqrt(np.sum(x * x))", ZEROS),
    ("np.hypot(x, 0.0)", 0.0),
    ("np.std(x)", [2.0, 2.0, 2.0]),
    ("np.prod(x)", [0.0, 3.0, 2.0]),
    ("np.prod(x)", [0.0, 0.0, 2.0]),
    ("np.sum(x * np.sqrt(x))", [0.0, 4.0]),
    ("np.sum(np.sqrt(x) * np.sqrt(x))", [0.0, 4.0]),
    ("np.sum(x**1.5)", [0.0, 4.0]),
    ("x**0", 0.0),
    ("x**1", 0.0),
    ("x**2", 0.0),
    ("x**3", -1.5),
    ("x**3.0", -1.5),
    ("np.power(x, 2.0)", 0.0),
    ("np.power(2.0, x) + np.power(0.0, x)", 1.0),
    ("np.where(x > 0.0, np.log(np.where(x > 0.0, x, 1.0)), 0.0)", 0.0),
    ("np.where(x > 0.0, np.sqrt(x), 0.0)", 0.0),
    ("np.where(x > 0.0, x * np.log(x), 0.0)", 0.0),
    ("np.sign(x) * x", 0.0),
    ("np.sinc(x)", 0.0),
    ("np.arctan2(x, x)", 0.0),
    ("np.log1p(np.exp(x))", 800.0),
    ("np.logaddexp(x, 0.0)", 800.0),
    ("np.logaddexp(x, x)", -1e300),
    ("np.tanh(x)", 400.0),
    ("np.arcsin(x)", 1.0),
    ("np.mod(x, 1.0)", 2.0),
    ("np.floor(x)", 2.0),
    ("np.trace(np.linalg.eigh(np.diag(x))[1])", [1.0, 1.0, 2.0]),
    ("np.sum(np.linalg.eigvalsh(np.diag(x)) ** 2)", [1.0, 1.0, 2.0]),
    ("np.sum(np.linalg.svd(np.diag(x))[1])", [1.0, 0.0, 2.0]),
    ("np.linalg.det(np.diag(x))", [0.0, 3.0, 2.0]),
    ("sp.logsumexp(x)", [1000.0, 1000.0, -1000.0]),
    ("sp.expit(x)", -800.0),
    ("sp.gammaln(x)", 1e-300),
    ("sp.erf(x)", 30.0),
    ("sp.i0(x)", 0.0),
    ("sp.logit(x)", 1.0),
]


def program(text, numpy, special, folder):
    """The program with the modules of a library; None where it lacks one of them."""
    try:
        importlib.import_module(special)
    except ImportError:
        return None
    path = Path(folder) / f"kink_{abs(hash((text, numpy)))}.py"
    path.write_text(f"import {numpy} as np\nimport {special} as sp\n\n\ndef f(x):\n    return {text}\n")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.f


def derivatives(library, f, x):
    """Functions that give the first derivative, and that of its sum."""
    if library == "adgen":
        ones = np.ones_like(x) if isinstance(x, np.ndarray) else 1.0
        return lambda: adgen.grad(f)(x), lambda: adgen.hvp(f)(x, ones)
    if library == "autograd":
        import autograd
        import autograd.numpy as anp

        first = autograd.grad(f)
        return lambda: first(x), lambda: autograd.grad(lambda x: anp.sum(first(x)))(x)
    import jax

    jax.config.update("jax_enable_x64", True)
    first = jax.grad(f)
    return lambda: first(x), lambda: jax.grad(lambda x: jax.numpy.sum(first(x)))(x)


def shown(compute):
    """A derivative in short; `error` where there is none, `-` where the library lacks the function."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            found = np.asarray(compute())
    except (AttributeError, NotImplementedError):
        return "-"
    except Exception as problem:
        missing = "not defined" in str(problem) or "not implemented" in str(problem)
        return "-" if missing else "error"
    return ", ".join(f"{value + 0.0:.4g}" for value in np.ravel(found))


def rows(programs=PROGRAMS, libraries=tuple(MODULES)):
    """(program, where, first derivative by each library, second one by each library)"""
    with tempfile.TemporaryDirectory() as folder:
        for text, at in programs:
            x = np.array(at) if isinstance(at, list) else at
            made = {library: program(text, *MODULES[library], folder) for library in libraries}
            pairs = {name: None if f is None else derivatives(name, f, x) for name, f in made.items()}
            orders = [["-" if pair is None else shown(pair[k]) for pair in pairs.values()] for k in (0, 1)]
            yield text, ", ".join(f"{value:g}" for value in np.ravel(at)), *orders


def text(libraries=tuple(MODULES)):
    """The table."""
    heads = [*libraries, *(f"{library}, again" for library in libraries)]
    lines = [f"| | at | {' | '.join(heads)} |", "|---" * (2 + len(heads)) + "|"]
    for what, at, first, second in rows(libraries=libraries):
        lines.append(f"| `{what}` | {at} | {' | '.join([*first, *second])} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(text())
