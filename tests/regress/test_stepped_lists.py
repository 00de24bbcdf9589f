"""Slices of lists with a step, from the end, or from a computed place: their adjoints go to the elements they took."""

from __future__ import annotations

import linecache

import numpy as np
import pytest

from tests.programs.oracle import check

X = np.array([0.3, 0.7, 1.1, 0.4, 0.9])
SLICES = "[::-1] [::2] [1::2] [-2:] [-9:] [-3::2] [n:] [m:] [n::2] [:-1:2] [::-2] [:1:-1] [m::3]".split()
PROGRAM = """
def f(x, n, m):
    ys = []
    for v in x:
        ys.append(v * {item})
    zs = ys{slice_}
    s = 0.0
    for k, (a, b) in enumerate(zip(zs, x)):
        s += np.sum(a * b) * (k + 1)
    ys[0] = x[1] * {item}
    return s + np.sum(zs[0] ** 2) + np.sum(ys[-1])
"""


@pytest.mark.parametrize("item", ["v", "x"])
@pytest.mark.parametrize("slice_", SLICES)
def test_slices_of_lists(slice_: str, item: str) -> None:
    name, text = f"<slice {slice_} of {item}>", PROGRAM.format(slice_=slice_, item=item)
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    scope: dict[str, object] = {"np": np}
    exec(compile(text, name, "exec"), scope)
    check(scope["f"], (X, 2, -2))
