"""Sets that the caller gives, beside sets of the function's own; searches in lists of integers and texts."""

from __future__ import annotations

import linecache

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from tests.programs.oracle import check

X = np.array([0.5, 0.6, 0.7, 0.8])
ASKED = (
    "i in seen | {2}",
    "i in {2} | seen",
    "i in seen & {1, 2}",
    "i in seen ^ {1, 2}",
    "i in {0, 1, 2} - seen",
    "i in seen - {i}",
    "i in seen.union({2})",
    "i in seen.difference({1})",
    "i in set([2]) | seen",
    "i in (seen | {2}) & {1, 2, i}",
    "seen <= {i, 1}",
    "seen == {i}",
    "{i} < seen",
    "seen.isdisjoint({i})",
    "{i}.isdisjoint(seen)",
    "seen.issubset({1, 2, i})",
    "len(seen | {i}) == 1",
    "seen | seen == seen and i == 1",
)


def skipping(asked):
    """A loop that leaves out what is asked."""
    lines = ["def f(x, seen):", "    z = 1.0", "    for i in range(4):", f"        if {asked}:", "            continue"]
    text = "\n".join([*lines, "        z = z * x[i] + i", "    return z", ""])
    name = f"<sets {asked}>"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    space = {}
    exec(compile(text, name, "exec"), space)
    return space["f"]


@pytest.mark.parametrize("asked", ASKED)
def test_a_set_of_the_callers_meets_one_of_the_functions(asked):
    """The function's own was a tuple in the generated text: TypeError when it ran."""
    for seen in ({1}, {0, 1}, set(), frozenset({2, 3})):
        check(skipping(asked), (X, seen))


def grown(x, seen):
    seen.add(2)
    return x[0] * len(seen)


def test_a_set_of_the_callers_is_not_changed():
    seen = {1}
    with pytest.raises(Refusal, match="the set is the caller's: it is read only"):
        adgen.grad(grown)(X, seen)
    assert seen == {1}


def searched(x, order):
    return x[order.index(1)] * x[order.count(3)]


def searched_texts(x, names):
    return x[names.index("b")] * x[names.count("a")] + x[0]


def worked_off(x, order):
    z = 1.0
    while order:
        k = order[0]
        order.remove(k)
        z = z * x[k] + len(order)
    return z


def left_over(x, n):
    left = [k for k in range(n)]
    z = 0.0
    for k in (2, 0, 1):
        left.remove(k)
        z = z * x[0] + sum(x[j] for j in left) * (left.index(n - 1) + 1)
    return z


def removed_on_a_path(x, ks):
    other = ks
    if x[0] > 0.1:
        other.remove(2)
    return x[ks[0]] * x[ks[1]] * len(other)


def counted_in_a_callee(x, ks):
    def how_many(k):
        return ks.count(k)

    return sum(x[k] * how_many(k) for k in range(3))


@pytest.mark.parametrize(
    ("fun", "args"),
    [
        (searched, (X, [3, 1, 2])),
        (searched, (X, [1, 3, 3])),
        (searched_texts, (X, ["a", "b"])),
        (worked_off, (X, [2, 0, 1])),
        (left_over, (X, 4)),
        (removed_on_a_path, (X, [2, 1, 3])),
        (counted_in_a_callee, (X, [0, 2, 2])),
    ],
    ids=lambda part: part.__name__ if callable(part) else "",
)
def test_lists_of_integers_and_texts_are_searched(fun, args):
    check(fun, args)


def searched_floats(x, values):
    return x[0] * values.index(x[1])


def test_a_search_by_floats_is_refused_by_its_name():
    with pytest.raises(Refusal, match=r"`\.index` cannot be applied to this") as caught:
        adgen.grad(searched_floats)(X, [0.5, 0.6])
    assert "values that are not known to be integers or texts" in str(caught.value)


def test_what_is_not_there_raises_as_in_the_program():
    with pytest.raises(ValueError, match="is not in list"):
        adgen.grad(searched)(X, [3, 2])
