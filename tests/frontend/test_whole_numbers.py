"""Which parameters can only be integers; plain code without types goes through `adgen show`, with a guard for it."""

import linecache
import textwrap

import numpy as np
import pytest

from adgen.commands import Options, named, types_of
from adgen.frontend import resolve
from adgen.frontend.whole_numbers import integers
from adgen.ir.types import INT, UNKNOWN
from adgen.pipeline import generate
from tests.support import inside

PROGRAM = """
import numpy as np
from numpy import zeros as nothing


def repeated(x, m):
    s = x
    for i in range(m):
        s = s * x + i
    return s


def by_range(x, n): return sum(x * i for i in range(n - 1))
def by_steps(x, a, b, c): return sum(x * i for i in range(a, 2 * b, c))
def by_bound(x, n): return np.sum(x[:n])
def by_shape(x, n, m): return np.sum(np.zeros((n, m)) + np.ones(m) * x)
def by_name(x, n): return np.sum(nothing(n) + x)
def by_list(x, n): return sum([x] * n)
def by_helper(x, k): return repeated(x, k) * x
def by_keyword(x, k): return repeated(x, m=k) * x
def by_float(x, h): return sum(x * i for i in range(int(h * 2.0)))
def by_choice(x, n): return sum(x * i for i in range(min(n, 3)))
def by_index(x, k): return x[k]
def by_place(x, n, m, idx): return np.sum(np.zeros(4)[n - 1] * x) + np.ones((3, 3))[2 * m, 1] * np.ones(4)[idx]
def rebound(x, n):
    n = 3
    return sum(x * i for i in range(n))
def shadowed(x, n):
    range = abs
    return x * range(n)
def recursive(x, n): return x if n == 0 else recursive(x, n - 1) * x


def first_pass(x, n):
    for i in range(n):
        if i == 0:
            last = x
        else:
            last = last * x + i
    return last


def filled(x, n):
    xs = [None] * n
    for k in range(n):
        xs[k] = x if k < 2 else xs[k - 1] * xs[k - 2]
    return xs[n - 1]


def stored(x, n):
    y = np.zeros(n)
    for i in range(n):
        y[i] = x * i
    return np.sum(y * y)


def placed(x, n):
    y = np.zeros(5)
    y[0] = x
    y[n - 1] = x * x
    return y[n - 1] * 2.0 + y[0]
"""
FOUND = {
    "repeated": ["m"],
    "by_range": ["n"],
    "by_steps": ["a", "b", "c"],
    "by_bound": ["n"],
    "by_shape": ["n", "m"],
    "by_name": ["n"],
    "by_list": ["n"],
    "by_helper": ["k"],
    "by_keyword": ["k"],
    "by_float": [],
    "by_choice": [],
    "by_index": [],
    "by_place": ["n", "m"],
    "rebound": [],
    "shadowed": [],
    "recursive": [],
}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "plain.py"
    path.write_text(textwrap.dedent(PROGRAM))
    linecache.clearcache()
    with inside(tmp_path):
        yield "plain.py"


@pytest.mark.parametrize("name", FOUND)
def test_integers_are_told_by_their_use(file, name):
    source = resolve.from_file(file, name)
    assert list(integers(source)) == FOUND[name]
    types = types_of(source, "")
    assert all((types[param] == INT) is (param in FOUND[name]) for param in source.params)


def test_what_is_said_comes_first(file):
    types = types_of(resolve.from_file(file, "repeated"), "m: float")
    assert types["m"] != INT and types["x"] == UNKNOWN


@pytest.mark.parametrize("name", ["repeated", "by_helper", "first_pass", "filled", "stored", "placed"])
def test_plain_code_is_differentiated_without_types(file, name):
    (job,) = named(f"{file}::{name}", Options(), first=True)
    made = generate(job.source, job.types, job.request, formatted=False)
    names = {}
    exec(made.text, names)
    exec(textwrap.dedent(PROGRAM), original := {})
    f = original[name]
    numeric = (f(1.1 + 1e-6, 4) - f(1.1 - 1e-6, 4)) / 2e-6
    np.testing.assert_allclose(names[made.name](1.1, 4), numeric, rtol=1e-7)
    with pytest.raises(TypeError, match="takes int"):
        names[made.name](1.1, 4.0)
