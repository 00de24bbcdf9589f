"""Calls of functions that move elements: ends, columns and layers, turns, parts, grids, diagonals."""

import numpy as np

from .cases import Case, Const, arr, draw


def turns():
    for name in ("np.fliplr", "np.flipud", "np.matrix_transpose", "attr.mT"):
        yield Case(name, None, [arr(3, 4)])
        yield Case(name, None, [arr(2, 3, 4, dtype="f4")])
    for k in (1, 2, 3, -1, 5):
        yield Case("np.rot90", ("m", "k"), [arr(3, 4), Const(k)])
        yield Case("np.rot90", ("m", "k", "axes"), [arr(2, 3, 4), Const(k), Const((2, 0))])
    yield Case("np.rot90", ("m",), [arr(3, 4)])
    for axis, start in ((2, 0), (0, 3), (1, -1), (-1, 1), (0, 2)):
        yield Case("np.rollaxis", ("a", "axis", "start"), [arr(2, 3, 4), Const(axis), Const(start)])
    yield Case("np.rollaxis", ("a", "axis"), [arr(2, 3, 4), Const(2)])
    for value in (draw("any", ()), arr(3), arr(3, 4), arr(2, 3, 4)):
        yield Case("np.atleast_3d", None, [value])


def ends():
    for one, two in ((arr(3), arr(2)), (arr(3), 0.5), (0.5, arr(3)), (arr(2, 2), arr(3)), (arr(3), arr(2, 2))):
        yield Case("np.append", None, [one, two])
    yield Case("np.append", ("arr", "values", "axis"), [arr(2, 3), arr(1, 3), Const(0)])
    yield Case("np.append", ("arr", "values", "axis"), [arr(2, 3), arr(2, 2), Const(-1)])
    yield Case("np.append", None, [arr(3, dtype="f4"), arr(2)])
    some = np.array([2, 0, 2])
    for where in (Const(1), Const(-1), some, Const(slice(0, 3, 2)), Const((0, 2))):
        yield Case("np.insert", None, [arr(3), where, 0.5])
        yield Case("np.insert", ("arr", "obj", "values", "axis"), [arr(3, 2), where, arr(2), Const(0)])
        if where is not some:
            yield Case("np.delete", None, [arr(4), where])
            yield Case("np.delete", ("arr", "obj", "axis"), [arr(4, 2), where, Const(0)])
            yield Case("np.delete", ("arr", "obj", "axis"), [arr(2, 4), where, Const(-1)])
    yield Case("np.insert", None, [arr(3), some, arr(3)])
    yield Case("np.insert", None, [arr(2, 3), some, arr(3)])
    yield Case("np.insert", ("arr", "obj", "values", "axis"), [arr(2, 3), some, arr(2, 3), Const(1)])
    yield Case("np.delete", None, [arr(4), np.array([True, False, False, True])])
    for size in (2, 3, 7):
        yield Case("np.resize", None, [arr(3), Const(size)])
    yield Case("np.resize", None, [arr(3, 2), Const((2, 4))])
    yield Case("np.resize", None, [arr(3, 2), 5])


def joined():
    yield Case("np.column_stack", None, [(arr(3), arr(3, 2), arr(3))])
    yield Case("np.column_stack", None, [[arr(3), arr(3)]])
    yield Case("np.column_stack", None, [(arr(3, 2), arr(3, 1, dtype="f4"))])
    yield Case("np.dstack", None, [(arr(3), arr(3))])
    yield Case("np.dstack", None, [[arr(2, 3), arr(2, 3)]])
    yield Case("np.dstack", None, [(arr(2, 3, 2), arr(2, 3), arr(2, 3, 1))])
    yield Case("np.block", None, [[arr(2), arr(3)]])
    yield Case("np.block", None, [[[arr(2, 2), arr(2, 3)], [arr(1, 3), arr(1, 2)]]])
    yield Case("np.block", None, [[[arr(2)], [arr(2)]]])
    yield Case("np.block", None, [[[arr(2, 2), arr(2, 1)], [1.5, 0.5, 2.5]]])


def parts():
    for where in (3, (1, 3), 5):
        yield Case("np.array_split", None, [arr(4), Const(where)])
        yield Case("np.array_split", ("ary", "indices_or_sections", "axis"), [arr(2, 4), Const(where), Const(1)])
    for where in (2, (1, 3)):
        yield Case("np.hsplit", None, [arr(4), Const(where)])
        yield Case("np.hsplit", None, [arr(3, 4), Const(where)])
        yield Case("np.vsplit", None, [arr(4, 3), Const(where)])
        yield Case("np.dsplit", None, [arr(2, 3, 4), Const(where)])


def unstacked():
    for axis in (0, 1, -1):
        yield Case("np.unstack", ("x", "axis"), [arr(2, 3), Const(axis)])


def several():
    yield Case("np.broadcast_arrays", ("args", "args"), [arr(3), arr(2, 1)])
    yield Case("np.broadcast_arrays", ("args",) * 3, [arr(3), arr(2, 3), 0.5])
    for extra in ({}, {"indexing": "ij"}, {"sparse": True}, {"indexing": "ij", "sparse": True}):
        names, values = tuple(extra), [Const(value) for value in extra.values()]
        yield Case("np.meshgrid", ("xi", "xi", *names), [arr(3), arr(2), *values])
        yield Case("np.meshgrid", ("xi", "xi", "xi", *names), [arr(3), arr(2), arr(4), *values])
    yield Case("np.meshgrid", ("xi",), [arr(3)])
    yield Case("np.meshgrid", ("xi", "xi"), [arr(3), 0.5])
    yield Case("np.ix_", ("args", "args"), [arr(3), arr(2)])


def diagonals():
    for k in (0, 1, -2):
        yield Case("np.diagflat", ("v", "k"), [arr(3), Const(k)])
        yield Case("np.diagflat", ("v", "k"), [arr(2, 2), Const(k)])
    for more in ({}, {"N": 2}, {"N": 5, "increasing": True}, {"increasing": True}):
        yield Case("np.vander", ("x", *more), [arr(3), *(Const(value) for value in more.values())])


def scattering():
    yield Case("scattered", None, [arr(4), np.array([0, 2, 2, 1]), Const(5)])
    yield Case("scattered", None, [arr(4, dtype="f4"), np.array([0, 2, 2, 1]), 3])
    for value in (arr(3), 0.75):
        yield Case("np.ldexp", None, [value, np.array([1, -2, 3])])


def all_of():
    return [*scattering(), *turns(), *ends(), *joined(), *parts(), *unstacked(), *several(), *diagonals()]
