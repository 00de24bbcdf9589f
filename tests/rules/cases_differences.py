"""Calls of differences, slopes, integrals over pieces, interpolation, correlation, pads."""

import numpy as np

from .cases import Case, Const, Still, arr


def differences():
    for more in ({"prepend": 0.5}, {"append": 0.5}, {"prepend": arr(2), "append": arr(1)}, {"append": arr(3)}):
        for times in (1, 2):
            yield Case("np.diff", ("a", "n", *more), [arr(4), Const(times), *more.values()])
    for axis, shape in ((0, (1, 3)), (-1, (4, 2))):
        yield Case("np.diff", ("a", "axis", "prepend"), [arr(4, 3), Const(axis), arr(*shape)])
        yield Case("np.diff", ("a", "axis", "prepend", "append"), [arr(4, 3), Const(axis), 0.5, arr(*shape)])
    yield Case("np.ediff1d", ("ary",), [arr(4)])
    yield Case("np.ediff1d", ("ary",), [arr(2, 3)])
    for more in ({"to_end": 0.5}, {"to_begin": arr(2)}, {"to_end": arr(3), "to_begin": 0.25}):
        yield Case("np.ediff1d", ("ary", *more), [arr(4), *more.values()])


def slopes():
    x = np.array([0.0, 0.3, 1.0, 1.2, 2.0])
    yield Case("np.gradient", ("f",), [arr(5)])
    yield Case("np.gradient", ("f",), [arr(2)])
    yield Case("np.gradient", ("f",), [arr(4, dtype="f4")])
    yield Case("np.gradient", ("f", "varargs"), [arr(5), 0.25])
    yield Case("np.gradient", ("f", "varargs"), [arr(5), Still(x)])
    yield Case("np.gradient", ("f", "edge_order"), [arr(5), Const(2)])
    yield Case("np.gradient", ("f", "varargs", "edge_order"), [arr(5), Still(x), Const(2)])
    yield Case("np.gradient", ("f", "varargs", "edge_order"), [arr(5), 0.5, Const(2)])
    for axis in (0, 1, -1):
        yield Case("np.gradient", ("f", "axis"), [arr(3, 4), Const(axis)])
        yield Case("np.gradient", ("f", "varargs", "axis"), [arr(3, 4), 0.5, Const(axis)])
    yield Case("np.gradient", ("f", "varargs", "axis"), [arr(5, 3), Still(x), Const(0)])
    yield Case("np.gradient", ("f",), [arr(3, 4)])
    yield Case("np.gradient", ("f", "varargs"), [arr(3, 4), 0.5])
    yield Case("np.gradient", ("f", "varargs", "varargs"), [arr(3, 5), Const(0.5), Still(x)])
    yield Case("np.gradient", ("f", "axis"), [arr(3, 4, 2), Const((0, 2))])
    for order in (1, 2):
        yield Case("np.gradient", ("f", "varargs", "edge_order"), [arr(5), x, Const(order)])
        names = ("f", "varargs", "varargs", "edge_order")
        yield Case("np.gradient", names, [arr(5, 3), x, np.array([0.1, 0.4, 1.0]), Const(order)])
    yield Case("np.gradient", ("f", "varargs"), [arr(2), x[:2]])
    yield Case("np.interp", None, [arr(0), x, arr(5)])
    yield Case("np.take", None, [arr(3), np.zeros(0, int)])
    yield Case("np.gradient", ("f", "varargs", "axis"), [arr(3, 5), x, Const(1)])
    yield Case("np.gradient", ("f", "varargs", "varargs"), [arr(3, 4), 0.5, 0.3])
    yield Case("np.gradient", ("f", "varargs", "varargs", "axis"), [arr(3, 5), x, 0.3, Const((1, 0))])


def integrals():
    for axis in (0, 1, -2):
        yield Case("np.trapezoid", ("y", "axis"), [arr(3, 4), Const(axis)])
        yield Case("np.trapezoid", ("y", "dx", "axis"), [arr(3, 4), 0.5, Const(axis)])
        size = arr(3, 4).shape[axis]
        yield Case("np.trapezoid", ("y", "x", "axis"), [arr(3, 4), np.sort(arr(size)), Const(axis)])
        yield Case("np.trapezoid", ("y", "x", "axis"), [arr(3, 4), arr(3, 4), Const(axis)])


def interpolated():
    xp, x = np.array([0.0, 0.5, 2.0, 3.0]), np.array([0.2, 2.9, 0.7, -1.0, 4.0])
    for more in ({"left": 0.5}, {"right": -0.5}, {"left": 0.5, "right": 1.5}):
        yield Case("np.interp", ("x", "xp", "fp", *more), [x, xp, arr(4), *more.values()])
    yield Case("np.interp", ("x", "xp", "fp", "period"), [x, xp[[2, 0, 3, 1]], arr(4), 3.7])
    yield Case("np.interp", ("x", "xp", "fp", "period", "left"), [x, xp - 1.2, arr(4), Const(3.7), 0.5])


def correlated():
    for n, m in ((5, 3), (3, 5), (4, 4), (6, 4), (4, 6), (4, 5), (1, 3)):
        yield Case("np.correlate", None, [arr(n), arr(m)])
        for mode in ("full", "same", "valid"):
            yield Case("np.correlate", ("a", "v", "mode"), [arr(n), arr(m), Const(mode)])
    z = arr(4) + 1j * arr(4)
    yield Case("np.correlate", ("a", "v", "mode"), [z, z[:3] * 1j, Const("full")])
    yield Case("np.correlate", ("a", "v"), [arr(4, dtype="f4"), arr(2, dtype="f4")])
    yield Case("np.unwrap", ("p",), [4.0 * arr(6)])
    yield Case("np.unwrap", ("p", "axis", "period"), [4.0 * arr(3, 4), Const(0), Const(1.5)])


def padded():
    for width in (Const(2), Const((1, 2)), Const((0, 1)), 1):
        yield Case("np.pad", None, [arr(4), width])
        yield Case("np.pad", ("array", "pad_width", "constant_values"), [arr(3, 2), width, 0.5])
        for mode in ("edge", "reflect", "symmetric", "wrap"):
            yield Case("np.pad", ("array", "pad_width", "mode"), [arr(4), width, Const(mode)])
            yield Case("np.pad", ("array", "pad_width", "mode"), [arr(3, 4), width, Const(mode)])
    for width in (Const(2), Const(((1, 2), (0, 1))), Const({-1: (1, 2)})):
        for mode in ("mean", "linear_ramp", "constant", "wrap"):
            yield Case("np.pad", ("array", "pad_width", "mode"), [arr(3, 4), width, Const(mode)])
        names = ("array", "pad_width", "mode", "reflect_type")
        yield Case("np.pad", names, [arr(3, 4), width, Const("reflect"), Const("odd")])
        yield Case("np.pad", names, [arr(3, 4), width, Const("symmetric"), Const("odd")])
        names = ("array", "pad_width", "mode", "stat_length")
        yield Case("np.pad", names, [arr(3, 4), width, Const("mean"), Const(2)])
    names = ("array", "pad_width", "mode", "end_values")
    for ends in (Const(0.5), 0.5, (0.5, -0.3), (0.4,), arr(2)):
        yield Case("np.pad", names, [arr(4), Const(2), Const("linear_ramp"), ends])
    for ends in ((0.5, -0.3), ((0.5, -0.3), (0.7, 0.2)), arr(2, 2), ((0.1,), (0.2,))):
        yield Case("np.pad", names, [arr(2, 3), Const(((1, 2), (0, 3))), Const("linear_ramp"), ends])
        yield Case("np.pad", (*names[:2], "constant_values"), [arr(2, 3), Const(((1, 2), (0, 3))), ends])


def all_of():
    return [*padded(), *differences(), *slopes(), *integrals(), *interpolated(), *correlated()]
