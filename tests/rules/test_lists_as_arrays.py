"""Lists of varying numbers where functions take arrays: derivatives are those of the array that NumPy makes of them."""

import linecache

import numpy as np
import pytest
import scipy.integrate
import scipy.linalg
import scipy.optimize
import scipy.signal
import scipy.special
import scipy.stats  # noqa: F401

import adgen
from adgen.rules import table
from tests.programs.oracle import Made

from .cases import Const, Still, all_cases

SPELT = "import numpy as np\nimport scipy\n\n\ndef f({0}):\n    return np.sum(np.sin(np.real({1}({2}))))\n"
MORE = ("np.copy", "np.power", "np.convolve", "scipy.special.comb", "scipy.special.perm", "scipy.special.beta")

# what takes no list itself, in the call that is tried
NO_LISTS = (
    "np.power",
    "scipy.special.beta",
    "scipy.linalg.eigh_tridiagonal",
    "scipy.linalg.lstsq",
    "scipy.signal.correlate",
)


def varies(value):
    return isinstance(value, np.ndarray) and value.dtype == np.float64


def line(value):
    return varies(value) and value.ndim == 1 and 0 < value.size


def texts(case, listed):
    """The arguments of a case as text, lines as lists of their elements; None where they cannot be told."""
    out = []
    for k, value in enumerate(case.values):
        fixed = isinstance(value, (Const, Still))
        value = value.value if fixed else value
        if fixed and isinstance(value, np.ndarray):
            text = f"np.array({value.tolist()!r})"
        elif listed and line(value):
            text = "[" + ", ".join(f"p{k}[{i}]" for i in range(len(value))) + "]"
        elif varies(value):
            text = f"p{k}"
        elif isinstance(value, (int, float, str, tuple, type(None))) and not isinstance(value, np.generic):
            text = repr(value)
        else:
            return None
        if "array(" in text.removeprefix("np.array("):
            return None
        out.append(f"{case.args[k]}={text}" if case.args and k else text)
    return ", ".join(out)


def chosen():
    """A call of each function, where some argument is a line of numbers."""
    found = {}
    for case in all_cases():
        rule = table.lookup(case.name)
        wanted = case.name.startswith("scipy.") and rule.kind != "elementwise" or case.name in MORE
        if wanted and case.name not in found and any(map(line, case.values)) and texts(case, True):
            found[case.name] = case
    return found


CASES = chosen()


def made(case, listed):
    names = ", ".join(f"p{k}" for k, value in enumerate(case.values) if varies(value))
    text = SPELT.format(names, case.name, texts(case, listed))
    path, names = f"<{case.name} of {'lists' if listed else 'arrays'}>", {}
    linecache.cache[path] = (len(text), None, text.splitlines(True), path)
    exec(compile(text, path, "exec"), names)
    return names["f"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CASES)
def test_lists_and_arrays_agree(name):
    case = CASES[name]
    names = [f"p{k}" for k, value in enumerate(case.values) if varies(value)]
    args = [value for value in case.values if varies(value)]
    fun = made(case, True)
    if name in NO_LISTS:
        with pytest.raises((TypeError, ValueError, AttributeError)):
            fun(*args)
        return
    _, expected = Made(made(case, False), args, "value_and_grad", names, "off")(*args)
    try:
        value, found = Made(fun, args, "value_and_grad", names, "off")(*args)
        _, dot = Made(fun, args, "jvp", names, "off")(*args, *map(np.ones_like, args))
    except adgen.Refusal as refusal:
        assert "help:" in str(refusal)
        return
    assert value == fun(*args)
    for one, two in zip(leaves(found), leaves(expected), strict=True):
        assert np.allclose(one, two, rtol=1e-9, atol=1e-9)
    assert np.isclose(dot, sum(map(np.sum, leaves(expected))))


def leaves(found):
    return found if isinstance(found, tuple) else (found,)
