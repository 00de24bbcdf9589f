"""What NumPy returns: entries whose result can share memory with an argument, or cannot be written, are in a table."""

import numpy as np
import pytest

from adgen.battery.evaluate import METHODS, OPERATORS, function
from adgen.ir.core import Op, Value
from adgen.ir.types import UNKNOWN, Array
from adgen.rules import table, views
from adgen.rules.rule import Param

from .cases import Const, all_cases

LINE, SQUARE, WIDE, DEEP = np.arange(1.0, 4.0), np.eye(3) + 1.0, np.ones((2, 3)), np.ones((2, 1, 3))
SAMPLES = [LINE, SQUARE, WIDE, DEEP, np.ones(1), np.array(1.5), SQUARE[::-1].T, np.asfortranarray(WIDE)]
SAMPLES += [sample.astype(dtype) for dtype in ("f4", "c16", "i8", "b1") for sample in (LINE, SQUARE)]
VALUES = {"shape": (-1,), "reps": 1, "axis": 0, "axis1": 0, "axis2": -1, "source": 0, "destination": 0, "repeats": 1}
VALUES |= {"shift": 0, "indices": np.array([0]), "n": 0, "i": 1, "indices_or_sections": 1, "q": 0.5, "dtype": None}
ENTRIES = [name for name in table.names() if name not in OPERATORS]
BUILT_IN = ("polygamma", "isinstance", "range", "np.tri", "len", "int", "bool", "float", "complex", "round", "tuple")


def arrays(value):
    """All arrays in a result."""
    if isinstance(value, np.ndarray):
        return [value]
    return [one for part in value for one in arrays(part)] if isinstance(value, (list, tuple)) else []


def probes(name):
    """Calls of an entry: those of the battery, and samples for its first argument with simple others."""
    for case in CASES.get(name, ()):
        yield [value.value if isinstance(value, Const) else value for value in case.values], case.args
    params = [param for param in table.lookup(name).params if param.required]
    for sample in SAMPLES:
        yield [one(param, sample, place) for place, param in enumerate(params)], None
        yield [[sample, sample][: 2 if k else 1] if k == 0 else one(p, sample, k) for k, p in enumerate(params)], None


def one(param: Param, sample, place):
    return VALUES.get(param.name, sample) if place else sample


CASES = {}
for _case in all_cases():
    CASES.setdefault(_case.name, []).append(_case)


def outcomes(name):
    """(arguments, result) of the calls that NumPy takes."""
    rule = table.lookup(name)
    for values, args in probes(name):
        call = function(name)
        bound = args or rule.bind(len(values))
        keywords = dict(zip(rule.keywords(bound), values, strict=True))
        by_name = {key: value for key, value in keywords.items() if key is not None}
        by_place = [v for key, v in zip(rule.keywords(bound), values, strict=True) if key is None]
        with np.errstate(all="ignore"):
            try:
                yield bound, values, call(*by_place, **by_name)
            except (
                TypeError,
                ValueError,
                IndexError,
                AttributeError,
                np.linalg.LinAlgError,
                OverflowError,
                RuntimeError,
            ):
                continue
            except Exception as problem:  # of Fortran code, which has a class of its own in each module
                assert type(problem).__module__.startswith(("_f", "_odepack")), problem
                continue


NUMBERS = ("math.", "statistics.", "zeros_like", "sparse.")  # of numbers, and giving numbers; of no arrays
PROBED = [name for name in ENTRIES if name not in BUILT_IN and not name.startswith(NUMBERS)]


@pytest.mark.parametrize("name", PROBED)
@pytest.mark.filterwarnings("ignore")
def test_tables_are_right(name):
    if name == "astype":
        return  # a method with a static dtype: see below
    for bound, values, result in outcomes(name):
        given = [array for value in values for array in arrays(value)]
        for array in arrays(result):
            op = Op("prim", name, tuple(Value(UNKNOWN) for _ in values), (made(array),), (), {"args": bound})
            if any(np.shares_memory(array, other) for other in given):
                assert views.shares(op), f"{name} of {values} is a view"
                assert name in views.MAY_ALIAS
            if not array.flags.writeable:
                assert views.read_only(op), f"{name} of {values} cannot be written"


def made(array):
    return Value(Array(array.dtype.str[1:], array.shape))


def test_methods_that_give_themselves():
    x = np.ones(3)
    assert x.conj() is x and "np.conj" in views.MAY_ALIAS
    assert x.astype(float, copy=False) is x and "astype" in views.MAY_ALIAS
    assert not np.shares_memory(x.astype(float), x) and not np.shares_memory(+x, x)
    plain = Op("prim", "astype", (Value(Array("f8", (3,))),), (made(x),), (), {"args": ("x",)})
    assert not views.shares(plain)


def test_tables_agree():
    assert views.READ_ONLY <= views.MAY_ALIAS
    assert all(table.lookup(name) is not None for name in METHODS)
