"""`max` and `min` of lists whose numbers vary are refused (the compiler failed); with a key they are right."""

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from tests.programs.oracle import check


def of_two(x, y):
    return max([x, y], [y])[0]


def of_rows(x, y):
    return max([[x, y], [y]])[0]


def of_many(x, y):
    rows = [[x * v] for v in y]
    return max(rows)[0]


def with_key(x, y):
    return max([[x, y], [y, x * y]], key=lambda row: row[0])[0] ** 2


@pytest.mark.parametrize("fun, y", [(of_two, 0.7), (of_rows, 0.7), (of_many, np.array([0.3, 0.9]))])
def test_lists_are_compared_by_a_key(fun, y):
    with pytest.raises(adgen.AdgenError, match="lists or tuples whose numbers vary"):
        adgen.grad(fun)(0.4, y)


def test_with_a_key_they_are_right():
    check(with_key, (0.4, 0.7))
    check(with_key, (0.9, 0.7))


def of_nothing(x):
    xs = []
    return max(xs) + x


def test_the_maximum_of_nothing_is_refused() -> None:
    with pytest.raises(Refusal, match="`max` of nothing"):
        adgen.grad(of_nothing)(0.5)
