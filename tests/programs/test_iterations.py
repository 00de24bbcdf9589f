"""What a `for` can run over, in pairs, whichever part is read, in every kind of loop: a sample of all combinations."""

import itertools
import linecache
import random
import zlib

import numpy as np
import pytest

from tests.programs.oracle import check

X = np.array([0.7, 1.3, 0.4, 0.9])
PARTS = {  # what is run over -> the target, and a number made of it; `{0}` is a name
    "x": ("{0}", "{0}"),
    "reversed(x)": ("{0}", "{0}"),
    "x[1:]": ("{0}", "{0}"),
    "x[::-2]": ("{0}", "{0}"),
    "xs": ("{0}", "{0}"),
    "reversed(xs)": ("{0}", "{0}"),
    "range(3)": ("{0}", "{0} * 0.5"),
    "range(1, n)": ("{0}", "{0} * 0.5"),
    "range(3, 0, -1)": ("{0}", "x[{0}]"),
    "range(0, n, 2)": ("{0}", "x[{0}]"),
    "reversed(range(n))": ("{0}", "x[{0}]"),
    "enumerate(x)": ("({0}a, {0})", "{0} * {0}a"),
    "enumerate(zip(x, xs), 1)": ("({0}a, ({0}, {0}b))", "{0} * {0}a + {0}b"),
    "zip(range(n), x)": ("({0}a, {0})", "({0} + {0}a)"),
    "[u * u for u in x]": ("{0}", "{0}"),
    "map(np.sin, x)": ("{0}", "{0}"),
    "m": ("{0}", "np.sum({0})"),
    "m.T": ("{0}", "{0}[0] * {0}[1]"),
    "view": ("{0}", "{0}"),
    "(x[0], x[1], x[2])": ("{0}", "{0}"),
    "d.items()": ("({0}k, {0})", "{0}"),
    "[(x[0], 1), (x[1], 2)]": ("({0}, {0}k)", "{0} * {0}k"),
    "np.cumsum(x)": ("{0}", "{0}"),
    "rows": ("({0}, {0}b)", "{0} * {0}b"),
    "[u for u in x if u > 0.5]": ("{0}", "{0}"),
}
LOOPS = (
    "for {t} in {e}: s = s * 0.7 + {v}",
    "for {t} in {e}:\n        y[1] = y[1] * 0.5 + ({v}) * y[0]\n        s += y[1] * s",
    "w = y[::2]\n    for {t} in {e}: w *= 1.0 + 0.1 * ({v})",
    "for {t} in {e}:\n        s = s * 0.7 + {v}\n        if s > 2.117: break\n    else: s *= 2",
    "for {t} in {e}:\n        if s > 1.517:\n            s *= 0.5\n            continue\n        s = s * 0.7 + {v} * s",
    "for {t} in {e}:\n        if s > 1.617: return s * x[0]\n        s = s * 0.7 + {v} * s",
    "s += sum({v} for {t} in {e})",
    "q = [{v} for {t} in {e}]\n    s += sum(a * b for a, b in zip(q, q[1:])) + q[0]",
    "for {t} in {e}:\n        for z in x: s = s * 0.9 + z * ({v}) * 0.1",
)
TEXT = """import numpy as np


def f(x):
    y, xs, rows = x * 1.0, [x[0], x[1] * 2.0, x[2]], [[x[0], x[1]], [x[2], x[3]]]
    m, view, d, n, s = np.outer(x[:2], x), y[1:], {{"a": x[0], "b": x[1]}}, 3, 1.0
    {loop}
    return s + np.sum(y * y)
"""


def programs(count, seed):
    """So many of all combinations."""
    rng = random.Random(seed)
    uses = ("({a}) * ({b})", "({a})", "({b})", "0.3")
    every = list(itertools.product(PARTS, PARTS, uses, LOOPS, ("zip", "enumerate")))
    for first, second, use, loop, form in rng.sample(every, count):
        (t1, v1), (t2, v2) = PARTS[first], PARTS[second]
        over, target = f"zip({first}, {second})", f"{t1.format('p')}, {t2.format('r')}"
        value = use.format(a=v1.format("p"), b=v2.format("r"))
        if form == "enumerate":
            over, target, value = f"enumerate({over})", f"i, ({target})", f"({value} + 0.1 * i)"
        yield TEXT.format(loop=loop.format(t=target, e=over, v=value))


@pytest.mark.parametrize("text", list(programs(36, 4)), ids=range(36))
def test_iterations(text):
    """All modes against the function itself and its differences; none is refused."""
    name = f"<iteration {zlib.crc32(text.encode())}>"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    made = {"__name__": "iterations"}
    exec(compile(text, name, "exec"), made)
    check(made["f"], (X.copy(),))
