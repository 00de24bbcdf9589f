"""Names of comprehensions are their own: functions that are called inside see those of the function around.

`[f(x) for i in range(3)]` gave f the comprehension's i where f reads the function's.
"""

import functools

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs.oracle import check


def square(v):
    """A function to put into lists."""
    return v * v


def called_inside(x):
    """The function reads a name that the comprehension has, too."""
    i = 5.0
    f = lambda v: v * i  # noqa: E731
    return sum([f(x) * i for i in range(3)]) + f(x)


def called_in_all_kinds(x):
    """Dicts, generators, keys."""
    w = x * 5.0
    g = lambda v: v * w  # noqa: E731
    d = {w: g(x) for w in (1, 2)}
    return d[1] + any(w > g(x) for w in (1.0, 2.0)) + g(max(w * g(w) for w in (1.0, 3.0)))


def called_in_two(x):
    """Loops in one another, the second over a number of the first."""
    w = x * 5.0

    def g(v):
        return v * w

    return sum(w * g(w) for w in range(4)) + sum([w * k * g(w) for w in range(3) for k in range(w)])


def last_name(x):
    """The function has the value that the name had last."""
    i = 5.0
    fs = [lambda v: v * i for i in (1.0, 2.0, 3.0)]
    return fs[0](x) * i + fs[1](x)


def last_of_each(x):
    """Each time the comprehension has a name of its own."""
    keep = None
    for k in (1.0, 2.0):
        fs = [lambda v: v * i for i in (k, 2.0 * k)]
        if keep is None:
            keep = fs
    return keep[0](x) + fs[0](x)


def numbered(x):
    """A range of constants, functions with defaults."""
    fs = [lambda v, i=i: v * (i + x) for i in range(3)]
    y = x
    for f in fs:
        y = f(y)
    return y * fs[1](x) + sum(f(x) for f in [functools.partial(np.multiply, float(i)) for i in range(3)])


def filled(x):
    """A list that functions are appended to, under two names."""
    fs = []
    gs = fs
    fs.append(square)
    gs.append(lambda v: v * x)
    gs.append(np.sin)
    y = x
    for f in fs:
        y = f(y)
    return y + fs[-1](x) * len(gs)


def weighted(x):
    """Pairs with functions in them."""
    fs = [(square, 2.0)]
    fs.append((np.sin, x))
    return sum([f(x) * w for f, w in fs])


@pytest.mark.parametrize(
    "fun",
    [
        called_inside,
        called_in_all_kinds,
        called_in_two,
        last_name,
        last_of_each,
        numbered,
        filled,
        weighted,
    ],
)
def test_functions_in_comprehensions(fun):
    """Right, in every mode."""
    check(fun, (0.7,))


def over(x):
    """A generator goes on while its functions are called: `i` is the one whose turn it is."""
    i = 7.0
    s = 0.0
    for f in ((lambda v: v * i) for i in (1.0, 2.0)):
        s += f(x) * i
    return s


def of_a_dict(x):
    """The functions of a dict see the last one."""
    fs = {str(i): (lambda v: v * i) for i in (1.0, 2.0)}
    return fs["1.0"](x)


def grows_on_a_path(x):
    """Which functions there are is not known."""
    fs = [square]
    if x > 0.0:
        fs.append(np.sin)
    return fs[-1](x)


def made_in_a_loop(x, n):
    """How many there are is not known."""
    fs = [lambda v, i=i: v * i for i in range(n)]
    return fs[0](x)


@pytest.mark.parametrize(
    ("fun", "args", "told"),
    [
        (over, (0.7,), "`i` is a name of a comprehension, which is over when the function is called"),
        (of_a_dict, (0.7,), "`i` is a name of a comprehension, which is over when the function is called"),
        (grows_on_a_path, (0.7,), "which functions the list holds depends on the path"),
        (made_in_a_loop, (0.7, 2), "it gets a lambda, and which functions it has must be known while compiling"),
    ],
)
def test_refused(fun, args, told):
    """What is not known is told, with names as they are written."""
    with pytest.raises(Refusal) as refusal:
        check(fun, args)
    assert told in str(refusal.value)
    assert "object at" not in str(refusal.value)
