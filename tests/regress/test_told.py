"""What is refused in containers, and how it is told: with the place, the reason and what to do."""

import pytest

from adgen.errors import Refusal


def scaled(layers, x):
    """Arrays in tuples of a list are written to."""
    for w, b in layers:
        w[0] *= 2.0
        x = w @ x + b
    return x[0]


def fibonacci(x, n):
    """A dict that changes while a function calls itself."""
    memo = {}

    def fib(k):
        if k in memo:
            return memo[k]
        r = x * k if k < 2 else fib(k - 1) + fib(k - 2)
        memo[k] = r
        return r

    return fib(n)


def labelled(x, n):
    """A new key for dicts in a list."""
    rows = [{"a": x * i} for i in range(n)]
    for r in rows:
        r["k"] = r["a"] * x
    return rows[0]["a"]


LAYERS = "layers: list[(f8[3, 3], f8[3])], x: f8[3]"
TOLD = [
    (scaled, LAYERS, "`w` belongs to a list", "keep the arrays in lists of their own, or put a new tuple there"),
    (fibonacci, "x: float, n: int", "it is a dict of the caller's", "write it as a loop that fills the dict"),
    (labelled, "x: float, n: int", "dicts in lists have the keys that they begin with", "with a first value"),
]


@pytest.mark.parametrize(("fun", "types", "why", "advice"), TOLD)
def test_told(fun, types, why, advice):
    """The refusal has all of it."""
    from adgen.frontend import source
    from adgen.pipeline import Request, generate
    from adgen.signature import parse

    found = source.find(fun)
    with pytest.raises(Refusal) as refusal:
        generate(found, parse(types), Request("grad", ("x",)), formatted=False)
    told = str(refusal.value)
    assert f"why:  {why}" in told
    assert advice in told
    assert "test_told.py:" in told
