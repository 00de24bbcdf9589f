"""`v = xs[-1]` stays that item when the list grows, and `xs + ys` has the items of both."""

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs.oracle import check

X = np.array([0.7, 1.3, 0.4, 0.9])


def view_of_the_last(x):
    """A view in a list, the array changed, the list longer."""
    hs = []
    hs.append(x * 0.6)
    found = [hs[-1][::-1], x * x[2]]
    hs[-1][1] *= x[0]
    hs.append(hs[0] * x[1])
    return np.sum(found[-1] * found[0])


def name_of_the_last(x):
    """A name for the last one, in a loop."""
    hs = [x * 0.6]
    for _ in range(3):
        v = hs[-1]
        v[1] *= x[0]
        hs.append(v * x)
        v[0] *= 2.0
    return np.sum(hs[0] * hs[-1])


def last_row(x):
    """Rows that are lists."""
    rows = [[x[0], x[1]], [x[2]]]
    v = rows[-1]
    v[0] *= x[0]
    rows.append([x[3], x[0]])
    return v[0] * rows[-1][0]


class Holder:
    """An object with a value."""

    def __init__(self, value):
        self.value = value


def last_object(x):
    """Objects whose fields change."""
    found = [Holder(x[0]), Holder(x[1])]
    v = found[-1]
    v.value *= x[2]
    found.append(Holder(x[3]))
    v.value *= x[1]
    return v.value * found[-1].value * found[1].value


def sum_of_lists(arrays):
    """The new list has the caller's arrays, too."""
    more = arrays + [arrays[0] * 2.0]
    more[0][2] /= 1.5 + arrays[1][0]
    return np.sum(arrays[-1] * arrays[0]) + np.sum(more[-1] * more[0])


@pytest.mark.parametrize("fun", [view_of_the_last, name_of_the_last, last_row, last_object])
def test_the_list_grows(fun):
    """They gave numbers of another item."""
    with pytest.raises(Refusal, match="counted from the end"):
        check(fun, (X.copy(),))


def test_the_caller_keeps_its_arrays():
    """The write was not seen by the list that was passed."""
    with pytest.raises(Refusal, match="E0121"):
        check(sum_of_lists, ([X.copy(), X * 2.0],))


def by_its_index(x):
    """Counted from the start it stays where it is."""
    hs = [x * 0.6]
    v = hs[0]
    v[1] *= x[0]
    hs.append(v * x)
    v[0] *= 2.0
    return np.sum(hs[0] * hs[-1]) + np.sum(v)


def starred_in_a_sum(x):
    """A list of any length that is made for one call had no name that could be found."""
    a = x[0]
    for _ in range(2):
        part = sum([*x[:2], a, *[np.tanh(a), 1.18]]) * 0.26
        a += part * 0.4
    return a


@pytest.mark.parametrize("fun", [by_its_index, starred_in_a_sum])
def test_right(fun):
    """Both modes against differences."""
    check(fun, (X.copy(),))
