"""Functions as written: own functions named like builtins."""

import numpy as np
import pytest

from tests.programs import oracle

X, Y = 1.3, 0.8


# names of builtins ----------------------------------------------------------------------------------------------------
def own_isinstance(x, y):
    isinstance = lambda a, b: False  # noqa: E731
    return x * y if isinstance(x, float) else x


def own_callable(x, y):
    callable = lambda a: False  # noqa: E731
    g = np.sin
    return x * y if callable(g) else x


def own_len(x, y):
    def len(t):
        return 5

    zs = [x, y]
    return x * y if len(zs) == 5 else x


@pytest.mark.parametrize("fun", [own_isinstance, own_callable, own_len], ids=lambda fun: fun.__name__)
def test_names_of_builtins_that_are_the_programs_own(fun):
    oracle.check(fun, (X, Y))
