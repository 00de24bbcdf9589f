"""The programs of this folder: what they are differentiated by, with which types of arguments, on which values."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tests.yardsticks import fields, learning, matrices, scalars


@dataclass(frozen=True)
class Program:
    """A program, its adjoint by hand, the types of its arguments, and how many of the first ones are differentiated."""

    primal: Callable
    by_hand: Callable
    arguments: Callable
    types: tuple[str, ...]
    count: int

    @property
    def name(self):
        return self.primal.__name__

    @property
    def parameters(self):
        return tuple(inspect.signature(self.primal).parameters)

    @property
    def path(self):
        return inspect.getsourcefile(self.primal)

    def values(self, size=1):
        """Arguments of a run; a greater size is a longer run."""
        return list(self.arguments(np.random.default_rng(0), size))


def _program(module, name, count, *types):
    by_hand, arguments = (getattr(module, f"{name}_{word}") for word in ("by_hand", "arguments"))
    return Program(getattr(module, name), by_hand, arguments, types, count)


PROGRAMS = (
    _program(scalars, "rk4", 2, "float", "float", "float", "int"),
    _program(scalars, "thomas", 4, "f8[n]", "f8[n]", "f8[n]", "f8[n]"),
    _program(scalars, "alignment", 2, "f8[n]", "f8[m]", "float"),
    _program(matrices, "cholesky", 1, "f8[n, n]"),
    _program(matrices, "kalman", 2, "f8[n, n]", "f8[k, k]", "f8[n, n]", "f8[k, n]", "f8[n]", "f8[n, n]", "f8[t, k]"),
    _program(matrices, "bundle", 4, "f8[3]", "f8[3]", "f8[3]", "f8[n, 3]", "f8[n, 2]"),
    _program(fields, "wave", 3, "f8[n, m]", "f8[n, m]", "f8[n-2, m-2]", "float", "int"),
    _program(fields, "nbody", 3, "f8[n, 3]", "f8[n, 3]", "f8[n]", "float", "int"),
    _program(fields, "monte_carlo", 3, "float", "float", "float", "float", "float", "f8[t, n]"),
    _program(learning, "lstm", 3, "f8[64, 10]", "f8[64, 16]", "f8[64]", "list[f8[10]]", "f8[16]", "f8[16]"),
    _program(learning, "kmeans", 2, "f8[n, d]", "f8[k, d]"),
    _program(learning, "logistic", 2, "f8[d]", "float", "f8[n, d]", "f8[n]", "float"),
    _program(learning, "mixture", 3, "f8[k]", "f8[k, d]", "f8[k, d]", "f8[n, d]"),
)
