"""Random generators among arguments: evaluated again, a function must draw the same numbers.

>>> rng = np.random.default_rng(0)
>>> draws = Draws([1.5, rng])
>>> first = rng.random()
>>> draws.rewind()
>>> rng.random() == first
True
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from adgen import trees


class Draws:
    """The states of the generators that are found in some values, and of NumPy's own."""

    def __init__(self, values: Iterable[Any]) -> None:
        kinds = (np.random.Generator, np.random.RandomState)
        found = [leaf for value in values for leaf in trees.leaves(value) if isinstance(leaf, kinds)]
        self._generators = [leaf for leaf in found if isinstance(leaf, np.random.Generator)]
        self._states = [leaf.bit_generator.state for leaf in self._generators]
        self._old = [leaf for leaf in found if isinstance(leaf, np.random.RandomState)]
        self._old_states = [leaf.get_state() for leaf in self._old]
        self._global = np.random.get_state()

    def rewind(self) -> None:
        """Back to the states of the beginning; the generators are left where the last evaluation leaves them."""
        for generator, state in zip(self._generators, self._states, strict=True):
            generator.bit_generator.state = state
        for old, known in zip(self._old, self._old_states, strict=True):
            old.set_state(known)
        np.random.set_state(self._global)
