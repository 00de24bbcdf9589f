"""Returned derivatives own their memory, and are not copied where they do anyway."""

import numpy as np
import pytest

from adgen.frontend import source
from adgen.ir.types import UNKNOWN, Array, Scalar
from adgen.pipeline import Request, generate


def plain(x, y):
    z = x * y + np.sin(x)
    return np.sum(z * z)


def chosen(x, y, t):
    z = x if t else y
    return np.sum(z * z)


def weighted(x, y, w):
    return np.sum(x * w + y * w)


def scaled(x, w):
    return np.sum(x) * w


def made(fun, wrt, **types):
    given = {name: UNKNOWN for name in source.find(fun).params} | types
    text = generate(source.find(fun), given, Request("grad", wrt, single=False), formatted=False, guarded=False).text
    space = {"__name__": "generated_here"}
    exec(compile(text, "<generated>", "exec"), space)
    return text, space[f"{fun.__name__}_grad"]


def test_helpers_give_fresh_values():
    text, _ = made(plain, ("x", "y"))
    assert "_copy" not in text and ".copy()\n    return" not in text and "full_like" not in text


def test_branches_give_fresh_values():
    text, grad = made(chosen, ("x", "y"), t=Scalar("bool"))
    assert "_copy" not in text and "+" + "x_bar" not in text
    x, y = np.ones(2), np.ones(3)
    assert [bar.tolist() for bar in grad(x, y, True)] == [[2.0, 2.0], [0.0, 0.0, 0.0]]


@pytest.mark.parametrize("type_", [UNKNOWN, Array("f8", (3,))])
def test_algebra_makes_no_aliases(type_):
    _, grad = made(weighted, ("x", "y"), x=type_, y=type_, w=type_)
    w = np.arange(3.0)
    x_bar, y_bar = grad(np.ones(3), np.ones(3), w)
    assert x_bar.tolist() == y_bar.tolist() == [0.0, 1.0, 2.0]
    assert not np.shares_memory(x_bar, y_bar) and not np.shares_memory(x_bar, w) and not np.shares_memory(y_bar, w)


@pytest.mark.parametrize("x", ["f4", "f8", "c8", float])
@pytest.mark.parametrize("y", ["f4", "f8", "c16", float])
def test_unknown_dtypes_stay_what_they_are(x, y):
    _, grad = made(plain, ("x", "y"))
    args = [0.5 if kind is float else np.full((2, 3)[place:], 0.5, kind) for place, kind in enumerate((x, y))]
    with np.errstate(all="ignore"):
        bars = grad(*args)
    for bar, arg in zip(bars, args, strict=True):
        assert np.shape(bar) == np.shape(arg)
        if not isinstance(arg, float):
            assert np.asarray(bar).dtype == arg.dtype
        assert np.isrealobj(bar) or np.iscomplexobj(arg)
