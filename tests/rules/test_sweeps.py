"""Methods of ufuncs with all their keywords, and all of `math`: both directions against differences."""

import itertools
import math

import numpy as np
import pytest

from adgen.battery.checks import Case, Const, Still, Trial, check_forward, check_reverse
from adgen.rules import table
from adgen.rules.folds import OWN_REDUCE, STEPS, WRONG

RNG = np.random.default_rng(5)
A = 0.4 + RNG.random((2, 3, 2))
WHERE = np.array([[[True, False], [True, True], [False, True]], [[True, True], [False, True], [True, True]]])
AXES = (None, 0, -1, (0, 2), (1,), ())
METHODS = [
    name
    for name in table.names()
    if name.count(".") == 2 and name.endswith((".reduce", ".accumulate")) and table.lookup(name).kind != "zero"
]
METHODS = [name for name in METHODS if name not in [f"np.{short}.reduce" for short in WRONG]]  # refused
IN_ORDER = [f"np.{short}.reduce" for short in STEPS if short in ("subtract", *(set(STEPS) - set(OWN_REDUCE)))]


def keywords(name):
    """Every combination of the keywords that the entry has."""
    have = {param.name for param in table.lookup(name).params}
    accumulates = name.endswith(".accumulate")
    axes = (0, 1, -1) if accumulates else (0, -1, (1,)) if name in IN_ORDER else AXES
    more = [{}] if accumulates else [{}, {"keepdims": Const(True)}]
    starts = [{}, {"initial": 0.7}] if "initial" in have else [{}]
    masks = [{}, {"where": Still(WHERE)}] if "where" in have else [{}]
    for axis, keep, start, mask in itertools.product(axes, more, starts, masks):
        if mask and not start and name.split(".")[1] not in ("add", "multiply"):  # there is no result of nothing
            continue
        yield {"axis": Const(axis)} | keep | start | mask


@pytest.mark.parametrize("name", METHODS)
def test_methods_with_their_keywords(name):
    checked = 0
    for words in keywords(name):
        case = Case(name, ("a", *words), [A, *words.values()])
        try:
            check_forward(Trial(case))
            check_reverse(Trial(case), order_two=False)
        except AssertionError as problem:
            raise AssertionError(f"{name} {words}") from problem
        checked += 1
    assert checked >= 3


SPECIAL = {"acosh": (1.7,), "lgamma": (2.3,), "gamma": (2.3,), "pow": (0.7, 1.3), "log": (0.7, 1.3)}
SPECIAL |= {"dist": ([0.3, 0.7], [0.1, -0.4]), "fsum": ([0.3, 0.7],), "prod": ([0.3, 0.7],), "ldexp": (0.7, 3)}
SPECIAL |= {"sumprod": ([0.3, 0.7], [0.1, -0.4]), "hypot": (0.3, 0.7, -0.4), "fma": (0.3, 0.7, 0.2)}
SMOOTH = [name for name in table.names() if name.startswith("math.") and table.lookup(name).kind != "zero"]


@pytest.mark.parametrize("name", SMOOTH)
def test_math(name):
    short = name.removeprefix("math.")
    required = [param for param in table.lookup(name).params if param.required]
    values = SPECIAL.get(short, (0.37, 0.83, 0.21)[: max(len(required), 1)])
    assert math.isfinite(getattr(math, short)(*values) if short not in ("frexp", "modf") else 0.0)
    case = Case(name, None, list(values))
    check_forward(Trial(case))
    check_reverse(Trial(case))
