"""A slot of a list is replaced, it does not broadcast: clearing its adjoint needs zeros of the item's shape."""

from __future__ import annotations

import numpy as np

from tests.programs.oracle import check

V = np.array([0.98, 0.81, 0.28, 1.01])


def replaced(x, z):
    hs = [x * q for q in x[:-1]]
    hs[-1] = x
    return np.sum(hs[-1] * hs[0]) + np.sum(z * hs[1])


def replaced_by_a_constant(x):
    hs = [x * q for q in x[:-1]]
    hs[0] = np.ones(4)
    return np.sum(hs[-1] * hs[0] * hs[1])


def numbers(x):
    hs = [x, x * x, 2.0]
    hs[1] = 3.0 * x
    hs[0] = 1.0
    return hs[0] * hs[1] * hs[2] * x


def scaled_in_place(x, a):
    """What does not change in the loop was made once, and became all items of the list."""
    hs = []
    for _ in range(3):
        hs.append((x + 0.53) * a)
    for r in hs:
        r *= a
    return np.sum(hs[-1] * hs[0])


def comprehension_scaled_in_place(x, a):
    hs = [(x + 0.53) * a for _ in range(3)]
    first = hs[0]
    first *= a
    last = hs[-1]
    last[1:] *= first[:-1]
    return np.sum(hs[-1] * hs[0] * hs[1])


def test_an_array_in_a_slot():
    check(replaced, (V, V[::-1].copy()))


def test_an_inactive_array_in_a_slot():
    check(replaced_by_a_constant, (V,))


def test_numbers_in_slots():
    check(numbers, (0.7,))


def test_items_are_arrays_of_their_own():
    check(scaled_in_place, (V, 0.7))
    check(comprehension_scaled_in_place, (V, 0.7))


def lists_of_a_dict_that_grow(a, x, n):
    """The list that a key got was saved as it is, and grew afterwards under the key."""
    found = {}
    for i in range(n):
        if i not in found:
            found[i] = [x[1]]
        found[i].append(a)
    return sum([sum(items) for items in found.values()])


def test_what_is_kept_in_a_dict_is_copied_before_it_grows():
    check(lists_of_a_dict_that_grow, (0.7, V, 3))
