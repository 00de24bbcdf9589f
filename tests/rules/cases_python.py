"""Calls of `statistics`, of `np.emath` (complex numbers only), and of functions that take the memory of others."""

from .cases import Case, arr, draw


def complex_only():
    """Functions of `np.emath`, whose type rule takes complex numbers."""
    for name in ("sqrt", "log", "log2", "log10", "arcsin", "arccos", "arctanh"):
        yield Case(f"np.emath.{name}", None, [draw("inside", (3,)) + 0.5j])
        yield Case(f"np.emath.{name}", None, [draw("inside", (2, 2)) - 0.3j])
    for name in ("logn", "power"):
        yield Case(f"np.emath.{name}", None, [draw("above_one", (3,)) + 0.5j, draw("positive", (3,)) - 0.2j])


def memory():
    for name in ("np.from_dlpack", "np.frombuffer"):
        yield Case(name, None, [arr(4)])
    yield Case("np.from_dlpack", None, [arr(2, 3, dtype="f4")])


def statistics():
    for name in "mean fmean geometric_mean harmonic_mean pvariance variance pstdev stdev".split():
        yield Case(f"statistics.{name}", None, [[0.3, 1.9, 0.7, 1.2]])
        yield Case(f"statistics.{name}", None, [(0.8, 0.2, 0.5)])
        yield Case(f"statistics.{name}", None, [arr(5, kind="positive")])
    for name in ("median", "median_low", "median_high", "median_grouped", "mode"):
        yield Case(f"statistics.{name}", None, [[0.3, 1.9, 0.7, 1.2]])
        yield Case(f"statistics.{name}", None, [arr(5)])
    for name in ("fmean", "harmonic_mean"):
        yield Case(f"statistics.{name}", ("data", "weights"), [[0.3, 1.9, 0.7], [0.2, 0.5, 1.5]])
    for name in ("covariance", "correlation"):
        yield Case(f"statistics.{name}", None, [[0.3, 1.9, 0.7, 1.2], [0.9, 0.2, 1.7, 1.1]])
        yield Case(f"statistics.{name}", None, [arr(5), [0.4, 0.1, 0.9, 0.6, 0.5]])


def all_of():
    return [*complex_only(), *memory(), *statistics()]
