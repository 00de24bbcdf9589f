"""Calls of functions that pick elements: by flags, conditions, ranks, values, bins."""

import numpy as np

from .cases import Case, Const, Still, arr
from .cases_axes import GAPS

FLAGS = np.array([True, False, True])


def flags():
    yield Case("np.compress", None, [FLAGS, arr(3)])
    yield Case("np.compress", None, [FLAGS, arr(2, 3)])
    yield Case("np.compress", None, [np.array([True, False]), arr(4, dtype="f4")])
    yield Case("np.compress", ("condition", "a", "axis"), [FLAGS, arr(3, 4), Const(0)])
    yield Case("np.compress", ("condition", "a", "axis"), [FLAGS, arr(2, 3), Const(-1)])
    yield Case("np.extract", None, [FLAGS, arr(3)])
    yield Case("np.extract", None, [np.eye(3) > 0, arr(3, 3)])
    for trim in ("fb", "f", "b"):
        yield Case("np.trim_zeros", ("filt", "trim"), [np.array([1.5, 0.5, 2.5]), Const(trim)])


def conditions():
    one, two = arr(3, 4), arr(4)
    first, second = one > 0.5, two < 0.0
    yield Case("np.select", ("condlist", "choicelist"), [[first, second], [arr(3, 4), arr(4)]])
    yield Case("np.select", ("condlist", "choicelist", "default"), [[first, second], [arr(4), 0.5], arr(3, 1)])
    yield Case("np.select", ("condlist", "choicelist", "default"), [[second], [arr(4)], 0.25])
    yield Case("np.select", ("condlist", "choicelist"), [[second, ~second], [arr(4, dtype="f4"), arr(4, dtype="f4")]])
    which = np.array([0, 2, 1, 0])
    choices = [arr(4), arr(4), arr(4)]
    yield Case("np.choose", None, [which, choices])
    yield Case("np.choose", None, [which, [0.5, arr(4), arr(2, 1)]])
    yield Case("np.choose", None, [which, arr(3, 4)])
    yield Case("np.choose", None, [which, arr(3, 2, 4)])
    for mode in ("wrap", "clip"):
        yield Case("np.choose", ("a", "choices", "mode"), [which * 2 - 1, choices, Const(mode)])
        yield Case("np.choose", ("a", "choices", "mode"), [which * 2 - 1, arr(3, 4), Const(mode)])


def ranks():
    for kth in (Const(2), Const((1, 3))):
        yield Case("np.partition", None, [arr(6), kth])
        yield Case("np.partition", None, [arr(3, 5, dtype="f4"), kth])
        yield Case("np.partition", ("a", "kth", "axis"), [arr(5, 2), kth, Const(0)])
        yield Case("np.partition", ("a", "kth", "axis"), [arr(5, 2), kth, Const(None)])


def values():
    yield Case("np.unique", ("ar",), [arr(5)])
    yield Case("np.unique", ("ar",), [arr(2, 3)])
    yield Case("np.unique", ("ar", "return_inverse", "return_counts"), [arr(2, 3), Const(True), Const(True)])
    yield Case("np.unique", ("ar", "return_index"), [arr(4), Const(True)])
    yield Case("np.unique_values", ("x",), [arr(5)])


def bins():
    x = np.array([0.1, 0.7, 0.35, 0.95, 0.05, 1.7])
    edges = np.array([0.0, 0.25, 0.5, 1.0])
    for names, more in (((), ()), (("density",), (Const(True),))):
        yield Case("np.histogram", ("a", "bins", "weights", *names), [x, edges, arr(6, kind="positive"), *more])
        yield Case(
            "np.histogram",
            ("a", "bins", "range", "weights", *names),
            [x, Const(4), Const((0.0, 1.0)), arr(6, kind="positive"), *more],
        )
    yield Case("np.histogram", ("a", "bins", "density"), [x, edges, Const(True)])


def quantiles():
    methods = "inverted_cdf averaged_inverted_cdf closest_observation interpolated_inverted_cdf hazen weibull linear"
    methods = (methods + " median_unbiased normal_unbiased lower higher midpoint nearest").split()
    for method in methods:
        yield Case("np.quantile", ("a", "q", "method"), [arr(5), Const(0.37), Const(method)])
        yield Case("np.percentile", ("a", "q", "axis", "method"), [arr(4, 3), Const(61.0), Const(0), Const(method)])
    shares = Still(np.array([0.2, 0.55]))
    for keep in (False, True):
        for axis in (None, 0, -1, (0, 2), (0, 1, 2)):
            names = ("a", "q", "axis", "keepdims")
            yield Case("np.quantile", names, [arr(2, 3, 2), Const(0.3), Const(axis), Const(keep)])
            yield Case("np.quantile", names, [arr(2, 3, 2), shares, Const(axis), Const(keep)])
            yield Case("np.median", ("a", "axis", "keepdims"), [arr(2, 3, 2), Const(axis), Const(keep)])
    yield Case("np.quantile", ("a", "q"), [arr(5, dtype="f4"), shares])
    yield Case("np.percentile", ("a", "q", "axis"), [arr(3, 4), (25, 50, 75), Const(1)])
    yield Case("np.quantile", ("a", "q", "method"), [arr(5), shares, Const("hazen")])
    for name, more in (("nanmedian", ()), ("nanquantile", (Const(0.3),)), ("nanpercentile", (Const(70.0),))):
        names = ("a", "q") if more else ("a",)
        yield Case(f"np.{name}", names, [GAPS, *more])
        for axis in (0, 1):
            for keep in (False, True):
                yield Case(f"np.{name}", (*names, "axis", "keepdims"), [GAPS, *more, Const(axis), Const(keep)])
    yield Case("np.nanquantile", ("a", "q", "axis"), [GAPS, shares, Const(1)])


def sorted_lines():
    yield Case("np.sort", ("a", "axis"), [arr(2, 3), Const(None)])
    yield Case("np.sort", ("a", "axis", "stable"), [arr(4), Const(0), Const(True)])
    for mode in ("wrap", "clip"):
        at = np.array([5, -1, 0])
        yield Case("np.take", ("a", "indices", "mode"), [arr(4), at, Const(mode)])
        yield Case("np.take", ("a", "indices", "axis", "mode"), [arr(3, 2), at, Const(0), Const(mode)])
        yield Case("np.take", ("a", "indices", "axis", "mode"), [arr(2, 3, 2), at, Const(1), Const(mode)])


def complex_numbers():
    z = arr(4) + 1j * arr(4)
    yield Case("np.take", None, [z, np.array([0, 2, 2])])
    yield Case("np.delete", None, [z, Const(1)])
    yield Case("np.insert", None, [z, np.array([0, 2]), z[:2]])


def all_of():
    found = [*flags(), *conditions(), *ranks(), *values(), *bins()]
    return [*found, *quantiles(), *sorted_lines(), *complex_numbers()]
