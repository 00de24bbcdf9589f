"""Calls on complex numbers."""

from adgen.rules import table

from .cases import Case, Const, arr, draw


def z(*shape):
    """Complex numbers away from 0."""
    return draw("away", shape) + 1j * draw("away", shape)


def numbers():
    for name in table.names():
        if name.startswith("cmath.") and table.lookup(name).kind == "elementwise" and name != "cmath.rect":
            yield Case(name, ("x",), [complex(0.4, 0.7)])
            yield Case(name, ("x",), [complex(-0.9, -0.3)])
    yield Case("cmath.log", ("x", "base"), [complex(0.4, 0.7), complex(-1.5, 2.0)])
    yield Case("cmath.log", ("x", "base"), [complex(0.4, 0.7), 2.5])
    yield Case("cmath.rect", None, [1.5, 0.7])
    for number in (0.75, -0.75, complex(0.4, 0.7)):
        yield Case("cmath.polar", None, [number])
    yield Case("complex", None, [0.75])
    yield Case("complex", None, [complex(0.75, 0.3)])
    yield Case("complex", None, [0.75, -0.3])
    yield Case("complex", None, [2, -0.3])
    yield Case("abs", None, [complex(0.4, 0.7)])


def angles():
    for value in (z(3), z(2, 3).astype("c8"), z(), arr(3, kind="away")):
        yield Case("np.angle", ("z",), [value])
        yield Case("np.angle", ("z", "deg"), [value, Const(True)])


def all_of():
    return [*numbers(), *angles()]
