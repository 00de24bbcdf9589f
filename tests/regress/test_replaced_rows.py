"""A list or structure in a list is replaced by one of another size: adjoints of what it was have its own size."""

import numpy as np
import pytest

from tests.programs.oracle import check

X = np.array([0.7, 1.3, 0.4, 0.9])


def row(x):
    """A shorter row."""
    rows = [[x[0] * q for q in x] for _ in range(3)]
    rows[0] = [x[2], x[1]]
    return np.sin(rows[-1][1]) * rows[0][1]


def rows_in_a_loop(x):
    """Rows that grow and shrink."""
    rows = [[x[0] * q for q in x] for _ in range(3)]
    for k in range(3):
        rows[k % 2] = rows[k][: k + 1] + [x[k]]
    return sum(sum(r) * r[-1] for r in rows)


def tuples(x):
    """Tuples that hold lists."""
    pairs = [(v, [v * w for w in x]) for v in x]
    pairs[1] = (x[0], [x[1]])
    pairs[2] = (x[1], pairs[0][1][:2])
    return sum(a * sum(items) for a, items in pairs)


def nested(x):
    """Lists of lists of lists."""
    deep = [[[x[0]], [x[1], x[2]]], [[x[3], x[0]]]]
    deep[0] = [[x[1] * x[2]]]
    deep[1][0] = [x[0], x[1], x[2]]
    return sum(sum(sum(r) * r[-1] for r in a) for a in deep)


def arrays_in_tuples(x):
    """Tuples that hold arrays."""
    pairs = [(x[0], x)] * 3
    pairs[1] = (x[1], x[:2] * x[0])
    pairs[0] = (x[2], np.outer(x, x)[0])
    return sum(a * np.sum(b * b) for a, b in pairs)


@pytest.mark.parametrize("fun", [row, rows_in_a_loop, tuples, nested, arrays_in_tuples])
def test_replaced(fun):
    """Both modes against differences."""
    check(fun, (X.copy(),))


class Holder:
    """An object with a list."""

    def __init__(self, items):
        self.items = items


def lists_of_objects(x):
    """A field gets a display where it had a list of any length."""
    found = [Holder([x[0] * k, x[1]]) for k in range(3)]
    found[1] = Holder([x[2]])
    found[2].items = [x[0], x[1], x[3] * found[1].items[0]]
    return sum(sum(one.items) * one.items[-1] for one in found)


def lists_in_a_dict(x):
    """Values of a dict that are lists."""
    found = {}
    for k in range(4):
        found[k % 2] = [x[k]] * (k + 1)
    return sum(found[0]) * sum(found[1])


def lists_that_grow_in_a_dict(x):
    """Lists made longer by making them anew."""
    found = {k: [x[k]] for k in range(3)}
    for k in range(3):
        found[k] = found[(k + 1) % 3] + [x[0]]
    return sum(sum(items) * items[-1] for items in found.values())


def arrays_in_a_dict(x):
    """Values of a dict that are arrays."""
    found = {}
    for k in range(3):
        found[k] = x * x[k]
    found[0] = x[:2] * x[0]
    found[1] = np.array([x[0]])
    return np.sum(found[0] * 2) * np.sum(found[1]) * np.sum(found[2])


@pytest.mark.parametrize("fun", [lists_of_objects, lists_in_a_dict, lists_that_grow_in_a_dict, arrays_in_a_dict])
def test_replaced_values(fun):
    """Both modes against differences."""
    check(fun, (X.copy(),))


def swapped(x):
    """Rows of one size change places: the adjoint of what was read before waits until the write is undone."""
    rows = [[x[0] * q for q in x], [x[1] * q * q for q in x]]
    rows[0], rows[-1] = rows[-1], rows[0]
    return sum(rows[0]) * rows[1][-1]


def swapped_by_name(x):
    """With a name between."""
    rows = [[x[0] * q for q in x], [x[1] * q * q for q in x]]
    t = rows[0]
    rows[0] = rows[1]
    rows[1] = t
    return sum(rows[0]) * rows[1][-1]


def swapped_in_a_loop(x):
    """Neighbours, one after the other, of different sizes."""
    rows = [[x[0] * q for q in x], [x[1], x[1]], [x[2]]]
    for k in range(2):
        rows[k], rows[k + 1] = rows[k + 1], rows[k]
    return sum(rows[0]) * rows[1][-1] * sum(rows[2])


def used_before(x):
    """Read before and after."""
    rows = [[x[0] * q for q in x], [x[1], x[1]]]
    a = sum([sum(r) * x[2] for r in rows]) + rows[0][-1]
    rows[0], rows[-1] = rows[-1], rows[0]
    return a * sum(rows[0]) * rows[1][-1]


@pytest.mark.parametrize("fun", [swapped, swapped_by_name, swapped_in_a_loop, used_before])
def test_rows_change_places(fun):
    """Both modes against differences."""
    check(fun, (X.copy(),))


def slice_of_rows(x):
    """The adjoint of a slice was added to the rows by `+=`, which made them longer."""
    rows = [[v * k for v in x] for k in range(1, 4)]
    more = rows[:]
    more[0] = [x[0], x[1]]
    return sum(more[0]) * sum(rows[0]) * sum(more[1])


def turned_round(x):
    """A list joined of a slice and a row."""
    rows = [[v * k for v in x] for k in range(1, 4)]
    s = sum(rows[1])
    rows[0][0] *= x[1]
    rows = rows[1:] + [rows[0]]
    return s + sum(rows[0]) * rows[1][1] * rows[-1][0]


@pytest.mark.parametrize("fun", [slice_of_rows, turned_round])
def test_slices_of_rows(fun):
    """Both modes against differences."""
    check(fun, (X.copy(),))
