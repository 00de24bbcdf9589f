"""Every small expression, its operands repeated: what the algebra makes of derivatives is right.

Each expression has arguments of its own: an operand that two of them shared would be computed once, and hide it from
the rules that look at what is used once.  The witness is the complex step of the expression itself.
"""

import itertools
import linecache
import random
import re

import numpy as np
import pytest

from tests.programs.oracle import Made

POINT = {"x": 0.7, "y": 1.3, "v": np.array([0.4, -0.9, 1.1])}
DIRECTION = {"x": 0.3, "y": -0.8, "v": np.array([0.5, 0.2, -0.6])}
STEP = 1e-30
BATCH = 24
FUNCTIONS = ("np.sin({})", "np.exp({})", "{} ** 2", "{} ** -1", "np.sum({})", "np.square({})", "np.negative({})")


def trees(count, leaves):
    """All expressions of so many operators."""
    if count == 0:
        yield from leaves
        return
    for first in range(count):
        for a, b in itertools.product(trees(first, leaves), trees(count - 1 - first, leaves)):
            yield from (f"({a} {sign} {b})" for sign in "+-*/")
    yield from (f"(-{a})" for a in trees(count - 1, leaves))


def drawn(rng, count):
    """An expression of so many operators, in which x comes often."""
    if count == 0:
        return rng.choice(("x", "x", "x", "y", "v", "2.0"))
    kind = rng.random()
    if kind < 0.12:
        return f"(-{drawn(rng, count - 1)})"
    if kind < 0.25:
        return f"({rng.choice(FUNCTIONS).format(drawn(rng, count - 1))})"
    first = rng.randrange(count)
    return f"({drawn(rng, first)} {rng.choice('+-+-*/')} {drawn(rng, count - 1 - first)})"


def moderate(text):
    """Whether the expression depends on something, and has a value far from overflow."""
    try:
        with np.errstate(all="raise"):
            value = eval(text, {"np": np, **POINT})
    except (ZeroDivisionError, FloatingPointError):
        return False
    return re.search(r"\b[xyv]\b", text) is not None and bool(np.all(np.abs(value) < 1e4))


def expressions(kind):
    """Those of a kind."""
    if kind == "small":
        return [text for count in (1, 2) for text in trees(count, ("x", "2.0"))]
    if kind == "arrays":
        return [text for count in (1, 2) for text in trees(count, ("v", "x"))]
    rng = random.Random(20)
    return [drawn(rng, rng.choice((3, 4, 5))) for _ in range(600)]


def function(name, names, body):
    """A function whose source can be found."""
    text = f"import numpy as np\n\n\ndef {name}({', '.join(names)}):\n    return {body}\n"
    file = f"<expressions {hash(text)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    made = {"__name__": "expressions"}
    exec(compile(text, file, "exec"), made)
    return made[name]


def wrong(batch):
    """The expressions of a batch of which a derivative is wrong."""
    texts = [re.sub(r"\b[xyv]\b", lambda found, k=k: f"{found.group()}{k}", text) for k, text in enumerate(batch)]
    names = [f"{name}{k}" for k in range(len(batch)) for name in POINT]
    squares = " + ".join(f"{1.0 + 0.1 * k} * np.sum(({text}) ** 2)" for k, text in enumerate(texts))
    values, total = function("values", names, f"({', '.join(texts)},)"), function("total", names, squares)
    point, direction = [*POINT.values()] * len(batch), [*DIRECTION.values()] * len(batch)
    moved = [at + 1j * STEP * along for at, along in zip(point, direction, strict=True)]
    tangents = Made(values, tuple(point), "jvp", tuple(names))(*point, *direction)[1]
    gradients = Made(total, tuple(point), "grad", tuple(names))(*point)
    for k, (text, want, tangent) in enumerate(zip(batch, values(*moved), tangents, strict=True)):
        if not np.allclose(tangent, np.imag(want) / STEP, rtol=1e-9, atol=1e-9):
            yield text
        mine = slice(3 * k, 3 * k + 3)
        slope = np.imag(total(*point[: mine.start], *moved[mine], *point[mine.stop :])) / STEP
        if not np.isclose(sum(np.sum(a * b) for a, b in zip(gradients[mine], direction[mine], strict=True)), slope):
            yield text


@pytest.mark.parametrize("kind", ["small", "arrays", "random"])
def test_expressions(kind):
    """Forward and reverse mode of each against the complex step."""
    found = [text for text in expressions(kind) if moderate(text)]
    assert len(found) > 60
    batches = [found[start : start + BATCH] for start in range(0, len(found), BATCH)]
    assert [text for batch in batches for text in wrong(batch)] == []
