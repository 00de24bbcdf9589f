"""The register of the collection."""

from typing import NamedTuple


class Program(NamedTuple):
    """A function, where it comes from, and what makes its arguments from a random generator."""

    fun: object
    origin: str
    inputs: object


PROGRAMS = []


def program(origin, inputs):
    """Register a function; it stays as it is."""

    def register(fun):
        PROGRAMS.append(Program(fun, origin, inputs))
        return fun

    return register


def spd(rng, n):
    """A positive definite matrix."""
    a = rng.standard_normal((n, n))
    return a @ a.T / n + np_eye(n)


def np_eye(n):
    import numpy as np

    return 2.0 * np.eye(n)


def dominant(rng, n):
    """A matrix whose diagonal dominates its rows."""
    return rng.uniform(-1.0, 1.0, (n, n)) + n * np_eye(n) / 2.0
